"""What a written taper asks a pharmacy for, line by line, and what of it cannot be dispensed as written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from glidepath.checker.course import Course, say_mg
from glidepath.checker.making import WHOLE_DAY_INTAKES, Way, can_be_made, nearest, on_grid, ways
from glidepath.checker.report import Unmakeable
from glidepath.checker.units import (
    has_products,
    is_planned,
    may_be_confirmed,
    named_product,
    regions_of,
    release_group,
    smallest_part,
)
from glidepath.checker.written import Entry, Span, WrittenTaper
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Product
from glidepath.quantity import exact_decimal

_MOST_HELPED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What may be dispensed: the region's products, those declared, and what a pharmacist confirmed.

    `suggests`: whether what could be dispensed instead is worked out, which takes long for many different doses.
    """

    formulary: Formulary
    region: str
    confirmed: frozenset[str]
    declared: tuple[Product, ...]
    suggests: bool = True

    def named(self, entry: Entry) -> Product | None:
        return named_product(entry.product, entry.drug, self.formulary, self.region, self.declared)

    def can_make(self, entry: Entry, intakes: int) -> bool:
        rest = (self.formulary, self.region, self.confirmed, self.declared, intakes)
        return can_be_made(entry.dose, entry.drug, *rest, release=entry.release)

    def instead(self, entry: Entry, product: Product | None, intakes: int) -> str | None:
        """How the dose could be made after all, or else the nearest doses that can be; nothing when not asked for."""
        if not self.suggests:
            return None
        dose, drug = entry.dose, entry.drug
        if not dose:
            return None
        # What is offered lets its drug go as what was written does.
        release = release_group(product) if product is not None else entry.release
        rest = (self.formulary, self.region, self.confirmed, self.declared, intakes)
        if way := ways(dose, drug, *rest, release=release):
            return f"Can be made of {_in_words(way)}."
        unsure = self.confirmed | may_be_confirmed(drug, self.formulary, self.region)
        halved = ways(dose, drug, self.formulary, self.region, unsure, self.declared, intakes, release=release)
        said = []
        if halved and not any(p.form.is_liquid for p, _ in halved):
            said.append(
                f"Can be made of {_in_words(halved)}, if a pharmacist confirms that it may be halved (--splits)."
            )
        below, above = nearest(dose, drug, *rest, liquids=False, release=release)
        if below is None and above is None:
            below, above = nearest(dose, drug, *rest, release=release)
        named = [f"{say_mg(mg)} mg ({word})" for mg, word in ((below, "lower"), (above, "higher")) if mg is not None]
        if named:
            said.append(f"The nearest that can be made: {' or '.join(named)}.")
        return " ".join(said) or None


def _in_words(way: Way) -> str:
    return " and ".join(f"{say_number(units)} {_unit(p)} {p.name}" for p, units in way)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of a span with its product, where it is known, and its units, written or worked out."""

    entry: Entry
    span: Span
    row: int
    start: bool
    product: Product | None
    units: Fraction | None

    @property
    def name(self) -> str:
        """The product's full name, as the facts or else the taper write it; "" where none is written."""
        return self.product.name if self.product is not None else self.entry.product


def lines_of(taper: WrittenTaper, shop: Shop) -> tuple[Line, ...]:
    """Every entry above zero. `start` marks those of the first span where nothing was stated apart."""
    found: dict[tuple[str, str], Product | None] = {}
    lines: list[Line] = []
    for place, span in enumerate(taper.spans):
        start = place == 0 and not taper.before
        for index, entry in enumerate(span.entries):
            if not entry.dose and not entry.units:
                continue
            product = None
            if entry.product:
                key = (entry.drug, entry.product)
                if key not in found:
                    found[key] = shop.named(entry)
                product = found[key]
            units = entry.units
            if units is None and product is not None:
                units = entry.dose / product.strength
            row = span.rows[index] if index < len(span.rows) else span.row
            lines.append(Line(entry=entry, span=span, row=row, start=start, product=product, units=units))
    return tuple(lines)


def unmakeable(course: Course, lines: Iterable[Line], shop: Shop) -> tuple[Unmakeable, ...]:
    """Each thing that cannot be dispensed as written, once, on the first day it is asked for."""
    found: dict[tuple[object, ...], Unmakeable] = {}
    briefly = replace(shop, suggests=False)
    seen: set[tuple[object, ...]] = set()
    for line in lines:
        entry = line.entry
        # Many days ask for the same thing: each is looked at once.
        asked = (entry.drug, entry.product, entry.dose, entry.units, entry.time == "", line.start, entry.release)
        if asked in seen:
            continue
        seen.add(asked)
        for reason, says, instead in _problems(line, shop if len(found) < _MOST_HELPED else briefly):
            broad = reason in ("no-such-product", "not-planned-form")
            key = (reason, entry.drug, entry.product, None if broad else (entry.dose, entry.units))
            found.setdefault(key, _unmakeable(line, reason, says, instead))
    for problem in _mixed(course, lines):
        found[problem.reason, problem.drug] = problem
    return tuple(sorted(found.values(), key=lambda u: u.day))


def _unmakeable(line: Line, reason: str, says: str, instead: str | None) -> Unmakeable:
    return Unmakeable(
        day=line.span.first,
        row=line.row,
        drug=line.entry.drug,
        time=line.entry.time,
        product=line.entry.product,
        dose_mg=line.entry.dose,
        reason=reason,
        says=says,
        instead=instead,
    )


def _problems(line: Line, shop: Shop) -> list[tuple[str, str, str | None]]:
    entry, product = line.entry, line.product
    dose = f"{say_mg(entry.dose)} mg of {entry.drug}"
    intakes = 1 if entry.time else WHOLE_DAY_INTAKES
    if not entry.product:
        if not has_products(entry.drug, shop.formulary, shop.region, shop.declared):
            return [("no-such-product", f"No product of {entry.drug} is loaded for {shop.region}.", None)]
        if shop.can_make(entry, intakes):
            return []
        kind = f"{entry.release} " if entry.release in ("XR", "SL") else ""
        says = f"{dose} cannot be made from the {kind}products in {shop.region}."
        return [("no-combination", says, shop.instead(entry, product, intakes))]
    if product is None:
        elsewhere = regions_of(entry.product, entry.drug, shop.formulary)
        where = f"; it is in {', '.join(elsewhere)}" if elsewhere else ""
        says = f"{entry.product} is not a product in {shop.region}{where}."
        return [("no-such-product", says, shop.instead(entry, product, intakes))]
    found: list[tuple[str, str, str | None]] = []
    if entry.units is not None and (product.drug != entry.drug or entry.units * product.strength != entry.dose):
        made = f"{say_mg(entry.units * product.strength)} mg of {product.drug}"
        says = f"{say_number(entry.units)} {_unit(product)} {product.name} is {made}, not {dose}."
        found.append(("dose-not-units", says, None))
    if not is_planned(product):
        says = f"{product.name}: a dose is never given in this form here."
        found.append(("not-planned-form", says, shop.instead(entry, product, intakes)))
    elif line.units is not None:
        found += _undivided(line, product, line.units, shop, intakes)
    return found


def _undivided(
    line: Line, product: Product, units: Fraction, shop: Shop, intakes: int
) -> list[tuple[str, str, str | None]]:
    entry = line.entry
    if product.form.is_liquid:
        if line.start or on_grid(units, intakes):
            return []
        says = f"{say_number(units)} mL of {product.name} cannot be measured: 0.5 to 20 mL in steps of 0.1 mL can."
        return [("not-measurable", says, shop.instead(entry, product, intakes))]
    part = smallest_part(product, shop.confirmed)
    if (units / part).denominator == 1:
        return []
    instead = shop.instead(entry, product, intakes)
    if entry.units is None and (units * 4).denominator != 1:
        says = f"{say_mg(entry.dose)} mg is no number of {product.name}."
        return [("no-combination", says, instead)]
    allowed = {1: "is only given whole", 2: "may be halved and no further", 4: "may be quartered and no further"}
    says = f"{say_number(units)} of {product.name}: it {allowed[part.denominator]}."
    return [("not-divided", says, instead)]


def _mixed(course: Course, lines: Iterable[Line]) -> Iterable[Unmakeable]:
    """One problem for each drug in play that is written with two releases, by its products or by its words."""
    first: dict[str, tuple[str, str]] = {}
    told: set[str] = set()
    for line in lines:
        product, drug = line.product, line.entry.drug
        release = release_group(product) if product is not None else line.entry.release
        if not release or drug not in course.measured_drugs or drug in told:
            continue
        name = product.name if product is not None else f"{drug} ({release})"
        held, held_name = first.setdefault(drug, (release, name))
        if held != release:
            told.add(drug)
            says = f"{held_name} and {name} release {drug} differently; they are not mixed in a taper."
            yield _unmakeable(line, "mixed-release", says, None)


def _unit(product: Product) -> str:
    return "mL of" if product.form.is_per_ml else "x"


def say_number(value: Fraction) -> str:
    try:
        return exact_decimal(value)
    except ValueError:
        return f"{value.numerator}/{value.denominator}"
