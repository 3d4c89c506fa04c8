"""How strongly each substance binds beside the others: the concentration at half occupancy, in ng/mL.

One imaging study anchors one drug. The others are placed by the equivalence tables: at doses that a table calls equal,
mean effects are equal. One molecule has one potency, whatever it was made from: that of the drug of its name, else that
with which it comes from the drug that most tables know; there it binds as its parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log
from statistics import median
from typing import Any

from glidepath.errors import RefusedError
from glidepath.facts.formulary import Formulary
from glidepath.pharmacology.kinetics import Kinetics, kinetics_of

# The table that places drugs beside each other where it has a row; else the middle of all that convert.
_FIRST_TABLE = "ASHTON2002"
# From the lowest to the highest figure of all tables is taken as 90 % of what could be.
_Z90 = 1.645


@dataclass(frozen=True, slots=True, kw_only=True)
class Potency:
    """`ec50_ng_ml` of every substance of the drugs in question, by name, and `log_sd` of each drug beside the anchor.

    `log_sd` is what the tables leave open, in natural logarithms, one number for each drug that is swallowed.
    """

    ec50_ng_ml: Mapping[str, float]
    log_sd: Mapping[str, float]


def potency_of(drugs: Iterable[Kinetics], formulary: Formulary, molar: Mapping[str, float]) -> Potency:
    """The potency of every substance that the drugs bring. Raises SIM_NO_KINETICS where no table places one."""
    found: dict[str, float] = {}
    spread: dict[str, float] = {}
    for kinetics in drugs:
        found |= _ec50(kinetics, formulary, molar, frozenset())
        spread[kinetics.drug] = _table_log_sd(kinetics.drug, formulary)
    return Potency(ec50_ng_ml=found, log_sd=spread)


def anchor(formulary: Formulary) -> tuple[str, float]:
    """The drug that was imaged, and its concentration at half occupancy in ng/mL from that study."""
    study = formulary.receptor["in_vivo_anchor"]
    share = float(study["observed_occupancy"]["value"]) / 100
    return str(study["drug"]), float(study["css_avg"]["value"]) * (1 - share) / share


def _ec50(
    kinetics: Kinetics, formulary: Formulary, molar: Mapping[str, float], above: frozenset[str]
) -> dict[str, float]:
    """Of every substance that a drug brings. `above` are the drugs from which this one is asked for."""
    drug, (imaged, half_ng_ml) = kinetics.drug, anchor(formulary)
    if drug == imaged:
        return {drug: half_ng_ml}
    levels = dict(kinetics.average_ng_ml(_equal_mg(drug, formulary)))
    # What the anchor's equal dose reaches, as u = C/EC50.
    equal = kinetics_of(imaged, formulary, molar).average_ng_ml(_equal_mg(imaged, formulary))[imaged]
    elsewhere: dict[str, float] = {}
    for name in levels:
        home = _home(name, formulary)
        if home != drug and home not in above:
            elsewhere[name] = _ec50(kinetics_of(home, formulary, molar), formulary, molar, above | {drug})[name]
    own = [level for name, level in levels.items() if name not in elsewhere]
    if not own:
        return elsewhere
    left = equal / half_ng_ml - sum(levels[name] / ec50 for name, ec50 in elsewhere.items())
    if left <= 0:
        # What else it brings alone makes more than its table says: then the table is about that, and it binds alike.
        return {name: sum(levels.values()) * half_ng_ml / equal for name in levels if name not in elsewhere} | elsewhere
    return {**{name: sum(own) / left for name in levels if name not in elsewhere}, **elsewhere}


@cache
def _homes(formulary: Formulary) -> Mapping[str, str]:
    """For each active molecule that is no drug itself: the drug bringing it that most tables know."""
    found: dict[str, str] = {}
    known = sorted(formulary.drug_names, key=lambda drug: (-len(formulary.conversion_tables(drug)), drug))
    for drug in known:
        chain: Any = formulary.drug(drug).pharmacology.get("chain") or ()
        for link in chain:
            if link["active"]:
                found.setdefault(str(link["to"]), drug)
    return found


def _home(name: str, formulary: Formulary) -> str:
    return name if name in formulary.drug_names else _homes(formulary)[name]


def _equal_mg(drug: str, formulary: Formulary) -> float:
    """The mg a day that are called equal to diazepam 10 mg."""
    if drug == "diazepam":
        return 10.0
    points = {row.table: float(row.point) for row in formulary.conversion_tables(drug) if row.point is not None}
    if not points:
        raise RefusedError(
            "SIM_NO_KINETICS",
            f"No equivalence table places {drug.replace('_', ' ')}: its effect cannot be drawn beside another's.",
            field="drug",
            fix="The plan itself does not rest on curves and stays as it is.",
        )
    return points.get(_FIRST_TABLE, median(points.values()))


def _table_log_sd(drug: str, formulary: Formulary) -> float:
    rows = formulary.conversion_tables(drug)
    if drug == "diazepam" or not rows:
        return 0.0
    low, high = min(float(r.low_mg) for r in rows), max(float(r.high_mg) for r in rows)
    return log(high / low) / (2 * _Z90)
