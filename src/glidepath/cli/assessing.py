"""`glidepath assess`: should this person taper, how fast, where, and with what watching."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from glidepath.patient.case import Case

_MOST_BYTES = 2**20


@click.command("assess")
@click.argument("case", required=False, type=click.Path(path_type=Path))
@click.option("--template", "template", is_flag=True, help="Print a commented case to fill in.")
@click.option("--format", "form", help="text or json to standard output.")
@click.option("--ask/--no-ask", "ask", default=None, help="Ask for what is missing (default: in a terminal).")
@click.option(
    "--save", "save", type=click.Path(path_type=Path), help="Where to keep the case with every answer as it is given."
)
@click.option("--force", "force", is_flag=True, help="Overwrite the file that --save names.")
@click.option("--today", "today", help="The date to take as today.")
def assess(
    case: Path | None,
    template: bool,
    form: str | None,
    ask: bool | None,
    save: Path | None,
    force: bool,
    today: str | None,
) -> None:
    """Assess a case: level of care, what applies with its source, what cannot be told, and what follows for a plan.

    CASE is a YAML or JSON file without a name in it. It decides nothing; unknown is never no. Where nothing may be
    planned for a person the assessment is shown and the command ends with 4.
    """
    from glidepath.casework.assess import assess as assess_case
    from glidepath.casework.assess import document_of, refuse_if_asked
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
    is_asking = ask or (ask is None and sys.stdin.isatty() and sys.stdout.isatty())
    if save is not None and not is_asking:
        raise click.UsageError("--save keeps what is answered: it needs a terminal, or --ask")
    told = case_of(read_input(case, _MOST_BYTES), clock)
    if is_asking:
        from glidepath.cli.interview import interview

        told = interview(told, clock, _keeping(save, force=force))
    done = assess_case(told, today=clock)
    if form == "json":
        click.echo(json.dumps(document_of(done), indent=1, ensure_ascii=False))
        refuse_if_asked(done.assessment)
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
    refuse_if_asked(done.assessment)


def _keeping(save: Path | None, *, force: bool) -> Callable[[Case], None]:
    """Writes the case to a file each time; the first time a file that is there is kept, unless `force`."""
    from glidepath.casework.assess import plain_values
    from glidepath.cli.files import write_one

    may_overwrite = force

    def keep(case: Case) -> None:
        nonlocal may_overwrite
        if save is None:
            return
        text = json.dumps({"format": "glidepath-case", **plain_values(case)}, indent=1, ensure_ascii=False)
        write_one(save, (text + "\n").encode(), force=may_overwrite)
        may_overwrite = True

    return keep
