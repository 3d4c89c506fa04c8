"""The proposal in a terminal: what was understood, options, the next four weeks, findings, proof, sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from glidepath.dosing.regimen import Intake
from glidepath.facts.conversion import Conversion
from glidepath.facts.describe import DrugFacts
from glidepath.quantity import exact_decimal, rounded_down, rounded_up
from glidepath.render.dates import date_words, day_words
from glidepath.render.document import DRAFT, EVALUATION
from glidepath.render.route_view import weeks_text
from glidepath.taper.falls import percent
from glidepath.taper.proof import Check, Status
from glidepath.taper.proposal import Option, Proposal, Route
from glidepath.taper.schedule import Step, StepKind, Taper

_MARK = {
    Status.PASS: ("pass", "green"),
    Status.CAUTION: ("caution", "yellow"),
    Status.BREACH: ("BREACH", "bold red"),
    Status.OVERRIDDEN: ("overridden", "magenta"),
    Status.NOT_ASSESSABLE: ("not assessable", "yellow"),
}
_DETAIL_DAYS = 28
_NARROWEST = 100


def console(*, plain: bool = False) -> Console:
    """A console as wide as the terminal, never narrower than the tables need when it is not one."""
    probe = Console(no_color=plain, highlight=False, emoji=False)
    if probe.is_terminal:
        return probe
    return Console(no_color=True, highlight=False, emoji=False, width=max(_NARROWEST, probe.width), markup=False)


def print_proposal(proposal: Proposal, *, plain: bool = False) -> None:
    """Print a proposal to standard output."""
    out = console(plain=plain)
    out.print(Text(DRAFT, style="bold reverse"))
    out.print(Text(EVALUATION, style="italic"))
    if proposal.is_draft:
        missing = ", ".join(q.replace("_", " ") for q in proposal.person.unanswered)
        out.print(Text(f"Cannot be signed yet; unknown: {missing}.", style="yellow"))
    out.print(Text("No assessment was made: this plan rests on the short risk questions only.", style="italic"))
    _understood(out, proposal)
    _side_by_side(out, proposal)
    first = proposal.options.first or next(o for o in proposal.options.options if o.is_planned)
    assert first.taper is not None
    asked = (Route.SWITCH, Route.REDUCE)
    for option in (first, *(o for o in proposal.options.options if o.route in asked and o is not first)):
        if option.taper is not None:
            _heading(out, f"{option.route.heading}: the next four weeks")
            out.print(_next_weeks(option.taper))
            for step in option.taper.steps:
                if step.kind is StepKind.SWITCH:
                    out.print(Padding(Text(f"From {day_words(step.starts)}: {step.because}"), (0, 0, 0, 2)))
            _heading(out, "After that")
            for line in _phases(option.taper):
                out.print(Padding(Text(line), (0, 0, 0, 2)))
            _ending(out, option)
    _findings(out, proposal)
    _proof(out, first)
    _sources(out, proposal)


def _heading(out: Console, text: str) -> None:
    out.print()
    out.print(Text(text, style="bold underline"))


def _understood(out: Console, proposal: Proposal) -> None:
    _heading(out, "Understood")
    out.print(Padding(Text(proposal.understood, style="bold"), (0, 0, 0, 2)))
    goal, person = proposal.options.goal, proposal.person
    age = "age unknown" if person.age is None else f"age {person.age}"
    since = "duration unknown" if person.since is None else f"taken since {date_words(person.since)}"
    out.print(
        Padding(Text(f"{age}; {since}; region {proposal.region.name}; starts {date_words(goal.start)}"), (0, 0, 0, 2))
    )
    pace = goal.pace
    rate = "fixed steps by band" if pace.bands else f"{percent(pace.asked_frac)} of the current dose"
    out.print(Padding(Text(f"Pace {pace.name}: {rate} every {pace.interval_days} days. {pace.note}"), (0, 0, 0, 2)))
    for assumption in proposal.assumptions:
        out.print(Padding(Text(f"Assumed: {assumption}"), (0, 0, 0, 2)))


def _side_by_side(out: Console, proposal: Proposal) -> None:
    _heading(out, "Options")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    names = ("route", "length", "steps", "largest fall", "days over 25 %", "strengths", "divided", "units")
    for name in names:
        table.add_column(name, justify="left" if name == "route" else "right", no_wrap=name != "route")
    for option in proposal.options.options:
        n = option.numbers
        if n is None:
            continue
        best = option.route is proposal.options.recommended
        table.add_row(
            f"{option.route.heading} [{option.route.value}]",
            weeks_text(n.weeks),
            str(n.reductions),
            percent(n.largest_fall_frac),
            str(n.days_over_limit),
            str(n.strengths),
            exact_decimal(n.divided_units),
            exact_decimal(n.units_dispensed),
            style="bold" if best else "",
        )
    out.print(Padding(table, (0, 0, 0, 2)))
    if proposal.options.recommended is not None:
        out.print(Padding(Text(f"The one to discuss first: {proposal.options.recommended.heading}."), (0, 0, 0, 2)))
    for option in proposal.options.options:
        if option.withheld:
            out.print(Padding(Text(f"{option.route.heading}: {option.withheld}"), (0, 0, 0, 2)))
        if option.targets and option.taper is None and option.rule == "equivalence-table":
            _targets(out, option, proposal.options.goal.switch.to)


def _targets(out: Console, option: Option, to: str) -> None:
    parts = []
    for t in option.targets:
        low, high = rounded_down(t.span.low, 2), rounded_up(t.span.high, 2)
        parts.append(f"{t.table} {low if low == high else f'{low}-{high}'}{'' if t.verified else ' (not verified)'}")
    out.print(Padding(Text(f"mg {to} a day by each table: " + "; ".join(parts)), (0, 0, 0, 4)))


def _next_weeks(taper: Taper) -> Padding:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("from", "to", "take each day", "daily total", "fall"):
        table.add_column(name, justify="right" if name in ("daily total", "fall") else "left")
    until = taper.starts + timedelta(days=_DETAIL_DAYS - 1)
    several = len(taper.drugs) + len(taper.constant) > 1
    for step in taper.steps:
        if step.starts > until:
            break
        last = min(step.ends, until)
        table.add_row(
            day_words(step.starts),
            day_words(last) + (" (goes on)" if last < step.ends else ""),
            "\n".join(intake_text(i, named=several) for i in step.regimen.intakes),
            _totals(step, taper),
            percent(step.reduction_frac) if step.reduction_frac else "",
        )
    return Padding(table, (0, 0, 0, 2))


def intake_text(intake: Intake, *, named: bool = True) -> str:
    """One intake in words, such as `night: 3 x clonazepam 0.125 mg ODT = 0.375 mg`; the drug only where `named`."""
    parts = []
    for piece in intake.pieces:
        product = piece.product
        name = product.name if named else f"{product.strength_text} {product.form.value}"
        parts.append(f"{piece.units_text} {'mL of' if product.form.is_liquid else 'x'} {name}")
    return f"{intake.slot.value}: {' + '.join(parts)} = {intake.dose}"


def _totals(step: Step, taper: Taper) -> str:
    return " + ".join(f"{step.regimen.total(d)} {d}" for d in taper.drugs if step.regimen.total(d))


def _phases(taper: Taper) -> Iterable[str]:
    """The steps after the next four weeks, folded where they are held equally long."""
    until = taper.starts + timedelta(days=_DETAIL_DAYS - 1)
    later = [s for s in taper.steps if s.starts > until]
    for (kind, days), group in groupby(later, key=lambda s: (s.kind, s.days)):
        steps = list(group)
        weeks = f"{_week(taper, steps[0].starts)} to {_week(taper, steps[-1].ends)}"
        if kind is StepKind.SWITCH:
            more = "the last time of day is" if len(steps) == 1 else f"{len(steps)} more times of day are"
            yield f"weeks {weeks}: {more} switched, {days} days each"
            continue
        falls = f"{percent(min(s.reduction_frac for s in steps))} to {percent(max(s.reduction_frac for s in steps))}"
        if len(steps) == 1:
            fall = percent(steps[0].reduction_frac)
            yield f"weeks {weeks}: {_totals(steps[0], taper)} a day for {days} days (falls {fall})"
        else:
            yield (
                f"weeks {weeks}: {len(steps)} steps from {_totals(steps[0], taper)} to {_totals(steps[-1], taper)} "
                f"a day, {days} days each (falls {falls})"
            )
    if taper.stops_on is not None:
        yield f"{day_words(taper.stops_on)}: none, only after a check-in"
    elif taper.ends == "maintain":
        yield f"from {date_words(taper.steps[-1].starts)}: stays at {_totals(taper.steps[-1], taper)} a day"


def _week(taper: Taper, day: date) -> int:
    return (day - taper.starts).days // 7 + 1


def _ending(out: Console, option: Option) -> None:
    assert option.end is not None
    _heading(out, "How it ends")
    out.print(Padding(Text(f"Last jump: {option.end.jump}. {option.end.reason}"), (0, 0, 0, 2)))
    out.print(Padding(Text("Instead: " + "; ".join(option.end.alternatives) + "."), (0, 0, 0, 2)))
    left = option.ledger.left_for_return if option.ledger is not None else {}
    if left:
        told = ", ".join(f"{exact_decimal(units)} x {name}" for name, units in left.items())
        out.print(Padding(Text(f"Left at the end, to be returned to the pharmacy: {told}."), (0, 0, 0, 2)))
    rungs = "; ".join(f"{pace}: {weeks_text(Fraction(days, 7))}" for pace, days in option.ladder)
    out.print(Padding(Text(f"This route at other paces: {rungs}."), (0, 0, 0, 2)))


def _findings(out: Console, proposal: Proposal) -> None:
    _heading(out, "Findings")
    for f in proposal.findings:
        source = f" [{', '.join(f.sources)}; {f.status.replace('_', ' ')}]" if f.sources else ""
        saw = f" ({f.saw})" if f.saw and f.saw not in ("yes", "unknown") else ""
        out.print(Padding(Text(f"{f.severity.value}: {f.says}{saw}{source}"), (0, 0, 0, 2)))


def _proof(out: Console, option: Option) -> None:
    assert option.proof is not None
    _heading(out, f"Proof of {option.route.heading.casefold()}")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("check", "", "value", "bound", "day"):
        table.add_column(name)
    for check in option.proof.checks:
        word, style = _MARK[check.status]
        table.add_row(check.title, Text(word, style=style), check.value, check.bound, _on(check))
    out.print(Padding(table, (0, 0, 0, 2)))
    for check in option.proof.checks:
        if check.status is not Status.PASS:
            out.print(Padding(Text(f"{check.id}: {check.says}"), (0, 0, 0, 2)))


def _on(check: Check) -> str:
    return "" if check.on is None else check.on.isoformat()


def _sources(out: Console, proposal: Proposal) -> None:
    _heading(out, "Sources")
    for source in proposal.sources:
        recalled = "" if source.looked_up else " (not looked up)"
        out.print(Padding(Text(f"{source.id}: {source.citation}{recalled}"), (0, 0, 0, 2)))
    out.print()
    made = f"Facts {proposal.facts_version} ({proposal.facts_digest[:12]}), Glidepath {proposal.engine_version}."
    out.print(Text(f"{made} {EVALUATION}."))


def print_drug(described: DrugFacts) -> None:
    """Print everything the facts hold on one drug; what was not read at its source is marked."""
    out = console()
    out.print(Text(f"{described.shown_as} (facts {described.version}, {described.status})", style="bold"))
    out.print(Text(f"{EVALUATION}. Marked † = not verified at its source.", style="italic"))
    for section in described.sections:
        if not section.rows:
            continue
        _heading(out, section.title)
        for row in section.rows:
            mark = "†" if row.verified is False else ""
            unit = f" {row.unit}" if row.unit else ""
            source = f" [{row.source}]" if row.source else ""
            note = f" ({row.note})" if row.note else ""
            out.print(Padding(Text(f"{row.label}: {row.value}{unit}{mark}{source}{note}"), (0, 0, 0, 2)))
    _heading(out, "Sources")
    for line in described.citations:
        out.print(Padding(Text(line), (0, 0, 0, 2)))


def print_conversion(conversion: Conversion) -> None:
    """Print what every table makes of a dose, the range, and what it means."""
    out = console()
    record = conversion.as_record()
    out.print(Text(f"{conversion.dose} {conversion.from_drug} in {conversion.to_drug}", style="bold"))
    out.print(Text(f"{EVALUATION}. Approximate; not for patients.", style="italic"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("table", "low mg", "high mg", "verified", "note"):
        table.add_column(name, justify="right" if name.endswith("mg") else "left")
    tables = record["tables"]
    assert isinstance(tables, list)
    for row in tables:
        note = row["note"] or ""
        if not row["converts"]:
            note = f"not a conversion table. {note}".strip()
        verified = "yes" if row["verified"] else "no"
        table.add_row(row["table"], row["low_mg"] or "-", row["high_mg"] or "-", verified, note)
    out.print(table)
    out.print()
    if record["low_mg"] is not None:
        out.print(Text(f"Range over all tables: {record['low_mg']} to {record['high_mg']} mg", style="bold"))
    for statement in conversion.statements:
        out.print(Text(statement))
    _heading(out, "Sources")
    for line in conversion.citations:
        out.print(Padding(Text(line), (0, 0, 0, 2)))
