"""Everything the facts hold on one drug, as sections of rows, for a screen or for JSON.

Nothing is computed here; each row keeps its unit, its source and whether it was read there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from glidepath.facts.citations import citations
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Drug, Estimate, Product
from glidepath.quantity import exact_decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One fact. `verified` is None for plain statements that carry no flag of their own."""

    label: str
    value: str
    unit: str | None = None
    source: str | None = None
    verified: bool | None = None
    note: str | None = None

    def as_record(self) -> dict[str, object]:
        return {
            "label": self.label,
            "value": self.value,
            "unit": self.unit,
            "source": self.source,
            "verified": self.verified,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSection:
    """Rows under one heading."""

    title: str
    rows: tuple[FactRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugFacts:
    """All sections on one drug, with the citations of every source named in them."""

    drug: str
    shown_as: str
    planned: bool
    version: str
    digest: str
    status: str
    sections: tuple[FactSection, ...]
    citations: tuple[str, ...]

    def as_record(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "drug": self.drug,
            "shown_as": self.shown_as,
            "planned": self.planned,
            "facts": {"version": self.version, "digest": self.digest, "status": self.status},
            "sections": [
                {"title": section.title, "rows": [row.as_record() for row in section.rows]} for section in self.sections
            ],
            "citations": list(self.citations),
        }


KINETIC_LABELS: Mapping[str, str] = {
    "F": "oral bioavailability",
    "tmax": "time of peak",
    "tlag": "lag before absorption",
    "ka": "absorption rate",
    "cl": "clearance (intravenous)",
    "cl_f": "clearance, apparent oral",
    "vd": "volume (intravenous)",
    "v_f": "volume, apparent oral",
    "t_half": "half-life",
    "fu": "unbound in plasma",
    "cv_cl": "clearance, spread between people (CV)",
}


def describe_drug(formulary: Formulary, name: str, region: str | None = None) -> DrugFacts:
    """What is known of a drug; products and brands of one region only when `region` is given."""
    drug = formulary.drug(name)
    if region is not None:
        formulary.region(region)
    made = (
        _about(drug, region),
        _products(drug, region),
        _equivalents(drug),
        _ceilings(drug),
        _kinetics(drug),
        _metabolites(drug),
        _covariates(drug),
        _safety(formulary, drug),
        _identifiers(drug),
        _confidence(drug),
    )
    sections = tuple(section for section in made if section.rows)
    named = (row.source for section in sections for row in section.rows if row.source)
    return DrugFacts(
        drug=drug.name,
        shown_as=drug.shown_as,
        planned=drug.not_planned is None,
        version=formulary.version,
        digest=formulary.digest,
        status=formulary.status,
        sections=sections,
        citations=citations(formulary.sources, (one for source in named for one in source.split(", "))),
    )


def _about(drug: Drug, region: str | None) -> FactSection:
    rows = [FactRow(label="class", value=drug.drug_class)]
    rows.append(FactRow(label="planned", value="yes" if drug.not_planned is None else f"no: {drug.not_planned}"))
    for where, brands in drug.brands.items():
        if brands and region in (None, where):
            rows.append(FactRow(label=f"brands {where}", value=", ".join(brands)))
    rows += [FactRow(label="on brands", value=note) for note in drug.brand_notes]
    rows += [FactRow(label="used for", value=use) for use in drug.indications]
    return FactSection(title="About", rows=tuple(rows))


def split_text(product: Product) -> str:
    """How a product divides, in words."""
    if not product.form.divides:
        return "measured" if product.form.is_per_ml else "whole only"
    return f"halves {product.halves.value}, quarters {product.quarters.value}"


def _products(drug: Drug, region: str | None) -> FactSection:
    rows = []
    for product in drug.products:
        if region not in (None, product.region):
            continue
        makers = [r.maker for r in product.records if r.maker]
        notes = [f"makers: {', '.join(makers)}"] if makers else []
        notes += [r.note for r in product.records if r.note]
        if drops := _drops(product):
            notes.append(drops)
        rows.append(
            FactRow(
                label=f"{product.region} {product.form.value}",
                value=product.strength_text,
                unit=split_text(product),
                source=", ".join(product.sources),
                verified=product.verified,
                note="; ".join(notes) or None,
            )
        )
    return FactSection(title="Products", rows=tuple(rows))


def _drops(product: Product) -> str | None:
    counts = sorted({r.drops_per_ml for r in product.records if r.drops_per_ml})
    return f"{' or '.join(counts)} drops per mL by product; a dose is never read in drops" if counts else None


def _equivalents(drug: Drug) -> FactSection:
    rows = [
        FactRow(
            label=row.table,
            value=_range(exact_decimal(row.low_mg), exact_decimal(row.high_mg)),
            unit="mg equal to oral diazepam 10 mg" if row.converts else "mg, not used to convert",
            source=row.source,
            verified=row.verified,
            note=row.note,
        )
        for row in drug.equivalents
    ]
    if statistic := _mapping(drug, "who_ddd"):
        rows.append(_plain_row("WHO daily dose statistic", statistic))
    return FactSection(title="Equivalents", rows=tuple(rows))


def _ceilings(drug: Drug) -> FactSection:
    return FactSection(
        title="Highest daily dose",
        rows=tuple(
            FactRow(
                label=f"{row.region}, {row.indication}",
                value=exact_decimal(row.mg_per_day),
                unit="mg/day",
                source=row.source,
                verified=row.verified,
                note=row.note,
            )
            for row in drug.ceilings
        ),
    )


def _kinetics(drug: Drug) -> FactSection:
    rows = [_estimate_row(KINETIC_LABELS.get(key, key), figure) for key, figure in drug.kinetics.items()]
    if factor := _mapping(drug, "moiety_factor"):
        rows.append(_plain_row(f"as {drug.pharmacology['pk_moiety']}", factor))
    if ki := _mapping(drug, "receptor_ki"):
        rows.append(_plain_row("binding constant Ki (in vitro)", ki))
    additional = drug.pharmacology.get("additional")
    if isinstance(additional, Mapping):
        rows += [_plain_row(key.replace("_", " "), value) for key, value in additional.items()]
    return FactSection(title="Kinetics (70 kg adult)", rows=tuple(rows))


def _metabolites(drug: Drug) -> FactSection:
    rows = []
    for link in _records(drug, "chain"):
        fraction = link.get("formation_fraction")
        rows.append(
            FactRow(
                label=f"{link['from']} to {link['to']}",
                value=("active" if link["active"] else "inactive") + f", {link['enzyme']}",
                unit=f"fraction {_figure(fraction)}" if fraction else None,
                source=link["source"],
                verified=link["verified"],
                note=link.get("note"),
            )
        )
    return FactSection(title="Metabolites", rows=tuple(rows))


def _covariates(drug: Drug) -> FactSection:
    rows = []
    for row in _records(drug, "covariates"):
        spread = f" ({_range(row['low'], row['high'])})" if "low" in row and "high" in row else ""
        rows.append(
            FactRow(
                label=row["factor"],
                value=f"{row['parameter']} times {row['ratio']}{spread}",
                unit=row["unit"],
                source=row["source"],
                verified=row["verified"],
                note=row.get("note"),
            )
        )
    return FactSection(title="What changes levels", rows=tuple(rows))


def _safety(formulary: Formulary, drug: Drug) -> FactSection:
    origin = drug.safety_text_source
    rows = [
        FactRow(
            label=f"boxed warning, {warning.scope}",
            value="; ".join(warning.items),
            source=warning.source,
            verified=warning.verified,
        )
        for warning in formulary.boxed_warnings
        if _concerns(warning.scope, drug)
    ]
    for label, texts in (("not with", drug.contraindications), ("interacts with", drug.interactions)):
        rows += [FactRow(label=label, value=text, source=origin, verified=False) for text in texts]
    rows.append(FactRow(label="pregnancy", value=drug.pregnancy, source=origin, verified=False))
    rows.append(_estimate_row("breastfeeding", drug.lactation))
    return FactSection(title="Safety", rows=tuple(rows))


def _concerns(scope: str, drug: Drug) -> bool:
    if drug.is_z_drug:
        return drug.name in re.findall(r"[a-z]+", scope)
    return scope.startswith("benzodiazepines") and drug.drug_class != "barbiturate"


def _identifiers(drug: Drug) -> FactSection:
    rows = [
        FactRow(label=row.system, value=row.code, source=row.source, verified=row.verified) for row in drug.identifiers
    ]
    if drug.identifier_note:
        rows.append(FactRow(label="note", value=drug.identifier_note))
    return FactSection(title="Codes", rows=tuple(rows))


def _confidence(drug: Drug) -> FactSection:
    confidence = _mapping(drug, "confidence")
    return FactSection(
        title="How well this is known",
        rows=tuple(FactRow(label=key, value=value) for key, value in confidence.items()),
    )


def figure_text(figure: Estimate) -> str:
    """``39 (19 to 60)``, or the range alone, or "not stated"."""
    spread = _range(figure.low, figure.high) if figure.low and figure.high else None
    if figure.value is None:
        return spread or "not stated"
    return f"{figure.value} ({spread})" if spread else figure.value


def _estimate_row(label: str, figure: Estimate) -> FactRow:
    return FactRow(
        label=label,
        value=figure_text(figure),
        unit=figure.unit,
        source=figure.source,
        verified=figure.verified,
        note=figure.note,
    )


def _plain_row(label: str, raw: Mapping[str, Any]) -> FactRow:
    return FactRow(
        label=label,
        value=_figure(raw),
        unit=raw["unit"],
        source=raw["source"],
        verified=raw["verified"],
        note=raw.get("note"),
    )


def _figure(raw: Mapping[str, Any]) -> str:
    low, high, value = raw.get("low"), raw.get("high"), raw.get("value")
    spread = _range(low, high) if low and high else None
    if value is None:
        return spread or "not stated"
    return f"{value} ({spread})" if spread else str(value)


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"


def _mapping(drug: Drug, key: str) -> Mapping[str, Any]:
    found = drug.pharmacology.get(key)
    return found if isinstance(found, Mapping) else {}


def _records(drug: Drug, key: str) -> Iterable[Mapping[str, Any]]:
    found = drug.pharmacology.get(key)
    return found if isinstance(found, tuple) else ()
