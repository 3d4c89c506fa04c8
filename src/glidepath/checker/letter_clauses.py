"""What one clause of a letter says, by its own words alone: a dose, a hold, a stop, a rule, a supply, or a date.

Days, dates and supplies are taken off the ends of the clause; what is left must be one of the closed forms here, or
wording of a dose that `letter_doses` gives to the strict reader. Nothing is filled in from other clauses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from glidepath.checker.letter_faults import left_over, unclear
from glidepath.checker.letter_lines import LONGEST_CLAUSE, Clause
from glidepath.checker.letter_rules import A_DAY, DOWN, NUMBER, OBJECT, UP, ZERO, Rule, read_rule
from glidepath.checker.letter_supplies import Supply, supply_in
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
from glidepath.errors import InputError
from glidepath.quantity.grammar import read_amount

_STOP = re.compile(
    rf"(?:and\s+)?(?:to\s+)?(?:stop(?:ped|ping)?|discontinue|cease|come\s+off|off"
    rf"|(?:(?:{DOWN}\s+)?(?:down\s+)?to\s+)?{ZERO}{A_DAY}?)"
    r"(?:\s+(?:it|completely|altogether|entirely|taking\s+it|all|both|the\s+(?:drug|medicine|medication|tablets)))*"
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
    r"|(?:current|present|existing|usual|start|starting)\s+(?P<of_day>(?:total\s+)?daily\s+|total\s+)?(?:dose|regimen)(?:\s+(?:is|of))?)\s*(?::\s*|\s)",
    FLAGS,
)
_SWITCH = re.compile(r"(?:and\s+)?(?:switch(?:ing)?|chang(?:e|ing)|convert(?:ing)?|swap)\s+to\s+", FLAGS)
_OBJECT = OBJECT.replace("[a-z]+)(?:\\s+dose", "[a-z]+(?:\\s+(?:xr|er|sr|cr|mr|xl|ir))?)(?:\\s+dose")
_LEAD = re.compile(
    rf"(?:(?:and|next)\s+)?(?:(?P<change>(?:(?P<down>{DOWN})|(?P<up>{UP})){_OBJECT}"
    rf"(?:\s+from\s+{NUMBER.format('was')}(?P<was_day>{A_DAY})?)?\s+(?:down\s+|up\s+)?to|go\s+(?:down\s+|up\s+)?to"
    rf"|down\s+to|to)|(?P<start>(?:start|begin)(?:ning|ing)?(?:\s+(?:with|on|at))?)"
    rf"|(?P<hold>{_HOLD_VERB})(?P<at>\s+(?:at|on|with))?)\s*:?\s+",
    FLAGS,
)
# In a ward "hold the dose" means: do not give it.
_LEAVE_OUT = re.compile(r"(?:and\s+)?hold(?:ing)?\s+(?:it|(?:the\s+|this\s+|that\s+)?dose)", FLAGS)
_OF_DAY = r"(?:daily|a\s+day|per\s+day|/\s*day|each\s+day|every\s+day|in\s+total|total\s+daily|total)\b"
# "(10 mg daily)", "(total 10 mg)": what the doses of the day come to.
_TOTAL = re.compile(
    rf"\s*\(\s*=?\s*(?:(?P<lead>(?:total\s+)?daily\s+(?:dose|total)|total(?:\s+daily)?(?:\s+dose)?)(?:\s+of)?\s*:?\s*)?"
    rf"{NUMBER.format('total')}\s*(?P<trail>{_OF_DAY}(?:\s+in\s+total\b)?)?\s*\)",
    FLAGS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A clause taken apart. `verb` is dose, hold, stop, rule, supply or when; `text` the wording of the dose left over.

    `days` is the length said; `label` first and last day, the last None when it is left open; `dated` the same as
    dates. `is_current`: what is taken now; `is_change`: a new dose, by its verb; `changes`: one that needs a dose
    before it. `replaces`: in place of every other drug. `drugs` are those to stop, or that a verb has for its object.
    `way`: down, up or same, by the verb. `was`: mg that it changes from, and whether those are of the day. `total`: mg
    of the day, in brackets.
    """

    clause: Clause
    verb: str
    text: str = ""
    days: int | None = None
    label: tuple[int, int | None] | None = None
    dated: tuple[date, date | None] | None = None
    is_current: bool = False
    is_change: bool = False
    changes: bool = False
    replaces: bool = False
    rule: Rule | None = None
    supply: Supply | None = None
    drugs: str = ""
    way: str = ""
    was: tuple[Fraction, bool] | None = None
    total: Fraction | None = None

    @property
    def is_placed(self) -> bool:
        """Whether a label or date says which days these are."""
        return self.label is not None or self.dated is not None


def take_apart(clause: Clause, *, order: str | None, comma: bool) -> Said:
    """What the clause says. Raises `InputError` with the code of what is wrong in its own words."""
    if len(clause.text) > LONGEST_CLAUSE:
        raise left_over(clause.text[:20])
    said = _totalled(Said(clause=clause, verb="dose", text=clause.text), comma=comma)
    said = _ends(_starts(_counted(said, comma=comma), order), order)
    if said.supply is None:
        said = _counted(said, comma=comma)
        if said.supply is not None and said.supply.is_said:
            raise left_over(clause.text[:40])
    text = said.text.strip(" ,:")
    if not text:
        if said.total is None and said.supply is not None and said.days is None and not said.is_placed:
            return replace(said, verb="supply", text="")
        if said.total is None and said.supply is None and said.days is None and said.is_placed:
            return replace(said, verb="when", text="")
        raise left_over(clause.text[:40])
    if found := _STOP.fullmatch(text) or _ZERO_OF.fullmatch(text):
        return replace(said, verb="stop", text="", drugs=found["drugs"] or "")
    if _LEAVE_OUT.fullmatch(text):
        raise _may_be_left_out()
    if _HOLD.fullmatch(text):
        return replace(said, verb="hold", text="")
    placed = said.days is not None or said.is_placed
    if (rule := read_rule(text, comma=comma)) and not (rule[0].verbless and placed):
        return replace(said, verb="rule", text="", rule=rule[0], days=rule[1] or said.days)
    return _dose(said, text, comma=comma)


def _dose(said: Said, text: str, *, comma: bool) -> Said:
    """The verb before a dose taken off."""
    if current := _CURRENT.match(text):
        text = f"{'daily dose ' if current['of_day'] else ''}{text[current.end() :]}"
        said = replace(said, is_current=True)
    if switch := _SWITCH.match(text):
        text = text[switch.end() :].strip(" ,:")
        return replace(said, text=text, replaces=True, is_change=True, changes=True)
    if (lead := _LEAD.match(text)) and not said.is_current:
        verb = (lead["hold"] or "").split(" ")[-1].lower()
        if verb.startswith("hold") and not lead["at"]:
            raise _may_be_left_out()
        name = lead["drug"] or lead["drug2"] or ""
        text = " ".join([*([name] if name else []), *(["daily dose"] if lead["of_day"] else []), text[lead.end() :]])
        was = None
        if lead["was"]:
            mg = read_amount(f"{lead['was']} {lead['was_unit'] or ''}", comma=comma).mg
            was = (mg, bool(lead["was_day"] or lead["of_day"]))
        way = "down" if lead["down"] else "up" if lead["up"] else "same" if verb and verb != "continue" else ""
        is_change = bool(lead["change"] or lead["start"])
        said = replace(said, is_change=is_change, changes=bool(lead["change"]), drugs=name, way=way, was=was)
    return replace(said, text=text.strip(" ,:"))


def _may_be_left_out() -> InputError:
    return unclear("Holding a dose can mean keeping it or leaving it out.", "Write stay at, and the dose.")


def _counted(said: Said, *, comma: bool) -> Said:
    supply, text = supply_in(said.text, comma=comma)
    return said if supply is None else replace(said, supply=supply, text=text)


def _totalled(said: Said, *, comma: bool) -> Said:
    """A bracket that says the total of the day taken off, once."""
    found = _TOTAL.search(said.text)
    if found is None or not (found["lead"] or found["trail"]):
        return said
    total = read_amount(f"{found['total']} {found['total_unit'] or ''}", comma=comma).mg
    text = f"{said.text[: found.start()]} {said.text[found.end() :]}"
    return replace(said, total=total, text=text.strip(" ,:"))


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
    if found["unit"][-1] in "sS" and not found["b"] and not is_open:
        raise left_over(found[0].strip())
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
