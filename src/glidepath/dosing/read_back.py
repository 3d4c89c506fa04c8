"""Say in plain words what was read, so that a person can compare it with what they meant.

Each line of the words is itself a line that reads back to the same doses.
"""

from __future__ import annotations

from collections.abc import Iterable

from glidepath.dosing.regimen import Intake, Slot
from glidepath.facts.model import Form, Product
from glidepath.quantity import exact_decimal

_AT = {
    Slot.MORNING: "in the morning",
    Slot.NOON: "at noon",
    Slot.EVENING: "in the evening",
    Slot.NIGHT: "at night",
}
_NOUNS = {Form.CAPSULE: "capsule", Form.XR_CAPSULE: "capsule", Form.FILM: "film"}


def said_back(drug: str, release: str, intakes: Iterable[Intake]) -> tuple[str, ...]:
    """One phrase per product: `clonazepam 0.5 mg tablet: 1 tablet in the morning, 2 tablets at night`.

    Without products the doses are in mg: `clonazepam 1 mg in the morning, 1 mg at night`. No trailing zeros.
    """
    intakes = tuple(intakes)
    name = drug.replace("_", " ")
    if not all(intake.pieces for intake in intakes):
        head = name if release == "IR" else f"{name} {release}"
        doses = ", ".join(f"{intake.dose} {_AT[intake.slot]}" for intake in intakes)
        return (f"{head} {doses}",)
    products = dict.fromkeys(piece.product for intake in intakes for piece in intake.pieces)
    return tuple(f"{_shown(product)}: {_counted(product, intakes)}" for product in products)


def _shown(product: Product) -> str:
    return product.name.replace("_", " ")


def _counted(product: Product, intakes: Iterable[Intake]) -> str:
    said = []
    for intake in intakes:
        units = sum(piece.units for piece in intake.pieces if piece.product == product)
        if units:
            number = exact_decimal(units + 0)
            said.append(f"{number} {_noun(product, plural=units > 1)} {_AT[intake.slot]}")
    return ", ".join(said)


def _noun(product: Product, *, plural: bool) -> str:
    if product.form.is_liquid:
        return "mL"
    noun = _NOUNS.get(product.form, "tablet")
    return f"{noun}s" if plural else noun
