"""The six cases that every other tool was measured on, through the real command."""

from __future__ import annotations

from fractions import Fraction as F

from tests.support.command import check, doses, falls, option, plan, plan_json

FORTNIGHTLY = ("--percent", "10", "--every", "14d")


def daily(chosen, drug=None):
    return [str(float(mg)) for mg, _ in doses(chosen, drug)]


def by_slot(step):
    return {i["time"]: F(i["dose_mg"]) for i in step["intakes"]}


def test_c1_clonazepam_1_mg_twice_daily_goes_in_fifteen_reductions_over_55_weeks():
    document = plan_json("clonazepam 1 mg twice daily", *FORTNIGHTLY)
    chosen = option(document, "direct-all-forms")
    steps = doses(chosen)
    assert document["recommended"] == "direct-all-forms"
    assert [mg for mg, _ in steps] == [F(2) - F(k, 8) for k in range(16)]
    assert chosen["numbers"]["reductions"] == 15
    assert sum(days for _, days in steps) == 55 * 7
    assert chosen["numbers"]["weeks"] == "55"


def test_c1_says_plainly_that_tablets_alone_cannot_make_small_steps():
    chosen = option(plan_json("clonazepam 1 mg twice daily", "--since", "2023-11", "--age", "62"), "direct-present")
    assert min(mg for mg, _ in doses(chosen)) == F(1, 4)
    assert check(chosen, "fall-in-14-days")["status"] == "breach"
    assert "no better step can be made" in " ".join(s["because"] for s in chosen["plan"]["steps"])


def test_c1_keeps_the_twice_daily_balance():
    chosen = option(plan_json("clonazepam 1 mg twice daily", *FORTNIGHTLY), "direct-all-forms")
    for step in chosen["plan"]["steps"]:
        slots = by_slot(step)
        # The two doses never differ by more than the smallest piece, and neither goes before both must.
        if sum(slots.values()) >= F(1, 4):
            assert set(slots) == {"morning", "night"}
            assert abs(slots["morning"] - slots["night"]) <= F(1, 8)


def test_c1_shows_what_each_table_makes_of_the_dose_without_a_schedule():
    document = plan_json("clonazepam 1 mg twice daily", "--since", "2023-11", "--age", "62", "--liver", "no")
    switch = option(document, "switch")
    targets = {t["table"]: t["low_mg"] for t in switch["targets"]}
    assert (targets["ASHTON2002"], targets["VADOD2021"]) == ("40", "20")
    assert "plan" not in switch and "--table" in switch["withheld"]


def test_c1_is_in_the_high_band_so_the_default_interval_is_28_days():
    document = plan_json("clonazepam 1 mg twice daily", "--since", "2024-11", "--age", "40")
    assert document["pace"]["interval_days"] == 28
    assert any("high band" in f["says"] for f in document["findings"])


def test_c2_half_a_milligram_at_night_goes_by_dissolving_tablets_and_states_its_falls():
    document = plan_json("clonazepam 0.5 mg at night", *FORTNIGHTLY)
    chosen = option(document, "direct-all-forms")
    assert document["recommended"] == "direct-all-forms"
    assert doses(chosen) == [(F(1, 2), 7), (F(3, 8), 42), (F(1, 4), 56), (F(1, 8), 56)]
    assert falls(chosen) == [F(1, 4), F(1, 3), F(1, 2)]
    assert chosen["numbers"]["weeks"] == "23"
    assert check(chosen, "fall-in-14-days")["status"] == "breach"
    assert check(chosen, "fall-in-14-days")["value"].startswith("50 %")
    assert all(s["because"] for s in chosen["plan"]["steps"])
    assert chosen["end"]["last_dose_mg"] == "0.125"


def test_c2_never_jumps_from_the_full_dose_to_nothing():
    document = plan_json("clonazepam 0.5 mg at night")
    for chosen in document["options"]:
        if "plan" in chosen:
            assert len(chosen["plan"]["steps"]) > 1
            assert doses(chosen)[-1][0] < F(1, 2)


def test_c3_alprazolam_6_mg_a_day_is_never_switched_to_60_or_120_mg_of_diazepam():
    for table in ("ASHTON2002", "VADOD2021"):
        document = plan_json(
            "alprazolam 2 mg three times daily", "--since", "2021-11", "--age", "45", "--liver", "no",
            "--switch", "diazepam", "--table", table,
        )  # fmt: skip
        switch = option(document, "switch")
        assert "plan" not in switch
        assert switch["rule"] == "ceiling-doses"


def test_c3_asks_for_the_level_of_care_first():
    document = plan_json("alprazolam 2 mg three times daily", "--since", "2021-11", "--age", "45")
    severities = {f["rule"]: f["severity"] for f in document["findings"]}
    assert severities["inpatient-from-dose"] == "inpatient"
    assert severities["specialist-over-dose"] == "specialist"


def test_c3_keeps_three_doses_a_day_in_balance():
    document = plan_json("alprazolam 2 mg three times daily", "--since", "2021-11", "--age", "45")
    chosen = option(document, document["recommended"])
    for step in chosen["plan"]["steps"]:
        slots = by_slot(step)
        if sum(slots.values()) >= F(3, 4):
            assert set(slots) == {"morning", "noon", "night"}
            assert max(slots.values()) - min(slots.values()) <= F(1, 4)


def test_c4_lorazepam_three_times_daily_takes_from_noon_first_and_from_night_last():
    document = plan_json("lorazepam 1 mg three times daily", "--since", "2025-11", "--age", "40")
    chosen = option(document, "direct-present")
    first, last = chosen["plan"]["steps"][1], chosen["plan"]["steps"][-1]
    assert by_slot(first) == {"morning": F(1), "noon": F(1, 2), "night": F(1)}
    assert by_slot(last) == {"night": F(1, 2)}


def test_c4_goes_by_14_days_when_nothing_asks_for_more_except_the_dose_by_its_own_limit():
    document = plan_json("lorazepam 1 mg three times daily", "--since", "2025-11", "--age", "40")
    assert document["pace"]["interval_days"] == 14


def test_c5_ten_years_of_use_are_slower_and_the_end_below_5_mg_is_made_with_the_solution():
    document = plan_json("diazepam 30 mg/day in 3 divided doses", "--since", "2016-11", "--age", "50")
    assert document["pace"]["interval_days"] == 28
    assert document["recommended"] == "direct-all-forms"
    chosen = option(document, "direct-all-forms")
    below = [s for s in chosen["plan"]["steps"] if sum(by_slot(s).values()) < 5]
    assert len(below) > 10
    assert all("oral solution" in p["product"] for s in below for i in s["intakes"] for p in i["pieces"])


def test_c5_never_quarters_a_2_mg_tablet():
    document = plan_json("diazepam 30 mg/day in 3 divided doses", "--since", "2016-11", "--age", "50")
    for chosen in document["options"]:
        for step in chosen.get("plan", {}).get("steps", []):
            for intake in step["intakes"]:
                for piece in intake["pieces"]:
                    if "tablet" in piece["product"]:
                        assert (F(piece["units"]) * 2).denominator == 1


def test_c6_temazepam_capsules_are_never_split_and_the_falls_are_stated():
    document = plan_json("temazepam 30 mg at night", "--since", "2024-11", "--age", "78")
    chosen = option(document, document["recommended"])
    assert daily(chosen) == ["30.0", "22.5", "15.0", "7.5"]
    assert falls(chosen) == [F(1, 4), F(1, 3), F(1, 2)]
    assert document["pace"]["interval_days"] == 28
    assert all(
        F(p["units"]).denominator == 1 for s in chosen["plan"]["steps"] for i in s["intakes"] for p in i["pieces"]
    )
    assert check(chosen, "fall-in-14-days")["status"] == "breach"


def test_c6_warns_of_age_and_never_goes_from_22_and_a_half_to_nothing():
    document = plan_json("temazepam 30 mg at night", "--since", "2024-11", "--age", "78")
    assert any(f["rule"] == "older-adult" for f in document["findings"])
    assert all(doses(o)[-1][0] == F(15, 2) for o in document["options"] if "plan" in o)


def test_every_case_ends_with_a_stated_last_dose_jump_reason_and_alternatives():
    sigs = (
        "clonazepam 1 mg twice daily",
        "clonazepam 0.5 mg at night",
        "alprazolam 2 mg three times daily",
        "lorazepam 1 mg three times daily",
        "diazepam 10 mg three times daily",
        "temazepam 30 mg at night",
    )
    for sig in sigs:
        for chosen in plan_json(sig)["options"]:
            if "plan" in chosen:
                end = chosen["end"]
                assert end["jump"] and end["reason"] and end["alternatives"]
                assert check(chosen, "stop")["status"] == "caution"
                assert check(chosen, "never-rises")["status"] == "pass"


def test_the_terminal_says_draft_evaluation_and_what_was_understood():
    outcome = plan("clonazepam 1 mg twice daily", "--since", "2023-11", "--age", "62")
    assert outcome.code == 0
    for said in (
        "DRAFT: not to be followed",
        "Evaluation: facts not yet reviewed by a clinician",
        "clonazepam 1 mg in the morning, 1 mg at night",
        "No assessment was made",
        "The one to discuss first",
        "How it ends",
        "Proof of",
        "Sources",
    ):
        assert said in outcome.out
