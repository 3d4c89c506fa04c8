"""What is read from a line, row by row, and what a reading promises."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from glidepath.dosing.read_sig import Reading, read_sig
from glidepath.dosing.regimen import Slot
from glidepath.errors import GlidepathError, InputError, RefusedError
from glidepath.facts.formulary import load_formulary

FORMULARY = load_formulary()
TABLE = Path(__file__).with_name("sig_examples.tsv")
REGIONS = ("US", "UK", "CA", "AU", "NL", "DE")


def rows() -> list[tuple[str, str, str]]:
    lines = TABLE.read_text(encoding="utf-8").split("\n")[1:]
    kept = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(_unescaped(sig), region, expected) for sig, region, expected in kept]


def _unescaped(sig: str) -> str:
    plain = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), sig)
    return plain.replace("\\n", "\n")


def compact(reading: Reading, *, products: bool) -> str:
    said = []
    for taken in reading.taken:
        words = [taken.drug] + ([] if taken.release == "IR" else [taken.release])
        if products:
            words.append(f"[{taken.product.name if taken.product else ''}]")
        words += [f"{intake.slot.value}={intake.dose.decimal}" for intake in taken.intakes]
        said.append(" ".join(words))
    return " | ".join(said)


def outcome(sig: str, region: str, *, products: bool) -> str:
    try:
        return compact(read_sig(sig, FORMULARY, region=region), products=products)
    except GlidepathError as error:
        return f"ERROR {error.code}"


def fault(sig: str, region: str = "US", **options: bool) -> GlidepathError:
    with pytest.raises(GlidepathError) as caught:
        read_sig(sig, FORMULARY, region=region, **options)
    return caught.value


@pytest.mark.parametrize(("sig", "region", "expected"), rows())
def test_a_line_reads_as_the_table_says(sig: str, region: str, expected: str) -> None:
    assert outcome(sig, region, products="[" in expected) == expected


@pytest.mark.parametrize(("sig", "region", "expected"), [row for row in rows() if "ERROR" not in row[2]])
def test_the_echo_reads_back_to_the_same_doses(sig: str, region: str, expected: str) -> None:
    first = read_sig(sig, FORMULARY, region=region)
    again = read_sig(first.echo, FORMULARY, region=region)
    assert again.taken == first.taken
    assert again.echo == first.echo


@pytest.mark.parametrize(("sig", "region", "expected"), [row for row in rows() if "ERROR" in row[2]])
def test_an_error_tells_what_would_help(sig: str, region: str, expected: str) -> None:
    error = fault(sig, region)
    assert error.message
    assert error.fix
    for text in (error.message, error.fix, *error.details):
        assert text.isprintable()


def test_every_drug_and_region_is_in_the_table() -> None:
    read = [expected for _, _, expected in rows() if "ERROR" not in expected]
    named = {part.split(" ")[0] for expected in read for part in expected.split(" | ")}
    assert named == set(FORMULARY.drug_names)
    assert {region for _, region, _ in rows()} >= set(REGIONS)


def test_an_intake_of_counted_tablets_carries_its_pieces() -> None:
    taken = read_sig("Klonopin 0.5 mg 2 tabs qhs", FORMULARY).taken[0]
    (intake,) = taken.intakes
    (piece,) = intake.pieces
    assert (intake.slot, intake.dose.mg, piece.units) == (Slot.NIGHT, Fraction(1), Fraction(2))
    assert piece.product.name == "clonazepam 0.5 mg tablet"
    assert taken.total.mg == 1


def test_a_measured_liquid_carries_its_milliliters() -> None:
    taken = read_sig("diazepam 2mg/5ml 10 ml bd", FORMULARY, region="UK").taken[0]
    assert [intake.pieces[0].units for intake in taken.intakes] == [10, 10]
    assert taken.total.mg == 8


def test_tablets_of_two_strengths_at_one_time_stay_two_pieces() -> None:
    reading = read_sig("clonazepam 0.5 mg 1 tab hs + clonazepam 2 mg 1 tab hs", FORMULARY)
    (intake,) = reading.taken[0].intakes
    assert intake.dose.mg == Fraction(5, 2)
    assert [piece.product.strength for piece in intake.pieces] == [Fraction(1, 2), 2]


def test_a_dose_in_mg_beside_counted_tablets_drops_the_pieces_rather_than_half_of_them() -> None:
    reading = read_sig("clonazepam 0.5 mg 1 tab hs + clonazepam 2 mg hs", FORMULARY)
    (intake,) = reading.taken[0].intakes
    assert (intake.dose.mg, intake.pieces) == (Fraction(5, 2), ())
    assert reading.assumptions == ("The doses of clonazepam at the same time were added up.",)


@pytest.mark.parametrize(
    ("sig", "assumption"),
    [
        ("clonazepam 1 mg bid", "Twice daily was read as morning and night."),
        ("clonazepam 1 mg tid", "Three times daily was read as morning, noon and night."),
        ("clonazepam 1 mg qid", "Four times daily was read as morning, noon, evening and night."),
        ("clonazepam 1 mg q12h", "Every 12 hours was read as morning and night."),
        ("clonazepam 1 mg daily", "Once daily was read as morning."),
        ("temazepam 15 mg daily", "Once daily was read as night, because temazepam is taken for sleep."),
        ("clonazepam 1 mg in the afternoon", "The afternoon dose was placed at noon."),
        ("diazepam 30 mg/day in 3 divided doses", "Three divided doses were read as morning, noon and night."),
        ("clonazepam 1 mg tablet at night", "No number was given: one tablet of 1 mg each time."),
    ],
)
def test_what_a_convention_supplies_is_said(sig: str, assumption: str) -> None:
    assert read_sig(sig, FORMULARY).assumptions == (assumption,)


@pytest.mark.parametrize("sig", ["clonazepam 1 mg am and 1 mg hs", "clonazepam 1 mg bid, morning and night"])
def test_named_times_need_no_assumption(sig: str) -> None:
    assert read_sig(sig, FORMULARY).assumptions == ()


def test_a_trailing_zero_is_read_and_never_said_back() -> None:
    assert read_sig("clonazepam 1.0 mg at night", FORMULARY).echo == "clonazepam 1 mg at night"


def test_the_document_holds_decimals_as_text() -> None:
    document = read_sig("Klonopin 0.5 mg 2 tabs qhs + zolpidem 10 mg hs", FORMULARY).as_document()
    assert json.loads(json.dumps(document)) == document
    intake = {"time": "night", "drug": "clonazepam", "product": "clonazepam 0.5 mg tablet", "dose_mg": "1"}
    other = {"time": "night", "drug": "zolpidem", "product": None, "dose_mg": "10"}
    assert document["drugs"] == [
        {
            "drug": "clonazepam",
            "total_mg_per_day": "1",
            "release": "IR",
            "product": "clonazepam 0.5 mg tablet",
            "intakes": [intake],
        },
        {
            "drug": "zolpidem",
            "total_mg_per_day": "10",
            "release": "IR",
            "product": None,
            "intakes": [other],
        },
    ]
    assert document["intakes"] == [intake, other]
    assert document["total_mg_per_day"] == {"clonazepam": "1", "zolpidem": "10"}


def test_two_releases_of_one_drug_stay_apart_and_total_together() -> None:
    reading = read_sig("Ambien CR 6.25 mg hs + Ambien 5 mg hs", FORMULARY)
    assert [taken.release for taken in reading.taken] == ["XR", "IR"]
    assert reading.total("zolpidem").mg == Fraction("11.25")
    assert len(reading.regimens_by_drug["zolpidem"].intakes) == 2


def test_a_declared_decimal_comma_is_read() -> None:
    reading = read_sig("clonazepam 0,5 mg am, 1,5 mg hs", FORMULARY, comma=True)
    assert compact(reading, products=False) == "clonazepam morning=0.5 night=1.5"


def test_left_over_words_are_shown_with_their_place() -> None:
    error = fault("lorazepam 1 mg bid hopefully")
    assert error.code == "SIG_UNREADABLE"
    assert error.details == ("'hopefully' at character 20",)
    assert "hopefully" not in str(error)


def test_a_misspelt_name_brings_suggestions_and_no_reading() -> None:
    error = fault("clonazapam 1 mg bid")
    assert isinstance(error, InputError)
    assert "clonazepam" in (error.fix or "")


def test_a_medicine_of_another_kind_is_named_and_nothing_is_suggested() -> None:
    error = fault("clonidine 0.1 mg bid")
    assert isinstance(error, RefusedError)
    assert error.exit_code == 4
    assert "clonidine" in error.message
    assert "not a benzodiazepine" in error.message
    assert "clonazepam" not in f"{error.message} {error.fix} {error.details}"


def test_as_needed_use_is_refused_with_the_reason() -> None:
    error = fault("lorazepam 1 mg prn")
    assert error.exit_code == 4
    assert "every day" in error.message


def test_a_product_that_does_not_exist_brings_those_that_do() -> None:
    error = fault("oxazepam 15 mg tab 1 tid")
    assert error.code == "PRODUCT_UNKNOWN"
    assert "oxazepam 15 mg capsule" in error.details


def test_a_range_asks_for_what_is_taken() -> None:
    assert "actually taken" in (fault("clonazepam 0.5 mg 1-2 tablets at night").fix or "")


def test_a_line_is_at_most_500_characters() -> None:
    line = "clonazepam 1 mg bid"
    assert read_sig(line + " " * (500 - len(line)), FORMULARY).taken
    assert fault(line + " " * (501 - len(line))).code == "SIG_UNREADABLE"


@pytest.mark.parametrize("sig", ["", "\n\n", "\t"])
def test_nothing_to_read_is_said(sig: str) -> None:
    assert fault(sig).code == "SIG_EMPTY"


def test_a_dose_too_long_to_print_is_refused() -> None:
    assert fault("clonazepam 0.123456 mcg at night").code == "NUM_RANGE"
    assert fault("diazepam 1 mg/3 ml 1 ml at night").code == "DOSE_NOT_DIVISIBLE"
