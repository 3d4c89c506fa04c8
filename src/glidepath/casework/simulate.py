"""What a person asks of the simulator: what will this plan do, and how does it compare with that one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from glidepath.casework.goal import refuse_implausible_dose
from glidepath.casework.histories import TAIL_DAYS, history_of_document, history_of_line, history_of_taper
from glidepath.dosing.read_sig import read_sig
from glidepath.errors import InputError
from glidepath.facts.formulary import Formulary, load_formulary
from glidepath.facts.response import Scenario, load_response
from glidepath.patient.person import Answer
from glidepath.pharmacology.bank import bank_of
from glidepath.pharmacology.covariates import Person
from glidepath.pharmacology.forecast import Forecast, forecast
from glidepath.pharmacology.history import DosingHistory
from glidepath.pharmacology.model import Model, model_of
from glidepath.pharmacology.own_course import OwnCourse, own_course
from glidepath.pharmacology.ratings import ratings_of
from glidepath.taper.proposal import Option, Proposal
from glidepath.taper.schedule import Taper

DEFAULT_N, DEFAULT_SEED = 1000, 20261122
LINE_DAYS = 28
MOST_SEED = 2**63
_FEWEST_SCENARIOS = 3
_MOST_DAYS = 3654


def simulate(
    what: Proposal | Option | Taper | Mapping[str, Any] | DosingHistory | str,
    *,
    n: int = DEFAULT_N,
    seed: int = DEFAULT_SEED,
    option: str | None = None,
    scenarios: Sequence[str] | None = None,
    person: Person | None = None,
    days: int = LINE_DAYS,
    tail_days: int = TAIL_DAYS,
    region: str = "US",
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    formulary: Formulary | None = None,
) -> Forecast:
    """Levels and withdrawal drive of many simulated people under a plan, a route, a document, or a line as it is taken.

    A proposal or a document is simulated by its recommended route unless `option` names one; a line for `days` days,
    after years of the same. Every scenario that is shown is run unless `scenarios` names others. Shape and timing
    only: no probability of success or of a seizure is in it. Raises SIM_NO_KINETICS, NUM_RANGE, OPTION_INVALID and
    the errors of reading what was given.
    """
    facts = formulary or load_formulary()
    whole_number("n", n, 1)
    whole_number("seed", seed, 0, MOST_SEED)
    if threads is not None:
        whole_number("threads", threads, 1)
    history = _history(what, facts, option=option, days=days, tail_days=tail_days, region=region)
    model = _model(what, history, facts, person)
    return forecast(
        model, history, n=n, seed=seed, scenarios=named(model, scenarios), threads=threads, progress=progress
    )


def drives_of(proposal: Proposal, formulary: Formulary, *, n: int = 256) -> dict[str, Forecast]:
    """A small forecast of each planned route, in the same people: information beside the routes, never a limit."""
    person = person_of(proposal)
    return {
        option.route.heading: simulate(option, n=n, person=person, formulary=formulary)
        for option in proposal.options.options
        if option.taper is not None
    }


def person_of(what: object) -> Person:
    """What a plan says of its person that may change clearance; nobody in particular for anything else."""
    if isinstance(what, Proposal):
        return Person(age=what.person.age, liver="severe" if what.person.liver is Answer.YES else None)
    if isinstance(what, Mapping):
        plan = what.get("plan", what)
        told = plan.get("person") if isinstance(plan, Mapping) else None
        if isinstance(told, Mapping) and isinstance(told.get("answers"), Mapping):
            liver = "severe" if told["answers"].get("liver") == "yes" else None
            return Person(age=told.get("age"), liver=liver)
    return Person()


def compare(forecasts: Mapping[str, Forecast]) -> None:
    """Refuse forecasts that cannot be laid side by side: other people, or other scenarios."""
    first = next(iter(forecasts.values()))
    for name, one in forecasts.items():
        scenarios = [[course.scenario.id for course in each.courses] for each in (first, one)]
        if (one.n, one.seed) != (first.n, first.seed) or scenarios[0] != scenarios[1]:
            raise InputError(
                "OPTION_INVALID",
                f"{name} was simulated with other people or scenarios.",
                field="n",
                fix="Give every plan the same n, seed and scenarios.",
            )


def named(model: Model, scenarios: Sequence[str] | None) -> tuple[Scenario, ...] | None:
    """The scenarios of these names. Raises OPTION_INVALID for one that is none."""
    if scenarios is None:
        return None
    if isinstance(scenarios, str):
        scenarios = [scenarios]
    if not isinstance(scenarios, Collection) or not all(isinstance(name, str) for name in scenarios):
        raise _wrong("scenarios", "is no list of names")
    known = {s.id: s for s in model.response.scenarios}
    for name in scenarios:
        if name not in known:
            raise InputError(
                "OPTION_INVALID",
                "A scenario is not one that is known here.",
                field="scenarios",
                fix=f"Scenarios: {', '.join(known)}.",
                seen=name,
            )
    # No result is shown for fewer than three: what was asked for comes first, and those that are always shown after it.
    chosen = [*dict.fromkeys(scenarios), *(s.id for s in model.response.shown if s.id not in scenarios)]
    return tuple(known[name] for name in chosen[: max(_FEWEST_SCENARIOS, len(dict.fromkeys(scenarios)))])


def whole_number(field: str, value: object, least: int, most: int | None = None) -> None:
    """Refuse what is no whole number from `least` on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least or (most is not None and value >= most):
        upto = "on" if most is None else f"to {most - 1}"
        raise InputError(
            "NUM_RANGE",
            f"{field.replace('_', ' ')} is no whole number from {least} {upto}.",
            field=field,
            fix="Give one in that range.",
        )


def _model(what: object, history: DosingHistory, facts: Formulary, person: Person | None) -> Model:
    if person is not None and not isinstance(person, Person):
        raise _wrong("person", "is no Person of glidepath.pharmacology.covariates")
    return model_of(history.drugs, facts, load_response(), person=person or person_of(what))


def _wrong(field: str, says: str) -> InputError:
    return InputError(
        "OPTION_INVALID", f"What was given as {field} {says}.", field=field, fix="Give one, or leave it out."
    )


def _history(
    what: Proposal | Option | Taper | Mapping[str, Any] | DosingHistory | str,
    facts: Formulary,
    *,
    option: str | None,
    days: int,
    tail_days: int,
    region: str,
) -> DosingHistory:
    whole_number("tail_days", tail_days, 0, _MOST_DAYS)
    whole_number("days", days, 1, _MOST_DAYS)
    if option is not None and not isinstance(option, str):
        raise _wrong("option", "is no name of a route")
    if isinstance(what, DosingHistory):
        return what
    if isinstance(what, str):
        if option is not None:
            raise _wrong("option", "is a route, and a line has none")
        reading = read_sig(what, facts, region=region)
        refuse_implausible_dose(reading.regimen, facts)
        return history_of_line(reading, days)
    if isinstance(what, Mapping):
        return history_of_document(dict(what), option, tail_days=tail_days)
    if isinstance(what, Proposal):
        if option is not None and option not in (one.route.value for one in what.options.options):
            raise InputError(
                "ROUTE_UNKNOWN",
                "The proposal has no such route.",
                field="option",
                fix=f"Routes: {', '.join(one.route.value for one in what.options.options)}.",
                seen=option,
            )
        chosen = what.option(option) if option is not None else what.recommended
        if chosen is None:
            raise InputError("ROUTE_UNKNOWN", "The proposal recommends no route.", field="option", fix="Name one.")
        what = chosen
    if not isinstance(what, (Option, Taper)):
        raise InputError(
            "OPTION_INVALID",
            "What is to be simulated is no proposal, route, plan document, dosing history or line.",
            field="what",
            fix="Give what glidepath.plan returns, a plan document, or a line as text.",
        )
    taper = what if isinstance(what, Taper) else what.taper
    if taper is None:
        raise InputError(
            "ROUTE_UNKNOWN", "The route has no schedule to simulate.", field="option", fix="Name a route that has one."
        )
    return history_of_taper(taper, tail_days=tail_days)


def follow(
    what: Proposal | Option | Taper | Mapping[str, Any] | DosingHistory | str,
    ratings: Sequence[tuple[int, int | None]],
    *,
    domain: str = "anxiety",
    n: int = 20_000,
    seed: int = DEFAULT_SEED,
    option: str | None = None,
    person: Person | None = None,
    days_ahead: int = 28,
    formulary: Formulary | None = None,
) -> OwnCourse:
    """What one person's daily ratings (day from 0, points from 0 to 10 or None) say of the days to come; often nothing.

    `domain` is anxiety, sleep, mood or sensory. The status is `prior-dominated` until the data have really narrowed it,
    and `cannot tell` where they look like nothing that the model makes. No dose may rest on it. Raises RATING_INVALID
    and the errors of `simulate`.
    """
    facts = formulary or load_formulary()
    whole_number("n", n, 1)
    whole_number("seed", seed, 0, MOST_SEED)
    whole_number("days_ahead", days_ahead, 0, _MOST_DAYS)
    given = ratings_of(domain, ratings)
    history = _history(what, facts, option=option, days=LINE_DAYS, tail_days=TAIL_DAYS, region="US")
    model = _model(what, history, facts, person)
    return own_course(
        bank_of(model, history, domain=domain, n=n, seed=seed), model, history, given, days_ahead=days_ahead
    )
