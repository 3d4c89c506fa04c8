"""The compartments of one drug, from the facts: absorption, one or two compartments, and its chain of metabolites.

Values are for a typical adult of 70 kg. What the facts do not hold is assumed and said so: a metabolite without a
volume is given that of its parent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, sqrt
from typing import Any

from glidepath.errors import RefusedError
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Drug

_WEIGHT_KG = 70.0
_ML_MIN_TO_L_H = 0.06
_USUAL_CV = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Metabolite:
    """An active substance; `fraction` of what is cleared of `parent` (a drug or another metabolite) becomes it."""

    name: str
    parent: str
    fraction: float
    cl_l_h: float
    v_l: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinetics:
    """A drug taken by mouth. Clearance and volumes are apparent (over bioavailability).

    `q_l_h` and `v2_l` are 0 for one compartment. `moiety` is what is measured in the blood, and `part` how many mg of
    it one mg swallowed becomes: 1 unless the drug is turned into something else on its way. `cv_cl` is the coefficient
    of variation of clearance. `assumed` says in words what the facts do not hold, `sources` where the rest was read.
    """

    drug: str
    moiety: str
    part: float
    ka_per_h: float
    lag_h: float
    cl_l_h: float
    v1_l: float
    q_l_h: float
    v2_l: float
    metabolites: tuple[Metabolite, ...]
    cv_cl: float
    assumed: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def is_two_compartment(self) -> bool:
        return self.q_l_h > 0

    @property
    def log_sd_cl(self) -> float:
        return sqrt(log(1 + self.cv_cl**2))

    @property
    def half_life_h(self) -> float:
        """The terminal half-life of the drug itself, in hours."""
        k10, k12 = self.cl_l_h / self.v1_l, self.q_l_h / self.v1_l
        if not self.is_two_compartment:
            return log(2) / k10
        k21 = self.q_l_h / self.v2_l
        total = k10 + k12 + k21
        return log(2) / ((total - sqrt(total**2 - 4 * k10 * k21)) / 2)

    def average_ng_ml(self, mg_per_day: float) -> Mapping[str, float]:
        """Mean concentrations at steady state, of the moiety and each metabolite."""
        made = {self.moiety: self.part * mg_per_day / 24}
        found = {self.moiety: made[self.moiety] / self.cl_l_h * 1000}
        for one in self.metabolites:
            made[one.name] = made.get(one.name, 0.0) + made[one.parent] * one.fraction
            found[one.name] = made[one.name] / one.cl_l_h * 1000
        return found


def kinetics_of(drug: str, formulary: Formulary, molar: Mapping[str, float]) -> Kinetics:
    """The kinetics of a drug; `molar` are molar masses in g/mol.

    Raises `RefusedError` SIM_NO_KINETICS where the facts hold no compartments for it.
    """
    facts = formulary.drug(drug)
    one: Any = facts.pharmacology.get("one_compartment")
    two: Any = facts.pharmacology.get("two_compartment")
    if one is None and two is None:
        raise RefusedError(
            "SIM_NO_KINETICS",
            f"The facts hold no kinetics of {drug.replace('_', ' ')}: no curve can be drawn for it.",
            field="drug",
            fix="The plan itself does not rest on curves and stays as it is.",
        )
    base = two or one
    v1, cl = float(base["V1_F_L"] if two else base["V_F_L"]), float(base["CL_F_L_h"])
    # What is measured after a prodrug is its first metabolite; that then is the drug here.
    moiety = str((one or base).get("moiety", drug))
    chain, assumed = _chain(facts, moiety, cl, v1, formulary, molar)
    spread = facts.kinetics.get("cv_cl")
    if spread is None or spread.value is None:
        assumed = (*assumed, f"spread of the clearance of {drug}: {_USUAL_CV:.0%}")
    return Kinetics(
        drug=drug,
        moiety=moiety,
        part=_part(facts, moiety, molar),
        ka_per_h=float(base["ka_per_h"]),
        lag_h=float(base["tlag_h"]),
        cl_l_h=cl,
        v1_l=v1,
        q_l_h=float(two["Q_F_L_h"]) if two else 0.0,
        v2_l=float(two["V2_F_L"]) if two else 0.0,
        metabolites=chain,
        cv_cl=_USUAL_CV if spread is None or spread.value is None else float(spread.value) / 100,
        assumed=assumed,
        sources=tuple(dict.fromkeys([str(base["source"]), *(str(link["source"]) for link in _links(facts))])),
    )


def _part(facts: Drug, moiety: str, molar: Mapping[str, float]) -> float:
    """How many mg of the moiety one mg swallowed becomes."""
    if moiety == facts.name:
        return 1.0
    share = next((link.get("formation_fraction") for link in _links(facts) if link["to"] == moiety), None)
    return (float(share["value"]) if share else 1.0) * molar[moiety] / molar[facts.name]


def _links(facts: Drug) -> list[Any]:
    chain: Any = facts.pharmacology.get("chain") or ()
    return [link for link in chain if link["active"]]


def _chain(
    facts: Drug, moiety: str, cl_parent: float, v_parent: float, formulary: Formulary, molar: Mapping[str, float]
) -> tuple[tuple[Metabolite, ...], tuple[str, ...]]:
    """The active metabolites with a known share, in order, so that each stands after what it is made from."""
    known = {facts.name: moiety, moiety: moiety}
    found: list[Metabolite] = []
    assumed: list[str] = []
    for link in _links(facts):
        source, target, share = str(link["from"]), str(link["to"]), link.get("formation_fraction")
        if target == moiety or source not in known:
            continue
        if share is None:
            assumed.append(f"{target} is left out: how much of it is made is not known")
            continue
        parent = known[source]
        by_mass = float(share["value"]) * molar[target] / molar[parent] if {target, parent} <= set(molar) else None
        if by_mass is None:
            assumed.append(f"{target}: the part of molecules made is taken as a part by mass")
            by_mass = float(share["value"])
        own = _clearance(target, cl_parent * by_mass, v_parent, formulary, molar)
        if own is None:
            assumed.append(f"{target} is left out: how it is cleared is not known")
            continue
        cl, v, says = own
        assumed += says
        found.append(Metabolite(name=target, parent=parent, fraction=by_mass, cl_l_h=cl, v_l=v))
        known[target] = target
    return tuple(found), tuple(dict.fromkeys(assumed))


def _clearance(
    name: str, made_l_h: float, v_parent: float, formulary: Formulary, molar: Mapping[str, float]
) -> tuple[float, float, list[str]] | None:
    """Clearance in L/h and volume in L of a metabolite; one that is a drug of the facts has the drug's own.

    `made_l_h` is the part of the parent's clearance that becomes it. None where nothing is known.
    """
    raw: Any = formulary.metabolites.get(name, {})
    if "same_as" in raw or name in formulary.drug_names:
        own = kinetics_of(str(raw.get("same_as", name)), formulary, molar)
        return own.cl_l_h, own.v1_l + own.v2_l, []
    if not raw:
        return None
    if "cl" in raw and "v" in raw:
        cl, v = float(raw["cl"]["value"]) * _ML_MIN_TO_L_H, float(raw["v"]["value"])
        return cl * _WEIGHT_KG, v * _WEIGHT_KG, []
    for drug in formulary.drug_names:
        one: Any = formulary.drug(drug).pharmacology.get("one_compartment")
        if one is not None and one.get("moiety") == name:
            return float(one["CL_F_L_h"]), float(one["V_F_L"]), [f"{name}: cleared as after {drug}"]
    half_life = float(raw["t_half"]["value"])
    if "parent_ratio_ss" in raw:
        cl = made_l_h / float(raw["parent_ratio_ss"]["value"])
        return cl, cl * half_life / log(2), [f"clearance of {name}: from its level beside its parent"]
    return log(2) / half_life * v_parent, v_parent, [f"volume of {name}: that of its parent"]
