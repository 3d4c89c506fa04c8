"""Numbers and units of a line, read by the strict grammar of `quantity.grammar` and by nothing else.

This is done after the words have been looked at, so that a wrong drug or an as-needed use is said before a badly
written number.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from glidepath.dosing.sig_pieces import Piece, part_of_one
from glidepath.dosing.sig_words import FRACTION_SIGNS, Kind
from glidepath.errors import GlidepathError
from glidepath.quantity.grammar import read_number, read_unit

_OTHER_MEASURES = {"kg", "ng", "ug", "µg", "μg", "cc", "iu", "meq", "mmol", "grain", "grains", "gr", "l", "milli"}


def with_numbers(pieces: list[Piece], *, comma: bool) -> list[Piece]:
    """Read every number and its unit: amounts in mg, volumes in mL, concentrations in mg per mL, counts.

    Raises the `NUM_…` and `UNIT_…` codes of `quantity.grammar`.
    """
    read: list[Piece] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        follower = pieces[at + 1] if at + 1 < len(pieces) else None
        at += 1
        if piece.kind is Kind.SCHEME:
            piece = replace(piece, scheme=_scheme(piece.text, comma=comma))
        elif piece.kind is Kind.NUMBER:
            unit = _unit_of(piece, follower)
            if unit and follower is not None:
                at += 1
                number = read_number(piece.text, comma=comma)
                kind = Kind.VOLUME if unit == "mL" else Kind.AMOUNT
                number = number / 1000 if unit == "microgram" else number
                text = f"{piece.text} {follower.text}"
                piece = Piece(kind, text, piece.start, follower.end, number=number)
            else:
                said = piece.meaning if isinstance(piece.meaning, Fraction) else None
                number = said if said is not None else read_number(piece.text, comma=comma)
                piece = replace(piece, kind=Kind.COUNT, number=number, meaning=None)
        read.append(piece)
    return _concentrations(read, comma=comma)


def _unit_of(number: Piece, follower: Piece | None) -> str:
    """The unit named by the piece after a number: mg, microgram, mL or none."""
    if follower is None or follower.kind is not Kind.LEFT_OVER:
        return ""
    try:
        return read_unit(follower.text)
    except GlidepathError as error:
        attached = number.end == follower.start and follower.text[:1].isalpha()
        if error.code == "UNIT_REFUSED" or attached or follower.text.lower() in _OTHER_MEASURES:
            raise
        return ""


_OTHER_MEASURES = {
    "kg",
    "ng",
    "ug",
    "µg",
    "μg",
    "cc",
    "iu",
    "meq",
    "mmol",
    "grain",
    "grains",
    "gr",
    "l",
    "milli",
}


def _concentrations(pieces: list[Piece], *, comma: bool) -> list[Piece]:
    """Join `2 mg / 5 mL`, `1 mg per mL` and `2 mg in 5 mL` into one concentration."""
    joined: list[Piece] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        after = pieces[at + 1 : at + 3]
        at += 1
        if piece.kind is Kind.AMOUNT and len(after) == 2 and _is_per(after[0]):
            volume = after[1]
            per = volume.number if volume.kind is Kind.VOLUME else None
            if per is None and volume.kind is Kind.LEFT_OVER and _is_milliliter(volume.text):
                per = Fraction(1)
            if per is not None and piece.number is not None:
                text = f"{piece.text} {after[0].text} {volume.text}"
                number = piece.number / per
                piece = Piece(Kind.CONCENTRATION, text, piece.start, volume.end, number=number)
                at += 2
        joined.append(piece)
    return joined


def _is_per(piece: Piece) -> bool:
    return piece.kind is Kind.SLASH or (piece.kind is Kind.LEFT_OVER and piece.text.lower() in ("per", "in"))


def _is_milliliter(text: str) -> bool:
    try:
        return read_unit(text) == "mL"
    except GlidepathError:
        return False


def _scheme(text: str, *, comma: bool) -> tuple[Fraction, ...]:
    values = []
    for part in re.split(r"\s?-\s?", text):
        mixed = re.fullmatch(r"(\d*)([½¼¾])", part)
        if part == "0":
            values.append(Fraction(0))
        elif mixed:
            whole = read_number(mixed[1], comma=comma) if mixed[1] else Fraction(0)
            values.append(whole + FRACTION_SIGNS[mixed[2]])
        elif "/" in part and (value := part_of_one(part)):
            values.append(value)
        else:
            values.append(read_number(part, comma=comma))
    if not any(values):
        read_number("0")
    return tuple(values)
