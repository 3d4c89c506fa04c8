"""Counts of units in a letter: what is to be supplied, and in brackets beside a dose how that dose is made up.

A count is a supply only where a word says so. Without one it must make exactly the one dose it stands beside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from glidepath.checker.letter_faults import unclear
from glidepath.checker.letter_rules import NUMBER
from glidepath.checker.letter_wording import Wording
from glidepath.checker.letter_words import FLAGS
from glidepath.checker.units import release_group
from glidepath.checker.written import Entry
from glidepath.errors import GlidepathError, InputError
from glidepath.quantity.grammar import read_amount, read_number

_NOUN = r"(?P<noun>tablets?|tabs?|capsules?|caps?|mls?)\b"
_WHAT = (
    r"(?P<units>[^\s()a-z]+)\s*(?:x\s*|of\s+)?(?:(?P<drug>(?!x\b|of\b|tab|cap|ml|mg|mcg|micro)[a-z]+)\s+)?"
    rf"(?:{NUMBER.format('strength')}\s+)?{_NOUN}"
)
_WORD = r"(?:supply|dispense|issue|quantity|qty|mitte)"
_SUPPLY = re.compile(
    rf"(?:(?<![a-z]){_WORD}\s*:?\s*{_WHAT}|\(\s*(?P<word>{_WORD}\s*:?\s*)?{_WHAT.replace('?P<', '?P<b')}\s*\))[\s.,]*$",
    FLAGS,
)
_PARTS = ("units", "drug", "strength", "strength_unit", "noun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Units counted; `strength` is mg of one unit, or None where it is not said. `is_said`: as a supply, by a word."""

    units: Fraction
    strength: str | None
    noun: str
    drug: str | None
    is_said: bool


def supply_in(text: str, *, comma: bool) -> tuple[Supply | None, str]:
    """The count at the end of the text, and the text without it."""
    found = _SUPPLY.search(text)
    if found is None:
        return None, text
    groups = {name: found[name] or found[f"b{name}"] for name in _PARTS}
    units = read_number(groups["units"], comma=comma, field="quantity")
    strength = None
    if groups["strength"]:
        strength = read_amount(f"{groups['strength']} {groups['strength_unit'] or ''}", comma=comma).decimal
    supply = Supply(
        units=units,
        strength=strength,
        noun=groups["noun"].lower(),
        drug=groups["drug"],
        is_said=bool(found["units"] or found["word"]),
    )
    return supply, text[: found.start()].rstrip(" ,:")


def not_said() -> InputError:
    """A count of units with no word for what it is."""
    return unclear(
        "A count of units does not say whether it is how the dose is made up or the number to supply.",
        "Write supply before the number, or leave it out.",
    )


def made_up(supply: Supply, entries: tuple[Entry, ...], wording: Wording) -> tuple[Entry, ...]:
    """The one dose as made of the units counted beside it. Raises SIG_UNREADABLE where they do not make it exactly."""
    taken = [entry for entry in entries if entry.dose]
    if len(taken) != 1 or len(entries) != 1:
        raise not_said()
    (entry,) = taken
    try:
        name = product_of(supply, entries, wording)
        product = wording.formulary.product_named(name, wording.region)
    except GlidepathError:
        raise not_said() from None
    per_unit = product.strength
    if not name.startswith(f"{entry.drug} ") or per_unit * supply.units != entry.dose:
        raise not_said()
    if entry.product not in ("", name) or entry.units not in (None, supply.units):
        raise not_said()
    release = release_group(product)
    if entry.release not in ("", release):
        raise not_said()
    return (replace(entry, product=name, units=supply.units, release=release),)


def product_of(supply: Supply, entries: tuple[Entry, ...], wording: Wording) -> str:
    """The product that is supplied, by its full name. Raises PRODUCT_UNKNOWN where it cannot be told."""
    noun = {"t": "tablet", "c": "capsule", "m": "mL"}[supply.noun[0]]
    drugs = {entry.drug for entry in entries if entry.dose}
    if supply.drug is not None:
        drugs = {wording.formulary.drug(supply.drug).name}
    if supply.strength is not None and len(drugs) == 1 and noun != "mL":
        name = f"{drugs.pop()} {supply.strength} mg"
        named = {entry.product for entry in entries if entry.product.startswith(f"{name} ")}
        if len(named) == 1:
            return named.pop()
        releases = {entry.release for entry in entries if entry.dose and name.startswith(f"{entry.drug} ")}
        form = f"{max(releases)} {noun}" if releases & {"XR", "SL"} else noun
        if len(releases) > 1 and form != noun:
            raise _unknown()
        return wording.formulary.product_named(f"{name} {form}", wording.region).name
    products = {entry.product for entry in entries if entry.product and entry.drug in drugs}
    if len(products) == 1 and supply.strength is None:
        name = next(iter(products))
        if name.endswith(noun) or (noun == "mL" and not name.endswith(("tablet", "capsule"))):
            return name
    raise _unknown()


def _unknown() -> InputError:
    return InputError(
        "PRODUCT_UNKNOWN",
        "It cannot be told which product is to be supplied.",
        field="product",
        fix="Write drug, strength and form, for example: supply 28 x diazepam 2 mg tablets.",
    )
