"""What the checker says can be made, against an oracle that puts units together one by one.

The oracle knows a shelf only as its products and the parts they divide into. It builds every amount that at most
twelve units make, and every volume that can be measured on top of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

import pytest

from glidepath.checker.making import can_be_made, lowest_counted, nearest, on_grid, ways
from glidepath.checker.units import Shelf, shelves_of
from glidepath.facts.formulary import load_formulary
from glidepath.facts.model import Product

FORMULARY = load_formulary()
NONE: frozenset[str] = frozenset()
SHELVES = [("clonazepam", "US"), ("diazepam", "UK"), ("lorazepam", "UK"), ("oxazepam", "US"), ("clobazam", "US")]
Counted = tuple[tuple[Product, Fraction], ...]


def shelf_of(drug: str, region: str) -> Shelf:
    (shelf,) = shelves_of(drug, FORMULARY, region, NONE, ())
    return shelf


@lru_cache(maxsize=64)
def amounts(counted: Counted, upto: Fraction, intakes: int) -> frozenset[Fraction]:
    """Every amount up to `upto` mg that at most twelve units an intake make, 0 among them."""
    fewest = {Fraction(0): Fraction(0)}
    fresh = dict(fewest)
    while fresh:
        following: dict[Fraction, Fraction] = {}
        for mg, units in fresh.items():
            for product, part in counted:
                more, used = mg + product.strength * part, units + part
                if more <= upto and used <= 12 * intakes and used < fewest.get(more, Fraction(10**9)):
                    fewest[more] = following[more] = used
        fresh = following
    return frozenset(fewest)


def volumes(intakes: int) -> Iterable[Fraction]:
    return (Fraction(n, 10) for n in range(5, 200 * intakes + 1))


def makeable(shelf: Shelf, upto: Fraction, intakes: int, *, liquids: bool = True) -> set[Fraction]:
    counted = amounts(shelf.counted, upto, intakes)
    measured = {
        mg + liquid.strength * ml
        for liquid in (shelf.liquids if liquids else ())
        for ml in volumes(intakes)
        for mg in counted
        if mg + liquid.strength * ml <= upto
    }
    return {mg for mg in counted | measured if mg}


@pytest.mark.parametrize(("drug", "region"), SHELVES)
@pytest.mark.parametrize("intakes", [1, 4])
def test_a_dose_can_be_made_exactly_when_units_and_volumes_make_it(drug, region, intakes):
    shelf = shelf_of(drug, region)
    upto = Fraction(3) if shelf.liquids or drug == "clonazepam" else Fraction(70)
    can = makeable(shelf, upto, intakes)
    asked = {*(Fraction(n, 40) for n in range(1, int(upto * 40) + 1)), *(mg + Fraction(1, 300) for mg in list(can)[:9])}
    for dose in asked:
        assert can_be_made(dose, drug, FORMULARY, region, intakes=intakes) == (dose in can), dose


@pytest.mark.parametrize(("drug", "region"), SHELVES)
@pytest.mark.parametrize("liquids", [True, False])
def test_the_nearest_doses_are_the_neighbours_among_all_that_can_be_made(drug, region, liquids):
    shelf = shelf_of(drug, region)
    small = shelf.liquids or drug == "clonazepam"
    every = sorted(makeable(shelf, Fraction(8 if small else 140), 1, liquids=liquids))
    for dose in (Fraction(n, 30) for n in range(1, 91 if small else 1000, 7)):
        below = max((mg for mg in every if mg < dose), default=None)
        above = min((mg for mg in every if mg > dose), default=None)
        assert nearest(dose, drug, FORMULARY, region, liquids=liquids) == (below, above), dose


def test_above_the_most_that_one_intake_takes_nothing_is_nearest():
    # Twelve 2 mg tablets are the most clonazepam tablets of the US make in one intake.
    assert nearest(Fraction(25), "clonazepam", FORMULARY, "US") == (Fraction(24), None)
    assert not can_be_made(Fraction(25), "clonazepam", FORMULARY, "US")
    assert can_be_made(Fraction(25), "clonazepam", FORMULARY, "US", intakes=4)


@pytest.mark.parametrize(("drug", "region"), SHELVES)
def test_the_lowest_counted_dose_of_a_range_is_the_first_that_units_make(drug, region):
    shelf = shelf_of(drug, region)
    every = sorted(makeable(shelf, Fraction(16), 1, liquids=False))
    for low in (Fraction(n, 7) for n in range(1, 70, 5)):
        for high in (low + Fraction(1, 5), low + 2, low * Fraction(4, 3)):
            found = min((mg for mg in every if low <= mg < high), default=None)
            assert lowest_counted(low, high, drug, FORMULARY, region) == found, (low, high)


def test_the_end_of_a_range_is_not_in_it_and_its_start_is():
    half = Fraction(1, 2)
    assert lowest_counted(Fraction(2, 5), half, "clonazepam", FORMULARY, "US") is None
    assert lowest_counted(half, Fraction(3, 5), "clonazepam", FORMULARY, "US") == half


@pytest.mark.parametrize(("drug", "region"), SHELVES)
@pytest.mark.parametrize("intakes", [1, 4])
def test_a_way_adds_up_divides_as_the_label_allows_and_takes_no_more_than_may_be_taken(drug, region, intakes):
    shelf = shelf_of(drug, region)
    part = dict(shelf.counted)
    for dose in sorted(makeable(shelf, Fraction(9 if drug != "oxazepam" else 300), intakes))[::3]:
        way = ways(dose, drug, FORMULARY, region, intakes=intakes)
        assert way is not None
        assert sum(product.strength * units for product, units in way) == dose
        counted = [(product, units) for product, units in way if product in part]
        assert all(units > 0 and (units / part[product]).denominator == 1 for product, units in counted)
        assert sum(units for _, units in counted) <= 12 * intakes
        assert all(on_grid(units, intakes) for product, units in way if product not in part)
        if dose in amounts(shelf.counted, dose, intakes):
            assert len(counted) == len(way), "A liquid is used though units alone make it."
        alone = [p for p, size in shelf.counted if (dose / p.strength / size).denominator == 1]
        if any(dose / p.strength <= 12 * intakes for p in alone):
            assert len(way) == 1, "Two products are used though one makes it."


def test_of_the_ways_with_one_strength_an_undivided_one_is_preferred_and_then_the_fewest_units():
    def named(dose: str) -> list[tuple[str, Fraction]]:
        way = ways(Fraction(dose), "clonazepam", FORMULARY, "US")
        assert way is not None
        return [(product.name, units) for product, units in way]

    # 1 mg is one 1 mg tablet, not two of 0.5 mg, and not the half of a 2 mg tablet.
    assert named("1") == [("clonazepam 1 mg tablet", Fraction(1))]
    # 1.5 mg is three of 0.5 mg, not one and a half of 1 mg.
    assert named("1.5") == [("clonazepam 0.5 mg tablet", Fraction(3))]
    assert named("4") == [("clonazepam 2 mg tablet", Fraction(2))]


def test_a_dose_that_needs_three_strengths_is_made_of_as_few_units_as_can_be():
    """An oracle by search over all counts; the shelf is of capsules, which are given whole."""
    shelf = shelf_of("oxazepam", "US")
    strengths = [product.strength for product, _ in shelf.counted]
    assert sorted(strengths) == [10, 15, 30]
    three = 0
    for dose in range(10, 365, 5):
        counts = [
            (a, b, c) for a in range(13) for b in range(13) for c in range(13) if a * 10 + b * 15 + c * 30 == dose
        ]
        allowed = [each for each in counts if sum(each) <= 12]
        way = ways(Fraction(dose), "oxazepam", FORMULARY, "US")
        assert (way is None) == (not allowed), dose
        if way is not None and len(way) == 3:
            three += 1
            assert sum(units for _, units in way) == min(sum(each) for each in allowed)
            assert all(all(each) for each in allowed), "two strengths would do"
    assert three


@pytest.mark.parametrize(
    ("ml", "intakes", "can"),
    [
        ("0.4", 1, False),
        ("0.5", 1, True),
        ("0.55", 1, False),
        ("20", 1, True),
        ("20.1", 1, False),
        ("20.1", 4, True),
        ("80", 4, True),
        ("80.1", 4, False),
    ],
)
def test_a_volume_is_measured_from_half_a_millilitre_to_twenty_for_each_intake(ml, intakes, can):
    assert on_grid(Fraction(ml), intakes) == can
