"""What is left of a bank's people once ratings are taken in: draws with weights, made anew where the bank is thin.

A bank of 20,000 has few people with just this person's baseline and scatter. So both, and the gain, are drawn again
near where the last look found them, and each draw is weighed by prior x likelihood over the chance of drawing it
(importance sampling). The simulated drives stay those of the bank. Nothing is random but the seed of the bank.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import lgamma, log, pi

import numpy as np
from numpy.typing import NDArray

from glidepath.pharmacology.bank import Bank
from glidepath.pharmacology.ratings import Ratings
from glidepath.pharmacology.reweighting import Numbers, Weighed, drawn, unweighed, weigh

Floats = NDArray[np.float64]
NEARER = 10_000
# They are drawn near weights that were flattened until this many count.
_FLAT_ESS = 600.0
_FLATTEST = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """n people of a bank, (n,): `person` in the bank, `symptoms` without drive (points), `gain`, `scatter` (points).

    `log_prior_over_chance` (n,) is what each counts for before any rating; `weighed` holds the ratings.
    """

    bank: Bank
    person: NDArray[np.int64]
    symptoms: Numbers
    gain: Numbers
    scatter: Numbers
    log_prior_over_chance: Floats
    weighed: Weighed

    @property
    def weights(self) -> Floats:
        told = self.weighed.log_likelihood + self.log_prior_over_chance
        weights = np.exp(told - told.max())
        return np.asarray(weights / weights.sum())

    @property
    def ess(self) -> float:
        return float(1 / np.square(self.weights).sum())

    def expected(self, day: int) -> Numbers:
        return self.bank.scale.expected(self.bank.drive[day, self.person], self.symptoms, self.gain)

    @property
    def log_evidence(self) -> float:
        told = self.weighed.log_likelihood + self.log_prior_over_chance
        return float(told.max() + np.log(np.exp(told - told.max()).mean()))


def first_look(bank: Bank, weighed: Weighed) -> Draws:
    """The people of the bank as they are."""
    return Draws(
        bank=bank,
        person=np.arange(bank.n),
        symptoms=bank.baseline,
        gain=bank.gain,
        scatter=bank.scatter,
        log_prior_over_chance=np.zeros(bank.n),
        weighed=weighed,
    )


def nearer(draws: Draws, ratings: Ratings, random: np.random.Generator) -> Draws:
    """Draws nearer to the person, with the same meaning; `draws` have taken in the same ratings."""
    bank, scale = draws.bank, draws.bank.scale
    flat = _flattened(draws.weighed.log_likelihood, draws.log_prior_over_chance)
    own = np.stack((draws.symptoms, np.log(draws.gain), np.log(draws.scatter))).astype(np.float64)
    strength = _strength(bank, ratings)
    chance = np.asarray(0.5 / bank.n + 0.5 * np.bincount(draws.person, flat, bank.n), dtype=np.float64)
    person = drawn(chance, NEARER, random)
    random.shuffle(person)
    middle = own @ flat
    beside = strength[draws.person] - strength[draws.person] @ flat
    # Who has much drive fits with a small gain, and the other way round: the middle moves with the drive.
    lean = (own * flat) @ beside / max(float(flat @ beside**2), 1e-9)
    off = own - middle[:, None] - lean[:, None] * beside
    centre = middle[:, None] + lean[:, None] * (strength[person] - strength[draws.person] @ flat)
    # Half as wide again as the flattened weights say.
    factor = np.linalg.cholesky(1.5 * (off * flat @ off.T) + 1e-4 * np.eye(3))
    # A t distribution with 6 degrees of freedom: its tails are wider than any posterior's here.
    freedom = 6.0
    normal = random.standard_normal((3, NEARER))
    stretch = np.sqrt(freedom / random.chisquare(freedom, NEARER))
    symptoms, log_gain, log_scatter = centre + factor @ normal * stretch
    size = np.square(normal * stretch).sum(axis=0)
    log_chance = -0.5 * (freedom + 3) * np.log1p(size / freedom)
    log_prior = (
        -0.5 * np.square((symptoms - scale.baseline) / scale.baseline_sd)
        - 0.5 * np.square((log_gain - np.log(scale.gain)) / scale.gain_log_sd)
        - 0.5 * np.square((log_scatter - np.log(scale.noise)) / scale.noise_log_sd)
    )
    constant = _log_ratio_of_constants(scale.baseline_sd, scale.gain_log_sd, scale.noise_log_sd, factor, freedom)
    near = Draws(
        bank=bank,
        person=person,
        symptoms=symptoms.astype(np.float32),
        gain=np.exp(log_gain).astype(np.float32),
        scatter=np.exp(log_scatter).astype(np.float32),
        log_prior_over_chance=log_prior - log_chance + constant - np.log(bank.n * chance[person]),
        weighed=unweighed(NEARER),
    )
    return replace(
        near, weighed=weigh(near.weighed, ratings, near.expected, near.scatter, scale.memory, is_surprise_wanted=False)
    )


def _strength(bank: Bank, ratings: Ratings) -> Floats:
    """The logarithm of each person's mean drive on the rated days, (n,)."""
    total = np.zeros(bank.n)
    for day in ratings.days:
        total += bank.drive[day]
    return np.asarray(np.log(total / len(ratings) + 1e-3))


def _flattened(log_likelihood: Floats, log_prior_over_chance: Floats) -> Floats:
    """Weights from a power of the likelihood, the highest of which enough people count."""
    power = 0.5
    while True:
        told = power * log_likelihood + log_prior_over_chance
        weights = np.exp(told - told.max())
        weights /= weights.sum()
        if power <= _FLATTEST or 1 / np.square(weights).sum() >= _FLAT_ESS:
            return np.asarray(weights)
        power /= 1.6


def _log_ratio_of_constants(b_sd: float, g_sd: float, s_sd: float, factor: Numbers, freedom: float) -> float:
    normal = -1.5 * log(2 * pi) - log(b_sd * g_sd * s_sd)
    t = lgamma((freedom + 3) / 2) - lgamma(freedom / 2) - 1.5 * log(freedom * pi)
    return float(normal - (t - np.log(np.diag(factor)).sum()))
