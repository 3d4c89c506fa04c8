"""The products a request names: what is taken, what is compounded, what may be halved, what is at home."""

from __future__ import annotations

from fractions import Fraction

from glidepath.casework.request import PlanRequest
from glidepath.dosing.supply import confirm_split
from glidepath.errors import InputError
from glidepath.facts.compounded import read_compounded
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Product


def products_said(
    request: PlanRequest, formulary: Formulary, drug: str, target: str, named: Product | None, release: str
) -> tuple[Product | None, tuple[Product, ...]]:
    """The product that is taken, and compounded products declared with --product."""
    taken_as, declared = named, []
    for text in request.product:
        try:
            product = formulary.product_named(text, request.region)
        except InputError as unknown:
            compounded = read_compounded(text, formulary, request.region)
            if compounded is None:
                raise unknown
            declared.append(compounded)
            continue
        if product.drug == drug:
            if (named is not None and product != named) or (product.form.release != release and release != "IR"):
                raise InputError(
                    "OPTION_INVALID",
                    "--product names another product than the line; a product or release is never exchanged silently.",
                    field="product",
                    fix="Correct the line or leave --product out.",
                )
            taken_as = product
            continue
        raise _not_on_the_line(product, drug)
    for product in declared:
        if product.drug not in (drug, target):
            raise _not_on_the_line(product, drug)
    return taken_as, tuple(declared)


def _not_on_the_line(product: Product, drug: str) -> InputError:
    return InputError(
        "OPTION_INVALID",
        f"--product names {product.drug}, which is not the drug that is tapered.",
        field="product",
        fix=f"Name a product of {drug}.",
    )


def confirmed_splits(request: PlanRequest, formulary: Formulary, products: tuple[Product, ...]) -> list[str]:
    names = []
    for text in request.splits:
        product = formulary.product_named(text, request.region)
        names.append(confirm_split(product, tuple(p for p in products if p.drug == product.drug)))
    return names


def stock_at_home(request: PlanRequest, formulary: Formulary, declared: tuple[Product, ...]) -> dict[str, Fraction]:
    stock: dict[str, Fraction] = {}
    own = {p.name: p for p in declared}
    for text, units in request.stock():
        product = own.get(text) or formulary.product_named(text, request.region)
        stock[product.name] = stock.get(product.name, Fraction(0)) + units
    return stock
