"""Text that fits a pharmacy label: one text per product and step, in lines of at most 140 characters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from glidepath.dosing.ledger import Fill
from glidepath.facts.model import Product
from glidepath.render.pieces import WHEN_WORDS, piece_words
from glidepath.render.rows import is_gated, steps_in
from glidepath.render.view import PlanView
from glidepath.taper.schedule import Step

LINE_LENGTH = 140
GATE = "Only after check-in."


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What stands on one product's label for the days of one step inside one fill."""

    product: Product
    step: int
    starts: date
    days: int
    lines: tuple[str, ...]


def fill_labels(view: PlanView, fill: Fill) -> tuple[Label, ...]:
    """The labels of one fill, step by step and product by product."""
    return tuple(
        Label(product=product, step=step.number, starts=first, days=days, lines=label_lines(view, step, fill, product))
        for step, first, days in steps_in(view, fill)
        for product in _products(step)
    )


def label_lines(view: PlanView, step: Step, fill: Fill, product: Product) -> tuple[str, ...]:
    """`Take 3 tablets of 0.125 mg (= 0.375 mg) at night. Only after check-in.` as lines that fit."""
    gate = f" {GATE}" if is_gated(view, step, fill) else ""
    parts = [
        f"{piece_words(piece)} (= {piece.dose}) {WHEN_WORDS[intake.slot]}"
        for intake in step.regimen.intakes
        for piece in intake.pieces
        if piece.product.name == product.name
    ]
    together = f"Take {', and '.join(parts)}.{gate}"
    if len(together) <= LINE_LENGTH:
        return (together,)
    return tuple(f"Take {part}.{gate}" for part in parts)


def _products(step: Step) -> tuple[Product, ...]:
    found = {piece.product.name: piece.product for intake in step.regimen.intakes for piece in intake.pieces}
    return tuple(found.values())
