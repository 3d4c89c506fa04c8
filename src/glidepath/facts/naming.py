"""Which written words stand for which drug: generic names, brands, and the release a brand implies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from glidepath.errors import FactsError

# A brand that ends so is a product of that release: "Xanax XR", "Ambien CR".
_XR_ENDING = re.compile(r"\b(xr|er|cr|sr|pr|retard)$")
# Sold as a sublingual tablet only, though the name does not say so.
_SL_BRANDS = frozenset({"edluar", "sublinox"})


def normal_name(text: str) -> str:
    """Lower case, hyphens and underscores as spaces, one space between words."""
    return " ".join(re.sub(r"[-_]", " ", text.casefold()).split())


def release_of_brand(brand: str) -> str | None:
    """XR or SL when the brand itself means that release, else None."""
    word = brand.casefold()
    if _XR_ENDING.search(word):
        return "XR"
    return "SL" if word in _SL_BRANDS else None


def name_index(drugs: Mapping[str, Any], lookalikes: Mapping[str, Any]) -> dict[str, dict[str, str | None]]:
    """Every lower-case name and brand, with the drug it means.

    Raises `FactsError` when one word would mean two drugs, or a drug and something that is only similar.
    """
    index: dict[str, dict[str, str | None]] = {}

    def add(word: str, drug: str, brand: str | None) -> None:
        key = normal_name(word)
        entry = {"drug": drug, "brand": brand, "release": release_of_brand(word) if brand else None}
        if index.setdefault(key, entry)["drug"] != drug:
            raise FactsError("DATA_SCHEMA", f"the name {key!r} is given to two drugs.", field="brands")

    for name, drug in drugs.items():
        for word in (name, drug.get("shown_as", name), *drug.get("also_called", ())):
            add(word, name, None)
        for brands in drug["brands"].values():
            for brand in brands:
                add(brand, name, brand)
    for name, other in lookalikes.items():
        for word in (name, *other["brands"]):
            if normal_name(word) in index:
                raise FactsError("DATA_SCHEMA", f"the look-alike {normal_name(word)!r} is a drug here.", field=name)
    return index
