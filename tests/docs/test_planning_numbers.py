"""The numbers that docs/explanation/planning.md works out by hand are those of the code."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from glidepath.facts.formulary import load_formulary
from glidepath.guidance.pacing import PaceWish, pace_of

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "explanation" / "planning.md").read_text(encoding="utf-8")
FALLS = {"10": Fraction(1, 10), "20": Fraction(1, 5), "25": Fraction(1, 4), "33": Fraction(1, 3), "50": Fraction(1, 2)}


def test_the_table_of_holds_is_what_the_default_pace_gives() -> None:
    formulary = load_formulary()
    pace = pace_of(PaceWish(), "clonazepam", formulary.profiles, formulary.thresholds, ())
    rows = re.findall(r"^\| (\d+) % \| [\d.]+ \| \*{0,2}(\d+)", PAGE, re.MULTILINE)
    assert [fall for fall, _ in rows] == list(FALLS)
    for fall, days in rows:
        assert pace.hold_days(Fraction(1), 1 - FALLS[fall]) == int(days)


def test_the_powers_of_the_hold_of_42_days_are_as_the_page_says() -> None:
    assert "0.75¹⁴ is 0.0178; 0.9³⁵ is 0.0250, not yet; 0.9⁴² is 0.0120, so 42" in PAGE
    assert [round(x, 4) for x in (0.75**14, 0.9**35, 0.9**42)] == [0.0178, 0.025, 0.012]


def test_the_sums_of_the_page_add_up() -> None:
    for terms, total in re.findall(r"((?:\d+ \+ )+\d+) = (\d+) days", PAGE):
        assert sum(int(t) for t in terms.split(" + ")) == int(total)
    asked = Fraction(1, 10)
    excess = sum((FALLS[fall] - asked) ** 2 for fall in ("25", "33", "50"))
    assert round(float(excess), 3) == 0.237 and "= 0.237" in PAGE
