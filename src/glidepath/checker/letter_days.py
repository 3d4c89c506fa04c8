"""The claims that a letter's clauses make on days, by labels, dates or one after another, and the spans they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby, pairwise

from glidepath.checker.letter_clauses import Said
from glidepath.checker.letter_faults import MOST_DAYS, bad_date, too_long, unclear
from glidepath.checker.letter_lines import Clause
from glidepath.checker.letter_seats import NEXT, Seat, moved_to, times_of
from glidepath.checker.written import Entry, Span

Twice = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one clause says is taken from day `first`; `days` is None while it lasts until the next one begins.

    `seats` has the drugs whose times of day were placed by convention.
    """

    clause: Clause
    first: int
    days: int | None
    entries: tuple[Entry, ...]
    seats: Mapping[str, Seat] = field(default_factory=dict)

    @property
    def last(self) -> int:
        return self.first + (self.days or 1) - 1


class Days:
    """The days as they are claimed, one clause after another; filled while one letter is read."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []
        self.notes: list[str] = []
        self.day_one: date | None = None
        self.next_day = 1

    def place(self, said: Said) -> tuple[int, int | None, bool]:
        """First day and length of a clause, and whether its first day was said; closes the step before it."""
        first, last = self.next_day, None
        is_placed = said.is_placed
        if said.label is not None:
            first, last = said.label
        elif said.dated is not None:
            first = self.day_of(said.dated[0])
            last = None if said.dated[1] is None else self.day_of(said.dated[1])
        days = said.days
        if last is not None:
            if last < first:
                raise bad_date("The last date is before the first.")
            if days not in (None, last - first + 1):
                raise unclear("The clause gives two lengths that differ.", "Give one of them.")
            days = last - first + 1
        if first + (days or 1) - 1 > MOST_DAYS:
            raise too_long()
        if self.claims and self.claims[-1].days is None:
            opened = self.claims[-1]
            self.claims[-1] = replace(opened, days=max(1, first - opened.first))
            if first <= opened.first:
                raise bad_date("The step before it has no last day and does not begin before it.")
        return first, days, is_placed

    def day_of(self, day: date) -> int:
        """The number of a date; the first date that is met fixes day 1."""
        if self.day_one is None:
            if day.toordinal() < self.next_day:
                raise too_long()
            self.day_one = day - timedelta(days=self.next_day - 1)
            if self.next_day > 1:
                self.notes.append("The steps without dates were read as ending the day before the first date.")
        number = (day - self.day_one).days + 1
        if number < 1:
            raise bad_date("A date is before the first day.")
        return number

    def lay(
        self, clause: Clause, first: int, days: int | None, entries: tuple[Entry, ...], seats: Mapping[str, Seat]
    ) -> None:
        """Claim days; without a length, until the next clause begins."""
        if first + (days or 1) - 1 > MOST_DAYS:
            raise too_long()
        self.claims.append(Claim(clause=clause, first=first, days=days, entries=entries, seats=seats))
        self.next_day = first + (days or 1)

    def move_seats(self, drug: str, times: tuple[str, ...]) -> None:
        """Move times that were placed by convention to those that the next step says, back to where times are said."""
        for number in range(len(self.claims) - 1, -1, -1):
            claim = self.claims[number]
            seat = claim.seats.get(drug)
            now = times_of(claim.entries, drug)
            if seat is None or len(now) < len(times):
                return
            if moved := moved_to(claim.entries, drug, times):
                seats = {**claim.seats, drug: replace(seat, why=NEXT)}
                self.claims[number] = replace(claim, entries=moved, seats=seats)
                now = times_of(moved, drug)
            times = now

    def seat_notes(self) -> list[str]:
        """What was assumed of times of day, as they are placed in the end."""
        return [seat.note(claim.entries, drug) for claim in self.claims for drug, seat in claim.seats.items()]


def laid_out(claims: list[Claim]) -> tuple[tuple[Span, ...], Twice]:
    """Spans in order of days, and the days that two clauses claim (first, last, row of the second), in no span."""
    if all(before.last < after.first for before, after in pairwise(claims)):
        return tuple(_span(claim, claim.first, claim.last) for claim in claims), ()
    owner: dict[int, int] = {}
    twice: dict[int, int] = {}
    for number, claim in enumerate(claims):
        for day in range(claim.first, claim.last + 1):
            if day in owner:
                twice.setdefault(day, claim.clause.row)
            else:
                owner[day] = number
    once = {day: number for day, number in owner.items() if day not in twice}
    spans = tuple(_span(claims[number], first, last) for first, last, number in _runs(once))
    return spans, tuple(_runs(twice))


def _span(claim: Claim, first: int, last: int) -> Span:
    rows = (claim.clause.row,) * len(claim.entries)
    return Span(first=first, days=last - first + 1, entries=claim.entries, rows=rows)


def _runs(by_day: dict[int, int]) -> list[tuple[int, int, int]]:
    """Neighbouring days with the same value: first, last, value."""
    runs = []
    for (_, value), group in groupby(enumerate(sorted(by_day)), key=lambda p: (p[1] - p[0], by_day[p[1]])):
        days = [day for _, day in group]
        runs.append((days[0], days[-1], value))
    return runs
