"""Read a line that says what is taken, such as ``clonazepam 1 mg twice daily``, into exact doses.

The vocabulary is closed (`sig_words`), the grammar has at most one reading of a line (`sig.lark`), and what is left
over is refused with its place. Nothing is guessed: what a convention supplies (twice daily: morning and night) is
listed as an assumption, and `echo` says the whole back in words that read to the same doses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction

from glidepath.dosing.read_back import said_back
from glidepath.dosing.regimen import Intake, Regimen, Slot
from glidepath.dosing.regimen import Piece as ProductPiece
from glidepath.dosing.sig_grammar import read_therapies
from glidepath.dosing.sig_meaning import Meant, meaning_of, one_product, printable, shown_name
from glidepath.dosing.sig_numbers import with_numbers
from glidepath.dosing.sig_order import in_order, refuse_what_no_plan_starts_from
from glidepath.dosing.sig_pieces import Piece, check_text, find_pieces, unreadable
from glidepath.dosing.sig_words import Kind
from glidepath.errors import InputError, RefusedError
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Product
from glidepath.quantity import Amount
from glidepath.quantity.amount import ZERO

_SHORTEST_NAME = 5
_WORDS_OF_DURATION = {"year", "years", "yr", "yrs", "month", "months", "since"}
_CLEAR_MISSPELLING = Fraction(4, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One drug as it is taken on one day. `release` is IR, XR, SL or ODT; `product` None where none is named.

    Intakes are in order of time, one for each time of day; they carry pieces when products are named.
    """

    drug: str
    release: str
    product: Product | None
    intakes: tuple[Intake, ...]

    @property
    def total(self) -> Amount:
        """The exact daily total."""
        return sum((intake.dose for intake in self.intakes), ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a line says: the drugs in the order named, what was assumed, and the line said back in plain words."""

    taken: tuple[Taken, ...]
    assumptions: tuple[str, ...]
    echo: str

    @property
    def regimen(self) -> Regimen:
        """All intakes of the day together."""
        return Regimen.of(intake for taken in self.taken for intake in taken.intakes)

    @property
    def regimens_by_drug(self) -> Mapping[str, Regimen]:
        """The intakes of each drug, releases together."""
        return {drug: Regimen(self.regimen.of_drug(drug)) for drug in dict.fromkeys(t.drug for t in self.taken)}

    def total(self, drug: str) -> Amount:
        """The exact daily total of one drug over all its releases."""
        return self.regimen.total(drug)

    def as_document(self) -> dict[str, object]:
        """The reading as plain JSON values; every dose is a decimal text in mg."""
        return {
            "drugs": [
                {
                    "drug": taken.drug,
                    "total_mg_per_day": taken.total.decimal,
                    "release": taken.release,
                    "product": taken.product.name if taken.product is not None else None,
                    "intakes": [_intake_document(intake) for intake in taken.intakes],
                }
                for taken in self.taken
            ],
            "intakes": [_intake_document(intake) for intake in self.regimen.intakes],
            "total_mg_per_day": {drug: self.total(drug).decimal for drug in self.regimens_by_drug},
            "assumptions": list(self.assumptions),
            "echo": self.echo,
        }


def read_sig(text: str, formulary: Formulary, *, region: str | None = "US", comma: bool = False) -> Reading:
    """Read what is taken, exactly, or say why not.

    `region` decides which products exist (None: none is known, and only doses in mg are read); `comma` declares that
    a comma is the decimal mark. Raises only
    `GlidepathError`: the `SIG_…`, `TIMES_…`, `DRUG_…`, `PRODUCT_UNKNOWN`, `NUM_…`, `UNIT_…`, `PRN_NOT_A_BASE`,
    `DOSE_NOT_DIVISIBLE` and `REGION_UNKNOWN` codes.
    """
    if region is not None:
        formulary.region(region)
    pieces = find_pieces(check_text(text), formulary)
    _refuse_other_medicines(pieces, formulary)
    refuse_what_no_plan_starts_from(pieces)
    _refuse_unknown_drugs(pieces, formulary)
    terms = in_order(with_numbers(pieces, comma=comma))
    if left := [term for term in terms if term.kind is Kind.LEFT_OVER]:
        where = tuple(term.where for term in left)
        if {term.text.casefold() for term in left} & _WORDS_OF_DURATION:
            fix = "Say since when it is taken with --since, for example --since 2023-11, and leave it out of the line."
            raise unreadable("Words are left over after reading the line.", text, details=where, fix=fix)
        raise unreadable("Words are left over after reading the line.", text, details=where)
    meant = [meaning_of(therapy, formulary, region) for therapy in read_therapies(terms)]
    taken, merged = _merged(meant)
    assumptions = (*(note for each in meant for note in each.assumptions), *merged)
    phrases = [phrase for each in taken for phrase in said_back(each.drug, each.release, each.intakes)]
    return Reading(taken=taken, assumptions=tuple(dict.fromkeys(assumptions)), echo="; ".join(phrases))


def _refuse_other_medicines(pieces: list[Piece], formulary: Formulary) -> None:
    """A known medicine of another kind is named and refused; nothing is suggested in its place."""
    left = [piece for piece in pieces if piece.kind is Kind.LEFT_OVER]
    for index, piece in enumerate(left):
        after = left[index + 1] if index + 1 < len(left) else None
        words = [piece.text] if after is None else [f"{piece.text} {after.text}", piece.text]
        for word in words:
            if (other := formulary.lookalike(word)) is not None:
                raise RefusedError(
                    "DRUG_OUT_OF_SCOPE",
                    f"The line names {other.name}, {other.what}. It is not a benzodiazepine or Z-drug.",
                    field="drug",
                    fix="Write only benzodiazepines and Z-drugs.",
                    seen=piece.text,
                    details=(f"at character {piece.start + 1}",),
                )


def _refuse_unknown_drugs(pieces: list[Piece], formulary: Formulary) -> None:
    """A name that is not known, or no name at all. Similar names are shown and never used."""
    is_named = any(piece.kind is Kind.DRUG for piece in pieces)
    words = [p for p in pieces if p.kind is Kind.LEFT_OVER and len(p.text) >= _SHORTEST_NAME and p.text.isalpha()]
    for piece in words:
        near = formulary.near_names(piece.text)
        if near and (not is_named or _is_nearly(piece.text.lower(), near[0])):
            raise InputError(
                "DRUG_UNKNOWN",
                "A drug name is not one that is known here.",
                field="drug",
                fix=f"Check the spelling. Names that look similar: {', '.join(near)}. None of them was used.",
                seen=piece.text,
                details=(piece.where,),
            )
    if not is_named:
        raise InputError(
            "DRUG_UNKNOWN",
            "The line names no drug that is known here.",
            field="drug",
            fix="Begin with the drug, for example: clonazepam 1 mg twice daily.",
            details=tuple(piece.where for piece in words),
        )


def _is_nearly(word: str, name: str) -> bool:
    """Beside a known drug, an ordinary word is left over; only a clear misspelling is called a drug name."""
    return SequenceMatcher(None, word, name).ratio() > _CLEAR_MISSPELLING


def _merged(meant: list[Meant]) -> tuple[tuple[Taken, ...], tuple[str, ...]]:
    """One `Taken` for each drug and release, doses at the same time added up."""
    groups: dict[tuple[str, str], list[Meant]] = {}
    for each in meant:
        groups.setdefault((each.drug, each.release), []).append(each)
    taken: list[Taken] = []
    notes: list[str] = []
    for (drug, release), same in groups.items():
        intakes = tuple(intake for each in same for intake in each.intakes)
        if len(same) > 1:
            if len({intake.slot for intake in intakes}) < len(intakes):
                notes.append(f"The doses of {shown_name(drug)} at the same time were added up.")
            intakes = _added_up(drug, intakes)
        product = same[0].product if len(same) == 1 else one_product(intakes)
        taken.append(Taken(drug=drug, release=release, product=product, intakes=intakes))
    return tuple(taken), tuple(notes)


def _added_up(drug: str, intakes: tuple[Intake, ...]) -> tuple[Intake, ...]:
    """One intake at each time. Pieces are kept only when every dose has them: part of a count would mislead."""
    all_pieced = all(intake.pieces for intake in intakes)
    added: list[Intake] = []
    for slot in Slot:
        here = [intake for intake in intakes if intake.slot is slot]
        if not here:
            continue
        dose = Amount(printable(sum((intake.dose.mg for intake in here), Fraction(0))))
        pieces = _joined(here) if all_pieced else ()
        added.append(Intake(slot=slot, drug=drug, dose=dose, pieces=pieces))
    return tuple(added)


def _joined(intakes: list[Intake]) -> tuple[ProductPiece, ...]:
    units: dict[Product, Fraction] = {}
    for intake in intakes:
        for piece in intake.pieces:
            units[piece.product] = units.get(piece.product, Fraction(0)) + piece.units
    return tuple(ProductPiece(product, count) for product, count in units.items())


def _intake_document(intake: Intake) -> dict[str, object]:
    names = [piece.product.name for piece in intake.pieces]
    return {
        "time": intake.slot.value,
        "drug": intake.drug,
        "product": " + ".join(names) if names else None,
        "dose_mg": intake.dose.decimal,
    }
