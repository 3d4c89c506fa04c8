"""Every check of the proof, on a taper made by hand that is sound and then broken once in each way it can be.

A check is compared as a whole, so that its status, day and texts cannot change unseen. The windows are worked out again
day by day.
"""

from __future__ import annotations

from copy import copy
from dataclasses import FrozenInstanceError, fields, replace
from datetime import date, timedelta
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glidepath.dosing.equivalence import Equivalences
from glidepath.dosing.ledger import supply_ledger
from glidepath.dosing.regimen import Intake, Piece, Regimen, Slot
from glidepath.dosing.supply import Syringe
from glidepath.facts.model import Ceiling, Equivalent, Form, Product, ProductRecord, Split
from glidepath.guidance.pace import Band, Pace
from glidepath.quantity import Amount
from glidepath.taper import checks_dose as dose_checks
from glidepath.taper import checks_supply as supply_checks
from glidepath.taper import checks_switch as switch_checks
from glidepath.taper.falls import (
    asked_in_window,
    days_over,
    falls_over,
    is_above_pace,
    measured,
    mg_text,
    percent,
    rolling_fall,
)
from glidepath.taper.proof import Check, Limits, Proof, Status
from glidepath.taper.prove import prove
from glidepath.taper.schedule import Step, StepKind, Taper

START = date(2026, 12, 7)
MORNING, NOON, EVENING, NIGHT = Slot
RECORDED, SWITCH, REDUCTION = StepKind.RECORDED, StepKind.SWITCH, StepKind.REDUCTION


# builders -----------------------------------------------------------------------------------------------------------


def a_product(strength="1", form=Form.TABLET, *, halves="no", quarters="no", source="LABEL", verified=True, **other):
    record = ProductRecord(
        maker=None, scored="", halves=Split(halves), quarters=Split(quarters), source=source, verified=verified
    )
    values = {"drug": "testazepam", "region": "US", "records": (record,), **other}
    return Product(form=form, strength=F(strength), halves=Split(halves), quarters=Split(quarters), **values)


ONE, HALF = a_product("1"), a_product("0.5", source="OTHER LABEL")
DIAZEPAM, HYPNOTIC = a_product("1", drug="diazepam"), a_product("10", drug="hypnotic")


def an_intake(slot, *units_of):
    pieces = tuple(Piece(product, F(units)) for product, units in units_of)
    dose = Amount(sum((p.product.strength * p.units for p in pieces), F(0)))
    return Intake(slot=slot, drug=pieces[0].product.drug, dose=dose, pieces=pieces)


def a_day(morning="0", night="0", *more, product=ONE):
    own = [an_intake(s, (product, n)) for s, n in ((MORNING, morning), (NIGHT, night)) if F(n)]
    return Regimen.of((*own, *more))


def a_taper(*steps, drugs=("testazepam",), constant=(), ends="stop"):
    """A taper from (kind, days, what is taken on each of them)."""
    made, day = [], START
    for number, (kind, days, regimen) in enumerate(steps):
        made.append(
            Step(
                number=number,
                starts=day,
                days=days,
                regimen=regimen,
                kind=kind,
                reduction_frac=F(0),
                because="As the test says.",
            )
        )
        day += timedelta(days=days)
    return Taper(drug=drugs[0], drugs=drugs, constant=constant, steps=tuple(made), ends=ends)


def a_sound_taper(ends="stop"):
    """20 mg a day, then 18, 16.5 and 15, never more than a tenth at a time."""
    return a_taper(
        (RECORDED, 7, a_day("10", "10")),
        (REDUCTION, 14, a_day("8", "10")),
        (REDUCTION, 14, a_day("8", "0", an_intake(NIGHT, (ONE, "8"), (HALF, "1")))),
        (REDUCTION, 14, a_day("7", "8")),
        ends=ends,
    )


def doses(*days_and_mg, ends="stop"):
    """A taper of one tablet at night, of whatever strength its step needs: (days, mg)."""
    kinds = (RECORDED, *(REDUCTION,) * len(days_and_mg))
    return a_taper(
        *(
            (kind, days, a_day(night="1", product=a_product(mg)))
            for kind, (days, mg) in zip(kinds, days_and_mg, strict=False)
        ),
        ends=ends,
    )


def with_step(taper, number, **changes):
    steps = tuple(replace(s, **changes) if s.number == number else s for s in taper.steps)
    return replace(taper, steps=steps)


def bent(value, **changes):
    """A copy with fields that its own checks would refuse."""
    other = copy(value)
    for name, change in changes.items():
        object.__setattr__(other, name, change)
    return other


def a_pace(percent_asked="10", every=14, bands=(), bands_up_to=None):
    return Pace(
        name="test",
        asked_frac=F(percent_asked) / 100,
        interval_days=every,
        max_hold_days=84,
        bands=tuple(Band(above_mg=F(above), decrease_mg=F(by)) for above, by in bands),
        bands_up_to_mg=None if bands_up_to is None else F(bands_up_to),
        sources=("PACE",),
    )


def a_row(table, low, high):
    return Equivalent(table=table, low_mg=F(low), high_mg=F(high), source=table, verified=True, converts=True)


def tables(**ranges):
    """Tables by name: how much testazepam each says equals 10 mg of diazepam, as `low-high`."""
    spans = {name: text.split("-") for name, text in ranges.items()}
    return Equivalences.of(
        {
            "testazepam": [a_row(name, span[0], span[-1]) for name, span in spans.items()],
            "diazepam": [a_row(name, "10", "10") for name in spans],
        }
    )


def a_ceiling(mg, region="US", source="CEILING"):
    return Ceiling(mg_per_day=F(mg), region=region, indication="any", source=source, verified=True)


def some_limits(**changes):
    values = {
        "pace": a_pace(),
        "ceiling_frac": F(1, 4),
        "ceiling_days": 14,
        "ceiling_sources": ("LIMIT",),
        "ceilings": {"testazepam": (a_ceiling("40"),)},
        "region": "US",
        "equivalences": tables(PLAIN="20"),
        "table": None,
        "confirmed": frozenset(),
        "syringe": Syringe(),
        "last_dose_reason": None,
    }
    return Limits(**{**values, **changes})


def a_ledger(taper, **how):
    return supply_ledger([(s.starts, s.days, s.regimen) for s in taper.steps], at_home={}, **how)


def said(check):
    """What a check says without its title, which never changes, and without what it has no value for."""
    values = {f.name: getattr(check, f.name) for f in fields(Check) if f.name not in ("title", "by", "why")}
    return {name: value for name, value in values.items() if name != "doses" or value is not None}


def on_day(number):
    """A day of the plan, the first being 1."""
    return START + timedelta(days=number - 1)


# the whole ----------------------------------------------------------------------------------------------------------


def test_a_sound_taper_passes_every_check_and_says_so_in_these_words():
    taper = a_sound_taper()
    proof = prove(taper, taper.steps[0].regimen, a_ledger(taper), some_limits())
    passed = {"status": Status.PASS, "sources": (), "on": None}
    assert [said(c) for c in proof.checks] == [
        {
            **passed,
            "id": "start-as-recorded",
            "value": "20 mg testazepam a day",
            "bound": "20 mg testazepam a day",
            "on": START,
            "says": "The plan begins with exactly what is taken now.",
        },
        {
            **passed,
            "id": "doses-equal-pieces",
            "value": "49 days, no difference",
            "bound": "no difference on any day",
            "says": "Every dose is made exactly by the tablets, capsules or mL listed for it.",
        },
        {
            **passed,
            "id": "never-rises",
            "value": "no rise on any day or at any time of day",
            "bound": "no rise",
            "says": "No day, and no time of day, has more than the one before.",
        },
        {
            **passed,
            "id": "fall-per-step",
            "value": "10 % (20 to 18 mg)",
            "doses": (20, 18),
            "bound": "10 % asked for",
            "on": on_day(8),
            "sources": ("PACE",),
            "says": "No fall is larger than asked.",
        },
        {
            **passed,
            "id": "fall-in-14-days",
            "value": "10 % (20 to 18 mg)",
            "doses": (20, 18),
            "bound": "25 %; 10 % at the asked pace",
            "on": on_day(8),
            "sources": ("LIMIT",),
            "says": "Within the limit on every day.",
        },
        {
            **passed,
            "id": "fall-in-28-days",
            "value": "17.5 % (20 to 16.5 mg)",
            "doses": (20, F(33, 2)),
            "bound": "19 % at the asked pace",
            "on": on_day(22),
            "sources": ("PACE",),
            "says": "Within the limit on every day.",
        },
        {
            **passed,
            "id": "ceiling-doses",
            "value": "20 mg testazepam a day",
            "bound": "testazepam: 40 mg a day",
            "sources": ("CEILING",),
            "says": "Never above a stated maximum.",
        },
        {
            **passed,
            "id": "products",
            "value": "2 products",
            "bound": "loaded for US, whole units or the syringe grid",
            "sources": ("LABEL", "OTHER LABEL"),
            "says": "Every product is loaded for the region.",
        },
        {
            **passed,
            "id": "splits",
            "value": "none",
            "bound": "every named maker allows it, or a pharmacist confirmed it",
            "says": "Nothing is divided.",
        },
        {
            **passed,
            "id": "dates",
            "value": "2026-12-07 to 2027-01-24, 49 days",
            "bound": "each day covered once",
            "says": "Each day belongs to exactly one step.",
        },
        {
            **passed,
            "id": "last-dose",
            "value": "15 mg testazepam a day for 14 days",
            "bound": "at least as long as the step before",
            "on": on_day(36),
            "says": "The last dose before the stop.",
        },
        {
            **passed,
            "id": "stop",
            "status": Status.CAUTION,
            "value": "15 mg testazepam a day to nothing",
            "bound": "the size is stated; it is always the whole of what is left",
            "on": on_day(50),
            "says": "The last jump is 15 mg a day. How it ends says what else could be done.",
        },
        {
            **passed,
            "id": "ledger",
            "value": "2 fills, 49 days, 840 units dispensed",
            "bound": "exact for each product and fill; no day uncovered",
            "says": "Every unit is accounted for.",
        },
    ]


def test_the_limit_binds_in_its_own_window_and_not_in_the_one_twice_as_long():
    taper = a_sound_taper()
    limits = some_limits(ceiling_days=10, ceiling_frac=F(1, 20))
    checks = prove(taper, taper.steps[0].regimen, a_ledger(taper), limits)
    assert checks.check("fall-in-14-days").title == "Fall in any 10 days"
    assert checks.check("fall-in-14-days").status is Status.BREACH
    assert checks.check("fall-in-28-days").title == "Fall in any 20 days"
    assert checks.check("fall-in-28-days").status is Status.PASS


def test_only_a_switch_has_the_checks_of_a_switch():
    plan = a_switch()
    ids = [c.id for c in prove(plan, plan.steps[0].regimen, a_ledger(plan), switch_limits()).checks]
    assert ids[9:] == ["dates", "switch-table", "switch-every-table", "last-dose", "stop", "ledger"]


def test_a_proof_sorts_its_checks_by_status_and_finds_them_by_name():
    plain = supply_checks.splits(a_sound_taper(), some_limits())
    made = {s: replace(plain, id=s.name, status=s) for s in Status}
    proof = Proof(tuple(made.values()))
    assert proof.breaches == (made[Status.BREACH],)
    assert proof.cautions == (made[Status.CAUTION],)
    assert proof.not_assessable == (made[Status.NOT_ASSESSABLE],)
    assert proof.check("OVERRIDDEN") is made[Status.OVERRIDDEN]
    with pytest.raises(StopIteration):
        proof.check("none of these")


def test_only_a_breach_can_be_overridden_and_it_keeps_who_and_why():
    plain = supply_checks.splits(a_sound_taper(), some_limits())
    overridden = replace(plain, status=Status.BREACH).overridden("A. Person", "Seen weekly.")
    assert overridden == replace(plain, status=Status.OVERRIDDEN, by="A. Person", why="Seen weekly.")
    for status in set(Status) - {Status.BREACH}:
        with pytest.raises(ValueError, match="only a breach can be overridden"):
            replace(plain, status=status).overridden("A. Person", "Seen weekly.")


def test_nothing_that_was_proven_can_be_changed_afterwards():
    taper = a_sound_taper()
    limits = some_limits()
    check = supply_checks.splits(taper, limits)
    for value in (taper, taper.steps[0], check, Proof((check,)), limits):
        name = fields(value)[0].name
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, getattr(value, name))


# start and pieces ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recorded", "bound"),
    [
        (a_day("10", "9"), "19 mg testazepam a day"),
        (a_day("9", "11"), "20 mg testazepam a day"),
        (a_day("11", "10"), "21 mg testazepam a day"),
        (a_day("10", "0", an_intake(EVENING, (ONE, "10"))), "20 mg testazepam a day"),
        (a_day("10", "10", an_intake(NIGHT, (HYPNOTIC, "1"))), "20 mg testazepam a day"),
        (a_day("10", "10", product=DIAZEPAM), "0 mg testazepam a day"),
    ],
)
def test_a_start_at_another_dose_time_or_drug_is_a_breach(recorded, bound):
    check = dose_checks.start_as_recorded(a_sound_taper(), recorded)
    assert (check.status, check.value, check.bound) == (Status.BREACH, "20 mg testazepam a day", bound)
    assert (check.on, check.says) == (START, "The plan does not begin with what is taken.")


def test_a_start_needs_a_step_that_says_it_is_what_was_recorded():
    taper = with_step(a_sound_taper(), 0, kind=REDUCTION)
    assert dose_checks.start_as_recorded(taper, taper.steps[0].regimen).status is Status.BREACH


def test_the_start_may_be_recorded_without_products_and_in_another_order():
    bare = tuple(Intake(slot=s, drug="testazepam", dose=Amount.of(10)) for s in (NIGHT, MORNING))
    assert dose_checks.start_as_recorded(a_sound_taper(), Regimen(bare)).status is Status.PASS


@pytest.mark.parametrize(
    "changes",
    [
        {"dose": Amount.of("8.5")},
        {"dose": Amount.of("7.999999")},
        {"drug": "diazepam"},
        {"pieces": ()},
        {"pieces": (Piece(ONE, F(7)), Piece(DIAZEPAM, F(1)))},
    ],
)
def test_a_dose_that_its_units_do_not_make_is_a_breach_on_its_first_day(changes):
    taper = a_sound_taper()
    for number in (3, 1):
        regimen = taper.steps[number].regimen
        wrong = Regimen((bent(regimen.intakes[0], **changes), *regimen.intakes[1:]))
        taper = with_step(taper, number, regimen=wrong)
    check = dose_checks.doses_equal_pieces(taper)
    assert (check.status, check.value, check.on) == (Status.BREACH, "a dose differs from its units", on_day(8))


# rises --------------------------------------------------------------------------------------------------------------


def a_rise(value, day):
    return {
        "id": "never-rises",
        "status": Status.BREACH,
        "value": value,
        "bound": "no rise",
        "on": on_day(day),
        "sources": (),
        "says": "The dose rises.",
    }


def test_a_day_with_more_than_the_one_before_is_a_breach_and_the_first_is_named():
    taper = with_step(a_sound_taper(), 2, regimen=a_day("8", "11"))
    taper = with_step(taper, 3, regimen=a_day("9", "11"))
    assert said(dose_checks.never_rises(taper, some_limits())) == a_rise("18 to 19 mg", 22)


def test_a_time_of_day_with_more_is_a_breach_although_the_day_has_less():
    taper = with_step(a_sound_taper(), 1, regimen=a_day("7", "11"))
    assert said(dose_checks.never_rises(taper, some_limits())) == a_rise("10 to 11 mg", 8)


def test_a_new_time_of_day_is_a_rise_from_nothing():
    taper = with_step(a_sound_taper(), 3, regimen=a_day("7", "7", an_intake(NOON, (ONE, "1"))))
    assert said(dose_checks.never_rises(taper, some_limits())) == a_rise("0 to 1 mg", 36)


def test_the_same_dose_again_is_no_rise():
    taper = with_step(a_sound_taper(), 1, regimen=a_day("10", "10"))
    assert dose_checks.never_rises(taper, some_limits()).status is Status.PASS


def test_a_drug_that_is_to_stay_must_not_rise_either():
    taper = a_sound_taper()
    for number, units in ((0, "1"), (1, "1"), (2, "2"), (3, "2")):
        regimen = taper.steps[number].regimen
        hypnotic = an_intake(NIGHT, (HYPNOTIC, units))
        taper = with_step(taper, number, regimen=Regimen.of((*regimen.intakes, hypnotic)))
    assert said(dose_checks.never_rises(taper, some_limits())) == a_rise("10 to 20 mg", 22)


# falls --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "status", "value"),
    [
        ("9.01", Status.PASS, "9.9 % (10 to 9.01 mg)"),
        ("9", Status.PASS, "10 % (10 to 9 mg)"),
        ("8.999", Status.CAUTION, "10.01 % (10 to 8.999 mg)"),
        ("5", Status.CAUTION, "50 % (10 to 5 mg)"),
    ],
)
def test_a_fall_is_larger_than_asked_only_when_it_is_over_and_not_at_the_pace(second, status, value):
    check = dose_checks.fall_per_step(doses((7, "10"), (14, second), (14, "8.9")), some_limits())
    if second == "5":
        check = dose_checks.fall_per_step(doses((7, "10"), (14, second)), some_limits())
    one = (
        "1 of the falls is larger than asked, because no better one can be made with these products and times of "
        "day; each is held longer."
    )
    assert said(check) == {
        "id": "fall-per-step",
        "status": status,
        "value": value,
        "doses": (10, F(second)),
        "bound": "10 % asked for",
        "on": on_day(8),
        "sources": ("PACE",),
        "says": one if status is Status.CAUTION else "No fall is larger than asked.",
    }


def test_falls_over_the_pace_are_counted_and_the_first_of_the_largest_is_named():
    check = dose_checks.fall_per_step(doses((7, "8"), (14, "7.5"), (14, "6"), (14, "4.8"), (14, "4")), some_limits())
    assert (check.value, check.on) == ("20 % (7.5 to 6 mg)", on_day(22))
    assert check.says.startswith("3 of the falls are larger than asked")


def test_each_fall_is_held_against_the_band_of_the_dose_it_starts_from():
    pace = a_pace(bands=(("10", "2"), ("0", "1")), bands_up_to="20")
    check = dose_checks.fall_per_step(doses((7, "20"), (14, "18"), (14, "10"), (14, "9")), some_limits(pace=pace))
    assert (check.status, check.bound) == (Status.CAUTION, "the band asked for")
    assert (check.value, check.on) == ("44.4 % (18 to 10 mg)", on_day(22))
    assert check.says.startswith("1 of the falls is larger")


def test_a_plan_that_never_falls_names_no_day_and_its_own_dose():
    limits = some_limits()
    for taper in (doses((7, "10"), (14, "10"), ends="maintain"), doses((7, "10"), ends="maintain")):
        check = dose_checks.fall_per_step(taper, limits)
        assert (check.status, check.value, check.on, check.doses) == (Status.PASS, "0 % (10 to 10 mg)", None, None)
        window = dose_checks.fall_in_window(taper, limits, 14, "w", with_limit=True)
        assert (window.status, window.value, window.on, window.doses) == (Status.PASS, "0 % (10 to 10 mg)", None, None)


def test_a_plan_that_only_rises_has_no_fall_and_is_shown_by_its_start():
    taper = doses((7, "10"), (14, "11"), (14, "12"))
    assert dose_checks.fall_per_step(taper, some_limits()).value == "0 % (10 to 10 mg)"
    assert dose_checks.fall_in_window(taper, some_limits(), 14, "w", with_limit=True).value == "0 % (10 to 10 mg)"


def test_days_without_the_drug_have_nothing_that_could_fall():
    taper = a_taper(
        (RECORDED, 7, a_day("10")),
        (REDUCTION, 14, a_day("0", "0", an_intake(NIGHT, (HYPNOTIC, "1")))),
        (REDUCTION, 14, a_day("0", "0", an_intake(NIGHT, (HYPNOTIC, "1")))),
    )
    limits = some_limits()
    assert dose_checks.fall_per_step(taper, limits).value == "100 % (10 to 0 mg)"
    assert dose_checks.fall_per_step(taper, limits).says.startswith("1 of the falls is")
    assert dose_checks.fall_in_window(taper, limits, 14, "w", with_limit=True).value == "100 % (10 to 0 mg)"


def in_window(taper, days=14, *, with_limit=True, **changes):
    return dose_checks.fall_in_window(taper, some_limits(**changes), days, "window", with_limit=with_limit)


def test_a_quarter_in_fourteen_days_is_no_breach():
    check = in_window(doses((7, "20"), (14, "15")))
    assert said(check) == {
        "id": "window",
        "status": Status.CAUTION,
        "value": "25 % (20 to 15 mg)",
        "doses": (20, 15),
        "bound": "25 %; 10 % at the asked pace",
        "on": on_day(8),
        "sources": ("LIMIT",),
        "says": "Above the asked pace; the larger falls are held longer.",
    }
    assert check.title == "Fall in any 14 days"


def test_just_over_a_quarter_in_fourteen_days_is_a_breach_and_every_such_fall_is_listed():
    check = in_window(doses((7, "20"), (14, "14.998"), (14, "10")))
    assert said(check) == {
        "id": "window",
        "status": Status.BREACH,
        "value": "33.3 % (14.998 to 10 mg)",
        "doses": (F("14.998"), 10),
        "bound": "25 %; 10 % at the asked pace",
        "on": on_day(22),
        "sources": ("LIMIT",),
        "says": "Over 25 % in 14 days, for which the prescriber must give a reason: "
        "25.01 % on 2026-12-14 (20 to 14.998 mg); 33.3 % on 2026-12-28 (14.998 to 10 mg).",
    }


def test_over_a_longer_window_no_limit_is_broken_but_the_pace_is():
    check = in_window(doses((7, "20"), (14, "10")), 28, with_limit=False)
    assert said(check) == {
        "id": "window",
        "status": Status.CAUTION,
        "value": "50 % (20 to 10 mg)",
        "doses": (20, 10),
        "bound": "19 % at the asked pace",
        "on": on_day(8),
        "sources": ("PACE",),
        "says": "Above the asked pace; the larger falls are held longer.",
    }
    at_the_pace = doses((7, "20"), (14, "18"), (14, "16.2"))
    assert in_window(at_the_pace, 28, with_limit=False).status is Status.PASS
    assert in_window(at_the_pace, 28, with_limit=False).value == "19 % (20 to 16.2 mg)"
    assert in_window(doses((7, "20"), (14, "18"), (14, "16.1")), 28, with_limit=False).status is Status.CAUTION


@pytest.mark.parametrize(("held", "value"), [(13, "19 % (20 to 16.2 mg)"), (14, "10 % (20 to 18 mg)")])
def test_a_window_reaches_from_the_last_day_of_a_dose_to_the_fourteenth_after_it(held, value):
    taper = doses((7, "20"), (held, "18"), (14, "16.2"))
    assert in_window(taper).value == value
    assert in_window(taper).status is (Status.CAUTION if held == 13 else Status.PASS)


def test_the_pace_over_a_window_counts_from_the_dose_that_fell_furthest():
    pace = a_pace(bands=(("10", "2"), ("0", "1")), bands_up_to="20")
    check = in_window(doses((7, "12"), (14, "10"), (14, "9")), 28, with_limit=False, pace=pace)
    assert (check.status, check.value, check.bound) == (Status.PASS, "25 % (12 to 9 mg)", "25 % at the asked pace")


def test_a_pace_in_bands_takes_its_steps_one_after_another_and_never_below_nothing():
    pace = a_pace(bands=(("10", "2"), ("0", "1")), bands_up_to="20")
    assert asked_in_window(pace, F(12), 14) == F(2, 12)
    assert asked_in_window(pace, F(12), 15) == F(3, 12)
    assert asked_in_window(pace, F(12), 28) == F(3, 12)
    assert asked_in_window(pace, F(30), 28) == F(19, 100)
    assert asked_in_window(pace, F(1), 28) == 1
    assert asked_in_window(pace, F(0), 28) == F(19, 100)
    assert asked_in_window(a_pace(), F(12), 42) == F(271, 1000)


# A dose for every day, worked out the slow way.
courses = st.lists(st.tuples(st.integers(1, 20), st.integers(0, 24)), min_size=1, max_size=7)
windows, halves = st.integers(1, 30), st.sampled_from([F(1, 10), F(1, 4), F(1, 3), F(1, 2)])


def rows_of(course):
    rows, day = [], START
    for held, mg in course:
        rows.append((day, day + timedelta(days=held - 1), F(mg)))
        day += timedelta(days=held)
    return rows


def day_by_day(course):
    return [F(mg) for held, mg in course for _ in range(held)]


@given(courses, windows)
def test_the_largest_fall_in_a_window_is_that_of_every_pair_of_days(course, window):
    daily = day_by_day(course)
    falls = [
        ((daily[d] - daily[e]) / daily[d], START + timedelta(days=e), daily[d], daily[e])
        for d in range(len(daily))
        for e in range(d + 1, min(d + window, len(daily) - 1) + 1)
        if daily[d]
    ]
    largest = max((fall[0] for fall in falls), default=F(0))
    found = rolling_fall(rows_of(course), window)
    if largest <= 0:
        assert found == (F(0), START, daily[0], daily[0])
    else:
        assert found[0] == largest
        assert found in falls


@given(courses, windows, halves)
def test_every_step_that_begins_too_far_below_the_window_before_it_is_found(course, window, limit):
    daily = day_by_day(course)
    expected, day = [], 0
    for held, mg in course:
        highest = max(daily[max(0, day - window) : day], default=F(mg))
        if highest and (highest - mg) / highest > limit:
            expected.append(((highest - mg) / highest, START + timedelta(days=day), highest, F(mg)))
        day += held
    assert falls_over(rows_of(course), window, limit) == expected


@given(courses, windows, halves)
def test_a_course_is_above_the_pace_when_any_pair_of_days_is(course, window, asked):
    daily, pace = day_by_day(course), a_pace(asked * 100)
    steps = -(-window // 14)
    left = (1 - asked) ** steps
    above = any(
        later < daily[d] * left
        for d in range(len(daily))
        for later in daily[d + 1 : d + window + 1]
        if daily[d] and later < daily[d]
    )
    assert is_above_pace(rows_of(course), pace, window) == above


@given(courses, windows, halves)
def test_the_days_over_the_limit_are_those_of_a_count_day_by_day(course, window, limit):
    if not any(mg for _, mg in course):
        return
    course = [(held, mg or 1) for held, mg in course]
    daily = day_by_day(course)
    over = sum(
        any((before - mg) / before > limit for before in daily[max(0, day - window) : day])
        for day, mg in enumerate(daily)
    )
    taper = doses(*((held, str(mg)) for held, mg in course))
    assert days_over(taper, some_limits(ceiling_days=window, ceiling_frac=limit)) == over


def test_the_days_over_the_limit_end_with_the_window_or_with_the_step():
    limits = some_limits()
    assert days_over(doses((7, "20"), (30, "14")), limits) == 14
    assert days_over(doses((7, "20"), (10, "14")), limits) == 10
    assert days_over(doses((7, "20"), (30, "15")), limits) == 0
    assert days_over(doses((7, "20"), (10, "14"), (30, "10")), limits) == 10 + 14
    assert days_over(doses((7, "20"), (10, "19"), (30, "14")), limits) == 14
    assert days_over(doses((7, "20"), (10, "16"), (30, "14.9")), limits) == 4


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        ("0", "0 %"),
        ("1/10", "10 %"),
        ("1/4", "25 %"),
        ("2501/10000", "25.01 %"),
        ("2499/10000", "24.99 %"),
        ("251/1000", "25.1 %"),
        ("25149/100000", "25.1 %"),
        ("2515/10000", "25.2 %"),
        ("1/3", "33.3 %"),
        ("1/8", "12.5 %"),
        ("1/200", "0.5 %"),
        ("1", "100 %"),
    ],
)
def test_a_percent_is_written_with_the_places_that_tell_it_from_a_limit(fraction, text):
    assert percent(F(fraction)) == text


def test_milligrams_are_exact_or_say_that_they_are_not():
    assert [mg_text(F(n)) for n in ("0.125", "20", "1/3", "200/3")] == ["0.125", "20", "about 0.33", "about 66.67"]


# ceilings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ceilings", "status", "bound", "day", "says"),
    [
        (("20",), Status.PASS, "testazepam: 20 mg a day", None, "Never above a stated maximum."),
        (("20", "30"), Status.PASS, "testazepam: 20 to 30 mg a day", None, "Never above a stated maximum."),
        (
            ("30", "19.5"),
            Status.CAUTION,
            "testazepam: 19.5 to 30 mg a day",
            1,
            "testazepam is above a stated maximum; maxima differ by indication or country.",
        ),
        (
            ("20", "10"),
            Status.CAUTION,
            "testazepam: 10 to 20 mg a day",
            1,
            "testazepam is above a stated maximum; maxima differ by indication or country.",
        ),
        (
            ("10", "19.999"),
            Status.BREACH,
            "testazepam: 10 to 19.999 mg a day",
            1,
            "testazepam is above the highest stated maximum.",
        ),
    ],
)
def test_the_highest_day_is_held_against_the_lowest_and_the_highest_maximum(ceilings, status, bound, day, says):
    rows = tuple(a_ceiling(mg, source=f"C{mg}") for mg in ceilings)
    rows += (a_ceiling("1", region="UK", source="not asked"),)
    check = supply_checks.ceiling_doses(a_sound_taper(), some_limits(ceilings={"testazepam": rows}))
    assert said(check) == {
        "id": "ceiling-doses",
        "status": status,
        "value": "20 mg testazepam a day",
        "bound": bound,
        "on": None if day is None else on_day(day),
        "sources": tuple(f"C{mg}" for mg in ceilings),
        "says": says,
    }


def test_maxima_of_other_regions_caution_and_never_breach():
    rows = (a_ceiling("10", "UK"), a_ceiling("12", "NL"), a_ceiling("12", "UK", "SECOND"))
    check = supply_checks.ceiling_doses(a_sound_taper(), some_limits(ceilings={"testazepam": rows}))
    assert (check.status, check.on, check.sources) == (Status.CAUTION, START, ("CEILING", "SECOND"))
    assert check.bound == "testazepam: 10 to 12 mg a day (NL, UK labels; none loaded for US)"
    assert supply_checks.region_ceilings(rows, "NL") == (rows[1:2], False)
    assert supply_checks.region_ceilings(rows, "DE") == (rows, True)
    assert supply_checks.region_ceilings((), "DE") == ((), False)


def test_a_drug_without_a_maximum_cannot_be_assessed():
    check = supply_checks.ceiling_doses(a_sound_taper(), some_limits(ceilings={}))
    assert said(check) == {
        "id": "ceiling-doses",
        "status": Status.NOT_ASSESSABLE,
        "value": "20 mg testazepam a day",
        "bound": "testazepam: none loaded",
        "on": None,
        "sources": (),
        "says": "No maximum daily dose is loaded for testazepam.",
    }


def beside_hypnotic(*hypnotic_units):
    """Testazepam falls from day 8; a hypnotic of 10 mg stays beside it, in so many units in each step."""
    days = (a_day("10", "10"), a_day("8", "10"))
    steps = [
        (kind, 7, Regimen.of((*day.intakes, an_intake(NIGHT, (HYPNOTIC, units)))))
        for kind, day, units in zip((RECORDED, REDUCTION), days, hypnotic_units, strict=True)
    ]
    return a_taper(*steps, constant=("hypnotic",))


@pytest.mark.parametrize(
    ("tapered", "constant", "status", "day"),
    [
        ("20", "10", Status.PASS, None),
        ("20", "9", Status.BREACH, 1),
        ("19", "10", Status.BREACH, 1),
        ("20", "", Status.NOT_ASSESSABLE, None),
        ("", "10", Status.NOT_ASSESSABLE, None),
        ("19 30", "", Status.CAUTION, 1),
        ("", "9 30", Status.CAUTION, 1),
        ("19", "", Status.BREACH, 1),
        ("", "9", Status.BREACH, 1),
        ("19 30", "9", Status.BREACH, 1),
        ("19", "9 30", Status.BREACH, 1),
    ],
)
def test_the_worst_of_all_drugs_counts_also_of_those_that_stay(tapered, constant, status, day):
    ceilings = {
        "testazepam": tuple(a_ceiling(mg) for mg in tapered.split()),
        "hypnotic": tuple(a_ceiling(mg) for mg in constant.split()),
    }
    check = supply_checks.ceiling_doses(beside_hypnotic("1", "1"), some_limits(ceilings=ceilings))
    assert (check.status, check.value) == (status, "20 mg testazepam a day; 10 mg hypnotic a day")
    assert check.on == (None if day is None else on_day(day))


def test_the_day_of_a_maximum_is_that_of_the_breach_before_that_of_a_caution():
    both = beside_hypnotic("1", "2")
    low, over = (a_ceiling("19"), a_ceiling("30")), (a_ceiling("15"),)
    check = supply_checks.ceiling_doses(both, some_limits(ceilings={"testazepam": low, "hypnotic": over}))
    assert (check.status, check.on) == (Status.BREACH, on_day(8))
    check = supply_checks.ceiling_doses(both, some_limits(ceilings={"testazepam": over, "hypnotic": low}))
    assert (check.status, check.on) == (Status.BREACH, on_day(1))
    check = supply_checks.ceiling_doses(
        both, some_limits(ceilings={"testazepam": low, "hypnotic": (a_ceiling("15"), a_ceiling("30"))})
    )
    assert (check.status, check.on) == (Status.CAUTION, on_day(1))
    assert check.value == "20 mg testazepam a day; 20 mg hypnotic a day"


# products and splits ------------------------------------------------------------------------------------------------


def ending_with(*pieces, first=None):
    """10 mg of testazepam at night, then whatever is given."""
    return a_taper((RECORDED, 7, first or a_day(night="10")), (REDUCTION, 7, Regimen.of((an_intake(NIGHT, *pieces),))))


def products_of(taper, **changes):
    return supply_checks.products(taper, some_limits(**changes))


def test_a_product_of_another_region_is_a_breach_on_its_first_day():
    check = products_of(ending_with((a_product("2", region="UK", source="UK LABEL"), "1")))
    assert (check.status, check.on) == (Status.BREACH, on_day(8))
    assert (check.value, check.sources) == ("2 products", ("LABEL", "UK LABEL"))
    both = ending_with((a_product("2", region="UK"), "1"), first=a_day(night="5", product=a_product("2", region="UK")))
    assert products_of(both).on == START
    assert products_of(both).value == "1 products"
    assert products_of(a_sound_taper(), region="CA").on == START
    assert products_of(a_sound_taper(), region="ZZ").on == START


def test_a_compounded_product_is_a_caution_and_needs_no_region():
    made = a_product("0.4", Form.SUSPENSION, region="", compounded=True, verified=False)
    check = products_of(ending_with((made, "5")))
    assert (check.status, check.on) == (Status.CAUTION, None)
    assert check.says == "Compounded: testazepam 0.4 mg/mL oral suspension."


def test_a_product_that_no_register_confirms_is_a_caution():
    check = products_of(ending_with((a_product("2", verified=False), "1")))
    assert (check.status, check.says) == (
        Status.CAUTION,
        "Not verified against a register: testazepam 2 mg tablet.",
    )


@pytest.mark.parametrize(
    ("ml", "fits"),
    [("0.4", False), ("0.5", True), ("0.55", False), ("0.6", True), ("20", True), ("20.1", False)],
)
def test_a_liquid_is_a_breach_off_the_syringe_grid_except_as_it_was_recorded(ml, fits):
    liquid = a_product("1", Form.SOLUTION)
    check = products_of(ending_with((liquid, ml)))
    assert (check.status, check.on) == ((Status.PASS, None) if fits else (Status.BREACH, on_day(8)))
    as_recorded = a_taper((RECORDED, 7, a_day(night=ml, product=liquid)))
    assert products_of(as_recorded).status is Status.PASS


def test_tablets_need_no_syringe():
    assert products_of(ending_with((ONE, "0.25"))).status is Status.PASS
    assert products_of(ending_with((ONE, "21"))).status is Status.PASS


def test_releases_of_one_tapered_drug_are_never_mixed():
    check = products_of(ending_with((a_product("1", Form.XR_TABLET), "5")))
    assert (check.status, check.on, check.says) == (Status.BREACH, None, "Releases are mixed for testazepam.")
    assert products_of(ending_with((a_product("1", Form.SL_TABLET), "5"))).status is Status.BREACH
    assert products_of(ending_with((a_product("1", Form.ODT), "5"))).status is Status.PASS
    assert products_of(ending_with((a_product("1", Form.CAPSULE), "5"))).status is Status.PASS


def test_releases_may_differ_in_a_drug_that_stays():
    prolonged = a_product("10", Form.XR_TABLET, drug="hypnotic")
    taper = beside_hypnotic("1", "1")
    regimen = taper.steps[1].regimen
    more = Regimen.of((*regimen.intakes, an_intake(MORNING, (prolonged, "1"))))
    assert products_of(with_step(taper, 1, regimen=more)).status is Status.PASS


def test_everything_wrong_with_the_products_is_said():
    made = a_product("0.4", Form.SUSPENSION, compounded=True)
    taper = ending_with(
        (made, "5"), (a_product("2", Form.XR_TABLET, verified=False), "1"), (a_product("3", verified=False), "1")
    )
    assert products_of(taper).says == (
        "Compounded: testazepam 0.4 mg/mL oral suspension. "
        "Not verified against a register: testazepam 2 mg XR tablet, testazepam 3 mg tablet. "
        "Releases are mixed for testazepam."
    )


@pytest.mark.parametrize(
    ("form", "halves", "quarters", "units", "confirmed", "allowed"),
    [
        (Form.TABLET, "yes", "no", "1.5", False, True),
        (Form.TABLET, "yes", "no", "0.25", False, False),
        (Form.TABLET, "yes", "yes", "0.25", False, True),
        (Form.TABLET, "yes", "yes", "2.75", False, True),
        (Form.TABLET, "varies", "yes", "0.25", False, False),
        (Form.TABLET, "varies", "no", "0.5", False, False),
        (Form.TABLET, "unknown", "no", "0.5", False, False),
        (Form.TABLET, "no", "no", "0.5", False, False),
        (Form.TABLET, "varies", "no", "0.5", True, True),
        (Form.TABLET, "varies", "varies", "0.75", True, False),
        (Form.TABLET, "varies", "varies", "0.25", True, False),
        (Form.ODT, "yes", "yes", "0.5", False, False),
        (Form.ODT, "varies", "no", "0.5", True, False),
        (Form.CAPSULE, "yes", "yes", "0.5", False, False),
        (Form.CAPSULE, "yes", "yes", "0.5", True, False),
    ],
)
def test_a_unit_is_divided_only_where_its_makers_or_a_pharmacist_allow_it(
    form, halves, quarters, units, confirmed, allowed
):
    product = a_product("2", form, halves=halves, quarters=quarters)
    names = frozenset({product.name}) if confirmed else frozenset()
    check = supply_checks.splits(ending_with((product, units)), some_limits(confirmed=names))
    said_too = f" Confirmed by a pharmacist for the tablet in hand: {product.name}." if confirmed else ""
    assert said(check) == {
        "id": "splits",
        "status": Status.CAUTION if allowed else Status.BREACH,
        "value": product.name,
        "bound": "every named maker allows it, or a pharmacist confirmed it",
        "on": None if allowed else on_day(8),
        "sources": (),
        "says": f"Divided tablets, check the maker: {product.name}.{said_too}"
        if allowed
        else "A unit is divided that may not be.",
    }


def test_every_divided_tablet_is_named_and_the_first_wrong_day_too():
    two, three = a_product("2", halves="yes"), a_product("3", halves="yes")
    check = supply_checks.splits(ending_with((ONE, "1"), (three, "0.5"), (two, "0.5")), some_limits())
    assert check.value == "testazepam 3 mg tablet, testazepam 2 mg tablet"
    assert check.says == "Divided tablets, check the maker: testazepam 3 mg tablet, testazepam 2 mg tablet."
    wrong = a_taper((RECORDED, 7, a_day(night="9.5")), (REDUCTION, 7, a_day(night="8.5")))
    assert supply_checks.splits(wrong, some_limits()).on == START
    whole = supply_checks.splits(ending_with((two, "2")), some_limits(confirmed=frozenset({two.name})))
    assert (whole.status, whole.value, whole.says) == (Status.PASS, "none", "Nothing is divided.")


def test_a_liquid_is_never_divided():
    assert supply_checks.splits(ending_with((a_product("1", Form.SOLUTION), "2.5")), some_limits()).value == "none"


# the ledger ---------------------------------------------------------------------------------------------------------


def with_line(ledger, fill, line, **changes):
    """The ledger with one of its lines bent."""
    lines = list(ledger.fills[fill].lines)
    lines[line] = replace(lines[line], **changes)
    fills = list(ledger.fills)
    fills[fill] = replace(fills[fill], lines=tuple(lines))
    return replace(ledger, fills=tuple(fills))


def wrong_ledgers():
    taper = a_sound_taper()
    whole = a_ledger(taper)
    one = whole.fills[0].lines[0]
    yield "a line that does not balance", with_line(whole, 0, 0, dispensed=one.dispensed + 1)
    yield "more left than there is", with_line(whole, 1, 0, left_after=F(1))
    yield "another count of units", with_line(whole, 0, 0, taken=one.taken - 1, dispensed=one.dispensed - 1)
    yield "a product that nobody takes", with_line(whole, 0, 0, product=a_product("3"))
    yield "a fill that is missing", replace(whole, fills=whole.fills[:1])
    yield "a day too few", replace(whole, fills=(replace(whole.fills[0], days=27), whole.fills[1]))
    yield "a day too many", replace(whole, fills=(whole.fills[0], replace(whole.fills[1], days=22)))
    yield "a line that is missing", replace(whole, fills=(replace(whole.fills[0], lines=(one,)), whole.fills[1]))


@pytest.mark.parametrize(("what", "ledger"), list(wrong_ledgers()), ids=lambda v: v if isinstance(v, str) else "")
def test_a_ledger_that_does_not_come_out_is_a_breach(what, ledger):
    check = supply_checks.ledger(a_sound_taper(), ledger)
    assert (check.status, check.says) == (Status.BREACH, "The count of units does not come out."), what
    assert (check.on, check.bound) == (None, "exact for each product and fill; no day uncovered")
    days = sum(f.days for f in ledger.fills)
    units = sum(line.dispensed for f in ledger.fills for line in f.lines)
    assert check.value == f"{len(ledger.fills)} fills, {days} days, {units} units dispensed"


def test_milliliters_are_taken_but_are_no_units():
    taper = a_taper((RECORDED, 30, a_day("2.5", "1", product=a_product("1", Form.SOLUTION))))
    check = supply_checks.ledger(taper, a_ledger(taper))
    assert (check.status, check.value) == (Status.PASS, "2 fills, 30 days, 0 units dispensed")


# dates and the end --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_gap_or_an_overlap_is_a_breach_on_the_first_day_after_it(shift):
    sound = a_sound_taper()
    days = timedelta(days=shift)
    shifted = [replace(s, starts=s.starts + days * (s.number > 1) + days * (s.number > 2)) for s in sound.steps]
    check = dose_checks.dates(bent(sound, steps=tuple(shifted)))
    assert (check.status, check.on) == (Status.BREACH, on_day(22) + days)
    ends = on_day(49) + 2 * days
    assert check.value == f"2026-12-07 to {ends.isoformat()}, {49 + 2 * shift} days"
    assert check.says == "A day is missing or covered twice."


@pytest.mark.parametrize(
    ("days", "status"), [((7, 14, 13), Status.BREACH), ((7, 14, 14), Status.PASS), ((7, 14, 15), Status.PASS)]
)
def test_the_last_dose_is_held_at_least_as_long_as_the_step_before(days, status):
    taper = doses(*zip(days, ("10", "9", "8"), strict=True))
    assert said(dose_checks.last_dose(taper, some_limits())) == {
        "id": "last-dose",
        "status": status,
        "value": f"8 mg testazepam a day for {days[-1]} days",
        "bound": "at least as long as the step before",
        "on": on_day(22),
        "sources": (),
        "says": "The last dose before the stop.",
    }


def test_a_last_dose_right_after_the_start_or_the_start_itself_may_be_short():
    assert dose_checks.last_dose(doses((7, "10"), (3, "9")), some_limits()).status is Status.PASS
    assert dose_checks.last_dose(doses((7, "10")), some_limits()).status is Status.PASS
    switched = with_step(doses((7, "10"), (7, "9"), (6, "8")), 1, kind=SWITCH)
    assert dose_checks.last_dose(switched, some_limits()).status is Status.BREACH
    unrecorded = with_step(doses((7, "10"), (3, "9")), 0, kind=REDUCTION)
    assert dose_checks.last_dose(unrecorded, some_limits()).status is Status.BREACH


def test_a_last_dose_that_was_chosen_says_why():
    limits = some_limits(last_dose_reason="Agreed.")
    assert dose_checks.last_dose(a_sound_taper(), limits).says == (
        "The last dose before the stop. Chosen by the prescriber: Agreed."
    )
    assert dose_checks.last_dose(a_sound_taper("maintain"), limits).says == (
        "The plan stays at this dose. Chosen by the prescriber: Agreed."
    )


def test_a_plan_that_stays_above_zero_has_no_stop():
    assert said(dose_checks.stop(a_sound_taper("maintain"))) == {
        "id": "stop",
        "status": Status.PASS,
        "value": "the plan does not stop",
        "bound": "",
        "on": None,
        "sources": (),
        "says": "A plan may end above zero.",
    }


# a switch -----------------------------------------------------------------------------------------------------------


def a_switch(night="5", last=("4", "5")):
    """Testazepam 20 mg moved to diazepam 10 mg, night first; then diazepam is reduced."""
    moved = an_intake(NIGHT, (DIAZEPAM, night))
    return a_taper(
        (RECORDED, 7, a_day("10", "10")),
        (SWITCH, 14, a_day("10", "0", moved)),
        (SWITCH, 14, a_day("5", night, product=DIAZEPAM)),
        (REDUCTION, 14, a_day(*last, product=DIAZEPAM)),
        drugs=("testazepam", "diazepam"),
    )


def switch_limits(table="PLAIN", **ranges):
    return some_limits(equivalences=tables(**(ranges or {"PLAIN": "20"})), table=table)


def test_a_switch_is_measured_in_equivalents_of_both_drugs_by_the_low_reading():
    limits = switch_limits("WIDE", WIDE="10-20")
    rows, unit = measured(a_switch(), limits)
    assert unit == "mg diazepam-equivalent (WIDE)"
    assert rows == [
        (on_day(1), on_day(7), F(10)),
        (on_day(8), on_day(21), F(10)),
        (on_day(22), on_day(35), F(10)),
        (on_day(36), on_day(49), F(9)),
    ]
    check = dose_checks.fall_per_step(a_switch(), limits)
    assert (check.status, check.value) == (Status.PASS, "10 % (10 to 9 mg diazepam-equivalent (WIDE))")
    assert [dose for _, _, dose in measured(a_switch(), switch_limits("ABSENT"))[0]] == [0, 0, 0, 0]


def test_a_switch_that_stays_level_passes_under_the_chosen_table():
    check = switch_checks.switch_chosen_table(a_switch(), switch_limits())
    assert said(check) == {
        "id": "switch-table",
        "status": Status.PASS,
        "value": "10 mg diazepam-equivalent at most",
        "bound": "10 mg at the start, by PLAIN",
        "on": None,
        "sources": ("PLAIN",),
        "says": "Never above the start under the chosen table.",
    }


def test_a_switch_that_rises_under_the_chosen_table_is_a_breach_on_the_first_of_its_highest_days():
    check = switch_checks.switch_chosen_table(a_switch(night="6", last=("5", "6")), switch_limits())
    assert (check.status, check.value, check.on) == (
        Status.BREACH,
        "11 mg diazepam-equivalent at most",
        on_day(8),
    )
    assert (check.bound, check.says) == ("10 mg at the start, by PLAIN", "Rises above the start.")


def test_a_chosen_table_without_one_of_the_drugs_cannot_be_assessed():
    expected = {
        "id": "switch-table",
        "status": Status.NOT_ASSESSABLE,
        "value": "",
        "bound": "",
        "on": None,
        "sources": (),
        "says": "The table lacks a drug.",
    }
    assert said(switch_checks.switch_chosen_table(a_switch(), switch_limits("ABSENT"))) == expected
    assert said(switch_checks.switch_chosen_table(a_switch(), switch_limits(None))) == expected
    only_first = Equivalences.of({"testazepam": [a_row("PLAIN", "20", "20")], "diazepam": []})
    limits = replace(switch_limits(), equivalences=only_first)
    assert said(switch_checks.switch_chosen_table(a_switch(), limits)) == expected


def test_no_other_table_sees_a_fall_or_a_rise_in_a_level_switch():
    check = switch_checks.switch_other_tables(a_switch(), switch_limits())
    assert said(check) == {
        "id": "switch-every-table",
        "status": Status.PASS,
        "value": "1 tables; 0 readings with a large fall, 0 with a rise",
        "bound": "no fall over 25 % in 14 days",
        "on": None,
        "sources": ("PLAIN",),
        "says": "No table sees a large fall or a rise.",
    }


def test_every_other_table_is_read_at_both_ends_of_its_range():
    limits = switch_limits(PLAIN="20", WIDE="10-20", WEAK="40", BOTH="10-40")
    check = switch_checks.switch_other_tables(a_switch(), limits)
    assert said(check) == {
        "id": "switch-every-table",
        "status": Status.CAUTION,
        "value": "4 tables; 2 readings with a large fall, 2 with a rise",
        "bound": "no fall over 25 % in 14 days",
        "on": on_day(22),
        "sources": ("PLAIN", "WIDE", "WEAK", "BOTH"),
        "says": "A fall over 25 % in 14 days by WIDE read high (33.3 %, 15 to 10 mg), "
        "BOTH read high (33.3 %, 15 to 10 mg). "
        "Above the start by WEAK (5 to 10 mg), BOTH read low (5 to 10 mg): watch for sedation.",
    }


def test_a_fall_of_a_quarter_by_another_table_is_none_and_later_reductions_are_not_looked_at():
    # By QUARTER the start is 20 mg, the first day with both drugs 15 mg and the next 11.25 mg.
    quarter = switch_limits(QUARTER="10")
    plan = a_switch(last=("1", "1"))
    level = with_step(plan, 2, regimen=a_day("5", "6.25", product=DIAZEPAM))
    assert switch_checks.switch_other_tables(level, quarter).status is Status.PASS
    lower = with_step(plan, 2, regimen=a_day("5", "6.2", product=DIAZEPAM))
    check = switch_checks.switch_other_tables(lower, quarter)
    assert (check.status, check.on) == (Status.CAUTION, on_day(22))
    assert check.says == "A fall over 25 % in 14 days by QUARTER (25.3 %, 15 to 11.2 mg)."


def test_the_day_of_a_fall_by_another_table_is_that_of_the_first_table():
    plan = a_switch()
    late = switch_limits(LATE="10", EARLY="5")
    # By LATE the days have 20, 15 and 10 mg; by EARLY 40, 25 and 10 mg.
    assert switch_checks.switch_other_tables(plan, late).on == on_day(22)
    assert switch_checks.switch_other_tables(plan, late).value.startswith("2 tables; 2 readings")


def test_times_of_day_may_change_while_doses_are_moved_but_not_afterwards_and_not_in_a_drug_that_stays():
    limits = switch_limits()
    assert dose_checks.never_rises(a_switch(), limits).status is Status.PASS
    afterwards = a_switch(last=("6", "3"))
    check = dose_checks.never_rises(afterwards, limits)
    assert (check.status, check.on) == (Status.BREACH, on_day(36))
    assert check.value.startswith("5 to 6 mg")
    steps = [
        (s.kind, s.days, Regimen.of((*s.regimen.intakes, an_intake(NIGHT, (HYPNOTIC, "2" if s.number else "1")))))
        for s in a_switch().steps
    ]
    beside = a_taper(*steps, drugs=("testazepam", "diazepam"), constant=("hypnotic",))
    check = dose_checks.never_rises(beside, limits)
    assert (check.status, check.on) == (Status.BREACH, on_day(8))
    assert check.value.startswith("10 to 20 mg")


def test_the_maxima_of_both_drugs_of_a_switch_are_held():
    ceilings = {"testazepam": (a_ceiling("20"),), "diazepam": (a_ceiling("10"), a_ceiling("9"))}
    check = supply_checks.ceiling_doses(a_switch(), replace(switch_limits(), ceilings=ceilings))
    assert check.value == "20 mg testazepam a day; 10 mg diazepam a day"
    assert check.bound == "testazepam: 20 mg a day; diazepam: 9 to 10 mg a day"
    assert (check.status, check.on, check.sources) == (Status.CAUTION, on_day(22), ("CEILING",))


# the schedule -------------------------------------------------------------------------------------------------------


def test_a_schedule_knows_its_days():
    taper = a_sound_taper()
    assert (taper.starts, taper.ends_on, taper.stops_on, taper.days) == (START, on_day(49), on_day(50), 49)
    assert a_sound_taper("maintain").stops_on is None
    assert [s.ends for s in taper.steps] == [on_day(7), on_day(21), on_day(35), on_day(49)]
    assert (taper.last_drug, a_switch().last_drug) == ("testazepam", "diazepam")
    assert (taper.start_dose, taper.last_dose) == (Amount.of(20), Amount.of(15))
    assert (a_switch().start_dose, a_switch().last_dose) == (Amount.of(20), Amount.of(9))


def test_each_day_has_the_step_that_holds_it_and_days_outside_have_none():
    taper = a_sound_taper()
    numbers = {day: taper.step_on(on_day(day)).number for day in (1, 7, 8, 21, 22, 35, 36, 49)}
    assert numbers == {1: 0, 7: 0, 8: 1, 21: 1, 22: 2, 35: 2, 36: 3, 49: 3}
    assert taper.step_on(on_day(0)) is None
    assert taper.step_on(on_day(50)) is None
    assert [taper.dose_on(on_day(day)).mg for day in (0, 7, 8, 49, 50)] == [0, 20, 18, 15, 0]
    assert taper.dose_on(on_day(1), "diazepam") == Amount.of(0)
    assert a_switch().dose_on(on_day(8), "diazepam") == Amount.of(5)
    assert [(day, step.number) for day, step in taper.dates()] == [
        (on_day(n), 0 if n < 8 else 1 if n < 22 else 2 if n < 36 else 3) for n in range(1, 50)
    ]


def test_a_schedule_with_a_gap_an_overlap_or_a_step_without_days_cannot_be_made():
    taper = a_sound_taper()
    for shift in (timedelta(days=-1), timedelta(days=1)):
        later = [replace(step, starts=step.starts + shift) for step in taper.steps[2:]]
        with pytest.raises(ValueError, match="gap or overlap"):
            replace(taper, steps=(*taper.steps[:2], *later))
    with pytest.raises(ValueError, match="at least one day"):
        with_step(taper, 3, days=0)
    assert with_step(taper, 3, days=1).days == 36
