"""The plan as plain rows, in the shape that each rendering is read back to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from glidepath.dosing.ledger import Fill
from glidepath.dosing.regimen import Intake, Regimen
from glidepath.render.view import PlanView
from glidepath.taper.schedule import Step, StepKind

_SATURDAY = 5
MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class Taken:
    """Units of one product at one time of day, and the dose of the whole intake they belong to (mg)."""

    time: str
    drug: str
    product: str
    units: Fraction
    intake_mg: Fraction


@dataclass(frozen=True, slots=True)
class DayBox:
    """One day as a person sees it; `gated` marks each day of a dose that waits for a check-in."""

    day: date
    gated: bool
    taken: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class StepRow:
    """One row of the step table. `fall_frac` is None where the row says no percent."""

    number: int
    starts: date
    ends: date
    days: int
    taken: tuple[Taken, ...]
    totals: tuple[tuple[str, Fraction], ...]
    fall_frac: Fraction | None


@dataclass(frozen=True, slots=True)
class SupplyRow:
    """One product line of a fill, in units."""

    product: str
    dispensed: Fraction
    taken: Fraction
    left_before: Fraction
    from_home: Fraction
    left_after: Fraction


@dataclass(frozen=True, slots=True)
class LabelRow:
    """What one label of one step says of one time of day; `begins` and `until` are (month, day) where it names them."""

    step: int
    product: str
    time: str
    units: Fraction
    dose_mg: Fraction
    gated: bool
    begins: MonthDay | None
    until: MonthDay | None


@dataclass(frozen=True, slots=True)
class FillRow:
    """One fill: dates, product lines, labels."""

    number: int
    starts: date
    ends: date
    days: int
    not_before: date
    lines: tuple[SupplyRow, ...]
    labels: tuple[LabelRow, ...]


def taken_of(regimen: Regimen) -> tuple[Taken, ...]:
    """What is taken on one day of a regimen, product by product, in order of the day."""
    return tuple(
        Taken(intake.slot.value, intake.drug, piece.product.name, piece.units, intake.dose.mg)
        for intake in regimen.intakes
        for piece in intake.pieces
    )


def is_gated(view: PlanView, step: Step, fill: Fill) -> bool:
    """Whether a step is a new dose of this fill, to begin only after a check-in.

    A step that began in an earlier fill is the dose that is taken now, and the first step of a plan is no new dose.
    """
    return step.number != view.taper.steps[0].number and fill.starts <= step.starts <= fill.ends


def is_changed(view: PlanView, step: Step, intake: Intake) -> bool:
    """Whether another drug takes the place of the tapered one at this time of day for the first time."""
    if step.kind is not StepKind.SWITCH or intake.drug == view.taper.drug or intake.drug in view.taper.constant:
        return False
    before = view.taper.step_on(step.starts - timedelta(days=1))

    def taken(regimen: Regimen, drug: str) -> bool:
        return any(i.slot is intake.slot and i.drug == drug for i in regimen.intakes)

    return (
        before is not None
        and not taken(before.regimen, intake.drug)
        and taken(before.regimen, view.taper.drug)
        and not taken(step.regimen, view.taper.drug)
    )


def is_reduction(step: Step) -> bool:
    """Whether a step is lower than the one before it in the measure that the plan is judged by."""
    return step.kind in (StepKind.REDUCTION, StepKind.MAINTENANCE)


def steps_in(view: PlanView, fill: Fill) -> Iterator[tuple[Step, date, int]]:
    """Each step that touches a fill, with its first day in the fill and its days there."""
    for step in view.taper.steps:
        first, last = max(step.starts, fill.starts), min(step.ends, fill.ends)
        if first <= last:
            yield step, first, (last - first).days + 1


def new_doses(view: PlanView) -> tuple[Step, ...]:
    """The steps of the fill shown that begin only after a check-in."""
    return tuple(step for step, _, _ in steps_in(view, view.fill) if is_gated(view, step, view.fill))


def lasting(view: PlanView) -> tuple[date | None, date | None]:
    """How long the fill has enough of the dose it begins with, and the working day to call on before the new dose.

    Counted from what the fill supplies: carried in, from home and dispensed, divided by what one day takes.
    Nothing where the fill holds no new dose, or begins with one.
    """
    waiting = new_doses(view)
    if not waiting or waiting[0].starts == view.fill.starts:
        return None, None
    daily: dict[str, Fraction] = {}
    for taken in taken_of(next(steps_in(view, view.fill))[0].regimen):
        daily[taken.product] = daily.get(taken.product, Fraction(0)) + taken.units
    has = {x.product.name: x.left_before + x.from_home + x.dispensed for x in view.fill.lines}
    days = min(has.get(name, Fraction(0)) // units for name, units in daily.items())
    call = waiting[0].starts - timedelta(days=1)
    while call.weekday() >= _SATURDAY:
        call -= timedelta(days=1)
    return view.fill.starts + timedelta(days=int(days) - 1), call


def step_rows(view: PlanView) -> tuple[StepRow, ...]:
    """The step table that a page must read back to."""
    return tuple(
        StepRow(
            number=step.number,
            starts=step.starts,
            ends=step.ends,
            days=step.days,
            taken=taken_of(step.regimen),
            totals=tuple((drug, step.regimen.total(drug).mg) for drug in step.regimen.drugs),
            fall_frac=step.reduction_frac if is_reduction(step) else None,
        )
        for step in view.taper.steps
    )


def day_boxes(view: PlanView) -> tuple[DayBox, ...]:
    """The days of the fill that a calendar must read back to."""
    return tuple(
        DayBox(first + timedelta(days=offset), is_gated(view, step, view.fill), taken_of(step.regimen))
        for step, first, days in steps_in(view, view.fill)
        for offset in range(days)
    )


def fill_row(view: PlanView, fill: Fill) -> FillRow:
    """A fill with its lines and labels, as a pharmacy page must read back to."""
    lines = tuple(
        SupplyRow(x.product.name, x.dispensed, x.taken, x.left_before, x.from_home, x.left_after) for x in fill.lines
    )
    return FillRow(fill.number, fill.starts, fill.ends, fill.days, fill.not_before, lines, _label_rows(view, fill))


def label_dates(view: PlanView, step: Step, fill: Fill) -> tuple[date | None, date | None]:
    """The first and the last day that a label names: those inside the fill, and always one of the two."""
    first, last = max(step.starts, fill.starts), min(step.ends, fill.ends)
    begins = first if first > fill.starts or is_gated(view, step, fill) else None
    return begins, last if begins is None or last < fill.ends else None


def by_product_and_time(rows: Iterable[LabelRow]) -> tuple[LabelRow, ...]:
    """Label rows in one order, whichever times of day a label names together."""
    return tuple(sorted(rows, key=lambda row: (row.step, row.product, row.time)))


def _label_rows(view: PlanView, fill: Fill) -> tuple[LabelRow, ...]:
    rows = []
    for step, _, _ in steps_in(view, fill):
        gated = is_gated(view, step, fill)
        begins, until = (None if day is None else (day.month, day.day) for day in label_dates(view, step, fill))
        rows += [
            LabelRow(step.number, p.product.name, i.slot.value, p.units, p.dose.mg, gated, begins, until)
            for i in step.regimen.intakes
            for p in i.pieces
        ]
    return by_product_and_time(rows)
