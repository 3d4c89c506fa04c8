"""Quantiles of many people without keeping the people: counts in fine fixed bins.

Counts are whole numbers, so that the order in which people come, and the number of threads, change nothing, and parts
that were counted apart can be added.
"""

from __future__ import annotations

from dataclasses import dataclass, field

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
    counts: NDArray[np.int64]
    n: int = field(default=0)

    @classmethod
    def of(cls, days: int, is_level: NDArray[np.bool_]) -> Counts:
        return cls(is_level, np.zeros((days, len(is_level), BINS), dtype=np.int64))

    def add(self, values: Floats) -> None:
        """Count more people: (n, days, quantities), each not negative; parts of 1 below 1."""
        n, days, quantities = values.shape
        place = np.empty(values.shape, dtype=np.int64)
        for q in range(quantities):
            place[..., q] = _level_bin(values[..., q]) if self.is_level[q] else _part_bin(values[..., q])
        place += BINS * np.arange(days * quantities).reshape(days, quantities)
        self.counts += np.bincount(place.ravel(), minlength=self.counts.size).reshape(self.counts.shape)
        self.n += n

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.is_level, self.counts + other.counts, self.n + other.n)

    def quantiles(self, levels: tuple[float, ...] = LEVELS) -> Floats:
        """(days, quantities, levels): the middle of the bin in which each quantile lies; 0 in the first bin."""
        running = np.cumsum(self.counts, axis=-1)
        found = np.empty((*self.counts.shape[:2], len(levels)))
        for index, level in enumerate(levels):
            rank = min(max(int(np.ceil(level * self.n)), 1), self.n)
            place = (running < rank).sum(axis=-1)
            for q, is_level in enumerate(self.is_level):
                found[:, q, index] = _level_middle(place[:, q]) if is_level else _part_middle(place[:, q])
        return found

    def monte_carlo_error(self, levels: tuple[float, ...] = LEVELS) -> Floats:
        """(days, quantities, levels): one standard error of each quantile, from its neighbours in rank."""
        at = np.array(levels)
        step = np.sqrt(at * (1 - at) / self.n)
        low, high = (self.quantiles(tuple(np.clip(at + sign * step, 0, 1))) for sign in (-1, 1))
        return (high - low) / 2


def _part_bin(values: Floats) -> NDArray[np.int64]:
    # Exactly nothing has a bin of its own, so that no drive stays no drive.
    return np.where(values > 0, np.clip((values * (BINS - 1)).astype(np.int64) + 1, 1, BINS - 1), 0)


def _part_middle(place: NDArray[np.int64]) -> Floats:
    return np.where(place > 0, (place - 0.5) / (BINS - 1), 0.0)


def _level_bin(values: Floats) -> NDArray[np.int64]:
    with np.errstate(divide="ignore"):
        octave = np.log2(values) - _LOWEST_OCTAVE
    inside = np.clip(np.nan_to_num(octave, neginf=-1.0) * _PER_OCTAVE, -1, BINS - 2)
    return np.asarray(np.floor(inside).astype(np.int64) + 1)


def _level_middle(place: NDArray[np.int64]) -> Floats:
    return np.where(place > 0, 2.0 ** ((place - 0.5) / _PER_OCTAVE + _LOWEST_OCTAVE), 0.0)
