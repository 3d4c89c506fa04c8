"""Which product of the region a line names, by strength and form; never by likeness."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from glidepath.dosing.sig_pieces import unreadable
from glidepath.dosing.sig_words import FormWord
from glidepath.errors import InputError
from glidepath.facts.model import Drug, Form, Product
from glidepath.quantity import exact_decimal

_FORMS = {
    ("tablet", "IR"): (Form.TABLET,),
    ("tablet", "XR"): (Form.XR_TABLET,),
    ("tablet", "SL"): (Form.SL_TABLET,),
    ("tablet", "ODT"): (Form.ODT,),
    ("capsule", "IR"): (Form.CAPSULE,),
    ("capsule", "XR"): (Form.XR_CAPSULE,),
    ("film", "IR"): (Form.FILM,),
    ("", "IR"): (Form.TABLET, Form.CAPSULE, Form.FILM),
    ("", "XR"): (Form.XR_TABLET, Form.XR_CAPSULE),
    ("", "SL"): (Form.SL_TABLET,),
    ("", "ODT"): (Form.ODT,),
}
COUNTED_NOUNS = ("tablet", "capsule", "film")
_LIQUIDS = {
    "solution": (Form.SOLUTION,),
    "suspension": (Form.SUSPENSION,),
    "concentrate": (Form.CONCENTRATE,),
    "syrup": (Form.SYRUP,),
    "elixir": (Form.ELIXIR,),
}


@dataclass(frozen=True, slots=True)
class FormSaid:
    """The form and release that a line states for one drug. `noun` is empty when no form word was written."""

    noun: str
    release: str


def form_said(words: tuple[FormWord, ...], brand_release: str) -> FormSaid:
    """One form and one release from all the words on them; IR when none says otherwise.

    Raises `SIG_UNREADABLE` when the words contradict each other.
    """
    nouns = {word.noun for word in words if word.noun}
    releases = {word.release for word in words if word.release} | ({brand_release} - {""})
    noun, release = next(iter(nouns), ""), next(iter(releases), "IR")
    is_one = (noun, release) in _FORMS or release == "IR"
    if len(nouns) > 1 or len(releases) > 1 or not is_one:
        raise two_forms(nouns | releases)
    return FormSaid(noun, release)


def two_forms(said: set[str]) -> InputError:
    """The error for a line whose words on form contradict each other."""
    return unreadable(
        "The line names two forms for one drug.",
        None,
        details=(f"forms: {', '.join(sorted(said))}",),
        fix="Name each drug and form once.",
    )


def counted_candidates(products: tuple[Product, ...], strength: Fraction, said: FormSaid) -> tuple[Product, ...]:
    """The products of this strength that the words allow."""
    forms = _FORMS.get((said.noun, said.release), ())
    return tuple(p for p in products if p.form in forms and p.strength == strength)


def refuse_form_that_does_not_exist(drug: Drug, said: FormSaid, *, shown: str, region: str | None) -> None:
    """`PRODUCT_UNKNOWN` for a counted form the region does not have, or a release no region has."""
    products = tuple(p for p in drug.products if p.region == region)
    forms = _FORMS.get((said.noun, said.release), ())
    no_form = said.noun in COUNTED_NOUNS and not any(p.form in forms for p in products)
    no_release = said.release != "IR" and not any(p.form.release == said.release for p in drug.products)
    if no_form or no_release:
        raise unknown_product(products, drug=shown, region=region)


def named_product(
    products: tuple[Product, ...], strength: Fraction, said: FormSaid, *, drug: str, region: str | None
) -> Product:
    """The one counted product that is named. Raises `PRODUCT_UNKNOWN` with those that exist."""
    fitting = counted_candidates(products, strength, said)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise InputError(
            "PRODUCT_UNKNOWN",
            f"The line fits more than one product of {drug} in the region {region}.",
            field="product",
            fix="Write the form after the strength, for example tablet or capsule.",
            details=tuple(p.name for p in fitting),
        )
    raise unknown_product(products, drug=drug, region=region)


def unknown_product(products: tuple[Product, ...], *, drug: str, region: str | None) -> InputError:
    """The error that lists the region's products."""
    if region is None:
        return InputError(
            "PRODUCT_UNKNOWN",
            "No products are loaded for this place, so that none can be named.",
            field="product",
            fix="Write only the dose in mg.",
        )
    return InputError(
        "PRODUCT_UNKNOWN",
        f"The product is not one of {drug} that is loaded for the region {region}.",
        field="product",
        fix="Write one of those listed, or only the dose in mg." if products else "Write only the dose in mg.",
        details=tuple(p.name for p in products) or (f"No product of {drug} is loaded for {region}.",),
    )


def strengths_that_exist(products: tuple[Product, ...]) -> tuple[str, ...]:
    """The names of the counted products, for an error on a missing strength."""
    return tuple(p.name for p in products if p.form.is_counted)


def named_liquid(products: tuple[Product, ...], concentration: Fraction, said: FormSaid) -> tuple[Product | None, str]:
    """The region's liquid of this concentration, or None with a sentence why not.

    Raises `SIG_UNREADABLE` when a tablet, or a release that no liquid has, is named too.
    """
    if said.noun in COUNTED_NOUNS or said.release != "IR":
        raise two_forms({said.noun or said.release, "liquid"})
    liquids = tuple(p for p in products if p.form.is_liquid)
    forms = _LIQUIDS.get(said.noun)
    fitting = [
        p
        for p in liquids
        if p.strength == concentration and (forms is None or p.form in forms or p.form is Form.LIQUID)
    ]
    if len(fitting) == 1:
        return fitting[0], ""
    try:
        text = f"{exact_decimal(concentration)} mg/mL"
    except ValueError:
        text = "this concentration"
    if fitting:
        return None, f"More than one liquid of {text} exists; none was recorded as the product."
    return None, f"No liquid of {text} is loaded for the region; the dose is from the concentration as written."
