"""The content of the patient calendar: one box for each day of the first fill, then an outline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from glidepath.dosing.regimen import Intake, Piece
from glidepath.facts.model import Form
from glidepath.quantity import exact_decimal
from glidepath.render import wording
from glidepath.render.dates import WEEKDAYS, date_words, month, weekday
from glidepath.render.pieces import piece_words, slot_word, totals_words
from glidepath.render.rows import is_gated, steps_in
from glidepath.render.view import PlanView
from glidepath.taper.schedule import Step

# A week of seven columns holds short boxes only; longer ones get one strip per day.
_LONGEST_WORD = 13
_MOST_LINES = 14
_SHAPES = {
    Form.TABLET: "tablet",
    Form.ODT: "dissolving",
    Form.SL_TABLET: "dissolving",
    Form.XR_TABLET: "slow",
    Form.CAPSULE: "capsule",
    Form.XR_CAPSULE: "slow-capsule",
    Form.FILM: "film",
}
_SYRINGES_ML = (1, 3, 5, 10, 20)


def patient_content(view: PlanView) -> Mapping[str, object]:
    """Everything the patient pages show: weeks of boxes, the outline, and the safety panel."""
    fill = view.ledger.fills[0]
    boxes = {
        first + timedelta(days=n): _box(view, step, first + timedelta(days=n))
        for step, first, days in steps_in(view, fill)
        for n in range(days)
    }
    return {
        "title": wording.PATIENT_TITLE_DRAFT if view.is_draft else wording.PATIENT_TITLE,
        "span": f"{date_words(fill.starts)} to {date_words(fill.ends)}",
        "only": f"Only for {date_words(fill.starts)} to {date_words(fill.ends)}",
        "intro": wording.PATIENT_INTRO,
        "wait": wording.wait_text(_lasts_until(view)),
        "weekdays": WEEKDAYS,
        "layout": "weeks" if all(_is_short(box) for box in boxes.values()) else "strips",
        "weeks": _weeks(boxes, fill.starts, fill.ends),
        "outline": _outline(view, fill.ends),
        "safety": safety_panel(view),
        "blanks": wording.BLANKS,
    }


def _lasts_until(view: PlanView) -> date | None:
    """The last day this fill surely covers the dose it begins with; None when it holds no other dose."""
    stretches = list(steps_in(view, view.ledger.fills[0]))
    if len(stretches) < 2:
        return None
    _, first, days = stretches[0]
    return first + timedelta(days=days - 1)


def safety_panel(view: PlanView) -> Mapping[str, object]:
    """What stands on every patient page, whatever else is on it."""
    return {
        "alone": (wording.NOT_ALONE_HEADING, wording.NOT_ALONE),
        "urgent": (wording.URGENT_HEADING, wording.URGENT),
        "call": (wording.CALL_HEADING, [wording.emergency_text(line) for line in view.emergency]),
        "call_note": wording.emergency_list_text(view.region_name, view.emergency_list_date, view.emergency),
        "missed": (wording.MISSED_HEADING, wording.MISSED),
    }


def _box(view: PlanView, step: Step, day: date) -> Mapping[str, object]:
    return {
        "weekday": weekday(day),
        "day": str(day.day),
        "month": month(day),
        "gate": wording.NEW_DOSE if is_gated(view, step) and day == step.starts else "",
        "intakes": [_intake(intake) for intake in step.regimen.intakes],
    }


def _intake(intake: Intake) -> Mapping[str, object]:
    return {
        "slot": f"{slot_word(intake.slot)}:",
        "pictures": [_picture(piece) for piece in intake.pieces],
        "lines": [("plus " if n else "") + piece_words(piece) for n, piece in enumerate(intake.pieces)],
        "total": f"= {intake.dose} {intake.drug}",
    }


def _picture(piece: Piece) -> Mapping[str, object]:
    if piece.product.form.is_per_ml:
        size = next((s for s in _SYRINGES_ML if piece.units <= s), _SYRINGES_ML[-1])
        return {"shape": "syringe", "filled": min(float(piece.units) / size, 1.0), "whole": 0, "part": "", "size": size}
    return {
        "shape": _SHAPES.get(piece.product.form, "tablet"),
        "whole": piece.whole_units,
        "part": exact_decimal(piece.part) if piece.part else "",
    }


def _is_short(box: Mapping[str, object]) -> bool:
    intakes = box["intakes"]
    assert isinstance(intakes, list)
    texts = [text for intake in intakes for text in (*intake["lines"], intake["total"])]
    lines = sum(-(-len(text) // _LONGEST_WORD) for text in texts) + len(intakes)
    return lines <= _MOST_LINES and all(len(word) <= _LONGEST_WORD for text in texts for word in text.split())


def _weeks(boxes: Mapping[date, object], first: date, last: date) -> list[list[object]]:
    """Rows of seven days from Monday; days outside the fill are None."""
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while monday <= last:
        weeks.append([boxes.get(monday + timedelta(days=n)) for n in range(7)])
        monday += timedelta(days=7)
    return weeks


def _outline(view: PlanView, after: date) -> Mapping[str, object]:
    """Later steps, by their daily total only; each waits for a check-in."""
    taper = view.taper
    rows = [
        {
            "from": f"From about {date_words(step.starts)}",
            "dose": " and ".join(totals_words(step.regimen, taper.drugs)) + " a day",
            "gate": wording.CHECK_IN_GATE,
        }
        for step in taper.steps
        if step.starts > after
    ]
    if stops := taper.stops_on:
        rows.append({"from": f"From about {date_words(stops)}", "dose": wording.STOPS, "gate": wording.CHECK_IN_GATE})
    stays = "" if stops else wording.STAYS
    constant = [f"{drug} {wording.STAYS_CONSTANT}." for drug in taper.constant]
    return {
        "heading": wording.OUTLINE_HEADING,
        "intro": wording.OUTLINE_INTRO,
        "rows": rows,
        "after": " ".join([text for text in (stays, *constant) if text]),
    }
