"""The closed vocabulary of a letter's schedule: lengths, intervals, labels and dates, and what is refused.

Every pattern is plain ASCII and anchored by whoever uses it. Numbers of doses are never read here: only whole counts
of days and weeks, up to four digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from glidepath.errors import InputError, RefusedError

FLAGS = re.IGNORECASE | re.ASCII
COUNT_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
COUNT = rf"(?:[1-9][0-9]{{0,3}}|{'|'.join(COUNT_WORDS[1:])})"
_UNIT = r"(?:days?|nights?|weeks?|wks?|fortnights?)"
_END = r"(?![a-z0-9/.]*[a-z0-9])"
_DAYS = {"d": 1, "n": 1, "w": 7, "f": 14}

# "2 weeks", "two weeks", "a fortnight", "2/52" (weeks), "5/7" (days); groups as `length_in` wants them.
_LENGTH = rf"(?:(?P<n>{COUNT}|a|an)\s*-?\s*(?P<unit>{_UNIT})|(?P<over>[1-9][0-9]{{0,2}})\s?/\s?(?P<under>52|7)){_END}"
_NEXT = r"(?:(?:the\s+)?(?:next|following|first|coming)\s+)"
_FOR = rf"(?:for|x|×)\s*(?:{_NEXT}|the\s+)?"
_A_LENGTH = rf"(?:{_FOR}{_LENGTH}|for\s+the\s+(?:next|following|first|coming)\s+(?P<one>day|night|week|fortnight)\b)"
_BRACKETED = rf"\(\s*(?:{_FOR})?{_LENGTH}\s*\)"
# Alone, 5/7 could be five days out of seven; 10/7 could not.
_SHORT = (
    r"(?<!every )(?<!each )(?<![0-9./])(?P<over>[1-9][0-9]{0,2}(?=\s?/\s?52)|(?:[89]|[1-9][0-9]{1,2})(?=\s?/\s?7))"
    r"\s?/\s?(?P<under>52|7)"
)

LENGTH_FIRST = re.compile(rf"{_A_LENGTH}\s*[:,]?\s*", FLAGS)
LENGTH_LAST = tuple(
    re.compile(rf"(?:^|(?<=[\s,)]))(?:{part})[\s,:.]*$", FLAGS) for part in (_A_LENGTH, _BRACKETED, _SHORT)
)

_NTH = r"other|second|third|fourth|2nd|3rd|4th"
_NTHS = {"other": 2, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
INTERVAL = re.compile(
    rf"(?:once\s+)?(?:(?:every|each)\s+(?:(?P<n>{COUNT}|{_NTH})\s*-?\s*)?(?P<unit>{_UNIT}){_END}"
    rf"|(?:every|each)\s+(?P<over>[1-9][0-9]{{0,2}})\s?/\s?(?P<under>52|7){_END}"
    rf"|(?:a|per)\s+(?P<per>day|week|fortnight)\b"
    rf"|(?:at\s+)?(?:(?P<weeks>{COUNT})\s*-?\s*)?(?P<adverb>weekly|fortnightly|daily)\b(?:\s+intervals\b)?"
    rf"|at\s+intervals\s+of\s+(?P<of>{COUNT})\s*(?P<ofunit>{_UNIT}){_END})",
    FLAGS,
)

LABEL = re.compile(
    rf"(?P<from>from\s+)?(?:(?:in|during)\s+)?(?P<unit>weeks?|wks?|days?)\s+(?P<a>{COUNT})\b"
    rf"(?:\s*(?P<to>-|to|through|and|&)\s*(?:weeks?\s+|days?\s+)?(?P<b>{COUNT})\b)?"
    r"(?:\s*[:,=]\s*|\s*-\s+|\s*$|\s+(?=[a-z])(?!mgs?\b|milli|micro|mcg|ml|tab|cap|x\b|of\b|to\b|and\b|or\b|onw|until))",
    FLAGS,
)

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" if month != "may" else "may" for month in _MONTHS) + "|sept"
_ISO = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_SLASHED = r"[0-9]{1,2}(?:/[0-9]{1,2}/|\.[0-9]{1,2}\.|-[0-9]{1,2}-)[0-9]{4}"
_WORDED = rf"[0-9]{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH})\b(?:,?\s+[0-9]{{4}}(?![0-9]))?"
_WORDED_US = rf"(?:{_MONTH})\s+[0-9]{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+[0-9]{{4}}(?![0-9]))?"
_SHORT_YEAR = r"[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2})?(?![0-9/])"
_DATE = rf"(?:{_ISO}|{_SLASHED}|{_WORDED}|{_WORDED_US})(?![0-9/])"
_LEAD = r"(?:from|starting(?:\s+(?:on|from))?|starts?(?:\s+(?:on|from))|beginning(?:\s+on)?|as\s+of|on)\s*:?\s*"
_LATER = rf"(?:\s*(?:-|to|through)\s*(?P<d2>{_DATE}))?(?:\s+onwards?)?"
DATE_FIRST = re.compile(rf"(?:{_LEAD}(?P<d1>{_DATE}|{_SHORT_YEAR})|(?P<d1b>{_DATE})){_LATER}\s*[:,]?\s*", FLAGS)
DATE_LAST = re.compile(rf"(?:^|\s)\(?{_LEAD}(?P<d1>{_DATE}|{_SHORT_YEAR}){_LATER}\)?[\s,:]*$", FLAGS)

_MONTHS_FIX = "Write weeks or days, for example: for 4 weeks."
_DOSE_FIX = "Write the dose in mg and for how long, for example: 8 mg at night for 2 weeks."
# Said of wording that no schedule can be read from: (pattern, code, what is wrong, what would fix it).
_REFUSED = tuple(
    (re.compile(pattern, FLAGS), code, says, fix)
    for pattern, code, says, fix in (
        (
            r"\b(?:review(?:s|ed|ing)?|follow[- ]?up|appointment|phone|telephone|contact)\b",
            "SIG_UNREADABLE",
            "This is not a step of the schedule.",
            "Delete everything that is not the schedule.",
        ),
        (
            r"\bmonth(?:s|ly)?\b|\bmths?\b|[0-9]\s?/\s?12\b",
            "DURATION_MISSING",
            "A month has no fixed number of days.",
            _MONTHS_FIX,
        ),
        (
            r"\b(?:prn|sos|(?:as|if|when|where|whenever)\s+(?:needed|required|necessary|wanted))\b",
            "PRN_NOT_A_BASE",
            "As-needed use has no fixed dose on any day.",
            "Write what is taken every day.",
        ),
        (
            r"\b(?:as|if|when|unless|depending|provided|according\s+to)\b[^,;]*?\b\w+",
            "SIG_UNREADABLE",
            "A step that depends on how it goes has no fixed days.",
            "Write the doses and days that are planned.",
        ),
        (
            r"\b(?:omit|skip|miss|leave\s+out|except|alternate|alternating)\b",
            "TIMES_UNSUPPORTED",
            "Doses that differ from day to day are not read.",
            "Write a dose that is the same on every day of its step.",
        ),
        (
            r"(?<!by )(?<!by a )(?<!by one )\b(?:half|halve|halving|quarter|double|twice)\s+(?:of\s+)?"
            r"(?:the|it|this|that|their|his|her|previous|current|usual)\b",
            "SIG_UNREADABLE",
            "A part of another dose is not a dose.",
            _DOSE_FIX,
        ),
        (
            r"(?<![-0-9./])(?<!from )[0-9][0-9.,]*\s?(?:mg|%)?\s?(?:-|to)\s?[0-9][0-9.,]*\s?"
            r"(?:mg|micro|mcg|ml|%|percent|tab|cap|weeks?\b|wks?\b|days?\b|nights?\b)",
            "SIG_UNREADABLE",
            "A range is given where one number is needed.",
            "Write the one number that is planned.",
        ),
        (
            r"\bor\b",
            "SIG_UNREADABLE",
            "Two ways are offered and neither was chosen.",
            "Write the one that is planned.",
        ),
        (
            r"(?<!for )(?<!x )(?<!× )(?<!every )(?<!each )(?<!next )(?<!of )(?<!the )"
            rf"\b{COUNT}\s+{_UNIT}\b(?=\s*(?:,|$))",
            "SIG_UNREADABLE",
            "A length is written without the word for.",
            "Write 'for 2 weeks, then ...' after each dose.",
        ),
        (
            r"\b(?:drops|gtts?)\b|[0-9]\s*drop\b",
            "UNIT_REFUSED",
            "Drops are not a safe way to state a dose.",
            "Give the dose in mg.",
        ),
    )
)


def count(text: str) -> int:
    """A whole number as digits or as a word (a, two)."""
    word = text.lower()
    if word in ("a", "an"):
        return 1
    return COUNT_WORDS.index(word) if word in COUNT_WORDS else int(word)


def length_in(match: re.Match[str]) -> int:
    """The days of a length that one of the patterns here has found."""
    said = {name: value for name, value in match.groupdict().items() if value}
    if "over" in said:
        return int(said["over"]) * (7 if said["under"] == "52" else 1)
    if "one" in said:
        return _DAYS[said["one"][0].lower()]
    return count(said["n"]) * _DAYS[said["unit"][0].lower()]


def interval_in(match: re.Match[str]) -> int:
    """The days from one step of a rule to the next."""
    said = {name: value.lower() for name, value in match.groupdict().items() if value}
    if "over" in said:
        return int(said["over"]) * (7 if said["under"] == "52" else 1)
    if "per" in said:
        return _DAYS[said["per"][0]]
    if "of" in said:
        return count(said["of"]) * _DAYS[said["ofunit"][0]]
    if "adverb" in said:
        return count(said.get("weeks", "a")) * _DAYS[said["adverb"][0]]
    times = said.get("n", "a")
    return (_NTHS[times] if times in _NTHS else count(times)) * _DAYS[said["unit"][0]]


def read_date(text: str, order: str | None) -> date:
    """A date as written; `order` is "dmy" or "mdy", needed where the month is a number and the year stands last.

    Raises `InputError` DATE_INVALID or DATE_FORMAT_REQUIRED.
    """
    if re.search(r"[a-z]{3}", text, FLAGS):
        words = re.findall(r"[0-9]+|[a-z]{3,}", text.lower())
        month = next(i for i, name in enumerate(_MONTHS, 1) for word in words if name.startswith(word[:3]))
        numbers = [int(word) for word in words if word.isdigit()]
        if len(numbers) < 2:
            raise _no_date("A date has no year.")
        return _date(numbers[1], month, numbers[0])
    parts = [int(part) for part in re.split(r"[-/.]", text)]
    if len(text) > 4 and text[:4].isdigit():
        return _date(*parts)
    if len(parts) < 3 or parts[2] < 100:
        raise _no_date("A date has no year of four digits.")
    if order is None:
        raise InputError(
            "DATE_FORMAT_REQUIRED",
            "A date has its month as a number and can be read two ways.",
            field="date",
            fix="Write 2027-01-04, or say the order with --dates dmy or --dates mdy.",
        )
    day, month = (parts[0], parts[1]) if order == "dmy" else (parts[1], parts[0])
    return _date(parts[2], month, day)


def _date(year: int, month: int, day: int) -> date:
    if not 1900 <= year <= 2200:
        fix = "Check the year."
        raise InputError("DATE_IMPLAUSIBLE", "A date is likely a typing error.", field="date", fix=fix)
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_date("A date is not in the calendar.") from None


def _no_date(says: str) -> InputError:
    return InputError("DATE_INVALID", says, field="date", fix="Write it as 2027-01-04.")


def refusals(text: str) -> Iterator[InputError | RefusedError]:
    """What is known to have no reading, with the words found."""
    for pattern, code, says, fix in _REFUSED:
        if found := pattern.search(text):
            kind = RefusedError if code in ("PRN_NOT_A_BASE", "UNIT_REFUSED") else InputError
            yield kind(code, says, field="letter", fix=fix, details=(found[0],))
