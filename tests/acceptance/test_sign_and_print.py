"""From a plan to a signature to paper, through the real command."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.command import glidepath, plan

ANSWERED = (
    "--age", "45", "--since", "2025-11", "--seizures", "no", "--pregnancy", "no", "--liver", "no", "--opioid", "no",
    "--other-sedatives", "no", "--past-complicated-withdrawal", "no",
)  # fmt: skip
BY = "A. Person, general practitioner, 1234567"
AT = "2026-12-01T09:30:00+00:00"
ROUTE = ("--option", "direct-all-forms")
FALL = ("--override", "fall-in-14-days=no smaller unit exists; weekly contact")


def a_plan(folder: Path, sig: str = "clonazepam 0.5 mg at night", *options: str) -> Path:
    made = plan(sig, *(options or ANSWERED), "--out", folder, "--no-paper")
    assert made.code == 0, made.err
    return folder / "plan.json"


def signed(path: Path, *extra: str):
    return glidepath("sign", path, *ROUTE, "--by", BY, "--at", AT, *extra)


def test_a_breach_must_be_overridden_with_a_reason_before_signing(tmp_path):
    path = a_plan(tmp_path / "plan")
    outcome = signed(path)
    assert (outcome.code, outcome.error_code) == (4, "BREACH_NOT_OVERRIDDEN")
    assert "fall-in-14-days" in outcome.err and "50 %" in outcome.err
    assert not (tmp_path / "plan" / "signed.json").exists()


def test_an_override_without_a_reason_is_no_override(tmp_path):
    outcome = signed(a_plan(tmp_path / "plan"), "--override", "fall-in-14-days= ")
    assert (outcome.code, outcome.error_code) == (3, "OPTION_INVALID")


def test_only_a_breach_of_the_chosen_route_can_be_overridden(tmp_path):
    outcome = signed(a_plan(tmp_path / "plan"), *FALL, "--override", "never-rises=because")
    assert (outcome.code, outcome.error_code) == (4, "BREACH_NOT_OVERRIDDEN")


def test_a_plan_with_an_unanswered_question_cannot_be_signed(tmp_path):
    path = a_plan(tmp_path / "plan", "clonazepam 0.5 mg at night", *ANSWERED[:-2])
    outcome = signed(path, *FALL)
    assert (outcome.code, outcome.error_code) == (4, "ANSWER_REQUIRED")
    assert "--past-complicated-withdrawal" in outcome.err


def test_a_yes_needs_a_named_specialist_and_a_reason(tmp_path):
    options = [*ANSWERED]
    options[options.index("--opioid") + 1] = "yes"
    path = a_plan(tmp_path / "plan", "clonazepam 0.5 mg at night", *options)
    outcome = signed(path, *FALL)
    assert (outcome.code, outcome.error_code) == (4, "ANSWER_REQUIRED")
    assert "naloxone" in outcome.err
    specialist = ("--specialist", "B. Person, addiction psychiatrist, 7654321")
    assert signed(path, *FALL, *specialist).error_code == "ANSWER_REQUIRED"
    outcome = signed(path, *FALL, *specialist, "--specialist-reason", "naloxone given, reviewed weekly")
    assert outcome.code == 0, outcome.err
    signature = json.loads((tmp_path / "plan" / "signed.json").read_text())["signature"]
    assert signature["specialist"].startswith("B. Person") and signature["specialist_reason"]


def test_a_second_sedative_on_the_line_counts_as_a_yes(tmp_path):
    path = a_plan(tmp_path / "plan", "clonazepam 0.5 mg at night + zolpidem 10 mg at night", *ANSWERED)
    outcome = signed(path, *FALL)
    assert (outcome.code, outcome.error_code) == (4, "ANSWER_REQUIRED")


@pytest.mark.parametrize("by", ["A. Person", "A. Person, physician", ", , ", "A\n, b, c"])
def test_a_signer_is_a_name_a_role_and_a_registration(tmp_path, by):
    outcome = glidepath("sign", a_plan(tmp_path / "plan"), *ROUTE, "--by", by, *FALL)
    assert (outcome.code, outcome.error_code) == (3, "SIGNER_INVALID")


def test_a_route_without_a_schedule_cannot_be_signed(tmp_path):
    outcome = glidepath("sign", a_plan(tmp_path / "plan"), "--option", "switch", "--by", BY)
    assert (outcome.code, outcome.error_code) == (3, "ROUTE_UNKNOWN")


def test_signing_says_it_is_an_attestation_and_no_identity_check(tmp_path):
    outcome = signed(a_plan(tmp_path / "plan"), *FALL)
    assert outcome.code == 0
    assert "attestation" in outcome.out and "not a check of identity" in outcome.out
    document = json.loads((tmp_path / "plan" / "signed.json").read_text())
    assert document["signature"]["at"] == AT
    assert document["signature"]["overrides"][0]["check"] == "fall-in-14-days"


def test_a_changed_plan_is_never_signed(tmp_path):
    path = a_plan(tmp_path / "plan")
    path.write_text(path.read_text().replace('"dose_mg": "0.375"', '"dose_mg": "0.125"'))
    outcome = signed(path, *FALL)
    assert (outcome.code, outcome.error_code) == (6, "DIGEST_MISMATCH")


def test_a_plan_changed_together_with_its_digest_is_never_signed(tmp_path):
    from glidepath.render.document import digest_of

    path = a_plan(tmp_path / "plan")
    document = json.loads(path.read_text())
    chosen = next(o for o in document["options"] if o["route"] == "direct-all-forms")
    next(c for c in chosen["proof"] if c["id"] == "fall-in-14-days")["status"] = "pass"
    document["digest"] = digest_of(document)
    path.write_text(json.dumps(document))
    outcome = signed(path)
    assert (outcome.code, outcome.error_code) == (6, "PROOF_MISMATCH")


def test_a_changed_signature_is_never_printed(tmp_path):
    path = a_plan(tmp_path / "plan")
    assert signed(path, *FALL).code == 0
    signed_path = tmp_path / "plan" / "signed.json"
    signed_path.write_text(signed_path.read_text().replace("A. Person", "C. Other"))
    outcome = glidepath("print", signed_path, "--out", tmp_path / "sheets")
    assert (outcome.code, outcome.error_code) == (6, "DIGEST_MISMATCH")
    assert not (tmp_path / "sheets").exists()


def resealed(path: Path, change) -> Path:
    """The signed document with a change and fresh digests, as someone who knows the format could make it."""
    from glidepath.render.document import digest_of

    document = json.loads(path.read_text())
    change(document)
    document["plan"]["digest"] = digest_of(document["plan"])
    document["signature"]["plan_digest"] = document["plan"]["digest"]
    document["digest"] = digest_of(document)
    target = path.with_name("resealed.json")
    target.write_text(json.dumps(document))
    return target


def double_the_dose(document):
    chosen = next(o for o in document["plan"]["options"] if o["route"] == "direct-all-forms")
    for intake in chosen["plan"]["steps"][1]["intakes"]:
        intake["dose_mg"] = "1"
        intake["pieces"] = [{"product": "clonazepam 0.5 mg tablet", "units": "2"}]


def drop_the_overrides(document):
    document["signature"]["overrides"] = []


def leave_a_question_open(document):
    document["plan"]["person"]["unanswered"] = ["seizures"]


def hide_the_direction_of_a_name(document):
    document["signature"]["name"] = "A. \u202ePerson"


def change_a_kind(document):
    document["plan"]["understood"] = 7


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (double_the_dose, "PROOF_MISMATCH"),
        (drop_the_overrides, "BREACH_NOT_OVERRIDDEN"),
        (leave_a_question_open, "PROOF_MISMATCH"),
        (hide_the_direction_of_a_name, "SIGNER_INVALID"),
        (change_a_kind, "PROOF_MISMATCH"),
    ],
)
def test_a_signed_plan_that_was_changed_and_resealed_is_never_printed(tmp_path, change, code):
    path = a_plan(tmp_path / "plan")
    assert signed(path, *FALL).code == 0
    outcome = glidepath("print", resealed(tmp_path / "plan" / "signed.json", change), "--out", tmp_path / "sheets")
    assert outcome.error_code == code, outcome.err
    assert outcome.code in (3, 4, 6)
    assert not (tmp_path / "sheets").exists()


@pytest.mark.parametrize("reason", ["line one\nDRAFT no", "a \u202e b", "x" * 600])
def test_a_reason_is_one_plain_line(tmp_path, reason):
    outcome = signed(a_plan(tmp_path / "plan"), "--override", f"fall-in-14-days={reason}")
    assert (outcome.code, outcome.error_code) == (3, "OPTION_INVALID")


def test_one_check_is_overridden_once(tmp_path):
    outcome = signed(a_plan(tmp_path / "plan"), *FALL, *FALL)
    assert (outcome.code, outcome.error_code) == (3, "OPTION_INVALID")


def test_a_signing_time_far_from_the_plan_is_a_typing_error(tmp_path):
    outcome = glidepath(
        "sign", a_plan(tmp_path / "plan"), *ROUTE, "--by", BY, "--at", "1900-01-01T00:00:00+00:00", *FALL
    )
    assert (outcome.code, outcome.error_code) == (3, "DATE_IMPLAUSIBLE")


def test_a_later_fill_is_printed_only_after_a_check_in_in_the_fill_before(tmp_path):
    path = a_plan(tmp_path / "plan")
    assert signed(path, *FALL).code == 0
    later = ("print", tmp_path / "plan" / "signed.json", "--out", tmp_path / "sheets", "--fill", "2")
    assert glidepath(*later).error_code == "ANSWER_REQUIRED"
    assert glidepath(*later, "--check-in", "2026-11-01").error_code == "DATE_IMPLAUSIBLE"
    outcome = glidepath(*later, "--check-in", "2027-01-02")
    assert outcome.code == 0, outcome.err
    page = " ".join(text_of(tmp_path / "sheets" / "patient-sheet.pdf")[0].split())
    assert "2 January 2027" in page and "Thursday" in page
    assert glidepath(*later[:-1], "99").error_code == "OPTION_INVALID"


def test_an_earlier_signature_is_not_overwritten_without_force(tmp_path):
    path = a_plan(tmp_path / "plan")
    assert signed(path, *FALL).code == 0
    assert signed(path, *FALL).error_code == "OUTPUT_EXISTS"
    assert signed(path, *FALL, "--force").code == 0


def text_of(path: Path) -> list[str]:
    import pypdfium2

    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)]


def test_a_draft_says_so_on_every_page_and_a_signed_sheet_says_it_on_none(tmp_path):
    made = plan("clonazepam 0.5 mg at night", *ANSWERED, "--out", tmp_path / "plan")
    assert made.code == 0, made.err
    pages = text_of(tmp_path / "plan" / "plan.pdf")
    for number, page in enumerate(pages, start=1):
        assert "DRAFT: not to be followed" in page
        assert "Evaluation: facts not yet reviewed by a clinician" in page
        assert f"Page {number} of {len(pages)}" in page
    assert "DRAFT: not to be followed" in (tmp_path / "plan" / "plan.svg").read_text()
    assert signed(tmp_path / "plan" / "plan.json", *FALL).code == 0
    printed = glidepath("print", tmp_path / "plan" / "signed.json", "--out", tmp_path / "sheets")
    assert printed.code == 0, printed.err
    for name in ("patient-sheet.pdf", "pharmacy-sheet.pdf", "clinician-summary.pdf"):
        for page in text_of(tmp_path / "sheets" / name):
            assert "DRAFT" not in page
            assert "Evaluation: facts not yet reviewed by a clinician" in page


def test_every_patient_page_carries_what_a_patient_must_always_see(tmp_path):
    path = a_plan(tmp_path / "plan")
    assert signed(path, *FALL).code == 0
    assert glidepath("print", tmp_path / "plan" / "signed.json", "--out", tmp_path / "sheets").code == 0
    for page in text_of(tmp_path / "sheets" / "patient-sheet.pdf"):
        plain = " ".join(page.split())
        for said in ("Do not stop or change", "911", "988", "miss", "Name", "Date of birth", "Clinic phone", "seizure"):
            assert said in plain, said


def test_the_calendar_covers_one_fill_and_gates_each_cut(tmp_path):
    import icalendar

    path = a_plan(tmp_path / "plan")
    assert signed(path, *FALL).code == 0
    assert glidepath("print", tmp_path / "plan" / "signed.json", "--out", tmp_path / "sheets").code == 0
    events = icalendar.Calendar.from_ical((tmp_path / "sheets" / "calendar.ics").read_bytes()).walk("VEVENT")
    first = date(2026, 12, 7)
    days = {e["DTSTART"].dt + timedelta(days=n) for e in events for n in range(e["RRULE"]["COUNT"][0])}
    assert days == {first + timedelta(days=n) for n in range(28)}
    assert any("check-in" in str(e["DESCRIPTION"]) for e in events)


def test_nothing_is_written_where_paper_libraries_are_missing(tmp_path):
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "typst.py").write_text("raise ImportError('not installed')\n")
    from tests.support.command import START, TODAY

    outcome = glidepath(
        "plan", "clonazepam 0.5 mg at night", "--today", TODAY, "--start", START, "--out", tmp_path / "plan",
        env={"PYTHONPATH": str(blocked)},
    )  # fmt: skip
    assert (outcome.code, outcome.error_code) == (2, "EXTRA_MISSING")
    assert "glidepath[paper]" in outcome.err
    assert not (tmp_path / "plan").exists()
