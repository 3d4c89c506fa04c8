"""Bands over simulated people: are they the people's, at any number of threads, and are the laws of the model kept?"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import glidepath as gp
from glidepath.casework.histories import history_of_document, history_of_taper
from glidepath.casework.simulate import compare, simulate
from glidepath.errors import GlidepathError
from glidepath.facts.formulary import load_formulary
from glidepath.facts.response import load_response
from glidepath.pharmacology.bands import LEVELS, Counts
from glidepath.pharmacology.covariates import Person
from glidepath.pharmacology.forecast import forecast
from glidepath.pharmacology.history import Dose, DosingHistory, every_day
from glidepath.pharmacology.model import model_of
from glidepath.pharmacology.population import returning_illness, simulated
from glidepath.pharmacology.seizure_order import Order, seizure_order
from glidepath.pharmacology.tables import rows
from glidepath.render.document import to_document
from glidepath.render.forecast_words import assumed_lines, fullest_day, lines_of, swings, which_is_gentler

FACTS, RESPONSE = load_formulary(), load_response()
CENTRAL = RESPONSE.scenarios[0]
DAY = (Dose(8.0, "clonazepam", 1.0), Dose(22.0, "clonazepam", 1.0))
MODEL = model_of(["clonazepam"], FACTS, RESPONSE)
STOP = DosingHistory(doses=(), days=28, before=DAY)
TODAY = date(2026, 11, 22)


def linear(days: int) -> DosingHistory:
    doses = tuple(
        Dose(24.0 * d + dose.hour, dose.drug, dose.mg * (1 - (d + 1) / (days + 1))) for d in range(days) for dose in DAY
    )
    return DosingHistory(doses=doses, days=days + 28, before=DAY)


def test_counted_quantiles_are_those_of_the_people_within_half_a_bin():
    random = np.random.default_rng(1)
    parts, levels = random.beta(2, 9, (5000, 3, 1)), random.lognormal(3, 1, (5000, 3, 1))
    counts = Counts.of(3, np.array([False, True]))
    counts.add(np.concatenate([parts, levels], axis=2))
    found = counts.quantiles()
    for day in range(3):
        exact = np.quantile(parts[:, day, 0], LEVELS, method="inverted_cdf")
        assert np.abs(found[day, 0] - exact).max() <= 0.5 / 2047 + 1e-12
        exact = np.quantile(levels[:, day, 0], LEVELS, method="inverted_cdf")
        assert np.abs(found[day, 1] / exact - 1).max() <= 0.0055


def test_parts_that_were_counted_apart_are_the_whole():
    random = np.random.default_rng(2)
    values = random.random((300, 2, 1))
    whole, first, second = (Counts.of(2, np.array([False])) for _ in range(3))
    whole.add(values)
    first.add(values[:100])
    second.add(values[100:])
    assert np.array_equal((first + second).counts, whole.counts) and (first + second).n == 300


def test_the_monte_carlo_error_of_a_median_is_that_of_theory():
    counts = Counts.of(1, np.array([False]))
    counts.add(np.random.default_rng(3).random((40_000, 1, 1)))
    assert counts.monte_carlo_error()[0, 0, 2] == pytest.approx(0.5 / 200, rel=0.2)


@pytest.mark.parametrize("n", [40, 1500])
def test_the_same_seed_gives_the_same_bands_at_any_number_of_threads(n):
    one, two, three = (forecast(MODEL, STOP, n=n, seed=7, threads=threads) for threads in (1, 2, 3))
    for other in (two, three):
        assert np.array_equal(one.conc_ng_ml, other.conc_ng_ml)
        assert all(np.array_equal(a.drive, b.drive) for a, b in zip(one.courses, other.courses, strict=True))
    assert not np.array_equal(one.courses[0].drive, forecast(MODEL, STOP, n=n, seed=8).courses[0].drive)


def test_bands_hold_the_people_they_were_counted_from():
    done = next(simulated(MODEL, STOP, CENTRAL, n=200, seed=1, threads=1))
    found = forecast(MODEL, STOP, n=200, seed=1).courses[0]
    exact = np.quantile(done.day_mean[:, :, -1], LEVELS, axis=0, method="inverted_cdf").T
    assert np.abs(found.drive - exact).max() <= 0.5 / 2047 + 1e-12


def test_a_steady_dose_has_hardly_any_drive_and_no_drug_none():
    steady = DosingHistory(doses=every_day(DAY, 14), days=14, before=DAY)
    assert forecast(MODEL, steady, n=200, seed=1).courses[0].drive[:, 2].max() < 0.002
    nothing = DosingHistory(doses=(Dose(8.0, "clonazepam", 0.0),), days=7)
    found = forecast(MODEL, nothing, n=50, seed=1)
    assert found.conc_ng_ml.max() == 0 and all(c.drive.max() == 0 for c in found.courses)


def test_a_slower_reduction_has_a_lower_peak_in_every_scenario():
    for slow, fast in ((linear(182), linear(70)), (linear(70), linear(28)), (linear(28), STOP)):
        for a, b in zip(*(forecast(MODEL, h, n=300, seed=1).courses for h in (slow, fast)), strict=True):
            assert a.peak_drive[2] < b.peak_drive[2], a.scenario.id


@pytest.mark.parametrize("old", ["lorazepam", "clonazepam", "alprazolam"])
def test_what_the_tables_leave_open_lies_between_the_old_drug_and_diazepam(old):
    model = model_of([old, "diazepam"], FACTS, RESPONSE)
    body = model.people(1000, CENTRAL, seed=3)
    first, second = (model.network.states.index(name) for name in (old, "diazepam"))
    volumes = [
        body.outputs[model.substances.index(name), place] for name, place in ((old, first), ("diazepam", second))
    ]
    ratio = np.log(body.site[first] / volumes[0]) - np.log(body.site[second] / volumes[1])
    open_ = np.hypot(model.potency.log_sd[old], model.potency.log_sd["diazepam"])
    assert open_ > 0.1 and ratio.std() == pytest.approx(open_, rel=0.1)


def test_a_change_of_drug_widens_the_band():
    day = (Dose(8.0, "diazepam", 10.0), Dose(22.0, "diazepam", 20.0))
    after = DosingHistory(doses=every_day(day, 40), days=40, before=(Dose(8.0, "lorazepam", 3.0),))
    model = model_of(["lorazepam", "diazepam"], FACTS, RESPONSE)
    sure = replace(model, potency=replace(model.potency, log_sd=dict.fromkeys(("lorazepam", "diazepam"), 0.0)))
    narrow, wide = (forecast(m, after, n=600, seed=1).courses[0].drive_days for m in (sure, model))
    assert wide[-1] - wide[0] > 1.05 * (narrow[-1] - narrow[0])


def test_a_person_is_the_same_whatever_is_taken():
    alone, both, other = (
        (m, m.people(300, CENTRAL, seed=4))
        for m in (model_of(d, FACTS, RESPONSE) for d in (["lorazepam"], ["lorazepam", "diazepam"], ["zolpidem"]))
    )
    for _, body in (both, other):
        for name in ("rho", "tau_h", "share"):
            assert np.array_equal(getattr(alone[1], name), getattr(body, name))
    (first, one), (second, two) = alone, both
    place = [m.network.states.index("lorazepam") for m in (first, second)]
    for name in ("loss", "site"):
        assert np.array_equal(getattr(one, name)[place[0]], getattr(two, name)[place[1]])


@pytest.mark.parametrize("n", [0, -1, 10**12, True, 1.5])
def test_a_number_of_people_that_cannot_be_is_named(n):
    with pytest.raises(GlidepathError) as refused:
        simulate("clonazepam 1 mg at night", n=n)
    assert (refused.value.code, refused.value.field) == ("NUM_RANGE", "n")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": 10**6}, "days"),
        ({"days": 2.5}, "days"),
        ({"doses": (Dose("8", "clonazepam", 1.0),)}, "doses"),
        ({"doses": ((8.0, "clonazepam", 1.0),)}, "doses"),
        ({"doses": (Dose(-1.0, "clonazepam", 1.0),)}, "doses"),
        ({"doses": (Dose(8.0, "clonazepam", float("nan")),)}, "doses"),
        ({"doses": (Dose(8.0, "clonazepam", -1.0),)}, "doses"),
        ({"doses": (Dose(8.0, "clonazepam", 1.0), Dose(8.0, "clonazepam", 1.0))}, "doses"),
        ({"before": (Dose(24.0, "clonazepam", 1.0),)}, "before"),
    ],
)
def test_a_history_that_cannot_be_is_named(changes, field):
    with pytest.raises(GlidepathError) as refused:
        replace(STOP, **changes)
    assert (refused.value.code, refused.value.field) == ("SIM_HISTORY", field)


def test_a_plan_is_simulated_with_exactly_the_doses_of_its_day_table():
    proposal = gp.plan("alprazolam 1 mg bd", today=TODAY, start="2026-12-07")
    taper = proposal.recommended.taper
    history = history_of_taper(taper, tail_days=7)
    for day in (0, 7, 30, len(taper.steps) * 5):
        step = max((s for s in taper.steps if (s.starts - taper.starts).days <= day), key=lambda s: s.number)
        assert history.mg_a_day("alprazolam")[day] == float(step.regimen.total("alprazolam").mg)
    assert history.mg_a_day("alprazolam")[-7:] == (0.0,) * 7 and history.starts == taper.starts
    assert history_of_document(to_document(proposal), tail_days=7) == history


def test_a_line_is_simulated_as_it_is_taken():
    found = gp.simulate("lorazepam 1 mg three times daily", n=64, days=5)
    assert found.days == 5 and found.dose_mg.tolist() == [[3.0] * 5]


def test_the_order_as_to_a_seizure_puts_a_stop_above_a_slow_reduction_and_is_silent_without_a_dose():
    assert seizure_order(MODEL, STOP, CENTRAL) is Order.SUDDEN
    assert seizure_order(MODEL, linear(182), CENTRAL) is Order.GENTLE
    assert seizure_order(MODEL, linear(70), CENTRAL) is not Order.SUDDEN
    assert seizure_order(MODEL, DosingHistory(doses=every_day(DAY, 7), days=7), CENTRAL) is None


def test_a_drug_that_nobody_tapers_goes_on_after_the_last_dose_of_the_other():
    both = gp.plan("lorazepam 1 mg bid, zolpidem 10 mg at night", taper="lorazepam", today=TODAY, start="2026-12-07")
    history = history_of_taper(both.recommended.taper, tail_days=20)
    assert set(history.mg_a_day("zolpidem")) == {10.0}
    assert history.mg_a_day("lorazepam")[-20:] == (0.0,) * 20
    assert history_of_document(to_document(both), tail_days=20) == history


@pytest.mark.parametrize(
    ("drug", "order"), [("zolpidem", None), ("alprazolam", Order.GENTLE), ("diazepam", Order.GENTLE)]
)
def test_taking_the_same_for_years_is_never_like_a_stop(drug, order):
    # Zolpidem at night is gone by every evening: a stop brings no more drive than any day has, and nothing is ordered.
    day = (Dose(22.0, drug, 5.0),)
    model = model_of([drug], FACTS, RESPONSE)
    for scenario in RESPONSE.shown:
        for days in (28, 700):
            same = DosingHistory(doses=every_day(day, days), days=days, before=day)
            assert seizure_order(model, same, scenario) is order


RETURNING = RESPONSE.scenario("returning-illness")


def drives(history, scenario, **asked):
    asked = {"n": 1500, "seed": 5, "threads": 1} | asked
    return np.concatenate([done.day_mean[:, :, -1] for done in simulated(MODEL, history, scenario, **asked)])


def test_a_returning_illness_adds_to_the_drive_of_the_same_people_and_stays():
    stop = DosingHistory(doses=(), days=150, before=DAY)
    alone, returning = drives(stop, CENTRAL), drives(stop, RETURNING)
    added, is_below_1 = returning - alone, returning < 0.999
    assert (added >= 0).all() and (np.diff(added, axis=1)[is_below_1[:, 1:]] > -1e-9).all()
    size = RESPONSE.value("return_points") * RESPONSE.value("gain_drive") / RESPONSE.value("gain")
    assert np.median(added[:, -1]) == pytest.approx(size, rel=0.05)
    # It begins within eight weeks of the day on which the effect has halved: by the middle of them in half of people.
    began = (added > 0.1 * added[:, -1:]).argmax(axis=1)
    assert began.max() <= 5 + 56 and 24 <= np.median(began) <= 36


def test_a_returning_illness_is_the_same_at_any_number_of_people_and_threads():
    whole = drives(STOP, RETURNING)
    assert np.array_equal(drives(STOP, RETURNING, n=70), whole[:70])
    assert np.array_equal(drives(STOP, RETURNING, n=70, threads=3), whole[:70])
    assert np.array_equal(drives(STOP, RETURNING, threads=2), whole)


def a_day_forgotten(day: tuple[Dose, ...], days: int, forgotten: int) -> DosingHistory:
    doses = tuple(d for d in every_day(day, days) if d.hour // 24 != forgotten)
    return DosingHistory(doses=doses, days=days, before=day)


@pytest.mark.parametrize("drug", ["zolpidem", "triazolam", "lorazepam"])
def test_a_forgotten_dose_and_a_change_at_an_equal_dose_bring_nothing_back(drug):
    forgotten = a_day_forgotten((Dose(22.0, drug, 5.0),), 60, 30)
    assert returning_illness(model_of([drug], FACTS, RESPONSE), forgotten, RETURNING, seed=1) is None
    model = model_of(["lorazepam", "diazepam"], FACTS, RESPONSE)
    changed = DosingHistory(
        doses=every_day((Dose(22.0, "diazepam", 30.0),), 60), days=60, before=(Dose(22.0, "lorazepam", 3.0),)
    )
    assert returning_illness(model, changed, RETURNING, seed=1) is None
    ended = replace(changed, days=120)
    assert returning_illness(model, ended, RETURNING, seed=1).day >= 60


def test_nothing_returns_where_most_of_the_effect_goes_on():
    same = DosingHistory(doses=every_day(DAY, 60), days=60, before=DAY)
    assert np.array_equal(drives(same, RETURNING, n=50), drives(same, CENTRAL, n=50))
    assert returning_illness(MODEL, DosingHistory(doses=every_day(DAY, 5), days=5), RETURNING, seed=1) is None


def test_a_returning_illness_says_nothing_of_a_seizure():
    assert seizure_order(MODEL, linear(70), RETURNING) is seizure_order(MODEL, linear(70), CENTRAL)


def test_a_high_concentration_is_counted_as_it_is():
    counts = Counts.of(1, np.array([True]))
    counts.add(np.full((10, 1, 1), 250_000.0))
    assert counts.quantiles()[0, 0, 2] == pytest.approx(250_000, rel=0.006)


def test_no_result_has_fewer_than_three_scenarios():
    found = gp.simulate("clonazepam 1 mg at night", n=16, days=2, scenarios=["slow-adaptation"])
    assert [c.scenario.id for c in found.courses] == ["slow-adaptation", "central", "proportional"]


def test_the_hardest_day_is_the_one_the_picture_shows():
    found = forecast(MODEL, STOP, n=400, seed=2).courses[0]
    assert abs(found.peak_day[2] - found.drive[:, 2].argmax()) <= 1.5
    assert found.peak_drive[2] == pytest.approx(found.drive[:, 2].max(), rel=0.15)


@pytest.mark.parametrize("line", ["alprazolam 1 mg three times daily", "zolpidem 10 mg at night", "diazepam 5 mg bd"])
def test_on_an_unchanged_dose_no_day_stands_out(line):
    for course in gp.simulate(line, n=64).courses:
        assert np.isnan(course.peak_day).all()


def test_plans_of_people_who_differ_are_not_put_in_order():
    old, young = (gp.plan("clonazepam 1 mg at night", age=age, today=TODAY, start="2026-12-07") for age in (80, 40))
    both = {"old": gp.simulate(old, n=128), "young": gp.simulate(young, n=128)}
    assert "people who differ" in which_is_gentler(both)
    named = [line for line in lines_of(both) if "clearance x" in line]
    assert named and all(line.startswith("old: ") for line in named)
    assert any(line.startswith("young: No factor of clearance") for line in lines_of(both))
    alike = {"a": both["old"], "b": gp.simulate(old, n=128, scenarios=["high-occupancy"])}
    with pytest.raises(GlidepathError) as refused:
        compare(alike)
    assert refused.value.code == "OPTION_INVALID"


def test_reducing_less_is_never_said_to_be_gentler():
    plan = gp.simulate(gp.plan("clonazepam 1 mg at night", today=TODAY, start="2026-12-07"), n=128)
    kept = {"plan": plan, "kept": gp.simulate("clonazepam 1 mg at night", n=128)}
    assert "do not end at the same doses" in which_is_gentler(kept)


def test_a_returning_illness_is_no_part_of_the_order_of_plans():
    scenarios = ["returning-illness", "central", "saturating"]
    both = {
        name: forecast(MODEL, linear(days), n=400, seed=1, scenarios=[RESPONSE.scenario(s) for s in scenarios])
        for name, days in (("fast", 7), ("slow", 140))
    }
    assert which_is_gentler(both) == "In every scenario of withdrawal the highest drive of slow is lower."


def test_a_drug_that_begins_later_is_seen_to_swing():
    later = DosingHistory(
        doses=tuple(Dose(24.0 * day + 22.0, "diazepam", 10.0) for day in range(5, 40)),
        days=40,
        before=(Dose(22.0, "lorazepam", 1.0),),
    )
    found = gp.simulate(later, n=64)
    assert 1.15 < swings(found)["diazepam"] < 3 and fullest_day(found, "diazepam") >= 20


def test_a_plan_is_simulated_for_its_own_person():
    old, young = (gp.plan("diazepam 5 mg bd", age=age, today=TODAY, start="2026-12-07") for age in (80, 40))
    levels = [gp.simulate(p, n=64).conc_ng_ml[0, 0, 2] for p in (old, young, to_document(old))]
    assert levels[0] > levels[1] and levels[2] == levels[0]


def test_the_first_day_of_the_typical_person_is_hour_by_hour():
    found = gp.simulate("alprazolam 1 mg three times daily", n=16, days=3)
    day = found.first_day_ng_ml[0]
    assert day.shape == (25,) and day[0] == pytest.approx(day[24], rel=1e-9)
    # Lowest before the first dose of the day, and rising after each: 8:00, 13:00 and 22:00.
    assert day.argmin() == 8 and all(day[hour + 1] > day[hour] for hour in (8, 13, 22))
    begun = gp.simulate(DosingHistory(doses=every_day(DAY, 2), days=2), n=16).first_day_ng_ml[0]
    assert begun[:9].tolist() == [0.0] * 9 and begun[9] > 0


def test_the_tables_hold_every_number_once():
    found = gp.simulate("clonazepam 1 mg at night", n=64, days=3)
    listed = list(rows(found))
    assert len(listed) == 3 * (1 + 3 + 3) and listed[0]["q50"] == 1.0
    drive = [row["q50"] for row in listed if row["what"] == "withdrawal drive" and row["scenario"] == "central"]
    assert drive == found.courses[0].drive[:, 2].tolist()


def test_a_frame_and_labelled_arrays_hold_the_numbers_of_the_forecast():
    found = gp.simulate("clonazepam 1 mg at night", n=32, days=2)
    frame, data = gp.to_frame(found), gp.to_xarray(found)
    lowest = frame[(frame.what == "lowest concentration") & (frame.day == 2)]
    assert lowest.q50.item() == found.conc_trough_ng_ml[0, 1, 2]
    assert data.lowest_concentration.sel(substance="clonazepam", day=2, quantile=0.5).item() == lowest.q50.item()
    assert data.drive.sel(scenario="saturating", day=1, quantile=0.95).item() == found.courses[2].drive[0, 4]
    assert (data.concentration.units, data.dose.units, data.attrs["n"]) == ("ng/mL", "mg", 32)


@pytest.mark.parametrize("make", [gp.to_frame, gp.to_xarray])
def test_frames_without_their_library_or_without_a_forecast_are_named(make, monkeypatch):
    with pytest.raises(GlidepathError) as refused:
        make("a forecast")
    assert (refused.value.code, refused.value.field) == ("OPTION_INVALID", "forecast")
    found = gp.simulate("clonazepam 1 mg at night", n=32, days=2)
    for name in ("pandas", "xarray"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(GlidepathError) as missing:
        make(found)
    assert missing.value.code == "EXTRA_MISSING"


@pytest.mark.parametrize(
    ("what", "options", "code", "field"),
    [
        (None, {}, "OPTION_INVALID", "what"),
        ([1], {}, "OPTION_INVALID", "what"),
        (b"clonazepam 1 mg", {}, "OPTION_INVALID", "what"),
        ({"format": "other"}, {}, "JSON_INVALID", "format"),
        ("clonazepam 1 mg at night", {"person": "old"}, "OPTION_INVALID", "person"),
        ("clonazepam 1 mg at night", {"threads": 0}, "NUM_RANGE", "threads"),
        ("clonazepam 1 mg at night", {"threads": -2}, "NUM_RANGE", "threads"),
        ("clonazepam 1 mg at night", {"seed": -1}, "NUM_RANGE", "seed"),
        ("clonazepam 1 mg at night", {"days": float("nan")}, "NUM_RANGE", "days"),
        ("clonazepam 1 mg at night", {"scenarios": 5}, "OPTION_INVALID", "scenarios"),
        ("clonazepam 1 mg at night", {"scenarios": [["central"]]}, "OPTION_INVALID", "scenarios"),
        ("clonazepam 1 mg at night", {"scenarios": "none such"}, "OPTION_INVALID", "scenarios"),
        ("clonazepam 1 mg at night", {"option": 3}, "OPTION_INVALID", "option"),
        ("clonazepam 100000 mg at night", {}, "NUM_RANGE", "dose"),
        ("clonazepam 1 mg at night", {"option": "direct-all-forms"}, "OPTION_INVALID", "option"),
        (DosingHistory(doses=(), days=3), {}, "SIM_HISTORY", "doses"),
        ("phenazepam 1 mg at night", {}, "SIM_NO_KINETICS", "drug"),
    ],
)
def test_what_cannot_be_simulated_is_named(what, options, code, field):
    with pytest.raises(GlidepathError) as refused:
        gp.simulate(what, **({"n": 8} | options))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_route_that_a_proposal_has_not_is_named():
    with pytest.raises(GlidepathError) as refused:
        gp.simulate(gp.plan("clonazepam 0.5 mg at night", today=TODAY), option="by-air", n=8)
    assert refused.value.code == "ROUTE_UNKNOWN" and "direct-all-forms" in refused.value.fix


@pytest.mark.parametrize("ratings", [None, 5, [1], [(0,)], [(0, "bad")], [(0.5, 1)], [(-1, 1)], [(0, 11)], [(9999, 1)]])
def test_ratings_that_are_none_are_named(ratings):
    with pytest.raises(GlidepathError) as refused:
        gp.follow("clonazepam 1 mg at night", ratings, n=1000)
    assert (refused.value.code, refused.value.field) == ("RATING_INVALID", "ratings")


@pytest.mark.parametrize("days", [-1, float("nan"), None])
def test_days_ahead_that_are_none_are_named(days):
    with pytest.raises(GlidepathError) as refused:
        gp.follow("clonazepam 1 mg at night", [(0, 1)], n=1000, days_ahead=days)
    assert (refused.value.code, refused.value.field) == ("NUM_RANGE", "days_ahead")


def test_ratings_are_held_against_the_plans_own_person():
    old = gp.plan("diazepam 5 mg bd", age=80, today=TODAY, start="2026-12-07")
    told = [(day, 3) for day in range(10)]
    younger = gp.follow(old, told, n=1000, person=Person(age=40))
    assert gp.follow(old, told, n=1000).bank_digest != younger.bank_digest


def test_another_form_and_factors_taken_together_are_said():
    lines = assumed_lines(gp.simulate("alprazolam XR 1 mg in the morning", n=8, days=2))
    assert (
        "alprazolam XR is drawn as immediate release: between doses its levels do not swing as they are drawn." in lines
    )
    plain = assumed_lines(gp.simulate("alprazolam 1 mg in the morning", n=8, days=2))
    assert not any("immediate release" in line or "multiplied" in line for line in plain)
    person = Person(age=80, medicines=frozenset({"carbamazepine"}))
    both = assumed_lines(gp.simulate("alprazolam 1 mg in the morning", n=8, days=2, person=person))
    assert any("multiplied; no study" in line for line in both)
    assert any("at the dose of its study" in line for line in both)


def test_a_plan_is_followed_with_daily_ratings_and_says_that_they_teach_little():
    proposal = gp.plan("clonazepam 0.5 mg at night", today=TODAY, start="2026-12-07")
    few = gp.follow(proposal, [(0, 2), (1, None), (2, 3), (3, 2)], n=3000)
    assert few.status == "prior-dominated" and few.rating.shape[-1] == len(LEVELS)
    with pytest.raises(GlidepathError) as refused:
        gp.follow(proposal, [(0, 11)], n=3000)
    assert refused.value.code == "RATING_INVALID"


def test_importing_and_planning_do_not_load_the_compiler():
    program = (
        "import sys, glidepath as gp; from datetime import date; gp.load_formulary();"
        "gp.plan('diazepam 5 mg bd', today=date(2026, 11, 22));"
        "print([m for m in ('numba', 'numpy', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
