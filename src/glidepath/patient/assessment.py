"""The assessment of a case: what each rule says, and what follows for the person and for a plan. It decides nothing.

Unknown is never no: a rule that cannot be told stays a warning, and what it would ask for (a slower pace, no switch,
an earlier review) holds until somebody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from glidepath.guidance.condition import NOT_ASKED, UNKNOWN, Holds
from glidepath.guidance.rulebook import FIND_OUT, KEEP, REDUCE, REFER, TAPER, TREAT_FIRST, Effect, Guidance
from glidepath.patient.derived import OF_THE_FACTS, RESTS_ON
from glidepath.patient.readiness import Readiness, readiness


class Met(StrEnum):
    """What a rule says of a case."""

    MET = "met"
    NOT_MET = "not met"
    NOT_ASSESSABLE = "not assessable"


class Care(StrEnum):
    """The level of care that the case asks for, in rising order; REFUSED means nothing is planned.

    NOT_ASSESSABLE: nothing known asks for more than outpatient care, and something that is not known may.
    """

    OUTPATIENT = "outpatient"
    NOT_ASSESSABLE = "not assessable"
    SPECIALIST = "specialist"
    INPATIENT = "inpatient"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One rule and what it says of the case. `missing` are the answers that would settle one that is not assessable."""

    rule: Guidance
    met: Met
    missing: tuple[str, ...] = ()

    @property
    def is_warning(self) -> bool:
        """Whether a person must see it: a rule that applies, or may apply, and asks for more than a note."""
        return self.met is not Met.NOT_MET and self.rule.effect is not Effect.NOTE

    @property
    def stands_in_the_way(self) -> bool:
        """Whether an answer that could be had might ask for a specialist, or take tapering from among the answers."""
        grave = self.rule.effect.weight >= Effect.SPECIALIST.weight or self.rule.no_taper or KEEP in self.rule.answers
        return self.met is Met.NOT_ASSESSABLE and bool(self.missing) and grave

    @property
    def stands_unanswerable(self) -> bool:
        """Whether only the facts could settle it: no answer of the person would help, so it counts as met."""
        return self.met is Met.NOT_ASSESSABLE and not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The whole assessment. `dependence` is rare, possible, likely or unknown; `tier` of severe withdrawal is lower,
    raised or high, never a probability, with its `reasons` and what is `open`; `tier_could_be` and `care_could_be` are
    the most they may be once what is open is known. `emergency`: an answer needs help now. `answers` are those that are
    valid. `tasks` are those of the rules that apply, `tasks_open` those of rules that may.
    """

    judged: tuple[Judged, ...]
    dependence: str
    use_signs: tuple[str, ...]
    tier: str
    tier_could_be: str
    tier_reasons: tuple[str, ...]
    tier_open: tuple[str, ...]
    care: Care
    care_could_be: Care
    emergency: bool
    answers: tuple[str, ...]
    favours: tuple[str, ...]
    against: tuple[str, ...]
    slower: tuple[str, ...]
    switch: str
    switch_reasons: tuple[str, ...]
    review_days: int
    tasks: tuple[str, ...]
    tasks_open: tuple[str, ...]
    never: tuple[str, ...]
    readiness: Readiness
    wants_to_stay: bool = False

    def of(self, rule_id: str) -> Judged:
        return next(j for j in self.judged if j.rule.id == rule_id)

    @property
    def warnings(self) -> tuple[Judged, ...]:
        return tuple(j for j in self.judged if j.is_warning)

    @property
    def missing_before_signing(self) -> tuple[str, ...]:
        """The answers without which it cannot be told whether a specialist must agree, or whether to plan at all."""
        return tuple(dict.fromkeys(m for j in self.judged if j.stands_in_the_way for m in j.missing))

    @property
    def refusals(self) -> tuple[Guidance, ...]:
        """The rules by which nothing is planned for this person."""
        return tuple(j.rule for j in self.judged if j.met is Met.MET and j.rule.effect is Effect.REFUSE)

    @property
    def allows_a_taper(self) -> bool:
        """Whether tapering or reducing is among the answers, and the person has not said that they want to stay."""
        return bool({TAPER, REDUCE} & set(self.answers)) and not self.wants_to_stay

    @property
    def why_not_now(self) -> tuple[str, ...]:
        """The rules by which tapering is not among the answers, gravest first; of open ones, what is asked."""
        blocking = [j for j in self.judged if j.stands_in_the_way or (j.met is Met.MET and j.rule.no_taper)]
        blocking.sort(key=lambda j: -j.rule.effect.weight)
        return tuple(
            f"{j.rule.statement}." + (f" Not known: {', '.join(j.missing).replace('_', ' ')}." if j.missing else "")
            for j in blocking
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """The answers that warnings wait for, in the order of the rules."""
        return tuple(dict.fromkeys(m for j in self.warnings for m in j.missing))


_USE_SIGNS = ("craving", "escalating", "more_than_prescribed", "cannot_manage_without")
_SILENT = (UNKNOWN, NOT_ASKED, None)
# Answers that need help now, before anything else is read.
_EMERGENCY = {
    "suicidality": ("ideas", "plan"),
    "open_red_flag": ("yes",),
    "severe_withdrawal_now": ("yes",),
    "imminent_harm": ("yes",),
}
_TIERS = ("lower", "raised", "high")
_LONGEST_REVIEW_DAYS = 91


def assess(said: Mapping[str, str], rulebook: Iterable[Guidance]) -> Assessment:
    """Hold a case against every rule. `said` has the answers of the case and those that follow from them."""
    judged = tuple(_judge(rule, said) for rule in rulebook)
    applies = [j.rule for j in judged if j.met is Met.MET]
    may = [j.rule for j in judged if j.met is Met.NOT_ASSESSABLE]
    tier = max((_TIERS.index(r.tier) for r in applies if r.tier), default=0)
    could_be = max((_TIERS.index(r.tier) for r in (*applies, *may) if r.tier), default=0)
    # What only the facts could settle counts as met: no answer of the person would help.
    settled = [j.rule for j in judged if j.met is Met.MET or j.stands_unanswerable]
    care, care_could_be = _care(settled), _care([*applies, *may])
    if care is Care.OUTPATIENT and care_could_be is not care:
        care = Care.NOT_ASSESSABLE
    tasks = tuple(dict.fromkeys(r.task for r in applies if r.task))
    no_switch = [r for r in (*applies, *may) if r.switch == "no"]
    ask_switch = [r for r in (*applies, *may) if r.switch == "ask"]
    return Assessment(
        judged=judged,
        dependence=said.get("dependence", UNKNOWN),
        use_signs=tuple(sign for sign in _USE_SIGNS if said.get(sign) == "yes"),
        tier=_TIERS[tier],
        tier_could_be=_TIERS[could_be],
        tier_reasons=tuple(r.statement for r in applies if r.tier),
        tier_open=tuple(r.statement for r in may if r.tier),
        care=care,
        care_could_be=care_could_be,
        emergency=any(said.get(field) in answers for field, answers in _EMERGENCY.items()),
        answers=_answers(applies, said, care, is_open=any(j.stands_in_the_way for j in judged)),
        favours=tuple(r.statement for r in applies if r.favours_taper),
        against=tuple(r.statement for r in applies if r.against_taper),
        slower=tuple(r.id for r in (*applies, *may) if r.slower),
        switch="no" if no_switch else "ask" if ask_switch else "yes",
        switch_reasons=tuple(
            r.statement + ("" if r in applies else " (not known yet)") for r in (no_switch or ask_switch)
        ),
        review_days=min((r.review_days for r in (*applies, *may) if r.review_days), default=_LONGEST_REVIEW_DAYS),
        tasks=tasks,
        tasks_open=tuple(dict.fromkeys(r.task for r in may if r.task and r.task not in tasks)),
        readiness=readiness(said, needs_specialist=care in (Care.SPECIALIST, Care.INPATIENT)),
        wants_to_stay=said.get("wants") == "stay",
        never=tuple(dict.fromkeys(r.never for r in (*applies, *may) if r.never)),
    )


def _judge(rule: Guidance, said: Mapping[str, str]) -> Judged:
    holds = rule.holds(said)
    if holds is Holds.OPEN:
        asked = [f for field in rule.when.missing(said) for f in RESTS_ON.get(field, (field,))]
        missing = tuple(dict.fromkeys(f for f in asked if f not in OF_THE_FACTS and said.get(f) in _SILENT))
        return Judged(rule=rule, met=Met.NOT_ASSESSABLE, missing=missing)
    return Judged(rule=rule, met=Met.MET if holds is Holds.YES else Met.NOT_MET)


def _care(applies: list[Guidance]) -> Care:
    most = max((r.effect.weight for r in applies), default=0)
    return {
        Effect.REFUSE.weight: Care.REFUSED,
        Effect.INPATIENT.weight: Care.INPATIENT,
        Effect.SPECIALIST.weight: Care.SPECIALIST,
    }.get(most, Care.OUTPATIENT)


def _answers(applies: list[Guidance], said: Mapping[str, str], care: Care, *, is_open: bool) -> tuple[str, ...]:
    """The answers that are valid for this case, the one that comes first first. Staying is always one.

    While something is open that could ask for a specialist or for waiting, tapering is not among them yet.
    """
    if care is Care.REFUSED:
        return (REFER, KEEP)
    named = [answer for rule in applies for answer in rule.answers]
    first = [answer for answer in (REFER, TREAT_FIRST) if answer in named]
    if is_open:
        return (FIND_OUT, *first, KEEP)
    rest = [] if any(rule.no_taper for rule in applies) else [TAPER, REDUCE]
    if said.get("wants") == "lower":
        rest.sort(key=lambda answer: answer != REDUCE)
    if said.get("wants") in ("stay", "unsure"):
        rest = [KEEP, *rest]
    return tuple(dict.fromkeys((*first, *rest, KEEP)))
