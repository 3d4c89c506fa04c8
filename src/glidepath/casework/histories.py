"""From a plan, a route of a document, or a line to a dosing history: past and proposed doses are the same type.

Slots have clock times here, because levels do; a plan itself never has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from glidepath.dosing.read_sig import Reading
from glidepath.dosing.regimen import Regimen, Slot
from glidepath.errors import InputError
from glidepath.pharmacology.history import Dose, DosingHistory, Stretches, every_day
from glidepath.render.document import FORMAT, Document
from glidepath.render.reading import check_digest, only_documents_of_ours, option_of, products_of, taper_of
from glidepath.taper.schedule import Taper

SLOT_HOURS = {Slot.MORNING: 8.0, Slot.NOON: 13.0, Slot.EVENING: 18.0, Slot.NIGHT: 22.0}
# How long after the last dose levels and drive are followed.
TAIL_DAYS = 56
SIGNED_FORMAT = "glidepath-signed"


def stretches_of_taper(taper: Taper) -> Stretches:
    """The steps of a taper as days with doses at hours. What nobody tapers goes on after its last dose."""
    last = _day(taper.steps[-1].regimen)
    return Stretches(
        stretches=tuple((step.days, _day(step.regimen)) for step in taper.steps),
        before=_day(taper.steps[0].regimen),
        then=last if taper.ends != "stop" else tuple(dose for dose in last if dose.drug in taper.constant),
        starts=taper.steps[0].starts,
        says=f"{taper.drug}, {_end(taper)}",
        as_immediate=not_immediate(
            (piece.product.drug, piece.product.form.release)
            for step in taper.steps
            for intake in step.regimen.intakes
            for piece in intake.pieces
        ),
    )


def history_of_taper(taper: Taper, *, tail_days: int = TAIL_DAYS) -> DosingHistory:
    """A taper as doses at hours, after years on its first step, and `tail_days` without a dose where it stops."""
    found = stretches_of_taper(taper)
    return found.history(found.days + (tail_days if taper.ends == "stop" else 0))


def history_of_document(document: Document, option: str | None = None, *, tail_days: int = TAIL_DAYS) -> DosingHistory:
    """The history of one route of a plan document (the recommended one unless named), or of a signed document."""
    route, taper = taper_of_document(document, option)
    return replace(history_of_taper(taper, tail_days=tail_days), says=f"the route {route}, {taper.drug}, {_end(taper)}")


def taper_of_document(document: Document, option: str | None = None) -> tuple[str, Taper]:
    """A route of a plan document, or of a signed one, with its name. Raises DIGEST_MISMATCH and ROUTE_UNKNOWN."""
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
        return wanted, taper_of(option_of(plan, wanted)["plan"], products_of(plan))


def _end(taper: Taper) -> str:
    return f"to a stop on {taper.stops_on}" if taper.ends == "stop" else "staying at its last dose"


def history_of_line(reading: Reading, days: int) -> DosingHistory:
    """A line as it is taken, for so many days, after years of the same."""
    day = _day(reading.regimen)
    return DosingHistory(
        doses=every_day(day, days),
        days=days,
        before=day,
        says="a line as it is taken",
        as_immediate=not_immediate((taken.drug, taken.release) for taken in reading.taken),
    )


def not_immediate(taken: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The drugs with the forms that no kinetics of ours describe."""
    return tuple(dict.fromkeys(f"{drug} {release}" for drug, release in taken if release not in ("IR", "ODT")))


def _day(regimen: Regimen) -> tuple[Dose, ...]:
    return doses_of_a_day((intake.slot, intake.drug, intake.dose.mg) for intake in regimen.intakes)


def doses_of_a_day(taken: Iterable[tuple[Slot, str, Fraction]]) -> tuple[Dose, ...]:
    """One dose for each drug and time of day (of two releases, say); exact up to here, and floats from here on."""
    totals: dict[tuple[float, str], Fraction] = {}
    for slot, drug, mg in taken:
        key = (SLOT_HOURS[slot], drug)
        totals[key] = totals.get(key, Fraction(0)) + mg
    return tuple(Dose(hour, drug, float(mg)) for (hour, drug), mg in sorted(totals.items()) if mg > 0)
