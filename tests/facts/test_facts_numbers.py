"""A second copy of the numbers that matter most, typed by hand from the published tables, and nothing lost."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import pytest

from glidepath.facts.compile import DATA
from glidepath.facts.formulary import load_formulary
from glidepath.facts.model import Form, Split

FORMULARY = load_formulary()

# ASAM 2025 pocket guide, table 7: mg equal to oral diazepam 10 mg. Typed again, not generated.
VADOD_2021 = {
    "alprazolam": ("1", "1"),
    "chlordiazepoxide": ("25", "25"),
    "clonazepam": ("1", "1"),
    "clorazepate": ("15", "15"),
    "diazepam": ("10", "10"),
    "estazolam": ("1", "1"),
    "flurazepam": ("15", "15"),
    "lorazepam": ("2", "2"),
    "oxazepam": ("30", "30"),
    "quazepam": ("10", "10"),
    "temazepam": ("15", "15"),
    "triazolam": ("0.25", "0.25"),
}
ASHTON_2002 = {
    "alprazolam": ("0.5", "0.5"),
    "chlordiazepoxide": ("25", "25"),
    "clonazepam": ("0.5", "0.5"),
    "clorazepate": ("15", "15"),
    "diazepam": ("10", "10"),
    "estazolam": ("1", "2"),
    "flurazepam": ("15", "30"),
    "lorazepam": ("1", "1"),
    "oxazepam": ("20", "20"),
    "quazepam": ("20", "20"),
    "temazepam": ("20", "20"),
    "triazolam": ("0.5", "0.5"),
}
BNF_RECALLED = {
    "alprazolam": ("0.5", "0.5"),
    "chlordiazepoxide": ("25", "25"),
    "clobazam": ("20", "20"),
    "clonazepam": ("0.5", "0.5"),
    "diazepam": ("10", "10"),
    "flurazepam": ("15", "30"),
    "loprazolam": ("1", "2"),
    "lorazepam": ("1", "1"),
    "lormetazepam": ("1", "2"),
    "nitrazepam": ("10", "10"),
    "oxazepam": ("20", "20"),
    "temazepam": ("20", "20"),
}

US_PRODUCTS = {
    ("clonazepam", Form.TABLET): "0.5 1 2",
    ("clonazepam", Form.ODT): "0.125 0.25 0.5 1 2",
    ("diazepam", Form.TABLET): "2 5 10",
    ("diazepam", Form.SOLUTION): "1",
    ("diazepam", Form.CONCENTRATE): "5",
    ("alprazolam", Form.TABLET): "0.25 0.5 1 2",
    ("alprazolam", Form.ODT): "0.25 0.5 1 2",
    ("alprazolam", Form.XR_TABLET): "0.5 1 2 3",
    ("alprazolam", Form.CONCENTRATE): "1",
    ("lorazepam", Form.TABLET): "0.5 1 2",
    ("lorazepam", Form.XR_CAPSULE): "1 1.5 2 3",
    ("lorazepam", Form.CONCENTRATE): "2",
    ("temazepam", Form.CAPSULE): "7.5 15 22.5 30",
}


@pytest.mark.parametrize(
    ("table", "copy"), [("VADOD2021", VADOD_2021), ("ASHTON2002", ASHTON_2002), ("BNF", BNF_RECALLED)]
)
def test_the_tables_people_convert_by_agree_with_a_second_copy(table: str, copy: dict[str, tuple[str, str]]):
    for drug, (low, high) in copy.items():
        row = next(row for row in FORMULARY.conversion_tables(drug) if row.table == table)
        assert (row.low_mg, row.high_mg) == (Fraction(low), Fraction(high)), drug


def test_the_rows_of_asam_table_7_are_verified():
    for table, copy in (("VADOD2021", VADOD_2021), ("ASHTON2002", ASHTON_2002)):
        for drug in copy:
            assert next(r for r in FORMULARY.drug(drug).equivalents if r.table == table).verified, (table, drug)


@pytest.mark.parametrize(("rule", "table"), [("EQV-VADOD2021", "VADOD2021"), ("EQV-ASHTON", "ASHTON2002")])
def test_the_copy_of_a_table_in_the_guidance_notes_agrees_with_the_drug_files(rule: str, table: str):
    stated = FORMULARY.rule(rule).params["mg"]
    assert isinstance(stated, type(FORMULARY.regions))
    for drug, value in stated.items():
        low, high = (value[0], value[-1]) if isinstance(value, tuple) else (value, value)
        row = next(row for row in FORMULARY.drug(drug).equivalents if row.table == table)
        assert (row.low_mg, row.high_mg) == (Fraction(low), Fraction(high)), drug


def test_us_strengths_agree_with_a_second_copy():
    for drug in ("clonazepam", "diazepam", "alprazolam", "lorazepam", "temazepam"):
        found: dict[tuple[str, Form], list[Fraction]] = {}
        for product in FORMULARY.products(drug, "US"):
            found.setdefault((drug, product.form), []).append(product.strength)
        wanted = {k: [Fraction(x) for x in v.split()] for k, v in US_PRODUCTS.items() if k[0] == drug}
        assert found == wanted


def test_the_dose_bands_are_those_of_asam_table_2():
    low, moderate, high = FORMULARY.dose_bands
    assert (low.band, moderate.band, high.band) == ("low", "moderate", "high")
    wanted = {"clonazepam": ("0.5", "1.5"), "lorazepam": ("2", "3"), "alprazolam": ("1", "2")}
    for drug, (first, second) in wanted.items():
        assert low.limits[drug].high == Fraction(first)
        assert (moderate.limits[drug].low, moderate.limits[drug].high) == (Fraction(first), Fraction(second))
        assert high.limits[drug].over == Fraction(second)
        assert FORMULARY.threshold(f"high_band_{drug}_mg").value == Fraction(second)
    assert (low.diazepam_equivalent.high, high.diazepam_equivalent.over) == (10, 15)
    assert low.limit("temazepam") is None


def test_nothing_was_lost_on_the_way_into_the_schema():
    counts = json.loads((DATA / "manifest.json").read_text())["counts"]
    # 228 published rows, and diazepam itself in the Norwegian table by definition.
    assert counts == {
        "drugs": 27,
        "metabolites": 9,
        "product_rows": 148,
        "equivalents": 229,
        "ceilings": 51,
        "covariates": 140,
        "kinetic_tests": 71,
        "chain_links": 42,
        "identifiers": 135,
        "sources": 196,
        "rules": 153 + 69,  # and those of the assessment
        "profiles": 11,
        "thresholds": 24,
    }
    drugs = [FORMULARY.drug(name) for name in FORMULARY.drug_names]
    assert sum(len(d.kinetics) for d in drugs) == 228
    assert sum("who_ddd" in d.pharmacology for d in drugs) == 25
    assert sum("one_compartment" in d.pharmacology for d in drugs) == 26
    assert sum("two_compartment" in d.pharmacology for d in drugs) == 2
    assert sum(len(d.pharmacology.get("additional", ())) for d in drugs) == 9
    assert sum(len(d.indications) for d in drugs) == 41
    assert sum(len(d.contraindications) for d in drugs) == 47
    assert sum(len(d.interactions) for d in drugs) == 88
    # Every row is in a product once for each of its strengths.
    assert sum(len(p.records) for d in drugs for p in d.products) == 293
    # Kept rows that never convert: four dose bands, twelve calculator ranges, two without a source to lean on.
    assert sum(not e.converts for d in drugs for e in d.equivalents) == 18
    assert sum(e.verified for d in drugs for e in d.equivalents) == 152


def test_the_guidance_was_carried_over_whole():
    by_topic: dict[str, int] = {}
    for rule in FORMULARY.rules.values():
        by_topic[rule.topic] = by_topic.get(rule.topic, 0) + 1
    assert by_topic["red_flag"] == 16
    assert by_topic["conflict"] == 13
    assert by_topic["product_note"] == 8
    assert sum(rule_id.startswith("TEC-") for rule_id in FORMULARY.rules) == 13
    assert FORMULARY.rule("ASAM-06").params["ceiling_pct"] == "25"
    assert FORMULARY.rule("TAS-01").params["specialist_over_diazepam_eq_mg"] == "40"
    assert FORMULARY.rule("CKS-02").params["bands"][3] == ("5", "0", "0.5", "1")


def test_where_makers_differ_a_tablet_is_divided_only_on_a_pharmacists_word():
    split = {p.name: (p.halves, p.quarters) for p in FORMULARY.products("clonazepam", "US")}
    assert split["clonazepam 0.5 mg tablet"] == (Split.YES, Split.NO)
    assert split["clonazepam 1 mg tablet"][0] is Split.VARIES
    assert split["clonazepam 2 mg tablet"][0] is Split.VARIES
    assert FORMULARY.product_named("clonazepam 2 mg tablet", "UK").quarters is Split.YES
    assert FORMULARY.product_named("diazepam 2 mg tablet", "UK").halves is Split.VARIES
    assert FORMULARY.product_named("lorazepam 0.5 mg tablet", "UK").halves is Split.NO
    assert FORMULARY.product_named("nitrazepam 5 mg tablet", "UK").halves is Split.NO
    assert FORMULARY.product_named("eszopiclone 1 mg tablet", "US").halves is Split.NO


def test_only_plain_tablets_are_ever_divided():
    for name in FORMULARY.drug_names:
        for product in FORMULARY.drug(name).products:
            if product.form is not Form.TABLET:
                assert (product.halves, product.quarters) == (Split.NO, Split.NO), product.name
            if product.quarters is Split.YES:
                assert product.halves is Split.YES, product.name


def test_half_lives_agree_with_volume_over_clearance():
    """Recomputes what the notes called half-life consistency: 0.693 V/CL within 40 % of the stated half-life."""
    checked = 0
    for name in FORMULARY.drug_names:
        kinetics = FORMULARY.drug(name).kinetics
        for volume, clearance in (("v_f", "cl_f"), ("vd", "cl")):
            if volume in kinetics and clearance in kinetics and "t_half" in kinetics:
                litres_per_kg, ml_min_kg = kinetics[volume].value, kinetics[clearance].value
                stated = kinetics["t_half"].value
                if litres_per_kg is None or ml_min_kg is None or stated is None:
                    continue
                hours = math.log(2) * float(litres_per_kg) / (float(ml_min_kg) * 0.06)
                assert abs(hours / float(stated) - 1) < 0.4, name
                checked += 1
    assert checked == 33


def test_every_source_that_is_named_is_loaded():
    for name in FORMULARY.drug_names:
        drug = FORMULARY.drug(name)
        named = [p.source for product in drug.products for p in product.records]
        named += [e.source for e in drug.equivalents] + [c.source for c in drug.ceilings]
        named += [e.source for e in drug.kinetics.values()] + [drug.safety_text_source, drug.lactation.source]
        assert set(named) <= set(FORMULARY.sources)


def test_no_address_is_that_of_a_package_index():
    for source in FORMULARY.sources.values():
        for address in (source.address or "", *source.more_addresses):
            assert not any(host in address for host in ("pypi", "npm", "rubygems", "crates", "conda"))
