"""What is left of a bank's people once ratings are taken in: draws with weights, made anew where the bank is thin.

A bank of 20,000 has few people with just this person's baseline and scatter. So both, and the gain, are drawn a second
time near where the first look found them, and each draw is weighed by prior x likelihood over the chance of drawing it
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
SECOND_LOOK = 10_000
# The second look is made near the first one's flattened weights: flat enough that this many count.
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


def second_look(bank: Bank, weighed: Weighed, ratings: Ratings) -> Draws:
    """Draws nearer to the person, with the same meaning; `weighed` is what the ratings made of the bank."""
    scale, random = bank.scale, bank.random(1)
    flat = _flattened(weighed.log_likelihood)
    own = np.stack((bank.baseline, np.log(bank.gain), np.log(bank.scatter))).astype(np.float64)
    middle = own @ flat
    spread = (own - middle[:, None]) * flat @ (own - middle[:, None]).T
    # Not narrower than the bank can tell, and half as wide again for what it cannot.
    factor = np.linalg.cholesky(1.5 * spread + np.diag([1e-4, 1e-4, 1e-4]))
    # A t distribution with 6 degrees of freedom: its tails are wider than any posterior's here.
    freedom = 6.0
    normal = random.standard_normal((3, SECOND_LOOK))
    stretch = np.sqrt(freedom / random.chisquare(freedom, SECOND_LOOK))
    symptoms, log_gain, log_scatter = middle[:, None] + factor @ normal * stretch
    size = np.square(normal * stretch).sum(axis=0)
    log_chance = -0.5 * (freedom + 3) * np.log1p(size / freedom)
    log_prior = (
        -0.5 * np.square((symptoms - scale.baseline) / scale.baseline_sd)
        - 0.5 * np.square((log_gain - np.log(scale.gain)) / scale.gain_log_sd)
        - 0.5 * np.square((log_scatter - np.log(scale.noise)) / scale.noise_log_sd)
    )
    constant = _log_ratio_of_constants(scale.baseline_sd, scale.gain_log_sd, scale.noise_log_sd, factor, freedom)
    chance = 0.5 / bank.n + 0.5 * flat
    person = drawn(chance, SECOND_LOOK, random)
    random.shuffle(person)
    draws = Draws(
        bank=bank,
        person=person,
        symptoms=symptoms.astype(np.float32),
        gain=np.exp(log_gain).astype(np.float32),
        scatter=np.exp(log_scatter).astype(np.float32),
        log_prior_over_chance=log_prior - log_chance + constant - np.log(bank.n * chance[person]),
        weighed=unweighed(SECOND_LOOK),
    )
    return replace(draws, weighed=weigh(draws.weighed, ratings, draws.expected, draws.scatter, scale.memory))


def _flattened(log_likelihood: Floats) -> Floats:
    """Weights from a power of the likelihood, the highest of which enough people count."""
    power, below = 0.5, log_likelihood - log_likelihood.max()
    while True:
        weights = np.exp(power * below)
        weights /= weights.sum()
        if power <= _FLATTEST or 1 / np.square(weights).sum() >= _FLAT_ESS:
            return np.asarray(weights)
        power /= 1.6


def _log_ratio_of_constants(b_sd: float, g_sd: float, s_sd: float, factor: Numbers, freedom: float) -> float:
    normal = -1.5 * log(2 * pi) - log(b_sd * g_sd * s_sd)
    t = lgamma((freedom + 3) / 2) - lgamma(freedom / 2) - 1.5 * log(freedom * pi)
    return float(normal - (t - np.log(np.diag(factor)).sum()))
