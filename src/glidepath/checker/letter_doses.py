"""Doses of a letter: wording to exact entries by the strict reader of `dosing.read_sig`, and rules to their steps.

A dose without times is read only where the clause before leaves one meaning: at its one time of day, or of the whole
day. What stays open is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from glidepath.checker.letter_clauses import Supply
from glidepath.checker.letter_faults import left_over, row_drugs
from glidepath.checker.letter_lines import LONGEST_CLAUSE, Clause
from glidepath.checker.letter_rules import shown_mg
from glidepath.checker.letter_words import FLAGS
from glidepath.checker.written import TIMES, Entry
from glidepath.dosing.read_sig import Reading, read_sig
from glidepath.dosing.sig_pieces import Piece, check_text, find_pieces
from glidepath.dosing.sig_words import DrugWord, Kind
from glidepath.errors import GlidepathError, InputError
from glidepath.facts.formulary import Formulary
from glidepath.quantity import exact_decimal
from glidepath.quantity.grammar import read_amount

WHOLE_DAY = "A dose without times was read as the dose of the whole day."
Taking = Mapping[str, tuple[Entry, ...]]

_BARE = re.compile(
    r"[:,\s]*(?:(?:take|give)\s+)?(?P<lead>(?:total\s+)?daily\s+(?:dose|total)\s*(?:of\b|is\b)?[\s:]*)?"
    r"(?P<number>[^\sa-zµμ()]+)\s*(?P<unit>mgs?|milligram(?:me)?s?|mcgs?|microgram(?:me)?s?)\b(?:\s+of\b)?"
    r"(?P<daily>\s*(?:daily|a\s+day|per\s+day|/\s*(?:day|d)|each\s+day|every\s+day|in\s+total|total)\b)?[\s:,.]*",
    FLAGS,
)
_COUNTED = re.compile(r"(?:take\s+|give\s+)?(?:[0-9½¼¾]|one|two|three|four|half)\S*\s+(?:a\s+)?(?:tab|cap|film)", FLAGS)
_TIME_WORDS = {"morning": "in the morning", "noon": "at noon", "evening": "in the evening", "night": "at night"}


@dataclass(frozen=True, slots=True)
class Wording:
    """How wording is read in one letter; `readings` keeps what was read, for the life of this letter."""

    formulary: Formulary
    region: str
    comma: bool
    drug: str | None
    readings: dict[str, Reading | GlidepathError] = field(default_factory=dict)

    def drugs_in(self, text: str) -> list[Piece]:
        """The places where a drug is named."""
        return [piece for piece in find_pieces(check_text(text), self.formulary) if piece.kind is Kind.DRUG]

    def sig(self, text: str) -> Reading:
        """The strict reading of one line. Raises what `read_sig` raises."""
        if text not in self.readings:
            try:
                self.readings[text] = read_sig(text, self.formulary, region=self.region, comma=self.comma)
            except GlidepathError as error:
                self.readings[text] = error
        found = self.readings[text]
        if isinstance(found, GlidepathError):
            raise found
        return found


def named_drugs(clauses: Iterable[Clause], wording: Wording) -> tuple[str, ...]:
    """Every drug named in the clauses, in order; a clause too long to read names none."""
    short = (clause.text for clause in clauses if len(clause.text) <= LONGEST_CLAUSE)
    meant = (piece.meaning for text in short for piece in wording.drugs_in(text))
    return tuple(dict.fromkeys(word.drug for word in meant if isinstance(word, DrugWord)))


def read_dose(text: str, wording: Wording, taking: Taking) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The entries of a day and what was assumed. `taking` is the dose before, drug by drug.

    Raises the codes of `read_sig`, and DRUG_MISSING, ROW_DRUGS, TIMES_MISSING or PRODUCT_UNKNOWN.
    """
    named = wording.drugs_in(text)
    drug = "" if named else _the_drug(text, wording, taking)
    bare, release = text, ""
    if len(named) == 1 and isinstance(named[0].meaning, DrugWord):
        drug, release = named[0].meaning.drug, named[0].meaning.release
        bare = text[: named[0].start] + " " + text[named[0].end :]
    if drug and release in ("", "IR") and (found := _BARE.fullmatch(bare)):
        dose = read_amount(f"{found['number']} {found['unit']}", comma=wording.comma).mg
        if found["lead"] or found["daily"]:
            is_said = (found["daily"] or "").strip().lower() not in ("", "daily")
            return (Entry(drug=drug, time="", dose=dose),), () if is_said else (WHOLE_DAY,)
        return _at_the_time_before(drug, dose, taking)
    if named:
        reading = wording.sig(text)
    else:
        prefix = drug.replace("_", " ")
        product = _one_product(taking.get(drug, ()))
        if product and _COUNTED.match(text):
            reading = wording.sig(f"{product} {text}")
            return _entries(reading), (
                *reading.assumptions,
                "A count without a strength was read as of the same product.",
            )
        reading = wording.sig(f"{prefix} {text}")
    return _entries(reading), reading.assumptions


def _the_drug(text: str, wording: Wording, taking: Taking) -> str:
    """The one drug that is meant where none is named."""
    if len(taking) == 1:
        return next(iter(taking))
    if taking:
        raise row_drugs()
    if wording.drug is not None:
        return wording.drug
    try:
        wording.sig(text)
    except GlidepathError as error:
        if error.code != "DRUG_UNKNOWN" or error.details:
            raise
    raise InputError(
        "DRUG_MISSING",
        "Nothing says which drug this is.",
        field="drug",
        fix="Name the drug in the text, or give it with --drug.",
    )


def _at_the_time_before(drug: str, dose: Fraction, taking: Taking) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    times = {entry.time for entry in taking.get(drug, ())}
    if len(times) > 1:
        raise InputError(
            "TIMES_MISSING",
            "The dose before is taken at several times, so this one could be each time or the whole day.",
            field="times",
            fix="Write the times, or write a day after the dose.",
        )
    time = next(iter(times), "")
    note = f"A dose without times was read as taken {_TIME_WORDS[time]}, as before." if time else WHOLE_DAY
    return (Entry(drug=drug, time=time, dose=dose),), (note,)


def _one_product(entries: tuple[Entry, ...]) -> str:
    products = {entry.product for entry in entries}
    return products.pop() if len(products) == 1 else ""


def _entries(reading: Reading) -> tuple[Entry, ...]:
    """One entry for each product at each time; a release that no product carries would be lost, so it is refused."""
    entries: list[Entry] = []
    for taken in reading.taken:
        for intake in taken.intakes:
            if not intake.pieces and taken.release != "IR":
                raise InputError(
                    "PRODUCT_UNKNOWN",
                    f"The dose is of a form ({taken.release}) and no whole product of it makes this dose.",
                    field="product",
                    fix="Name the product and the number of units.",
                )
            time = intake.slot.value
            if not intake.pieces:
                entries.append(Entry(drug=taken.drug, time=time, dose=intake.dose.mg))
            for piece in intake.pieces:
                entry = Entry(
                    drug=taken.drug, time=time, dose=piece.dose.mg, product=piece.product.name, units=piece.units
                )
                entries.append(entry)
    return tuple(entries)


def product_of(supply: Supply, entries: tuple[Entry, ...], wording: Wording) -> str:
    """The product that is supplied, by its full name. Raises PRODUCT_UNKNOWN where it cannot be told."""
    noun = {"t": "tablet", "c": "capsule", "m": "mL"}[supply.noun[0]]
    drugs = {entry.drug for entry in entries if entry.dose}
    if supply.drug is not None:
        drugs = {wording.formulary.drug(supply.drug).name}
    if supply.strength is not None and len(drugs) == 1 and noun != "mL":
        name = f"{drugs.pop()} {supply.strength} mg"
        named = {entry.product for entry in entries if entry.product.startswith(f"{name} ")}
        if len(named) == 1:
            return named.pop()
        return wording.formulary.product_named(f"{name} {noun}", wording.region).name
    products = {entry.product for entry in entries if entry.product and entry.drug in drugs}
    if len(products) == 1 and supply.strength is None:
        name = next(iter(products))
        if name.endswith(noun) or (noun == "mL" and not name.endswith(("tablet", "capsule"))):
            return name
    raise InputError(
        "PRODUCT_UNKNOWN",
        "It cannot be told which product is to be supplied.",
        field="product",
        fix="Write drug, strength and form, for example: supply 28 x diazepam 2 mg tablets.",
    )


def drugs_to_stop(words: str, wording: Wording) -> tuple[str, ...]:
    """The drugs named after "stop"; none where none is named."""
    names = [name for name in re.split(r"\s*(?:,|&|\band\b)\s*", words.strip()) if name]
    for name in names:
        if not wording.drugs_in(name) and re.match(r"(?:if|when|as|for|after|before|in|on|by|at|until)\b", name, FLAGS):
            raise left_over(name[:40])
    return tuple(wording.formulary.drug(name).name for name in names)


def said_dose(entries: tuple[Entry, ...]) -> str:
    """`diazepam 10 mg in the morning, 10 mg at night; lorazepam 1 mg a day`."""
    said = []
    for drug in dict.fromkeys(entry.drug for entry in entries):
        own = [entry for entry in entries if entry.drug == drug]
        own.sort(key=lambda entry: TIMES.index(entry.time) if entry.time else 0)
        said.append(f"{drug.replace('_', ' ')} {', '.join(_said_entry(entry) for entry in own)}")
    return "; ".join(said)


def _said_entry(entry: Entry) -> str:
    if not entry.dose:
        return "nothing"
    made = ""
    if entry.product and entry.units is not None:
        made = f" ({exact_decimal(entry.units)} x {entry.product})"
    return f"{shown_mg(entry.dose)}{made} {_TIME_WORDS.get(entry.time, 'a day')}"
