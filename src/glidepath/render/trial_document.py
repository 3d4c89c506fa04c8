"""A virtual trial as plain JSON values: limits first, then what was asked, arms, results, and what is assumed.

Results are JSON numbers, rounded; everything in it follows from the question, the facts and the seed alone.
"""

from __future__ import annotations

from itertools import groupby

from glidepath.facts.formulary import Formulary
from glidepath.facts.response import Response
from glidepath.pharmacology.bands import LEVELS
from glidepath.pharmacology.history import DosingHistory
from glidepath.pharmacology.illness import returns_in
from glidepath.pharmacology.model import Model
from glidepath.pharmacology.population import NOTICEABLE_DRIVE
from glidepath.pharmacology.trial import MEASURES, Arm, ArmResult, PartResult, Sums, Trial
from glidepath.render.document import DRAFT, EVALUATION, Document, digest_of
from glidepath.render.forecast_words import as_immediate
from glidepath.render.trial_words import LIMITS, MEASURE_SAYS, PLAN_ARM, RULE_ARM, agreement

FORMAT = "glidepath-trial"
FORMAT_VERSION = "1.0"
_DECIMALS = {"peak_drive": 5, "drive_days": 4, "days_above": 4, "peak_day": 3}
_DRIVE_DECIMALS = 4
_LIMIT, _WINDOW = "ceiling_percent", "ceiling_window_days"


def trial_document(
    trial: Trial,
    by_scenario: dict[str, PartResult],
    model: Model,
    formulary: Formulary,
) -> Document:
    """The whole report as plain values, with its digest."""
    response = model.response
    limit, window = (float(formulary.threshold(name).value) for name in (_LIMIT, _WINDOW))
    document: Document = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "status": DRAFT,
        "evaluation": EVALUATION,
        "limits": list(LIMITS),
        "engine_version": trial.engine_version,
        "facts": {"version": formulary.version, "digest": trial.facts_digest, "response_digest": trial.response_digest},
        "trial_digest": trial.digest,
        "asked": {
            "title": trial.title,
            "n": trial.n,
            "seed": trial.seed,
            "region": trial.region,
            "scenarios": list(trial.scenarios),
            "follow_days": trial.follow_days,
            "days": trial.days,
            "level": NOTICEABLE_DRIVE,
            "quantiles": list(LEVELS),
            "population": {
                "age": trial.person.age,
                "sex": trial.person.sex,
                "liver": trial.person.liver,
                "medicines": sorted(trial.person.medicines),
            },
            "limit": {"percent": int(limit) if limit.is_integer() else limit, "days": int(window)},
        },
        "measures": [{"name": name, "says": MEASURE_SAYS[name]} for name in MEASURES],
        "arms": [_arm(arm, limit, int(window)) for arm in trial.arms],
        "results": [_result(trial, scenario, by_scenario[scenario], response) for scenario in by_scenario],
        "agreement": _agreement(trial, response, by_scenario),
        "assumed": _assumed(model, response),
    }
    document["digest"] = digest_of(document)
    return document


def _arm(arm: Arm, limit: float, window: int) -> Document:
    history = arm.history
    stretches = {drug: _stretches(history, drug) for drug in history.drugs}
    fall = _largest_fall(history, window) if len(history.drugs) == 1 else None
    return {
        "name": arm.name,
        "kind": arm.kind,
        "says": arm.says,
        "note": ". ".join(
            (PLAN_ARM if arm.kind == "plan" else RULE_ARM, *(as_immediate(form) for form in arm.history.as_immediate))
        ),
        "plan_digest": arm.made_from,
        "last_dose_day": max((int(dose.hour // 24) + 1 for dose in history.doses if dose.mg > 0), default=0),
        "largest_fall_percent": fall,
        "passes_limit": None if fall is None else fall > limit,
        "doses": [
            {"drug": drug, "before_mg": _total(history, drug), "stretches": rows} for drug, rows in stretches.items()
        ],
    }


def _stretches(history: DosingHistory, drug: str) -> list[Document]:
    """Days on end with one total, from day 1."""
    found, first = [], 1
    for total, days in groupby(round(mg, 6) for mg in history.mg_a_day(drug)):
        last = first + len(list(days)) - 1
        found.append({"first_day": first, "last_day": last, "mg_a_day": total})
        first = last + 1
    return found


def _total(history: DosingHistory, drug: str) -> float:
    return round(sum(dose.mg for dose in history.before if dose.drug == drug), 6)


def _largest_fall(history: DosingHistory, window: int) -> float:
    """The largest fall in any `window` days in percent, the end at nothing left out, which always is 100."""
    drug = history.drugs[0]
    before = sum(dose.mg for dose in history.before)
    daily = [before] * window + list(history.mg_a_day(drug))
    falls = [1 - now / max(daily[day - window : day]) for day, now in enumerate(daily) if day >= window and now > 0]
    return round(100 * max(0.0, *falls), 2) if falls else 0.0


def _result(trial: Trial, scenario_id: str, result: PartResult, response: Response) -> Document:
    scenario = response.scenario(scenario_id)
    return {
        "scenario": scenario.id,
        "title": scenario.title,
        "says": scenario.says,
        "shown": scenario_id in trial.scenarios,
        "n": result.n,
        "arms": [
            {
                "name": arm.name,
                "measures": _measures(found, trial.days),
                "drive": _drive(found, trial),
            }
            for arm, found in zip(trial.arms, result.arms, strict=True)
        ],
        "differences": [
            {
                "arm": arm.name,
                "minus": trial.arms[0].name,
                "measures": {name: _mean(name, s) for name, s in zip(MEASURES, sums, strict=True)},
            }
            for arm, sums in zip(trial.arms[1:], result.differences, strict=True)
        ],
    }


def _measures(found: ArmResult, days: int) -> Document:
    quantiles = found.quantiles(days)
    return {
        name: {
            **_mean(name, sums),
            "quantiles": [round(float(value), _DECIMALS[name]) for value in row],
        }
        for name, sums, row in zip(MEASURES, found.sums, quantiles, strict=True)
    }


def _mean(name: str, sums: Sums) -> Document:
    mean, error = sums.mean, sums.error
    return {
        "n": sums.n,
        "mean": None if mean is None else round(mean, _DECIMALS[name]),
        "mc_error": None if error is None else round(error, _DECIMALS[name] + 1),
    }


def _drive(found: ArmResult, trial: Trial) -> list[list[float]] | None:
    """Rows of day and quantiles of that day's mean drive."""
    if found.drive is None:
        return None
    rows = found.drive.quantiles()[:, 0]
    return [
        [day, *(round(float(value), _DRIVE_DECIMALS) for value in row)]
        for day, row in zip(trial.days_kept, rows, strict=True)
    ]


def _agreement(trial: Trial, response: Response, by_scenario: dict[str, PartResult]) -> list[Document]:
    """Of each arm and measure, whether every scenario of the facts says the same of withdrawal."""
    withdrawal = [result for s, result in by_scenario.items() if not returns_in(response.scenario(s))]
    return [
        {
            "arm": arm.name,
            "minus": trial.arms[0].name,
            "measure": name,
            "says": agreement(name, [(r.differences[k][m].mean, r.differences[k][m].error) for r in withdrawal]),
        }
        for k, arm in enumerate(trial.arms[1:])
        for m, name in enumerate(MEASURES)
    ]


def _assumed(model: Model, response: Response) -> Document:
    return {
        "parameters": [
            {
                "name": p.name,
                "says": p.says,
                "value": p.value,
                "unit": p.unit,
                "spread_kind": p.spread_kind,
                "spread": p.spread,
                "status": p.status,
                "source": p.source,
                "note": p.note,
            }
            for p in response.parameters.values()
        ],
        "scenario_changes": [{"scenario": s.id, "change": dict(sorted(s.change.items()))} for s in response.scenarios],
        "drugs": [
            {
                "drug": k.drug,
                "clearance_l_h": _short(k.cl_l_h),
                "volume_l": _short(k.v1_l + k.v2_l),
                "half_life_h": _short(k.half_life_h),
                "absorption_per_h": _short(k.ka_per_h),
                "clearance_cv": _short(k.cv_cl),
                "half_occupancy_ng_ml": {
                    name: _short(model.potency.ec50_ng_ml[name]) for name in (k.drug, *(m.name for m in k.metabolites))
                },
                "assumed": list(k.assumed),
                "sources": list(k.sources),
            }
            for k in model.drugs
        ],
        "covariates": [
            {
                "drug": a.drug,
                "factor": a.factor,
                "clearance_ratio": _short(a.clearance_ratio),
                "basis": a.basis,
                "source": a.source,
                "verified": a.verified,
            }
            for a in model.covariates
        ],
        "not_quantified": list(model.not_quantified),
        "sources": [{"id": s.id, "citation": s.citation} for s in response.sources.values()],
    }


def _short(value: float) -> float:
    """Four significant figures."""
    return float(f"{value:.4g}")
