"""Small checks that say, with file and line, what is wrong with a fact.

A check takes a value and a `Place` and returns nothing; the first fault raises `FactsError`. Records refuse unknown
fields, so that a misspelled one is never silently dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from glidepath.errors import FactsError
from glidepath.facts.strict_yaml import Document

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,6})(\.[0-9]{1,6})?", re.ASCII)
_WORDY = re.compile(r".*\S.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: document and path. `sources` are the ids that may be named."""

    document: Document
    sources: Collection[str]
    path: tuple[str | int, ...] = ()

    def at(self, key: str | int) -> Place:
        return Place(self.document, self.sources, (*self.path, key))

    def __str__(self) -> str:
        dotted = ""
        for key in self.path:
            dotted += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if dotted else key
        return f"{self.document.name}, line {self.document.line(self.path)}: {dotted or 'the file'}"


Check = Callable[[object, Place], None]


def schema_fault(place: Place, what: str, fix: str | None = None) -> FactsError:
    return FactsError("DATA_SCHEMA", f"{place} {what}.", field=str(place.path[-1:] or ""), fix=fix)


def source_fault(place: Place, what: str) -> FactsError:
    return FactsError(
        "DATA_NO_SOURCE",
        f"{place} {what}.",
        field="source",
        fix="Name a source id that sources.yaml holds, with its citation.",
    )


def range_fault(place: Place, what: str) -> FactsError:
    return FactsError(
        "DATA_RANGE",
        f"{place} {what}.",
        field=str(place.path[-1:] or ""),
        fix="Check the value against its source; widening ranges.yaml is a change of its own with a second reviewer.",
    )


def text(value: object, place: Place) -> None:
    if not isinstance(value, str) or not _WORDY.fullmatch(value):
        raise schema_fault(place, "should be text")


def boolean(value: object, place: Place) -> None:
    if not isinstance(value, bool):
        raise schema_fault(place, "should be true or false")


def whole(value: object, place: Place) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise schema_fault(place, "should be a whole number without quotes")


def decimal(value: object, place: Place) -> None:
    """A number as quoted text: plain digits, one point, no exponent."""
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise schema_fault(place, "should be a plain decimal in quotes", "Write for example '0.5'.")


def number(value: object, place: Place) -> Fraction:
    """The exact value of a field that `decimal` has accepted."""
    decimal(value, place)
    return Fraction(str(value))


def source(value: object, place: Place) -> None:
    if not isinstance(value, str):
        raise source_fault(place, "does not name a source")
    if value not in place.sources:
        raise source_fault(place, "names a source that is not in sources.yaml")


def sources(value: object, place: Place) -> None:
    if not isinstance(value, list) or not value:
        raise source_fault(place, "does not name a source")
    for index, item in enumerate(value):
        source(item, place.at(index))


def plain(value: object, place: Place) -> None:
    """Any nesting of text, whole numbers, booleans, null; used where a rule carries its own parameters."""
    if isinstance(value, dict):
        for key, item in value.items():
            plain(item, place.at(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            plain(item, place.at(index))


def one_of(*words: str) -> Check:
    def check(value: object, place: Place) -> None:
        if value not in words:
            raise schema_fault(place, f"should be one of: {', '.join(words)}")

    return check


def optional(inner: Check) -> Check:
    def check(value: object, place: Place) -> None:
        if value is not None:
            inner(value, place)

    return check


def list_of(inner: Check, *, least: int = 0) -> Check:
    def check(value: object, place: Place) -> None:
        if not isinstance(value, list) or len(value) < least:
            raise schema_fault(place, "should be a list" if least == 0 else f"should be a list of at least {least}")
        for index, item in enumerate(value):
            inner(item, place.at(index))

    return check


def mapping_of(inner: Check, keys: Collection[str] | None = None) -> Check:
    def check(value: object, place: Place) -> None:
        if not isinstance(value, dict):
            raise schema_fault(place, "should be a mapping")
        for key, item in value.items():
            if keys is not None and key not in keys:
                raise schema_fault(place.at(key), f"is not one of: {', '.join(sorted(keys))}")
            inner(item, place.at(key))

    return check


def record(required: Mapping[str, Check], optional_fields: Mapping[str, Check] | None = None, *, of: str = "") -> Check:
    """A mapping with exactly these fields. A missing `source` is DATA_NO_SOURCE, any other DATA_SCHEMA."""
    more = optional_fields or {}

    def check(value: object, place: Place) -> None:
        if not isinstance(value, dict):
            raise schema_fault(place, f"should be a mapping{' for ' + of if of else ''}")
        for key in value:
            if key not in required and key not in more:
                raise schema_fault(place.at(key), "is not a field that is read here")
        for key, inner in required.items():
            if key not in value:
                if key in ("source", "sources"):
                    raise source_fault(place, "has no source")
                raise schema_fault(place, f"lacks the field {key!r}")
            inner(value[key], place.at(key))
        for key, inner in more.items():
            if key in value:
                inner(value[key], place.at(key))

    return check


def both(*checks: Check) -> Check:
    def check(value: object, place: Place) -> None:
        for inner in checks:
            inner(value, place)

    return check


def within(bounds: Sequence[Fraction]) -> Check:
    """A decimal text inside the closed range."""

    def check(value: object, place: Place) -> None:
        amount = number(value, place)
        if not bounds[0] <= amount <= bounds[1]:
            raise range_fault(place, "is outside the range of its class")

    return check
