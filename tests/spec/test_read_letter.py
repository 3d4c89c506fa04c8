"""What is read from the text of a letter, and that whatever is left over stops the reading."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from glidepath.checker.letter import read_letter
from glidepath.checker.report import Unreadable
from glidepath.checker.written import Entry, WrittenTaper
from glidepath.errors import CODES
from glidepath.facts.formulary import load_formulary

FORMULARY = load_formulary()
Days = list[tuple[int, int, str]]


def read(text: str, **options: Any) -> WrittenTaper:
    taper, bad = read_letter(text, FORMULARY, **options)
    assert taper is not None, bad
    assert bad == ()
    return taper


def faults(text: str, **options: Any) -> tuple[Unreadable, ...]:
    taper, bad = read_letter(text, FORMULARY, **options)
    assert taper is None
    assert bad
    assert all(each.code in CODES for each in bad)
    return bad


def codes(text: str, **options: Any) -> list[str]:
    return [each.code for each in faults(text, **options)]


def days(taper: WrittenTaper) -> Days:
    """First and last day, and the doses as `morning 10 + night 10`."""
    return [
        (span.first, span.last, " + ".join(f"{e.time} {e.dose}".strip() for e in span.entries)) for span in taper.spans
    ]


def taken(**mg: str) -> tuple[Entry, ...]:
    """What is taken before day 1, as the options say it."""
    return tuple(Entry(drug=drug, time="", dose=Fraction(dose)) for drug, dose in mg.items())


def before(taper: WrittenTaper) -> list[tuple[str, str, Fraction]]:
    return [(entry.drug, entry.time, entry.dose) for entry in taper.before]


# steps with a length ---------------------------------------------------------------------------------------------


def test_steps_joined_by_then_follow_one_another_and_stop_is_one_day_of_nothing() -> None:
    text = "Diazepam 10 mg bd for 2 weeks, then 9 mg bd for 2 weeks, then 8 mg bd for 2 weeks, then stop."
    taper = read(text)
    assert taper.kind == "letter"
    assert taper.starts is None
    assert taper.before == ()
    assert days(taper) == [
        (1, 14, "morning 10 + night 10"),
        (15, 28, "morning 9 + night 9"),
        (29, 42, "morning 8 + night 8"),
        (43, 43, "0"),
    ]
    assert "Twice daily was read as morning and night." in taper.assumptions
    assert taper.understood[0] == "days 1 to 14: diazepam 10 mg in the morning, 10 mg at night"
    assert len(taper.understood) == 4


@pytest.mark.parametrize(
    ("length", "count"),
    [
        ("for 2 weeks", 14),
        ("x 2 weeks", 14),
        ("x 2/52", 14),
        ("2/52", 14),
        ("for 5/7", 5),
        ("x 5/7", 5),
        ("10/7", 10),
        ("for two weeks", 14),
        ("for 14 days", 14),
        ("for a fortnight", 14),
        ("for the next 2 weeks", 14),
        ("for the next week", 7),
        ("(for 3 weeks)", 21),
        ("for 10 nights", 10),
        ("for a week", 7),
    ],
)
def test_a_length_is_days_or_weeks(length: str, count: int) -> None:
    assert days(read(f"Diazepam 10 mg nocte {length}")) == [(1, count, "night 10")]


@pytest.mark.parametrize("length", ["for 1 month", "for 2/12", "monthly", "for three months"])
def test_a_month_is_not_a_length(length: str) -> None:
    (bad,) = faults(f"Diazepam 10 mg nocte {length}")
    assert bad.code == "DURATION_MISSING"
    assert "weeks or days" in (bad.fix or "")


@pytest.mark.parametrize(
    "length", ["for 1.5 weeks", "for 2-3 weeks", "2 weeks", "for weeks", "for 0 weeks", "for -2 weeks"]
)
def test_a_length_that_is_not_a_whole_number_after_for_is_not_read(length: str) -> None:
    assert codes(f"Diazepam 10 mg nocte {length}")[0] in ("SIG_UNREADABLE", "NUM_RANGE")


@pytest.mark.parametrize(
    "end", ["then stop", "and stop", "then discontinue", "then to zero", "then nothing", "; cease"]
)
def test_every_way_to_stop_gives_a_day_of_nothing(end: str) -> None:
    assert days(read(f"Diazepam 10 mg nocte for 1 week {end}")) == [(1, 7, "night 10"), (8, 8, "0")]


@pytest.mark.parametrize("joint", [", then ", "; ", "\n", ". ", " followed by ", "\n- ", "\n* ", "\n• ", ", "])
def test_clauses_are_parted_in_many_ways(joint: str) -> None:
    taper = read(f"Diazepam 2.5 mg nocte for 1 week{joint}2 mg nocte for 1 week")
    assert days(taper) == [(1, 7, "night 5/2"), (8, 14, "night 2")]


def test_spans_carry_the_number_of_their_line() -> None:
    taper = read("Dear Dr Smith,\nPlan:\n1. Diazepam 10 mg nocte for 1 week\n2. 8 mg nocte for 1 week\nKind regards")
    assert [span.rows for span in taper.spans] == [(3,), (4,)]
    assert [said for said in taper.understood if "courtesy" in said] == [
        "not read, as courtesy: line 1",
        "not read, as courtesy: line 2",
        "not read, as courtesy: line 5",
    ]
    assert "Smith" not in " ".join(taper.understood)


def test_each_time_of_day_keeps_its_dose() -> None:
    taper = read("diazepam 10 mg in the morning and 5 mg at night for 1 week")
    assert days(taper) == [(1, 7, "morning 10 + night 5")]


def test_a_named_product_and_its_units_are_kept() -> None:
    taper = read("diazepam 2 mg tablets, 2 at night for 7 days, then 1 tablet at night for 7 days")
    (first,), (second,) = (span.entries for span in taper.spans)
    assert (first.product, first.units, first.dose) == ("diazepam 2 mg tablet", 2, 4)
    assert (second.product, second.units, second.dose) == ("diazepam 2 mg tablet", 1, 2)


def forms(taper: WrittenTaper) -> list[tuple[str, str]]:
    """Product and release of the entries, span by span."""
    return [(entry.product, entry.release) for span in taper.spans for entry in span.entries]


def test_a_release_that_no_product_carries_is_kept_for_the_judge() -> None:
    assert forms(read("alprazolam XR 0.7 mg in the morning for 2 weeks")) == [("", "XR")]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (
            "Xanax XR 3 mg daily for 4 weeks, then 2.75 mg daily for 4 weeks",
            [("alprazolam 3 mg XR tablet", "XR"), ("", "XR")],
        ),
        ("Currently Xanax XR 3 mg daily. Reduce by 0.25 mg every 2 weeks to 2.5 mg", [("", "XR"), ("", "XR")]),
        (
            "Zolpidem CR 12.5 mg at night for 2 weeks, then 10 mg at night for 2 weeks",
            [("zolpidem 12.5 mg XR tablet", "XR"), ("", "XR")],
        ),
        (
            "Ambien CR 12.5 mg at night for 2 weeks, then zolpidem 10 mg at night for 2 weeks",
            [("zolpidem 12.5 mg XR tablet", "XR"), ("", "XR")],
        ),
        (
            "Xanax XR 3 mg mane for 2 weeks, then reduce Xanax XR to 2 mg mane for 2 weeks",
            [("alprazolam 3 mg XR tablet", "XR"), ("alprazolam 2 mg XR tablet", "XR")],
        ),
        (
            "Xanax XR 3 mg mane for 2 weeks, then alprazolam 1 mg tablets, 2 tablets mane for 2 weeks",
            [("alprazolam 3 mg XR tablet", "XR"), ("alprazolam 1 mg XR tablet", "XR")],
        ),
        (
            "Xanax XR 3 mg mane for 2 weeks, then alprazolam immediate release 2.5 mg mane for 2 weeks",
            [("alprazolam 3 mg XR tablet", "XR"), ("", "IR")],
        ),
        (
            "Clonazepam ODT 0.5 mg nocte for 2 weeks, then 0.45 mg nocte for 2 weeks",
            [("clonazepam 0.5 mg ODT", "IR"), ("", "IR")],
        ),
        ("Diazepam 10 mg nocte for 2 weeks, then 9 mg for 2 weeks", [("", ""), ("", "")]),
    ],
)
def test_a_dose_keeps_the_release_of_the_one_before_unless_it_says_another(
    text: str, want: list[tuple[str, str]]
) -> None:
    assert forms(read(text)) == want


def test_the_release_of_what_is_taken_now_is_kept() -> None:
    taper = read("Currently Xanax XR 3 mg daily. Reduce by 0.25 mg every 2 weeks to 2.5 mg")
    assert [entry.release for entry in taper.before] == ["XR"]


@pytest.mark.parametrize(
    "after",
    [
        "2 mg daily for 2 weeks",
        "1 mg mane and 0.25 mg nocte for 2 weeks",
        "reduce by 0.25 mg a day every 2 weeks to 1 mg",
    ],
)
def test_a_dose_after_two_releases_of_one_drug_must_say_which(after: str) -> None:
    text = f"Alprazolam XR 1 mg mane and alprazolam 0.5 mg nocte for 2 weeks, then {after}"
    assert codes(text) == ["SIG_UNREADABLE"]


def test_a_switch_within_one_drug_must_say_to_which_release() -> None:
    text = "Xanax XR 3 mg daily for 4 weeks, then switch to alprazolam{} 1 mg tds for 2 weeks"
    assert codes(text.format("")) == ["SIG_UNREADABLE"]
    assert forms(read(text.format(" IR")))[1:] == [("", "IR")] * 3


# a dose without times --------------------------------------------------------------------------------------------


def test_a_first_dose_without_times_is_of_the_whole_day() -> None:
    taper = read("diazepam 10 mg for 2 weeks, then 9 mg for 2 weeks")
    assert days(taper) == [(1, 14, "10"), (15, 28, "9")]
    assert any("whole day" in said for said in taper.assumptions)


def test_a_dose_without_times_is_taken_at_the_one_time_before() -> None:
    assert days(read("diazepam 10 mg nocte for 2 weeks, then 8 mg for 2 weeks"))[1] == (15, 28, "night 8")


def test_a_dose_without_times_after_several_times_is_not_guessed() -> None:
    (bad,) = faults("Diazepam 10 mg bd for 2 weeks, then 8 mg for 2 weeks")
    assert (bad.row, bad.column, bad.code) == (1, "characters 37-52", "TIMES_MISSING")


@pytest.mark.parametrize("dose", ["18 mg a day", "18 mg daily", "daily dose 18 mg", "18 mg/day", "18 mg per day"])
def test_a_dose_of_the_day_after_several_times_is_of_the_whole_day(dose: str) -> None:
    assert days(read(f"Diazepam 10 mg bd for 2 weeks, then {dose} for 2 weeks"))[1] == (15, 28, "18")


# rules -----------------------------------------------------------------------------------------------------------


def test_a_rule_and_a_bare_amount_after_it_go_on_to_zero() -> None:
    taper = read("Clonazepam 2 mg daily. Reduce by 0.5 mg every 2 weeks to 1 mg, then 0.25 mg weekly")
    assert before(taper) == [("clonazepam", "", 2)]
    assert days(taper) == [
        (1, 14, "3/2"),
        (15, 28, "1"),
        (29, 35, "3/4"),
        (36, 42, "1/2"),
        (43, 49, "1/4"),
        (50, 50, "0"),
    ]
    assert any("going on to zero" in said for said in taper.assumptions)
    assert any("further reduction" in said for said in taper.assumptions)


@pytest.mark.parametrize(
    ("interval", "count"),
    [
        ("every week", 7),
        ("weekly", 7),
        ("every 7 days", 7),
        ("each week", 7),
        ("every 2 weeks", 14),
        ("every other week", 14),
        ("fortnightly", 14),
        ("every fortnight", 14),
        ("every 14 days", 14),
        ("every 2/52", 14),
        ("every two weeks", 14),
        ("every third week", 21),
    ],
)
def test_a_new_dose_is_held_for_the_interval_of_its_rule(interval: str, count: int) -> None:
    taper = read(f"Diazepam 10 mg daily. Reduce by 5 mg {interval}")
    assert days(taper) == [(1, count, "5"), (count + 1, count + 1, "0")]


def test_a_last_reduction_that_does_not_divide_evenly_goes_to_the_end_exactly() -> None:
    taper = read("diazepam 1 mg daily. Reduce by 0.3 mg every week to zero")
    assert [text for _, _, text in days(taper)] == ["7/10", "2/5", "1/10", "0"]
    assert any("less than a full step" in said for said in taper.assumptions)


def test_a_percent_is_of_the_dose_at_that_time_and_stays_exact() -> None:
    taper = read("diazepam 20 mg daily. Reduce by 10 % every 2 weeks to 15 mg")
    assert [text for _, _, text in days(taper)] == ["18", "81/5", "15"]
    assert any("dose at that time" in said for said in taper.assumptions)


@pytest.mark.parametrize("rule", ["10% every week", "a quarter every fortnight"])
def test_a_percent_of_the_dose_without_an_end_is_not_read(rule: str) -> None:
    (bad,) = faults(f"diazepam 20 mg daily. Reduce by {rule}")
    assert "never reaches zero" in bad.says


def test_a_percent_of_the_starting_dose_is_always_the_same_amount() -> None:
    taper = read("diazepam 20 mg daily. Reduce by 10 % of the starting dose every week, then stop")
    assert [text for _, _, text in days(taper)] == [str(mg) for mg in range(18, -1, -2)]


@pytest.mark.parametrize(
    ("part", "dose"), [("half", "10"), ("a quarter", "15"), ("a tenth", "18"), ("an eighth", "35/2")]
)
def test_a_part_is_of_the_dose_at_that_time(part: str, dose: str) -> None:
    assert days(read(f"diazepam 20 mg daily. Reduce by {part} every fortnight to 1 mg"))[0] == (1, 14, dose)


def test_a_rule_may_say_how_long_it_lasts() -> None:
    taper = read("Diazepam 10 mg nocte. Reduce the dose by 1 mg every week for 3 weeks. Hold for 2 weeks")
    assert days(taper) == [(1, 7, "night 9"), (8, 14, "night 8"), (15, 21, "night 7"), (22, 35, "night 7")]
    assert any("keeping the dose" in said for said in taper.assumptions)


def test_a_rule_without_a_known_dose_needs_a_start() -> None:
    rule = "Reduce by 0.5 mg every 2 weeks"
    assert codes(rule) == ["START_DOSE_MISSING"]
    taper = read(rule, start=taken(clonazepam="1"))
    assert before(taper) == [("clonazepam", "", 1)]
    assert days(taper) == [(1, 14, "1/2"), (15, 15, "0")]


@pytest.mark.parametrize(
    "rule",
    [
        "reduce by 10 mg every 2 weeks",
        "reduce by 1 mg every week to 6 mg",
        "reduce by 0.001 mg every day",
        "reduce by 0.0001 % every day to 1 mg",
        "reduce by 1 mg every week for 10 days",
        "increase by 1 mg every week to 4 mg",
        "reduce by 100 % every week to 1 mg",
        "reduce by -1 mg every week",
        "reduce by 0 mg every week",
    ],
)
def test_a_rule_that_cannot_be_is_out_of_range(rule: str) -> None:
    assert codes(f"Diazepam 5 mg daily. {rule}") == ["NUM_RANGE"]


def test_a_step_after_a_rule_without_an_end_is_not_guessed() -> None:
    bad = faults("Diazepam 20 mg daily. Reduce by 2 mg every 2 weeks. Then 5 mg at night for 2 weeks")
    assert [each.column for each in bad] == ["characters 23-50"]


def test_a_rise_is_read_as_written() -> None:
    taper = read(
        "Diazepam 8 mg daily for 1 week, increase to 12 mg daily for 1 week, then reduce to 8 mg bd for 2 weeks"
    )
    assert days(taper) == [(1, 7, "8"), (8, 14, "12"), (15, 28, "morning 8 + night 8")]
    raised = read("Diazepam 8 mg daily. Increase by 1 mg every week to 10 mg")
    assert days(raised) == [(1, 7, "9"), (8, 14, "10")]


# what is taken now -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lead",
    ["Currently taking: ", "Now takes ", "Current dose: ", "Current dose is ", "The patient is currently on ", ""],
)
def test_what_is_taken_now_is_before_day_one(lead: str) -> None:
    taper = read(f"{lead}clonazepam 1 mg bd. Reduce the daily dose by 0.5 mg every week.")
    assert before(taper) == [("clonazepam", "", 2)]
    assert days(taper)[0] == (1, 7, "3/2")


def test_a_start_dose_given_as_an_option_goes_before() -> None:
    taper = read("8 mg nocte for 2 weeks", drug="diazepam", start=taken(diazepam="10"))
    assert before(taper) == [("diazepam", "", 10)]
    assert days(taper) == [(1, 14, "night 8")]
    named = read("diazepam 8 mg nocte for 2 weeks", start=taken(diazepam="10"))
    assert before(named) == [("diazepam", "", 10)]


def test_a_start_dose_that_differs_from_the_text_names_both_places() -> None:
    text = "Currently taking diazepam 10 mg nocte. Reduce by 1 mg weekly"
    assert before(read(text, start=taken(diazepam="10"))) == [("diazepam", "", 10)]
    (bad,) = faults(text, start=taken(diazepam="12"))
    assert bad.code == "OPTION_INVALID"
    assert "Line 1, characters 1-37" in bad.says
    assert "option" in bad.says


def test_a_broken_line_is_not_read_as_what_is_taken_now() -> None:
    assert "DURATION_MISSING" in codes("Diazepam 5 mg in the morning\n10 mg at night for 2 weeks")
    assert "DURATION_MISSING" in codes("Currently diazepam 5 mg in the morning,\n10 mg at night for 2 weeks")


@pytest.mark.parametrize("joint", ["\n", ", ", " and ", "; ", "\n- "])
def test_doses_at_different_times_that_may_be_taken_together_are_not_guessed(joint: str) -> None:
    assert codes(f"Diazepam 5 mg mane for 2 weeks{joint}10 mg nocte for 2 weeks") == ["SIG_UNREADABLE"]


def test_the_doses_of_what_is_taken_now_and_of_the_first_step_may_be_of_one_day() -> None:
    assert codes("Currently diazepam 5 mg mane, then 5 mg nocte for 2 weeks") == ["SIG_UNREADABLE"]


# start doses as options ------------------------------------------------------------------------------------------


def test_every_start_dose_is_used() -> None:
    start = taken(diazepam="10", lorazepam="1")
    taper = read("Diazepam 9 mg nocte and lorazepam 1 mg mane for 2 weeks", start=start)
    assert taper.before == start
    assert codes("Diazepam 9 mg nocte for 2 weeks", start=start) == ["ROW_DRUGS"]
    assert codes("Reduce diazepam by 1 mg every 2 weeks", start=start) == ["ROW_DRUGS"]
    stopped = read("Stop lorazepam. Diazepam 10 mg nocte for 2 weeks", start=start)
    assert {(e.drug, e.dose) for e in stopped.spans[0].entries} == {("diazepam", 10), ("lorazepam", 0)}


def test_a_start_dose_of_a_drug_that_the_letter_never_names_is_not_left_out() -> None:
    (bad,) = faults("Diazepam 9 mg nocte for 2 weeks", start=taken(lorazepam="2"))
    assert bad.code == "ROW_DRUGS"
    assert "lorazepam" in bad.says
    text = "Currently diazepam 10 mg nocte. Reduce by 1 mg weekly"
    assert codes(text, start=taken(diazepam="10", lorazepam="2"))[0] == "ROW_DRUGS"


def test_two_start_doses_of_one_drug_are_refused() -> None:
    (entry,) = taken(diazepam="10")
    assert codes("Diazepam 9 mg nocte for 2 weeks", start=(entry, entry)) == ["OPTION_INVALID"]


def test_a_drug_that_is_taken_now_must_be_named_by_the_first_step() -> None:
    text = "Currently diazepam 10 mg nocte and lorazepam 1 mg mane. Diazepam 9 mg nocte for 2 weeks"
    assert codes(text) == ["ROW_DRUGS"]


@pytest.mark.parametrize(
    "first",
    [
        "Reduce diazepam to 5 mg nocte for 2 weeks",
        "Increase to 12 mg for 2 weeks",
        "Diazepam down to 5 mg",
        "Switch to diazepam 10 mg nocte for 2 weeks",
        "Convert to diazepam 10 mg nocte for 2 weeks",
        "Change to diazepam 10 mg nocte for 2 weeks",
        "To 5 mg for 2 weeks",
    ],
)
def test_a_change_needs_the_dose_that_it_is_a_change_of(first: str) -> None:
    code = "SIG_UNREADABLE" if "down" in first else "START_DOSE_MISSING"
    assert codes(f"{first}, then stop")[0] == code


def test_a_switch_from_a_known_start_stops_the_other_drugs_and_says_so() -> None:
    taper = read("Switch to diazepam 10 mg nocte for 2 weeks", start=taken(lorazepam="1"))
    assert [(e.drug, e.dose) for e in taper.spans[0].entries] == [("diazepam", 10), ("lorazepam", 0)]
    assert "Switching was read as stopping lorazepam on the same day." in taper.assumptions
    text = "Diazepam 5 mg nocte and lorazepam 1 mg mane for 2 weeks, then change to diazepam 4 mg nocte for 2 weeks"
    assert codes(text) == ["ROW_DRUGS"]


def test_a_first_step_without_a_stated_start_is_said_to_be_taken_as_the_start() -> None:
    said = "The first step is taken as what is taken now; give --start-dose if it is already a reduction."
    text = "Diazepam 9 mg nocte for 2 weeks"
    assert said in read(text).assumptions
    assert said not in read(text, start=taken(diazepam="10")).assumptions
    assert said not in read(f"Currently diazepam 10 mg nocte. {text}").assumptions


# several times of day --------------------------------------------------------------------------------------------


def test_a_rule_after_several_times_of_day_must_say_whether_it_is_of_the_day() -> None:
    now = "Currently clonazepam 1 mg bd. "
    assert codes(f"{now}Reduce by 0.5 mg every 2 weeks") == ["TIMES_MISSING"]
    assert codes(f"{now}Reduce by 10 % every 2 weeks to 0.5 mg") == ["TIMES_MISSING"]


@pytest.mark.parametrize(
    "rule",
    [
        "bd. Reduce the daily dose by 0.5 mg every 2 weeks",
        "bd. Reduce the total daily dose by 0.5 mg every 2 weeks",
        "bd. Reduce by 0.5 mg a day every 2 weeks",
        "bd. Reduce by 0.5 mg/day every 2 weeks",
        "bd. Reduce by 0.5 mg per day every 2 weeks",
        "bd. Reduce by 0.5 mg every 2 weeks to 0.5 mg a day",
        "bd (2 mg daily). Reduce by 0.5 mg every 2 weeks",
        "bd. Reduce by a quarter of the starting dose every 2 weeks",
    ],
)
def test_a_rule_that_says_it_is_of_the_day_is_read(rule: str) -> None:
    assert [text for _, _, text in days(read(f"Currently clonazepam 1 mg {rule}"))][:3] == ["3/2", "1", "1/2"]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("5 mg bd for 1 week, then 5 mg am and 4 mg pm for 1 week", "morning and evening"),
        ("5 mg bd for 1 week, then 4 mg morning and evening for 1 week", "morning and evening"),
        ("5 mg every 12 hours for 1 week, then 4 mg at noon and at night for 1 week", "noon and night"),
        ("5 mg bd for 1 week, then 4 mg pm for 1 week", "morning and evening"),
    ],
)
def test_times_that_were_only_assumed_are_those_that_the_next_step_says(text: str, times: str) -> None:
    taper = read(f"Diazepam {text}")
    assert " and ".join(e.time for e in taper.spans[0].entries) == times
    assert any(f"was read as {times}, as the next step says." in said for said in taper.assumptions)
    assert not any("was read as morning and night." in said for said in taper.assumptions)
    assert times.split(" ")[-1] in taper.understood[0]


def test_assumed_times_move_in_every_step_back_to_one_that_says_them() -> None:
    taper = read(
        "Diazepam 5 mg mane and 5 mg nocte for 1 week, then 5 mg tds for 1 week, then 5 mg bd for 1 week, "
        "then 4 mg am and 4 mg pm for 1 week"
    )
    assert days(taper) == [
        (1, 7, "morning 5 + night 5"),
        (8, 14, "morning 5 + noon 5 + evening 5"),
        (15, 21, "morning 5 + evening 5"),
        (22, 28, "morning 4 + evening 4"),
    ]


def test_assumed_times_are_those_that_the_step_before_says() -> None:
    taper = read("Diazepam 5 mg am and 5 mg pm for 1 week, then 4 mg bd for 1 week, then 3 mg bd for 1 week")
    assert [text for _, _, text in days(taper)][1:] == ["morning 4 + evening 4", "morning 3 + evening 3"]
    assert "Twice daily was read as morning and evening, as the step before says." in taper.assumptions


def test_more_times_than_before_are_not_moved() -> None:
    taper = read("Diazepam 5 mg bd for 1 week, then 3 mg am, 3 mg pm and 3 mg at noon for 1 week")
    assert days(taper)[0] == (1, 7, "morning 5 + night 5")


def test_times_that_were_said_are_never_moved() -> None:
    taper = read("Diazepam 5 mg am and 5 mg nocte for 1 week, then 5 mg am and 4 mg pm for 1 week")
    assert days(taper)[0] == (1, 7, "morning 5 + night 5")
    mixed = read(
        "Lorazepam 1 mg bd and diazepam 5 mg mane and 5 mg nocte for 1 week, "
        "then lorazepam 1 mg am and 1 mg pm and diazepam 5 mg mane and 5 mg pm for 1 week"
    )
    assert days(mixed)[0] == (1, 7, "morning 1 + night 1 + morning 5 + night 5")


def test_two_drugs_that_are_both_taken_twice_daily_are_moved_each_by_its_own_step() -> None:
    text = "Diazepam 5 mg bd and lorazepam 1 mg bd for 1 week, then diazepam 5 mg am and 4 mg pm and lorazepam 1 mg bd"
    taper = read(f"{text} for 1 week")
    assert days(taper)[0] == (1, 7, "morning 5 + evening 5 + morning 1 + night 1")


def test_a_time_of_day_that_is_no_longer_named_has_no_dose_and_that_is_said() -> None:
    taper = read("Diazepam 5 mg mane and 10 mg nocte for 1 week, then 10 mg nocte for 1 week")
    assert any("does not name was read as without a dose" in said for said in taper.assumptions)
    assert codes("Diazepam 5 mg mane and 10 mg nocte for 1 week, then night dose 9 mg for 1 week") == ["SIG_UNREADABLE"]


def test_a_bracket_that_says_the_total_of_the_day_must_be_right() -> None:
    assert days(read("Diazepam 5 mg bd (10 mg daily) for 1 week")) == [(1, 7, "morning 5 + night 5")]
    assert days(read("Diazepam 5 mg bd for 1 week (total 10 mg a day)")) == [(1, 7, "morning 5 + night 5")]
    (bad,) = faults("Diazepam 5 mg bd (9 mg daily) for 1 week")
    assert "another total" in bad.says
    assert codes("Current daily dose: diazepam 10 mg bd. Reduce by 10 % every 2 weeks to 1 mg a day") == [
        "SIG_UNREADABLE"
    ]


def test_the_dose_that_it_is_changed_from_must_be_the_dose_before() -> None:
    text = "Diazepam {} for 1 week, then reduce from {} to 9 mg at night for 1 week"
    assert days(read(text.format("10 mg nocte", "10 mg")))[1] == (8, 14, "night 9")
    assert days(read(text.format("5 mg bd", "10 mg daily")))[1] == (8, 14, "night 9")
    (bad,) = faults(text.format("10 mg nocte", "11 mg"))
    assert "not the one that is taken" in bad.says
    assert codes(text.format("5 mg bd", "10 mg")) == ["SIG_UNREADABLE"]


# labels and dates ------------------------------------------------------------------------------------------------


def test_labelled_blocks_keep_their_days_and_gaps_stay_uncovered() -> None:
    text = (
        "Week 1: diazepam 10 mg bd\nWeeks 2-3: 9 mg bd\nWeeks 5 and 6: 8 mg bd\nDays 50 to 56: 5 mg nocte\nDay 57: stop"
    )
    assert [(first, last) for first, last, _ in days(read(text))] == [(1, 7), (8, 21), (29, 42), (50, 56), (57, 57)]


def test_days_claimed_twice_are_in_no_span() -> None:
    taper = read("Week 1: diazepam 10 mg bd\nWeeks 1-2: 9 mg bd")
    assert taper.covered_twice == ((1, 7, 2),)
    assert days(taper) == [(8, 14, "morning 9 + night 9")]
    assert codes("Week 1: diazepam 10 mg bd\nWeek 1: 9 mg bd") == ["SIG_UNREADABLE"]


def test_a_label_on_a_line_of_its_own_belongs_to_the_next() -> None:
    assert days(read("Week 1:\ndiazepam 10 mg nocte\nWeek 2:\n9 mg nocte")) == [(1, 7, "night 10"), (8, 14, "night 9")]
    assert codes("Week 1: diazepam 10 mg nocte\nWeek 2:") == ["SIG_UNREADABLE"]


def test_dates_give_the_days() -> None:
    text = (
        "From 2027-01-04: diazepam 9 mg bd\nfrom 18 January 2027 8 mg bd\n"
        "2027-02-01 to 2027-02-14: 7 mg bd\nfrom Feb 22, 2027: 6 mg bd for 1 week\n5 mg bd for 1 week"
    )
    taper = read(text)
    assert taper.starts == date(2027, 1, 4)
    assert [(first, last) for first, last, _ in days(taper)] == [(1, 14), (15, 28), (29, 42), (50, 56), (57, 63)]


def test_a_date_in_numbers_needs_its_order() -> None:
    text = "From 04/01/2027: diazepam 9 mg bd for 2 weeks"
    assert codes(text) == ["DATE_FORMAT_REQUIRED"]
    assert read(text, dates="dmy").starts == date(2027, 1, 4)
    assert read(text, dates="mdy").starts == date(2027, 4, 1)
    assert codes(text, dates="ymd") == ["OPTION_INVALID"]


@pytest.mark.parametrize("day", ["4 January", "2027-02-30", "04/01/27", "31 June 2027"])
def test_a_date_without_a_year_or_not_in_the_calendar_is_invalid(day: str) -> None:
    assert codes(f"From {day}: diazepam 9 mg bd for 2 weeks", dates="dmy") == ["DATE_INVALID"]


def test_a_dated_step_without_an_end_needs_one() -> None:
    assert codes("From 2027-01-04: diazepam 9 mg bd") == ["DURATION_MISSING"]


# two drugs -------------------------------------------------------------------------------------------------------

_TWO = "Lorazepam 1 mg bd and diazepam 5 mg at night for 1 week"


def test_two_drugs_in_one_clause_are_both_kept() -> None:
    (span,) = read(_TWO).spans
    assert [(e.drug, e.time, e.dose) for e in span.entries] == [
        ("lorazepam", "morning", 1),
        ("lorazepam", "night", 1),
        ("diazepam", "night", 5),
    ]


@pytest.mark.parametrize(
    "after", ["lorazepam 0.5 mg bd for 1 week", "4 mg at night for 1 week", "reduce lorazepam by 1 mg weekly"]
)
def test_a_clause_that_says_nothing_of_a_drug_that_is_taken_is_not_read(after: str) -> None:
    assert codes(f"{_TWO}, then {after}") == ["ROW_DRUGS"]


def test_stopping_one_drug_by_name_leaves_the_other() -> None:
    taper = read(f"{_TWO}. Stop lorazepam. Diazepam 4 mg at night for 1 week, then stop")
    assert [(e.drug, e.dose) for e in taper.spans[1].entries] == [("diazepam", 4), ("lorazepam", 0)]
    assert codes(f"{_TWO}. Stop lorazepam.") == ["DURATION_MISSING"]
    assert codes(f"{_TWO}. Stop oxazepam.") == ["SIG_UNREADABLE"]


# supply ----------------------------------------------------------------------------------------------------------


def test_a_supply_belongs_to_the_days_of_its_clause() -> None:
    taper = read("Diazepam 4 mg nocte for 14 days. Supply 28 x 2 mg tablets. Then 2 mg nocte for 7 days")
    (supply,) = taper.quantities
    assert (supply.product, supply.units, supply.first, supply.last) == ("diazepam 2 mg tablet", 28, 1, 14)
    bracketed = read("Diazepam 4 mg nocte for 14 days (supply 28 x 2 mg tablets)")
    assert bracketed.quantities[0].units == 28
    issued = read("Diazepam 4 mg nocte for 14 days, issue 28 x 2 mg tablets")
    assert issued.quantities[0].units == 28


def test_a_supply_of_no_one_product_is_not_read() -> None:
    assert codes("Diazepam 4 mg nocte for 14 days (supply 28 tablets)") == ["PRODUCT_UNKNOWN"]
    assert codes("Diazepam 4 mg nocte for 14 days. Supply 28 x 3 mg tablets") == ["PRODUCT_UNKNOWN"]


def test_a_count_without_a_word_for_it_is_read_only_as_what_makes_the_dose() -> None:
    for text in ("10 mg at night for 2 weeks (5 x 2 mg tablets)", "10 mg at night (5 x 2 mg tablets) for 2 weeks"):
        taper = read(f"Diazepam {text}")
        (entry,) = taper.spans[0].entries
        assert (entry.product, entry.units, entry.dose) == ("diazepam 2 mg tablet", 5, 10)
        assert taper.quantities == ()


@pytest.mark.parametrize(
    "text",
    [
        "10 mg at night for 2 weeks (3 x 2 mg tablets)",
        "10 mg at night for 2 weeks (70 x 2 mg tablets)",
        "10 mg at night for 2 weeks (14 tablets)",
        "5 mg bd for 2 weeks (1 x 5 mg tablet)",
        "5 mg bd for 2 weeks (2 x 5 mg tablets)",
        "10 mg at night for 2 weeks (10 x lorazepam 1 mg tablets)",
        "5 mg tablet, 1 at night for 14 days (14 tablets)",
        "10 mg at night for 2 weeks. (14 x 10 mg tablets)",
        "10 mg at night for 2 weeks. Reduce by 1 mg every 2 weeks (14 x 10 mg tablets)",
    ],
)
def test_a_count_that_could_be_a_supply_is_not_guessed(text: str) -> None:
    (bad,) = faults(f"Diazepam {text}")
    assert bad.code == "SIG_UNREADABLE"
    assert "made up or the number to supply" in bad.says


# courtesies ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Dear colleague, take it only on alternating days",
        "Dear colleague, the amounts below are per intake, given thrice each day.",
        "Kind regards - all figures above in micrograms",
        "Dear all, amounts in drops",
        "Thank you. Only Mondays and Fridays.",
        "Thank you. Only Mondays.",
        "Re: PLEASE IGNORE THE FIRST LINE BELOW",
        "Regards; her lorazipam is to carry on",
        "Dear Dr Smith, please also give her usual sleeping pill",
        "Many thanks, continued overleaf",
        "Many thanks, Continued Overleaf",
        "Dear Dr Only Mondays",
        "Dear Half Dose",
        "Dear Dr Valium",
        "Dear Lorazipam",
        "Re: lorazepam and zopiclone to carry on",
        "Re: diazepam taper, only on Mondays",
        "Subject: not for this patient",
        "Yours, omit Sundays",
    ],
)
def test_a_line_that_is_more_than_a_courtesy_is_never_passed_over(line: str) -> None:
    assert faults(f"{line}\nDiazepam 10 mg nocte for 1 week")
    assert faults(f"Diazepam 10 mg nocte for 1 week\n{line}")


@pytest.mark.parametrize(
    "line",
    [
        "Dear colleague,",
        "Dear Dr. O'Neil-Smith,",
        "Dear Prof van der Berg:",
        "Dear Sir or Madam,",
        "Dear team",
        "Kind regards,",
        "Many thanks. Kind regards,",
        "Yours sincerely, Dr J. Smith",
        "Re: diazepam taper",
        "Subject: benzodiazepine reduction plan",
        "Tapering schedule:",
    ],
)
def test_a_plain_courtesy_is_passed_over_and_listed(line: str) -> None:
    taper = read(f"{line}\nDiazepam 10 mg nocte for 1 week")
    assert "not read, as courtesy: line 1" in taper.understood


@pytest.mark.parametrize(
    ("line", "is_read"),
    [
        ("Subject: diazepam taper plan schedule of withdrawal", True),
        ("Subject: benzodiazepine taper plan schedule of diazepam withdrawal", False),
    ],
)
def test_a_subject_has_six_words_at_most(line: str, is_read: bool) -> None:
    taper, _ = read_letter(f"{line}\nDiazepam 10 mg nocte for 1 week", FORMULARY)
    assert (taper is not None) == is_read


def test_a_drug_in_the_subject_must_be_in_the_schedule() -> None:
    assert codes("Re: lorazepam reduction plan\nDiazepam 10 mg nocte for 1 week") == ["ROW_DRUGS"]


# percents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        "0.377377% every 1 days to 10 mg",
        "0.377 % every week to 10 mg",
        "0.37% every day to 10 mg",
        "0.5 % every day to 61 mg, then reduce by 0.5 % every day to 30 mg",
        "0.5 % every day to 61 mg, then reduce by 0.5 % every day for 150 days",
    ],
)
def test_percents_that_would_grow_without_end_are_out_of_range(rule: str) -> None:
    assert codes(f"Diazepam 100 mg at night. Reduce by {rule}") == ["NUM_RANGE"]


# what is not read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause", "code"),
    [
        ("diazepam 10 mg nocte prn for 1 week", "PRN_NOT_A_BASE"),
        ("5 mg nocte as needed for 1 week", "PRN_NOT_A_BASE"),
        ("5 mg nocte if tolerated for 1 week", "SIG_UNREADABLE"),
        ("5 mg nocte for 1 week if tolerated", "SIG_UNREADABLE"),
        ("5 mg nocte, omit on Sundays, for 1 week", "TIMES_UNSUPPORTED"),
        ("5 mg on alternate days for 2 weeks", "TIMES_UNSUPPORTED"),
        ("8 mg every 2 days for 2 weeks", "TIMES_UNSUPPORTED"),
        ("half the dose for 2 weeks", "SIG_UNREADABLE"),
        ("5-10 mg nocte for 1 week", "SIG_UNREADABLE"),
        ("10 mg bd or tds for 1 week", "SIG_UNREADABLE"),
        ("10 drops bd for 1 week", "UNIT_REFUSED"),
        ("diazepan 10 mg bd for 1 week", "DRUG_UNKNOWN"),
        ("morphine 10 mg bd for 1 week", "DRUG_OUT_OF_SCOPE"),
        ("5 mg mg nocte for 1 week", "SIG_UNREADABLE"),
        ("1,5 mg nocte for 1 week", "NUM_AMBIGUOUS"),
        ("-5 mg nocte for 1 week", "NUM_RANGE"),
        (".5 mg nocte for 1 week", "NUM_NAKED_DECIMAL"),
        ("5 nocte for 1 week", "UNIT_MISSING"),
        ("(((5 mg)) nocte for 1 week", "SIG_UNREADABLE"),
        ("１０ mg nocte for 1 week", "NUM_FORMAT"),
        ("10 mg\u200f nocte for 1 week", "SIG_UNREADABLE"),
        ("10 mg\x00 nocte for 1 week", "SIG_UNREADABLE"),
        ("10 mg nocte until review", "SIG_UNREADABLE"),
        ("9 mg nocte 5/7", "SIG_UNREADABLE"),
        ("stop the taper", "DRUG_UNKNOWN"),
        ("finish", "SIG_UNREADABLE"),
        ("finish the tablets", "SIG_UNREADABLE"),
        ("end", "SIG_UNREADABLE"),
        ("withdraw diazepam", "SIG_UNREADABLE"),
        ("hold the dose for 1 week", "SIG_UNREADABLE"),
        ("hold diazepam 10 mg nocte for 1 week", "SIG_UNREADABLE"),
        ("reduce morning dose to 5 mg for 1 week", "DRUG_UNKNOWN"),
        ("diazepam 9 mg nocte, diazepam 8 mg nocte for 2 weeks", "SIG_UNREADABLE"),
        ("9 mg nocte for the first week", "SIG_UNREADABLE"),
        ("Weeks 3: 9 mg nocte", "SIG_UNREADABLE"),
        ("increase to 9 mg nocte for 2 weeks", "SIG_UNREADABLE"),
        ("reduce to 10 mg nocte for 2 weeks", "SIG_UNREADABLE"),
        ("stay on 9 mg nocte for 2 weeks", "SIG_UNREADABLE"),
        ("10 mg nocte", "DURATION_MISSING"),
        ("do not stop", "SIG_UNREADABLE"),
        ("10 mg nocte for 1 week please call", "SIG_UNREADABLE"),
        ("10 mg nocte for 1 week then", "SIG_UNREADABLE"),
        ("reduce by 1 mg at night every week", "SIG_UNREADABLE"),
        ("reduce by 1 mg", "DURATION_MISSING"),
        ("reduce by 1 mg every month", "DURATION_MISSING"),
        ("reduce by 1,5 mg every week", "NUM_AMBIGUOUS"),
        ("reduce by 1 every week", "UNIT_MISSING"),
        ("Dear Dr Smith, stop the diazepam", "SIG_UNREADABLE"),
        ("Thank you, reduce slowly", "SIG_UNREADABLE"),
    ],
)
def test_wording_with_no_one_meaning_is_refused_by_name(clause: str, code: str) -> None:
    found = faults(f"Diazepam 10 mg nocte for 1 week\n{clause}")
    assert (found[0].row, found[0].code) == (2, code), found


@pytest.mark.parametrize(
    ("clause", "fix"),
    [
        ("10 mg at night 2 weeks, 9 mg at night 2 weeks", "Write 'for 2 weeks, then ...'"),
        ("Review at each step", "Delete everything that is not the schedule."),
        ("review in 4 weeks", "Delete everything that is not the schedule."),
    ],
)
def test_a_fix_says_what_to_write(clause: str, fix: str) -> None:
    (bad,) = faults(f"Diazepam 10 mg nocte for 1 week\n{clause}")
    assert fix in (bad.fix or "")


def test_a_decimal_comma_is_read_where_it_is_declared() -> None:
    taper = read("Diazepam 2,5 mg nocte for 1 week. Reduce by 0,5 mg weekly", comma=True)
    assert days(taper)[:2] == [(1, 7, "night 5/2"), (8, 14, "night 2")]


def test_every_bad_place_is_listed_with_its_line() -> None:
    text = "Diazepam 10 mg bd for 2 weeks\n9 mg prn for 1 week\n8 mg bd for 1 month\n7 mg bd for 1 week\nreduce by 1 mg"
    assert [(bad.row, bad.code) for bad in faults(text)] == [
        (2, "PRN_NOT_A_BASE"),
        (3, "DURATION_MISSING"),
        (5, "DURATION_MISSING"),
    ]


def test_a_lost_first_clause_is_not_blamed_on_those_that_follow() -> None:
    bad = faults("Diazepan 10 mg bd for 2 weeks, then 9 mg bd for 2 weeks, then reduce by 1 mg every week")
    assert [each.code for each in bad] == ["DRUG_UNKNOWN"]


def test_no_drug_at_all_is_said() -> None:
    assert codes("10 mg nocte for 2 weeks") == ["DRUG_MISSING"]
    assert read("10 mg nocte for 2 weeks", drug="Valium").drugs == ("diazepam",)


@pytest.mark.parametrize("text", ["", "  \n ", "Kind regards", "..."])
def test_a_text_without_a_step_is_said(text: str) -> None:
    assert faults(text)


def test_a_name_in_a_line_that_is_not_read_is_not_repeated() -> None:
    for bad in faults("Mrs Featherstone takes\nDiazepam 10 mg nocte for 1 week\nSeen by Dr Featherstone"):
        assert "featherstone" not in f"{bad.says} {bad.fix}".lower()


@pytest.mark.parametrize("joint", ["... ", " ... ", " … ", ". . . ", "...\n"])
def test_dots_that_leave_steps_out_are_not_passed_over(joint: str) -> None:
    assert "SIG_UNREADABLE" in codes(f"Diazepam 10 mg nocte for 1 week{joint}8 mg nocte for 1 week")


def test_a_lone_number_with_a_point_is_not_a_bullet_before_a_dose() -> None:
    assert faults("Diazepam 2 mg nocte for 1 week\n1. 5 mg nocte for 1 week")


@pytest.mark.parametrize(
    "text",
    [
        "then " * 10**6,
        "then " * 10**4,
        "a;" * 30_000,
        " " * 65_000 + "x",
        "and " * 16_000,
        "for " * 120,
        "(" * 60_000,
        "\n" * 65_000,
        "9" * 60_000 + " mg for 2 weeks",
        "diazepam 1 mg nocte for 1 day then " * 401,
        "diazepam " + "1 mg + " * 60 + "1 mg nocte for 9999 weeks",
    ],
)
def test_hostile_text_is_refused_fast(text: str) -> None:
    assert faults(text)


def test_a_letter_of_thirty_clauses_is_read_quickly() -> None:
    text = "Diazepam " + ", then ".join(
        f"{mg} mg in the morning and {mg} mg at night for 2 weeks" for mg in range(31, 1, -1)
    )
    read(text)
    assert len(read(text).spans) == 30


def test_an_interval_may_be_said_as_intervals_of_weeks() -> None:
    taper = read("Diazepam 10 mg nocte, reduce by 1 mg at intervals of 2 weeks to 8 mg")
    assert days(taper) == [(1, 14, "night 9"), (15, 28, "night 8")]


def test_a_label_and_a_length_must_agree() -> None:
    assert days(read("Weeks 3-4: diazepam 10 mg nocte for 2 weeks")) == [(15, 28, "night 10")]
    (found,) = faults("Weeks 3-4: diazepam 10 mg nocte for 3 weeks")
    assert found.says == "The clause gives two lengths that differ."


def test_an_end_and_a_length_of_a_rule_must_agree() -> None:
    rule = "Diazepam 10 mg nocte for 1 week, then reduce by 1 mg weekly to 6 mg for"
    assert days(read(f"{rule} 4 weeks"))[-1] == (29, 35, "night 6")
    for weeks in (2, 3):
        assert codes(f"{rule} {weeks} weeks") == ["NUM_RANGE"]


def test_a_dose_of_more_than_four_decimals_is_said_cut_and_so_marked() -> None:
    rule = "Diazepam 10 mg nocte for 1 week, then reduce by 11% weekly to 6 mg"
    assert "about 7.9209 mg" not in "".join(read(rule).understood)
    assert "days 8 to 42: diazepam reduced every 7 days: 8.9 mg, 7.921 mg, about 7.0496 mg" in "".join(
        read(rule).understood
    )
