"""Laws that every simulation obeys, whoever is simulated and whatever was taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from glidepath.pharmacology.engine import run
from glidepath.pharmacology.timeline import Entry
from tests.support.bodies import GUT_A, GUT_B, TWO_DRUGS, two_drug_people

DAYS = 8
END_H = 24.0 * DAYS
doses = st.tuples(st.integers(0, DAYS * 24 * 60 - 1), st.sampled_from([GUT_A, GUT_B]), st.floats(0.0, 30.0))
histories = st.lists(doses, min_size=1, max_size=25).map(
    lambda drawn: [Entry(minute / 60, state, mg) for minute, state, mg in drawn]
)
crowds = st.builds(two_drug_people, st.integers(1, 20), seed=st.integers(0, 10**6))
clock_hours = st.integers(0, 24 * 60 - 1).map(lambda minute: minute / 60)
laws = settings(max_examples=15, deadline=None)


def traced(people, entries, **options):
    return run(TWO_DRUGS, people, entries, end_h=END_H, every_h=1.0, keep="trace", **options).trace


def leaving(people):
    """Nothing is collected forever, so that there is a steady state."""
    return replace(people, loss=people.loss + 1e-3)


@laws
@given(crowds, histories)
def test_no_dose_gives_exactly_no_drive(people, entries):
    none = [replace(entry, mg=0.0) for entry in entries]
    assert not traced(people, none).any()


@laws
@given(crowds, histories, histories)
def test_concentrations_of_two_histories_add(people, one, other):
    both = traced(people, one + other)[:, :, :4]
    apart = traced(people, one)[:, :, :4] + traced(people, other)[:, :, :4]
    assert np.allclose(both, apart, rtol=1e-11, atol=1e-13)


@laws
@given(crowds, histories, st.floats(0.01, 100.0))
def test_concentrations_follow_the_dose(people, entries, factor):
    more = [replace(entry, mg=entry.mg * factor) for entry in entries]
    assert np.allclose(traced(people, more)[:, :, :4], factor * traced(people, entries)[:, :, :4], rtol=1e-11)


@laws
@given(crowds, histories, st.integers(1, 100))
def test_a_shift_in_time_changes_nothing(people, entries, later):
    shifted = [replace(entry, hour=entry.hour + later) for entry in entries]
    end_h = END_H + later
    seen = run(TWO_DRUGS, people, shifted, end_h=end_h, every_h=1.0, keep="trace").trace
    assert not seen[:, :later].any()
    assert np.allclose(seen[:, later:], traced(people, entries), rtol=1e-9, atol=1e-12)


@laws
@given(crowds, histories)
def test_halving_the_affinity_and_doubling_kappa_leaves_the_effect(people, entries):
    other = replace(people, site=people.site / 2, kappa=people.kappa * 2)
    assert np.allclose(traced(other, entries)[:, :, 4:], traced(people, entries)[:, :, 4:], rtol=1e-13, atol=0)


@laws
@given(crowds, histories)
def test_nothing_is_negative_and_effect_and_adaptation_stay_below_one(people, entries):
    seen = traced(people, entries)
    assert (seen >= 0).all()
    assert (seen[:, :, 4:] < 1).all()


@laws
@given(crowds, histories, st.integers(0, 10**6))
def test_a_missed_dose_is_a_dose_that_was_never_there(people, entries, seed):
    numbered = [replace(entry, intake=index) for index, entry in enumerate(entries)]
    taken = (np.random.default_rng(seed).uniform(size=(len(entries), people.n)) > 0.3).astype(float)
    seen = traced(people, numbered, taken=taken)
    for person in range(people.n):
        own = [entry for entry, took in zip(entries, taken[:, person], strict=True) if took]
        alone = traced(people.at(slice(person, person + 1)), own)[0]
        assert np.allclose(seen[person][:, :5], alone[:, :5], rtol=1e-10, atol=1e-13)
        assert np.abs(seen[person] - alone).max() <= 2e-6


@laws
@given(crowds, histories, st.randoms(use_true_random=False))
def test_who_sits_beside_whom_changes_nothing(people, entries, chance):
    order = list(range(people.n))
    chance.shuffle(order)
    seen = traced(people, entries)
    assert np.array_equal(traced(people.at(np.array(order)), entries), seen[order])
    assert np.array_equal(traced(people.at(slice(people.n - 1, people.n)), entries)[0], seen[-1])


@laws
@given(crowds, clock_hours, st.floats(0.1, 20.0))
def test_a_steady_dose_that_goes_on_changes_nothing_from_day_to_day(people, hour, mg):
    people = leaving(people)
    steady = [Entry(hour, GUT_A, mg)]
    entries = [Entry(24.0 * day + hour, GUT_A, mg) for day in range(DAYS)]
    seen = run(TWO_DRUGS, people, entries, end_h=END_H, every_h=1.0, keep="daily", steady_entries=steady)
    assert np.abs(seen.day_mean - seen.day_mean[:, :1])[:, :, 4:].max() <= 1e-6


@laws
@given(crowds, clock_hours, st.floats(0.1, 20.0))
def test_under_a_steady_dose_adaptation_is_the_mean_effect_so_no_drive_is_left_but_the_swing(people, hour, mg):
    people = leaving(people)
    steady = [Entry(hour, GUT_A, mg)]
    seen = run(TWO_DRUGS, people, steady, end_h=24.0, every_h=0.05, keep="trace", steady_entries=steady).trace
    assert np.abs(seen[:, :, 5].mean(axis=1) - seen[:, :, 4].mean(axis=1)).max() <= 2e-3
    swing = people.rho[:, None] * seen[:, :, 5] - seen[:, :, 4]
    assert np.allclose(seen[:, :, 6], np.maximum(0.0, swing), atol=1e-15)


@settings(max_examples=4, deadline=None)
@given(crowds, clock_hours, st.floats(0.1, 20.0))
def test_a_steady_start_is_what_ten_years_of_the_same_day_lead_to(people, hour, mg):
    people = leaving(people)
    years = [Entry(24.0 * day + hour, GUT_B, mg) for day in range(3650)]
    entries = [replace(entry, hour=entry.hour) for entry in years[:DAYS]]
    start = traced(people, entries, steady_entries=[Entry(hour, GUT_B, mg)])
    lived = run(TWO_DRUGS, people, years, end_h=24.0 * 3650, every_h=1.0, keep="trace")
    assert np.abs(start - lived.trace[:, -DAYS * 24 :])[:, :, 4:].max() <= 1e-6
    assert np.allclose(start[:, :, :5], lived.trace[:, -DAYS * 24 :, :5], rtol=1e-9, atol=1e-12)
