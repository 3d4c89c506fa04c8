"""From a request and what was read to one planning goal: who, what, how fast, with which products."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from glidepath.casework.request import PlanRequest
from glidepath.dosing.equivalence import Equivalences
from glidepath.dosing.read_sig import Reading, read_sig
from glidepath.dosing.regimen import Regimen
from glidepath.dosing.supply import Syringe, confirm_split
from glidepath.errors import InputError, RefusedError
from glidepath.facts.compounded import read_compounded
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Drug, Product
from glidepath.guidance.pacing import ladder, pace_of
from glidepath.patient.person import Answer, Person
from glidepath.patient.risk import in_high_band, slower_because
from glidepath.quantity import exact_decimal, read_amount, rounded_down, rounded_up
from glidepath.taper.goal import Goal, SwitchWish
from glidepath.taper.slots import SlotRule
from glidepath.taper.supplies import planned_products
from glidepath.taper.switch import target_doses

DEFAULT_SWITCH = "diazepam"


@dataclass(frozen=True, slots=True)
class Understood:
    """A request that was read: the line, the person, the goal, and why the slower interval applies."""

    reading: Reading
    person: Person
    goal: Goal
    slower: tuple[str, ...]
    assumptions: tuple[str, ...]
    older_age: int


def understand(request: PlanRequest, formulary: Formulary) -> Understood:
    """Read everything a request says, or raise the first thing that is wrong with it."""
    formulary.region(request.region)
    reading = read_sig(request.sig, formulary, region=request.region, comma=request.comma)
    drug = _tapered(request, reading, formulary)
    for taken in reading.taken:
        _refuse_unplanned(formulary.drug(taken.drug))
    _refuse_two_releases(reading)
    person = request.person()
    recorded = Regimen.of(i for taken in reading.taken for i in taken.intakes)
    target = _switch_target(request, formulary, drug)
    drugs = tuple(dict.fromkeys((*recorded.drugs, target)))
    equivalences = Equivalences.of({d: formulary.conversion_tables(d) for d in drugs})
    thresholds = formulary.thresholds
    slower = slower_because(
        person, request.start_date, in_high_band(drug, recorded, formulary.dose_bands, equivalences), thresholds
    )
    wish = request.pace_wish()
    pace = pace_of(wish, drug, formulary.profiles, thresholds, slower)
    taken = next(t for t in reading.taken if t.drug == drug)
    products = {d: planned_products(formulary.products(d, request.region)) for d in drugs}
    taken_as, declared = _declared(request, formulary, drug, target, taken.product)
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
        confirmed=frozenset(_confirmed(request, formulary, everything)),
        at_home=_at_home(request, formulary, declared),
        slot_rule=SlotRule(keep=request.slot("keep"), first=request.slot("first")),
        last_dose=last,
        last_dose_reason=request.reasoned("last_dose") if last is not None else None,
        maintain=maintain,
        switch=_switch_wish(request, formulary, drug, target, person, recorded, equivalences, slower),
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


def _refuse_unplanned(drug: Drug) -> None:
    if drug.not_planned is not None:
        raise RefusedError(
            "DRUG_NOT_PLANNED",
            f"No plan is made for {drug.name.replace('_', ' ')}: {drug.not_planned}",
            field="drug",
            fix="Refer to a specialist service.",
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


def _declared(
    request: PlanRequest, formulary: Formulary, drug: str, target: str, named: Product | None
) -> tuple[Product | None, tuple[Product, ...]]:
    """The product that is taken, and compounded products declared with --product."""
    taken_as, declared = named, []
    for text in request.product:
        try:
            product = formulary.product_named(text, request.region)
        except InputError as unknown:
            compounded = read_compounded(text, formulary, request.region)
            if compounded is None:
                raise unknown
            declared.append(compounded)
            continue
        if product.drug == drug:
            taken_as = product
            continue
        raise _not_on_the_line(product, drug)
    for product in declared:
        if product.drug not in (drug, target):
            raise _not_on_the_line(product, drug)
    return taken_as, tuple(declared)


def _not_on_the_line(product: Product, drug: str) -> InputError:
    return InputError(
        "OPTION_INVALID",
        f"--product names {product.drug}, which is not the drug that is tapered.",
        field="product",
        fix=f"Name a product of {drug}.",
    )


def _confirmed(request: PlanRequest, formulary: Formulary, products: tuple[Product, ...]) -> list[str]:
    names = []
    for text in request.splits:
        product = formulary.product_named(text, request.region)
        names.append(confirm_split(product, tuple(p for p in products if p.drug == product.drug)))
    return names


def _at_home(request: PlanRequest, formulary: Formulary, declared: tuple[Product, ...]) -> dict[str, Fraction]:
    stock: dict[str, Fraction] = {}
    own = {p.name: p for p in declared}
    for text, units in request.stock():
        product = own.get(text) or formulary.product_named(text, request.region)
        stock[product.name] = stock.get(product.name, Fraction(0)) + units
    return stock


def _switch_target(request: PlanRequest, formulary: Formulary, drug: str) -> str:
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
    _refuse_unplanned(formulary.drug(target))
    now, then = formulary.drug(drug).half_life_h, formulary.drug(target).half_life_h
    if now is None or then is None or not now.value or not then.value or Fraction(then.value) <= Fraction(now.value):
        raise RefusedError(
            "SWITCH_TARGET_INVALID",
            f"{target} is not known to act longer than {drug}; a switch only goes to a longer-acting drug.",
            field="switch",
            fix="Name a longer-acting drug, for example --switch diazepam.",
        )
    return target


def _switch_wish(
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
        low, high = rounded_down(dose.span.low, 2), rounded_up(dose.span.high, 2)
        span = low if low == high else f"{low} to {high}"
        mark = "" if dose.verified else " (not verified)"
        lines.append(f"{dose.table}: {total} {drug} a day = {span} mg {target} a day{mark}")
    return tuple(lines)


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
