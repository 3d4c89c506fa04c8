"""The report of a grid run: plans, seconds, breaches by kind, refusals, and disagreements, which must be none."""

from __future__ import annotations

import platform
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.grid import axes
from glidepath import __version__
from glidepath.facts.formulary import load_formulary


def write_report(place: Path, parts: list[dict[str, Any]], *, cases: int, of: int, jobs: int) -> dict[str, int]:
    """Write the page and give back the two numbers that matter most."""
    counted: Counter[str] = Counter()
    for part in parts:
        counted.update(part["counted"])
    differ = [d for part in parts for d in part["differ"]]
    seconds = sum(part["seconds"] for part in parts)
    formulary = load_formulary()
    product_sets, units, times, paces, goals, ages = axes.axes()
    lines = [
        "# The grid: every plan checked twice",
        "",
        "<!-- Written by `make grid`; run it again instead of editing. -->",
        "",
        "Each case is planned and proven by the planner; the checker, which shares no planning code, reads the day",
        "table of every route and must agree with the proof. Nothing here says that a plan is right for a person.",
        "",
        f"- Glidepath {__version__}, facts {formulary.version} ({formulary.digest[:12]}).",
        f"- The grid has {of:,} cases: {product_sets} product sets (a drug, its region, the product taken, splitting",
        f"  confirmed or not) x {units} amounts x {times} frequencies x {paces} paces x {goals} goals x {ages} ages.",
        f"- This run: {cases:,} cases, spread evenly over all axes.",
        f"- {seconds:,.0f} seconds of planning and checking on {jobs} processes, Python {platform.python_version()}, "
        f"{platform.machine()};",
        f"  {1000 * seconds / cases:.1f} ms for a case on average, the slowest "
        f"{max(p['slowest_s'] for p in parts):.2f} s.",
        "",
        "## In short",
        "",
        "| | |",
        "| --- | --- |",
        f"| plans made and checked twice | {counted['plans']:,} |",
        f"| questions answered with a proposal | {counted['proposals']:,} |",
        f"| **disagreements between proof and checker** | **{len(differ)}** |",
        f"| plans without a breach | {counted['plans without a breach']:,} |",
        "",
        *_table("Plans by route", "route", counted, "plans ", skip=("plans without a breach",)),
        *_table("Breaches by kind", "check", counted, "breach "),
        *_table("Cautions by kind", "check", counted, "caution "),
        *_table("Questions that were refused", "code", counted, "refused "),
        "A breach is in the plan with its day and size, and needs the prescriber's reason before it can be signed;",
        "most are small doses that no marketed product divides further. A refusal is an answer too:",
        "`NOTHING_FEASIBLE` names the rule that binds.",
    ]
    if differ:
        lines += ["", "## Disagreements", ""]
        lines += [f"- case {d['case']}: `{d['sig']}` {d['options']}: {'; '.join(d['says'])}" for d in differ[:50]]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {"plans": counted["plans"], "disagreements": len(differ)}


def _table(title: str, name: str, counted: Counter[str], prefix: str, skip: tuple[str, ...] = ()) -> list[str]:
    rows = [(k.removeprefix(prefix), n) for k, n in counted.items() if k.startswith(prefix) and k not in skip]
    rows.sort(key=lambda row: (-row[1], row[0]))
    body = [f"| `{key}` | {count:,} |" for key, count in rows] or ["| none | 0 |"]
    return [f"## {title}", "", f"| {name} | count |", "| --- | --- |", *body, ""]
