"""One route of a written plan, ready to be drawn: the view that paper, picture and calendar are made from."""

from __future__ import annotations

from fractions import Fraction

from glidepath.oversight.signature import Signature
from glidepath.patient.person import ASKS
from glidepath.render.document import Document
from glidepath.render.reading import check_of, ledger_of, option_of, products_of, taper_of
from glidepath.render.view import EmergencyLine, FindingView, PlanView, RouteRow
from glidepath.taper.falls import percent


def view_of(document: Document, route: str, signature: Signature | None = None, digest: str | None = None) -> PlanView:
    """One route of a plan document, ready to be drawn; with a signature its overrides are in the proof."""
    option = option_of(document, route)
    products = products_of(document)
    reasons = {o.check: o.reason for o in signature.overrides} if signature else {}
    checks = [check_of(c) for c in option["proof"]]
    if signature is not None:
        checks = [c.overridden(str(signature.by), reasons[c.id]) if c.id in reasons else c for c in checks]
    pace, person, region = option["pace"], document["person"], document["region"]
    rows = tuple(_row(o, document["recommended"]) for o in document["options"])
    return PlanView(
        route=route,
        route_title=option["title"],
        recommended=document["recommended"] == route,
        taper=taper_of(option["plan"], products),
        ledger=ledger_of(option["supply"], products),
        checks=tuple(checks),
        numbers=next(r for r in rows if r.route == route),
        routes=rows,
        findings=tuple(
            FindingView(
                rule=f["rule"],
                severity=f["severity"],
                says=f["says"] + _seen(f["saw"], f["bound"]),
                sources=tuple(f["sources"]),
                status=f["status"],
            )
            for f in document["findings"]
        ),
        understood=document["understood"]["line"],
        assumptions=tuple(document["understood"]["assumptions"]),
        answers=tuple((ASKS[q], answer) for q, answer in person["answers"].items()),
        unanswered=tuple(person["unanswered"]),
        end_reason=option["end"]["reason"],
        end_jump=option["end"]["jump"],
        end_alternatives=tuple(option["end"]["alternatives"]),
        notes=(
            f"Age: {person['age'] if person['age'] is not None else 'unknown'}",
            f"Taken since: {person['since'] or 'unknown'}",
        ),
        ladder=tuple((rung["pace"], weeks_text(Fraction(rung["days"], 7))) for rung in option["ladder"]),
        pace_text=pace_text(pace),
        asked_frac=Fraction(pace["asked"]),
        interval_days=pace["interval_days"],
        ceiling_frac=Fraction(document["ceiling"]["fall"]),
        ceiling_days=document["ceiling"]["days"],
        equivalents=per_mg_of(document),
        region=region["code"],
        region_name=region["name"],
        paper=region["paper"],
        emergency=tuple(
            EmergencyLine(label=e["label"], contact=e["contact"], note=e["note"], verified=e["verified"])
            for e in region["emergency"]
        ),
        emergency_list_date=region["emergency_listed"],
        sources=tuple((s["id"], s["citation"], s["looked_up"]) for s in document["sources"]),
        facts_version=document["facts"]["version"],
        facts_digest=document["facts"]["digest"],
        engine_version=document["engine_version"],
        digest=digest or document["digest"],
        assessed=_assessed_words(document["assessment"]),
        assessment_says=_said(document["assessment"]),
        needs_help_now=document["assessment"] is not None and document["assessment"]["emergency"],
        tasks=_tasks(document["assessment"]),
        signature=signature,
    )


def _seen(saw: str, bound: str) -> str:
    """What a finding saw and its bound, in brackets; a plain yes or unknown says nothing more."""
    if saw in ("", "yes", "unknown"):
        return ""
    return f" ({saw}; bound {bound})" if bound else f" ({saw})"


def per_mg_of(document: Document) -> dict[str, tuple[Fraction, Fraction]]:
    """Diazepam mg that one mg of each drug equals: lowest and highest over the loaded tables."""
    return {
        drug: (Fraction(span["low"]), Fraction(span["high"])) for drug, span in document["diazepam_mg_per_mg"].items()
    }


def pace_text(pace: Document) -> str:
    """The pace in words."""
    if pace["bands"]:
        return f"{pace['name']}: fixed steps by band, every {pace['interval_days']} days"
    return f"{pace['name']}: {percent(Fraction(pace['asked']))} of the current dose every {pace['interval_days']} days"


def weeks_text(weeks: Fraction) -> str:
    """Whole weeks, or weeks and days."""
    whole, days = divmod(int(weeks * 7), 7)
    if not days:
        return f"{whole} weeks"
    return f"{whole} weeks {days} day{'s' if days > 1 else ''}"


def _row(option: Document, recommended: str | None) -> RouteRow:
    if "plan" not in option:
        return RouteRow(
            route=option["route"],
            title=option["title"],
            recommended=False,
            weeks="",
            reductions="",
            largest_fall="",
            days_over_limit="",
            strengths="",
            divided="",
            units="",
            withheld=option["withheld"],
        )
    n = option["numbers"]
    return RouteRow(
        route=option["route"],
        title=option["title"],
        recommended=option["route"] == recommended,
        weeks=weeks_text(Fraction(n["weeks"])),
        reductions=str(n["reductions"]),
        largest_fall=percent(Fraction(n["largest_fall"])),
        days_over_limit=str(n["days_over_limit"]),
        strengths=str(n["strengths"]),
        divided=n["divided_units"],
        units=n["units_dispensed"],
        withheld="",
    )


def _tasks(assessment: Document | None) -> tuple[str, ...]:
    if assessment is None:
        return ()
    return (
        *(f"To do: {task}." for task in assessment["tasks"]),
        *(f"To do unless what is not known rules it out: {t}." for t in assessment["tasks_unless_ruled_out"]),
        *(f"Never: {never}." for never in assessment["never"]),
    )


def _assessed_words(assessment: Document | None) -> str:
    if assessment is None:
        return ""
    return f"Assessed: {assessment['care']} care, review at least every {assessment['review_days']} days"


def _said(assessment: Document | None) -> tuple[str, ...]:
    """What the assessment says, and what was recorded beside it."""
    if assessment is None:
        return ()
    recorded = (f"On record, {r['what']}: {r['by']}: {r['reason']}" for r in assessment["on_record"])
    return (*recorded, *assessment["says"])
