"""What the files of a drug and of a metabolite must hold, field by field.

Bounds come from `ranges.yaml`, never from code.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from glidepath.facts import schema as s
from glidepath.facts.model import Form, Split

Bounds = tuple[Fraction, Fraction]

ROLES = ("priority", "core", "equivalence_only", "inpatient_reference")
SYSTEMS = ("atc", "rxnorm_ingredient", "unii", "snomed_ct_substance", "us_schedule")

_sourced: Mapping[str, s.Check] = {"source": s.source, "verified": s.boolean}
_note: Mapping[str, s.Check] = {"note": s.text}


def estimate(bounds: Bounds | None = None, *, bare: bool = False) -> s.Check:
    """A figure with unit, source and verified flag; a value, or a range, or (`bare`) only a note."""
    inner = s.within(bounds) if bounds else s.decimal
    fields = s.record(
        {"unit": s.text, **_sourced}, {"value": inner, "low": inner, "high": inner, **_note}, of="a figure"
    )

    def check(value: object, place: s.Place) -> None:
        fields(value, place)
        assert isinstance(value, dict)
        if not bare and not {"value", "low", "high"} & set(value):
            raise s.schema_fault(place, "has neither a value nor a range")
        _in_order(value, place)

    return check


def _in_order(value: Mapping[str, str], place: s.Place) -> None:
    present = [Fraction(value[key]) for key in ("low", "value", "high") if key in value]
    if present != sorted(present):
        raise s.range_fault(place, "has a low, value and high that are not in rising order")


def source_needs_citation(citations: Mapping[str, str]) -> s.Check:
    """For equivalents: a source that cannot be found again cannot be reviewed."""

    def check(value: object, place: s.Place) -> None:
        s.source(value, place)
        if not citations.get(str(value), "").strip():
            raise s.source_fault(place, "names a source without a citation")

    return check


def drug_shape(
    ranges: Mapping[str, Bounds],
    kinetics: Mapping[str, Bounds],
    regions: tuple[str, ...],
    citations: Mapping[str, str],
) -> s.Check:
    """The shape of `drugs/<name>.yaml`."""
    ratio = s.within(ranges["covariate_ratio"])
    words = s.list_of(s.text)
    split = s.one_of(*(word.value for word in Split))
    product = s.record(
        {
            "region": s.one_of(*regions),
            "form": s.one_of(*(form.value for form in Form)),
            "scored": s.text,
            "maker": s.optional(s.text),
            **_sourced,
        },
        {
            "strengths_mg": s.list_of(s.within(ranges["strength_mg"]), least=1),
            "strengths_mg_per_ml": s.list_of(s.within(ranges["concentration_mg_per_ml"]), least=1),
            "split": s.record({"halves": split, "quarters": split}),
            "drops_per_ml": s.within(ranges["drops_per_ml"]),
            "mg_per_drop": s.within(ranges["mg_per_drop"]),
            "mg_per_actuation": s.within(ranges["mg_per_actuation"]),
            **_note,
        },
        of="a product row",
    )
    equivalent_mg = s.within(ranges["equivalent_mg"])
    equivalent = s.record(
        {
            "table": s.text,
            "low": equivalent_mg,
            "high": equivalent_mg,
            "unit": s.one_of("mg per diazepam 10 mg"),
            "source": source_needs_citation(citations),
            "verified": s.boolean,
            "converts": s.boolean,
        },
        {"point": equivalent_mg, **_note},
        of="an equivalent",
    )
    ceiling = s.record(
        {
            "mg_per_day": s.within(ranges["ceiling_mg_per_day"]),
            "region": s.text,
            "indication": s.text,
            **_sourced,
        },
        _note,
    )
    chain = s.record(
        {"from": s.text, "to": s.text, "active": s.boolean, "enzyme": s.text, **_sourced},
        {"formation_fraction": estimate(ranges["formation_fraction"]), **_note},
    )
    covariate = s.record(
        {"factor": s.text, "parameter": s.text, "ratio": ratio, "unit": s.text, **_sourced},
        {"low": ratio, "high": ratio, "exclusive_group": s.text, "basis": s.text, **_note},
    )
    test = s.record(
        {
            "id": s.text,
            "dose_mg": s.decimal,
            "regimen": s.text,
            "metric": s.text,
            "value": s.decimal,
            "unit": s.text,
            "tolerance_percent": s.decimal,
            "parameter_set_from_this_test": s.boolean,
            **_sourced,
        },
        {
            "analyte": s.text,
            "sd": s.decimal,
            "one_compartment_prediction": s.decimal,
            "prediction_error_percent": s.decimal,
            "two_compartment_prediction": s.decimal,
            "two_compartment_error_percent": s.decimal,
            "two_compartment_fitted_to_this_test": s.boolean,
            **_note,
        },
    )
    one = dict.fromkeys(("ka_per_h", "V_F_L", "CL_F_L_h", "tlag_h", "reference_weight_kg"), s.decimal)
    two = dict.fromkeys(
        (
            "V1_F_L",
            "Q_F_L_h",
            "V2_F_L",
            "CL_F_L_h",
            "ka_per_h",
            "tlag_h",
            "reference_weight_kg",
            "predicted_Cmax_ng_ml",
            "predicted_Tmax_h",
        ),
        s.decimal,
    )
    return s.record(
        {
            "name": s.text,
            "class": s.text,
            "role": s.one_of(*ROLES),
            "not_planned": s.optional(s.text),
            "pk_moiety": s.text,
            "identifiers": s.list_of(s.record({"system": s.one_of(*SYSTEMS), "code": s.optional(s.text), **_sourced})),
            "brands": s.mapping_of(words),
            "products": s.list_of(product),
            "equivalents": s.list_of(equivalent),
            "ceilings": s.list_of(ceiling),
            "indications": words,
            "contraindications": words,
            "interactions": words,
            "pregnancy": s.text,
            "lactation": estimate(bare=True),
            "safety_text_source": s.source,
            "kinetics": _keyed({key: estimate(bounds) for key, bounds in kinetics.items()}),
            "chain": s.list_of(chain),
            "covariates": s.list_of(covariate),
            "kinetic_tests": s.list_of(test),
            "receptor_ki": estimate(ranges["receptor_ki_nm"], bare=True),
            "confidence": s.record({"pk": s.text, "equivalence": s.text, "products": s.text}),
        },
        {
            "shown_as": s.text,
            "also_called": words,
            "identifier_note": s.text,
            "brand_notes": words,
            "who_ddd": estimate(ranges["daily_dose_statistic_mg"]),
            "moiety_factor": estimate(ranges["moiety_factor"]),
            "one_compartment": s.record({**one, "moiety": s.text, **_sourced}, _note),
            "two_compartment": s.record({**two, **_sourced}, _note),
            "additional": s.mapping_of(estimate()),
        },
        of="a drug",
    )


def _keyed(checks: Mapping[str, s.Check]) -> s.Check:
    """A mapping in which every key has its own check and none is required."""
    return s.record({}, checks)


def metabolite_shape(bounds: Mapping[str, Bounds], ranges: Mapping[str, Bounds]) -> s.Check:
    """The shape of `metabolites/<name>.yaml`."""
    covariate = s.record(
        {
            "factor": s.text,
            "parameter": s.text,
            "ratio": s.within(ranges["covariate_ratio"]),
            "unit": s.text,
            **_sourced,
        },
        {"basis": s.text, **_note},
    )
    return s.record(
        {"name": s.text},
        {"same_as": s.text, "covariates": s.list_of(covariate)}
        | {key: estimate(limits) for key, limits in bounds.items()},
    )
