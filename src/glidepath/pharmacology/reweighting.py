"""How well each of many simulated courses tells a person's ratings, taken in day by day.

The scatter of a rating remembers the day before (AR(1)). Between two rated days k days apart the error e keeps phi^k of
itself, and its variance given the earlier one is s^2 (1 - phi^(2k)): a day that was missed is as if never asked. That
days may be missed *because* they were bad is not handled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log, pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from glidepath.pharmacology.ratings import Ratings

Floats = NDArray[np.float64]
Numbers = NDArray[np.floating[Any]]
_HALF_LOG_2PI = 0.5 * log(2 * pi)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weighed:
    """n courses and what ratings made of them. Taking in more ratings later is the same, bit for bit, as all at once.

    `log_likelihood` (n,) and `log_evidence`, its mean over the courses as a logarithm. `last_error` (n,) is rating less
    expected on `last_day`. `surprise` has one number for each rating: the place of the rating in what was forecast
    from the ratings before it, as a standard normal deviate. If the courses are right these are independent.
    Empty where it was not wanted.
    """

    log_likelihood: Floats
    log_evidence: float
    last_day: int | None
    last_error: Numbers
    surprise: tuple[float, ...]

    @property
    def weights(self) -> Floats:
        """(n,), sum 1."""
        return _weights(self.log_likelihood)

    @property
    def ess(self) -> float:
        """Effective sample size: how many equally weighted courses would carry as much."""
        return float(1 / np.square(self.weights).sum())


def unweighed(n: int) -> Weighed:
    """Before any rating: everyone counts alike."""
    return Weighed(log_likelihood=np.zeros(n), log_evidence=0.0, last_day=None, last_error=np.zeros(n), surprise=())


def weigh(
    before: Weighed,
    ratings: Ratings,
    expected: Callable[[int], Numbers],
    scatter: Numbers,
    memory: float,
    *,
    is_surprise_wanted: bool = True,
) -> Weighed:
    """Take in ratings later than all before. `expected(day)` (n,) in points, `scatter` (n,) in points.

    `memory` is phi, how much of the scatter is left the next day.
    """
    log_likelihood, evidence = before.log_likelihood, before.log_evidence
    last_day, error, surprise = before.last_day, before.last_error, list(before.surprise)
    one_over, log_scatter = 1 / scatter, np.log(scatter).astype(np.float64)
    for day, points in zip(ratings.days, ratings.points, strict=True):
        if last_day is not None and day <= last_day:
            raise ValueError("ratings are taken in by day")
        kept = 0.0 if last_day is None else memory ** (day - last_day)
        spread = sqrt(1 - kept**2)
        now = scatter.dtype.type(points) - expected(day)
        deviate = now if last_day is None else now - now.dtype.type(kept) * error
        deviate = deviate * one_over * now.dtype.type(1 / spread)
        if is_surprise_wanted:
            # A plain sum: a threaded product would make people wait for each other on a busy machine.
            place = float((_weights(log_likelihood) * ndtr(deviate)).sum())
            surprise.append(_normal_deviate(place))
        step = -0.5 * np.square(deviate.astype(np.float64)) - log_scatter - (log(spread) + _HALF_LOG_2PI)
        log_likelihood = log_likelihood + step
        last_day, error = day, now
    top = float(log_likelihood.max())
    evidence = top + log(float(np.exp(log_likelihood - top).mean()))
    return Weighed(
        log_likelihood=log_likelihood,
        log_evidence=evidence,
        last_day=last_day,
        last_error=error,
        surprise=tuple(surprise),
    )


def drawn(weights: Floats, count: int, random: np.random.Generator) -> NDArray[np.int64]:
    """`count` courses drawn by weight with even spacing, which adds as little chance as can be."""
    edges = (np.arange(count) + random.random()) / count
    return np.minimum(np.searchsorted(np.cumsum(weights), edges), len(weights) - 1)


def mean_and_sd(values: Numbers, weights: Floats) -> tuple[float, float]:
    mean = float((weights * values).sum())
    return mean, sqrt(float((weights * np.square(values - mean)).sum()))


def _weights(log_likelihood: Floats) -> Floats:
    weights = np.exp(log_likelihood - log_likelihood.max())
    return np.asarray(weights / weights.sum())


def _normal_deviate(place: float) -> float:
    return float(ndtri(min(max(place, 1e-12), 1 - 1e-12)))
