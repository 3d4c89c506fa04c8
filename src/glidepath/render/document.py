"""The plan document: a proposal as plain JSON values with a digest over its canonical form.

Every decimal is a text; a fraction without a finite decimal is written as a ratio such as 1/3. There is no time of
writing in it: the same question and facts give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from glidepath.dosing.ledger import SupplyLedger
from glidepath.facts.model import Product
from glidepath.guidance.pace import Pace
from glidepath.patient.person import QUESTIONS
from glidepath.quantity import exact_decimal
from glidepath.render.assessment_words import assessment_lines
from glidepath.taper.proof import Check
from glidepath.taper.proposal import Option, Proposal
from glidepath.taper.schedule import Taper

FORMAT = "glidepath-plan"
FORMAT_VERSION = "1.0"
DRAFT = "DRAFT: not to be followed"
EVALUATION = "Evaluation: facts not yet reviewed by a clinician"

Document = dict[str, Any]


def to_document(proposal: Proposal) -> Document:
    """The whole proposal as plain values, with its digest."""
    goal = proposal.options.goal
    document: Document = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "status": DRAFT,
        "evaluation": EVALUATION,
        "engine_version": proposal.engine_version,
        "facts": {"version": proposal.facts_version, "digest": proposal.facts_digest},
        "request": proposal.request,
        "understood": {"line": proposal.understood, "assumptions": list(proposal.assumptions)},
        "person": {
            "age": proposal.person.age,
            "since": _day(proposal.person.since),
            "answers": {q: proposal.person.answer(q).value for q in QUESTIONS},
            "unanswered": list(proposal.unanswered),
        },
        "assessment": _assessed(proposal),
        "findings": [
            {
                "rule": f.rule,
                "severity": f.severity.value,
                "says": f.says,
                "saw": f.saw,
                "bound": f.bound,
                "sources": list(f.sources),
                "status": f.status,
            }
            for f in proposal.findings
        ],
        "region": {
            "code": proposal.region.code,
            "name": proposal.region.name,
            "paper": proposal.region.paper,
            "emergency_listed": proposal.region.emergency_listed.isoformat(),
            "emergency": [
                {"label": e.label, "contact": e.contact, "kind": e.kind, "note": e.note or "", "verified": e.verified}
                for e in proposal.region.emergency
            ],
        },
        "pace": pace_values(goal.pace),
        "ceiling": {"fall": ratio(goal.ceiling_frac), "days": goal.ceiling_days},
        "diazepam_mg_per_mg": {
            drug: {"low": ratio(span.low), "high": ratio(span.high)}
            for drug in sorted(goal.equivalences.rows)
            if (span := goal.equivalences.widest(drug, Fraction(1))) is not None
        },
        "products": _products(proposal),
        "recommended": proposal.options.recommended.value if proposal.options.recommended else None,
        "options": [_option(o) for o in proposal.options.options],
        "sources": [
            {"id": s.id, "citation": s.citation, "looked_up": s.looked_up, "address": s.address or ""}
            for s in proposal.sources
        ],
    }
    document["digest"] = digest_of(document)
    return document


def _assessed(proposal: Proposal) -> Document | None:
    """What the assessment asks for, in short; None for a plan made without a case."""
    found = proposal.assessment
    if found is None:
        return None
    return {
        "says": list(assessment_lines(found)),
        "care": found.care.value,
        "care_could_be": found.care_could_be.value,
        "emergency": found.emergency,
        "dependence": found.dependence,
        "severe_withdrawal": found.tier,
        "severe_withdrawal_could_be": found.tier_could_be,
        "answers": list(found.answers),
        "switch": found.switch,
        "review_days": found.review_days,
        "tasks": list(found.tasks),
        "tasks_unless_ruled_out": list(found.tasks_open),
        "never": list(found.never),
        "missing": list(found.missing),
        "on_record": [{"what": what, "by": by, "reason": reason} for what, by, reason in on_record(proposal.request)],
    }


def on_record(request: Mapping[str, object]) -> tuple[tuple[str, str, str], ...]:
    """Who went against or beyond the assessment: what for, name, reason."""
    said = (
        ("against the assessment", request.get("reason_by"), request.get("reason")),
        ("a specialist agrees", request.get("specialist"), request.get("specialist_reason")),
    )
    return tuple((what, str(by), str(reason)) for what, by, reason in said if by is not None)


def ratio(value: Fraction) -> str:
    """An exact decimal, or numerator/denominator where there is none."""
    try:
        return exact_decimal(value)
    except ValueError:
        return f"{value.numerator}/{value.denominator}"


def canonical(document: Document) -> bytes:
    """The form a digest is taken over: sorted keys, no spaces, UTF-8."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(document: Document) -> str:
    """SHA-256 over everything but the digest itself."""
    return hashlib.sha256(canonical({k: v for k, v in document.items() if k != "digest"})).hexdigest()


def document_text(document: Document) -> str:
    """The document as it is written to a file: indented, keys in the published order."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _products(proposal: Proposal) -> Document:
    found: dict[str, Product] = {}
    for option in proposal.options.options:
        if option.taper is not None:
            for step in option.taper.steps:
                for intake in step.regimen.intakes:
                    for piece in intake.pieces:
                        found[piece.product.name] = piece.product
    return {
        name: {
            "drug": p.drug,
            "region": p.region,
            "form": p.form.value,
            "strength": exact_decimal(p.strength),
            "halves": p.halves.value,
            "quarters": p.quarters.value,
            "compounded": p.compounded,
            "sources": list(p.sources),
            "verified": p.verified,
        }
        for name, p in sorted(found.items())
    }


def _option(option: Option) -> Document:
    entry: Document = {
        "route": option.route.value,
        "title": option.route.heading,
        "withheld": option.withheld,
        "rule": option.rule,
        "targets": [
            {"table": t.table, "low_mg": ratio(t.span.low), "high_mg": ratio(t.span.high), "verified": t.verified}
            for t in option.targets
        ],
    }
    if option.taper is None:
        return entry
    assert option.numbers is not None and option.end is not None
    assert option.proof is not None and option.ledger is not None and option.limits is not None
    n, end = option.numbers, option.end
    # A switch may go by other bands than the drug taken now: each route says the pace it was proven against.
    entry["pace"] = pace_values(option.limits.pace)
    entry["numbers"] = {
        "weeks": ratio(n.weeks),
        "reductions": n.reductions,
        "largest_fall": ratio(n.largest_fall_frac),
        "days_over_limit": n.days_over_limit,
        "strengths": n.strengths,
        "divided_units": ratio(n.divided_units),
        "units_dispensed": ratio(n.units_dispensed),
    }
    entry["end"] = {
        "last_dose_mg": end.last_dose.decimal,
        "drug": end.drug,
        "jump": end.jump,
        "reason": end.reason,
        "alternatives": list(end.alternatives),
    }
    entry["ladder"] = [{"pace": name, "days": days} for name, days in option.ladder]
    entry["plan"] = plan_values(option.taper)
    entry["proof"] = [check_values(c) for c in option.proof.checks]
    entry["supply"] = supply_values(option.ledger)
    return entry


def pace_values(pace: Pace) -> Document:
    """A pace as plain values."""
    return {
        "name": pace.name,
        "asked": ratio(pace.asked_frac),
        "interval_days": pace.interval_days,
        "max_hold_days": pace.max_hold_days,
        "rhythm": pace.rhythm,
        "bands": [
            {"above_mg": exact_decimal(b.above_mg), "decrease_mg": exact_decimal(b.decrease_mg)} for b in pace.bands
        ],
        "bands_up_to_mg": None if pace.bands_up_to_mg is None else exact_decimal(pace.bands_up_to_mg),
        "sources": list(pace.sources),
        "verified": pace.verified,
        "note": pace.note,
    }


def plan_values(taper: Taper) -> Document:
    """A taper as plain values."""
    return {
        "drug": taper.drug,
        "drugs": list(taper.drugs),
        "constant": list(taper.constant),
        "starts": taper.starts.isoformat(),
        "ends_on": taper.ends_on.isoformat(),
        "stops_on": _day(taper.stops_on),
        "ends": taper.ends,
        "steps": [
            {
                "number": s.number,
                "kind": s.kind.value,
                "starts": s.starts.isoformat(),
                "ends": s.ends.isoformat(),
                "days": s.days,
                "reduction": ratio(s.reduction_frac),
                "because": s.because,
                "intakes": [
                    {
                        "time": i.slot.value,
                        "drug": i.drug,
                        "dose_mg": i.dose.decimal,
                        "pieces": [{"product": p.product.name, "units": exact_decimal(p.units)} for p in i.pieces],
                    }
                    for i in s.regimen.intakes
                ],
            }
            for s in taper.steps
        ],
    }


def check_values(check: Check) -> Document:
    """One check of a proof as plain values."""
    return {
        "id": check.id,
        "title": check.title,
        "status": check.status.value,
        "value": check.value,
        "bound": check.bound,
        "on": _day(check.on),
        "sources": list(check.sources),
        "says": check.says,
        "by": check.by,
        "why": check.why,
    }


def supply_values(ledger: SupplyLedger) -> Document:
    """All fills as plain values."""
    return {
        "fills": [
            {
                "number": f.number,
                "starts": f.starts.isoformat(),
                "ends": f.ends.isoformat(),
                "days": f.days,
                "not_before": f.not_before.isoformat(),
                "lines": [
                    {
                        "product": x.product.name,
                        "taken": ratio(x.taken),
                        "left_before": ratio(x.left_before),
                        "from_home": ratio(x.from_home),
                        "dispensed": ratio(x.dispensed),
                        "left_after": ratio(x.left_after),
                    }
                    for x in f.lines
                ],
            }
            for f in ledger.fills
        ],
        "left_for_return": {name: ratio(units) for name, units in ledger.left_for_return.items()},
    }
