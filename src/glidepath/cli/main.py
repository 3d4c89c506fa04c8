"""The `glidepath` command: its commands, and how an error ends it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType

import click

from glidepath import __version__
from glidepath.cli import assessing, checking, look, planning, reading, signing, simulating, trialing
from glidepath.errors import Exit, GlidepathError

_COMPLETION = "_GLIDEPATH_COMPLETE"


@click.group(
    name="glidepath",
    help="Supervised benzodiazepine tapering: exact, dispensable, proven reduction plans. For clinicians; the "
    "software proposes, a named clinician signs. Evaluation: facts not yet reviewed by a clinician.",
    context_settings={"max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda c, p, v: _version(c, v),
    help="Print the version and the version of the facts.",
)
def app() -> None:
    """The group of all commands."""


app.add_command(assessing.assess)
app.add_command(planning.plan)
app.add_command(checking.check)
app.add_command(simulating.simulate)
app.add_command(simulating.compare)
app.add_command(trialing.trial)
app.add_command(signing.sign)
app.add_command(signing.print_sheets)
app.add_command(reading.articles)
app.add_command(reading.claims)
app.add_command(reading.red_flags)
app.add_command(look.read)
app.add_command(look.facts)
app.add_command(look.convert)


def _version(context: click.Context, asked: bool) -> None:
    if not asked or context.resilient_parsing:
        return
    from glidepath.facts.formulary import load_formulary

    formulary = load_formulary()
    click.echo(f"glidepath {__version__}, facts {formulary.version} ({formulary.digest[:12]})")
    context.exit()


class _Ended(BaseException):
    """SIGINT or SIGTERM, raised where the command is, so that half-made files are cleaned away."""

    def __init__(self, exit_code: Exit) -> None:
        self.exit_code = exit_code


def _end(number: int, _: FrameType | None) -> None:
    raise _Ended(Exit.INTERRUPTED if number == signal.SIGINT else Exit.TERMINATED)


def run(arguments: list[str] | None = None) -> None:
    """Run a command and leave with its exit code; no traceback ever reaches a person."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    try:
        _invoke(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except click.exceptions.Exit as ended_early:
        sys.exit(ended_early.exit_code)
    except click.ClickException as usage:
        usage.show()
        sys.exit(usage.exit_code)
    except GlidepathError as error:
        show_error(error)
        if error.code == "OPINIONS_DIFFER":
            _write_report(error)
        sys.exit(error.exit_code)
    except _Ended as ended:
        show_error(GlidepathError("INTERRUPTED", "The command was interrupted; nothing was half-written."))
        sys.exit(int(ended.exit_code))
    except BrokenPipeError:
        # The reader of a pipe went away, as `head` does; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(int(Exit.DONE))
    except Exception as error:
        # The kind of fault is said, never its text: that could hold what a person typed.
        fault = GlidepathError(
            "INTERNAL",
            f"A fault in Glidepath itself ({type(error).__name__}); nothing was written.",
            fix="Please report it with the command, without any personal detail.",
        )
        show_error(fault)
        sys.exit(fault.exit_code)


def _invoke(arguments: list[str]) -> None:
    if _COMPLETION in os.environ:
        app.main(args=arguments, prog_name="glidepath")
    # click's own main would end with 1 when the reader of a pipe goes away; 1 is kept for `check`.
    with app.make_context("glidepath", arguments) as context:
        app.invoke(context)


def _write_report(error: GlidepathError) -> None:
    """Write what the two opinions differ on beside where the command was run, for a bug ticket."""
    from glidepath.cli.files import write_one

    text = json.dumps(error.seen, indent=1, ensure_ascii=False) + "\n"
    target = Path(f"glidepath-disagreement-{hashlib.sha256(text.encode()).hexdigest()[:12]}.json")
    try:
        write_one(target, text.encode(), force=True)
    except GlidepathError:
        click.echo("  The report for a bug ticket could not be written here.", err=True)
        return
    click.echo(f"  The report for a bug ticket is {target}: the question as it was asked, no name.", err=True)


def show_error(error: GlidepathError) -> None:
    """Print code, message, field, details and fix to standard error."""
    lines = [f"{error.code}: {error.message}"]
    if error.field and error.field.replace("-", "_") not in error.message.replace("-", "_"):
        lines.append(f"  Field: {error.field}")
    lines += [f"  {detail}" for detail in error.details]
    if error.fix:
        lines.append(f"  What would fix it: {error.fix}")
    click.echo("\n".join(lines), err=True)


if __name__ == "__main__":
    run()
