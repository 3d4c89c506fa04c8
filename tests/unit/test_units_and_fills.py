"""Units and fills: what makes a dose, what may be divided, what is dispensed, what equals what.

Makeups and fills are held against a plain count of every possibility, the rest against figures by hand.
"""

from __future__ import annotations

from dataclasses import is_dataclass, replace
from datetime import date, timedelta
from fractions import Fraction as F
from importlib import import_module
from itertools import product as every_choice
from math import ceil
from pkgutil import iter_modules

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from glidepath import dosing, quantity
from glidepath.dosing.equivalence import Equivalences, Span, in_diazepam, in_drug
from glidepath.dosing.ledger import Fill, SupplyLedger, SupplyLine, supply_ledger
from glidepath.dosing.makeup import Bench, Makeup, _part_pieces, _unit_choices, fewest_pieces, quantum_of
from glidepath.dosing.regimen import Intake, Piece, Regimen, Slot
from glidepath.dosing.supply import Supply, Syringe, confirm_split
from glidepath.errors import GlidepathError
from glidepath.facts.model import Equivalent, Form, Product, Split
from glidepath.quantity import Amount

START = date(2026, 12, 7)
MORNING, NOON, EVENING, NIGHT = Slot
WORDS = {F(1): ("no", "no"), F(1, 2): ("yes", "no"), F(1, 4): ("yes", "yes")}


# builders -----------------------------------------------------------------------------------------------------------


def a_product(strength, form=Form.TABLET, smallest="1", *, drug="testazepam"):
    halves, quarters = WORDS[F(smallest)]
    return Product(
        drug=drug, region="US", form=form, strength=F(strength), halves=Split(halves), quarters=Split(quarters)
    )


def a_liquid(strength):
    return a_product(strength, Form.SOLUTION)


def a_day(*takes):
    """One day from (slot, product, units)."""
    return Regimen.of(
        Intake(slot=slot, drug=product.drug, dose=Piece(product, F(n)).dose, pieces=(Piece(product, F(n)),))
        for slot, product, n in takes
    )


def a_bench(supply, largest, *doses):
    quantum = quantum_of(supply, [F(largest), *(F(d) for d in doses)])
    return Bench(supply, quantum, int(F(largest) / quantum))


def ways(bench, mg):
    """The makeups of a dose as (mask, parts, count, units by index)."""
    made = bench.makeups(int(F(mg) / bench.quantum))
    return [(w.mask, w.parts, w.count, dict(w.units)) for w in made]


def a_row(table, low, high=None, *, converts=True):
    return Equivalent(
        table=table, low_mg=F(low), high_mg=F(high or low), source=table, verified=True, converts=converts
    )


# regimens -----------------------------------------------------------------------------------------------------------


def test_a_piece_knows_its_dose_its_whole_units_and_the_part_that_is_divided():
    tablet, liquid = a_product("0.5"), a_liquid("0.4")
    piece = Piece(tablet, F(11, 4))
    assert (piece.dose, piece.units_text, piece.whole_units, piece.part) == (Amount.of("1.375"), "2.75", 2, F(3, 4))
    assert (Piece(tablet, F(2)).whole_units, Piece(tablet, F(2)).part) == (2, 0)
    drawn = Piece(liquid, F(5, 2))
    assert (drawn.dose, drawn.units_text, drawn.whole_units, drawn.part) == (Amount.of(1), "2.5", 0, 0)


@pytest.mark.parametrize("units", [0, -1, F(-1, 2)])
def test_a_piece_has_a_positive_number_of_units(units):
    with pytest.raises(ValueError, match="positive number of units"):
        Piece(a_product("1"), F(units))
    assert Piece(a_product("1"), F(1, 1000)).dose == Amount.of("0.001")


def test_an_intake_is_made_by_its_pieces_or_has_none_yet():
    piece = Piece(a_product("1"), F(2))
    assert Intake(slot=NIGHT, drug="testazepam", dose=Amount.of(5)).pieces == ()
    assert Intake(slot=NIGHT, drug="testazepam", dose=Amount.of(4), pieces=(piece, piece)).dose == Amount.of(4)
    for dose in ("1.999", "2.001"):
        with pytest.raises(ValueError, match="do not make its dose"):
            Intake(slot=NIGHT, drug="testazepam", dose=Amount.of(dose), pieces=(piece,))


def test_a_regimen_is_in_the_order_of_the_day_and_leaves_out_what_is_nothing():
    def an_intake(slot, drug, mg):
        return Intake(slot=slot, drug=drug, dose=Amount.of(mg))

    night, noon, none = an_intake(NIGHT, "b", 1), an_intake(NOON, "a", 2), an_intake(MORNING, "a", 0)
    evening, night_too = an_intake(EVENING, "a", "0.5"), an_intake(NIGHT, "a", 4)
    regimen = Regimen.of((night, noon, none, evening, night_too))
    assert regimen.intakes == (noon, evening, night, night_too)
    assert regimen.drugs == ("a", "b")
    assert (regimen.total("a"), regimen.total("b"), regimen.total("c")) == (
        Amount.of("6.5"),
        Amount.of(1),
        Amount.of(0),
    )
    assert regimen.of_drug("a") == (noon, evening, night_too)
    assert (regimen.of_drug("b"), regimen.of_drug("c")) == ((night,), ())
    assert [slot.order for slot in (MORNING, NOON, EVENING, NIGHT)] == [0, 1, 2, 3]


# what may be divided, and the syringe -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("halves", "quarters", "confirmed", "smallest"),
    [
        ("yes", "yes", False, F(1, 4)),
        ("yes", "no", False, F(1, 2)),
        ("yes", "varies", False, F(1, 2)),
        ("varies", "yes", False, F(1)),
        ("varies", "yes", True, F(1, 2)),
        ("varies", "varies", True, F(1, 2)),
        ("yes", "yes", True, F(1, 4)),
        ("no", "no", False, F(1)),
    ],
)
def test_the_smallest_part_is_what_everyone_allows(halves, quarters, confirmed, smallest):
    tablet = Product(
        drug="testazepam",
        region="US",
        form=Form.TABLET,
        strength=F(1),
        halves=Split(halves),
        quarters=Split(quarters),
    )
    names = frozenset({tablet.name} if confirmed else {"another"})
    assert Supply(counted=(tablet,), confirmed=names).smallest_part(tablet) == smallest
    with_liquid = Supply(counted=(tablet,), liquid=a_liquid("1"), confirmed=names)
    assert with_liquid.smallest_part(tablet) == 1
    assert with_liquid.products == (tablet, a_liquid("1"))
    assert Supply(counted=(tablet,)).products == (tablet,)


def test_a_supply_has_the_limits_of_this_project_unless_others_are_given():
    supply = Supply(counted=())
    assert (supply.max_pieces, supply.max_strengths) == (4, 3)
    assert (supply.syringe.step, supply.syringe.least, supply.syringe.most) == (F(1, 10), F(1, 2), F(20))


@pytest.mark.parametrize(
    ("ml", "fits"),
    [
        ("0", False),
        ("0.4", False),
        ("0.49", False),
        ("0.5", True),
        ("0.51", False),
        ("0.6", True),
        ("19.9", True),
        ("20", True),
        ("20.1", False),
    ],
)
def test_a_syringe_measures_its_grid_from_its_least_to_its_most(ml, fits):
    assert Syringe().measures(F(ml)) is fits


def test_another_syringe_has_another_grid():
    fine = Syringe(step=F(1, 100), least=F(5, 100), most=F(1))
    volumes = ("0.04", "0.05", "0.055", "0.06", "1", "1.01")
    assert [fine.measures(F(v)) for v in volumes] == [False, True, False, True, True, False]
    coarse = Syringe(step=F(2), least=F(2), most=F(6))
    assert [ml for ml in range(9) if coarse.measures(F(ml))] == [2, 4, 6]


def test_what_a_pharmacist_cannot_confirm_is_refused_with_the_products_that_stay_whole():
    others = (a_product("1"), a_liquid("0.4"), a_product("1", Form.DROPS), a_product("2", Form.ODT))
    for product in (a_product("1", Form.ODT, "1/4"), a_liquid("0.4"), a_product("1")):
        with pytest.raises(GlidepathError) as caught:
            confirm_split(product, others)
        assert (caught.value.code, caught.value.field) == ("SPLIT_FORBIDDEN", "splits")
        assert caught.value.message == f"{product.name} may not be split."
        assert caught.value.details == (
            "Products of this drug in this region:",
            "testazepam 1 mg tablet",
            "testazepam 0.4 mg/mL oral solution",
            "testazepam 2 mg ODT",
        )
    assert confirm_split(a_product("1", smallest="1/2"), others) == "testazepam 1 mg tablet"


# what makes a dose --------------------------------------------------------------------------------------------------


def test_three_quarters_are_two_pieces_and_every_other_part_is_one():
    quarters = [F(n, 4) for n in range(9)]
    assert [_part_pieces(q) for q in quarters] == [0, 1, 1, 2, 0, 1, 1, 2, 0]


@pytest.mark.parametrize(
    ("smallest", "most", "choices"),
    [
        ("1", 3, {"0": 0, "1": 1, "2": 2, "3": 3}),
        ("1/2", 2, {"0": 0, "1/2": 1, "1": 1, "3/2": 2, "2": 2}),
        ("1/4", 1, {"0": 0, "1/4": 1, "1/2": 1, "1": 1}),
        ("1/4", 2, {"0": 0, "1/4": 1, "1/2": 1, "3/4": 2, "1": 1, "5/4": 2, "3/2": 2, "2": 2}),
    ],
)
def test_an_intake_may_have_so_many_units_of_one_product(smallest, most, choices):
    assert _unit_choices(F(smallest), most) == tuple((F(units), used) for units, used in choices.items())


def test_a_quantum_divides_every_part_step_and_dose():
    tablets = (a_product("1", smallest="1/2"), a_product("0.75"))
    assert quantum_of(Supply(counted=tablets), ()) == F(1, 4)
    assert quantum_of(Supply(counted=tablets), (F("0.6"),)) == F(1, 20)
    assert quantum_of(Supply(counted=(a_product("6"), a_product("10"))), (F(4),)) == 2
    assert quantum_of(Supply(counted=(), liquid=a_liquid("0.4")), ()) == F(1, 25)
    # Beside a liquid nothing is divided.
    assert quantum_of(Supply(counted=tablets[:1], liquid=a_liquid("5")), ()) == F(1, 2)


def test_a_dose_has_every_makeup_that_no_other_is_simpler_than():
    bench = a_bench(Supply(counted=(a_product("1", smallest="1/4"), a_product("0.5", smallest="1/2"))), "4")
    assert ways(bench, "0.75") == [(0b10, 1, 2, {1: F(3, 2)}), (0b01, 2, 2, {0: F(3, 4)})]
    assert ways(bench, "1") == [(0b01, 0, 1, {0: F(1)}), (0b10, 0, 2, {1: F(2)})]
    assert ways(bench, "0.1") == []


tablets = st.lists(
    st.tuples(st.sampled_from(["0.25", "0.5", "1", "2.5", "4"]), st.sampled_from(["1", "1/2", "1/4"])),
    min_size=1,
    max_size=3,
    unique_by=lambda t: t[0],
)


def by_hand(products, smallest, largest, *, max_pieces=4, max_strengths=3, liquid=None, most_ml=20):
    """Every way to make each dose from every count of units: {dose: {(mask, parts, count): fewest mL}}."""
    strongest = max(range(len(products)), key=lambda i: products[i].strength, default=None)
    found = {}
    choices = [[n * part for n in range(int(max_pieces / part) + 1)] for part in smallest]
    steps = [F(0)] if liquid is None else [F(0), *(F(n, 10) for n in range(5, most_ml * 10 + 1))]
    for units in every_choice(*choices):
        cut = [{F(0): 0, F(3, 4): 2}.get(n % 1, 1) for n in units]
        pieces = [int(n) + c for n, c in zip(units, cut, strict=True)]
        weaker = sum(p for i, p in enumerate(pieces) if i != strongest)
        if sum(pieces) > max_pieces or weaker > 4:
            continue
        solid = sum((p.strength * n for p, n in zip(products, units, strict=True)), F(0))
        for ml in steps:
            if ml and ((solid and ml.denominator != 1) or sum(pieces) >= max_pieces):
                continue
            dose = solid + (ml * liquid.strength if ml else 0)
            mask = sum(1 << i for i, n in enumerate(units) if n) | (1 << len(products) if ml else 0)
            if 0 < dose <= largest and mask.bit_count() <= max_strengths:
                key = (mask, sum(cut), sum(pieces) + bool(ml))
                old = found.setdefault(dose, {}).get(key)
                found[dose][key] = ml if old is None else min(old, ml)
    return found


def simplest(costs):
    """Those that no other makes with the same products or fewer, as few parts and as few pieces."""
    return {
        c for c in costs if not any(o != c and o[0] & c[0] == o[0] and o[1] <= c[1] and o[2] <= c[2] for o in costs)
    }


@settings(deadline=None)
@given(tablets, st.integers(1, 6), st.integers(1, 3))
def test_makeups_are_the_simplest_of_all_that_there_are(drawn, max_pieces, max_strengths):
    products = tuple(a_product(strength, smallest=part) for strength, part in drawn)
    supply = Supply(counted=products, max_pieces=max_pieces, max_strengths=max_strengths)
    bench = a_bench(supply, "12")
    every = by_hand(products, [F(p) for _, p in drawn], 12, max_pieces=max_pieces, max_strengths=max_strengths)
    assert [d * bench.quantum for d in bench.doses()] == sorted(every)
    for dose, costs in every.items():
        made = bench.makeups(int(dose / bench.quantum))
        assert {(w.mask, w.parts, w.count) for w in made} == simplest(costs)
        for way in made:
            assert sum((products[i].strength * n for i, n in way.units), F(0)) == dose
            assert (way.mask, way.ml) == (sum(1 << i for i, _ in way.units), 0)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["1", "2", "5"]), max_size=2, unique=True),
    st.sampled_from(["0.4", "1"]),
    st.integers(1, 4),
    st.integers(1, 3),
    st.sampled_from(["9", "0.02"]),
)
def test_a_liquid_joins_whole_units_by_whole_milliliters(strengths, concentration, max_pieces, max_strengths, odd):
    products, liquid = tuple(a_product(s, smallest="1/2") for s in strengths), a_liquid(concentration)
    supply = Supply(
        counted=products,
        liquid=liquid,
        max_pieces=max_pieces,
        max_strengths=max_strengths,
        syringe=Syringe(most=F(6)),
    )
    bench = a_bench(supply, "9", odd)
    every = by_hand(
        products,
        [F(1)] * len(products),
        9,
        max_pieces=max_pieces,
        max_strengths=max_strengths,
        liquid=liquid,
        most_ml=6,
    )
    assert [d * bench.quantum for d in bench.doses()] == sorted(every)
    for dose, costs in every.items():
        made = bench.makeups(int(dose / bench.quantum))
        assert {(w.mask, w.parts, w.count): w.ml for w in made} == {c: costs[c] for c in simplest(costs)}
        for way in made:
            assert sum((supply.products[i].strength * n for i, n in way.units), F(0)) == dose


intakes = st.lists(st.sampled_from(["0.5", "1", "1.25", "2", "2.5", "3", "5"]), min_size=1, max_size=3)


# The examples each have a second-best day that is worse in only one of the things that count.
@settings(deadline=None)
@given(tablets, intakes, st.integers(0, 15), st.integers(1, 5), st.integers(1, 3))
@example([("4", "1/4"), ("1", "1/4"), ("5", "1/4"), ("2.5", "1/2")], ["1.25"], 12, 1, 2)
@example([("5", "1"), ("0.25", "1/2"), ("2", "1/4")], ["9", "1.25", "1.25", "6"], 3, 5, 3)
@example([("2", "1/4"), ("4", "1/4"), ("2.5", "1")], ["4", "2.5"], 4, 5, 3)
@example([("1", "1/2"), ("0.5", "1/4"), ("2", "1"), ("4", "1/4")], ["0.5", "2", "7.5", "2.5"], 5, 4, 3)
@example([("0.5", "1/4"), ("3", "1/2"), ("2.5", "1"), ("4", "1")], ["6", "4", "4", "1"], 10, 5, 2)
def test_a_day_is_made_with_the_least_from_elsewhere_then_the_fewest_strengths_parts_and_pieces(
    drawn, mg, home, max_pieces, max_strengths
):
    products = tuple(a_product(strength, smallest=part) for strength, part in drawn)
    at_home = home & (1 << len(products)) - 1
    bench = a_bench(Supply(counted=products, max_pieces=max_pieces, max_strengths=max_strengths), "12", *mg)
    doses = tuple(int(F(d) / bench.quantum) for d in mg)
    distinct = sorted(set(doses))
    times = [doses.count(d) for d in distinct]

    def cost(chosen):
        mask, bought = 0, F(0)
        for n, way in zip(times, chosen, strict=True):
            mask |= way.mask
            bought += n * sum(products[i].strength * units for i, units in way.units if not at_home & 1 << i)
        parts = sum(n * way.parts for n, way in zip(times, chosen, strict=True))
        count = sum(n * way.count for n, way in zip(times, chosen, strict=True))
        return bought if at_home else 0, mask.bit_count(), parts, count

    costs = [cost(chosen) for chosen in every_choice(*(bench.makeups(d) for d in distinct))]
    possible = [c for c in costs if c[1] <= max_strengths]
    made = bench.day(doses, at_home)
    if not possible:
        assert made is None
        return
    assert cost([made.of(d) for d in distinct]) == min(possible)
    assert (made.strengths, made.parts, made.count) == min(possible)[1:]
    assert [d for d, _ in made.by_dose] == distinct


def test_only_the_strongest_product_goes_beyond_four_pieces():
    bench = a_bench(Supply(counted=(a_product("1"), a_product("10")), max_pieces=6), "60")
    assert ways(bench, "60") == [(0b10, 0, 6, {1: F(6)})]
    assert ways(bench, "4") == [(0b01, 0, 4, {0: F(4)})]
    assert ways(bench, "5") == []
    assert ways(bench, "24") == [(0b11, 0, 6, {1: F(2), 0: F(4)})]


def test_a_dose_that_cannot_be_made_is_let_in_with_the_units_it_has():
    bench = a_bench(Supply(counted=(a_product("1", smallest="1/2"), a_product("2"))), "20")
    dose = int(F("9.5") / bench.quantum)
    assert bench.makeups(dose) == ()
    bench.admit(dose, iter([(0, F(3, 2)), (1, F(4))]))
    assert bench.makeups(dose) == (Makeup(0b11, 1, 6, ((0, F(3, 2)), (1, F(4)))),)
    assert [(p.product.strength, p.units) for p in bench.pieces(bench.makeups(dose)[0])] == [(2, 4), (1, F(3, 2))]
    bench.admit(dose, [(1, F(19, 4))])
    assert bench.makeups(dose) == (Makeup(0b10, 2, 6, ((1, F(19, 4)),)),)
    assert [bench.name(i) for i in (0, 1)] == ["testazepam 1 mg tablet", "testazepam 2 mg tablet"]


def test_less_or_more_than_the_syringe_measures_cannot_be_made():
    bench = a_bench(Supply(counted=(), liquid=a_liquid("1"), syringe=Syringe(most=F(2))), "3")
    made = {ml: len(bench.makeups(int(F(ml) / bench.quantum))) for ml in ("0.1", "0.4", "0.5", "2", "2.1")}
    assert made == {"0.1": 0, "0.4": 0, "0.5": 1, "2": 1, "2.1": 0}


def test_nothing_is_preferred_unless_it_is_said_to_be_at_home():
    one, two = a_product("1"), a_product("2")
    for products, strengths in (((one, two), [2]), ((two, one), [2])):
        bench = a_bench(Supply(counted=products), "4")
        dose = int(2 / bench.quantum)
        day = bench.day((dose,))
        assert [p.product.strength for p in bench.pieces(day.of(dose))] == strengths
        at_home = bench.day((dose,), 1 << products.index(one))
        assert [(p.product.strength, p.units) for p in bench.pieces(at_home.of(dose))] == [(1, 2)]
        with pytest.raises(StopIteration):
            day.of(dose - 1)


def test_the_pieces_of_a_dose_begin_with_the_largest_strength_and_end_with_the_liquid():
    supply = Supply(counted=(a_product("1"), a_product("5")), liquid=a_liquid("10"))
    bench = a_bench(supply, "30")
    way = Makeup(0b111, 0, 3, ((0, F(1)), (1, F(1)), (2, F(2))))
    assert [p.product.strength for p in bench.pieces(way)] == [5, 1, 10]


@pytest.mark.parametrize(
    ("strengths", "dose", "pieces"),
    [
        ({"1": "1"}, "7", 7),
        ({"1": "1"}, "0.5", None),
        ({"1": "1/2"}, "0.5", 1),
        ({"1": "1/4"}, "0.75", 2),
        ({"1": "1/4"}, "0.25", 1),
        ({"1": "1/4"}, "1.5", 2),
        ({"2": "1", "5": "1"}, "10", 2),
        ({"2": "1", "5": "1"}, "6", 3),
        ({"2": "1", "5": "1"}, "3", None),
        ({}, "3", None),
    ],
)
def test_the_fewest_pieces_of_a_dose_may_be_divided(strengths, dose, pieces):
    supply = Supply(counted=tuple(a_product(s, smallest=part) for s, part in strengths.items()))
    assert fewest_pieces(supply, F(dose)) == pieces


# fills --------------------------------------------------------------------------------------------------------------


def numbers(line):
    return tuple(getattr(line, name) for name in ("left_before", "from_home", "dispensed", "taken", "left_after"))


def test_half_tablets_are_rounded_up_once_for_each_fill_and_the_rest_is_carried():
    tablet = a_product("1", smallest="1/2")
    ledger = supply_ledger([(START, 10, a_day((NIGHT, tablet, "0.5")))], at_home={}, fill_days=3)
    assert [numbers(f.lines[0]) for f in ledger.fills] == [
        (0, 0, 2, F(3, 2), F(1, 2)),
        (F(1, 2), 0, 1, F(3, 2), 0),
        (0, 0, 2, F(3, 2), F(1, 2)),
        (F(1, 2), 0, 0, F(1, 2), 0),
    ]
    assert ledger.left_for_return == {}
    assert (ledger.dispensed_units(), ledger.balances) == (5, True)


def test_fills_follow_each_other_for_four_weeks_and_may_be_collected_two_days_early():
    days = a_day((NIGHT, a_product("1"), "1"))
    fills = supply_ledger([(START, 60, days)], at_home={}).fills
    assert [(f.number, f.days) for f in fills] == [(1, 28), (2, 28), (3, 4)]
    assert [(f.starts - START).days for f in fills] == [0, 28, 56]
    assert [(f.ends - START).days for f in fills] == [27, 55, 59]
    assert [(f.not_before - START).days for f in fills] == [0, 26, 54]
    early = supply_ledger([(START, 60, days)], at_home={}, early_days=5).fills
    assert [(f.not_before - START).days for f in early] == [0, 23, 51]
    exact = supply_ledger([(START, 56, days)], at_home={}).fills
    assert [f.days for f in exact] == [28, 28]


def test_stock_at_home_is_used_first_whole_tablet_by_whole_tablet():
    tablet = a_product("1", smallest="1/2")
    spans = [(START, 4, a_day((NIGHT, tablet, "2.5")))]
    ledger = supply_ledger(spans, at_home={tablet.name: F(5)}, fill_days=1)
    assert [numbers(f.lines[0]) for f in ledger.fills] == [
        (0, 3, 0, F(5, 2), F(1, 2)),
        (F(1, 2), 2, 0, F(5, 2), 0),
        (0, 0, 3, F(5, 2), F(1, 2)),
        (F(1, 2), 0, 2, F(5, 2), 0),
    ]
    assert ledger.left_for_return == {}


def test_a_fill_with_more_left_over_than_it_needs_takes_nothing_from_home():
    tablet = a_product("1", smallest="1/4")
    spans = [(START, 1, a_day((NIGHT, tablet, "0.25"))), (START + timedelta(days=1), 1, a_day((NIGHT, tablet, "0.5")))]
    ledger = supply_ledger(spans, at_home={tablet.name: F(3, 2)}, fill_days=1)
    assert [numbers(f.lines[0]) for f in ledger.fills] == [
        (0, 1, 0, F(1, 4), F(3, 4)),
        (F(3, 4), 0, 0, F(1, 2), F(1, 4)),
    ]
    assert ledger.left_for_return == {tablet.name: F(3, 4)}


def test_less_than_a_tablet_at_home_is_used_and_a_whole_one_is_dispensed_beside_it():
    tablet = a_product("1", smallest="1/4")
    ledger = supply_ledger([(START, 1, a_day((NIGHT, tablet, "0.5")))], at_home={tablet.name: F(1, 4)})
    assert numbers(ledger.fills[0].lines[0]) == (0, F(1, 4), 1, F(1, 2), F(3, 4))
    assert ledger.left_for_return == {tablet.name: F(3, 4)}


def test_a_liquid_is_counted_in_exact_milliliters_and_never_as_units():
    liquid = a_liquid("0.4")
    ledger = supply_ledger([(START, 3, a_day((NIGHT, liquid, "2.5")))], at_home={liquid.name: F("0.7")})
    assert numbers(ledger.fills[0].lines[0]) == (0, F("0.7"), F("6.8"), F("7.5"), 0)
    assert ledger.dispensed_units() == 0
    assert ledger.left_for_return == {}


def test_a_liquid_that_is_not_at_home_is_dispensed():
    liquid = a_liquid("0.4")
    ledger = supply_ledger([(START, 3, a_day((NIGHT, liquid, "2.5")))], at_home={})
    assert numbers(ledger.fills[0].lines[0]) == (0, 0, F("7.5"), F("7.5"), 0)


def test_a_line_balances_only_when_all_that_came_in_went_out_or_is_left():
    line = SupplyLine(
        product=a_product("1"), taken=F(7), left_before=F(1), from_home=F(2), dispensed=F(5), left_after=F(1)
    )
    assert line.balances
    for name in ("taken", "left_before", "from_home", "dispensed", "left_after"):
        assert not replace(line, **{name: getattr(line, name) + 1}).balances
        assert not replace(line, **{name: getattr(line, name) - 1}).balances
    fill = Fill(number=1, starts=START, days=7, not_before=START, lines=(line, line))
    assert SupplyLedger(fills=(fill,), left_for_return={}).balances
    wrong = replace(fill, lines=(line, replace(line, taken=F(6))))
    assert not SupplyLedger(fills=(fill, wrong), left_for_return={}).balances
    assert (fill.ends - START).days == 6


def test_what_nobody_takes_goes_back_in_the_order_of_its_name():
    tablet = a_product("1")
    home = {"zopiclone 5 mg tablet": F(3), tablet.name: F(30), "none of this": F(0), "alprazolam 1 mg tablet": F(2)}
    ledger = supply_ledger([(START, 28, a_day((NIGHT, tablet, "1")))], at_home=home)
    assert list(ledger.left_for_return.items()) == [
        ("alprazolam 1 mg tablet", 2),
        ("testazepam 1 mg tablet", 2),
        ("zopiclone 5 mg tablet", 3),
    ]
    assert home[tablet.name] == 30
    empty = supply_ledger([], at_home=home)
    assert (empty.fills, empty.left_for_return, empty.balances) == ((), home, True)


def test_a_fill_lists_only_what_is_taken_in_it_in_the_order_of_first_use():
    one, half = a_product("1"), a_product("0.5")
    spans = [
        (START, 3, a_day((NIGHT, half, "1"), (MORNING, one, "2"))),
        (START + timedelta(days=3), 3, a_day((NIGHT, half, "3"))),
    ]
    fills = supply_ledger(spans, at_home={}, fill_days=4).fills
    assert [[(x.product.strength, x.taken) for x in f.lines] for f in fills] == [[(1, 6), (F(1, 2), 6)], [(F(1, 2), 6)]]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.lists(st.integers(0, 9), min_size=3, max_size=3)), min_size=1, max_size=4),
    st.integers(1, 12),
    st.lists(st.integers(0, 60), min_size=3, max_size=3),
)
def test_fills_are_those_of_a_count_of_each_day(course, fill_days, stock):
    products = (a_product("1", smallest="1/4"), a_product("2", smallest="1/2"), a_liquid("1"))
    grain = (F(1, 4), F(1, 2), F(1, 10))
    daily, spans, day = [], [], START
    for days, counts in course:
        units = [n * g for n, g in zip(counts, grain, strict=True)]
        regimen = a_day(*((NIGHT, p, n) for p, n in zip(products, units, strict=True) if n))
        spans.append((day, days, regimen))
        daily += [units] * days
        day += timedelta(days=days)
    home = {p.name: F(n, 2) for p, n in zip(products, stock, strict=True)}
    ledger = supply_ledger(spans, at_home=home, fill_days=fill_days)
    in_box, opened = dict(home), dict.fromkeys(home, F(0))
    for number, fill in enumerate(ledger.fills):
        covered = daily[number * fill_days : (number + 1) * fill_days]
        assert (fill.days, fill.starts) == (len(covered), START + timedelta(days=number * fill_days))
        lines = {line.product.name: line for line in fill.lines}
        for index, product in enumerate(products):
            need = sum(units[index] for units in covered)
            if not need:
                assert product.name not in lines
                continue
            expected_opened = opened[product.name]
            missing = max(need - expected_opened, F(0))
            from_box = min(missing if index == 2 else F(ceil(missing)), in_box[product.name])
            in_box[product.name] -= from_box
            missing = max(missing - from_box, F(0))
            dispensed = missing if index == 2 else F(ceil(missing))
            rest = expected_opened + from_box + dispensed - need
            assert numbers(lines[product.name]) == (expected_opened, from_box, dispensed, need, rest)
            opened[product.name] = rest
    left = {name: in_box[name] + opened[name] for name in sorted(home) if in_box[name] + opened[name]}
    assert dict(ledger.left_for_return) == left
    assert sum(f.days for f in ledger.fills) == len(daily)
    assert ledger.balances
    solid = [line.dispensed for f in ledger.fills for line in f.lines if line.product.form is Form.TABLET]
    assert ledger.dispensed_units() == sum(solid)


# equivalents --------------------------------------------------------------------------------------------------------


def test_a_range_is_turned_round_when_it_becomes_diazepam():
    wide = a_row("WIDE", "0.5", "1")
    assert in_diazepam(wide, F(2)) == Span(F(20), F(40))
    assert in_drug(wide, F(20)) == Span(F(1), F(2))
    exact = a_row("EXACT", "0.25")
    assert in_diazepam(exact, F(1, 3)) == Span(F(40, 3), F(40, 3))
    assert in_drug(exact, F(5)) == Span(F(1, 8), F(1, 8))


def test_spans_are_added_end_by_end_and_widened_to_hold_both():
    one, other = Span(F(1), F(4)), Span(F(2), F(3))
    assert one + other == Span(F(3), F(7))
    assert one.widened(other) == other.widened(one) == one
    assert Span(F(1), F(2)).widened(Span(F(3), F(5))) == Span(F(1), F(5))


def some_equivalences():
    return Equivalences.of(
        {
            "a": [
                a_row("FIRST", "1", "2"),
                a_row("SECOND", "4"),
                a_row("BAND", "1", converts=False),
                a_row("ONLY A", "5"),
            ],
            "b": [a_row("SECOND", "10"), a_row("FIRST", "5"), a_row("ONLY B", "8")],
            "c": [],
        }
    )


def test_both_drugs_of_a_conversion_stand_in_one_table_and_bands_convert_nothing():
    known = some_equivalences()
    assert known.tables("a") == ("FIRST", "SECOND", "ONLY A")
    assert known.tables("a", "b") == ("FIRST", "SECOND")
    assert known.tables("b", "a") == ("SECOND", "FIRST")
    assert known.tables("a", "c") == known.tables("a", "unknown") == known.tables("unknown") == ()
    assert known.diazepam("a", F(2), "BAND") is None
    assert known.diazepam("a", F(2), "ONLY B") is None
    assert known.diazepam("unknown", F(2), "FIRST") is None
    assert known.diazepam("a", F(2), "FIRST") == Span(F(10), F(20))


def test_nothing_equals_nothing_in_every_table():
    assert some_equivalences().diazepam("c", F(0), "FIRST") == Span(F(0), F(0))


def test_the_widest_range_is_over_every_table_that_converts():
    known = some_equivalences()
    assert known.widest("a", F(2)) == Span(F(4), F(20))
    assert known.widest("b", F(1)) == Span(F(1), F(2))
    assert known.widest("c", F(1)) is None
    assert known.widest("unknown", F(1)) is None


def test_a_day_is_added_up_over_its_drugs_and_never_half_of_them():
    known = some_equivalences()
    day = a_day((MORNING, a_product("1", drug="a"), "2"), (NIGHT, a_product("5", drug="b"), "1"))
    assert known.of_day(day, "FIRST", ("a", "b")) == Span(F(20), F(30))
    assert known.of_day(day, "SECOND", ("a", "b")) == Span(F(10), F(10))
    assert known.of_day(day, "ONLY A", ("a", "b")) is None
    assert known.of_day(day, "ONLY A", ("a",)) == Span(F(4), F(4))
    assert known.of_day(day, "FIRST", ()) == Span(F(0), F(0))
    assert known.of_day(day, "FIRST", ("a", "b", "c")) == Span(F(20), F(30))


def test_nothing_that_is_read_made_or_counted_can_be_changed_afterwards():
    found = {}
    for package in (dosing, quantity):
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            values = vars(import_module(module.name)).values()
            found |= {v: v.__dataclass_params__.frozen for v in values if isinstance(v, type) and is_dataclass(v)}
    assert len(found) > 20
    assert [kind.__name__ for kind, is_frozen in found.items() if not is_frozen] == []
