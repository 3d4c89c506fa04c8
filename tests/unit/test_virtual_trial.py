"""A virtual trial adds up the same however it is made, and refuses what it cannot do by name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import glidepath as gp
from glidepath.casework.trial_arms import Rule, read_arm, stretches_of_rule
from glidepath.casework.trial_file import trial_of
from glidepath.casework.trial_parts import part_bytes, part_from
from glidepath.casework.trial_run import Nowhere, Part, make_part, run_trial
from glidepath.casework.trial_template import template
from glidepath.errors import GlidepathError, StoreError
from glidepath.facts.formulary import load_formulary
from glidepath.facts.response import load_response
from glidepath.pharmacology.draws import CHUNK
from glidepath.pharmacology.forecast import forecast
from glidepath.pharmacology.history import Dose, Stretches
from glidepath.pharmacology.population import simulated
from glidepath.pharmacology.trial import MEASURES, PartResult, Sums, Trial, model_of_trial, part_of
from glidepath.render.document import to_document
from tests.support.trials import FAST, SLOW, STRAIGHT, a_trial, asked, written

TWO_CHUNKS = CHUNK + 9


class Remembering:
    """Keeps finished parts as bytes; with `most`, it is interrupted after so many."""

    def __init__(self, trial: Trial, most: int | None = None) -> None:
        self.trial, self.most = trial, most
        self.files: dict[Part, bytes] = {}
        self.kept_now = 0

    def find(self, part: Part) -> PartResult | None:
        return part_from(self.files[part], self.trial, *part) if part in self.files else None

    def keep(self, part: Part, result: PartResult) -> None:
        if self.kept_now == self.most:
            raise KeyboardInterrupt
        self.files[part] = part_bytes(self.trial, *part, result)
        self.kept_now += 1


def as_bytes(trial: Trial, result: Any) -> dict[str, bytes]:
    return {scenario: part_bytes_of_any_size(found) for scenario, found in result.by_scenario.items()}


def part_bytes_of_any_size(found: PartResult) -> bytes:
    counts = [c.counts.tobytes() for arm in found.arms for c in (arm.drive, arm.whole) if c is not None]
    sums = [(s.n, s.total, s.squares) for row in (*(a.sums for a in found.arms), *found.differences) for s in row]
    return b"".join(counts) + json.dumps([found.n, sums]).encode()


@pytest.fixture(scope="module")
def two_chunks() -> Trial:
    return a_trial(n=TWO_CHUNKS, arms=[{"name": "slow", "rule": FAST}, {"name": "fast", "rule": STRAIGHT}])


@pytest.fixture(scope="module")
def whole(two_chunks: Trial) -> dict[str, bytes]:
    return as_bytes(two_chunks, run_trial(two_chunks, threads=1))


def test_two_threads_count_the_same_as_one(two_chunks, whole):
    assert as_bytes(two_chunks, run_trial(two_chunks, threads=2)) == whole


def test_an_interrupted_trial_goes_on_and_counts_the_same(two_chunks, whole):
    store = Remembering(two_chunks, most=5)
    with pytest.raises(KeyboardInterrupt):
        run_trial(two_chunks, threads=2, kept=store)
    assert len(store.files) == 5
    store.most, store.kept_now = None, 0
    assert as_bytes(two_chunks, run_trial(two_chunks, threads=2, kept=store)) == whole
    assert store.kept_now == len(two_chunks.parts()) - 5


def test_a_part_comes_back_from_its_file_as_it_was(two_chunks):
    part = ("central", 1)
    data = part_bytes(two_chunks, *part, make_part(two_chunks, part))
    again = part_from(data, two_chunks, *part)
    assert again is not None
    assert again.n == 9
    assert part_bytes(two_chunks, *part, again) == data


def test_a_damaged_part_is_none_and_a_part_of_another_trial_is_refused(two_chunks):
    part = ("proportional", 1)
    data = part_bytes(two_chunks, *part, make_part(two_chunks, part))
    for broken in (b"", b"no part", data[:-30], data[: len(data) // 2], data.replace(b"PK", b"PX")):
        assert part_from(broken, two_chunks, *part) is None
    for other, asked_part in (
        (replace(two_chunks, seed=8), part),
        (two_chunks, ("central", 1)),
        (two_chunks, (part[0], 0)),
    ):
        with pytest.raises(StoreError) as refused:
            part_from(data, other, *asked_part)
        assert refused.value.code == "OUTPUT_EXISTS"


def test_one_arm_is_what_a_forecast_of_it_says():
    trial = a_trial(n=300)
    counted = run_trial(trial).by_scenario["central"].arms[1]
    model = model_of_trial(trial)
    one = forecast(model, trial.arms[1].history, n=300, seed=trial.seed, threads=1).course("central")
    assert np.array_equal(counted.drive.quantiles()[:, 0], one.drive[:: trial.every_days])
    peak, total, above, when = counted.quantiles(trial.days)
    assert np.allclose((peak, when), (one.peak_drive, one.peak_day))
    # A forecast counts these in wider bins.
    assert np.allclose((total, above), (one.drive_days, one.days_above), rtol=0.006, atol=trial.days / 1024)


def test_quantiles_are_those_of_the_people():
    trial = a_trial(n=400)
    model, scenario = model_of_trial(trial), load_response().scenario("central")
    (done,) = simulated(model, trial.arms[0].history, scenario, n=400, seed=trial.seed, threads=1)
    found = run_trial(trial).by_scenario["central"].arms[0].quantiles(trial.days)
    drive = done.day_mean[:, :, -1]
    day = np.where(drive.max(axis=1) > 0, drive.argmax(axis=1) + 0.5, 0.0)
    people = (drive.max(axis=1), done.drive_integral_h / 24, done.hours_above / 24, day)
    for row, values in zip(found, people, strict=True):
        exact = np.quantile(np.nan_to_num(values), (0.05, 0.25, 0.5, 0.75, 0.95), method="inverted_cdf")
        assert np.allclose(row, exact, rtol=0.006, atol=trial.days / 4000)
    total = np.quantile(people[1], 0.5, method="inverted_cdf")
    assert found[1, 2] == pytest.approx(total, rel=0.006)


def test_people_are_the_same_in_every_arm_so_that_equal_arms_differ_by_nothing():
    trial = a_trial(
        arms=[{"name": "one", "rule": SLOW}, {"name": "again", "rule": SLOW}, {"name": "fast", "rule": FAST}]
    )
    found = run_trial(trial).by_scenario["central"]
    assert all((s.mean, s.error) == (0.0, 0.0) for s in found.differences[0])
    for index in (0, 1):
        apart = found.arms[2].sums[index].mean - found.arms[0].sums[index].mean
        assert found.differences[1][index].mean == pytest.approx(apart, abs=1e-9)


def test_a_person_is_the_same_beside_an_arm_with_another_drug():
    """A switch brings other compartments; the people in the arm without it must stay those they are beside it."""
    other = {**SLOW, "line": "diazepam 20 mg at night", "until_mg": 5}
    both = a_trial(arms=[{"name": "slow", "rule": SLOW}, {"name": "diazepam", "rule": other}])
    twice = a_trial(
        arms=[{"name": "slow", "rule": SLOW}, {"name": "diazepam", "rule": other}, {"name": "s", "rule": SLOW}]
    )
    assert part_of(both, "central", 0).arms[0].sums == part_of(twice, "central", 0).arms[2].sums


def test_the_monte_carlo_error_is_that_of_the_mean():
    values = np.random.default_rng(3).gamma(2.0, 0.03, 5000)
    found = Sums.of(values[:2000]) + Sums.of(values[2000:])
    assert found.mean == pytest.approx(values.mean(), rel=1e-8)
    assert found.error == pytest.approx(values.std(ddof=1) / np.sqrt(5000), rel=1e-6)
    assert Sums.of(values[:1]).error is None
    assert Sums().mean is None


def test_a_rule_falls_by_its_percent_to_its_last_dose_and_stops():
    trial = a_trial()
    slow, fast = (arm.history.mg_a_day("clonazepam") for arm in trial.arms)
    assert len(slow) == len(fast) == trial.days
    levels = [mg for mg, after in pairwise((*slow, -1)) if mg != after]
    assert levels[:-2] == pytest.approx([2 * 0.75**k for k in range(5)])
    assert levels[-2:] == [0.5, 0.0]
    assert slow[:7] == (2.0,) * 7
    assert slow.count(0.5) == 14
    assert sum(mg == 0 for mg in slow) == 14


def test_a_straight_line_has_equal_steps():
    rule = Rule(line="clonazepam 1 mg twice daily", every_days=7, keep_days=0, linear_weeks=4)
    course = stretches_of_rule(rule, load_formulary(), "US")
    assert [sum(d.mg for d in day) for _, day in course.stretches] == [1.5, 1.0, 0.5]
    assert course.days == 21


def test_an_arm_keeps_the_drug_that_nobody_tapers():
    proposal = gp.plan(
        "lorazepam 1 mg bid, zolpidem 10 mg at night", taper="lorazepam", today=date(2026, 11, 22), start="2026-12-07"
    )
    document = to_document(proposal)
    course, _ = read_arm(json.dumps(document).encode(), document["recommended"])
    history = course.history(course.days + 30)
    assert set(history.mg_a_day("zolpidem")) == {10.0} and history.mg_a_day("lorazepam")[-30:] == (0.0,) * 30


def test_a_dose_that_is_kept_goes_on_to_the_end():
    day = (Dose(8.0, "clonazepam", 1.0),)
    assert Stretches(stretches=((3, day),), before=day, then=day).history(10).mg_a_day("clonazepam") == (1.0,) * 10
    assert sum(Stretches(stretches=((3, day),), before=day, then=()).history(10).mg_a_day("clonazepam")) == 3.0


def test_a_worker_with_another_version_is_refused():
    for changed in ({"engine_version": "0.0.1"}, {"facts_digest": "0" * 64}, {"response_digest": "0" * 64}):
        with pytest.raises(GlidepathError) as refused:
            make_part(replace(a_trial(), **changed), ("central", 0))
        assert refused.value.code == "DIGEST_MISMATCH"


def test_the_template_is_a_trial():
    trial = trial_of(template().encode(), lambda name: b"")
    assert [arm.name for arm in trial.arms] == ["every four weeks", "every two weeks"]
    assert trial.scenarios == ("central", "proportional", "saturating")


def arm(**rule: Any) -> dict[str, Any]:
    kept = {name: value for name, value in {**SLOW, **rule}.items() if value is not None}
    return {"arms": [{"name": "one", "rule": kept}]}


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "nobody": ({"n": 0}, "NUM_RANGE", "n"),
    "a million million people": ({"n": 10**12}, "NUM_RANGE", "n"),
    "a text of people": ({"n": "many"}, "OPTION_INVALID", "n"),
    "people missing": ({"n": None}, "OPTION_INVALID", "n"),
    "no title": ({"title": None}, "OPTION_INVALID", "title"),
    "another file": ({"format": "glidepath-case"}, "OPTION_INVALID", "format"),
    "a field nobody reads": ({"people": 4}, "FIELD_UNKNOWN", "people"),
    "unknown scenario": ({"scenarios": ["central", "rosy"]}, "OPTION_INVALID", "scenarios"),
    "a scenario twice": ({"scenarios": ["central", "central"]}, "OPTION_INVALID", "scenarios"),
    "no scenario": ({"scenarios": []}, "OPTION_INVALID", "scenarios"),
    "no arms": ({"arms": []}, "OPTION_INVALID", "arms"),
    "arms missing": ({"arms": None}, "OPTION_INVALID", "arms"),
    "arms that are a text": ({"arms": "one"}, "OPTION_INVALID", "arms"),
    "nine arms": ({"arms": [{"name": str(n), "rule": SLOW} for n in range(9)]}, "OPTION_INVALID", "arms"),
    "two arms of one name": ({"arms": [{"name": "a", "rule": SLOW}] * 2}, "OPTION_INVALID", "arms"),
    "an arm of nothing": ({"arms": [{"name": "a"}]}, "OPTION_INVALID", "arms[1].rule"),
    "an arm of both": ({"arms": [{"name": "a", "rule": SLOW, "plan": "p"}]}, "OPTION_INVALID", "arms[1].rule"),
    "an option without a plan": (
        {"arms": [{"name": "a", "rule": SLOW, "option": "x"}]},
        "OPTION_INVALID",
        "arms[1].option",
    ),
    "unknown region": ({"region": "ZZ"}, "REGION_UNKNOWN", "region"),
    "a negative seed": ({"seed": "-1"}, "OPTION_INVALID", "seed"),
    "a child": ({"population": {"age": 12}}, "NUM_RANGE", "age"),
    "unknown liver": ({"population": {"liver": "bad"}}, "OPTION_INVALID", "population.liver"),
    "a name in the population": ({"population": {"name": "x"}}, "FIELD_UNKNOWN", "population.name"),
    "follow for years": ({"follow_days": 4000}, "NUM_RANGE", "follow_days"),
    "an unreadable line": (arm(line="clonazepam sometimes"), "", "arms[1].rule.line"),
    "an unknown drug": (arm(line="clonazepan 1 mg at night"), "", "arms[1].rule.line"),
    "a line of two drugs": (
        arm(line="clonazepam 1 mg bid + zolpidem 10 mg qhs"),
        "OPTION_INVALID",
        "arms[1].rule.line",
    ),
    "a hundred percent": (arm(reduce_percent=100), "PACE_INVALID", "arms[1].rule.reduce_percent"),
    "no percent": (arm(reduce_percent=0), "PACE_INVALID", "arms[1].rule.reduce_percent"),
    "two paces": (arm(linear_weeks=3), "OPTION_INVALID", "arms[1].rule.reduce_percent"),
    "a last dose above the first": (arm(until_mg=3), "OPTION_INVALID", "arms[1].rule.until_mg"),
    "a last dose of nothing": (arm(until_mg=0), "NUM_RANGE", "arms[1].rule.until_mg"),
    "steps without end": (arm(reduce_percent="0.001"), "NUM_RANGE", "arms[1].rule.reduce_percent"),
    "every no days": (arm(every_days=0), "NUM_RANGE", "arms[1].rule.every_days"),
    "too long to simulate": (arm(reduce_percent=1, every_days=365), "SIM_HISTORY", "days"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_by_name_and_field(name):
    changed, code, field = WRONG[name]
    with pytest.raises(GlidepathError) as refused:
        trial_of(written(**changed), lambda path: b"")
    if code:
        assert refused.value.code == code, refused.value.message
    assert field in (refused.value.field or ""), refused.value.field


def test_a_drug_without_kinetics_is_refused():
    with pytest.raises(GlidepathError) as refused:
        a_trial(**arm(line="phenazepam 2 mg at night"))
    assert refused.value.code == "SIM_NO_KINETICS"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"- a\n", "OPTION_INVALID"),
        (b"n: 1\nn: 2\n", "YAML_DUPLICATE_KEY"),
        (b"title: yes\n", "YAML_SCALAR_TYPE"),
        (b"n: 1.5\n", "YAML_SCALAR_TYPE"),
        (b"a: &x 1\n", "YAML_FEATURE"),
        (b"a: [\n", "YAML_INVALID"),
        (b"", "YAML_INVALID"),
        (b"\xff\xfe", "YAML_INVALID"),
    ],
)
def test_a_file_that_is_no_trial_is_refused(text, code):
    with pytest.raises(GlidepathError) as refused:
        trial_of(text, lambda name: b"")
    assert refused.value.code == code


def test_every_number_depends_on_what_is_in_the_digest():
    first = a_trial()
    assert first.digest == a_trial(title="Another title").digest
    others = [
        a_trial(seed=8),
        a_trial(n=41),
        a_trial(follow_days=15),
        a_trial(population={"age": 80}),
        a_trial(arms=asked()["arms"][:1]),
    ]
    assert len({first.digest, *(t.digest for t in others)}) == 6
    assert MEASURES[0] == "peak_drive"
    assert Nowhere().find(("central", 0)) is None
