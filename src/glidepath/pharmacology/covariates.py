"""What is known of a person that changes clearance: age, liver, and medicines taken beside it, as far as the facts say.

A factor is used only where the facts hold a ratio for this drug. One that applies and has no ratio is named, so that a
curve never looks personal where it is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from glidepath.errors import InputError
from glidepath.facts.model import Drug

_AGE = re.compile(r"age\s*(?:>=|>)?\s*(\d+)")
_DOSE = re.compile(r"\s\d.*$")
_ELDERLY_FROM, _ADULT, _OLDEST = 65, 18, 120
_LIVER = ("cirrhosis", "liver", "hepatic")
# Whether a ratio of each kind is one of clearance, or one over it; the most direct first.
_AS_CLEARANCE: Mapping[str, bool] = {
    "CL": True,
    "CL_F": True,
    "dose": True,
    "AUC": False,
    "Css": False,
    "t_half": False,
}
_BEST_FIRST = tuple(_AS_CLEARANCE)
_BY_CLASS = {"strong cyp3a4 inhibitor": "cyp3a4_inhibitor", "cyp3a4 inhibitors": "cyp3a4_inhibitor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """One factor and what it does to clearance (a ratio), with its basis, source and whether it was verified."""

    drug: str
    factor: str
    clearance_ratio: float
    basis: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known: None or empty is not known, and then nothing is applied. `medicines` are names or kinds."""

    age: int | None = None
    sex: str | None = None
    liver: str | None = None
    medicines: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.age is not None and not _ADULT <= self.age <= _OLDEST:
            raise InputError(
                "NUM_RANGE", "The model is of adults.", field="age", fix=f"Give an age from {_ADULT} to {_OLDEST}."
            )


def applied(drug: Drug, person: Person) -> tuple[Applied, ...]:
    """The factors of the facts that apply, at most one of each kind (age, liver, each medicine)."""
    rows: Any = drug.pharmacology.get("covariates") or ()
    usable = [row for row in rows if row["parameter"] in _AS_CLEARANCE]
    found: dict[str, Applied] = {}
    for row in sorted(usable, key=lambda row: _BEST_FIRST.index(row["parameter"])):
        kind = _kind(str(row["factor"]), person)
        if kind is not None and kind not in found:
            found[kind] = _applied(drug.name, row)
    return tuple(found.values())


def not_quantified(drug: Drug, person: Person) -> tuple[str, ...]:
    """What is known of the person and may matter, and for which the facts hold no ratio of clearance."""
    kinds = {_kind(a.factor, person) for a in applied(drug, person)}
    wanted: Collection[tuple[str, bool]] = (
        ("age", person.age is not None and person.age >= _ELDERLY_FROM),
        ("liver", person.liver in ("moderate", "severe")),
        *((medicine, True) for medicine in sorted(person.medicines)),
    )
    return tuple(name.replace("_", " ") for name, applies in wanted if applies and name not in kinds)


def _kind(factor: str, person: Person) -> str | None:
    """What a row is about, if it applies to this person."""
    text = factor.casefold()
    if (match := _AGE.search(text)) or text.startswith(("elderly", "age")):
        words = set(re.findall(r"[a-z]+", text))
        if ("women" in words and person.sex != "female") or ("men" in words and person.sex != "male"):
            return None
        least = int(match[1]) if match else _ELDERLY_FROM
        return "age" if person.age is not None and person.age >= least else None
    if any(word in text for word in _LIVER):
        return "liver" if person.liver == "severe" else None
    if text in _BY_CLASS:
        return _BY_CLASS[text] if _BY_CLASS[text] in person.medicines else None
    return next((name for name in _medicines(text) if name in person.medicines), None)


def _medicines(factor: str) -> tuple[str, ...]:
    """The whole names in a factor: "itraconazole or ketoconazole", "carbamazepine 200 mg/d", "ritonavir acute"."""
    without_dose = _DOSE.sub("", factor)
    return tuple(name.removesuffix(" acute").strip() for name in without_dose.split(" or "))


def _applied(drug: str, row: Any) -> Applied:
    ratio = float(row["ratio"])
    return Applied(
        drug=drug,
        factor=str(row["factor"]),
        clearance_ratio=ratio if _AS_CLEARANCE[row["parameter"]] else 1 / ratio,
        basis=f"{row['parameter']} x {row['ratio']}",
        source=str(row["source"]),
        verified=bool(row["verified"]),
    )
