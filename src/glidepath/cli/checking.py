"""`glidepath check`: a second opinion on a taper that anyone wrote."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glidepath.errors import InputError

if TYPE_CHECKING:
    from glidepath.checker.checked import Checked


@click.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--text", "text", help="The words of a letter, instead of a file.")
@click.option("--drug", "drug", help="The drug, where the file does not say it.")
@click.option(
    "--start-dose",
    "start_dose",
    multiple=True,
    help="What is taken a day before the first row, as in '2 mg'; with its drug where there are two.",
)
@click.option("--region", "region", help="Whose products: US, UK, CA, AU, NL or DE (default US, or the plan's own).")
@click.option("--table", "table", help="The equivalence table that a change of drug was made with.")
@click.option(
    "--decimal", "decimal", default="point", show_default=True, help="point, or comma when 1,5 means one and a half."
)
@click.option("--dates", "dates", help="dmy or mdy, where dates are not written as YYYY-MM-DD.")
@click.option("--encoding", "encoding", help="utf-8 (default), utf-16, latin-1 or windows-1252.")
@click.option("--sheet", "sheet", help="Which sheet of a spreadsheet.")
@click.option("--option", "option", help="Which route of a plan document (default: signed or recommended).")
@click.option(
    "--splits", "--allow-half", "splits", multiple=True, help="A product a pharmacist confirms may be halved."
)
@click.option("--product", "product", multiple=True, help="A compounded product that may be used.")
@click.option("--doses-only", "doses_only", is_flag=True, help="Judge falls, rises and dates alone, not products.")
@click.option("--format", "form", help="text or json to standard output.")
@click.option("--figure", "figure", type=click.Path(path_type=Path), help="Write the picture as SVG here.")
@click.option("--force", "force", is_flag=True, help="Overwrite an earlier picture.")
def check(
    file: Path | None,
    text: str | None,
    form: str | None,
    figure: Path | None,
    force: bool,
    **asked: str | bool | tuple[str, ...] | None,
) -> None:
    """Check any taper: a day table, a step table (CSV, TSV, xlsx), the words of a letter, or a plan document.

    FILE is `-` for standard input. Ends with 0 when the taper is within the limits, 1 when it breaches one, 3 when
    something could not be read or not be assessed.
    """
    from glidepath.casework.check import MOST_BYTES, CheckRequest, check_bytes, unread
    from glidepath.facts.formulary import load_formulary

    if form not in (None, "text", "json"):
        raise click.UsageError("--format is one of text, json")
    if (file is None) == (text is None):
        raise click.UsageError("give one FILE (or - for standard input), or --text")
    request = CheckRequest(**asked)  # type: ignore[arg-type]
    is_table = file is not None and file.suffix.casefold() in (".csv", ".tsv")
    try:
        data = _given(file, text, MOST_BYTES)
    except InputError as error:
        checked = unread(error, request, load_formulary())
    else:
        checked = check_bytes(data, request, load_formulary(), is_table=is_table)
    try:
        _say(checked, form)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away, as `head` does; the verdict must still be in the exit code.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if figure is not None and checked.report.course:
        from glidepath.cli.files import write_one
        from glidepath.render.check_picture import check_svg

        write_one(figure, check_svg(checked), force=force)
        if form != "json":
            click.echo(f"\nPicture written to {figure}")
    raise click.exceptions.Exit(int(checked.exit_code))


def _say(checked: Checked, form: str | None) -> None:
    if form == "json":
        from glidepath.render.check_document import check_text

        click.echo(check_text(checked), nl=False)
        return
    from glidepath.render.check_terminal import print_checked

    print_checked(checked, plain=form == "text")


def _given(file: Path | None, text: str | None, most: int) -> bytes:
    """The bytes to be checked, never more than one beyond the limit; devices and pipes are refused unread."""
    from glidepath.cli.files import read_any

    if text is not None:
        return text.encode("utf-8", "surrogateescape")
    assert file is not None
    if str(file) == "-":
        return sys.stdin.buffer.read(most + 1)
    return read_any(file, most)
