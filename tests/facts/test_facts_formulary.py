"""Names, products, regions, paces and thresholds as the rest of the library asks for them."""

from __future__ import annotations

import dataclasses
import pickle
from fractions import Fraction

import pytest

from glidepath.errors import GlidepathError
from glidepath.facts.formulary import load_formulary
from glidepath.facts.model import Form

FORMULARY = load_formulary()


def code_of(ask) -> GlidepathError:
    with pytest.raises(GlidepathError) as caught:
        ask()
    return caught.value


@pytest.mark.parametrize(
    ("text", "region", "name"),
    [
        ("clonazepam 1 mg tablet", "US", "clonazepam 1 mg tablet"),
        ("Clonazepam 0.125 mg ODT", "US", "clonazepam 0.125 mg ODT"),
        ("clonazepam 125 micrograms orally disintegrating tablets", "US", "clonazepam 0.125 mg ODT"),
        ("KLONOPIN 0.5mg", "US", "clonazepam 0.5 mg tablet"),
        ("alprazolam-xr-1mg", "US", "alprazolam 1 mg XR tablet"),
        ("Xanax XR 1 mg", "US", "alprazolam 1 mg XR tablet"),
        ("xanax 1 mg tablets", "US", "alprazolam 1 mg tablet"),
        ("loreev xr 1.5 mg capsule", "US", "lorazepam 1.5 mg XR capsule"),
        ("diazepam 1 mg/mL oral solution", "US", "diazepam 1 mg/mL oral solution"),
        ("diazepam 5 mg/5 mL solution", "US", "diazepam 1 mg/mL oral solution"),
        ("diazepam 2 mg/5 mL oral solution", "UK", "diazepam 0.4 mg/mL oral solution"),
        ("edluar 5 mg", "US", "zolpidem 5 mg SL tablet"),
        ("Ambien CR 6.25 mg", "US", "zolpidem 6.25 mg XR tablet"),
        ("Tavor 2.5 mg tablet", "DE", "lorazepam 2.5 mg tablet"),
        ("clonazepam 2.5 mg/mL oral drops", "DE", "clonazepam 2.5 mg/mL oral drops"),
    ],
)
def test_a_product_is_found_as_people_write_it(text: str, region: str, name: str):
    assert FORMULARY.product_named(text, region).name == name


def test_every_product_is_found_again_by_its_own_name():
    for name in FORMULARY.drug_names:
        for product in FORMULARY.drug(name).products:
            assert FORMULARY.product_named(product.name, product.region) is product


@pytest.mark.parametrize(
    ("text", "region", "code"),
    [
        ("clonazepam 3 mg tablet", "US", "PRODUCT_UNKNOWN"),
        ("clonazepam 1 mg capsule", "US", "PRODUCT_UNKNOWN"),
        ("clonazepam 1 mg purple tablet", "US", "PRODUCT_UNKNOWN"),
        ("clonazepam tablet", "US", "PRODUCT_UNKNOWN"),
        ("diazepam 2 mg oral solution", "US", "PRODUCT_UNKNOWN"),
        ("Xanax XR 0.25 mg", "US", "PRODUCT_UNKNOWN"),
        ("clonazepam .5 mg tablet", "US", "NUM_NAKED_DECIMAL"),
        ("clonazepam 0,5 mg tablet", "US", "NUM_AMBIGUOUS"),
        ("klonazepam 1 mg tablet", "US", "DRUG_UNKNOWN"),
        ("loprazolam 1 mg tablet", "US", "PRODUCT_NOT_MARKETED"),
        ("clonazepam 1 mg tablet", "FR", "REGION_UNKNOWN"),
    ],
)
def test_a_product_that_is_not_there_is_refused_by_name(text: str, region: str, code: str):
    assert code_of(lambda: FORMULARY.product_named(text, region)).code == code


def test_an_unknown_product_lists_those_there_are():
    error = code_of(lambda: FORMULARY.product_named("temazepam 10 mg capsule", "US"))
    assert "temazepam 7.5 mg capsule" in error.details
    assert "10 mg" not in error.message


def test_names_and_brands_mean_their_drug_in_any_case():
    assert FORMULARY.names["klonopin"].drug == "clonazepam"
    assert FORMULARY.names["xanax xr"].release == "XR"
    assert FORMULARY.names["xanax"].release is None
    assert FORMULARY.drug("Valium") is FORMULARY.drug("diazepam")
    assert FORMULARY.drug("midazolam").name == "midazolam_oral"
    assert FORMULARY.drug("midazolam").shown_as == "midazolam (oral)"
    assert not any("generic" in word or "discontinued" in word or "(brand" in word for word in FORMULARY.names)


def test_an_unknown_drug_is_never_guessed_from_a_similar_name():
    error = code_of(lambda: FORMULARY.drug("clonazepan"))
    assert error.code == "DRUG_UNKNOWN"
    assert "clonazepam" in error.details[0]
    assert "clonazepan" not in error.message
    assert FORMULARY.near_names("clonazepan")[0] == "clonazepam"
    assert FORMULARY.near_names("zzzz") == ()


def test_look_alikes_are_known_for_what_they_are_and_are_no_drug_here():
    for word in ("clonidine", "Lamictal", "clozapine", "buspirone", "hydroxyzine", "tramadol", "methadone"):
        assert FORMULARY.lookalike(word) is not None, word
    assert not set(FORMULARY.lookalikes) & set(FORMULARY.names)
    assert FORMULARY.lookalike("clonazepam") is None
    for other in FORMULARY.lookalikes.values():
        assert other.like is None or other.like in FORMULARY.drug_names


def test_the_four_drugs_that_are_never_planned_say_why():
    refused = {n for n in FORMULARY.drug_names if FORMULARY.drug(n).not_planned}
    assert refused == {"phenobarbital", "etizolam", "phenazepam", "midazolam_oral"}


def test_every_region_has_paper_language_and_someone_to_call_first():
    assert set(FORMULARY.regions) == {"US", "UK", "CA", "AU", "NL", "DE"}
    first = {code: region.emergency[0].contact for code, region in FORMULARY.regions.items()}
    assert first == {"US": "911", "CA": "911", "UK": "999", "AU": "000", "NL": "112", "DE": "112"}
    assert {c for c, r in FORMULARY.regions.items() if r.paper == "letter"} == {"US", "CA"}
    for region in FORMULARY.regions.values():
        assert region.emergency[0].kind == "emergency"
        assert region.emergency_listed.isoformat() == "2026-11-22"
    assert not any(line.verified for code in ("NL", "DE", "UK") for line in FORMULARY.regions[code].emergency)


def test_where_nothing_can_be_planned_there_is_still_someone_to_call():
    only = {code: place for code, place in FORMULARY.places.items() if code not in FORMULARY.regions}
    assert set(only) == {"IE", "NZ"} and all(place.emergency[0].kind == "emergency" for place in only.values())
    assert not any(line.verified for place in only.values() for line in place.emergency)
    with pytest.raises(GlidepathError) as refused:
        FORMULARY.region("IE")
    assert refused.value.code == "REGION_UNKNOWN"


def test_the_paces_are_the_published_ones_and_comparison_paces_say_why():
    plannable = {p.name for p in FORMULARY.profiles.values() if not p.comparison_only}
    assert plannable == {"asam-2025", "slow", "cks", "maudsley-proportional"}
    asam = FORMULARY.profile("asam-2025")
    assert (asam.percent, asam.interval_days, asam.slower_interval_days) == (10, 14, 28)
    assert (FORMULARY.profile("slow").percent, FORMULARY.profile("slow").interval_days) == (5, 28)
    cks = FORMULARY.profile("cks")
    assert (cks.percent, cks.interval_days) == (Fraction(25, 2), 14)
    bands = [(band.from_mg, band.to_mg, band.cut_mg) for band in cks.bands]
    assert bands == [(40, 20, 2), (20, 10, 1), (10, 5, 1), (5, 0, Fraction(1, 2))]
    assert not FORMULARY.profile("maudsley-proportional").verified
    for profile in FORMULARY.profiles.values():
        assert profile.sources
        assert bool(profile.why) == profile.comparison_only
        assert (profile.percent is None) == profile.comparison_only
    assert code_of(lambda: FORMULARY.profile("fast")).code == "PROFILE_UNKNOWN"


def test_thresholds_say_when_they_are_proposals():
    assert FORMULARY.threshold("ceiling_percent").value == 25
    assert FORMULARY.threshold("ceiling_window_days").whole == 14
    assert FORMULARY.threshold("specialist_over_diazepam_mg").value == 40
    assert FORMULARY.threshold("inpatient_from_diazepam_mg").value == 100
    assert FORMULARY.threshold("liquid_grid_ml").value == Fraction(1, 10)
    assert FORMULARY.threshold("fill_days").is_proposal
    assert not FORMULARY.threshold("ceiling_percent").is_proposal
    for threshold in FORMULARY.thresholds.values():
        assert threshold.source in FORMULARY.sources
        assert threshold.is_proposal == (threshold.source == "PROJECT")


def test_the_formulary_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        FORMULARY.version = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        FORMULARY.regions["US"] = None  # type: ignore[index]
    with pytest.raises(TypeError):
        FORMULARY.drug("diazepam").pharmacology["chain"] = ()  # type: ignore[index]
    with pytest.raises(TypeError):
        FORMULARY.drug("diazepam").pharmacology["one_compartment"]["V_F_L"] = "1"  # type: ignore[index]


def test_the_packaged_facts_are_read_once_and_travel_by_name():
    assert load_formulary() is FORMULARY
    assert pickle.loads(pickle.dumps(FORMULARY)) is FORMULARY
    assert len(FORMULARY.digest) == 64


def test_drops_and_spray_are_named_per_ml_and_counted_as_neither_liquid_nor_unit():
    product = FORMULARY.product_named("diazepam 10 mg/mL oral drops", "DE")
    assert product.form is Form.DROPS
    assert sorted(r.drops_per_ml for r in product.records if r.drops_per_ml) == ["20", "28"]
    assert not product.form.is_liquid
    assert not product.form.is_counted
