"""The published schema of a case file, made from the one list of its fields."""

from __future__ import annotations

from typing import Any

from glidepath.guidance.condition import NOT_ASKED, UNKNOWN
from glidepath.patient.case import FIELDS, SECTIONS, Field
from glidepath.patient.case_reading import FORMAT

_SILENCE = [UNKNOWN, NOT_ASKED]


def case_schema() -> dict[str, Any]:
    """A JSON Schema (draft 2020-12): sections of fields, or the fields alone. What it allows is still read strictly."""
    fields = {field.name: _shape(field) for field in FIELDS}
    sections = {
        section: {
            "type": "object",
            "additionalProperties": False,
            "properties": {f.name: fields[f.name] for f in FIELDS if f.section == section},
        }
        for section in SECTIONS
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "glidepath-case-1.0",
        "title": "A case, without a name",
        "type": "object",
        "additionalProperties": False,
        "properties": {"format": {"const": FORMAT}, "region": {"type": "string"}, **sections, **fields},
    }


def _shape(field: Field) -> dict[str, Any]:
    silence: dict[str, Any] = {"enum": [*field.answers, *_SILENCE, None]}
    if field.kind == "answer":
        shapes: list[dict[str, Any]] = [silence]
        if field.answers == ("yes", "no"):
            shapes.append({"type": "boolean"})
    elif field.kind in ("medicines", "conditions"):
        names = {"type": "string", "minLength": 1, "maxLength": 500}
        shapes = [silence, names, {"type": "array", "items": names, "minItems": 1}]
    elif field.kind in ("age", "days"):
        shapes = [silence, {"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+$"}]
    else:
        shapes = [silence, {"type": "string", "minLength": 1, "maxLength": 500}]
    return {"description": field.asks, "anyOf": shapes}
