"""What a pharmacy may supply for one option: products, which of them may be divided, and the limits.

Nothing is divided unless the facts say that every named maker's unit may be, or a pharmacist confirmed the
tablet in hand. Orally disintegrating, extended-release and sublingual tablets, capsules and films are never
divided, whoever confirms it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from glidepath.errors import RefusedError
from glidepath.facts.model import Form, Product, Split

NEVER_DIVIDED = frozenset(
    {
        Form.ODT,
        Form.XR_TABLET,
        Form.XR_CAPSULE,
        Form.SL_TABLET,
        Form.CAPSULE,
        Form.FILM,
        Form.COMBINATION_CAPSULE,
        Form.COMBINATION_TABLET,
    }
)


@dataclass(frozen=True, slots=True)
class Syringe:
    """The oral-syringe grid in mL: volumes are multiples of `step` from `least` to `most`."""

    step: Fraction = Fraction(1, 10)
    least: Fraction = Fraction(1, 2)
    most: Fraction = Fraction(20)

    def measures(self, volume: Fraction) -> bool:
        """Whether `volume` (mL) can be drawn up exactly in one go."""
        return self.least <= volume <= self.most and (volume / self.step).denominator == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """The products one option may use, with their limits.

    `counted` are tablets, capsules and the like, `liquid` at most one liquid. `confirmed` names the products
    that a pharmacist has confirmed may be halved. With a liquid nothing is divided: the liquid makes the rest.
    """

    counted: tuple[Product, ...]
    liquid: Product | None = None
    confirmed: frozenset[str] = frozenset()
    max_pieces: int = 4
    max_strengths: int = 3
    syringe: Syringe = Syringe()

    def smallest_part(self, product: Product) -> Fraction:
        """The smallest piece of one unit that may be given: 1, 1/2 or 1/4."""
        if self.liquid is not None or product.form in NEVER_DIVIDED:
            return Fraction(1)
        if product.quarters is Split.YES and product.halves is Split.YES:
            return Fraction(1, 4)
        if product.halves is Split.YES or product.name in self.confirmed:
            return Fraction(1, 2)
        return Fraction(1)

    @property
    def products(self) -> tuple[Product, ...]:
        return self.counted if self.liquid is None else (*self.counted, self.liquid)


def confirm_split(product: Product, alternatives: tuple[Product, ...]) -> str:
    """The name of a product that a pharmacist confirms may be halved, or a refusal.

    Only `varies` and `unknown` can be confirmed: a form that is never divided, or a tablet that every named
    maker says not to divide, stays whole (`SPLIT_FORBIDDEN`).
    """
    if product.form in NEVER_DIVIDED or product.form.is_liquid or product.halves is Split.NO:
        whole = tuple(p.name for p in alternatives if p.form.is_counted or p.form.is_liquid)
        raise RefusedError(
            "SPLIT_FORBIDDEN",
            f"{product.name} may not be split.",
            field="splits",
            fix="Use products that make the dose whole.",
            details=("Products of this drug in this region:", *whole),
        )
    return product.name
