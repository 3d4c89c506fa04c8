"""What one therapy of a line means: its drug, release and product, and the exact dose at each time of day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from glidepath.dosing.regimen import Intake, Slot
from glidepath.dosing.regimen import Piece as ProductPiece
from glidepath.dosing.sig_grammar import Dose, Therapy
from glidepath.dosing.sig_pieces import Piece, unreadable
from glidepath.dosing.sig_products import (
    COUNTED_NOUNS,
    FormSaid,
    counted_candidates,
    form_said,
    named_liquid,
    named_product,
    refuse_form_that_does_not_exist,
    strengths_that_exist,
    unknown_product,
)
from glidepath.dosing.sig_times import missing_times, place
from glidepath.dosing.sig_words import DrugWord, FormWord, Kind, Time, When
from glidepath.errors import InputError
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Drug, Product
from glidepath.quantity import Amount, exact_decimal

_ONE = Fraction(1)
_LONE_NUMBER_UNCLEAR = frozenset({When.DAILY, When.PER_DAY, When.EVERY_DAY})
_MOST_LONE_UNITS = 4
_MOST_DECIMALS = 6
_LARGEST = Fraction(10) ** 7
_SCHEME_SLOTS = {
    3: (Slot.MORNING, Slot.NOON, Slot.NIGHT),
    4: (Slot.MORNING, Slot.NOON, Slot.EVENING, Slot.NIGHT),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """One therapy with its meaning. `product` is None when the line names none."""

    drug: str
    release: str
    product: Product | None
    intakes: tuple[Intake, ...]
    assumptions: tuple[str, ...]


def meaning_of(therapy: Therapy, formulary: Formulary, region: str | None) -> Meant:
    """Read one therapy exactly; without a region only what is stated in mg, and no product.

    Raises the codes of `sig_times` and `sig_products`, `UNIT_MISSING` where nothing says how many mg are meant,
    and `DOSE_NOT_DIVISIBLE` where a dose would have no finite decimal.
    """
    word = therapy.drug.meaning
    if not isinstance(word, DrugWord):
        raise TypeError("a therapy has a drug")
    drug = formulary.drug(word.drug)
    products = () if region is None else formulary.products(word.drug, region)
    _refuse_missing_units(therapy, drug, products)
    said = form_said(tuple(_forms_in(therapy)), word.release)
    product, per_unit, notes = _product(therapy, said, products, drug, region)
    intakes: list[Intake] = []
    for dose in _doses(therapy):
        if not dose.times:
            raise missing_times()
        placed = place(dose.times, at_night=drug.taken_at_night, drug=shown_name(drug.name))
        notes = (*notes, *placed.assumptions)
        for slot in placed.slots:
            if any(intake.slot is slot for intake in intakes):
                raise unreadable(
                    f"The time {slot.value} is named twice.",
                    None,
                    details=tuple(time.where for time in dose.times),
                    fix="Write each time of day once, with its own dose: morning, noon, evening, night.",
                )
            intakes.append(_intake(slot, drug.name, dose, placed.share, product, per_unit, said))
    intakes += _scheme(therapy, drug.name, product)
    if not intakes:
        raise missing_times()
    if product is None and per_unit is None and said.release != "IR":
        product, intakes = _as_whole_units(intakes, products, said)
    if product is not None and not all(intake.pieces for intake in intakes):
        notes = (*notes, f"The dose is not an exact amount of {product.name}; no product was recorded.")
        product, intakes = None, [replace(intake, pieces=()) for intake in intakes]
    intakes.sort(key=lambda intake: intake.slot.order)
    return Meant(
        drug=drug.name,
        release=said.release,
        product=product,
        intakes=tuple(intakes),
        assumptions=tuple(dict.fromkeys(notes)),
    )


def shown_name(drug: str) -> str:
    """The drug's name in words that are read here: `midazolam oral`."""
    return drug.replace("_", " ")


def _refuse_missing_units(therapy: Therapy, drug: Drug, products: tuple[Product, ...]) -> None:
    name = shown_name(drug.name)
    if therapy.shape == "no_concentration":
        raise _unit_missing(
            "The dose is given in mL without a concentration.",
            f"Write the concentration too, for example {name} 2 mg/5 mL 10 mL at night, or write mg.",
            tuple(p.name for p in products if p.form.is_liquid),
        )
    if therapy.shape == "no_strength":
        counts = [dose.units for dose in therapy.doses if dose.units is not None]
        if any(count.forms for count in (*counts, therapy.drug)) or therapy.scheme is not None:
            message = "The units are counted but their strength is not given."
        else:
            message = "The dose has no unit."
        raise _unit_missing(
            message,
            f"Write the dose with its unit, for example {name} 1 mg, or the strength before the number of tablets.",
            strengths_that_exist(products),
        )
    if therapy.shape == "no_dose":
        raise unreadable("The line names no dose.", therapy.drug.text, details=(f"for {therapy.drug.where}",))


def _unit_missing(message: str, fix: str, details: tuple[str, ...]) -> InputError:
    return InputError("UNIT_MISSING", message, field="dose", fix=fix, details=details)


def _forms_in(therapy: Therapy) -> Iterable[FormWord]:
    yield from therapy.drug.forms
    if therapy.strength is not None:
        yield from therapy.strength.forms
    for dose in therapy.doses:
        for piece in (*dose.amounts, *((dose.units,) if dose.units is not None else ())):
            yield from piece.forms


def _product(
    therapy: Therapy, said: FormSaid, products: tuple[Product, ...], drug: Drug, region: str | None
) -> tuple[Product | None, Fraction | None, tuple[str, ...]]:
    """The product named, the mg in one of its units or mL, and what was assumed."""
    strength = therapy.strength
    name = shown_name(drug.name)
    refuse_form_that_does_not_exist(drug, said, shown=name, region=region)
    if strength is None or strength.number is None:
        return (_product_of_plain_doses(therapy, said, products) if said.noun else None), None, ()
    per_unit = strength.number
    if strength.kind is Kind.CONCENTRATION:
        liquid, note = named_liquid(products, per_unit, said)
        return liquid, per_unit, (note,) if note else ()
    notes: tuple[str, ...] = ()
    if therapy.shape in ("one_unit", "unit_first"):
        notes = (f"No number was given: one {said.noun or 'tablet'} of {exact_decimal(per_unit)} mg each time.",)
    if therapy.shape == "counted_first" and not said.noun and said.release == "IR":
        # "5 mg x 2" states a dose; it names a product only when just one fits.
        fitting = counted_candidates(products, per_unit, said)
        return (fitting[0] if len(fitting) == 1 else None), per_unit, notes
    if said.noun not in ("", *COUNTED_NOUNS):
        raise unknown_product(products, drug=name, region=region)
    return named_product(products, per_unit, said, drug=name, region=region), per_unit, notes


def _product_of_plain_doses(therapy: Therapy, said: FormSaid, products: tuple[Product, ...]) -> Product | None:
    """`diazepam tablets 5 mg three times a day`: the product, when each dose is one unit of it."""
    numbers = {_milligrams(dose) for dose in therapy.doses}
    if len(numbers) != 1 or any(_is_shared(dose) for dose in therapy.doses):
        return None
    fitting = counted_candidates(products, numbers.pop(), said)
    return fitting[0] if len(fitting) == 1 else None


def _is_shared(dose: Dose) -> bool:
    return any(isinstance(p.meaning, Time) and p.meaning.when is When.DIVIDED for p in dose.times)


def _doses(therapy: Therapy) -> tuple[Dose, ...]:
    """The doses; one unit each time where only the strength is written (`1 mg tablet twice daily`)."""
    if therapy.shape in ("one_unit", "unit_first") and therapy.strength is not None:
        one = Piece(Kind.COUNT, "1", therapy.strength.start, therapy.strength.end, number=_ONE)
        return tuple(Dose((), one, dose.times) for dose in therapy.doses)
    return therapy.doses


def _milligrams(dose: Dose) -> Fraction:
    return sum((piece.number for piece in dose.amounts if piece.number is not None), Fraction(0))


def _intake(
    slot: Slot,
    drug: str,
    dose: Dose,
    share: Fraction,
    product: Product | None,
    per_unit: Fraction | None,
    said: FormSaid,
) -> Intake:
    """One intake. Counted doses and liquids carry their product; the share of a total must be exact."""
    if dose.units is not None and dose.units.number is not None:
        number = dose.units.number
        _refuse_lone_number(dose, said)
        units: Fraction | None = printable(number * share)
        mg = printable(number * share * (per_unit or 0))
    else:
        mg = printable(_milligrams(dose) * share)
        units = None if product is None else mg / product.strength
    if product is None or units is None:
        return Intake(slot=slot, drug=drug, dose=Amount(mg))
    return Intake(slot=slot, drug=drug, dose=Amount(mg), pieces=_pieces_of(product, units))


def _refuse_lone_number(dose: Dose, said: FormSaid) -> None:
    """A number without a form word is a count only where it cannot be a clock time or a number of times."""
    count = dose.units
    if count is None or count.number is None or count.number == 1 or count.forms or count.kind is Kind.VOLUME:
        return
    ways = {time.meaning.when for time in dose.times if isinstance(time.meaning, Time)}
    if ways & _LONE_NUMBER_UNCLEAR or (count.number > _MOST_LONE_UNITS and not said.noun):
        raise unreadable(
            "A number alone can be tablets, times a day, or a clock time.",
            count.text,
            details=(count.where,),
            fix="Write the word after the number: 2 tablets at night, or twice daily.",
        )


def _pieces_of(product: Product, units: Fraction) -> tuple[ProductPiece, ...]:
    try:
        printable(units)
    except InputError:
        # 1 mg of a 0.3 mg/mL liquid has no exact volume: the dose stands, without pieces.
        return ()
    return (ProductPiece(product, units),)


def _scheme(therapy: Therapy, drug: str, product: Product | None) -> list[Intake]:
    """`1-0-1` or `1-0-1-0`: units at morning, noon, (evening,) night."""
    if therapy.scheme is None or product is None:
        return []
    parts = therapy.scheme.scheme
    return [
        Intake(
            slot=slot,
            drug=drug,
            dose=Amount(printable(product.strength * units)),
            pieces=(ProductPiece(product, units),),
        )
        for slot, units in zip(_SCHEME_SLOTS[len(parts)], parts, strict=True)
        if units
    ]


def _as_whole_units(
    intakes: list[Intake], products: tuple[Product, ...], said: FormSaid
) -> tuple[Product | None, list[Intake]]:
    """For XR, SL and ODT, which cannot be exchanged: each dose as one unit of a product, when all are."""
    pieced: list[Intake] = []
    for intake in intakes:
        fitting = counted_candidates(products, intake.dose.mg, said)
        if len(fitting) != 1:
            return None, intakes
        pieces = (ProductPiece(fitting[0], _ONE),)
        pieced.append(Intake(slot=intake.slot, drug=intake.drug, dose=intake.dose, pieces=pieces))
    return one_product(pieced), pieced


def one_product(intakes: Iterable[Intake]) -> Product | None:
    """The product, when all the intakes are made of one."""
    found = {piece.product for intake in intakes for piece in intake.pieces}
    return found.pop() if len(found) == 1 else None


def printable(value: Fraction) -> Fraction:
    """`value`, when it can be written as the plain decimal that is read here (up to 6 places).

    Raises `DOSE_NOT_DIVISIBLE` where no finite decimal exists, `NUM_RANGE` where it is too long.
    """
    try:
        text = exact_decimal(value)
    except ValueError:
        raise InputError(
            "DOSE_NOT_DIVISIBLE",
            "The dose does not come out as an exact number.",
            field="dose",
            fix="Write the dose that is taken at each time of day.",
        ) from None
    if len(text.partition(".")[2]) > _MOST_DECIMALS or value >= _LARGEST:
        raise InputError(
            "NUM_RANGE",
            "The dose is not a positive number of a plausible size.",
            field="dose",
            fix="Give a number above zero, in plain digits, for example 0.5 mg.",
        )
    return value
