"""`glidepath assess` asking for what is missing: nothing that was answered is lost, and nothing impossible is kept."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from glidepath.patient.case import FIELDS
from tests.support.command import TODAY, Outcome, glidepath

LINE = "clonazepam 1 mg twice daily"


def talk(case: dict[str, Any], folder: Path, *said: str, options: tuple[str | Path, ...] = ()) -> Outcome:
    """The interview of a case with these lines typed in turn, and then the end of the input."""
    place = folder / "case.json"
    place.write_text(json.dumps({"region": "US", **case}))
    done = subprocess.run(
        [sys.executable, "-m", "glidepath", "assess", place, "--ask", "--today", TODAY, "--format", "text", *options],
        input="".join(f"{line}\n" for line in said),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return Outcome(done.returncode, done.stdout, done.stderr)


def all_but(*names: str) -> dict[str, str]:
    """A case in which only these fields are left to be asked."""
    return {"line": LINE, **{f.name: "unknown" for f in FIELDS if f.name not in ("line", *names)}}


def test_what_cannot_be_true_is_said_at_once_and_asked_again(tmp_path):
    saved = tmp_path / "saved.json"
    case = {**all_but("seizure_disorder"), "reason": "epilepsy"}
    done = talk(case, tmp_path, "no", "yes", options=("--save", saved))
    assert done.code == 0 and done.out.count("Epilepsy, or a seizure ever?") >= 2
    assert "Prescribed for epilepsy, and no seizure disorder." in done.out
    assert json.loads(saved.read_text())["seizure_disorder"] == "yes"


def test_an_answer_that_cannot_be_mended_here_may_be_left_open(tmp_path):
    done = talk({**all_but("seizure_disorder"), "reason": "epilepsy"}, tmp_path, "no", "")
    assert done.code == 0 and "(Leave it empty to go on.)" in done.out


def test_a_misspelt_drug_is_asked_again_and_none_is_chosen(tmp_path):
    saved = tmp_path / "saved.json"
    case = {k: v for k, v in all_but().items() if k != "line"}
    done = talk(case, tmp_path, "clonazpam 1 mg at night", LINE, options=("--save", saved))
    assert done.code == 0 and "clonazepam" in done.out.split("Evaluation")[0]
    assert json.loads(saved.read_text())["line"] == LINE


def test_a_misspelt_drug_in_the_file_is_said_before_anything_is_asked(tmp_path):
    done = talk({"line": "clonazpam 1 mg at night"}, tmp_path, "2024")
    assert (done.code, done.error_code) == (3, "DRUG_UNKNOWN") and "Taken since" not in done.out


def test_every_answer_is_kept_as_it_is_given_also_when_the_talk_ends_early(tmp_path):
    saved = tmp_path / "saved.json"
    done = talk({"line": LINE}, tmp_path, "2024", "NO", options=("--save", saved))
    assert done.code == 0 and "The rest was not asked." in done.out
    kept = json.loads(saved.read_text())
    assert (kept["since"], kept["stopped"]) == ("2024-01-01", "no") and "days_per_week" not in kept


def test_a_file_that_is_there_is_found_before_the_first_question(tmp_path):
    saved = tmp_path / "saved.json"
    saved.write_text("mine")
    done = talk({"line": LINE}, tmp_path, "2024", options=("--save", saved))
    assert (done.code, done.error_code) == (5, "OUTPUT_EXISTS") and "Taken since" not in done.out
    assert saved.read_text() == "mine"
    assert talk({"line": LINE}, tmp_path, "2024", options=("--save", saved, "--force")).code == 0
    assert "2024" in saved.read_text()


def test_saving_without_a_terminal_is_an_error_and_not_silence(tmp_path):
    place = tmp_path / "case.json"
    place.write_text(json.dumps({"region": "US", "line": LINE}))
    done = glidepath("assess", place, "--save", tmp_path / "saved.json")
    assert done.code == 2 and "--save" in done.err and not (tmp_path / "saved.json").exists()


def test_men_are_not_asked_about_pregnancy_or_breastfeeding(tmp_path):
    for sex, is_asked in (("male", False), ("female", True)):
        done = talk(all_but("sex_at_birth", "pregnancy", "lactation"), tmp_path, sex)
        assert ("Pregnant, or possibly" in done.out.split("Evaluation")[0]) is is_asked


def test_answers_may_be_written_in_capitals(tmp_path):
    saved = tmp_path / "saved.json"
    assert talk(all_but("falls"), tmp_path, "YES", options=("--save", saved)).code == 0
    assert json.loads(saved.read_text())["falls"] == "yes"
