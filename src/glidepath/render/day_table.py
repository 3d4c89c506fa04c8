"""The day table: every plan as one row per date, drug, product and intake; written and read back exactly."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

from glidepath.errors import GlidepathError
from glidepath.quantity import exact_decimal, rounded_down, rounded_up
from glidepath.taper.schedule import Step, Taper

HEADER = ("date", "step", "time", "drug", "product", "units", "dose_mg", "diazepam_mg_low", "diazepam_mg_high")
STEP_HEADER = ("start", "end", "dose_mg", "drug", "product", "time")

PerMg = Mapping[str, tuple[Fraction, Fraction]]  # drug -> low and high diazepam mg that 1 mg equals


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of a day says, without its date: exact numbers, nothing rounded but the equivalents."""

    step: int
    time: str
    drug: str
    product: str
    units: Fraction
    dose_mg: Fraction
    diazepam_low: str
    diazepam_high: str

    def cells(self) -> tuple[str, ...]:
        return (
            str(self.step),
            self.time,
            self.drug,
            self.product,
            exact_decimal(self.units),
            exact_decimal(self.dose_mg),
            self.diazepam_low,
            self.diazepam_high,
        )


def lines_of(step: Step, taper: Taper, per_mg: PerMg, seen: frozenset[str]) -> tuple[Line, ...]:
    """The lines of each day of a step. `seen` are the tapered drugs that were taken before it."""
    lines = [
        _line(step.number, intake.slot.value, intake.drug, piece.product.name, piece.units, piece.dose.mg, per_mg)
        for intake in step.regimen.intakes
        for piece in intake.pieces
    ]
    present = set(step.regimen.drugs)
    lines += [_zero(step.number, drug, per_mg) for drug in taper.drugs if drug in seen and drug not in present]
    return tuple(lines)


def all_lines(taper: Taper, per_mg: PerMg) -> list[tuple[date, int, tuple[Line, ...]]]:
    """(first day, days, lines of each day) for every step, then the first day at zero of a plan that stops."""
    spans = []
    seen: frozenset[str] = frozenset()
    for step in taper.steps:
        spans.append((step.starts, step.days, lines_of(step, taper, per_mg, seen)))
        seen |= {d for d in taper.drugs if step.regimen.total(d)}
    if taper.stops_on is not None:
        number = taper.steps[-1].number + 1
        constant = [
            _line(number, i.slot.value, i.drug, p.product.name, p.units, p.dose.mg, per_mg)
            for i in taper.steps[-1].regimen.intakes
            if i.drug not in taper.drugs
            for p in i.pieces
        ]
        named = taper.drugs if constant else (taper.last_drug,)
        zeros = [_zero(number, drug, per_mg) for drug in named]
        spans.append((taper.stops_on, 1, (*constant, *zeros)))
    return spans


def _line(step: int, time: str, drug: str, product: str, units: Fraction, dose: Fraction, per_mg: PerMg) -> Line:
    low = high = ""
    if drug in per_mg:
        least, most = per_mg[drug]
        low, high = rounded_down(dose * least, 2), rounded_up(dose * most, 2)
    return Line(step, time, drug, product, units, dose, low, high)


def _zero(step: int, drug: str, per_mg: PerMg) -> Line:
    return _line(step, "", drug, "", Fraction(0), Fraction(0), per_mg)


def days_csv(taper: Taper, per_mg: PerMg) -> str:
    """The day table as CSV text with the published header."""
    out = [",".join(HEADER)]
    for starts, days, lines in all_lines(taper, per_mg):
        tails = [_csv_line(line.cells()) for line in lines]
        for offset in range(days):
            day = (starts + timedelta(days=offset)).isoformat()
            out.extend(f"{day},{tail}" for tail in tails)
    return "\n".join(out) + "\n"


def steps_csv(taper: Taper, per_mg: PerMg) -> str:
    """The steps as CSV text: one row per step, time and product; doses are those of the row."""
    out = [",".join(STEP_HEADER)]
    for starts, days, lines in all_lines(taper, per_mg):
        ends = starts + timedelta(days=days - 1)
        out.extend(
            _csv_line((starts.isoformat(), ends.isoformat(), exact_decimal(x.dose_mg), x.drug, x.product, x.time))
            for x in lines
        )
    return "\n".join(out) + "\n"


def _csv_line(cells: tuple[str, ...]) -> str:
    # Names come from the facts or a strict grammar: no cell can hold a comma, quote or line break.
    for cell in cells:
        if any(c in cell for c in ',"\r\n') or cell[:1] in ("=", "+", "-", "@"):
            raise GlidepathError("INTERNAL", "A table cell holds a character that it cannot hold.", field="product")
    return ",".join(cells)


Row = tuple[date, int, str, str, str, Fraction, Fraction]  # date, step, time, drug, product, units, dose


def read_days_csv(text: str) -> list[Row]:
    """Read a day table that we wrote. Raises READBACK_MISMATCH when it is not one."""
    reader = csv.reader(io.StringIO(text))
    rows = list(reader)
    if not rows or tuple(rows[0]) != HEADER:
        raise mismatch("the day table")
    # The same few numbers and dates stand in hundreds of rows; each is read once.
    exact, day, whole = lru_cache(Fraction), lru_cache(date.fromisoformat), lru_cache(int)
    try:
        return [(day(r[0]), whole(r[1]), r[2], r[3], r[4], exact(r[5]), exact(r[6])) for r in rows[1:]]
    except (ValueError, IndexError) as error:
        raise mismatch("the day table") from error


def expected_rows(taper: Taper, per_mg: PerMg) -> list[Row]:
    """The rows a day table of this plan must have, in order."""
    return [
        (starts + timedelta(days=offset), x.step, x.time, x.drug, x.product, x.units, x.dose_mg)
        for starts, days, lines in all_lines(taper, per_mg)
        for offset in range(days)
        for x in lines
    ]


def check_days_csv(text: str, taper: Taper, per_mg: PerMg) -> None:
    """Read a written day table back and compare it with the plan, row by row."""
    if read_days_csv(text) != expected_rows(taper, per_mg):
        raise mismatch("the day table")


def check_steps_csv(text: str, taper: Taper, per_mg: PerMg) -> None:
    """Read a written step table back and compare it with the plan."""
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or tuple(rows[0]) != STEP_HEADER:
        raise mismatch("the step table")
    expected = [
        (starts, starts + timedelta(days=days - 1), x.dose_mg, x.drug, x.product, x.time)
        for starts, days, lines in all_lines(taper, per_mg)
        for x in lines
    ]
    try:
        read = [
            (date.fromisoformat(r[0]), date.fromisoformat(r[1]), Fraction(r[2]), r[3], r[4], r[5]) for r in rows[1:]
        ]
    except (ValueError, IndexError) as error:
        raise mismatch("the step table") from error
    if read != expected:
        raise mismatch("the step table")


def mismatch(what: str) -> GlidepathError:
    """The error for a rendering that does not say what the plan says."""
    return GlidepathError(
        "READBACK_MISMATCH",
        f"What {what} says differs from the plan; nothing was written.",
        field="output",
        fix="This is a fault in Glidepath: please report it with the line and options.",
    )
