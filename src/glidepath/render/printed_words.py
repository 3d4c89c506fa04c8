"""Reading printed words back to numbers: the grammar of doses, dates and quantities as they stand on paper.

Nothing here is shared with the code that writes these words, apart from the names of months and forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from glidepath.render.dates import MONTH_PATTERN, MONTHS, WEEKDAY_PATTERN, read_day_words
from glidepath.render.rows import MonthDay, Taken

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
_TIME = r"(?:morning|noon|evening|night)"
_TIMES = rf"{_TIME}(?:, {_TIME})*(?: and {_TIME})?"
INTAKE = re.compile(
    rf"((?i:{_TIMES})): ((?:{_PIECE})(?: plus (?:{_PIECE}))*) = ({NUMBER}) mg ({DRUG})(?![a-z-])(?: each time)?"
)
TOTAL = re.compile(rf"({NUMBER}) mg ({DRUG}) a day")
PRODUCT = rf"{DRUG} {NUMBER} mg(?:/mL)? (?:{_PRODUCT_FORMS})"
_SUPPLIED = rf"(?:{_COUNT} (?:tablet|capsule|film)s?|{NUMBER} mL)"
_WHEN = rf"(?:in the morning|at noon|in the evening|at night|{_TIMES})"
_LABEL_PART = re.compile(rf"({_SUPPLIED}) \(= ({NUMBER}) mg\) ({_WHEN})")
_MONTH_DAY = rf"\d{{1,2}} (?:{MONTH_PATTERN})"
LABEL = re.compile(
    rf"({PRODUCT})\. (?:(?:From (?P<begins>{_MONTH_DAY})(?: to (?P<ends>{_MONTH_DAY}))?)|Until (?P<until>{_MONTH_DAY})|"
    rf"On (?P<on>{_MONTH_DAY}))(?P<gate>, ONLY AFTER CHECK-IN)?: "
    rf"(?P<parts>{_SUPPLIED} \(= {NUMBER} mg\) {_WHEN}(?: and {_SUPPLIED} \(= {NUMBER} mg\) {_WHEN})*)\."
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
    """The products of one intake line, at each time of day that it names."""
    made, mg, drug = match[2], Fraction(match[3]), match[4]
    return tuple(
        Taken(slot, drug, *read_piece(words, drug), mg)
        for slot in re.findall(_TIME, match[1].lower())
        for words in made.split(" plus ")
    )


def read_label_parts(words: str) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Time of day, units and dose of each part of a label."""
    for part in _LABEL_PART.finditer(words):
        units = read_count(re.sub(r" (?:tablets?|capsules?|films?|mL)$", "", part[1]))
        for time in re.findall(_TIME, part[3]):
            yield time, units, Fraction(part[2])


def read_month_day(words: str | None) -> MonthDay | None:
    """`14 December` as (12, 14)."""
    if words is None:
        return None
    day, _, month = words.partition(" ")
    return MONTHS.index(month) + 1, int(day)


def read_days(text: str) -> tuple[date, ...]:
    """Every full date in a text, with its weekday checked."""
    return tuple(read_day_words(words) for words in re.findall(DAY, text))
