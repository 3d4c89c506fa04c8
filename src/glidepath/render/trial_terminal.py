"""A virtual trial in the terminal: the limits in short, then how the arms differ."""

from __future__ import annotations

import shutil
import textwrap

import click

from glidepath.render.document import Document
from glidepath.render.trial_words import FALL_NOT_MEASURED, MEASURE_TITLES, OVER_LIMIT


def print_trial(document: Document) -> None:
    """Print what the report says in short."""
    asked = document["asked"]
    lines = [
        document["status"],
        document["evaluation"],
        "",
        "What this cannot say",
        *(f"  {line}" for line in document["limits"][:3]),
        "",
        f"{asked['title']}: {asked['n']} simulated people, the same in every arm; {asked['days']} days.",
        "",
        "Arms",
    ]
    for arm in document["arms"]:
        fall = arm["largest_fall_percent"]
        over = f", which {OVER_LIMIT}" if arm["passes_limit"] else ""
        largest = (
            f"; {FALL_NOT_MEASURED}"
            if fall is None
            else f"; largest fall in {asked['limit']['days']} days {fall:g} %{over}"
        )
        lines.append(f"  {arm['name']}: last dose on day {arm['last_dose_day']}{largest}")
    for difference in document["results"][0]["differences"]:
        lines += ["", f"{difference['arm']}, minus {difference['minus']} ({document['results'][0]['title']} scenario)"]
        said = {a["measure"]: a["says"] for a in document["agreement"] if a["arm"] == difference["arm"]}
        for name, found in difference["measures"].items():
            mean = "none" if found["mean"] is None else f"{found['mean']:+.4g}"
            error = "" if found["mc_error"] is None else f" (Monte-Carlo error {found['mc_error']:.2g})"
            lines.append(f"  {MEASURE_TITLES[name]}: {mean}{error}; {said[name]}")
    wide = min(100, shutil.get_terminal_size().columns)
    for line in lines:
        indent = "  " if line.startswith("  ") else ""
        click.echo(textwrap.fill(line, wide, subsequent_indent=indent + "  ", break_long_words=False))
