"""A taper as somebody wrote it down: days, doses, and the rows they were read from.

Whatever it was written in (a day table, a step table, a letter, a plan document), the checker sees only this. Day 1 is
the first day of the taper; a taper without dates has day numbers only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

TIMES = ("morning", "noon", "evening", "night")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a day: what is taken of one drug at one time of day, in exact mg.

    `time` is one of `TIMES`, or "" when the line is for the whole day. `product` is its full name, or "" when none is
    written; `units` (tablets, capsules, mL) only where they are written. `equivalents` are the two texts of a day
    table, low and high, or None. A line of 0 mg says that nothing is taken. `release` is IR, XR or SL where the words
    or the brand say it (ODT counts as IR), else "".
    """

    drug: str
    time: str
    dose: Fraction
    product: str = ""
    units: Fraction | None = None
    equivalents: tuple[str, str] | None = None
    release: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Neighbouring days on which the same is taken. `rows` has the row of the file for each entry, from 1 (0: none).

    `step` is the number that a table gives the step, or None.
    """

    first: int
    days: int
    entries: tuple[Entry, ...]
    rows: tuple[int, ...]
    step: int | None = None

    @property
    def last(self) -> int:
        return self.first + self.days - 1

    @property
    def row(self) -> int:
        return self.rows[0] if self.rows else 0

    def total(self, drug: str) -> Fraction:
        """Mg of one drug on each of these days."""
        return sum((e.dose for e in self.entries if e.drug == drug), Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenQuantity:
    """Units of a product that a prescription says to supply for some rows of the taper (days first to last)."""

    product: str
    units: Fraction
    first: int
    last: int
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTaper:
    """A whole taper as it was read. Spans are in order of days and never overlap; days between them are uncovered.

    `before` is what was taken up to day 1 where that was stated apart (one entry for each drug, whole day); without it
    the first span is what is taken at the start. `covered_twice` names days that two rows claim: (first day, last day,
    row of the second claim); such days are in no span. `kind` says what it was read from.
    """

    kind: str
    starts: date | None
    spans: tuple[Span, ...]
    before: tuple[Entry, ...] = ()
    covered_twice: tuple[tuple[int, int, int], ...] = ()
    quantities: tuple[WrittenQuantity, ...] = ()
    assumptions: tuple[str, ...] = ()
    understood: tuple[str, ...] = field(default=())

    @property
    def drugs(self) -> tuple[str, ...]:
        """Every drug that is named, in order of first mention."""
        named = [e.drug for e in self.before] + [e.drug for s in self.spans for e in s.entries]
        return tuple(dict.fromkeys(named))

    @property
    def days(self) -> int:
        """From the first day to the last, both counted."""
        return self.spans[-1].last if self.spans else 0

    def on(self, day: int) -> date | None:
        """The date of a day number, where the taper has dates."""
        return None if self.starts is None else self.starts + timedelta(days=day - 1)
