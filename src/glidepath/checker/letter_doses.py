"""Doses of a letter: wording to exact entries by the strict reader of `dosing.read_sig`, and rules to their steps.

A dose without times is read only where the clause before leaves one meaning: at its one time of day, or of the whole
day. What stays open is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from glidepath.checker.letter_faults import left_over, row_drugs, times_missing, unclear
from glidepath.checker.letter_lines import LONGEST_CLAUSE, Clause
from glidepath.checker.letter_release import entries_of, keeping_releases, release_before, with_releases
from glidepath.checker.letter_rules import shown_mg
from glidepath.checker.letter_seats import Seat, seats_of
from glidepath.checker.letter_wording import Wording
from glidepath.checker.letter_words import FLAGS
from glidepath.checker.written import TIMES, Entry
from glidepath.dosing.sig_words import DrugWord, Time, When
from glidepath.errors import GlidepathError, InputError
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


def named_drugs(clauses: Iterable[Clause], wording: Wording) -> tuple[str, ...]:
    """Every drug named in the clauses, in order; a clause too long to read names none."""
    short = (clause.text for clause in clauses if len(clause.text) <= LONGEST_CLAUSE)
    meant = (piece.meaning for text in short for piece in wording.drugs_in(text))
    return tuple(dict.fromkeys(word.drug for word in meant if isinstance(word, DrugWord)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """What is taken on a day, as worded. `seats` has the drugs whose times are only what so many times a day means.

    `is_of_day`: the words give the total of the day and how it is shared.
    """

    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()
    seats: Mapping[str, Seat] = field(default_factory=dict)
    is_of_day: bool = False

    @property
    def drugs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry.drug for entry in self.entries))


def read_dose(text: str, wording: Wording, taking: Taking, *, switches: bool = False) -> Dose:
    """The entries of a day. `taking` is the dose before, drug by drug; `switches`: this takes the place of it.

    Raises the codes of `read_sig`, and DRUG_MISSING, ROW_DRUGS or TIMES_MISSING.
    """
    named = wording.drugs_in(text)
    drug = "" if named else _the_drug(text, wording, taking)
    bare, release = text, ""
    if len(named) == 1 and isinstance(named[0].meaning, DrugWord):
        drug, release = named[0].meaning.drug, named[0].meaning.release
        bare = text[: named[0].start] + " " + text[named[0].end :]
    if drug and release in ("", "IR") and (found := _BARE.fullmatch(bare)):
        dose = read_amount(f"{found['number']} {found['unit']}", comma=wording.comma).mg
        release = release or release_before(drug, taking, switches=switches)
        if found["lead"] or found["daily"]:
            is_said = (found["daily"] or "").strip().lower() not in ("", "daily")
            entry = Entry(drug=drug, time="", dose=dose, release=release)
            return Dose(entries=(entry,), notes=() if is_said else (WHOLE_DAY,))
        return _at_the_time_before(drug, dose, release, taking)
    prefix = ""
    note: tuple[str, ...] = ()
    if not named:
        product = _one_product(taking.get(drug, ()))
        prefix = f"{drug.replace('_', ' ')} "
        if product and _COUNTED.match(text):
            prefix, note = f"{product} ", ("A count without a strength was read as of the same product.",)
    line = prefix + text if note else with_releases(prefix + text, wording, taking, switches=switches)
    reading = wording.sig(line)
    if any("were added up" in said for said in reading.assumptions):
        says = "Two doses of one drug are given for one time of day, so one may be meant to follow the other."
        raise unclear(says, "Write then between steps, or one dose for each time of day.")
    entries = keeping_releases(entries_of(reading, line, wording), taking)
    pieces = wording.pieces(line)
    says_times = any(isinstance(piece.meaning, Time) and piece.meaning.when is When.SLOT for piece in pieces)
    seats, notes = seats_of(reading.assumptions, entries, says_times=says_times)
    is_of_day = bool(re.search(r"\bdivided\b", text, FLAGS))
    return Dose(entries=entries, notes=(*notes, *note), seats=seats, is_of_day=is_of_day)


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


def _at_the_time_before(drug: str, dose: Fraction, release: str, taking: Taking) -> Dose:
    times = {entry.time for entry in taking.get(drug, ())}
    if len(times) > 1:
        raise times_missing(
            "The dose before is taken at several times, so this one could be each time or the whole day."
        )
    time = next(iter(times), "")
    note = f"A dose without times was read as taken {_TIME_WORDS[time]}, as before." if time else WHOLE_DAY
    return Dose(entries=(Entry(drug=drug, time=time, dose=dose, release=release),), notes=(note,))


def _one_product(entries: tuple[Entry, ...]) -> str:
    products = {entry.product for entry in entries}
    return products.pop() if len(products) == 1 else ""


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
