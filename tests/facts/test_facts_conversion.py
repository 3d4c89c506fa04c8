"""Converting is exact, within one table, and never one number."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import permutations

import pytest

from glidepath.errors import GlidepathError
from glidepath.facts.conversion import TableResult, convert_text, table_results
from glidepath.facts.formulary import load_formulary

FORMULARY = load_formulary()


def test_every_ordered_pair_and_table_converts_there_and_back_exactly():
    dose = Fraction(7, 3)
    pairs = 0
    for first, second in permutations(map(FORMULARY.drug, FORMULARY.drug_names), 2):
        shared = {r.table for r in FORMULARY.conversion_tables(first.name)}
        shared &= {r.table for r in FORMULARY.conversion_tables(second.name)}
        there = {r.table: r for r in table_results(first, dose, second) if r.converts}
        assert set(there) >= shared
        for table, result in there.items():
            assert result.low_mg is not None
            assert result.high_mg is not None
            assert result.low_mg <= result.high_mg
            assert in_table(table_results(second, result.low_mg, first), table).high_mg == dose
            assert in_table(table_results(second, result.high_mg, first), table).low_mg == dose
            pairs += 1
    assert pairs > 1000


def in_table(results: tuple[TableResult, ...], table: str) -> TableResult:
    return next(result for result in results if result.table == table)


@pytest.mark.parametrize(
    ("text", "vadod", "ashton"),
    [
        ("clonazepam 1.5 mg", "15", "30"),
        ("lorazepam 4 mg", "20", "40"),
        ("alprazolam 2 mg", "20", "40"),
        ("temazepam 30 mg", "20", "15"),
        ("oxazepam 60 mg", "20", "30"),
        ("quazepam 15 mg", "15", "7.5"),
        ("triazolam 0.25 mg", "10", "5"),
    ],
)
def test_published_examples_come_out_in_both_directions_of_the_dispute(text: str, vadod: str, ashton: str):
    results = {r.table: (r.low_mg, r.high_mg) for r in convert_text(FORMULARY, text, "diazepam").results}
    assert results["VADOD2021"] == (Fraction(vadod), Fraction(vadod))
    assert results["ASHTON2002"] == (Fraction(ashton), Fraction(ashton))


def test_a_conversion_gives_a_range_its_fold_and_says_what_it_means():
    conversion = convert_text(FORMULARY, "clonazepam 1.5 mg", "diazepam")
    assert (conversion.low_mg, conversion.high_mg, conversion.ratio) == (Fraction(15, 2), 30, 4)
    assert "4 times" in conversion.statements[0]
    assert any("not a dose" in s and "low end" in s for s in conversion.statements)
    record = json.loads(json.dumps(conversion.as_record()))
    assert record["low_mg"] == "7.5"
    assert len(record["tables"]) == len(conversion.results)


def test_bands_statistics_and_recalled_rows_never_convert():
    conversion = convert_text(FORMULARY, "clonazepam 1 mg", "diazepam")
    silent = {r.table for r in conversion.results if not r.converts}
    assert silent == {"ASAM2025_BANDS", "CLINCALC"}
    assert all(r.low_mg is None for r in conversion.results if not r.converts)
    assert not any("WHODDD" in (e.table, e.source) for n in FORMULARY.drug_names for e in FORMULARY.drug(n).equivalents)
    assert FORMULARY.conversion_tables("phenazepam") == ()
    assert convert_text(FORMULARY, "phenazepam 1 mg", "diazepam").ratio is None


def test_both_drugs_have_to_stand_in_the_same_table():
    tables = {r.table for r in convert_text(FORMULARY, "zopiclone 7.5 mg", "lorazepam").results}
    for table in tables:
        assert table in {e.table for e in FORMULARY.drug("zopiclone").equivalents}
        assert table in {e.table for e in FORMULARY.drug("lorazepam").equivalents}


def test_the_ends_are_rounded_outwards_in_print_and_exact_beside():
    result = next(
        r.as_record() for r in convert_text(FORMULARY, "clorazepate 7.5 mg", "diazepam").results if r.table == "NOVADIC"
    )
    low, high = Fraction(str(result["low_mg"])), Fraction(str(result["high_mg"]))
    assert low <= Fraction(str(result["exact_low_mg"])) <= Fraction(str(result["exact_high_mg"])) <= high
    assert low < high


@pytest.mark.parametrize(
    ("text", "to", "code"),
    [
        ("clonazepam 1.5", "diazepam", "UNIT_MISSING"),
        ("clonazepam .5 mg", "diazepam", "NUM_NAKED_DECIMAL"),
        ("clonazepam", "diazepam", "NUM_FORMAT"),
        ("klonazepam 1 mg", "diazepam", "DRUG_UNKNOWN"),
        ("clonazepam 1 mg", "diazepan", "DRUG_UNKNOWN"),
        ("clonazepam 1 mg", "Klonopin", "OPTION_INVALID"),
        ("", "diazepam", "NUM_FORMAT"),
    ],
)
def test_what_cannot_be_converted_is_refused_by_name(text: str, to: str, code: str):
    with pytest.raises(GlidepathError) as caught:
        convert_text(FORMULARY, text, to)
    assert caught.value.code == code
