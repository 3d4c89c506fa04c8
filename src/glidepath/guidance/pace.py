"""How fast: the fall asked for at each dose, the interval, and how long a larger fall is held.

A percent is always of the current daily dose. All comparisons are between integers; no logarithm is taken, so
a hold never gains or loses a week to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

Rhythm = Literal["weeks", "days"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A fixed decrease in mg while the daily dose is above `above_mg` (and up to the next band)."""

    above_mg: Fraction
    decrease_mg: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A pace: `asked_frac` of the current dose every `interval_days`.

    `bands`, highest first, replace the fraction by fixed milligrams at and below `bands_up_to_mg` (the CKS
    diazepam rule). `max_hold_days` caps the hold after a large fall; `rhythm` rounds holds up to whole weeks.
    """

    name: str
    asked_frac: Fraction
    interval_days: int
    max_hold_days: int
    rhythm: Rhythm = "weeks"
    bands: tuple[Band, ...] = ()
    bands_up_to_mg: Fraction | None = None
    sources: tuple[str, ...] = ()
    verified: bool = True
    note: str = ""

    @property
    def is_constant(self) -> bool:
        """True when the asked fall is the same fraction at every dose."""
        return not self.bands

    @property
    def usual_hold_days(self) -> int:
        """How long a step is held when its fall is no larger than asked: the interval, in the rhythm."""
        return _rounded(self.interval_days, self.rhythm)

    def band_at(self, dose_mg: Fraction) -> Band | None:
        """The band of fixed milligrams a daily dose lies in, or None where the fraction is asked for."""
        if self.bands_up_to_mg is not None and dose_mg <= self.bands_up_to_mg:
            for band in self.bands:
                if dose_mg > band.above_mg:
                    return band
        return None

    def asked_at(self, dose_mg: Fraction) -> Fraction:
        """The fall asked for from a daily dose, as a fraction of that dose."""
        band = self.band_at(dose_mg)
        return self.asked_frac if band is None else min(band.decrease_mg / dose_mg, Fraction(1))

    def hold_days(self, before_mg: Fraction, after_mg: Fraction) -> int:
        """Days at `after_mg` after falling from `before_mg` (both daily doses, `after` below `before`).

        interval x ln(1 - fall) / ln(1 - asked), at least the interval, at most the cap, rounded up to the
        rhythm. It restores the average rate; it does not undo a fall over 25 % in 14 days.
        """
        asked = self.asked_at(before_mg)
        if after_mg >= before_mg * (1 - asked):
            return self.usual_hold_days
        return _hold(after_mg / before_mg, asked, self.interval_days, self.max_hold_days, self.rhythm)

    def compounded(self, window_days: int) -> Fraction:
        """The asked fall compounded over every step that can begin inside a window of so many days."""
        steps = -(-window_days // self.usual_hold_days)
        return 1 - (1 - self.asked_frac) ** steps


@lru_cache(maxsize=65536)
def _hold(left: Fraction, asked: Fraction, interval: int, cap: int, rhythm: Rhythm) -> int:
    grain = 7 if rhythm == "weeks" else 1
    # The cap counts whole weeks too: a hold of at most 50 days is one of at most 49.
    least = _rounded(interval, rhythm)
    most = max(least, cap - cap % grain)
    if asked >= 1:
        return least
    # Smallest number of days n with (1 - asked)^(n / interval) <= left, both sides raised to the interval.
    keep = 1 - asked
    target_n, target_d = left.numerator**interval, left.denominator**interval
    days = least
    while days < most and keep.numerator**days * target_d > target_n * keep.denominator**days:
        days += grain
    return min(days, most)


def _rounded(days: int, rhythm: Rhythm) -> int:
    return -(-days // 7) * 7 if rhythm == "weeks" else days
