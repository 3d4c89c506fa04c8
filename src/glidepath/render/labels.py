"""Text that fits a pharmacy label: one text per product and step, in lines of at most 140 characters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from glidepath.dosing.ledger import Fill
from glidepath.dosing.regimen import Piece, Slot
from glidepath.facts.model import Product
from glidepath.render import wording
from glidepath.render.dates import month
from glidepath.render.pieces import WHEN_WORDS, pharmacy_unit, times_words, units_words
from glidepath.render.rows import is_gated, label_dates, steps_in
from glidepath.render.view import PlanView
from glidepath.taper.schedule import Step

LINE_LENGTH = 140
GATE = wording.EVENT_GATE.removesuffix(": ")


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
    """One text, or one per dose where they do not fit together.

    `clonazepam 0.125 mg ODT. From 14 December, ONLY AFTER CHECK-IN: 3 tablets (= 0.375 mg) at night.`
    """
    gate = f", {GATE}" if is_gated(view, step, fill) else ""
    head = f"{product.name}. {_dates(*label_dates(view, step, fill))}{gate}: "
    times: dict[Fraction, list[Slot]] = {}
    for intake in step.regimen.intakes:
        for piece in intake.pieces:
            if piece.product.name == product.name:
                times.setdefault(piece.units, []).append(intake.slot)
    parts = [_dose(product, units, slots) for units, slots in times.items()]
    together = f"{head}{' and '.join(parts)}."
    lines = [together] if len(together) <= LINE_LENGTH else [f"{head}{part}." for part in parts]
    if not product.form.is_per_ml and any(units.denominator != 1 for units in times):
        lines.append(wording.HALVE_ONLY)
    return tuple(lines)


def _dose(product: Product, units: Fraction, slots: list[Slot]) -> str:
    """`1 tablet (= 10 mg) morning, noon and night`."""
    when = WHEN_WORDS[slots[0]] if len(slots) == 1 else times_words(slots)
    return f"{units_words(product, units, pharmacy_unit(product))} (= {Piece(product, units).dose}) {when}"


def _dates(begins: date | None, until: date | None) -> str:
    """`From 14 December`, `From 14 December to 20 December`, `Until 13 December`, `On 14 December`."""
    last = f"{until.day} {month(until)}" if until else ""
    if begins is None:
        return f"Until {last}"
    if begins == until:
        return f"On {last}"
    return f"From {begins.day} {month(begins)}" + (f" to {last}" if last else "")


def _products(step: Step) -> tuple[Product, ...]:
    found = {piece.product.name: piece.product for intake in step.regimen.intakes for piece in intake.pieces}
    return tuple(found.values())
