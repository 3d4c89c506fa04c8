"""Many lines at once: in order, resumable, never stopped by one bad line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command import START, TODAY, glidepath, plan

CASES = [
    {"id": "one", "sig": "clonazepam 1 mg twice daily", "age": 62, "start": START},
    {"id": "two", "sig": "clonazapam 1 mg twice daily"},
    {"id": "three", "sig": "temazepam 30 mg at night", "age": 78, "since": "2024-11", "start": START},
    {"id": "four", "sig": "lorazepam 1 mg three times daily", "past-complicated-withdrawal": "no", "from": "noon"},
    {"id": "five", "sig": "zaleplon 5 mg at night"},
]


def a_batch(folder: Path, lines: list[str]) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


def run(path: Path, out: Path, *extra: str):
    return glidepath("plan", "--batch", path, "--out", out, "--today", TODAY, *extra)


def records(out: Path):
    return [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_each_line_has_one_record_in_order_and_errors_are_records(tmp_path, jobs):
    outcome = run(a_batch(tmp_path, [json.dumps(c) for c in CASES]), tmp_path / "out", "--jobs", jobs)
    assert outcome.code == 0, outcome.err
    found = records(tmp_path / "out")
    assert [r["id"] for r in found] == [c["id"] for c in CASES]
    assert [r["status"] for r in found] == ["planned", "error", "planned", "planned", "error"]
    assert found[1]["error"]["code"] == "DRUG_UNKNOWN"
    assert found[4]["error"]["code"] == "NOTHING_FEASIBLE"
    assert found[0]["breaches"] == ["fall-in-14-days"]
    assert sorted(p.parent.name for p in (tmp_path / "out").glob("*/days.csv")) == ["four", "one", "three"]


def test_a_batch_line_gives_the_same_day_table_as_the_command(tmp_path):
    run(a_batch(tmp_path, [json.dumps(CASES[0])]), tmp_path / "out")
    alone = plan("clonazepam 1 mg twice daily", "--age", "62", "--format", "days")
    assert (tmp_path / "out" / "one" / "days.csv").read_text() == alone.out


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("not json", "JSON_INVALID"),
        ("", "JSON_INVALID"),
        ("[1]", "JSON_INVALID"),
        ('{"id":"x","sig":"clonazepam 1 mg bid","sig":"clonazepam 2 mg bid"}', "JSON_DUPLICATE_KEY"),
        ('{"id":"x","sig":"clonazepam 1 mg bid","dosage_mg":"3"}', "FIELD_UNKNOWN"),
        ('{"id":"x","sig":"clonazepam 1 mg bid","percent":7.5,"every":"14d"}', "NUM_MUST_BE_STRING"),
        ('{"id":"../x","sig":"clonazepam 1 mg bid"}', "OPTION_INVALID"),
        ('{"id":"/etc/x","sig":"clonazepam 1 mg bid"}', "OPTION_INVALID"),
        ('{"id":".hidden","sig":"clonazepam 1 mg bid"}', "OPTION_INVALID"),
        ('{"id":7,"sig":"clonazepam 1 mg bid"}', "OPTION_INVALID"),
        ('{"sig":"clonazepam 1 mg bid"}', "OPTION_INVALID"),
        ('{"id":"results.jsonl","sig":"clonazepam 1 mg bid"}', "OPTION_INVALID"),
        ('{"id":"x"}', "SIG_EMPTY"),
        ('{"id":"x","sig":null}', "SIG_EMPTY"),
        ('{"id":"x","sig":5}', "OPTION_INVALID"),
        ('{"id":"x","sig":"clonazepam 1 mg bid","age":"forty"}', "OPTION_INVALID"),
        ("[" * 5000, "JSON_INVALID"),
        ('{"id":"x","sig":"' + "a" * 70000 + '"}', "INPUT_TOO_LARGE"),
    ],
)
def test_a_bad_line_is_a_record_and_the_next_line_is_planned(tmp_path, line, code):
    good = json.dumps({"id": "good", "sig": "clonazepam 0.5 mg at night"})
    outcome = run(a_batch(tmp_path, [line, good]), tmp_path / "out")
    assert outcome.code == 0, outcome.err
    first, second = records(tmp_path / "out")
    assert first["error"]["code"] == code
    assert second["status"] == "planned"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cases.jsonl", "out"]


def test_an_option_under_two_spellings_is_refused_and_never_becomes_no(tmp_path):
    for first, second in (("other-sedatives", "other_sedatives"), ("other_sedatives", "other-sedatives")):
        out = tmp_path / first
        line = f'{{"id":"x","sig":"clonazepam 0.5 mg at night","{first}":"yes","{second}":"no"}}'
        assert run(a_batch(tmp_path, [line]), out).code == 0
        assert records(out)[0]["error"]["code"] == "JSON_DUPLICATE_KEY"
        assert records(out)[0]["id"] == "x"


def test_links_and_files_in_the_output_folder_are_kept_and_never_stop_the_batch(tmp_path):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    (out / "kept").mkdir(parents=True)
    elsewhere.mkdir()
    (out / "linked").symlink_to(elsewhere)
    (out / "file").write_text("precious")
    (out / "kept" / "days.csv").write_text("precious")
    lines = [json.dumps({"id": i, "sig": "clonazepam 0.5 mg at night"}) for i in ("linked", "file", "kept", "new")]
    assert run(a_batch(tmp_path, lines), out).code == 0
    assert [r.get("error", {}).get("code") for r in records(out)] == ["OUTPUT_EXISTS"] * 3 + [None]
    assert list(elsewhere.iterdir()) == []
    assert (out / "file").read_text() == (out / "kept" / "days.csv").read_text() == "precious"


def test_an_id_is_used_once(tmp_path):
    line = json.dumps({"id": "x", "sig": "clonazepam 0.5 mg at night"})
    run(a_batch(tmp_path, [line, line]), tmp_path / "out")
    assert [r["status"] for r in records(tmp_path / "out")] == ["planned", "error"]


def test_a_batch_that_was_killed_goes_on_where_it_stopped_and_ends_the_same(tmp_path):
    lines = [json.dumps({"id": f"c{n}", "sig": f"diazepam {n % 40 + 2} mg at night"}) for n in range(150)]
    path, whole, part = a_batch(tmp_path, lines), tmp_path / "whole", tmp_path / "part"
    assert run(path, whole).code == 0
    command = [sys.executable, "-m", "glidepath.cli.main", "plan", "--batch", path, "--out", part, "--today", TODAY]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    growing, deadline = part / "results.part.jsonl", time.monotonic() + 60
    while time.monotonic() < deadline and not (growing.exists() and growing.read_text().count("\n") >= 3):
        time.sleep(0.01)
    process.kill()
    process.wait()
    # What a cut-off write leaves behind: half a line at the end.
    with growing.open("a") as file:
        file.write('{"id": "half')
    assert not (part / "results.jsonl").exists()
    again = run(path, part)
    assert again.code == 0, again.err
    assert (part / "results.jsonl").read_bytes() == (whole / "results.jsonl").read_bytes()
    assert sorted(p.name for p in part.iterdir()) == sorted(p.name for p in whole.iterdir())


def test_an_interrupted_batch_of_other_input_is_not_mixed_with_this_one(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "batch.json").write_text('{"input":"x","options":{},"version":"0","today":"2026-01-01"}')
    (out / "results.part.jsonl").write_text("")
    outcome = run(a_batch(tmp_path, [json.dumps(CASES[0])]), out)
    assert (outcome.code, outcome.error_code) == (5, "OUTPUT_EXISTS")


def test_finished_results_are_not_overwritten_without_force(tmp_path):
    path = a_batch(tmp_path, [json.dumps(CASES[0])])
    assert run(path, tmp_path / "out").code == 0
    assert run(path, tmp_path / "out").error_code == "OUTPUT_EXISTS"
    assert run(path, tmp_path / "out", "--force").code == 0
