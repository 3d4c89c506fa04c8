"""What each YAML file beside the drugs must hold, field by field (the drugs: `drug_shape`).

`docs/reference/facts-schema.md` describes the same in words. Bounds come from `ranges.yaml`, never from code.
"""

from __future__ import annotations

from collections.abc import Mapping

from glidepath.facts import schema as s
from glidepath.facts.drug_shape import estimate

STATUS = ("looked_up", "secondary", "from_knowledge", "project_proposal")
HOW_KNOWN = ("published", "recalled", "secondary", "project_proposal")

_sourced: Mapping[str, s.Check] = {"source": s.source, "verified": s.boolean}
_note: Mapping[str, s.Check] = {"note": s.text}
_bounds = s.list_of(s.decimal, least=2)

RANGES = s.record(
    dict.fromkeys(
        (
            "strength_to_equivalent",
            "strength_mg",
            "concentration_mg_per_ml",
            "drops_per_ml",
            "mg_per_drop",
            "mg_per_actuation",
            "equivalent_mg",
            "ceiling_mg_per_day",
            "daily_dose_statistic_mg",
            "covariate_ratio",
            "receptor_ki_nm",
            "formation_fraction",
            "moiety_factor",
        ),
        _bounds,
    )
    | {"kinetics": s.mapping_of(_bounds), "metabolite": s.mapping_of(_bounds)}
)

SOURCES = s.record(
    {
        "sources": s.mapping_of(
            s.record({"citation": s.text, "looked_up": s.boolean, "addresses": s.list_of(s.text)}, _note)
        )
    }
)


_limit = s.record({}, {"from": s.decimal, "to": s.decimal, "over": s.decimal})

CLASS = s.record(
    {
        "reference_weight_kg": s.decimal,
        "conventions": s.mapping_of(s.text),
        "equivalence_policy": s.text,
        "boxed_warnings": s.list_of(s.record({"scope": s.text, "items": s.list_of(s.text), **_sourced})),
        "dose_bands": s.list_of(
            s.record(
                {
                    "band": s.text,
                    "diazepam_equivalent": _limit,
                    "clonazepam": _limit,
                    "lorazepam": _limit,
                    "alprazolam": _limit,
                    "unit": s.text,
                    **_sourced,
                }
            )
        ),
        "lactation": estimate(bare=True),
        "pace_reference": s.list_of(
            s.record(
                {"name": s.text, "unit": s.text, **_sourced},
                {"value": s.decimal, "low": s.decimal, "high": s.decimal, **_note},
            )
        ),
        "uk_smpc_contraindications": s.record({"applies_to": s.text, "items": s.list_of(s.text), **_sourced}, _note),
    }
)

RECEPTOR = s.record(
    {
        "ki_caution": s.text,
        "kp_uu_brain": estimate(),
        "in_vivo_anchor": s.record(
            {
                "drug": s.text,
                **{
                    key: estimate()
                    for key in (
                        "dose",
                        "observed_occupancy",
                        "css_avg",
                        "free_conc",
                        "implied_in_vivo_kd_free",
                        "implied_kd_over_ki",
                        "occupancy_from_ki",
                    )
                },
            }
        ),
    }
)

_EMERGENCY = s.list_of(
    s.record(
        {"label": s.text, "contact": s.text, "kind": s.one_of("emergency", "crisis", "advice"), **_sourced}, _note
    ),
    least=1,
)

REGIONS = s.record(
    {
        "list_date": s.text,
        "regions": s.mapping_of(
            s.record(
                {
                    "name": s.text,
                    "language": s.text,
                    "paper": s.one_of("letter", "a4"),
                    "emergency": _EMERGENCY,
                }
            )
        ),
        "elsewhere": s.mapping_of(s.record({"name": s.text, "emergency": _EMERGENCY})),
    }
)

RULES = s.record(
    {
        "rules": s.list_of(
            s.record(
                {
                    "id": s.text,
                    "topic": s.text,
                    "statement": s.text,
                    "sources": s.sources,
                    "status": s.one_of(*STATUS),
                },
                {"strength": s.text, "params": s.mapping_of(s.plain), "program_action": s.text, **_note},
            )
        )
    }
)

_profile_start: Mapping[str, s.Check] = {
    "name": s.text,
    "title": s.text,
    "kind": s.one_of("percent", "fraction", "comparison"),
    "comparison_only": s.boolean,
    "sources": s.sources,
    "verified": s.boolean,
    "status": s.one_of(*HOW_KNOWN),
}

PROFILES = s.record(
    {
        "profiles": s.list_of(
            s.record(
                _profile_start,
                {
                    "percent": s.decimal,
                    "interval_days": s.whole,
                    "slower_interval_days": s.whole,
                    "band_drug": s.text,
                    "bands": s.list_of(s.record({"from_mg": s.decimal, "to_mg": s.decimal, "cut_mg": s.decimal})),
                    "why": s.text,
                    "params": s.mapping_of(s.decimal),
                    **_note,
                },
            )
        ),
        "thresholds": s.mapping_of(
            s.record(
                {"value": s.decimal, "unit": s.text, "source": s.source, "status": s.one_of(*HOW_KNOWN)},
                {"low": s.decimal, "high": s.decimal, **_note},
            )
        ),
    }
)

LOOKALIKES = s.record(
    {"lookalikes": s.mapping_of(s.record({"what": s.text, "like": s.optional(s.text), "brands": s.list_of(s.text)}))}
)

VERSION = s.record({"version": s.text, "status": s.text})
