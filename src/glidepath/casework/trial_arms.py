"""The arms of a virtual trial as dosing histories: from a written plan, and from a plain rule.

Doses of a plan can be dispensed and were held against the limits of guidance. Doses of a rule need not be either, and
the report says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from glidepath.casework.histories import SLOT_HOURS
from glidepath.dosing.read_sig import read_sig
from glidepath.dosing.regimen import Slot
from glidepath.errors import InputError
from glidepath.facts.formulary import Formulary
from glidepath.pharmacology.history import Dose, DosingHistory, every_day
from glidepath.pharmacology.trial import Arm
from glidepath.quantity import exact_decimal
from glidepath.render.document import FORMAT
from glidepath.render.reading import check_digest, option_of, parse_json

_MOST_STEPS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A pace in plain numbers, for one drug.

    Every `every_days` either a fraction of the current dose less, down to `until_mg` a day, which is kept for
    `tail_days`; or equal steps over `linear_weeks`. Then nothing. The present dose is kept for `keep_days` first.
    """

    line: str
    every_days: int
    keep_days: int
    reduce_frac: Fraction | None = None
    until_mg: Fraction | None = None
    tail_days: int = 0
    linear_weeks: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Days that follow one another: how many, and what is taken on each. `then` is what goes on after them."""

    stretches: tuple[tuple[int, tuple[Dose, ...]], ...]
    before: tuple[Dose, ...]
    then: tuple[Dose, ...]
    starts: date | None = None

    @property
    def days(self) -> int:
        return sum(days for days, _ in self.stretches)

    def history(self, days: int) -> DosingHistory:
        """The doses over so many days, at least its own."""
        rest = (days - self.days, self.then)
        doses: list[Dose] = []
        first = 0
        for length, day in (*self.stretches, rest):
            doses += [replace(dose, hour=dose.hour + first * 24.0) for dose in every_day(day, length)]
            first += length
        return DosingHistory(doses=tuple(doses), days=days, before=self.before, starts=self.starts)


def read_arm(data: bytes, option: str) -> tuple[Course, str]:
    """What is taken on one route of a plan document, and its digest. Raises JSON_INVALID, DIGEST_MISMATCH and
    ROUTE_UNKNOWN."""
    document = check_digest(parse_json(data), FORMAT)
    plan = option_of(document, option)["plan"]
    stretches = tuple((int(step["days"]), _day(step["intakes"])) for step in plan["steps"])
    last = stretches[-1][1]
    # What nobody tapers goes on after the last dose of what is.
    kept = tuple(dose for dose in last if dose.drug in plan["constant"])
    course = Course(
        stretches=stretches,
        before=stretches[0][1],
        then=last if plan["stops_on"] is None else kept,
        starts=date.fromisoformat(plan["starts"]),
    )
    return course, str(document["digest"])


def course_of_rule(rule: Rule, formulary: Formulary, region: str | None) -> Course:
    """What is taken by a rule. Raises the errors of reading the line, and OPTION_INVALID for more than one drug."""
    regimen = read_sig(rule.line, formulary, region=region).regimen
    if len(regimen.drugs) != 1:
        raise InputError(
            "OPTION_INVALID",
            "A rule reduces one drug; the line names more than one.",
            field="line",
            fix="Give one drug, or make a plan and name its plan.json.",
        )
    start = regimen.total(regimen.drugs[0]).mg

    def taken(part: Fraction) -> tuple[Dose, ...]:
        return _day({"time": i.slot.value, "drug": i.drug, "dose_mg": i.dose.mg * part} for i in regimen.intakes)

    kept = ((rule.keep_days, Fraction(1)),) if rule.keep_days else ()
    stretches = tuple((days, taken(part)) for days, part in (*kept, *_parts(rule, start)))
    return Course(stretches=stretches, before=taken(Fraction(1)), then=())


def _parts(rule: Rule, start: Fraction) -> list[tuple[int, Fraction]]:
    """How long which part of the first dose is taken."""
    if rule.linear_weeks is not None:
        steps = max(1, rule.linear_weeks * 7 // rule.every_days)
        return [(rule.every_days, 1 - Fraction(k, steps)) for k in range(1, steps)]
    assert rule.reduce_frac is not None and rule.until_mg is not None
    if rule.until_mg >= start:
        raise InputError(
            "OPTION_INVALID",
            "A rule reduces down to less than what is taken.",
            field="until_mg",
            fix=f"Give less than {exact_decimal(start)} mg a day.",
        )
    found: list[tuple[int, Fraction]] = []
    part, least = 1 - rule.reduce_frac, rule.until_mg / start
    while part > least:
        found.append((rule.every_days, part))
        # Doses of a rule are of a simulation only: a ten-millionth of the dose is fine enough, and stays short.
        part = (part * (1 - rule.reduce_frac)).limit_denominator(10**7)
        if len(found) > _MOST_STEPS:
            raise InputError(
                "NUM_RANGE", "The rule makes more than a thousand steps.", field="reduce_percent", fix="Give more."
            )
    return [*found, (max(rule.tail_days, 1), least)]


def arms_of(courses: Sequence[tuple[str, str, str, Course, str | None]], follow_days: int) -> tuple[Arm, ...]:
    """Arms of one length, that of the longest and the days after it. Of each: name, kind, words, course, digest."""
    days = max((course.days for _, _, _, course, _ in courses), default=0) + follow_days
    return tuple(
        Arm(name=name, kind=kind, says=says, history=course.history(days), made_from=digest)
        for name, kind, says, course, digest in courses
    )


def _day(intakes: Iterable[Any]) -> tuple[Dose, ...]:
    """One day; what is taken of a drug at one time (two releases, say) is one dose here."""
    found: dict[tuple[float, str], Fraction] = {}
    for intake in intakes:
        at = SLOT_HOURS[Slot(intake["time"])], str(intake["drug"])
        found[at] = found.get(at, Fraction(0)) + Fraction(intake["dose_mg"])
    return tuple(Dose(hour, drug, float(mg)) for (hour, drug), mg in found.items())
