"""What can be dispensed, worked out again: parts of units, doses that can be made, products, quantities."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product as every

import pytest

from glidepath.checker.judge import judge
from glidepath.checker.making import can_be_made, nearest, ways
from glidepath.checker.report import Report, Status
from glidepath.checker.units import smallest_part
from glidepath.checker.written import Entry, WrittenQuantity
from glidepath.facts.formulary import load_formulary
from glidepath.facts.model import Form, Product, Split
from tests.unit.checker_builders import entry, spans, taper

F = Fraction
FACTS = load_formulary()
NONE: frozenset[str] = frozenset()


def named(name: str, region: str = "US") -> Product:
    return next(p for d in FACTS.drug_names for p in FACTS.products(d, region) if p.name == name)


def capsule(drug: str, mg: str) -> Product:
    return Product(
        drug=drug,
        region="US",
        form=Form.CAPSULE,
        strength=F(mg),
        halves=Split.NO,
        quarters=Split.NO,
        compounded=True,
    )


def one_day(
    *entries: Entry, region: str = "US", confirmed: frozenset[str] = NONE, before: str = "10", **more: object
) -> Report:
    """A day of the entries after 10 mg of the same drug, so that nothing is excused as the dose at the start."""
    stated = (entry(entries[0].drug, before),) if before else ()
    return judge(taper(spans((7, entries)), before=stated), FACTS, region=region, confirmed=confirmed, **more)  # type: ignore[arg-type]


def reasons(report: Report) -> list[str]:
    return [u.reason for u in report.unmakeable]


# how units divide --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "region", "part"),
    [
        ("clonazepam 0.5 mg tablet", "US", F(1, 2)),
        ("clonazepam 1 mg tablet", "US", F(1)),  # the named makers differ
        ("clonazepam 1 mg tablet", "UK", F(1, 4)),
        ("clonazepam 0.125 mg ODT", "US", F(1)),
        ("diazepam 2 mg tablet", "US", F(1, 2)),
        ("diazepam 2 mg tablet", "UK", F(1)),  # it varies
        ("alprazolam 1 mg XR tablet", "US", F(1)),
    ],
)
def test_a_unit_divides_as_its_makers_say(name: str, region: str, part: Fraction) -> None:
    assert smallest_part(named(name, region), NONE) == part


def test_a_pharmacists_word_allows_halves_where_makers_differ_and_nowhere_else() -> None:
    tablet, orodispersible = named("clonazepam 1 mg tablet"), named("clonazepam 0.5 mg ODT")
    assert smallest_part(tablet, frozenset({tablet.name})) == F(1, 2)
    assert smallest_part(orodispersible, frozenset({orodispersible.name})) == 1
    never = named("lorazepam 0.5 mg tablet", "UK")
    assert smallest_part(never, frozenset({never.name})) == 1


def test_a_form_that_does_not_divide_stays_whole_whatever_its_row_says() -> None:
    tablet = named("clonazepam 0.5 mg tablet")
    assert smallest_part(replace(tablet, form=Form.XR_TABLET), frozenset({"clonazepam 0.5 mg XR tablet"})) == 1


# doses that can be made --------------------------------------------------------------------------------------------


def made_by_trying(drug: str, region: str, upto: Fraction, most: int = 3) -> set[Fraction]:
    """Doses from a few units of each product, found by trying every combination of counted units."""
    doses: set[Fraction] = set()
    for group in (("IR", "ODT"), ("XR",), ("SL",)):
        choices = []
        for p in FACTS.products(drug, region):
            if p.form.is_counted and p.form.release in group:
                part = smallest_part(p, NONE)
                choices.append([p.strength * part * n for n in range(int(most / part) + 1)])
        doses |= {total for amounts in every(*choices) if 0 < (total := sum(amounts, F(0))) <= upto}
        if choices:
            break  # a plain name means the immediate release, where there is one
    return doses


@pytest.mark.parametrize(("drug", "region"), [("lorazepam", "CA"), ("alprazolam", "NL"), ("zolpidem", "AU")])
def test_every_dose_that_trying_finds_can_be_made(drug: str, region: str) -> None:
    for dose in made_by_trying(drug, region, F(3)):
        assert can_be_made(dose, drug, FACTS, region)


@pytest.mark.parametrize(("drug", "region"), [("zolpidem", "AU"), ("temazepam", "US"), ("lorazepam", "DE")])
def test_no_dose_can_be_made_that_trying_does_not_find(drug: str, region: str) -> None:
    found = made_by_trying(drug, region, F(10), most=12 if drug != "lorazepam" else 4)
    if drug == "lorazepam":
        upto, step = F(2), F(1, 16)
    else:
        upto, step = F(10), F(5, 16)
    dose = step
    while dose <= upto:
        assert can_be_made(dose, drug, FACTS, region) == (dose in found), dose
        dose += step


def test_a_liquid_makes_what_tablets_cannot_and_only_on_its_grid() -> None:
    assert can_be_made(F("1.3"), "diazepam", FACTS, "US")
    assert not can_be_made(F("0.3"), "diazepam", FACTS, "US")  # 0.3 mL is too little
    assert not can_be_made(F("1.33"), "diazepam", FACTS, "US")
    assert not can_be_made(F("1.3"), "diazepam", FACTS, "DE")  # only drops there


def test_releases_are_never_put_together_in_one_dose() -> None:
    # 6.25 mg XR and 5 mg tablets would make it.
    assert not can_be_made(F("11.25"), "zolpidem", FACTS, "US")
    assert can_be_made(F("12.5"), "zolpidem", FACTS, "US", release="XR")


def test_no_more_than_twelve_units_in_one_intake() -> None:
    assert can_be_made(F(120), "diazepam", FACTS, "DE")
    assert not can_be_made(F(130), "diazepam", FACTS, "DE")
    assert can_be_made(F(130), "diazepam", FACTS, "DE", intakes=4)
    assert not can_be_made(F(10**9), "diazepam", FACTS, "DE")


def test_a_way_adds_up_and_is_plain() -> None:
    way = ways(F("4.5"), "diazepam", FACTS, "DE")
    assert way is not None
    assert {p.name: units for p, units in way} == {"diazepam 2 mg tablet": 1, "diazepam 5 mg tablet": F(1, 2)}
    assert ways(F(10), "diazepam", FACTS, "US") == ((named("diazepam 10 mg tablet"), F(1)),)
    assert ways(F("0.33"), "diazepam", FACTS, "US") is None


@pytest.mark.parametrize(("drug", "region"), [("diazepam", "US"), ("clonazepam", "UK"), ("clobazam", "US")])
def test_there_is_a_way_exactly_when_a_dose_can_be_made(drug: str, region: str) -> None:
    for n in range(1, 120):
        dose = F(n, 20)
        way = ways(dose, drug, FACTS, region)
        assert (way is not None) == can_be_made(dose, drug, FACTS, region)
        if way:
            assert sum((p.strength * units for p, units in way), F(0)) == dose


def test_the_nearest_doses_are_makeable_with_none_between() -> None:
    for n in (1, 3, 8, 11, 29):
        dose = F(n, 7)
        below, above = nearest(dose, "clonazepam", FACTS, "US")
        assert above is not None
        assert can_be_made(above, "clonazepam", FACTS, "US")
        low = below or F(0)
        assert low < dose < above
        between = [low + (above - low) * F(k, 16) for k in range(1, 16)]
        assert not any(can_be_made(d, "clonazepam", FACTS, "US") for d in between)


# the checks --------------------------------------------------------------------------------------------------------


def test_units_times_strength_must_be_the_dose() -> None:
    good = one_day(entry("diazepam", "3", "night", "diazepam 2 mg tablet", "1.5"))
    assert good.check("doses-equal-units").status is Status.PASS
    bad = one_day(entry("diazepam", "3", "night", "diazepam 2 mg tablet", "2"))
    assert bad.check("doses-equal-units").status is Status.BREACH
    assert reasons(bad) == ["dose-not-units"]
    other = one_day(entry("diazepam", "1", "night", "lorazepam 1 mg tablet", "1"))
    assert other.check("doses-equal-units").status is Status.BREACH
    nothing = one_day(entry("diazepam", "3", "night"))
    assert nothing.check("doses-equal-units").value == "not written"


def test_a_product_of_another_region_is_named_with_its_region() -> None:
    report = one_day(entry("diazepam", "4", "night", "diazepam 0.4 mg/mL oral solution", "10"))
    assert reasons(report) == ["no-such-product"]
    assert "it is in UK" in report.unmakeable[0].says
    assert report.check("products").status is Status.BREACH


def test_drops_are_never_planned() -> None:
    report = one_day(entry("diazepam", "4", "night", "diazepam 10 mg/mL oral drops", "0.4"), region="DE")
    assert reasons(report) == ["not-planned-form"]


def test_a_volume_off_the_grid_is_excused_only_as_the_dose_at_the_start() -> None:
    off = entry("diazepam", "2.25", "night", "diazepam 1 mg/mL oral solution", "2.25")
    assert reasons(one_day(off)) == ["not-measurable"]
    assert reasons(one_day(off, before="")) == []


def test_a_unit_divided_too_far_breaches_splits_and_not_products() -> None:
    report = one_day(entry("diazepam", "0.5", "night", "diazepam 2 mg tablet", "0.25"))
    assert reasons(report) == ["not-divided"]
    assert report.check("splits").status is Status.BREACH
    assert report.check("products").status is not Status.BREACH


def test_a_divided_unit_asks_to_check_the_maker() -> None:
    report = one_day(entry("diazepam", "1", "night", "diazepam 2 mg tablet", "0.5"))
    assert report.check("splits").status is Status.CAUTION
    sure = frozenset({"clonazepam 1 mg tablet"})
    half = entry("clonazepam", "0.5", "night", "clonazepam 1 mg tablet", "0.5")
    assert one_day(half).check("splits").status is Status.BREACH
    assert "Confirmed by a pharmacist" in one_day(half, confirmed=sure).check("splits").says


def test_units_are_worked_out_where_only_the_product_is_written() -> None:
    quarter = one_day(entry("diazepam", "0.5", "night", "diazepam 2 mg tablet"))
    assert reasons(quarter) == ["not-divided"]
    third = one_day(entry("diazepam", F(2, 3), "night", "diazepam 2 mg tablet"))
    assert reasons(third) == ["no-combination"]


def test_a_dose_without_product_must_be_makeable_and_names_its_neighbours() -> None:
    report = one_day(entry("clonazepam", "0.3", "night"))
    assert reasons(report) == ["no-combination"]
    assert report.unmakeable[0].instead == "The nearest that can be made: 0.25 mg (lower) or 0.375 mg (higher)."


def test_a_drug_without_products_in_the_region_is_said_once() -> None:
    made = spans((7, (entry("flunitrazepam", "1", "night"),)), (7, (entry("flunitrazepam", "0.5", "night"),)))
    report = judge(taper(made), FACTS, region="UK")
    assert reasons(report) == ["no-such-product"]


def test_a_problem_is_listed_once_and_on_its_first_day() -> None:
    bad = entry("clonazepam", "0.3", "night")
    good = entry("clonazepam", "0.25", "night")
    report = judge(taper(spans((7, (bad,)), (7, (good,)), (7, (bad,)))), FACTS, region="US")
    assert [(u.day, u.row) for u in report.unmakeable] == [(1, 1)]


def test_releases_are_not_exchanged_within_a_taper() -> None:
    made = spans(
        (7, (entry("alprazolam", "1", "night", "alprazolam 1 mg XR tablet", "1"),)),
        (7, (entry("alprazolam", "0.5", "night", "alprazolam 0.5 mg tablet", "1"),)),
    )
    report = judge(taper(made), FACTS, region="US")
    assert reasons(report) == ["mixed-release"]
    assert report.unmakeable[0].day == 8


def test_a_declared_capsule_may_be_used_and_is_pointed_out() -> None:
    small = capsule("clonazepam", "0.05")
    line = entry("clonazepam", "0.3", "night", small.name, "6")
    assert reasons(one_day(line)) == ["no-such-product"]
    report = one_day(line, declared=(small,))
    assert reasons(report) == []
    assert report.check("products").status is Status.CAUTION
    assert small.name in report.check("products").says
    assert reasons(one_day(entry("clonazepam", "0.3", "night"), declared=(small,))) == []


# quantities --------------------------------------------------------------------------------------------------------


def supplied(units: str) -> Report:
    line = entry("diazepam", "3", "night", "diazepam 2 mg tablet", "1.5")
    quantity = WrittenQuantity(product="diazepam 2 mg tablet", units=F(units), first=1, last=14, row=9)
    return judge(taper(spans((28, (line,))), quantities=(quantity,)), FACTS, region="US")


def test_a_short_supply_names_the_day_it_runs_out() -> None:
    found = supplied("20").check("quantity")
    assert (found.status, found.day, found.row) == (Status.BREACH, 14, 9)


def test_an_equal_supply_passes_and_a_larger_one_is_pointed_out() -> None:
    assert supplied("21").check("quantity").status is Status.PASS
    assert supplied("28").check("quantity").status is Status.CAUTION
    need = supplied("21").needed[0]
    assert (need.needed, need.written) == (F(42), F(21))


def test_amounts_are_given_where_none_are_written() -> None:
    report = one_day(entry("diazepam", "3", "night", "diazepam 2 mg tablet", "1.5"))
    assert report.check("quantity").status is Status.PASS
    assert "10.5" in report.check("quantity").says
    assert not one_day(entry("diazepam", "3", "night")).has("quantity")
