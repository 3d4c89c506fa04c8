"""The closed vocabulary of a line that says what is taken: every phrase that has a meaning, and that meaning.

A phrase is a sequence of words; `#` stands for a number. A line is read by the longest phrase at each place, and
a word in no phrase is left over. Nothing here is a clinical number: only words, times of day and their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import product as every_choice

from glidepath.dosing.regimen import Slot


class Kind(StrEnum):
    """What a piece of the line is. The upper-case kinds are the terminals of `sig.lark`."""

    DRUG = "DRUG"
    AMOUNT = "AMOUNT"
    STRENGTH = "STRENGTH"
    CONCENTRATION = "CONCENTRATION"
    VOLUME = "VOLUME"
    COUNT = "COUNT"
    TIME = "TIME"
    SCHEME = "SCHEME"
    PLUS = "PLUS"
    AND = "AND"
    OF = "OF"
    NEXT = "NEXT"
    COMMA = "COMMA"
    LEFT_OVER = "LEFT_OVER"
    # These are gone before the grammar is applied.
    NUMBER = "number"
    UNIT = "unit"
    FORM = "form"
    SLASH = "slash"
    DASH = "dash"
    OPEN = "open"
    CLOSE = "close"
    FILLER = "filler"
    EACH = "each"
    AS_NEEDED = "as needed"
    NOT_DAILY = "not daily"
    CLOCK = "clock"
    VARIES = "varies"


class When(StrEnum):
    """The ways in which a line says when."""

    SLOT = "slot"  # a time of day
    OFTEN = "often"  # so many times a day: the slots follow by convention
    DAILY = "daily"  # once a day, no time of day
    EVERY_DAY = "every day"  # may stand beside times of day
    ONCE = "once"  # "once at night"
    PER_DAY = "per day"  # a total, no times
    DIVIDED = "divided"  # the total in so many equal doses
    END_ONLY = "end only"  # the British "on" (every night), read only at the end of a dose


@dataclass(frozen=True, slots=True)
class Time:
    """One mention of when. `slots` is empty where the words name no time of day; `said` names them in a note."""

    when: When
    slots: tuple[Slot, ...] = ()
    said: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class FormWord:
    """A word on the form or release of a product; empty where it says nothing of the one or the other."""

    noun: str = ""
    release: str = ""


@dataclass(frozen=True, slots=True)
class DrugWord:
    """A drug as named; `release` when a brand name carries it."""

    drug: str
    release: str = ""


Meaning = Time | FormWord | DrugWord | Fraction | None
Phrases = Mapping[tuple[str, ...], tuple[Kind, Meaning]]

MORNING, NOON, EVENING, NIGHT = Slot
SLOTS_BY_COUNT: dict[int, tuple[Slot, ...]] = {
    1: (MORNING,),
    2: (MORNING, NIGHT),
    3: (MORNING, NOON, NIGHT),
    4: (MORNING, NOON, EVENING, NIGHT),
}
_OFTEN = {2: "Twice daily", 3: "Three times daily", 4: "Four times daily"}
_HOURS = {6: 4, 8: 3, 12: 2}

NUMBER_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4}
_FRACTIONS = {
    "half|half a|a half|one half": Fraction(1, 2),
    "quarter|a quarter|quarter of a|a quarter of a|one quarter": Fraction(1, 4),
    "three quarters|three quarters of a": Fraction(3, 4),
}
FRACTION_SIGNS = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4)}

_SLOT_WORDS = {
    MORNING: "am|morning|mornings|mane|om|breakfast|breakfast time|on waking|on rising",
    NOON: "noon|midday|mid day|lunch|lunchtime|lunch time|midi",
    EVENING: "pm|evening|evenings|dinner|dinnertime|dinner time|supper|suppertime|supper time|teatime|tea time",
    NIGHT: "night|nights|nocte|hs|bedtime|bed time|bed|nightly|on retiring",
}
_BEFORE_SLOT = "|at|in|in the|at the|every|each|q|with|before|after|at every|in the early|once every|once each"
_A_DAY = "a day|per day|daily|each day|every day|/ day|/ d|in a day"
_AFTERNOON = "afternoon|in the afternoon|every afternoon|each afternoon|mid afternoon"

_FORMS = {
    "tablet|tablets|tab|tabs": FormWord("tablet"),
    "capsule|capsules|cap|caps": FormWord("capsule"),
    "film|films|oral film|oral films": FormWord("film"),
    "odt|odts|orodispersible|oro dispersible|orally disintegrating|orally dispersible": FormWord("", "ODT"),
    "sl|sublingual|sublingually|under the tongue": FormWord("", "SL"),
    "xr|er|sr|cr|mr|xl|retard|extended release|prolonged release|modified release|controlled release"
    "|sustained release|slow release": FormWord("", "XR"),
    "ir|immediate release": FormWord("", "IR"),
    "oral solution|solution": FormWord("solution"),
    "oral suspension|suspension": FormWord("suspension"),
    "oral liquid|liquid": FormWord("liquid"),
    "oral concentrate|concentrate": FormWord("concentrate"),
    "syrup|oral syrup": FormWord("syrup"),
    "elixir": FormWord("elixir"),
}
_FILLER = (
    "take|takes|taking|taken|to be taken|to take|give|given|currently|currently taking|po|by mouth|orally|oral"
    "|per os|rx|sig|dose|with food|after food|with water|swallow|swallow whole|swallowed whole|the"
)
# Why a drug is taken carries no meaning for what is taken; "for 3 weeks" does, and is not here.
_REASONS = (
    "anxiety|anxiety disorder|generalised anxiety|generalized anxiety|gad|panic|panic attacks|panic disorder"
    "|sleep|insomnia|seizures|epilepsy|muscle spasm|muscle spasms|spasm|spasms|nerves|restless legs"
)
_AS_NEEDED = (
    "prn|sos|pro re nata|on demand|occasionally|sometimes|(as|when|if|where|only if|only when|whenever)"
    " (needed|required|necessary|wanted)"
)
_WEEKDAYS = (
    "mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    "|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekday|weekdays|weekend|weekends"
)
_NOT_DAILY = (
    f"{_WEEKDAYS}|weekly|fortnightly|monthly|qod|eod|q week|hourly|a week|per week|/ week|each week|every week"
    "|every (other|second|third|alternate|2nd|3rd) (day|night|evening|morning)|alternate (days|nights|mornings)"
    "|on alternate (days|nights)|(days|nights|times) (a|per|each|every) week|every # (days|nights|weeks)|a month"
    "|a fortnight|(days|nights|times) weekly|every few (days|nights)|most (days|nights)|some (days|nights)"
)
_VARIES = "up to|maximum|max|at most|no more than|not more than|at least|about|around|approximately|approx"


@lru_cache(maxsize=1)
def known_phrases() -> Phrases:
    """Every phrase with its kind and meaning, except drug names."""
    phrases: dict[tuple[str, ...], tuple[Kind, Meaning]] = {}

    def add(patterns: str, kind: Kind, meaning: Meaning = None) -> None:
        for words in spread(patterns):
            phrases[words] = (kind, meaning)

    for word, value in NUMBER_WORDS.items():
        add(word, Kind.NUMBER, Fraction(value))
    for patterns, part in _FRACTIONS.items():
        add(patterns, Kind.NUMBER, part)
    for sign, part in FRACTION_SIGNS.items():
        add(sign, Kind.NUMBER, part)
    for patterns, form in _FORMS.items():
        add(patterns, Kind.FORM, form)
    add(_FILLER, Kind.FILLER)
    add(f"for ({_REASONS})", Kind.FILLER)
    add(f"for ({_REASONS}) and ({_REASONS})", Kind.FILLER)
    add("each", Kind.EACH)
    add("of", Kind.OF)
    add("and|&|then|with|and then", Kind.AND)
    add("+|plus", Kind.PLUS)
    add(",|;|:|.|\n", Kind.COMMA)
    add("/", Kind.SLASH)
    add("-|to|or", Kind.DASH)
    add("(", Kind.OPEN)
    add(")", Kind.CLOSE)
    add("x|×", Kind.OF)
    add(_AS_NEEDED, Kind.AS_NEEDED)
    add(_NOT_DAILY, Kind.NOT_DAILY)
    add(_VARIES, Kind.VARIES)
    add("# (am|pm)|# o clock|# oclock", Kind.CLOCK)
    for words, time in _times():
        phrases[words] = (Kind.TIME, time)
    return phrases


def _times() -> Iterator[tuple[tuple[str, ...], Time]]:
    for slot, words in _SLOT_WORDS.items():
        for phrase in spread(f"({_BEFORE_SLOT}) ({words})"):
            yield phrase, Time(When.SLOT, (slot,))
    for slot, word in ((MORNING, "qam"), (EVENING, "qpm"), (NIGHT, "qhs"), (NIGHT, "qn")):
        yield (word,), Time(When.SLOT, (slot,))
    for phrase in spread(_AFTERNOON):
        yield phrase, Time(When.SLOT, (NOON,), "The afternoon dose was placed at noon.")
    yield ("on",), Time(When.END_ONLY, (NIGHT,))
    yield ("once",), Time(When.ONCE)
    for phrase in spread(f"once a night|once (in a|per) night|at night (once|only)|# ({_A_DAY}) at night"):
        if phrase[0] != "#":
            yield phrase, Time(When.SLOT, (NIGHT,))
    for patterns, time in _daily_times():
        for phrase in spread(patterns):
            yield phrase, time


def _daily_times() -> Iterator[tuple[str, Time]]:
    yield f"daily|od|qd|q day|qday|once ({_A_DAY})|q24h|every 24 (hours|hrs|h)", Time(When.DAILY)
    yield "every day|each day", Time(When.EVERY_DAY)
    yield "a day|per day|/ day|/ d|in a day|/ 24 h|/ 24 hours|per 24 hours|in 24 hours", Time(When.PER_DAY)
    yield f"bid|bd|bds|twice ({_A_DAY})", often(2)
    yield f"tid|tds|thrice ({_A_DAY})", often(3)
    yield "qid|qds", often(4)
    yield f"(five|six|seven|eight) times ({_A_DAY})", Time(When.OFTEN)
    # The number itself is read where the phrase is met.
    yield f"# (times|time|x|×) ({_A_DAY})", Time(When.OFTEN, count=-1)
    yield "every # (hours|hour|hrs|hr|h)|# (hourly|hrly)|every # hourly|q # h", Time(When.OFTEN, count=-2)
    divided = "divided doses|equal doses|equally divided doses|equal divided doses|doses|divided dose"
    yield (
        f"(in|in to|into|divided in|divided into|split into|as|over) # ({divided})",
        Time(When.DIVIDED, count=-1),
    )
    yield "in divided doses|divided doses|in divided dose|divided", Time(When.DIVIDED)


def often(count: int, hours: int = 0) -> Time:
    """So many times a day, by the convention stated in `said`; no slots when it cannot be placed on one day."""
    slots = SLOTS_BY_COUNT.get(count, ())
    if count == 1 or not slots:
        return Time(When.DAILY) if count == 1 else Time(When.OFTEN, (), "", count)
    said = f"Every {hours} hours" if hours else _OFTEN[count]
    return Time(When.OFTEN, slots, f"{said} was read as {listed(slots)}.", count)


def every_hours(hours: int) -> Time:
    """Every so many hours: 6, 8, 12 and 24 divide a day into the slots there are; others have no slots."""
    if hours == 24:
        return Time(When.DAILY)
    return often(_HOURS[hours], hours) if hours in _HOURS else Time(When.OFTEN)


def listed(slots: tuple[Slot, ...]) -> str:
    """`morning, noon and night`."""
    names = [slot.value for slot in slots]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def spread(patterns: str) -> Iterator[tuple[str, ...]]:
    """Each sequence of words that a pattern such as ``(in the|every) morning|mane`` stands for."""
    for pattern in re.split(r"\|(?![^(]*\))", patterns):
        if pattern in {"(", ")"}:
            yield (pattern,)
            continue
        parts = [
            part.strip("()").split("|") if part.startswith("(") and len(part) > 1 else [part]
            for part in re.findall(r"\([^)]*\)|[^() ]+|[()]", pattern.replace("\n", "\n"))
        ]
        for choice in every_choice(*parts):
            yield tuple(word for piece in choice for word in (piece.split(" ") if piece != "\n" else ["\n"]) if word)
