"""The edges of what is read: the smallest and largest numbers, parts of tablets, look-alikes, times and forms."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from fractions import Fraction as F
from itertools import pairwise

import pytest

from glidepath.dosing.read_back import said_back
from glidepath.dosing.read_sig import read_sig
from glidepath.dosing.regimen import Intake, Piece, Slot
from glidepath.dosing.sig_pieces import cut_words, find_pieces, shown
from glidepath.errors import GlidepathError
from glidepath.facts.formulary import load_formulary
from glidepath.facts.model import Form, Product, Split
from glidepath.quantity import (
    Amount,
    exact_decimal,
    read_amount,
    read_number,
    read_unit,
    rounded_down,
    rounded_up,
    trimmed,
)
from glidepath.quantity.amount import ZERO

FORMULARY = load_formulary()
MORNING, NOON, EVENING, NIGHT = Slot
RANGE = "The dose is not a positive number of a plausible size."
LEFT = "Words are left over after reading the line."


def reading(line, region="US", **options):
    return read_sig(line, FORMULARY, region=region, **options)


def fault(line, region="US", **options):
    with pytest.raises(GlidepathError) as caught:
        reading(line, region, **options)
    return caught.value


def amount_fault(text, **options):
    with pytest.raises(GlidepathError) as caught:
        read_amount(text, **options)
    return caught.value


def a_product(strength, form=Form.TABLET, drug="testazepam"):
    return Product(drug=drug, region="US", form=form, strength=F(strength), halves=Split.YES, quarters=Split.YES)


# amounts ------------------------------------------------------------------------------------------------------------


def test_amounts_add_subtract_multiply_and_compare_exactly():
    half, one, third = Amount.of("0.5"), Amount.of(1), Amount(F(1, 3))
    assert one * F(1, 2) == half
    assert F(1, 2) * one == half
    assert half * 3 == Amount.of("1.5")
    assert third + third + third == one
    assert one - third == third * 2
    assert half < one <= one
    assert sorted([one, third, half]) == [third, half, one]
    assert (bool(ZERO), bool(third), ZERO + one) == (False, True, one)
    assert (str(half * F(1, 4)), half.decimal) == ("0.125 mg", "0.5")


def test_an_amount_is_never_negative_and_never_a_float_or_an_integer():
    assert Amount.of(1) - Amount.of(1) == ZERO
    with pytest.raises(ValueError, match="never negative"):
        Amount.of("0.5") - Amount.of("0.500001")
    with pytest.raises(ValueError, match="never negative"):
        Amount.of(1) * -1
    for wrong in (1, 0.5, "1"):
        with pytest.raises(TypeError, match="made from a Fraction"):
            Amount(wrong)


def test_an_amount_cannot_be_changed():
    one = Amount.of(1)
    with pytest.raises(FrozenInstanceError):
        one.mg = F(2)
    assert len({one, Amount.of("1.0")}) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("7", "7"),
        ("120", "120"),
        ("1/2", "0.5"),
        ("-1/2", "-0.5"),
        ("-1/10", "-0.1"),
        ("-12", "-12"),
        ("1/32", "0.03125"),
        ("1/125", "0.008"),
        ("3/40", "0.075"),
        ("1001/1000", "1.001"),
        ("-25/4", "-6.25"),
    ],
)
def test_a_finite_decimal_is_written_in_full(value, text):
    assert exact_decimal(F(value)) == text


@pytest.mark.parametrize("value", ["1/3", "1/6", "1/7", "1/15", "2/21"])
def test_what_has_no_finite_decimal_is_not_written_at_all(value):
    with pytest.raises(ValueError, match="not a finite decimal"):
        exact_decimal(F(value))


@pytest.mark.parametrize(
    ("value", "places", "low", "high"),
    [
        ("1/3", 2, "0.33", "0.34"),
        ("2/3", 0, "0", "1"),
        ("5", 0, "5", "5"),
        ("5", 2, "5.00", "5.00"),
        ("1/1000", 2, "0.00", "0.01"),
        ("1999/1000", 2, "1.99", "2.00"),
        ("123456/100", 1, "1234.5", "1234.6"),
        ("1/10", 1, "0.1", "0.1"),
    ],
)
def test_equivalents_are_rounded_away_from_what_they_bound(value, places, low, high):
    assert (rounded_down(F(value), places), rounded_up(F(value), places)) == (low, high)


def test_zeros_are_trimmed_only_after_a_point():
    texts = ["40.00", "40", "100", "0.50", "0.05", "0.00", "1200.10"]
    assert [trimmed(t) for t in texts] == ["40", "40", "100", "0.5", "0.05", "0", "1200.1"]


# numbers and units --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1e6 mg", "NUM_FORMAT"),
        ("1e-6 mg", "NUM_FORMAT"),
        ("1e+6 mg", "NUM_FORMAT"),
        ("1.5E3 mg", "NUM_FORMAT"),
        ("1e7 mg", "NUM_RANGE"),
        ("1e-7 mg", "NUM_RANGE"),
        ("-1e7 mg", "NUM_RANGE"),
        ("10000000 mg", "NUM_RANGE"),
        ("0.0000001 mg", "NUM_RANGE"),
        ("1.1234567 mg", "NUM_RANGE"),
        ("0.000000 mg", "NUM_RANGE"),
        ("+5 mg", "NUM_RANGE"),
        ("−5 mg", "NUM_RANGE"),
        ("Infinity mg", "NUM_RANGE"),
        ("NaN", "NUM_RANGE"),
        ("nan mg", "NUM_RANGE"),
        ("007 mg", "NUM_FORMAT"),
        ("00.5 mg", "NUM_FORMAT"),
        ("1..5 mg", "NUM_FORMAT"),
        ("1.2.3 mg", "NUM_FORMAT"),
        ("5kg5", "NUM_FORMAT"),
        ("mg", "NUM_FORMAT"),
        (",5 mg", "NUM_FORMAT"),
        (".5", "NUM_NAKED_DECIMAL"),
        ("5 mL", "UNIT_MISSING"),
        ("5.5", "UNIT_MISSING"),
        ("5 kg", "UNIT_UNKNOWN"),
        ("5 µg", "UNIT_UNKNOWN"),
        ("5 tsp", "UNIT_REFUSED"),
        ("5 Units", "UNIT_REFUSED"),
    ],
)
def test_a_number_or_unit_beyond_the_grammar_has_its_own_code(text, code):
    error = amount_fault(text)
    assert (error.code, error.field) == (code, "dose")
    assert error.exit_code == (4 if code == "UNIT_REFUSED" else 3)
    assert amount_fault(text, field="start").field == "start"


@pytest.mark.parametrize(
    ("text", "mg"),
    [
        ("9999999 mg", "9999999"),
        ("0.000001 mg", "1/1000000"),
        ("9999999.999999 mg", "9999999999999/1000000"),
        ("0.50 mg", "1/2"),
        (" 5 mg. ", "5"),
        ("1 microgramme", "1/1000"),
        ("1000 mcgs", "1"),
        ("2.5 milligrammes", "5/2"),
    ],
)
def test_the_smallest_and_the_largest_plain_numbers_are_read(text, mg):
    assert read_amount(text) == Amount(F(mg))


def test_a_declared_comma_is_one_decimal_mark_and_nothing_else():
    assert read_number("1,5", comma=True) == F(3, 2)
    assert read_number("1.5", comma=True) == F(3, 2)
    assert read_amount("0,25 mg", comma=True) == Amount.of("0.25")
    for text, code in (("1,000,5", "NUM_AMBIGUOUS"), ("1.000,5", "NUM_AMBIGUOUS"), (",5", "NUM_NAKED_DECIMAL")):
        with pytest.raises(GlidepathError) as caught:
            read_number(text, comma=True)
        assert caught.value.code == code


def test_what_is_said_of_a_number_tells_what_to_write():
    assert amount_fault("1,5 mg").message == (
        "The comma in the dose can be read two ways: 1.5 or 15. Neither was chosen."
    )
    assert amount_fault("1,5 mg").fix == "Write 1.5 with a point, or declare the comma with --decimal comma."
    assert amount_fault(".5 mg").fix == "Write 0.5 instead."
    assert amount_fault("5.50").fix.startswith("Write for example 5.5 mg.")
    assert amount_fault("99999999 mg").message == RANGE
    assert amount_fault("1_0 mg").seen == "1_0"


def test_units_are_read_in_any_case_and_nothing_like_them():
    assert [read_unit(u) for u in ("MG", "mgs", "mcg.", "Micrograms", "mL", "MLS", "millilitres")] == [
        "mg",
        "mg",
        "microgram",
        "microgram",
        "mL",
        "mL",
        "mL",
    ]
    for word in ("m", "mgg", "ug", "l", ""):
        with pytest.raises(GlidepathError) as caught:
            read_unit(word)
        assert caught.value.code == "UNIT_UNKNOWN"


# parts of tablets ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "units"),
    [
        ("¼ tablet", "1/4"),
        ("½ tablet", "1/2"),
        ("¾ tablet", "3/4"),
        ("1¼ tablets", "5/4"),
        ("1 ¾ tablets", "7/4"),
        ("12½ tablets", "25/2"),
        ("1/4 tablet", "1/4"),
        ("3/4 tablet", "3/4"),
        ("1 1/4 tablets", "5/4"),
        ("2 3/4 tablets", "11/4"),
        ("a quarter of a tablet", "1/4"),
        ("three quarters of a tablet", "3/4"),
        ("half a tablet", "1/2"),
        ("two and a half tablets", "5/2"),
        ("one and half tablets", "3/2"),
        ("4 & a half tablets", "9/2"),
        ("three tablets", "3"),
        ("0.75 tablet", "3/4"),
    ],
)
def test_a_part_of_a_tablet_is_read_exactly(said, units):
    (intake,) = reading(f"clonazepam 2 mg {said} at night").taken[0].intakes
    assert (intake.slot, intake.pieces[0].units, intake.dose.mg) == (NIGHT, F(units), 2 * F(units))


@pytest.mark.parametrize(
    ("scheme", "units"),
    [
        ("¼-0-¾", {MORNING: "1/4", NIGHT: "3/4"}),
        ("1½-0-2¼", {MORNING: "3/2", NIGHT: "9/4"}),
        ("1/4-3/4-0", {MORNING: "1/4", NOON: "3/4"}),
        ("0.5-1-0-1.25", {MORNING: "1/2", NOON: "1", NIGHT: "5/4"}),
        ("0 - ½ - 12 - 0", {NOON: "1/2", EVENING: "12"}),
    ],
)
def test_a_scheme_gives_parts_of_tablets_to_their_times(scheme, units):
    intakes = reading(f"clonazepam 2 mg {scheme}").taken[0].intakes
    assert {i.slot: i.pieces[0].units for i in intakes} == {slot: F(n) for slot, n in units.items()}
    assert [i.dose.mg for i in intakes] == [2 * F(n) for n in units.values()]


def test_a_scheme_reads_its_numbers_as_strictly_as_any_other():
    assert reading("clonazepam 2 mg 1,5-0-1", comma=True).total("clonazepam").mg == 5
    codes = {s: fault(f"clonazepam 2 mg {s}").code for s in ("1,5-0-1", "1/3-0-1", "05-0-1", "0-0-0", "1-0")}
    assert codes == {
        "1,5-0-1": "NUM_AMBIGUOUS",
        "1/3-0-1": "NUM_FORMAT",
        "05-0-1": "NUM_FORMAT",
        "0-0-0": "NUM_RANGE",
        "1-0": "SIG_UNREADABLE",
    }


@pytest.mark.parametrize("part", ["1/3", "2/1", "2/4", "1 2/1"])
def test_other_parts_than_halves_and_quarters_are_left_over(part):
    error = fault(f"clonazepam 2 mg {part} tablet at night")
    assert (error.code, error.message) == ("SIG_UNREADABLE", LEFT)


# texts that are shown -----------------------------------------------------------------------------------------------


def test_a_text_is_shown_with_at_most_forty_characters():
    assert shown("x" * 40) == "x" * 40
    assert shown("x" * 41) == "x" * 37 + "..."
    assert len(shown("x" * 500)) == 40
    assert shown("a\tb\nc") == "a?b?c"
    assert fault(f"clonazepam 1 mg at night {'x' * 41}").details == (f"'{'x' * 37}...' at character 26",)
    assert fault(f"clonazepam 1 mg at night {'x' * 40}").details == (f"'{'x' * 40}' at character 26",)


@pytest.mark.parametrize(
    ("line", "message", "details"),
    [
        ("clonazepam 1 mg at night hello there", LEFT, ("'hello' at character 26", "'there' at character 32")),
        ("clonazepam 1-2 mg bid", "The line gives a range of doses.", ("'1 - 2' at character 12",)),
        ("clonazepam 1 mg - 2 mg bid", "The line gives a range of doses.", ("'1 - 2' at character 12",)),
        ("clonazepam 1 tablet to 2 tablets hs", "The line gives a range of doses.", ("'1 to 2' at character 12",)),
        ("clonazepam 2 to morning", "The line gives a range of doses.", ("'2 to morning' at character 12",)),
        ("clonazepam 1 mg 1-0-1-0-1", "The line gives a range of doses.", ("'1 - 0-1-0-1' at character 17",)),
        ("clonazepam - 1 mg at night", LEFT, ("'-' at character 12",)),
        ("clonazepam 1 mg at night -", LEFT, ("'-' at character 26",)),
        ("- clonazepam 1 mg at night", LEFT, ("'-' at character 1",)),
        (", clonazepam 1 mg at night", LEFT, ("',' at character 1",)),
        ("Klonopin (lorazepam) 1 mg bid", LEFT, ("'(' at character 10",)),
        ("clonazepam 1 mg am / 2 mg hs", LEFT, ("'/' at character 20",)),
        ("clonazepam 1 mg am and am", LEFT, ("'and' at character 20",)),
        ("clonazepam 1 mg am/am", LEFT, ("'/' at character 19",)),
        ("clonazepam 1 mg on morning", LEFT, ("'on' at character 17",)),
        ("clonazepam 1 mg 2 of at night", LEFT, ("'of' at character 19",)),
        ("clonazepam 1 mg take a at night", LEFT, ("'a' at character 22",)),
        ("clonazepam each 1 mg at night", LEFT, ("'each' at character 12",)),
        ("diazepam 5 mg and 10 mg at night", LEFT, ("'and' at character 15",)),
        ("clonazepam 1 mg hs lorazepam 1 mg hs", LEFT, ("'lorazepam' at character 20",)),
        ("clonazepam about 1 mg hs", "The line says about how much, not how much.", ("'about' at character 12",)),
        ("clonazepam 1 mg am 2 mg am", "The time morning is named twice.", ("'am' at character 25",)),
        ("clonazepam 1 mg tablet capsule hs", "The line names two forms for one drug.", ("forms: capsule, tablet",)),
        ("clonazepam 1 mg +", "The line ends too early to be read.", ("after '+' at character 17",)),
        ("diazepam 5 mg/ml", "The line ends too early to be read.", ("after '5 mg / ml' at character 10",)),
        ("diazepam 5 mg hello 5 ml 10 ml hs", LEFT, ("'hello' at character 15",)),
        ("diazepam 5 mg 1 mg/ml hs", LEFT, ("'1 mg / ml' at character 15",)),
        ("clonazepam", "The line names no dose.", ("for 'clonazepam' at character 1",)),
        ("clonazepam 1 mg at night + zolpidem", "The line names no dose.", ("for 'zolpidem' at character 28",)),
        (
            "clonazepam 0.5 mg 1 tablet - 2 tablets hs",
            "The line gives a range of doses.",
            ("'1 - 2' at character 19",),
        ),
        (
            "clonazepam 0.5 mg at noon, 1 mg - 2 mg hs",
            "The line gives a range of doses.",
            ("'1 - 2' at character 28",),
        ),
        ("clonazepam 1 mg twice,daily", LEFT, ("'twice' at character 17",)),
        ("clonazepam 1 mg twice - daily", LEFT, ("'twice' at character 17",)),
        ("clonazepam 1 mg 1/2 times a day", LEFT, ("'times' at character 21",)),
        ("clonazepam 1 mg every 1/2 hours", LEFT, ("'every' at character 17", "'hours' at character 27")),
        ("clonazepam at night tablet", LEFT, ("'tablet' at character 21",)),
        ("clonazepam 1 mg at night tablet", LEFT, ("'tablet' at character 26",)),
        ("sublingual 5 mg zolpidem hs", LEFT, ("'sublingual' at character 1",)),
        ("clonazepam, tablet 1 mg hs", LEFT, ("'tablet' at character 13",)),
        ("2, tablets clonazepam 1 mg hs", LEFT, ("',' at character 2",)),
        ("clonazepam 2 tablets each at night", LEFT, ("'each' at character 22",)),
        ("hcl clonazepam 1 mg hs", LEFT, ("'hcl' at character 1",)),
        (
            "clonazepam 2 mg 5 at night",
            "A number alone can be tablets, times a day, or a clock time.",
            ("'5' at character 17",),
        ),
        (
            "clonazepam 2 mg 2 daily",
            "A number alone can be tablets, times a day, or a clock time.",
            ("'2' at character 17",),
        ),
        (
            "clonazepam 1 mg bid tid",
            "How often is said twice.",
            ("'bid' at character 17", "'tid' at character 21"),
        ),
        (
            "clonazepam 1 mg daily od",
            "How often is said twice.",
            ("'daily' at character 17", "'od' at character 23"),
        ),
        (
            "clonazepam 1 mg bid daily",
            "It is not clear whether the dose is for each time or for the whole day.",
            ("'bid' at character 17", "'daily' at character 21"),
        ),
        (
            "clonazepam 1 mg am, am",
            "The same time is written twice: once too often, or a second dose.",
            ("'am' at character 17", "'am' at character 21"),
        ),
        (
            "clonazepam 1 mg morning, evening, morning",
            "The same time is written twice: once too often, or a second dose.",
            ("'morning' at character 17", "'evening' at character 26", "'morning' at character 35"),
        ),
        (
            "clonazepam 2 mg divided bid",
            "It is not clear whether the dose is for each time or for the whole day.",
            ("'divided' at character 17", "'bid' at character 25"),
        ),
        (
            "clonazepam 1 mg daily am and hs",
            "It is not clear whether the dose is taken each time or shared over the day.",
            ("'daily' at character 17", "'am' at character 23", "'hs' at character 30"),
        ),
        (
            "clonazepam 1 mg bid am",
            "The number of times a day differs from the times that are named.",
            ("'bid' at character 17", "'am' at character 21"),
        ),
        (
            "clonazepam 2 mg/day in 2 divided doses tid",
            "The number of doses is said in two ways.",
            ("'/day' at character 16", "'in 2 divided doses' at character 21", "'tid' at character 40"),
        ),
        (
            "clonazepam\u200b 1 mg hs",
            "The line holds a character that cannot be seen.",
            ("ZERO WIDTH SPACE at character 11",),
        ),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(line, message, details):
    error = fault(line)
    assert (error.code, error.message, error.details) == ("SIG_UNREADABLE", message, details)


@pytest.mark.parametrize(
    ("line", "code", "message", "details"),
    [
        ("clonazepam 1 mg once", "TIMES_MISSING", "A dose per day has no times of day.", ("'once' at character 17",)),
        ("clonazepam 1 mg", "TIMES_MISSING", "A dose has no time of day.", ()),
        ("diazepam 5 mg/5 ml 2 ml", "TIMES_MISSING", "A dose has no time of day.", ()),
        (
            "clonazepam 2 mg a day in 0 divided doses",
            "TIMES_MISSING",
            "A dose per day has no times of day.",
            ("'a day' at character 17", "'in 0 divided doses' at character 23"),
        ),
        (
            "clonazepam 2 mg a day in 12 divided doses",
            "TIMES_UNSUPPORTED",
            "So many doses cannot be placed on one day: at most four are.",
            ("'a day' at character 17", "'in 12 divided doses' at character 23"),
        ),
        (
            "clonazepam 1 mg every two hours",
            "TIMES_UNSUPPORTED",
            "So many doses cannot be placed on one day: at most four are.",
            ("'every two hours' at character 17",),
        ),
        (
            "clonazepam 1 mg 1000 times a day",
            "TIMES_UNSUPPORTED",
            "So many doses cannot be placed on one day: at most four are.",
            ("'1000 times a day' at character 17",),
        ),
        (
            "clonazepam 1 mg 104 times a day",
            "TIMES_UNSUPPORTED",
            "So many doses cannot be placed on one day: at most four are.",
            ("'104 times a day' at character 17",),
        ),
        ("clonazepam 2 mg 10:30", "TIMES_UNSUPPORTED", "The line names a clock time.", ("'10:30' at character 17",)),
        ("lorazepam 1 mg 2 22:00", "TIMES_UNSUPPORTED", "The line names a clock time.", ("'22:00' at character 18",)),
        ("diazepam 5 kg hs", "UNIT_UNKNOWN", "The unit of the dose is not one that is read here.", ()),
        ("diazepam 5hello hs", "UNIT_UNKNOWN", "The unit of the dose is not one that is read here.", ()),
        ("diazepam 5 mg/0 ml 2 ml hs", "NUM_RANGE", RANGE, ()),
        ("clonazepam 0.0005 mcg at night", "NUM_RANGE", RANGE, ()),
        ("diazepam 10 mg 1000000 tablets hs", "NUM_RANGE", RANGE, ()),
        ("clonazepam 0.5 mg 12345678½ tablets hs", "NUM_RANGE", RANGE, ()),
        ("clonazepam 0.5 mg 123456789½ tablets hs", "NUM_RANGE", RANGE, ()),
        ("clonazepam 1e6 mg at night", "NUM_FORMAT", "The dose is not written in plain digits.", ()),
        ("clonazepam 1e-6 mg at night", "NUM_FORMAT", "The dose is not written in plain digits.", ()),
        ("clonazepam 1e7 mg at night", "NUM_RANGE", RANGE, ()),
        (
            "diazepam 5 ml at night",
            "UNIT_MISSING",
            "The dose is given in mL without a concentration.",
            ("diazepam 1 mg/mL oral solution", "diazepam 5 mg/mL oral concentrate"),
        ),
        (
            "lorazepam one hs",
            "UNIT_MISSING",
            "The dose has no unit.",
            (
                "lorazepam 0.5 mg tablet",
                "lorazepam 1 mg tablet",
                "lorazepam 2 mg tablet",
                "lorazepam 1 mg XR capsule",
                "lorazepam 1.5 mg XR capsule",
                "lorazepam 2 mg XR capsule",
                "lorazepam 3 mg XR capsule",
            ),
        ),
    ],
)
def test_what_is_missing_or_cannot_be_placed_is_said(line, code, message, details):
    error = fault(line)
    assert (error.code, error.message, error.details) == (code, message, details)


def test_a_duration_is_asked_for_where_it_belongs_and_other_words_are_not():
    assert "--since" in fault("clonazepam 1 mg at night since last year").fix
    assert "--since" in fault("clonazepam 1 mg at night for two Years").fix
    assert "--since" not in fault("clonazepam 1 mg at night hello").fix


# two phrases and two medicines --------------------------------------------------------------------------------------


def test_doses_of_two_phrases_are_added_up_only_at_the_same_time_and_then_it_is_said():
    apart = reading("clonazepam 1 mg am + clonazepam 0.5 mg hs")
    assert apart.assumptions == ()
    assert [(i.slot, i.dose.mg) for i in apart.taken[0].intakes] == [(MORNING, 1), (NIGHT, F(1, 2))]
    together = reading("clonazepam 1 mg hs + clonazepam 0.5 mg hs")
    assert together.assumptions == ("The doses of clonazepam at the same time were added up.",)
    assert [(i.slot, i.dose.mg) for i in together.taken[0].intakes] == [(NIGHT, F(3, 2))]


def test_tablets_of_one_product_in_two_phrases_are_counted_together():
    taken = reading("clonazepam 0.5 mg 1 tab hs + clonazepam 0.5 mg 2 tab am and 1 tab hs").taken[0]
    assert taken.product.name == "clonazepam 0.5 mg tablet"
    assert [(i.slot, i.pieces[0].units, i.dose.mg) for i in taken.intakes] == [(MORNING, 2, 1), (NIGHT, 2, 1)]


@pytest.mark.parametrize(
    ("line", "character"),
    [
        ("ms contin 15 mg bid", 1),
        ("hello ms contin 15 mg bid", 7),
        ("clonazepam 1 mg bid, hello there MS Contin 15 mg", 34),
    ],
)
def test_a_medicine_of_two_words_is_refused_wherever_it_stands(line, character):
    error = fault(line)
    assert (error.code, error.details) == ("DRUG_OUT_OF_SCOPE", (f"at character {character}",))
    assert error.message == "The line names morphine, an opioid. It is not a benzodiazepine or Z-drug."


def test_a_medicine_of_one_word_is_refused_as_the_last_word_too():
    assert fault("clonazepam 1 mg bid hello clonidine").details == ("at character 27",)
    assert fault("clonidine").details == ("at character 1",)


def test_a_word_of_four_letters_is_too_short_to_be_a_misspelt_drug():
    # "Onfi" is clobazam; "onfy" resembles it and is not taken for it.
    assert fault("onfy 10 mg bid").details == ()
    five = fault("halcio 0.25 mg hs")
    assert (five.code, five.details) == ("DRUG_UNKNOWN", ("'halcio' at character 1",))
    assert "halcion" in five.fix


def test_beside_a_known_drug_only_a_clear_misspelling_is_called_a_drug_name():
    assert fault("clonazepam 1 mg bid lorazepan 1 mg hs").code == "DRUG_UNKNOWN"
    assert fault("clonazepam 1 mg bid valid 1 mg hs").code == "SIG_UNREADABLE"


# words and pieces ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("q8hours x", [("q", 0, 1), ("8", 1, 2), ("h", 2, 7), ("x", 8, 9)]),
        ("a q 12 hrs", [("a", 0, 1), ("q", 2, 3), ("12", 4, 6), ("h", 6, 10)]),
        ("1q8hours x", [("1", 0, 1), ("q", 1, 2), ("8", 2, 3), ("hours", 3, 8), ("x", 9, 10)]),
        (".q12 hrs", [(".", 0, 1), ("q", 1, 2), ("12", 2, 4), ("hrs", 5, 8)]),
        ("x .q8hr", [("x", 0, 1), (".", 2, 3), ("q", 3, 4), ("8", 4, 5), ("hr", 5, 7)]),
        ("_q8hr", [("_", 0, 1), ("q", 1, 2), ("8", 2, 3), ("hr", 3, 5)]),
        ("½ B.I.D. 5.5mg", [("½", 0, 1), ("bid", 2, 8), ("5.5", 9, 12), ("mg", 12, 14)]),
    ],
)
def test_a_line_is_cut_into_words_at_their_places(line, words):
    assert [(w.text, w.start, w.end) for w in cut_words(line)] == words


def test_the_kind_of_a_word_tells_numbers_from_words_and_signs():
    kinds = {w.text: w.kind for w in cut_words("½ tab 1/2 nan 5.5 1-0-1 10:30 + infinity")}
    assert kinds == {
        "½": "word",
        "tab": "word",
        "1/2": "fraction",
        "nan": "number",
        "5.5": "number",
        "1-0-1": "scheme",
        "10:30": "clock",
        "+": "sign",
        "infinity": "number",
    }


@pytest.mark.parametrize(
    "line",
    [
        "Klonopin (clonazepam) 0.5 mg 1 1/2 tabs in the morning, two and a half tablets every night",
        "diazepam 2 mg/5 ml 10 ml q8h and 1-0-1 at 10:30 hello",
        "zolpidem 5 mg 3 times a day in 2 divided doses, twice-daily",
    ],
)
def test_every_piece_is_the_text_at_its_place(line):
    pieces = find_pieces(line, FORMULARY)
    assert [line[p.start : p.end] for p in pieces] == [p.text for p in pieces]
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    assert pieces[0].where.endswith(" at character 1")


# times, forms and what is assumed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "echo", "assumptions"),
    [
        (
            "clonazepam 1 mg q6h",
            "clonazepam 1 mg in the morning, 1 mg at noon, 1 mg in the evening, 1 mg at night",
            ("Every 6 hours was read as morning, noon, evening and night.",),
        ),
        (
            "clonazepam 1 mg every 8 hours",
            "clonazepam 1 mg in the morning, 1 mg at noon, 1 mg at night",
            ("Every 8 hours was read as morning, noon and night.",),
        ),
        (
            "clonazepam 1 mg every 24 hours",
            "clonazepam 1 mg in the morning",
            ("Once daily was read as morning.",),
        ),
        (
            "clonazepam 1 mg 1 time a day",
            "clonazepam 1 mg in the morning",
            ("Once daily was read as morning.",),
        ),
        ("clonazepam 1 mg once daily am", "clonazepam 1 mg in the morning", ()),
        ("clonazepam 1 mg once at night", "clonazepam 1 mg at night", ()),
        ("clonazepam 1 mg once a night", "clonazepam 1 mg at night", ()),
        ("clonazepam 1 mg at night only", "clonazepam 1 mg at night", ()),
        ("clonazepam 2 mg every night at bedtime", "clonazepam 2 mg at night", ()),
        ("clonazepam 1 mg on, 2 mg om", "clonazepam 2 mg in the morning, 1 mg at night", ()),
        (
            "clonazepam 2 mg/day divided bid",
            "clonazepam 1 mg in the morning, 1 mg at night",
            ("Two divided doses were read as morning and night.",),
        ),
        (
            "clonazepam 2 mg/day in divided doses am and hs",
            "clonazepam 1 mg in the morning, 1 mg at night",
            (),
        ),
        (
            "clonazepam 2 mg daily in 1 divided doses",
            "clonazepam 2 mg in the morning",
            ("One dose was read as morning.",),
        ),
        (
            "diazepam 8 mg in four divided doses",
            "diazepam 2 mg in the morning, 2 mg at noon, 2 mg in the evening, 2 mg at night",
            ("Four divided doses were read as morning, noon, evening and night.",),
        ),
        (
            "clonazepam 1 mg in the afternoon and 2 mg hs",
            "clonazepam 1 mg at noon, 2 mg at night",
            ("The afternoon dose was placed at noon.",),
        ),
        (
            "clonazepam 1 mg 1 tab bid",
            "clonazepam 1 mg tablet: 1 tablet in the morning, 1 tablet at night",
            ("Twice daily was read as morning and night.",),
        ),
        (
            "clonazepam ODT 1 mg tablet at night",
            "clonazepam 1 mg ODT: 1 tablet at night",
            ("No number was given: one tablet of 1 mg each time.",),
        ),
        (
            "one and a half tablets of clonazepam 2 mg at night",
            "clonazepam 2 mg tablet: 1.5 tablets at night",
            (),
        ),
        ("1½ tablets of clonazepam 2 mg at night", "clonazepam 2 mg tablet: 1.5 tablets at night", ()),
        ("tablets clonazepam 1 mg hs", "clonazepam 1 mg tablet: 1 tablet at night", ()),
        ("midazolam oral 7.5 mg at night", "midazolam oral 7.5 mg at night", ()),
        (
            "clonazepam 1 mg twice-daily",
            "clonazepam 1 mg in the morning, 1 mg at night",
            ("Twice daily was read as morning and night.",),
        ),
        ("clonazepam 1 mg IR at night", "clonazepam 1 mg at night", ()),
        ("clonazepam 2 mg each at night", "clonazepam 2 mg at night", ()),
        ("sublingual zolpidem 5 mg hs", "zolpidem 5 mg SL tablet: 1 tablet at night", ()),
        (
            "diazepam tablets 5 mg twice a day",
            "diazepam 5 mg tablet: 1 tablet in the morning, 1 tablet at night",
            ("Twice daily was read as morning and night.",),
        ),
        ("diazepam tablets 5 mg am, 10 mg hs", "diazepam 5 mg in the morning, 10 mg at night", ()),
        ("diazepam tablets 7 mg at night", "diazepam 7 mg at night", ()),
        (
            "diazepam tablets 10 mg/day in two divided doses",
            "diazepam 5 mg in the morning, 5 mg at night",
            ("Two divided doses were read as morning and night.",),
        ),
        ("clonazepam 0.7 mg x 2 hs", "clonazepam 1.4 mg at night", ()),
        ("clonazepam 0.001 mcg at night", "clonazepam 0.000001 mg at night", ()),
        ("diazepam 10 mg 999999 tablets hs", "diazepam 10 mg tablet: 999999 tablets at night", ()),
        ("2 of clonazepam 1 mg at night", "clonazepam 1 mg tablet: 2 tablets at night", ()),
        ("clonazepam 2 tablets of 1 mg each at night", "clonazepam 1 mg tablet: 2 tablets at night", ()),
        ("clonazepam 2 mg 4 at night", "clonazepam 2 mg tablet: 4 tablets at night", ()),
        ("clonazepam 2 mg tablet 5 at night", "clonazepam 2 mg tablet: 5 tablets at night", ()),
        (
            "clonazepam 2 mg 1 daily",
            "clonazepam 2 mg tablet: 1 tablet in the morning",
            ("Once daily was read as morning.",),
        ),
        ("clonazepam 1 mg am, and 2 mg hs,", "clonazepam 1 mg in the morning, 2 mg at night", ()),
        ("\nclonazepam, 1 mg am.\n\n", "clonazepam 1 mg in the morning", ()),
        ("diazepam 5 mg + 10 mg at night", "diazepam 15 mg at night", ()),
        ("diazepam 5 mg per ml 2 ml hs", "diazepam 5 mg/mL oral concentrate: 2 mL at night", ()),
        ("diazepam 5 mg in 5 ml 2.5 ml hs", "diazepam 1 mg/mL oral solution: 2.5 mL at night", ()),
        (
            "diazepam 500 mcg/ml 2 ml hs",
            "diazepam 1 mg at night",
            ("No liquid of 0.5 mg/mL is loaded for the region; the dose is from the concentration as written.",),
        ),
        (
            "diazepam 1 mg/3 ml 3 ml at night",
            "diazepam 1 mg at night",
            (
                "No liquid of this concentration is loaded for the region; the dose is from the concentration as"
                " written.",
            ),
        ),
    ],
)
def test_a_line_is_said_back_in_these_words(line, echo, assumptions):
    said = reading(line)
    assert (said.echo, said.assumptions) == (echo, assumptions)


def test_a_release_names_a_product_and_one_that_there_is():
    assert reading("alprazolam XR 1 mg x 2 hs").echo == "alprazolam 1 mg XR tablet: 2 tablets at night"
    error = fault("alprazolam XR 0.7 mg x 2 hs")
    assert error.code == "PRODUCT_UNKNOWN"
    assert "alprazolam 3 mg XR tablet" in error.details


def test_a_dose_that_the_named_product_cannot_make_exactly_stands_without_it():
    # 1 mg is 1/3 mL of a liquid of 3 mg/mL.
    (taken,) = reading("phenobarbital 15mg/5ml elixir 10 mg nocte", "UK").taken
    assert (taken.product, taken.intakes[0].pieces, taken.total.mg) == (None, (), 10)
    said = reading("phenobarbital 15mg/5ml elixir 10 mg nocte", "UK").assumptions
    assert said == ("The dose is not an exact amount of phenobarbital 3 mg/mL elixir; no product was recorded.",)


@pytest.mark.parametrize(
    ("release", "pieces", "words"),
    [
        (
            "IR",
            [(MORNING, a_product("0.5"), "1"), (NIGHT, a_product("0.5"), "2")],
            "1 tablet in the morning, 2 tablets",
        ),
        ("IR", [(NIGHT, a_product("0.5"), "0.5")], "0.5 tablet at night"),
        ("IR", [(NIGHT, a_product("0.5"), "1.5")], "1.5 tablets at night"),
        ("IR", [(EVENING, a_product("5", Form.CAPSULE), "2")], "2 capsules in the evening"),
        ("XR", [(NOON, a_product("5", Form.XR_CAPSULE), "1")], "1 capsule at noon"),
        ("IR", [(NOON, a_product("5", Form.FILM), "2")], "2 films at noon"),
        ("IR", [(NIGHT, a_product("1", Form.SOLUTION), "2.5")], "2.5 mL at night"),
        ("ODT", [(NIGHT, a_product("1", Form.ODT), "2")], "2 tablets at night"),
    ],
)
def test_units_are_said_back_in_the_right_number(release, pieces, words):
    intakes = [
        Intake(slot=slot, drug="testazepam", dose=Piece(product, F(n)).dose, pieces=(Piece(product, F(n)),))
        for slot, product, n in pieces
    ]
    (phrase,) = said_back("testazepam", release, intakes)
    assert phrase.startswith(f"{pieces[0][1].name}: {words}")


def test_two_products_are_said_back_in_two_phrases_and_a_dose_without_one_in_milligrams():
    whole, half = Piece(a_product("1"), F(1)), Piece(a_product("0.5"), F(1))
    night = Intake(slot=NIGHT, drug="midazolam_oral", dose=Amount.of("1.5"), pieces=(whole, half))
    assert said_back("midazolam_oral", "IR", (night,)) == (
        "testazepam 1 mg tablet: 1 tablet at night",
        "testazepam 0.5 mg tablet: 1 tablet at night",
    )
    bare = Intake(slot=MORNING, drug="midazolam_oral", dose=Amount.of("0.25"))
    assert said_back("midazolam_oral", "XR", (bare, night)) == (
        "midazolam oral XR 0.25 mg in the morning, 1.5 mg at night",
    )
    assert said_back("midazolam_oral", "IR", (bare,)) == ("midazolam oral 0.25 mg in the morning",)
