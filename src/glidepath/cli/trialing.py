"""`glidepath trial`: the same simulated people under several plans or rules, with the limits first."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glidepath.cli.files import read_input, write_all, write_one
from glidepath.errors import GlidepathError, StoreError

if TYPE_CHECKING:
    from rich.progress import Progress

    from glidepath.casework.trial_run import Part
    from glidepath.pharmacology.trial import PartResult, Trial
    from glidepath.render.document import Document

_MOST_BYTES, _MOST_PLAN_BYTES, _MOST_PART_BYTES = 2**20, 32 * 2**20, 64 * 2**20
_PARTS = "parts"


@click.command("trial")
@click.argument("trial", required=False, type=click.Path(path_type=Path))
@click.option("--template", "template", is_flag=True, help="Print a commented trial to fill in.")
@click.option("--out", "out", type=click.Path(path_type=Path), help="Folder for trial.json, trial.html and the parts.")
@click.option("--jobs", "jobs", type=click.IntRange(1, 64), help="Threads (default: as many as there are processors).")
@click.option("--cluster", "cluster", help="Address of a Dask scheduler, as in tcp://10.0.0.1:8786.")
@click.option("--force", "force", is_flag=True, help="Overwrite the report of an earlier trial.")
def trial(
    trial: Path | None, template: bool, out: Path | None, jobs: int | None, cluster: str | None, force: bool
) -> None:
    """Simulate the arms of a virtual trial on the same people: shape and timing, never a chance of success.

    TRIAL is a YAML file. Finished parts are kept in the folder; after an interruption the same command goes on where
    it stopped and gives the same numbers, as it does with any number of threads and on a cluster.
    """
    from glidepath.casework.trial_file import trial_of
    from glidepath.casework.trial_template import template as trial_template
    from glidepath.render.document import document_text
    from glidepath.render.trial_page import trial_page
    from glidepath.render.trial_readback import read_back_page
    from glidepath.render.trial_terminal import print_trial

    if template:
        click.echo(trial_template(), nl=False)
        return
    if trial is None or out is None:
        raise click.UsageError("give a TRIAL file and --out FOLDER, or --template")
    if jobs is not None and cluster is not None:
        raise click.UsageError("--jobs counts threads here; a cluster has its own workers")
    home = trial.parent
    asked = trial_of(read_input(trial, _MOST_BYTES), lambda name: read_input(home / name, _MOST_PLAN_BYTES))
    _refuse_what_exists(out, force=force)
    kept = FolderOfParts(asked, out / _PARTS)
    document = _document(asked, kept, jobs or os.cpu_count() or 1, cluster)
    page = trial_page(document)
    read_back_page(page, document)
    write_all(out, {"trial.json": document_text(document).encode(), "trial.html": page.encode()}, force=force)
    kept.clear()
    print_trial(document)
    click.echo(f"\nWritten:\n  to read     {out / 'trial.html'}\n  the numbers {out / 'trial.json'}")


def _refuse_what_exists(out: Path, *, force: bool) -> None:
    """Say before hours of work, not after them, that the report could not be written."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise StoreError("OUTPUT_EXISTS", "The output folder is a link or a file.", field="out", fix="Name another.")
    if not force and any(os.path.lexists(out / name) for name in ("trial.json", "trial.html")):
        raise StoreError(
            "OUTPUT_EXISTS", "A report exists there.", field="out", fix="Name another folder, or add --force."
        )


def _document(asked: Trial, kept: FolderOfParts, threads: int, cluster: str | None) -> Document:
    """The report of a trial, after every part is made; a bar shows how far it is."""
    from glidepath.casework.trial_run import run_trial
    from glidepath.facts.formulary import load_formulary
    from glidepath.pharmacology.trial import model_of_trial
    from glidepath.render.trial_document import trial_document

    scenarios = len({scenario for scenario, _ in asked.parts()})
    with _bar() as progress:
        task = progress.add_task("simulating", total=asked.n * scenarios)
        try:
            result = run_trial(
                asked,
                threads=threads,
                cluster=cluster,
                kept=kept,
                progress=lambda people: progress.advance(task, people),
            )
        except BaseException as ended:
            if not isinstance(ended, GlidepathError):
                progress.stop()
                click.echo(
                    f"{kept.count} of {len(asked.parts())} parts are kept; the same command goes on from there.",
                    err=True,
                )
            raise
    return trial_document(asked, result.by_scenario, model_of_trial(asked), load_formulary())


class FolderOfParts:
    """Finished parts of one trial, a small file each, written whole or not at all."""

    def __init__(self, trial: Trial, folder: Path) -> None:
        self._trial, self._folder = trial, folder
        self.count = 0

    def find(self, part: Part) -> PartResult | None:
        """A part that was finished before. Raises OUTPUT_EXISTS for one of another trial."""
        from glidepath.casework.trial_parts import part_from

        place = self._place(part)
        if not place.exists():
            return None
        found = part_from(_bytes(place), self._trial, *part)
        self.count += found is not None
        return found

    def keep(self, part: Part, result: PartResult) -> None:
        from glidepath.casework.trial_parts import part_bytes

        write_one(self._place(part), part_bytes(self._trial, *part, result), force=True)
        self.count += 1

    def clear(self) -> None:
        """Remove the parts of this trial, and the folder when nothing else is in it."""
        for part in self._trial.parts():
            self._place(part).unlink(missing_ok=True)
        with suppress(OSError):
            self._folder.rmdir()

    def _place(self, part: Part) -> Path:
        scenario, chunk = part
        return self._folder / f"{scenario}-{chunk:06}.npz"


def _bytes(place: Path) -> bytes:
    from glidepath.cli.files import read_any

    return read_any(place, _MOST_PART_BYTES)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    return Progress(*columns, console=console, disable=not console.is_terminal)
