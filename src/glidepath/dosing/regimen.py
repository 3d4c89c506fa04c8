"""What is taken on one day: intakes of exact doses, and the product units that make each dose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from glidepath.facts.model import Product
from glidepath.quantity import Amount, exact_decimal
from glidepath.quantity.amount import ZERO


class Slot(StrEnum):
    """A time of day. Plans are calendar dates; clock times are the person's own."""

    MORNING = "morning"
    NOON = "noon"
    EVENING = "evening"
    NIGHT = "night"

    @property
    def order(self) -> int:
        return _SLOT_ORDER[self]


_SLOT_ORDER = {slot: index for index, slot in enumerate(Slot)}


@dataclass(frozen=True, slots=True)
class Piece:
    """Units of one product taken at one intake: tablets (0.5 = half) or, for a liquid, mL."""

    product: Product
    units: Fraction

    def __post_init__(self) -> None:
        if self.units <= 0:
            raise ValueError("a piece has a positive number of units")

    @property
    def dose(self) -> Amount:
        return Amount(self.product.strength * self.units)

    @property
    def units_text(self) -> str:
        return exact_decimal(self.units)

    @property
    def whole_units(self) -> int:
        """Whole tablets or capsules in this piece (0 for a liquid)."""
        return 0 if self.product.form.is_liquid else int(self.units)

    @property
    def part(self) -> Fraction:
        """The divided remainder in units: 0, 1/4, 1/2 or 3/4 (0 for a liquid)."""
        return Fraction(0) if self.product.form.is_liquid else self.units - int(self.units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """One drug taken once at one time of day. `pieces` is empty until the products are chosen."""

    slot: Slot
    drug: str
    dose: Amount
    pieces: tuple[Piece, ...] = ()

    def __post_init__(self) -> None:
        if self.pieces and sum((p.dose.mg for p in self.pieces), Fraction(0)) != self.dose.mg:
            raise ValueError("the pieces of an intake do not make its dose")


@dataclass(frozen=True, slots=True)
class Regimen:
    """The intakes of one day, in order of slot and then as first named."""

    intakes: tuple[Intake, ...]

    @classmethod
    def of(cls, intakes: Iterable[Intake]) -> Regimen:
        """Order the intakes by time of day; intakes without a dose are left out."""
        return cls(tuple(sorted((i for i in intakes if i.dose), key=lambda i: i.slot.order)))

    @property
    def drugs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(intake.drug for intake in self.intakes))

    def total(self, drug: str) -> Amount:
        """The exact daily total of one drug."""
        return sum((i.dose for i in self.intakes if i.drug == drug), ZERO)

    def of_drug(self, drug: str) -> tuple[Intake, ...]:
        return tuple(i for i in self.intakes if i.drug == drug)
