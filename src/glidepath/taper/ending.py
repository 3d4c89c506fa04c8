"""The end of a plan, said aloud: the last dose, the size of the last jump, why, and what else there is."""

from __future__ import annotations

from fractions import Fraction

from glidepath.dosing.supply import NEVER_DIVIDED
from glidepath.facts.model import Product, Split
from glidepath.quantity import exact_decimal, rounded_down, rounded_up, trimmed
from glidepath.taper.direct import Leg
from glidepath.taper.goal import Goal
from glidepath.taper.proposal import EndNote
from glidepath.taper.schedule import Taper


def end_note(goal: Goal, taper: Taper, leg: Leg) -> EndNote:
    """What a person must be told about how this plan ends."""
    drug, last = taper.last_drug, taper.last_dose
    if taper.ends == "maintain":
        return EndNote(
            last_dose=last,
            drug=drug,
            jump="none: the plan stays at this dose",
            reason="The dose to stay at was asked for.",
            alternatives=("Review at least every three months whether to go on.",),
        )
    span = goal.equivalences.widest(drug, last.mg)
    jump = f"{last} {drug} a day to nothing"
    if span is not None:
        low, high = trimmed(rounded_down(span.low, 2)), trimmed(rounded_up(span.high, 2))
        jump += f" ({low} to {high} mg diazepam-equivalent, all loaded tables)"
    if goal.last_dose_reason and drug == goal.drug:
        reason = f"The last dose was chosen by the prescriber: {goal.last_dose_reason}"
    elif leg.supply.liquid is not None and any(
        p.product.form.is_liquid for i in taper.steps[-1].regimen.of_drug(drug) for p in i.pieces
    ):
        least = exact_decimal(leg.supply.syringe.least)
        floor = exact_decimal(goal.liquid_floor_diazepam_mg)
        reason = (
            f"The smallest daily dose with a syringe of at least {least} mL and not below {floor} mg "
            "diazepam-equivalent by the highest table."
        )
    else:
        reason = "The smallest daily dose that these products make."
    return EndNote(
        last_dose=last, drug=drug, jump=jump, reason=reason, alternatives=_alternatives(goal, taper, last.mg)
    )


def _alternatives(goal: Goal, taper: Taper, last_mg: Fraction) -> tuple[str, ...]:
    drug = taper.last_drug
    release = goal.release(drug)
    found = []
    used = {p.product.name for i in taper.steps[-1].regimen.of_drug(drug) for p in i.pieces}
    smaller = [
        p
        for p in goal.products.get(drug, ())
        if p.form.release in (release, "ODT" if release == "IR" else release)
        and p.name not in used
        and _smallest_day(goal, p) < last_mg
    ]
    if smaller:
        found.append("a smaller form: " + ", ".join(p.name for p in smaller[:3]))
    unsplit = [
        p.name
        for p in goal.products.get(drug, ())
        if p.halves in (Split.VARIES, Split.UNKNOWN)
        and p.form not in NEVER_DIVIDED
        and p.form.is_counted
        and p.name not in goal.confirmed
        and p.form.release == release
        and p.strength / 2 < last_mg
    ]
    if unsplit:
        found.append(f'halves, if a pharmacist confirms the tablet in hand (--splits "{unsplit[0]}")')
    found.append("a compounded product, if a pharmacist makes one (declare it with --product)")
    if len(taper.drugs) == 1 and drug != goal.switch.to:
        found.append(f"a staged switch to {goal.switch.to} (--switch, with a named table)")
    if len(taper.steps[0].regimen.of_drug(taper.drug)) > 1 and goal.slot_rule.keep is None:
        found.append("bringing the last doses together at one time of day, where that is right (--keep night)")
    found.append("staying at this dose, reviewed at least every three months")
    return tuple(found)


def _smallest_day(goal: Goal, product: Product) -> Fraction:
    """The smallest daily dose in mg that one product could end on alone, undivided."""
    if product.form.is_counted:
        return product.strength
    span = goal.equivalences.widest(product.drug, Fraction(1))
    floor = Fraction(0) if span is None else goal.liquid_floor_diazepam_mg / span.high
    return max(product.strength * goal.syringe.least, floor)
