"""The search finds what trying every way down finds, on ladders short enough to try them all."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glidepath.guidance.pace import Band, Pace
from glidepath.taper.search import DayCost, Path, shortest_days, shortest_path
from tests.support import paths

LIMIT = Fraction(1, 4)
INTERVALS = (7, 10, 14, 21, 28)
BANDS = (
    Band(above_mg=Fraction(20), decrease_mg=Fraction(2)),
    Band(above_mg=Fraction(10), decrease_mg=Fraction(1)),
    Band(above_mg=Fraction(5), decrease_mg=Fraction(1)),
    Band(above_mg=Fraction(0), decrease_mg=Fraction(1, 2)),
)

ladders = st.builds(
    lambda quanta, part: tuple(Fraction(q) * part for q in sorted(quanta, reverse=True)),
    st.sets(st.integers(1, 60), min_size=2, max_size=9),
    st.sampled_from([Fraction(1, 8), Fraction(1, 4), Fraction(1, 2), Fraction(1, 10), Fraction(1), Fraction(15, 4)]),
)
dense_ladders = st.builds(
    lambda first, count, part: tuple(Fraction(first + count - n) * part for n in range(count)),
    st.integers(0, 20),
    st.integers(2, 9),
    st.sampled_from([Fraction(1, 8), Fraction(1, 2), Fraction(2), Fraction(5)]),
)
percents = st.sampled_from(["1", "2.5", "5", "7.5", "10", "12.5", "15", "20", "25"])


def a_pace(percent: str, interval: int, cap: int, rhythm: str, banded: bool) -> Pace:
    return Pace(
        name="tried",
        asked_frac=Fraction(percent) / 100,
        interval_days=interval,
        max_hold_days=cap,
        rhythm="weeks" if rhythm == "weeks" else "days",
        bands=BANDS if banded else (),
        bands_up_to_mg=Fraction(40) if banded else None,
    )


paces = st.builds(
    a_pace,
    percents,
    st.sampled_from(INTERVALS),
    st.sampled_from([28, 56, 84]),
    st.sampled_from(["weeks", "days"]),
    st.booleans(),
)


def asked_by(pace: Pace) -> paths.Asked:
    """The fall asked for at a dose, from the numbers of a pace alone."""

    def asked(dose: Fraction) -> Fraction:
        if pace.bands and dose <= 40:
            cut = next(b.decrease_mg for b in sorted(pace.bands, key=lambda b: -b.above_mg) if dose > b.above_mg)
            return min(cut / dose, Fraction(1))
        return pace.asked_frac

    return asked


def all_alike(_: int) -> DayCost:
    return DayCost(strengths=1, parts=0, lines=())


def tried(totals: tuple[Fraction, ...], pace: Pace) -> tuple[tuple[Fraction, Fraction, int], list[paths.Path]]:
    return paths.best_key(
        totals,
        asked_by(pace),
        LIMIT,
        interval=pace.interval_days,
        cap=pace.max_hold_days,
        whole_weeks=pace.rhythm == "weeks",
    )


def searched(totals: tuple[Fraction, ...], pace: Pace) -> tuple[Path, paths.Path]:
    found = shortest_path(totals, pace, LIMIT, all_alike)
    assert found is not None
    return found, tuple(totals[n] for n in found.nodes)


def agree(totals: tuple[Fraction, ...], pace: Pace) -> None:
    best, ways = tried(totals, pace)
    found, way = searched(totals, pace)
    assert (found.over_frac, found.excess, found.days) == best, (way, ways[0])
    assert way in ways
    assert shortest_days(totals, pace, LIMIT) == best[2]


@settings(max_examples=600, deadline=None)
@given(ladders, paces)
def test_no_way_down_is_better_than_the_one_that_is_found(totals: tuple[Fraction, ...], pace: Pace):
    agree(totals, pace)


@settings(max_examples=300, deadline=None)
@given(dense_ladders, paces)
def test_no_way_down_is_better_where_the_totals_lie_close(totals: tuple[Fraction, ...], pace: Pace):
    agree(totals, pace)


@settings(max_examples=300, deadline=None)
@given(ladders, paces, st.data())
def test_strengths_then_divided_units_then_changes_decide_between_equal_ways(
    totals: tuple[Fraction, ...], pace: Pace, data: st.DataObject
):
    days = [
        DayCost(
            strengths=data.draw(st.integers(1, 3)),
            parts=data.draw(st.integers(0, 2)),
            lines=tuple((line, data.draw(st.integers(1, 2))) for line in data.draw(st.sets(st.integers(0, 2)))),
        )
        for _ in totals
    ]
    best, ways = tried(totals, pace)
    found = shortest_path(totals, pace, LIMIT, days.__getitem__)
    assert found is not None

    def later(way: paths.Path) -> tuple[int, int, int]:
        nodes = [totals.index(t) for t in way]
        changed = sum(changes(days[a], days[b]) for a, b in itertools.pairwise(nodes))
        return sum(days[n].strengths for n in nodes[1:]), sum(days[n].parts for n in nodes[1:]), changed

    assert found.key == (*best, *min(later(way) for way in ways))
    assert later(tuple(totals[n] for n in found.nodes)) == min(later(way) for way in ways)


def changes(a: DayCost, b: DayCost) -> int:
    """Lines of one day that the other has not, or not with the same amount."""
    here, there = dict(a.lines), dict(b.lines)
    return sum(1 for line in {*here, *there} if here.get(line) != there.get(line))


@settings(max_examples=300, deadline=None)
@given(st.integers(2, 400), st.integers(1, 399), paces)
def test_a_hold_is_the_stated_formula_worked_out_with_sixty_digits(before: int, fall: int, pace: Pace):
    start, after = Fraction(before, 4), Fraction(before - 1 - fall % before, 4) or Fraction(1, 8)
    if after >= start:
        return
    asked = asked_by(pace)(start)
    expected = (
        paths.hold(
            1 - after / start,
            asked,
            interval=pace.interval_days,
            cap=pace.max_hold_days,
            whole_weeks=pace.rhythm == "weeks",
        )
        if asked < 1
        else -(-pace.interval_days // 7) * 7
        if pace.rhythm == "weeks"
        else pace.interval_days
    )
    assert pace.hold_days(start, after) == expected


@pytest.mark.parametrize(("fall", "days"), [("1/4", 42), ("1/3", 56), ("1/2", 56), ("1/10", 14), ("1/16", 14)])
def test_ten_percent_in_fourteen_days_is_held_as_the_issue_says(fall: str, days: int):
    pace = a_pace("10", 14, 56, "weeks", banded=False)
    assert pace.hold_days(Fraction(1), 1 - Fraction(fall)) == days


def test_two_falls_of_a_third_and_a_half_beat_one_of_two_thirds():
    pace = a_pace("10", 14, 56, "weeks", banded=False)
    totals = (Fraction(3), Fraction(2), Fraction(1))
    found, way = searched(totals, pace)
    assert way == totals
    assert found.over_frac == Fraction(1, 2)


def test_the_last_dose_is_held_at_least_as_long_as_the_step_before_and_that_counts_in_the_length():
    # 8 to 6 is a quarter (held 42 days), 6 to 5.9 is within the pace (14 days, but last: held 42 as well).
    pace = a_pace("10", 14, 56, "weeks", banded=False)
    totals = (Fraction(8), Fraction(6), Fraction(59, 10))
    found, _ = searched(totals, pace)
    best, _ = tried(totals, pace)
    assert found.days == best[2]


def test_with_a_synthetic_ladder_doubling_the_doses_changes_nothing_but_the_doses():
    pace = a_pace("10", 14, 56, "weeks", banded=False)
    totals = tuple(Fraction(n, 8) for n in range(16, 0, -1))
    once = shortest_path(totals, pace, LIMIT, all_alike)
    twice = shortest_path(tuple(2 * t for t in totals), pace, LIMIT, all_alike)
    assert once == twice
    assert once is not None and once.days == 55 * 7 - 7
