"""What a pharmacy has on its shelves, worked out again: products of a region, and how their units divide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from glidepath.checker.course import facts_of
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Form, Product, Split

_WHOLE, _HALF, _QUARTER = Fraction(1), Fraction(1, 2), Fraction(1, 4)


def is_planned(product: Product) -> bool:
    """Whether doses are ever made of this form: no drops, no sprays, no combination products."""
    return product.form.is_counted or product.form.is_liquid


def release_group(product: Product) -> str:
    """IR, XR or SL; ODT counts as IR."""
    release = product.form.release
    return "IR" if release == "ODT" else release


def smallest_part(product: Product, confirmed: frozenset[str]) -> Fraction:
    """The smallest part of a unit that may be taken: 1, 1/2 or 1/4, from what the makers' labels say.

    Named makers decide where there are any. Where they do not agree, a pharmacist's word allows halves.
    """
    if product.form is not Form.TABLET or not product.records:
        return _WHOLE
    named = [r for r in product.records if r.maker is not None]
    deciding = named or list(product.records)
    if all(r.halves is Split.YES for r in deciding):
        return _QUARTER if all(r.quarters is Split.YES for r in deciding) else _HALF
    if all(r.halves is Split.NO for r in deciding):
        return _WHOLE
    return _HALF if product.name in confirmed else _WHOLE


@lru_cache(maxsize=512)
def may_be_confirmed(drug: str, formulary: Formulary, region: str) -> frozenset[str]:
    """The tablets of a drug that a pharmacist's word would allow to be halved."""
    names = (p.name for p in _by_name(formulary, drug, region).values() if smallest_part(p, frozenset()) == _WHOLE)
    return frozenset(
        n for n in names if smallest_part(_by_name(formulary, drug, region)[_key(n)], frozenset({n})) != _WHOLE
    )


def rests_on_confirmation(product: Product, confirmed: frozenset[str]) -> bool:
    """Whether the product may be divided only because a pharmacist confirmed it."""
    return smallest_part(product, confirmed) != smallest_part(product, frozenset())


@lru_cache(maxsize=512)
def _by_name(formulary: Formulary, drug: str, region: str) -> Mapping[str, Product]:
    if facts_of(drug, formulary) is None:
        return MappingProxyType({})
    return MappingProxyType({_key(p.name): p for p in formulary.products(drug, region)})


@lru_cache(maxsize=16)
def _all_by_name(formulary: Formulary, region: str) -> Mapping[str, Product]:
    found: dict[str, Product] = {}
    for drug in formulary.drug_names:
        found.update(_by_name(formulary, drug, region))
    return MappingProxyType(found)


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def named_product(
    name: str, drug: str, formulary: Formulary, region: str, declared: tuple[Product, ...]
) -> Product | None:
    """The product of a full name: of the drug in the region, a declared one, or of another drug in the region."""
    key = _key(name)
    found = _by_name(formulary, drug, region).get(key)
    if found is None and declared:
        found = next((p for p in declared if _key(p.name) == key), None)
    return found or _all_by_name(formulary, region).get(key)


def regions_of(name: str, drug: str, formulary: Formulary) -> tuple[str, ...]:
    """The regions in which a product of that name is loaded."""
    return tuple(region for region in formulary.regions if _key(name) in _by_name(formulary, drug, region))


@dataclass(frozen=True, slots=True)
class Shelf:
    """The products of one drug that may be put together in one dose."""

    counted: tuple[tuple[Product, Fraction], ...]
    liquids: tuple[Product, ...]


@lru_cache(maxsize=512)
def shelves_of(
    drug: str,
    formulary: Formulary,
    region: str,
    confirmed: frozenset[str],
    declared: tuple[Product, ...],
    release: str = "",
) -> tuple[Shelf, ...]:
    """What a dose may be made of: one shelf for each release, or only that of `release` (IR, XR, SL).

    Where none is named the immediate release is meant, as in a plain drug name, unless the drug has none.
    """
    products = [*_by_name(formulary, drug, region).values(), *(p for p in declared if p.drug == drug)]
    shelves: list[Shelf] = []
    for group in (release,) if release else ("IR", "XR", "SL"):
        if shelves and not release:
            break
        here = [p for p in products if is_planned(p) and release_group(p) == group]
        counted = tuple((p, smallest_part(p, confirmed)) for p in here if p.form.is_counted)
        liquids = tuple(p for p in here if p.form.is_liquid)
        if counted or liquids:
            shelves.append(Shelf(counted, liquids))
    return tuple(shelves)


def has_products(drug: str, formulary: Formulary, region: str, declared: tuple[Product, ...]) -> bool:
    return bool(_by_name(formulary, drug, region)) or any(p.drug == drug for p in declared)
