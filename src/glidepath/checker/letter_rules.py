"""A rule of a letter, such as "reduce by 0.5 mg every 2 weeks to 1 mg": how it is worded and the doses it makes.

Doses are exact; a percent of the dose at the time gives exact rationals, whatever could be dispensed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from glidepath.checker.letter_faults import (
    MOST_DAYS,
    MOST_PARTS,
    MOST_STEPS,
    left_over,
    out_of_range,
    too_long,
    unclear,
)
from glidepath.checker.letter_words import FLAGS, INTERVAL, LENGTH_FIRST, interval_in, length_in
from glidepath.errors import InputError
from glidepath.quantity import exact_decimal
from glidepath.quantity.amount import rounded_down
from glidepath.quantity.grammar import read_amount, read_number

_NO_UNIT = r"(?!(?:every|each|to|down|until|weekly|fortnightly|daily|a|per\s(?!cent))\b)"
NUMBER = rf"(?P<{{0}}>[^\sa-zµμ%()]+)\s*(?P<{{0}}_unit>{_NO_UNIT}(?:per\s?cent\b|[a-zµμ]+\b)|%)?"
A_DAY = r"(?:\s*(?:daily|a\s+day|per\s+day|/\s*day|each\s+day|every\s+day)\b)"
DOWN = (
    r"(?:reduc(?:e|ing)|decreas(?:e|ing)|lower(?:ing)?|drop(?:ping)?|cut(?:ting)?|taper(?:ing)?|(?:go|come|step)\s+down"
    r"|wean(?:ing)?|reduction)"
)
UP = r"(?:increas(?:e|ing)|rais(?:e|ing)|(?:go|step)\s+up)"
OBJECT = (
    r"(?:\s+(?:it|this|(?:the\s+)?(?P<of_day>(?:total\s+)?daily\s+|total\s+)?dose(?:\s+of\s+(?P<drug>[a-z]+))?"
    r"|(?:the\s+)?(?P<drug2>(?!by\b|to\b|in\b|down\b|up\b|every\b|each\b|from\b)[a-z]+)(?:\s+dose)?))?"
)
_CHANGE = re.compile(
    rf"(?:and\s+)?(?:(?P<down>{DOWN})|(?P<up>{UP})){OBJECT}\s+(?=by\b|in\s+steps|to\b|down\b|up\b|every\b)", FLAGS
)
_BY = re.compile(
    r"(?:by|in\s+steps\s+of)\s+(?:(?:(?:a|an|one)\s+)?(?P<part>half|third|quarter|fifth|eighth|tenth)\b"
    rf"|{NUMBER.format('step')}(?P<of_day>\s*/\s*day\b)?)",
    FLAGS,
)
_STEP_A_DAY = re.compile(r"(?:daily|(?:a|per|each)\s+day)\b\s*,?\s*", FLAGS)
_BARE_STEP = re.compile(rf"{NUMBER.format('step')}\s+", FLAGS)
_OF = re.compile(
    r"of\s+(?:(?:the|its|their|his|her)\s+)?(?:(?P<start>starting|original|initial|first)|(?P<now>current|present|previous"
    r"|latest|last|remaining))?\s*(?:daily\s+)?dose\b",
    FLAGS,
)
ZERO = r"(?:zero|nothing|nil|0(?:\s*mg)?(?![0-9.,]*[0-9a-z]))"
_TO = re.compile(
    rf"(?:and\s+)?(?:(?:down|up)\s+)?(?:to|until|till)\s+(?:(?:a\s+dose\s+of|reaching)\s+)?"
    rf"(?:(?P<zero>{ZERO}|stop(?:ped)?\b|off\b|finished\b|discontinued\b)|{NUMBER.format('end')})(?P<of_day>{A_DAY})?",
    FLAGS,
)
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "eighth": 8, "tenth": 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A change that repeats every so many days. `step` is mg, or a part of a dose when `is_part`; `end` in mg or None.

    `of_start` says which dose the part is of; None where the words do not say. `verbless`: only a step and an interval.
    `of_day`: the words say that it is the dose of the whole day that changes.
    """

    step: Fraction
    is_part: bool
    of_start: bool | None
    every: int
    end: Fraction | None
    rises: bool
    drug: str | None
    verbless: bool = False
    of_day: bool = False


def read_rule(text: str, *, comma: bool) -> tuple[Rule, int | None] | None:
    """A rule and the length it is said to last; None when the words are not those of a rule."""
    change = _CHANGE.match(text)
    rest = text[change.end() :] if change else text
    if not change and not re.match(r"by\s|in\s+steps", text, FLAGS):
        return _verbless(text, comma=comma)
    if not re.search(r"(?:^|\s)(?:by|in\s+steps\s+of)\s", rest, FLAGS):
        return None
    step = base = end = every = length = None
    of_day = bool(change and change["of_day"])
    while rest:
        if step is None and (found := _BY.match(rest)):
            step = found
            of_day = of_day or bool(found["of_day"])
            after = rest[found.end() :].lstrip()
            if (a_day := _STEP_A_DAY.match(after)) and _has_interval(after[a_day.end() :]):
                of_day, rest, found = True, after, a_day
        elif step is not None and base is None and (found := _OF.match(rest)):
            base = found
        elif end is None and (found := _TO.match(rest)):
            end = found
        elif every is None and (found := INTERVAL.match(rest)):
            every = found
        elif length is None and (found := LENGTH_FIRST.match(rest)):
            length = found
        else:
            raise left_over(rest[:40])
        rest = rest[found.end() :].lstrip(" ,")
    if step is None:
        return None
    if every is None:
        raise InputError(
            "DURATION_MISSING",
            "A change by an amount does not say how often it is made.",
            field="letter",
            fix="Write every how many days or weeks, or the new dose and for how long.",
        )
    amount, is_part = _step(step, comma=comma)
    if base is not None and not is_part:
        raise left_over(base[0])
    rule = Rule(
        step=amount,
        is_part=is_part,
        of_start=None if base is None or not (base["start"] or base["now"]) else bool(base["start"]),
        every=interval_in(every),
        end=_end(end, comma=comma),
        rises=bool(change and change["up"]),
        drug=(change["drug"] or change["drug2"]) if change else None,
        verbless=change is None,
        of_day=of_day or bool(end and end["of_day"]),
    )
    return rule, None if length is None else length_in(length)


def _has_interval(rest: str) -> bool:
    """Whether an interval follows, so that "a day" before it belongs to the amount."""
    return any(interval_in(found) >= 2 for found in INTERVAL.finditer(rest))


def _verbless(text: str, *, comma: bool) -> tuple[Rule, int | None] | None:
    """A bare "0.25 mg weekly", with or without an end."""
    step = _BARE_STEP.match(text)
    every = INTERVAL.match(text, step.end()) if step and step["step_unit"] else None
    if step is None or every is None or interval_in(every) < 7:
        return None
    rest = text[every.end() :].lstrip(" ,")
    end = _TO.fullmatch(rest) if rest else None
    if rest and end is None:
        return None
    amount, is_part = (
        (_percent(step["step"], comma=comma), True)
        if step["step_unit"] == "%"
        else (read_amount(f"{step['step']} {step['step_unit']}", comma=comma).mg, False)
    )
    rule = Rule(
        step=amount,
        is_part=is_part,
        of_start=None,
        every=interval_in(every),
        end=_end(end, comma=comma),
        rises=False,
        drug=None,
        verbless=True,
    )
    return rule, None


def _step(found: re.Match[str], *, comma: bool) -> tuple[Fraction, bool]:
    if found["part"]:
        return Fraction(1, _PARTS[found["part"].lower()]), True
    unit = (found["step_unit"] or "").lower()
    if unit == "%" or unit.startswith("per"):
        return _percent(found["step"], comma=comma), True
    return read_amount(f"{found['step']} {unit}", comma=comma).mg, False


def _percent(text: str, *, comma: bool) -> Fraction:
    """A percent as a part of one; more than two decimals are no plan, and make fractions that grow without end."""
    percent = read_number(text, comma=comma, field="percent")
    if (percent * 100).denominator != 1:
        raise out_of_range("A percent has more than two decimals.", "Write the percent with at most two decimals.")
    return percent / 100


def _end(found: re.Match[str] | None, *, comma: bool) -> Fraction | None:
    if found is None:
        return None
    if found["zero"]:
        return Fraction(0)
    return read_amount(f"{found['end']} {found['end_unit'] or ''}", comma=comma).mg


def steps_of(
    rule: Rule, now: Fraction, start: Fraction, most: int | None, parts_left: int = MOST_PARTS
) -> tuple[list[Fraction], list[str]]:
    """The new doses of a rule in order and what was assumed; `most` is the number of steps said, if any.

    `parts_left` is how many steps by a part of the dose may still be made: their exact fractions grow.
    A fall without an end goes to zero; a part of the dose at the time never does, and needs an end.
    """
    notes: list[str] = []
    of_start = bool(rule.of_start)
    if rule.is_part and rule.of_start is None:
        notes.append("A percent or part was read as of the dose at that time.")
    step = rule.step * start if rule.is_part and of_start else rule.step
    is_shrinking = rule.is_part and not of_start
    end = rule.end
    if end is None and most is None and (is_shrinking or rule.rises):
        says = "A rise needs the dose it ends at." if rule.rises else "A percent of the dose never reaches zero."
        raise unclear(says, "Write to which dose, for example: to 5 mg.")
    if end is None and most is None:
        end = Fraction(0)
        notes.append("A rule without an end was read as going on to zero.")
    if (rule.is_part and rule.step >= 1 and not rule.rises) or (not is_shrinking and not rule.rises and step > now):
        raise out_of_range("The step is larger than the dose.", "Write a step that is smaller than the dose.")
    if end is not None and (end <= now if rule.rises else end >= now):
        raise out_of_range(
            "The rule's end is not beyond the dose it starts from.", "Check the dose at the start and at the end."
        )
    if end is not None and most is None:
        least = abs(now - end) / (rule.step * max(now, end) if is_shrinking else step)
        if least > MOST_STEPS or least * rule.every > MOST_DAYS + rule.every:
            raise too_long()
    limit = parts_left if rule.is_part else MOST_STEPS
    doses = _doses(
        rule,
        now,
        Fraction(0) if end is None else end,
        step,
        is_shrinking,
        most,
        has_end=end is not None,
        limit=limit + 1,
    )
    if rule.is_part and len(doses) > parts_left:
        says = f"A percent or part of the dose is taken off more than {MOST_PARTS} times."
        raise out_of_range(says, "Write larger steps, or a nearer end.")
    if len(doses) > MOST_STEPS:
        raise too_long()
    if end is not None and most is not None and doses[-1] != end:
        raise out_of_range("The rule does not reach its end in the time given.", "Leave out the end or the length.")
    before_last = doses[-2] if len(doses) > 1 else now
    full = before_last * rule.step if is_shrinking else step
    if end is not None and doses[-1] == end and abs(before_last - end) != full:
        notes.append(f"The last change of a rule goes to {shown_mg(end)} exactly, less than a full step.")
    return doses, notes


def _doses(
    rule: Rule,
    now: Fraction,
    end: Fraction,
    step: Fraction,
    is_shrinking: bool,
    most: int | None,
    *,
    has_end: bool,
    limit: int,
) -> list[Fraction]:
    doses: list[Fraction] = []
    dose = now
    limit = limit if most is None else min(most, limit)
    while len(doses) < limit:
        change = dose * rule.step if is_shrinking else step
        dose = dose + change if rule.rises else dose - change
        if has_end and (dose >= end if rule.rises else dose <= end):
            doses.append(end)
            break
        if dose < 0:
            raise out_of_range("The rule goes below zero.", "Write a smaller step or a shorter time.")
        doses.append(dose)
        if dose == 0:
            break
    return doses


def shown_mg(mg: Fraction) -> str:
    """An amount in words; one with more than four decimals is cut and marked."""
    if 10**4 % mg.denominator == 0:
        return f"{exact_decimal(mg)} mg"
    return f"about {rounded_down(mg, 4)} mg"
