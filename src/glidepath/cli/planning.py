"""`glidepath plan`: one line or a batch of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from glidepath.errors import InputError, RefusedError

Answered = Annotated[str, typer.Option(help="yes, no or unknown; unknown is never no.")]


def plan(
    sig: Annotated[str | None, typer.Argument(help='What is taken, for example "clonazepam 1 mg twice daily".')] = None,
    region: Annotated[str, typer.Option(help="US, UK, CA, AU, NL or DE: whose products.")] = "US",
    start: Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD (default: next Monday).")] = None,
    since: Annotated[str | None, typer.Option(help="Taken since, YYYY-MM or YYYY.")] = None,
    age: Annotated[str | None, typer.Option(help="Age in years; under 18 is refused.")] = None,
    seizures: Answered = "unknown",
    pregnancy: Answered = "unknown",
    liver: Answered = "unknown",
    opioid: Answered = "unknown",
    other_sedatives: Answered = "unknown",
    past_complicated_withdrawal: Answered = "unknown",
    profile: Annotated[str, typer.Option(help="asam-2025, slow, cks or maudsley-proportional.")] = "asam-2025",
    percent: Annotated[str | None, typer.Option("--percent", "--reduce", help="Own pace: percent of the dose.")] = None,
    every: Annotated[str | None, typer.Option(help="Own pace: interval, for example 21d.")] = None,
    rhythm: Annotated[str, typer.Option(help="weeks or days: what holds are rounded up to.")] = "weeks",
    max_hold: Annotated[str | None, typer.Option(help="Longest hold after a large fall, for example 84d.")] = None,
    settle: Annotated[str | None, typer.Option(help="Days on the recorded dose first (default 7d).")] = None,
    taper: Annotated[str | None, typer.Option(help="Which of two drugs on the line to taper.")] = None,
    product: Annotated[
        list[str] | None, typer.Option(help="The product taken, or a compounded product to plan with.")
    ] = None,
    splits: Annotated[
        list[str] | None,
        typer.Option("--splits", "--allow-half", help="A product a pharmacist confirms may be halved."),
    ] = None,
    have: Annotated[list[str] | None, typer.Option(help='Stock at home, "clonazepam 1 mg tablet=60".')] = None,
    keep: Annotated[
        str | None, typer.Option(help="Time of day that falls last: morning, noon, evening, night.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", help="Time of day that falls first.")] = None,
    last_dose: Annotated[str | None, typer.Option(help="A higher last dose, with --reason.")] = None,
    maintain: Annotated[str | None, typer.Option(help="Reduce only, to this daily dose.")] = None,
    reason: Annotated[str | None, typer.Option(help="The prescriber's reason for --last-dose.")] = None,
    switch: Annotated[str | None, typer.Option(help="Staged switch to a longer-acting drug; needs --table.")] = None,
    table: Annotated[str | None, typer.Option(help="The equivalence table of the switch.")] = None,
    switch_every: Annotated[str | None, typer.Option(help="Days per time of day in a switch, 7d to 14d.")] = None,
    fill: Annotated[str | None, typer.Option(help="Days per pharmacy fill (default 28d).")] = None,
    max_pieces: Annotated[str | None, typer.Option(help="Most units per intake.")] = None,
    max_strengths: Annotated[str | None, typer.Option(help="Most strengths on one day.")] = None,
    decimal: Annotated[str, typer.Option(help="point, or comma when 1,5 means one and a half.")] = "point",
    out: Annotated[Path | None, typer.Option(help="Folder for the document, tables, PDF and figure.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files of an earlier plan.")] = False,
    paper: Annotated[bool, typer.Option("--paper/--no-paper", help="Make the PDF and the figure too.")] = True,
    form: Annotated[str | None, typer.Option("--format", help="json, days, steps or text to standard output.")] = None,
    batch: Annotated[Path | None, typer.Option(help="A file with one JSON object per line.")] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Worker processes of a batch.")] = 1,
    stop_now: Annotated[bool, typer.Option("--stop-now", hidden=True)] = False,
    today: Annotated[str | None, typer.Option(help="The date to take as today, for runs that can be repeated.")] = None,
) -> None:
    """Plan a reduction from one line: options side by side, each proven; nothing is signed."""
    options: dict[str, Any] = {
        name: value
        for name, value in locals().items()
        if name not in ("out", "force", "paper", "form", "batch", "jobs", "stop_now", "today") and value is not None
    }
    clock = _today(today)
    if stop_now:
        _refuse_abrupt_stop(region)
    if form not in (None, "json", "days", "steps", "text"):
        raise typer.BadParameter("--format is one of json, days, steps, text")
    if batch is not None:
        from glidepath.cli.batch import run_batch

        if sig is not None or out is None:
            raise typer.BadParameter("--batch takes its lines from the file and needs --out")
        run_batch(batch, out, options, clock, jobs=jobs, force=force)
        return
    if sig is None:
        raise InputError("SIG_EMPTY", "There is no line to read.", field="sig", fix="Give the line as it is taken.")
    _plan_one(options, clock, out, force=force, paper=paper, form=form)


def _plan_one(
    options: dict[str, Any], today: date, out: Path | None, *, force: bool, paper: bool, form: str | None
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
        typer.echo(stdout_text(proposal, form), nl=False)
        return
    from glidepath.render.terminal import print_proposal

    print_proposal(proposal, plain=form == "text")
    if out is not None:
        typer.echo(f"\nWritten to {out}: plan.json, days.csv, steps.csv" + (", plan.pdf, plan.svg" if paper else ""))
    elif form is None:
        typer.echo("\nAdd --out DIR for the document, the tables, the PDF and the figure.")


def _refuse_abrupt_stop(region: str) -> None:
    from glidepath.facts.formulary import load_formulary

    place = load_formulary().region(region)
    lines = [f"{line.label}: {line.contact}" + (f" ({line.note})" if line.note else "") for line in place.emergency]
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
