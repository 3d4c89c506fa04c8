"""Laws of an assessment: a worse answer never helps, and not knowing never takes a warning away."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import glidepath as gp
from glidepath.guidance.condition import UNKNOWN, Holds
from glidepath.guidance.rulebook import Effect, rulebook_of
from glidepath.patient.assessment import Assessment, Care
from glidepath.patient.case import BY_NAME, FIELDS, YES_NO
from tests.scenario.people import QUIET

TODAY = date(2026, 11, 22)
WORSE = {  # from the quietest answer to the worst
    **{f.name: ("no", "yes") for f in FIELDS if f.answers == YES_NO and f.section in ("conditions", "medicines")},
    "liver": ("none", "mild", "moderate", "severe"),
    "alcohol": ("none", "occasional", "daily", "heavy"),
    "suicidality": ("none", "ideas", "plan"),
    "supply": ("prescribed", "others", "online", "illicit"),
    "past_taper": ("none", "not_finished"),
    "past_reaction": ("none", "mild", "moderate", "severe"),
    "stopped": ("no", "2026-11-10"),
    "past_withdrawal_seizure": ("no", "yes"),
    "past_withdrawal_delirium": ("no", "yes"),
    "pregnancy": ("no", "yes"),
    "lactation": ("no", "yes"),
    "end_of_life": ("no", "yes"),
    "kidney": ("none", "mild", "moderate", "severe"),
    "as_needed": ("no", "yes"),
    "escalating": ("no", "yes"),
    "craving": ("no", "yes"),
    "more_than_prescribed": ("no", "yes"),
    "cannot_manage_without": ("no", "yes"),
    "has_support": ("yes", "no"),
    "can_attend_reviews": ("yes", "no"),
    "wants": ("taper", "stay"),
    "age": (40, 70, 90),
    "days_per_week": (7, 5),
    "since": ("2026-01", "2015-01"),
}
lines = st.sampled_from(["clonazepam 0.5 mg at night", "alprazolam 1 mg bd", "diazepam 20 mg bd", "zolpidem 10 mg hs"])
answers = st.fixed_dictionaries({name: st.sampled_from(steps) for name, steps in WORSE.items()})
CARE = list(Care)


def assess(case: dict[str, object]) -> Assessment:
    # Two of the answers contradict each other when one is no: a case may not say both.
    assume(not (case["seizure_disorder"] == "no" and case["past_withdrawal_seizure"] == "yes"))
    assume(not (case["opioid"] == "no" and case["methadone_or_buprenorphine"] == "yes"))
    assume(not (case["age"] != 40 and "yes" in (case["pregnancy"], case["lactation"])))
    return gp.assess({**QUIET, "sex_at_birth": "female", "since": "2025-01", **case}, today=TODAY).assessment


def strictness(found: Assessment) -> tuple[int, ...]:
    switch = ("yes", "ask", "no").index(found.switch)
    tier = ("lower", "raised", "high").index(found.tier_could_be)
    waits = not found.allows_a_taper, found.readiness.state != "ready"
    return CARE.index(found.care_could_be), tier, len(found.slower), switch, -found.review_days, *waits


def asked_for(found: Assessment) -> set[str]:
    """Everything that is to be done, or never done, by rules that apply or may."""
    return {*found.tasks, *found.tasks_open, *found.never}


def gate(found: Assessment) -> bool:
    """Whether a plan is made without anybody's name and reason."""
    return found.allows_a_taper and found.care is Care.OUTPATIENT


@settings(deadline=None, max_examples=60)
@given(lines, answers, st.sampled_from(sorted(WORSE)))
def test_a_worse_answer_never_gives_a_faster_or_less_supervised_plan(line, said, name):
    steps = WORSE[name]
    at = steps.index(said[name])
    if at + 1 == len(steps):
        return
    before, after = (assess({"line": line, **said, name: steps[n]}) for n in (at, at + 1))
    assert all(a >= b for a, b in zip(strictness(after), strictness(before), strict=True))
    assert asked_for(before) <= asked_for(after)
    assert gate(before) or not gate(after)


@settings(deadline=None, max_examples=60)
@given(lines, answers, st.sampled_from(sorted(WORSE)), st.sampled_from([UNKNOWN, "not asked"]))
def test_not_knowing_never_takes_a_warning_away(line, said, name, silence):
    before, after = assess({"line": line, **said}), assess({"line": line, **said, name: silence})
    assert {j.rule.id for j in before.warnings} <= {j.rule.id for j in after.warnings}
    assert all(a >= b for a, b in zip(strictness(after), strictness(before), strict=True))
    assert before.care is Care.OUTPATIENT or after.care is not Care.OUTPATIENT
    assert asked_for(before) <= asked_for(after)
    assert gate(before) or not gate(after)
    assert set(before.missing_before_signing) <= set(after.missing_before_signing)


@settings(deadline=None, max_examples=60)
@given(
    lines, st.dictionaries(st.sampled_from(sorted(WORSE)), st.just(UNKNOWN), max_size=6), st.sampled_from(sorted(WORSE))
)
def test_a_worse_answer_never_opens_the_gate_when_others_are_unknown(line, silent, name):
    quiet = {field: steps[0] for field, steps in WORSE.items()} | silent
    for step in WORSE[name]:
        if name not in silent and gate(assess({"line": line, **quiet, name: step})):
            assert gate(assess({"line": line, **quiet}))


def test_every_rule_can_be_met_not_met_and_left_open():
    for rule in rulebook_of(gp.load_formulary().rules):
        if not rule.when.tests:
            continue
        met = {t.field: next(iter(sorted(t.answers))) for t in rule.when.tests}
        other = {t.field: "none of them" for t in rule.when.tests}
        assert rule.holds(met) is Holds.YES, rule.id
        assert rule.holds(other) is Holds.NO, rule.id
        assert rule.holds({}) is Holds.OPEN, rule.id
        assert set(rule.when.missing({})) == set(rule.when.fields)


def test_every_rule_asks_only_what_a_case_answers_or_what_follows_from_it():
    derived = {"drug", "age_group", "dose_band", "over_40_mg", "from_100_mg", "over_ceiling", "long_use", "long_enough"}
    derived |= {"two_weeks", "dependence", "has_stopped", "not_daily", "three_months", "over_a_ceiling", "planned_here"}
    for rule in rulebook_of(gp.load_formulary().rules):
        for test in rule.when.tests:
            assert test.field in BY_NAME or test.field in derived, (rule.id, test.field)
            if test.field in BY_NAME and BY_NAME[test.field].answers:
                assert test.answers <= {*BY_NAME[test.field].answers, UNKNOWN}, rule.id


def test_no_rule_blames_and_none_calls_dependence_addiction():
    for rule in rulebook_of(gp.load_formulary().rules):
        words = f"{rule.statement} {rule.task} {rule.never}".casefold()
        assert not any(word in words for word in ("addict", "abus", "non-complian", "drug-seeking", "wean", "detox"))
        assert rule.sources and rule.status
        if rule.effect.weight >= Effect.SPECIALIST.weight:
            assert rule.rests_on
