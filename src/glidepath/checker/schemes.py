"""Published ways of reducing, recognised by their steps, and how each differs from present guidance in one sentence.

A scheme is named only where the whole taper follows it; a likeness is no judgement, the checks are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise

from glidepath.checker.written import WrittenTaper

_QUARTER, _EIGHTH, _ONE = Fraction(1, 4), Fraction(1, 8), Fraction(1)
_HALF_MG, _QUARTER_MG = Fraction(1, 2), Fraction(1, 4)
_LIMIT = "ASAM 2025: usually 5 to 10 % of the current dose every 2 to 4 weeks, and not above 25 % in 14 days"


@dataclass(frozen=True, slots=True)
class _Steps:
    """One drug's daily doses and how long each is held; `start` is what was taken before the first reduction."""

    drug: str
    start: Fraction
    doses: tuple[Fraction, ...]
    days: tuple[int, ...]
    reaches_zero: bool

    @property
    def cuts(self) -> tuple[Fraction, ...]:
        return tuple(a - b for a, b in pairwise((self.start, *self.doses)))

    @property
    def falls(self) -> bool:
        return bool(self.doses) and all(cut > 0 for cut in self.cuts)


def scheme_of(taper: WrittenTaper) -> str | None:
    """One sentence on the published scheme that the taper follows, or None."""
    drugs = taper.drugs
    days = _by_day(taper, drugs[0]) if drugs else []
    if len(drugs) == 1 and _skips_days(days):
        return (
            "Days with less or nothing between days with a dose, as in EMPOWER-style skip days: each day left out is a "
            "fall of its own, and people are advised not to skip doses in a taper (ASAM 2025, patient guide)."
        )
    switched = len(drugs) > 1
    steps = _steps(taper, "diazepam" if switched else drugs[0]) if drugs else None
    if steps is None or not steps.falls:
        return None
    for follows, says in _SCHEMES:
        if follows(steps):
            return says
    return None


def _by_day(taper: WrittenTaper, drug: str) -> list[Fraction]:
    return [span.total(drug) for span in taper.spans for _ in range(span.days)]


def _skips_days(days: list[Fraction]) -> bool:
    """Single days below both neighbours, at least twice: a day left out, or a smaller dose every other day."""
    dips = [n for n in range(1, len(days) - 1) if days[n] < days[n - 1] and days[n] < days[n + 1]]
    return len(dips) >= 2


def _steps(taper: WrittenTaper, drug: str) -> _Steps | None:
    """The falling part of the doses of a drug; None where it is not taken at the start of that part."""
    held = [(dose, len(list(run))) for dose, run in groupby(_by_day(taper, drug))]
    if not held:
        return None
    stated = sum((e.dose for e in taper.before if e.drug == drug), Fraction(0))
    top = max(range(len(held)), key=lambda n: (held[n][0], n))
    if stated and stated > held[top][0]:
        start, rest = stated, held[top:]
    else:
        start, rest = held[top][0], held[top + 1 :]
    zero = bool(rest) and rest[-1][0] == 0
    lowered = rest[:-1] if zero else rest
    return _Steps(drug, start, tuple(d for d, _ in lowered), tuple(n for _, n in lowered), zero)


def _every(steps: _Steps, days: int) -> bool:
    return all(held == days for held in steps.days)


def _quarter_fortnightly(steps: _Steps) -> bool:
    cuts = [cut / steps.start for cut in steps.cuts]
    plain = [c for c in cuts if c != _EIGHTH]
    return len(cuts) >= 2 and _every(steps, 14) and all(c == _QUARTER for c in plain) and cuts[0] == _QUARTER


def _ends_in_eighths(steps: _Steps) -> bool:
    return len(steps.doses) >= 2 and steps.doses[-1] == steps.start * _EIGHTH and _quarter_fortnightly(steps)


def _quarter_weekly(steps: _Steps) -> bool:
    return len(steps.cuts) >= 2 and _every(steps, 7) and all(cut / steps.start == _QUARTER for cut in steps.cuts)


def _quarter_of_current(steps: _Steps) -> bool:
    ratios = [b / a for a, b in pairwise((steps.start, *steps.doses))]
    return len(ratios) >= 2 and _every(steps, 14) and all(r == 1 - _QUARTER for r in ratios)


def _klonopin_label(steps: _Steps) -> bool:
    return steps.drug == "clonazepam" and _every(steps, 3) and all(cut == _QUARTER_MG for cut in steps.cuts)


def _xanax_label(steps: _Steps) -> bool:
    return steps.drug == "alprazolam" and _every(steps, 3) and all(cut == _HALF_MG for cut in steps.cuts)


def _nardi(steps: _Steps) -> bool:
    if steps.drug != "clonazepam" or len(steps.doses) < 3:
        return False
    expected: list[tuple[Fraction, int]] = []
    dose = steps.start
    while dose > 0 and len(expected) < 100:
        upper = dose > 1
        dose -= _HALF_MG if upper else _QUARTER_MG
        expected.append((dose, 14 if upper else 7))
    return list(zip(steps.doses, steps.days, strict=True)) == [e for e in expected if e[0] > 0]


def _ashton(steps: _Steps) -> bool:
    """Diazepam by 1 mg, or 2 mg and more at first, in steps of one or two weeks."""
    ones = [cut for cut in steps.cuts if cut == _ONE]
    whole = all(cut in (1, 2, 5) for cut in steps.cuts)
    return steps.drug == "diazepam" and len(ones) >= 5 and whole and all(7 <= held <= 14 for held in steps.days)


_SCHEMES: tuple[tuple[Callable[[_Steps], bool], str], ...] = (
    (
        _klonopin_label,
        "The rate of the Klonopin label (0.125 mg twice daily less every 3 days): many times faster than guidance now "
        f"advises after long use ({_LIMIT}).",
    ),
    (
        _xanax_label,
        "The fastest rate that the Xanax label names (0.5 mg a day less every 3 days), a maximum and not a plan; the "
        f"label itself says that some people need it slower ({_LIMIT}).",
    ),
    (
        _nardi,
        "The clonazepam scheme of Nardi 2010 (0.5 mg every 2 weeks to 1 mg a day, then 0.25 mg a week): from 1.5 mg "
        f"down it falls by more than present guidance advises ({_LIMIT}).",
    ),
    (
        _ends_in_eighths,
        "A quarter of the starting dose every 2 weeks with a last step of 12.5 % (as in Vissers 2007): the cuts are of "
        f"the starting dose, so they grow to 33 and 50 % of what is still taken ({_LIMIT}).",
    ),
    (
        _quarter_fortnightly,
        "A quarter of the starting dose every 2 weeks (25 % fortnightly): the cuts are of the starting dose, so they "
        f"grow to 33 and 50 % of what is still taken ({_LIMIT}).",
    ),
    (
        _quarter_weekly,
        "A quarter of the starting dose every week (as in Voshaar 2003): twice the pace of the fortnightly scheme, and "
        f"far above present guidance from the first fortnight ({_LIMIT}).",
    ),
    (
        _quarter_of_current,
        f"A quarter of the current dose every 2 weeks: at the ceiling from the first step to the last ({_LIMIT}).",
    ),
    (
        _ashton,
        "Ashton-style steps of diazepam by 1 or 2 mg every 1 to 2 weeks: gentle at first, but near the end 1 mg is a "
        f"third or a half of what is still taken ({_LIMIT}).",
    ),
)
