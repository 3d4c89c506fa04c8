"""Scoring: from the answers to an instrument to its total, band and safety findings. Whole numbers only.

An answer is a value, or `UNKNOWN` (asked, and not told), or `NOT_ASKED`; the three are never mixed. A safety finding
comes from the raw answer, whatever the total, and also when there is no total.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from glidepath.errors import InputError
from glidepath.facts.instrument import Asks, Instrument, Item, SafetyRule, Scoring
from glidepath.guidance.finding import Finding, Severity
from glidepath.patient.person import Answer


class Unanswered(StrEnum):
    """Why there is no answer. A key that is missing among the answers was not asked."""

    UNKNOWN = "unknown"
    NOT_ASKED = "not asked"


Given = int | Answer | Unanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetySign:
    """What the raw answers to one safety rule say: the red flag it bears on, and whether it was told."""

    flag: str
    name: str
    told: bool
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What came out. `total` is None where nothing is summed or too little was answered.

    `exact` is the total before rounding when it was prorated. `result` names the band or the outcome of a screen, and
    says so when it rests on a prorated total.
    """

    instrument: str
    total: int | None
    exact: Fraction | None
    highest: int | None
    result: str | None
    says: str
    values: Mapping[str, int]
    unknown: tuple[str, ...]
    not_asked: tuple[str, ...]
    safety: tuple[SafetySign, ...]

    @property
    def prorated(self) -> bool:
        return self.exact is not None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The safety findings, those that were told first."""
        return tuple(sign.finding for sign in sorted(self.safety, key=lambda s: not s.told))


def score(instrument: Instrument, answers: Mapping[str, Given]) -> Score:
    """Score the answers, by item id.

    Raises `InputError` FIELD_UNKNOWN for an item that is not there, NUM_FORMAT or ANSWER_INVALID for an answer of the
    wrong kind, NUM_RANGE for one outside its range.
    """
    values, unknown, not_asked = _read(instrument, answers)
    safety = safety_signs(instrument, answers)
    total, exact = _total(instrument, values)
    result = _result(instrument, values, total, exact, safety)
    return Score(
        instrument=instrument.id,
        total=total,
        exact=exact,
        highest=instrument.highest,
        result=result,
        says=_says(instrument, values, total, exact, result),
        values=values,
        unknown=unknown,
        not_asked=not_asked,
        safety=safety,
    )


def safety_signs(instrument: Instrument, answers: Mapping[str, Given]) -> tuple[SafetySign, ...]:
    """What the raw answers say on safety, before and without any score. Raises as `score` does."""
    values, unknown, _ = _read(instrument, answers)
    met = {rule.id for rule in instrument.safety if _met(rule, values, unknown)}
    signs = []
    for rule in instrument.safety:
        silent = tuple(item for item in rule.items if item not in values)
        if rule.id in met:
            signs.append(_sign(rule, silent, told=True))
        elif silent and (rule.after is None or rule.after in met):
            signs.append(_sign(rule, silent, told=False))
    return tuple(signs)


def _read(
    instrument: Instrument, answers: Mapping[str, Given]
) -> tuple[dict[str, int], tuple[str, ...], tuple[str, ...]]:
    for key in answers:
        instrument.item(key)
    values, unknown, not_asked = {}, [], []
    for item in instrument.items:
        given = answers.get(item.id, Unanswered.NOT_ASKED)
        if given is Unanswered.NOT_ASKED:
            not_asked.append(item.id)
        elif given is Unanswered.UNKNOWN or given is Answer.UNKNOWN:
            unknown.append(item.id)
        else:
            values[item.id] = _value(instrument, item, given)
    return values, tuple(unknown), tuple(not_asked)


def _value(instrument: Instrument, item: Item, given: object) -> int:
    field = f"{instrument.id}.{item.id}"
    if item.asks is Asks.YES_NO:
        if not isinstance(given, Answer):
            raise InputError(
                "ANSWER_INVALID", "An answer is not yes, no or unknown.", field=field, fix="Give one.", seen=given
            )
        return int(given is Answer.YES)
    if not isinstance(given, int) or isinstance(given, bool):
        raise InputError(
            "NUM_FORMAT", "An answer is not a whole number.", field=field, fix="Give a whole number.", seen=given
        )
    if not item.lowest <= given <= item.highest:
        raise InputError(
            "NUM_RANGE",
            "An answer is outside the range of its item.",
            field=field,
            fix=f"Give a whole number from {item.lowest} to {item.highest}.",
            seen=given,
        )
    return int(given)


def _met(rule: SafetyRule, values: Mapping[str, int], unknown: tuple[str, ...]) -> bool:
    refused = rule.refusal_counts and any(item in unknown for item in rule.items)
    return refused or any(values.get(item, 0) >= rule.at_least for item in rule.items)


def _sign(rule: SafetyRule, silent: tuple[str, ...], *, told: bool) -> SafetySign:
    finding = Finding(
        rule=rule.id,
        severity=Severity(rule.severity) if told else Severity.NOT_ASSESSABLE,
        says=rule.says if told else f"Cannot be told, ask now: {', '.join(silent)} not answered ({rule.name}).",
        saw="" if told else "not answered",
        bound=f"at least {rule.at_least}",
        sources=rule.sources,
        status=rule.status,
    )
    return SafetySign(flag=rule.flag, name=rule.name, told=told, finding=finding)


def _total(instrument: Instrument, values: Mapping[str, int]) -> tuple[int | None, Fraction | None]:
    """The total, and its exact value when it was prorated."""
    if instrument.highest is None or not values:
        return None, None
    missing = [item.id for item in instrument.items if item.id not in values]
    if not missing:
        return sum(values.values()), None
    rule = instrument.missing
    if rule is None or len(missing) > rule.at_most or any(item in rule.never for item in missing):
        return None, None
    exact = Fraction(sum(values.values()) * len(instrument.items), len(values))
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator), exact


def _result(
    instrument: Instrument,
    values: Mapping[str, int],
    total: int | None,
    exact: Fraction | None,
    safety: tuple[SafetySign, ...],
) -> str | None:
    if instrument.scoring is Scoring.ANY_YES:
        return _screen(instrument, values, safety)
    if total is None or instrument.bands is None:
        return None
    name = instrument.bands.name(total)
    return name if exact is None else f"{name} ({_prorated(instrument, values)})"


def _screen(instrument: Instrument, values: Mapping[str, int], safety: tuple[SafetySign, ...]) -> str | None:
    """The gravest outcome that was told; negative only when every first question was answered no."""
    told = [sign.name for sign in safety if sign.told]
    if told:
        silent = [f"{sign.name} could not be told" for sign in safety if not sign.told]
        return "; ".join((told[-1], *silent))
    first = {item for rule in instrument.safety if rule.after is None for item in rule.items}
    return "negative screen" if first <= set(values) else None


def _says(
    instrument: Instrument,
    values: Mapping[str, int],
    total: int | None,
    exact: Fraction | None,
    result: str | None,
) -> str:
    answered = f"{len(values)} of {len(instrument.items)} items answered"
    if instrument.scoring is Scoring.EACH:
        return f"{instrument.name}: {answered}; no total is made"
    if total is None:
        return f"{instrument.name}: {result or 'cannot be scored'}; {answered}"
    out = f"{instrument.name}: {total} of {instrument.highest}"
    if result is not None:
        return f"{out}, {result}"
    return out if exact is None else f"{out} ({_prorated(instrument, values)})"


def _prorated(instrument: Instrument, values: Mapping[str, int]) -> str:
    return f"prorated from {len(values)} of {len(instrument.items)} items"
