"""Every row of bad input for the command line: a stable code, its exit code, no traceback, nothing written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command import START, TODAY, glidepath, option, plan, plan_json

REFUSED_LINES = [
    ("BI-01", "clonazepam .5 mg twice daily", 3, "NUM_NAKED_DECIMAL", "0.5"),
    ("BI-03", "clonazepam 1,5 mg twice daily", 3, "NUM_AMBIGUOUS", "1.5"),
    ("BI-04", "clonazepam 2 twice daily", 3, "UNIT_MISSING", "mg"),
    ("BI-05", "diazepam 10 drops twice daily", 4, "UNIT_REFUSED", "mL"),
    ("BI-06 minus", "clonazepam -5mg twice daily", 3, "NUM_RANGE", ""),
    ("BI-06 zero", "clonazepam 0mg twice daily", 3, "NUM_RANGE", ""),
    ("BI-06 nan", "clonazepam nan mg twice daily", 3, "NUM_RANGE", ""),
    ("BI-06 inf", "clonazepam inf mg twice daily", 3, "NUM_RANGE", ""),
    ("BI-06 large", "clonazepam 1e400mg twice daily", 3, "NUM_RANGE", ""),
    ("underscore", "clonazepam 1_0 mg twice daily", 3, "NUM_FORMAT", ""),
    ("exponent", "clonazepam 5e-1 mg twice daily", 3, "NUM_FORMAT", ""),
    ("full width", "clonazepam １ mg twice daily", 3, "NUM_FORMAT", ""),
    ("BI-07", "clonidine 0.1 mg twice daily", 4, "DRUG_OUT_OF_SCOPE", "clonidine"),
    ("BI-07 other", "lamotrigine 100 mg twice daily", 4, "DRUG_OUT_OF_SCOPE", "lamotrigine"),
    ("BI-08", "clonazapam 1 mg twice daily", 3, "DRUG_UNKNOWN", "clonazepam"),
    ("as needed", "lorazepam 1 mg twice daily as needed", 4, "PRN_NOT_A_BASE", ""),
    ("no times", "clonazepam 2 mg/day", 3, "TIMES_MISSING", ""),
    ("left over", "clonazepam 1 mg twice daily with gusto", 3, "SIG_UNREADABLE", "gusto"),
    ("phenobarbital", "phenobarbital 30 mg twice daily", 4, "DRUG_NOT_PLANNED", ""),
    ("etizolam", "etizolam 1 mg twice daily", 4, "DRUG_NOT_PLANNED", ""),
    ("phenazepam", "phenazepam 1 mg twice daily", 4, "DRUG_NOT_PLANNED", ""),
    ("midazolam", "midazolam 15 mg at night", 4, "DRUG_NOT_PLANNED", ""),
]


@pytest.mark.parametrize(("name", "sig", "exit_code", "code", "says"), REFUSED_LINES, ids=[r[0] for r in REFUSED_LINES])
def test_a_bad_line_gets_its_code_and_nothing_is_written(tmp_path, name, sig, exit_code, code, says):
    outcome = plan(sig, "--out", tmp_path / "out")
    assert (outcome.code, outcome.error_code) == (exit_code, code), outcome.err
    assert says.casefold() in outcome.err.casefold()
    assert outcome.out == ""
    assert list(tmp_path.iterdir()) == []


def test_bi_02_a_trailing_zero_is_accepted_and_echoed_back_without_it():
    outcome = plan("clonazepam 1.0 mg twice daily")
    assert outcome.code == 0
    assert "clonazepam 1 mg in the morning" in outcome.out
    assert "1.0 mg" not in outcome.out


def test_bi_03_a_declared_comma_is_a_decimal_mark():
    document = plan_json("clonazepam 0,5 mg at night", "--decimal", "comma")
    assert option(document, "direct-present")["plan"]["steps"][0]["intakes"][0]["dose_mg"] == "0.5"


def test_bi_08_no_near_name_is_ever_used():
    outcome = plan("clonazapam 1 mg twice daily")
    assert outcome.out == ""
    assert "None of them was used" in outcome.err or "nothing is chosen" in outcome.err.casefold()


def test_bi_09_a_switch_without_a_table_prints_every_table_with_its_dose():
    outcome = plan("clonazepam 1 mg twice daily", "--switch", "diazepam", "--age", "50", "--liver", "no")
    assert (outcome.code, outcome.error_code) == (4, "EQUIV_SOURCE_REQUIRED")
    assert "ASHTON2002: 2 mg clonazepam a day = 40" in outcome.err
    assert "VADOD2021: 2 mg clonazepam a day = 20" in outcome.err
    assert "ASAM2025_BANDS" not in outcome.err


def test_bi_10_an_abrupt_stop_is_refused_with_a_warning_and_the_emergency_block():
    outcome = plan("clonazepam 1 mg twice daily", "--stop-now")
    assert (outcome.code, outcome.error_code) == (4, "ABRUPT_STOP_REFUSED")
    assert "911" in outcome.err and "988" in outcome.err and "seizure" in outcome.err


@pytest.mark.parametrize(
    ("percent", "every"), [("40%", "7d"), ("26", "14d"), ("20", "7d"), ("99", "14d"), ("30", "3d")]
)
def test_bi_11_a_pace_over_25_percent_in_14_days_is_refused(percent, every):
    outcome = plan("clonazepam 1 mg twice daily", "--reduce", percent, "--every", every)
    assert (outcome.code, outcome.error_code) == (4, "CUT_OVER_25")


def test_a_free_pace_of_exactly_25_percent_in_14_days_is_taken():
    assert plan("clonazepam 1 mg twice daily", "--percent", "25", "--every", "14d").code == 0


def test_bi_12_an_extended_release_tablet_is_never_split():
    outcome = plan(
        "alprazolam XR 1 mg every morning", "--product", "alprazolam-xr-1mg", "--allow-half", "alprazolam-xr-1mg"
    )
    assert (outcome.code, outcome.error_code) == (4, "SPLIT_FORBIDDEN")
    assert "alprazolam 0.5 mg XR tablet" in outcome.err


@pytest.mark.parametrize("product", ["clonazepam 0.25 mg ODT", "temazepam 15 mg capsule"])
def test_a_dissolving_tablet_or_capsule_is_never_split(product):
    outcome = plan(f"{product.split()[0]} {product.split()[1]} mg at night", "--splits", product)
    assert (outcome.code, outcome.error_code) == (4, "SPLIT_FORBIDDEN")


def test_bi_13_nothing_is_printed_from_an_unsigned_plan(tmp_path):
    made = plan("clonazepam 0.5 mg at night", "--out", tmp_path / "plan", "--no-paper")
    assert made.code == 0, made.err
    outcome = glidepath("print", tmp_path / "plan" / "plan.json", "--out", tmp_path / "sheets")
    assert (outcome.code, outcome.error_code) == (4, "NOT_APPROVED")
    assert not (tmp_path / "sheets").exists()


def test_bi_14_existing_files_are_not_overwritten_without_force(tmp_path):
    out = tmp_path / "plan"
    assert plan("clonazepam 0.5 mg at night", "--out", out, "--no-paper").code == 0
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    again = plan("lorazepam 1 mg at night", "--out", out, "--no-paper")
    assert (again.code, again.error_code) == (5, "OUTPUT_EXISTS")
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before
    assert plan("lorazepam 1 mg at night", "--out", out, "--no-paper", "--force").code == 0
    assert (out / "plan.json").read_bytes() != before[out / "plan.json"]


def test_bi_14_a_link_is_never_followed(tmp_path):
    target = tmp_path / "elsewhere"
    target.mkdir()
    (tmp_path / "link").symlink_to(target)
    outcome = plan("clonazepam 0.5 mg at night", "--out", tmp_path / "link", "--no-paper", "--force")
    assert (outcome.code, outcome.error_code) == (5, "OUTPUT_EXISTS")
    assert list(target.iterdir()) == []


def test_bi_14_a_linked_file_is_never_followed_even_with_force(tmp_path):
    out = tmp_path / "plan"
    out.mkdir()
    precious = tmp_path / "precious.txt"
    precious.write_text("keep me")
    (out / "plan.json").symlink_to(precious)
    outcome = plan("clonazepam 0.5 mg at night", "--out", out, "--no-paper", "--force")
    assert (outcome.code, outcome.error_code) == (5, "OUTPUT_EXISTS")
    assert precious.read_text() == "keep me"


def test_bi_14_a_place_that_cannot_be_written_is_a_file_problem():
    outcome = plan("clonazepam 0.5 mg at night", "--out", "/proc/glidepath", "--no-paper")
    assert (outcome.code, outcome.error_code) == (5, "OUTPUT_EXISTS")


@pytest.mark.parametrize("command", ["sign", "print", "batch"])
def test_bi_15_a_file_that_is_too_large_endless_or_binary_is_refused_quickly(tmp_path, command):
    huge, binary, pipe = tmp_path / "huge", tmp_path / "binary", tmp_path / "pipe"
    with huge.open("wb") as file:
        file.truncate(3 * 2**30)
    binary.write_bytes(b"{\0\1\2" * 100)
    os.mkfifo(pipe)
    for path in (huge, binary, pipe, Path("/dev/zero")):
        begun = time.monotonic()
        if command == "sign":
            outcome = glidepath("sign", path, "--option", "direct-present", "--by", "A, b, c")
        elif command == "print":
            outcome = glidepath("print", path, "--out", tmp_path / "sheets")
        else:
            outcome = glidepath("plan", "--batch", path, "--out", tmp_path / "batch", "--today", TODAY)
        assert (outcome.code, outcome.error_code) == (3, "INPUT_TOO_LARGE"), (path.name, outcome.err)
        assert time.monotonic() - begun < 30
    assert not (tmp_path / "sheets").exists()


@pytest.mark.parametrize(("sent", "expected"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_bi_16_an_interrupted_command_leaves_nothing_half_written(tmp_path, sent, expected):
    cases = tmp_path / "cases.jsonl"
    cases.write_text("".join(f'{{"id": "c{n}", "sig": "clonazepam 1 mg twice daily"}}\n' for n in range(3000)))
    out = tmp_path / "out"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "glidepath.cli.main",
            "plan",
            "--batch",
            str(cases),
            "--out",
            str(out),
            "--today",
            TODAY,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not list(out.glob("c*/days.csv")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(sent)
    _, err = process.communicate(timeout=60)
    assert process.returncode == expected, err
    assert "INTERRUPTED" in err and "Traceback" not in err
    assert not (out / "results.jsonl").exists()
    for table in out.glob("c*/days.csv"):
        assert table.read_text().endswith("0,0,0.00,0.00\n")
    assert not list(tmp_path.rglob(".glidepath-*"))


@pytest.mark.parametrize("sig", ["diazepam 1000 mg four times daily", "clonazepam 999999 mg twice daily"])
def test_a_dose_many_times_every_maximum_is_a_slip_and_is_refused_at_once(sig):
    begun = time.monotonic()
    outcome = plan(sig)
    assert (outcome.code, outcome.error_code) == (3, "NUM_RANGE")
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    ("sig", "product"),
    [
        ("alprazolam XR 3 mg every morning", "alprazolam 1 mg tablet"),
        ("clonazepam 1 mg 2 tabs twice daily", "clonazepam 2 mg tablet"),
    ],
)
def test_a_product_that_is_not_the_one_on_the_line_is_refused(sig, product):
    outcome = plan(sig, "--product", product)
    assert (outcome.code, outcome.error_code) == (3, "OPTION_INVALID")


def test_a_reader_that_goes_away_early_is_no_error():
    command = f"{sys.executable} -m glidepath.cli.main plan 'clonazepam 1 mg twice daily' --format days | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("date,step,time")


def test_under_18_is_refused():
    outcome = plan("clonazepam 1 mg twice daily", "--age", "17")
    assert (outcome.code, outcome.error_code) == (4, "AGE_UNDER_18")


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (("--age", "200"), 3, "AGE_RANGE"),
        (("--since", "2025-02-30"), 3, "DATE_INVALID"),
        (("--since", "2027-01"), 3, "DATE_INVALID"),
        (("--liver", "maybe"), 3, "ANSWER_INVALID"),
        (("--region", "FR"), 3, "REGION_UNKNOWN"),
        (("--profile", "nardi"), 3, "PROFILE_UNKNOWN"),
        (("--profile", "fast"), 3, "PROFILE_UNKNOWN"),
        (("--percent", "10"), 3, "PACE_INVALID"),
        (("--last-dose", "0.5 mg"), 4, "REASON_REQUIRED"),
        (("--maintain", "2 mg"), 4, "LAST_DOSE_INVALID"),
        (("--switch", "lorazepam", "--table", "ASHTON2002"), 4, "SWITCH_TARGET_INVALID"),
        (("--switch", "diazepam", "--table", "ASAM2025_BANDS", "--age", "50"), 3, "EQUIV_TABLE_UNKNOWN"),
        (("--have", "clonazepam 1 mg tablet"), 3, "OPTION_INVALID"),
        (("--last-dose", "1.875 mg", "--reason", "why"), 4, "ABRUPT_STOP_REFUSED"),
        (("--keep", "noon"), 3, "OPTION_INVALID"),
        (("--from", "evening"), 3, "OPTION_INVALID"),
        (("--percent", "0.5", "--every", "28d"), 3, "PACE_INVALID"),
        (("--max-hold", "9999w"), 3, "OPTION_INVALID"),
        (("--age", "30", "--since", "1960"), 3, "DATE_IMPLAUSIBLE"),
        (("--product", "clonazepam 100 mg/mL oral suspension"), 3, "OPTION_INVALID"),
        (("--product", "clonazepam 0.0001 mg/mL oral suspension"), 3, "OPTION_INVALID"),
        (("--product", "clonazepam 7 mg tablet of stone"), 3, "PRODUCT_UNKNOWN"),
        (("--keep", "dawn"), 3, "OPTION_INVALID"),
        (("--no-such-option",), 2, "Usage"),
    ],
)
def test_a_bad_option_gets_its_code(arguments, exit_code, code):
    outcome = plan("clonazepam 1 mg twice daily", *arguments)
    assert outcome.code == exit_code, outcome.err
    assert code in outcome.err


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("2025-02-29", "DATE_INVALID"),
        ("0000-00-00", "DATE_INVALID"),
        ("20255-01-01", "DATE_INVALID"),
        ("2026-12-07T10:00", "DATE_INVALID"),
        ("2029-12-01", "DATE_IMPLAUSIBLE"),
        ("2025-10-01", "DATE_IMPLAUSIBLE"),
    ],
)
def test_a_start_that_is_no_plausible_date_is_refused(start, code):
    outcome = glidepath("plan", "clonazepam 1 mg twice daily", "--today", TODAY, "--start", start)
    assert (outcome.code, outcome.error_code) == (3, code)


def test_no_error_repeats_a_control_character(tmp_path):
    outcome = plan("clonazepam 1 mg \x1b[31m twice daily")
    assert outcome.code == 3
    assert "\x1b" not in outcome.err + outcome.out
    assert START not in outcome.err
