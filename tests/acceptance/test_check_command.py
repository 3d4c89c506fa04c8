"""`glidepath check` as a pharmacist runs it: exit codes, JSON, refusals, limits on what is read."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import glidepath as gp
from tests.support.command import START, TODAY, glidepath
from tests.support.written import table, workbook

NARDI = table("14,1.5", "14,1", "7,0.75", "7,0.5", "7,0.25", "0,0")
GENTLE = table("28,10", "28,9", "28,8", "28,7")
SCHEMA = json.loads((files("glidepath.render") / "schemas" / "check-1.0.json").read_text())


def written(folder: Path, text: str | bytes, name: str = "taper.csv") -> Path:
    place = folder / name
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


def opinion(*arguments: str | Path, code: int) -> Any:
    outcome = glidepath("check", *arguments, "--format", "json")
    assert outcome.code == code, (outcome.out[:500], outcome.err)
    said = outcome.json()
    Draft202012Validator(SCHEMA).validate(said)
    return said


# verdicts ------------------------------------------------------------------------------------------------------------


def test_a_gentle_taper_is_within_and_ends_with_zero(tmp_path):
    said = opinion(written(tmp_path, GENTLE), "--drug", "diazepam", code=0)
    assert said["verdict"] == "within"
    assert said["worst_fall_14d"]["fraction"] == "0.125"
    assert said["first_over_25_in_14d"] is None and said["final_step"] is None
    assert said["rises"] == said["uncovered_days"] == said["unmakeable"] == said["unreadable"] == []


def test_a_taper_that_falls_too_fast_breaches_and_ends_with_one(tmp_path):
    said = opinion(written(tmp_path, NARDI), "--drug", "clonazepam", "--start-dose", "2 mg", code=1)
    assert said["verdict"] == "breaches"
    assert said["worst_fall_14d"] | {"from_day": 0} == {
        "fraction": "2/3",
        "day": 43,
        "row": 6,
        "from_mg": "0.75",
        "to_mg": "0.25",
        "from_day": 0,
    }
    assert said["worst_fall_28d"]["fraction"] == "0.75"
    assert said["first_over_25_in_14d"] == {"day": 15, "row": 3, "dose_mg": "1.5", "to_mg": "1"}
    final = {"day": 50, "row": 7, "from_mg": "0.25", "to_mg": "0", "last_doses": {"clonazepam": "0.25"}}
    assert said["final_step"] == final
    assert "Nardi" in said["scheme"]


def test_days_are_dates_where_the_table_has_dates(tmp_path):
    text = table("2027-01-04,2027-01-17,2", "2027-01-20,2027-02-02,1", heading="start,end,dose_mg")
    said = opinion(written(tmp_path, text), "--drug", "clonazepam", code=1)
    assert said["worst_fall_14d"]["day"] == "2027-01-20"
    assert [d["day"] for d in said["uncovered_days"]] == ["2027-01-18", "2027-01-19"]


def test_the_last_step_to_zero_never_decides_the_verdict_but_is_said_aloud(tmp_path):
    text = table("28,2", "28,1.75", "0,0")
    outcome = glidepath("check", written(tmp_path, text), "--drug", "clonazepam")
    assert outcome.code == 0
    first = " ".join(outcome.out.split("\n\n")[1].split())
    assert "it ends in an abrupt stop" in first and "87.5 % of the start" in first and "prescriber" in first


def test_what_cannot_be_read_leaves_no_verdict_on_the_rest(tmp_path):
    said = opinion(written(tmp_path, table("14,2", "14,x", "14,0.1")), "--drug", "clonazepam", code=3)
    assert said["verdict"] == "cannot tell" and said["worst_fall_14d"] is None and said["checks"] == []
    assert [(u["row"], u["column"], u["code"]) for u in said["unreadable"]] == [(3, "dose_mg", "ROW_QUANTITY")]


def test_doses_alone_can_be_judged_without_a_drug_and_it_says_so(tmp_path):
    said = opinion(written(tmp_path, table("28,100", "28,90")), "--doses-only", code=0)
    assert said["doses_only"] and "doses and dates alone" in said["says"]
    assert said["unmakeable"] == [] and "products" not in [c["id"] for c in said["checks"]]


def test_without_a_drug_nothing_is_judged(tmp_path):
    said = opinion(written(tmp_path, GENTLE), code=3)
    assert said["unreadable"][0]["code"] == "DRUG_MISSING"


def test_tables_that_disagree_about_a_switch_leave_it_open_until_one_is_named(tmp_path):
    text = table(
        "2027-01-04,2027-01-31,6,lorazepam",
        "2027-02-01,2027-02-28,30,diazepam",
        "2027-02-01,2027-02-28,0,lorazepam",
        heading="start,end,dose_mg,drug",
    )
    place = written(tmp_path, text)
    said = opinion(place, code=3)
    assert said["verdict"] == "cannot tell" and len(said["equivalents"]) > 5
    assert opinion(place, "--table", "VADOD2021", code=0)["verdict"] == "within"
    ashton = opinion(place, "--table", "ASHTON2002", code=1)
    assert ashton["worst_fall_14d"]["fraction"] == "0.5"


def test_a_rise_and_a_strength_that_does_not_exist_are_named_with_row(tmp_path):
    text = table("28,1,clonazepam 0.5 mg tablet", "28,2,clonazepam 3 mg tablet", heading="days,dose_mg,product")
    said = opinion(written(tmp_path, text), code=1)
    assert [(r["day"], r["row"], r["from_mg"], r["to_mg"]) for r in said["rises"]] == [(29, 3, "1", "2")]
    assert [(u["row"], u["reason"]) for u in said["unmakeable"]] == [(3, "no-such-product")]


def test_units_that_do_not_make_the_dose_and_forbidden_halves_are_breaches(tmp_path):
    rows = (
        "2027-01-04,night,temazepam,temazepam 15 mg capsule,1.5,22.5",
        "2027-01-05,night,temazepam,temazepam 15 mg capsule,1,22.5",
    )
    said = opinion(written(tmp_path, table(*rows, heading="date,time,drug,product,units,dose_mg")), code=1)
    assert sorted(u["reason"] for u in said["unmakeable"]) == ["dose-not-units", "not-divided"]


def test_a_quantity_that_is_too_small_is_a_breach_on_the_day_it_runs_out(tmp_path):
    text = table("14,1,clonazepam 0.5 mg tablet,20", heading="days,dose_mg,product,quantity")
    said = opinion(written(tmp_path, text), code=1)
    quantity = next(c for c in said["checks"] if c["id"] == "quantity")
    assert quantity["status"] == "breach" and said["quantities"] == [
        {"product": "clonazepam 0.5 mg tablet", "needed": "28", "written": "20"}
    ]


def test_a_tenfold_jump_is_a_slip_and_a_thousandfold_one_may_be_a_unit(tmp_path):
    for dose, words in (("20", "decimal point"), ("0.002", "microgram")):
        said = opinion(written(tmp_path, table("28,2", f"28,{dose}")), "--drug", "clonazepam", code=1)
        slip = next(c for c in said["checks"] if c["id"] == "dose-slip")
        assert slip["status"] == "breach" and words in slip["says"], slip


# what it reads -------------------------------------------------------------------------------------------------------


def test_our_own_tables_and_documents_are_read_and_judged_alike(tmp_path):
    done = glidepath(
        "plan", "clonazepam 1 mg bd", "--today", TODAY, "--start", START, "--out", tmp_path / "o", "--no-paper"
    )
    assert done.code == 0
    worst = []
    for name in ("days.csv", "steps.csv", "plan.json"):
        said = opinion(tmp_path / "o" / name, code=1)
        assert [c["id"] for c in said["checks"] if c["status"] == "breach"] == ["fall-in-14-days"], name
        worst.append({k: said["worst_fall_14d"][k] for k in ("fraction", "day", "from_mg", "to_mg")})
    assert worst[0] == worst[1] == worst[2]


def test_a_plan_document_that_was_changed_is_not_judged(tmp_path):
    document = gp.to_document(gp.plan("clonazepam 1 mg bd", start=START))
    document["options"][0]["plan"]["steps"][1]["days"] = 3
    outcome = glidepath("check", written(tmp_path, json.dumps(document), "plan.json"))
    assert (outcome.code, outcome.error_code) == (6, "DIGEST_MISMATCH")


def test_a_spreadsheet_is_read(tmp_path):
    rows = [["days", "dose_mg", "drug"], [28, 2, "clonazepam"], [28, 1.75, "clonazepam"]]
    said = opinion(written(tmp_path, workbook(rows), "taper.xlsx"), code=0)
    assert said["worst_fall_14d"]["fraction"] == "0.125"


def test_a_letter_comes_by_text_by_file_or_by_pipe(tmp_path):
    text = "Diazepam 10 mg bd for 4 weeks, then 9 mg bd for 4 weeks"
    assert opinion("--text", text, code=0)["read_from"] == "letter"
    assert opinion(written(tmp_path, text, "letter.txt"), code=0)["read_from"] == "letter"
    piped = subprocess.run(
        [sys.executable, "-m", "glidepath.cli.main", "check", "-", "--format", "json"],
        input=text.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert piped.returncode == 0 and json.loads(piped.stdout)["read_from"] == "letter"


def test_the_picture_is_written_as_svg_with_its_words_inside(tmp_path):
    picture = tmp_path / "taper.svg"
    outcome = glidepath(
        "check", written(tmp_path, NARDI), "--drug", "clonazepam", "--start-dose", "2 mg", "--figure", picture
    )
    assert outcome.code == 1
    svg = picture.read_text()
    assert "<desc" in svg and "66.7 %" in svg
    again = glidepath("check", tmp_path / "taper.csv", "--drug", "clonazepam", "--figure", picture)
    assert (again.code, again.error_code) == (5, "OUTPUT_EXISTS")


# bad input -----------------------------------------------------------------------------------------------------------

BAD = {
    "a repeated column": (b"days,dose_mg,dose_mg\n14,2,2\n", "CSV_HEADER"),
    "a renamed column": (b"days,dose\n14,2\n", "CSV_HEADER"),
    "a row with a cell too few": (b"days,dose_mg\n14\n", "ROW_SHAPE"),
    "a quantity with words": (b"days,dose_mg\n14,30 tabs\n", "ROW_QUANTITY"),
    "the letter O for a zero": (b"days,dose_mg\n14,3O\n", "ROW_QUANTITY"),
    "UTF-16": ("days,dose_mg\n14,2\n".encode("utf-16"), "CSV_ENCODING"),
    "Latin-1 among UTF-8": (b"days,dose_mg,product\n14,2,clonazepam \xe9\n", "CSV_ENCODING"),
    "a date either way round": (b"start,end,dose_mg\n03/04/2027,09/04/2027,2\n", "DATE_FORMAT_REQUIRED"),
    "the same row twice": (b"date,dose_mg\n2027-01-04,2\n2027-01-04,2\n", "ROW_DUPLICATE"),
    "a formula": (b"days,dose_mg\n14,=A1\n", "ROW_QUANTITY"),
    "two drugs in a cell": (b"days,dose_mg,drug\n14,2,clonazepam/diazepam\n", "ROW_DRUGS"),
    "an old Excel file": (b"\xd0\xcf\x11\xe0" + bytes(600), "SHEET_UNREADABLE"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "CSV_ENCODING"),
    "nothing": (b"", "CSV_HEADER"),
    "a table without rows": (b"days,dose_mg\n", "ROW_SHAPE"),
    "another medicine": (b"days,dose_mg,drug\n14,2,clonidine\n", "DRUG_OUT_OF_SCOPE"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_gets_its_named_error_and_no_verdict(what, tmp_path):
    data, code = BAD[what]
    said = opinion(written(tmp_path, data), "--drug", "clonazepam", code=3)
    assert said["verdict"] == "cannot tell"
    assert code in [u["code"] for u in said["unreadable"]]


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (("--region", "XX"), 3, "REGION_UNKNOWN"),
        (("--drug", "clonazapam"), 3, "DRUG_UNKNOWN"),
        (("--table", "MINE"), 3, "EQUIV_TABLE_UNKNOWN"),
        (("--start-dose", "2"), 3, "UNIT_MISSING"),
        (("--decimal", "dot"), 3, "OPTION_INVALID"),
        (("--dates", "ymd"), 3, "OPTION_INVALID"),
        (("--encoding", "ebcdic"), 3, None),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_by_name(arguments, code, error, tmp_path):
    outcome = glidepath("check", written(tmp_path, GENTLE), *arguments)
    assert outcome.code == code
    if error:
        assert outcome.error_code == error


def test_a_file_that_is_not_there_is_a_store_error(tmp_path):
    assert glidepath("check", tmp_path / "none.csv").code == 5


def test_a_large_or_endless_input_is_refused_without_being_read_to_its_end(tmp_path):
    large = written(tmp_path, b"days,dose_mg\n" + b"14,2\n" * 2_100_000)
    assert opinion(large, "--drug", "diazepam", code=3)["unreadable"][0]["code"] == "INPUT_TOO_LARGE"
    assert opinion("/dev/zero", code=3)["unreadable"][0]["code"] == "INPUT_TOO_LARGE"
    endless = subprocess.Popen(["yes", "14,2"], stdout=subprocess.PIPE)
    piped = subprocess.run(
        [sys.executable, "-m", "glidepath.cli.main", "check", "-", "--format", "json"],
        stdin=endless.stdout,
        capture_output=True,
        timeout=60,
        check=False,
    )
    endless.kill()
    endless.wait()
    assert piped.returncode == 3
    assert json.loads(piped.stdout)["unreadable"][0]["code"] == "INPUT_TOO_LARGE"


def test_a_reader_that_goes_away_does_not_turn_a_breach_into_a_pass(tmp_path):
    running = subprocess.Popen(
        [sys.executable, "-m", "glidepath.cli.main", "check", written(tmp_path, NARDI), "--drug", "clonazepam"],
        stdout=subprocess.PIPE,
    )
    assert running.stdout is not None
    running.stdout.close()
    assert running.wait(timeout=60) == 1


def test_the_numbers_of_the_document_are_exact(tmp_path):
    said = opinion(written(tmp_path, table("28,3", "28,2.5", "28,2")), "--drug", "clonazepam", code=0)
    assert Fraction(said["worst_fall_14d"]["fraction"]) == Fraction(1, 5)
    assert Fraction(said["worst_fall_28d"]["fraction"]) == Fraction(1, 5)
