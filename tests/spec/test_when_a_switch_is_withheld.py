"""When a switch to a longer-acting drug is not planned, although it was asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from glidepath.casework.plan import plan
from glidepath.taper.proposal import Option, Route

KNOWN: dict[str, Any] = {"age": 50, "since": "2023-11", "start": "2026-12-07", "liver": "no"}


def the_switch(sig: str = "lorazepam 1 mg three times daily", **changes: Any) -> Option:
    options = {**KNOWN, "switch": "diazepam", "table": "VADOD2021", **changes}
    return plan(sig, today=date(2026, 11, 22), **options).options.option(Route.SWITCH)


def test_a_switch_that_was_asked_for_is_planned_when_nothing_stands_against_it() -> None:
    assert the_switch().taper is not None


@pytest.mark.parametrize("liver", ["yes", "unknown"])
def test_severe_or_unknown_liver_disease_withholds_it(liver: str) -> None:
    option = the_switch(liver=liver)
    assert option.taper is None
    assert option.withheld is not None and "liver" in option.withheld


def test_an_unknown_age_withholds_it() -> None:
    option = the_switch(age=None)
    assert option.taper is None
    assert option.withheld is not None and "age" in option.withheld


def test_a_target_above_the_maximum_daily_dose_withholds_it() -> None:
    option = the_switch("alprazolam 2 mg three times daily")
    assert option.taper is None
    assert option.withheld is not None and "above the maximum daily dose of diazepam" in option.withheld


def test_at_65_or_over_it_is_planned_with_a_warning() -> None:
    proposal = plan(
        "lorazepam 1 mg three times daily",
        today=date(2026, 11, 22),
        **{**KNOWN, "age": 70, "switch": "diazepam", "table": "VADOD2021"},
    )
    assert proposal.options.option(Route.SWITCH).taper is not None
    assert "switch-older-adult" in {finding.rule for finding in proposal.findings}


def test_it_is_never_the_one_to_discuss_first() -> None:
    proposal = plan(
        "lorazepam 1 mg three times daily",
        today=date(2026, 11, 22),
        **{**KNOWN, "switch": "diazepam", "table": "VADOD2021"},
    )
    assert proposal.options.recommended in (Route.DIRECT_PRESENT, Route.DIRECT_ALL_FORMS)


def test_the_night_dose_moves_first_and_nothing_else_falls_until_14_days_after_the_last() -> None:
    taper = the_switch().taper
    assert taper is not None
    moved = [step for step in taper.steps if step.kind == "switch"]
    assert [[i.slot.value for i in s.regimen.of_drug("diazepam")] for s in moved] == [
        ["night"],
        ["noon", "night"],
        ["morning", "noon", "night"],
    ]
    assert moved[-1].days >= 14
