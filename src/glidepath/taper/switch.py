"""A staged switch to a longer-acting drug: one time of day at a time, both drugs on the same line.

Each slot's dose is the equivalent under the one table that was chosen, rounded down to what can be made, so the
total never rises under that table. Nothing is reduced before the last slot has settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from glidepath.dosing.equivalence import Equivalences, Span, in_diazepam, in_drug
from glidepath.dosing.makeup import Bench, quantum_of
from glidepath.dosing.regimen import Intake, Regimen, Slot
from glidepath.dosing.supply import Supply
from glidepath.quantity import Amount
from glidepath.taper.direct import Infeasible
from glidepath.taper.goal import Goal
from glidepath.taper.supplies import all_form_supplies

# The night dose is moved first (recalled from the Ashton Manual, not read there: a proposal of this project).
SWITCH_ORDER = (Slot.NIGHT, Slot.EVENING, Slot.NOON, Slot.MORNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDose:
    """What one table makes of the recorded daily dose, in mg of the other drug a day."""

    table: str
    span: Span
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """The stages of a switch: for each, the tapered drug's and the other drug's intakes, in order."""

    stages: tuple[tuple[Intake, ...], ...]
    supply: Supply


def target_doses(recorded: Regimen, equivalences: Equivalences, drug: str, to: str) -> tuple[TargetDose, ...]:
    """The daily target under every loaded table that holds both drugs; ranges stay ranges."""
    total = recorded.total(drug).mg
    found = []
    for table in equivalences.tables(drug, to):
        source, target = equivalences.rows[drug][table], equivalences.rows[to][table]
        diazepam = in_diazepam(source, total)
        span = Span(in_drug(target, diazepam.low).low, in_drug(target, diazepam.high).high)
        found.append(TargetDose(table=table, span=span, verified=source.verified and target.verified))
    return tuple(found)


def switch_stages(goal: Goal, start: tuple[Intake, ...], to: str, table: str) -> Switched | Infeasible:
    """The stages of a staged switch from the recorded intakes to `to` under `table`."""
    source, target = goal.equivalences.rows[goal.drug][table], goal.equivalences.rows[to][table]
    by_slot: dict[Slot, Fraction] = {}
    for intake in start:
        by_slot[intake.slot] = by_slot.get(intake.slot, Fraction(0)) + intake.dose.mg
    wanted = {s: in_drug(target, in_diazepam(source, mg).low).low for s, mg in by_slot.items()}
    best: tuple[Fraction, dict[Slot, Intake], Supply] | None = None
    for supply in all_form_supplies(goal, to):
        made = _nearest_below(supply, to, wanted)
        if made is None:
            continue
        total = sum((i.dose.mg for i in made.values()), Fraction(0))
        if best is None or total > best[0]:
            best = (total, made, supply)
    if best is None:
        return Infeasible("products", f"The equivalent doses of {to} cannot be made for {goal.region}.")
    order = [slot for slot in SWITCH_ORDER if slot in by_slot]
    stages = []
    for moved in range(1, len(order) + 1):
        done = set(order[:moved])
        kept = tuple(i for i in start if i.slot not in done)
        stages.append((*kept, *(best[1][slot] for slot in order[:moved])))
    return Switched(stages=tuple(stages), supply=best[2])


def _nearest_below(supply: Supply, drug: str, wanted: dict[Slot, Fraction]) -> dict[Slot, Intake] | None:
    """For each slot the largest dose not above the wanted one, made together; None when one cannot be made."""
    # The wanted equivalents may be thirds of a milligram: only what the units make sets the quantum.
    quantum = quantum_of(supply, ())
    bench = Bench(supply, quantum, int(max(wanted.values()) / quantum))
    doses = bench.doses()
    chosen: dict[Slot, int] = {}
    for slot, mg in wanted.items():
        fitting = [d for d in doses if d * quantum <= mg]
        if not fitting:
            return None
        chosen[slot] = fitting[-1]
    day = bench.day(tuple(chosen.values()))
    if day is None:
        return None
    return {
        slot: Intake(slot=slot, drug=drug, dose=Amount(q * quantum), pieces=bench.pieces(day.of(q)))
        for slot, q in chosen.items()
    }
