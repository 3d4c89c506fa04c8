"""`glidepath assess`: should this person taper, how fast, where, and with what watching."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from glidepath.errors import GlidepathError
from glidepath.patient.case import FIELDS, Case, Field

_MOST_BYTES = 2**20


@click.command("assess")
@click.argument("case", required=False, type=click.Path(path_type=Path))
@click.option("--template", "template", is_flag=True, help="Print a commented case to fill in.")
@click.option("--format", "form", help="text or json to standard output.")
@click.option("--ask/--no-ask", "ask", default=None, help="Ask for what is missing (default: in a terminal).")
@click.option("--save", "save", type=click.Path(path_type=Path), help="Where to write the case with what was answered.")
@click.option("--today", "today", help="The date to take as today.")
def assess(
    case: Path | None, template: bool, form: str | None, ask: bool | None, save: Path | None, today: str | None
) -> None:
    """Assess a case: level of care, what applies with its source, what cannot be told, and what follows for a plan.

    CASE is a YAML or JSON file without a name in it. It decides nothing; unknown is never no.
    """
    from glidepath.casework.assess import assess as assess_case
    from glidepath.casework.case_file import case_of
    from glidepath.casework.case_file import template as case_template
    from glidepath.casework.request import read_date
    from glidepath.cli.files import read_input

    if template:
        click.echo(case_template(), nl=False)
        return
    if case is None:
        raise click.UsageError("give a CASE file, or --template")
    if form not in (None, "text", "json"):
        raise click.UsageError("--format is one of text, json")
    clock = date.today() if today is None else read_date(today, field="today")  # noqa: DTZ011
    told = case_of(read_input(case, _MOST_BYTES), clock)
    if ask or (ask is None and sys.stdin.isatty() and sys.stdout.isatty()):
        told = interview(told, clock)
        if save is not None:
            from glidepath.casework.assess import plain_values
            from glidepath.cli.files import write_one

            text = json.dumps({"format": "glidepath-case", **plain_values(told)}, indent=1, ensure_ascii=False)
            write_one(save, (text + "\n").encode(), force=False)
    done = assess_case(told, today=clock)
    from glidepath.render.assessment_document import assessment_document

    if form == "json":
        document = assessment_document(
            done.case,
            done.reading,
            done.assessment,
            done.pace,
            done.falls_first,
            answers=dict(done.answers),
            today=done.today,
            facts=(done.facts_version, done.facts_digest),
            engine_version=done.engine_version,
        )
        click.echo(json.dumps(document, indent=1, ensure_ascii=False))
        return
    from glidepath.render.assessment_terminal import print_assessment

    print_assessment(
        done.case,
        done.reading,
        done.assessment,
        done.pace,
        done.falls_first,
        done.emergency,
        plain=form == "text",
    )
    from glidepath.facts.formulary import load_formulary

    if done.case.region not in load_formulary().regions:
        click.echo(
            f"\nThe products of region {done.case.region} are not loaded: nothing can be planned there, and "
            "the highest doses are those of other regions."
        )


def interview(case: Case, today: date) -> Case:
    """Ask for every field that is not there; an empty answer leaves it not asked."""
    from glidepath.casework.assess import plain_values
    from glidepath.patient.case_reading import read_case

    values = dict(case.values)
    for field in FIELDS:
        if field.name in values:
            continue
        while True:
            said = click.prompt(_question(field), default="", show_default=False).strip()
            if not said:
                break
            try:
                answered = read_case({"region": case.region, field.name: said}, today)
            except GlidepathError as error:
                click.echo(f"{error.message} {error.fix or ''}")
                continue
            values |= answered.values
            break
    return read_case(plain_values(replace(case, values=values)), today)


def _question(field: Field) -> str:
    words = f" [{'/'.join(field.answers)}/unknown]" if field.answers else " [or unknown]"
    return f"{field.asks}{words}"
