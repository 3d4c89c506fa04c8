"""Quantiles of many people without keeping the people: counts in fine fixed bins.

Counts are whole numbers, so that the order in which people come, and the number of threads, change nothing, and parts
that were counted apart can be added.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BINS = 2048
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
# A level: bins of one sixty-fourth of an octave (1.1 %), from 2**-8 to 2**24 ng/mL; the first bin is everything below.
_PER_OCTAVE, _LOWEST_OCTAVE = 64, -8


@dataclass
class Counts:
    """People counted by day and quantity, (days, quantities, bins). `is_level[q]`: a concentration, not a part of 1."""

    is_level: NDArray[np.bool_]
    counts: NDArray[np.int32]
    n: int = field(default=0)

    @classmethod
    def of(cls, days: int, is_level: NDArray[np.bool_]) -> Counts:
        return cls(is_level, np.zeros((days, len(is_level), BINS), dtype=np.int32))

    def add(self, values: Floats) -> None:
        """Count more people: (n, days, quantities), each not negative; parts of 1 below 1."""
        _compiled().count(np.asarray(values, dtype=np.float64), self.is_level, _PER_OCTAVE, _LOWEST_OCTAVE, self.counts)
        self.n += len(values)

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.is_level, self.counts + other.counts, self.n + other.n)

    def quantiles(self, levels: tuple[float, ...] = LEVELS) -> Floats:
        """(days, quantities, levels): the middle of the bin in which each quantile lies; 0 in the first bin."""
        wanted = [min(max(int(np.ceil(level * self.n)), 1), self.n) for level in levels]
        ranks = np.unique(wanted)
        place = np.empty((*self.counts.shape[:2], len(ranks)), dtype=np.int64)
        _compiled().places(self.counts, ranks, place)
        place = place[:, :, np.searchsorted(ranks, wanted)]
        found = np.empty(place.shape)
        for q, is_level in enumerate(self.is_level):
            found[:, q] = _level_middle(place[:, q]) if is_level else _part_middle(place[:, q])
        return found

    def monte_carlo_error(self, levels: tuple[float, ...] = LEVELS) -> Floats:
        """(days, quantities, levels): one standard error of each quantile, from its neighbours in rank."""
        at = np.array(levels)
        step = np.sqrt(at * (1 - at) / self.n)
        low, high = (self.quantiles(tuple(np.clip(at + sign * step, 0, 1))) for sign in (-1, 1))
        return (high - low) / 2


def _part_middle(place: NDArray[np.int64]) -> Floats:
    return np.where(place > 0, (place - 0.5) / (BINS - 1), 0.0)


def _level_middle(place: NDArray[np.int64]) -> Floats:
    return np.where(place > 0, 2.0 ** ((place - 0.5) / _PER_OCTAVE + _LOWEST_OCTAVE), 0.0)


def _compiled() -> Any:
    from glidepath.pharmacology import counting  # brings numba with it

    return counting
