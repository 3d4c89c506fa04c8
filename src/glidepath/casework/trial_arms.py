"""The arms of a virtual trial as dosing histories: from a written plan, and from a plain rule.

Doses of a plan can be dispensed and were held against the limits of guidance. Doses of a rule need not be either, and
the report says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from glidepath.casework.histories import doses_of_a_day, not_immediate, stretches_of_taper, taper_of_document
from glidepath.dosing.read_sig import read_sig
from glidepath.errors import InputError
from glidepath.facts.formulary import Formulary
from glidepath.pharmacology.history import Dose, Stretches
from glidepath.pharmacology.trial import Arm
from glidepath.quantity import exact_decimal
from glidepath.render.reading import parse_json

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


def read_arm(data: bytes, option: str) -> tuple[Stretches, str]:
    """What is taken on one route of a plan document, and its digest. Raises JSON_INVALID, DIGEST_MISMATCH and
    ROUTE_UNKNOWN."""
    document = parse_json(data)
    _, taper = taper_of_document(document, option)
    return stretches_of_taper(taper), str(document["digest"])


def stretches_of_rule(rule: Rule, formulary: Formulary, region: str | None) -> Stretches:
    """What is taken by a rule. Raises the errors of reading the line, and OPTION_INVALID for more than one drug."""
    reading = read_sig(rule.line, formulary, region=region)
    regimen = reading.regimen
    if len(regimen.drugs) != 1:
        raise InputError(
            "OPTION_INVALID",
            "A rule reduces one drug; the line names more than one.",
            field="line",
            fix="Give one drug, or make a plan and name its plan.json.",
        )
    start = regimen.total(regimen.drugs[0]).mg

    def taken(part: Fraction) -> tuple[Dose, ...]:
        return doses_of_a_day((i.slot, i.drug, i.dose.mg * part) for i in regimen.intakes)

    kept = ((rule.keep_days, Fraction(1)),) if rule.keep_days else ()
    stretches = tuple((days, taken(part)) for days, part in (*kept, *_parts(rule, start)))
    as_immediate = not_immediate((t.drug, t.release) for t in reading.taken)
    return Stretches(stretches=stretches, before=taken(Fraction(1)), as_immediate=as_immediate)


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


def arms_of(arms: Sequence[tuple[str, str, str, Stretches, str | None]], follow_days: int) -> tuple[Arm, ...]:
    """Arms of one length, that of the longest and the days after it. Of each: name, kind, words, days, digest."""
    days = max((taken.days for _, _, _, taken, _ in arms), default=0) + follow_days
    return tuple(
        Arm(name=name, kind=kind, says=says, history=taken.history(days), made_from=digest)
        for name, kind, says, taken, digest in arms
    )
