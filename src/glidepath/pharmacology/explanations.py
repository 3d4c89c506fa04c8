"""Other things that could have made a person's ratings, against which withdrawal has to hold its own.

A returning illness rises in weeks and stays; a rating may also wander for reasons of its own. Neither knows of the
drug. They count in a forecast as far as the ratings leave them possible.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log, pi

import numpy as np
from numpy.typing import NDArray

from glidepath.facts.response import Response
from glidepath.pharmacology.illness import QUARTER_TO_THREE_QUARTERS, risen
from glidepath.pharmacology.ratings import HIGHEST, Ratings, RatingScale
from glidepath.pharmacology.reweighting import Weighed, unweighed, weigh

Floats = NDArray[np.float64]
_RETURNS = 4_000
# Steps of a wandering rating, in standard deviations of its logarithm around the typical one, and their weights.
_STEPS = np.linspace(-2.0, 2.0, 7)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReturningIllness:
    """Courses without a drug: z = baseline + size * logistic((day - middle)/width); arrays (n,), points and days."""

    scale: RatingScale
    baseline: Floats
    scatter: Floats
    size: Floats
    middle: Floats
    width: Floats
    weighed: Weighed

    def expected(self, day: int) -> Floats:
        return np.asarray(self.scale.rating_of(self.baseline + risen(day, self.size, self.middle, self.width)))


def returning_illness(
    scale: RatingScale, response: Response, ratings: Ratings, random: np.random.Generator
) -> ReturningIllness:
    """An illness whose return has its middle inside the rated days, held against these ratings."""
    of = response.parameters
    normal = random.standard_normal((4, _RETURNS))
    first, last = (ratings.days[0], ratings.days[-1]) if len(ratings) else (0, 0)
    rise = of["return_rise"].value * np.exp(of["return_rise"].spread * normal[3])
    illness = ReturningIllness(
        scale=scale,
        baseline=scale.baseline + scale.baseline_sd * normal[0],
        scatter=scale.noise * np.exp(scale.noise_log_sd * normal[1]),
        size=of["return_points"].value * np.exp(of["return_points"].spread * normal[2]),
        middle=first + (last - first) * random.random(_RETURNS),
        width=rise / QUARTER_TO_THREE_QUARTERS,
        weighed=unweighed(_RETURNS),
    )
    return replace(
        illness,
        weighed=weigh(
            illness.weighed, ratings, illness.expected, illness.scatter, scale.memory, is_surprise_wanted=False
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wandering:
    """A rating that wanders: its log evidence, and its mean and SD on each coming day, (days,) in points."""

    log_evidence: float
    mean: Floats
    sd: Floats


def wandering(scale: RatingScale, response: Response, ratings: Ratings, ahead: Floats) -> Wandering:
    """A random walk with AR(1) scatter on top, averaged over the size of its steps and of the scatter.

    It begins where the model's ratings begin. Everything is normal, so that evidence and forecast are exact.
    """
    days, points = np.array(ratings.days, dtype=float), np.array(ratings.points)
    start = float(scale.rating_of(np.array(scale.baseline)))
    start_sd = scale.baseline_sd * start * (HIGHEST - start) / (HIGHEST * scale.slope)
    step = response.parameters["drift_step"]
    steps = step.value * np.exp(step.spread * _STEPS)
    scatters = scale.noise * np.exp(scale.noise_log_sd * np.array([-1.5, 0.0, 1.5]))
    log_prior = -0.5 * (_STEPS[:, None] ** 2 + np.array([-1.5, 0.0, 1.5]) ** 2)
    log_prior -= np.log(np.exp(log_prior).sum())
    everything = np.append(days, ahead)
    begun = everything - everything[:1]
    together = np.minimum.outer(begun, begun)
    memory = scale.memory ** np.abs(np.subtract.outer(everything, everything))
    seen = len(days)
    told, means, variances = [], [], []
    for place, size in enumerate(steps):
        for column, noise in enumerate(scatters):
            cover = start_sd**2 + size**2 * together + noise**2 * memory
            lower = np.linalg.cholesky(cover[:seen, :seen])
            off = np.linalg.solve(lower, points - start)
            across = np.linalg.solve(lower, cover[:seen, seen:])
            log_density = -0.5 * off @ off - np.log(np.diag(lower)).sum() - 0.5 * seen * log(2 * pi)
            told.append(float(log_density + log_prior[place, column]))
            means.append(start + across.T @ off)
            variances.append(np.diag(cover)[seen:] - np.square(across).sum(axis=0))
    top = max(told)
    weights = np.exp(np.array(told) - top)
    evidence = top + log(float(weights.sum()))
    weights /= weights.sum()
    mean = weights @ np.array(means)
    variance = weights @ (np.array(variances) + np.square(np.array(means) - mean))
    return Wandering(log_evidence=evidence, mean=mean, sd=np.sqrt(variance))
