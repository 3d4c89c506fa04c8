"""Reading the file of a virtual trial, strictly: every field by its kind, and no field that nobody reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from glidepath import __version__
from glidepath.casework.told import Told, wrong
from glidepath.casework.trial_arms import Rule, arms_of, read_arm, stretches_of_rule
from glidepath.casework.trial_template import FORMAT
from glidepath.errors import FactsError, GlidepathError, InputError
from glidepath.facts.formulary import Formulary, load_formulary
from glidepath.facts.response import Response, load_response, response_digest
from glidepath.pharmacology.covariates import Person
from glidepath.pharmacology.history import Stretches
from glidepath.pharmacology.trial import MOST_ARMS, Trial, model_of_trial
from glidepath.quantity import exact_decimal

# Some readers of YAML take a bare n for a no, so the strict one refuses it; as a field of this file it is clear.
_BARE_N = re.compile(rb"^n(?=:)", re.MULTILINE)
_MOST_DAYS, _MOST_WEEKS, _MOST_SEED = 365, 520, 2**63 - 1
_RULE = ("line", "reduce_percent", "linear_weeks", "every_days", "until_mg", "tail_days", "keep_days")
_KNOWN = ("format", "title", "seed", "n", "region", "scenarios", "follow_days", "population", "arms")

Named = tuple[str, str, str, Stretches, str | None]


def trial_of(data: bytes, read: Callable[[str], bytes], formulary: Formulary | None = None) -> Trial:
    """The trial of a file's bytes; `read` gives the bytes of a plan that it names.

    Raises `InputError` with the field for whatever is missing, unknown, of another kind or out of range, the errors of
    reading a line or a plan, and SIM_NO_KINETICS for a drug that the facts hold no kinetics of.
    """
    facts, response = formulary or load_formulary(), load_response()
    told = Told(_plain(data), "")
    told.only(_KNOWN)
    if told.text("format") != FORMAT:
        raise wrong("format", f"is not {FORMAT}")
    region = told.text("region") if told.has("region") else None
    if region is not None:
        facts.region(region)
    n = told.whole("n", 0, 10**18)
    follow = told.whole("follow_days", 0, _MOST_DAYS) if told.has("follow_days") else 56
    given = [_arm(arm, facts, region, read) for arm in told.tables("arms")]
    if len(given) > MOST_ARMS:
        raise wrong("arms", f"has more than {MOST_ARMS} arms")
    trial = Trial(
        title=told.text("title"),
        seed=told.whole("seed", 0, _MOST_SEED),
        n=n,
        region=region,
        scenarios=_scenarios(told, response),
        arms=arms_of(given, follow),
        person=_person(told.table("population")) if told.has("population") else Person(),
        follow_days=follow,
        facts_digest=facts.digest,
        response_digest=response_digest(),
        engine_version=__version__,
    )
    model_of_trial(trial)
    return trial


def _scenarios(told: Told, response: Response) -> tuple[str, ...]:
    if not told.has("scenarios"):
        return tuple(scenario.id for scenario in response.shown)
    known = tuple(scenario.id for scenario in response.scenarios)
    asked = told.texts("scenarios")
    for name in asked:
        if name not in known:
            raise wrong("scenarios", "names a scenario that is not known", f"Scenarios: {', '.join(known)}.")
    if len(set(asked)) != len(asked):
        raise wrong("scenarios", "names a scenario twice")
    return asked


def _person(told: Told) -> Person:
    told.only(("age", "sex", "liver", "medicines"))
    return Person(
        age=told.whole("age", 18, 120) if told.has("age") else None,
        sex=told.one_of("sex", ("female", "male")) if told.has("sex") else None,
        liver=told.one_of("liver", ("none", "mild", "moderate", "severe")) if told.has("liver") else None,
        medicines=frozenset(told.texts("medicines", may_be_empty=True)) if told.has("medicines") else frozenset(),
    )


def _arm(told: Told, facts: Formulary, region: str | None, read: Callable[[str], bytes]) -> Named:
    told.only(("name", "plan", "option", "rule"))
    name = told.text("name")
    if told.has("plan") == told.has("rule"):
        raise wrong(told.at("rule"), "has to be either a rule or a plan", "Give one of `plan` and `rule`.")
    if told.has("plan"):
        plan, option = told.text("plan"), told.text("option")
        with _named(told.at("plan")):
            data = read(plan)
        with _named(told.at("option")):
            taken, digest = read_arm(data, option)
        return name, "plan", f"the route {option} of a plan document", taken, digest
    if told.has("option"):
        raise wrong(told.at("option"), "belongs to a plan, not to a rule")
    rule = _rule(told.table("rule"))
    with _named(told.at("rule.line"), {key: told.at(f"rule.{key}") for key in _RULE}):
        taken = stretches_of_rule(rule, facts, region)
    return name, "rule", _says(rule), taken, None


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


def _rule(told: Told) -> Rule:
    told.only(_RULE)
    if told.has("reduce_percent") == told.has("linear_weeks"):
        raise wrong(told.at("reduce_percent"), "has to be given, or `linear_weeks` instead of it")
    every = told.whole("every_days", 1, _MOST_DAYS)
    keep = told.whole("keep_days", 0, _MOST_DAYS) if told.has("keep_days") else 7
    if told.has("linear_weeks"):
        for name in ("until_mg", "tail_days"):
            if told.has(name):
                raise wrong(told.at(name), "belongs to reduce_percent, not to linear_weeks")
        weeks = told.whole("linear_weeks", 1, _MOST_WEEKS)
        return Rule(line=told.text("line"), every_days=every, keep_days=keep, linear_weeks=weeks)
    percent = told.decimal("reduce_percent")
    if not 0 < percent < 100:
        raise wrong(told.at("reduce_percent"), "is not above 0 and below 100", code="PACE_INVALID")
    until = told.decimal("until_mg")
    if until == 0:
        raise wrong(told.at("until_mg"), "is not above 0", code="NUM_RANGE")
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
            "YAML_SCALAR_TYPE": (
                error.code,
                "has a value that needs quotes, or a number below 0",
                "Put numbers with a point, dates, yes and no in quotes, as in '0.5'; leave out what is not known.",
            ),
            "YAML_DUPLICATE_KEY": (error.code, "has a field that is given twice", "Keep one of the two."),
            "YAML_FEATURE": (error.code, "uses YAML that is not read here", "Write plain fields and values."),
        }.get(
            error.code,
            (
                "YAML_INVALID",
                "is not readable as YAML",
                "Check quotes, brackets and indents, and that the file is UTF-8.",
            ),
        )
        raise InputError(code, f"{where} {says}.", field="trial", fix=fix) from error
