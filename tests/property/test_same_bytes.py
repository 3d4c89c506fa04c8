"""The same question gives the same bytes: in any process, hash seed, locale and time zone."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys

import pytest

import glidepath as gp
from glidepath.casework.outputs import plan_files
from tests.support.regimens import TODAY, regimen

QUESTIONS = (3, 8, 30, 47, 90, 141, 208, 333, 512, 777)

_ASK = """
import hashlib, json, sys
import glidepath as gp
from glidepath.casework.outputs import plan_files
from tests.support.regimens import TODAY, regimen

said = {}
for number in json.loads(sys.argv[1]):
    asked = regimen(number)
    try:
        proposal = gp.plan(asked.sig, today=TODAY, **asked.options)
    except gp.GlidepathError as refusal:
        said[str(number)] = [refusal.code, str(refusal), list(refusal.details)]
        continue
    files = plan_files(proposal, paper=sys.argv[2] == "paper")
    said[str(number)] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
print(json.dumps(said))
"""

PLACES = (
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Kiritimati"},
    {"PYTHONHASHSEED": "2026", "LC_ALL": "de_DE.UTF-8", "TZ": "America/St_Johns"},
    {"PYTHONHASHSEED": "4294967295", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "PYTHONUTF8": "0"},
)


def asked_elsewhere(place: dict[str, str], numbers: tuple[int, ...], kind: str) -> dict[str, object]:
    """What another process makes of the same questions, as digests of its files."""
    here = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "TZ", "PYTHON"))}
    roots = os.pathsep.join(p for p in sys.path if p) or "."
    run = subprocess.run(
        [sys.executable, "-c", _ASK, json.dumps(numbers), kind],
        env={**here, "PYTHONPATH": roots, **place},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(run.stdout))


def asked_here(numbers: tuple[int, ...]) -> dict[str, object]:
    said: dict[str, object] = {}
    for number in numbers:
        asked = regimen(number)
        try:
            proposal = gp.plan(asked.sig, today=TODAY, **asked.options)
        except gp.GlidepathError as refusal:
            said[str(number)] = [refusal.code, str(refusal), list(refusal.details)]
            continue
        files = plan_files(proposal, paper=False)
        said[str(number)] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    return said


@pytest.mark.parametrize("place", PLACES, ids=[f"{p['LC_ALL']} {p['TZ']}" for p in PLACES])
def test_tables_and_document_have_the_same_bytes_in_every_process(place: dict[str, str]):
    assert asked_elsewhere(place, QUESTIONS, "tables") == asked_here(QUESTIONS)


def test_paper_and_picture_have_the_same_bytes_in_every_process():
    first, *others = (asked_elsewhere(place, (30, 208), "paper") for place in PLACES[:3])
    assert all(other == first for other in others)
    assert any("plan.pdf" in files and "plan.svg" in files for files in first.values() if isinstance(files, dict))


def test_asking_twice_in_one_process_gives_the_same_bytes_after_other_questions():
    before = asked_here(QUESTIONS)
    asked_here(tuple(range(600, 620)))
    assert asked_here(QUESTIONS) == before
