"""What one clause of a letter says, by its own words alone: a dose, a hold, a stop, a rule, a supply, or a date.

Days, dates and supplies are taken off the ends of the clause; what is left must be one of the closed forms here, or
wording of a dose that `letter_doses` gives to the strict reader. Nothing is filled in from other clauses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from glidepath.checker.letter_faults import left_over
from glidepath.checker.letter_lines import LONGEST_CLAUSE, Clause
from glidepath.checker.letter_rules import A_DAY, DOWN, NUMBER, OBJECT, UP, ZERO, Rule, read_rule
from glidepath.checker.letter_words import (
    DATE_FIRST,
    DATE_LAST,
    FLAGS,
    LABEL,
    LENGTH_FIRST,
    LENGTH_LAST,
    count,
    length_in,
    read_date,
)
from glidepath.quantity.grammar import read_amount, read_number

_STOP = re.compile(
    rf"(?:and\s+)?(?:to\s+)?(?:stop(?:ped|ping)?|discontinue|cease|finish|end|come\s+off|off|withdraw"
    rf"|(?:(?:{DOWN}\s+)?(?:down\s+)?to\s+)?{ZERO}{A_DAY}?)"
    r"(?:\s+(?:it|completely|altogether|entirely|taking\s+it|all|both|the\s+(?:drug|medicine|medication|tablets|taper)))*"
    r"(?:\s+(?:taking\s+)?(?:the\s+)?(?P<drugs>[a-z][a-z, &]*))?",
    FLAGS,
)
_ZERO_OF = re.compile(rf"(?P<drugs>[a-z]+)\s+{ZERO}{A_DAY}?", FLAGS)
_HOLD_VERB = r"(?:and\s+)?(?:hold(?:ing)?|stay|remain|continue|keep|maintain)\b"
_HOLD = re.compile(
    rf"(?:{_HOLD_VERB}(?:\s+(?:it|there|here|steady|stable|unchanged))?(?:\s+(?:at|on|with))?"
    r"|no\s+change|unchanged|same)(?:\s+(?:the|this|that))?(?:\s+(?:same|current))?(?:\s+(?:dose|level))?",
    FLAGS,
)
_CURRENT = re.compile(
    r"(?:(?:(?:the\s+)?patient|she|he|they)\s+)?(?:(?:is|are)\s+)?(?:(?:currently|now|at\s+present|presently)"
    r"(?:\s+(?:is\s+|are\s+)?(?:taking|takes|take|on))?|(?:takes|taking)\s+(?:now|currently|at\s+present)"
    r"|(?:current|present|existing|usual|start|starting)\s+(?:daily\s+)?(?:dose|regimen)(?:\s+(?:is|of))?)\s*(?::\s*|\s)",
    FLAGS,
)
_SWITCH = re.compile(r"(?:and\s+)?(?:switch(?:ing)?|chang(?:e|ing)|convert|swap)\s+to\s+", FLAGS)
_LEAD = re.compile(
    rf"(?:(?:and|next)\s+)?(?:(?P<change>(?:{DOWN}|{UP}){OBJECT}\s+(?:down\s+|up\s+)?to|go\s+(?:down\s+|up\s+)?to"
    rf"|down\s+to|to|(?:start|begin)(?:ning|ing)?(?:\s+(?:with|on|at))?)|{_HOLD_VERB}(?:\s+(?:at|on|with))?)\s*:?\s+",
    FLAGS,
)
_NOUN = r"(?P<noun>tablets?|tabs?|capsules?|caps?|mls?)\b"
_WHAT = (
    r"(?P<units>[^\s()a-z]+)\s*(?:x\s*|of\s+)?(?:(?P<drug>(?!x\b|of\b|tab|cap|ml|mg|mcg|micro)[a-z]+)\s+)?"
    rf"(?:{NUMBER.format('strength')}\s+)?{_NOUN}"
)
_SUPPLY = re.compile(
    rf"(?:(?<![a-z])(?:supply|dispense|quantity|qty|mitte)\s*:?\s*{_WHAT}"
    rf"|\(\s*(?:(?:supply|dispense|quantity|qty)\s*:?\s*)?{_WHAT.replace('?P<', '?P<b')}\s*\))[\s.,]*$",
    FLAGS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Units to supply; `strength` is mg of one unit, or None where it is not said."""

    units: Fraction
    strength: str | None
    noun: str
    drug: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A clause taken apart. `verb` is dose, hold, stop, rule, supply or when; `text` the wording of the dose left over.

    `days` is the length said; `label` first and last day, the last None when it is left open; `dated` the same as
    dates. `is_current`: what is taken now; `is_change`: a new
    dose, by its verb. `replaces`: in place of every other drug. `drugs` are those to stop.
    """

    clause: Clause
    verb: str
    text: str = ""
    days: int | None = None
    label: tuple[int, int | None] | None = None
    dated: tuple[date, date | None] | None = None
    is_current: bool = False
    is_change: bool = False
    replaces: bool = False
    rule: Rule | None = None
    supply: Supply | None = None
    drugs: str = ""


def take_apart(clause: Clause, *, order: str | None, comma: bool) -> Said:
    """What the clause says. Raises `InputError` with the code of what is wrong in its own words."""
    if len(clause.text) > LONGEST_CLAUSE:
        raise left_over(clause.text[:20])
    said = Said(clause=clause, verb="dose", text=clause.text)
    said = _supplied(said, comma=comma)
    said = _ends(_starts(said, order), order)
    text = said.text.strip(" ,:")
    if not text:
        if said.supply is not None and said.days is None and said.label is None and said.dated is None:
            return replace(said, verb="supply", text="")
        if said.supply is None and said.days is None and (said.label is not None or said.dated is not None):
            return replace(said, verb="when", text="")
        raise left_over(clause.text[:40])
    if found := _STOP.fullmatch(text) or _ZERO_OF.fullmatch(text):
        return replace(said, verb="stop", text="", drugs=found["drugs"] or "")
    if _HOLD.fullmatch(text):
        return replace(said, verb="hold", text="")
    if (rule := read_rule(text, comma=comma)) and not (rule[0].verbless and _is_placed(said)):
        return replace(said, verb="rule", text="", rule=rule[0], days=rule[1] or said.days)
    if current := _CURRENT.match(text):
        said, text = replace(said, is_current=True), text[current.end() :]
    if switch := _SWITCH.match(text):
        return replace(said, text=text[switch.end() :].strip(" ,:"), replaces=True, is_change=True)
    if (lead := _LEAD.match(text)) and not said.is_current:
        name = lead["drug"] or lead["drug2"]
        text = f"{name} {text[lead.end() :]}" if name else text[lead.end() :]
        said = replace(said, is_change=bool(lead["change"]))
    return replace(said, text=text.strip(" ,:"))


def _is_placed(said: Said) -> bool:
    return not (said.days is None and said.label is None and said.dated is None)


def _starts(said: Said, order: str | None) -> Said:
    """Labels, dates and lengths off the front, each once."""
    text = said.text
    if found := DATE_FIRST.match(text):
        first = read_date(found["d1"] or found["d1b"], order)
        last = read_date(found["d2"], order) if found["d2"] else None
        said, text = replace(said, dated=(first, last)), text[found.end() :]
    elif found := LABEL.match(text):
        said, text = replace(said, label=_label(found)), text[found.end() :]
    if found := LENGTH_FIRST.match(text):
        said, text = replace(said, days=length_in(found)), text[found.end() :]
    return replace(said, text=text)


def _label(found: re.Match[str]) -> tuple[int, int | None]:
    size = 1 if found["unit"][0] in "dD" else 7
    first = count(found["a"])
    last = count(found["b"]) if found["b"] else first
    if last < first or (found["to"] in ("and", "AND", "And", "&") and last != first + 1):
        raise left_over(found[0].strip())
    is_open = bool(found["from"]) and not found["b"]
    return (first - 1) * size + 1, None if is_open else last * size


def _ends(said: Said, order: str | None) -> Said:
    """A length and a date off the end, each once and in either order."""
    text = said.text
    for _ in range(2):
        if said.days is None and (found := next((m for p in LENGTH_LAST if (m := p.search(text))), None)):
            said, text = replace(said, days=length_in(found)), text[: found.start()].rstrip(" ,:")
        elif said.dated is None and said.label is None and (found := DATE_LAST.search(text)):
            first = read_date(found["d1"], order)
            last = read_date(found["d2"], order) if found["d2"] else None
            said, text = replace(said, dated=(first, last)), text[: found.start()].rstrip(" ,:")
    return replace(said, text=text)


def _supplied(said: Said, *, comma: bool) -> Said:
    found = _SUPPLY.search(said.text)
    if found is None:
        return said
    groups = {name: found[name] or found[f"b{name}"] for name in ("units", "drug", "strength", "strength_unit", "noun")}
    units = read_number(groups["units"], comma=comma, field="quantity")
    strength = None
    if groups["strength"]:
        strength = read_amount(f"{groups['strength']} {groups['strength_unit'] or ''}", comma=comma).decimal
    supply = Supply(units=units, strength=strength, noun=groups["noun"].lower(), drug=groups["drug"])
    return replace(said, supply=supply, text=said.text[: found.start()].rstrip(" ,:"))
