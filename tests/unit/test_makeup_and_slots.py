"""Which units make a dose, and which time of day falls."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import pairwise
from itertools import product as combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glidepath.dosing.makeup import Bench, fewest_pieces, quantum_of
from glidepath.dosing.regimen import Slot
from glidepath.dosing.supply import Supply, confirm_split
from glidepath.errors import GlidepathError
from glidepath.facts.formulary import load_formulary
from glidepath.facts.model import Form, Product, Split
from glidepath.taper.slots import SlotRule, chain


def a_product(strength, form=Form.TABLET, halves="no", quarters="no"):
    return Product(
        drug="testazepam", region="US", form=form, strength=F(strength), halves=Split(halves), quarters=Split(quarters)
    )


def a_bench(supply, *doses):
    amounts = [F(d) for d in doses]
    quantum = quantum_of(supply, amounts)
    return Bench(supply, quantum, int(max(amounts) / quantum))


def mg(bench):
    return [d * bench.quantum for d in bench.doses()]


def test_only_products_that_say_yes_are_halved():
    for word, smallest in (("yes", F(1, 2)), ("no", 1), ("varies", 1), ("unknown", 1)):
        tablet = a_product("1", halves=word)
        assert Supply(counted=(tablet,)).smallest_part(tablet) == smallest


def test_quarters_need_halves_and_quarters_to_say_yes():
    cross = a_product("2", halves="yes", quarters="yes")
    assert Supply(counted=(cross,)).smallest_part(cross) == F(1, 4)
    odd = a_product("2", halves="varies", quarters="yes")
    assert Supply(counted=(odd,)).smallest_part(odd) == 1


@pytest.mark.parametrize("form", [Form.ODT, Form.XR_TABLET, Form.SL_TABLET, Form.CAPSULE, Form.FILM])
def test_forms_that_are_never_divided_stay_whole_whatever_a_row_says(form):
    unit = a_product("1", form, halves="yes", quarters="yes")
    assert Supply(counted=(unit,), confirmed=frozenset({unit.name})).smallest_part(unit) == 1
    with pytest.raises(GlidepathError) as caught:
        confirm_split(unit, (unit,))
    assert caught.value.code == "SPLIT_FORBIDDEN"


def test_a_pharmacist_can_confirm_varies_and_unknown_but_never_no():
    for word in ("varies", "unknown"):
        tablet = a_product("1", halves=word)
        assert confirm_split(tablet, ()) == tablet.name
        assert Supply(counted=(tablet,), confirmed=frozenset({tablet.name})).smallest_part(tablet) == F(1, 2)
    with pytest.raises(GlidepathError):
        confirm_split(a_product("1"), ())


def test_us_clonazepam_half_milligram_splits_and_one_and_two_do_not():
    products = {p.name: p for p in load_formulary().products("clonazepam", "US")}
    assert products["clonazepam 0.5 mg tablet"].halves is Split.YES
    assert products["clonazepam 1 mg tablet"].halves is Split.VARIES
    assert products["clonazepam 2 mg tablet"].halves is Split.VARIES


def test_fewest_strengths_come_before_fewest_halves_and_pieces():
    supply = Supply(counted=(a_product("0.125", Form.ODT), a_product("0.25", Form.ODT)))
    bench = a_bench(supply, "0.375")
    day = bench.day((bench.doses()[-1],))
    pieces = bench.pieces(day.of(bench.doses()[-1]))
    assert [(p.product.strength, p.units) for p in pieces] == [(F(1, 8), 3)]


def test_a_liquid_is_drawn_on_the_syringe_grid_only():
    supply = Supply(counted=(), liquid=a_product("0.4", Form.SOLUTION))
    bench = a_bench(supply, "8")
    assert mg(bench)[0] == F("0.2") and mg(bench)[-1] == 8
    for dose in bench.doses():
        ((_, volume),) = bench.makeups(dose)[0].units
        assert F(1, 2) <= volume <= 20 and (volume * 10).denominator == 1


def test_beyond_the_syringe_whole_tablets_carry_the_rest_and_none_is_divided():
    supply = Supply(counted=(a_product("10", halves="yes"),), liquid=a_product("1", Form.SOLUTION))
    bench = a_bench(supply, "30")
    dose = int(F("29") / bench.quantum)
    pieces = bench.pieces(bench.day((dose,)).of(dose))
    assert {p.product.form for p in pieces} == {Form.TABLET, Form.SOLUTION}
    assert all(p.part == 0 for p in pieces)


def test_a_liquid_beside_tablets_is_whole_millilitres_and_as_few_as_can_be():
    supply = Supply(counted=(a_product("2"), a_product("5"), a_product("10")), liquid=a_product("0.4", Form.SOLUTION))
    bench = a_bench(supply, "10")
    assert F("8.04") not in mg(bench) and F("7.96") in mg(bench)
    dose = int(F("9.4") / bench.quantum)
    pieces = bench.pieces(bench.day((dose,)).of(dose))
    assert [(p.product.strength, p.units) for p in pieces] == [(5, 1), (F("0.4"), 11)]


@given(
    st.lists(st.sampled_from(["0.25", "0.5", "1", "2", "2.5", "5"]), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(["no", "yes", "quarters"]), min_size=3, max_size=3),
)
def test_what_can_be_made_is_what_brute_force_makes(strengths, words):
    tablets = tuple(
        a_product(s, halves="no" if w == "no" else "yes", quarters="yes" if w == "quarters" else "no")
        for s, w in zip(strengths, words, strict=False)
    )
    bench = a_bench(Supply(counted=tablets), "6")
    choices = []
    for tablet, word in zip(tablets, words, strict=False):
        parts = {"no": [F(0)], "yes": [F(0), F(1, 2)], "quarters": [F(0), F(1, 4), F(1, 2), F(3, 4)]}[word]
        counted = [
            (tablet.strength * (whole + part), whole + {F(0): 0, F(3, 4): 2}.get(part, 1))
            for whole in range(5)
            for part in parts
        ]
        choices.append(counted)
    makeable = {
        sum((dose for dose, _ in pick), F(0)) for pick in combinations(*choices) if sum(n for _, n in pick) <= 4
    }
    assert mg(bench) == sorted(d for d in makeable if 0 < d <= 6)


@given(st.lists(st.sampled_from([2, 3, 5, 7, 8]), min_size=1, max_size=3, unique=True), st.integers(1, 60))
def test_the_fewest_pieces_are_those_of_brute_force(strengths, dose):
    supply = Supply(counted=tuple(a_product(s) for s in strengths))
    best = None
    for counts in combinations(*(range(dose // s + 1) for s in strengths)):
        if sum(c * s for c, s in zip(counts, strengths, strict=True)) == dose:
            best = min(best or 999, sum(counts))
    assert fewest_pieces(supply, F(dose)) == best


def totals(links):
    return [sum(dose for _, dose in day) for day in links]


def test_equal_doses_fall_from_noon_then_morning_then_evening_and_night_last():
    start = {Slot.MORNING: 4, Slot.NOON: 4, Slot.EVENING: 4, Slot.NIGHT: 4}
    links = chain(start, (1, 2, 3, 4))
    falls = [next(s for s, d in before if dict(after).get(s, 0) < d) for before, after in pairwise(links)]
    assert falls[:4] == [Slot.NOON, Slot.MORNING, Slot.EVENING, Slot.NIGHT]
    assert links[-1] == ((Slot.NIGHT, 1),)


def test_unequal_doses_keep_their_shares():
    links = chain({Slot.MORNING: 2, Slot.NIGHT: 6}, tuple(range(1, 7)))
    for day in links:
        slots = dict(day)
        total = sum(slots.values())
        if total >= 2:
            assert abs(slots.get(Slot.MORNING, 0) - total / 4) <= 1


def test_no_slot_is_emptied_while_every_slot_can_still_carry_a_piece():
    for day in chain({Slot.MORNING: 6, Slot.NOON: 1, Slot.NIGHT: 6}, tuple(range(1, 7))):
        slots = dict(day)
        if len(slots) < 3:
            assert sum(slots.values()) < 3


def test_a_kept_slot_falls_last_and_a_first_slot_falls_first():
    start = {Slot.MORNING: 3, Slot.NIGHT: 3}
    kept = chain(start, (1, 2, 3), SlotRule(keep=Slot.MORNING))
    assert [dict(d).get(Slot.MORNING, 0) for d in kept] == [3, 3, 3, 3, 2, 1]
    first = chain(start, (1, 2, 3), SlotRule(first=Slot.NIGHT))
    assert [dict(d).get(Slot.NIGHT, 0) for d in first] == [3, 2, 1, 0, 0, 0]


@given(
    st.dictionaries(st.sampled_from(list(Slot)), st.integers(1, 12), min_size=1),
    st.sets(st.integers(1, 12), min_size=1),
)
def test_every_link_lowers_exactly_one_slot_and_no_slot_ever_rises(start, doses):
    links = chain(start, tuple(sorted(doses)))
    for before, after in pairwise(links):
        earlier, later = dict(before), dict(after)
        changed = [s for s in earlier if later.get(s, 0) != earlier[s]]
        assert len(changed) == 1 and later.get(changed[0], 0) < earlier[changed[0]]
        assert set(later) <= set(earlier)
    assert totals(links) == sorted(totals(links), reverse=True)
