"""Counting scores: of how many, how many; and numbers that stay the same from run to run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from statistics import median

from benchmarks.tapertools.score import DECLINED, DIFFERS, EQUAL, FAILED, MADE, NOT_SHOWN, Score

# Timings are told as the first of these that they lie under: a machine is never twice equally fast.
_UNDER_MS = (20, 200, 2000, 20000, 60000)


def of_tool(scores: Sequence[Score], tool: str) -> list[Score]:
    return [s for s in scores if s.tool == tool]


def made(scores: Sequence[Score]) -> list[Score]:
    return [s for s in scores if s.outcome == MADE]


def share(count: int, whole: int, what: str = "") -> str:
    """`98.5 % (197 of 200)`; 100 % and 0 % are said only when it is all or none."""
    if not whole:
        return "none of 0"
    exact = Fraction(100 * count, whole)
    shown = f"{float(exact):.1f}".removesuffix(".0")
    if exact not in (0, 100) and shown in ("0", "100"):
        shown = "under 0.1" if exact < 1 else "over 99.9"
    return f"{shown} % ({count} of {whole}{' ' + what if what else ''})"


def meeting(scores: Sequence[Score], test: Callable[[Score], bool]) -> str:
    """The share of the plans made that meet a test."""
    plans = made(scores)
    return share(sum(test(s) for s in plans), len(plans))


def outcomes(scores: Sequence[Score]) -> tuple[int, int, int]:
    """Made, declined and failed."""
    counted = Counter(s.outcome for s in scores)
    return counted[MADE], counted[DECLINED], counted[FAILED]


def printed(scores: Sequence[Score]) -> str:
    counted = Counter(s.printed for s in made(scores))
    shown = counted[EQUAL] + counted[DIFFERS]
    if not shown:
        return "not shown"
    text = share(counted[EQUAL], shown)
    return f"{text}, {counted[NOT_SHOWN]} not shown" if counted[NOT_SHOWN] else text


def rises(scores: Sequence[Score]) -> str:
    plans = made(scores)
    return f"{sum((s.rises or 0) > 0 for s in plans)} of {len(plans)} plans, {sum(s.rises or 0 for s in plans)} days"


def days_over(scores: Sequence[Score], *, unreasoned: bool) -> str:
    plans = made(scores)
    counted = [(s.days_unreasoned if unreasoned else s.days_over) or 0 for s in plans]
    days = sum(s.days or 0 for s in plans)
    return f"{sum(n > 0 for n in counted)} of {len(plans)} plans, {share(sum(counted), days, 'days')}"


def fall(scores: Sequence[Score]) -> str:
    """Median and largest of the worst falls in 14 days."""
    return _percents([s.worst_14d for s in made(scores) if s.worst_14d is not None])


def last_step(scores: Sequence[Score]) -> str:
    """Median and largest of the last doses before a stop, of the dose at the start."""
    return _percents([s.last_step for s in made(scores) if s.last_step is not None])


def _percents(texts: Sequence[str]) -> str:
    if not texts:
        return ""
    values = [float(t) * 100 for t in texts]
    return f"{median(values):.0f} %, {max(values):.0f} %"


def milliseconds(scores: Sequence[Score]) -> str:
    times = [s.ms for s in made(scores)]
    if not times:
        return ""
    return next((f"under {most} ms" for most in _UNDER_MS if median(times) < most), "over a minute")


def reasons(scores: Sequence[Score]) -> list[tuple[str, int]]:
    """Why cases were not made, with how often; the commonest first."""
    counted = Counter(f"{s.outcome}: {s.why}" for s in scores if s.outcome != MADE)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
