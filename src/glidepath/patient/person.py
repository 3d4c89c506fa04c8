"""Who a plan is for, without names: age, duration of use and six yes/no/unknown questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from glidepath.errors import InputError, RefusedError

ADULT_AGE = 18
_OLDEST_PLAUSIBLE_AGE = 120


class Answer(StrEnum):
    """Yes, no or unknown. Unknown is never no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


QUESTIONS = (
    "seizures",
    "pregnancy",
    "liver",
    "opioid",
    "other_sedatives",
    "past_complicated_withdrawal",
)
ASKS = {
    "seizures": "Epilepsy, or a seizure ever?",
    "pregnancy": "Pregnant, possibly pregnant, or breastfeeding?",
    "liver": "Severe liver disease?",
    "opioid": "Any opioid, methadone or buprenorphine?",
    "other_sedatives": "Alcohol daily, or any other sedative?",
    "past_complicated_withdrawal": "A seizure, delirium or psychosis in an earlier withdrawal?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known of the person. `None` and `UNKNOWN` mean nobody has said, never no.

    `since` is the first day of use as precisely as it is known (the first of a month or year).
    """

    age: int | None = None
    since: date | None = None
    seizures: Answer = Answer.UNKNOWN
    pregnancy: Answer = Answer.UNKNOWN
    liver: Answer = Answer.UNKNOWN
    opioid: Answer = Answer.UNKNOWN
    other_sedatives: Answer = Answer.UNKNOWN
    past_complicated_withdrawal: Answer = Answer.UNKNOWN

    def __post_init__(self) -> None:
        if self.age is None:
            return
        if not 0 <= self.age <= _OLDEST_PLAUSIBLE_AGE:
            raise InputError(
                "AGE_RANGE", "The age is not plausible.", field="age", fix="Give whole years.", seen=self.age
            )
        if self.age < ADULT_AGE:
            raise RefusedError(
                "AGE_UNDER_18",
                "No plan is made for a person under 18: the guidance behind it is for adults.",
                field="age",
                fix="Refer to a specialist service for children and young people.",
            )

    def answer(self, question: str) -> Answer:
        """The answer to one of `QUESTIONS`."""
        return Answer(getattr(self, question))

    @property
    def unanswered(self) -> tuple[str, ...]:
        """What must be known before a plan can be signed, in the order it is asked."""
        missing = [] if self.age is not None else ["age"]
        missing += [] if self.since is not None else ["since"]
        return (*missing, *(q for q in QUESTIONS if self.answer(q) is Answer.UNKNOWN))

    @property
    def answered_yes(self) -> tuple[str, ...]:
        """The questions whose yes needs a named specialist and a reason at signing."""
        return tuple(q for q in QUESTIONS if self.answer(q) is Answer.YES)

    def years_of_use(self, on: date) -> int | None:
        """Completed years of use on a date, or None when the beginning is unknown."""
        if self.since is None:
            return None
        return on.year - self.since.year - ((on.month, on.day) < (self.since.month, self.since.day))
