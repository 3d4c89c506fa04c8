"""Read a taper pasted from a clinic letter into days and doses, exactly, or name every place that cannot be read.

Clauses are cut (`letter_lines`), taken apart by a closed vocabulary (`letter_clauses`), and laid on the days here one
after another. What is filled in by convention is listed in `assumptions`; anything left over stops the reading.
"""

from __future__ import annotations

import re
from dataclasses import replace

from glidepath.checker.letter_clauses import take_apart
from glidepath.checker.letter_course import Course
from glidepath.checker.letter_days import laid_out
from glidepath.checker.letter_doses import named_drugs
from glidepath.checker.letter_faults import row_drugs, unreadable
from glidepath.checker.letter_lines import Clause, Cuts, cut
from glidepath.checker.letter_wording import Wording
from glidepath.checker.report import Unreadable
from glidepath.checker.written import Entry, WrittenTaper
from glidepath.errors import GlidepathError, InputError
from glidepath.facts.formulary import Formulary


def read_letter(
    text: str,
    formulary: Formulary,
    *,
    region: str = "US",
    comma: bool = False,
    drug: str | None = None,
    start: tuple[Entry, ...] = (),
    dates: str | None = None,
) -> tuple[WrittenTaper | None, tuple[Unreadable, ...]]:
    """The taper that a letter's words mean, or None with everything that could not be read. Never raises on any text.

    `drug` says which drug is meant where the text does not; `start` what is taken before day 1, one entry of the whole
    day for each drug: all of them count, and the text must say what becomes of each. `dates` is "dmy" or "mdy" for
    dates such as 04/01/2027; `comma` declares a decimal comma. Rows are lines of the text, from 1; row 0 is an option.
    """
    cuts = cut(text, formulary)
    try:
        formulary.region(region)
        if dates not in (None, "dmy", "mdy"):
            raise InputError(
                "OPTION_INVALID", "The order of dates is dmy or mdy.", field="dates", fix="Use dmy or mdy."
            )
        known = formulary.drug(drug).name if drug else None
        wording = Wording(formulary, region, comma, known)
        started = _started(start, cuts.clauses, wording)
        course = Course(wording, started)
    except GlidepathError as error:
        return None, (unreadable(error, None), *cuts.unreadable)
    for clause in cuts.clauses:
        try:
            said = take_apart(clause, order=dates, comma=comma)
        except GlidepathError as error:
            course.lose(clause, error)
        else:
            course.add(said)
    course.finish()
    bad = [*cuts.unreadable, *course.bad]
    if not bad and not course.claims:
        says = "The text holds no step of a schedule."
        bad.append(Unreadable(row=1, column="text", code="SIG_EMPTY", says=says, fix="Paste the doses and their days."))
    bad += _not_said_of(cuts, course, started) if not bad else []
    if bad:
        return None, tuple(sorted(bad, key=lambda each: (each.row, _place(each.column))))
    spans, twice = laid_out(course.claims)
    if not spans:
        says = "Every day is claimed by two steps, so it is not clear what is taken on any."
        fix = "Give each day one step."
        return None, (Unreadable(row=twice[0][2], column="text", code="SIG_UNREADABLE", says=says, fix=fix),)
    courtesies = tuple(f"not read, as courtesy: line {row}" for row in cuts.courtesies)
    taper = WrittenTaper(
        kind="letter",
        starts=course.days.day_one,
        spans=spans,
        before=course.before,
        covered_twice=twice,
        quantities=course.told.quantities(),
        assumptions=tuple(dict.fromkeys(course.notes)),
        understood=course.told.understood() + courtesies,
    )
    return taper, ()


def _place(column: str) -> int:
    found = re.search(r"[0-9]+", column)
    return int(found[0]) if found else 0


def _not_said_of(cuts: Cuts, course: Course, started: tuple[Entry, ...]) -> list[Unreadable]:
    """Drugs that a start dose or a subject line names and the schedule does not: they may be taken beside it."""
    laid = {entry.drug for claim in course.claims for entry in claim.entries}
    bad = [unreadable(row_drugs(entry.drug), None) for entry in started if entry.drug not in laid]
    says = "The subject names a drug that the schedule does not."
    fix = "Leave the line out, or write what is taken of that drug."
    for row in dict.fromkeys(row for row, drug in cuts.subjects if drug not in laid):
        bad.append(Unreadable(row=row, column="text", code="ROW_DRUGS", says=says, fix=fix))
    return bad


def _started(start: tuple[Entry, ...], clauses: tuple[Clause, ...], wording: Wording) -> tuple[Entry, ...]:
    """What is taken before day 1; a dose that names no drug is of the drug given, or of the only one in the text."""
    named = tuple(replace(entry, drug=entry.drug or _only_drug(clauses, wording)) for entry in start)
    if len({entry.drug for entry in named}) < len(named) or any(entry.time for entry in named):
        fix = "Give one dose of the whole day for each drug."
        raise InputError("OPTION_INVALID", "Two start doses are of one drug.", field="start", fix=fix)
    return named


def _only_drug(clauses: tuple[Clause, ...], wording: Wording) -> str:
    named = named_drugs(clauses, wording)
    if wording.drug is not None:
        return wording.drug
    if len(named) != 1:
        fix = "Give the drug of the start dose with --drug."
        raise InputError("DRUG_MISSING", "Nothing says which drug the start dose is of.", field="drug", fix=fix)
    return named[0]
