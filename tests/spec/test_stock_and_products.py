"""Stock at home, declared and misnamed products, and the order of the day, as a prescriber would ask for them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction as F

import pytest

import glidepath as gp

TODAY = date(2026, 11, 22)


def a_plan(sig, **options):
    return gp.plan(sig, today=TODAY, **{"start": "2026-12-07", **options})


def units_of(step, product):
    return sum((p.units for i in step.regimen.intakes for p in i.pieces if p.product.name == product), F(0))


def test_stock_at_home_is_used_while_it_covers_a_whole_step_and_the_rest_is_returned():
    proposal = a_plan("clonazepam 1 mg twice daily", age=62, have="clonazepam 1 mg tablet=60")
    option = proposal.option("direct-all-forms")
    recorded, first, second = option.taper.steps[:3]
    tablet = "clonazepam 1 mg tablet"
    assert (units_of(recorded, tablet), units_of(first, tablet)) == (2, 1)
    used = sum(units_of(s, tablet) * s.days for s in option.taper.steps)
    assert used == 2 * 7 + 28
    assert option.ledger.left_for_return == {tablet: 60 - used}
    assert all(line.dispensed == 0 for f in option.ledger.fills for line in f.lines if line.product.name == tablet)
    assert units_of(second, tablet) == 0


def test_without_stock_the_plan_says_that_all_strengths_were_assumed():
    assert any("strengths" in a for a in a_plan("clonazepam 1 mg twice daily").assumptions)
    with_stock = a_plan("clonazepam 1 mg twice daily", have="clonazepam 1 mg tablet=60")
    assert not any("strengths" in a for a in with_stock.assumptions)


def test_a_compounded_product_is_planned_with_only_when_it_is_declared():
    plain = a_plan("quazepam 15 mg at night")
    declared = a_plan("quazepam 15 mg at night", product="quazepam 1 mg/mL oral suspension")
    assert all(
        not p.product.compounded for s in plain.recommended.taper.steps for i in s.regimen.intakes for p in i.pieces
    )
    assert declared.recommended.numbers.largest_fall_frac < plain.recommended.numbers.largest_fall_frac
    check = declared.recommended.proof.check("products")
    assert check.status.value == "caution" and "Compounded" in check.says


@pytest.mark.parametrize("product", ["lorazepam 1 mg tablet", "lorazepam 0.1 mg/mL oral suspension"])
def test_a_product_of_a_drug_that_is_not_tapered_is_an_error_and_not_ignored(product):
    with pytest.raises(gp.GlidepathError) as caught:
        a_plan("clonazepam 1 mg twice daily", product=product)
    assert caught.value.code == "OPTION_INVALID"


def test_every_fall_over_the_limit_is_listed_where_one_reason_is_asked_for():
    check = a_plan("clonazepam 0.5 mg at night").option("direct-all-forms").proof.check("fall-in-14-days")
    assert "33.3 %" in check.says and "50 %" in check.says and "25 % on" not in check.says


def test_keeping_the_night_dose_can_make_the_last_falls_smaller_and_the_end_says_so():
    asked = {"percent": "10", "every": "14d"}
    balanced = a_plan("diazepam 10 mg three times daily", **asked).recommended
    kept = a_plan("diazepam 10 mg three times daily", keep="night", **asked).recommended
    assert kept.numbers.largest_fall_frac < balanced.numbers.largest_fall_frac
    assert any("--keep night" in other for other in balanced.end.alternatives)


def test_the_form_the_plan_ends_on_is_never_offered_as_a_smaller_form():
    option = a_plan("diazepam 10 mg at night", region="UK", profile="cks").recommended
    ends_on = {p.product.name for i in option.taper.steps[-1].regimen.intakes for p in i.pieces}
    assert not any(name in other for name in ends_on for other in option.end.alternatives)


def test_two_releases_of_one_drug_are_never_mixed_in_a_plan():
    with pytest.raises(gp.GlidepathError) as caught:
        a_plan("alprazolam XR 1 mg every morning and alprazolam 0.5 mg at night")
    assert caught.value.code == "NOTHING_FEASIBLE"


def test_an_extended_release_regimen_stays_extended_release():
    option = a_plan("alprazolam XR 3 mg every morning").recommended
    forms = {p.product.form.value for s in option.taper.steps for i in s.regimen.intakes for p in i.pieces}
    assert forms == {"XR tablet"}


def test_a_limit_on_pieces_never_forces_a_fall():
    option = a_plan("diazepam 60 mg at night", percent="10", every="14d").recommended
    assert option.taper.steps[1].reduction_frac <= F(1, 10)


def test_every_day_of_a_constant_drug_is_the_same_and_it_is_said_not_to_be_reduced():
    proposal = a_plan("clonazepam 1 mg twice daily + zolpidem 10 mg at night")
    assert proposal.person.other_sedatives.value == "yes"
    assert any("not reduced" in f.says for f in proposal.findings)
    for step in proposal.recommended.taper.steps:
        assert step.regimen.total("zolpidem").mg == 10
