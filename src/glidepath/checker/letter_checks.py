"""Whether the words of a dose agree with one another and with the dose before; where they do not, it is unreadable."""

from __future__ import annotations

import re
from fractions import Fraction

from glidepath.checker.letter_clauses import Said
from glidepath.checker.letter_doses import Dose, Taking
from glidepath.checker.letter_faults import left_over, row_drugs, times_missing, unclear
from glidepath.checker.letter_rules import Rule
from glidepath.checker.letter_seats import times_of
from glidepath.checker.letter_wording import Wording
from glidepath.checker.letter_words import FLAGS
from glidepath.checker.written import Entry

_PART_OF_DAY = re.compile(
    r"\b(?:am|pm|morning|noon|midday|lunch(?:time)?|afternoon|evening|night(?:-?\s?time)?|bedtime)\s+dose\b", FLAGS
)
_FIRST = re.compile(r"\bfor\s+the\s+first\b", FLAGS)
PARTLY = "A time of day that a step does not name was read as without a dose."
_NOTHING = Fraction(0)


def total(entries: tuple[Entry, ...], drug: str) -> Fraction:
    """Mg of one drug in a day."""
    return sum((entry.dose for entry in entries if entry.drug == drug), _NOTHING)


def agree(said: Said, dose: Dose, taking: Taking, wording: Wording) -> None:
    """Raise where the words of a dose contradict its amount, or the dose before it."""
    if said.drugs and not wording.drugs_in(said.drugs):
        wording.formulary.drug(said.drugs)
    now = {drug: total(dose.entries, drug) for drug in dose.drugs}
    if said.total is not None and (len(now) != 1 or said.total not in now.values()):
        raise unclear("The bracket gives another total than the doses of the day.", "Correct the one or the other.")
    was = {drug: total(own, drug) for drug, own in taking.items()}
    if said.was is not None:
        _changes_from(said.was, dose, taking)
    pairs = [(was.get(drug, _NOTHING), mg) for drug, mg in now.items()]
    if not any(was.values()):
        return
    if said.way == "up" and not (any(b > a for a, b in pairs) and all(b >= a for a, b in pairs)):
        raise unclear("The words say that the dose rises, and it does not.", "Check this dose and the one before.")
    if said.way == "down" and all(a == b for a, b in pairs):
        raise unclear("The words say that the dose falls, and it does not.", "Check this dose and the one before.")
    if said.way == "same" and any(a != b for a, b in pairs):
        raise unclear("The words say that the dose stays, and it does not.", "Check this dose and the one before.")


def _changes_from(said: tuple[Fraction, bool], dose: Dose, taking: Taking) -> None:
    mg, is_of_day = said
    own = taking.get(dose.drugs[0], ()) if len(dose.drugs) == 1 else ()
    taken = [entry for entry in own if entry.dose]
    if not taken or (len(taken) > 1 and not is_of_day) or sum((e.dose for e in taken), _NOTHING) != mg:
        says = "The dose that it is changed from is not the one that is taken."
        raise unclear(says, "Check the dose before, or leave out from which dose it is changed.")


def at_once(said: Said, dose: Dose, taking: Taking, *, after_dose: bool, after_before: bool) -> None:
    """Refuse two steps at different times of day that may be one day's doses: no word says that one follows."""
    is_parted = said.clause.after == "then" and not after_before
    if is_parted or said.is_change or said.is_placed or not after_dose:
        return
    before = {entry.time for own in taking.values() for entry in own if entry.dose}
    now = {entry.time for entry in dose.entries}
    if before and not before & now and "" not in before | now:
        says = "This step has other times than the one before, so it may be taken with it or after it."
        raise unclear(says, "Write reduce to before the new dose, or write all doses of a day together.")


def may_be_before(waiting: Said, said: Said, wording: Wording) -> bool:
    """Whether a first dose without a length is what is taken now, rather than half of a line that was broken."""
    if waiting.is_change:
        return False
    if said.verb != "dose" or said.is_placed or said.is_change:
        return True
    is_apart = said.clause.after != "line" or bool(wording.drugs_in(said.text))
    return waiting.is_current and is_apart


def partly(said: Said, dose: Dose, taking: Taking) -> tuple[str, ...]:
    """What is assumed where fewer times of day are named than before; refused where only one dose of them is meant."""
    for drug in dose.drugs:
        before, now = times_of(taking.get(drug, ()), drug), times_of(dose.entries, drug)
        if "" in before or "" in now or set(before) <= set(now):
            continue
        if _PART_OF_DAY.search(said.clause.text):
            says = "The dose of one time of day is given, and nothing says what is taken at the others."
            raise unclear(says, "Write the doses of every time of day.")
        return (PARTLY,)
    return ()


def in_order(said: Said, *, is_first: bool) -> None:
    """Refuse "for the first week" after another step: it may be a part of that one."""
    if not is_first and not said.is_placed and (found := _FIRST.search(said.clause.text)):
        raise left_over(found[0])


def gone(said: Said, dose: Dose, taking: Taking) -> tuple[str, ...]:
    """The drugs that were taken and are not named. Raises ROW_DRUGS unless another takes their place."""
    left = tuple(drug for drug, own in taking.items() if drug not in dose.drugs and any(entry.dose for entry in own))
    if left and (not said.replaces or any(total(taking.get(drug, ()), drug) for drug in dose.drugs)):
        raise row_drugs(*left)
    return left


def whole_day(rule: Rule, own: tuple[Entry, ...], *, is_of_day: bool) -> None:
    """Refuse a change by an amount where several doses are taken and nothing says that it is of the day."""
    times = {entry.time for entry in own if entry.dose}
    if len(times) < 2 or rule.of_day or is_of_day or (rule.is_part and not rule.end):
        return
    says = "Several doses a day are taken, so this amount could be of each dose or of the whole day."
    raise times_missing(says)
