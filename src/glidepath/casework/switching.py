"""What a request says of a switch: to which drug, by which table, and why it may be withheld for this person."""

from __future__ import annotations

from fractions import Fraction

from glidepath.casework.request import PlanRequest
from glidepath.dosing.equivalence import Equivalences
from glidepath.dosing.regimen import Regimen
from glidepath.errors import InputError, RefusedError
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Drug
from glidepath.guidance.pacing import pace_of
from glidepath.patient.person import Answer, Person
from glidepath.quantity import rounded_down, rounded_up, trimmed
from glidepath.taper.goal import SwitchWish
from glidepath.taper.switch import target_doses

DEFAULT_SWITCH = "diazepam"


def refuse_unplanned(drug: Drug) -> None:
    if drug.not_planned is not None:
        raise RefusedError(
            "DRUG_NOT_PLANNED",
            f"No plan is made for {drug.name.replace('_', ' ')}: {drug.not_planned}",
            field="drug",
            fix="Refer to a specialist service.",
        )


def switch_target(request: PlanRequest, formulary: Formulary, drug: str) -> str:
    target = DEFAULT_SWITCH if request.switch is None else formulary.drug(request.switch.strip().casefold()).name
    if request.switch is None:
        return target
    if target == drug:
        raise RefusedError(
            "SWITCH_TARGET_INVALID",
            "The switch names the drug that is already taken.",
            field="switch",
            fix="Name a longer-acting drug, for example --switch diazepam.",
        )
    refuse_unplanned(formulary.drug(target))
    now, then = formulary.drug(drug).half_life_h, formulary.drug(target).half_life_h
    if now is None or then is None or not now.value or not then.value or Fraction(then.value) <= Fraction(now.value):
        raise RefusedError(
            "SWITCH_TARGET_INVALID",
            f"{target} is not known to act longer than {drug}; a switch only goes to a longer-acting drug.",
            field="switch",
            fix="Name a longer-acting drug, for example --switch diazepam.",
        )
    return target


def switch_wish(
    request: PlanRequest,
    formulary: Formulary,
    drug: str,
    target: str,
    person: Person,
    recorded: Regimen,
    equivalences: Equivalences,
    slower: tuple[str, ...],
) -> SwitchWish:
    tables = equivalences.tables(drug, target)
    asked = request.switch is not None or request.table is not None
    if request.switch is not None and request.table is None:
        raise RefusedError(
            "EQUIV_SOURCE_REQUIRED",
            "A switch needs the name of the equivalence table it goes by; tables differ up to several-fold.",
            field="table",
            fix="Choose one with --table NAME.",
            details=_what_tables_say(recorded, equivalences, drug, target),
        )
    if request.table is not None and request.table.upper() not in tables:
        raise InputError(
            "EQUIV_TABLE_UNKNOWN",
            f"The table does not convert {drug} to {target}.",
            field="table",
            fix=f"Tables that do: {', '.join(tables) or 'none'}.",
            seen=request.table,
        )
    t = formulary.thresholds
    slot, check = t["switch_slot_days"], t["switch_check_days"]
    return SwitchWish(
        to=target,
        table=None if request.table is None else request.table.upper(),
        pace=pace_of(request.pace_wish(), target, formulary.profiles, t, slower),
        slot_days=request.days("switch_every", slot.whole, int(slot.low or slot.value), int(slot.high or slot.value)),
        settle_days=t["switch_hold_days"].whole,
        check_days=(int(check.low or check.value), int(check.high or check.value)),
        asked_for=asked,
        withheld=_switch_withheld(drug, target, person, tables),
    )


def _switch_withheld(drug: str, target: str, person: Person, tables: tuple[str, ...]) -> str | None:
    if drug == target:
        return f"{drug} is itself the longer-acting drug."
    if person.liver is Answer.YES:
        return f"Severe liver disease: {target} would accumulate. Specialist advice first."
    if person.liver is Answer.UNKNOWN:
        return f"Whether there is severe liver disease is not known, and {target} would accumulate in it (--liver)."
    if person.age is None:
        return f"The age is not known, and {target} accumulates in older people (--age)."
    if not tables:
        return f"No loaded table converts {drug} to {target}."
    return None


def _what_tables_say(recorded: Regimen, equivalences: Equivalences, drug: str, target: str) -> tuple[str, ...]:
    """One line per loaded table: what it makes of the recorded daily dose."""
    total = recorded.total(drug)
    lines = []
    for dose in target_doses(recorded, equivalences, drug, target):
        low, high = trimmed(rounded_down(dose.span.low, 2)), trimmed(rounded_up(dose.span.high, 2))
        span = low if low == high else f"{low} to {high}"
        mark = "" if dose.verified else " (not verified)"
        lines.append(f"{dose.table}: {total} {drug} a day = {span} mg {target} a day{mark}")
    return tuple(lines)
