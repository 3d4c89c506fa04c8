"""What is being asked of the planner: one frozen value, with nothing in it that names a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from glidepath.dosing.equivalence import Equivalences
from glidepath.dosing.regimen import Regimen, Slot
from glidepath.dosing.supply import Syringe
from glidepath.facts.model import Ceiling, Product
from glidepath.guidance.pace import Pace
from glidepath.quantity import Amount
from glidepath.taper.slots import SlotRule


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchWish:
    """A staged switch that was asked for. Without a `table` only the target doses are shown, no schedule.

    `withheld` says why the switch may not be planned for this person, or is None.
    """

    to: str
    table: str | None
    pace: Pace
    slot_days: int
    settle_days: int
    check_days: tuple[int, int]
    asked_for: bool
    withheld: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One planning question. Doses are exact; every limit comes from the facts or was asked for.

    `recorded` holds what is taken now, with pieces where the line named the product. `products` are the region's
    products by drug (only those that may be planned), `declared` extra compounded products, `at_home` units in
    stock by product name.
    """

    drug: str
    recorded: Regimen
    region: str
    start: date
    settle_days: int
    pace: Pace
    ladder: tuple[Pace, ...]
    ceiling_frac: Fraction
    ceiling_days: int
    ceiling_sources: tuple[str, ...]
    products: Mapping[str, tuple[Product, ...]]
    releases: Mapping[str, str] = field(default_factory=dict)
    taken_as: Product | None = None
    declared: tuple[Product, ...] = ()
    confirmed: frozenset[str] = frozenset()
    at_home: Mapping[str, Fraction] = field(default_factory=dict)
    slot_rule: SlotRule = field(default_factory=SlotRule)
    last_dose: Amount | None = None
    last_dose_reason: str | None = None
    maintain: Amount | None = None
    switch: SwitchWish
    equivalences: Equivalences
    ceilings: Mapping[str, tuple[Ceiling, ...]]
    syringe: Syringe = field(default_factory=Syringe)
    liquid_floor_diazepam_mg: Fraction = Fraction(1, 2)
    max_pieces: int = 4
    max_strengths: int = 3
    fill_days: int = 28
    fill_early_days: int = 2

    def release(self, drug: str) -> str:
        """The release a drug is taken in: IR, ODT, SL or XR (IR when nothing was said)."""
        return self.releases.get(drug, "IR")

    @property
    def constant(self) -> tuple[str, ...]:
        """Other drugs on the line, which stay as they are."""
        return tuple(d for d in self.recorded.drugs if d != self.drug)

    def slots_of(self, drug: str) -> dict[Slot, Fraction]:
        """The recorded dose in mg of one drug by time of day."""
        doses: dict[Slot, Fraction] = {}
        for intake in self.recorded.of_drug(drug):
            doses[intake.slot] = doses.get(intake.slot, Fraction(0)) + intake.dose.mg
        return doses
