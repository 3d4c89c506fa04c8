"""The drug of the how-to compiles as it stands there and can be planned with, without a change to any code."""

from __future__ import annotations

import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path

from glidepath.casework.plan import plan
from glidepath.facts.compile import DATA, write_facts
from glidepath.facts.formulary import load_formulary
from tests.docs.consoles import blocks

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-drug.md"


def test_the_file_of_the_how_to_is_a_drug_that_can_be_planned(tmp_path: Path) -> None:
    (text,) = blocks(PAGE.read_text(encoding="utf-8"), "yaml")
    data = tmp_path / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("*.json"))
    (data / "drugs" / "examplepam.yaml").write_text(text, encoding="utf-8")
    write_facts(data)
    proposal = plan(
        "examplepam 2 mg at night",
        region="UK",
        start="2026-12-07",
        today=date(2026, 11, 22),
        formulary=load_formulary(data),
    )
    first = proposal.options.first
    assert first is not None and first.taper is not None
    assert str(first.taper.start_dose) == "2 mg"
    assert first.taper.last_dose.mg == Fraction(1, 4)
