"""What a case file may say, and what is refused by name and field."""

from __future__ import annotations

import json
from datetime import date

import pytest

from glidepath.casework.assess import plain_values
from glidepath.casework.case_file import case_of, template
from glidepath.errors import GlidepathError
from glidepath.guidance.condition import NOT_ASKED, UNKNOWN
from glidepath.patient.case import FIELDS
from glidepath.patient.case_reading import read_case

TODAY = date(2026, 11, 22)


def refused(written: object) -> tuple[str, str | None]:
    with pytest.raises(GlidepathError) as error:
        read_case(written, TODAY)
    return error.value.code, error.value.field


def test_unknown_and_not_asked_are_told_apart_and_neither_is_no():
    case = read_case({"region": "US", "opioid": "unknown", "falls": "no"}, TODAY)
    assert (case.said("opioid"), case.said("ptsd"), case.said("falls")) == (UNKNOWN, NOT_ASKED, "no")
    assert case.value("opioid") is None and "opioid" in case.unanswered


@pytest.mark.parametrize(
    ("written", "code", "field"),
    [
        ({"name": "somebody"}, "FIELD_UNKNOWN", "name"),
        ({"opiod": "yes"}, "FIELD_UNKNOWN", "opiod"),
        ({"medicines": {"falls": "yes"}}, "FIELD_UNKNOWN", "falls"),
        ({"opioid": "maybe"}, "ANSWER_INVALID", "opioid"),
        ({"liver": True}, "OPTION_INVALID", "liver"),
        ({"age": 200}, "AGE_RANGE", "age"),
        ({"age": -1}, "AGE_RANGE", "age"),
        ({"weight_kg": "7000"}, "OPTION_INVALID", "weight_kg"),
        ({"weight_kg": 70.5}, "OPTION_INVALID", "weight_kg"),
        ({"days_per_week": 8}, "OPTION_INVALID", "days_per_week"),
        ({"since": "2026-13"}, "DATE_INVALID", "since"),
        ({"since": "2027-01"}, "DATE_INVALID", "since"),
        ({"sex_at_birth": "male", "pregnancy": "yes"}, "CASE_CONTRADICTORY", "pregnancy"),
        ({"age": 30, "since": "1980"}, "CASE_CONTRADICTORY", "since"),
        ({"reason": "epilepsy", "seizure_disorder": "no"}, "CASE_CONTRADICTORY", "seizure_disorder"),
        ({"person": "age 40"}, "OPTION_INVALID", "person"),
        ({"format": "something"}, "OPTION_INVALID", "format"),
        (["age"], "JSON_INVALID", "case"),
        ({"age": 40}, "OPTION_INVALID", "region"),
        ({"seizure_disorder": "no", "past_withdrawal_seizure": "yes"}, "CASE_CONTRADICTORY", "seizure_disorder"),
        ({"opioid": "no", "methadone_or_buprenorphine": "yes"}, "CASE_CONTRADICTORY", "opioid"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(written, code, field):
    assert refused(written) == (code, field)


def test_a_misspelt_field_is_named_with_what_is_like_it_and_never_taken_for_it():
    with pytest.raises(GlidepathError) as error:
        read_case({"opiod": "yes"}, TODAY)
    assert "opioid" in str(error.value.fix)


def test_the_template_is_a_case_with_nothing_asked():
    case = case_of(template().encode(), TODAY)
    assert case.values == {} and all(f.name in template() for f in FIELDS)


def test_yaml_and_json_say_the_same():
    values = {"region": "UK", "age": 50, "since": "2020-05", "line": "diazepam 5 mg bd", "opioid": "no"}
    yaml = "region: UK\nage: 50\nsince: 2020-05\nline: diazepam 5 mg bd\nopioid: 'no'\n"
    assert case_of(json.dumps(values).encode(), TODAY) == case_of(yaml.encode(), TODAY)


def test_a_case_written_out_is_the_same_case():
    case = read_case({"region": "US", "age": 50, "since": "2020-05", "weight_kg": "70.5", "opioid": "unknown"}, TODAY)
    assert read_case(plain_values(case), TODAY) == case


@pytest.mark.parametrize("data", [b"opioid: no\n", b"age: 07\n", b"a: &x 1\n", b"age: 1\nage: 2\n"])
def test_what_yaml_would_type_itself_is_refused(data):
    with pytest.raises(GlidepathError) as error:
        case_of(data, TODAY)
    assert error.value.code.startswith("YAML_")


def test_the_published_schema_is_made_from_the_fields_and_holds_for_a_case():
    from importlib.resources import files

    from jsonschema import Draft202012Validator

    from glidepath.render.case_schema import case_schema
    from tests.scenario.test_twelve_cases import QUIET

    published = json.loads((files("glidepath.render") / "schemas" / "case-1.0.json").read_text())
    assert published == case_schema()
    validator = Draft202012Validator(published)
    validator.validate(QUIET)
    assert not validator.is_valid({"opioid": "maybe"}) and not validator.is_valid({"name": "somebody"})
