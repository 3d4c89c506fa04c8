"""Holds and bands, by hand and against high-precision logarithms."""

from __future__ import annotations

from decimal import Decimal, getcontext
from fractions import Fraction as F
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glidepath.errors import GlidepathError
from glidepath.facts.formulary import load_formulary
from glidepath.guidance.pace import Pace
from glidepath.guidance.pacing import PaceWish, pace_of

getcontext().prec = 60


def a_pace(percent="10", every=14, cap=56, rhythm="weeks"):
    return Pace(name="p", asked_frac=F(percent) / 100, interval_days=every, max_hold_days=cap, rhythm=rhythm)


@pytest.mark.parametrize(
    ("before", "after", "days"),
    [("2", "1.875", 14), ("1", "0.9", 14), ("0.5", "0.375", 42), ("0.375", "0.25", 56), ("0.25", "0.125", 56)],
)
def test_holds_at_ten_percent_a_fortnight_come_out_as_by_hand(before, after, days):
    assert a_pace().hold_days(F(before), F(after)) == days


def test_a_fall_of_two_asked_falls_at_once_is_held_exactly_twice_as_long():
    # 19 % is 10 % twice: a logarithm in floating point would make this 29 days, and so 35.
    assert a_pace().hold_days(F(100), F(81)) == 28


@given(
    st.integers(2, 400),
    st.data(),
    st.sampled_from(["5", "7.5", "10", "12.5", "20"]),
    st.sampled_from([7, 14, 21, 28]),
    st.sampled_from(["weeks", "days"]),
)
def test_the_integer_hold_is_the_rounded_logarithm(before, data, percent, every, rhythm):
    after = data.draw(st.integers(1, before - 1))
    pace = a_pace(percent, every, 84, rhythm)
    grain = 7 if rhythm == "weeks" else 1
    asked = Decimal(percent) / 100
    exact = every * (Decimal(after) / Decimal(before)).ln() / (1 - asked).ln()
    nearest = exact.to_integral_value()
    # 60 digits settle every case but an exact whole number, which the logarithm can miss on either side.
    days = int(nearest) if abs(exact - nearest) < Decimal("1e-40") else ceil(exact)
    expected = min(max(ceil(days / grain) * grain, ceil(every / grain) * grain), 84)
    assert pace.hold_days(F(before), F(after)) == expected


def test_bands_ask_for_fixed_milligrams_below_their_top_and_for_the_fraction_above():
    f = load_formulary()
    pace = pace_of(PaceWish(profile="cks"), "diazepam", f.profiles, f.thresholds, ())
    assert pace.asked_at(F(60)) == F(1, 8)
    assert [pace.asked_at(F(d)) * d for d in (40, 21, 20, 11, 10, 6, 5, 1)] == [2, 2, 1, 1, 1, 1, F(1, 2), F(1, 2)]


def test_bands_are_for_diazepam_alone():
    f = load_formulary()
    assert not pace_of(PaceWish(profile="cks"), "lorazepam", f.profiles, f.thresholds, ()).bands


@pytest.mark.parametrize(
    ("profile", "slower", "percent", "every", "cap"),
    [
        ("asam-2025", (), 10, 14, 56),
        ("asam-2025", ("age 65 or over",), 10, 28, 84),
        ("slow", (), 5, 28, 84),
        ("cks", (), F(25, 2), 14, 56),
        ("maudsley-proportional", (), 10, 28, 84),
    ],
)
def test_each_profile_means_its_percent_interval_and_cap(profile, slower, percent, every, cap):
    f = load_formulary()
    pace = pace_of(PaceWish(profile=profile), "clonazepam", f.profiles, f.thresholds, slower)
    assert (pace.asked_frac * 100, pace.interval_days, pace.max_hold_days) == (percent, every, cap)


@pytest.mark.parametrize("profile", ["nardi", "nougg", "pottie-25-fortnightly", "label-klonopin", "label-xanax"])
def test_a_profile_for_comparison_is_never_planned_with(profile):
    f = load_formulary()
    with pytest.raises(GlidepathError) as caught:
        pace_of(PaceWish(profile=profile), "clonazepam", f.profiles, f.thresholds, ())
    assert caught.value.code == "PROFILE_UNKNOWN" and "comparison" in caught.value.message


@given(st.integers(1, 60), st.integers(7, 60))
def test_a_free_pace_is_refused_exactly_when_steps_inside_14_days_compound_to_over_a_quarter(percent, every):
    f = load_formulary()
    # Steps begin `every` days apart (whole weeks); a window of 14 days after the last old day sees this many.
    weeks = ceil(every / 7) * 7
    steps = ceil(14 / weeks)
    over = 1 - (1 - F(percent, 100)) ** steps > F(1, 4)
    try:
        pace_of(PaceWish(percent=F(percent), every_days=every), "clonazepam", f.profiles, f.thresholds, ())
        refused = False
    except GlidepathError as error:
        assert error.code == "CUT_OVER_25"
        refused = True
    assert refused is over
