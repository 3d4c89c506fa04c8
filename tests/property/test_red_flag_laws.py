"""Laws of escalation: worse is never quieter, silence is never calmer than a no, and the order does not matter."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from glidepath.facts.red_flags import ByWhen, load_red_flags
from glidepath.monitor.escalation import Escalation, Kind, escalations, on_taper

FLAGS = load_red_flags()
LIMITS = {m.key: m.over for flag in FLAGS for m in flag.measures} | {
    c.measure.key: c.measure.over for f in FLAGS if f.sooner for c in f.sooner.conditions if c.measure
}
SIGNS = [flag.key for flag in FLAGS]
QUESTIONS = [key for flag in FLAGS for key in flag.keys if key not in LIMITS]
BY_WHEN = {flag.id: flag.by_when for flag in FLAGS}

said = st.sampled_from(["yes", "no", "unknown", "not asked", "well, perhaps"])
measured = st.one_of(st.integers(0, 400), st.sampled_from(["unknown", "not asked", "38.1", "tired", -1]))
answers = st.fixed_dictionaries(
    {}, optional={key: measured if key in LIMITS else said for key in (*QUESTIONS, *LIMITS)}
)


def found(given: dict[str, Any]) -> dict[str, Escalation]:
    return {e.id: e for e in escalations(given, FLAGS, None)}


def no_softer(before: dict[str, Escalation], after: dict[str, Escalation]) -> None:
    """Nothing has gone, waits longer or lets the taper go on; except that asking became acting.

    A sign that could not be told is asked about on the same day. Once it is known to be there, its own time holds,
    which for four signs is longer: asking takes a minute, acting does not.
    """
    assert set(before) <= set(after)
    for key, old in before.items():
        new = after[key]
        assert new.taper.rank <= old.taper.rank
        if old.kind is Kind.UNANSWERED and new.kind is Kind.RAISED:
            assert new.by_when.rank <= max(BY_WHEN[key].rank, ByWhen.SAME_DAY.rank)
        else:
            assert new.by_when.rank <= old.by_when.rank
            assert not (old.kind is Kind.RAISED and new.kind is Kind.UNANSWERED)


@settings(max_examples=300, deadline=None)
@given(answers, st.sampled_from(QUESTIONS), st.sampled_from(["no", "not asked", "unknown", "well, perhaps"]))
def test_a_yes_never_removes_or_softens(given: dict[str, Any], key: str, before: str) -> None:
    no_softer(found({**given, key: before}), found({**given, key: "yes"}))


@settings(max_examples=300, deadline=None)
@given(
    answers, st.sampled_from(QUESTIONS), st.sampled_from(["not asked", "unknown", "well, perhaps", "no, not really"])
)
def test_silence_is_never_quieter_than_a_no(given: dict[str, Any], key: str, silence: str) -> None:
    calm, silent = found({**given, key: "no"}), found({**given, key: silence})
    no_softer(calm, silent)
    assert len(silent) >= len(calm)


@settings(max_examples=300, deadline=None)
@given(answers, st.sampled_from(sorted(LIMITS)), st.integers(1, 400), st.integers(0, 400))
def test_a_higher_number_never_removes_or_softens(given: dict[str, Any], key: str, low: int, more: int) -> None:
    no_softer(found({**given, key: low}), found({**given, key: low + more}))


@settings(max_examples=300, deadline=None)
@given(answers, st.sampled_from(sorted(LIMITS)), st.sampled_from(["unknown", "tired", -1]))
def test_a_number_that_cannot_be_told_is_never_quieter_than_a_normal_one(
    given: dict[str, Any], key: str, silence: str | int
) -> None:
    normal = 1
    no_softer(found({**given, key: normal}), found({**given, key: silence}))


@settings(max_examples=200, deadline=None)
@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_answers_and_of_flags_does_not_matter(given: dict[str, Any], luck: random.Random) -> None:
    keys, flags = list(given), list(FLAGS)
    luck.shuffle(keys)
    luck.shuffle(flags)
    assert escalations({k: given[k] for k in keys}, flags, None) == escalations(given, FLAGS, None)


@settings(max_examples=200, deadline=None)
@given(answers)
def test_every_sign_that_is_not_a_plain_no_is_escalated_once(given: dict[str, Any]) -> None:
    out = escalations(given, FLAGS, None)
    ids = [e.id for e in out]
    assert len(ids) == len(set(ids))
    for flag in FLAGS:
        if given.get(flag.key) != "no":
            assert flag.id in ids
    assert [e.by_when.rank for e in out] == sorted(e.by_when.rank for e in out)
    assert (on_taper(out) is None) == (not out)


@settings(max_examples=200, deadline=None)
@given(answers, st.text(max_size=30))
def test_free_text_lowers_nothing(given: dict[str, Any], text: str) -> None:
    no_softer(found(given), found({**given, "note": text}))
    no_softer(found({**given, "seizure": "yes"}), found({**given, "seizure": f"yes {text}"}))


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.text(max_size=12), st.one_of(st.none(), st.booleans(), st.floats(), st.text(), st.integers()))
)
def test_no_answer_whatever_makes_it_fail(given: dict[str, Any]) -> None:
    assert len(escalations(given, FLAGS, None)) >= len(FLAGS)
    said = dict(zip((*SIGNS, *LIMITS), given.values(), strict=False))
    assert escalations(said | {"slow_breathing": "yes"}, FLAGS, None)[0].by_when is ByWhen.IMMEDIATE
