"""The calendar file of one fill."""

from __future__ import annotations

from dataclasses import replace

import icalendar
import pytest

from glidepath.errors import GlidepathError
from glidepath.render import wording
from glidepath.render.calendar import calendar_ics
from glidepath.render.readback import read_back_ics
from tests.support.plan_views import ALL, START, clonazepam_at_night, signed


@pytest.mark.parametrize("name", ALL)
def test_a_calendar_reads_back_to_the_days_of_its_fill(name: str) -> None:
    view = signed(ALL[name]())
    read_back_ics(calendar_ics(view), view)


def test_an_unsigned_plan_has_no_calendar() -> None:
    with pytest.raises(GlidepathError) as caught:
        calendar_ics(clonazepam_at_night())
    assert caught.value.code == "NOT_APPROVED"


def test_each_step_is_one_all_day_event_repeated_daily() -> None:
    calendar = icalendar.Calendar.from_ical(calendar_ics(signed(clonazepam_at_night())))
    first, second = calendar.walk("VEVENT")
    assert first["DTSTART"].dt == START and first["RRULE"]["COUNT"] == [7]
    assert second["RRULE"]["COUNT"] == [21]
    assert (
        str(second["SUMMARY"]) == "ONLY AFTER CHECK-IN: Night: 3 dissolving tablets of 0.125 mg = 0.375 mg clonazepam"
    )
    band = wording.gate_band(second["DTSTART"].dt)
    assert band in str(second["DESCRIPTION"]) and "NEW DOSE" not in str(first["DESCRIPTION"])
    for event in (first, second):
        assert wording.NOT_ALONE in str(event["DESCRIPTION"]) and "Emergency: 911" in str(event["DESCRIPTION"])


@pytest.mark.parametrize("fill", range(1, 7))
def test_each_fill_has_a_calendar_of_its_own(fill: int) -> None:
    view = replace(signed(clonazepam_at_night()), fill_number=fill, check_in="2026-01-30")
    ics = calendar_ics(view)
    read_back_ics(ics, view)
    events = icalendar.Calendar.from_ical(ics).walk("VEVENT")
    assert events[0]["DTSTART"].dt == view.fill.starts
    assert all(f"-fill-{fill}-" in str(event["UID"]) for event in events)
    assert [str(event["SUMMARY"]).startswith("ONLY AFTER CHECK-IN: ") for event in events] == {
        1: [False, True], 2: [False, True], 3: [False], 4: [False, True], 5: [False], 6: [False]
    }[fill]  # fmt: skip


def test_the_stamp_is_the_signing_and_names_are_stable() -> None:
    view = signed(clonazepam_at_night())
    assert calendar_ics(view) == calendar_ics(view)
    text = calendar_ics(view).decode()
    assert "DTSTAMP:20260105T083000Z" in text
    assert "UID:0123456789abcdef0123456789abcdef-fill-1-step-0@glidepath.invalid" in text


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"3 dissolving tablets", b"2 dissolving tablets"),
        (b"= 0.375 mg", b"= 0.75 mg"),
        (b"COUNT=21", b"COUNT=20"),
        (b"20260114", b"20260115"),
        (b"clonazepam|clonazepam 0.125 mg ODT|3", b"clonazepam|clonazepam 0.125 mg ODT|4"),
        (b"FREQ=DAILY", b"FREQ=WEEKLY"),
        (b"ONLY AFTER CHECK-IN: ", b""),
    ],
)
def test_any_change_in_a_calendar_is_caught(was: bytes, becomes: bytes) -> None:
    view = signed(clonazepam_at_night())
    ics = calendar_ics(view).replace(b"\r\n ", b"")
    assert was in ics
    with pytest.raises(GlidepathError) as caught:
        read_back_ics(ics.replace(was, becomes), view)
    assert caught.value.code == "READBACK_MISMATCH"


def test_what_is_no_calendar_is_a_mismatch() -> None:
    with pytest.raises(GlidepathError) as caught:
        read_back_ics(b"not a calendar", signed(clonazepam_at_night()))
    assert caught.value.code == "READBACK_MISMATCH"


def test_a_time_without_a_zone_is_taken_as_written() -> None:
    view = signed(clonazepam_at_night())
    assert view.signature is not None
    naive = replace(view, signature=replace(view.signature, at="2026-01-05T09:30:00"))
    assert b"DTSTAMP:20260105T093000Z" in calendar_ics(naive)
