"""The compiler refuses what cannot be right, and one YAML file is all a new drug needs (BI-58 to BI-61)."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from glidepath.errors import FactsError
from glidepath.facts.compile import DATA, compile_facts, compiled_facts, is_stale, main, write_facts
from glidepath.facts.formulary import load_formulary
from glidepath.facts.model import Split
from glidepath.quantity import exact_decimal
from tests.facts.facts_folder import a_copy_of_the_facts, change, with_invented_drug


def code_of(folder: Path) -> str:
    with pytest.raises(FactsError) as caught:
        compiled_facts(folder)
    assert ".yaml" in caught.value.message
    return caught.value.code


def test_the_committed_compiled_facts_are_what_the_yaml_gives():
    assert not is_stale(DATA)


def test_compiling_twice_gives_the_same_bytes_and_no_float():
    first, about = compile_facts(DATA)
    assert (first, about) == compile_facts(DATA)
    assert first.endswith(b"}\n")

    def refuse(text: str) -> float:
        raise AssertionError(f"a float in the compiled facts: {text}")

    json.loads(first, parse_float=refuse)


def test_the_check_option_says_whether_the_files_are_up_to_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = a_copy_of_the_facts(tmp_path)
    assert main(["--check", "--data", str(folder)]) == 6
    assert main(["--data", str(folder)]) == 0
    assert main(["--check", "--data", str(folder)]) == 0
    change(folder / "drugs" / "diazepam.yaml", "role: priority", "rolle: priority")
    assert main(["--data", str(folder)]) == 3
    assert "DATA_SCHEMA" in capsys.readouterr().err


def test_a_new_drug_is_one_yaml_file_and_no_code(tmp_path: Path):
    folder = with_invented_drug(tmp_path)
    write_facts(folder)
    formulary = load_formulary(folder)
    assert "inventazepam" in formulary.drug_names
    assert formulary.product_named("Inventol 3 mg tablet", "US").halves is Split.YES
    assert formulary.names["inventol xr"].release == "XR"
    assert formulary.conversion_tables("inventazepam")[0].low_mg == Fraction(2)
    assert formulary.profile("asam-2025").percent == 10
    assert formulary != load_formulary()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("strengths_mg: ['1', '3']", "strengths_mg: ['1', '30']"),
        ("strengths_mg: ['1', '3']", "strengths_mg: ['0.01', '3']"),
        ("strengths_mg: ['1', '3']", "strengths_mg: ['0', '3']"),
        ("value: '20', unit: h", "value: '0', unit: h"),
        ("value: '20', unit: h", "value: '2000', unit: h"),
        ("mg_per_day: '12'", "mg_per_day: '12000'"),
        ("low: '2', high: '3'", "low: '3', high: '2'"),
        ("low: '2', high: '3'", "low: '0', high: '3'"),
        ("value: '20', unit: h", "value: '20', low: '30', high: '40', unit: h"),
    ],
)
def test_bi_58_a_value_outside_the_range_of_its_class_stops_the_build(tmp_path: Path, old: str, new: str):
    assert code_of(with_invented_drug(tmp_path, old, new)) == "DATA_RANGE"


@pytest.mark.parametrize("drug", ["clonazepam", "alprazolam", "triazolam", "lorazepam", "temazepam"])
def test_bi_58_a_strength_ten_times_the_largest_there_is_stops_the_build(tmp_path: Path, drug: str):
    folder = a_copy_of_the_facts(tmp_path)
    path = folder / "drugs" / f"{drug}.yaml"
    largest = max(p.strength for p in load_formulary().drug(drug).products if not p.form.is_per_ml)
    wrong = exact_decimal(largest * 10)
    change(path, "strengths_mg: [", f"strengths_mg: ['{wrong}', ")
    assert code_of(folder) == "DATA_RANGE"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("source: ASHTON2002, verified: false, converts", "verified: false, converts"),
        ("source: ASHTON2002, verified: false, converts", "source: NOWHERE, verified: false, converts"),
        ("source: ASHTON2002, verified: false, converts", "source: null, verified: false, converts"),
        ("unit: h, source: PROJECT", "unit: h"),
        ("    maker: Inventol\n    source: PROJECT\n", "    maker: Inventol\n"),
    ],
)
def test_bi_59_a_number_without_a_source_stops_the_build(tmp_path: Path, old: str, new: str):
    assert code_of(with_invented_drug(tmp_path, old, new)) == "DATA_NO_SOURCE"


def test_bi_59_an_equivalent_needs_a_source_that_can_be_found_again(tmp_path: Path):
    folder = a_copy_of_the_facts(tmp_path)
    path = folder / "sources.yaml"
    text = path.read_text()
    start = text.index("  ASHTON2002:")
    end = text.index("looked_up", start)
    path.write_text(text[:start] + "  ASHTON2002:\n    citation: ' '\n    " + text[end:])
    assert code_of(folder) in ("DATA_NO_SOURCE", "DATA_SCHEMA")


def test_bi_60_a_row_without_a_word_on_splitting_is_whole_only_and_reported(tmp_path: Path):
    folder = with_invented_drug(tmp_path, "    split: {halves: 'yes', quarters: 'no'}\n", "")
    write_facts(folder)
    formulary = load_formulary(folder)
    product = formulary.product_named("inventazepam 1 mg tablet", "US")
    assert (product.halves, product.quarters) == (Split.NO, Split.NO)
    assert not product.records[0].split_stated
    notes = [note for note in formulary.load_report if "inventazepam" in note.where]
    assert [note.code for note in notes] == ["SPLIT_ASSUMED_NONE"] * 2


def test_bi_61_a_compiled_file_that_its_manifest_does_not_name_is_never_read(tmp_path: Path):
    folder = a_copy_of_the_facts(tmp_path)
    write_facts(folder)
    load_formulary(folder)
    path = folder / "compiled.json"
    path.write_bytes(path.read_bytes().replace(b'"halves":"no"', b'"halves":"yes"', 1))
    with pytest.raises(FactsError) as caught:
        load_formulary(folder)
    assert caught.value.code == "DATA_UNSIGNED"
    assert caught.value.exit_code == 6


@pytest.mark.parametrize("spoilt", [b"", b"{}", b"[]", b"not json"])
def test_bi_61_a_missing_or_spoilt_manifest_stops_the_start(tmp_path: Path, spoilt: bytes):
    folder = a_copy_of_the_facts(tmp_path)
    write_facts(folder)
    (folder / "manifest.json").write_bytes(spoilt)
    with pytest.raises(FactsError, match="manifest"):
        load_formulary(folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(FactsError):
        load_formulary(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("role: core", "role: core\nroll: core"),
        ("class: benzodiazepine\n", ""),
        ("form: tablet", "form: tablett"),
        ("region: US", "region: XX"),
        ("strengths_mg: ['1', '3']", "strengths_mg: [1, 3]"),
        ("strengths_mg: ['1', '3']", "strengths_mg: ['1,5']"),
        ("strengths_mg: ['1', '3']", "strengths_mg: []"),
        ("strengths_mg: ['1', '3']", "strengths_mg_per_ml: ['1']"),
        ("halves: 'yes'", "halves: true"),
        ("name: inventazepam", "name: clonazepam"),
        ("US: [Inventol, ", "US: [Klonopin, "),
        ("US: [Inventol, ", "US: [Catapres, "),
    ],
)
def test_a_fact_of_the_wrong_shape_stops_the_build(tmp_path: Path, old: str, new: str):
    with pytest.raises(FactsError) as caught:
        compiled_facts(with_invented_drug(tmp_path, old, new))
    assert caught.value.code == "DATA_SCHEMA"


def test_one_table_has_one_row_per_drug(tmp_path: Path):
    row = (
        "  - {table: ASHTON2002, low: '2', high: '3', unit: mg per diazepam 10 mg,\n"
        "     source: ASHTON2002, verified: false, converts: true}\n"
    )
    assert code_of(with_invented_drug(tmp_path, row, row + row)) == "DATA_SCHEMA"


def test_no_plannable_pace_is_above_the_ceiling_of_the_same_file(tmp_path: Path):
    folder = a_copy_of_the_facts(tmp_path)
    change(folder / "profiles.yaml", "percent: '10'", "percent: '26'")
    assert code_of(folder) == "DATA_RANGE"
