"""How strongly each substance binds beside the others: the concentration at half occupancy, in ng/mL.

One imaging study anchors one drug. The others are placed by the equivalence tables: at doses that a table calls equal,
mean effects are equal. A metabolite that is a drug of the facts binds as that drug; any other as its parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log
from statistics import median

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


def potency_of(drugs: Iterable[Kinetics], formulary: Formulary) -> Potency:
    """The potency of every substance that the drugs bring. Raises SIM_NO_KINETICS where no table places one."""
    reach: dict[str, float] = {}
    spread: dict[str, float] = {}
    for kinetics in drugs:
        ec50 = _ec50(kinetics, formulary, frozenset())
        # A metabolite keeps what an earlier drug gave it, unless it is swallowed itself.
        reach |= {name: value for name, value in ec50.items() if name not in reach or name == kinetics.drug}
        spread[kinetics.drug] = _table_log_sd(kinetics.drug, formulary)
    return Potency(ec50_ng_ml=reach, log_sd=spread)


def anchor(formulary: Formulary) -> tuple[str, float]:
    """The drug that was imaged, and its concentration at half occupancy in ng/mL from that study."""
    study = formulary.receptor["in_vivo_anchor"]
    share = float(study["observed_occupancy"]["value"]) / 100
    return str(study["drug"]), float(study["css_avg"]["value"]) * (1 - share) / share


def _ec50(kinetics: Kinetics, formulary: Formulary, above: frozenset[str]) -> dict[str, float]:
    drug, (imaged, half_ng_ml) = kinetics.drug, anchor(formulary)
    if drug == imaged:
        return {drug: half_ng_ml}
    levels = dict(kinetics.average_ng_ml(_equal_mg(drug, formulary)))
    # What the anchor's equal dose reaches, as u = C/EC50.
    target = kinetics_of(imaged, formulary).average_ng_ml(_equal_mg(imaged, formulary))[imaged] / half_ng_ml
    own: dict[str, float] = {}
    for name in levels:
        if name != drug and name in formulary.drug_names and name not in above:
            own[name] = _ec50(kinetics_of(name, formulary), formulary, above | {drug})[name]
    left = target - sum(levels[name] / ec50 for name, ec50 in own.items())
    if left <= 0:
        # Its metabolites alone would make more than the table says: then all of them bind alike.
        own, left = {}, target
    shared = sum(level for name, level in levels.items() if name not in own) / left
    return {**{name: shared for name in levels if name not in own}, **own}


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
