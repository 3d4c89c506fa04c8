"""From the facts to compartments, potency and covariates: does each drug of the simulator behave as the facts say?"""

from __future__ import annotations

import numpy as np
import pytest

from glidepath.errors import GlidepathError
from glidepath.facts.formulary import load_formulary
from glidepath.facts.response import load_response
from glidepath.pharmacology.covariates import Person, applied, not_quantified
from glidepath.pharmacology.engine import run
from glidepath.pharmacology.history import Dose, DosingHistory, every_day
from glidepath.pharmacology.kinetics import kinetics_of
from glidepath.pharmacology.model import model_of
from glidepath.pharmacology.population import typical
from glidepath.pharmacology.potency import _equal_mg, anchor, potency_of

FACTS, RESPONSE = load_formulary(), load_response()
CENTRAL = RESPONSE.scenarios[0]
MOLAR = RESPONSE.molar_mass


def has_kinetics(drug: str) -> bool:
    try:
        potency_of([kinetics_of(drug, FACTS, MOLAR)], FACTS, MOLAR)
    except GlidepathError:
        return False
    return True


SIMULATED = [drug for drug in FACTS.drug_names if has_kinetics(drug)]


def test_every_drug_but_phenazepam_can_be_simulated():
    assert set(FACTS.drug_names) - set(SIMULATED) == {"phenazepam"}


def test_a_drug_without_kinetics_is_named_and_nothing_is_guessed():
    with pytest.raises(GlidepathError) as refused:
        kinetics_of("phenazepam", FACTS, MOLAR)
    assert refused.value.code == "SIM_NO_KINETICS" and "phenazepam" in refused.value.message


@pytest.mark.parametrize("drug", SIMULATED)
def test_the_mean_level_of_a_steady_day_is_what_is_taken_over_clearance(drug):
    kinetics = kinetics_of(drug, FACTS, MOLAR)
    model = model_of([drug], FACTS, RESPONSE)
    day = (Dose(8.0, drug, 3.0), Dose(20.0, drug, 2.0))
    entries, steady = model.entries(DosingHistory(doses=every_day(day, 1), days=1, before=day))
    person = model.people(1, CENTRAL, seed=0, is_typical=True)
    # Twenty moments an hour: half-lives of an hour make a curve too sharp for the hourly ones.
    done = run(model.network, person, entries, end_h=24.0, every_h=0.05, steady_entries=steady, keep="daily")
    expected = kinetics.average_ng_ml(5.0)
    assert done.day_mean is not None
    for index, substance in enumerate(model.substances):
        assert done.day_mean[0, 0, index] == pytest.approx(expected[substance], rel=3e-4)


# What they are in the blood is better known after another drug; its potency is not theirs to say.
ELSEWHERE = {"clorazepate", "prazepam"}


@pytest.mark.parametrize("drug", sorted(set(SIMULATED) - ELSEWHERE))
def test_doses_that_a_table_calls_equal_have_equal_mean_binding(drug):
    imaged, half = anchor(FACTS)
    target = kinetics_of(imaged, FACTS, MOLAR).average_ng_ml(_equal_mg(imaged, FACTS))[imaged] / half
    kinetics = kinetics_of(drug, FACTS, MOLAR)
    levels, ec50 = kinetics.average_ng_ml(_equal_mg(drug, FACTS)), potency_of([kinetics], FACTS, MOLAR).ec50_ng_ml
    assert sum(level / ec50[name] for name, level in levels.items()) == pytest.approx(target, rel=1e-9)


def test_the_imaged_dose_has_the_imaged_occupancy():
    imaged, half = anchor(FACTS)
    level = kinetics_of(imaged, FACTS, MOLAR).average_ng_ml(2.0)[imaged]
    assert (imaged, round(level / (level + half), 2)) == ("alprazolam", 0.16)


def test_one_molecule_has_one_potency_whatever_it_was_made_from():
    found: dict[str, set[float]] = {}
    for drug in SIMULATED:
        for name, ec50 in potency_of([kinetics_of(drug, FACTS, MOLAR)], FACTS, MOLAR).ec50_ng_ml.items():
            found.setdefault(name, set()).add(round(ec50, 6))
    assert {name: values for name, values in found.items() if len(values) > 1} == {}


def test_a_prodrug_is_what_it_becomes_by_mass():
    clorazepate, flurazepam = (kinetics_of(drug, FACTS, MOLAR) for drug in ("clorazepate", "flurazepam"))
    assert (clorazepate.moiety, round(clorazepate.part, 3)) == ("nordiazepam", 0.662)
    assert (flurazepam.moiety, round(flurazepam.part, 3)) == ("desalkylflurazepam", 0.627)


def test_two_drugs_that_are_the_same_in_the_blood_share_one_compartment():
    model = model_of(["clorazepate", "diazepam"], FACTS, RESPONSE)
    assert model.substances == ("nordiazepam", "diazepam", "oxazepam", "temazepam")
    body = model.people(1, CENTRAL, seed=1, is_typical=True)
    to_oxazepam = [
        float(body.flow[index, 0])
        for index, (source, target) in enumerate(model.network.flows)
        if (model.network.states[source], model.network.states[target]) == ("nordiazepam", "oxazepam")
    ]
    alone = model_of(["diazepam"], FACTS, RESPONSE)
    same = alone.people(1, CENTRAL, seed=1, is_typical=True)
    place = alone.network.flows.index(tuple(alone.network.states.index(n) for n in ("nordiazepam", "oxazepam")))
    assert len(to_oxazepam) == 1 and to_oxazepam[0] == pytest.approx(float(same.flow[place, 0]), rel=0.05)


def test_a_single_dose_peaks_where_the_facts_predict():
    two = FACTS.drug("clonazepam").pharmacology["two_compartment"]
    model = model_of(["clonazepam"], FACTS, RESPONSE)
    done = typical(model, DosingHistory(doses=(Dose(0.0, "clonazepam", 2.0),), days=2), CENTRAL)
    assert done.highest[0, 0] == pytest.approx(float(two["predicted_Cmax_ng_ml"]), rel=0.02)
    assert kinetics_of("clonazepam", FACTS, MOLAR).half_life_h == pytest.approx(39, rel=0.02)


def test_a_shared_metabolite_is_one_substance_in_a_switch():
    model = model_of(["chlordiazepoxide", "diazepam"], FACTS, RESPONSE)
    assert model.substances.count("nordiazepam") == 1
    place = model.network.states.index("nordiazepam")
    assert sum(target == place for _, target in model.network.flows) == 2


@pytest.mark.parametrize(
    ("drug", "person", "expected"),
    [
        ("diazepam", Person(age=70, sex="male"), {"elderly men (vs young)": 0.52}),
        ("diazepam", Person(age=70, sex="female"), {"elderly women (vs young)": 0.83}),
        ("diazepam", Person(age=64), {"age >60 y": 1 / 1.33}),
        ("diazepam", Person(liver="severe"), {"cirrhosis": 0.52}),
        ("diazepam", Person(liver="moderate"), {}),
        ("alprazolam", Person(medicines=frozenset({"ketoconazole"})), {"ketoconazole": 0.25}),
        ("clonazepam", Person(medicines=frozenset({"cyp3a4_inhibitor"})), {"strong CYP3A4 inhibitor": 0.65}),
        ("lorazepam", Person(medicines=frozenset({"valproate"})), {"valproate": 0.5}),
        ("lorazepam", Person(), {}),
        ("eszopiclone", Person(age=65), {"age >=65 y": 1 / 1.41}),
        ("eszopiclone", Person(liver="severe"), {"severe hepatic impairment": 0.5}),
        ("bromazepam", Person(age=70), {"age 60-81 y": 0.54}),
        ("triazolam", Person(medicines=frozenset({"ketoconazole"})), {"itraconazole or ketoconazole": 1 / 22}),
    ],
)
def test_clearance_follows_what_is_known_and_nothing_else(drug, person, expected):
    found = {a.factor: a.clearance_ratio for a in applied(FACTS.drug(drug), person)}
    assert found == pytest.approx(expected)
    assert all(a.source and a.basis for a in applied(FACTS.drug(drug), person))


def test_what_is_known_and_has_no_figure_is_named():
    person = Person(age=40, liver="moderate", medicines=frozenset({"fluconazole"}))
    assert not_quantified(FACTS.drug("clonazepam"), person) == ("liver", "fluconazole")


def test_lower_clearance_raises_the_level_by_as_much():
    day = (Dose(8.0, "lorazepam", 1.0),)
    history = DosingHistory(doses=every_day(day, 2), days=2, before=day)
    plain, old = (
        typical(model_of(["lorazepam"], FACTS, RESPONSE, person=person), history, CENTRAL).mean[0, 0]
        for person in (Person(), Person(age=80))
    )
    assert old / plain == pytest.approx(1 / 0.8, rel=0.01)


def test_scenarios_change_only_what_they_name():
    model = model_of(["clonazepam"], FACTS, RESPONSE)
    first = model.people(64, CENTRAL, seed=3)
    for scenario in RESPONSE.scenarios:
        other = model.people(64, scenario, seed=3)
        assert np.array_equal(first.loss, other.loss) and np.array_equal(first.rho, other.rho)
    high = model.people(64, RESPONSE.scenario("high-occupancy"), seed=3)
    assert np.allclose(high.site, 5 * first.site)


def test_person_i_is_the_same_however_many_are_asked_for():
    model = model_of(["diazepam"], FACTS, RESPONSE)
    few, many = (model.people(n, CENTRAL, seed=5, chunk=2) for n in (7, 900))
    assert np.array_equal(few.flow, many.flow[:, :7]) and np.array_equal(few.tau_h, many.tau_h[:, :7])


def test_every_assumption_says_what_it_is():
    for parameter in RESPONSE.parameters.values():
        assert parameter.status in ("measured", "calibrated", "assumption") and parameter.source in RESPONSE.sources
    assert len(RESPONSE.shown) >= 3


@pytest.mark.parametrize("word", ["or", "mg", "d", "kg", "y", "age"])
def test_a_word_in_a_factor_is_no_medicine(word):
    person = Person(medicines=frozenset({word}))
    assert [a for drug in SIMULATED for a in applied(FACTS.drug(drug), person)] == []


@pytest.mark.parametrize(
    ("drug", "medicine"),
    [
        ("clonazepam", "carbamazepine"),
        ("clonazepam", "phenytoin"),
        ("triazolam", "ketoconazole"),
        ("triazolam", "itraconazole"),
        ("triazolam", "ritonavir"),
    ],
)
def test_a_medicine_is_found_by_its_whole_name(drug, medicine):
    found = applied(FACTS.drug(drug), Person(medicines=frozenset({medicine})))
    assert [medicine in a.factor.casefold() for a in found] == [True]
