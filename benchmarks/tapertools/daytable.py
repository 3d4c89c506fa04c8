"""Writing the day table of the contract from doses, and reading one back far enough to compare two."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from benchmarks.tapertools.makeup import Pieces
from benchmarks.tapertools.tool import HEADER
from glidepath.quantity import exact_decimal

Rows = dict[tuple[str, str, str, str], tuple[Fraction, Fraction]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which the same is taken: pieces by time of day ("" for the whole day); none at all is a stop."""

    days: int
    taken: dict[str, Pieces]


def days_text(drug: str, starts: date, stretches: Iterable[Stretch]) -> str:
    """The day table of one drug. A stretch without pieces is written as one row at zero, the first day of it."""
    lines = [HEADER]
    day = starts
    for step, stretch in enumerate(stretches):
        tails = [
            f"{step},{time},{drug},{p.name},{exact_decimal(units)},{exact_decimal(units * p.strength)},,"
            for time, pieces in stretch.taken.items()
            for p, units in pieces
        ]
        if not tails:
            lines.append(f"{day.isoformat()},{step},,{drug},,0,0,,")
            break
        for offset in range(stretch.days):
            lines += [f"{(day + timedelta(days=offset)).isoformat()},{tail}" for tail in tails]
        day += timedelta(days=stretch.days)
    return "\n".join(lines) + "\n"


def rows_of(text: str) -> Rows | None:
    """What a table says: (date, time, drug, product) to units and mg, rows of nothing left out; None if unreadable."""
    table = csv.reader(io.StringIO(text))
    if next(table, None) != HEADER.split(","):
        return None
    rows: Rows = {}
    try:
        for day, _, time, drug, product, units, mg, _, _ in table:
            key = (date.fromisoformat(day).isoformat(), time, drug, product)
            if Fraction(mg):
                was = rows.get(key, (Fraction(0), Fraction(0)))
                rows[key] = (was[0] + Fraction(units), was[1] + Fraction(mg))
    except (ValueError, ZeroDivisionError):
        return None
    return rows
