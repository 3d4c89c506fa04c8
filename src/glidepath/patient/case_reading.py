"""From the plain values of a case file to a case: strict, and every error names its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from fractions import Fraction

from glidepath.errors import InputError
from glidepath.facts.codes import Codes, load_codes
from glidepath.guidance.condition import UNKNOWN
from glidepath.patient.case import BY_NAME, FIELDS, SECTIONS, YES_NO, Case, Field, Value

FORMAT = "glidepath-case"
_OLDEST, _HEAVIEST, _LIGHTEST = 120, 400, 25
_NUMBER = re.compile(r"0|[1-9][0-9]{0,5}", re.ASCII)
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,3})?", re.ASCII)
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_WANTS = {"age": "a whole number", "days": "a whole number from 1 to 7", "date": "a date such as 2023-11"}
_PLACE = re.compile(r"[A-Za-z][A-Za-z .'-]{0,59}", re.ASCII)
_HEAD = ("format", "region")
_BELONGS_ON_THE_LINE = (
    "A benzodiazepine or Z-drug belongs on the line, be it tapered or also taken; beside it, it is another sedative. "
)


def read_case(written: object, today: date) -> Case:
    """A case from plain values: sections of fields, or fields alone.

    Raises `InputError`: FIELD_UNKNOWN, JSON_INVALID, ANSWER_INVALID, NAME_UNKNOWN, AGE_RANGE, OPTION_INVALID,
    DATE_INVALID and CASE_CONTRADICTORY, each naming its field. A name of a person has no place in it and is refused
    like any other key.
    """
    if not isinstance(written, Mapping):
        raise InputError("JSON_INVALID", "The case is not a list of fields.", field="case", fix="See --template.")
    if written.get("format", FORMAT) != FORMAT:
        raise _invalid("format", FORMAT)
    values: dict[str, Value] = {}
    for key, found in written.items():
        if key in _HEAD:
            continue
        if key in SECTIONS:
            if not isinstance(found, Mapping):
                raise _invalid(str(key), "fields below it")
            for name, value in found.items():
                _add(values, str(name), value, section=str(key))
        else:
            _add(values, str(key), found)
    _follow(values, load_codes() if {"taken", "coded"} & set(values) else None)
    _not_asked_of_men(values)
    _contradictions(values, today)
    return Case(region=_region(written.get("region")), values=values)


def _region(said: object) -> str:
    """The code of the place, in capitals, or unknown. One that is not loaded has no products and is not planned for."""
    code = said.strip() if isinstance(said, str) else ""
    if code == UNKNOWN:
        return UNKNOWN
    if not _PLACE.fullmatch(code):
        raise _invalid(
            "region", "where the person lives, such as US, or unknown: products and emergency numbers are never guessed"
        )
    return code.upper()


def _add(values: dict[str, Value], name: str, value: object, section: str | None = None) -> None:
    field = BY_NAME.get(name)
    if field is None or (section is not None and field.section != section):
        near = get_close_matches(name, BY_NAME, n=3)
        raise InputError(
            "FIELD_UNKNOWN",
            f"{name!r} is not a field of {'a case' if section is None else section}.",
            field=name,
            fix=f"Put it below {field.section}."
            if field
            else f"Did you mean {', '.join(near)}?"
            if near
            else "See glidepath assess --template.",
        )
    if name in values:
        raise InputError("JSON_DUPLICATE_KEY", f"{name} is given twice.", field=name, fix="Give it once.")
    if value is None or value == "not asked":
        return
    values[name] = UNKNOWN if value == UNKNOWN else _typed(field, value)


def _follow(values: dict[str, Value], codes: Codes | None) -> None:
    """The answers that follow from named medicines and conditions; one that says otherwise is a contradiction."""
    for name in ("taken", "coded"):
        if codes is None or name not in values or values[name] == UNKNOWN:
            continue
        find = codes.medicine if name == "taken" else codes.condition
        for said in str(values[name]).split(", "):
            for field, answer in (find(said) or {}).items():
                if values.setdefault(field, answer) == UNKNOWN:
                    values[field] = answer
                if values[field] != answer:
                    raise _contradictory(
                        field,
                        f"{said} is named, and {field} is answered {values[field]}.",
                        _BELONGS_ON_THE_LINE if name == "taken" and codes.is_line_drug(said) else "",
                    )


def _not_asked_of_men(values: dict[str, Value]) -> None:
    """Of a person recorded male at birth pregnancy and breastfeeding are not asked: left open, they are a no."""
    if values.get("sex_at_birth") == "male":
        values.setdefault("pregnancy", "no")
        values.setdefault("lactation", "no")


def _names(field: Field, value: object) -> str:
    """Names or codes as a list or one line, as they were written, joined by commas."""
    said = value.split(",") if isinstance(value, str) else value
    if not isinstance(said, (list, tuple)) or not said or not all(isinstance(each, str) for each in said):
        raise _invalid(field.name, "a list of names or codes")
    codes = load_codes()
    is_medicine = field.kind == "medicines"
    find = codes.medicine if is_medicine else codes.condition
    for each in said:
        if find(each) is None:
            near = codes.near_medicines(each) if is_medicine else codes.near_conditions(each)
            what = "medicine" if is_medicine else "condition"
            raise InputError(
                "NAME_UNKNOWN",
                f"{each.strip()[:60]!r} is not a {what} that is understood by name or code in {field.name}.",
                field=field.name,
                fix=(f"Did you mean {', '.join(near)}? Otherwise tell" if near else "Tell")
                + f" it by what it is or does: answer {_instead(field)}.",
            )
    return ", ".join(" ".join(each.split()) for each in said)


def _instead(field: Field) -> str:
    """The questions by which a medicine or condition is told that is not understood by its name."""
    asked = [f.name for f in FIELDS if f.section == field.section and f.answers == YES_NO]
    return ", ".join([*asked, *(() if field.kind == "medicines" else ("liver", "kidney", "end_of_life"))])


def _typed(field: Field, value: object) -> Value:
    if field.kind in ("medicines", "conditions"):
        return _names(field, value)
    if isinstance(value, bool):
        word = "yes" if value else "no"
        if word not in field.answers:
            raise _invalid(field.name, _WANTS.get(field.kind, "a text"))
        return word
    if not isinstance(value, (str, int)):
        raise _invalid(field.name, "a text; decimals in quotes")
    text = str(value).strip()
    if field.kind == "answer":
        if text not in field.answers:
            raise InputError(
                "ANSWER_INVALID",
                f"{field.name} has an answer it cannot have.",
                field=field.name,
                fix=f"Answers: {', '.join(field.answers)}, unknown.",
            )
        return text
    if field.kind in ("age", "days"):
        most = _OLDEST if field.kind == "age" else 7
        if not _NUMBER.fullmatch(text) or int(text) > most or (field.kind == "days" and int(text) == 0):
            code = "AGE_RANGE" if field.kind == "age" else "OPTION_INVALID"
            fix = f"Give a whole number from {0 if field.kind == 'age' else 1} to {most}."
            raise InputError(code, f"{field.name} is not plausible.", field=field.name, fix=fix)
        return int(text)
    if field.kind == "weight":
        if not _DECIMAL.fullmatch(text) or not _LIGHTEST <= Fraction(text) <= _HEAVIEST:
            raise _invalid(field.name, f"{_LIGHTEST} to {_HEAVIEST} kg")
        return Fraction(text)
    if field.kind == "date" and text not in field.answers:
        return _day(field.name, text)
    if not text or len(text) > 500 or not text.isprintable():
        raise _invalid(field.name, "one plain line")
    return text


def _day(name: str, text: str) -> date:
    match = _DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        raise InputError("DATE_INVALID", f"{name} is not a date.", field=name, fix="Write 2023-11.") from None


def _contradictions(values: Mapping[str, Value], today: date) -> None:
    """Facts that cannot all be true: one of them is a slip."""
    if values.get("sex_at_birth") == "male":
        for field, words in (("pregnancy", "Pregnant"), ("lactation", "Breastfeeding")):
            if values.get(field) == "yes":
                raise _contradictory(field, f"{words}, and male recorded at birth.")
    since, age = values.get("since"), values.get("age")
    if isinstance(since, date):
        if since > today:
            raise InputError("DATE_INVALID", "since is in the future.", field="since", fix="Check the year.")
        if isinstance(age, int) and since.year < today.year - age - 1:
            raise _contradictory("since", "Taken since before the person was born, by the age given.")
    stopped = values.get("stopped")
    if isinstance(stopped, date):
        if stopped > today:
            raise InputError("DATE_INVALID", "stopped is in the future.", field="stopped", fix="Check the year.")
        if isinstance(since, date) and since > stopped:
            raise _contradictory("stopped", "Stopped before it was begun.")
    if isinstance(age, int) and age > 60 and values.get("pregnancy") == "yes":
        raise _contradictory("pregnancy", "Pregnant, and over 60.")
    if values.get("seizure_disorder") == "no" and values.get("past_withdrawal_seizure") == "yes":
        raise _contradictory("seizure_disorder", "No seizure ever, and a seizure in an earlier withdrawal.")
    if values.get("opioid") == "no" and values.get("methadone_or_buprenorphine") == "yes":
        raise _contradictory("opioid", "No opioid, and methadone or buprenorphine.")
    if values.get("seizure_disorder") == "no" and values.get("reason") == "epilepsy":
        raise _contradictory("seizure_disorder", "Prescribed for epilepsy, and no seizure disorder.")
    for reason, field, words in (
        ("bipolar", "bipolar_disorder", "bipolar disorder"),
        ("ptsd", "ptsd", "post-traumatic stress"),
    ):
        if values.get("reason") == reason and values.get(field) == "no":
            raise _contradictory(field, f"Prescribed for {words}, and no {words}.")


def _contradictory(field: str, message: str, hint: str = "") -> InputError:
    return InputError("CASE_CONTRADICTORY", message, field=field, fix=f"{hint}Check which of the two is right.")


def _invalid(field: str, wants: str) -> InputError:
    return InputError("OPTION_INVALID", f"{field} cannot be used as given.", field=field, fix=f"Give {wants}.")
