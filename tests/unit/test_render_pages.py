"""What stands on each page, in its text layer, and that every page reads back to the plan."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pypdfium2
import pytest

from glidepath.errors import GlidepathError
from glidepath.render import wording
from glidepath.render.paper import patient_sheet_pdf, pharmacy_sheet_pdf, plan_pdf
from glidepath.render.readback import read_back_pdf
from glidepath.render.view import EmergencyLine, PlanView
from glidepath.taper.proof import Status
from tests.support.plan_views import (
    ALL,
    clonazepam_at_night,
    diazepam_with_liquid,
    four_times_three_products,
    lorazepam_twice_daily_with_halves,
    signed,
    switch_beside_zolpidem,
    temazepam_kept,
)

NO_FIGURE = b""


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("name", ALL)
def test_a_draft_reads_back_to_its_plan(name: str, paper: str) -> None:
    view = ALL[name](paper=paper)
    read_back_pdf(plan_pdf(view, NO_FIGURE), view)


@pytest.mark.parametrize("make", [plan_pdf, patient_sheet_pdf, pharmacy_sheet_pdf])
@pytest.mark.parametrize("name", ALL)
def test_a_signed_sheet_reads_back_and_is_no_draft(name: str, make: Callable[[PlanView], bytes]) -> None:
    view = signed(ALL[name]())
    pdf = make(view)
    read_back_pdf(pdf, view)
    assert not any("DRAFT" in page for page in pages_of(pdf))
    assert all("Signed by A. Person, general practitioner, 1234567" in page for page in pages_of(pdf))


def test_every_unsigned_page_is_headed_draft_and_counted() -> None:
    pages = pages_of(plan_pdf(clonazepam_at_night()))
    for number, page in enumerate(pages, 1):
        assert wording.DRAFT in page
        assert f"Page {number} of {len(pages)}" in page
        assert "Evaluation: facts not yet reviewed by a clinician" in page
        assert "Supervised use only; not a prescription" in page


def test_every_patient_page_carries_what_keeps_a_person_safe() -> None:
    pages = pages_of(patient_sheet_pdf(signed(four_times_three_products())))
    assert len(pages) > 3
    for page in pages:
        for words in (wording.NOT_ALONE, wording.URGENT, wording.MISSED, "Emergency: 911", "Crisis line: 988"):
            assert words in page
        for blank in ("Name:", "Date of birth:", "Clinic phone:"):
            assert blank in page


def test_a_long_emergency_list_is_never_pushed_off_the_page() -> None:
    many = tuple(
        EmergencyLine(
            label=f"A line for region {n}", contact="116 123", note="in service in some places", verified=False
        )
        for n in range(7)
    )
    view = signed(replace(clonazepam_at_night(), emergency=many))
    read_back_pdf(patient_sheet_pdf(view), view)


@pytest.mark.parametrize(
    ("label", "contact", "note"),
    [
        ("NHS advice, mental-health option", "111", "advice, not an emergency number"),
        ("Suicide crisis helpline", "9-8-8", "call or text"),
        ("Crisis line where in service", "116 123", "national lines differ"),
    ],
)
@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_numbers_to_call_stay_in_one_piece(label: str, contact: str, note: str, paper: str) -> None:
    line = EmergencyLine(label=label, contact=contact, note=note, verified=False)
    view = signed(replace(clonazepam_at_night(paper=paper), emergency=(line,)))
    for page in pages_of(patient_sheet_pdf(view)):
        assert f"{label}: {contact} ({note})" in page
        assert "not looked up" not in page and "still has to be checked" not in page


@pytest.mark.parametrize("make", [patient_sheet_pdf, pharmacy_sheet_pdf])
def test_sheets_to_act_on_are_refused_while_unsigned(make: Callable[[PlanView], bytes]) -> None:
    with pytest.raises(GlidepathError) as caught:
        make(clonazepam_at_night())
    assert caught.value.code == "NOT_APPROVED"


def test_a_signature_of_another_route_does_not_release_this_one() -> None:
    with pytest.raises(GlidepathError) as caught:
        patient_sheet_pdf(replace(signed(clonazepam_at_night()), route="switch"))
    assert caught.value.code == "NOT_APPROVED"


def test_signed_sheets_cover_one_fill_and_gate_each_cut() -> None:
    view = signed(clonazepam_at_night())
    pharmacy = " ".join(pages_of(pharmacy_sheet_pdf(view)))
    assert "Fill 1 of 6" in pharmacy and "Fill 2" not in pharmacy
    patient = " ".join(pages_of(patient_sheet_pdf(view)))
    assert patient.count(wording.GATE_MARK) == 21  # each day of the new dose
    assert "NEW DOSE from Wednesday 14 January: only if you had your check-in." in patient
    assert "Check-in done on" in patient
    assert "From about 25 February 2026: 0.25 mg clonazepam a day, only after your check-in" in patient
    assert "5 February" not in patient.split(wording.OUTLINE_HEADING)[0].replace("25 February", "")


@pytest.mark.parametrize("fill", range(1, 7))
@pytest.mark.parametrize("make", [patient_sheet_pdf, pharmacy_sheet_pdf])
def test_sheets_of_each_fill_read_back_and_name_the_check_in_before_it(
    make: Callable[[PlanView], bytes], fill: int
) -> None:
    view = replace(signed(clonazepam_at_night()), fill_number=fill, check_in="2027-01-02" if fill > 1 else "")
    pdf = make(view)
    read_back_pdf(pdf, view)
    assert all(("Check-in done on 2 January 2027" in page) is (fill > 1) for page in pages_of(pdf))
    with pytest.raises(GlidepathError):
        read_back_pdf(pdf, replace(view, fill_number=fill % 6 + 1))


def test_the_outline_names_three_steps_and_where_they_lead() -> None:
    text = " ".join(pages_of(patient_sheet_pdf(signed(diazepam_with_liquid()))))
    assert text.count("From about") == 3 and "Then further steps, until about" in text


def test_a_day_of_a_new_dose_without_its_mark_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    view = signed(clonazepam_at_night())
    monkeypatch.setattr(wording, "GATE_MARK", "SOON")
    pdf = patient_sheet_pdf(view)
    monkeypatch.undo()
    with pytest.raises(GlidepathError, match="of the calendar"):
        read_back_pdf(pdf, view)


def test_each_time_of_day_that_a_switch_moves_is_marked_while_it_is_new() -> None:
    view = signed(switch_beside_zolpidem())
    text = " ".join(pages_of(patient_sheet_pdf(view)))
    words = wording.changed("alprazolam", "diazepam")
    assert text.count(words) == 21  # 14 days at night, then 7 in the morning
    assert wording.SWITCH_CARE in text and "clonazepam" not in text


def test_how_to_swallow_is_said_where_it_matters() -> None:
    assert wording.SWALLOW_CAPSULE in pages_of(patient_sheet_pdf(signed(temazepam_kept())))[0]
    assert wording.SWALLOW_CAPSULE not in pages_of(patient_sheet_pdf(signed(clonazepam_at_night())))[0]


def test_accepted_breaches_are_counted_as_such() -> None:
    view = signed(clonazepam_at_night())
    checks = tuple(c.overridden("A. Person", "x") if c.status is Status.BREACH else c for c in view.checks)
    text = " ".join(pages_of(plan_pdf(replace(view, checks=checks), NO_FIGURE)))
    assert "1 accepted with a reason, 1 with caution" in text
    assert "breached" not in text and "the route to discuss first" not in text


def test_a_plan_that_ends_above_zero_says_that_the_dose_stays() -> None:
    view = temazepam_kept()
    text = " ".join(pages_of(plan_pdf(view, NO_FIGURE)))
    assert "No stop: the plan stays at 15 mg temazepam a day." in text


def test_unknown_answers_are_shown_as_unknown_and_as_needed() -> None:
    text = " ".join(pages_of(plan_pdf(clonazepam_at_night(), NO_FIGURE)))
    assert "Seizures, now or before unknown" in text
    assert "Unknown, and needed before this can be signed" in text


def test_overrides_are_printed_with_their_reason() -> None:
    text = " ".join(pages_of(pharmacy_sheet_pdf(signed(clonazepam_at_night()))))
    said = "Fall in any 14 days, 50 % (0.25 to 0.125 mg). Reason: No smaller tablet; seen weekly"
    assert f"Accepted by the prescriber: {said}" in text and "fall-in-14-days" not in text


def test_text_from_outside_cannot_become_markup() -> None:
    nasty = '#pagebreak() *bold* $x$ \\ <label> @ref `raw` // "quotes" #{1+1} [box]'
    view = replace(clonazepam_at_night(), understood=nasty)
    text = " ".join(pages_of(plan_pdf(view, NO_FIGURE)))
    assert nasty in text


@pytest.mark.parametrize("name", ALL)
def test_no_printed_number_has_a_trailing_zero_or_a_naked_point(name: str) -> None:
    text = " ".join(pages_of(plan_pdf(ALL[name](), NO_FIGURE)))
    text = text.replace("Glidepath 0.1.0", "")
    assert not re.search(r"(?<![\d.])\.\d+ ?m[gL]", text)
    assert not re.search(r"\d\.\d*0 ?m[gL]", text)


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("make", [four_times_three_products, lorazepam_twice_daily_with_halves, diazepam_with_liquid])
def test_no_letter_stands_outside_its_page(make: Callable[..., PlanView], paper: str) -> None:
    for page in pypdfium2.PdfDocument(plan_pdf(make(paper=paper), NO_FIGURE)):
        width, height = page.get_size()
        layer = page.get_textpage()
        for index in range(0, layer.count_chars(), 3):
            left, bottom, right, top = layer.get_charbox(index)
            assert left >= 17 and bottom >= 17 and right <= width - 17 and top <= height - 17


def test_a_plan_of_two_years_stays_within_a_packet_that_can_be_read() -> None:
    view = diazepam_with_liquid(steps=54)
    pdf = plan_pdf(view, NO_FIGURE)
    read_back_pdf(pdf, view)
    assert len(pages_of(pdf)) <= 20


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("steps", [9, 14, 19, 24, 29, 34])
def test_no_later_step_is_torn_between_two_pages(steps: int, paper: str) -> None:
    view = signed(diazepam_with_liquid(steps=steps, paper=paper))
    read_back_pdf(patient_sheet_pdf(view), view)


def changed(view: PlanView, step: int, **parts: object) -> PlanView:
    steps = list(view.taper.steps)
    steps[step] = replace(steps[step], **parts)  # type: ignore[arg-type]
    return replace(view, taper=replace(view.taper, steps=tuple(steps)))


def test_one_tablet_more_on_paper_is_caught() -> None:
    view = clonazepam_at_night()
    other = changed(view, 2, regimen=view.taper.steps[1].regimen)
    with pytest.raises(GlidepathError) as caught:
        read_back_pdf(plan_pdf(other, NO_FIGURE), view)
    assert caught.value.code == "READBACK_MISMATCH"


def test_another_percent_on_paper_is_caught() -> None:
    view = clonazepam_at_night()
    with pytest.raises(GlidepathError, match="step table"):
        read_back_pdf(plan_pdf(changed(view, 2, reduction_frac=Fraction(1, 4)), NO_FIGURE), view)


def test_a_percent_just_beside_a_whole_one_is_no_difference() -> None:
    view = changed(clonazepam_at_night(), 2, reduction_frac=Fraction(33001, 100000))
    read_back_pdf(plan_pdf(view, NO_FIGURE), view)


def test_one_tablet_more_to_dispense_is_caught() -> None:
    view = clonazepam_at_night()
    fill = view.ledger.fills[2]
    line = replace(fill.lines[0], dispensed=fill.lines[0].dispensed + 1)
    fills = (*view.ledger.fills[:2], replace(fill, lines=(line,)), *view.ledger.fills[3:])
    other = replace(view, ledger=replace(view.ledger, fills=fills))
    with pytest.raises(GlidepathError, match="row 3 of the fills"):
        read_back_pdf(plan_pdf(other, NO_FIGURE), view)


def test_a_missing_draft_mark_is_caught() -> None:
    view = clonazepam_at_night()
    with pytest.raises(GlidepathError) as caught:
        read_back_pdf(plan_pdf(signed(view)), view)
    assert caught.value.code == "READBACK_MISMATCH"


def test_a_missing_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(GlidepathError) as caught:
        plan_pdf(clonazepam_at_night(), NO_FIGURE)
    assert caught.value.code == "EXTRA_MISSING" and "pip install glidepath[paper]" in str(caught.value.fix)
