"""What a person asks of the planner: read a line, convert a dose, make a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from glidepath import __version__
from glidepath.casework.assess import assessment_findings
from glidepath.casework.goal import Understood, understand
from glidepath.casework.request import PlanRequest
from glidepath.casework.second_opinion import require_agreement
from glidepath.dosing.read_sig import Reading, read_sig
from glidepath.errors import RefusedError
from glidepath.facts.conversion import Conversion, convert_text
from glidepath.facts.formulary import Formulary, load_formulary
from glidepath.facts.model import Source
from glidepath.guidance.finding import Finding, Severity
from glidepath.patient.person import Answer
from glidepath.patient.risk import risk_findings
from glidepath.taper.options import lay_options
from glidepath.taper.proposal import Options, Proposal, Route


def read(sig: str, *, region: str = "US", comma: bool = False, formulary: Formulary | None = None) -> Reading:
    """Read a line back without planning anything."""
    return read_sig(sig, formulary or load_formulary(), region=region, comma=comma)


def convert(dose: str, *, to: str, formulary: Formulary | None = None) -> Conversion:
    """What every equivalence table makes of a dose such as `clonazepam 1.5 mg`; never one number."""
    return convert_text(formulary or load_formulary(), dose, to)


def plan(sig: str, *, today: date | None = None, formulary: Formulary | None = None, **options: Any) -> Proposal:
    """A proposal for one line; `options` are the long names of the command line with underscores.

    `today` only places a missing `start` (the first Monday after it) and judges a stated one; without it the
    machine's date is asked. Raises `GlidepathError` for bad input and refusals, and NOTHING_FEASIBLE when no route
    gives a plan; breaches are in the proposal, not raised.
    """
    clock = today or date.today()  # noqa: DTZ011 - a plan is in calendar dates of the person's own place
    request = PlanRequest.of({"sig": sig, **options}, today=clock)
    return propose(request, formulary or load_formulary())


def propose(request: PlanRequest, formulary: Formulary) -> Proposal:
    """All routes for a request, each with its proof; the same request and facts always give the same proposal.

    The checker reads every day table and must agree with the proof; otherwise OPINIONS_DIFFER and no proposal.
    """
    understood = understand(request, formulary)
    options = lay_options(understood.goal)
    if not any(option.is_planned for option in options.options):
        raise _nothing_feasible(options)
    assessment = understood.assessment
    findings = (
        *_line_findings(understood),
        *(
            risk_findings(
                _with_line(understood).person,
                understood.goal.drug,
                understood.goal.recorded,
                understood.goal.equivalences,
                formulary.thresholds,
            )
            if assessment is None
            else assessment_findings(assessment)
        ),
    )
    proposal = Proposal(
        request=request.as_record(),
        understood=understood.reading.echo,
        assumptions=understood.assumptions,
        person=_with_line(understood).person,
        findings=findings,
        options=options,
        region=formulary.region(request.region),
        sources=_sources(formulary, options, findings),
        facts_version=formulary.version,
        facts_digest=formulary.digest,
        engine_version=__version__,
        assessment=assessment,
    )
    require_agreement(proposal, formulary)
    return proposal


def _with_line(understood: Understood) -> Understood:
    """With two sedatives on the line, other sedatives are a yes, whatever was answered."""
    if not understood.goal.constant:
        return understood
    return replace(understood, person=replace(understood.person, other_sedatives=Answer.YES))


def _line_findings(understood: Understood) -> tuple[Finding, ...]:
    goal, found = understood.goal, []
    for drug in goal.constant:
        found.append(
            Finding(
                rule="one-sedative-at-a-time",
                severity=Severity.CAUTION,
                says=f"{drug} is not reduced in this plan: it stays at {goal.recorded.total(drug)} a day throughout.",
                sources=("ASAM2025",),
                status="project_proposal",
            )
        )
    if understood.slower:
        if goal.pace.sources:
            says = f"The pace is {_pace_text(understood)}, because of: {', '.join(understood.slower)}."
        else:
            why = ", ".join(understood.slower)
            says = f"The pace was set by the prescriber; the default would be slower because of: {why}."
        found.append(
            Finding(
                rule="slower-interval",
                severity=Severity.NOTE if goal.pace.sources else Severity.CAUTION,
                says=says,
                sources=("ASAM2025",),
                status="project_proposal",
            )
        )
    found += _switch_findings(understood)
    if not goal.pace.verified and goal.pace.sources:
        found.append(
            Finding(
                rule="pace-not-verified",
                severity=Severity.CAUTION,
                says=f"The pace profile {goal.pace.name} is recalled, not read at its source.",
                sources=goal.pace.sources,
                status="recalled",
            )
        )
    return tuple(found)


def _switch_findings(understood: Understood) -> list[Finding]:
    """A switch that was asked for: what it means for an older person, and that no table is the right one."""
    goal, person = understood.goal, understood.person
    if not goal.switch.asked_for or goal.switch.withheld is not None:
        return []
    found = [
        Finding(
            rule="switch-by-one-table",
            severity=Severity.CAUTION,
            says=(
                f"The switch goes by {goal.switch.table} alone; tables differ, and people differ more. Check for "
                f"sedation and withdrawal {goal.switch.check_days[0]} to {goal.switch.check_days[1]} days after each "
                "time of day is moved."
            ),
            sources=("ASAM2025", "SCOT2024"),
            status="published",
        )
    ]
    if person.age is not None and person.age >= understood.older_age:
        found.append(
            Finding(
                rule="switch-older-adult",
                severity=Severity.CAUTION,
                says=(
                    f"Age {understood.older_age} or over: {goal.switch.to} builds up over weeks; falls, confusion and "
                    "sedation may come late. Say why a switch is better than the drug that is taken now."
                ),
                saw=str(person.age),
                sources=("ASAM2025",),
                status="project_proposal",
            )
        )
    return found


def _pace_text(understood: Understood) -> str:
    pace = understood.goal.pace
    return f"{float(pace.asked_frac * 100):g} % of the current dose per {pace.interval_days} days"


def _nothing_feasible(options: Options) -> RefusedError:
    rules = {o.rule: o for o in options.options if o.route in (Route.DIRECT_PRESENT, Route.DIRECT_ALL_FORMS)}
    lines = [f"{o.route.heading}: {o.withheld}" for o in options.options if o.withheld]
    return RefusedError(
        "NOTHING_FEASIBLE",
        f"No plan can be made from the products of this region (binding: {', '.join(r for r in rules if r)}).",
        field="sig",
        fix="Name another product (--product, also a compounded one), confirm splitting (--splits), switch, or stay.",
        details=tuple(lines),
    )


def _sources(formulary: Formulary, options: Options, findings: Iterable[Finding]) -> tuple[Source, ...]:
    """Exactly the sources that facts, rules and methods of this proposal used, in order of first use."""
    goal = options.goal
    ids: list[str] = [*goal.pace.sources, *goal.ceiling_sources]
    for option in options.options:
        if option.proof is not None:
            ids += [s for check in option.proof.checks for s in check.sources]
    for drug in goal.recorded.drugs:
        ids += [row.source for row in goal.equivalences.rows.get(drug, {}).values()]
    for finding in findings:
        ids += finding.sources
    known = formulary.sources
    tables = {row.table: row.source for rows in goal.equivalences.rows.values() for row in rows.values()}
    named = dict.fromkeys(tables.get(i, i) for i in ids)
    return tuple(known[i] for i in named if i in known)
