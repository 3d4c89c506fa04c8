"""Running tools over cases, with a progress bar, and writing the results."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.tapertools import tally
from benchmarks.tapertools.adapters import shipped
from benchmarks.tapertools.case import Case, load_cases
from benchmarks.tapertools.page import page
from benchmarks.tapertools.score import Score, score
from benchmarks.tapertools.tool import LIMIT_S, CommandTool, Tool
from glidepath.facts.formulary import load_formulary

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "tapertools.md"


def run(tools: Sequence[Tool], cases: Sequence[Case], jobs: int = 1, *, quiet: bool = False) -> list[Score]:
    """Every tool on every case, in that order. Tools are only timed fairly with one job."""
    found: list[Score] = []
    console = Console(stderr=True, quiet=quiet)
    with ProcessPoolExecutor(jobs) as pool:
        for tool in tools:
            scores = pool.map(score, repeat(tool), cases, chunksize=8) if jobs > 1 else map(score, repeat(tool), cases)
            found += track(scores, tool.name, total=len(cases), console=console)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    asked = _parser().parse_args(arguments)
    tools = _tools(asked.tool, asked.adapter, asked.limit)
    cases = [c for c in load_cases() if not asked.group or c.group in asked.group]
    if not cases or not tools:
        raise SystemExit("No case or no tool of that name.")
    scores = run(tools, cases, asked.jobs)
    if asked.results:
        lines = (json.dumps(s.as_record(), ensure_ascii=False) for s in scores)
        asked.results.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    whole = not (asked.tool or asked.adapter or asked.group)
    if target := asked.page or (PAGE if whole else None):
        target.write_text(page(tools, cases, scores, load_formulary().version), encoding="utf-8")
    Console().print(_summary(tools, scores))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tapertools", description=__doc__)
    parser.add_argument("--tool", action="append", default=[], help="only this tool of those that ship; repeatable")
    parser.add_argument("--adapter", action="append", default=[], metavar="COMMAND", help="a program of your own")
    parser.add_argument("--group", action="append", default=[], help="only this group of cases; repeatable")
    parser.add_argument("--limit", type=float, default=LIMIT_S, help="seconds that a program may take for a case")
    parser.add_argument("--jobs", type=int, default=1, help="processes; with more than one the times are not fair")
    parser.add_argument("--results", type=Path, help="a file for one JSON object for each tool and case")
    parser.add_argument("--page", type=Path, help="where to write the page (default: docs, if all tools and cases run)")
    return parser


def _tools(names: Sequence[str], commands: Sequence[str], limit_s: float) -> list[Tool]:
    """With programs alone only these; else the tools that ship, or those of them that are named."""
    known = {tool.name: tool for tool in shipped()}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SystemExit(f"No tool {unknown[0]!r}; there are: {', '.join(known)}.")
    own = [CommandTool(name=_name_of(command), command=command, limit_s=limit_s) for command in commands]
    ours = [known[name] for name in names] if names else ([] if own else list(known.values()))
    return [*ours, *own]


def _name_of(command: str) -> str:
    """The command without folders, so that no path of a machine gets onto a page."""
    return " ".join(Path(word).name for word in shlex.split(command))


def _summary(tools: Sequence[Tool], scores: Sequence[Score]) -> Table:
    table = Table(
        "tool", "made", "declined", "failed", "makeable", "printed = planned", "rises", "no reason for a fall"
    )
    for tool in tools:
        its = tally.of_tool(scores, tool.name)
        count, declined, failed = tally.outcomes(its)
        table.add_row(
            tool.name,
            tally.share(count, len(its)),
            str(declined),
            str(failed),
            tally.meeting(its, lambda s: bool(s.makeable)),
            tally.printed(its),
            tally.rises(its),
            tally.days_over(its, unreasoned=True),
        )
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
