"""The proposal in a terminal: what matters most first, then options, the next four weeks, proof and sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from glidepath.dosing.regimen import Intake, Piece
from glidepath.guidance.finding import Severity
from glidepath.patient.assessment import Assessment
from glidepath.quantity import exact_decimal, rounded_down, rounded_up, trimmed
from glidepath.render.assessment_words import assessment_lines, review_line
from glidepath.render.dates import date_words, day_words
from glidepath.render.document import DRAFT, EVALUATION, on_record
from glidepath.render.route_view import weeks_text
from glidepath.render.wording import NOT_ASSESSED
from glidepath.taper.falls import percent
from glidepath.taper.proof import Status
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
_PARTS = {Fraction(1, 4): "a quarter", Fraction(1, 2): "a half", Fraction(3, 4): "three quarters"}


def console(*, plain: bool = False) -> Console:
    """A console as wide as the terminal; wide enough for the tables where the output is not one."""
    probe = Console(no_color=plain, highlight=False, emoji=False, markup=False)
    if probe.is_terminal:
        return probe
    return Console(no_color=True, highlight=False, emoji=False, markup=False, width=max(_NARROWEST, probe.width))


def heading(out: Console, text: str) -> None:
    """A heading with a line of space before it."""
    out.print()
    out.print(Text(text, style="bold underline"))


def say(out: Console, text: str | Text, *, indent: int = 2, style: str = "") -> None:
    """One paragraph, indented."""
    shown = text if isinstance(text, Text) else Text(text, style=style)
    out.print(Padding(shown, (0, 0, 0, indent), expand=False))


def print_proposal(proposal: Proposal, *, plain: bool = False) -> None:
    """Print a proposal to standard output."""
    out = console(plain=plain)
    first = proposal.options.first or next(o for o in proposal.options.options if o.is_planned)
    asked = [o for o in proposal.options.options if o.is_planned and o.route in (Route.SWITCH, Route.REDUCE)]
    out.print(Text(DRAFT, style="bold reverse"))
    out.print(Text(EVALUATION, style="italic"))
    out.print(Text(f"{assessed_words(proposal)}.", style="italic"))
    if proposal.assessment is not None and proposal.assessment.emergency:
        out.print(Text("This needs help now, before any plan:", style="bold red"))
        for line in proposal.region.emergency:
            say(out, f"{line.label}: {line.contact}" + (f" ({line.note})" if line.note else ""), style="bold")
    _in_short(out, proposal, first)
    _findings(out, proposal)
    if proposal.assessment is not None:
        heading(out, "What the assessment says")
        for what, by, reason in on_record(proposal.request):
            say(out, f"On record, {what}: {by}: {reason}", style="bold")
        for says in assessment_lines(proposal.assessment):
            say(out, says, indent=4 if says.startswith("Why") else 2)
        heading(out, "What the assessment asks for")
        say_tasks(out, proposal.assessment)
    _understood(out, proposal)
    _side_by_side(out, proposal)
    for option in (first, *(o for o in asked if o is not first)):
        _route(out, option)
    _sources(out, proposal)


def say_tasks(out: Console, assessment: Assessment) -> None:
    """What is to be done beside a plan, what may be, and what never is."""
    for task in assessment.tasks:
        say(out, f"To do: {task}.")
    if assessment.tasks_open:
        say(out, f"To do unless what is not known rules it out: {'; '.join(assessment.tasks_open)}.")
    for never in assessment.never:
        say(out, f"Never: {never}.")


def assessed_words(proposal: Proposal) -> str:
    """Whether an assessment stands behind the plan, and what it asks for."""
    if proposal.assessment is None:
        return f"{NOT_ASSESSED}: this plan rests on the short risk questions only"
    return f"Assessed: {proposal.assessment.care.value} care. {review_line(proposal.assessment).removesuffix('.')}"


def _in_short(out: Console, proposal: Proposal, first: Option) -> None:
    """What a prescriber can stop after: the first cut, the length, what still needs a reason or an answer."""
    assert first.taper is not None and first.numbers is not None and first.proof is not None
    taper, n = first.taper, first.numbers
    after = taper.steps[1] if len(taper.steps) > 1 else taper.steps[0]
    cut = f"first change on {day_words(after.starts)} to {_totals(after, taper)}"
    length = f"{weeks_text(n.weeks)}, {n.reductions} step{'s' if n.reductions != 1 else ''}"
    out.print()
    say(out, f"{_totals(taper.steps[0], taper)} a day; {cut}; {length}.", indent=0, style="bold")
    if first.proof.breaches:
        told = "; ".join(f"{c.title.casefold()}: {c.value}" for c in first.proof.breaches)
        say(out, f"Needs the prescriber's reason before it can be signed: {told}.", indent=0)
    if proposal.is_draft:
        missing = ", ".join(q.replace("_", " ") for q in proposal.unanswered)
        say(out, f"Cannot be signed yet; unknown, which is never no: {missing}.", indent=0, style="yellow")


def _findings(out: Console, proposal: Proposal) -> None:
    """The findings; questions nobody answered are named once, above."""
    shown = [f for f in proposal.findings if not (f.rule.startswith("answer-") and f.saw == "unknown")]
    if not shown:
        return
    heading(out, "Findings")
    for f in shown:
        source = f" [{', '.join(f.sources)}; {f.status.replace('_', ' ')}]" if f.sources else ""
        saw = f" ({f.saw})" if f.saw not in ("", "yes", "unknown") else ""
        grave = f.severity in (Severity.SPECIALIST, Severity.INPATIENT)
        say(out, f"{f.severity.value}: {f.says}{saw}{source}", style="bold" if grave else "")


def _understood(out: Console, proposal: Proposal) -> None:
    heading(out, "Understood")
    goal, person = proposal.options.goal, proposal.person
    age = "age unknown" if person.age is None else f"age {person.age}"
    since = "duration unknown" if person.since is None else f"taken since {date_words(person.since)}"
    say(out, proposal.understood, style="bold")
    say(out, f"{age}; {since}; region {proposal.region.name}; starts {date_words(goal.start)}")
    pace = goal.pace
    rate = "fixed steps by band" if pace.bands else f"{percent(pace.asked_frac)} of the current dose"
    say(out, f"Pace {pace.name}: {rate} every {pace.interval_days} days. {pace.note}".rstrip())
    for assumption in proposal.assumptions:
        say(out, f"Assumed: {assumption}")


def _side_by_side(out: Console, proposal: Proposal) -> None:
    heading(out, "Options")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    wide = out.width >= _NARROWEST
    names = ["route", "length", "steps", "largest fall", "days over 25 %"]
    names += ["strengths", "divided", "units"] if wide else []
    for name in names:
        table.add_column(name, justify="left" if name == "route" else "right", no_wrap=name == "route")
    for option in proposal.options.options:
        n = option.numbers
        if n is None:
            continue
        best = option.route is proposal.options.recommended
        cells = [
            Text(f"{option.route.heading}\n  {option.route.value}"),
            Text(weeks_text(n.weeks)),
            Text(str(n.reductions)),
            Text(percent(n.largest_fall_frac)),
            Text(str(n.days_over_limit)),
        ]
        if wide:
            counts = (str(n.strengths), exact_decimal(n.divided_units), exact_decimal(n.units_dispensed))
            cells += [Text(count) for count in counts]
        table.add_row(*cells, style="bold" if best else "")
    out.print(Padding(table, (0, 0, 0, 2)))
    if proposal.options.recommended is not None:
        say(out, f"The one to discuss first: {proposal.options.recommended.heading}.")
    for option in proposal.options.options:
        if option.withheld:
            say(out, f"{option.route.heading}: {option.withheld}")
        if option.targets and option.taper is None and option.rule == "equivalence-table":
            _targets(out, option, proposal.options.goal.switch.to)


def _targets(out: Console, option: Option, to: str) -> None:
    parts = []
    for t in option.targets:
        low, high = trimmed(rounded_down(t.span.low, 2)), trimmed(rounded_up(t.span.high, 2))
        parts.append(f"{t.table} {low if low == high else f'{low}-{high}'}{'' if t.verified else ' (not verified)'}")
    say(out, f"mg {to} a day by each table: " + "; ".join(parts), indent=4)


def _route(out: Console, option: Option) -> None:
    """One route: the next four weeks, the rest folded, its end and its proof."""
    assert option.taper is not None
    heading(out, f"{option.route.heading}: the next four weeks")
    out.print(_next_weeks(option.taper))
    for step in option.taper.steps:
        if step.kind is StepKind.SWITCH:
            say(out, f"From {day_words(step.starts)}: {step.because}")
    heading(out, "After that")
    for line in _phases(option.taper):
        say(out, line)
    _ending(out, option)
    _proof(out, option)


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
        parts.append(f"{piece.units_text} mL of {name}" if product.form.is_liquid else f"{_counted(piece)} {name}")
    return f"{intake.slot.value}: {' + '.join(parts)} = {intake.dose}"


def _counted(piece: Piece) -> str:
    """`2 x`, `half of a` or `1 and a half x`: a count never stands as a decimal beside a strength."""
    part = _PARTS.get(piece.part, "")
    if not part:
        return f"{piece.whole_units} x"
    return f"{piece.whole_units} and {part} x" if piece.whole_units else f"{part.removeprefix('a ')} of a"


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
        elif len(steps) == 1:
            fall = percent(steps[0].reduction_frac)
            yield f"weeks {weeks}: {_totals(steps[0], taper)} a day for {days} days (falls {fall})"
        else:
            least, most = (percent(pick(s.reduction_frac for s in steps)) for pick in (min, max))
            yield (
                f"weeks {weeks}: {len(steps)} steps from {_totals(steps[0], taper)} to {_totals(steps[-1], taper)} "
                f"a day, {days} days each (falls {least if least == most else f'{least} to {most}'})"
            )
    if taper.stops_on is not None:
        yield f"{day_words(taper.stops_on)}: none, only after a check-in"
    elif taper.ends == "maintain":
        yield f"from {date_words(taper.steps[-1].starts)}: stays at {_totals(taper.steps[-1], taper)} a day"


def _week(taper: Taper, day: date) -> int:
    return (day - taper.starts).days // 7 + 1


def _ending(out: Console, option: Option) -> None:
    assert option.end is not None
    heading(out, "How it ends")
    say(out, f"Last jump: {option.end.jump}. {option.end.reason}")
    say(out, "Instead: " + "; ".join(option.end.alternatives) + ".")
    left = option.ledger.left_for_return if option.ledger is not None else {}
    if left:
        told = ", ".join(f"{exact_decimal(units)} x {name}" for name, units in left.items())
        say(out, f"Left at the end, to be returned to the pharmacy: {told}.")
    rungs = "; ".join(f"{pace}: {weeks_text(Fraction(days, 7))}" for pace, days in option.ladder)
    say(out, f"This route at other paces: {rungs}.")


def _proof(out: Console, option: Option) -> None:
    """How many checks pass, and each that does not with value, bound and day; all are in the PDF and in plan.json."""
    assert option.proof is not None
    checks = option.proof.checks
    passed = [c for c in checks if c.status is Status.PASS]
    heading(out, f"Proof of {option.route.heading.casefold()}: {len(passed)} of {len(checks)} checks pass")
    say(out, "pass: " + "; ".join(c.title.casefold() for c in passed))
    for check in checks:
        if check.status is Status.PASS:
            continue
        word, style = _MARK[check.status]
        on = "" if check.on is None else f" on {check.on.isoformat()}"
        bound = f"; bound: {check.bound}" if check.bound else ""
        line = Text(word, style=style)
        line.append(f": {check.title} ({check.id}): {check.value}{on}{bound}. {check.says}", style="not bold default")
        say(out, line)


def _sources(out: Console, proposal: Proposal) -> None:
    """The sources by name; the whole citations are in the PDF and in plan.json."""
    heading(out, "Sources (cited in full in plan.pdf and plan.json)")
    say(out, ", ".join(s.id for s in proposal.sources if s.looked_up))
    recalled = ", ".join(s.id for s in proposal.sources if not s.looked_up)
    if recalled:
        say(out, f"Recalled, not looked up: {recalled}")
    out.print()
    made = f"Facts {proposal.facts_version} ({proposal.facts_digest[:12]}), Glidepath {proposal.engine_version}."
    out.print(Text(f"{made} {EVALUATION}."))
