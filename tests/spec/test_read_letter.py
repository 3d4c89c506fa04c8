"""What is read from the text of a letter, and that whatever is left over stops the reading."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from glidepath.checker.letter import read_letter
from glidepath.checker.report import Unreadable
from glidepath.checker.written import WrittenTaper
from glidepath.errors import CODES
from glidepath.facts.formulary import load_formulary
from glidepath.quantity import Amount

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
        ("5/7", 5),
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
    "end", ["then stop", "and stop", "then discontinue", "then to zero", "then nothing", "; finish"]
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


def test_a_release_that_no_product_carries_is_not_dropped() -> None:
    assert codes("alprazolam XR 0.7 mg in the morning for 2 weeks") == ["PRODUCT_UNKNOWN"]


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
    taper = read(rule, drug="clonazepam", start=Amount.of("1"))
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
    taper = read(f"{lead}clonazepam 1 mg bd. Reduce by 0.5 mg every week.")
    assert before(taper) == [("clonazepam", "", 2)]
    assert days(taper)[0] == (1, 7, "3/2")


def test_a_start_dose_given_as_an_option_goes_before() -> None:
    taper = read("8 mg nocte for 2 weeks", drug="diazepam", start=Amount.of("10"))
    assert before(taper) == [("diazepam", "", 10)]
    assert days(taper) == [(1, 14, "night 8")]
    named = read("diazepam 8 mg nocte for 2 weeks", start=Amount.of("10"))
    assert before(named) == [("diazepam", "", 10)]


def test_a_start_dose_that_differs_from_the_text_names_both_places() -> None:
    text = "Currently taking diazepam 10 mg nocte. Reduce by 1 mg weekly"
    assert before(read(text, start=Amount.of("10"))) == [("diazepam", "", 10)]
    (bad,) = faults(text, start=Amount.of("12"))
    assert bad.code == "OPTION_INVALID"
    assert "Line 1, characters 1-37" in bad.says
    assert "option" in bad.says


def test_a_broken_line_is_not_read_as_what_is_taken_now() -> None:
    assert "DURATION_MISSING" in codes("Diazepam 5 mg in the morning\n10 mg at night for 2 weeks")
    assert "DURATION_MISSING" in codes("Currently diazepam 5 mg in the morning,\n10 mg at night for 2 weeks")


@pytest.mark.parametrize("joint", ["\n", ", ", " and ", "; ", "\n- "])
def test_doses_at_different_times_that_may_be_taken_together_are_not_guessed(joint: str) -> None:
    assert codes(f"Diazepam 5 mg mane for 2 weeks{joint}10 mg nocte for 2 weeks") == ["SIG_UNREADABLE"]


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
    counted = read("diazepam 5 mg tablet, 1 at night for 14 days (14 tablets)")
    assert counted.quantities[0].units == 14


def test_a_supply_of_no_one_product_is_not_read() -> None:
    assert codes("Diazepam 4 mg nocte for 14 days (28 tablets)") == ["PRODUCT_UNKNOWN"]
    assert codes("Diazepam 4 mg nocte for 14 days. Supply 28 x 3 mg tablets") == ["PRODUCT_UNKNOWN"]


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
