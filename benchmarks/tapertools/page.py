"""The results page: what was measured, how each tool did, and what this benchmark does not show."""

from __future__ import annotations

import json
from collections.abc import Sequence

from benchmarks.tapertools import tally
from benchmarks.tapertools.adapters.replay import PUBLISHED
from benchmarks.tapertools.case import Case
from benchmarks.tapertools.score import MADE, Score
from benchmarks.tapertools.tool import Tool

_GROUPS = {
    "six": "six ordinary and hard questions, from 0.5 mg clonazepam to a capsule at age 78",
    "worked": "starts of published tapers",
    "everyday": "every planned drug in every region that has it",
    "capsules-only": "only capsules of one drug in the region: nothing can be halved",
    "tiny-dose": "the smallest tablet, or half of it, once a day",
    "xr": "extended-release tablets and capsules, which are swallowed whole",
    "three-strengths": "three strengths at once",
    "odd-start": "halves, uneven times of day, doses no scheme begins with",
    "switch": "a staged switch to diazepam by a named table was agreed",
    "elderly": "65 to 93 years",
    "liquid": "taken as a liquid, or a liquid is there to go on with",
    "high-dose": "the largest tablets three or four times a day",
    "reduce-only": "down to a dose to stay at",
    "fixed-pace": "percent and interval fixed by the prescriber",
    "unconfirmed-halves": "makers differ on halves, and no pharmacist has confirmed any",
}
_HEAD = """# Benchmark of taper tools

<!-- Written by `make tapertools`; run it again instead of editing. -->

{cases} cases, {drugs} drugs, {regions} regions, facts version {facts}. Every tool gets the same cases, and the same
checker judges every table. It was made by the makers of one of the tools: see [its limits](#limits) before you quote
it. A good score says that a plan can be dispensed and stays within stated limits, not that anybody does well on it.

## What is measured

- **Made, declined, failed.** A tool gives a day table, says that the case cannot be made and why, or does neither (it
  crashes, takes over 60 seconds, or writes something that is not a day table). Every other share is of plans made.
- **Makeable.** Every row can be dispensed from the products of the region and measured: nothing is divided that may
  not be, every dose is exactly its units. A tablet whose makers differ may be halved where the case says that a
  pharmacist has confirmed it.
- **Printed = planned.** What the tool's own sheet says, row by row, against its day table. A tool that gives one
  table only is *not shown*, which is not the same as equal.
- **Unasked rises.** Days on which the day's total is above the day before. In an exchange the total is taken by the
  table that the case names.
- **Days over 25 % in 14 days.** Days more than 25 % below some day of the 14 before; the last step to nothing is left
  out, being always all of what is left. *Without a reason* are those whose dose began on a day for which the tool
  states none. A stated reason is counted, not judged.
- **Ends as asked.** The last row is at zero, or at the dose to stay at.
- **Last dose.** What is taken the day before the stop, as a share of the dose at the start. *From the whole dose* are
  plans that stop straight from the dose at the start: they have no day over the limit, and are no taper.
- **Covered, and starts right.** Each day is in the table once; the first day is the day asked for with the recorded
  dose.

Limits are those that the checker uses (25 % in 14 days, ASAM 2025).

## Tools
"""
_TAIL = """
## Add a tool

Any program that turns a case into a day table can be scored: [how to add a taper tool](../how-to/add-a-taper-tool.md).
Nothing of anyone else's code is in this repository, and a tool runs on its owner's machine.

## Limits

- The makers of Glidepath chose the cases and the measures and wrote the checker. The planner and the checker share no
  planning code, but they share the facts about products: a fact that is wrong is wrong for both.
- The products and their scoring are mostly recalled and not signed off by a clinician
  ([drugs](drugs.md)). A plan that is makeable here may not be in a given pharmacy.
- The plain rules are our reading of words, written to be kind to them (each keeps the night dose longest and begins
  with two weeks on what is taken). They stand for arithmetic done by hand, not for any product or clinician.
- Cases are built over drugs, regions and corners, not drawn from people. Shares are shares of these cases.
- Declining is not a fault where nothing can be made, and a tool that declines what is hard looks better in the other
  columns: read them beside the number of plans made.
- The reason that Glidepath states is one sentence of its own (no better step can be made from these products), and it
  keeps to no fewer days over the limit than *over 25 % in 14 days* says. A prescriber still has to give theirs.
- Glidepath's printed = planned compares the plan document with the day table; its PDF pages are read back elsewhere,
  whenever they are written.
- Slower is not better. Nothing here weighs length, visits, tablets or money.
- Not measured at all: whether people do well, whether they want the plan, and whether anyone should taper.
"""


def page(tools: Sequence[Tool], cases: Sequence[Case], scores: Sequence[Score], facts: str) -> str:
    """The whole page in Markdown. Nothing in it depends on the day or, but for a class of times, on the machine."""
    parts = [
        _HEAD.format(
            cases=len(cases), drugs=len({c.drug for c in cases}), regions=len({c.region for c in cases}), facts=facts
        ),
        "\n".join(f"- **{tool.name}**: {tool.about}" for tool in tools),
        "",
        "## All cases",
        "",
        *_table(
            ("tool", "made", "declined", "failed", "makeable", "printed = planned", "ends as asked"),
            [_given(tool, tally.of_tool(scores, tool.name)) for tool in tools],
        ),
        "",
        *_table(
            ("tool", "unasked rises", "over 25 % in 14 days", "of these without a reason", "worst fall in 14 days"),
            [_falls(tool, tally.of_tool(scores, tool.name)) for tool in tools],
        ),
        "",
        *_table(
            ("tool", "last dose", "from the whole dose", "each day covered once", "starts right", "other rises"),
            [_rest(tool, tally.of_tool(scores, tool.name)) for tool in tools],
        ),
        "",
        "Falls and last doses: median, then largest, over the plans made. Other rises: plans with a rise at one time "
        "of day while the day's total does not rise.",
        "",
        f"Time per plan, median, on one machine: {_times(tools, scores)}.",
        "",
        "## Why cases were not made",
        "",
        *_table(("tool", "cases", "why"), _why(tools, scores)),
        "",
        "## Group by group",
        *(line for group in dict.fromkeys(c.group for c in cases) for line in _group(group, tools, cases, scores)),
        *_published(cases, scores),
    ]
    return "\n".join(parts) + "\n" + _TAIL


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _given(tool: Tool, scores: Sequence[Score]) -> list[str]:
    count, declined, failed = tally.outcomes(scores)
    return [
        tool.name,
        tally.share(count, len(scores)),
        str(declined),
        str(failed),
        tally.meeting(scores, lambda s: bool(s.makeable)),
        tally.printed(scores),
        tally.meeting(scores, lambda s: bool(s.ending)),
    ]


def _falls(tool: Tool, scores: Sequence[Score]) -> list[str]:
    return [
        tool.name,
        tally.rises(scores),
        tally.days_over(scores, unreasoned=False),
        tally.days_over(scores, unreasoned=True),
        tally.fall(scores),
    ]


def _rest(tool: Tool, scores: Sequence[Score]) -> list[str]:
    return [
        tool.name,
        tally.last_step(scores),
        tally.meeting(scores, lambda s: s.last_step == "1"),
        tally.meeting(scores, lambda s: s.uncovered == 0),
        tally.meeting(scores, lambda s: bool(s.starts_right)),
        tally.meeting(scores, lambda s: bool(s.rises_at_times)),
    ]


def _times(tools: Sequence[Tool], scores: Sequence[Score]) -> str:
    told = [(tool.name, tally.milliseconds(tally.of_tool(scores, tool.name))) for tool in tools]
    return "; ".join(f"{name} {time}" for name, time in told if time)


def _why(tools: Sequence[Tool], scores: Sequence[Score]) -> list[list[str]]:
    return [
        [tool.name, str(count), why] for tool in tools for why, count in tally.reasons(tally.of_tool(scores, tool.name))
    ]


def _group(group: str, tools: Sequence[Tool], cases: Sequence[Case], scores: Sequence[Score]) -> list[str]:
    ours = [s for s in scores if s.group == group]
    rows = []
    for tool in tools:
        its = tally.of_tool(ours, tool.name)
        if not tally.made(its):
            continue
        rows.append(
            [
                tool.name,
                tally.share(len(tally.made(its)), len(its)),
                tally.meeting(its, lambda s: bool(s.makeable)),
                tally.meeting(its, lambda s: bool(s.rises)),
                tally.meeting(its, lambda s: bool(s.days_unreasoned)),
                tally.meeting(its, lambda s: s.last_step == "1"),
                tally.meeting(its, lambda s: bool(s.ending)),
                tally.fall(its),
            ]
        )
    head = (
        "tool",
        "made",
        "makeable",
        "a rise",
        "over 25 % without a reason",
        "from the whole dose",
        "ends as asked",
        "worst fall in 14 days",
    )
    about = _GROUPS.get(group, "")
    title = f"{group}: {about}" if about else group
    return ["", f"### {title}", "", f"{sum(c.group == group for c in cases)} cases.", "", *_table(head, rows)]


def _published(cases: Sequence[Case], scores: Sequence[Score]) -> list[str]:
    """The published schedules that were played back, each on its own case; nothing where none was."""
    about = {taper["id"]: taper for taper in json.loads(PUBLISHED.read_text(encoding="utf-8"))}
    named = {c.id: about[c.published] for c in cases if c.published}
    its = [s for s in scores if s.tool == "published schedules" and s.outcome == MADE]
    if not its:
        return []
    rows = [
        [
            named[s.case]["title"],
            named[s.case]["source"],
            named[s.case]["known"],
            "yes" if s.makeable else "no",
            f"{float(s.worst_14d or 0) * 100:.0f} %",
            f"{s.days_over} of {s.days}",
        ]
        for s in its
    ]
    head = ("schedule", "source", "how it is known", "makeable", "worst fall in 14 days", "days over 25 %")
    said = "Sources as in the facts (`sources.yaml`). Where a source states only a rule, its rows are worked out here."
    return ["", "## Published schedules, one by one", "", said, "", *_table(head, rows)]
