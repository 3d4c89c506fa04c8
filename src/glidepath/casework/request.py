"""One planning question as it is asked at a door: a line and options by their long names.

The same names serve the command line, batch files and Python. `as_record` gives the question back as plain values,
so that a plan can be made again from its own document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from glidepath.casework.case_request import take_from_case
from glidepath.dosing.regimen import Slot
from glidepath.errors import InputError, RefusedError
from glidepath.guidance.pacing import PaceWish
from glidepath.patient.case import Case
from glidepath.patient.case_person import person_of
from glidepath.patient.case_reading import read_case
from glidepath.patient.person import QUESTIONS, Answer, Person
from glidepath.quantity import exact_decimal, read_number

_OLDEST_START = timedelta(days=366)
_LATEST_START = timedelta(days=731)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_SPAN = re.compile(r"([0-9]{1,4})\s*(d|days?|w|weeks?)", re.ASCII | re.IGNORECASE)
_LONGEST_TEXT = 500
_LONGEST_HOLD_DAYS = 364


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """A planning question; texts are as typed and read when the plan is made. `start` is always set at the door."""

    sig: str
    start: str
    region: str = "US"
    decimal: str = "point"
    taper: str | None = None
    product: tuple[str, ...] = ()
    age: int | None = None
    since: str | None = None
    seizures: str = "unknown"
    pregnancy: str = "unknown"
    liver: str = "unknown"
    opioid: str = "unknown"
    other_sedatives: str = "unknown"
    past_complicated_withdrawal: str = "unknown"
    profile: str = "asam-2025"
    percent: str | None = None
    every: str | None = None
    rhythm: str = "weeks"
    max_hold: str | None = None
    settle: str | None = None
    keep: str | None = None
    first: str | None = None
    splits: tuple[str, ...] = ()
    have: tuple[str, ...] = ()
    last_dose: str | None = None
    maintain: str | None = None
    reason: str | None = None
    reason_by: str | None = None
    specialist: str | None = None
    specialist_reason: str | None = None
    switch: str | None = None
    table: str | None = None
    switch_every: str | None = None
    fill: str | None = None
    max_pieces: int | None = None
    max_strengths: int | None = None
    case: Mapping[str, object] | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any], *, today: date) -> PlanRequest:
        """Build a request from loose values by long name. Raises `InputError` FIELD_UNKNOWN, OPTION_INVALID, DATE_….

        A missing `start` becomes the first Monday after `today`; a stated one must be near `today`.
        """
        known = {f.name for f in fields(cls)}
        clean: dict[str, Any] = {}
        named: set[str] = set()
        for name, value in values.items():
            field = field_of(name)
            if field in named:
                raise InputError(
                    "JSON_DUPLICATE_KEY",
                    f"{field.replace('_', '-')} is given twice, under two spellings.",
                    field=field,
                    fix="Give each option once.",
                )
            named.add(field)
            if field not in known:
                raise InputError(
                    "FIELD_UNKNOWN",
                    f"{name!r} is not an option of a plan.",
                    field=str(name),
                    fix=f"Options: {', '.join(sorted(known))}.",
                )
            if value is None:
                continue
            clean[field] = dict(value) if field == "case" and isinstance(value, Mapping) else _typed(field, value)
        if "case" in clean:
            take_from_case(clean, today)
        if "sig" not in clean:
            raise InputError("SIG_EMPTY", "There is no line to read.", field="sig", fix="Give the line as it is taken.")
        if "start" in clean:
            _check_start(read_date(clean["start"], field="start"), today)
        else:
            clean["start"] = (today + timedelta(days=7 - today.weekday())).isoformat()
        return cls(**clean)

    def as_record(self) -> dict[str, object]:
        """The question as plain JSON values; options left at their default are left out."""
        record: dict[str, object] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name in ("sig", "start", "region") or value != f.default:
                record[f.name] = list(value) if isinstance(value, tuple) else value
        if self.case is not None:
            record["case"] = dict(self.case)
        return record

    # -- reading the options ---------------------------------------------------------------------------------------

    @property
    def comma(self) -> bool:
        if self.decimal not in ("point", "comma"):
            raise _invalid("decimal", "point or comma")
        return self.decimal == "comma"

    @property
    def start_date(self) -> date:
        return read_date(self.start, field="start")

    def person(self) -> Person:
        """The person as far as known. Raises for under 18, an implausible age or a beginning in the future."""
        if self.case is not None:
            return person_of(self.told())
        since = None if self.since is None else read_beginning(self.since)
        if since is not None and self.age is not None and since.year < self.start_date.year - self.age - 1:
            raise InputError(
                "DATE_IMPLAUSIBLE",
                "The beginning of use is before the person was born, by the age given.",
                field="since",
                fix="Check the year and the age.",
            )
        if since is not None and since > self.start_date:
            raise InputError(
                "DATE_INVALID",
                "The beginning of use is after the start of the plan.",
                field="since",
                fix="Give the month since which it is taken, for example 2023-11.",
            )
        answers = {q: _answer(q, getattr(self, q)) for q in QUESTIONS}
        return Person(age=self.age, since=since, **answers)

    def told(self) -> Case:
        """The case that was given; only where there is one."""
        return read_case(self.case, self.start_date)

    def pace_wish(self) -> PaceWish:
        percent = None
        if self.percent is not None:
            percent = read_number(self.percent.strip().removesuffix("%").strip(), comma=self.comma, field="percent")
            if percent >= 100:
                raise _invalid("percent", "a percent of the current dose below 100")
        if self.rhythm not in ("weeks", "days"):
            raise _invalid("rhythm", "weeks or days")
        return PaceWish(
            profile=self.profile,
            percent=percent,
            every_days=self._days("every"),
            max_hold_days=None if self.max_hold is None else self.days("max_hold", 0, 7, _LONGEST_HOLD_DAYS),
            rhythm="weeks" if self.rhythm == "weeks" else "days",
        )

    def days(self, field: str, default: int, least: int, most: int) -> int:
        """A span in days from `14d`, `2w` or `14`, within bounds."""
        days = self._days(field)
        if days is None:
            return default
        if not least <= days <= most:
            raise _invalid(field, f"{least} to {most} days")
        return days

    def _days(self, field: str) -> int | None:
        text = getattr(self, field)
        if text is None:
            return None
        match = _SPAN.fullmatch(text.strip()) or re.fullmatch(r"([0-9]{1,4})()", text.strip(), re.ASCII)
        if match is None or int(match[1]) == 0:
            raise _invalid(field, "days or weeks, for example 14d or 2w")
        return int(match[1]) * (7 if match[2].casefold().startswith("w") else 1)

    def slot(self, field: str) -> Slot | None:
        text = getattr(self, field)
        if text is None:
            return None
        try:
            return Slot(text.strip().casefold())
        except ValueError:
            raise _invalid(field, ", ".join(Slot)) from None

    def stock(self) -> tuple[tuple[str, Fraction], ...]:
        """`PRODUCT=UNITS` pairs of what is at home."""
        found = []
        for text in self.have:
            product, mark, number = text.rpartition("=")
            if not mark or not product.strip():
                raise _invalid("have", 'PRODUCT=UNITS, for example "clonazepam 1 mg tablet=60"')
            found.append((product.strip(), read_number(number, comma=self.comma, field="have")))
        return tuple(found)

    def reasoned(self, field: str) -> str:
        """The reason that goes with a choice, or `REASON_REQUIRED`."""
        if self.reason is None or not self.reason.strip():
            raise RefusedError(
                "REASON_REQUIRED",
                f"--{field.replace('_', '-')} needs a reason.",
                field=field,
                fix='Add --reason "why", in the prescriber\'s words.',
            )
        return self.reason.strip()


_LONG_NAMES = {"from": "first"}


def field_of(name: str) -> str:
    """The field that an option's long name stands for: hyphens or underscores, `from` for `first`."""
    return _LONG_NAMES.get(name, name).replace("-", "_")


_LISTS = ("product", "splits", "have")
_INTEGERS = ("age", "max_pieces", "max_strengths")


def _typed(field: str, value: Any) -> Any:
    if field in _LISTS:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, Iterable) or not all(isinstance(i, str) for i in items):
            raise _invalid(field, "a text or a list of texts")
        return tuple(_text(field, i) for i in items)
    if field in _INTEGERS:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,3}", value.strip(), re.ASCII):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise _invalid(field, "a whole number")
        if field != "age" and not 1 <= value <= 12:
            raise _invalid(field, "1 to 12")
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Answer):
        return value.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and field in ("percent", "every", "max_hold", "settle", "fill", "switch_every", "since"):
        return str(value)
    if isinstance(value, Fraction):
        return exact_decimal(value)
    if not isinstance(value, str):
        code = "NUM_MUST_BE_STRING" if isinstance(value, float) else "OPTION_INVALID"
        raise InputError(
            code, f"{field} has a value of the wrong kind.", field=field, fix="Give it as text with its unit."
        )
    return _text(field, value)


def _text(field: str, value: str) -> str:
    if len(value) > _LONGEST_TEXT or any(ord(c) < 32 or ord(c) == 127 for c in value):
        code = "SIG_UNREADABLE" if field == "sig" else "OPTION_INVALID"
        raise InputError(
            code, f"{field} is too long or holds control characters.", field=field, fix="Give one plain line."
        )
    return value


def _answer(question: str, text: str) -> Answer:
    try:
        return Answer(text.strip().casefold())
    except ValueError:
        raise InputError(
            "ANSWER_INVALID",
            f"--{question.replace('_', '-')} has an answer that is not yes, no or unknown.",
            field=question,
            fix="Answer yes, no or unknown.",
            seen=text,
        ) from None


def read_date(text: str, *, field: str) -> date:
    """Read YYYY-MM-DD and nothing else."""
    match = _DAY.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise InputError(
            "DATE_INVALID",
            f"--{field} is not a date.",
            field=field,
            fix="Write year-month-day, for example 2026-12-07.",
            seen=text,
        ) from None


def read_beginning(text: str) -> date:
    """Since when a drug is taken: a day, a month (its first day) or a year (its first day)."""
    plain = text.strip()
    if _YEAR.fullmatch(plain):
        plain += "-01-01"
    elif _MONTH.fullmatch(plain):
        plain += "-01"
    return read_date(plain, field="since")


def _check_start(start: date, today: date) -> None:
    if not today - _OLDEST_START <= start <= today + _LATEST_START:
        raise InputError(
            "DATE_IMPLAUSIBLE",
            "The start date is likely a typing error: more than a year back or two years ahead.",
            field="start",
            fix="Check the year.",
        )


def _invalid(field: str, wants: str) -> InputError:
    return InputError(
        "OPTION_INVALID", f"--{field.replace('_', '-')} cannot be used as given.", field=field, fix=f"Give {wants}."
    )
