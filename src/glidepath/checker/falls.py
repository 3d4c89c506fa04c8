"""How far and how fast a dose falls, and where it rises: looked at day by day, every day against those before it.

This is written naively on purpose. A day is compared with each of the days before it; no property of steps is used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import lcm

from glidepath.checker.course import Course, Reading, Stretch, plain_reading, table_readings
from glidepath.checker.report import Fall, Rise
from glidepath.facts.formulary import Formulary
from glidepath.quantity import exact_decimal

# ASAM 2025: not more than 25 % in two weeks; the usual first step is 5 to 10 % every two to four weeks.
LIMIT_14D = Fraction(1, 4)
LIMIT_28D = 1 - (1 - LIMIT_14D) ** 2
USUAL = Fraction(1, 10)

_BACK = 28
_UNKNOWN = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Falls:
    """The falls of a taper by one reading. `over` has the first day of every fall beyond the limit in 14 days."""

    step: Fall | None
    in_14: Fall | None
    in_28: Fall | None
    over: tuple[Fall, ...]
    days_over: int

    @property
    def first_over(self) -> Fall | None:
        return self.over[0] if self.over else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the taper looks like by one reading."""

    reading: Reading
    falls: Falls
    rises: tuple[Rise, ...]


def day_values(course: Course, reading: Reading, until: int | None = None) -> tuple[list[int], int]:
    """The measured total of each day before the stop, from 28 days before day 1 on, and how many parts make a mg.

    The value of day d is at place d + 27. Days that are not known hold -1. `until` leaves out the days after it.
    """
    parts = lcm(*(w.denominator for w in reading.weights.values()))
    weights = {d: w.numerator * (parts // w.denominator) for d, w in reading.weights.items()}
    live = [s for s in course.live if until is None or s.first <= until]
    last = live[-1].last if live else 0
    last = last if until is None else min(last, until)
    values = [_UNKNOWN] * (_BACK + last)
    for stretch in live:
        total = sum(w * stretch.totals.get(d, 0) for d, w in weights.items())
        if stretch.first == 0:
            values[:_BACK] = [total] * _BACK
        else:
            end = min(stretch.last, last)
            values[stretch.first + _BACK - 1 : end + _BACK] = [total] * (end - stretch.first + 1)
    return values, parts * course.scale


class _Worst:
    """The largest fall seen so far, and the places of its two days: of equal falls, the first one."""

    __slots__ = ("fall", "high", "pair")

    def __init__(self) -> None:
        self.fall, self.high = 0, 1
        self.pair: tuple[int, int] | None = None

    def see(self, window: list[int], dose: int, first: int, here: int) -> None:
        """Look at the days before a day, the first of them at place `first`."""
        most = max(window)
        if (most - dose) * self.high > self.fall * most:
            self.fall, self.high = most - dose, most
            # To zero, a fall is of the whole from any dose, so the first one counts.
            back = window.index(most) if dose else next(p for p, value in enumerate(window) if value > 0)
            self.pair = (first + back, here)


def measured_runs(course: Course, reading: Reading) -> tuple[tuple[int, int, Fraction], ...]:
    """First day, last day and measured dose of each run of known days from day 1 on, the stop included."""
    return tuple((s.first, s.last, _measured(s, course, reading)) for s in course.planned)


def start_dose(course: Course, reading: Reading) -> Fraction | None:
    """The measured dose of the first known day, or of the days before the taper where that is stated."""
    return _measured(course.stretches[0], course, reading) if course.stretches else None


def _measured(stretch: Stretch, course: Course, reading: Reading) -> Fraction:
    return sum((w * stretch.totals.get(d, 0) for d, w in reading.weights.items()), Fraction(0)) / course.scale


def falls_in(course: Course, reading: Reading, until: int | None = None) -> Falls:
    """Every fall of the taper by one reading; the step to zero at the end is not among them."""
    values, parts = day_values(course, reading, until)
    step, in_14, in_28 = _Worst(), _Worst(), _Worst()
    over: list[tuple[int, int]] = []
    days_over = 0
    known = _BACK - 1 if values[_BACK - 1] != _UNKNOWN else None
    for here in range(_BACK, len(values)):
        dose = values[here]
        if dose == _UNKNOWN:
            continue
        fell = known is not None and values[known] > dose
        if known is not None and fell:
            step.see([values[known]], dose, known, here)
        month = values[here - 28 : here]
        if max(month) > dose:
            in_28.see(month, dose, here - 28, here)
            fortnight = month[14:]
            most = max(fortnight)
            if most > dose:
                in_14.see(fortnight, dose, here - 14, here)
                if (most - dose) * LIMIT_14D.denominator > most * LIMIT_14D.numerator:
                    days_over += 1
                    # The day of a fall, not the days after it on which the same dose is still taken.
                    if fell:
                        over.append((here - 1 - fortnight[::-1].index(most), here))
        known = here
    rows = {s.first: s.row for s in course.planned}

    def told(pair: tuple[int, int] | None) -> Fall | None:
        return None if pair is None else _fall(values, parts, pair, rows)

    return Falls(
        step=told(step.pair),
        in_14=told(in_14.pair),
        in_28=told(in_28.pair),
        over=tuple(_fall(values, parts, pair, rows) for pair in over),
        days_over=days_over,
    )


def _fall(values: list[int], parts: int, pair: tuple[int, int], rows: dict[int, int]) -> Fall:
    high, low = values[pair[0]], values[pair[1]]
    day = pair[1] - _BACK + 1
    return Fall(
        fraction=Fraction(high - low, high),
        day=day,
        from_day=max(0, pair[0] - _BACK + 1),
        from_mg=Fraction(high, parts),
        to_mg=Fraction(low, parts),
        row=rows[max(first for first in rows if first <= day)],
    )


def measure(course: Course, formulary: Formulary, table: str | None) -> tuple[Measured, ...]:
    """The taper by each reading that may be used, the one to report first; none when no table covers every drug.

    One drug in play is measured in its own mg. Several are by the low reading of the chosen table, or of every table
    where none was chosen: then the one with the largest fall in 14 days comes first.
    """
    own = drug_rises(course)
    if not course.several:
        reading = plain_reading(course)
        return (Measured(reading=reading, falls=falls_in(course, reading), rises=own),)
    lows = [low for low, _ in table_readings(course.in_play, formulary)]
    if table is not None:
        lows = [r for r in lows if r.table.casefold() == table.strip().casefold()]
    every = [
        Measured(reading=r, falls=falls, rises=_in_order(rises + own)) for r, falls, rises in _by_each(course, lows)
    ]
    worst = max(every, key=lambda m: m.falls.in_14.fraction if m.falls.in_14 else Fraction(0), default=None)
    return () if worst is None else (worst, *(m for m in every if m is not worst))


def _by_each(course: Course, readings: list[Reading]) -> list[tuple[Reading, Falls, tuple[Rise, ...]]]:
    """Falls and rises by each reading. Tables in one proportion differ only in size: each is worked out once."""
    found: dict[tuple[Fraction, ...], tuple[Fraction, Falls, tuple[Rise, ...]]] = {}
    out: list[tuple[Reading, Falls, tuple[Rise, ...]]] = []
    for reading in readings:
        size, shape = proportions(reading)
        if shape not in found:
            found[shape] = (size, falls_in(course, reading), total_rises(course, reading))
        unit, falls, rises = found[shape]
        if unit != size:
            factor = size / unit
            falls = _times(falls, factor)
            rises = tuple(replace(r, from_mg=r.from_mg * factor, to_mg=r.to_mg * factor) for r in rises)
        out.append((reading, falls, rises))
    return out


def proportions(reading: Reading) -> tuple[Fraction, tuple[Fraction, ...]]:
    """The weight of the first drug, and every weight as a share of it."""
    weights = list(reading.weights.values())
    return weights[0], tuple(w / weights[0] for w in weights)


def _times(falls: Falls, factor: Fraction) -> Falls:
    return Falls(
        step=falls.step and scaled(falls.step, factor),
        in_14=falls.in_14 and scaled(falls.in_14, factor),
        in_28=falls.in_28 and scaled(falls.in_28, factor),
        over=tuple(scaled(f, factor) for f in falls.over),
        days_over=falls.days_over,
    )


def scaled(fall: Fall, factor: Fraction) -> Fall:
    """The same fall in a measure that is `factor` times as large."""
    return replace(fall, from_mg=fall.from_mg * factor, to_mg=fall.to_mg * factor)


def total_rises(course: Course, reading: Reading) -> tuple[Rise, ...]:
    """Days on which the total by a table is above that of the known day before."""
    rises: list[Rise] = []
    totals = [sum((w * s.totals.get(d, 0) for d, w in reading.weights.items()), Fraction(0)) for s in course.stretches]
    for place in range(1, len(totals)):
        was, now = totals[place - 1], totals[place]
        if now > was:
            at = course.stretches[place]
            rises.append(
                Rise(day=at.first, row=at.row, drug="", time="", from_mg=was / course.scale, to_mg=now / course.scale)
            )
    return tuple(rises)


def drug_rises(course: Course) -> tuple[Rise, ...]:
    """Rises of single drugs, of the day and at each time of day; not those inside the moving part of an exchange."""
    rises: list[Rise] = []
    for was, now in pairwise(course.stretches):
        moving = now.first <= course.moving_to
        for drug in course.drugs:
            if moving and drug in course.in_play:
                continue
            before, after = was.totals.get(drug, 0), now.totals.get(drug, 0)
            if after > before:
                rises.append(_rise(course, now, drug, "", before, after))
            if drug in was.untimed or drug in now.untimed:
                continue
            for (name, time), dose in now.times.items():
                if name == drug and dose > was.times.get((drug, time), 0):
                    rises.append(_rise(course, now, drug, time, was.times.get((drug, time), 0), dose))
    return tuple(rises)


def _rise(course: Course, at: Stretch, drug: str, time: str, was: int, now: int) -> Rise:
    return Rise(day=at.first, row=at.row, drug=drug, time=time, from_mg=course.mg(was), to_mg=course.mg(now))


def _in_order(rises: tuple[Rise, ...]) -> tuple[Rise, ...]:
    return tuple(sorted(rises, key=lambda r: r.day))


def percent(value: Fraction, *limits: Fraction) -> str:
    """A fraction as percent, to one decimal; to two where one would hide on which side of a limit it lies."""
    for places in (1, 2):
        scaled = round(value * 100 * 10**places)
        shown = Fraction(scaled, 100 * 10**places)
        if all((shown > limit) == (value > limit) and (shown < limit) == (value < limit) for limit in limits):
            return f"{exact_decimal(shown * 100)} %"
    near = min(limits, key=lambda limit: abs(limit - value))
    return f"just {'over' if value > near else 'under'} {exact_decimal(near * 100)} %"
