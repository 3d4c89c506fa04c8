"""A second opinion as plain JSON values, for other programs; every amount is an exact decimal or a ratio, as text."""

from __future__ import annotations

import json

from glidepath.checker.checked import Checked
from glidepath.checker.report import Fall
from glidepath.checker.saying import said_back
from glidepath.render.check_words import verdict_words
from glidepath.render.document import EVALUATION, Document, ratio

FORMAT = "glidepath-check"
FORMAT_VERSION = "1.0"


def check_document(checked: Checked) -> Document:
    """The whole second opinion. `day` is the date where the taper has dates, else the number of the day from 1."""
    report, taper = checked.report, checked.taper
    unread = taper is None

    def at(day: int, row: int) -> Document:
        return {"day": checked.day(day), "row": row or None}

    def fall(found: Fall | None) -> Document | None:
        if unread:
            return None
        if found is None:
            return {"fraction": "0", "day": None, "row": None, "from_mg": None, "to_mg": None, "from_day": None}
        return {
            "fraction": ratio(found.fraction),
            **at(found.day, found.row),
            "from_mg": ratio(found.from_mg),
            "to_mg": ratio(found.to_mg),
            "from_day": checked.day(found.from_day) if found.from_day else None,
        }

    first, final = report.first_over_25_in_14d, report.final_step
    assessed = report.has("fall-in-14-days")
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "evaluation": EVALUATION,
        "engine_version": checked.engine_version,
        "facts": {"version": checked.facts_version, "digest": checked.facts_digest},
        "read_from": taper.kind if taper is not None else None,
        "region": checked.terms.region,
        "table": checked.terms.table,
        "doses_only": report.doses_only,
        "verdict": report.verdict.value,
        "says": verdict_words(checked),
        "understood": list(said_back(taper)) if taper is not None else [],
        "assumptions": list(taper.assumptions) if taper is not None else [],
        "drugs": list(taper.drugs) if taper is not None else [],
        "days": taper.days if taper is not None else None,
        "measure": report.measure or None,
        "worst_fall_step": fall(report.worst_fall_step) if assessed else None,
        "worst_fall_14d": fall(report.worst_fall_14d) if assessed else None,
        "worst_fall_28d": fall(report.worst_fall_28d) if assessed else None,
        "first_over_25_in_14d": None
        if first is None
        else {**at(first.day, first.row), "dose_mg": ratio(first.from_mg), "to_mg": ratio(first.to_mg)},
        "final_step": None
        if final is None
        else {
            **at(final.day, final.row),
            "from_mg": ratio(final.from_mg),
            "to_mg": ratio(final.to_mg),
            "last_doses": {drug: ratio(dose) for drug, dose in report.last_doses},
        },
        "days_over_25_in_14d": report.days_over,
        "rises": [
            {
                **at(r.day, r.row),
                "drug": r.drug or None,
                "time": r.time or None,
                "from_mg": ratio(r.from_mg),
                "to_mg": ratio(r.to_mg),
            }
            for r in report.rises
        ],
        "uncovered_days": [
            {**at(day, row), "drug": drug}
            for drug, first_day, last, row in (
                *((None, *run) for run in report.uncovered_days),
                *report.unsaid,
            )
            for day in range(first_day, last + 1)
        ],
        "covered_twice": [
            at(day, row) for first_day, last, row in report.covered_twice for day in range(first_day, last + 1)
        ],
        "unmakeable": [
            {
                **at(u.day, u.row),
                "drug": u.drug,
                "time": u.time or None,
                "product": u.product or None,
                "dose_mg": ratio(u.dose_mg),
                "reason": u.reason,
                "says": u.says,
                "instead": u.instead,
            }
            for u in report.unmakeable
        ],
        "unreadable": [
            {"row": u.row or None, "column": u.column or None, "code": u.code, "says": u.says, "fix": u.fix}
            for u in report.unreadable
        ],
        "quantities": [
            {
                "product": n.product,
                "needed": ratio(n.needed),
                "written": None if n.written is None else ratio(n.written),
            }
            for n in report.needed
        ],
        "equivalents": [
            {
                "table": r.table,
                "end": r.end,
                "start_mg": ratio(r.start_mg),
                "highest_mg": ratio(r.highest_mg),
                "highest_day": checked.day(r.highest_day) if r.highest_day else None,
                "worst_fall_14d": fall(r.worst_fall_14d),
            }
            for r in report.readings
        ],
        "scheme": report.scheme,
        "checks": [
            {
                "id": c.id,
                "title": c.title,
                "status": c.status.value,
                "required": c.required,
                "value": c.value,
                "bound": c.bound,
                "day": None if c.day is None else checked.day(c.day),
                "row": c.row or None,
                "says": c.says,
                "sources": list(c.sources),
                "suggestions": list(c.suggestions),
            }
            for c in report.checks
        ],
    }


def check_text(checked: Checked) -> str:
    """The second opinion as the text of a JSON file."""
    return json.dumps(check_document(checked), indent=1, ensure_ascii=False) + "\n"
