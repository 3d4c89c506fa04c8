"""What one cell of a table means: a number, a date, a drug, a product, a time of day; or why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TypeVar, cast

from glidepath.checker.report import Unreadable
from glidepath.errors import GlidepathError, InputError, RefusedError
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Product
from glidepath.facts.naming import normal_name
from glidepath.quantity import read_number

_T = TypeVar("_T")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_ORDERED = re.compile(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})", re.ASCII)
_ZERO = re.compile(r"0(?:[.,]0{1,6})?", re.ASCII)
_COUNT = re.compile(r"0|[1-9][0-9]{0,4}", re.ASCII)
_STRENGTH = re.compile(r"[0-9]\s*(mg|mcg|microgram)", re.ASCII | re.IGNORECASE)
_BETWEEN_DRUGS = re.compile(r"\s*(?:/|\+|&|,|;|\band\b|\bwith\b|\bplus\b)\s*", re.IGNORECASE)
_TIMES = {
    "morning": "morning",
    "am": "morning",
    "mane": "morning",
    "breakfast": "morning",
    "noon": "noon",
    "midday": "noon",
    "lunch": "noon",
    "lunchtime": "noon",
    "evening": "evening",
    "teatime": "evening",
    "night": "night",
    "nocte": "night",
    "bedtime": "night",
    "": "",
}
_NO_DOSE = {"stop", "nil", "none"}


@dataclass(slots=True)
class CellReader:
    """Reads the cells of one table by declared rules, keeping what was read before: tables repeat themselves.

    `drug` is the drug of rows that name none ("" when none was given and none is needed), `release` that of its brand.
    Every method raises a
    `GlidepathError` whose code becomes that of the unreadable cell.
    """

    formulary: Formulary
    region: str
    drug: str | None
    release: str = ""
    comma: bool = False
    dates: str | None = None
    declared: dict[str, Product] = field(default_factory=dict)
    _kept: dict[tuple[str, str], object] = field(default_factory=dict)

    def number(self, text: str, column: str) -> Fraction:
        """An exact number, zero included."""
        return self._once("number " + column, text, lambda t: self._number(t, column))

    def _number(self, text: str, column: str) -> Fraction:
        if _ZERO.fullmatch(text) or (column == "dose_mg" and text.casefold() in _NO_DOSE):
            return Fraction(0)
        if not text or not re.fullmatch(r"[0-9.,]+", text, re.ASCII):
            if re.match(r"\s*[-+−]?(nan|inf|[0-9.,]+[eE])", text, re.ASCII) or re.match(r"[-+−][0-9]", text):
                read_number(text, comma=self.comma, field=column)
            raise InputError(
                "ROW_QUANTITY",
                f"The cell in {column} is {'empty' if not text else 'not a plain number'}.",
                field=column,
                fix="Write the number alone, in plain digits, as in 0.5; the heading says the unit.",
            )
        return read_number(text, comma=self.comma, field=column)

    def count(self, text: str, column: str) -> int:
        """A whole number of days or of a step."""
        if not _COUNT.fullmatch(text):
            raise InputError(
                "ROW_QUANTITY",
                f"The cell in {column} is {'empty' if not text else 'not a whole number'}.",
                field=column,
                fix="Write a whole number, as in 14.",
            )
        return int(text)

    def day(self, text: str, column: str) -> date:
        """A date as YYYY-MM-DD, or in the declared order of day and month."""
        return self._once("date", text, lambda t: self._day(t, column))

    def _day(self, text: str, column: str) -> date:
        match = _ISO.fullmatch(text)
        parts = (match[1], match[2], match[3]) if match else None
        if parts is None and (ordered := _ORDERED.fullmatch(text)):
            if self.dates is None:
                raise InputError(
                    "DATE_FORMAT_REQUIRED",
                    f"The date in {column} can be read with day and month either way.",
                    field=column,
                    fix="Write 2027-04-03, or say the order with --dates dmy or --dates mdy.",
                )
            first, second, year = ordered.groups()
            parts = (year, second, first) if self.dates == "dmy" else (year, first, second)
        try:
            if parts is None or len(parts[0]) != 4:
                raise ValueError
            return date(*(int(part) for part in parts))
        except ValueError:
            raise InputError(
                "DATE_INVALID", f"The cell in {column} is not a date.", field=column, fix="Write YYYY-MM-DD."
            ) from None

    def drug_of(self, text: str) -> str:
        """The key of a drug; the drug of the whole table for an empty cell."""
        if not text:
            if self.drug is None:
                raise InputError(
                    "DRUG_MISSING", "The row names no drug.", field="drug", fix="Name it, or give --drug for all rows."
                )
            return self.drug
        return self._once("drug", text, self.named_drug)

    def release_of(self, text: str) -> str:
        """XR or SL where the name of a drug is a brand of that release, else ""."""
        named = self.formulary.names.get(normal_name(text)) if text else None
        return (named.release or "") if named is not None else ("" if text else self.release)

    def named_drug(self, text: str) -> str:
        """The key of a drug that a person wrote. Raises ROW_DRUGS, DRUG_UNKNOWN, DRUG_OUT_OF_SCOPE, DRUG_NOT_…."""
        try:
            found = self.formulary.drug(text)
        except InputError:
            if (other := self.formulary.lookalike(text)) is not None:
                raise RefusedError(
                    "DRUG_OUT_OF_SCOPE",
                    f"This medicine is {other.what}, not a benzodiazepine or Z-drug.",
                    field="drug",
                    fix="Only tapers of benzodiazepines and Z-drugs are checked here.",
                ) from None
            parts = [p for p in _BETWEEN_DRUGS.split(text) if p]
            if len(parts) > 1 and sum(self._is_drug(p) for p in parts) > 1:
                raise InputError(
                    "ROW_DRUGS",
                    "Two drugs stand in one cell, so it is not clear what is taken of each.",
                    field="drug",
                    fix="Give each drug its own row.",
                ) from None
            raise
        if found.not_planned:
            raise RefusedError(
                "DRUG_NOT_PLANNED",
                f"{found.name} is not judged here: {found.not_planned}",
                field="drug",
                fix="Ask a specialist.",
            )
        return found.name

    def _is_drug(self, text: str) -> bool:
        words = text.split()
        return bool(words) and any(" ".join(words[:n]).casefold() in self.formulary.names for n in (1, 2))

    def product(self, text: str, drug: str | None) -> tuple[str, str]:
        """The full name of a product and its drug.

        A product with a strength that the region does not have keeps the name it was given: that it cannot be had is a
        finding, not something unreadable.
        """
        return self._once(f"product of {drug}", text, lambda t: self._product(t, drug))

    def _product(self, text: str, drug: str | None) -> tuple[str, str]:
        if text in self.declared:
            return text, self.declared[text].drug
        try:
            found = self.formulary.product_named(text, self.region)
        except GlidepathError as error:
            if error.code not in ("PRODUCT_UNKNOWN", "PRODUCT_NOT_MARKETED") or not _STRENGTH.search(text):
                raise
            words = text.replace("-", " ").split()
            named = next(
                (d for n in (3, 2, 1) if (d := self.formulary.names.get(" ".join(words[:n]).casefold()))), None
            )
            return text, named.drug if named is not None else (drug or "")
        return found.name, found.drug

    def time(self, text: str) -> str:
        """A time of day, or "" for the whole day."""
        found = _TIMES.get(text.casefold())
        if found is None:
            raise InputError(
                "TIMES_UNSUPPORTED",
                "The time of day is not one that is read here.",
                field="time",
                fix="Write morning, noon, evening or night, or leave it empty for the whole day.",
            )
        return found

    def _once(self, kind: str, text: str, read: Callable[[str], _T]) -> _T:
        found = self._kept.get((kind, text), self)
        if found is self:
            found = self._kept[kind, text] = read(text)
        return cast(_T, found)


def unreadable(error: GlidepathError, row: int, column: str) -> Unreadable:
    """A named error as something that could not be read at a place."""
    return Unreadable(row=row, column=column, code=error.code, says=f"Row {row}: {error.message}", fix=error.fix)
