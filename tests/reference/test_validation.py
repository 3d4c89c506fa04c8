"""The published figures that the simulator is held against, and the page of what it meets and misses."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tools.validation import misses
from tools.validation.__main__ import FEWEST, PAGE, run, scenarios_of
from tools.validation.arms import Estimate, World, world
from tools.validation.kinetic_tests import KineticTest, kinetic_tests
from tools.validation.measures import MEASURES
from tools.validation.page import CALIBRATION, MET, MISSED, NOT_RUN, Result, page, unexplained
from tools.validation.setting import Setting
from tools.validation.shares import Rule

from glidepath.errors import FactsError
from glidepath.facts.formulary import PACKAGED
from glidepath.facts.response import load_response
from glidepath.facts.validation import ANY, Check, Target, load_targets, targets_from

SHOWN = [scenario.id for scenario in load_response().shown]
# The published list: every id with its gate. A target that disappears, or is told to matter less, is seen here.
PUBLISHED = {
    "must": "PK01 PK02 PK03 PK04 PK07 OC01 OC02 AB01 AB02 AB04 AB08 TP02 TP04 SF01",
    "should": "PK05 OC03 TO01 AB03 AB05 AB06 AB07 TP01 TP03 TP05 TP06",
    "info": "TO02 TO03 AB09 SF02",
}


def a_target(*checks: Check, not_run: str | None = None) -> Target:
    return replace(load_targets()[0], id="XX01", checks=checks, not_run=not_run)


def a_check(check_id: str, *, low: float = 1, high: float = 2, calibration: str | None = None) -> Check:
    return Check(id=check_id, says="a number", unit="d", low=low, high=high, judged=ANY, calibration=calibration)


def a_result(target: Target, value: float) -> Result:
    return Result(target=target, seen={SHOWN[0]: {check.id: Estimate(value) for check in target.checks}})


def test_every_published_target_is_there_with_its_gate() -> None:
    by_gate = {gate: {t.id for t in load_targets() if t.gate == gate} for gate in PUBLISHED}
    assert by_gate == {gate: set(ids.split()) for gate, ids in PUBLISHED.items()}
    assert len(load_targets()) == 29


@pytest.mark.parametrize(
    "name, low, high",
    [
        ("PK01.auc-ratio", 2.8, 3.8),
        ("PK07.superposition", None, 1e-6),
        ("OC01.central", 12, 20),
        ("AB01.peak-day", 1, 3),
        ("AB02.peak-day", 4, 9),
        ("AB04.week-4", 75, None),
        ("AB05.gradual", None, 23),
        ("TP01.short", 30, 55),
        ("TP03.free", 60, 80),
        ("TP04.falls", 15, None),
        ("SF01.mode", 24, 96),
    ],
)
def test_a_tolerance_is_the_one_that_was_published(name: str, low: float | None, high: float | None) -> None:
    target_id, check_id = name.split(".")
    target = next(t for t in load_targets() if t.id == target_id)
    check = next(c for c in target.checks if c.id == check_id)
    assert (check.low, check.high) == (low, high)


def test_what_set_a_parameter_is_calibration() -> None:
    assert {t.id for t in load_targets() if t.calibration} == {"PK05", "OC01", "TO03", "AB01", "AB02", "AB03", "AB07"}
    partly = {f"{t.id}.{c.id}" for t in load_targets() if not t.calibration for c in t.checks if c.calibration}
    assert partly == {"PK04.half-life", "AB05.abrupt"}


def test_every_target_is_measured_or_says_why_not() -> None:
    assert {t.id for t in load_targets() if t.not_run is None} == set(MEASURES)
    assert {t.id for t in load_targets() if t.not_run} == {"TO02", "SF02"}


def test_calibration_is_never_counted_as_met_or_missed() -> None:
    target = a_target(a_check("one", calibration="it set a parameter"))
    assert {a_result(target, value).verdict(SHOWN) for value in (1.5, 9.0)} == {CALIBRATION}


def test_a_target_is_judged_on_what_set_nothing() -> None:
    target = a_target(a_check("set", low=5, high=6, calibration="it set a parameter"), a_check("test"))
    assert a_result(target, 1.5).verdict(SHOWN) == MET
    assert a_result(target, 5.5).verdict(SHOWN) == MISSED


def test_one_check_outside_is_a_miss_of_the_target() -> None:
    target = a_target(a_check("one"), a_check("other", high=9))
    assert a_result(target, 3.0).verdict(SHOWN) == MISSED
    assert a_result(target, float("nan")).verdict(SHOWN) == MISSED
    assert a_result(a_target(not_run="nobody can"), 0.0).verdict(SHOWN) == NOT_RUN


def test_a_miss_without_an_explanation_is_named() -> None:
    assert unexplained([a_result(a_target(a_check("one")), 3.0)], [], SHOWN) == ["XX01.one"]


def test_every_concentration_test_that_is_missed_is_explained_and_nothing_else() -> None:
    tests = list(kinetic_tests())
    out = {test.id for test in tests if test.predicted is not None and not test.holds}
    assert out == set(misses.KINETIC_TESTS)
    assert [test.id for test in tests if test.why_not] == ["zol_er125_cmax"]


def test_tests_that_set_the_kinetics_are_calibration() -> None:
    found = {test.id: test for test in kinetic_tests()}
    assert found["clz_po2_auc"].calibration and found["clz_po2_cmax"].calibration
    assert not found["clz_po2_cmax_b"].calibration


@pytest.fixture(scope="module")
def small() -> tuple[World, list[Result], list[KineticTest]]:
    """Everything, with a few people."""
    among = world(48)
    return (among, *run(among))


def test_everything_runs_and_every_number_has_its_error(small: tuple[World, list[Result], list[KineticTest]]) -> None:
    among, results, _ = small
    for result in results:
        assert set(result.seen) == set(scenarios_of(result.target, among))
        for seen in result.seen.values():
            assert {check.id for check in result.target.checks} <= set(seen)
            assert all(e.value == e.value and e.error >= 0 for e in seen.values()), result.target.id


def test_the_same_seed_gives_the_same_page(small: tuple[World, list[Result], list[KineticTest]]) -> None:
    among, results, tests = small
    target = next(r for r in results if r.target.id == "AB05")
    central = among.scenario("central")
    assert MEASURES["AB05"](Setting(world(48), central)) == target.seen["central"]
    rules = {"central": Rule(0.0, 1.0)}
    assert page(among, results, tests, rules) == page(among, results, tests, rules)


def test_the_committed_page_has_the_form_that_the_code_writes(
    small: tuple[World, list[Result], list[KineticTest]],
) -> None:
    among, results, tests = small
    written = page(among, results, tests, {scenario: Rule(0.0, 1.0) for scenario in SHOWN})
    committed = PAGE.read_text(encoding="utf-8")

    def headings(text: str) -> list[str]:
        return [line for line in text.splitlines() if line.startswith("#") or line.endswith(":")]

    rows = re.compile(r"^\| ([A-Z]{2}\d{2}) \| (must|should|info) ", re.M)
    assert rows.findall(committed) == rows.findall(written) == [(t.id, t.gate) for t in load_targets()]
    assert headings(written) == headings(committed)


def test_the_committed_page_comes_from_a_thousand_people_or_more_and_explains_each_miss() -> None:
    committed = PAGE.read_text(encoding="utf-8")
    told = re.search(r"\*\*([\d,]+) simulated people", committed)
    assert told is not None and int(told[1].replace(",", "")) >= FEWEST
    assert "not explained yet" not in committed
    missed = set(re.findall(r"^\| ([A-Z]{2}\d{2}) \|.*\*\*outside\*\*", committed, re.M))
    assert missed == {name.split(".")[0] for name in misses.TARGETS}
    counts = re.findall(r"^\| (?:must|should|info)[^|]* \|" + r" (\d+) \|" * 5, committed, re.M)
    assert sum(int(row[-1]) for row in counts) == len(load_targets())
    assert all(sum(map(int, row[:-1])) == int(row[-1]) for row in counts)


def test_no_share_of_people_is_given_by_the_package() -> None:
    root = Path(__file__).parents[2] / "src" / "glidepath"
    for source in root.rglob("*.py"):
        assert "tools.validation" not in source.read_text(encoding="utf-8"), source


@pytest.mark.parametrize(
    "old, new",
    [
        ('gate = "must"', 'gate = "maybe"'),
        ('judged = "any"', 'judged = "somewhere"'),
        ('low = "2.8"\nhigh = "3.8"\n', ""),
        ('id = "PK02"', 'id = "PK01"'),
        ('observed = "highest concentration', 'observd = "highest concentration'),
    ],
)
def test_a_list_that_is_not_as_it_should_be_is_refused(old: str, new: str, tmp_path: Path) -> None:
    text = (PACKAGED / "validation_targets.toml").read_text(encoding="utf-8")
    assert old in text
    changed = tmp_path / "validation_targets.toml"
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FactsError):
        targets_from(changed, [s.id for s in load_response().scenarios])
