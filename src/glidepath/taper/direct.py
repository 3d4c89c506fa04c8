"""A direct reduction of one drug: from the recorded day, over days that can be made, to the last dose.

The slots fall by rule (`slots.chain`), the totals to stop at are found by `search.shortest_path`, and the units
of each day follow by rule (`makeup`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from glidepath.dosing.makeup import Bench, DayMakeup, fewest_pieces, quantum_of
from glidepath.dosing.regimen import Intake, Piece, Slot
from glidepath.dosing.supply import Supply
from glidepath.facts.model import Form
from glidepath.guidance.pace import Pace
from glidepath.quantity import Amount
from glidepath.taper.goal import Goal
from glidepath.taper.search import DayCost, Path, shortest_days, shortest_path
from glidepath.taper.slots import chain
from glidepath.taper.supplies import present_forms, present_supply

Day = tuple[tuple[Slot, int], ...]


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Why a set of products gives no plan: the binding rule, in plain words."""

    rule: str
    says: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One chosen reduction: the days at each stop (start left out), their holds, and the path that chose them."""

    supply: Supply
    path: Path
    days: tuple[tuple[Intake, ...], ...]
    holds: tuple[int, ...]
    totals: tuple[Fraction, ...]  # mg per day, the start first
    stops: tuple[Fraction, ...]  # every total that could have been a stop

    def ladder(self, goal: Goal) -> tuple[tuple[str, int], ...]:
        """Days this reduction would take at the other paces, by their names."""
        return tuple((pace.name, shortest_days(self.stops, pace, goal.ceiling_frac)) for pace in goal.ladder)


def recorded_intakes(goal: Goal, drug: str) -> tuple[Intake, ...] | Infeasible:
    """The recorded intakes of a drug with the units that make them, as named or by rule."""
    recorded = goal.recorded.of_drug(drug)
    if all(intake.pieces for intake in recorded):
        return recorded
    if not goal.products.get(drug):
        return Infeasible("products", f"No product of {drug} is loaded for {goal.region}.")
    forms = present_forms(goal, drug)
    for form in forms:
        bench = _roomy(present_supply(goal, drug, form), [i.dose.mg for i in recorded])
        if bench is None:
            continue
        doses = tuple(int(i.dose.mg / bench.quantum) for i in recorded)
        day = bench.day(doses, _at_home(bench, goal))
        if day is not None:
            return tuple(replace(i, pieces=bench.pieces(day.of(q))) for i, q in zip(recorded, doses, strict=True))
    return Infeasible(
        "start-as-recorded",
        f"The recorded dose of {drug} cannot be made exactly from the products loaded for {goal.region}; "
        "name the product that is taken with --product, or correct the line.",
    )


def present_form(intakes: tuple[Intake, ...]) -> Form:
    """The form the recorded units are in (the first one, when several)."""
    return intakes[0].pieces[0].product.form


def reduce_directly(
    goal: Goal, drug: str, start: tuple[Intake, ...], supply: Supply, *, to: Amount | None = None
) -> Leg | Infeasible:
    """The best reduction of `drug` from `start` with one set of products.

    `to` is a maintenance dose where the plan stays; otherwise it runs to the smallest daily dose that can be made
    (or the last dose the prescriber chose).
    """
    by_slot: dict[Slot, Fraction] = {}
    for intake in start:
        by_slot[intake.slot] = by_slot.get(intake.slot, Fraction(0)) + intake.dose.mg
    # A limit on pieces gives way to what is taken now, and to no more than that.
    taken = max(_count(intake.pieces) for intake in start)
    bench = _bench(replace(supply, max_pieces=max(supply.max_pieces, taken)), list(by_slot.values()))
    quanta = {slot: int(mg / bench.quantum) for slot, mg in by_slot.items()}
    if not bench.doses():
        return Infeasible("products", "No dose can be made from these products.")
    links = chain(quanta, bench.doses(), goal.slot_rule)
    _keep_as_recorded(bench, start)
    nodes = _usable(goal, drug, bench, links, start)
    ended = _ended(goal, drug, bench, nodes, to)
    if isinstance(ended, Infeasible):
        return ended
    totals = [sum(q for _, q in day) * bench.quantum for day, _ in ended]
    lines = _recorded_lines(bench, start)

    def cost_of(index: int) -> DayCost:
        day, made = ended[index]
        if made is None:
            return DayCost(0, 0, lines)
        return DayCost(
            made.strengths,
            made.parts,
            tuple(((slot, bench.name(i)), units) for slot, q in day for i, units in made.of(q).units),
        )

    path = shortest_path(totals, goal.pace, goal.ceiling_frac, cost_of)
    if path is None:
        return Infeasible(
            "smaller-dose",
            "No smaller daily dose can be made with these products, so the only step down would be an abrupt "
            "stop, which is never planned.",
        )
    holds = _holds(totals, path, goal.pace)
    chosen = _with_stock(goal, bench, [ended[i] for i in path.nodes[1:]], holds)
    days = tuple(
        tuple(
            Intake(slot=slot, drug=drug, dose=Amount(q * bench.quantum), pieces=bench.pieces(made.of(q)))
            for slot, q in day
        )
        for day, made in chosen
    )
    return Leg(bench.supply, path, days, holds, tuple(totals[i] for i in path.nodes), tuple(totals))


def _at_home(bench: Bench, goal: Goal) -> int:
    """The bits of the products of a bench that are at home."""
    return sum(1 << i for i, p in enumerate(bench.supply.products) if p.name in goal.at_home)


def _count(pieces: tuple[Piece, ...]) -> int:
    """Whole and divided units of one intake, a liquid as one."""
    return sum(1 if p.product.form.is_liquid else p.whole_units + (1 if p.part else 0) for p in pieces)


def _bench(supply: Supply, doses: list[Fraction]) -> Bench:
    quantum = quantum_of(supply, doses)
    return Bench(supply, quantum, int(max(doses) / quantum))


def _roomy(supply: Supply, doses: list[Fraction]) -> Bench | None:
    """A bench with room for as many pieces as the start already needs; None when the supply cannot make the start.

    A limit on pieces must never force a fall, so it gives way to what is taken now.
    """
    bench = _bench(supply, doses)
    needed = supply.max_pieces
    for dose in doses:
        if bench.makeups(int(dose / bench.quantum)):
            continue
        fewest = fewest_pieces(supply, dose)
        if fewest is None:
            return None
        needed = max(needed, fewest)
    return bench if needed == supply.max_pieces else _bench(replace(supply, max_pieces=needed), doses)


def _keep_as_recorded(bench: Bench, start: tuple[Intake, ...]) -> None:
    """Let a time of day that has not fallen yet keep its recorded units where this supply cannot make its dose.

    With a liquid nothing new is divided; without this, a half tablet that is already taken at one time of day would
    force that time to fall together with the others.
    """
    index = {p.name: i for i, p in enumerate(bench.supply.counted)}
    undiluted = replace(bench.supply, liquid=None)
    for intake in start:
        dose = int(intake.dose.mg / bench.quantum)
        known = all(
            p.product.name in index and (p.units / undiluted.smallest_part(p.product)).denominator == 1
            for p in intake.pieces
        )
        if known and not bench.makeups(dose):
            bench.admit(dose, ((index[p.product.name], p.units) for p in intake.pieces))


def _usable(
    goal: Goal, drug: str, bench: Bench, links: tuple[Day, ...], start: tuple[Intake, ...]
) -> list[tuple[Day, DayMakeup | None]]:
    """The start (made as recorded) and every later link that one day's strengths can make."""
    floor = _liquid_floor(goal, drug)
    nodes: list[tuple[Day, DayMakeup | None]] = [(links[0], None)]
    for day in links[1:]:
        made = bench.day(tuple(q for _, q in day))
        if made is None:
            continue
        if floor is not None and bench.supply.liquid is not None:
            uses_liquid = any(i == len(bench.supply.counted) for _, m in made.by_dose for i, _ in m.units)
            if uses_liquid and sum(q for _, q in day) * bench.quantum < floor:
                continue
        nodes.append((day, made))
    return nodes


def _liquid_floor(goal: Goal, drug: str) -> Fraction | None:
    """The smallest daily dose a liquid may end on: 0.5 mg diazepam-equivalent by the highest table."""
    span = goal.equivalences.widest(drug, Fraction(1))
    return None if span is None else goal.liquid_floor_diazepam_mg / span.high


def _ended(
    goal: Goal,
    drug: str,
    bench: Bench,
    nodes: list[tuple[Day, DayMakeup | None]],
    to: Amount | None,
) -> list[tuple[Day, DayMakeup | None]] | Infeasible:
    """The nodes cut off at the dose where the plan ends."""
    wanted = to if to is not None else goal.last_dose if drug == goal.drug else None
    if wanted is None:
        return nodes
    for index, (day, _) in enumerate(nodes[1:], start=1):
        if sum(q for _, q in day) * bench.quantum == wanted.mg:
            return nodes[: index + 1]
    near = [sum(q for _, q in day) * bench.quantum for day, _ in nodes[1:]]
    above = [t for t in near if t > wanted.mg][-1:]
    below = [t for t in near if t < wanted.mg][:1]
    names = " or ".join(str(Amount(t)) for t in (*above, *below)) or "none"
    return Infeasible(
        "last-dose",
        f"{wanted} a day cannot be made below the start with these products; nearest: {names}.",
    )


def _recorded_lines(bench: Bench, start: tuple[Intake, ...]) -> tuple[tuple[object, object], ...]:
    return tuple(((i.slot, p.product.name), p.units) for i in start for p in i.pieces)


def _holds(totals: list[Fraction], path: Path, pace: Pace) -> tuple[int, ...]:
    """Days at each stop of the path; the last at least as long as the one before it."""
    pairs = zip(path.nodes, path.nodes[1:], strict=False)
    holds = [pace.hold_days(totals[a], totals[b]) for a, b in pairs]
    if len(holds) > 1:
        holds[-1] = max(holds[-1], holds[-2])
    return tuple(holds)


def _with_stock(
    goal: Goal,
    bench: Bench,
    stops: list[tuple[Day, DayMakeup | None]],
    holds: tuple[int, ...],
) -> list[tuple[Day, DayMakeup]]:
    """Make each stop from stock at home where the stock covers the whole of it, else by the ordinary rule."""
    stock = dict(goal.at_home)
    mask = _at_home(bench, goal)
    chosen: list[tuple[Day, DayMakeup]] = []
    for (day, made), days in zip(stops, holds, strict=True):
        assert made is not None
        if mask:
            preferred = bench.day(tuple(q for _, q in day), mask)
            if preferred is not None:
                need = _units_at_home(bench, day, preferred, mask, days)
                if need and all(stock.get(name, Fraction(0)) >= units for name, units in need.items()):
                    made = preferred
                    for name, units in need.items():
                        stock[name] -= units
        chosen.append((day, made))
    return chosen


def _units_at_home(bench: Bench, day: Day, made: DayMakeup, mask: int, days: int) -> dict[str, Fraction]:
    need: dict[str, Fraction] = {}
    for _, q in day:
        for index, units in made.of(q).units:
            if mask >> index & 1:
                name = bench.name(index)
                need[name] = need.get(name, Fraction(0)) + units * days
    return need
