"""Lay the clauses of a letter on days, one after another, with what each needs from those before it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from glidepath.checker import letter_checks as checks
from glidepath.checker.letter_checks import total
from glidepath.checker.letter_clauses import Said
from glidepath.checker.letter_days import Days
from glidepath.checker.letter_doses import Dose, drugs_to_stop, named_drugs, read_dose, said_dose
from glidepath.checker.letter_faults import (
    MOST_PARTS,
    left_over,
    no_length,
    no_start,
    out_of_range,
    row_drugs,
    unclear,
    unreadable,
)
from glidepath.checker.letter_lines import Clause
from glidepath.checker.letter_release import one_release, release_before
from glidepath.checker.letter_rules import Rule, shown_mg, steps_of
from glidepath.checker.letter_seats import BEFORE, Seat, moved_to, times_of
from glidepath.checker.letter_supplies import made_up, not_said
from glidepath.checker.letter_told import Told
from glidepath.checker.letter_wording import Wording
from glidepath.checker.report import Unreadable
from glidepath.checker.written import Entry
from glidepath.errors import GlidepathError, InputError

_NOTHING = Fraction(0)
# What a clause may seem to lack only because one before it could not be read.
_FOLLOWS_FROM_LOSS = frozenset({"DRUG_MISSING", "START_DOSE_MISSING", "ROW_DRUGS"})
_STAND_IN = "diazepam"
_MOST_SHOWN = 12
AT_FIRST = "The first step is taken as what is taken now; give --start-dose if it is already a reduction."


class Course:
    """The days as far as they are laid. Filled clause by clause while one letter is read, then thrown away."""

    def __init__(self, wording: Wording, started: tuple[Entry, ...]) -> None:
        self.wording = wording
        self.bad: list[Unreadable] = []
        self.days = Days()
        self.claims, self.notes = self.days.claims, self.days.notes
        self.before = self._started = started
        self.told = Told(self.claims)
        self._taking: dict[str, tuple[Entry, ...]] = {entry.drug: (entry,) for entry in started}
        self._at_first: dict[str, Fraction] = {entry.drug: entry.dose for entry in started}
        self._last = (0, 0)  # the claims of the clause before
        self._waiting: Said | None = None  # a dose without a length: what is taken now, or held by the next clause
        self._heading: Said | None = None  # a label or date on a line of its own
        self._endless: Clause | None = None  # a rule without an end
        self._half_stopped: Clause | None = None  # one of several drugs was stopped; the next dose says the rest
        self._stopped: tuple[Entry, ...] = ()
        self._seats: dict[str, Seat] = {}  # why the drugs that are taken are taken at their times, where none are said
        self._of_day: frozenset[str] = frozenset()  # drugs whose dose was said to be the total of the day
        self._parts = 0  # steps by a part of the dose, so far
        self._is_before_stated = self._after_rule = self._after_dose = self._is_ended = self._is_lost = False

    def lose(self, clause: Clause, error: GlidepathError) -> None:
        """Note what could not be read; what follows is then read for its own faults only."""
        if not (self._is_lost and error.code in _FOLLOWS_FROM_LOSS):
            self.bad.append(unreadable(error, clause))
        try:
            named = named_drugs((clause,), self.wording)
        except GlidepathError:
            named = ()
        self._taking = {next(iter((*named, *self._taking)), self.wording.drug or _STAND_IN): ()}
        self._seats, self._of_day = {}, frozenset()
        self._is_lost = True
        self._waiting = self._heading = self._endless = self._half_stopped = None
        self._is_ended = False

    def add(self, said: Said) -> None:
        """Lay one clause on the days."""
        try:
            said = self._under_heading(said)
            if said.verb == "when":
                self._heading = said
                return
            if said.supply is not None and not said.supply.is_said and said.verb != "dose":
                raise not_said()
            if said.total is not None and said.verb != "dose":
                raise left_over(said.clause.text[:40])
            if said.verb != "supply":
                self._settle_what_is_open(said)
                begun = len(self.claims)
                lay = {"dose": self._dose, "hold": self._hold, "stop": self._stop, "rule": self._rule}
                lay[said.verb](said)
                self._after_rule, self._after_dose = said.verb == "rule", said.verb == "dose"
                self._last = (begun, len(self.claims))
            if said.supply is not None and said.supply.is_said and not self._is_lost:
                self.told.supply(said, self._last, self.wording)
        except GlidepathError as error:
            self.lose(said.clause, error)

    def finish(self) -> None:
        """Nothing may be left open at the end."""
        opened = next((claim.clause for claim in self.claims if claim.days is None), None)
        waiting = None if self._waiting is None else self._waiting.clause
        for clause in (waiting, opened, self._half_stopped):
            if clause is not None:
                self.lose(clause, no_length())
        if self._heading is not None:
            self.lose(self._heading.clause, left_over(self._heading.clause.text[:40]))
        self.notes += self.days.seat_notes()
        if self.claims and not self.before:
            self.notes.append(AT_FIRST)

    # what a clause leaves open ---------------------------------------------------------------------------------------

    def _under_heading(self, said: Said) -> Said:
        heading, self._heading = self._heading, None
        if heading is None or said.verb == "supply":
            if heading is not None:
                raise left_over(heading.clause.text[:40])
            return said
        if heading.dated is not None and said.dated is None and said.verb != "when":
            self.notes.append("A date on a line of its own was read as the first day of the step after it.")
        if said.label is not None and heading.dated is not None and said.dated is None:
            self.days.day_of(heading.dated[0])
            return said
        if said.verb == "when" or said.is_placed:
            self.lose(heading.clause, left_over(heading.clause.text[:40]))
            return said
        return replace(said, label=heading.label, dated=heading.dated)

    def _settle_what_is_open(self, said: Said) -> None:
        endless, self._endless = self._endless, None
        waiting, self._waiting = self._waiting, None
        if endless is not None and said.verb != "stop":
            fix = "Write to which dose, for example: reduce by 1 mg every week to 5 mg."
            self.lose(endless, unclear("Another step follows this rule, which has no end.", fix))
        elif self._is_ended and not said.is_placed and said.verb != "stop":
            raise unclear("A step follows the end of the schedule.", "Write the steps in the order of their days.")
        if waiting is not None:
            if not self.claims and not self._is_before_stated and checks.may_be_before(waiting, said, self.wording):
                self._take_as_before(waiting)
            elif not (self.claims and said.verb == "hold"):
                self.lose(waiting.clause, no_length())
        if self.claims and self.claims[-1].days is None and not said.is_placed:
            opened = self.claims[-1]
            self.claims[-1] = replace(opened, days=1)
            self.lose(opened.clause, no_length())

    def _take_as_before(self, waiting: Said) -> None:
        """What is taken is what is taken now, before day 1; it must agree with a start dose given as an option."""
        entries = [entry for own in self._taking.values() for entry in own]
        totals = {drug: total(own, drug) for drug, own in self._taking.items()}
        if any(totals.get(entry.drug) != entry.dose for entry in self._started):
            fix = "Leave the option out, or correct the text."
            says = f"Line {waiting.clause.row}, {waiting.clause.column}, and the option for the start dose differ."
            self.lose(waiting.clause, InputError("OPTION_INVALID", says, field="start", fix=fix))
            return
        self.before = tuple(
            Entry(drug=drug, time="", dose=dose, release=one_release(self._taking[drug]))
            for drug, dose in totals.items()
        )
        self.notes += [seat.note(entries, drug) for drug, seat in self._seats.items()]
        self._at_first |= totals
        self._is_before_stated = True
        if not waiting.is_current:
            self.notes.append("A dose without a length at the beginning was read as what is taken before day 1.")
        self.told.say(0, 0, f"before day 1: {said_dose(tuple(entries))}")

    def _lay(self, said: Said, first: int, days: int | None, entries: tuple[Entry, ...]) -> None:
        drugs = {entry.drug for entry in entries}
        for drug in drugs:
            self._at_first.setdefault(drug, total(entries, drug))
        stopped = tuple(entry for entry in self._stopped if entry.drug not in drugs)
        self._stopped, self._half_stopped = (), None
        seats = {d: seat for d, seat in self._seats.items() if d in drugs and "" not in times_of(entries, d)}
        self.days.lay(
            said.clause, first, days, entries + stopped, {d: s for d, s in seats.items() if total(entries, d)}
        )

    # one verb each ---------------------------------------------------------------------------------------------------

    def _dose(self, said: Said) -> None:
        if said.changes and not self._is_lost and not any(e.dose for own in self._taking.values() for e in own):
            raise no_start()
        dose = read_dose(said.text, self.wording, self._taking, switches=said.replaces)
        if said.supply is not None and not said.supply.is_said:
            dose = replace(dose, entries=made_up(said.supply, dose.entries, self.wording))
        if not self._is_lost:
            checks.in_order(said, is_first=not self.claims)
            checks.agree(said, dose, self._taking, self.wording)
            after_before = self._is_before_stated and not self.claims
            checks.at_once(said, dose, self._taking, after_dose=self._after_dose, after_before=after_before)
            dose = self._seated(dose)
            self.notes += checks.partly(said, dose, self._taking)
            gone = checks.gone(said, dose, self._taking)
            self._stopped += tuple(Entry(drug=drug, time="", dose=_NOTHING) for drug in gone)
            self.notes += [f"Switching was read as stopping {d.replace('_', ' ')} on the same day." for d in gone]
        self._taking = {drug: tuple(entry for entry in dose.entries if entry.drug == drug) for drug in dose.drugs}
        self._seats = dict(dose.seats)
        self._of_day = frozenset(dose.drugs) if dose.is_of_day or said.total is not None else frozenset()
        self._is_lost = self._is_lost and not self.wording.drugs_in(said.text)
        self.notes += dose.notes
        if said.is_current and (said.is_placed or said.days is not None or self.claims or self._is_before_stated):
            raise unclear("What is taken now stands at the beginning, without days.", "Begin with what is taken now.")
        if said.days is None and not said.is_placed:
            self._waiting = said
            return
        first, days, _ = self.days.place(said)
        begun = len(self.claims)
        self._lay(said, first, days, dose.entries)
        self._is_ended = False
        self.told.say(begun, begun + 1, "", shows=True)

    def _seated(self, dose: Dose) -> Dose:
        """Times placed by convention, of this dose or of those before, moved to the times that the other one says."""
        for drug in dose.drugs:
            times, before = times_of(dose.entries, drug), times_of(self._taking.get(drug, ()), drug)
            if drug not in dose.seats:
                self.days.move_seats(drug, times)
                if drug in self._seats and len(before) >= len(times):
                    own = self._taking[drug]
                    self._taking[drug] = moved_to(own, drug, times) or own
            elif len(before) >= len(times) and (moved := moved_to(dose.entries, drug, before)):
                seats = {**dose.seats, drug: replace(dose.seats[drug], why=BEFORE)}
                dose = replace(dose, entries=moved, seats=seats)
        return dose

    def _hold(self, said: Said) -> None:
        entries = tuple(entry for own in self._taking.values() for entry in own)
        if not entries and not self._is_lost:
            raise no_start()
        first, days, is_placed = self.days.place(said)
        if days is None and not is_placed:
            raise no_length()
        self.notes.append("Holding was read as keeping the dose as it is, not as leaving doses out.")
        self._lay(said, first, days, entries)
        self.told.say(len(self.claims) - 1, len(self.claims), "no change, ", shows=True)

    def _stop(self, said: Said) -> None:
        drugs = drugs_to_stop(said.drugs, self.wording) or tuple(self._taking)
        if not drugs:
            raise no_start()
        if not set(drugs) <= set(self._taking) and not self._is_lost:
            raise unclear("A drug is stopped that was not taken.", "Stop only drugs that are taken before.")
        nothing = tuple(Entry(drug=drug, time="", dose=_NOTHING) for drug in drugs)
        if set(drugs) < set(self._taking):
            if said.is_placed or said.days is not None:
                raise row_drugs()
            self._taking = {drug: own for drug, own in self._taking.items() if drug not in drugs}
            self._stopped += nothing
            self._half_stopped = said.clause
            self.told.say(0, 0, f"from here on: {said_dose(nothing)}")
            return
        self._taking = {entry.drug: (entry,) for entry in nothing}
        if self._is_ended and not said.is_placed and said.days is None:
            self.told.say(0, 0, "then nothing")
            return
        first, days, _ = self.days.place(said)
        begun = len(self.claims)
        self._lay(said, first, days or 1, nothing)
        self._is_ended = days is None
        self.told.say(begun, begun + 1, said_dose(nothing))

    def _rule(self, said: Said) -> None:
        rule = said.rule
        if rule is None:
            raise TypeError("a rule clause has its rule")
        if self._is_lost:
            self._after_rule = True
            return
        if rule.verbless and not self._after_rule:
            raise left_over(said.clause.text[:40])
        drug, now = self._changed_drug(rule)
        checks.whole_day(rule, self._taking[drug], is_of_day=drug in self._of_day)
        release = release_before(drug, self._taking)
        first, days, _ = self.days.place(said)
        if days is not None and days % rule.every:
            says = "The length of the rule is not a whole number of its steps."
            raise out_of_range(says, "Check the interval and the length.")
        most = None if days is None else days // rule.every
        doses, notes = steps_of(rule, now, self._at_first.get(drug, now), most, MOST_PARTS - self._parts)
        self._parts += len(doses) if rule.is_part else 0
        times = {entry.time for entry in self._taking[drug]}
        if len(times) > 1:
            notes.insert(0, "A change by an amount was read as a change of the whole day's dose.")
        if rule.verbless:
            notes.append("An amount after a rule, with an interval and no verb, was read as a further reduction.")
        begun = len(self.claims)
        for dose in doses:
            time = next(iter(times)) if dose and len(times) == 1 else ""
            entry = Entry(drug=drug, time=time, dose=dose, release=release if dose else "")
            self._lay(said, first, rule.every if dose else 1, (entry,))
            first = self.days.next_day
            self._taking = {drug: (entry,)}
        self.notes += notes
        self._is_ended = not doses[-1]
        self._endless = said.clause if rule.end is None and days is None else None
        shown = ", ".join(shown_mg(dose) for dose in doses[:_MOST_SHOWN]) + (", ..." if doses[_MOST_SHOWN:] else "")
        way = "raised" if rule.rises else "reduced"
        text = f"{drug.replace('_', ' ')} {way} every {rule.every} days: {shown}"
        self.told.say(begun, len(self.claims), text)

    def _changed_drug(self, rule: Rule) -> tuple[str, Fraction]:
        """The one drug that a rule changes and its dose now."""
        drug = None if rule.drug is None else self.wording.formulary.drug(rule.drug).name
        if not self._taking:
            raise no_start()
        if len(self._taking) > 1 or drug not in (None, *self._taking):
            raise row_drugs()
        drug = next(iter(self._taking))
        now = total(self._taking[drug], drug)
        if not now:
            raise no_start()
        return drug, now
