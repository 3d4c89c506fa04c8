"""The best way down a short ladder of daily totals, found by trying every way.

Written from issue section 7 alone: all falling sequences from the first to the last total are listed and compared by
the largest fall where it is over the limit, the sum of squared excess over the asked fall, the length in days, and
then whatever the caller adds. Exact fractions throughout; the length of a hold is worked out with 60 decimal digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from itertools import combinations, pairwise

_PRECISE = Context(prec=60)
Path = tuple[Fraction, ...]
Asked = Callable[[Fraction], Fraction]


def logarithm(value: Fraction) -> Decimal:
    return _PRECISE.ln(_PRECISE.divide(Decimal(value.numerator), Decimal(value.denominator)))


def hold(fall: Fraction, asked: Fraction, *, interval: int, cap: int, whole_weeks: bool) -> int:
    """interval x ln(1-f)/ln(1-asked), at least the interval, at most the cap, rounded up to whole weeks (or days)."""
    need = Decimal(interval)
    if fall > asked:
        need = _PRECISE.multiply(need, _PRECISE.divide(logarithm(1 - fall), logarithm(1 - asked)))
    need = min(need, Decimal(max(cap, interval)))
    unit = 7 if whole_weeks else 1
    # A hold that is a whole number of units up to the 40th digit is that number: the fall is a power of the asked one.
    units = _PRECISE.divide(need, Decimal(unit)).quantize(Decimal(1).scaleb(-40), context=_PRECISE)
    return unit * int(units.to_integral_value(rounding=ROUND_CEILING))


def every_way(totals: Sequence[Fraction]) -> Iterator[Path]:
    """Every falling sequence that begins with the largest total and ends with the smallest."""
    first, *between, last = sorted(set(totals), reverse=True)
    for count in range(len(between) + 1):
        for some in combinations(between, count):
            yield (first, *some, last)


def falls(path: Path) -> list[Fraction]:
    return [1 - b / a for a, b in pairwise(path)]


def largest_over(path: Path, limit: Fraction) -> Fraction:
    """The largest fall where it is over the limit, otherwise nothing."""
    most = max(falls(path), default=Fraction(0))
    return most if most > limit else Fraction(0)


def excess(path: Path, asked: Asked) -> Fraction:
    """The sum of the squared excess of each fall over the fall asked for at its dose."""
    over = (f - asked(a) for a, f in zip(path, falls(path), strict=False))
    return sum((x * x for x in over if x > 0), Fraction(0))


def holds(path: Path, asked: Asked, *, interval: int, cap: int, whole_weeks: bool) -> list[int]:
    """The days at each dose after the first; the last one is held at least as long as the one before it."""
    days = [
        hold(f, asked(a), interval=interval, cap=cap, whole_weeks=whole_weeks)
        for a, f in zip(path, falls(path), strict=False)
    ]
    if len(days) > 1:
        days[-1] = max(days[-1], days[-2])
    return days


def best_key(
    totals: Sequence[Fraction], asked: Asked, limit: Fraction, *, interval: int, cap: int, whole_weeks: bool
) -> tuple[tuple[Fraction, Fraction, int], list[Path]]:
    """The best comparison key over every way down, and all ways that reach it."""
    keyed: dict[tuple[Fraction, Fraction, int], list[Path]] = {}
    for path in every_way(totals):
        days = sum(holds(path, asked, interval=interval, cap=cap, whole_weeks=whole_weeks))
        keyed.setdefault((largest_over(path, limit), excess(path, asked), days), []).append(path)
    best = min(keyed)
    return best, keyed[best]
