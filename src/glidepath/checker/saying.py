"""A written taper said back in words, span by span, so that a person can compare it with what they have in hand."""

from __future__ import annotations

from glidepath.checker.course import say_mg
from glidepath.checker.written import Entry, Span, WrittenTaper

_AT = {"morning": "in the morning", "noon": "at noon", "evening": "in the evening", "night": "at night", "": "a day"}


def said_back(taper: WrittenTaper) -> tuple[str, ...]:
    """What was read: the reader's own words for a letter, otherwise one line for each run of like days."""
    if taper.kind == "letter":
        return taper.understood
    before = (f"before day 1: {_taken(taper.before)}",) if taper.before else ()
    return (*taper.understood, *before, *(f"{_days(taper, span)}: {_taken(span.entries)}" for span in taper.spans))


def _days(taper: WrittenTaper, span: Span) -> str:
    first, last = (taper.on(day) or day for day in (span.first, span.last))
    if span.days == 1:
        return str(first) if taper.starts else f"day {first}"
    return f"{first} to {last}" if taper.starts else f"days {first} to {last}"


def _taken(entries: tuple[Entry, ...]) -> str:
    said: list[str] = []
    for drug in dict.fromkeys(e.drug for e in entries):
        of_drug = [e for e in entries if e.drug == drug and e.dose]
        if not of_drug:
            said.append(f"{drug} nothing")
            continue
        said.append(f"{drug} " + ", ".join(_dose(e) for e in of_drug))
    return "; ".join(said)


def _dose(entry: Entry) -> str:
    release = f" {entry.release}" if entry.release in ("XR", "SL") else ""
    made = ""
    if entry.product and entry.units is not None:
        made = f" ({say_mg(entry.units)} x {entry.product})"
    elif entry.product:
        made = f" ({entry.product})"
    return f"{say_mg(entry.dose)} mg{release} {_AT[entry.time]}{made}"
