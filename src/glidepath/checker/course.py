"""The course of a taper day by day, in whole numbers: which days are known, what is taken on them, and how it is told.

Amounts are kept as integers on one common denominator (`Course.scale` of them make a mg), so that comparing days is
comparing integers. Nothing here judges anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import lcm

from glidepath.checker.written import Entry, WrittenTaper
from glidepath.errors import InputError
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Drug, Equivalent
from glidepath.quantity import exact_decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Neighbouring known days with the same doses; `first` is 0 for what was taken before day 1.

    `totals` has each drug's day and `times` each drug's dose at a named time, in parts of a mg (`Course.scale`).
    `untimed` names the drugs with a dose that has no time. `until` is the last day of the span it belongs to.
    """

    first: int
    last: int
    until: int
    row: int
    totals: Mapping[str, int]
    times: Mapping[tuple[str, str], int]
    untimed: frozenset[str]

    @property
    def days(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A taper as days. `stretches` has the known days, with what was taken before as the first one where it is stated.

    `in_play` are the drugs whose daily total ever changes; `moving_to` is the last day of the part in which one drug is
    exchanged for another (0: there is none); `stop` is the first day of the zero at the end, or None.
    """

    scale: int
    stretches: tuple[Stretch, ...]
    drugs: tuple[str, ...]
    in_play: tuple[str, ...]
    moving_to: int
    stop: int | None
    uncovered: tuple[tuple[int, int, int], ...]
    twice: tuple[tuple[int, int, int], ...]
    unsaid: tuple[tuple[str, int, int, int], ...] = ()

    @property
    def before(self) -> Stretch | None:
        return self.stretches[0] if self.stretches and self.stretches[0].first == 0 else None

    @property
    def planned(self) -> tuple[Stretch, ...]:
        """The known days from day 1 on."""
        return self.stretches[1:] if self.before else self.stretches

    @property
    def live(self) -> tuple[Stretch, ...]:
        """Every known day before the stop, `before` included."""
        return tuple(s for s in self.stretches if self.stop is None or s.first < self.stop)

    @property
    def several(self) -> bool:
        return len(self.in_play) > 1

    @property
    def measured_drugs(self) -> tuple[str, ...]:
        """The drugs that are counted: those in play, or the first one where nothing changes."""
        return self.in_play or self.drugs[:1]

    @property
    def takes_anything(self) -> bool:
        return any(amount for s in self.planned for amount in s.totals.values())

    def mg(self, parts: int) -> Fraction:
        return Fraction(parts, self.scale)


def course_of(taper: WrittenTaper) -> Course:
    """The days of a written taper. Days that nobody or more than one row claims are left out, never read as zero."""
    scale = lcm(
        *(e.dose.denominator for s in taper.spans for e in s.entries), *(e.dose.denominator for e in taper.before)
    )
    twice = tuple(taper.covered_twice)
    stretches: list[Stretch] = []
    if taper.before:
        stretches.append(_stretch(taper.before, scale, 0, 0, 0, 0))
    for span in taper.spans:
        taken = _stretch(span.entries, scale, span.first, span.last, span.last, span.row)
        pieces = _without(span.first, span.last, twice)
        stretches += [taken if (a, b) == (span.first, span.last) else _moved(taken, a, b) for a, b in pieces]
    drugs = taper.drugs
    in_play = tuple(d for d in drugs if len({s.totals.get(d, 0) for s in stretches}) > 1)
    counted = in_play or drugs[:1]
    return Course(
        scale=scale,
        stretches=tuple(stretches),
        drugs=drugs,
        in_play=in_play,
        moving_to=_moving_to(stretches, in_play),
        stop=_stop(stretches, counted),
        uncovered=_uncovered(taper, twice),
        twice=twice,
        unsaid=_unsaid(taper),
    )


def _unsaid(taper: WrittenTaper) -> tuple[tuple[str, int, int, int], ...]:
    """Days on which a drug that was taken before has no row, not even one of nothing, while another drug has one."""
    taken: dict[str, int] = {e.drug: 0 for e in taper.before if e.dose}
    found: list[tuple[str, int, int, int]] = []
    for span in taper.spans:
        named = {e.drug for e in span.entries}
        for drug in taken:
            if drug in named:
                continue
            if found and found[-1][0] == drug and found[-1][2] == span.first - 1:
                found[-1] = (drug, found[-1][1], span.last, found[-1][3])
            elif named:
                found.append((drug, span.first, span.last, span.row))
        for entry in span.entries:
            if entry.dose:
                taken[entry.drug] = span.row
            else:
                taken.pop(entry.drug, None)
    return tuple(found)


def _stretch(entries: Iterable[Entry], scale: int, first: int, last: int, until: int, row: int) -> Stretch:
    totals: dict[str, int] = {}
    times: dict[tuple[str, str], int] = {}
    untimed: set[str] = set()
    for entry in entries:
        parts = entry.dose.numerator * (scale // entry.dose.denominator)
        if not parts:
            continue
        drug = entry.drug
        totals[drug] = totals.get(drug, 0) + parts
        if entry.time:
            times[drug, entry.time] = times.get((drug, entry.time), 0) + parts
        else:
            untimed.add(drug)
    return Stretch(first=first, last=last, until=until, row=row, totals=totals, times=times, untimed=frozenset(untimed))


def _moved(taken: Stretch, first: int, last: int) -> Stretch:
    return Stretch(
        first=first,
        last=last,
        until=taken.until,
        row=taken.row,
        totals=taken.totals,
        times=taken.times,
        untimed=taken.untimed,
    )


def _without(first: int, last: int, holes: Iterable[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """The days first to last without the holes, as runs."""
    pieces = [(first, last)]
    for a, b, _ in holes:
        cut = [((lo, min(hi, a - 1)), (max(lo, b + 1), hi)) for lo, hi in pieces]
        pieces = [(lo, hi) for pair in cut for lo, hi in dict.fromkeys(pair) if lo <= hi]
    return pieces


def _uncovered(taper: WrittenTaper, twice: tuple[tuple[int, int, int], ...]) -> tuple[tuple[int, int, int], ...]:
    """Runs of days that no row claims, each with the row after it (or, failing that, the row before it)."""
    claimed = sorted([(s.first, s.last, s.row) for s in taper.spans] + list(twice))
    runs: list[tuple[int, int, int]] = []
    reached, row_before = 0, 0
    for first, last, row in claimed:
        if first > reached + 1:
            runs.append((reached + 1, first - 1, row or row_before))
        if last > reached:
            reached, row_before = last, row
    return tuple(runs)


def _moving_to(stretches: list[Stretch], in_play: tuple[str, ...]) -> int:
    if len(in_play) < 2:
        return 0
    rising = [
        now.until
        for was, now in pairwise(stretches)
        if any(now.totals.get(d, 0) > was.totals.get(d, 0) for d in in_play)
    ]
    return max(rising, default=0)


def _stop(stretches: list[Stretch], counted: tuple[str, ...]) -> int | None:
    first: int | None = None
    for stretch in reversed(stretches):
        if stretch.first == 0 or any(stretch.totals.get(d, 0) for d in counted):
            break
        first = stretch.first
    return first


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A way to add up a day: mg of the measure for 1 mg of each drug. `table` and `end` are "" for mg of one drug."""

    name: str
    table: str
    end: str
    weights: Mapping[str, Fraction]
    sources: tuple[str, ...] = ()


def plain_reading(course: Course) -> Reading:
    """Mg of the one drug that is counted."""
    drugs = course.measured_drugs
    name = f"mg of {drugs[0]}" if drugs else ""
    return Reading(name=name, table="", end="", weights=dict.fromkeys(drugs, Fraction(1)))


@lru_cache(maxsize=256)
def table_readings(drugs: tuple[str, ...], formulary: Formulary) -> tuple[tuple[Reading, Reading], ...]:
    """The low and the high reading of every table that has a converting row for each of the drugs."""
    rows = [converting_rows(drug, formulary) for drug in drugs]
    usable = [table for table in rows[0] if all(table in other for other in rows)] if rows else []
    return tuple((_reading(table, "low", drugs, rows), _reading(table, "high", drugs, rows)) for table in usable)


def _reading(table: str, end: str, drugs: tuple[str, ...], rows: list[dict[str, Equivalent]]) -> Reading:
    chosen = [of_drug[table] for of_drug in rows]
    return Reading(
        name=f"mg diazepam-equivalent ({table})",
        table=table,
        end=end,
        weights={
            d: Fraction(10) / (r.high_mg if end == "low" else r.low_mg) for d, r in zip(drugs, chosen, strict=True)
        },
        sources=tuple(dict.fromkeys(r.source for r in chosen)),
    )


def converting_rows(drug: str, formulary: Formulary) -> dict[str, Equivalent]:
    """The rows of a drug that may convert, by table."""
    known = facts_of(drug, formulary)
    return {} if known is None else {row.table: row for row in known.equivalents if row.converts}


def facts_of(drug: str, formulary: Formulary) -> Drug | None:
    try:
        return formulary.drug(drug)
    except InputError:
        return None


def say_mg(value: Fraction) -> str:
    """Mg without their unit: exact, or "about 0.33" where no decimal is exact."""
    try:
        return exact_decimal(value)
    except ValueError:
        places = 2 if value >= Fraction(1, 10) else 4
        scaled = round(value * 10**places)
        return "about " + exact_decimal(Fraction(scaled, 10**places))


def say_day(day: int, row: int = 0) -> str:
    """ "day 15 (row 3)"; what was taken before day 1 is "before day 1"."""
    if day < 1:
        return "before day 1"
    return f"day {day} (row {row})" if row else f"day {day}"


def say_days(first: int, last: int) -> str:
    return f"day {first}" if first == last else f"days {first} to {last}"


def some_of(texts: Iterable[str], most: int = 8) -> str:
    """The first few texts, then how many more there are."""
    every = list(texts)
    shown = "; ".join(every[:most])
    return f"{shown}; and {len(every) - most} more" if len(every) > most else shown
