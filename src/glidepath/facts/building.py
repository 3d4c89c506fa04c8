"""From the compiled records to the nouns of the facts. The compiler has checked every field before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from glidepath.facts.model import Ceiling, Drug, Equivalent, Estimate, Identifier, Source
from glidepath.facts.products import products_of
from glidepath.facts.records import (
    BandLimit,
    BoxedWarning,
    DoseBand,
    Elsewhere,
    EmergencyLine,
    LookAlike,
    PaceBand,
    PaceProfile,
    Region,
    Rule,
    Threshold,
)

_Raw = Mapping[str, Any]

# What the model does not give its own noun: kept whole for whoever computes with it.
_PHARMACOLOGY = (
    "pk_moiety",
    "moiety_factor",
    "one_compartment",
    "two_compartment",
    "chain",
    "covariates",
    "kinetic_tests",
    "receptor_ki",
    "additional",
    "confidence",
    "who_ddd",
)


def frozen(value: Any) -> Any:
    """The same nesting, read-only: mappings stay mappings, lists become tuples."""
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    return value


def frozen_mapping(value: _Raw) -> Mapping[str, Any]:
    """`frozen` for a mapping."""
    return MappingProxyType({key: frozen(item) for key, item in value.items()})


def drug_from(raw: _Raw) -> Drug:
    """One drug with its products merged over makers."""
    kinetics = MappingProxyType({key: estimate_from(value) for key, value in raw["kinetics"].items()})
    return Drug(
        name=raw["name"],
        drug_class=raw["class"],
        role=raw["role"],
        not_planned=raw["not_planned"],
        brands=MappingProxyType({region: tuple(names) for region, names in raw["brands"].items()}),
        identifiers=tuple(Identifier(**row) for row in raw["identifiers"] if row["code"] is not None),
        products=products_of(raw["name"], raw["products"]),
        equivalents=_equivalents(raw),
        ceilings=tuple(Ceiling(**{**row, "mg_per_day": Fraction(row["mg_per_day"])}) for row in raw["ceilings"]),
        indications=tuple(raw["indications"]),
        contraindications=tuple(raw["contraindications"]),
        interactions=tuple(raw["interactions"]),
        pregnancy=raw["pregnancy"],
        lactation=estimate_from(raw["lactation"]),
        safety_text_source=raw["safety_text_source"],
        half_life_h=kinetics.get("t_half"),
        kinetics=kinetics,
        pharmacology=MappingProxyType({key: frozen(raw[key]) for key in _PHARMACOLOGY if key in raw}),
        shown_as=raw.get("shown_as", raw["name"]),
        brand_notes=tuple(raw.get("brand_notes", ())),
        identifier_note=raw.get("identifier_note"),
    )


def estimate_from(raw: _Raw) -> Estimate:
    """A published or derived figure; its numbers stay the text of the source."""
    return Estimate(
        value=raw.get("value"),
        unit=raw["unit"],
        source=raw["source"],
        verified=raw["verified"],
        low=raw.get("low"),
        high=raw.get("high"),
        note=raw.get("note"),
    )


def _equivalents(raw: _Raw) -> tuple[Equivalent, ...]:
    # The WHO daily dose is no equivalent: it stays with the pharmacology, where nothing converts.
    return tuple(
        Equivalent(
            table=row["table"],
            low_mg=Fraction(row["low"]),
            high_mg=Fraction(row["high"]),
            source=row["source"],
            verified=row["verified"],
            converts=row["converts"],
            note=row.get("note"),
            point=row.get("point"),
        )
        for row in raw["equivalents"]
    )


def sources_from(raw: _Raw) -> dict[str, Source]:
    return {
        key: Source(
            id=key,
            citation=item["citation"],
            looked_up=item["looked_up"],
            address=next(iter(item["addresses"]), None),
            more_addresses=tuple(item["addresses"][1:]),
            note=item.get("note"),
        )
        for key, item in raw.items()
    }


def regions_from(raw: _Raw) -> dict[str, Region]:
    listed = date.fromisoformat(raw["list_date"])
    return {
        code: Region(
            code=code,
            name=item["name"],
            language=item["language"],
            paper=item["paper"],
            emergency=tuple(EmergencyLine(**line) for line in item["emergency"]),
            emergency_listed=listed,
        )
        for code, item in raw["regions"].items()
    }


def elsewhere_from(raw: _Raw) -> dict[str, Elsewhere]:
    listed = date.fromisoformat(raw["list_date"])
    return {
        code: Elsewhere(
            code=code,
            name=item["name"],
            emergency=tuple(EmergencyLine(**line) for line in item["emergency"]),
            emergency_listed=listed,
        )
        for code, item in raw["elsewhere"].items()
    }


def profiles_from(raw: _Raw) -> dict[str, PaceProfile]:
    return {item["name"]: _profile(item) for item in _in_order(raw)}


def _profile(item: _Raw) -> PaceProfile:
    return PaceProfile(
        name=item["name"],
        title=item["title"],
        kind=item["kind"],
        comparison_only=item["comparison_only"],
        percent=_fraction(item.get("percent")),
        interval_days=item.get("interval_days"),
        slower_interval_days=item.get("slower_interval_days"),
        band_drug=item.get("band_drug"),
        bands=tuple(PaceBand(**{key: Fraction(text) for key, text in band.items()}) for band in item.get("bands", ())),
        why=item.get("why"),
        params=MappingProxyType(dict(item.get("params", {}))),
        sources=tuple(item["sources"]),
        verified=item["verified"],
        status=item["status"],
        note=item.get("note"),
    )


def thresholds_from(raw: _Raw) -> dict[str, Threshold]:
    return {
        name: Threshold(
            name=name,
            value=Fraction(item["value"]),
            unit=item["unit"],
            source=item["source"],
            status=item["status"],
            low=_fraction(item.get("low")),
            high=_fraction(item.get("high")),
            note=item.get("note"),
        )
        for name, item in raw.items()
    }


def rules_from(raw: _Raw) -> dict[str, Rule]:
    return {
        item["id"]: Rule(
            id=item["id"],
            topic=item["topic"],
            statement=item["statement"],
            sources=tuple(item["sources"]),
            status=item["status"],
            strength=item.get("strength"),
            params=frozen_mapping(item.get("params", {})),
            program_action=item.get("program_action"),
            note=item.get("note"),
        )
        for item in raw.values()
    }


def dose_bands_from(raw: Iterable[_Raw]) -> tuple[DoseBand, ...]:
    return tuple(
        DoseBand(
            band=item["band"],
            limits=MappingProxyType({drug: _limit(item[drug]) for drug in ("clonazepam", "lorazepam", "alprazolam")}),
            diazepam_equivalent=_limit(item["diazepam_equivalent"]),
            source=item["source"],
            verified=item["verified"],
        )
        for item in raw
    )


def boxed_warnings_from(raw: Iterable[_Raw]) -> tuple[BoxedWarning, ...]:
    return tuple(
        BoxedWarning(
            scope=item["scope"],
            items=tuple(item["items"]),
            source=item["source"],
            verified=item["verified"],
        )
        for item in raw
    )


def lookalikes_from(raw: _Raw) -> dict[str, LookAlike]:
    """Keyed by every lower-case name and brand."""
    found: dict[str, LookAlike] = {}
    for name, item in raw.items():
        other = LookAlike(name=name, what=item["what"], like=item["like"], brands=tuple(item["brands"]))
        for word in (name, *other.brands):
            found[word.casefold()] = other
    return found


def _limit(raw: _Raw) -> BandLimit:
    return BandLimit(low=_fraction(raw.get("from")), high=_fraction(raw.get("to")), over=_fraction(raw.get("over")))


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _in_order(raw: _Raw) -> list[_Raw]:
    return sorted(raw.values(), key=lambda item: int(item["order"]))
