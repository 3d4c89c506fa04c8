"""A second opinion in a terminal: the verdict in words, a table by check, a picture with the breaches marked."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from glidepath.checker.checked import Checked
from glidepath.checker.report import Check, Report, Status, Verdict
from glidepath.checker.saying import said_back
from glidepath.quantity import exact_decimal
from glidepath.render.check_picture import picture
from glidepath.render.check_words import mg, percent, verdict_words
from glidepath.render.document import EVALUATION
from glidepath.render.terminal import console, heading, say

_MARK = {
    Status.PASS: ("pass", "green"),
    Status.CAUTION: ("caution", "yellow"),
    Status.BREACH: ("BREACH", "bold red"),
    Status.NOT_ASSESSABLE: ("cannot tell", "yellow"),
}
_WORD = {Verdict.WITHIN: "bold green", Verdict.BREACHES: "bold red", Verdict.CANNOT_TELL: "bold yellow"}
_MOST_LISTED = 40


def print_checked(checked: Checked, *, plain: bool = False) -> None:
    """Print a second opinion to standard output."""
    out = console(plain=plain)
    report = checked.report
    out.print(Text(f"{EVALUATION}. A second opinion on a written taper; it plans nothing and approves nothing."))
    out.print()
    out.print(Text(verdict_words(checked), style=_WORD[report.verdict]))
    if report.unreadable:
        _unreadable(out, report)
        return
    _read_as(out, checked)
    _checks(out, checked)
    _details(out, checked)
    lines = picture(checked, min(out.width - 2, 100))
    if lines:
        heading(out, f"The dose, in {report.measure}" if report.measure else "The dose")
        for line in lines:
            out.print(Text(f"  {line}"), soft_wrap=True)
    _suggestions(out, report)
    if report.scheme:
        heading(out, "It looks like a published scheme")
        say(out, report.scheme)
    _foot(out, checked)


def _unreadable(out: Console, report: Report) -> None:
    heading(out, "What could not be read")
    for item in report.unreadable[:_MOST_LISTED]:
        column = f" [{item.column}]" if item.column and item.row else ""
        say(out, f"{item.code}{column}: {item.says}" + (f" {item.fix}" if item.fix else ""))
    if len(report.unreadable) > _MOST_LISTED:
        say(out, f"and {len(report.unreadable) - _MOST_LISTED} more.")


def _read_as(out: Console, checked: Checked) -> None:
    taper = checked.taper
    assert taper is not None
    heading(out, "Read as")
    days = f"{taper.days} day{'s' if taper.days != 1 else ''}"
    begin = f"from {taper.starts.isoformat()}" if taper.starts is not None else "without dates"
    where = "" if checked.report.doses_only else f"; products of {checked.terms.region}"
    say(out, f"{taper.kind}, {', '.join(taper.drugs)}, {days} {begin}{where}")
    told = said_back(taper)
    for line in told[:_MOST_LISTED]:
        say(out, line)
    if len(told) > _MOST_LISTED:
        say(out, f"and {len(told) - _MOST_LISTED} more steps (all are in --format json).")
    for line in taper.assumptions:
        say(out, f"Assumed: {line}")


def _checks(out: Console, checked: Checked) -> None:
    heading(out, "Check by check")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("check")
    table.add_column("what was found")
    table.add_column("limit")
    for check in checked.report.checks:
        word, style = _MARK[check.status]
        table.add_row(Text(word, style=style), check.title, Text(_found(check, checked)), Text(check.bound))
    out.print(Padding(table, (0, 0, 0, 2)))
    for check in checked.report.checks:
        if check.status is not Status.PASS:
            word, style = _MARK[check.status]
            line = Text(word, style=style)
            line.append(f": {check.title}. {check.says}", style="not bold default")
            if check.sources:
                line.append(f" [{', '.join(check.sources)}]", style="not bold default")
            say(out, line)


def _found(check: Check, checked: Checked) -> str:
    if check.day is None or check.day < 1:
        return check.value
    shown = checked.day(check.day)
    row = f", {_line(checked)} {check.row}" if check.row else ""
    return f"{check.value} ({f'day {shown}' if isinstance(shown, int) else shown}{row})"


def _line(checked: Checked) -> str:
    return "line" if checked.taper is not None and checked.taper.kind == "letter" else "row"


def _details(out: Console, checked: Checked) -> None:
    report = checked.report
    if report.unmakeable:
        heading(out, "What cannot be dispensed as written")
        for item in report.unmakeable[:_MOST_LISTED]:
            day = checked.day(item.day)
            where = f"day {day}" if isinstance(day, int) else day
            row = f", {_line(checked)} {item.row}" if item.row else ""
            say(out, f"{where}{row}: {item.says}" + (f" {item.instead}" if item.instead else ""))
    if report.readings:
        heading(out, "The change of drug by every equivalence table")
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name in ("table", "at the start", "highest", "largest fall in 14 days"):
            table.add_column(name, justify="left" if name == "table" else "right")
        for reading in report.readings:
            worst = reading.worst_fall_14d
            table.add_row(
                f"{reading.table} ({reading.end})",
                mg(reading.start_mg),
                mg(reading.highest_mg) + (" (rises)" if reading.highest_mg > reading.start_mg else ""),
                "none" if worst is None else percent(worst.fraction),
            )
        out.print(Padding(table, (0, 0, 0, 2)))
    if report.needed and not report.unmakeable:
        heading(out, "Units that the taper takes")
        for units in report.needed:
            told = "" if units.written is None else f"; written to be supplied: {exact_decimal(units.written)}"
            say(out, f"{exact_decimal(units.needed)} x {units.product}{told}")


def _suggestions(out: Console, report: Report) -> None:
    # What would make a dose that cannot be dispensed is said above, beside it.
    shown = [s for c in report.checks if c.id not in ("products", "splits") for s in c.suggestions]
    if not shown:
        return
    heading(out, "The smallest changes that would clear this, for the prescriber to decide")
    for line in shown[:_MOST_LISTED]:
        say(out, f"- {line}")


def _foot(out: Console, checked: Checked) -> None:
    out.print()
    out.print(
        Text(
            f"Facts {checked.facts_version} ({checked.facts_digest[:12]}). {EVALUATION}. "
            "Not a prescription; the pharmacist and the prescriber decide."
        )
    )
