"""Whether a person is ready to begin, as the guidance asks it: not a judgement of the person, and never a refusal.

NICE CKS: wait while depression, anxiety, sleep or an illness is unstable; begin with a person who is willing, has
support and can come to reviews.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from glidepath.guidance.condition import NOT_ASKED, UNKNOWN
from glidepath.patient.derived import RESTS_ON

# Each question with the answers that speak for waiting, and how that is said.
_WAIT: Mapping[str, tuple[tuple[str, ...], str]] = {
    "wants": (("stay",), "the person does not want to reduce now"),
    "supply": (("others", "online", "illicit"), "what is really taken is not known"),
    "as_needed": (("yes",), "there is no steady dose yet"),
    "has_stopped": (("yes",), "it was stopped already"),
    "open_red_flag": (("yes",), "a red flag is open"),
    "suicidality": (("ideas", "plan"), "there are thoughts of suicide"),
    "severe_withdrawal_now": (("yes",), "there is severe withdrawal now"),
    "imminent_harm": (("yes",), "there is imminent harm"),
    "not_daily": (("yes",), "it is not taken every day"),
    "unstable_illness": (("yes",), "mood, sleep or an illness is unstable"),
    "recent_admission": (("yes",), "there was a stay in hospital in the last month"),
}
_ARRANGE: Mapping[str, tuple[tuple[str, ...], str]] = {
    "wants": (("unsure",), "talk about what the person wants"),
    "has_support": (("no",), "find somebody who supports them"),
    "can_attend_reviews": (("no",), "find a way to come to reviews"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """`state` is ready, arrange first, not yet or cannot tell; `reasons` in words; `missing` are unanswered fields."""

    state: str
    reasons: tuple[str, ...]
    missing: tuple[str, ...]


def readiness(said: Mapping[str, str], *, needs_specialist: bool) -> Readiness:
    """What the answers say of being ready. What is not known is never read as ready."""
    wait = _told(_WAIT, said)
    arrange = _told(_ARRANGE, said)
    if needs_specialist:
        arrange = ("a specialist agrees", *arrange)
    asked = dict.fromkeys((*_WAIT, *_ARRANGE))
    silent = (field for field in asked if said.get(field, NOT_ASKED) in (UNKNOWN, NOT_ASKED))
    missing = tuple(dict.fromkeys(f for field in silent for f in RESTS_ON.get(field, (field,))))
    state = "not yet" if wait else "cannot tell" if missing else "arrange first" if arrange else "ready"
    return Readiness(state=state, reasons=(*wait, *arrange), missing=missing)


def _told(questions: Mapping[str, tuple[tuple[str, ...], str]], said: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(words for field, (answers, words) in questions.items() if said.get(field) in answers)
