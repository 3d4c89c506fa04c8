"""Laying the routes side by side: direct with the present form, direct with all forms, switch, reduce only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from glidepath.dosing.ledger import supply_ledger
from glidepath.dosing.regimen import Intake
from glidepath.dosing.supply import Supply
from glidepath.quantity import Amount
from glidepath.taper.checks_supply import region_ceilings
from glidepath.taper.direct import Infeasible, Leg, present_form, recorded_intakes, reduce_directly
from glidepath.taper.ending import end_note
from glidepath.taper.falls import days_over
from glidepath.taper.goal import Goal
from glidepath.taper.laying import Laid, add_leg
from glidepath.taper.proof import Limits
from glidepath.taper.proposal import Numbers, Option, Options, Route
from glidepath.taper.prove import prove
from glidepath.taper.schedule import StepKind, Taper
from glidepath.taper.supplies import all_form_supplies, present_supply
from glidepath.taper.switch import Switched, TargetDose, switch_stages, target_doses


def lay_options(goal: Goal) -> Options:
    """Every route for one goal, each planned and proven or withheld with its reason."""
    start = recorded_intakes(goal, goal.drug)
    constant = _constant_intakes(goal)
    blocked = start if isinstance(start, Infeasible) else constant if isinstance(constant, Infeasible) else None
    if blocked is not None:
        options = tuple(Option(route=r, withheld=blocked.says, rule=blocked.rule) for r in Route)
        return Options(goal=goal, options=options, recommended=None)
    assert not isinstance(start, Infeasible) and not isinstance(constant, Infeasible)
    present = reduce_directly(goal, goal.drug, start, present_supply(goal, goal.drug, present_form(start)))
    wider = _best_of_all_forms(goal, start, present)
    direct = [
        _option(goal, Route.DIRECT_PRESENT, start, constant, present),
        _option(goal, Route.DIRECT_ALL_FORMS, start, constant, wider),
    ]
    legs = {Route.DIRECT_PRESENT: present, Route.DIRECT_ALL_FORMS: wider}
    planned = {route: leg for route, leg in legs.items() if isinstance(leg, Leg)}
    best = best_leg(goal, list(planned.values()))
    recommended = next((route for route, leg in planned.items() if leg is best), None)
    options = (*direct, _switch_option(goal, start, constant), _reduce_option(goal, start, constant))
    return Options(goal=goal, options=options, recommended=recommended)


def best_leg(goal: Goal, legs: Sequence[Leg]) -> Leg | None:
    """The best of several legs, compared as the search compares paths (the first of equals).

    Legs may end at different last doses, and the higher one hides a fall: its jump to nothing begins with the fall
    to the lower last dose. So every leg is compared as if it went on to the lowest last dose of them all, and
    where that is equal the lower last dose goes before the shorter plan: stopping earlier is no advantage.
    """
    if not legs:
        return None
    lowest = min(leg.totals[-1] for leg in legs)

    def key(leg: Leg) -> tuple[Fraction, Fraction, Fraction, int, int, int, int]:
        last = leg.totals[-1]
        fall = 1 - lowest / last
        over = max(leg.path.over_frac, fall if fall > goal.ceiling_frac else Fraction(0))
        beyond = max(fall - goal.pace.asked_at(last), Fraction(0))
        return (over, leg.path.excess + beyond * beyond, last, *leg.path.key[2:])

    return min(legs, key=key)


def _best_of_all_forms(goal: Goal, start: tuple[Intake, ...], present: Leg | Infeasible) -> Leg | Infeasible:
    """The best leg over every set of marketed forms that goes beyond the present form."""
    form = present_form(start)
    # A liquid that is taken already is the only one used: two strengths of one liquid are how tenfold errors begin.
    poured = {p.product.name for i in start for p in i.pieces if p.product.form.is_liquid}
    supplies = [
        s
        for s in all_form_supplies(goal, goal.drug)
        if any(p.form is not form for p in s.products) and (not poured or s.liquid is None or s.liquid.name in poured)
    ]
    if not supplies:
        return Infeasible("products", "No other form of this drug is loaded for this region.")
    best = _best(goal, start, supplies, None)
    # A liquid goes with whole units only, so a set with one can do worse than halves of the present form alone.
    if isinstance(best, Leg) and isinstance(present, Leg) and best_leg(goal, [present, best]) is present:
        return Infeasible(
            "products",
            "Other forms give no better plan than the present form; name one with --product to plan with it.",
        )
    return best


def _best(goal: Goal, start: tuple[Intake, ...], supplies: Sequence[Supply], to: Amount | None) -> Leg | Infeasible:
    legs = [reduce_directly(goal, start[0].drug, start, supply, to=to) for supply in supplies]
    best = best_leg(goal, [leg for leg in legs if isinstance(leg, Leg)])
    if best is not None:
        return best
    first = legs[0]
    assert isinstance(first, Infeasible)
    return first


def _constant_intakes(goal: Goal) -> tuple[Intake, ...] | Infeasible:
    found: list[Intake] = []
    for drug in goal.constant:
        intakes = recorded_intakes(goal, drug)
        if isinstance(intakes, Infeasible):
            return intakes
        found.extend(intakes)
    return tuple(found)


def _option(
    goal: Goal,
    route: Route,
    start: tuple[Intake, ...],
    constant: tuple[Intake, ...],
    leg: Leg | Infeasible,
    *,
    maintain: bool = False,
) -> Option:
    if isinstance(leg, Infeasible):
        return Option(route=route, withheld=leg.says, rule=leg.rule)
    steps = Laid(goal.start)
    steps.add(StepKind.RECORDED, goal.settle_days, (*start, *constant), Fraction(0), "As it is taken now.")
    add_leg(steps, leg, constant, maintain=maintain, goal=goal)
    taper = Taper(
        drug=goal.drug,
        drugs=(goal.drug,),
        constant=goal.constant,
        steps=tuple(steps.steps),
        ends="maintain" if maintain else "stop",
    )
    return _proven(goal, route, taper, leg, goal)


def _switch_option(goal: Goal, start: tuple[Intake, ...], constant: tuple[Intake, ...]) -> Option:
    wish = goal.switch
    targets = target_doses(goal.recorded, goal.equivalences, goal.drug, wish.to)
    if wish.withheld is not None:
        return Option(route=Route.SWITCH, targets=targets, withheld=wish.withheld, rule="switch")
    if wish.to in goal.constant:
        return Option(
            route=Route.SWITCH,
            targets=targets,
            withheld=(
                f"{wish.to} is already taken beside {goal.drug} and stays constant, so a switch to it cannot be told "
                "apart from it on any line. Ask a specialist."
            ),
            rule="switch",
        )
    if wish.table is None:
        return Option(
            route=Route.SWITCH,
            targets=targets,
            withheld=f"No schedule without a chosen table: ask with --switch {wish.to} --table NAME.",
            rule="equivalence-table",
        )
    highest = max((c.mg_per_day for c in region_ceilings(goal.ceilings.get(wish.to, ()), goal.region)[0]), default=None)
    target = next((t for t in targets if t.table == wish.table), None)
    if target is None:
        return Option(
            route=Route.SWITCH,
            targets=targets,
            withheld=f"{wish.table} does not hold both drugs.",
            rule="equivalence-table",
        )
    if highest is not None and target.span.low > highest:
        return Option(
            route=Route.SWITCH,
            targets=targets,
            withheld=(
                f"By {wish.table} the target is above the maximum daily dose of {wish.to} "
                f"({Amount(highest)}), so no switch is planned."
            ),
            rule="ceiling-doses",
        )
    staged = switch_stages(goal, start, wish.to, wish.table)
    if isinstance(staged, Infeasible):
        return Option(route=Route.SWITCH, targets=targets, withheld=staged.says, rule=staged.rule)
    return _staged_option(goal, start, constant, staged, targets)


def _staged_option(
    goal: Goal,
    start: tuple[Intake, ...],
    constant: tuple[Intake, ...],
    staged: Switched,
    targets: tuple[TargetDose, ...],
) -> Option:
    wish = goal.switch
    after = replace(goal, pace=wish.pace, taken_as=None, last_dose=None)
    landed = tuple(i for i in staged.stages[-1] if i.drug == wish.to)
    leg = _best(after, landed, all_form_supplies(after, wish.to), None)
    if isinstance(leg, Infeasible):
        return Option(route=Route.SWITCH, targets=targets, withheld=leg.says, rule=leg.rule)
    steps = Laid(goal.start)
    steps.add(StepKind.RECORDED, goal.settle_days, (*start, *constant), Fraction(0), "As it is taken now.")
    low, high = wish.check_days
    for index, stage in enumerate(staged.stages):
        last = index == len(staged.stages) - 1
        days = max(wish.slot_days, wish.settle_days) if last else wish.slot_days
        moved = next(i for i in stage if i.drug == wish.to and _newly(i, staged.stages, index))
        gate = "Nothing is reduced before" if last else "The next time of day moves only after"
        steps.add(
            StepKind.SWITCH,
            days,
            (*stage, *constant),
            Fraction(0),
            f"The {moved.slot} dose becomes {wish.to}. Check for sedation and withdrawal after {low} to {high} "
            f"days. {gate} that check" + (f" and {wish.settle_days} days." if last else "."),
        )
    add_leg(steps, leg, constant, maintain=False, goal=after)
    taper = Taper(
        drug=goal.drug,
        drugs=(goal.drug, wish.to),
        constant=goal.constant,
        steps=tuple(steps.steps),
        ends="stop",
    )
    option = _proven(goal, Route.SWITCH, taper, leg, after)
    return replace(option, targets=targets)


def _newly(intake: Intake, stages: tuple[tuple[Intake, ...], ...], index: int) -> bool:
    before = stages[index - 1] if index else ()
    return not any(i.drug == intake.drug and i.slot is intake.slot for i in before)


def _reduce_option(goal: Goal, start: tuple[Intake, ...], constant: tuple[Intake, ...]) -> Option:
    if goal.maintain is None:
        return Option(
            route=Route.REDUCE,
            withheld='No dose to stay at was given: ask with --maintain, for example --maintain "1 mg".',
            rule="maintenance-dose",
        )
    supplies = [present_supply(goal, goal.drug, present_form(start)), *all_form_supplies(goal, goal.drug)]
    leg = _best(goal, start, supplies, goal.maintain)
    return _option(goal, Route.REDUCE, start, constant, leg, maintain=True)


def _proven(goal: Goal, route: Route, taper: Taper, leg: Leg, after: Goal) -> Option:
    limits = limits_of(after, route)
    ledger = supply_ledger(
        [(s.starts, s.days, s.regimen) for s in taper.steps],
        at_home=goal.at_home,
        fill_days=goal.fill_days,
        early_days=goal.fill_early_days,
    )
    proof = prove(taper, goal.recorded, ledger, limits)
    reductions = [s for s in taper.steps if s.kind in (StepKind.REDUCTION, StepKind.MAINTENANCE)]
    before = taper.days - sum(s.days for s in reductions)
    products = {p.product.name for s in taper.steps for i in s.regimen.intakes for p in i.pieces}
    divided = sum(
        (Fraction(s.days) for s in taper.steps for i in s.regimen.intakes for p in i.pieces if p.part),
        Fraction(0),
    )
    numbers = Numbers(
        weeks=Fraction(taper.days, 7),
        reductions=len(reductions),
        largest_fall_frac=max((s.reduction_frac for s in reductions), default=Fraction(0)),
        days_over_limit=days_over(taper, limits),
        strengths=len(products),
        divided_units=divided,
        units_dispensed=ledger.dispensed_units(),
    )
    return Option(
        route=route,
        taper=taper,
        proof=proof,
        ledger=ledger,
        numbers=numbers,
        end=end_note(goal, taper, leg),
        limits=limits,
        ladder=tuple((pace, before + days) for pace, days in leg.ladder(goal)),
    )


def limits_of(goal: Goal, route: Route) -> Limits:
    """What the proof of one route is held against."""
    return Limits(
        pace=goal.pace,
        ceiling_frac=goal.ceiling_frac,
        ceiling_days=goal.ceiling_days,
        ceiling_sources=goal.ceiling_sources,
        ceilings=dict(goal.ceilings),
        region=goal.region,
        equivalences=goal.equivalences,
        table=goal.switch.table if route is Route.SWITCH else None,
        confirmed=goal.confirmed,
        syringe=goal.syringe,
        last_dose_reason=goal.last_dose_reason if route is not Route.SWITCH else None,
    )
