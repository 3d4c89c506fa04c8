"""From a request and what was read to one planning goal: who, what, how fast, with which products."""

from __future__ import annotations

from dataclasses import dataclass

from glidepath.casework.assess import assess, refuse_if_asked, slower_reasons
from glidepath.casework.products_said import confirmed_splits, products_said, stock_at_home
from glidepath.casework.recorded import is_faster, require_on_record
from glidepath.casework.request import PlanRequest
from glidepath.casework.switching import refuse_unplanned, switch_target, switch_wish
from glidepath.dosing.equivalence import Equivalences
from glidepath.dosing.read_sig import Reading, read_sig
from glidepath.dosing.regimen import Regimen, Slot
from glidepath.dosing.supply import Syringe
from glidepath.errors import InputError, RefusedError
from glidepath.facts.formulary import Formulary
from glidepath.guidance.pacing import PaceWish, ladder, pace_of
from glidepath.patient.assessment import Assessment
from glidepath.patient.person import Person
from glidepath.patient.risk import in_high_band, slower_because
from glidepath.quantity import exact_decimal, read_amount
from glidepath.taper.goal import Goal
from glidepath.taper.slots import SlotRule
from glidepath.taper.supplies import planned_products

_TIMES_A_MAXIMUM = 20


@dataclass(frozen=True, slots=True)
class Understood:
    """A request that was read: the line, the person, the goal, and why the slower interval applies."""

    reading: Reading
    person: Person
    goal: Goal
    slower: tuple[str, ...]
    assumptions: tuple[str, ...]
    older_age: int
    assessment: Assessment | None = None


def understand(request: PlanRequest, formulary: Formulary) -> Understood:
    """Read everything a request says, or raise the first thing that is wrong with it."""
    formulary.region(request.region)
    reading = read_sig(request.sig, formulary, region=request.region, comma=request.comma)
    drug = _tapered(request, reading, formulary)
    for taken in reading.taken:
        refuse_unplanned(formulary.drug(taken.drug))
    _refuse_two_releases(reading)
    person = request.person()
    recorded = Regimen.of(i for taken in reading.taken for i in taken.intakes)
    refuse_implausible_dose(recorded, formulary)
    target = switch_target(request, formulary, drug)
    drugs = tuple(dict.fromkeys((*recorded.drugs, target)))
    equivalences = Equivalences.of({d: formulary.conversion_tables(d) for d in drugs})
    thresholds = formulary.thresholds
    assessed = None
    if request.case is not None:
        assessed = assess(request.told(), today=request.start_date, formulary=formulary)
        refuse_if_asked(assessed.assessment)
    assessment = None if assessed is None else assessed.assessment
    slower = slower_because(
        person, request.start_date, in_high_band(drug, recorded, formulary.dose_bands, equivalences), thresholds
    )
    if assessment is not None:
        slower = tuple(dict.fromkeys((*slower, *slower_reasons(assessment))))
    wish = request.pace_wish()
    pace = pace_of(wish, drug, formulary.profiles, thresholds, slower)
    if assessed is not None:
        usual = pace_of(PaceWish(), drug, formulary.profiles, thresholds, slower)
        require_on_record(request, assessed.assessment, assessed.emergency, is_faster=is_faster(pace, usual))
    taken = next(t for t in reading.taken if t.drug == drug)
    products = {d: planned_products(formulary.products(d, request.region)) for d in drugs}
    taken_as, declared = products_said(request, formulary, drug, target, taken.product, taken.release)
    everything = tuple(p for found in products.values() for p in found) + declared
    syringe = Syringe(
        step=thresholds["liquid_grid_ml"].value,
        least=thresholds["liquid_min_ml"].value,
        most=thresholds["liquid_max_ml"].value,
    )
    if (request.keep or request.first) and request.keep == request.first:
        raise InputError("OPTION_INVALID", "--keep and --from name the same time.", field="keep", fix="Name one.")
    maintain = (
        None if request.maintain is None else read_amount(request.maintain, comma=request.comma, field="maintain")
    )
    last = None if request.last_dose is None else read_amount(request.last_dose, comma=request.comma, field="last dose")
    for name, amount in (("maintain", maintain), ("last-dose", last)):
        if amount is not None and amount >= recorded.total(drug):
            raise RefusedError(
                "LAST_DOSE_INVALID",
                f"--{name} is not below the dose that is taken now.",
                field=name,
                fix="Give a daily total below the present one.",
            )
    if last is not None and 2 * last.mg > recorded.total(drug).mg:
        raise RefusedError(
            "ABRUPT_STOP_REFUSED",
            f"A last dose of {last} is more than half of what is taken now: stopping from there would be abrupt.",
            field="last_dose",
            fix="Choose a last dose of at most half the present one, or stay at a dose with --maintain.",
        )
    _refuse_times_not_taken(request, recorded, drug)
    goal = Goal(
        drug=drug,
        recorded=recorded,
        region=request.region,
        start=request.start_date,
        settle_days=request.days("settle", thresholds["settle_days"].whole, 1, 182),
        pace=pace,
        ladder=ladder(formulary.profiles, thresholds, wish.rhythm, wish.max_hold_days),
        ceiling_frac=thresholds["ceiling_percent"].value / 100,
        ceiling_days=thresholds["ceiling_window_days"].whole,
        ceiling_sources=(thresholds["ceiling_percent"].source,),
        products=products,
        releases={
            **{t.drug: t.release for t in reading.taken},
            drug: taken_as.form.release if taken_as is not None else taken.release,
        },
        taken_as=taken_as,
        declared=declared,
        confirmed=frozenset(confirmed_splits(request, formulary, everything)),
        at_home=stock_at_home(request, formulary, declared),
        slot_rule=SlotRule(keep=request.slot("keep"), first=request.slot("first")),
        last_dose=last,
        last_dose_reason=request.reasoned("last_dose") if last is not None else None,
        maintain=maintain,
        switch=switch_wish(request, formulary, drug, target, person, recorded, equivalences, slower),
        equivalences=equivalences,
        ceilings={d: formulary.drug(d).ceilings for d in drugs},
        syringe=syringe,
        liquid_floor_diazepam_mg=thresholds["liquid_last_dose_diazepam_mg"].value,
        max_pieces=request.max_pieces or thresholds["pieces_per_intake"].whole,
        max_strengths=request.max_strengths or thresholds["strengths_at_once"].whole,
        fill_days=request.days("fill", thresholds["fill_days"].whole, 1, 91),
    )
    return Understood(
        reading=reading,
        person=person,
        goal=goal,
        slower=slower,
        assumptions=(*reading.assumptions, *_supply_assumptions(request, goal)),
        older_age=thresholds["older_age_years"].whole,
        assessment=assessment,
    )


def _tapered(request: PlanRequest, reading: Reading, formulary: Formulary) -> str:
    """The drug to taper: the one named with --taper, otherwise the first on the line."""
    if request.taper is None:
        return reading.taken[0].drug
    wanted = formulary.drug(request.taper.strip().casefold()).name
    if wanted not in {t.drug for t in reading.taken}:
        raise InputError(
            "OPTION_INVALID",
            "--taper names a drug that is not on the line.",
            field="taper",
            fix=f"Drugs on the line: {', '.join(t.drug for t in reading.taken)}.",
        )
    return wanted


def _refuse_times_not_taken(request: PlanRequest, recorded: Regimen, drug: str) -> None:
    taken = {intake.slot for intake in recorded.of_drug(drug)}
    for field, option in (("keep", "keep"), ("first", "from")):
        slot = request.slot(field)
        if slot is not None and slot not in taken:
            raise InputError(
                "OPTION_INVALID",
                f"--{option} names a time of day at which nothing is taken.",
                field=option,
                fix=f"Times on the line: {', '.join(slot.value for slot in Slot if slot in taken)}.",
            )


def refuse_implausible_dose(recorded: Regimen, formulary: Formulary) -> None:
    """A daily dose many times every stated maximum is a slip of the point or of the unit."""
    for name in recorded.drugs:
        drug = formulary.drug(name)
        highest = max((c.mg_per_day for c in drug.ceilings), default=None)
        if highest is None:
            highest = max((4 * row.high_mg for row in formulary.conversion_tables(name)), default=None)
        if highest is not None and recorded.total(name).mg > _TIMES_A_MAXIMUM * highest:
            raise InputError(
                "NUM_RANGE",
                f"The daily dose of {name} is more than {_TIMES_A_MAXIMUM} times the highest stated maximum.",
                field="dose",
                fix="Check the decimal point and the unit (mg or microgram).",
            )


def _refuse_two_releases(reading: Reading) -> None:
    drugs = [t.drug for t in reading.taken]
    for drug in drugs:
        if drugs.count(drug) > 1:
            raise RefusedError(
                "NOTHING_FEASIBLE",
                f"{drug} is taken in two releases; these are never mixed or exchanged in one plan.",
                field="sig",
                fix="Have a prescriber settle on one release first, then plan from that.",
            )


def _supply_assumptions(request: PlanRequest, goal: Goal) -> tuple[str, ...]:
    found = []
    if not request.have:
        found.append(
            "All strengths of the same form are assumed to be available; stock at home was not given (--have)."
        )
    if goal.taken_as is None:
        found.append("The product was not named: the usual form of the region is assumed.")
    if goal.confirmed:
        found.append(f"A pharmacist is said to have confirmed splitting of: {', '.join(sorted(goal.confirmed))}.")
    for product in goal.declared:
        found.append(f"Declared as compounded: {product.name} ({exact_decimal(product.strength)} mg per unit or mL).")
    return tuple(found)
