"""Checks of a taper in which one drug takes the place of another: seen through equivalence tables, low and high."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from glidepath.checker.course import Course, Reading, converting_rows, say_day, say_mg, some_of, table_readings
from glidepath.checker.falls import LIMIT_14D, Measured, day_values, falls_in, percent, proportions, scaled
from glidepath.checker.report import Check, Fall, Status, TableReading
from glidepath.checker.written import Entry, WrittenTaper
from glidepath.facts.formulary import Formulary
from glidepath.quantity import rounded_down, rounded_up

_BACK = 28


def switch_table(course: Course, by: tuple[Measured, ...], table: str) -> Check:
    """Whether the total by the chosen table is ever above its value at the start."""
    name, title, bound = "switch-table", "Exchange by its table", "never above the start"
    if not by:
        says = f"The table {table} does not have every drug that changes ({', '.join(course.in_play)})."
        return Check(id=name, title=title, status=Status.NOT_ASSESSABLE, value="", bound=bound, says=says)
    seen = by[0].reading
    start, highest, day = extremes(course, seen, None)
    row = next((s.row for s in course.planned if s.first <= day <= s.last), 0)
    value = f"highest {say_mg(highest)}, start {say_mg(start)} {seen.name}"
    if highest > start:
        says = (
            f"By {seen.table} the total reaches {say_mg(highest)} mg on {say_day(day, row)}, above the "
            f"{say_mg(start)} mg of the start (both diazepam-equivalent)."
        )
        return Check(
            id=name,
            title=title,
            status=Status.BREACH,
            value=value,
            bound=bound,
            says=says,
            day=day,
            row=row,
            sources=seen.sources,
        )
    says = f"By {seen.table} the total is never above the {say_mg(start)} mg diazepam-equivalent of the start."
    return Check(id=name, title=title, status=Status.PASS, value=value, bound=bound, says=says, sources=seen.sources)


def extremes(course: Course, reading: Reading, until: int | None) -> tuple[Fraction, Fraction, int]:
    """The total at the start, the highest total, and the first day it is reached (0: before day 1)."""
    values, parts = day_values(course, reading, until)
    from_day_0 = values[_BACK - 1 :]
    start = next((value for value in from_day_0 if value >= 0), 0)
    highest = max(start, *from_day_0)
    day = from_day_0.index(highest) if highest in from_day_0 else 0
    return Fraction(start, parts), Fraction(highest, parts), day


def every_reading(
    course: Course, formulary: Formulary, table: str | None, by: tuple[Measured, ...]
) -> tuple[TableReading, ...]:
    """The part in which drugs are exchanged (the whole taper, where no table is chosen) by every usable table.

    Each table is read at its low end and, where that differs, at its high end.
    """
    until = course.moving_to if table is not None else None
    if until == 0:
        return ()
    readings: list[Reading] = []
    for low, high in table_readings(course.in_play, formulary):
        readings.append(low)
        if low.weights != high.weights:
            readings.append(high)
    fall_by_table = {m.reading.table: m.falls.in_14 for m in by} if until is None else {}
    # Tables in one proportion differ only in size: each proportion is looked at once.
    seen: dict[tuple[Fraction, ...], tuple[Fraction, tuple[Fraction, Fraction, int], Fall | None]] = {}
    out: list[TableReading] = []
    for reading in readings:
        size, shape = proportions(reading)
        if shape not in seen:
            known = reading.end == "low" and reading.table in fall_by_table
            fall = fall_by_table[reading.table] if known else falls_in(course, reading, until).in_14
            seen[shape] = (size, extremes(course, reading, until), fall)
        unit, (start, highest, day), fall = seen[shape]
        factor = size / unit
        out.append(
            TableReading(
                table=reading.table,
                end=reading.end,
                start_mg=start * factor,
                highest_mg=highest * factor,
                highest_day=day,
                worst_fall_14d=fall if fall is None else scaled(fall, factor),
            )
        )
    return tuple(out)


def switch_every_table(readings: tuple[TableReading, ...], *, exchanging: bool) -> Check:
    """How the exchange looks by tables that were not chosen: they differ, and a person may feel any of them."""
    name, title = "switch-every-table", "Exchange by every table"
    bound = "25 % in any 14 days, never above the start"
    if not readings:
        if exchanging:
            says, status = "No equivalence table has every drug that changes.", Status.NOT_ASSESSABLE
        else:
            says, status = "No drug takes the place of another.", Status.PASS
        return Check(id=name, title=title, status=status, value="", bound=bound, says=says, required=False)
    told = []
    for reading in readings:
        fall = reading.worst_fall_14d
        parts = []
        if fall is not None and fall.fraction > LIMIT_14D:
            parts.append(f"falls {percent(fall.fraction, LIMIT_14D)} within 14 days by {say_day(fall.day, fall.row)}")
        if reading.highest_mg > reading.start_mg:
            parts.append(
                f"rises from {say_mg(reading.start_mg)} to {say_mg(reading.highest_mg)} mg "
                f"on {say_day(reading.highest_day)}"
            )
        if parts:
            told.append(f"{reading.table} ({reading.end}) {' and '.join(parts)}")
    if not told:
        says = f"By none of {len(readings)} readings does the total fall too fast or rise above the start."
        return Check(
            id=name, title=title, status=Status.PASS, value="all within", bound=bound, says=says, required=False
        )
    return Check(
        id=name,
        title=title,
        status=Status.CAUTION,
        value=f"{len(told)} of {len(readings)} readings",
        bound=bound,
        says=f"Equivalence tables differ, and by some of them the total moves more: {some_of(told)}. Watch closely.",
        required=False,
    )


def written_equivalents(taper: WrittenTaper, formulary: Formulary) -> Check | None:
    """Whether diazepam equivalents that a table prints are the range over all tables. None: it prints none."""
    name, title, bound = "equivalents-written", "Equivalents as written", "the range over all tables, rounded outwards"
    wrong: list[tuple[int, int, str]] = []
    compared = False
    for span in taper.spans:
        for index, entry in enumerate(span.entries):
            if entry.equivalents is None:
                continue
            compared = True
            right = equivalent_texts(entry, formulary)
            if right != tuple(entry.equivalents):
                row = span.rows[index] if index < len(span.rows) else span.row
                text = f"{say_mg(entry.dose)} mg of {entry.drug} on {say_day(span.first, row)} is {_range(right)}"
                wrong.append((span.first, row, f"{text}, not {_range(entry.equivalents)}"))
    if not compared:
        return None
    if not wrong:
        says = "Each is the range over all tables that may convert."
        return Check(id=name, title=title, status=Status.PASS, value="right", bound=bound, says=says, required=False)
    return Check(
        id=name,
        title=title,
        status=Status.BREACH,
        value=f"{len(wrong)} differ",
        bound=bound,
        says=f"Worked out again, some differ: {some_of([w[2] for w in wrong])}.",
        day=wrong[0][0],
        row=wrong[0][1],
        required=False,
    )


def equivalent_texts(entry: Entry, formulary: Formulary) -> tuple[str, str]:
    """The lowest and highest diazepam-equivalent mg of a dose, rounded outwards; empty where no row converts."""
    factors = _factors(entry.drug, formulary)
    if factors is None:
        return ("", "")
    return rounded_down(entry.dose * factors[0], 2), rounded_up(entry.dose * factors[1], 2)


@lru_cache(maxsize=256)
def _factors(drug: str, formulary: Formulary) -> tuple[Fraction, Fraction] | None:
    rows = converting_rows(drug, formulary).values()
    if not rows:
        return None
    return min(10 / r.high_mg for r in rows), max(10 / r.low_mg for r in rows)


def _range(texts: tuple[str, str]) -> str:
    return f"{texts[0]} to {texts[1]} mg" if any(texts) else "without an equivalent"
