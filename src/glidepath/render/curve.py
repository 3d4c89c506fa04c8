"""The numbers of the picture: the dose of each day, the 5 to 10 % corridor and the 14-day limit.

During and after a switch the measure is mg diazepam-equivalent, as a range over every table; otherwise mg.
These are for drawing: floats, read off exact doses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from glidepath.render.rows import is_reduction
from glidepath.render.view import PlanView
from glidepath.taper.schedule import Step

CORRIDOR_FRAC = (Fraction(5, 100), Fraction(10, 100))


@dataclass(frozen=True, slots=True)
class Stretch:
    """One step as it is drawn: days counted from the start of the plan, low and high edge of the dose."""

    first: int
    end: int  # the day after the last
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Everything that is drawn. `corridor` holds (day, slow, fast); `limit` (day, end, lowest dose allowed)."""

    starts: date
    unit: str
    stretches: tuple[Stretch, ...]
    corridor: tuple[tuple[float, float, float], ...]
    limit: tuple[tuple[int, int, float], ...]
    over: tuple[tuple[int, float], ...]

    @property
    def days(self) -> int:
        return self.stretches[-1].end

    @property
    def top(self) -> float:
        return max(stretch.high for stretch in self.stretches)


def curve_of(view: PlanView) -> Curve:
    """The curves of a plan."""
    taper = view.taper
    switched = len(taper.drugs) > 1
    edges = [_edges(view, step) for step in taper.steps]
    stretches = tuple(
        Stretch((s.starts - taper.starts).days, (s.starts - taper.starts).days + s.days, float(low), float(high))
        for s, (low, high) in zip(taper.steps, edges, strict=True)
    )
    limit, over = _limit(view, [low for low, _ in edges])
    return Curve(
        starts=taper.starts,
        unit="mg diazepam-equivalent a day (the band is the range over every table)"
        if switched
        else f"mg {taper.drug} a day",
        stretches=stretches,
        corridor=_corridor(view, edges),
        limit=limit,
        over=over,
    )


def _edges(view: PlanView, step: Step) -> tuple[Fraction, Fraction]:
    """Low and high edge of the tapered drugs' daily dose in the unit of the picture."""
    taper = view.taper
    if len(taper.drugs) == 1:
        mg = step.regimen.total(taper.drug).mg
        return mg, mg
    low = high = Fraction(0)
    for drug in taper.drugs:
        per_mg = view.equivalents.get(drug, (Fraction(0), Fraction(0)))
        mg = step.regimen.total(drug).mg
        low, high = low + mg * per_mg[0], high + mg * per_mg[1]
    return low, high


def _corridor(view: PlanView, edges: list[tuple[Fraction, Fraction]]) -> tuple[tuple[float, float, float], ...]:
    """Where the dose would be with falls of 5 % and of 10 % of the current dose at each interval."""
    steps = view.taper.steps
    index = next((n for n, step in enumerate(steps) if is_reduction(step)), None)
    if index is None or index == 0:
        return ()
    first, last = (steps[index].starts - view.taper.starts).days, view.taper.days
    low, high = (float(edge) for edge in edges[index - 1])
    slow, fast = (float(1 - frac) for frac in CORRIDOR_FRAC)
    every = max((last - first) // 60, 1)
    days = [*range(first, last, every), last]
    return tuple(
        (day, high * slow ** ((day - first) / view.interval_days), low * fast ** ((day - first) / view.interval_days))
        for day in days
    )


def _limit(
    view: PlanView, lows: list[Fraction]
) -> tuple[tuple[tuple[int, int, float], ...], tuple[tuple[int, float], ...]]:
    """The lowest dose that the limit allows on each day, joined over equal days, and where the plan is below it."""
    taper = view.taper
    doses = [low for step, low in zip(taper.steps, lows, strict=True) for _ in range(step.days)]
    runs: list[tuple[int, int, float]] = []
    over: list[tuple[int, float]] = []
    for day in range(1, len(doses)):
        before = doses[max(day - view.ceiling_days, 0) : day]
        allowed = max(before) * (1 - view.ceiling_frac)
        if runs and runs[-1][2] == float(allowed):
            runs[-1] = (runs[-1][0], day + 1, float(allowed))
        else:
            runs.append((day, day + 1, float(allowed)))
        if doses[day] < allowed and doses[day - 1] != doses[day]:
            over.append((day, float(doses[day])))
    return tuple(runs), tuple(over)


def on_day(curve: Curve, day: int) -> date:
    """The date of a day counted from the start."""
    return curve.starts + timedelta(days=day)
