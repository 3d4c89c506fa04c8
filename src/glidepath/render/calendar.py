"""One fill of a signed plan as a calendar: an all-day event for each step, repeated daily."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from glidepath.errors import OversightError
from glidepath.quantity import exact_decimal
from glidepath.render import wording
from glidepath.render.fonts import missing
from glidepath.render.paper import require_signed
from glidepath.render.pieces import intake_words, slot_word
from glidepath.render.rows import Taken, is_changed, is_gated, lasting, steps_in, taken_of
from glidepath.render.view import PlanView
from glidepath.taper.schedule import Step

_INTAKE_LINE = "X-GLIDEPATH-INTAKE"


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyEvent:
    """An event as read from a calendar file."""

    starts: date
    count: int
    summary: str
    description: str
    taken: tuple[Taken, ...]


def calendar_ics(view: PlanView) -> bytes:
    """The calendar of the fill shown; the same plan and signature give the same bytes."""
    require_signed(view)
    icalendar = _library()
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Glidepath//Taper calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for step, first, days in steps_in(view, view.fill):
        calendar.add_component(_event(icalendar, view, step, first, days))
    return bytes(calendar.to_ical())


def read_events(ics: bytes) -> tuple[DailyEvent, ...]:
    """The events of a calendar file; raises `READBACK_MISMATCH` when it is no calendar of this kind."""
    try:
        calendar = _library().Calendar.from_ical(ics)
        return tuple(_read(event) for event in calendar.walk("VEVENT"))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise OversightError(
            "READBACK_MISMATCH",
            "The calendar cannot be read back.",
            field="rendering",
            fix="Nothing was written. Report this as a fault, with the plan document.",
        ) from error


def _event(icalendar: Any, view: PlanView, step: Step, first: date, days: int) -> Any:
    event = icalendar.Event()
    event.add(
        "uid",
        f"{view.digest.removeprefix('sha256:')[:32]}-fill-{view.fill_number}-step-{step.number}@glidepath.invalid",
    )
    event.add("dtstamp", _stamp(view))
    event.add("dtstart", first)
    event.add("dtend", first + timedelta(days=1))
    event.add("rrule", {"freq": "daily", "count": days})
    gate = wording.EVENT_GATE if is_gated(view, step, view.fill) else ""
    event.add("summary", gate + "; ".join(intake_words(intake) for intake in step.regimen.intakes))
    event.add("description", "\n".join(_description(view, step, first)))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    for taken in taken_of(step.regimen):
        event.add(_INTAKE_LINE, _coded(taken))
    return event


def _description(view: PlanView, step: Step, first: date) -> Iterator[str]:
    if is_gated(view, step, view.fill):
        yield wording.gate_band(first)
        yield wording.wait_text(*lasting(view))
    for intake in step.regimen.intakes:
        if is_changed(view, step, intake):
            yield f"{slot_word(intake.slot)}: {wording.changed(view.taper.drug, intake.drug)}"
        yield intake_words(intake)
    yield f"{wording.NOT_ALONE_HEADING}. {wording.NOT_ALONE}"
    yield f"{wording.MISSED_HEADING}: {wording.MISSED}"
    yield f"{wording.URGENT_HEADING}: {wording.URGENT}"
    yield from (wording.emergency_text(line) for line in view.emergency)
    yield f"{wording.EVALUATION}. {wording.SUPERVISED}."


def _coded(taken: Taken) -> str:
    return "|".join((taken.time, taken.drug, taken.product, exact_decimal(taken.units), exact_decimal(taken.intake_mg)))


def _decoded(line: str) -> Taken:
    time, drug, product, units, mg = line.split("|")
    return Taken(time, drug, product, Fraction(units), Fraction(mg))


def _read(event: Any) -> DailyEvent:
    starts = event["DTSTART"].dt
    if isinstance(starts, datetime) or event["DTEND"].dt - starts != timedelta(days=1):
        raise ValueError("not an all-day event")
    rule = event["RRULE"]
    if rule["FREQ"] != ["DAILY"] or set(rule) != {"FREQ", "COUNT"}:
        raise ValueError("not a daily event")
    lines = event.get(_INTAKE_LINE, [])
    return DailyEvent(
        starts=starts,
        count=int(rule["COUNT"][0]),
        summary=str(event["SUMMARY"]),
        description=str(event["DESCRIPTION"]),
        taken=tuple(_decoded(str(line)) for line in (lines if isinstance(lines, list) else [lines])),
    )


def _stamp(view: PlanView) -> datetime:
    """When it was signed, in UTC: never the time of writing."""
    assert view.signature is not None
    at = datetime.fromisoformat(view.signature.at)
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)).replace(microsecond=0)


def _library() -> Any:
    try:
        import icalendar
    except ImportError as error:
        raise missing("icalendar") from error
    return icalendar
