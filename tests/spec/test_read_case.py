"""What a case file may say, and what is refused by name and field."""

from __future__ import annotations

import json
from datetime import date

import pytest

from glidepath.casework.assess import assess, plain_values
from glidepath.casework.case_file import case_of, template
from glidepath.errors import GlidepathError, InputError
from glidepath.facts.codes import load_codes
from glidepath.facts.formulary import load_formulary
from glidepath.guidance.condition import NOT_ASKED, UNKNOWN
from glidepath.patient.case import BY_NAME, FIELDS
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
        ({"region": "U\x1bS"}, "OPTION_INVALID", "region"),
        ({"region": 44}, "OPTION_INVALID", "region"),
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


@pytest.mark.parametrize(
    ("said", "region"), [("us", "US"), (" Uk ", "UK"), ("FR", "FR"), ("unknown", "unknown"), ("Ireland", "IRELAND")]
)
def test_a_region_is_taken_as_it_stands_and_may_be_unknown(said, region):
    assert read_case({"region": said}, TODAY).region == region


def test_where_no_products_are_loaded_a_dose_is_read_in_mg_and_no_product_is_guessed():
    case = {"region": "FR", "line": "clonazepam 1 mg twice daily"}
    assert assess(case, today=TODAY).reading.taken[0].product is None
    with pytest.raises(InputError) as refused:
        assess({**case, "line": "clonazepam 1 mg tablet, one at night"}, today=TODAY)
    assert (refused.value.code, refused.value.fix) == ("PRODUCT_UNKNOWN", "Write only the dose in mg.")


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
    from tests.scenario.people import QUIET

    published = json.loads((files("glidepath.render") / "schemas" / "case-1.0.json").read_text())
    assert published == case_schema()
    validator = Draft202012Validator(published)
    validator.validate(QUIET)
    assert not validator.is_valid({"opioid": "maybe"}) and not validator.is_valid({"name": "somebody"})


# names and codes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "said", "answers"),
    [
        ("taken", ["oxycodone"], {"opioid": "yes"}),
        ("taken", ["N02AA05"], {"opioid": "yes"}),
        ("taken", ["  Methadone "], {"opioid": "yes", "methadone_or_buprenorphine": "yes"}),
        (
            "taken",
            "tramadol, fluconazole",
            {"opioid": "yes", "lowers_seizure_threshold": "yes", "cyp2c19_inhibitor": "yes"},
        ),
        ("taken", ["St John's wort"], {"cyp3a4_inducer": "yes"}),
        ("coded", ["epilepsy"], {"seizure_disorder": "yes"}),
        ("coded", ["G40.309"], {"seizure_disorder": "yes"}),
        ("coded", ["g47.33", "Sleep Apnea"], {"sleep_apnoea": "yes"}),
        ("coded", ["K72.9"], {"liver": "severe"}),
        ("coded", ["cirrhosis"], {"liver": "severe"}),
        ("coded", ["K70.3"], {"liver": "severe"}),
        ("coded", ["K74.0"], {"liver": NOT_ASKED}),
        ("coded", ["Z51.5"], {"end_of_life": "yes"}),
        ("coded", ["W18.30"], {"falls": "yes"}),
        ("taken", ["Suboxone"], {"opioid": "yes", "methadone_or_buprenorphine": "yes"}),
        ("taken", ["N07BC51"], {"opioid": "yes", "methadone_or_buprenorphine": "yes"}),
        ("taken", ["N02AE01"], {"opioid": "yes", "methadone_or_buprenorphine": "yes"}),
        ("taken", ["N02AB01"], {"opioid": "yes"}),
        ("taken", ["heroin"], {"opioid": "yes", "methadone_or_buprenorphine": NOT_ASKED}),
        ("taken", ["olanzapine"], {"other_sedatives": "yes"}),
        ("taken", ["N05AX12"], {"other_sedatives": "yes", "lowers_seizure_threshold": NOT_ASKED}),
        ("taken", ["mirtazapine", "hydroxyzine"], {"other_sedatives": "yes"}),
        ("taken", ["trazodone"], {"other_sedatives": "yes"}),
        ("taken", ["cannabis"], {"other_sedatives": "yes"}),
        ("taken", ["clozapine"], {"other_sedatives": "yes", "lowers_seizure_threshold": "yes"}),
        ("taken", ["amitriptyline"], {"other_sedatives": "yes", "lowers_seizure_threshold": "yes"}),
        ("taken", ["N06AA02"], {"other_sedatives": "yes", "lowers_seizure_threshold": "yes"}),
        ("taken", ["R06AD01"], {"other_sedatives": "yes"}),
    ],
)
def test_a_name_or_a_code_answers_what_follows_from_it(field, said, answers):
    found = read_case({"region": "US", field: said}, TODAY)
    assert {name: found.said(name) for name in answers} == answers
    # What was written is kept, and read again it says the same.
    assert read_case({**plain_values(found)}, TODAY) == found


@pytest.mark.parametrize(
    ("field", "said", "near"),
    [
        ("taken", "oxycodon", "oxycodone"),
        ("taken", "N02AA0", None),
        ("taken", "metformin", None),
        ("taken", "", None),
        ("coded", "epilepsi", "epilepsy"),
        ("coded", "G4", None),
        ("coded", "F13.2", None),
        ("coded", "40", None),
        ("coded", "G40ZZZZZZZZ", None),
        ("coded", "G40.", None),
        ("coded", "cirhosis", "cirrhosis"),
        ("taken", "N05BE01", None),
        ("taken", "N05AN01", None),
        ("taken", "N07BC04", None),
        ("taken", "lorazepm", "lorazepam"),
    ],
)
def test_a_name_that_is_not_listed_is_never_guessed_at(field, said, near):
    with pytest.raises(InputError) as refused:
        read_case({"region": "US", field: [said]}, TODAY)
    assert (refused.value.code, refused.value.field) == ("NAME_UNKNOWN", field)
    assert near is None or near in refused.value.fix


@pytest.mark.parametrize(("field", "said"), [("taken", "metformin"), ("coded", "gout")])
def test_nobody_is_told_to_leave_out_what_is_not_listed(field, said):
    with pytest.raises(InputError) as refused:
        read_case({"region": "US", field: [said]}, TODAY)
    assert "eave out" not in f"{refused.value.message} {refused.value.fix}"
    assert ("other_sedatives" if field == "taken" else "liver") in refused.value.fix


def test_a_misspelt_cirrhosis_never_suggests_a_psychosis():
    for said in ("cirrhosi", "chirrosis", "cirrosis"):
        with pytest.raises(InputError) as refused:
            read_case({"region": "US", "coded": [said]}, TODAY)
        assert "Did you mean psychosis" not in refused.value.fix and ", psychosis?" not in refused.value.fix


def test_every_drug_of_the_formulary_is_another_sedative_beside_the_line():
    facts = load_formulary()
    codes = {i.code for d in facts.drug_names for i in facts.drug(d).identifiers if i.system == "atc"}
    for said in {*facts.names, *codes}:
        assert read_case({"region": "US", "taken": [said]}, TODAY).said("other_sedatives") == "yes", said


def test_a_drug_that_belongs_on_the_line_says_so_where_it_contradicts():
    with pytest.raises(InputError) as refused:
        read_case({"region": "US", "taken": ["Ativan"], "other_sedatives": "no"}, TODAY)
    assert refused.value.field == "other_sedatives" and "belongs on the line" in refused.value.fix


@pytest.mark.parametrize("sex", ["male", "female"])
def test_pregnancy_is_not_asked_of_men_and_is_a_no_for_them_only(sex):
    case = read_case({"region": "US", "sex_at_birth": sex}, TODAY)
    assert (case.said("pregnancy"), case.said("lactation")) == (("no",) if sex == "male" else (NOT_ASKED,)) * 2


def test_a_reaction_without_an_earlier_taper_is_no_contradiction_because_a_missed_dose_can_bring_it():
    assert read_case({"region": "US", "past_taper": "none", "past_reaction": "severe"}, TODAY).values


@pytest.mark.parametrize(
    ("written", "says"),
    [({"age": True}, "whole number"), ({"days_per_week": 0}, "from 1 to 7"), ({"age": 121}, "0 to")],
)
def test_an_error_says_what_the_field_may_be(written, says):
    with pytest.raises(InputError) as refused:
        read_case({"region": "US", **written}, TODAY)
    assert says in refused.value.fix


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"reason": "bipolar", "bipolar_disorder": "no"}, "bipolar_disorder"),
        ({"reason": "ptsd", "ptsd": "no"}, "ptsd"),
        ({"sex_at_birth": "male", "lactation": "yes"}, "lactation"),
        ({"coded": ["cirrhosis"], "liver": "moderate"}, "liver"),
        ({"coded": ["palliative care"], "end_of_life": "no"}, "end_of_life"),
        ({"taken": ["morphine"], "opioid": "no"}, "opioid"),
        ({"coded": ["K72"], "liver": "mild"}, "liver"),
        ({"since": "2024", "stopped": "2023-05"}, "stopped"),
        ({"coded": ["pregnancy"], "sex_at_birth": "male"}, "pregnancy"),
    ],
)
def test_a_name_that_contradicts_an_answer_is_an_error_of_that_answer(case, field):
    with pytest.raises(InputError) as refused:
        read_case({"region": "US", **case}, TODAY)
    assert (refused.value.code, refused.value.field) == ("CASE_CONTRADICTORY", field)


def test_an_unknown_answer_is_settled_by_a_name():
    assert read_case({"region": "US", "taken": ["morphine"], "opioid": "unknown"}, TODAY).said("opioid") == "yes"


def test_every_answer_that_a_name_gives_is_one_that_the_field_may_have():
    codes = load_codes()
    for sets in (*codes.medicines.values(), *codes.conditions.values()):
        assert all(answer in BY_NAME[field].answers for field, answer in sets.items())


# readiness -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("differs", "state", "says"),
    [
        ({}, "ready", ""),
        ({"has_support": "no"}, "arrange first", "support"),
        ({"unstable_illness": "yes", "has_support": "no"}, "not yet", "unstable"),
        ({"unstable_illness": "unknown"}, "cannot tell", ""),
        ({"suicidality": "ideas", "unstable_illness": "unknown"}, "not yet", "suicide"),
        ({"stopped": "2026-11-18"}, "not yet", "stopped"),
        ({"stopped": "unknown"}, "cannot tell", ""),
        ({"supply": "online"}, "not yet", "not known"),
        ({"wants": "stay"}, "not yet", "does not want"),
    ],
)
def test_readiness_follows_from_the_answers_and_unknown_is_never_ready(differs, state, says):
    from tests.scenario.people import QUIET

    case = {**QUIET, "line": "diazepam 5 mg at night", "since": "2026-01", **differs}
    found = assess(case, today=TODAY).assessment.readiness
    assert found.state == state
    assert says in "; ".join(found.reasons)
    assert bool(found.missing) == ("unknown" in differs.values())
    if "stopped" in differs and state == "cannot tell":
        assert found.missing == ("stopped",)


@pytest.mark.parametrize("text", ["age: 17.5", "age: -5", "days_per_week: 07"])
def test_a_number_that_is_not_whole_is_said_to_be_so_and_quotes_are_not_advised(text):
    with pytest.raises(InputError) as refused:
        case_of(f"region: US\n{text}\n".encode(), TODAY)
    assert "whole number" in refused.value.message and "quotes" not in refused.value.fix


def test_a_field_below_the_wrong_heading_is_told_where_it_belongs():
    with pytest.raises(InputError) as refused:
        read_case({"region": "US", "conditions": {"opioid": "yes"}}, TODAY)
    assert refused.value.fix == "Put it below medicines."


def test_a_day_may_stand_in_a_case_with_and_without_quotes():
    for day in ("2026-11-20", "'2026-11-20'"):
        assert case_of(f"region: US\nstopped: {day}\n".encode(), TODAY).value("stopped") == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ('{"region": "US", "age": ' + "9" * 10_000 + "}", "NUM_RANGE", "age"),
        ('{"region": "US", "person": {"age": NaN}}', "NUM_MUST_BE_STRING", "age"),
        ('{"region": "US", "weight_kg": 70.5}', "NUM_MUST_BE_STRING", "weight_kg"),
        ('{"region": "US", "taken": ["morphine", [1e400]]}', "NUM_MUST_BE_STRING", "taken"),
        ('{"region": "US", "age": 40, "age": 41}', "JSON_DUPLICATE_KEY", "age"),
        ('{"region": "US", "age": ' + "[" * 100_000 + "}", "JSON_INVALID", "file"),
    ],
)
def test_a_fault_of_the_json_names_its_field(text, code, field):
    with pytest.raises(InputError) as refused:
        case_of(text.encode(), TODAY)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("region: US\nperson:\n  weight_kg: 70.5\n", "YAML_SCALAR_TYPE", "weight_kg"),
        ("region: US\nopioid: no\n", "YAML_SCALAR_TYPE", "opioid"),
        ("region: US\nstopped: 2026-11-20 10:00:00\n", "YAML_SCALAR_TYPE", "stopped"),
        ("region: US\nage: 40\nage: 41\n", "YAML_DUPLICATE_KEY", "age"),
        ("region: US\nage: &a 40\n", "YAML_FEATURE", "age"),
        ("region: US\nline: [\n", "YAML_INVALID", "case"),
    ],
)
def test_a_fault_of_the_yaml_names_its_field(text, code, field):
    with pytest.raises(InputError) as refused:
        case_of(text.encode(), TODAY)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert "facts" not in refused.value.message + refused.value.fix
