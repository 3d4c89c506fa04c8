"""The rules of an assessment, as the facts hold them: when each applies, what follows, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from glidepath.errors import FactsError
from glidepath.facts.records import Rule
from glidepath.guidance.condition import Condition, Holds, read_condition

TOPIC = "assessment"
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

    `tier` is raised or high; `slower` asks for the slower pace; `switch` is "no", "ask" or ""; `answer` names an answer
    that is valid beside tapering; `review_days` is the longest interval between reviews.
    """

    id: str
    statement: str
    sources: tuple[str, ...]
    status: str
    rests_on: str
    where: str
    effect: Effect
    when: Condition
    tier: str = ""
    slower: bool = False
    switch: str = ""
    answer: str = ""
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
        days = params.get("review_days")
        return Guidance(
            id=rule.id,
            statement=rule.statement,
            sources=rule.sources,
            status=rule.status,
            rests_on=str(params["rests_on"]),
            where=str(params["where"]),
            effect=Effect(str(params["effect"])),
            when=read_condition(when),
            tier=str(params.get("tier", "")),
            slower=params.get("pace") == "slower",
            switch=str(params.get("switch", "")),
            answer=str(params.get("answer", "")),
            review_days=None if days is None else int(str(days)),
            task=str(params.get("task", "")),
            never=str(params.get("never", "")),
            favours_taper=params.get("favours") == "yes",
            against_taper=params.get("against") == "yes",
        )
    except (KeyError, ValueError) as error:
        raise FactsError("DATA_SCHEMA", f"the rule {rule.id} cannot be read: {error}", field=rule.id) from error
