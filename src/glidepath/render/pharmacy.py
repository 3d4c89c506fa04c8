"""The content of the pharmacy packet: each fill with its products, quantities and label texts."""

from __future__ import annotations

from collections.abc import Mapping

from glidepath.dosing.ledger import Fill, SupplyLine
from glidepath.quantity import exact_decimal
from glidepath.render import wording
from glidepath.render.clinician import status_lines
from glidepath.render.dates import date_words, day_words, span_words
from glidepath.render.labels import fill_labels
from glidepath.render.pieces import dispensed_words
from glidepath.render.view import PlanView


def pharmacy_content(view: PlanView, fills: tuple[Fill, ...]) -> Mapping[str, object]:
    """Everything the pharmacy pages show for these fills."""
    everything = len(fills) == len(view.ledger.fills)
    return {
        "title": wording.PACKET_TITLE if view.is_draft else wording.PHARMACY_TITLE,
        "intro": wording.PHARMACY_INTRO if view.is_draft else wording.PHARMACY_SIGNED_INTRO,
        "cautions": (wording.PHARMACY_NO_CHECK_IN, wording.PHARMACY_LEFT),
        "status": [line for line in status_lines(view) if not line.startswith(wording.ATTESTED)],
        "blanks": wording.BLANKS,
        "fills": [_fill(view, fill) for fill in fills],
        "returns": [
            f"{name}: {exact_decimal(units)} {'mL' if ' mg/mL ' in name else 'units'}"
            for name, units in view.ledger.left_for_return.items()
        ]
        if everything
        else [],
        "emergency": [wording.emergency_text(line) for line in view.emergency],
        "unchecked": wording.emergency_unchecked(view.emergency),
    }


def _fill(view: PlanView, fill: Fill) -> Mapping[str, object]:
    labels = fill_labels(view, fill)
    steps = dict.fromkeys((label.step, label.starts, label.days) for label in labels)
    return {
        "heading": f"Fill {fill.number} of {len(view.ledger.fills)}",
        "span": span_words(fill.starts, fill.ends),
        "supply": f"{fill.days} days' supply",
        "not_before": f"Not before {day_words(fill.not_before)}",
        "lines": [_line(line) for line in fill.lines],
        "nothing": _nothing(fill),
        "labels": [
            {
                "step": f"Step {number}" if number != view.taper.steps[0].number else wording.DOSE_AS_NOW,
                "when": f"from {date_words(starts)}, {days} days" if days != 1 else f"on {date_words(starts)}",
                "texts": [label.lines for label in labels if label.step == number],
            }
            for number, starts, days in steps
        ],
    }


def _nothing(fill: Fill) -> list[str]:
    """What to do about each product that is taken but not dispensed."""
    return [
        f"{wording.NOTHING_FROM_HOME if line.from_home else wording.NOTHING_CARRIED} ({line.product.name})."
        for line in fill.lines
        if line.taken and not line.dispensed
    ]


def _line(line: SupplyLine) -> Mapping[str, object]:
    divided = line.taken.denominator != 1 and not line.product.form.is_per_ml
    return {
        "product": line.product.name,
        "dispense": dispensed_words(line.product, line.dispensed),
        "cells": [exact_decimal(n) for n in (line.taken, line.left_before, line.from_home, line.left_after)],
        "divided": divided,
    }
