"""How doses, dates and labels are put into words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from glidepath.dosing.regimen import Piece, Slot
from glidepath.facts.model import Form
from glidepath.render import wording
from glidepath.render.dates import day_words, moment_words, read_day_words
from glidepath.render.labels import LINE_LENGTH, fill_labels
from glidepath.render.pieces import day_lines, dispensed_words, intake_words, piece_words
from glidepath.render.printed_words import INTAKE, read_intake
from glidepath.render.rows import lasting, taken_of
from tests.support.plan_views import ALL, a_product, a_regimen, clonazepam_at_night, lorazepam_twice_daily_with_halves

PATIENT_SENTENCES = (
    wording.PATIENT_INTRO,
    wording.LEGEND_WHOLE.format(unit="tablet"),
    wording.LEGEND_PARTS,
    wording.LEGEND_SYRINGE,
    wording.SWALLOW_CAPSULE,
    wording.SWALLOW_SLOW,
    wording.CARER,
    wording.NOT_WATCHED,
    wording.SWITCH_CARE,
    wording.NOT_WITHOUT,
    wording.WAIT_FOR_CHECK_IN,
    wording.NOT_ALONE,
    wording.URGENT,
    wording.MISSED,
    wording.OUTLINE_INTRO,
    wording.STAYS,
)


@pytest.mark.parametrize(
    ("form", "strength", "units", "words"),
    [
        (Form.TABLET, "0.5", "1", "1 tablet of 0.5 mg"),
        (Form.TABLET, "0.5", "3", "3 tablets of 0.5 mg"),
        (Form.TABLET, "0.5", "0.5", "half a tablet of 0.5 mg"),
        (Form.TABLET, "2", "0.25", "a quarter of a tablet of 2 mg"),
        (Form.TABLET, "2", "0.75", "three quarters of a tablet of 2 mg"),
        (Form.TABLET, "10", "1.5", "1 and a half tablets of 10 mg"),
        (Form.TABLET, "1", "2.75", "2 and three quarter tablets of 1 mg"),
        (Form.ODT, "0.125", "3", "3 dissolving tablets of 0.125 mg"),
        (Form.SL_TABLET, "5", "1", "1 under the tongue tablet of 5 mg"),
        (Form.XR_TABLET, "0.5", "2", "2 slow release tablets of 0.5 mg"),
        (Form.CAPSULE, "7.5", "1", "1 capsule of 7.5 mg"),
        (Form.SOLUTION, "0.4", "2.5", "2.5 mL of 0.4 mg/mL oral solution"),
    ],
)
def test_units_and_strength_are_never_side_by_side(form: Form, strength: str, units: str, words: str) -> None:
    assert piece_words(Piece(a_product("lorazepam", strength, form), Fraction(units))) == words


def test_an_intake_names_time_products_dose_and_drug() -> None:
    one, half = a_product("lorazepam", "1"), a_product("lorazepam", "0.5")
    regimen = a_regimen(((Slot.MORNING, one, "0.5"), (Slot.MORNING, half, "0.5")))
    words = intake_words(regimen.intakes[0])
    assert words == "Morning: half a tablet of 1 mg plus half a tablet of 0.5 mg = 0.75 mg lorazepam"
    match = INTAKE.fullmatch(words)
    assert match is not None and read_intake(match) == taken_of(regimen)


@pytest.mark.parametrize("words", ["Night: 3 tablets of .5 mg = 1.5 mg x", "Night: 3 tablets of 0.50 mg = 1.5 mg drug"])
def test_a_naked_point_or_a_trailing_zero_is_not_read_as_a_dose(words: str) -> None:
    assert INTAKE.search(words) is None


def test_a_quantity_is_in_the_pharmacys_units() -> None:
    assert dispensed_words(a_product("temazepam", "7.5", Form.CAPSULE), Fraction(1)) == "1 capsule"
    assert dispensed_words(a_product("clonazepam", "0.125", Form.ODT), Fraction(84)) == "84 tablets"
    assert dispensed_words(a_product("diazepam", "1", Form.SOLUTION), Fraction("61.5")) == "61.5 mL"


def test_a_date_in_words_names_weekday_and_month() -> None:
    assert day_words(date(2028, 2, 29)) == "Tuesday 29 February 2028"
    assert read_day_words("Tuesday 29 February 2028") == date(2028, 2, 29)


def test_the_time_of_signing_is_in_words_with_its_zone() -> None:
    assert moment_words("2026-01-05T09:30:00+01:00") == "5 January 2026, 09:30 (+01:00)"
    assert moment_words("2026-01-05T09:30:00Z") == "5 January 2026, 09:30 (UTC)"
    assert moment_words("2026-01-05T09:30:00") == "5 January 2026, 09:30"
    assert moment_words("last week") == "last week"


def test_a_date_with_the_wrong_weekday_is_not_read() -> None:
    with pytest.raises(ValueError, match="weekday"):
        read_day_words("Monday 29 February 2028")


@pytest.mark.parametrize("name", ALL)
def test_every_label_line_fits(name: str) -> None:
    view = ALL[name]()
    lines = [line for fill in view.ledger.fills for label in fill_labels(view, fill) for line in label.lines]
    assert lines and max(map(len, lines)) <= LINE_LENGTH


def test_a_label_says_what_to_take_when_and_that_a_cut_waits_for_the_check_in() -> None:
    view = clonazepam_at_night()
    lines = [label.lines for label in fill_labels(view, view.ledger.fills[0])]
    assert lines == [
        ("clonazepam 0.5 mg tablet. Until 13 January: 1 tablet (= 0.5 mg) at night.",),
        ("clonazepam 0.125 mg ODT. From 14 January, ONLY AFTER CHECK-IN: 3 tablets (= 0.375 mg) at night.",),
    ]


def test_a_dose_that_goes_on_from_an_earlier_fill_waits_for_nothing() -> None:
    view = clonazepam_at_night()
    lines = [label.lines for label in fill_labels(view, view.ledger.fills[1])]
    assert lines == [
        ("clonazepam 0.125 mg ODT. Until 24 February: 3 tablets (= 0.375 mg) at night.",),
        ("clonazepam 0.125 mg ODT. From 25 February, ONLY AFTER CHECK-IN: 2 tablets (= 0.25 mg) at night.",),
    ]


def test_a_label_too_long_for_one_line_says_each_dose_and_which_tablets_may_be_halved() -> None:
    view = lorazepam_twice_daily_with_halves()
    first, label, *_ = fill_labels(view, view.ledger.fills[0])
    assert first.lines == ("lorazepam 1 mg tablet. Until 13 January: 1 tablet (= 1 mg) morning and night.",)
    assert label.lines == (
        "lorazepam 1 mg tablet. From 14 January to 27 January, ONLY AFTER CHECK-IN: half a tablet (= 0.5 mg) "
        "in the morning.",
        "lorazepam 1 mg tablet. From 14 January to 27 January, ONLY AFTER CHECK-IN: 1 tablet (= 1 mg) at night.",
        "Halve only if this maker's tablet may be halved.",
    )


def test_equal_doses_of_a_day_are_said_once_and_read_back_at_each_time() -> None:
    ten = a_product("diazepam", "10")
    regimen = a_regimen(((Slot.MORNING, ten, "1"), (Slot.NOON, ten, "1"), (Slot.NIGHT, ten, "1")))
    (line,) = day_lines(regimen)
    assert line == "Morning, noon and night: 1 tablet of 10 mg = 10 mg diazepam each time"
    match = INTAKE.fullmatch(line)
    assert match is not None and read_intake(match) == taken_of(regimen)


def test_the_day_to_call_is_a_working_day_before_the_new_dose() -> None:
    until, call = lasting(clonazepam_at_night())
    assert (until, call) == (date(2026, 1, 13), date(2026, 1, 13))
    until, call = lasting(replace(clonazepam_at_night(), fill_number=2))
    assert (until, call) == (date(2026, 2, 28), date(2026, 2, 24))  # 77 tablets of 3 a day are enough for 25 days
    assert lasting(replace(clonazepam_at_night(), fill_number=3)) == (None, None)


@pytest.mark.parametrize("text", PATIENT_SENTENCES)
def test_patients_sentences_are_short_and_their_words_plain(text: str) -> None:
    for sentence in re.split(r"[.?!] ?", text):
        words = re.findall(r"[A-Za-z'-]+", sentence)
        assert len(words) <= 20, sentence
    words = re.findall(r"[A-Za-z]+", text)
    assert sum(map(len, words)) / len(words) < 5.0


def test_physical_dependence_is_never_called_addiction() -> None:
    sentences = [value for name, value in vars(wording).items() if name.isupper()]
    assert not re.search("addict|abuse|misuse|habit", " ".join(map(str, sentences)), re.IGNORECASE)
