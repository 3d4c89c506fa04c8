"""From a plan, a route of a document, or a line to a dosing history: past and proposed doses are the same type.

Slots have clock times here, because levels do; a plan itself never has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from glidepath.dosing.read_sig import Reading
from glidepath.dosing.regimen import Intake, Regimen, Slot
from glidepath.errors import InputError
from glidepath.pharmacology.history import Dose, DosingHistory, every_day
from glidepath.render.document import FORMAT, Document
from glidepath.render.reading import check_digest, only_documents_of_ours, option_of, products_of, taper_of
from glidepath.taper.schedule import Taper

SLOT_HOURS = {Slot.MORNING: 8.0, Slot.NOON: 13.0, Slot.EVENING: 18.0, Slot.NIGHT: 22.0}
# How long after the last dose levels and drive are followed.
TAIL_DAYS = 56
SIGNED_FORMAT = "glidepath-signed"


def history_of_taper(taper: Taper, *, tail_days: int = TAIL_DAYS) -> DosingHistory:
    """A taper as doses at hours, after years on its first step, and `tail_days` without a dose where it stops."""
    days = [(step.regimen, step.days) for step in taper.steps]
    doses: list[Dose] = []
    first = 0
    for regimen, length in days:
        doses += (Dose(24.0 * first + d.hour, d.drug, d.mg) for d in every_day(_day(regimen), length))
        first += length
    history = DosingHistory(
        doses=tuple(doses),
        days=first,
        before=_day(taper.steps[0].regimen),
        starts=taper.steps[0].starts,
        says=f"{taper.drug}, {_end(taper)}",
    )
    if taper.ends != "stop":
        return history
    # What nobody tapers goes on as it is after the last dose of what is.
    kept = [d for d in _day(taper.steps[-1].regimen) if d.drug in taper.constant]
    after = (Dose(24.0 * first + d.hour, d.drug, d.mg) for d in every_day(kept, tail_days))
    return replace(history, doses=(*history.doses, *after), days=first + tail_days)


def history_of_document(document: Document, option: str | None = None, *, tail_days: int = TAIL_DAYS) -> DosingHistory:
    """The history of one route of a plan document (the recommended one unless named), or of a signed document."""
    with only_documents_of_ours():
        if document.get("format") == SIGNED_FORMAT:
            signed = check_digest(document, SIGNED_FORMAT)
            plan, route = check_digest(signed["plan"], FORMAT), signed["signature"]["route"]
        else:
            plan, route = check_digest(document, FORMAT), document["recommended"]
        wanted = option or route
        if wanted is None:
            raise InputError(
                "ROUTE_UNKNOWN", "The plan recommends no route.", field="option", fix="Name one with --option."
            )
        taper = taper_of(option_of(plan, wanted)["plan"], products_of(plan))
    history = history_of_taper(taper, tail_days=tail_days)
    return replace(history, says=f"the route {wanted}, {history.says}")


def _end(taper: Taper) -> str:
    return f"to a stop on {taper.stops_on}" if taper.ends == "stop" else "staying at its last dose"


def history_of_line(reading: Reading, days: int) -> DosingHistory:
    """A line as it is taken, for so many days, after years of the same."""
    day = _day(reading.regimen)
    return DosingHistory(doses=every_day(day, days), days=days, before=day, says="a line as it is taken")


def _day(regimen: Regimen) -> tuple[Dose, ...]:
    return _added(regimen.intakes)


def _added(intakes: Iterable[Intake]) -> tuple[Dose, ...]:
    """One dose for each drug and time of day; doses are exact up to here, and floats from here on."""
    totals: dict[tuple[float, str], float] = {}
    for intake in intakes:
        key = (SLOT_HOURS[intake.slot], intake.drug)
        totals[key] = totals.get(key, 0.0) + float(intake.dose.mg)
    return tuple(Dose(hour, drug, mg) for (hour, drug), mg in sorted(totals.items()) if mg > 0)
