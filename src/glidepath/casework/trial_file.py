"""Reading the file of a virtual trial, strictly: every field by its kind, and no field that nobody reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from types import MappingProxyType

from glidepath import __version__
from glidepath.casework.trial_arms import Course, Rule, arms_of, course_of_rule, read_arm
from glidepath.errors import FactsError, GlidepathError, InputError
from glidepath.facts.formulary import Formulary, load_formulary
from glidepath.facts.response import Response, load_response
from glidepath.pharmacology.covariates import Person
from glidepath.pharmacology.trial import MOST_ARMS, Trial, model_of_trial, response_digest
from glidepath.quantity import exact_decimal

FORMAT = "glidepath-trial-request"
_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,6})(\.[0-9]{1,6})?", re.ASCII)
# Some readers of YAML take a bare n for a no, so the strict one refuses it; as a field of this file it is clear.
_BARE_N = re.compile(rb"^n(?=:)", re.MULTILINE)
_LONGEST_TEXT = 500
_MOST_DAYS, _MOST_WEEKS, _MOST_SEED = 365, 520, 2**63 - 1
_RULE = ("line", "reduce_percent", "linear_weeks", "every_days", "until_mg", "tail_days", "keep_days")
_KNOWN = ("format", "title", "seed", "n", "region", "scenarios", "follow_days", "population", "arms")

Named = tuple[str, str, str, Course, str | None]


def trial_of(data: bytes, read: Callable[[str], bytes], formulary: Formulary | None = None) -> Trial:
    """The trial of a file's bytes; `read` gives the bytes of a plan that it names.

    Raises `InputError` with the field for whatever is missing, unknown, of another kind or out of range, the errors of
    reading a line or a plan, and SIM_NO_KINETICS for a drug that the facts hold no kinetics of.
    """
    facts, response = formulary or load_formulary(), load_response()
    told = _Told(_plain(data), "")
    told.only(_KNOWN)
    if told.text("format") != FORMAT:
        raise _wrong("format", f"is not {FORMAT}")
    region = told.text("region") if told.has("region") else None
    if region is not None:
        facts.region(region)
    n = told.whole("n", 0, 10**18)
    follow = told.whole("follow_days", 0, _MOST_DAYS) if told.has("follow_days") else 56
    courses = [_course(arm, facts, region, read) for arm in told.tables("arms")]
    if len(courses) > MOST_ARMS:
        raise _wrong("arms", f"has more than {MOST_ARMS} arms")
    trial = Trial(
        title=told.text("title"),
        seed=told.whole("seed", 0, _MOST_SEED),
        n=n,
        region=region,
        scenarios=_scenarios(told, response),
        arms=arms_of(courses, follow),
        person=_person(told.table("population")) if told.has("population") else Person(),
        follow_days=follow,
        facts_digest=facts.digest,
        response_digest=response_digest(),
        engine_version=__version__,
    )
    model_of_trial(trial)
    return trial


def _scenarios(told: _Told, response: Response) -> tuple[str, ...]:
    if not told.has("scenarios"):
        return tuple(scenario.id for scenario in response.shown)
    known = tuple(scenario.id for scenario in response.scenarios)
    asked = told.texts("scenarios")
    for name in asked:
        if name not in known:
            raise _wrong("scenarios", "names a scenario that is not known", f"Scenarios: {', '.join(known)}.")
    if len(set(asked)) != len(asked):
        raise _wrong("scenarios", "names a scenario twice")
    return asked


def _person(told: _Told) -> Person:
    told.only(("age", "sex", "liver", "medicines"))
    return Person(
        age=told.whole("age", 18, 120) if told.has("age") else None,
        sex=told.one_of("sex", ("female", "male")) if told.has("sex") else None,
        liver=told.one_of("liver", ("none", "mild", "moderate", "severe")) if told.has("liver") else None,
        medicines=frozenset(told.texts("medicines", may_be_empty=True)) if told.has("medicines") else frozenset(),
    )


def _course(told: _Told, facts: Formulary, region: str | None, read: Callable[[str], bytes]) -> Named:
    told.only(("name", "plan", "option", "rule"))
    name = told.text("name")
    if told.has("plan") == told.has("rule"):
        raise _wrong(told.at("rule"), "has to be either a rule or a plan", "Give one of `plan` and `rule`.")
    if told.has("plan"):
        plan, option = told.text("plan"), told.text("option")
        with _named(told.at("plan")):
            data = read(plan)
        with _named(told.at("option")):
            course, digest = read_arm(data, option)
        return name, "plan", f"the route {option} of a plan document", course, digest
    if told.has("option"):
        raise _wrong(told.at("option"), "belongs to a plan, not to a rule")
    rule = _rule(told.table("rule"))
    with _named(told.at("rule.line"), {key: told.at(f"rule.{key}") for key in _RULE}):
        course = course_of_rule(rule, facts, region)
    return name, "rule", _says(rule), course, None


@contextmanager
def _named(field: str, fields: Mapping[str, str] = MappingProxyType({})) -> Iterator[None]:
    """Name the field of the file where an error arises; `fields` are those that the error may name itself."""
    try:
        yield
    except GlidepathError as error:
        raise type(error)(
            error.code,
            error.message,
            field=fields.get(error.field or "", field),
            fix=error.fix,
            seen=error.seen,
            details=error.details,
        ) from error


def _rule(told: _Told) -> Rule:
    told.only(_RULE)
    if told.has("reduce_percent") == told.has("linear_weeks"):
        raise _wrong(told.at("reduce_percent"), "has to be given, or `linear_weeks` instead of it")
    every = told.whole("every_days", 1, _MOST_DAYS)
    keep = told.whole("keep_days", 0, _MOST_DAYS) if told.has("keep_days") else 7
    if told.has("linear_weeks"):
        for name in ("until_mg", "tail_days"):
            if told.has(name):
                raise _wrong(told.at(name), "belongs to reduce_percent, not to linear_weeks")
        weeks = told.whole("linear_weeks", 1, _MOST_WEEKS)
        return Rule(line=told.text("line"), every_days=every, keep_days=keep, linear_weeks=weeks)
    percent = told.decimal("reduce_percent")
    if not 0 < percent < 100:
        raise _wrong(told.at("reduce_percent"), "is not above 0 and below 100", code="PACE_INVALID")
    until = told.decimal("until_mg")
    if until == 0:
        raise _wrong(told.at("until_mg"), "is not above 0", code="NUM_RANGE")
    return Rule(
        line=told.text("line"),
        every_days=every,
        keep_days=keep,
        reduce_frac=percent / 100,
        until_mg=until,
        tail_days=told.whole("tail_days", 1, _MOST_DAYS) if told.has("tail_days") else every,
    )


def _says(rule: Rule) -> str:
    begin = f"{rule.line}; kept for {rule.keep_days} days, then "
    if rule.linear_weeks is not None:
        return f"{begin}equal steps every {rule.every_days} days over {rule.linear_weeks} weeks, then none"
    assert rule.reduce_frac is not None and rule.until_mg is not None
    percent, until = exact_decimal(rule.reduce_frac * 100), exact_decimal(rule.until_mg)
    return (
        f"{begin}{percent} % of the current dose less every {rule.every_days} days down to {until} mg a day, "
        f"that for {rule.tail_days} days, then none"
    )


def _plain(data: bytes) -> object:
    from glidepath.facts.strict_yaml import read_yaml_bytes  # slow to load

    try:
        return read_yaml_bytes(_BARE_N.sub(b"'n'", data), "trial").value
    except FactsError as error:
        line = re.search(r"lines? ([0-9]+)", error.message)
        where = f"Line {line[1]} of the trial" if line else "The trial"
        code, says, fix = {
            "YAML_SCALAR_TYPE": (error.code, "has a value that needs quotes", error.fix),
            "YAML_DUPLICATE_KEY": (error.code, "has a field that is given twice", "Keep one of the two."),
            "YAML_FEATURE": (error.code, "uses YAML that is not read here", "Write plain fields and values."),
        }.get(error.code, ("YAML_INVALID", "is not readable as YAML", "Check quotes, brackets and indents."))
        raise InputError(code, f"{where} {says}.", field="trial", fix=fix) from error


def _wrong(field: str, says: str, fix: str | None = None, *, code: str = "OPTION_INVALID") -> InputError:
    return InputError(
        code, f"The field {field} {says}.", field=field, fix=fix or "glidepath trial --template prints every field."
    )


class _Told:
    """The fields of one mapping, each asked for by its kind."""

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, dict):
            raise _wrong(where.rstrip(".") or "trial", "is not a mapping of fields")
        self._raw, self._where = raw, where

    def at(self, key: str) -> str:
        return f"{self._where}{key}"

    def only(self, known: Collection[str]) -> None:
        for key in self._raw:
            if key not in known:
                raise _wrong(self.at(key), "is not one that is read here", code="FIELD_UNKNOWN")

    def has(self, key: str) -> bool:
        return self._raw.get(key) is not None

    def text(self, key: str) -> str:
        value = self._get(key)
        if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_TEXT or not value.isprintable():
            raise _wrong(self.at(key), f"is not a text of 1 to {_LONGEST_TEXT} characters on one line")
        return value.strip()

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise _wrong(self.at(key), f"is none of: {', '.join(allowed)}")
        return value

    def texts(self, key: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        value = self._get(key)
        if not isinstance(value, list) or not (value or may_be_empty):
            raise _wrong(self.at(key), "is not a list of texts")
        return tuple(_Told({key: one}, self._where).text(key) for one in value)

    def whole(self, key: str, low: int, high: int) -> int:
        value = self._get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise _wrong(self.at(key), "is not a whole number")
        if not low <= value <= high:
            raise _wrong(self.at(key), f"is not between {low:,} and {high:,}", code="NUM_RANGE")
        return value

    def decimal(self, key: str) -> Fraction:
        """A whole number, or a decimal in quotes."""
        value = self._get(key)
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
            raise _wrong(self.at(key), "is not a number such as 10 or '0.25'")
        return Fraction(text)

    def table(self, key: str) -> _Told:
        return _Told(self._get(key), self.at(f"{key}."))

    def tables(self, key: str) -> tuple[_Told, ...]:
        value = self._get(key)
        if not isinstance(value, list) or not value:
            raise _wrong(self.at(key), "has no arms" if key == "arms" else "is not a list")
        return tuple(_Told(one, self.at(f"{key}[{n}].")) for n, one in enumerate(value, start=1))

    def _get(self, key: str) -> object:
        if not self.has(key):
            raise _wrong(self.at(key), "is missing")
        found: object = self._raw[key]
        return found


def template() -> str:
    """A commented file of a trial, with arms that run as they stand."""
    scenarios = load_response().scenarios
    return f"""\
# A virtual trial for `glidepath trial`. Simulated people only: no name belongs in it. Put numbers with a point in
# quotes.
format: {FORMAT}
title: A tenth less every two or every four weeks
# The same seed gives the same people and the same numbers.
seed: 2026
# How many simulated people, 1 to 10000000. Every arm has the same people.
n: 1000
# Whose products the lines of rules name; may be left out.
region: US
# What is shown: {", ".join(s.id for s in scenarios if s.shown)}
# Also known, and always in the table of sensitivity: {", ".join(s.id for s in scenarios if not s.shown)}
scenarios: [{", ".join(s.id for s in scenarios if s.shown)}]
# Days without a dose after the longest arm, so that what comes late is seen.
follow_days: 56
# What all of them have in common; leave out what is not known. It changes clearance where the facts have a number.
population:
  age: 45
  sex: female
  # none, mild, moderate, severe
  liver: none
  # names or kinds, as in carbamazepine or cyp3a4_inhibitor
  medicines: []
# Up to {MOST_ARMS} arms; the others are compared with the first. Each has a `rule`, or a `plan` with its `option`.
arms:
  - name: every four weeks
    rule:
      line: clonazepam 1 mg twice daily
      # days at the present dose first
      keep_days: 7
      # percent of the current dose; below 100
      reduce_percent: 10
      every_days: 28
      # the last dose a day, and for how long it is kept
      until_mg: '0.25'
      tail_days: 28
  - name: every two weeks
    rule:
      line: clonazepam 1 mg twice daily
      reduce_percent: 10
      every_days: 14
      until_mg: '0.25'
      tail_days: 28
#  - name: straight line
#    rule:
#      line: clonazepam 1 mg twice daily
#      # equal steps over so many weeks instead of a percent
#      linear_weeks: 26
#      every_days: 14
#  - name: as planned
#    # beside this file; `option` is a route of the plan
#    plan: plan.json
#    option: direct-all-forms
"""
