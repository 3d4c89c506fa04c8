"""The list of red flags as plain text, as Markdown and as plain values: what to ask, what to do and by when."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from glidepath.facts.records import Place
from glidepath.facts.red_flags import Measure, RedFlag
from glidepath.quantity import exact_decimal
from glidepath.render.articles import WIDTH, call_now, who_to_call

ABOUT = (
    "The signs that need a person to act. One that is answered yes is an open red flag; one that was not answered has "
    "to be asked. While one is open no further step down is begun. Every line is a draft that no clinician has signed, "
    "and a time that no source gives is a proposal of this project."
)
_PROPOSAL = "proposal of this project"


def red_flags_text(flags: Iterable[RedFlag], region: Place | None) -> str:
    """The list at most 80 characters wide; who to call stands first. Ends in a line break."""
    lines = [call_now(region).replace(" for any of these:", " for every sign below that says immediate.")]
    lines += [*who_to_call(region), "", *textwrap.wrap(ABOUT, WIDTH)]
    for flag in flags:
        lines += ["", *textwrap.wrap(f"{flag.id} {flag.sign}", WIDTH, subsequent_indent="      ")]
        for word, says in _rows(flag):
            lines += textwrap.wrap(
                f"{word}: {says}", WIDTH, initial_indent="      ", subsequent_indent="        ", break_on_hyphens=False
            )
    return "\n".join(lines) + "\n"


def red_flags_page(flags: Iterable[RedFlag], generated: str) -> str:
    """The list as a page of the reference."""
    lines = [
        "# Red flags",
        "",
        generated,
        "",
        ABOUT,
        "",
        "`glidepath red-flags --region US` prints it with who to call.",
    ]
    for flag in flags:
        lines += ["", f"## {flag.id} {flag.sign}", ""]
        lines += [f"- {word}: {says}" for word, says in _rows(flag)]
    return "\n".join(lines) + "\n"


def red_flags_record(flags: Iterable[RedFlag]) -> list[dict[str, Any]]:
    """The list as plain JSON values."""
    return [
        {
            "id": flag.id,
            "key": flag.key,
            "sign": flag.sign,
            "ask": flag.ask,
            "measures": [_measured(measure) for measure in flag.measures],
            "do": flag.do,
            "by_when": flag.by_when.value,
            "by_when_basis": flag.by_when_basis,
            "by_when_status": flag.by_when_status,
            "sooner": None
            if flag.sooner is None
            else {"by_when": flag.sooner.by_when.value, "when": flag.sooner.says, "do": flag.sooner.do},
            "taper": flag.taper_says,
            "sources": list(flag.sources),
            "status": flag.status,
        }
        for flag in flags
    ]


def _rows(flag: RedFlag) -> list[tuple[str, str]]:
    basis = f"; {_PROPOSAL}" if flag.by_when_status == "project_proposal" else ""
    rows = [("ask", flag.ask)]
    if flag.measures:
        limits = "; ".join(_measured(measure) for measure in flag.measures)
        rows.append(("or measured", f"{limits} ({_PROPOSAL})"))
    rows += [("do", flag.do), ("by when", f"{flag.by_when.value} ({flag.by_when_basis}{basis})")]
    if flag.sooner is not None:
        rows.append(("sooner", f"{flag.sooner.by_when.value}, {flag.sooner.do}: {flag.sooner.says}"))
    status = flag.status.replace("_", " ")
    return [*rows, ("taper", flag.taper_says), ("sources", f"{', '.join(flag.sources)}; {status}")]


def _measured(measure: Measure) -> str:
    return f"{measure.says} over {exact_decimal(measure.over)} {measure.unit}"
