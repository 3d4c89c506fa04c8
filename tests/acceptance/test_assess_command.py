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
        "plan", "--case", case_file(tmp_path), "--today", TODAY, "--start", START, "--out", tmp_path / "plan"
    )
    assert done.code == 0, done.err
    document = json.loads((tmp_path / "plan" / "plan.json").read_text())
    pages = [p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(tmp_path / "plan" / "plan.pdf")]
    paper = flat("".join(pages))
    found = gp.assess(CASE, today=date.fromisoformat(START)).assessment
    rules = {f["rule"] for f in document["findings"]}
    for judged in found.warnings:
        assert judged.rule.id in rules
        assert flat(judged.rule.statement) in paper, judged.rule.id
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
    common = ("plan", "--case", place, "--today", TODAY, "--start", START, "--format", "json")
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
    done = glidepath(
        "plan", "--case", case_file(tmp_path, case), "--today", TODAY, "--start", START, "--out", out, "--no-paper"
    )
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


def test_a_plan_against_the_answers_of_the_assessment_needs_a_reason(tmp_path):
    for differs in ({"wants": "stay"}, {"unstable_illness": "yes"}, {"as_needed": "yes"}):
        place = case_file(tmp_path, {**CASE, **differs})
        common = ("plan", "--case", place, "--today", TODAY, "--start", START)
        refused = glidepath(*common)
        assert (refused.code, refused.error_code) == (4, "REASON_REQUIRED"), differs
        assert glidepath(*common, "--reason", "Decided together.").code == 0


def test_a_switch_that_the_assessment_asks_about_needs_a_reason(tmp_path):
    place = case_file(tmp_path, {**CASE, "line": "lorazepam 1 mg bd", "liver": "moderate"})
    common = (
        "plan",
        "--case",
        place,
        "--today",
        TODAY,
        "--start",
        START,
        "--switch",
        "diazepam",
        "--table",
        "VADOD2021",
    )
    assert glidepath(*common).error_code == "REASON_REQUIRED"
    assert glidepath(*common, "--reason", "Swings between doses.").code == 0
