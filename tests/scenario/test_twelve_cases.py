"""Twelve people, each as case, assessment, and one line of clinical reasoning. No clinician has confirmed one."""

from __future__ import annotations

from datetime import date

import pytest

import glidepath as gp
from glidepath.patient.assessment import Met
from glidepath.patient.case import FIELDS, YES_NO

TODAY = date(2026, 11, 22)
# Everything that a plan asks before it can be signed, answered in the quietest way.
QUIET = {
    "region": "US",
    "days_per_week": 7,
    "as_needed": "no",
    "supply": "prescribed",
    "reason": "anxiety",
    "escalating": "no",
    "more_than_prescribed": "no",
    "craving": "no",
    "cannot_manage_without": "no",
    "age": 45,
    "sex_at_birth": "male",
    "pregnancy": "no",
    "lactation": "no",
    "end_of_life": "no",
    "liver": "none",
    "kidney": "none",
    **dict.fromkeys(
        [f.name for f in FIELDS if f.answers == YES_NO and f.section in ("conditions", "medicines", "history")], "no"
    ),
    "suicidality": "none",
    "alcohol": "none",
    "wants": "taper",
    "has_support": "yes",
    "can_attend_reviews": "yes",
}

# name: (what differs, care, dependence, tier, rules that must apply, the first valid answer, reasoning)
CASES = {
    "C1 clonazepam 1 mg twice daily, 3 years": (
        {"line": "clonazepam 1 mg twice daily", "since": "2023-11", "reason": "panic"},
        ("outpatient", "likely", "raised", {"AS-HIGH-BAND"}, "taper"),
        "A high-band dose for years: dependence is expected, withdrawal can be hard, home is still the usual place.",
    ),
    "C2 clonazepam 0.5 mg at night, 6 months": (
        {"line": "clonazepam 0.5 mg at night", "since": "2026-05", "reason": "anxiety"},
        ("outpatient", "likely", "lower", {"AS-ANTIEPILEPTIC-MOOD"}, "taper"),
        "Half a milligram counts as low, and half a year of daily use still makes dependence likely.",
    ),
    "C3 alprazolam 2 mg three times daily, 5 years": (
        {"line": "alprazolam 2 mg three times daily", "since": "2021-10", "reason": "panic"},
        ("inpatient", "likely", "high", {"AS-DOSE-100", "AS-DOSE-40", "AS-SHORT-POTENT", "AS-LONG-USE"}, "taper"),
        "By one table this is 120 mg of diazepam: a specialist decides where, and nobody swaps it overnight.",
    ),
    "C4 lorazepam 1 mg three times daily, 1 year": (
        {"line": "lorazepam 1 mg three times daily", "since": "2025-11"},
        ("outpatient", "likely", "raised", {"AS-SHORT-POTENT"}, "taper"),
        "Three doses a day of a short-acting drug: swings between doses matter as much as the total.",
    ),
    "C5 diazepam 30 mg a day, 10 years": (
        {"line": "diazepam 10 mg three times daily", "since": "2016-11"},
        ("outpatient", "likely", "raised", {"AS-LONG-USE", "AS-HIGH-BAND"}, "taper"),
        "Ten years ask for the slower interval; the drug itself is long-acting already.",
    ),
    "C6 temazepam 30 mg at night, age 78": (
        {"line": "temazepam 30 mg at night", "since": "2024-11", "age": 78, "reason": "insomnia", "falls": "yes"},
        ("outpatient", "likely", "raised", {"AS-OLDER", "AS-OLDER-SWITCH", "AS-FALLS", "AS-INSOMNIA"}, "taper"),
        "Falls at 78 are a reason to reduce, slowly, and not to bring in a drug that builds up.",
    ),
    "C7 pregnancy": (
        {
            "line": "lorazepam 1 mg at night",
            "since": "2025-01",
            "age": 31,
            "sex_at_birth": "female",
            "pregnancy": "yes",
        },
        ("specialist", "likely", "raised", {"AS-PREGNANCY"}, "taper"),
        "Mother and child are weighed together by people who do this often; stopping at once is never the answer.",
    ),
    "C8 seizure disorder on clonazepam": (
        {"line": "clonazepam 1 mg twice daily", "since": "2020", "reason": "epilepsy", "seizure_disorder": "yes"},
        ("specialist", "likely", "high", {"AS-SEIZURE", "AS-SEIZURE-DRUG"}, "taper"),
        "Here the drug may be what holds the seizures back: only the epilepsy prescriber reduces it.",
    ),
    "C9 opioid beside it": (
        {"line": "diazepam 5 mg twice daily", "since": "2024", "opioid": "yes"},
        ("specialist", "likely", "raised", {"AS-OPIOID"}, "taper"),
        "Together they slow breathing: naloxone in the house first, then the plan, reviewed within three months.",
    ),
    "C10 age 82 with falls and dementia": (
        {"line": "lorazepam 0.5 mg twice daily", "since": "2022", "age": 82, "falls": "yes", "dementia": "yes"},
        ("outpatient", "likely", "raised", {"AS-OLDER", "AS-FALLS", "AS-DEMENTIA"}, "taper"),
        "Most gain from less of it, if somebody else holds the plan and watches for confusion.",
    ),
    "C11 illicit supply, rising dose, craving": (
        {
            "line": "alprazolam 2 mg three times daily",
            "since": "2026-08",
            "supply": "illicit",
            "escalating": "yes",
            "craving": "yes",
        },
        ("inpatient", "likely", "high", {"AS-SUPPLY", "AS-USE-SIGNS"}, "refer"),
        "Nobody knows what is in it, so no stated dose can be a start; an offer of help, and no blame.",
    ),
    "C12 palliative care": (
        {"line": "lorazepam 1 mg twice daily", "since": "2026-06", "end_of_life": "yes"},
        ("refused", "likely", "raised", {"AS-END-OF-LIFE"}, "refer"),
        "Comfort comes first; the guidance says itself that it is not for the end of life.",
    ),
}


def assessed(differs):
    return gp.assess({**QUIET, **differs}, today=TODAY)


@pytest.mark.parametrize("name", CASES)
def test_each_person_is_assessed_as_reasoned(name):
    differs, (care, dependence, tier, rules, first), reasoning = CASES[name]
    found = assessed(differs).assessment
    assert reasoning
    assert (found.care.value, found.dependence, found.tier) == (care, dependence, tier)
    assert rules <= {j.rule.id for j in found.judged if j.met is Met.MET}
    assert found.answers[0] == first and "keep and review" in found.answers


@pytest.mark.parametrize("name", CASES)
def test_a_plan_from_the_case_asks_for_what_the_assessment_asks(name):
    differs, (care, *_), _ = CASES[name]
    case = {**QUIET, **differs}
    if care == "refused":
        with pytest.raises(gp.GlidepathError) as refused:
            gp.plan(case["line"], case=case, start="2026-12-07", today=TODAY)
        assert refused.value.code == "CASE_REFUSED"
        return
    try:
        proposal = gp.plan(case["line"], case=case, reason="Agreed.", start="2026-12-07", today=TODAY)
    except gp.GlidepathError as error:
        assert error.code == "NOTHING_FEASIBLE"
        return
    assert proposal.assessment.care.value == care
    grave = {f.severity.value for f in proposal.findings} & {"specialist", "inpatient"}
    assert bool(grave) == (care in ("specialist", "inpatient"))
    assert proposal.unanswered == ()


def test_there_are_twelve_and_the_signs_of_use_disorder_are_kept_apart_from_dependence():
    assert len(CASES) == 12
    found = assessed(CASES["C11 illicit supply, rising dose, craving"][0]).assessment
    assert found.use_signs == ("craving", "escalating") and found.dependence == "likely"
    assert assessed(CASES["C1 clonazepam 1 mg twice daily, 3 years"][0]).assessment.use_signs == ()
