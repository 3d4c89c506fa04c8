"""Read a taper pasted from a clinic letter into days and doses, exactly, or name every place that cannot be read.

Clauses are cut (`letter_lines`), taken apart by a closed vocabulary (`letter_clauses`), and laid on the days here one
after another. What is filled in by convention is listed in `assumptions`; anything left over stops the reading.
"""

from __future__ import annotations

import re

from glidepath.checker.letter_clauses import take_apart
from glidepath.checker.letter_course import Course
from glidepath.checker.letter_days import laid_out
from glidepath.checker.letter_doses import Wording, named_drugs
from glidepath.checker.letter_faults import unreadable
from glidepath.checker.letter_lines import Clause, cut
from glidepath.checker.report import Unreadable
from glidepath.checker.written import Entry, WrittenTaper
from glidepath.errors import GlidepathError, InputError
from glidepath.facts.formulary import Formulary
from glidepath.quantity import Amount


def read_letter(
    text: str,
    formulary: Formulary,
    *,
    region: str = "US",
    comma: bool = False,
    drug: str | None = None,
    start: Amount | None = None,
    dates: str | None = None,
) -> tuple[WrittenTaper | None, tuple[Unreadable, ...]]:
    """The taper that a letter's words mean, or None with everything that could not be read. Never raises on any text.

    `drug` and `start` say what is taken now where the text does not; `dates` is "dmy" or "mdy" for dates such as
    04/01/2027; `comma` declares a decimal comma. Rows are lines of the text, from 1; row 0 is an option.
    """
    cuts = cut(text, formulary)
    try:
        formulary.region(region)
        if dates not in (None, "dmy", "mdy"):
            raise InputError(
                "OPTION_INVALID", "The order of dates is dmy or mdy.", field="dates", fix="Use dmy or mdy."
            )
        known = None if drug is None else formulary.drug(drug).name
        wording = Wording(formulary, region, comma, known)
        course = Course(wording, _started(start, cuts.clauses, wording))
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
        quantities=course.quantities(),
        assumptions=tuple(dict.fromkeys(course.notes)),
        understood=course.understood() + courtesies,
    )
    return taper, ()


def _place(column: str) -> int:
    found = re.search(r"[0-9]+", column)
    return int(found[0]) if found else 0


def _started(start: Amount | None, clauses: tuple[Clause, ...], wording: Wording) -> tuple[Entry, ...]:
    """What `start` says, of the drug given or of the only one that the text names."""
    if start is None:
        return ()
    drug = wording.drug
    if drug is None:
        named = named_drugs(clauses, wording)
        if len(named) != 1:
            fix = "Give the drug of the start dose with --drug."
            raise InputError("DRUG_MISSING", "Nothing says which drug the start dose is of.", field="drug", fix=fix)
        drug = named[0]
    return (Entry(drug=drug, time="", dose=start.mg),)
