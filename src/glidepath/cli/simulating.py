"""`glidepath simulate` and `glidepath compare`: levels and withdrawal drive under one plan, or under two."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glidepath.errors import InputError

if TYPE_CHECKING:
    from glidepath.pharmacology.forecast import Forecast

# Below this many people in all, a bar would be gone before it is read.
_BAR_FROM = 20_000


def _shared(command: Callable[..., None]) -> Callable[..., None]:
    """The options of both commands."""
    for option in reversed(
        [
            click.option("--people", "n", type=int, default=1000, show_default=True, help="How many simulated people."),
            click.option(
                "--seed", "seed", type=int, default=20261122, show_default=True, help="Same seed, same numbers."
            ),
            click.option(
                "--scenario",
                "scenarios",
                multiple=True,
                help="A scenario by its id, shown first; never fewer than three.",
            ),
            click.option("--age", "age", type=int, help="Age in years, where clearance is known to depend on it."),
            click.option(
                "--liver", "liver", type=click.Choice(["none", "mild", "moderate", "severe"]), help="Liver disease."
            ),
            click.option("--with", "medicines", multiple=True, help="A medicine beside it that may change clearance."),
            click.option("--tail", "tail_days", type=int, help="Days after the last dose of a plan (56 unless given)."),
            click.option("--out", "out", type=click.Path(path_type=Path), help="Folder for SVG, PNG, CSV and JSON."),
            click.option("--force", "force", is_flag=True, help="Overwrite files of an earlier run."),
            click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), help="To standard output."),
        ]
    ):
        command = option(command)
    return command


@click.command("simulate")
@click.argument("plan")
@click.option("--option", "option", help="Which route of the plan (default: signed or recommended).")
@click.option("--days", "days", type=int, help="Days, for a line instead of a plan (28 unless given).")
@_shared
def simulate(plan: str, option: str | None, days: int | None, **asked: Any) -> None:
    """Simulate PLAN: a plan.json or signed.json, or a line as it is taken.

    Shows the shape and timing of levels and withdrawal drive in simulated people, for at least three scenarios. Never a
    chance of success or of a seizure.
    """
    if _is_file(plan) and days is not None:
        raise click.UsageError("--days is for a line; a plan lasts as long as it lasts, and --tail follows it")
    _run({_name(plan, option): (plan, option)}, days=days, **asked)


@click.command("compare")
@click.argument("plan_a")
@click.argument("plan_b")
@click.option("--option-a", "option_a", help="Which route of the first plan.")
@click.option("--option-b", "option_b", help="Which route of the second plan.")
@_shared
def compare(plan_a: str, plan_b: str, option_a: str | None, option_b: str | None, **asked: Any) -> None:
    """Compare two plans (or two routes of one) in the same simulated people."""
    if (plan_a, option_a) == (plan_b, option_b):
        raise click.UsageError("the two plans are the same; name routes with --option-a and --option-b")
    first, second = _name(plan_a, option_a), _name(plan_b, option_b)
    if first == second:
        first, second = f"{first} (1)", f"{second} (2)"
    _run({first: (plan_a, option_a), second: (plan_b, option_b)}, days=None, **asked)


def _name(plan: str, option: str | None) -> str:
    """What a plan is called: its folder, or its file, or the line; without marks that cannot be printed."""
    path = Path(plan)
    base = plan
    if _is_file(plan):
        base = path.parent.name if path.stem in ("plan", "signed") and path.parent.name else path.stem
    shown = "".join(c if c.isprintable() else "?" for c in base)
    return f"{shown} {option}" if option else shown


def _run(
    plans: Mapping[str, tuple[str, str | None]],
    *,
    n: int,
    seed: int,
    scenarios: tuple[str, ...],
    age: int | None,
    liver: str | None,
    medicines: tuple[str, ...],
    tail_days: int | None,
    days: int | None,
    out: Path | None,
    force: bool,
    form: str | None,
) -> None:
    from glidepath.casework import simulate as work
    from glidepath.casework.histories import TAIL_DAYS
    from glidepath.facts.formulary import load_formulary
    from glidepath.pharmacology.covariates import Person

    if tail_days is not None and not any(_is_file(plan) for plan, _ in plans.values()):
        raise click.UsageError("--tail follows the last dose of a plan; a line has none")
    formulary = load_formulary()
    said = Person(age=age, liver=liver, medicines=frozenset(m.strip().casefold() for m in medicines))
    forecasts: dict[str, Forecast] = {}
    with _bar(n * len(plans) * max(3, len(scenarios))) as advance:
        for name, (plan, option) in plans.items():
            given = _given(plan)
            person = work.person_of(given)
            person = Person(
                age=said.age if said.age is not None else person.age,
                liver=said.liver or person.liver,
                medicines=said.medicines,
            )
            forecasts[name] = work.simulate(
                given,
                n=n,
                seed=seed,
                option=option,
                scenarios=scenarios or None,
                person=person,
                days=work.LINE_DAYS if days is None else days,
                tail_days=TAIL_DAYS if tail_days is None else tail_days,
                progress=advance,
                formulary=formulary,
            )
    work.compare(forecasts)
    _show(forecasts, (formulary.version, formulary.digest), out, force=force, form=form)


def _given(plan: str) -> Any:
    """A plan document where the text names a file, else a line."""
    from glidepath.cli.files import read_input
    from glidepath.render.reading import MOST_BYTES, parse_json

    if not _is_file(plan):
        return plan
    document = parse_json(read_input(Path(plan), MOST_BYTES))
    if not isinstance(document, dict):
        raise InputError("JSON_INVALID", "The file is no plan document.", field="file", fix="Give a plan.json.")
    return document


def _is_file(plan: str) -> bool:
    """Whether a text names a file: a point may also be that of a dose."""
    return plan.casefold().endswith(".json") or (plan != "" and Path(plan).is_file())


class _bar:
    """A progress bar on standard error for a long run in a terminal; silent otherwise."""

    def __init__(self, people: int) -> None:
        from rich.console import Console
        from rich.progress import Progress

        shown = people >= _BAR_FROM and sys.stderr.isatty()
        self._progress = Progress(console=Console(stderr=True), disable=not shown, transient=True)
        self._task = self._progress.add_task("simulating", total=people)

    def __enter__(self) -> Callable[[int], None]:
        self._progress.start()
        return lambda done: self._progress.advance(self._task, done)

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def _show(
    forecasts: dict[str, Forecast], facts: tuple[str, str], out: Path | None, *, force: bool, form: str | None
) -> None:
    from glidepath import __version__
    from glidepath.render.forecast_document import forecast_csv, forecast_document, forecast_text

    written = forecast_text(forecast_document(forecasts, facts, __version__))

    if out is not None:
        from glidepath.cli.files import write_all
        from glidepath.render.forecast_figure import forecast_picture

        files = {
            "forecast.svg": forecast_picture(forecasts),
            "forecast.png": forecast_picture(forecasts, "png"),
            "forecast.csv": forecast_csv(forecasts).encode(),
            "forecast.json": written.encode(),
        }
        write_all(out, files, force=force)
    if form == "json":
        click.echo(written, nl=False)
    elif form == "csv":
        click.echo(forecast_csv(forecasts), nl=False)
    else:
        from glidepath.render.forecast_terminal import print_forecasts

        print_forecasts(forecasts, plain=form == "text")
        if out is not None:
            click.echo(f"\nWritten: forecast.svg, forecast.png, forecast.csv and forecast.json in {out}")
