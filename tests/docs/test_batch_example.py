"""The cases of the how-to on many lines come out as the page says."""

from __future__ import annotations

import json
from pathlib import Path

from tests.docs.consoles import blocks, run

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "plan-many.md"


def test_the_cases_of_the_page_are_planned_and_the_one_that_cannot_be_says_why(tmp_path: Path) -> None:
    cases = blocks(PAGE.read_text(encoding="utf-8"), "json")[0]
    (tmp_path / "cases.jsonl").write_text(cases, encoding="utf-8")
    run("glidepath plan --batch cases.jsonl --out many --start 2026-12-07 --today 2026-11-22", tmp_path)
    records = [json.loads(line) for line in (tmp_path / "many/results.jsonl").read_text().splitlines()]
    assert [(r["id"], r["status"]) for r in records] == [
        ("a1", "planned"),
        ("a2", "planned"),
        ("a3", "error"),
        ("a4", "planned"),
    ]
    assert records[2]["error"]["code"] == "PRN_NOT_A_BASE"
    assert sorted(p.name for p in (tmp_path / "many").iterdir()) == ["a1", "a2", "a4", "results.jsonl"]
