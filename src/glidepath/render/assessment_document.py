"""An assessment as plain JSON values: every rule with what it says of the case, and what follows."""

from __future__ import annotations

import json
from datetime import date

from glidepath.dosing.read_sig import Reading
from glidepath.guidance.pace import Pace
from glidepath.patient.assessment import Assessment
from glidepath.patient.case import FIELDS, Case
from glidepath.render.document import EVALUATION, Document, pace_values

FORMAT, FORMAT_VERSION = "glidepath-assessment", "1.0"


def assessment_document(
    case: Case,
    reading: Reading,
    assessment: Assessment,
    pace: Pace,
    falls_first: tuple[str, ...],
    *,
    answers: dict[str, str],
    today: date,
    facts: tuple[str, str],
    engine_version: str,
) -> Document:
    """The whole assessment; no text of it says that a person should or should not taper."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "evaluation": EVALUATION,
        "status": "draft: no clinician has signed these rules",
        "engine_version": engine_version,
        "facts": {"version": facts[0], "digest": facts[1]},
        "today": today.isoformat(),
        "region": case.region,
        "understood": reading.echo,
        "case": {field.name: case.said(field.name) for field in FIELDS},
        "derived": {k: v for k, v in answers.items() if k not in {f.name for f in FIELDS}},
        "dependence": assessment.dependence,
        "signs_of_use_disorder": list(assessment.use_signs),
        "severe_withdrawal": {
            "tier": assessment.tier,
            "could_be": assessment.tier_could_be,
            "reasons": list(assessment.tier_reasons),
            "open": list(assessment.tier_open),
        },
        "care": assessment.care.value,
        "care_could_be": assessment.care_could_be.value,
        "emergency": assessment.emergency,
        "answers": list(assessment.answers),
        "favours_a_taper": list(assessment.favours),
        "speaks_against_it": list(assessment.against),
        "readiness": {
            "state": assessment.readiness.state,
            "reasons": list(assessment.readiness.reasons),
            "missing": list(assessment.readiness.missing),
        },
        "plan": {
            "pace": pace_values(pace),
            "falls_first": list(falls_first),
            "slower_because": list(assessment.slower),
            "switch": assessment.switch,
            "switch_reasons": list(assessment.switch_reasons),
            "review_days": assessment.review_days,
            "tasks": list(assessment.tasks),
            "tasks_unless_ruled_out": list(assessment.tasks_open),
            "never": list(assessment.never),
        },
        "missing": list(assessment.missing),
        "findings": [
            {
                "rule": j.rule.id,
                "rests_on": j.rule.rests_on,
                "met": j.met.value,
                "effect": j.rule.effect.value,
                "says": j.rule.statement,
                "missing": list(j.missing),
                "sources": list(j.rule.sources),
                "where": j.rule.where,
                "strength": j.rule.strength,
                "jurisdiction": j.rule.jurisdiction,
                "status": j.rule.status,
            }
            for j in assessment.judged
        ],
    }


def assessment_text(document: Document) -> str:
    """The assessment as the text of a JSON file."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
