"""Laws of printing: what is written in words reads back to the same numbers, and no other plan does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glidepath.dosing.regimen import Slot
from glidepath.errors import GlidepathError
from glidepath.facts.model import Form
from glidepath.render.calendar import calendar_ics
from glidepath.render.dates import day_words, read_day_words
from glidepath.render.paper import plan_pdf
from glidepath.render.pieces import intake_words
from glidepath.render.printed_words import INTAKE, read_intake
from glidepath.render.readback import read_back_ics, read_back_pdf
from glidepath.render.rows import taken_of
from glidepath.render.view import PlanView
from glidepath.taper.schedule import StepKind
from tests.support.plan_views import Plan, Take, a_product, a_regimen, a_taper, a_view, signed

DRUGS = ("clonazepam", "diazepam", "chlordiazepoxide", "zolpidem")
SOLIDS = (Form.TABLET, Form.ODT, Form.CAPSULE, Form.XR_TABLET, Form.XR_CAPSULE, Form.SL_TABLET, Form.FILM)
LIQUIDS = (Form.SOLUTION, Form.SUSPENSION, Form.LIQUID, Form.CONCENTRATE)
strengths = st.sampled_from(["0.125", "0.25", "0.5", "1", "2", "2.5", "7.5", "10", "15", "37.5"])
quarters = st.integers(1, 24).map(lambda n: str(Fraction(n, 4)))
wholes = st.integers(1, 12).map(str)
tenths = st.integers(1, 200).map(lambda n: str(Fraction(n, 10)))
days = st.dates(date(2024, 1, 1), date(2090, 12, 31))


@st.composite
def takes(draw: st.DrawFn, drug: str) -> Take:
    slot = draw(st.sampled_from(list(Slot)))
    if draw(st.booleans()):
        form = draw(st.sampled_from(LIQUIDS))
        return slot, a_product(drug, draw(strengths), form), draw(tenths)
    form = draw(st.sampled_from(SOLIDS))
    return slot, a_product(drug, draw(strengths), form), draw(quarters if form is Form.TABLET else wholes)


@st.composite
def day_takes(draw: st.DrawFn, drug: str) -> tuple[Take, ...]:
    found = draw(st.lists(takes(drug), min_size=1, max_size=4))
    return tuple({(slot, product.name): (slot, product, units) for slot, product, units in found}.values())


@st.composite
def views(draw: st.DrawFn) -> PlanView:
    drug = draw(st.sampled_from(DRUGS))
    kinds = [StepKind.RECORDED, *[StepKind.REDUCTION] * draw(st.integers(1, 5))]
    falling = sorted((draw(day_takes(drug)) for _ in kinds), key=lambda day: a_regimen(day).total(drug), reverse=True)
    plan: tuple[Plan, ...] = tuple(
        (kind, draw(st.integers(1, 40)), day) for kind, day in zip(kinds, falling, strict=True)
    )
    view = a_view(a_taper(plan, drugs=(drug,), start=draw(days)), paper=draw(st.sampled_from(["letter", "a4"])))
    return replace(view, numbers=replace(view.numbers, largest_fall="as planned"))


@given(day=days)
def test_a_date_in_words_is_that_date(day: date) -> None:
    assert read_day_words(day_words(day)) == day


@given(day=days, shift=st.integers(1, 6))
def test_a_date_with_another_days_weekday_is_no_date(day: date, shift: int) -> None:
    other = day_words(day + timedelta(days=shift)).split(" ", 1)[0]
    with pytest.raises(ValueError, match="weekday"):
        read_day_words(f"{other} {day_words(day).split(' ', 1)[1]}")


@given(plan=st.sampled_from(DRUGS).flatmap(day_takes))
def test_a_day_in_words_is_that_day(plan: tuple[Take, ...]) -> None:
    regimen = a_regimen(plan)
    text = " ".join(intake_words(intake) for intake in regimen.intakes)
    assert tuple(taken for match in INTAKE.finditer(text) for taken in read_intake(match)) == taken_of(regimen)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(view=views())
def test_any_calendar_reads_back_to_its_plan(view: PlanView) -> None:
    read_back_ics(calendar_ics(signed(view)), signed(view))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(view=views())
def test_any_draft_reads_back_to_its_plan(view: PlanView) -> None:
    read_back_pdf(plan_pdf(view, b""), view)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(view=views(), choice=st.randoms(use_true_random=False))
def test_a_draft_of_any_other_plan_is_caught(view: PlanView, choice: object) -> None:
    steps = list(view.taper.steps)
    index = choice.randrange(len(steps))  # type: ignore[attr-defined]
    step = steps[index]
    intake = step.regimen.intakes[0]
    piece = intake.pieces[0]
    more = replace(piece, units=piece.units + 1)
    longer = replace(intake, dose=intake.dose + (more.dose - piece.dose), pieces=(more, *intake.pieces[1:]))
    steps[index] = replace(step, regimen=replace(step.regimen, intakes=(longer, *step.regimen.intakes[1:])))
    other = replace(view, taper=replace(view.taper, steps=tuple(steps)))
    with pytest.raises(GlidepathError) as caught:
        read_back_pdf(plan_pdf(other, b""), view)
    assert caught.value.code == "READBACK_MISMATCH"
