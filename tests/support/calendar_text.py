"""A calendar file read as plain text: unfolded lines, all-day events repeated daily, what is taken on each date."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

Taken = tuple[str, str, str, Fraction]  # time, drug, product, units


def read_calendar(ics: bytes) -> dict[str, list[Taken]]:
    """What each date of a calendar says is taken, from the coded line of each intake."""
    lines = ics.decode("utf-8").replace("\r\n ", "").split("\r\n")
    taken: dict[str, list[Taken]] = {}
    event: list[tuple[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            event = []
        elif line == "END:VEVENT":
            _add(event, taken)
        else:
            event.append((name, value))
    return taken


def _add(event: list[tuple[str, str]], taken: dict[str, list[Taken]]) -> None:
    values = {name.partition(";")[0]: value for name, value in event}
    first = date(int(values["DTSTART"][:4]), int(values["DTSTART"][4:6]), int(values["DTSTART"][6:8]))
    count = int(dict(part.split("=") for part in values["RRULE"].split(";"))["COUNT"])
    intakes = []
    for name, value in event:
        if name.startswith("X-GLIDEPATH-INTAKE"):
            time, drug, product, units, _ = value.replace("\\,", ",").split("|")
            intakes.append((time, drug, product, Fraction(units)))
    for offset in range(count):
        on = (first + timedelta(days=offset)).isoformat()
        if on in taken:
            raise ValueError(f"{on} is in two events")
        taken[on] = list(intakes)
