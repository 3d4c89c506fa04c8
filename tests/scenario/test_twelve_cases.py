"""Twelve people and one more, each as case, assessment, and a line of reasoning. No clinician has confirmed one."""

from __future__ import annotations

import pytest

import glidepath as gp
from glidepath.casework.assess import plain_values
from glidepath.guidance.rulebook import Effect
from glidepath.patient.assessment import Met
from tests.scenario.people import TODAY, Scenario, lasting_document_of, scenarios

each = pytest.mark.parametrize("scenario", scenarios(), ids=lambda s: s.name)


@each
def test_each_person_is_assessed_as_reasoned(scenario: Scenario):
    expected, found = scenario.expected, scenario.assessed.assessment
    assert expected["reasoning"].endswith(".")
    assert (found.care.value, found.dependence, found.tier) == (
        expected["care"],
        expected["dependence"],
        expected["tier"],
    )
    assert set(expected["must_apply"]) <= {j.rule.id for j in found.judged if j.met is Met.MET}
    assert found.answers[0] == expected["first_answer"] and "keep and review in 3 months" in found.answers


@each
def test_the_whole_assessment_is_the_one_that_is_kept(scenario: Scenario):
    assert lasting_document_of(scenario.assessed) == scenario.pinned


@each
def test_a_plan_from_the_case_asks_for_what_the_assessment_asks(scenario: Scenario):
    care = scenario.expected["care"]
    case = plain_values(scenario.assessed.case)
    line = str(case["line"])
    if care == "refused":
        with pytest.raises(gp.GlidepathError) as refused:
            gp.plan(line, case=case, start="2026-12-07", today=TODAY)
        assert refused.value.code == "CASE_REFUSED"
        return
    options = {"case": case, "start": "2026-12-07"}
    if care in ("specialist", "inpatient"):
        with pytest.raises(gp.GlidepathError) as stopped:
            gp.plan(line, **options, today=TODAY)
        assert stopped.value.code == "SPECIALIST_REQUIRED"
        must = [scenario.assessed.assessment.of(rule).rule for rule in scenario.expected["must_apply"]]
        assert {f"{r.statement}." for r in must if r.effect.weight >= Effect.SPECIALIST.weight} <= set(
            stopped.value.details
        )
        options |= {"specialist": "B. Person, specialist, 2", "specialist_reason": "Seen together."}
    proposal = gp.plan(line, **options, today=TODAY)
    assert proposal.assessment.care.value == care
    grave = {f.severity.value for f in proposal.findings} & {"specialist", "inpatient"}
    assert bool(grave) == (care in ("specialist", "inpatient"))
    assert proposal.unanswered == ()


def test_all_of_them_are_there_and_the_signs_of_use_disorder_are_kept_apart_from_dependence():
    people = {s.name[:3]: s.assessed.assessment for s in scenarios()}
    assert len(people) == 13
    assert people["c13"].use_signs == ("craving", "escalating") and people["c13"].dependence == "likely"
    assert people["c01"].use_signs == ()
