"""What is suggested really clears the breaches, and is no longer than it must be."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from glidepath.checker.suggestions import Change, changes_for

LIMIT, WINDOW = Fraction(1, 4), 14
steps = st.lists(
    st.tuples(st.integers(1, 40), st.fractions(min_value=Fraction(1, 8), max_value=40, max_denominator=8)),
    min_size=2,
    max_size=12,
)


def changed(runs: list[tuple[int, int, Fraction]], changes: list[Change]) -> list[tuple[int, int, Fraction]]:
    """The runs with the changes made."""
    out: list[tuple[int, int, Fraction]] = []
    shift = 0
    for index, (first, last, dose) in enumerate(runs):
        for change in (c for c in changes if c.index == index and not c.impossible):
            if change.doses:
                for added in change.doses:
                    out.append((first + shift, first + shift + change.days - 1, added))
                    shift += change.days
            else:
                start, end, held = out[-1]
                out[-1] = (start, end + change.days, held)
                shift += change.days
        out.append((first + shift, last + shift, dose))
    return out


def falling(held: list[tuple[int, Fraction]]) -> list[tuple[int, int, Fraction]]:
    """Runs of days with doses that only fall."""
    runs, day = [], 1
    for days, dose in zip((d for d, _ in held), sorted({x for _, x in held}, reverse=True), strict=False):
        runs.append((day, day + days - 1, dose))
        day += days
    return runs


def too_fast(runs: list[tuple[int, int, Fraction]]) -> list[tuple[int, int]]:
    """Every pair of days at most 14 apart between which the dose falls by more than a quarter, day by day."""
    by_day = {day: dose for first, last, dose in runs for day in range(first, last + 1)}
    return [
        (d, e)
        for d in by_day
        for e in range(d + 1, d + WINDOW + 1)
        if e in by_day and by_day[d] - by_day[e] > LIMIT * by_day[d]
    ]


@settings(deadline=None)
@given(steps)
def test_after_the_changes_nothing_falls_too_fast(held):
    runs = falling(held)
    changes = changes_for(runs, lambda low, high: low)
    assert too_fast(changed(runs, changes)) == []


@settings(deadline=None)
@given(steps)
def test_a_taper_within_the_limit_gets_no_change(held):
    runs = falling(held)
    assert bool(changes_for(runs, lambda low, high: low)) == bool(too_fast(runs))


@settings(deadline=None)
@given(steps)
def test_one_day_less_of_a_longer_hold_would_not_do(held):
    runs = falling(held)
    changes = changes_for(runs, lambda low, high: low)
    for place, change in enumerate(changes):
        if not change.doses and change.days > 1:
            less = [*changes[:place], type(change)(change.index, change.days - 1), *changes[place + 1 :]]
            assert too_fast(changed(runs, less))


@settings(deadline=None)
@given(steps)
def test_where_no_dose_between_can_be_made_it_says_so_and_inserts_none(held):
    runs = falling(held)
    for change in changes_for(runs, lambda low, high: None):
        assert change.impossible or not change.doses
