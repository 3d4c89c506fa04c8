"""Which units make a dose: whole tablets and capsules, halves where they may be halved, then a liquid for the rest.

A plain search written for the benchmark; it shares nothing with the planner or the checker.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache

from benchmarks.tapertools.case import Case, Offered

Pieces = tuple[tuple[Offered, Fraction], ...]

_HALF = Fraction(1, 2)
_LEAST_ML, _MOST_ML, _GRID_ML = Fraction(1, 2), Fraction(20), Fraction(1, 10)
_MOST_UNITS, _MOST_STRENGTHS = 8, 3


def same_release(case: Case) -> tuple[Offered, ...]:
    """The products of the drug with the release of what is taken; ODT counts with plain tablets."""

    def kind(product: Offered) -> str:
        return "IR" if product.release == "ODT" else product.release

    taken = {t.product for t in case.taken}
    kinds = {kind(p) for p in case.products if p.name in taken}
    return tuple(p for p in case.products if p.drug == case.drug and kind(p) in kinds)


def may_halve(product: Offered, confirmed: Iterable[str]) -> bool:
    return product.form == "tablet" and (product.halves == "yes" or product.name in confirmed)


@cache
def make_up(dose: Fraction, products: tuple[Offered, ...], confirmed: tuple[str, ...] = ()) -> Pieces | None:
    """The fewest units that hold exactly this dose, with the fewest halves among those; None when nothing does."""
    counted = sorted((p for p in products if p.unit != "mL"), key=lambda p: (-p.strength, p.form != "tablet", p.name))
    # Of two forms with one strength the tablet is used: it may be halved, and the search stays small.
    solid = tuple({p.strength: p for p in reversed(counted)}.values())[::-1]
    found = _counted(dose, solid, confirmed, _MOST_STRENGTHS, _MOST_UNITS)
    if found:
        return min(found, key=_cost)
    liquids = [p for p in products if p.unit == "mL"]
    return min((pieces for liquid in liquids for pieces in _with_liquid(dose, liquid, solid)), key=_cost, default=None)


def _cost(pieces: Pieces) -> tuple[int, int, int]:
    solid = [units for product, units in pieces if product.unit != "mL"]
    halves = sum(units.denominator > 1 for units in solid)
    return (sum(-(-u.numerator // u.denominator) for u in solid), halves, len(pieces))


def _counted(
    dose: Fraction, products: tuple[Offered, ...], confirmed: tuple[str, ...], strengths: int, most: int
) -> list[Pieces]:
    if not dose:
        return [()]
    if not products or not strengths or products[0].strength * most < dose:
        return []
    first, rest = products[0], products[1:]
    part = _HALF if may_halve(first, confirmed) else Fraction(1)
    found = _counted(dose, rest, confirmed, strengths, most)
    units = part
    while units <= most and units * first.strength <= dose:
        left = most - -(-units.numerator // units.denominator)
        for others in _counted(dose - units * first.strength, rest, confirmed, strengths - 1, left):
            found.append(((first, units), *others))
        units += part
    return found


def _with_liquid(dose: Fraction, liquid: Offered, counted: tuple[Offered, ...]) -> list[Pieces]:
    """Whole units of up to one strength, and the rest as a volume that an oral syringe can measure."""
    found: list[Pieces] = []
    for solid in (None, *counted):
        most = 0 if solid is None else int(dose / solid.strength)
        for units in range(0 if solid is None else 1, min(most, _MOST_UNITS) + 1):
            rest = dose if solid is None else dose - units * solid.strength
            volume = rest / liquid.strength
            if _LEAST_ML <= volume <= _MOST_ML and (volume / _GRID_ML).denominator == 1:
                found.append(((liquid, volume),) if solid is None else ((solid, Fraction(units)), (liquid, volume)))
    return found
