"""From the rows of a table to a written taper: a row a day, rows with a first and a last day, or rows with a length."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from glidepath.checker.cells import CellReader, unreadable
from glidepath.checker.daily import read_daily
from glidepath.checker.grid import Grid, PlacedError
from glidepath.checker.report import Unreadable
from glidepath.checker.rows import LONGEST_DAYS, Row, claimed_twice, days_of, taken_in, whole_and_part
from glidepath.checker.written import Entry, Span, WrittenQuantity, WrittenTaper
from glidepath.errors import GlidepathError

Read = tuple[WrittenTaper | None, tuple[Unreadable, ...]]


def read_table(grid: Grid, cells: CellReader, before: tuple[Entry, ...] = ()) -> Read:
    """The taper that a table writes down, or everything in it that could not be read, row by row."""
    if grid.layout == "date" and not grid.unreadable and (daily := read_daily(grid, cells)) is not None:
        return _written("day table", *daily, before, []), ()
    bad = list(grid.unreadable)
    rows: list[Row] = []
    place = {name: n for n, name in enumerate(grid.columns)}
    # Days that follow one another are alike but for their date, so what a row takes is read once for equal cells.
    kept: dict[tuple[str, ...], tuple[int | None, Entry, Fraction | None]] = {}
    dated = [place[name] for name in ("date", "start", "end", "days") if name in place]
    for number, texts in grid.rows:
        try:
            tail = tuple(t for n, t in enumerate(texts) if n not in dated)
            if tail not in kept:
                kept[tail] = taken_in(texts, place, cells)
            first, last = days_of(texts, place, cells, nothing=not kept[tail][1].dose)
            rows.append(Row(number, first, last, *kept[tail]))
        except GlidepathError as error:
            if error.code == "DATE_FORMAT_REQUIRED":
                # One such date makes every date of the file doubtful.
                whole = PlacedError(error.code, error.message, field=error.field, fix=error.fix)
                raise whole.at(number, error.field or "") from error
            bad.append(unreadable(error, number, error.field or ""))
    if not bad and not rows:
        bad.append(Unreadable(row=1, column="", code="ROW_SHAPE", says="The table has no rows.", fix="Give the steps."))
    assumed: list[str] = []
    if not bad and grid.layout == "days":
        rows, problem = _one_after_another(rows)
        bad += [problem] if problem else []
        if len({r.number for r in rows}) > len({r.first for r in rows}):
            assumed.append("Neighbouring rows of equal length at different times of day are one step.")
    bad += [] if bad else _contradictions(rows)
    if bad:
        return None, tuple(bad)
    starts = None if grid.layout == "days" else date.fromordinal(min(r.first for r in rows))
    origin = 1 if starts is None else starts.toordinal()
    if max(r.last for r in rows) - origin >= LONGEST_DAYS:
        return None, (_too_long(rows[-1].number),)
    spans, twice, problems = _spans(rows, origin, daily=grid.layout == "date")
    if problems:
        return None, tuple(problems)
    quantities, problems = _quantities(rows, origin)
    if problems:
        return None, tuple(problems)
    kind = "day table" if grid.layout == "date" else "step table"
    return _written(kind, starts, spans, before, assumed, covered_twice=twice, quantities=quantities), ()


def _one_after_another(rows: list[Row]) -> tuple[list[Row], Unreadable | None]:
    """Rows with lengths laid end to end. Neighbours of one length at different times of day are one step.

    With two drugs it could not be told whether a row comes after or beside the one before.
    """
    drugs = {r.entry.drug for r in rows}
    if len(drugs) > 1:
        other = next(r for r in rows if r.entry.drug != rows[0].entry.drug)
        return [], Unreadable(
            row=other.number,
            column="drug",
            code="ROW_DRUGS",
            says=f"Row {other.number}: two drugs in one column of lengths; it cannot be told whether they are taken "
            "together or one after the other.",
            fix="Give each row its first and last day: start,end,dose_mg,drug.",
        )
    laid: list[Row] = []
    at, seen = 1, set[tuple[str, str, str]]()
    for row in rows:
        beside = (
            laid
            and row.entry.time
            and laid[-1].entry.time
            and row.last == laid[-1].last - laid[-1].first + 1
            and row.step == laid[-1].step
            and row.key not in seen
            and (row.entry.time == laid[-1].entry.time or row.entry.time not in {time for _, time, _ in seen})
        )
        if laid and not beside:
            at = laid[-1].last + 1
            seen = set()
        seen.add(row.key)
        laid.append(Row(row.number, at, at + row.last - 1, row.step, row.entry, row.quantity))
        if at > LONGEST_DAYS:
            return [], _too_long(row.number)
    return laid, None


def _contradictions(rows: list[Row]) -> list[Unreadable]:
    """Rows that say the same thing twice over: which of them holds cannot be told."""
    found: list[Unreadable] = []
    seen: dict[tuple[int, int, tuple[str, str, str]], int] = {}
    for row in rows:
        key = (row.first, row.last, row.key)
        if key in seen and len(found) < 50:
            found.append(
                Unreadable(
                    row=row.number,
                    column="",
                    code="ROW_DUPLICATE",
                    says=f"Row {row.number} says the same days, time, drug and product as row {seen[key]}.",
                    fix="Keep one of the two, or add their doses up.",
                )
            )
        seen.setdefault(key, row.number)
    return found


def _spans(
    rows: list[Row], origin: int, *, daily: bool
) -> tuple[tuple[Span, ...], tuple[tuple[int, int, int], ...], list[Unreadable]]:
    """Neighbouring days with the same rows, the days that two rows claim, and rows that cannot stand together."""
    edges: dict[int, tuple[list[Row], list[Row]]] = {}
    for row in rows:
        edges.setdefault(row.first, ([], []))[0].append(row)
        edges.setdefault(row.last + 1, ([], []))[1].append(row)
    spans: list[Span] = []
    twice: list[tuple[int, int, int]] = []
    problems: list[Unreadable] = []
    active: list[Row] = []
    days = sorted(edges)
    for day, following in pairwise(days):
        beginning, ended = edges[day]
        if ended:
            gone = {id(r) for r in ended}
            active = [r for r in active if id(r) not in gone]
        active += beginning
        if not active:
            continue
        first, last = day - origin + 1, following - origin
        if (second := claimed_twice(active)) is not None:
            twice.append((first, last, second.number))
            continue
        if (mixed := whole_and_part(active)) is not None:
            problems.append(mixed)
            continue
        _add(spans, first, last, active, join=daily)
    return tuple(spans), tuple(twice), problems[:50]


def _add(spans: list[Span], first: int, last: int, active: list[Row], *, join: bool) -> None:
    """Add days to the last span where they take the same, else begin a new one."""
    entries = tuple(r.entry for r in active)
    step = active[0].step if len({r.step for r in active}) == 1 else None
    if join and spans and spans[-1].last + 1 == first and spans[-1].step == step and spans[-1].entries == entries:
        before = spans[-1]
        spans[-1] = Span(first=before.first, days=last - before.first + 1, entries=entries, rows=before.rows, step=step)
        return
    rows = tuple(r.number for r in active)
    spans.append(Span(first=first, days=last - first + 1, entries=entries, rows=rows, step=step))


def _quantities(rows: list[Row], origin: int) -> tuple[tuple[WrittenQuantity, ...], list[Unreadable]]:
    written, bad = [], []
    for row in rows:
        if row.quantity is None:
            continue
        if not row.entry.product:
            bad.append(
                Unreadable(
                    row=row.number,
                    column="quantity",
                    code="ROW_SHAPE",
                    says=f"Row {row.number} has a quantity but names no product.",
                    fix="Name the product the quantity is of.",
                )
            )
            continue
        written.append(
            WrittenQuantity(
                product=row.entry.product,
                units=row.quantity,
                first=row.first - origin + 1,
                last=row.last - origin + 1,
                row=row.number,
            )
        )
    return tuple(written), bad


def _too_long(row: int) -> Unreadable:
    return Unreadable(
        row=row,
        column="",
        code="NUM_RANGE",
        says=f"Row {row}: the taper is longer than {LONGEST_DAYS} days, which is likely a slip in a date or length.",
        fix="Check the dates and lengths.",
    )


def _written(
    kind: str,
    starts: date | None,
    spans: tuple[Span, ...],
    before: tuple[Entry, ...],
    assumed: list[str],
    **more: Any,
) -> WrittenTaper:
    if not before:
        assumed.append("The first row is taken as what is taken now; give --start-dose if it is already a reduction.")
    return WrittenTaper(kind=kind, starts=starts, spans=spans, before=before, assumptions=tuple(assumed), **more)
