"""The content of the clinician summary: what was asked, the plan with its proof, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from glidepath.oversight.signature import ATTESTATION, Override, Signature
from glidepath.render import wording
from glidepath.render.dates import date_words, day_words, moment_words
from glidepath.render.pieces import day_lines, totals_words
from glidepath.render.rows import is_reduction
from glidepath.render.view import FindingView, PlanView, RouteRow
from glidepath.taper.falls import percent
from glidepath.taper.proof import Check, Status
from glidepath.taper.schedule import Step, StepKind

_SYMBOLS = {
    Status.PASS: "✓",
    Status.CAUTION: "!",
    Status.BREACH: "✗",
    Status.OVERRIDDEN: "✎",
    Status.NOT_ASSESSABLE: "?",
}

_FIRST = ("inpatient", "specialist")  # shown before anything else


def _rank(finding: FindingView) -> int:
    return _FIRST.index(finding.severity) if finding.severity in _FIRST else len(_FIRST)


def clinician_content(view: PlanView, figure: str) -> Mapping[str, object]:
    """Everything the clinician summary shows, as plain texts and lists."""
    return {
        "head": wording.SUMMARY_TITLE,
        "title": f"Taper plan: {view.taper.drug}, {view.route_title}",
        "recommended": view.recommended and view.is_draft,
        "status": status_lines(view),
        "blanks": wording.BLANKS,
        "glance": _glance(view),
        "understood": view.understood,
        "assumptions": view.assumptions,
        "answers": view.answers,
        "unanswered": [field.replace("_", " ") for field in view.unanswered],
        "routes": [_route(row, view.is_draft) for row in view.routes],
        "pace": view.pace_text,
        "steps": [_step(view, step) for step in view.taper.steps],
        "after": _after(view),
        "checks": [_check(check) for check in view.checks],
        "ending": {
            "last": f"{view.taper.last_dose} {view.taper.last_drug} a day",
            "jump": view.end_jump,
            "reason": view.end_reason,
            "alternatives": view.end_alternatives,
        },
        "ladder": view.ladder,
        "notes": view.notes,
        "tasks": view.tasks,
        "assessment": view.assessment_says,
        "help": (
            ["This needs help now, before any plan:"]
            + [f"{e.label}: {e.contact}" + (f" ({e.note})" if e.note else "") for e in view.emergency]
            if view.needs_help_now
            else []
        ),
        "first": [_finding(f) for f in sorted(view.findings, key=_rank) if f.severity in _FIRST],
        "findings": [_finding(f) for f in view.findings if f.severity not in _FIRST],
        "unchecked": wording.emergency_unchecked(view.emergency),
        "sources": [
            {"id": key, "citation": citation, "mark": "" if looked_up else wording.NOT_LOOKED_UP}
            for key, citation, looked_up in view.sources
        ],
        "versions": (
            f"Glidepath {view.engine_version}. Facts {view.facts_version}, digest {view.facts_digest}. "
            f"Region {view.region_name} ({view.region})."
        ),
        "digest": view.digest,
        "figure": figure,
    }


def status_lines(view: PlanView) -> tuple[str, ...]:
    """Whether the plan is signed, by whom, and what was overridden with what reason."""
    signature = view.signature
    if signature is None:
        return (wording.NOT_SIGNED,)
    lines = [f"{signed_words(signature)}.", ATTESTATION]
    lines += [_accepted(view, override) for override in signature.overrides]
    if signature.specialist:
        lines.append(f"Specialist named: {signature.specialist}. Reason: {signature.specialist_reason or 'none given'}")
    return tuple(lines)


def _accepted(view: PlanView, override: Override) -> str:
    """`Accepted by the prescriber: Fall in any 14 days, 50 % (0.25 to 0.125 mg). Reason: …`"""
    check = next((c for c in view.checks if c.id == override.check), None)
    what = override.check if check is None else ", ".join(text for text in (check.title, check.value) if text)
    return f"Accepted by the prescriber: {what}. Reason: {override.reason}"


def signed_words(signature: Signature, *, on_day: bool = False) -> str:
    """`Signed by Name, role, registration, 5 January 2026, 09:30 (+01:00)`; `on_day` leaves the time of day out."""
    at = moment_words(signature.at)
    return f"{wording.ATTESTED} {signature.by}, {at.partition(',')[0] if on_day else at}"


def _glance(view: PlanView) -> list[tuple[str, str]]:
    taper = view.taper
    stops = taper.stops_on
    return [
        ("Begins", f"{day_words(taper.starts)} at {taper.start_dose} {taper.drug} a day"),
        (
            "Ends",
            f"{day_words(stops)} is the first day without {taper.last_drug}"
            if stops
            else f"stays at {taper.last_dose} {taper.last_drug} a day from {day_words(taper.steps[-1].starts)}",
        ),
        ("Length", f"{view.numbers.weeks}, {view.numbers.reductions} reductions"),
        ("Largest fall", f"{view.numbers.largest_fall} (the stop is stated on its own)"),
        ("Proof", _proof_words(view.checks)),
    ]


def _proof_words(checks: Sequence[Check]) -> str:
    """`1 accepted with a reason, 1 with caution, 2 not assessable, of 14`; a breach is never left out."""
    counted = [
        (Status.BREACH, "breached"),
        (Status.OVERRIDDEN, "accepted with a reason"),
        (Status.CAUTION, "with caution"),
        (Status.NOT_ASSESSABLE, "not assessable"),
    ]
    numbers = [(sum(c.status is status for c in checks), words) for status, words in counted]
    said = [f"{number} {words}" for number, words in numbers if number]
    return f"{', '.join(said)}, of {len(checks)}" if said else f"all {len(checks)} checks pass"


def _finding(finding: FindingView) -> Mapping[str, object]:
    return {
        "severity": finding.severity.capitalize(),
        "rule": finding.rule,
        "says": finding.says,
        "sources": ", ".join(finding.sources),
        "status": finding.status.replace("_", " "),
    }


def _route(row: RouteRow, is_draft: bool) -> Mapping[str, object]:
    return {
        "title": row.title,
        "recommended": row.recommended and is_draft,
        "cells": (
            row.weeks,
            row.reductions,
            row.largest_fall,
            row.days_over_limit,
            row.strengths,
            row.divided,
            row.units,
        ),
        "withheld": row.withheld,
    }


def _step(view: PlanView, step: Step) -> Mapping[str, object]:
    if is_reduction(step):
        fall = percent(step.reduction_frac)
    else:
        fall = "as now" if step.kind is StepKind.RECORDED else "switch"
    return {
        "number": str(step.number),
        "from": day_words(step.starts),
        "to": day_words(step.ends),
        "days": f"{step.days} days" if step.days != 1 else "1 day",
        "intakes": day_lines(step.regimen),
        "totals": [f"{total} a day" for total in totals_words(step.regimen)],
        "fall": fall,
        "because": step.because,
        "constant": step.kind is StepKind.RECORDED,
    }


def _after(view: PlanView) -> str:
    taper, stops = view.taper, view.taper.stops_on
    if stops is None:
        return f"No stop: the plan stays at {taper.last_dose} {taper.last_drug} a day."
    rest = f" {', '.join(taper.constant)} stays as it is." if taper.constant else ""
    return f"{day_words(stops)}: first day without {taper.last_drug}.{rest}"


def _check(check: Check) -> Mapping[str, object]:
    because = f" Overridden by {check.by}: {check.why}" if check.by else ""
    return {
        "symbol": _SYMBOLS[check.status],
        "status": check.status.value.capitalize(),
        "plain": check.status is Status.PASS,
        "title": check.title,
        "value": check.value,
        "bound": check.bound,
        "on": date_words(check.on) if check.on else "",
        "says": check.says + because,
        "sources": ", ".join(check.sources),
    }
