"""The compiled engine against independent solutions of the same equations, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from math import factorial

import numpy as np
import pytest

from glidepath.errors import InputError
from glidepath.pharmacology import reference, twin
from glidepath.pharmacology.engine import run, run_chunks
from glidepath.pharmacology.network import Network
from glidepath.pharmacology.timeline import MOST_NODES, Entry, segments
from tests.support.bodies import (
    CENTRAL_A,
    GUT_A,
    GUT_B,
    TWO_DRUGS,
    WEEKS_26_H,
    one_chain,
    switch_taper,
    two_drug_people,
)

EXACT = 1e-9


def test_a_two_drug_taper_of_26_irregular_weeks_agrees_with_dop853():
    people = two_drug_people(2, tau_d=(0.7, 5.0, 60.0))
    entries = switch_taper()
    seen = run(TWO_DRUGS, people, entries, end_h=WEEKS_26_H, every_h=3.0, keep="trace").trace
    for person in range(2):
        told = reference.trace(TWO_DRUGS, people.at(np.array([person])), entries, end_h=WEEKS_26_H, every_h=3.0)
        off = np.abs(seen[person] - told).max(axis=0)
        assert (off[:4] <= EXACT * told[:, :4].max(axis=0)).all()
        assert off[4] <= EXACT
        assert off[5] <= 1e-6
        assert off[6] <= 1e-6


@pytest.mark.parametrize("tau_d", [0.7, 5.0, 60.0])
def test_each_adaptation_filter_is_within_a_millionth_at_hourly_and_at_daily_moments(tau_d):
    people = two_drug_people(2, tau_d=(tau_d,))
    entries = switch_taper(days=20)
    told = reference.trace(TWO_DRUGS, people, entries, end_h=480.0, every_h=1.0)
    for every_h in (1.0, 24.0):
        seen = run(TWO_DRUGS, people, entries, end_h=480.0, every_h=every_h, keep="trace").trace
        assert np.abs(seen[0] - told[int(every_h) - 1 :: int(every_h)])[:, 5].max() <= 1e-6


def test_a_dose_straight_into_the_blood_agrees_with_dop853():
    people = two_drug_people(1)
    entries = [Entry(24.0 * day + 5.25, CENTRAL_A, 3.0) for day in range(10)]
    seen = run(TWO_DRUGS, people, entries, end_h=240.0, every_h=0.5, keep="trace").trace
    told = reference.trace(TWO_DRUGS, people, entries, end_h=240.0, every_h=0.5)
    assert np.abs(seen[0] - told)[:, :5].max() <= EXACT
    assert np.abs(seen[0] - told).max() <= 1e-6


def test_a_steady_start_agrees_with_dop853():
    people = two_drug_people(1, tau_d=(0.7, 60.0))
    people = replace(people, loss=people.loss + 1e-3)
    day = [Entry(7.25, GUT_A, 1.0), Entry(13.5, GUT_A, 2.0), Entry(22.0, GUT_B, 5.0)]
    start = reference.steady_start(TWO_DRUGS, people, day)
    told = reference.trace(TWO_DRUGS, people, day, end_h=24.0, every_h=1.0, start=start)
    seen = run(TWO_DRUGS, people, day, end_h=24.0, every_h=1.0, steady_entries=day, keep="trace").trace[0]
    off = np.abs(seen - told).max(axis=0)
    assert (off[:5] <= EXACT * told[:, :5].max(axis=0)).all()
    assert off[5:].max() <= 1e-6


def test_the_plain_numpy_twin_says_the_same():
    people = two_drug_people(21)
    entries = switch_taper(days=60)
    steady = [Entry(8.0, GUT_A, 2.0), Entry(20.25, GUT_B, 5.0)]
    closed = replace(people, loss=people.loss + 1e-3)  # nothing may pile up before a steady start
    taken = np.ones((0, 21))
    options = {"end_h": 1440.0, "every_h": 1.0, "steady_entries": steady, "taken": taken}
    seen = run(TWO_DRUGS, closed, entries, keep="trace", **options).trace
    told = twin.trace(TWO_DRUGS, closed, entries, **options)
    off = np.abs(seen - told).max(axis=(0, 1)) / told.max(axis=(0, 1))
    assert off.max() <= 1e-10


def test_nothing_is_lost_and_nothing_is_made():
    people = two_drug_people(16)
    entries = switch_taper()
    seen = run(TWO_DRUGS, people, entries, end_h=WEEKS_26_H, every_h=24.0, keep="trace")
    hours = np.array([entry.hour for entry in entries])
    given = np.cumsum([entry.mg for entry in sorted(entries, key=lambda entry: entry.hour)])
    before = np.append(0.0, given)[np.searchsorted(np.sort(hours), seen.hours)]
    assert np.abs(seen.trace[:, :, 3] / before - 1.0).max() <= EXACT


@pytest.mark.parametrize("links", [2, 3, 4, 5])
def test_where_rates_coincide_the_curve_is_the_limit(links):
    rate = 0.3
    network, people = one_chain((rate,) * links)
    seen = run(network, people, [Entry(0.0, 0, 1.0)], end_h=48.0, every_h=0.25, keep="trace")
    t = rate * seen.hours
    limit = t ** (links - 1) / factorial(links - 1) * np.exp(-t)
    assert np.abs(seen.trace[0, :, 0] / limit - 1.0).max() <= 1e-12


def test_near_coinciding_rates_the_curve_is_smooth():
    apart = np.concatenate([-np.logspace(-1, -15, 29), np.logspace(-15, -1, 29)])
    network, people = one_chain((0.3, 0.3), n=len(apart))
    people = replace(people, flow=people.flow * (1 + apart), loss=people.loss * np.stack([1 + apart, 1 + 0 * apart]))
    seen = run(network, people, [Entry(0.0, 0, 1.0)], end_h=24.0, every_h=1.0, keep="trace").trace[:, :, 0]
    t = np.arange(1.0, 25.0)
    # t e^-kt k (1 + d) (1 - k t d / 2 + (k t d)^2 / 6 - ...), the limit and its neighbourhood
    x = 0.3 * t * apart[:, None]
    near = 0.3 * t * np.exp(-0.3 * t) * (1 + apart[:, None]) * sum((-x) ** i / factorial(i + 1) for i in range(25))
    assert np.abs(seen / near - 1.0).max() <= 1e-12


def test_a_history_of_irregular_minutes_over_two_years_is_computed_in_bounded_parts():
    entries = switch_taper(days=728, seed=5)
    cut = segments(entries, end_h=728 * 24.0, every_h=1.0)
    assert len(cut) > 1
    assert max(len(part.chain) for part in cut) <= MOST_NODES + 200
    assert cut[-1].last == 728 * 24


def test_parts_of_a_history_give_the_same_as_one_piece():
    people = two_drug_people(18)
    people = replace(people, loss=people.loss + 1e-3)
    options = {"end_h": 90 * 24.0, "every_h": 2.0, "steady_entries": [Entry(9.0, GUT_A, 2.0)], "level": 0.01}
    entries = switch_taper(days=90)
    for keep in ("summary", "daily", "trace"):
        whole = run(TWO_DRUGS, people, entries, keep=keep, most_nodes=10**9, **options)
        parts = run(TWO_DRUGS, people, entries, keep=keep, most_nodes=150, **options)
        for name in (
            "peak_drive",
            "peak_hour",
            "drive_integral_h",
            "hours_above",
            "mean",
            "highest",
            "day_max",
            "day_min",
            "trace",
        ):
            one, several = getattr(whole, name), getattr(parts, name)
            assert (one is None) == (several is None)
            if one is not None:
                assert np.allclose(one, several, rtol=1e-11, atol=1e-13, equal_nan=True)


def test_days_and_the_summary_are_those_of_the_trace():
    people = two_drug_people(19)
    options = {"end_h": 15 * 24.0, "every_h": 1.0, "level": 0.02}
    entries = [Entry(24.0 * day + 7.5, GUT_A, 3.0) for day in range(8)]
    told = run(TWO_DRUGS, people, entries, keep="trace", **options)
    daily = run(TWO_DRUGS, people, entries, keep="daily", **options)
    by_day = told.trace.reshape(19, 15, 24, 7)
    drive = told.trace[:, :, 6]
    assert np.allclose(daily.day_mean, by_day.mean(axis=2), rtol=1e-12)
    assert np.array_equal(daily.day_max, by_day.max(axis=2))
    assert np.array_equal(daily.day_min, by_day.min(axis=2)[:, :, :-3])
    assert np.array_equal(daily.peak_drive, drive.max(axis=1))
    assert np.array_equal(daily.peak_hour, told.hours[drive.argmax(axis=1)])
    assert np.allclose(daily.drive_integral_h, drive.sum(axis=1))
    assert np.array_equal(daily.hours_above, (drive > 0.02).sum(axis=1))
    assert np.allclose(daily.mean, told.trace.mean(axis=1))
    assert np.array_equal(daily.highest, told.trace.max(axis=1))


def test_chunks_on_several_threads_come_in_order_and_are_the_same_as_one_run():
    people = two_drug_people(70)
    entries = switch_taper(days=10)
    options = {"end_h": 240.0, "every_h": 1.0, "keep": "daily"}
    whole = run(TWO_DRUGS, people, entries, **options)
    for threads in (1, 3):
        chunks = run_chunks(
            TWO_DRUGS, lambda i: people.at(slice(20 * i, 20 * i + 20)), 4, entries, threads=threads, **options
        )
        assert np.array_equal(np.concatenate([chunk.day_mean for chunk in chunks]), whole.day_mean)


def test_someone_who_never_had_a_drug_has_no_peak_hour():
    seen = run(TWO_DRUGS, two_drug_people(1), [], end_h=48.0, every_h=1.0)
    assert seen.peak_drive[0] == 0.0
    assert np.isnan(seen.peak_hour[0])


@pytest.mark.parametrize(
    ("field", "value"),
    [("flow", np.nan), ("loss", -1.0), ("site", np.inf), ("outputs", -1e-9), ("tau_h", 0.0), ("rho", -0.1)],
)
def test_numbers_that_cannot_be_are_refused_by_name(field, value):
    people = two_drug_people(3)
    broken = getattr(people, field).copy()
    broken[..., 1] = value
    with pytest.raises(InputError) as refused:
        run(TWO_DRUGS, replace(people, **{field: broken}), [], end_h=24.0, every_h=1.0)
    assert (refused.value.code, refused.value.field) == ("SIM_PARAMETER", field)


@pytest.mark.parametrize(
    "entry",
    [
        Entry(-1.0, GUT_A, 1.0),
        Entry(24.0, GUT_A, 1.0),
        Entry(np.nan, GUT_A, 1.0),
        Entry(1.0, GUT_A, -1.0),
        Entry(1.0, GUT_A, np.inf),
        Entry(1.0, 99, 1.0),
        Entry(1.0, GUT_A, 1e12),
        Entry(1.0, GUT_A, 1.0, -2),
    ],
)
def test_an_entry_that_cannot_be_is_refused(entry):
    with pytest.raises(InputError) as refused:
        run(TWO_DRUGS, two_drug_people(1), [entry], end_h=24.0, every_h=1.0)
    assert refused.value.code == "SIM_HISTORY"


def test_a_history_without_end_and_people_without_number_are_refused():
    people = two_drug_people(1)
    for end_h, every_h in ((0.0, 1.0), (np.inf, 1.0), (24.0, 0.0), (24.0, 48.0), (1e9, 1.0), (24.0, np.nan)):
        with pytest.raises(InputError) as refused:
            run(TWO_DRUGS, people, [], end_h=end_h, every_h=every_h)
        assert refused.value.code == "SIM_HISTORY"
    with pytest.raises(InputError) as refused:
        run(TWO_DRUGS, people.at(slice(0, 0)), [], end_h=24.0, every_h=1.0)
    assert (refused.value.code, refused.value.field) == ("NUM_RANGE", "n")
    for chunks in (0, 10**12):
        with pytest.raises(InputError) as refused:
            run_chunks(TWO_DRUGS, lambda i: people, chunks, [], end_h=24.0, every_h=1.0)
        assert (refused.value.code, refused.value.field) == ("NUM_RANGE", "chunks")


@pytest.mark.parametrize("apart_h", [1e-13, 2.0**-34, 1e-9, 1e-6])
def test_doses_a_moment_apart_are_as_good_as_together(apart_h):
    people = two_drug_people(2)
    options = {"end_h": 96.0, "every_h": 1.0, "keep": "trace"}
    together = run(TWO_DRUGS, people, [Entry(5.0, GUT_A, 2.0), Entry(47.5, GUT_A, 2.0)], **options).trace
    entries = [Entry(hour, GUT_A, 1.0) for hour in (5.0, 5.0 + apart_h, 47.5 - apart_h, 47.5)]
    assert np.abs(run(TWO_DRUGS, people, entries, **options).trace - together).max() <= 2e-6 + 20 * apart_h


def test_moments_days_apart_are_reported_too():
    people = two_drug_people(2)
    entries = [Entry(24.0 * day + 0.1 * day, GUT_A, 1.0) for day in range(30)]
    hourly = run(TWO_DRUGS, people, entries, end_h=720.0, every_h=1.0, keep="trace").trace
    seen = run(TWO_DRUGS, people, entries, end_h=720.0, every_h=60.0, keep="daily", most_nodes=1)
    days = np.ceil(seen.hours / 24.0).astype(int) - 1
    assert np.allclose(seen.day_max[:, days], hourly[:, 59::60], atol=1e-6)
    assert np.allclose(seen.highest, hourly[:, 59::60].max(axis=1), atol=1e-6)


def test_taken_must_name_every_person_and_flows_two_compartments():
    people = two_drug_people(2)
    for taken in (np.ones((3, 5)), np.ones((0, 2)), None):
        with pytest.raises(InputError) as refused:
            run(TWO_DRUGS, people, [Entry(1.0, GUT_A, 1.0, 0)], end_h=24.0, every_h=1.0, taken=taken)
        assert (refused.value.code, refused.value.field) == ("SIM_PARAMETER", "taken")
    with pytest.raises(InputError):
        Network(("a", "b"), ((0, 0),))


def test_importing_the_engine_does_not_import_numba():
    code = "import sys, glidepath.pharmacology.engine; sys.exit('numba' in sys.modules or 'scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
