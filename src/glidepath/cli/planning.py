"""`glidepath plan`: one line or a batch of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from glidepath.errors import GlidepathError, InputError, RefusedError
from glidepath.patient.person import ASKS, QUESTIONS

if TYPE_CHECKING:
    from glidepath.facts.formulary import Formulary
    from glidepath.taper.proposal import Proposal


def _questions(command: Callable[..., None]) -> Callable[..., None]:
    """One yes/no/unknown option for each question about the person, in the order they are asked."""
    for question in reversed(QUESTIONS):
        command = click.option(
            f"--{question.replace('_', '-')}",
            question,
            default="unknown",
            show_default=True,
            help=f"{ASKS[question]} yes, no or unknown; unknown is never no.",
        )(command)
    return command


@click.command("plan")
@click.argument("sig", required=False)
@click.option("--region", "region", default="US", show_default=True, help="US, UK, CA, AU, NL or DE: whose products.")
@click.option("--start", "start", help="First day, YYYY-MM-DD (default: next Monday).")
@click.option("--since", "since", help="Taken since, YYYY-MM or YYYY.")
@click.option("--age", "age", help="Age in years; under 18 is refused.")
@_questions
@click.option(
    "--profile",
    "profile",
    default="asam-2025",
    show_default=True,
    help="asam-2025, slow, cks or maudsley-proportional.",
)
@click.option("--percent", "--reduce", "percent", help="Own pace: percent of the dose.")
@click.option("--every", "every", help="Own pace: interval, for example 21d.")
@click.option(
    "--rhythm", "rhythm", default="weeks", show_default=True, help="weeks or days: what holds are rounded up to."
)
@click.option("--max-hold", "max_hold", help="Longest hold after a large fall, for example 84d.")
@click.option("--settle", "settle", help="Days on the recorded dose first (default 7d).")
@click.option("--taper", "taper", help="Which of two drugs on the line to taper.")
@click.option("--product", "product", multiple=True, help="The product taken, or a compounded product to plan with.")
@click.option(
    "--splits", "--allow-half", "splits", multiple=True, help="A product a pharmacist confirms may be halved."
)
@click.option("--have", "have", multiple=True, help='Stock at home, "clonazepam 1 mg tablet=60".')
@click.option("--keep", "keep", help="Time of day that falls last: morning, noon, evening, night.")
@click.option("--from", "first", help="Time of day that falls first.")
@click.option("--last-dose", "last_dose", help="A higher last dose, with --reason.")
@click.option("--maintain", "maintain", help="Reduce only, to this daily dose.")
@click.option("--reason", "reason", help="The prescriber's reason: for --last-dose, or against the assessment.")
@click.option("--reason-by", "reason_by", help='"Name, role, registration" of the prescriber whose reason it is.')
@click.option("--specialist", "specialist", help='"Name, role, registration" of a specialist who agrees, with --case.')
@click.option("--specialist-reason", "specialist_reason", help="Why it is right to go on.")
@click.option("--switch", "switch", help="Staged switch to a longer-acting drug; needs --table.")
@click.option("--table", "table", help="The equivalence table of the switch.")
@click.option("--switch-every", "switch_every", help="Days per time of day in a switch, 7d to 14d.")
@click.option("--fill", "fill", help="Days per pharmacy fill (default 28d).")
@click.option("--max-pieces", "max_pieces", help="Most units per intake.")
@click.option("--max-strengths", "max_strengths", help="Most strengths on one day.")
@click.option(
    "--decimal", "decimal", default="point", show_default=True, help="point, or comma when 1,5 means one and a half."
)
@click.option("--out", "out", type=click.Path(path_type=Path), help="Folder for the document, tables, PDF and figure.")
@click.option("--force", "force", is_flag=True, help="Overwrite files of an earlier plan.")
@click.option("--paper/--no-paper", "paper", default=True, help="Make the PDF and the figure too.")
@click.option("--format", "form", help="json, days, steps or text to standard output.")
@click.option("--batch", "batch", type=click.Path(path_type=Path), help="A file with one JSON object per line.")
@click.option(
    "--jobs", "jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Worker processes of a batch."
)
@click.option(
    "--case", "case", type=click.Path(path_type=Path), help="A case file: its assessment replaces the short questions."
)
@click.option(
    "--drive/--no-drive", "drive", default=None, help="Simulate each route too (default: in a terminal only)."
)
@click.option("--stop-now", "stop_now", is_flag=True, hidden=True)
@click.option("--today", "today", help="The date to take as today, for runs that can be repeated.")
def plan(
    sig: str | None,
    out: Path | None,
    force: bool,
    paper: bool,
    form: str | None,
    batch: Path | None,
    jobs: int,
    case: Path | None,
    drive: bool | None,
    stop_now: bool,
    today: str | None,
    **said: str | tuple[str, ...] | None,
) -> None:
    """Plan a reduction from one line: options side by side, each proven; nothing is signed."""
    options: dict[str, Any] = {name: value for name, value in said.items() if value not in (None, ())}
    clock = _today(today)
    if case is not None:
        if click.get_current_context().get_parameter_source("region") is ParameterSource.DEFAULT:
            options.pop("region")  # the default of the command; the case has its own
        options = _with_case(options, case, clock)
    if stop_now:
        _refuse_abrupt_stop(options["case"]["region"] if case is not None else options["region"])
    if form not in (None, "json", "days", "steps", "text"):
        raise click.UsageError("--format is one of json, days, steps, text")
    if batch is not None:
        from glidepath.cli.batch import run_batch

        if sig is not None or out is None:
            raise click.UsageError("--batch takes its lines from the file and needs --out")
        run_batch(batch, out, options, clock, jobs=jobs, force=force)
        return
    if sig is None and case is None:
        raise InputError("SIG_EMPTY", "There is no line to read.", field="sig", fix="Give the line as it is taken.")
    asked = {**({} if sig is None else {"sig": sig}), **options}
    _plan_one(asked, clock, out, force=force, paper=paper, form=form, drive=drive)


def _with_case(options: dict[str, Any], place: Path, today: date) -> dict[str, Any]:
    """The options with the case; whatever the case does not say stays to be asked."""
    from glidepath.casework.assess import plain_values
    from glidepath.casework.case_file import case_of
    from glidepath.cli.files import read_input

    told = case_of(read_input(place, 2**20), today)
    return {**options, "case": plain_values(told)}


def _plan_one(
    options: dict[str, Any],
    today: date,
    out: Path | None,
    *,
    force: bool,
    paper: bool,
    form: str | None,
    drive: bool | None,
) -> None:
    from glidepath.casework.outputs import plan_files, stdout_text
    from glidepath.casework.plan import propose
    from glidepath.casework.request import PlanRequest
    from glidepath.cli.files import write_all
    from glidepath.facts.formulary import load_formulary

    formulary = load_formulary()
    proposal = propose(PlanRequest.of(options, today=today), formulary)
    if out is not None:
        write_all(out, plan_files(proposal, paper=paper), force=force)
    if form in ("json", "days", "steps"):
        click.echo(stdout_text(proposal, form), nl=False)
        return
    from glidepath.render.terminal import print_proposal

    print_proposal(proposal, plain=form == "text")
    if drive if drive is not None else form is None and sys.stdout.isatty():
        _show_drive(proposal, formulary, plain=form == "text")
    if out is not None:
        click.echo("\nWritten:")
        if paper:
            click.echo(f"  to read and discuss   {out / 'plan.pdf'}, {out / 'plan.svg'}")
        click.echo(
            f"  the tables            {out / 'days.csv'}, {out / 'steps.csv'}, and each route in {out / 'options'}"
        )
        click.echo(f"  the document to sign  {out / 'plan.json'}")
    elif form is None:
        click.echo("\nAdd --out DIR for the document, the tables, the PDF and the figure.")


def _show_drive(proposal: Proposal, formulary: Formulary, *, plain: bool) -> None:
    """Drive beside the routes; where it cannot be simulated, the plan stands and it says why there are no curves."""
    from glidepath.casework.simulate import drives_of
    from glidepath.render.forecast_terminal import print_drives

    try:
        print_drives(drives_of(proposal, formulary), plain=plain)
    except GlidepathError as error:
        if error.code not in ("SIM_NO_KINETICS", "EXTRA_MISSING"):
            raise
        click.echo(f"\nNo curves: {error.message}")


def _refuse_abrupt_stop(region: str) -> None:
    from glidepath.casework.assess import who_to_call
    from glidepath.facts.formulary import load_formulary

    lines = who_to_call(region.strip().upper(), load_formulary())
    raise RefusedError(
        "ABRUPT_STOP_REFUSED",
        "An abrupt stop is never planned: after regular use it can bring seizures, confusion and death.",
        field="stop-now",
        fix="Plan a reduction, or discuss the case with a specialist.",
        details=("For a seizure, confusion, hallucinations or thoughts of suicide:", *lines),
    )


def _today(text: str | None) -> date:
    if text is None:
        return date.today()  # noqa: DTZ011 - plans are in calendar dates of the person's own place
    from glidepath.casework.request import read_date

    return read_date(text, field="today")
