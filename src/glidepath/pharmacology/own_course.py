"""A person's own course: what their daily ratings say about the days to come, and mostly how little.

Nothing here says anything about a dose, and no dose may rest on it: not on a band, not on a status, not on a number
that was learned. The limits are in docs/explanation/own-course.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc

from glidepath.errors import InputError
from glidepath.pharmacology.bands import LEVELS
from glidepath.pharmacology.bank import Bank
from glidepath.pharmacology.coming import Ahead, bands, future_returns, mixed, of_draws, of_illness, of_walk, widest
from glidepath.pharmacology.explanations import returning_illness, wandering
from glidepath.pharmacology.history import DosingHistory
from glidepath.pharmacology.model import Model
from glidepath.pharmacology.posterior import Draws, first_look, nearer
from glidepath.pharmacology.quick_estimate import QuickEstimate, quick_estimate
from glidepath.pharmacology.ratings import Ratings
from glidepath.pharmacology.reweighting import Weighed, mean_and_sd, unweighed, weigh

Floats = NDArray[np.float64]
Status = Literal["prior-dominated", "narrowed", "cannot tell", "fallback to prior"]

# Below this many effective draws the ratings are not used.
FEWEST_ESS = 200.0
# The gain counts as narrowed when its SD (of the logarithm) is below this part of what it was before any rating.
NARROWED = 0.8
# Ratings that fit worse than so large a part of those that the model itself makes are not explained by it.
_UNLIKELY = 0.005
# Another explanation that is so much more likely than withdrawal is said.
_CLEARLY = log(3)
# To be called narrowed, withdrawal has to be so much more likely than either: an illness that returns as a drug is
# stopped looks much like it.
_BEYOND_OTHERS = log(20)
_DAYS_AHEAD = 28
# The two looks may differ by so many standard deviations before it is said.
_APART = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One parameter before and after the ratings, in the unit and on the scale that `says` names."""

    name: str
    says: str
    prior_mean: float
    prior_sd: float
    mean: float
    sd: float

    @property
    def narrowed_to(self) -> float:
        """SD after over SD before: 1, nothing was learned."""
        return self.sd / self.prior_sd


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """How well the ratings are told, as natural logarithms of evidence: by the model, and by what knows of no drug.

    `fit` is the part of patients of the model itself whose ratings would be told worse, 0 to 1.
    """

    fit: float
    withdrawal: float
    returning_illness: float
    wandering: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OwnCourse:
    """What is known of one person. Bands are over people who could have given these ratings, not over dose choices.

    `rating` and `underlying` (days, levels) are points from 0 to 10 on the coming `days`, with and without the scatter
    from day to day; `peak` (levels,) is the highest underlying rating of them. `before_ratings` is what they were
    without any. `ess` is the effective number of draws. `warnings` are whole sentences for a person.
    """

    status: Status
    ratings: Ratings
    levels: tuple[float, ...]
    days: tuple[int, ...]
    rating: Floats
    underlying: Floats
    peak: Floats
    before_ratings: Ahead
    ess: float
    learned: tuple[Learned, ...]
    explained: Explained
    quick: QuickEstimate
    warnings: tuple[str, ...]
    bank_digest: str
    weighed: Weighed
    draws: Draws

    def what_was_learned(self, name: str) -> Learned:
        return next(one for one in self.learned if one.name == name)


def own_course(
    bank: Bank,
    model: Model,
    history: DosingHistory,
    ratings: Ratings,
    *,
    earlier: OwnCourse | None = None,
    days_ahead: int = _DAYS_AHEAD,
) -> OwnCourse:
    """What the ratings so far say about the next days of this plan. It gives no dose, and none may rest on it.

    With `earlier`, only ratings after its last one are new work; the result is the same to the last bit. Raises
    `InputError` BANK_MISMATCH where the bank is of another plan, RATING_INVALID for days that the plan does not have.
    """
    bank.check_made_for(model, history)
    _check(bank, ratings)
    weighed = _weighed(bank, ratings, earlier)
    days = _coming(bank, ratings, days_ahead)
    prior = first_look(bank, unweighed(bank.n))
    draws = _draws(prior, weighed, ratings)
    learned = _learned(prior, draws)
    illness = returning_illness(bank.scale, model.response, ratings, bank.random(2))
    walk = wandering(bank.scale, model.response, ratings, np.array(days, dtype=float))
    explained = Explained(
        fit=_fit(weighed.surprise),
        withdrawal=draws.log_evidence,
        returning_illness=illness.weighed.log_evidence,
        wandering=walk.log_evidence,
    )
    quick = quick_estimate(bank.scale, model.response, bank.typical, ratings)
    status, warnings = _status(draws.ess, learned, explained, len(ratings))
    random = bank.random(3)
    before, illness_ahead, walk_ahead = (
        of_draws(prior, days, random),
        of_illness(illness, days, random),
        of_walk(walk, random),
    )
    if not len(ratings):
        shown = bands(before)
    elif status == "fallback to prior":
        # What is assumed of everybody may be far from where this person is, which the ratings do show.
        shown = widest(bands(before), bands(walk_ahead))
    else:
        # What has not begun to return may yet do so, and no rating can tell.
        returns = future_returns(model.response, days, bank.random(5))
        own, other = of_draws(draws, days, random, returns=returns), model.response.value("other_explanation")
        shown = bands(mixed((own, illness_ahead, walk_ahead), _shares(explained, other)))
        if status == "cannot tell":
            known = [bands(own)] if draws.ess >= FEWEST_ESS else []
            shown = widest(shown, bands(illness_ahead), bands(walk_ahead), bands(before), *known)
    return OwnCourse(
        status=status,
        ratings=ratings,
        levels=LEVELS,
        days=days,
        rating=shown.rating,
        underlying=shown.underlying,
        peak=shown.peak,
        before_ratings=bands(before),
        ess=draws.ess,
        learned=learned,
        explained=explained,
        quick=quick,
        warnings=(*warnings, *_check_on(quick, learned, status)),
        bank_digest=bank.digest,
        weighed=weighed,
        draws=draws,
    )


def in_scenario(course: OwnCourse, scenario_id: str) -> Ahead:
    """The coming days by the model alone if one scenario were true; before any ratings where they are not used."""
    draws = course.draws
    if course.status == "fallback to prior":
        draws = first_look(draws.bank, unweighed(draws.bank.n))
    place = [scenario.id for scenario in draws.bank.scenarios].index(scenario_id)
    is_other = draws.bank.scenario_of[draws.person] != place
    alone = np.where(is_other, -np.inf, draws.log_prior_over_chance)
    return bands(of_draws(replace(draws, log_prior_over_chance=alone), course.days, draws.bank.random(4)))


def _check(bank: Bank, ratings: Ratings) -> None:
    if ratings.domain != bank.scale.domain:
        raise InputError(
            "BANK_MISMATCH",
            f"The bank is of {bank.scale.domain}, the ratings are of {ratings.domain}.",
            field="ratings",
            fix="Make a bank for what was rated.",
            seen=ratings.domain,
        )
    if len(ratings) and ratings.days[-1] >= bank.days:
        raise InputError(
            "RATING_INVALID",
            f"A rating is of a day after the {bank.days} days of the plan.",
            field="ratings",
            fix="Make the history long enough to cover every rated day.",
            seen=ratings.days[-1],
        )


def _weighed(bank: Bank, ratings: Ratings, earlier: OwnCourse | None) -> Weighed:
    before, new = unweighed(bank.n), ratings
    if earlier is not None:
        if earlier.bank_digest != bank.digest:
            raise InputError(
                "BANK_MISMATCH",
                "What was known earlier came from another bank.",
                field="earlier",
                fix="Begin again from all ratings.",
                seen=earlier.bank_digest,
            )
        known = len(earlier.ratings)
        # A rating that came late changes what followed it: then everything is taken in again.
        if ratings.days[:known] == earlier.ratings.days and ratings.points[:known] == earlier.ratings.points:
            before = earlier.weighed
            new = Ratings(domain=ratings.domain, days=ratings.days[known:], points=ratings.points[known:])
    return weigh(before, new, bank.expected, bank.scatter, bank.scale.memory)


def _draws(prior: Draws, weighed: Weighed, ratings: Ratings) -> Draws:
    """The people of the bank, then draws nearer to the person, and once more where these are few."""
    draws = replace(prior, weighed=weighed)
    for look in range(2):
        if len(ratings) and (look == 0 or draws.ess < FEWEST_ESS):
            draws = nearer(draws, ratings, prior.bank.random(10 + look))
    return draws


def _coming(bank: Bank, ratings: Ratings, days_ahead: int) -> tuple[int, ...]:
    first = ratings.days[-1] + 1 if len(ratings) else 0
    return tuple(range(first, min(first + days_ahead, bank.days)))


def _learned(prior: Draws, draws: Draws) -> tuple[Learned, ...]:
    def one(name: str, says: str, of_bank: NDArray[np.floating], now: NDArray[np.floating]) -> Learned:
        (prior_mean, prior_sd), (mean, sd) = mean_and_sd(of_bank, prior.weights), mean_and_sd(now, draws.weights)
        return Learned(name=name, says=says, prior_mean=prior_mean, prior_sd=prior_sd, mean=mean, sd=sd)

    bank = prior.bank
    return (
        one("baseline", "symptoms without drive, points of z", prior.symptoms, draws.symptoms),
        one("gain", "natural logarithm of the points for a drive", np.log(prior.gain), np.log(draws.gain)),
        one("rho", "part of the effect that is countered", bank.rho, bank.rho[draws.person]),
        one("kappa", "natural logarithm, over the scenarios", np.log(bank.kappa), np.log(bank.kappa[draws.person])),
        one("scatter", "natural logarithm of points", np.log(prior.scatter), np.log(draws.scatter)),
    )


def _shares(explained: Explained, other: float) -> tuple[float, float, float]:
    """How far each explanation counts: `other` before any rating for each that knows of no drug, then by evidence."""
    logs = np.array([explained.withdrawal, explained.returning_illness, explained.wandering])
    shares = np.array([1 - 2 * other, other, other]) * np.exp(logs - logs.max())
    shares /= shares.sum()
    return float(shares[0]), float(shares[1]), float(shares[2])


def _fit(surprise: Sequence[float]) -> float:
    """The squares of independent standard normal deviates add up to chi-square."""
    return float(gammaincc(len(surprise) / 2, float(np.square(surprise).sum()) / 2)) if surprise else 1.0


def _status(
    ess: float, learned: tuple[Learned, ...], explained: Explained, rated: int
) -> tuple[Status, tuple[str, ...]]:
    if not rated:
        return "prior-dominated", ("There is no rating yet: this is what is assumed of everybody.",)
    others = max(explained.returning_illness, explained.wandering)
    if explained.fit < _UNLIKELY or others - explained.withdrawal > _CLEARLY:
        return "cannot tell", (
            "These ratings look like nothing that this model of withdrawal produces, or more like something else. The "
            "bands cover several explanations and are wide on purpose.",
        )
    gain = next(one for one in learned if one.name == "gain")
    if ess < FEWEST_ESS:
        return "fallback to prior", (
            f"Too few simulated people are like this person (effective number {ess:.0f}, wanted {FEWEST_ESS:.0f}): "
            "the ratings are not used, and the bands are those of everybody.",
        )
    if gain.narrowed_to >= NARROWED:
        return "prior-dominated", (
            "Apart from the usual level, these bands are still mostly what was assumed of everybody.",
        )
    if explained.withdrawal - others < _BEYOND_OTHERS:
        return "cannot tell", (
            "A returning illness, or a rating that wanders by itself, explains these ratings too, nearly as well as "
            "withdrawal. Only time at an unchanged dose tells them apart; the bands cover all of them.",
        )
    return "narrowed", ("The ratings have narrowed the forecast. It is still no ground for any dose.",)


def _check_on(quick: QuickEstimate, learned: tuple[Learned, ...], status: Status) -> tuple[str, ...]:
    if status not in ("narrowed", "prior-dominated"):
        return ()
    if not quick.is_settled:
        return ("The quick estimate that checks the bank did not settle.",)
    gain = next(one for one in learned if one.name == "gain")
    if abs(log(quick.gain) - gain.mean) > _APART * gain.prior_sd:
        return ("The bank and the quick estimate that checks it disagree on how strongly the person reacts.",)
    return ()
