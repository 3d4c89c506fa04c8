"""A compounded product that a person declares: drug, strength and form, and nothing the facts vouch for."""

from __future__ import annotations

import re
from fractions import Fraction

from glidepath.errors import InputError
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Drug, Form, Product, Split
from glidepath.quantity import read_number

_DECLARED = re.compile(
    r"(?P<drug>[a-z][a-z _-]*?)\s+(?P<number>[0-9][0-9.,]*)\s*mg\s*(?P<per>/\s*ml)?\s+(?P<form>[a-z ]+)", re.IGNORECASE
)
_FORMS = {
    "oral suspension": Form.SUSPENSION,
    "suspension": Form.SUSPENSION,
    "oral solution": Form.SOLUTION,
    "solution": Form.SOLUTION,
    "capsule": Form.CAPSULE,
    "tablet": Form.TABLET,
}


_FINEST = 50  # a compounded strength may be this many times smaller than the smallest marketed one


def _refuse_implausible(strength: Fraction, drug: Drug) -> None:
    """A strength above every marketed unit, or far below the smallest, is a slip of the point."""
    marketed = [p.strength for p in drug.products if p.form.is_counted]
    if marketed and not min(marketed) / _FINEST <= strength <= max(marketed):
        raise InputError(
            "OPTION_INVALID",
            "The compounded strength is far from every marketed strength of the drug.",
            field="product",
            fix="Check the decimal point and the unit.",
        )


def read_compounded(text: str, formulary: Formulary, region: str) -> Product | None:
    """Read `clonazepam 0.1 mg/mL oral suspension` as a compounded product; None when it is not one.

    A liquid needs mg/mL, a capsule or tablet plain mg. It is never divided.
    """
    match = _DECLARED.fullmatch(text.strip())
    if match is None:
        return None
    form = _FORMS.get(match["form"].casefold().strip())
    if form is None or form.is_liquid != bool(match["per"]):
        return None
    drug = formulary.drug(match["drug"].casefold().strip())
    strength = read_number(match["number"], field="strength")
    _refuse_implausible(strength, drug)
    return Product(
        drug=drug.name,
        region=region,
        form=form,
        strength=strength,
        halves=Split.NO,
        quarters=Split.NO,
        compounded=True,
    )
