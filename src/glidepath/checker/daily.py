"""A day table in good order, read quickly: days that say the same are understood once."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from glidepath.checker.cells import CellReader
from glidepath.checker.grid import Grid
from glidepath.checker.rows import LONGEST_DAYS, Row, claimed_twice, taken_in, whole_and_part
from glidepath.checker.written import Entry, Span
from glidepath.errors import GlidepathError

Daily = tuple[date, tuple[Span, ...]]


def read_daily(grid: Grid, cells: CellReader) -> Daily | None:
    """The first date and the spans of a table with a row for each day.

    None where anything is out of order or cannot be read; the reading row by row then says what and where.
    """
    place = {name: n for n, name in enumerate(grid.columns)}
    if "quantity" in place or not grid.rows:
        return None
    at = place["date"]
    spans: list[Span] = []
    known: dict[tuple[tuple[str, ...], ...], tuple[int | None, tuple[Entry, ...]] | None] = {}
    origin = day = 0
    said: tuple[tuple[str, ...], ...] | None = None
    for text, group in groupby(grid.rows, key=lambda row: row[1][at]):
        rows = list(group)
        taken = tuple(texts[:at] + texts[at + 1 :] for _, texts in rows)
        if taken not in known:
            known[taken] = _one_day([texts for _, texts in rows], place, cells)
        understood = known[taken]
        try:
            following = cells.day(text, "date").toordinal()
        except GlidepathError:
            return None
        if understood is None or (day and following <= day):
            return None
        origin = origin or following
        step, entries = understood
        number = following - origin + 1
        if taken == said and following == day + 1:
            last = spans[-1]
            spans[-1] = Span(first=last.first, days=number - last.first + 1, entries=entries, rows=last.rows, step=step)
        else:
            spans.append(Span(first=number, days=1, entries=entries, rows=tuple(n for n, _ in rows), step=step))
        said, day = taken, following
    if day - origin >= LONGEST_DAYS:
        return None
    return date.fromordinal(origin), tuple(spans)


def _one_day(
    rows: list[tuple[str, ...]], place: dict[str, int], cells: CellReader
) -> tuple[int | None, tuple[Entry, ...]] | None:
    """Step and entries of one day; None where a row cannot be read or two rows contradict each other."""
    try:
        read = [Row(0, 0, 0, *taken_in(texts, place, cells)) for texts in rows]
    except GlidepathError:
        return None
    if len({r.step for r in read}) > 1 or claimed_twice(read) is not None or whole_and_part(read) is not None:
        return None
    return read[0].step, tuple(r.entry for r in read)
