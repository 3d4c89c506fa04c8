"""The picture of a plan: what it says to whoever sees it, and to whoever does not."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from fractions import Fraction

import pytest

from glidepath.errors import GlidepathError
from glidepath.render import wording
from glidepath.render.curve import curve_of
from glidepath.render.figure import month_ticks, plan_svg
from glidepath.render.readback import read_back_svg
from tests.support.plan_views import (
    ALL,
    START,
    clonazepam_at_night,
    diazepam_with_liquid,
    signed,
    switch_beside_zolpidem,
)

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: bytes) -> list[str]:
    return ["".join(node.itertext()).strip() for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", ALL)
def test_a_picture_reads_back_and_is_small(name: str) -> None:
    svg = plan_svg(ALL[name]())
    read_back_svg(svg, ALL[name]())
    assert len(svg) < 300_000


def test_a_picture_has_a_title_and_a_description() -> None:
    root = ElementTree.fromstring(plan_svg(clonazepam_at_night()))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "plan-title plan-description"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    words = root[1].text or ""
    assert "from 14 January 2026 0.375 mg" in words
    assert "stops on Wednesday 17 June 2026" in words


def test_a_picture_names_its_lines_in_words_and_is_marked_draft() -> None:
    said = " ".join(texts(plan_svg(clonazepam_at_night())))
    for words in (wording.DRAFT, "5 % of the dose", "10 % of the dose", "every 14 days", "of 25 % in 14 days allows"):
        assert words in said
    assert "0.375 mg" in said and "17 June 2026" in said and "February" in said


def test_a_signed_picture_is_no_draft() -> None:
    assert b"DRAFT" not in plan_svg(signed(clonazepam_at_night()))


def test_a_switch_shows_both_drugs_and_the_range_of_every_table() -> None:
    view = switch_beside_zolpidem()
    said = " ".join(texts(plan_svg(view)))
    assert "0.5 mg alprazolam + 10 mg diazepam" in said and "mg diazepam-equivalent a day" in said
    first, last = curve_of(view).stretches[0], curve_of(view).stretches[-1]
    assert (first.low, first.high) == (6.25, 20.0)
    assert last.low == last.high == 2.0


def test_the_limit_is_a_quarter_below_the_highest_dose_of_the_14_days_before() -> None:
    curve = curve_of(clonazepam_at_night())
    assert curve.limit[0] == (1, 21, 0.375)
    assert curve.limit[1] == (21, 63, 0.28125)
    assert [day for day, _ in curve.over] == [49, 105]


def test_the_corridor_starts_with_the_first_reduction_and_falls_by_5_and_10_percent() -> None:
    corridor = {day: (slow, fast) for day, slow, fast in curve_of(clonazepam_at_night()).corridor}
    assert corridor[7] == (0.5, 0.5)
    day = next(d for d in corridor if (d - 7) % 14 == 0 and d > 7)
    periods = (day - 7) / 14
    assert corridor[day] == pytest.approx((0.5 * 0.95**periods, 0.5 * 0.9**periods))


def test_a_picture_asks_for_nothing_from_outside() -> None:
    svg = plan_svg(clonazepam_at_night()).decode()
    assert "DOCTYPE" not in svg and "<image" not in svg and "url(http" not in svg and "<script" not in svg


def test_another_dose_in_the_picture_is_caught() -> None:
    view = clonazepam_at_night()
    steps = view.taper.steps
    other = replace(
        view, taper=replace(view.taper, steps=(*steps[:2], replace(steps[2], regimen=steps[1].regimen), steps[3]))
    )
    with pytest.raises(GlidepathError, match="row 3 of the picture"):
        read_back_svg(plan_svg(other), view)


def test_months_on_the_axis_are_at_most_eight() -> None:
    view = diazepam_with_liquid(steps=54, days=21)
    ticks = month_ticks(START, view.taper.ends_on)
    assert 2 <= len(ticks) <= 8 and all(day.day == 1 for day in ticks)


def test_the_machines_own_drawing_settings_change_nothing() -> None:
    import matplotlib

    view = clonazepam_at_night()
    before = plan_svg(view)
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "axes.grid": True, "svg.fonttype": "path"}):
        assert plan_svg(view) == before


def test_a_plan_in_one_month_still_has_an_axis() -> None:
    assert month_ticks(START, START.replace(day=20)) == (START,)


def test_a_drug_in_no_table_is_drawn_at_zero_rather_than_guessed() -> None:
    view = replace(switch_beside_zolpidem(), equivalents={"diazepam": (Fraction(1), Fraction(1))})
    assert curve_of(view).stretches[0].high == 0.0
