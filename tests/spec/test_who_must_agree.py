"""Who has to agree before a plan is signed: unknown is never no, and a yes needs a named specialist and a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from glidepath.casework.plan import plan
from glidepath.casework.sign import sign
from glidepath.errors import RefusedError
from glidepath.patient.person import QUESTIONS
from glidepath.render.document import to_document

NO = dict.fromkeys(QUESTIONS, "no")
KNOWN: dict[str, Any] = {"age": 62, "since": "2023-11", "start": "2026-12-07", "today": date(2026, 11, 22)}
SIGNER = "A. Person, general practitioner, 1234567"
SPECIALIST = "B. Person, epilepsy physician, 7654321"
REASON = {"fall-in-14-days": "no smaller unit is marketed"}


def signed(sig: str, answers: dict[str, str], **given: str) -> dict[str, Any]:
    document = to_document(plan(sig, **KNOWN, **answers))
    option = next(o for o in document["options"] if o["route"] == document["recommended"])
    breaches = [c["id"] for c in option["proof"] if c["status"] == "breach"]
    return sign(
        document,
        option=option["route"],
        by=SIGNER,
        at="2026-12-01T09:30:00+00:00",
        override={check: REASON[check] for check in breaches},
        **given,
    )


def test_with_every_question_answered_no_the_prescriber_signs_alone() -> None:
    assert signed("clonazepam 0.5 mg at night", NO)["signature"]["specialist"] is None


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_unknown_answer_keeps_the_plan_a_draft(question: str) -> None:
    with pytest.raises(RefusedError) as refused:
        signed("clonazepam 0.5 mg at night", {**NO, question: "unknown"})
    assert refused.value.code == "ANSWER_REQUIRED"
    assert refused.value.field == question


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_yes_is_signed_only_with_a_named_specialist_and_a_reason(question: str) -> None:
    answers = {**NO, question: "yes"}
    for given in ({}, {"specialist": SPECIALIST}, {"specialist_reason": "agreed"}):
        with pytest.raises(RefusedError) as refused:
            signed("clonazepam 0.5 mg at night", answers, **given)
        assert refused.value.code == "ANSWER_REQUIRED"
    signature = signed(
        "clonazepam 0.5 mg at night", answers, specialist=SPECIALIST, specialist_reason="agreed after a joint visit"
    )["signature"]
    assert signature["specialist"] == SPECIALIST
    assert signature["specialist_reason"] == "agreed after a joint visit"


def test_a_dose_above_40_mg_of_diazepam_by_any_table_asks_for_a_specialist_too() -> None:
    with pytest.raises(RefusedError) as refused:
        signed("clonazepam 1.5 mg twice daily", NO)
    assert refused.value.code == "ANSWER_REQUIRED"
    assert signed(
        "clonazepam 1.5 mg twice daily", NO, specialist=SPECIALIST, specialist_reason="agreed after a joint visit"
    )


def test_a_second_sedative_on_the_line_is_a_yes_whatever_was_answered() -> None:
    with pytest.raises(RefusedError) as refused:
        signed("clonazepam 0.5 mg qhs + zolpidem 5 mg qhs", NO)
    assert refused.value.code == "ANSWER_REQUIRED"


def test_a_person_with_seizures_on_clonazepam_is_for_the_epilepsy_prescriber() -> None:
    findings = plan("clonazepam 0.5 mg at night", **KNOWN, **{**NO, "seizures": "yes"}).findings
    assert any("epilepsy prescriber" in finding.says for finding in findings)
