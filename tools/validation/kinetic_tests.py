"""The concentration tests of the facts, predicted for a typical adult by the kinetics that the simulator uses.

Nothing is drawn here, so there is no Monte-Carlo error. A ratio of accumulation is the mean level of the last day of
dosing over that of the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from glidepath.errors import GlidepathError
from glidepath.facts.formulary import load_formulary
from glidepath.facts.response import load_response
from glidepath.pharmacology.covariates import Person
from glidepath.pharmacology.engine import run
from glidepath.pharmacology.history import HOURS_OF_A_DAY, Dose, DosingHistory, every_day
from glidepath.pharmacology.kinetics import Kinetics
from glidepath.pharmacology.model import Model, model_of

EVERY_H = 0.1
_REPEATED = re.compile(r"(?P<often>daily|nightly|q8h)(?: x (?P<days>\d+))?")
_ELDERLY = 70
# Fitted to according to a note of the facts, though the test itself does not say so.
ALSO_FITTED = {"dzp_po5_cmax": "the note of the two-compartment set says that it was refitted between this and another"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KineticTest:
    """One row: what was measured and what comes out. `predicted` is None where it cannot be run; `why_not` says why."""

    id: str
    drug: str
    regimen: str
    metric: str
    unit: str
    measured: float
    tolerance: float
    source: str
    calibration: bool
    compartments: int
    predicted: float | None
    why_not: str | None

    @property
    def holds(self) -> bool:
        return self.predicted is not None and abs(self.predicted / self.measured - 1) <= self.tolerance

    @property
    def difference(self) -> float:
        assert self.predicted is not None
        return self.predicted / self.measured - 1


def kinetic_tests() -> Iterator[KineticTest]:
    """Every test of every drug, in the order of the facts."""
    formulary = load_formulary()
    for drug in formulary.drug_names:
        rows: Any = formulary.drug(drug).pharmacology.get("kinetic_tests") or ()
        for row in rows:
            yield _tested(drug, row)


def _tested(drug: str, row: Any) -> KineticTest:
    regimen, metric = str(row["regimen"]), str(row["metric"])
    person = Person(age=_ELDERLY) if "age 60" in regimen else Person()
    predicted, why_not, compartments = None, None, 0
    try:
        found = model_of([drug], load_formulary(), load_response(), person=person)
    except GlidepathError as error:
        why_not = str(error)
    else:
        typical = found.drugs[0]
        compartments = 2 if typical.is_two_compartment else 1
        analyte = str(row.get("analyte", drug))
        substance = analyte
        if " ER" in regimen:
            why_not = "the facts hold no absorption for the prolonged-release form"
        elif substance not in found.substances:
            why_not = f"the kinetics of {drug} have no {analyte}"
        else:
            predicted = _predict(found, typical, substance, float(row["dose_mg"]), regimen, metric)
    flags = ("parameter_set_from_this_test", "two_compartment_fitted_to_this_test")
    return KineticTest(
        id=str(row["id"]),
        drug=drug,
        regimen=f"{row['dose_mg']} mg, {regimen}" + (f" ({row['analyte']})" if "analyte" in row else ""),
        metric=metric,
        unit=str(row["unit"]),
        measured=float(row["value"]),
        tolerance=float(row["tolerance_percent"]) / 100,
        source=str(row["source"]),
        calibration=any(row.get(flag) for flag in flags) or row["id"] in ALSO_FITTED,
        compartments=compartments,
        predicted=predicted,
        why_not=why_not,
    )


def _predict(found: Model, typical: Kinetics, substance: str, mg: float, regimen: str, metric: str) -> float:
    if metric == "t_half":
        return typical.half_life_h
    if metric == "AUC_inf":
        # What a dose each day comes to at steady state over that day.
        return typical.average_ng_ml(mg)[substance] * HOURS_OF_A_DAY
    channel = found.substances.index(substance)
    if regimen.startswith("single"):
        days = 14 if metric in ("Cmax", "Tmax") else 5
        level = _level(found, DosingHistory(doses=(Dose(0.0, typical.drug, mg),), days=days), channel)
        if metric == "Cmax":
            return float(level.max())
        if metric == "Tmax":
            return float((level.argmax() + 1) * EVERY_H)
        if metric == "AUC_0_120":
            return float(level.sum() * EVERY_H)
        raise ValueError(f"{metric} of one dose is not known here")
    return _repeated(found, typical, channel, mg, regimen, metric)


def _repeated(found: Model, typical: Kinetics, channel: int, mg: float, regimen: str, metric: str) -> float:
    told = _REPEATED.search(regimen)
    if told is None:
        raise ValueError(f"the regimen {regimen!r} is not known here")
    hours = (0.0, 8.0, 16.0) if told["often"] == "q8h" else (0.0,)
    # Without a number of days it is the steady state that is meant.
    days = int(told["days"] or 60)
    day = tuple(Dose(hour, typical.drug, mg) for hour in hours)
    level = _level(found, DosingHistory(doses=every_day(day, days), days=days), channel).reshape(days, -1)
    if metric == "accumulation_ratio":
        return float(level[-1].mean() / level[0].mean())
    if metric in ("Css_avg", "C_avg_d15"):
        return float(level[-1].mean())
    if metric == "Ctrough_ss":
        return float(level[-1, -1])
    if metric == "C_2.5h":
        return float(level[-1, round(2.5 / EVERY_H) - 1])
    raise ValueError(f"{metric} of many doses is not known here")


def _level(found: Model, history: DosingHistory, channel: int) -> Any:
    entries, steady = found.entries(history)
    people = found.people(1, found.response.scenarios[0], seed=0, is_typical=True)
    end_h = history.days * HOURS_OF_A_DAY
    trace = run(found.network, people, entries, end_h=end_h, every_h=EVERY_H, steady_entries=steady, keep="trace").trace
    assert trace is not None
    return np.asarray(trace[0, :, channel])
