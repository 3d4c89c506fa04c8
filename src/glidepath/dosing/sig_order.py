"""Put the pieces of a line into the order the grammar reads: forms to what they describe, separators to their work.

A comma or an "and" can stand between two drugs, two doses, two times of day or two tablets of one dose. Which one it
is depends only on its neighbors, and is settled here; where the neighbors do not settle it, it stays and the line
is refused.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from glidepath.dosing.sig_pieces import Piece, unreadable
from glidepath.dosing.sig_words import DrugWord, FormWord, Kind, Time, When
from glidepath.errors import GlidepathError, InputError, RefusedError
from glidepath.quantity.grammar import read_unit

NUMBER_ONE = Fraction(1)
_SEPARATORS = (Kind.COMMA, Kind.AND, Kind.PLUS)
_DOSE_STARTS = (Kind.AMOUNT, Kind.STRENGTH, Kind.COUNT, Kind.VOLUME)
_NUMBERS = (Kind.NUMBER, Kind.SCHEME)
_SALTS = {"hydrochloride", "hcl", "tartrate", "dipotassium", "potassium", "hemitartrate"}

_STATE_WHAT_IS_TAKEN = "State the dose that is actually taken at each time, as one number."


def refuse_what_no_plan_starts_from(pieces: list[Piece]) -> None:
    """As-needed use, days that differ, clock times, ranges and drops, each with its own code."""
    for piece in pieces:
        if piece.kind is Kind.AS_NEEDED:
            raise RefusedError(
                "PRN_NOT_A_BASE",
                "As-needed use is not a base for a reduction plan: a plan starts from what is taken every day, and"
                " as-needed amounts vary.",
                field="sig",
                fix="Record what is really taken per day, with its times, for example from a week of notes.",
                seen=piece.text,
                details=(piece.where,),
            )
    for piece in pieces:
        if piece.kind is Kind.NOT_DAILY:
            raise _no_such_times("The line names days; a plan needs doses that are the same every day.", piece)
        if piece.kind is Kind.CLOCK:
            raise _no_such_times("The line names a clock time.", piece)
        if isinstance(piece.meaning, Time) and piece.meaning.when is When.OFTEN and not piece.meaning.slots:
            raise _no_such_times("So many doses cannot be placed on one day: at most four are.", piece)
    _refuse_ranges(pieces)
    for piece in pieces:
        if piece.kind is Kind.LEFT_OVER and piece.text.lower() in ("drops", "drop", "gtt", "gtts"):
            read_unit(piece.text)


def _no_such_times(message: str, piece: Piece) -> InputError:
    return InputError(
        "TIMES_UNSUPPORTED",
        message,
        field="sig",
        fix="Write the doses of one day with morning, noon, evening or night, one to four times a day.",
        seen=piece.text,
        details=(piece.where,),
    )


def _refuse_ranges(pieces: list[Piece]) -> None:
    for place, piece in enumerate(pieces):
        if piece.kind is Kind.VARIES:
            raise unreadable(
                "The line says about how much, not how much.",
                piece.text,
                details=(piece.where,),
                fix=_STATE_WHAT_IS_TAKEN,
            )
        if piece.kind is not Kind.DASH or not 0 < place < len(pieces) - 1:
            continue
        before = pieces[place - 1]
        if (before.kind is Kind.LEFT_OVER and place > 1 and _is_unit(before)) or before.kind is Kind.FORM:
            before = pieces[place - 2]
        after = pieces[place + 1]
        if before.kind in _NUMBERS and (after.kind in _NUMBERS or isinstance(after.meaning, Time)):
            raise unreadable(
                "The line gives a range of doses.",
                piece.text,
                details=(f"'{before.text} {piece.text} {after.text}' at character {before.start + 1}",),
                fix=_STATE_WHAT_IS_TAKEN,
            )


def _is_unit(piece: Piece) -> bool:
    try:
        return bool(read_unit(piece.text))
    except GlidepathError:
        return False


def in_order(pieces: list[Piece]) -> list[Piece]:
    """The terms of the line for the grammar, in order."""
    terms = _without_end_marks(_with_drug_names_joined(pieces))
    terms = _with_forms_attached(terms)
    terms = _with_one_separator(terms)
    terms = _with_next_drug_marked(terms)
    return _with_separators_settled(terms)


def _with_drug_names_joined(pieces: list[Piece]) -> list[Piece]:
    """`Klonopin (clonazepam)` and `zolpidem tartrate` name one drug."""
    joined: list[Piece] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        if piece.kind is Kind.DRUG:
            inside = pieces[at : at + 3]
            if [p.kind for p in inside] == [Kind.OPEN, Kind.DRUG, Kind.CLOSE]:
                one, other = piece.meaning, inside[1].meaning
                if isinstance(one, DrugWord) and isinstance(other, DrugWord) and one.drug == other.drug:
                    meaning = DrugWord(one.drug, one.release or other.release)
                    piece = replace(piece, meaning=meaning)
                    at += 3
            elif inside and inside[0].kind is Kind.LEFT_OVER and inside[0].text.lower() in _SALTS:
                at += 1
        joined.append(piece)
    return joined


def _without_end_marks(pieces: list[Piece]) -> list[Piece]:
    """Without the comma, full stop or line end after the last word."""
    end = len(pieces)
    while end and pieces[end - 1].kind is Kind.COMMA:
        end -= 1
    start = 0
    while start < end and pieces[start].kind is Kind.COMMA and pieces[start].text == "\n":
        start += 1
    return pieces[start:end]


def _with_forms_attached(pieces: list[Piece]) -> list[Piece]:
    """Each form word goes to the drug, strength or number it stands beside; before these, to the drug it precedes."""
    attached: list[Piece] = []
    waiting: list[Piece] = []
    for place, piece in enumerate(pieces):
        after = pieces[place + 1] if place + 1 < len(pieces) else None
        if isinstance(piece.meaning, FormWord):
            last = attached[-1] if attached else None
            if last is not None and not waiting and last.kind in (*_DOSE_STARTS, Kind.DRUG, Kind.CONCENTRATION):
                attached[-1] = _with_form(last, piece.meaning)
            else:
                waiting.append(piece)
        elif piece.kind is Kind.DRUG and waiting:
            for form in waiting:
                if isinstance(form.meaning, FormWord):
                    piece = _with_form(piece, form.meaning)
            attached.append(piece)
            waiting = []
        elif piece.kind is Kind.EACH and attached and attached[-1].kind in (Kind.AMOUNT, Kind.STRENGTH):
            continue
        elif piece.kind is Kind.OF and piece.text.lower() == "of" and not _is_of_a_strength(after):
            if after is None or after.kind not in (Kind.DRUG, Kind.FORM):
                attached.append(replace(piece, kind=Kind.LEFT_OVER))
        else:
            attached += waiting
            waiting = []
            attached.append(_as_a_unit(piece, after))
    return attached + waiting


def _is_of_a_strength(after: Piece | None) -> bool:
    return after is not None and after.kind in (Kind.AMOUNT, Kind.CONCENTRATION)


def _as_a_unit(piece: Piece, after: Piece | None) -> Piece:
    """`a` before a form word is one unit: `take a tablet`."""
    says_one = piece.kind is Kind.LEFT_OVER and piece.text.lower() in ("a", "an")
    if says_one and after is not None and isinstance(after.meaning, FormWord) and after.meaning.noun:
        return replace(piece, kind=Kind.COUNT, number=NUMBER_ONE)
    return piece


def _with_form(piece: Piece, form: FormWord) -> Piece:
    kind = Kind.STRENGTH if piece.kind is Kind.AMOUNT and form.noun else piece.kind
    kind = Kind.STRENGTH if piece.kind is Kind.AMOUNT and form.release == "ODT" else kind
    return replace(piece, kind=kind, forms=(*piece.forms, form))


def _with_one_separator(pieces: list[Piece]) -> list[Piece]:
    """Of separators in a row (", and") the strongest stays."""
    kept: list[Piece] = []
    for piece in pieces:
        if kept and piece.kind in _SEPARATORS and kept[-1].kind is Kind.COMMA:
            kept[-1] = piece
        elif kept and piece.kind is Kind.COMMA and kept[-1].kind in _SEPARATORS:
            continue
        else:
            kept.append(piece)
    return kept


def _with_next_drug_marked(pieces: list[Piece]) -> list[Piece]:
    """The separator before a further drug, also when a dose is written in front of the drug's name."""
    marked = list(pieces)
    for place, piece in enumerate(pieces):
        if piece.kind is not Kind.DRUG:
            continue
        at = place - 1
        while at >= 0 and pieces[at].kind in (*_DOSE_STARTS, Kind.CONCENTRATION, Kind.OF):
            at -= 1
        if at > 0 and pieces[at].kind in _SEPARATORS:
            marked[at] = replace(pieces[at], kind=Kind.NEXT)
    return marked


def _with_separators_settled(pieces: list[Piece]) -> list[Piece]:
    settled: list[Piece] = []
    for place, piece in enumerate(pieces):
        before = settled[-1] if settled else None
        after = pieces[place + 1] if place + 1 < len(pieces) else None
        is_joint = piece.kind in (*_SEPARATORS, Kind.SLASH)
        if is_joint and before is not None and after is not None and _falls_away(before, piece, after):
            continue
        settled.append(_at_its_end(piece, after))
    return settled


def _falls_away(before: Piece, joint: Piece, after: Piece) -> bool:
    comma = joint.kind is Kind.COMMA
    if isinstance(before.meaning, Time) and isinstance(after.meaning, Time):
        both = before.meaning.when is after.meaning.when is When.SLOT
        return comma or (both and before.meaning.slots != after.meaning.slots)
    if joint.kind is Kind.SLASH:
        return False
    if before.kind is Kind.TIME:
        return after.kind in _DOSE_STARTS
    if not comma:
        return False
    if after.kind in (Kind.TIME, Kind.COUNT, Kind.VOLUME, Kind.SCHEME):
        return True
    return before.kind in (Kind.DRUG, Kind.CONCENTRATION)


def _at_its_end(piece: Piece, after: Piece | None) -> Piece:
    """The British "on" means every night only where a dose ends."""
    if isinstance(piece.meaning, Time) and piece.meaning.when is When.END_ONLY:
        if after is None or after.kind in (*_SEPARATORS, Kind.NEXT):
            return replace(piece, meaning=Time(When.SLOT, piece.meaning.slots))
        return replace(piece, kind=Kind.LEFT_OVER, meaning=None)
    return piece
