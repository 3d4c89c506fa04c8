"""The content of the patient calendar: one box for each day of one fill, then an outline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from glidepath.dosing.regimen import Intake, Piece
from glidepath.facts.model import Form
from glidepath.quantity import exact_decimal
from glidepath.render import wording
from glidepath.render.dates import WEEKDAYS, date_words, month, month_words, weekday
from glidepath.render.pieces import UNIT_WORDS, piece_words, slot_word, totals_words
from glidepath.render.rows import is_changed, is_gated, lasting, new_doses, steps_in
from glidepath.render.view import PlanView
from glidepath.taper.schedule import Step, StepKind

# A week of seven columns holds short words only; with longer ones each day is one strip.
_LONGEST_WORD = 13
OUTLINE_STEPS = 3
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
    fill = view.fill
    boxes = {
        first + timedelta(days=n): _box(view, step, first + timedelta(days=n))
        for step, first, days in steps_in(view, fill)
        for n in range(days)
    }
    return {
        "title": wording.PATIENT_TITLE_DRAFT if view.is_draft else wording.PATIENT_TITLE,
        "span": f"{date_words(fill.starts)} to {date_words(fill.ends)}",
        "only": f"Only for {date_words(fill.starts)} to {date_words(fill.ends)}",
        "intro": " ".join((wording.PATIENT_INTRO, *_legend(view))),
        "wait": wording.wait_text(*lasting(view)) if new_doses(view) else "",
        "weekdays": WEEKDAYS,
        "narrow": all(_is_short(box) for box in boxes.values()),
        "weeks": _weeks(view, boxes),
        "outline": _outline(view, fill.ends),
        "safety": safety_panel(view),
        "blanks": wording.BLANKS,
        "check_in": wording.CHECK_IN_BLANK,
    }


def safety_panel(view: PlanView) -> Mapping[str, object]:
    """What stands on every patient page, whatever else is on it."""
    return {
        "alone": (wording.NOT_ALONE_HEADING, wording.NOT_ALONE),
        "urgent": (wording.URGENT_HEADING, wording.URGENT),
        "call": (wording.CALL_HEADING, [wording.emergency_text(line) for line in view.emergency]),
        "call_note": f"{wording.NOT_WATCHED} {wording.emergency_list_text(view.region_name, view.emergency_list_date)}",
        "missed": (wording.MISSED_HEADING, wording.MISSED),
        "care": care_words(view),
    }


def care_words(view: PlanView) -> str:
    """What else every page says: how to swallow, what a switch may bring, what a helper watches for."""
    forms = {piece.product.form for piece in _pieces(view)}
    care = []
    if forms & {Form.CAPSULE, Form.COMBINATION_CAPSULE}:
        care.append(wording.SWALLOW_CAPSULE)
    if forms & {Form.XR_TABLET, Form.XR_CAPSULE}:
        care.append(wording.SWALLOW_SLOW)
    if any(step.kind is StepKind.SWITCH for step in view.taper.steps):
        care.append(wording.SWITCH_CARE)
    return " ".join((*care, wording.CARER))


def _pieces(view: PlanView) -> list[Piece]:
    """Every piece of the fill shown."""
    return [
        piece for step, _, _ in steps_in(view, view.fill) for intake in step.regimen.intakes for piece in intake.pieces
    ]


def _legend(view: PlanView) -> list[str]:
    """What the pictures mean, from the shapes that are really drawn."""
    pieces = _pieces(view)
    units = list(dict.fromkeys(UNIT_WORDS[p.product.form] for p in pieces if not p.product.form.is_per_ml))
    legend = []
    if units:
        legend.append(wording.LEGEND_WHOLE.format(unit=" or ".join(units)))
    if any(piece.part for piece in pieces if not piece.product.form.is_per_ml):
        legend.append(wording.LEGEND_PARTS)
    if any(piece.product.form.is_per_ml for piece in pieces):
        legend.append(wording.LEGEND_SYRINGE)
    return legend


def _box(view: PlanView, step: Step, day: date) -> Mapping[str, object]:
    return {
        "weekday": weekday(day),
        "day": str(day.day),
        "month": month(day),
        "gate": wording.GATE_MARK if is_gated(view, step, view.fill) else "",
        "intakes": [_intake(view, step, intake) for intake in step.regimen.intakes],
    }


def _intake(view: PlanView, step: Step, intake: Intake) -> Mapping[str, object]:
    drugs = {i.drug for shown, _, _ in steps_in(view, view.fill) for i in shown.regimen.intakes}
    return {
        "changed": wording.changed(view.taper.drug, intake.drug) if is_changed(view, step, intake) else "",
        "drug": intake.drug if len(drugs) > 1 else "",
        "slot": f"{slot_word(intake.slot)}:",
        "pieces": [{"picture": _picture(piece), "words": piece_words(piece)} for piece in intake.pieces],
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
    """Whether every word of a box fits a column of a week."""
    intakes = box["intakes"]
    assert isinstance(intakes, list)
    texts = [text for i in intakes for text in (i["changed"], i["total"], *(piece["words"] for piece in i["pieces"]))]
    return all(len(word) <= _LONGEST_WORD for text in texts for word in text.split())


def _weeks(view: PlanView, boxes: Mapping[date, object]) -> list[Mapping[str, object]]:
    """Rows of seven days from Monday, with a band for each new dose in them; days outside the fill are None."""
    monday = view.fill.starts - timedelta(days=view.fill.starts.weekday())
    weeks: list[Mapping[str, object]] = []
    while monday <= view.fill.ends:
        sunday = monday + timedelta(days=6)
        bands = [
            {"words": wording.gate_band(step.starts), "blank": monday <= step.starts}
            for step in new_doses(view)
            if step.starts <= sunday and step.ends >= monday
        ]
        weeks.append({"bands": bands, "days": [boxes.get(monday + timedelta(days=n)) for n in range(7)]})
        monday += timedelta(days=7)
    return weeks


def _outline(view: PlanView, after: date) -> Mapping[str, object]:
    """The next steps, by their daily total only; each waits for a check-in. Then where it all leads."""
    taper = view.taper
    later = [step for step in taper.steps if step.starts > after]
    rows = [
        {
            "from": f"From about {date_words(step.starts)}",
            "dose": " and ".join(totals_words(step.regimen, taper.drugs)) + " a day",
            "gate": wording.CHECK_IN_GATE,
        }
        for step in later[:OUTLINE_STEPS]
    ]
    then = ""
    if len(later) > OUTLINE_STEPS:
        stay = f"you stay at {taper.last_dose} {taper.last_drug} a day"
        then = wording.then_further(f"about {month_words(taper.stops_on)}" if taper.stops_on else stay)
    elif taper.stops_on:
        rows.append(
            {"from": f"From about {date_words(taper.stops_on)}", "dose": wording.STOPS, "gate": wording.CHECK_IN_GATE}
        )
    stays = "" if taper.stops_on or then else wording.STAYS
    constant = [f"{drug.capitalize()} {wording.STAYS_CONSTANT}." for drug in taper.constant]
    return {
        "heading": wording.OUTLINE_HEADING,
        "intro": wording.OUTLINE_INTRO,
        "rows": rows,
        "after": " ".join([text for text in (then, stays, *constant) if text]),
    }
