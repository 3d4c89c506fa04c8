"""The rules of an assessment, as the facts hold them: when each applies, what follows, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from glidepath.errors import FactsError
from glidepath.facts.records import Rule
from glidepath.guidance.condition import Condition, Holds, read_condition

TOPIC = "assessment"
TAPER, REDUCE, REFER = "taper", "reduce to a lower dose", "refer"
TREAT_FIRST, FIND_OUT, KEEP = "treat first", "find out what is not known", "keep and review in 3 months"
ANSWERS = {TAPER, REDUCE, REFER, TREAT_FIRST, FIND_OUT, KEEP}
_KEYS = {
    "rests_on",
    "where",
    "effect",
    "when",
    "tier",
    "pace",
    "switch",
    "answer",
    "review_days",
    "task",
    "never",
    "favours",
    "against",
    "taper",
    "jurisdiction",
}


class Effect(StrEnum):
    """What a rule asks for when it applies, in rising order."""

    NOTE = "note"
    CAUTION = "caution"
    SPECIALIST = "specialist"
    INPATIENT = "inpatient"
    REFUSE = "refuse"

    @property
    def weight(self) -> int:
        return list(Effect).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """One rule of the rulebook. `status` is how well it is known at its source; no clinician has signed any.

    `strength` is what the guidance it rests on says of itself, or ""; `jurisdiction` is whose guidance it is. `tier` is
    raised or high; `slower` asks for the slower pace; `switch` is "no", "ask" or ""; `answers` are those that come
    before or beside tapering, and `no_taper` takes tapering from among them while the rule applies; `review_days` is
    the longest interval between reviews.
    """

    id: str
    statement: str
    sources: tuple[str, ...]
    status: str
    rests_on: str
    where: str
    effect: Effect
    when: Condition
    strength: str = ""
    jurisdiction: str = ""
    tier: str = ""
    slower: bool = False
    switch: str = ""
    answers: tuple[str, ...] = ()
    no_taper: bool = False
    review_days: int | None = None
    task: str = ""
    never: str = ""
    favours_taper: bool = False
    against_taper: bool = False

    def holds(self, said: Mapping[str, str]) -> Holds:
        return self.when.of(said)


def rulebook_of(rules: Mapping[str, Rule]) -> tuple[Guidance, ...]:
    """Every assessment rule, in the order of the facts. Raises `FactsError` DATA_SCHEMA for one that cannot be read."""
    return tuple(_guidance(rule, rules) for rule in rules.values() if rule.topic == TOPIC)


def _guidance(rule: Rule, rules: Mapping[str, Rule]) -> Guidance:
    params = rule.params
    try:
        if not set(params) <= _KEYS or str(params["rests_on"]) not in rules:
            raise ValueError("unknown keys, or it rests on no rule")
        when = params["when"]
        if not isinstance(when, Mapping):
            raise ValueError("when is no mapping")
        days, answer = params.get("review_days"), params.get("answer", ())
        answers = (
            (answer,)
            if isinstance(answer, str)
            else tuple(str(a) for a in answer)
            if isinstance(answer, (list, tuple))
            else ()
        )
        if not set(answers) <= ANSWERS:
            raise ValueError("an answer that is none")
        return Guidance(
            id=rule.id,
            statement=rule.statement,
            sources=rule.sources,
            status=rule.status,
            rests_on=str(params["rests_on"]),
            where=str(params["where"]),
            effect=Effect(str(params["effect"])),
            when=read_condition(when),
            strength=rule.strength or rules[str(params["rests_on"])].strength or "",
            jurisdiction=str(params["jurisdiction"]),
            tier=str(params.get("tier", "")),
            slower=params.get("pace") == "slower",
            switch=str(params.get("switch", "")),
            answers=answers,
            no_taper=params.get("taper") == "no" or TREAT_FIRST in answers,
            review_days=None if days is None else int(str(days)),
            task=str(params.get("task", "")),
            never=str(params.get("never", "")),
            favours_taper=params.get("favours") == "yes",
            against_taper=params.get("against") == "yes",
        )
    except (KeyError, ValueError) as error:
        raise FactsError("DATA_SCHEMA", f"the rule {rule.id} cannot be read: {error}", field=rule.id) from error
