"""Which products each direct route may use: the present form, and every set of marketed forms.

Releases are never mixed or exchanged: an extended-release, sublingual or immediate-release regimen stays what it
is (orally disintegrating tablets count with immediate release). Drops, sprays and combinations are never used,
and a plain solution or suspension comes before a concentrate.
"""

from __future__ import annotations

from collections.abc import Iterable

from glidepath.dosing.supply import Supply
from glidepath.facts.model import Form, Product
from glidepath.taper.goal import Goal

_PLAIN_LIQUIDS = (Form.SOLUTION, Form.SUSPENSION, Form.LIQUID)
_FORM_ORDER = (Form.TABLET, Form.CAPSULE, Form.ODT, Form.FILM)


def planned_products(products: Iterable[Product]) -> tuple[Product, ...]:
    """The products a plan may use at all."""
    return tuple(p for p in products if p.form.is_counted or p.form in (*_PLAIN_LIQUIDS, Form.CONCENTRATE))


def released(products: Iterable[Product], release: str) -> tuple[Product, ...]:
    """Products of one release; ODT goes with immediate release, in either direction."""
    group = {"IR", "ODT"} if release in ("IR", "ODT") else {release}
    return tuple(p for p in products if p.form.release in group)


def present_supply(goal: Goal, drug: str, form: Form) -> Supply:
    """All strengths of one form (for a liquid: the one that is taken, or the first plain one)."""
    products = released(goal.products.get(drug, ()), goal.release(drug))
    if form.is_liquid:
        liquids = [p for p in products if p.form is form]
        if goal.taken_as is not None and goal.taken_as.form is form and goal.taken_as.drug == drug:
            liquids = [goal.taken_as]
        return _supply(goal, (), liquids[0] if liquids else None)
    own = tuple(p for p in products if p.form is form)
    taken = goal.taken_as
    if taken is not None and taken.form is form and taken.drug == drug and taken not in own:
        own = (*own, taken)
    return _supply(goal, own, None)


def present_forms(goal: Goal, drug: str) -> tuple[Form, ...]:
    """Forms the recorded regimen may be in, the likeliest first."""
    if goal.taken_as is not None and goal.taken_as.drug == drug:
        return (goal.taken_as.form,)
    release = goal.release(drug)
    forms = {p.form for p in released(goal.products.get(drug, ()), release)}
    if release == "ODT":
        return (Form.ODT,) if Form.ODT in forms else ()
    ordered = [f for f in _FORM_ORDER if f in forms] + sorted(forms - set(_FORM_ORDER))
    return tuple(ordered)


def all_form_supplies(goal: Goal, drug: str) -> tuple[Supply, ...]:
    """Every set of marketed forms worth trying: the counted ones, and these with each liquid in turn.

    Declared compounded products are added to each set they fit. Only one liquid strength is ever used in a plan:
    two strengths of one liquid are a classic tenfold error.
    """
    release = goal.release(drug)
    products = released(goal.products.get(drug, ()), release)
    declared = [p for p in goal.declared if p.drug == drug]
    counted = tuple(p for p in products if p.form.is_counted)
    counted += tuple(p for p in declared if p.form.is_counted)
    plain = [p for p in products if p.form in _PLAIN_LIQUIDS]
    liquids = plain or [p for p in products if p.form is Form.CONCENTRATE]
    liquids += [p for p in declared if p.form.is_liquid]
    supplies = [_supply(goal, counted, None)] if counted else []
    supplies += [_supply(goal, counted, liquid) for liquid in liquids]
    return tuple(supplies)


def _supply(goal: Goal, counted: tuple[Product, ...], liquid: Product | None) -> Supply:
    return Supply(
        counted=counted,
        liquid=liquid,
        confirmed=goal.confirmed,
        max_pieces=goal.max_pieces,
        max_strengths=goal.max_strengths,
        syringe=goal.syringe,
    )
