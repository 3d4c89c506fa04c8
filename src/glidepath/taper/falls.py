"""Falls in dose: what a step is measured by, rolling windows, and days beyond the limit."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from glidepath.guidance.pace import Pace
from glidepath.quantity import exact_decimal
from glidepath.taper.proof import Limits
from glidepath.taper.schedule import Taper

Row = tuple[date, date, Fraction]  # first day, last day, dose


def measured(taper: Taper, limits: Limits) -> tuple[list[Row], str]:
    """The dose each step is judged by, as (first day, last day, value), and the unit of the value.

    Mg of the tapered drug; during and after a switch, diazepam-equivalent mg of both drugs under the chosen
    table (the middle of a range is never taken: the low reading is).
    """
    if len(taper.drugs) == 1:
        return [(s.starts, s.ends, s.regimen.total(taper.drug).mg) for s in taper.steps], "mg"
    rows = []
    for step in taper.steps:
        span = limits.equivalences.of_day(step.regimen, limits.table or "", taper.drugs)
        rows.append((step.starts, step.ends, span.low if span else Fraction(0)))
    return rows, f"mg diazepam-equivalent ({limits.table})"


def rolling_fall(rows: list[Row], window_days: int) -> tuple[Fraction, date, Fraction, Fraction]:
    """The largest (dose_d - dose_e) / dose_d over days d and e in d+1 … d+window.

    The last dose is carried on, so the stop is left out. Returns the fall, the first day e it is reached, and
    the two doses. Only the last day of each step needs looking at: it sees furthest for its dose.
    """
    worst = (Fraction(0), rows[0][0], rows[0][2], rows[0][2])
    for index, (_, ends, dose) in enumerate(rows):
        if dose == 0:
            continue
        reach = ends + timedelta(days=window_days)
        for starts, _, later in rows[index + 1 :]:
            if starts > reach:
                break
            fall = (dose - later) / dose
            if fall > worst[0]:
                worst = (fall, starts, dose, later)
    return worst


def falls_over(rows: list[Row], window_days: int, limit: Fraction) -> list[tuple[Fraction, date, Fraction, Fraction]]:
    """For each step that begins more than `limit` below a day of the window before it: the fall, its first day and
    the two doses, measured from the highest dose that the window still sees."""
    found = []
    for index, (starts, _, later) in enumerate(rows):
        seen = [dose for _, ends, dose in rows[:index] if ends + timedelta(days=window_days) >= starts]
        before = max(seen, default=later)
        if before and (before - later) / before > limit:
            found.append(((before - later) / before, starts, before, later))
    return found


def asked_in_window(pace: Pace, dose: Fraction, window_days: int) -> Fraction:
    """The fall that the asked pace makes from `dose` in a window, over every step that can begin inside it.

    A pace with bands asks for another fraction at each dose, so its steps are taken one after another.
    """
    if pace.is_constant or not dose:
        return pace.compounded(window_days)
    left = dose
    for _ in range(-(-window_days // pace.usual_hold_days)):
        left -= left * pace.asked_at(left) if left else 0
    return 1 - left / dose


def is_above_pace(rows: list[Row], pace: Pace, window_days: int) -> bool:
    """Whether any fall inside a rolling window is larger than the asked pace makes from its dose."""
    for index, (_, ends, dose) in enumerate(rows):
        reach = ends + timedelta(days=window_days)
        for starts, _, later in rows[index + 1 :]:
            if starts > reach:
                break
            if later < dose and (dose - later) / dose > asked_in_window(pace, dose, window_days):
                return True
    return False


def percent(fraction: Fraction) -> str:
    """A fraction as percent for a person: one decimal, two where one would hide which side of a limit it is on."""
    tenths = int(fraction * 1000 + Fraction(1, 2))
    if tenths % 10:
        return f"{tenths // 10}.{tenths % 10} %"
    if fraction * 1000 == tenths:
        return f"{tenths // 10} %"
    return f"{float(fraction) * 100:.2f} %"


def mg_text(value: Fraction) -> str:
    """A number of mg: exact where it has a finite decimal, otherwise two places marked "about"."""
    try:
        return exact_decimal(value)
    except ValueError:
        return f"about {float(value):.2f}"


def days_over(taper: Taper, limits: Limits) -> int:
    """Days on which the dose is more than the ceiling fraction below some day of the 14 before it."""
    rows, _ = measured(taper, limits)
    count = 0
    for index, (starts, ends, dose) in enumerate(rows):
        over_until: date | None = None
        for _, earlier_ends, earlier in reversed(rows[:index]):
            if earlier_ends + timedelta(days=limits.ceiling_days) < starts:
                break  # the rows are in order of days, so none before it reaches this one
            if earlier and (earlier - dose) / earlier > limits.ceiling_frac:
                until = earlier_ends + timedelta(days=limits.ceiling_days)
                over_until = until if over_until is None else max(over_until, until)
        if over_until is not None and over_until >= starts:
            count += (min(over_until, ends) - starts).days + 1
    return count
