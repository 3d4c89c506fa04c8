"""The published JSON Schemas hold for real documents, and refuse what is not one."""

from __future__ import annotations

import copy
import json
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from glidepath.casework.plan import plan
from glidepath.casework.request import PlanRequest
from glidepath.casework.sign import sign
from glidepath.render.document import document_text, to_document

ANSWERED = dict.fromkeys(
    ("seizures", "pregnancy", "liver", "opioid", "other_sedatives", "past_complicated_withdrawal"), "no"
)
KNOWN = {"start": "2026-12-07", "age": 62, "since": "2023-11"}

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "a direct plan": ("clonazepam 1 mg twice daily", KNOWN),
    "nothing known of the person": ("lorazepam 0.5 mg am, 0.5 mg noon, 1 mg hs", {"start": "2026-12-07"}),
    "all answered": ("clonazepam 0.5 mg at night", {**KNOWN, **ANSWERED}),
    "only capsules": ("temazepam 30 mg at night", {**KNOWN, "age": 78, "since": "2016"}),
    "a switch": (
        "lorazepam 1 mg three times daily",
        {**KNOWN, **ANSWERED, "switch": "diazepam", "table": "ASHTON2002"},
    ),
    "a switch withheld": ("alprazolam 2mg po tid", {**KNOWN, **ANSWERED}),
    "a dose to stay at": ("clonazepam 1 mg twice daily", {**KNOWN, "maintain": "1 mg"}),
    "a last dose with a reason": (
        "clonazepam 1 mg at night",
        {**KNOWN, "last_dose": "0.25 mg", "reason": "the person asked to stop from here"},
    ),
    "a liquid": ("diazepam 2mg/5ml 10 ml bd", {**KNOWN, "region": "UK"}),
    "a compounded liquid": (
        "clonazepam 0.5 mg at night",
        {**KNOWN, "product": ["clonazepam 0.1 mg/mL oral suspension"]},
    ),
    "two drugs": ("clonazepam 1 mg bid + zolpidem 10 mg qhs", KNOWN),
    "extended release": ("alprazolam XR 3 mg every morning", KNOWN),
    "bands of diazepam": ("diazepam 30 mg/day in 3 divided doses", {**KNOWN, "region": "UK", "profile": "cks"}),
    "an own pace": ("zopiclone 7.5 mg at night", {**KNOWN, "region": "UK", "percent": "7.5", "every": "21d"}),
    "days instead of weeks": ("diazepam 5 mg at night", {**KNOWN, "region": "DE", "rhythm": "days"}),
    "stock at home": ("clonazepam 1 mg twice daily", {**KNOWN, "have": ["clonazepam 1 mg tablet=60"]}),
    "a tablet a pharmacist confirmed": (
        "clonazepam 1 mg twice daily",
        {**KNOWN, "region": "AU", "splits": ["clonazepam 2 mg tablet"]},
    ),
    "many tablets": ("nitrazepam 5 mg x 2 nocte", {**KNOWN, "region": "UK"}),
}


def schema(name: str) -> dict[str, Any]:
    loaded = json.loads((files("glidepath.render") / "schemas" / f"{name}-1.0.json").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def validator(name: str) -> Draft202012Validator:
    resources = [Resource.from_contents(schema(n)) for n in ("plan", "signed")]
    registry: Registry[Any] = Registry().with_resources((r.id() or "", r) for r in resources)
    return Draft202012Validator(schema(name), registry=registry)


def a_document(sig: str, options: dict[str, Any]) -> dict[str, Any]:
    return to_document(plan(sig, today=date(2026, 11, 22), **options))


def a_signed_document() -> dict[str, Any]:
    document = a_document("clonazepam 0.5 mg at night", {**KNOWN, **ANSWERED})
    return sign(
        document,
        option="direct-all-forms",
        by="A. Person, general practitioner, 1234567",
        at="2026-12-01T09:30:00+00:00",
        override={"fall-in-14-days": "the smallest marketed unit; reviewed weekly"},
    )


@pytest.mark.parametrize("name", ["plan", "signed"])
def test_each_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("case", CASES)
def test_every_document_holds_to_the_published_schema(case: str) -> None:
    sig, options = CASES[case]
    written = json.loads(document_text(a_document(sig, options)))
    validator("plan").validate(written)


def test_a_signed_document_holds_to_its_schema() -> None:
    validator("signed").validate(json.loads(document_text(a_signed_document())))


def test_every_option_of_a_request_is_in_the_schema() -> None:
    assert set(schema("plan")["properties"]["request"]["properties"]) == set(PlanRequest.__dataclass_fields__)


@pytest.mark.parametrize("wrong", [0.5, 1, "0.50", ".5", "1,5", "5e-1", "-1", "1/2 mg", ""])
def test_a_dose_that_is_not_an_exact_decimal_text_is_refused(wrong: object) -> None:
    document = a_document("clonazepam 1 mg twice daily", KNOWN)
    changed = copy.deepcopy(document)
    changed["options"][0]["plan"]["steps"][0]["intakes"][0]["dose_mg"] = wrong
    validator("plan").validate(document)
    with pytest.raises(ValidationError):
        validator("plan").validate(changed)


@pytest.mark.parametrize("place", [(), ("person",), ("options", 0), ("options", 0, "plan", "steps", 0), ("facts",)])
def test_a_field_that_is_not_published_is_refused(place: tuple[str | int, ...]) -> None:
    document = a_document("clonazepam 1 mg twice daily", KNOWN)
    there: Any = document
    for key in place:
        there = there[key]
    there["name_of_patient"] = "nobody"
    with pytest.raises(ValidationError):
        validator("plan").validate(document)


def test_a_signed_document_without_a_registration_is_refused() -> None:
    signed = a_signed_document()
    del signed["signature"]["registration"]
    with pytest.raises(ValidationError):
        validator("signed").validate(signed)
