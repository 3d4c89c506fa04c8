"""Falls and rises of a written taper, against an oracle that looks at every pair of days."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from glidepath.checker.course import course_of, plain_reading
from glidepath.checker.falls import drug_rises, falls_in, measure, percent, proportions, total_rises
from glidepath.checker.written import WrittenTaper
from glidepath.facts.formulary import load_formulary
from tests.unit.checker_builders import daily, entry, spans, taper

F = Fraction


# the oracle --------------------------------------------------------------------------------------------------------


def doses_by_day(written: WrittenTaper, drug: str = "diazepam") -> dict[int, Fraction]:
    """The known days, with 28 days of the dose before day 1 where it is stated, without the stop."""
    known = {d: s.total(drug) for s in written.spans for d in range(s.first, s.last + 1)}
    for first, last, _ in written.covered_twice:
        for day in range(first, last + 1):
            known.pop(day, None)
    for day in sorted(known, reverse=True):
        if known[day]:
            break
        del known[day]
    if written.before:
        known |= dict.fromkeys(range(-27, 1), written.before[0].dose)
    return known


def worst(known: dict[int, Fraction], window: int) -> tuple[Fraction, int, int] | None:
    best: tuple[Fraction, int, int] | None = None
    for d in sorted(known):
        for e in sorted(known):
            if d < e <= d + window and e >= 1 and known[d] > known[e]:
                fall = (known[d] - known[e]) / known[d]
                if best is None or fall > best[0]:
                    best = (fall, d, e)
    return best


def worst_step(known: dict[int, Fraction]) -> tuple[Fraction, int, int] | None:
    days = sorted(known)
    falls = [((known[d] - known[e]) / known[d], d, e) for d, e in pairwise(days) if e >= 1 and known[d] > known[e]]
    return max(falls, key=lambda f: f[0], default=None)


def days_over(known: dict[int, Fraction]) -> list[int]:
    return [e for e in known if e >= 1 and any(d in known and known[e] < known[d] * F(3, 4) for d in range(e - 14, e))]


BLOCKS = st.lists(
    st.tuples(
        st.integers(1, 20),
        st.one_of(st.none(), st.sampled_from(["0", "1", "1.5", "2", "2.5", "3", "4", "5", "7.5", "10"])),
    ),
    min_size=1,
    max_size=12,
)


@st.composite
def tapers(draw: st.DrawFn) -> WrittenTaper:
    blocks = draw(BLOCKS)
    made = spans(*((days, () if mg is None else (entry("diazepam", mg),)) for days, mg in blocks))
    stated = draw(st.one_of(st.none(), st.sampled_from(["2", "5", "10"])))
    return taper(made, before=() if stated is None else (entry("diazepam", stated),))


@settings(max_examples=400, deadline=None)
@given(tapers())
def test_falls_are_those_found_by_comparing_every_pair_of_days(written: WrittenTaper) -> None:
    course = course_of(written)
    found = falls_in(course, plain_reading(course))
    known = doses_by_day(written)
    for fall, expected in (
        (found.in_14, worst(known, 14)),
        (found.in_28, worst(known, 28)),
        (found.step, worst_step(known)),
    ):
        if expected is None:
            assert fall is None
            continue
        assert fall is not None
        assert (fall.fraction, fall.from_day, fall.day) == (expected[0], max(0, expected[1]), expected[2])
        assert (fall.from_mg, fall.to_mg) == (known[expected[1]], known[expected[2]])
    over = days_over(known)
    assert found.days_over == len(over)
    if not over:
        assert found.first_over is None
        return
    first = min(over)
    window = {d: known[d] for d in range(first - 14, first) if d in known}
    assert found.first_over is not None
    assert found.first_over.day == first
    assert found.first_over.from_mg == max(window.values())
    assert found.first_over.from_day == max(0, max(d for d in window if window[d] == max(window.values())))


@settings(max_examples=200, deadline=None)
@given(tapers())
def test_rises_are_the_days_above_the_known_day_before(written: WrittenTaper) -> None:
    known = doses_by_day(written)
    days = sorted(d for d in known if d >= 0)
    expected = [e for d, e in pairwise(days) if known[e] > known[d]]
    assert [r.day for r in drug_rises(course_of(written)) if not r.time] == expected


@settings(max_examples=200, deadline=None)
@given(tapers(), st.integers(2, 7))
def test_falls_do_not_depend_on_how_large_the_doses_are(written: WrittenTaper, factor: int) -> None:
    larger = taper(
        tuple(
            spans((s.days, tuple(entry(e.drug, e.dose * factor) for e in s.entries)), first=s.first)[0]
            for s in written.spans
        ),
        before=tuple(entry(e.drug, e.dose * factor) for e in written.before),
    )
    course, big = course_of(written), course_of(larger)
    one, other = falls_in(course, plain_reading(course)), falls_in(big, plain_reading(big))
    assert one.days_over == other.days_over
    assert (one.in_14 and one.in_14.fraction) == (other.in_14 and other.in_14.fraction)


# single cases ------------------------------------------------------------------------------------------------------


def falls_of(written: WrittenTaper):  # type: ignore[no-untyped-def]
    course = course_of(written)
    return falls_in(course, plain_reading(course))


def test_a_fall_of_exactly_a_quarter_is_not_over() -> None:
    found = falls_of(daily((14, "8"), (14, "6"), (7, "0")))
    assert found.in_14.fraction == F(1, 4)
    assert found.days_over == 0


def test_two_falls_within_14_days_count_as_one() -> None:
    found = falls_of(daily((14, "10"), (13, "8"), (14, "7")))
    assert found.in_14.fraction == F(3, 10)
    assert (found.in_14.from_day, found.in_14.day) == (14, 28)
    assert found.days_over == 1


def test_two_falls_15_days_apart_are_two() -> None:
    assert falls_of(daily((14, "10"), (14, "8"), (14, "7"))).in_14.fraction == F(1, 5)


def test_the_step_to_zero_is_no_fall() -> None:
    assert falls_of(daily((14, "10"), (14, "0"))).in_14 is None


def test_zero_days_in_the_middle_are_a_fall_of_the_whole_and_a_rise() -> None:
    written = daily((10, "5"), (2, "0"), (10, "5"), (3, "0"))
    assert falls_of(written).in_14.fraction == 1
    assert [(r.day, r.to_mg) for r in drug_rises(course_of(written))] == [(13, F(5))]


def test_days_without_a_row_are_skipped_and_never_read_as_zero() -> None:
    found = falls_of(daily((10, "10"), (5, None), (10, "9")))
    assert found.step.fraction == F(1, 10)
    assert (found.step.from_day, found.step.day) == (10, 16)


def test_a_dose_stated_before_day_1_is_seen_by_the_window() -> None:
    found = falls_of(daily((10, "5"), before="10"))
    assert (found.in_14.fraction, found.in_14.from_day, found.in_14.day) == (F(1, 2), 0, 1)
    assert found.days_over == 10


def test_days_claimed_by_two_rows_are_not_known() -> None:
    made = (*spans((5, (entry("diazepam", "10"),))), *spans((5, (entry("diazepam", "9"),)), first=8))
    course = course_of(taper(made, twice=((6, 7, 2),)))
    assert course.uncovered == ()
    assert falls_in(course, plain_reading(course)).step.day == 8  # type: ignore[union-attr]


def test_only_the_days_claimed_twice_are_taken_out_of_a_span() -> None:
    course = course_of(taper(spans((14, (entry("diazepam", "6"),))), twice=((5, 6, 3), (9, 9, 4))))
    assert [(s.first, s.last) for s in course.stretches] == [(1, 4), (7, 8), (10, 14)]


def test_a_rise_at_one_time_of_day_is_seen_though_the_day_falls() -> None:
    made = spans(
        (7, (entry("diazepam", "6", "morning"), entry("diazepam", "4", "night"))),
        (7, (entry("diazepam", "4", "morning"), entry("diazepam", "5", "night"))),
    )
    rises = drug_rises(course_of(taper(made)))
    assert [(r.time, r.from_mg, r.to_mg) for r in rises] == [("night", 4, 5)]


def test_times_are_not_compared_where_a_line_has_none() -> None:
    made = spans((7, (entry("diazepam", "6"),)), (7, (entry("diazepam", "5", "night"),)))
    assert drug_rises(course_of(taper(made))) == ()


def test_a_switch_rises_in_its_new_drug_only_while_it_moves() -> None:
    made = spans(
        (14, (entry("clonazepam", "1"),)),
        (14, (entry("clonazepam", "0.5"), entry("diazepam", "5"))),
        (14, (entry("diazepam", "10"),)),
        (14, (entry("diazepam", "9"),)),
        (7, (entry("diazepam", "0"),)),
    )
    course = course_of(taper(made))
    assert course.in_play == ("clonazepam", "diazepam")
    assert course.moving_to == 42
    assert drug_rises(course) == ()
    by = measure(course, load_formulary(), "ashton2002")
    assert [m.reading.name for m in by] == ["mg diazepam-equivalent (ASHTON2002)"]
    # 1 mg of clonazepam is 20 mg of diazepam by this table.
    assert by[0].falls.in_14 is not None
    assert by[0].falls.in_14.from_mg == 15
    assert by[0].falls.in_14.fraction == F(1, 3)  # 15 to 10; the first step is 20 to 15


def test_percent_shows_on_which_side_of_a_limit_a_value_lies() -> None:
    assert percent(F(1, 3)) == "33.3 %"
    assert percent(F(1, 4), F(1, 4)) == "25 %"
    assert percent(F(2504, 10000), F(1, 4)) == "25.04 %"
    assert percent(F(250001, 1000000), F(1, 4)) == "just over 25 %"
    assert percent(F(249999, 1000000), F(1, 4)) == "just under 25 %"


def test_every_table_gives_what_working_it_out_alone_gives() -> None:
    """Tables in one proportion are worked out once and scaled; nothing of that may show."""
    made = spans(
        (14, (entry("alprazolam", "2"), entry("chlordiazepoxide", "40"))),
        (20, (entry("alprazolam", "1.5"), entry("chlordiazepoxide", "60"))),
        (14, (entry("alprazolam", "1"), entry("chlordiazepoxide", "50"))),
        (14, (entry("chlordiazepoxide", "80"),)),
        (7, (entry("chlordiazepoxide", "0"),)),
    )
    course = course_of(taper(made))
    by = measure(course, load_formulary(), None)
    assert len({m.reading.table for m in by}) == len(by) > 3
    sizes = {proportions(m.reading) for m in by}
    assert len({shape for _, shape in sizes}) < len(sizes), "no two tables differ in size alone"
    for m in by:
        assert m.falls == falls_in(course, m.reading)
        assert m.falls.in_14 is not None and m.falls.in_28 is not None
        assert set(m.rises) == {*total_rises(course, m.reading), *drug_rises(course)}
