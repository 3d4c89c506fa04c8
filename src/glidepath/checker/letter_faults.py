"""What is wrong with a clause of a letter: the errors that only a letter has, and how an error is shown with its place.

A message quotes at most a few offending words, and none that begins with a capital letter: it could be a name.
"""

from __future__ import annotations

import re

from glidepath.checker.letter_lines import LONGEST_CLAUSE, Clause
from glidepath.checker.letter_words import refusals
from glidepath.checker.report import Unreadable
from glidepath.errors import GlidepathError, InputError

MOST_STEPS = 2000
MOST_PARTS = 200
MOST_DAYS = 3660
_EXPLAINED = frozenset(
    {
        "SIG_UNREADABLE",
        "UNIT_MISSING",
        "DURATION_MISSING",
        "TIMES_MISSING",
        "TIMES_UNSUPPORTED",
        "DRUG_UNKNOWN",
        "NUM_FORMAT",
    }
)


def unreadable(error: GlidepathError, clause: Clause | None) -> Unreadable:
    """An error with its place; without a clause it is of an option, row 0."""
    if clause is None:
        return Unreadable(row=0, column=error.field or "option", code=error.code, says=error.message, fix=error.fix)
    is_clear = error.field == "letter" and error.code == "SIG_UNREADABLE" and not error.details
    if error.code in _EXPLAINED and not is_clear and len(clause.text) <= LONGEST_CLAUSE:
        error = next(refusals(clause.text), error)
    found = [re.sub(r"^(?:for |after )?'(.*)' at character [0-9]+$", r"\1", each) for each in error.details[:2]]
    words = [word[:40] for word in found if word and not word[0].isupper() and word.lower() in clause.text.lower()]
    quoted = f" The words: {', '.join(map(repr, words))}." if words else ""
    return Unreadable(row=clause.row, column=clause.column, code=error.code, says=error.message + quoted, fix=error.fix)


def left_over(words: str) -> InputError:
    """Words of a clause that are not in the vocabulary."""
    fix = "Write the dose, its times and for how long, for example: 8 mg at night for 2 weeks."
    return unclear("Words of this clause are not read here.", fix, details=(words[:40],))


def unclear(says: str, fix: str, *, details: tuple[str, ...] = ()) -> InputError:
    """Wording with no one meaning."""
    return InputError("SIG_UNREADABLE", says, field="letter", fix=fix, details=details)


def row_drugs(*missing: str) -> InputError:
    """The dose of one drug is given and nothing is said of the other, `missing`."""
    says = "More than one drug is taken and this clause does not say what is taken of each."
    if missing:
        says += f" It says nothing of {' and '.join(name.replace('_', ' ') for name in missing)}."
    return InputError(
        "ROW_DRUGS",
        says,
        field="drug",
        fix="Write the dose of every drug that is still taken, or write stop and the drug's name.",
    )


def times_missing(says: str) -> InputError:
    """An amount that could be of each time of day or of the whole day."""
    fix = "Write the times, or write a day after the amount."
    return InputError("TIMES_MISSING", says, field="times", fix=fix)


def no_length() -> InputError:
    """A dose without days."""
    return InputError(
        "DURATION_MISSING",
        "This dose does not say for how long it is taken.",
        field="letter",
        fix="Write for how many days or weeks, for example: for 2 weeks.",
    )


def no_start() -> InputError:
    """A change of a dose that is not known."""
    return InputError(
        "START_DOSE_MISSING",
        "Nothing says what is taken at the start.",
        field="start",
        fix="Begin with what is taken now, or give it with --start-dose.",
    )


def out_of_range(says: str, fix: str) -> InputError:
    """A step, an end or a length that cannot be."""
    return InputError("NUM_RANGE", says, field="letter", fix=fix)


def too_long() -> InputError:
    """A schedule of more days or steps than are read."""
    says = f"The schedule has more than {MOST_DAYS} days or a rule of more than {MOST_STEPS} steps."
    return out_of_range(says, "Check the steps and the lengths.")


def bad_date(says: str) -> InputError:
    """Dates that contradict one another."""
    return InputError("DATE_INVALID", says, field="date", fix="Write the steps in the order of their days.")
