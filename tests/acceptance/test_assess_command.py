"""`glidepath assess` and `plan --case` as a prescriber runs them: no finding is lost on the way to screen or paper."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

import glidepath as gp
from glidepath.guidance.rulebook import Effect
from glidepath.patient.assessment import Met
from glidepath.render.assessment_words import assessment_lines
from tests.scenario.people import QUIET
from tests.support.command import START, TODAY, glidepath

CASE = {
    **QUIET,
    "line": "diazepam 5 mg twice daily",
    "since": "2024",
    "taken": ["oxycodone"],
    "opioid": "yes",
    "falls": "yes",
    "ptsd": "unknown",
    "dementia": "unknown",
}
QUIET_CASE = {**QUIET, "line": "clonazepam 0.5 mg at night", "since": "2026-05"}
AGREED = ("--specialist", "B. Person, specialist, 2", "--specialist-reason", "Seen together.")
DECIDED = ("--reason", "Decided together.", "--reason-by", "A. Person, physician, 1")


def case_file(folder: Path, case: dict[str, object] = CASE) -> Path:
    place = folder / "case.json"
    place.write_text(json.dumps(case))
    return place


def flat(text: str) -> str:
    return "".join(text.split())


def test_every_finding_is_in_the_document_and_every_warning_on_the_screen(tmp_path):
    found = gp.assess(CASE, today=date.fromisoformat(TODAY)).assessment
    document = glidepath("assess", case_file(tmp_path), "--today", TODAY, "--format", "json").json()
    assert [f["rule"] for f in document["findings"]] == [j.rule.id for j in found.judged]
    screen = flat(glidepath("assess", case_file(tmp_path), "--today", TODAY).out)
    for judged in found.judged:
        shown = f"{flat(judged.rule.statement)}." in screen
        assert shown or judged.met is Met.NOT_MET or judged.rule.effect is Effect.NOTE, judged.rule.id


def test_every_warning_is_in_the_plan_and_on_its_paper(tmp_path):
    done = glidepath(
        "plan", "--case", case_file(tmp_path), *AGREED, "--today", TODAY, "--start", START, "--out", tmp_path / "plan"
    )
    assert done.code == 0, done.err
    document = json.loads((tmp_path / "plan" / "plan.json").read_text())
    pages = [p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(tmp_path / "plan" / "plan.pdf")]
    paper = flat("".join(pages))
    found = gp.assess(CASE, today=date.fromisoformat(START)).assessment
    rules = {f["rule"] for f in document["findings"]}
    for judged in found.judged:
        shown = judged.rule.id in rules and flat(judged.rule.statement) in paper
        assert shown or judged.met is Met.NOT_MET, judged.rule.id
    for line in (*assessment_lines(found), "B. Person, specialist, 2: Seen together."):
        assert flat(line) in paper and flat(line) in flat(done.out), line
    assert document["assessment"]["says"] == list(assessment_lines(found))
    assert found.tasks and found.tasks_open and found.never
    for task in (*found.tasks, *found.tasks_open, *found.never):
        assert flat(task) in paper and flat(task) in flat(done.out), task
    assert document["assessment"]["care"] == "specialist"
    assert all("Assessed: specialist care" in " ".join(page.split()) for page in pages)


def test_a_plan_without_a_case_says_on_every_page_that_no_assessment_was_made(tmp_path):
    done = glidepath("plan", "diazepam 5 mg bd", "--today", TODAY, "--start", START, "--out", tmp_path / "plan")
    assert done.code == 0, done.err
    for page in pypdfium2.PdfDocument(tmp_path / "plan" / "plan.pdf"):
        assert "No assessment was made" in " ".join(page.get_textpage().get_text_bounded().split())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--seizures", "no"), "OPTION_INVALID"),
        (("--age", "50"), "OPTION_INVALID"),
        (("--region", "UK"), "OPTION_INVALID"),
        (("--stop-now",), "ABRUPT_STOP_REFUSED"),
    ],
)
def test_what_the_case_answers_is_not_asked_again(arguments, code, tmp_path):
    outcome = glidepath("plan", "--case", case_file(tmp_path), *arguments, "--today", TODAY, "--start", START)
    assert (outcome.code, outcome.error_code) == (4 if code == "ABRUPT_STOP_REFUSED" else 3, code)


def test_a_region_that_is_said_and_is_not_that_of_the_case_is_an_error_also_where_it_is_the_default(tmp_path):
    place = case_file(tmp_path, {**CASE, "region": "UK"})
    common = ("plan", "--case", place, *AGREED, "--today", TODAY, "--start", START, "--format", "json")
    assert glidepath(*common).code == 0
    refused = glidepath(*common, "--region", "US")
    assert (refused.code, refused.error_code) == (3, "OPTION_INVALID") and "region" in refused.err
    assert "999" in glidepath(*common, "--stop-now").err


def test_an_error_names_its_field(tmp_path):
    refused = glidepath("assess", case_file(tmp_path, {**CASE, "taken": ["morphine"], "opioid": "no"}))
    assert refused.error_code == "CASE_CONTRADICTORY" and "opioid" in refused.err
    place = tmp_path / "twice.json"
    place.write_text('{"age": 1, "age": 2}')
    assert "  Field: age" in glidepath("assess", place).err


def test_the_command_can_be_run_as_the_package(tmp_path):
    done = subprocess.run([sys.executable, "-m", "glidepath", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("glidepath ")


def test_another_line_than_that_of_the_case_is_refused(tmp_path):
    outcome = glidepath("plan", "diazepam 10 mg bd", "--case", case_file(tmp_path), "--today", TODAY)
    assert (outcome.code, outcome.error_code) == (3, "OPTION_INVALID")


def test_a_person_who_is_not_to_be_planned_for_is_refused(tmp_path):
    for differs, code in (({"age": 17}, "AGE_UNDER_18"), ({"end_of_life": "yes"}, "CASE_REFUSED")):
        place = case_file(tmp_path, {**CASE, **differs})
        outcome = glidepath("plan", "--case", place, "--today", TODAY, "--start", START)
        assert (outcome.code, outcome.error_code) == (4, code)
        for form in ("text", "json"):
            assessed = glidepath("assess", place, "--today", TODAY, "--format", form)
            assert (assessed.code, assessed.error_code) == (4, code)
            assert ("No plan is made" if form == "text" else '"care": "refused"') in assessed.out


def test_an_unanswered_grave_question_keeps_the_plan_from_being_signed(tmp_path):
    case = {k: v for k, v in CASE.items() if k != "suicidality"}
    out = tmp_path / "plan"
    common = ("plan", "--case", case_file(tmp_path, case), *AGREED, "--today", TODAY, "--start", START)
    assert glidepath(*common).error_code == "REASON_REQUIRED"
    done = glidepath(*common, *DECIDED, "--out", out, "--no-paper")
    assert done.code == 0 and "suicidality" in done.out
    route = json.loads((out / "plan.json").read_text())["recommended"] or "direct-present"
    signed = glidepath("sign", out / "plan.json", "--option", route, "--by", "A. Person, physician, 123")
    assert (signed.code, signed.error_code) == (4, "ANSWER_REQUIRED")


@pytest.mark.parametrize(
    "differs",
    [{"suicidality": "plan"}, {"open_red_flag": "yes"}, {"severe_withdrawal_now": "yes"}, {"imminent_harm": "yes"}],
)
def test_who_to_call_comes_first_where_help_is_needed_now(differs, tmp_path):
    screen = glidepath("assess", case_file(tmp_path, {**CASE, **differs}), "--today", TODAY).out
    assert "needs help now" in screen and screen.index("911") < screen.index("specialist")


@pytest.mark.parametrize(
    ("region", "calls"),
    [("FR", "your local emergency number"), ("unknown", "your local emergency number"), ("IE", "112"), ("us", "911")],
)
def test_help_comes_first_wherever_the_person_lives(region, calls, tmp_path):
    place = case_file(tmp_path, {**CASE, "region": region, "suicidality": "plan"})
    done = glidepath("assess", place, "--today", TODAY)
    assert done.code == 0 and done.out.index(calls) < done.out.index("Evaluation")
    if region != "us":
        assert "are not loaded" in done.out
        planned = glidepath("plan", "--case", place, "--today", TODAY, "--start", START)
        assert (planned.code, planned.error_code) == (3, "REGION_UNKNOWN")


def test_nothing_known_is_not_read_as_outpatient(tmp_path):
    case = {"region": "US", "line": "clonazepam 1 mg twice daily"}
    said = glidepath("assess", case_file(tmp_path, case), "--today", TODAY, "--format", "json").json()
    assert (said["care"], said["care_could_be"]) == ("not assessable", "refused")
    assert said["severe_withdrawal"]["could_be"] == "high"
    assert "taper" not in said["answers"]


def plan(folder: Path, case: dict[str, object], *options: object):
    return glidepath("plan", "--case", case_file(folder, case), "--today", TODAY, "--start", START, *options)


@pytest.mark.parametrize(
    "differs",
    [
        {"wants": "stay"},
        {"wants": "unknown"},
        {"unstable_illness": "yes"},
        {"unstable_illness": "unknown"},
        {"as_needed": "unknown"},
        {"suicidality": "unknown"},
        {"recent_admission": "not asked"},
        {"opioid": "yes", "open_red_flag": "unknown"},
        {"opioid": "yes", "age": "unknown"},
    ],
)
def test_a_plan_against_the_answers_of_the_assessment_needs_a_name_and_a_reason(differs, tmp_path):
    case = {**QUIET_CASE, **differs}
    refused = plan(tmp_path, case, *AGREED)
    assert (refused.code, refused.error_code) == (4, "REASON_REQUIRED")
    assert plan(tmp_path, case, *AGREED, *DECIDED[:2]).error_code == "REASON_REQUIRED"
    assert plan(tmp_path, case, *AGREED, *DECIDED[:3], "nobody").code == 3
    done = plan(tmp_path, case, *AGREED, *DECIDED)
    assert done.code == 0 and "A. Person, physician, 1: Decided together." in " ".join(done.out.split())


@pytest.mark.parametrize(
    "differs",
    [
        {"line": "clonazepam 0.5 mg at night", "reason": "epilepsy", "seizure_disorder": "yes"},
        {"sex_at_birth": "female", "pregnancy": "yes"},
        {"sex_at_birth": "female", "lactation": "yes"},
        {"seizure_disorder": "yes", "past_withdrawal_seizure": "yes"},
        {"past_withdrawal_delirium": "yes"},
        {"liver": "severe"},
        {"opioid": "yes"},
        {"other_sedatives": "yes"},
        {"alcohol": "heavy"},
        {"supply": "illicit"},
        {"supply": "unknown"},
        {"line": "clonazepam 12 mg at night"},
    ],
)
def test_nothing_is_planned_until_a_specialist_is_named_with_a_reason(differs, tmp_path):
    case = {**QUIET_CASE, **differs}
    for given in ((), DECIDED, AGREED[:2], (*AGREED[:1], "nobody", *AGREED[2:])):
        assert plan(tmp_path, case, *given).error_code in ("SPECIALIST_REQUIRED", "SIGNER_INVALID")
    assert plan(tmp_path, case, *AGREED).code == 0


@pytest.mark.parametrize(
    "differs", [{"suicidality": "plan"}, {"imminent_harm": "yes"}, {"severe_withdrawal_now": "yes"}]
)
def test_who_to_call_is_said_also_where_a_plan_is_stopped(differs, tmp_path):
    case = {**QUIET_CASE, **differs}
    for given in ((), AGREED):
        stopped = plan(tmp_path, case, *given)
        assert stopped.code == 4 and "911" in stopped.err and "needs help now" in stopped.err
    done = plan(tmp_path, case, *AGREED, *DECIDED, "--out", tmp_path / "plan")
    assert done.code == 0 and "needs help now" in done.out
    first = pypdfium2.PdfDocument(tmp_path / "plan" / "plan.pdf")[0].get_textpage().get_text_bounded()
    assert "needs help now" in first and "911" in first


@pytest.mark.parametrize(
    ("differs", "code"),
    [
        ({"stopped": "2026-11-01"}, "CASE_REFUSED"),
        ({"as_needed": "yes"}, "PRN_NOT_A_BASE"),
        ({"days_per_week": 1}, "PRN_NOT_A_BASE"),
        ({"days_per_week": 6}, "PRN_NOT_A_BASE"),
    ],
)
def test_nothing_is_planned_from_a_dose_that_is_not_taken_every_day(differs, code, tmp_path):
    case = {**QUIET_CASE, **differs}
    assert plan(tmp_path, case, *AGREED, *DECIDED).error_code == code
    said = glidepath("assess", case_file(tmp_path, case), "--today", TODAY, "--format", "json").json()
    assert "taper" not in said["answers"]


def test_a_drug_that_is_not_planned_here_is_not_assessed_as_ordinary(tmp_path):
    place = case_file(tmp_path, {**QUIET_CASE, "line": "etizolam 2 mg at night"})
    said = glidepath("assess", place, "--today", TODAY, "--format", "json").json()
    assert said["care"] == "specialist" and said["answers"] == ["refer", "keep and review in 3 months"]


@pytest.mark.parametrize("asked", [("--switch", "diazepam", "--table", "VADOD2021"), ("--table", "VADOD2021")])
def test_a_switch_that_the_assessment_asks_about_needs_a_reason(asked, tmp_path):
    case = {**QUIET_CASE, "line": "lorazepam 1 mg bd", "liver": "moderate"}
    assert plan(tmp_path, case, *asked).error_code == "REASON_REQUIRED"
    assert plan(tmp_path, case, *asked, *DECIDED).code == 0


@pytest.mark.parametrize("asked", [("--percent", "12", "--every", "7d"), ("--profile", "cks")])
def test_a_pace_faster_than_the_assessment_asks_for_needs_a_reason(asked, tmp_path):
    case = {**QUIET_CASE, "age": 82}
    assert plan(tmp_path, case, *asked).error_code == "REASON_REQUIRED"
    assert plan(tmp_path, case, *asked, *DECIDED).code == 0


def test_what_is_to_be_done_is_said_also_where_no_taper_is_among_the_answers(tmp_path):
    case = {**QUIET_CASE, "opioid": "yes", "suicidality": "ideas"}
    screen = " ".join(glidepath("assess", case_file(tmp_path, case), "--today", TODAY).out.split())
    assert "To do: Offer naloxone and record it." in screen and "at least every 7 days" in screen
    assert "Never: " in screen


def test_a_specialist_named_when_planning_need_not_be_named_again_when_signing(tmp_path):
    out = tmp_path / "plan"
    assert plan(tmp_path, {**QUIET_CASE, "opioid": "yes"}, *AGREED, "--out", out, "--no-paper").code == 0
    document = json.loads((out / "plan.json").read_text())
    option = next(o for o in document["options"] if "plan" in o)
    breaches = [c["id"] for c in option["proof"] if c["status"] == "breach"]
    overrides = [text for check in breaches for text in ("--override", f"{check}=No smaller unit.")]
    signed = glidepath(
        "sign", out / "plan.json", "--option", option["route"], "--by", "A. Person, physician, 1",
        "--at", "2026-12-01T09:00:00+00:00", *overrides,
    )  # fmt: skip
    assert signed.code == 0, signed.err
