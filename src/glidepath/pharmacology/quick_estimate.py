"""A second, quick look at a person's ratings that shares nothing with the bank's weights: Gauss-Newton and Laplace.

It estimates baseline, gain, rho and kappa of someone who is typical in everything else: the drive of that person is
interpolated between exact courses for a few kappas and rhos. So its SD leave out clearance, sensitivity and the times
of adaptation, and are too small. It is a check on the bank, no result of its own, and no dose may rest on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from glidepath.facts.response import Response
from glidepath.pharmacology.bank import TypicalDrive
from glidepath.pharmacology.ratings import Ratings, RatingScale

Floats = NDArray[np.float64]
_ROUNDS = 40
_DONE = 1e-6
# How wide kappa is taken to lie around its central value, as an SD of its logarithm: 1 to 8 is what is drawn.
_KAPPA_LOG_SD = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickEstimate:
    """`baseline` (rating without drive), `gain` and `scatter` in points, `rho` (fraction), `kappa` (ratio).

    `sd` are Laplace's, in this order, of symptoms z (points), log gain, logit rho and log kappa.
    """

    baseline: float
    gain: float
    rho: float
    kappa: float
    scatter: float
    sd: tuple[float, float, float, float]
    is_settled: bool


def quick_estimate(scale: RatingScale, response: Response, typical: TypicalDrive, ratings: Ratings) -> QuickEstimate:
    """The most likely values given priors and ratings, by damped Gauss-Newton steps."""
    rho = response.parameters["rho"]
    prior = np.array([scale.baseline, log(scale.gain), log(rho.value / (1 - rho.value)), log(response.value("kappa"))])
    prior_sd = np.array([scale.baseline_sd, scale.gain_log_sd, rho.spread, _KAPPA_LOG_SD])
    days, points = np.array(ratings.days, dtype=int), np.array(ratings.points)
    kept = np.append(0.0, scale.memory ** np.diff(days)) if len(days) else np.zeros(0)

    def whitened(errors: Floats) -> Floats:
        """Errors (days, ...) without their memory, each with the variance of the scatter."""
        own = errors.copy()
        own[1:] -= kept[1:].reshape(-1, *[1] * (errors.ndim - 1)) * errors[:-1]
        return np.asarray(own / np.sqrt(1 - kept**2).reshape(-1, *[1] * (errors.ndim - 1)))

    def expected(at: Floats) -> Floats:
        drive = _drive(typical, at[2], at[3])[days]
        return np.asarray(scale.expected(drive, at[0], exp(at[1])), dtype=np.float64)

    def cost(at: Floats, scatter: float) -> tuple[float, Floats]:
        off = whitened(points - expected(at))
        return float(np.square(off / scatter).sum() + np.square((at - prior) / prior_sd).sum()), off

    at, scatter, damping, settled = prior.copy(), scale.noise, 1e-3, False
    # The log-normal spread of the scatter counts like so many ratings that were seen before.
    earlier = 1 / (2 * scale.noise_log_sd**2)
    precision = np.diag(1 / prior_sd**2)
    for _ in range(_ROUNDS):
        now, off = cost(at, scatter)
        slopes = np.empty((len(days), 4))
        for place in range(4):
            step = np.zeros(4)
            step[place] = 1e-3
            slopes[:, place] = (expected(at + step) - expected(at - step)) / 2e-3
        slopes = whitened(slopes) / scatter
        precision = slopes.T @ slopes + np.diag(1 / prior_sd**2)
        slope = slopes.T @ (off / scatter) - (at - prior) / prior_sd**2
        moved = at + np.linalg.solve(precision + damping * np.diag(np.diag(precision)), slope)
        then, off_then = cost(moved, scatter)
        if then <= now:
            before, at, damping = at, moved, max(damping / 5, 1e-9)
            wanted = float(np.sqrt((np.square(off_then).sum() + earlier * scale.noise**2) / (len(days) + earlier)))
            settled = bool(np.abs(at - before).max() < _DONE and abs(wanted - scatter) < _DONE)
            scatter = wanted
            if settled:
                break
        else:
            damping *= 10
            if damping > 1e8:
                settled = True
                break
    sd = np.sqrt(np.diag(np.linalg.inv(precision)))
    return QuickEstimate(
        baseline=float(scale.rating_of(np.array(at[0]))),
        gain=exp(at[1]),
        rho=1 / (1 + exp(-at[2])),
        kappa=exp(at[3]),
        scatter=scatter,
        sd=(float(sd[0]), float(sd[1]), float(sd[2]), float(sd[3])),
        is_settled=settled,
    )


def _drive(typical: TypicalDrive, logit_rho: float, log_kappa: float) -> Floats:
    """(days,), between the nearest known courses; kappa and rho outside the table are taken at its edge."""
    rho, kappa = 1 / (1 + np.exp(-logit_rho)), np.log(typical.kappa)
    column = np.clip((rho - typical.rho[0]) / (typical.rho[1] - typical.rho[0]), 0, len(typical.rho) - 1.001)
    row = np.interp(log_kappa, kappa, np.arange(len(kappa)))
    i, j = min(int(row), len(kappa) - 2), int(column)
    p, q, table = row - i, column - j, typical.drive
    lower = (1 - q) * table[i, j] + q * table[i, j + 1]
    upper = (1 - q) * table[i + 1, j] + q * table[i + 1, j + 1]
    return np.asarray((1 - p) * lower + p * upper)
