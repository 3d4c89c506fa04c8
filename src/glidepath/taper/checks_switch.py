"""Checks on a switch: equivalents under the chosen table and under every other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from glidepath.taper.falls import Row, mg_text, percent, rolling_fall
from glidepath.taper.proof import Check, Limits, Status
from glidepath.taper.schedule import StepKind, Taper


def switch_chosen_table(taper: Taper, limits: Limits) -> Check:
    rows = [(s, limits.equivalences.of_day(s.regimen, limits.table or "", taper.drugs)) for s in taper.steps]
    start = rows[0][1]
    if start is None or any(span is None for _, span in rows):
        return _not_assessable("switch-table", "Equivalents during the switch", "The table lacks a drug.")
    worst = max(rows, key=lambda r: (r[1].low if r[1] else Fraction(0), -r[0].number))
    top = worst[1].low if worst[1] else Fraction(0)
    risen = top > start.low
    return Check(
        id="switch-table",
        title="Equivalents during the switch",
        status=Status.BREACH if risen else Status.PASS,
        value=f"{mg_text(top)} mg diazepam-equivalent at most",
        bound=f"{mg_text(start.low)} mg at the start, by {limits.table}",
        on=worst[0].starts if risen else None,
        sources=(limits.table or "",),
        says="Never above the start under the chosen table." if not risen else "Rises above the start.",
    )


def switch_other_tables(taper: Taper, limits: Limits) -> Check:
    falls: list[str] = []
    rises: list[str] = []
    on: date | None = None
    tables = limits.equivalences.tables(*taper.drugs)
    for name, rows in _readings(taper, limits, tables):
        fall, day, before, after = rolling_fall(rows, limits.ceiling_days)
        if fall > limits.ceiling_frac:
            falls.append(f"{name} ({percent(fall)}, {mg_text(before)} to {mg_text(after)} mg)")
            on = on or day
        top = max(dose for _, _, dose in rows)
        if top > rows[0][2]:
            rises.append(f"{name} ({mg_text(rows[0][2])} to {mg_text(top)} mg)")
    says = []
    if falls:
        says.append(f"A fall over {percent(limits.ceiling_frac)} in {limits.ceiling_days} days by {', '.join(falls)}.")
    if rises:
        says.append(f"Above the start by {', '.join(rises)}: watch for sedation.")
    return Check(
        id="switch-every-table",
        title="The switch itself under every loaded table",
        status=Status.CAUTION if says else Status.PASS,
        value=f"{len(tables)} tables; {len(falls)} readings with a large fall, {len(rises)} with a rise",
        bound=f"no fall over {percent(limits.ceiling_frac)} in {limits.ceiling_days} days",
        on=on,
        sources=tables,
        says=" ".join(says) or "No table sees a large fall or a rise.",
    )


def _readings(taper: Taper, limits: Limits, tables: tuple[str, ...]) -> Iterator[tuple[str, list[Row]]]:
    """Each table as rows of total equivalents while doses are moved (later falls have checks of their own).

    A table that prints a range is read at its low and at its high end.
    """
    moving = [step for step in taper.steps if step.kind in (StepKind.RECORDED, StepKind.SWITCH)]
    for table in tables:
        spans = []
        for step in moving:
            span = limits.equivalences.of_day(step.regimen, table, taper.drugs)
            assert span is not None
            spans.append((step, span))
        low = [(step.starts, step.ends, span.low) for step, span in spans]
        high = [(step.starts, step.ends, span.high) for step, span in spans]
        yield (table if low == high else f"{table} read low"), low
        if low != high:
            yield f"{table} read high", high


def _not_assessable(check_id: str, title: str, says: str) -> Check:
    return Check(
        id=check_id,
        title=title,
        status=Status.NOT_ASSESSABLE,
        value="",
        bound="",
        on=None,
        sources=(),
        says=says,
    )
