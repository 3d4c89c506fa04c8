"""Dates in words, the same on every machine: the locale is never asked."""

from __future__ import annotations

import re
from datetime import date, datetime

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAY_PATTERN = "|".join(WEEKDAYS)
MONTH_PATTERN = "|".join(MONTHS)
_LONG = re.compile(rf"({WEEKDAY_PATTERN}) (\d{{1,2}}) ({MONTH_PATTERN}) (\d{{4}})")


def weekday(day: date) -> str:
    """`Monday`."""
    return WEEKDAYS[day.weekday()]


def month(day: date) -> str:
    """`January`."""
    return MONTHS[day.month - 1]


def day_words(day: date) -> str:
    """`Monday 5 January 2026`."""
    return f"{weekday(day)} {date_words(day)}"


def date_words(day: date) -> str:
    """`5 January 2026`."""
    return f"{day.day} {month(day)} {day.year:04d}"


def span_words(first: date, last: date) -> str:
    """`Monday 5 January 2026 to Sunday 11 January 2026`."""
    return f"{day_words(first)} to {day_words(last)}"


def month_words(day: date) -> str:
    """`January 2026`."""
    return f"{month(day)} {day.year:04d}"


def moment_words(text: str) -> str:
    """`5 January 2026, 09:30 (+01:00)` from an ISO date-time; any other text as it stands."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    offset = text[-6:] if text[-6:-5] in ("+", "-") else "UTC" if moment.tzinfo is not None else ""
    return f"{date_words(moment.date())}, {moment.hour:02d}:{moment.minute:02d}" + (f" ({offset})" if offset else "")


def read_day_words(text: str) -> date:
    """Read `Monday 5 January 2026` back; raises `ValueError` when it is no date or the weekday is not that date's."""
    match = _LONG.fullmatch(text)
    if match is None:
        raise ValueError("not a date in words")
    day = date(int(match[4]), MONTHS.index(match[3]) + 1, int(match[2]))
    if weekday(day) != match[1]:
        raise ValueError("the weekday is not that of the date")
    return day
