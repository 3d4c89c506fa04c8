"""`glidepath simulate` and `compare` as a person runs them: what is said, what is written, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest

from tests.support.command import START, TODAY, glidepath

FAST = ("--people", "64", "--tail", "14")
FEW = ("--people", "60")


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    out = tmp_path_factory.mktemp("plan")
    done = glidepath(
        "plan", "diazepam 5 mg bd", "--today", TODAY, "--start", START, "--percent", "20", "--every", "14d",
        "--out", out, "--no-paper", "--force",
    )  # fmt: skip
    assert done.code == 0, done.err
    return out / "plan.json"


def test_the_screen_says_what_it_is_not_before_any_number(plan):
    screen = glidepath("simulate", plan, *FAST).out
    first_number = re.search(r"0\.\d{3}", screen)
    assert screen.index("no chance of success or of a seizure") < first_number.start()
    assert "facts not yet reviewed by a clinician" in screen and "What is assumed" in screen
    assert screen.count("central") and "proportional" in screen and "saturating" in screen
    assert "nordiazepam" in screen


def test_no_text_speaks_of_chances_for_a_person_of_sites_or_blame(plan, tmp_path):
    out = tmp_path / "out"
    done = glidepath("compare", plan, plan, "--option-b", "direct-present", *FAST, "--out", out)
    assert done.code == 0, done.err
    texts = [done.out, *(p.read_text(encoding="utf-8") for p in out.iterdir() if p.suffix != ".png")]
    for text in texts:
        assert not re.search(r"probab|likelihood of success|receptor|addict|% chance", text, re.IGNORECASE)


def test_every_number_of_the_table_is_in_json_and_csv(plan):
    document = glidepath("simulate", plan, *FAST, "--format", "json").json()
    table = list(csv.DictReader(io.StringIO(glidepath("simulate", plan, *FAST, "--format", "csv").out)))
    (one,) = document["plans"]
    assert document["limits"] and len(one["scenarios"]) == 3
    for course in one["scenarios"]:
        listed = [row for row in table if row["scenario"] == course["id"]]
        assert [float(row["q50"]) for row in listed] == [day[2] for day in course["drive"]]
    doses = [float(row["q50"]) for row in table if row["what"] == "dose"]
    assert doses == one["dose_mg"][0] and doses[0] == 10 and doses[-1] == 0


def test_the_picture_says_that_it_is_no_plan_and_describes_itself(plan, tmp_path):
    assert glidepath("simulate", plan, *FAST, "--out", tmp_path / "out").code == 0
    svg = (tmp_path / "out" / "forecast.svg").read_text(encoding="utf-8")
    assert "SIMULATION: not a plan to follow" in svg and "highest drive" in svg and "http" not in svg.split("<desc")[1]
    assert json.loads((tmp_path / "out" / "forecast.json").read_text())["format"] == "glidepath-forecast"
    again = glidepath("simulate", plan, *FAST, "--out", tmp_path / "out")
    assert (again.code, again.error_code) == (5, "OUTPUT_EXISTS")


def test_the_same_seed_prints_the_same(plan):
    first, second = (glidepath("simulate", plan, *FAST, "--format", "json").out for _ in range(2))
    assert first == second
    assert first != glidepath("simulate", plan, *FAST, "--seed", "2", "--format", "json").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("phenazepam 1 mg at night",), "DRUG_NOT_PLANNED SIM_NO_KINETICS"),
        (("clonazepam 1 mg at night", "--people", "0"), "NUM_RANGE"),
        (("clonazepam 1 mg at night", "--people", "1000000000000"), "NUM_RANGE"),
        (("clonazepam 1 mg at night", "--seed", "-1"), "NUM_RANGE"),
        (("clonazepam 1 mg at night", "--age", "7"), "NUM_RANGE"),
        (("clonazepam 1 mg at night", "--days", "100000"), "NUM_RANGE"),
        (("clonazepam 1 mg at night", "--days", "0"), "NUM_RANGE"),
        (("clonazepam 1 mg at night", "--scenario", "hopeful"), "OPTION_INVALID"),
        (("clonazepm 1 mg at night",), "DRUG_UNKNOWN"),
        (("nowhere.json",), "INPUT_MISSING"),
    ],
)
def test_what_cannot_be_simulated_is_named(arguments, code):
    refused = glidepath("simulate", *arguments)
    assert refused.code in (3, 4, 5) and refused.error_code in code.split()


def test_an_option_that_would_change_nothing_is_refused(plan):
    assert glidepath("simulate", "clonazepam 1 mg at night", "--tail", "9").code == 2
    assert (
        glidepath("simulate", "clonazepam 1 mg at night", "--option", "direct-all-forms").error_code == "OPTION_INVALID"
    )
    assert glidepath("simulate", plan, "--days", "9").code == 2
    assert glidepath("simulate", plan, "--tail", "100000").error_code == "NUM_RANGE"


@pytest.mark.parametrize("line", ["zopiclone 7.5 mg at night", "triazolam 0.25 mg at night"])
def test_a_point_of_a_dose_is_not_that_of_a_file_name(line):
    assert glidepath("simulate", line, *FEW, "--days", "3").code == 0


@pytest.mark.parametrize("content", ["null", "[]", "{}", '{"format": "glidepath-plan"}'])
def test_a_file_that_is_no_plan_is_named(content, tmp_path):
    (tmp_path / "x.json").write_text(content)
    refused = glidepath("simulate", tmp_path / "x.json")
    assert refused.error_code in ("JSON_INVALID", "DIGEST_MISMATCH") and refused.code in (3, 6)


def test_names_of_folders_cannot_break_what_is_written(plan, tmp_path):
    for name in ("n<b>&x", "$x^2_{$", "=HYPERLINK(1)", "a\x07\x1bb"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "plan.json").write_bytes(plan.read_bytes())
        done = glidepath("simulate", folder / "plan.json", *FAST, "--out", tmp_path / "out", "--force")
        assert done.code == 0, done.err
        ElementTree.fromstring((tmp_path / "out" / "forecast.svg").read_bytes())
        first = (tmp_path / "out" / "forecast.csv").read_text().splitlines()[1]
        assert first[0] not in "=+-@" and first.split(",")[0].isprintable()


def test_what_cannot_be_ordered_is_not(plan):
    few = glidepath("compare", plan, plan, "--option-b", "direct-present", "--people", "20").out
    assert "too few to tell which peak is lower" in " ".join(few.split())
    other = " ".join(glidepath("compare", plan, "alprazolam 1 mg tid", "--people", "120").out.split())
    assert "do not begin with the same doses" in other and "is lower." not in other


def test_a_changed_plan_is_not_simulated(plan, tmp_path):
    document = json.loads(plan.read_text())
    document["person"]["age"] = 30
    (tmp_path / "plan.json").write_text(json.dumps(document))
    assert glidepath("simulate", tmp_path / "plan.json").error_code == "DIGEST_MISMATCH"


def test_a_plan_shows_drive_beside_its_routes_when_asked_and_the_document_is_the_same():
    common = ("plan", "lorazepam 1 mg bd", "--today", TODAY, "--start", START)
    with_drive, without = glidepath(*common, "--drive"), glidepath(*common)
    assert "Withdrawal drive of each route, for information" in with_drive.out
    assert "Withdrawal drive" not in without.out
    assert glidepath(*common, "--drive", "--format", "json").out == glidepath(*common, "--format", "json").out


def test_a_known_factor_of_clearance_is_shown_with_its_source_and_an_unknown_one_is_named():
    screen = " ".join(
        glidepath("simulate", "diazepam 5 mg bd", *FEW, "--age", "70", "--with", "fluconazole").out.split()
    )
    assert "clearance x 0.75 for age >60 y (Css x 1.33; GREENBLATT2021)" in screen
    assert "without a figure here, so not drawn: fluconazole" in screen
