"""The verdict on a whole taper, and each check behind it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from glidepath.checker.judge import judge
from glidepath.checker.report import Report, Status, Verdict
from glidepath.checker.written import WrittenTaper
from glidepath.facts.formulary import load_formulary
from tests.unit.checker_builders import daily, entry, spans, taper

F = Fraction
FACTS = load_formulary()
DOSE_CHECKS = [
    "start",
    "dates",
    "never-rises",
    "fall-per-step",
    "fall-in-14-days",
    "fall-in-28-days",
    "dose-slip",
    "last-dose",
    "final-step",
]


def seen(written: WrittenTaper, **more: object) -> Report:
    return judge(written, FACTS, region="US", **more)  # type: ignore[arg-type]


def status(report: Report, check: str) -> Status:
    return report.check(check).status


GENTLE = daily((28, "10"), (28, "9"), (28, "8"), (28, "7"), (28, "6"), (28, "5"), (28, "4"), (28, "3"), (28, "0"))


def test_a_gentle_taper_is_within() -> None:
    report = seen(GENTLE)
    assert report.verdict is Verdict.WITHIN
    assert report.measure == "mg of diazepam"
    assert report.final_step is not None
    assert (report.final_step.day, report.final_step.from_mg, report.final_step.fraction) == (225, 3, 1)


def test_only_the_checks_of_doses_are_run_when_asked() -> None:
    report = seen(GENTLE, doses_only=True)
    assert [c.id for c in report.checks] == DOSE_CHECKS
    assert report.doses_only


def test_a_fall_over_the_limit_breaches_and_says_each_one() -> None:
    report = seen(daily((28, "10"), (28, "5"), (28, "2.5"), (28, "0")))
    found = report.check("fall-in-14-days")
    assert report.verdict is Verdict.BREACHES
    assert found.value == "50 %"
    assert found.says.count("50 %") == 2
    assert report.days_over == 28
    assert found.sources == ("ASAM2025",)


@pytest.mark.parametrize(
    ("second", "expected"),
    [("9", Status.PASS), ("8.9", Status.CAUTION), ("7.5", Status.CAUTION), ("7.4", Status.BREACH)],
)
def test_a_fall_is_weighed_against_the_usual_pace_and_the_limit(second: str, expected: Status) -> None:
    assert status(seen(daily((28, "10"), (28, second))), "fall-in-14-days") is expected


def test_a_month_of_falls_is_pointed_out_and_never_breaches() -> None:
    report = seen(daily((14, "16"), (14, "12"), (14, "9"), (14, "7")))
    assert report.worst_fall_28d is not None
    assert status(report, "fall-in-28-days") is Status.PASS  # exactly 25 % twice
    faster = seen(daily((10, "16"), (10, "12"), (10, "9"), (10, "7")))
    assert status(faster, "fall-in-28-days") is Status.CAUTION


def test_days_without_a_row_breach_dates_and_are_listed() -> None:
    report = seen(daily((28, "10"), (3, None), (28, "9")))
    assert report.uncovered_days == ((29, 31, 2),)
    assert status(report, "dates") is Status.BREACH


def test_days_claimed_twice_breach_dates_and_are_told_in_words() -> None:
    made = (*spans((5, (entry("diazepam", "10"),))), *spans((5, (entry("diazepam", "9"),)), first=8))
    report = seen(taper(made, twice=((6, 7, 2),)))
    assert report.uncovered_days == ()
    assert "days 6 to 7 (row 2)" in report.check("dates").says


def test_a_rise_above_what_was_taken_before_is_seen_on_day_1() -> None:
    report = seen(daily((28, "10"), before="8"))
    assert [(r.day, r.drug, r.from_mg, r.to_mg) for r in report.rises] == [(1, "diazepam", 8, 10)]
    assert status(report, "never-rises") is Status.BREACH


def test_a_slip_of_the_decimal_point_is_seen() -> None:
    report = seen(daily((14, "10"), (14, "1"), (14, "0")))
    assert status(report, "dose-slip") is Status.BREACH
    assert "microgram" not in report.check("dose-slip").says
    micro = seen(daily((14, "0.005"), (14, "5")))
    assert "microgram" in micro.check("dose-slip").says
    assert status(seen(daily((14, "10"), (14, "1.1"))), "dose-slip") is Status.PASS


def test_a_time_of_day_may_fall_tenfold_only_where_the_day_falls_by_a_usual_step() -> None:
    def with_night(before: str, after: str, morning: str) -> Report:
        made = spans(
            (28, (entry("diazepam", morning, "morning"), entry("diazepam", before, "night"))),
            (28, (entry("diazepam", morning, "morning"), entry("diazepam", after, "night"))),
        )
        return seen(taper(made))

    assert status(with_night("1.25", "0.125", "8"), "dose-slip") is Status.PASS
    assert status(with_night("1.25", "0.125", "3.25"), "dose-slip") is Status.PASS
    assert status(with_night("1.25", "0.125", "3.2"), "dose-slip") is Status.BREACH
    assert status(with_night("0.125", "1.25", "8"), "dose-slip") is Status.BREACH


def test_a_dose_beyond_all_measure_is_a_slip_only_where_ceilings_are_looked_at() -> None:
    huge = daily((14, "2000"), (14, "1900"))
    assert status(seen(huge), "dose-slip") is Status.BREACH
    assert status(seen(huge, doses_only=True), "dose-slip") is Status.PASS


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (((14, "4"), (14, "3"), (14, "2"), (1, "0")), Status.PASS),
        (((14, "4"), (14, "3"), (7, "2"), (1, "0")), Status.CAUTION),
        (((60, "3"), (7, "2"), (1, "0")), Status.PASS),  # how long the first was taken is not known
        (((14, "3"), (14, "2")), Status.PASS),
    ],
)
def test_the_last_dose_is_given_as_long_as_the_one_before(
    blocks: tuple[tuple[int, str], ...], expected: Status
) -> None:
    assert status(seen(daily(*blocks)), "last-dose") is expected


def test_a_taper_that_does_not_say_how_it_ends_is_a_caution() -> None:
    found = seen(daily((14, "3"), (14, "2"))).check("final-step")
    assert (found.status, found.value) == (Status.CAUTION, "no end stated")


def test_a_drug_that_was_taken_and_is_not_named_again_is_not_read_as_stopped() -> None:
    two = taper(spans((14, (entry("diazepam", 10), entry("lorazepam", 2))), (14, (entry("diazepam", 10),))))
    report = seen(two)
    assert [u[:3] for u in report.unsaid] == [("lorazepam", 15, 28)]
    assert status(report, "dates") is Status.BREACH
    assert "lorazepam" in report.check("dates").says


def test_an_abrupt_stop_is_called_one_and_never_breaches_by_itself() -> None:
    report = seen(daily((28, "10"), (28, "0")))
    found = report.check("final-step")
    assert found.status is Status.CAUTION
    assert "abrupt stop" in found.says
    assert report.verdict is Verdict.WITHIN
    assert "abrupt" not in seen(GENTLE).check("final-step").says


def test_nothing_but_zero_gives_no_verdict() -> None:
    report = seen(daily((28, "0"), before="10"))
    assert report.verdict is Verdict.CANNOT_TELL
    assert report.final_step is not None
    assert (report.final_step.from_mg, report.final_step.day, report.final_step.from_day) == (10, 1, 0)
    assert seen(taper(())).verdict is Verdict.CANNOT_TELL


def test_ceilings_of_the_region_breach_and_those_of_elsewhere_do_not() -> None:
    high = daily((28, "41"))
    assert status(judge(high, FACTS, region="US"), "ceiling-doses") is Status.BREACH
    assert status(judge(high, FACTS, region="DE"), "ceiling-doses") is Status.CAUTION
    assert "elsewhere" in judge(high, FACTS, region="DE").check("ceiling-doses").bound
    between = daily((28, "6"), drug="clonazepam")
    assert status(judge(between, FACTS, region="US"), "ceiling-doses") is Status.CAUTION


# several drugs -----------------------------------------------------------------------------------------------------


def a_switch(into: str = "5") -> WrittenTaper:
    """1 mg of clonazepam to diazepam in four parts, `into` mg for each 0.25 mg; then down."""
    each = F(into)
    moves = tuple(
        (14, tuple(e for e in (entry("clonazepam", 1 - F(n, 4)), entry("diazepam", n * each)) if e.dose or n == 4))
        for n in range(5)
    )
    return taper(spans(*moves, (28, (entry("clonazepam", 0), entry("diazepam", 4 * each * F(9, 10))))))


def test_a_switch_is_measured_by_its_table() -> None:
    report = seen(a_switch(), table="ashton2002")
    assert report.measure == "mg diazepam-equivalent (ASHTON2002)"
    assert status(report, "never-rises") is Status.PASS
    assert status(report, "switch-table") is Status.PASS
    assert report.worst_fall_14d is not None
    assert report.worst_fall_14d.fraction == F(1, 10)


def test_a_switch_that_gives_too_much_by_its_table_breaches() -> None:
    report = seen(a_switch("6"), table="ASHTON2002")
    assert status(report, "switch-table") is Status.BREACH
    assert [r.drug for r in report.rises][:1] == [""]


def test_tables_that_differ_leave_a_switch_without_a_verdict() -> None:
    report = seen(a_switch())
    found = report.check("never-rises")
    assert found.status is Status.NOT_ASSESSABLE
    assert "VADOD2021" in found.says
    assert report.verdict is Verdict.CANNOT_TELL


def test_a_table_without_one_of_the_drugs_cannot_judge() -> None:
    report = seen(a_switch(), table="WHO2009")
    for check in ("never-rises", "fall-in-14-days", "switch-table"):
        assert status(report, check) is Status.NOT_ASSESSABLE
    assert report.worst_fall_14d is None
    assert report.verdict is Verdict.CANNOT_TELL


def test_every_table_is_read_at_both_ends_for_the_moving_part() -> None:
    report = seen(a_switch(), table="ASHTON2002")
    ends = {(r.table, r.end) for r in report.readings}
    assert ("KAPLAN11", "low") in ends
    assert ("KAPLAN11", "high") in ends
    assert ("ASHTON2002", "high") not in ends
    by_vadod = next(r for r in report.readings if r.table == "VADOD2021")
    assert (by_vadod.start_mg, by_vadod.highest_mg, by_vadod.highest_day) == (10, 20, 57)
    assert status(report, "switch-every-table") is Status.CAUTION
    assert report.verdict is Verdict.WITHIN


def test_after_the_switch_a_time_of_day_may_not_rise() -> None:
    made = a_switch().spans
    last = made[-1]
    apart = replace(last, entries=(entry("diazepam", "9", "morning"), entry("diazepam", "9", "night")), rows=(1, 2))
    later = replace(
        last,
        first=last.last + 1,
        entries=(entry("diazepam", "7", "morning"), entry("diazepam", "10", "night")),
        rows=(3, 4),
    )
    report = seen(replace(a_switch(), spans=(*made[:-1], apart, later)), table="ASHTON2002")
    assert [(r.drug, r.time, r.day) for r in report.rises] == [("diazepam", "night", later.first)]


def test_a_constant_second_drug_is_not_counted() -> None:
    made = spans(
        (28, (entry("diazepam", "10"), entry("zolpidem", "5", "night"))),
        (28, (entry("diazepam", "9"), entry("zolpidem", "5", "night"))),
    )
    report = seen(taper(made))
    assert report.measure == "mg of diazepam"
    assert report.worst_fall_14d is not None
    assert report.worst_fall_14d.fraction == F(1, 10)


# tables as written -------------------------------------------------------------------------------------------------


def test_one_step_number_stands_for_one_regimen() -> None:
    made = spans((7, (entry("diazepam", "10"),)), (7, (entry("diazepam", "9"),)), steps=True)
    assert status(seen(taper(made)), "one-regimen-per-step") is Status.PASS
    same = (made[0], replace(made[1], step=1))
    assert status(seen(taper(same)), "one-regimen-per-step") is Status.BREACH
    back = (replace(made[0], step=3), made[1])
    assert status(seen(taper(back)), "one-regimen-per-step") is Status.BREACH
    assert not seen(GENTLE).has("one-regimen-per-step")


@pytest.mark.parametrize(("texts", "expected"), [(("2.50", "20.00"), Status.BREACH), (("5.00", "20.00"), Status.PASS)])
def test_equivalents_are_worked_out_again(texts: tuple[str, str], expected: Status) -> None:
    line = replace(entry("clonazepam", "1"), equivalents=texts)
    assert status(seen(taper(spans((28, (line,))))), "equivalents-written") is expected


def test_no_text_speaks_of_addiction_or_success() -> None:
    for report in (seen(GENTLE), seen(a_switch()), seen(daily((7, "10"), (7, "1"), (7, "0")))):
        for check in report.checks:
            text = check.says.lower()
            assert not any(word in text for word in ("addict", "success", "probab"))
