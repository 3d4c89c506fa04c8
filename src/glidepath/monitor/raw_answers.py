"""What was answered, read without ever failing: what cannot be read is kept apart and shown to a person.

Nothing here raises: an answer that makes no sense must not stand before an emergency that another answer reports.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from glidepath.facts.red_flags import Measure
from glidepath.quantity import exact_decimal

_NUMBER = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,9})?", re.ASCII)


class Told(StrEnum):
    """What is known of one question or limit."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_ASKED = "not asked"
    UNREADABLE = "could not be read"

    @property
    def known(self) -> bool:
        return self in (Told.YES, Told.NO)


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer as it was read; `saw` says it in words, with the number where there is one."""

    told: Told
    saw: str


def read_question(answers: Mapping[str, object], key: str) -> Reading:
    """The answer to a yes/no question. A missing key is a question that was not asked."""
    told = _told(answers.get(key))
    return Reading(told, f"{key}: {told}")


def read_measure(answers: Mapping[str, object], measure: Measure) -> Reading:
    """Yes when the number is strictly above the limit, no when it is not, otherwise why that cannot be told."""
    value = answers.get(measure.key)
    number = _number(value)
    if number is None:
        told = _told(value)
        # "Yes" to a question for a number says nothing about the limit.
        told = Told.UNREADABLE if told.known else told
        return Reading(told, f"{measure.says}: {told}")
    if number < 0 or (number == 0 and not measure.zero_counts):
        return Reading(Told.UNREADABLE, f"{measure.says}: not plausible")
    told = Told.YES if number > measure.over else Told.NO
    where = "above" if told is Told.YES else "not above"
    return Reading(told, f"{measure.says}: {where} {exact_decimal(measure.over)} {measure.unit}")


def _told(value: object) -> Told:
    if value is None:
        return Told.NOT_ASKED
    if not isinstance(value, str):
        return Told.UNREADABLE
    word = value.strip().casefold()
    # What stands after a yes takes nothing from it; what stands after a no may be anything, so only a bare no is one.
    if re.match(r"yes\b", word):
        return Told.YES
    return next((t for t in Told if t == word), Told.UNREADABLE)


def _number(value: object) -> Fraction | None:
    """The number, exactly as written; None when there is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Fraction):
        return Fraction(value)
    # By way of its text: a binary fraction handed in by mistake is read as the decimal it shows and not refused,
    # because refusing a temperature could make an emergency wait. "190/110" is two numbers, so it is none.
    text = str(value).strip() if isinstance(value, str | float | Decimal) else ""
    return Fraction(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
