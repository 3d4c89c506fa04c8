"""What is taken, in words: `3 dissolving tablets of 0.125 mg = 0.375 mg clonazepam`.

A number of units and a strength are never set side by side: there is always a word between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from glidepath.dosing.regimen import Intake, Piece, Regimen, Slot
from glidepath.facts.model import Form, Product
from glidepath.quantity import exact_decimal

# One unit of each form as a person would say it; the plural adds an s.
UNIT_WORDS: Mapping[Form, str] = {
    Form.TABLET: "tablet",
    Form.ODT: "dissolving tablet",
    Form.CAPSULE: "capsule",
    Form.FILM: "dissolving film",
    Form.XR_TABLET: "slow release tablet",
    Form.XR_CAPSULE: "slow release capsule",
    Form.SL_TABLET: "under the tongue tablet",
    Form.COMBINATION_TABLET: "combination tablet",
    Form.COMBINATION_CAPSULE: "combination capsule",
}
WHEN_WORDS: Mapping[Slot, str] = {
    Slot.MORNING: "in the morning",
    Slot.NOON: "at noon",
    Slot.EVENING: "in the evening",
    Slot.NIGHT: "at night",
}
_ALONE = {
    Fraction(1, 4): "a quarter of a",
    Fraction(1, 2): "half a",
    Fraction(3, 4): "three quarters of a",
}
_BESIDE = {Fraction(1, 4): "a quarter", Fraction(1, 2): "a half", Fraction(3, 4): "three quarter"}


def units_words(product: Product, units: Fraction, one: str = "") -> str:
    """`3 tablets`, `1 and a half tablets`, `half a tablet`, `2.5 mL`; `one` is another name for one unit."""
    if product.form.is_per_ml:
        return f"{exact_decimal(units)} mL"
    one = one or UNIT_WORDS[product.form]
    whole, part = int(units), units - int(units)
    if part and part not in _ALONE:
        return f"{exact_decimal(units)} {one}s"
    if part and not whole:
        return f"{_ALONE[part]} {one}"
    if part:
        return f"{whole} and {_BESIDE[part]} {one}s"
    return f"{whole} {one}" if whole == 1 else f"{whole} {one}s"


def piece_words(piece: Piece) -> str:
    """`half a tablet of 0.5 mg`, `2.5 mL of 1 mg/mL oral solution`."""
    units = units_words(piece.product, piece.units)
    if piece.product.form.is_per_ml:
        return f"{units} of {piece.product.strength_text} {piece.product.form.value}"
    return f"{units} of {piece.product.strength_text}"


def slot_word(slot: Slot) -> str:
    """`Night`."""
    return slot.value.capitalize()


def made_words(intake: Intake) -> str:
    """`1 tablet of 0.5 mg plus half a tablet of 0.25 mg = 0.625 mg clonazepam`."""
    made = " plus ".join(piece_words(piece) for piece in intake.pieces)
    return f"{made} = {intake.dose} {intake.drug}"


def times_words(slots: Sequence[Slot]) -> str:
    """`morning, noon and night`."""
    *most, last = [slot.value for slot in slots]
    return f"{', '.join(most)} and {last}" if most else last


def day_lines(regimen: Regimen) -> tuple[str, ...]:
    """Each intake in words, equal ones together: `Morning and night: 1 tablet of 1 mg = 1 mg lorazepam each time`."""
    same: dict[str, list[Slot]] = {}
    for intake in regimen.intakes:
        same.setdefault(made_words(intake), []).append(intake.slot)
    return tuple(
        f"{times_words(slots).capitalize()}: {made}{' each time' if len(slots) > 1 else ''}"
        for made, slots in same.items()
    )


def intake_words(intake: Intake) -> str:
    """`Night: 3 dissolving tablets of 0.125 mg = 0.375 mg clonazepam`."""
    return f"{slot_word(intake.slot)}: {made_words(intake)}"


def totals_words(regimen: Regimen, drugs: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """The daily total of each drug that is taken: `0.375 mg clonazepam`."""
    named = regimen.drugs if drugs is None else drugs
    return tuple(f"{regimen.total(drug)} {drug}" for drug in named if regimen.total(drug))


def pharmacy_unit(product: Product) -> str:
    """One unit in the pharmacy's words: `tablet`, `capsule` or `film`; the product's name says the rest."""
    words = {Form.FILM: "film", Form.CAPSULE: "capsule", Form.XR_CAPSULE: "capsule"}
    return words.get(product.form, "capsule" if product.form is Form.COMBINATION_CAPSULE else "tablet")


def dispensed_words(product: Product, units: Fraction) -> str:
    """A quantity to supply: `84 tablets`, `1 capsule`, `61.5 mL`, in the pharmacy's words."""
    if product.form.is_per_ml:
        return f"{exact_decimal(units)} mL"
    one = pharmacy_unit(product)
    return f"{exact_decimal(units)} {one}" if units == 1 else f"{exact_decimal(units)} {one}s"
