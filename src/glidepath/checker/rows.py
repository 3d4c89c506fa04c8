"""One row of a table once its cells are understood, and rows that cannot stand together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from glidepath.checker.cells import CellReader
from glidepath.checker.report import Unreadable
from glidepath.checker.written import Entry
from glidepath.errors import InputError

LONGEST_STEP_DAYS = 3660
# A taper at a very slow pace asked for on purpose can last for decades; beyond a lifetime it is a slip in a date.
LONGEST_DAYS = 40_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row once its cells are understood: days `first` to `last` (ordinals of dates, or day numbers)."""

    number: int
    first: int
    last: int
    step: int | None
    entry: Entry
    quantity: Fraction | None

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.entry.drug, self.entry.time, self.entry.product)


def taken_in(
    texts: Sequence[str], place: dict[str, int], cells: CellReader
) -> tuple[int | None, Entry, Fraction | None]:
    """The step, the entry and the quantity that a row states. Raises the named error of its first bad cell."""

    def cell(name: str) -> str:
        return texts[place[name]] if name in place else ""

    dose = cells.number(cell("dose_mg"), "dose_mg")
    named = cell("drug")
    product, of_product = cells.product(cell("product"), cells.drug) if cell("product") else ("", "")
    drug = of_product if of_product and not named else cells.drug_of(named)
    if product and of_product and of_product != drug:
        raise InputError(
            "ROW_DRUGS",
            "The drug and the product of the row are not the same drug.",
            field="product",
            fix="Check which of the two is meant.",
        )
    units = cells.number(cell("units"), "units") if cell("units") else None
    if units and not product:
        raise InputError(
            "ROW_SHAPE", "The row counts units of no product.", field="units", fix="Name the product in its column."
        )
    quantity = cells.number(cell("quantity"), "quantity") if cell("quantity") else None
    step = cells.count(cell("step"), "step") if cell("step") else None
    equal = ("diazepam_mg_low", "diazepam_mg_high")
    low_high = (cell(equal[0]), cell(equal[1])) if all(name in place for name in equal) else None
    if product and not dose and units:
        raise InputError(
            "ROW_SHAPE", "The row takes units of a product but no mg.", field="dose_mg", fix="Check the row."
        )
    entry = Entry(
        drug=drug,
        time=cells.time(cell("time")),
        dose=dose,
        product=product if dose else "",
        units=units if dose and product else None,
        equivalents=low_high,
        release="" if product else cells.release_of(named),
    )
    return step, entry, quantity


def days_of(texts: Sequence[str], place: dict[str, int], cells: CellReader, *, nothing: bool) -> tuple[int, int]:
    """First and last day of a row: ordinals, or (0, length) where rows have lengths."""
    if "date" in place:
        day = cells.day(texts[place["date"]], "date").toordinal()
        return day, day
    if "start" in place:
        first = cells.day(texts[place["start"]], "start").toordinal()
        end = texts[place["end"]]
        last = first if nothing and not end else cells.day(end, "end").toordinal()
        if last < first:
            raise InputError("DATE_INVALID", "The row ends before it starts.", field="end", fix="Check the two dates.")
        return first, last
    text = texts[place["days"]]
    days = 1 if nothing and text in ("", "0") else cells.count(text, "days")
    if not 1 <= days <= LONGEST_STEP_DAYS:
        raise InputError(
            "ROW_QUANTITY",
            "The row lasts no day, or longer than any taper.",
            field="days",
            fix=f"Give 1 to {LONGEST_STEP_DAYS} days.",
        )
    return 0, days


def claimed_twice(active: list[Row]) -> Row | None:
    """The second of two rows that say the same time, drug and product of one day."""
    seen: set[tuple[str, str, str]] = set()
    for row in active:
        if row.key in seen:
            return row
        seen.add(row.key)
    return None


def whole_and_part(active: list[Row]) -> Unreadable | None:
    """A dose for the whole day beside one at a time of day, of one drug: is the one part of the other?"""
    if len(active) == 1:
        return None
    timed = {r.entry.drug for r in active if r.entry.time}
    for row in active:
        if not row.entry.time and row.entry.dose and row.entry.drug in timed:
            return Unreadable(
                row=row.number,
                column="time",
                code="ROW_SHAPE",
                says=f"Row {row.number} is for the whole day, and another row for a time of that day.",
                fix="Give the time of day in every row of these days, or in none.",
            )
    return None
