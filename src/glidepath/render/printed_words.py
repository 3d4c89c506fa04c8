"""Reading printed words back to numbers: the grammar of doses, dates and quantities as they stand on paper.

Nothing here is shared with the code that writes these words, apart from the names of months and forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from glidepath.render.dates import MONTH_PATTERN, WEEKDAY_PATTERN, read_day_words
from glidepath.render.rows import Taken

NUMBER = r"(?:0|[1-9]\d*)(?:\.\d*[1-9])?"
DAY = rf"(?:{WEEKDAY_PATTERN}) \d{{1,2}} (?:{MONTH_PATTERN}) \d{{4}}"
DRUG = r"[a-z][a-z-]*[a-z]"
_FORMS = {
    "tablet": "tablet",
    "dissolving tablet": "ODT",
    "capsule": "capsule",
    "dissolving film": "oral film",
    "slow release tablet": "XR tablet",
    "slow release capsule": "XR capsule",
    "under the tongue tablet": "SL tablet",
    "combination tablet": "combination tablet",
    "combination capsule": "combination capsule",
}
_LIQUIDS = r"oral solution|oral suspension|oral liquid|oral concentrate|syrup|elixir|oral drops|oral spray"
_PRODUCT_FORMS = "|".join(sorted({*_FORMS.values()}, key=len, reverse=True)) + "|" + _LIQUIDS
_COUNT = r"(?:\d+ and (?:a half|a quarter|three quarter)|half a|a quarter of a|three quarters of a|" + NUMBER + ")"
_UNIT = "|".join(sorted(_FORMS, key=len, reverse=True))
_PIECE = rf"{_COUNT} (?:{_UNIT})s? of {NUMBER} mg|{NUMBER} mL of {NUMBER} mg/mL (?:{_LIQUIDS})"
_SOLID = re.compile(rf"({_COUNT}) ({_UNIT})s? of ({NUMBER}) mg")
_LIQUID = re.compile(rf"({NUMBER}) mL of ({NUMBER}) mg/mL ({_LIQUIDS})")
INTAKE = re.compile(
    rf"(Morning|Noon|Evening|Night): ((?:{_PIECE})(?: plus (?:{_PIECE}))*) = ({NUMBER}) mg ({DRUG})(?![a-z-])"
)
TOTAL = re.compile(rf"({NUMBER}) mg ({DRUG}) a day")
PRODUCT = rf"{DRUG} {NUMBER} mg(?:/mL)? (?:{_PRODUCT_FORMS})"
_LABEL_PART = re.compile(rf"({_PIECE}) \(= ({NUMBER}) mg\) (in the morning|at noon|in the evening|at night)")
LABEL = re.compile(
    rf"({PRODUCT}) Take ((?:{_LABEL_PART.pattern})(?:, and (?:{_LABEL_PART.pattern}))*)\."
    r"(?P<gate> Only after check-in\.)?"
)
_PARTS = {
    "half a": Fraction(1, 2),
    "a quarter of a": Fraction(1, 4),
    "three quarters of a": Fraction(3, 4),
    "a half": Fraction(1, 2),
    "a quarter": Fraction(1, 4),
    "three quarter": Fraction(3, 4),
}


def plain(text: str) -> str:
    """Text from a page as one line: every run of white space is one space."""
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()


def read_count(words: str) -> Fraction:
    """`1 and a half`, `half a`, `3`."""
    if words in _PARTS:
        return _PARTS[words]
    whole, _, part = words.partition(" and ")
    return Fraction(whole) + (_PARTS[part] if part else 0)


def read_piece(words: str, drug: str) -> tuple[str, Fraction]:
    """The product's name and its units: `half a tablet of 0.5 mg`."""
    if liquid := _LIQUID.fullmatch(words):
        return f"{drug} {liquid[2]} mg/mL {liquid[3]}", Fraction(liquid[1])
    solid = _SOLID.fullmatch(words)
    if solid is None:
        raise ValueError("not a piece in words")
    return f"{drug} {solid[3]} mg {_FORMS[solid[2]]}", read_count(solid[1])


def read_intake(match: re.Match[str]) -> tuple[Taken, ...]:
    """The products of one intake line."""
    slot, made, mg, drug = match[1].lower(), match[2], Fraction(match[3]), match[4]
    return tuple(Taken(slot, drug, *read_piece(words, drug), mg) for words in made.split(" plus "))


def read_label_parts(words: str, drug: str) -> Iterator[tuple[str, str, Fraction, Fraction]]:
    """Product, time of day, units and dose of each part of a label."""
    for part in _LABEL_PART.finditer(words):
        product, units = read_piece(part[1], drug)
        yield product, part[3].rsplit(" ", 1)[-1], units, Fraction(part[2])


def read_days(text: str) -> tuple[date, ...]:
    """Every full date in a text, with its weekday checked."""
    return tuple(read_day_words(words) for words in re.findall(DAY, text))
