"""The release of a dose in a letter (IR, XR or SL): said by its words or its brand, or that of the dose before.

A dose that no product of its release makes is kept as written, without a product: that is judged, not refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from glidepath.checker.letter_faults import unclear
from glidepath.checker.letter_wording import Wording
from glidepath.checker.units import release_group
from glidepath.checker.written import Entry
from glidepath.dosing.read_sig import Reading
from glidepath.dosing.sig_words import DrugWord, FormWord
from glidepath.errors import InputError

Taking = Mapping[str, tuple[Entry, ...]]
_NOT_IR = ("XR", "SL")


def release_before(drug: str, taking: Taking, *, switches: bool = False) -> str:
    """The release that a dose keeps when it says none. Raises SIG_UNREADABLE where that is not one, or is left."""
    releases = {entry.release for entry in taking.get(drug, ()) if entry.dose}
    if not releases & set(_NOT_IR):
        return next(iter(releases), "") if len(releases) == 1 else ""
    if len(releases) > 1:
        raise _which("The dose before is of two forms, and this one does not say of which it is.")
    if switches:
        raise _which("A change of the drug or its form does not say which form it is to.")
    return next(iter(releases))


def one_release(entries: Iterable[Entry]) -> str:
    """The release of a day's doses, where they have one."""
    releases = {entry.release for entry in entries if entry.dose}
    return releases.pop() if len(releases) == 1 else ""


def _which(says: str) -> InputError:
    return unclear(says, "Write XR or IR (immediate release) after the drug.")


def with_releases(text: str, wording: Wording, taking: Taking, *, switches: bool) -> str:
    """The text with the release of the dose before after each drug that keeps one; the same where there is none."""
    if not any(entry.release in _NOT_IR for own in taking.values() for entry in own):
        return text
    pieces = wording.pieces(text)
    named = [piece for piece in pieces if isinstance(piece.meaning, DrugWord)]
    if any(_said(piece.meaning) for piece in pieces):
        if len({piece.meaning.drug for piece in named if isinstance(piece.meaning, DrugWord)}) > 1:
            raise _which("More than one drug is named and it is not clear which of them is of this form.")
        return text
    for piece in reversed(named):
        if isinstance(piece.meaning, DrugWord) and (
            kept := release_before(piece.meaning.drug, taking, switches=switches)
        ):
            text = f"{text[: piece.end]} {kept}{text[piece.end :]}" if kept in _NOT_IR else text
    return text


def _said(meaning: object) -> str:
    return meaning.release if isinstance(meaning, FormWord | DrugWord) else ""


def entries_of(reading: Reading, text: str, wording: Wording) -> tuple[Entry, ...]:
    """One entry for each product at each time, with the release that the words, the brand or the product say."""
    says_ir = any(_said(piece.meaning) == "IR" for piece in wording.pieces(text))
    entries: list[Entry] = []
    for taken in reading.taken:
        release = {"ODT": "IR", "IR": "IR" if says_ir and len(reading.taken) == 1 else ""}.get(
            taken.release, taken.release
        )
        for intake in taken.intakes:
            plain = Entry(drug=taken.drug, time=intake.slot.value, dose=intake.dose.mg, release=release)
            if not intake.pieces:
                entries.append(plain)
            for piece in intake.pieces:
                made = replace(plain, dose=piece.dose.mg, product=piece.product.name, units=piece.units)
                entries.append(replace(made, release=release_group(piece.product)))
    return tuple(entries)


def keeping_releases(entries: Iterable[Entry], taking: Taking) -> tuple[Entry, ...]:
    """Entries without a release take that of the dose before, where it is one and is not contradicted."""
    kept = []
    own = tuple(entries)
    for entry in own:
        said = {other.release for other in own if other.drug == entry.drug}
        before = {each.release for each in taking.get(entry.drug, ()) if each.dose}
        if entry.dose and said == {""} and len(before) == 1:
            entry = replace(entry, release=before.pop())
        kept.append(entry)
    return tuple(kept)
