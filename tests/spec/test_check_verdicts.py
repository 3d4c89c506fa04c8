"""What the checker says of a taper, as a pharmacist would put it: one rule, one sentence, one small table."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

import glidepath as gp
from glidepath.checker.checked import Checked
from glidepath.checker.documents import read_document
from glidepath.facts.formulary import load_formulary
from glidepath.render.check_document import check_document
from glidepath.render.check_picture import FALL, GAP, PRODUCT, RISE, check_svg, marks_of, picture
from glidepath.render.check_words import mg, percent, verdict_words
from glidepath.render.document import to_document
from tests.support.written import table


def check(*rows: str, heading: str = "days,dose_mg", drug: str | None = "clonazepam", **options: Any) -> Checked:
    return gp.check(table(*rows, heading=heading), drug=drug, **options)


def status(checked: Checked, name: str) -> str:
    return checked.report.check(name).status.value


# falls ---------------------------------------------------------------------------------------------------------------


def test_exactly_a_quarter_in_14_days_is_within_and_a_hair_more_is_not():
    assert status(check("14,2", "14,1.5"), "fall-in-14-days") == "caution"
    assert check("14,2", "14,1.5").verdict == "within"
    assert status(check("14,2", "14,1.499", doses_only=True), "fall-in-14-days") == "breach"


def test_two_falls_13_days_apart_count_together_and_14_days_apart_do_not():
    assert check("14,2", "13,1.75", "14,1.4", doses_only=True).verdict == "breaches"
    assert check("14,2", "14,1.75", "14,1.4", doses_only=True).verdict == "within"


def test_the_dose_before_the_first_row_counts_when_it_is_stated():
    rows = ("28,1", "28,0.875")
    assert check(*rows).verdict == "within"
    stated = check(*rows, start_dose="2 mg")
    assert stated.report.worst_fall_14d.fraction == Fraction(1, 2)
    assert (stated.report.worst_fall_14d.day, stated.report.worst_fall_14d.from_day) == (1, 0)


def test_a_stated_start_below_the_first_row_is_a_rise():
    found = check("28,2", "28,1.75", start_dose="1 mg")
    assert status(found, "never-rises") == "breach" and found.report.rises[0].day == 1


def test_a_day_nobody_covers_is_unknown_and_not_zero():
    found = check("2027-01-04,2027-01-17,2", "2027-01-19,2027-02-01,1.75", heading="start,end,dose_mg")
    assert status(found, "dates") == "breach"
    assert found.report.worst_fall_14d.fraction == Fraction(1, 8)
    assert found.report.uncovered_days == ((15, 15, 3),)


def test_days_left_out_inside_a_taper_are_falls_and_rises():
    found = check("7,1", "1,0", "7,1", "7,0.875")
    assert status(found, "never-rises") == "breach"
    assert found.report.worst_fall_14d.fraction == 1
    assert found.report.final_step is None


def test_a_time_of_day_that_rises_is_a_breach_though_the_day_falls():
    rows = ("14,1,morning", "14,1,night", "14,0.5,morning", "14,1.25,night")
    found = check(*rows, heading="days,dose_mg,time")
    assert status(found, "never-rises") == "breach"
    assert [(r.time, r.from_mg, r.to_mg) for r in found.report.rises] == [("night", 1, Fraction(5, 4))]


# the end -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("last", ["2", "1.75", "0.125"])
def test_the_step_to_zero_is_a_caution_whatever_its_size(last):
    rows = ("28,2", "28,1.75") if last == "1.75" else ("28,2",) if last == "2" else ("28,0.125",)
    found = check(*rows, "1,0")
    assert status(found, "final-step") == "caution" and found.verdict == "within"
    assert found.report.final_step.from_mg == Fraction(last)


def test_an_abrupt_stop_is_said_in_the_first_sentence_and_a_small_last_step_is_not_called_one():
    assert "abrupt stop" in verdict_words(check("28,2", "28,1.75", "1,0")).split(":")[0]
    gentle = check("28,2", "28,1.5", "28,1.125", "28,1", "28,0.75", "1,0")
    assert "abrupt" not in verdict_words(gentle)


def test_a_taper_that_does_not_say_how_it_ends_is_told_so():
    assert "does not say how it ends" in verdict_words(check("28,2", "28,1.75"))


# products ------------------------------------------------------------------------------------------------------------


def test_a_dose_that_no_product_makes_is_named_with_the_nearest_that_can_be():
    found = check("28,2", "28,1.9")
    (missing,) = found.report.unmakeable
    assert (missing.reason, missing.row, missing.dose_mg) == ("no-combination", 3, Fraction(19, 10))
    assert "1.875 mg (lower)" in missing.instead and "2 mg (higher)" in missing.instead


def test_a_confirmed_tablet_may_be_halved_and_an_unconfirmed_one_may_not():
    rows, heading = ("28,1.5,clonazepam 1 mg tablet",), "days,dose_mg,product"
    assert status(check(*rows, heading=heading), "splits") == "breach"
    told = check(*rows, heading=heading, splits=["clonazepam 1 mg tablet"])
    assert status(told, "splits") == "caution" and told.verdict == "within"


def test_a_capsule_an_odt_and_an_xr_tablet_are_never_divided():
    for product, dose in (
        ("temazepam 15 mg capsule", "7.5"),
        ("clonazepam 0.25 mg ODT", "0.125"),
        ("alprazolam 1 mg XR tablet", "0.5"),
    ):
        found = check(f"28,{dose},{product}", heading="days,dose_mg,product", drug=None)
        assert status(found, "splits") == "breach", product


def test_a_product_of_another_region_says_which_region_has_it():
    found = check("28,2.5,lorazepam 2.5 mg tablet", heading="days,dose_mg,product", drug=None)
    (missing,) = found.report.unmakeable
    assert missing.reason == "no-such-product" and "UK" in missing.says
    assert check("28,2.5,lorazepam 2.5 mg tablet", heading="days,dose_mg,product", drug=None, region="UK").verdict == (
        "within"
    )


def test_releases_are_never_mixed():
    rows = ("28,1,alprazolam 1 mg XR tablet", "28,0.75,alprazolam 0.25 mg tablet")
    found = check(*rows, heading="days,dose_mg,product", drug=None)
    assert "mixed-release" in [u.reason for u in found.report.unmakeable]


def test_a_liquid_is_measured_on_the_syringe_grid():
    heading = "date,time,dose_mg,product,units"
    rows = [
        "2027-01-04,night,5,diazepam 1 mg/mL oral solution,5",
        "2027-01-05,night,4.95,diazepam 1 mg/mL oral solution,4.95",
    ]
    found = check(*rows, heading=heading, drug=None)
    assert [u.reason for u in found.report.unmakeable] == ["not-measurable"]


def test_a_dose_above_every_maximum_is_a_breach_and_above_one_of_them_a_caution():
    assert status(check("28,25", "28,22"), "ceiling-doses") == "breach"
    assert status(check("28,6", "28,5"), "ceiling-doses") == "caution"
    assert status(check("28,4", "28,3.5"), "ceiling-doses") == "pass"


def test_the_doses_alone_leave_products_and_maxima_out():
    found = check("28,99", "28,90", doses_only=True)
    assert found.verdict == "within"
    assert {c.id for c in found.report.checks} == {
        "start",
        "dates",
        "never-rises",
        "fall-per-step",
        "fall-in-14-days",
        "fall-in-28-days",
        "dose-slip",
        "last-dose",
        "final-step",
    }


# two drugs -----------------------------------------------------------------------------------------------------------

SWITCH = (
    "2027-01-04,2027-01-17,2,clonazepam,night",
    "2027-01-18,2027-01-31,1,clonazepam,night",
    "2027-01-18,2027-01-31,20,diazepam,night",
    "2027-02-01,2027-02-14,40,diazepam,night",
    "2027-02-01,2027-02-14,0,clonazepam,",
)


def test_a_change_of_drug_is_measured_by_the_table_that_is_named():
    heading = "start,end,dose_mg,drug,time"
    ashton = check(*SWITCH, heading=heading, drug=None, table="ASHTON2002")
    assert ashton.report.measure == "mg diazepam-equivalent (ASHTON2002)"
    assert ashton.report.worst_fall_14d is None and ashton.report.rises == ()
    assert status(ashton, "switch-table") == "pass"
    va = check(*SWITCH, heading=heading, drug=None, table="VADOD2021")
    assert status(va, "switch-table") == "breach" and status(va, "never-rises") == "breach"
    unnamed = check(*SWITCH, heading=heading, drug=None)
    assert unnamed.verdict == "cannot tell" and "--table" in unnamed.report.check("never-rises").says


def test_a_drug_that_stays_as_it_is_is_not_counted_in_the_fall():
    rows = (
        "2027-01-04,2027-01-31,2,clonazepam,night",
        "2027-02-01,2027-02-28,1.75,clonazepam,night",
        "2027-01-04,2027-02-28,10,zolpidem,night",
    )
    found = check(*rows, heading="start,end,dose_mg,drug,time", drug=None)
    assert found.report.measure == "mg of clonazepam"
    assert found.report.worst_fall_14d.fraction == Fraction(1, 8)


# what is written, drawn and handed on --------------------------------------------------------------------------------


def test_equivalents_that_are_not_what_the_tables_give_are_a_breach():
    heading = "date,step,time,drug,product,units,dose_mg,diazepam_mg_low,diazepam_mg_high"
    row = "2027-01-04,0,night,diazepam,diazepam 10 mg tablet,1,10,{}"
    assert status(check(row.format("10.00,10.00"), heading=heading, drug=None), "equivalents-written") == "pass"
    assert status(check(row.format("10.00,20.00"), heading=heading, drug=None), "equivalents-written") == "breach"


def test_days_of_one_step_must_all_be_the_same():
    heading = "date,step,time,dose_mg"
    rows = ["2027-01-04,0,night,2", "2027-01-05,1,night,1.75", "2027-01-06,1,night,1.5"]
    assert status(check(*rows, heading=heading), "one-regimen-per-step") == "breach"


def test_the_picture_marks_each_kind_of_breach_on_its_day():
    rows = (
        "2027-01-04,2027-01-17,2",
        "2027-01-19,2027-02-01,2.5",
        "2027-02-02,2027-02-15,1",
        "2027-02-16,2027-03-01,0.9",
    )
    found = check(*rows, heading="start,end,dose_mg")
    assert marks_of(found.report) == {15: GAP, 16: RISE, 30: FALL, 44: PRODUCT}
    lines = picture(found)
    assert all(len(line) <= 74 for line in lines)
    assert any(FALL in line and RISE in line and GAP in line and PRODUCT in line for line in lines)
    svg = check_svg(found).decode()
    assert svg.count("<desc") == 1 and "60 %" in svg


def test_a_long_taper_still_fits_the_picture_and_a_small_dose_is_still_drawn():
    found = check("1000,20", "1000,0.1", doses_only=True)
    lines = picture(found, 60)
    assert max(len(line) for line in lines) <= 60
    assert "▁" in lines[9] or "█" in lines[9]


def test_the_document_says_what_the_report_says():
    found = check("14,2", "14,1")
    said = check_document(found)
    assert said["verdict"] == found.verdict.value and said["says"] == verdict_words(found)
    assert [c["id"] for c in said["checks"]] == [c.id for c in found.report.checks]
    assert said["worst_fall_14d"]["fraction"] == "0.5"


@pytest.mark.parametrize(
    ("value", "text"),
    [("1/4", "25 %"), ("1/3", "33.3 %"), ("2501/10000", "25.01 %"), ("1/8", "12.5 %"), ("1", "100 %"), ("0", "0 %")],
)
def test_a_fraction_is_said_so_that_its_side_of_a_limit_shows(value, text):
    assert percent(Fraction(value)) == text


def test_an_amount_without_a_finite_decimal_is_said_as_about():
    assert (mg(Fraction(1, 8)), mg(Fraction(1, 3))) == ("0.125 mg", "about 0.33 mg")


def test_the_exit_code_follows_the_verdict():
    assert [int(c.exit_code) for c in (check("28,2", "28,1.75"), check("14,2", "14,1"), check("14,x"))] == [0, 1, 3]


# what a review found: each of these once had the verdict `within` -----------------------------------------------------


def test_a_brand_of_slow_release_is_made_of_slow_release_only():
    rows = ("28,3", "28,2.75")
    assert check(*rows, drug="Xanax XR").verdict == "breaches"
    assert check(*rows, drug="alprazolam").verdict == "within"
    assert check("28,12.5", "28,10", drug="Ambien CR").verdict == "breaches"


def test_two_drugs_that_both_stop_at_once_are_an_abrupt_stop_with_both_names():
    rows = (
        "2027-01-04,2027-01-31,10,diazepam",
        "2027-01-04,2027-01-31,4,lorazepam",
        "2027-02-01,2027-02-28,9,diazepam",
        "2027-02-01,2027-02-28,4,lorazepam",
        "2027-03-01,2027-03-01,0,diazepam",
        "2027-03-01,2027-03-01,0,lorazepam",
    )
    found = check(*rows, heading="start,end,dose_mg,drug", drug=None, splits=["diazepam 2 mg tablet"])
    words = verdict_words(found)
    assert "abrupt stop" in words.split(":")[0]
    assert "9 mg diazepam and 4 mg lorazepam" in words and "diazepam-equivalent" in words


def test_a_drug_whose_rows_end_without_a_zero_is_not_read_as_stopped():
    rows = ("2027-01-01,2027-03-14,10,diazepam", "2027-01-01,2027-01-14,2,lorazepam")
    found = check(*rows, heading="start,end,dose_mg,drug", drug=None)
    assert status(found, "dates") == "breach" and "lorazepam" in found.report.check("dates").says
    assert check_document(found)["uncovered_days"][0] == {"day": "2027-01-15", "row": 2, "drug": "lorazepam"}


def test_units_without_a_product_are_not_left_out_in_silence():
    found = check("14,10,3", heading="days,dose_mg,units", drug="diazepam")
    assert [u.code for u in found.report.unreadable] == ["ROW_SHAPE"]


def test_an_option_that_names_another_drug_than_the_file_is_refused():
    for text in (table("28,10,diazepam", heading="days,dose_mg,drug"), "Diazepam 10 mg at night for 2 weeks"):
        with pytest.raises(gp.GlidepathError) as refused:
            gp.check(text, drug="lorazepam")
        assert refused.value.code == "OPTION_INVALID"


def test_too_few_mg_written_to_be_supplied_are_a_breach_even_without_units():
    found = gp.check("Diazepam 9 mg bd for 14 days. Supply 14 x diazepam 2 mg tablets")
    assert found.verdict == "breaches" and status(found, "quantity") == "breach"


def test_enough_mg_without_units_cannot_be_told():
    found = gp.check("Diazepam 10 mg bd for 14 days. Supply 200 x diazepam 2 mg tablets")
    assert status(found, "quantity") == "not assessable" and found.verdict == "cannot tell"


def test_a_letter_of_one_long_line_is_not_taken_for_a_file():
    text = ", then ".join(f"diazepam {20 - n} mg at night for 2 weeks" for n in range(12))
    assert len(text) > 255
    assert gp.check(text).taper.kind == "letter"


def test_a_path_that_is_not_there_is_not_taken_for_a_letter():
    with pytest.raises(gp.GlidepathError) as missing:
        gp.check("/no/such/taper.csv")
    assert missing.value.code == "INPUT_MISSING"


def test_a_table_is_said_back_day_by_day():
    rows = ("14,10,morning", "14,9,noon", "14,8,evening", "14,7,night")
    said = check_document(check(*rows, heading="days,dose_mg,time", drug="diazepam"))["understood"]
    assert said == ["days 1 to 14: diazepam 10 mg in the morning, 9 mg at noon, 8 mg in the evening, 7 mg at night"]


def test_the_place_of_an_error_of_a_whole_file_is_given_with_row_and_column():
    (found,) = check("14,2,2", heading="days,dose_mg,dose").report.unreadable
    assert (found.row, found.column, found.code) == (1, "3", "CSV_HEADER")
    (found,) = check("03/04/2027,2", heading="date,dose_mg").report.unreadable
    assert (found.row, found.column, found.code) == (2, "date", "DATE_FORMAT_REQUIRED")


def test_days_that_two_rows_claim_are_in_the_document():
    rows = ("2027-01-04,2027-01-10,2", "2027-01-10,2027-01-20,1.5")
    said = check_document(check(*rows, heading="start,end,dose_mg"))
    assert said["covered_twice"] == [{"day": "2027-01-10", "row": 3}]


def test_a_quantity_is_said_with_what_is_written_what_is_needed_and_when_it_runs_out():
    found = check("14,1,clonazepam 0.5 mg tablet,20", heading="days,dose_mg,product,quantity")
    says = found.report.check("quantity").says
    assert "20 written, 28 needed" in says and "day 11" in says


def test_a_quantity_that_is_just_enough_is_said_with_its_numbers():
    found = check("14,1,clonazepam 0.5 mg tablet,28", heading="days,dose_mg,product,quantity")
    assert found.report.check("quantity").says == "clonazepam 0.5 mg tablet, days 1 to 14: 28 written, 28 needed."


@pytest.mark.parametrize(
    ("resumes", "says"),
    [
        ("2027-01-19", "on 2027-01-18; if the step before goes on, make it 1 day longer."),
        ("2027-01-21", "on 2027-01-18 to 2027-01-20; if the step before goes on, make it 3 days longer."),
    ],
)
def test_a_gap_is_suggested_to_be_closed_by_as_many_days_as_it_has(resumes, says):
    found = check("2027-01-04,2027-01-17,2", f"{resumes},2027-02-01,1.75", heading="start,end,dose_mg")
    assert found.report.check("dates").suggestions == (f"Write what is taken {says}",)


def test_a_tablet_that_may_not_be_divided_is_suggested_to_be_replaced_by_others_of_the_same_dose():
    found = check("14,0.75,clonazepam 1 mg tablet", heading="days,dose_mg,product")
    assert found.report.check("splits").suggestions == (
        "0.75 mg clonazepam from day 1 (row 2) can be made of 3 x clonazepam 0.25 mg ODT.",
    )


def test_a_dose_that_nothing_makes_is_suggested_to_be_one_of_its_neighbours():
    found = check("14,2", "14,1.9")
    assert found.report.check("products").suggestions == (
        "1.9 mg clonazepam from day 15 (row 3): The nearest that can be made: 1.875 mg (lower) or 2 mg (higher).",
    )


def test_the_supply_of_a_plan_is_what_is_left_what_is_at_home_and_what_is_dispensed():
    proposal = gp.plan(
        "diazepam 10 mg twice daily",
        age=62,
        start="2026-12-07",
        today=date(2026, 11, 22),
        have="diazepam 5 mg tablet=40",
    )
    document = to_document(proposal)
    route = "direct-present"
    taper, terms = read_document(document, load_formulary(), route)
    (option,) = (o for o in document["options"] if o["route"] == route)
    parts = [(k["left_before"], k["from_home"], k["dispensed"]) for f in option["supply"]["fills"] for k in f["lines"]]
    for place in range(3):
        assert any(Fraction(part[place]) for part in parts), "the example must use all three"
    assert [q.units for q in taper.quantities] == [sum(Fraction(number) for number in part) for part in parts]
    assert terms.region == "US"
