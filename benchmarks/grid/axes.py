"""The cases of the grid: what is asked of the planner, numbered so that any stretch of numbers is a fair sample.

Axes: drug and region (each pair that is sold), the product that is taken and whether its splitting was confirmed
(together the product set), units at each time of day, times a day, pace, and what is asked for (to stop, to stay at a
dose, to switch by one of two tables). Case n of the run is case n x STRIDE of the list, so that a short run meets every
drug, region and pace, and the whole run each case once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from glidepath.facts.formulary import Formulary, load_formulary
from glidepath.facts.model import Form, Product, Split
from glidepath.quantity import exact_decimal

START, TODAY = "2026-12-07", "2026-11-22"
TIMES = ("at night", "in the morning and at night", "three times daily", "four times daily")
UNITS = tuple(Fraction(n, 2) for n in (1, 2, 3, 4, 5, 6, 8, 10, 12))
PACES: tuple[dict[str, str], ...] = (
    {"profile": "asam-2025"},
    {"profile": "slow"},
    {"profile": "cks"},
    {"profile": "maudsley-proportional"},
    {"percent": "5", "every": "7d"},
    {"percent": "5", "every": "14d"},
    {"percent": "7.5", "every": "21d"},
    {"percent": "10", "every": "10d"},
    {"percent": "10", "every": "28d"},
    {"percent": "12.5", "every": "14d"},
    {"percent": "15", "every": "21d"},
    {"percent": "20", "every": "28d"},
)
GOALS = ("stop", "maintain", "switch", "switch by another table")
AGES = (40, 72)
_STRIDE = 1_000_003


@dataclass(frozen=True, slots=True)
class Case:
    """One question of the grid."""

    number: int
    drug: str
    region: str
    goal: str
    sig: str
    options: dict[str, Any]


@lru_cache(maxsize=1)
def product_sets() -> tuple[tuple[Product, bool], ...]:
    """Every product that a person may be taking, in every region, and whether a pharmacist confirmed that it divides.

    Only tablets whose makers differ, or do not say, can be confirmed.
    """
    formulary: Formulary = load_formulary()
    return tuple(
        (product, confirmed)
        for name in formulary.drug_names
        if formulary.drug(name).not_planned is None
        for product in formulary.drug(name).products
        if product.form.is_counted
        for confirmed in (False, True)
        if not confirmed or (product.form is Form.TABLET and product.halves in (Split.VARIES, Split.UNKNOWN))
    )


def _tables(drug: str) -> tuple[str, ...]:
    """The tables that can convert a drug to diazepam, the one with most diazepam first, the one with least last."""
    rows = load_formulary().conversion_tables(drug)
    other = {row.table for row in load_formulary().conversion_tables("diazepam")}
    return tuple(row.table for row in sorted(rows, key=lambda r: r.low_mg) if row.table in other)


def axes() -> tuple[int, ...]:
    """The length of each axis, in the order in which a number is taken apart."""
    return tuple(len(a) for a in (product_sets(), UNITS, TIMES, PACES, GOALS, AGES))


def size() -> int:
    """How many cases there are."""
    return math.prod(axes())


def case(number: int) -> Case:
    """The case of a number from 0 to size() - 1."""
    total = size()
    stride = _STRIDE
    while math.gcd(stride, total) != 1:
        stride += 1
    rest = number * stride % total
    at = []
    for length in axes():
        rest, place = divmod(rest, length)
        at.append(place)
    (product, confirmed), units, times = product_sets()[at[0]], UNITS[at[1]], TIMES[at[2]]
    options: dict[str, Any] = {
        "region": product.region,
        "start": START,
        "since": "2023-01",
        "age": AGES[at[5]],
        **PACES[at[3]],
        **dict.fromkeys(("seizures", "pregnancy", "liver", "opioid", "past_complicated_withdrawal"), "no"),
        "other_sedatives": "no",
    }
    goal = GOALS[at[4]]
    if goal == "maintain":
        options |= {"maintain": f"{exact_decimal(product.strength)} mg", "reason": "Agreed with the person."}
    elif goal != "stop" and product.drug != "diazepam" and (tables := _tables(product.drug)):
        options |= {"switch": "diazepam", "table": tables[0] if goal == "switch" else tables[-1]}
    if confirmed:
        options["splits"] = [product.name]
    whole = product.form is not Form.TABLET and units.denominator != 1
    dose = product.strength * (units * 2 if whole else units)
    sig = f"{product.drug.replace('_', ' ')} {exact_decimal(dose)} mg {times}"
    if product.form.release in ("XR", "SL"):
        sig = f"{product.drug.replace('_', ' ')} {product.form.release} {exact_decimal(dose)} mg {times}"
    return Case(number, product.drug, product.region, goal, sig, options)
