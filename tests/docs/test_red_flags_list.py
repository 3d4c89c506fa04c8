"""The list of red flags can be read by the person who is asked whether one is open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from glidepath.cli.main import app
from glidepath.facts.red_flags import load_red_flags
from glidepath.patient.case import BY_NAME
from glidepath.render.articles import LOCAL_NUMBER

ROOT = Path(__file__).resolve().parents[2]
FLAGS = load_red_flags()


def flat(text: str) -> str:
    return "".join(text.split())


def test_the_question_names_a_command_that_prints_every_flag() -> None:
    assert "glidepath red-flags" in BY_NAME["open_red_flag"].asks
    printed = flat(CliRunner().invoke(app, ["red-flags", "--region", "US"]).stdout)
    page = flat((ROOT / "docs" / "reference" / "red-flags.md").read_text(encoding="utf-8"))
    for flag in FLAGS:
        for words in (flag.id, flag.sign, flag.ask, flag.do, flag.by_when.value, flag.taper_says, *flag.sources):
            assert flat(words) in printed and flat(words) in page, (flag.id, words)


@pytest.mark.parametrize(("region", "number"), [("us", "911"), ("NZ", "111"), ("FR", LOCAL_NUMBER)])
def test_who_to_call_stands_first(region: str, number: str) -> None:
    printed = CliRunner().invoke(app, ["red-flags", "--region", region]).stdout
    assert printed.startswith(f"Call {number} now")
    assert max(len(line) for line in printed.splitlines()) <= 80


def test_the_list_is_there_as_json_with_its_limits() -> None:
    record = json.loads(CliRunner().invoke(app, ["red-flags", "--format", "json"]).stdout)
    assert [each["id"] for each in record] == [flag.id for flag in FLAGS]
    assert "pulse over 120 beats a minute" in record[6]["measures"]
