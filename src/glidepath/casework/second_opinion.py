"""Two opinions on every plan: the checker reads the written day table and must agree with the proof.

Compared are what each step takes, the falls with their days and doses, the status of every check both make, and the
units taken. The checker shares no planning code; where the two differ, one of them is wrong, and no plan is released.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from glidepath import __version__
from glidepath.checker.cells import CellReader
from glidepath.checker.checked import Terms
from glidepath.checker.grid import grid_of_text
from glidepath.checker.judge import judge
from glidepath.checker.report import Fall, Report, Status
from glidepath.checker.tables import read_table
from glidepath.checker.written import WrittenTaper
from glidepath.errors import GlidepathError
from glidepath.facts.formulary import Formulary
from glidepath.render.day_table import PerMg, days_csv
from glidepath.taper.proof import Check, Limits, Proof
from glidepath.taper.proof import Status as Proven
from glidepath.taper.proposal import Option, Proposal
from glidepath.taper.schedule import Taper

# The checks that both opinions make, by their names in the proof and in the report, where all statuses must be equal.
_SAME_STATUS = {"ceiling-doses": "ceiling-doses", "splits": "splits", "switch-every-table": "switch-every-table"}
# Those in which the proof knows what was asked and the checker does not: there both must see a breach, or neither.
_SAME_BREACH = {
    "doses-equal-pieces": "doses-equal-units",
    "never-rises": "never-rises",
    "fall-in-14-days": "fall-in-14-days",
    "products": "products",
    "dates": "dates",
    "switch-table": "switch-table",
}
# Checks of the checker alone: a plan that breaches one of them is not released.
_CHECKERS_OWN = ("one-regimen-per-step", "equivalents-written", "dose-slip")


def require_agreement(proposal: Proposal, formulary: Formulary) -> None:
    """Run the checker on the day table of every planned option; OPINIONS_DIFFER with a report when it disagrees."""
    per_mg = per_mg_of_goal(proposal)
    for option in proposal.options.options:
        if option.taper is None or option.proof is None or option.limits is None:
            continue
        text = days_csv(option.taper, per_mg)
        differences = compare(text, option, proposal, formulary)
        if differences:
            raise disagreement(proposal, option, text, differences)


def per_mg_of_goal(proposal: Proposal) -> PerMg:
    """The lowest and highest diazepam mg of 1 mg of each drug, as the day table writes them."""
    equivalences = proposal.options.goal.equivalences
    return {
        drug: (span.low, span.high)
        for drug in equivalences.rows
        if (span := equivalences.widest(drug, Fraction(1))) is not None
    }


def compare(text: str, option: Option, proposal: Proposal, formulary: Formulary) -> tuple[str, ...]:
    """Every point on which the checker, reading a day table, differs from the plan and its proof; empty: they agree."""
    assert option.taper is not None and option.proof is not None and option.limits is not None
    terms = terms_of(option.limits, option.taper)
    try:
        taper, report = opinion_on(text, terms, formulary)
    except GlidepathError as error:
        return (f"the day table is refused: {error.code} {error.message}",)
    if taper is None:
        return tuple(f"row {u.row} is unreadable: {u.code} {u.says}" for u in report.unreadable)
    return (
        *_reading_differs(taper, option.taper),
        *_falls_differ(report, taper, option),
        *_statuses_differ(report, option.proof),
        *_end_differs(report, taper, option.taper),
        *_units_differ(report, option),
    )


def terms_of(limits: Limits, taper: Taper) -> Terms:
    """The terms of the plan, for the checker: region, chosen table, confirmed and compounded products."""
    pieces = {p.product.name: p.product for s in taper.steps for i in s.regimen.intakes for p in i.pieces}
    return Terms(
        region=limits.region,
        table=limits.table if len(taper.drugs) > 1 else None,
        confirmed=limits.confirmed,
        declared=tuple(p for p in pieces.values() if p.compounded),
    )


def opinion_on(text: str, terms: Terms, formulary: Formulary) -> tuple[WrittenTaper | None, Report]:
    """The checker's reading of a day table and its report on it."""
    cells = CellReader(
        formulary=formulary, region=terms.region, drug=None, declared={p.name: p for p in terms.declared}
    )
    taper, bad = read_table(grid_of_text(text), cells)
    if taper is None:
        from glidepath.checker.report import Verdict

        return None, Report(verdict=Verdict.CANNOT_TELL, unreadable=bad)
    report = judge(
        taper,
        formulary,
        region=terms.region,
        table=terms.table,
        confirmed=terms.confirmed,
        declared=terms.declared,
    )
    return taper, report


def _reading_differs(read: WrittenTaper, plan: Taper) -> Iterator[str]:
    """What each step takes, from which day to which."""
    said = [
        (
            read.on(span.first),
            read.on(span.last),
            span.step,
            sorted((e.time, e.drug, e.product, e.units) for e in span.entries if e.dose),
        )
        for span in read.spans
    ]
    meant: list[Any] = [
        (
            step.starts,
            step.ends,
            step.number,
            sorted((i.slot.value, i.drug, p.product.name, p.units) for i in step.regimen.intakes for p in i.pieces),
        )
        for step in plan.steps
    ]
    if plan.stops_on is not None:
        last = plan.steps[-1]
        stays = [
            (i.slot.value, i.drug, p.product.name, p.units)
            for i in last.regimen.intakes
            if i.drug in plan.constant
            for p in i.pieces
        ]
        meant.append((plan.stops_on, plan.stops_on, last.number + 1, sorted(stays)))
    if said != meant:
        alike = [a == b for a, b in zip(said, meant, strict=False)]
        place = alike.index(False) if False in alike else len(alike)
        yield f"the day table is not the plan from step {place} on"


def _falls_differ(report: Report, read: WrittenTaper, option: Option) -> Iterator[str]:
    assert option.proof is not None and option.numbers is not None
    for check_id, fall in (
        ("fall-per-step", report.worst_fall_step),
        ("fall-in-14-days", report.worst_fall_14d),
        ("fall-in-28-days", report.worst_fall_28d),
    ):
        check = option.proof.check(check_id)
        proven, found = _proven(check), _found(fall, read)
        if proven != found:
            yield f"{check_id}: the proof says {_said(proven)}, the checker {_said(found)}"
    if report.days_over != option.numbers.days_over_limit:
        yield f"days over the limit: the plan says {option.numbers.days_over_limit}, the checker {report.days_over}"


def _said(parts: tuple[object, ...]) -> str:
    return ", ".join(map(str, parts)) or "none"


def _proven(check: Check) -> tuple[object, ...]:
    return () if check.doses is None else (check.on, *check.doses)


def _found(fall: Fall | None, read: WrittenTaper) -> tuple[object, ...]:
    return () if fall is None else (read.on(fall.day), fall.from_mg, fall.to_mg)


def _statuses_differ(report: Report, proof: Proof) -> Iterator[str]:
    proven = {check.id: check.status for check in proof.checks}
    for ours, theirs in _SAME_STATUS.items():
        if ours in proven and (not report.has(theirs) or report.check(theirs).status.value != proven[ours].value):
            yield f"{ours}: the proof says {proven[ours].value}, the checker {_status(report, theirs)}"
    for ours, theirs in _SAME_BREACH.items():
        if ours not in proven:
            continue
        seen = report.has(theirs) and report.check(theirs).status is Status.BREACH
        if seen != (proven[ours] is Proven.BREACH) or not report.has(theirs):
            yield f"{ours}: the proof says {proven[ours].value}, the checker {_status(report, theirs)}"
    for name in _CHECKERS_OWN:
        if report.has(name) and report.check(name).status is Status.BREACH:
            yield f"{name}: {report.check(name).says}"
    known = {*_SAME_STATUS.values(), *_SAME_BREACH.values(), *_CHECKERS_OWN, "quantity"}
    for check in report.checks:
        if check.status in (Status.BREACH, Status.NOT_ASSESSABLE) and check.id not in known:
            yield f"{check.id}: {check.status.value} by the checker: {check.says}"


def _status(report: Report, check_id: str) -> str:
    return report.check(check_id).status.value if report.has(check_id) else "nothing"


def _end_differs(report: Report, read: WrittenTaper, plan: Taper) -> Iterator[str]:
    final = report.final_step
    meant = None if plan.stops_on is None else (plan.stops_on, plan.last_dose.mg)
    found = None if final is None else (read.on(final.day), final.from_mg)
    if meant != found:
        yield f"the stop: the plan says {meant}, the checker {found}"


def _units_differ(report: Report, option: Option) -> Iterator[str]:
    """The units of every product over the whole plan, against those the fills count as taken."""
    taken: dict[str, Fraction] = {}
    assert option.ledger is not None
    for fill in option.ledger.fills:
        for line in fill.lines:
            taken[line.product.name] = taken.get(line.product.name, Fraction(0)) + line.taken
    counted = {n.product: n.needed for n in report.needed}
    # The first day at zero still has the rows of a drug that goes on; no fill of this plan covers it.
    for name, units in taken.items():
        if counted.get(name) != units and not _goes_on(name, option):
            yield f"{name}: the fills take {units}, the day table {counted.get(name)}"
    yield from (f"{name}: taken, but in no fill" for name in counted if name not in taken)


def _goes_on(product: str, option: Option) -> bool:
    assert option.taper is not None
    last = option.taper.steps[-1].regimen
    return option.taper.stops_on is not None and any(
        p.product.name == product for i in last.intakes if i.drug in option.taper.constant for p in i.pieces
    )


def disagreement(proposal: Proposal, option: Option, text: str, differences: tuple[str, ...]) -> GlidepathError:
    """The error that keeps a plan back; `seen` is the report for a bug ticket, as plain values."""
    report = {
        "format": "glidepath-disagreement",
        "engine_version": __version__,
        "facts": {"version": proposal.facts_version, "digest": proposal.facts_digest},
        "request": proposal.request,
        "route": option.route.value,
        "differences": list(differences),
        "proof": [
            {"id": c.id, "status": c.status.value, "value": c.value, "on": str(c.on)}
            for c in (option.proof.checks if option.proof is not None else ())
        ],
        "day_table": text.splitlines(),
    }
    return GlidepathError(
        "OPINIONS_DIFFER",
        f"The checker does not agree with the proof of {option.route.value}; nothing was released.",
        field="proof",
        fix="This is a fault in Glidepath: please report it with the report that was written. Do not use the plan.",
        seen=report,
        details=differences[:10],
    )
