"""From the words a person writes for a product to the product itself.

Strict about strength, lenient about order and style: ``clonazepam 1 mg tablet``, ``Klonopin 0.5mg``,
``alprazolam-xr-1mg``, ``diazepam 2 mg/5 mL oral solution``. Anything left over, and anything that fits two products,
is refused with the products there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from glidepath.errors import InputError, RefusedError
from glidepath.facts.model import Drug, Form, Product
from glidepath.facts.naming import normal_name
from glidepath.facts.records import DrugName
from glidepath.quantity import read_number, read_unit

_STRENGTH = re.compile(
    r"(?<![\w.,])([0-9.,]+)\s*(milligrams?|micrograms?|mg|mcg)\b(?:\s*(?:/|per)\s*([0-9.,]+)?\s*(?:ml|millilit(?:re|er)s?)\b)?",
    re.ASCII,
)

# Words that say which form is meant; the longest that fits is taken first.
_FORM_WORDS: Mapping[str, frozenset[Form]] = {
    "orally disintegrating tablet": frozenset({Form.ODT}),
    "orodispersible tablet": frozenset({Form.ODT}),
    "extended release tablet": frozenset({Form.XR_TABLET}),
    "prolonged release tablet": frozenset({Form.XR_TABLET}),
    "controlled release tablet": frozenset({Form.XR_TABLET}),
    "extended release capsule": frozenset({Form.XR_CAPSULE}),
    "prolonged release capsule": frozenset({Form.XR_CAPSULE}),
    "xr tablet": frozenset({Form.XR_TABLET}),
    "er tablet": frozenset({Form.XR_TABLET}),
    "cr tablet": frozenset({Form.XR_TABLET}),
    "xr capsule": frozenset({Form.XR_CAPSULE}),
    "er capsule": frozenset({Form.XR_CAPSULE}),
    "sublingual tablet": frozenset({Form.SL_TABLET}),
    "sl tablet": frozenset({Form.SL_TABLET}),
    "combination tablet": frozenset({Form.COMBINATION_TABLET}),
    "combination capsule": frozenset({Form.COMBINATION_CAPSULE}),
    "odt": frozenset({Form.ODT}),
    "wafer": frozenset({Form.ODT}),
    "xr": frozenset({Form.XR_TABLET, Form.XR_CAPSULE}),
    "er": frozenset({Form.XR_TABLET, Form.XR_CAPSULE}),
    "sr": frozenset({Form.XR_TABLET, Form.XR_CAPSULE}),
    "cr": frozenset({Form.XR_TABLET, Form.XR_CAPSULE}),
    "extended release": frozenset({Form.XR_TABLET, Form.XR_CAPSULE}),
    "prolonged release": frozenset({Form.XR_TABLET, Form.XR_CAPSULE}),
    "sl": frozenset({Form.SL_TABLET}),
    "sublingual": frozenset({Form.SL_TABLET}),
    "tablet": frozenset({Form.TABLET}),
    "tab": frozenset({Form.TABLET}),
    "capsule": frozenset({Form.CAPSULE}),
    "cap": frozenset({Form.CAPSULE}),
    "film": frozenset({Form.FILM}),
    "solution": frozenset({Form.SOLUTION}),
    "suspension": frozenset({Form.SUSPENSION}),
    "concentrate": frozenset({Form.CONCENTRATE}),
    "syrup": frozenset({Form.SYRUP}),
    "elixir": frozenset({Form.ELIXIR}),
    "drops": frozenset({Form.DROPS}),
    "spray": frozenset({Form.SPRAY}),
    "liquid": frozenset(form for form in Form if form.is_liquid),
}
_LONGEST_FIRST = sorted(_FORM_WORDS, key=lambda words: -len(words))
_EMPTY_WORDS = frozenset({"oral", "ir"})


def find_product(
    text: str,
    region: str,
    names: Mapping[str, DrugName],
    drug_of: Callable[[str], Drug],
    near: Callable[[str], tuple[str, ...]],
) -> Product:
    """The one product of the region that `text` names. Raises PRODUCT_UNKNOWN with those there are."""
    written = normal_name(text)
    match = _STRENGTH.search(written)
    around = written if match is None else f"{written[: match.start()]} {written[match.end() :]}"
    name, rest = _leading_name(" ".join(around.split()), names)
    if name is None:
        suggestions = near(rest.split(" ")[0]) if rest else ()
        raise InputError(
            "DRUG_UNKNOWN",
            "The product does not begin with a drug name that is known here.",
            field="product",
            fix="Write for example: clonazepam 1 mg tablet.",
            seen=text,
            details=(f"Names that look similar: {', '.join(suggestions)}.",) if suggestions else (),
        )
    marketed = [p for p in drug_of(name.drug).products if p.region == region]
    if not marketed:
        raise RefusedError(
            "PRODUCT_NOT_MARKETED",
            f"No product of {name.drug} is loaded for the region {region}.",
            field="product",
            seen=text,
        )
    forms = _forms(rest, name)
    if match is None or forms is None:
        raise _unknown(text, name.drug, region, marketed)
    strength, per_ml = _strength(match)
    fitting = [p for p in marketed if p.form in forms and p.strength == strength and p.form.is_per_ml == per_ml]
    if len(fitting) != 1:
        raise _unknown(text, name.drug, region, marketed)
    return fitting[0]


def _leading_name(words: str, names: Mapping[str, DrugName]) -> tuple[DrugName | None, str]:
    parts = words.split(" ")
    for count in range(min(len(parts), 4), 0, -1):
        if found := names.get(" ".join(parts[:count])):
            return found, " ".join(parts[count:])
    return None, words


def _forms(rest: str, name: DrugName) -> frozenset[Form] | None:
    """The forms that `rest` allows; None when a word is left over."""
    found: frozenset[Form] | None = None
    left = " ".join(re.sub(r"s\b", "", w) if w not in ("drops",) else w for w in rest.split())
    for words in _LONGEST_FIRST:
        pattern = rf"\b{words}\b"
        if found is None and re.search(pattern, left):
            left = re.sub(pattern, " ", left, count=1)
            found = _FORM_WORDS[words]
    if any(word not in _EMPTY_WORDS for word in left.split()):
        return None
    if found is None:
        # Without a word for it, a plain immediate-release product is meant; a brand can say XR or SL itself.
        wanted = name.release or "IR"
        return frozenset(f for f in Form if f.release == wanted and not f.value.startswith("combination"))
    if name.release and found == _FORM_WORDS["tablet"]:
        return frozenset({Form.XR_TABLET} if name.release == "XR" else {Form.SL_TABLET})
    if name.release and found == _FORM_WORDS["capsule"]:
        return frozenset({Form.XR_CAPSULE})
    return found


def _strength(match: re.Match[str]) -> tuple[Fraction, bool]:
    value = read_number(match[1], field="strength")
    if read_unit(match[2], field="strength") == "microgram":
        value /= 1000
    per_ml = match[0].endswith(("ml", "litre", "liter", "litres", "liters"))
    if match[3]:
        value /= read_number(match[3], field="strength")
    return value, per_ml


def _unknown(text: str, drug: str, region: str, marketed: Iterable[Product]) -> InputError:
    return InputError(
        "PRODUCT_UNKNOWN",
        f"The product is not one of {drug} that is loaded for the region {region}.",
        field="product",
        fix="Write one of those listed, with strength and form.",
        seen=text,
        details=tuple(product.name for product in marketed),
    )
