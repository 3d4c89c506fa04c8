"""The days to come as each explanation of the ratings has them: drawn courses, mixtures of them, and bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glidepath.facts.response import Response
from glidepath.pharmacology.bands import LEVELS
from glidepath.pharmacology.explanations import ReturningIllness, Wandering
from glidepath.pharmacology.illness import points_of_a_return
from glidepath.pharmacology.posterior import Draws
from glidepath.pharmacology.ratings import HIGHEST
from glidepath.pharmacology.reweighting import drawn

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
_DRAWN = 4_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coming:
    """Equally likely courses of the coming days, (days, courses): ratings with and without scatter, 0 to 10."""

    rating: Singles
    underlying: Singles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ahead:
    """Quantiles: `rating` and `underlying` (days, levels) with and without scatter, points from 0 to 10.

    `peak` (levels,) is the highest underlying rating of these days, NaN without days.
    """

    rating: Floats
    underlying: Floats
    peak: Floats


def of_draws(
    draws: Draws, days: Sequence[int], random: np.random.Generator, *, returns: Singles | None = None
) -> Coming:
    """Days later than all ratings; scatter goes on from that of the last one.

    `returns` (days, courses) are symptoms in points of an illness that may come back in these days.
    """
    scale, last = draws.bank.scale, draws.weighed.last_day
    chosen = drawn(draws.weights, _DRAWN, random)
    # In no order, so that any part of them is as good as the whole.
    random.shuffle(chosen)
    person, scatter = draws.person[chosen], draws.scatter[chosen]
    drive = draws.bank.drive[np.array(days, dtype=np.int64)[:, None], person]
    symptoms = draws.symptoms[chosen] if returns is None else draws.symptoms[chosen] + returns
    underlying = scale.expected(drive, symptoms, draws.gain[chosen])
    normal = random.standard_normal((len(days), _DRAWN), dtype=np.float32)
    errors = np.empty_like(underlying)
    left, before = draws.weighed.last_error[chosen], last
    for row, day in enumerate(days):
        kept = 0.0 if before is None else scale.memory ** (day - before)
        left = np.float32(kept) * left + np.float32(np.sqrt(1 - kept**2)) * scatter * normal[row]
        errors[row], before = left, day
    return _coming(underlying, errors)


def future_returns(response: Response, days: Sequence[int], random: np.random.Generator) -> Singles:
    """Symptoms in points, (days, courses): in a few of the courses an illness begins to return in these days."""
    comes = random.random(_DRAWN) < response.value("other_explanation")
    normal, when = random.standard_normal((2, _DRAWN)), random.random(_DRAWN)
    begins = (days[0] if days else 0) + len(days) * when
    return (comes * points_of_a_return(response, np.array(days, dtype=float), begins, normal)).astype(np.float32)


def of_illness(illness: ReturningIllness, days: Sequence[int], random: np.random.Generator) -> Coming:
    """If an illness has returned; scatter is drawn for each day by itself."""
    chosen = drawn(illness.weighed.weights, _DRAWN, random)
    random.shuffle(chosen)
    normal = random.standard_normal((len(days), _DRAWN), dtype=np.float32)
    underlying = np.empty_like(normal)
    for row, day in enumerate(days):
        underlying[row] = illness.expected(day)[chosen]
    return _coming(underlying, illness.scatter[chosen].astype(np.float32) * normal)


def of_walk(walk: Wandering, random: np.random.Generator) -> Coming:
    """If a rating wanders: each course keeps its place in the band. Scatter is part of it."""
    courses = walk.mean[:, None] + walk.sd[:, None] * random.standard_normal(_DRAWN)
    return _coming(np.clip(courses, 0.0, HIGHEST).astype(np.float32), np.zeros(courses.shape, dtype=np.float32))


def mixed(explanations: Sequence[Coming], shares: Sequence[float]) -> Coming:
    """As many courses of each as its share says."""
    edges = np.round(np.cumsum((0.0, *shares)) * _DRAWN).astype(int)
    counts = np.diff(edges)
    return Coming(
        rating=np.concatenate([e.rating[:, :c] for e, c in zip(explanations, counts, strict=True)], axis=1),
        underlying=np.concatenate([e.underlying[:, :c] for e, c in zip(explanations, counts, strict=True)], axis=1),
    )


def bands(coming: Coming) -> Ahead:
    has_days = len(coming.underlying) > 0
    return Ahead(
        rating=_quantiles(coming.rating),
        underlying=_quantiles(coming.underlying),
        peak=_quantiles(coming.underlying.max(axis=0)[None])[0] if has_days else np.full(len(LEVELS), np.nan),
    )


def widest(*explained: Ahead) -> Ahead:
    """For each quantile below the middle the lowest, above it the highest, and in the middle that of the first."""
    levels = np.array(LEVELS)

    def over(arrays: Sequence[Floats]) -> Floats:
        stacked = np.stack(arrays)
        outer = np.where(levels < 0.5, stacked.min(axis=0), stacked.max(axis=0))
        return np.asarray(np.where(levels == 0.5, stacked[0], outer))

    return Ahead(
        rating=over([one.rating for one in explained]),
        underlying=over([one.underlying for one in explained]),
        peak=over([one.peak for one in explained]),
    )


def _coming(underlying: Singles, errors: Singles) -> Coming:
    return Coming(rating=np.clip(underlying + errors, 0.0, HIGHEST), underlying=underlying)


def _quantiles(values: Singles) -> Floats:
    return np.asarray(np.quantile(values, LEVELS, axis=-1).T, dtype=np.float64)
