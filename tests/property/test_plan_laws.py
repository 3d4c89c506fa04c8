"""Laws that hold of every plan, whatever is asked: the invariants of the reliability notes that apply here.

The questions are drawn from drugs, regions, doses, times, profiles and options; most plans are held to the oracle,
which walks over their days and shares no planning code. A refusal by code is an answer.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import glidepath as gp
from glidepath.casework.outputs import plan_files
from glidepath.dosing.makeup import Bench, quantum_of
from glidepath.dosing.regimen import Slot
from glidepath.dosing.supply import Supply
from glidepath.facts.model import Form, Product, Split
from glidepath.guidance.pace import Pace
from glidepath.quantity import exact_decimal
from glidepath.taper.search import DayCost, shortest_days, shortest_path
from glidepath.taper.slots import chain
from tests.support import oracle
from tests.support.regimens import TODAY, Asked, drawn, marketed_pairs

LIMIT = Fraction(1, 4)
calm = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large],
)

questions = st.builds(
    lambda pair, seed: drawn(Random(f"law {seed}"), 0, *pair),
    st.sampled_from(marketed_pairs()),
    st.integers(0, 10**9),
)


def planned(asked: Asked, **changes: Any) -> Any:
    """The proposal, or None where the question is refused by its code."""
    options = {k: v for k, v in {**asked.options, **changes}.items() if v is not None}
    try:
        return gp.plan(asked.sig, today=TODAY, **options)
    except gp.GlidepathError as refusal:
        assert refusal.code not in ("INTERNAL", "READBACK_MISMATCH"), refusal
        return None


def document_of(proposal: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    files = plan_files(proposal, paper=False)
    return json.loads(files["plan.json"]), files


def plan_of(document: dict[str, Any], route: str) -> dict[str, Any] | None:
    return next((o for o in document["options"] if o["route"] == route and "plan" in o), None)


def planned_routes(document: dict[str, Any]) -> list[str]:
    return [o["route"] for o in document["options"] if "plan" in o]


def doses_of(option: dict[str, Any]) -> list[tuple[int, list[tuple[str, str, str]]]]:
    return [(s["days"], [(i["time"], i["drug"], i["dose_mg"]) for i in s["intakes"]]) for s in option["plan"]["steps"]]


# every plan --------------------------------------------------------------------------------------------------------


@calm
@given(questions)
def test_every_route_of_every_plan_is_sound_by_the_oracle(asked: Asked):
    proposal = planned(asked)
    assume(proposal is not None)
    document, files = document_of(proposal)
    for route in planned_routes(document):
        days = files[f"options/{route}/days.csv"].decode()
        report = oracle.check_route(document, route, days, gp.load_formulary())
        assert report.is_sound, (asked, route, report.complaints)


@calm
@given(questions)
def test_a_direct_plan_ends_at_nothing_or_at_the_dose_asked_for_in_finite_steps(asked: Asked):
    proposal = planned(asked)
    assume(proposal is not None)
    document, files = document_of(proposal)
    for route in planned_routes(document):
        plan = plan_of(document, route)
        assert plan is not None
        assert (plan["plan"]["ends"] == "stop") == (route != "reduce")
        rows = files[f"options/{route}/days.csv"].decode().split("\n")[-2].split(",")
        if plan["plan"]["ends"] == "stop":
            assert rows[0] == plan["plan"]["stops_on"]
            assert rows[6] == "0"


@calm
@given(questions)
def test_what_cannot_be_planned_says_which_rule_binds(asked: Asked):
    try:
        proposal = gp.plan(asked.sig, today=TODAY, **asked.options)
    except gp.GlidepathError as refusal:
        assert refusal.fix and refusal.code
        if refusal.code == "NOTHING_FEASIBLE":
            assert refusal.details
        return
    for option in proposal.options.options:
        assert option.is_planned or (option.withheld and option.rule)


@calm
@given(questions)
def test_a_switch_is_never_recommended_and_no_direct_route_is_hidden_behind_one(asked: Asked):
    proposal = planned(asked)
    assume(proposal is not None)
    document, _ = document_of(proposal)
    assert document["recommended"] in (None, "direct-present", "direct-all-forms", "switch", "reduce")
    if "switch" not in asked.options:
        assert document["recommended"] != "switch"


@calm
@given(questions)
def test_every_source_that_a_check_or_finding_names_is_listed(asked: Asked):
    proposal = planned(asked)
    assume(proposal is not None)
    document, _ = document_of(proposal)
    listed = {s["id"] for s in document["sources"]}
    tables = {
        t.table: t.source
        for d in proposal.options.goal.recorded.drugs
        for t in gp.load_formulary().conversion_tables(d)
    }
    named = {s for f in document["findings"] for s in f["sources"]}
    named |= {s for o in document["options"] for c in o.get("proof", ()) for s in c["sources"]}
    named |= set(document["pace"]["sources"])
    assert {tables.get(s, s) for s in named} <= listed | set(tables), named - listed


@calm
@given(questions, st.integers(0, 300))
def test_another_start_date_moves_every_date_and_nothing_else(asked: Asked, later: int):
    # The length of use is counted to the start, so it is left out here.
    first = planned(asked, since=None, start=TODAY.isoformat())
    moved = planned(asked, since=None, start=(TODAY + timedelta(days=later)).isoformat())
    assert (first is None) == (moved is None)
    assume(first is not None)
    one, _ = document_of(first)
    other, _ = document_of(moved)
    for route in planned_routes(one):
        before, after = plan_of(one, route), plan_of(other, route)
        assert before is not None and after is not None
        assert doses_of(before) == doses_of(after)
        for a, b in zip(before["plan"]["steps"], after["plan"]["steps"], strict=True):
            assert date.fromisoformat(b["starts"]) - date.fromisoformat(a["starts"]) == timedelta(days=later)


# metamorphic -------------------------------------------------------------------------------------------------------


@calm
@given(st.sampled_from(marketed_pairs()), st.integers(0, 10**9))
def test_micrograms_instead_of_milligrams_change_nothing(pair: tuple[str, str], seed: int):
    asked = drawn(Random(f"units {seed}"), 0, *pair)
    words = asked.sig.split()
    amounts = [n for n, w in enumerate(words) if w == "mg" and n]
    assume("micrograms" not in words and amounts)
    for n in amounts:
        micrograms = Fraction(words[n - 1]) * 1000
        assume(micrograms.denominator == 1 and micrograms <= 20_000)
        words[n - 1], words[n] = str(micrograms), "micrograms"
    one = planned(asked)
    other = planned(Asked(0, " ".join(words), asked.options))
    assert (one is None) == (other is None)
    assume(one is not None)
    first, files = document_of(one)
    second, other_files = document_of(other)
    assert {k: v for k, v in files.items() if k != "plan.json"} == {
        k: v for k, v in other_files.items() if k != "plan.json"
    }
    apart = {"request", "digest"}
    assert {k: v for k, v in first.items() if k not in apart} == {k: v for k, v in second.items() if k not in apart}


@calm
@given(questions, st.sampled_from([("5", "10"), ("2.5", "5"), ("5", "7.5"), ("10", "12.5"), ("10", "20")]))
def test_a_stricter_percent_never_gives_a_shorter_plan(asked: Asked, percents: tuple[str, str]):
    strict, loose = percents
    # The same interval and caps: only the percent is stricter.
    same = {"every": "28d", "max_hold": "84d", "profile": None, "switch": None, "table": None}
    one, other = planned(asked, percent=strict, **same), planned(asked, percent=loose, **same)
    assert (one is None) == (other is None)
    assume(one is not None)
    slower, _ = document_of(one)
    faster, _ = document_of(other)
    for route in ("direct-present", "reduce"):
        a, b = plan_of(slower, route), plan_of(faster, route)
        if a is not None and b is not None:
            assert Fraction(a["numbers"]["weeks"]) >= Fraction(b["numbers"]["weeks"]), (asked, route)


@calm
@given(questions)
def test_the_ladder_says_a_slower_pace_takes_no_less_time(asked: Asked):
    proposal = planned(asked)
    assume(proposal is not None)
    for option in document_of(proposal)[0]["options"]:
        if "plan" in option:
            days = [rung["days"] for rung in option["ladder"]]
            assert [rung["pace"] for rung in option["ladder"]] == [
                "10 % per 14 days",
                "10 % per 28 days",
                "5 % per 28 days",
            ]
            assert days == sorted(days), (asked, option["route"], days)


@calm
@given(questions)
def test_one_more_form_never_makes_the_largest_fall_of_the_recommended_plan_worse(asked: Asked):
    proposal = planned(asked, switch=None, table=None, maintain=None, last_dose=None, reason=None)
    assume(proposal is not None)
    document, _ = document_of(proposal)
    present = plan_of(document, "direct-present")
    shown = plan_of(document, document["recommended"] or "direct-present")
    assume(present is not None and shown is not None)
    assert present is not None and shown is not None
    fall = Fraction(shown["numbers"]["largest_fall"])
    assert fall <= max(Fraction(present["numbers"]["largest_fall"]), LIMIT), asked


@calm
@given(questions)
def test_a_declared_liquid_never_makes_the_largest_fall_of_the_recommended_plan_worse(asked: Asked):
    formulary = gp.load_formulary()
    plain = {"switch": None, "table": None, "maintain": None, "last_dose": None, "reason": None, "product": None}
    proposal = planned(asked, **plain)
    assume(proposal is not None)
    goal = proposal.options.goal
    counted = [p for p in formulary.products(goal.drug, goal.region) if p.form in (Form.TABLET, Form.CAPSULE)]
    assume(counted)
    liquid = f"{goal.drug} {exact_decimal(min(p.strength for p in counted) / 5)} mg/mL oral suspension"
    # A marketed liquid named with --product is what is taken now, not one more to plan with.
    assume(liquid not in {p.name for p in formulary.products(goal.drug, goal.region)})
    richer = planned(asked, **{**plain, "product": [liquid]})
    assert richer is not None
    before, after = (document_of(p)[0] for p in (proposal, richer))
    one, other = plan_of(before, before["recommended"]), plan_of(after, after["recommended"])
    assert one is not None and other is not None
    falls = [Fraction(o["numbers"]["largest_fall"]) for o in (one, other)]
    assert falls[1] <= max(falls[0], LIMIT), (asked, liquid)
    assert oracle.check_route(
        after,
        other["route"],
        document_of(richer)[1][f"options/{other['route']}/days.csv"].decode(),
        formulary,
    ).is_sound


# synthetic products ------------------------------------------------------------------------------------------------


def a_tablet(strength: Fraction, halves: bool) -> Product:
    split = Split.YES if halves else Split.NO
    return Product(drug="x", region="US", form=Form.TABLET, strength=strength, halves=split, quarters=Split.NO)


def a_pace(percent: int, interval: int) -> Pace:
    return Pace(name="tried", asked_frac=Fraction(percent, 100), interval_days=interval, max_hold_days=84)


def totals_of(supply: Supply, start: dict[Slot, Fraction]) -> list[Fraction]:
    """Every daily total on the way down from a start, by the rule of the slots."""
    quantum = quantum_of(supply, start.values())
    bench = Bench(supply, quantum, int(max(start.values()) / quantum))
    links = chain({s: int(d / quantum) for s, d in start.items()}, bench.doses())
    return [sum(q for _, q in day) * quantum for day in links]


strengths = st.lists(
    st.tuples(st.sampled_from([Fraction(n, 8) for n in (1, 2, 4, 8, 10, 16, 24, 40)]), st.booleans()),
    min_size=1,
    max_size=4,
    unique_by=lambda pair: pair[0],
)
starts = st.dictionaries(st.sampled_from(list(Slot)), st.integers(1, 6), min_size=1, max_size=4)


def nothing_more(_: int) -> DayCost:
    return DayCost(1, 0, ())


@settings(max_examples=200, deadline=None)
@given(strengths, starts, st.sampled_from([5, 10, 20]), st.sampled_from([14, 28]))
def test_doubling_the_start_and_all_strengths_doubles_every_dose(
    made: list[tuple[Fraction, bool]], start: dict[Slot, int], percent: int, interval: int
):
    unit = made[0][0]
    once = Supply(counted=tuple(a_tablet(s, h) for s, h in made))
    twice = Supply(counted=tuple(a_tablet(2 * s, h) for s, h in made))
    low = totals_of(once, {s: n * unit for s, n in start.items()})
    high = totals_of(twice, {s: 2 * n * unit for s, n in start.items()})
    assert high == [2 * t for t in low]
    pace = a_pace(percent, interval)
    assert shortest_path(low, pace, LIMIT, nothing_more) == shortest_path(high, pace, LIMIT, nothing_more)


@settings(max_examples=200, deadline=None)
@given(
    st.sets(st.integers(1, 80), min_size=2, max_size=30),
    st.sets(st.integers(1, 80), max_size=10),
    st.sampled_from([5, 10, 20]),
)
def test_more_totals_between_the_same_ends_never_make_the_largest_fall_or_the_excess_worse(
    some: set[int], more: set[int], percent: int
):
    few = [Fraction(n) for n in sorted(some, reverse=True)]
    many = [Fraction(n) for n in sorted(some | {m for m in more if few[-1] < m < few[0]}, reverse=True)]
    pace = a_pace(percent, 14)
    a, b = shortest_path(few, pace, LIMIT, nothing_more), shortest_path(many, pace, LIMIT, nothing_more)
    assert a is not None and b is not None
    assert (b.over_frac, b.excess) <= (a.over_frac, a.excess)


@settings(max_examples=200, deadline=None)
@given(strengths, starts)
def test_no_time_of_day_reaches_nothing_while_each_could_still_carry_a_piece(
    made: list[tuple[Fraction, bool]], start: dict[Slot, int]
):
    supply = Supply(counted=tuple(a_tablet(s, h) for s, h in made))
    doses = {s: n * made[0][0] for s, n in start.items()}
    quantum = quantum_of(supply, doses.values())
    bench = Bench(supply, quantum, int(max(doses.values()) / quantum))
    smallest = bench.doses()[0]
    for day in chain({s: int(d / quantum) for s, d in doses.items()}, bench.doses()):
        if len(day) < len(start):
            assert all(q == smallest or q in bench.doses() for _, q in day)
            # Some time of day is gone, so the others hold only the smallest dose that can be made.
            assert all(q <= smallest for _, q in day), (made, start, day)


@settings(max_examples=100, deadline=None)
@given(st.sets(st.integers(1, 60), min_size=2, max_size=20), st.sampled_from([(5, 10), (10, 20), (10, 15)]))
def test_on_one_ladder_a_stricter_percent_never_takes_less_time(some: set[int], percents: tuple[int, int]):
    totals = [Fraction(n) for n in sorted(some, reverse=True)]
    strict, loose = (shortest_days(totals, a_pace(p, 28), LIMIT) for p in percents)
    assert strict >= loose


# by hand -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "options", "doses"),
    [
        ("clonazepam 0.5 mg at night", {}, [("0.5", 7), ("0.375", 42), ("0.25", 56), ("0.125", 56)]),
        ("temazepam 30 mg at night", {}, [("30", 7), ("22.5", 42), ("15", 56), ("7.5", 56)]),
    ],
)
def test_the_worked_figures_come_out_at_ten_percent_in_fourteen_days(
    line: str, options: dict[str, Any], doses: list[tuple[str, int]]
):
    proposal = gp.plan(line, today=TODAY, since="2026-01", age=40, percent="10", every="14d", **options)
    document, _ = document_of(proposal)
    option = plan_of(document, document["recommended"])
    assert option is not None
    assert [(s["intakes"][0]["dose_mg"], s["days"]) for s in option["plan"]["steps"]] == doses
    assert Fraction(option["numbers"]["weeks"]) == Fraction(sum(d for _, d in doses), 7)


def test_clonazepam_two_milligrams_takes_fifteen_reductions_in_fifty_five_weeks():
    proposal = gp.plan("clonazepam 1 mg bid", today=TODAY, since="2026-01", age=40, percent="10", every="14d")
    document, _ = document_of(proposal)
    option = plan_of(document, "direct-all-forms")
    assert option is not None
    assert option["numbers"]["reductions"] == 15
    assert Fraction(option["numbers"]["weeks"]) == 55
    totals = [sum(Fraction(i["dose_mg"]) for i in s["intakes"]) for s in option["plan"]["steps"]]
    assert {a - b for a, b in pairwise(totals)} == {Fraction(1, 8)}


@pytest.mark.parametrize("table", ["ASHTON2002", "VADOD2021"])
def test_six_milligrams_of_alprazolam_are_never_switched_to_sixty_or_more_of_diazepam(table: str):
    answers = dict.fromkeys(("seizures", "pregnancy", "liver", "opioid", "other_sedatives"), "no")
    proposal = gp.plan(
        "alprazolam 2 mg tid", today=TODAY, since="2023-01", age=40, switch="diazepam", table=table, **answers
    )
    switch = next(o for o in document_of(proposal)[0]["options"] if o["route"] == "switch")
    assert "plan" not in switch and switch["withheld"] and switch["targets"]


def test_a_switch_to_a_drug_that_is_already_on_the_line_is_withheld():
    answers = dict.fromkeys(("seizures", "pregnancy", "liver", "opioid"), "no")
    proposal = gp.plan(
        "lorazepam 1 mg bid + diazepam 5 mg bd",
        today=TODAY,
        since="2023-01",
        age=40,
        switch="diazepam",
        table="ASHTON2002",
        **answers,
    )
    switch = next(o for o in document_of(proposal)[0]["options"] if o["route"] == "switch")
    assert "plan" not in switch and "already" in switch["withheld"]


def test_a_banded_pace_is_judged_by_its_bands_over_fourteen_and_twenty_eight_days():
    proposal = gp.plan("diazepam 40 mg at night", today=TODAY, since="2025-01", age=40, region="AU", profile="cks")
    document, files = document_of(proposal)
    for route in planned_routes(document):
        report = oracle.check_route(document, route, files[f"options/{route}/days.csv"].decode(), gp.load_formulary())
        said = {c["id"]: c["status"] for c in plan_of(document, route)["proof"]}
        assert report.is_sound, report.complaints
        assert report.statuses["fall-in-28-days"] == said["fall-in-28-days"]


def test_a_recorded_half_tablet_at_one_time_of_day_never_forces_the_other_to_fall_at_once_beside_a_liquid():
    asked = Asked(0, "oxazepam 22.5 mg twice daily", {"region": "CA", "age": 36, "since": "2025-04", "from": "night"})
    document, files = document_of(planned(asked, product=["oxazepam 2 mg/mL oral suspension"]))
    option = plan_of(document, "direct-all-forms")
    assert option is not None
    assert Fraction(option["numbers"]["largest_fall"]) < LIMIT
    days = files["options/direct-all-forms/days.csv"].decode()
    assert oracle.check_route(document, "direct-all-forms", days, gp.load_formulary()).is_sound


def test_of_two_sets_of_products_with_equal_falls_the_one_with_the_lower_last_dose_is_taken():
    document, _ = document_of(
        gp.plan("alprazolam 0.125 mg every morning, 0.375 mg hs", today=TODAY, since="2018-12", age=38)
    )
    option = plan_of(document, "direct-all-forms") or plan_of(document, "direct-present")
    assert option is not None
    assert option["end"]["last_dose_mg"] == "0.125"
