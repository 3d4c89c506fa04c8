"""Asking for what a case does not say: each answer is held against the others as soon as it is given, and kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import click

from glidepath.casework.assess import line_of, plain_values
from glidepath.errors import GlidepathError
from glidepath.facts.formulary import load_formulary
from glidepath.patient.case import FIELDS, Case, Field
from glidepath.patient.case_reading import read_case


def interview(case: Case, today: date, keep: Callable[[Case], None]) -> Case:
    """Ask for every field that is not there; an empty answer leaves it not asked, the end of the input all the rest.

    What cannot be read, or cannot be true beside what was said before, is told and asked again. `keep` is given the
    case at the beginning and after every answer. Raises what is wrong with a line that the case already has.
    """
    _check_line(case)
    keep(case)
    for field in FIELDS:
        if field.name in case.values:
            continue
        try:
            answered = _ask(case, field, today)
        except click.Abort:
            click.echo("\nThe rest was not asked.")
            return case
        if answered is not None:
            case = answered
            keep(case)
    return case


def _ask(case: Case, field: Field, today: date) -> Case | None:
    """The case with the answer, or None where it was left empty."""
    while said := click.prompt(_question(field), default="", show_default=False).strip():
        if field.kind == "answer" or said.casefold() in (*field.answers, "unknown"):
            said = said.casefold()
        try:
            answered = read_case({**plain_values(case), field.name: said}, today)
            if field.kind == "line":
                _check_line(answered)
        except GlidepathError as error:
            click.echo(" ".join((error.message, *error.details, error.fix or "", "(Leave it empty to go on.)")))
            continue
        return answered
    return None


def _check_line(case: Case) -> None:
    line = case.value("line")
    if isinstance(line, str):
        line_of(line, case.region, load_formulary())


def _question(field: Field) -> str:
    words = f" [{'/'.join(field.answers)}/unknown]" if field.answers else " [or unknown]"
    return f"{field.asks}{words}"
