"""Plans as they reach the renderers, built by hand and small enough to check with a pencil."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from glidepath.dosing.ledger import supply_ledger
from glidepath.dosing.regimen import Intake, Piece, Regimen, Slot
from glidepath.facts.model import Form, Product, Split
from glidepath.oversight.signature import Override, Signature, Signer
from glidepath.quantity import Amount
from glidepath.render.view import EmergencyLine, FindingView, PlanView, RouteRow
from glidepath.taper.falls import percent
from glidepath.taper.proof import Check, Status
from glidepath.taper.schedule import Step, StepKind, Taper

START = date(2026, 1, 7)
Take = tuple[Slot, Product, str]  # time, product, units
Plan = tuple[StepKind, int, tuple[Take, ...]]


def a_product(drug: str, strength: str, form: Form = Form.TABLET, halves: Split = Split.YES) -> Product:
    return Product(drug=drug, region="US", form=form, strength=Fraction(strength), halves=halves, quarters=halves)


def a_regimen(takes: tuple[Take, ...]) -> Regimen:
    intakes: dict[tuple[Slot, str], list[Piece]] = {}
    for slot, product, units in takes:
        intakes.setdefault((slot, product.drug), []).append(Piece(product, Fraction(units)))
    return Regimen.of(
        Intake(slot=slot, drug=drug, dose=sum((p.dose for p in pieces), Amount.of(0)), pieces=tuple(pieces))
        for (slot, drug), pieces in intakes.items()
    )


def a_taper(
    plan: tuple[Plan, ...],
    *,
    drugs: tuple[str, ...],
    ends: str = "stop",
    start: date = START,
    constant: tuple[str, ...] = (),
) -> Taper:
    steps: list[Step] = []
    day = start
    for number, (kind, days, takes) in enumerate(plan):
        regimen = a_regimen(takes)
        fall = Fraction(0)
        if kind in (StepKind.REDUCTION, StepKind.MAINTENANCE):
            drug = drugs[-1]
            before = steps[-1].regimen.total(drug).mg
            fall = 1 - regimen.total(drug).mg / before if before else Fraction(0)
        because = {
            StepKind.RECORDED: "As it is taken now.",
            StepKind.SWITCH: "The night dose becomes diazepam. Check for sedation and withdrawal after 5 to 7 days.",
            StepKind.REDUCTION: "Larger than asked: no better step can be made; held longer.",
            StepKind.MAINTENANCE: "The dose to stay at, as asked.",
        }[kind]
        steps.append(
            Step(number=number, starts=day, days=days, regimen=regimen, kind=kind, reduction_frac=fall, because=because)
        )
        day += timedelta(days=days)
    return Taper(drug=drugs[0], drugs=drugs, constant=constant, steps=tuple(steps), ends=ends)  # type: ignore[arg-type]


def a_view(
    taper: Taper,
    *,
    at_home: Mapping[str, Fraction] | None = None,
    paper: str = "letter",
    equivalents: Mapping[str, tuple[Fraction, Fraction]] | None = None,
) -> PlanView:
    largest = percent(max(s.reduction_frac for s in taper.steps))
    numbers = RouteRow(
        route="direct-all-forms",
        title="Direct, all marketed forms",
        recommended=True,
        weeks=f"{-(-taper.days // 7)} weeks",
        reductions=str(sum(s.kind is StepKind.REDUCTION for s in taper.steps)),
        largest_fall=largest,
        days_over_limit="14",
        strengths="1",
        divided="0",
        units="280",
        withheld="",
    )
    return PlanView(
        route=numbers.route,
        route_title=numbers.title,
        recommended=True,
        taper=taper,
        ledger=supply_ledger([(s.starts, s.days, s.regimen) for s in taper.steps], at_home=at_home or {}),
        checks=some_checks(taper),
        numbers=numbers,
        routes=(
            replace(
                numbers,
                route="direct-present",
                title="Direct, present form",
                recommended=False,
                withheld="No dose below 0.25 mg can be made with the present tablets.",
            ),
            numbers,
            replace(
                numbers,
                route="switch",
                title="Staged switch",
                recommended=False,
                withheld="No schedule without a chosen table: ask with --switch diazepam --table NAME.",
            ),
            replace(
                numbers,
                route="reduce",
                title="Reduce only",
                recommended=False,
                withheld="No dose to stay at was given.",
            ),
        ),
        findings=(
            FindingView(
                rule="ASAM-26",
                severity="caution",
                says="Age 65 or over: falls and confusion are more likely; go slower.",
                sources=("ASAM2025",),
                status="read at the source; not signed off",
            ),
        ),
        understood=f"{taper.start_dose} {taper.drug} a day, for 6 months",
        assumptions=("Night was read from 'nocte'.",),
        answers=(
            ("Pregnant", "no"),
            ("Seizures, now or before", "unknown"),
            ("Opioids", "no"),
            ("Alcohol, heavy", "no"),
        ),
        unanswered=("Seizures, now or before",),
        end_reason="The smallest daily dose that these products make.",
        end_jump=f"{taper.last_dose} {taper.last_drug} a day to nothing (1 to 2.5 mg diazepam-equivalent)",
        end_alternatives=("a compounded product", "staying at this dose, reviewed at least every three months"),
        notes=("Liquids were not asked for.",),
        ladder=(("5 % every 28 days", "101 weeks"), ("10 % every 28 days", "52 weeks")),
        pace_text="5 % of the current dose every 14 days, at most 25 % in any 14 days.",
        asked_frac=Fraction(5, 100),
        interval_days=14,
        ceiling_frac=Fraction(25, 100),
        ceiling_days=14,
        equivalents=equivalents or {},
        region="US",
        region_name="United States",
        paper=paper,
        emergency=(
            EmergencyLine(label="Emergency", contact="911", note="", verified=True),
            EmergencyLine(label="Crisis line", contact="988", note="call or text", verified=False),
        ),
        emergency_list_date="22 November 2026",
        sources=(
            ("ASAM2025", "Joint Clinical Practice Guideline on Benzodiazepine Tapering, 2025", True),
            ("PROJECT", "Proposal of this project, published nowhere; needs clinical sign-off before use", False),
        ),
        facts_version="2026.11.22",
        facts_digest="sha256:" + "ab" * 32,
        engine_version="0.1.0",
        digest="sha256:" + "0123456789abcdef" * 4,
    )


def some_checks(taper: Taper) -> tuple[Check, ...]:
    def check(id: str, title: str, status: Status, value: str, bound: str, says: str) -> Check:
        return Check(
            id=id,
            title=title,
            status=status,
            value=value,
            bound=bound,
            on=taper.steps[-1].starts,
            sources=("ASAM2025",),
            says=says,
        )

    return (
        check(
            "start-as-recorded",
            "Start dose as recorded",
            Status.PASS,
            f"{taper.start_dose} a day",
            "the same",
            "The plan begins with exactly what is taken now.",
        ),
        check(
            "fall-per-step",
            "Fall per step",
            Status.CAUTION,
            "50 % (0.25 to 0.125 mg)",
            "5 % asked for",
            "3 of the falls are larger than asked, because no smaller one can be made; each is held longer.",
        ),
        check(
            "fall-in-14-days",
            "Fall in any 14 days",
            Status.BREACH,
            "50 % (0.25 to 0.125 mg)",
            "25 %; 5 % at the asked pace",
            "More than 25 % in 14 days: the prescriber must give a reason.",
        ),
        check(
            "ceiling-doses",
            "Maximum daily dose",
            Status.NOT_ASSESSABLE,
            "",
            "",
            "No maximum is loaded for this region.",
        ),
    )


def signed(view: PlanView) -> PlanView:
    return replace(
        view,
        unanswered=(),
        signature=Signature(
            by=Signer(name="A. Person", role="general practitioner", registration="1234567"),
            at="2026-01-05T09:30:00+01:00",
            plan_digest="sha256:" + "fe" * 32,
            route=view.route,
            overrides=(Override(check="fall-in-14-days", reason="No smaller tablet; seen weekly"),),
        ),
    )


R, C, S, M = StepKind.REDUCTION, StepKind.RECORDED, StepKind.SWITCH, StepKind.MAINTENANCE


def clonazepam_at_night(**how: object) -> PlanView:
    """0.5 mg at night in the US: one tablet, then 3, 2 and 1 of the 0.125 mg dissolving tablet."""
    tablet, odt = a_product("clonazepam", "0.5"), a_product("clonazepam", "0.125", Form.ODT, Split.NO)
    night = Slot.NIGHT
    taper = a_taper(
        (
            (C, 7, ((night, tablet, "1"),)),
            (R, 42, ((night, odt, "3"),)),
            (R, 56, ((night, odt, "2"),)),
            (R, 56, ((night, odt, "1"),)),
        ),
        drugs=("clonazepam",),
    )
    return a_view(taper, **how)  # type: ignore[arg-type]


def lorazepam_twice_daily_with_halves(**how: object) -> PlanView:
    one, half = a_product("lorazepam", "1"), a_product("lorazepam", "0.5")
    am, pm = Slot.MORNING, Slot.NIGHT
    taper = a_taper(
        (
            (C, 7, ((am, one, "1"), (pm, one, "1"))),
            (R, 14, ((am, one, "0.5"), (am, half, "0.5"), (pm, one, "1"))),
            (R, 14, ((am, one, "0.5"), (am, half, "0.5"), (pm, one, "0.5"), (pm, half, "0.5"))),
            (R, 28, ((am, half, "1"), (pm, one, "0.75"))),
            (R, 28, ((am, half, "1.5"),)),
            (R, 28, ((pm, half, "0.25"),)),
        ),
        drugs=("lorazepam",),
    )
    return a_view(taper, **how)  # type: ignore[arg-type]


def diazepam_with_liquid(steps: int = 30, days: int = 14, **how: object) -> PlanView:
    tablet, liquid = a_product("diazepam", "5"), a_product("diazepam", "1", Form.SOLUTION, Split.NO)
    plan: list[Plan] = [(C, 7, ((Slot.NIGHT, tablet, "2"),))]
    ml = Fraction(10)
    for _ in range(steps):
        ml = max(Fraction(int(ml * 10 * Fraction(93, 100)), 10), Fraction(1, 2))
        takes: tuple[Take, ...] = ((Slot.NIGHT, liquid, str(ml)),)
        if ml > 5:
            takes = ((Slot.NIGHT, tablet, "1"), (Slot.NIGHT, liquid, str(ml - 5)))
        plan.append((R, days, takes))
        if ml == Fraction(1, 2):
            break
    return a_view(a_taper(tuple(plan), drugs=("diazepam",)), **how)  # type: ignore[arg-type]


def switch_beside_zolpidem(**how: object) -> PlanView:
    """Alprazolam twice daily moved to diazepam one time of day at a time; zolpidem stays."""
    alp, dia, zol = a_product("alprazolam", "0.5"), a_product("diazepam", "5"), a_product("zolpidem", "10")
    two = a_product("diazepam", "2")
    am, pm = Slot.MORNING, Slot.NIGHT
    keep: Take = (pm, zol, "1")
    plan: list[Plan] = [
        (C, 7, ((am, alp, "1"), (pm, alp, "1"), keep)),
        (S, 14, ((am, alp, "1"), (pm, dia, "2"), keep)),
        (S, 28, ((am, dia, "2"), (pm, dia, "2"), keep)),
        (R, 14, ((am, dia, "1.5"), (pm, dia, "2"), keep)),
        (R, 14, ((am, dia, "1"), (am, two, "1"), (pm, dia, "1.5"), keep)),
        (R, 28, ((am, dia, "1"), (pm, dia, "1"), keep)),
        (R, 28, ((am, two, "1"), (pm, dia, "1"), keep)),
        (R, 28, ((pm, dia, "1"), keep)),
        (R, 28, ((pm, two, "1"), keep)),
    ]
    taper = a_taper(tuple(plan), drugs=("alprazolam", "diazepam"), constant=("zolpidem",))
    return a_view(
        taper,
        equivalents={
            "alprazolam": (Fraction(25, 4), Fraction(20)),
            "diazepam": (Fraction(1), Fraction(1)),
        },
        **how,  # type: ignore[arg-type]
    )


def temazepam_kept(**how: object) -> PlanView:
    """Capsules reduced to a dose to stay at."""
    big, small = (
        a_product("temazepam", "15", Form.CAPSULE, Split.NO),
        a_product("temazepam", "7.5", Form.CAPSULE, Split.NO),
    )
    taper = a_taper(
        (
            (C, 7, ((Slot.NIGHT, big, "2"),)),
            (R, 28, ((Slot.NIGHT, big, "1"), (Slot.NIGHT, small, "1"))),
            (M, 28, ((Slot.NIGHT, big, "1"),)),
        ),
        drugs=("temazepam",),
        ends="maintain",
    )
    return a_view(taper, **how)  # type: ignore[arg-type]


def four_times_three_products(**how: object) -> PlanView:
    """As full as a day can be: four times of day, three products at each."""
    a, b, c = (
        a_product("chlordiazepoxide", "25"),
        a_product("chlordiazepoxide", "10"),
        a_product("chlordiazepoxide", "5"),
    )
    first = tuple((slot, p, u) for slot in Slot for p, u in ((a, "1"), (b, "1"), (c, "1")))
    later = tuple((slot, p, u) for slot in Slot for p, u in ((a, "1"), (b, "1"), (c, "0.5")))
    return a_view(a_taper(((C, 7, first), (R, 28, later)), drugs=("chlordiazepoxide",)), **how)  # type: ignore[arg-type]


ALL = {
    "clonazepam": clonazepam_at_night,
    "lorazepam": lorazepam_twice_daily_with_halves,
    "diazepam-liquid": diazepam_with_liquid,
    "switch": switch_beside_zolpidem,
    "temazepam": temazepam_kept,
    "full": four_times_three_products,
}
