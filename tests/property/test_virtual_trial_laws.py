"""Laws of virtual trials: parts add to the same result in any order and grouping, and rules only ever reduce."""

from __future__ import annotations

import json
from functools import lru_cache, reduce
from itertools import pairwise
from operator import add

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from glidepath.casework.trial_parts import part_bytes, part_from
from glidepath.errors import GlidepathError
from glidepath.pharmacology.trial import PartResult, Sums, Trial, part_of
from tests.support.trials import FAST, STRAIGHT, a_trial

laws = settings(max_examples=25, deadline=None)
values = st.lists(st.floats(-4000, 4000), min_size=2, max_size=40)


@lru_cache(maxsize=1)
def parts() -> tuple[Trial, tuple[PartResult, ...]]:
    """Three parts of few people each, as different seeds give them."""
    trials = [
        a_trial(n=20 + k, seed=k, arms=[{"name": "a", "rule": FAST}, {"name": "b", "rule": STRAIGHT}]) for k in range(4)
    ]
    return trials[0], tuple(part_of(trial, "central", 0) for trial in trials)


def told(part: PartResult) -> bytes:
    counts = b"".join(c.counts.tobytes() for arm in part.arms for c in (arm.drive, arm.whole))
    sums = [(s.n, s.total, s.squares) for row in (*(a.sums for a in part.arms), *part.differences) for s in row]
    return counts + json.dumps([part.n, sums]).encode()


@laws
@given(values, st.randoms(use_true_random=False), st.integers(1, 39))
def test_sums_are_the_same_in_any_order_and_grouping(drawn, random, cut):
    whole = Sums.of(np.array(drawn))
    shuffled = random.sample(drawn, len(drawn))
    assert reduce(add, (Sums.of(np.array([v])) for v in shuffled)) == whole
    assert Sums.of(np.array(shuffled[:cut])) + Sums.of(np.array(shuffled[cut:])) == whole
    assert abs(whole.mean - np.mean(drawn)) <= 1e-9 * 4000
    assert abs(whole.error - np.std(drawn, ddof=1) / np.sqrt(len(drawn))) <= 1e-6


@laws
@given(st.permutations(range(4)))
def test_parts_add_to_the_same_in_any_order(order):
    _, made = parts()
    assert told(reduce(add, (made[k] for k in order))) == told(reduce(add, made))


@laws
@given(st.integers(0, 10**6), st.integers(0, 255))
def test_a_part_with_one_byte_changed_is_never_taken_for_another_result(at, byte):
    trial, made = parts()
    data = bytearray(part_bytes(trial, "central", 0, made[0]))
    data[at % len(data)] = byte
    try:
        found = part_from(bytes(data), trial, "central", 0)
    except GlidepathError:
        return
    assert found is None or told(found) == told(made[0])


@laws
@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.sampled_from(["0.25", "0.5", "1.5", "1.999"]),
    st.integers(1, 40),
    st.integers(0, 20),
)
def test_a_rule_only_reduces_ends_at_nothing_and_keeps_its_last_dose(percent, every, until, tail, keep):
    rule = {
        "line": "clonazepam 0.5 mg am, 0.5 mg noon, 1 mg hs",
        "reduce_percent": percent,
        "every_days": every,
        "until_mg": until,
        "tail_days": tail,
        "keep_days": keep,
    }
    try:
        (arm,) = a_trial(arms=[{"name": "a", "rule": rule}]).arms
    except GlidepathError as refused:
        assert refused.code == "SIM_HISTORY"  # over ten years
        return
    daily = arm.history.mg_a_day("clonazepam")
    assert all(before >= after for before, after in pairwise((2.0, *daily)))
    assert daily[:keep] == (2.0,) * keep
    assert daily[-14:] == (0.0,) * 14
    assert sum(abs(mg - float(until)) < 1e-9 for mg in daily) >= tail
