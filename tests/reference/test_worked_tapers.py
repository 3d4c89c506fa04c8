"""Published worked tapers, written as a person would write them in a table, get the falls worked out for them by hand.

The expected figures were computed apart from this software, with the shortest and with the longest days that each
source allows; the first breach is the dose from which 25 % in 14 days is first passed.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import glidepath as gp

TAPERS = json.loads((Path(__file__).parent / "published" / "worked_tapers.json").read_text())["tapers"]
TIMES = ("morning", "noon", "night")
CASES = [(taper, which) for taper in TAPERS for which in taper["expected"]]


def length(step: list[Any], which: str) -> int:
    return max(1, step[1] if which == "fastest" else step[2])


def step_table(taper: dict[str, Any], which: str) -> str:
    """`days,dose_mg`, one row a step; the start dose is stated apart."""
    return "days,dose_mg\n" + "".join(f"{length(step, which)},{step[0]}\n" for step in taper["steps"])


def dated_table(taper: dict[str, Any], which: str) -> str:
    """`start,end,dose_mg,drug,time`: an exchange of drugs by time of day, four weeks of the start dose first."""
    rows, day = ["start,end,dose_mg,drug,time"], date(2027, 1, 4)
    for taken, days in [(taper["start"], 28), *((s[0], length(s, which)) for s in taper["steps"])]:
        last = day + timedelta(days=days - 1)
        for drug, doses in taken.items():
            if all(Fraction(dose) == 0 for dose in doses):
                rows.append(f"{day},{last},0,{drug},")
            rows += [f"{day},{last},{d},{drug},{t}" for t, d in zip(TIMES, doses, strict=True) if Fraction(d)]
        day = last + timedelta(days=1)
    return "\n".join(rows) + "\n"


def opinion(taper: dict[str, Any], which: str) -> Any:
    if isinstance(taper["start"], dict):
        return gp.check(dated_table(taper, which), table="ASHTON2002", region="UK")
    drug = taper["drug"] if taper["drug"] in gp.load_formulary().drug_names else "diazepam"
    return gp.check(step_table(taper, which), drug=drug, start_dose=f"{taper['start']} mg", doses_only=True)


@pytest.mark.parametrize(("taper", "which"), CASES, ids=lambda v: v if isinstance(v, str) else v["id"])
def test_a_published_taper_has_the_worst_fall_and_the_first_breach_that_were_worked_out_by_hand(taper, which):
    percent, dose = taper["expected"][which]
    report = opinion(taper, which).report
    worst = report.worst_fall_14d.fraction if report.worst_fall_14d else Fraction(0)
    assert abs(worst * 100 - Fraction(percent)) <= Fraction(1, 20), (float(worst), percent)
    first = report.first_over_25_in_14d
    assert (first and first.from_mg) == (None if dose is None else Fraction(dose))


@pytest.mark.parametrize(("taper", "which"), CASES, ids=lambda v: v if isinstance(v, str) else v["id"])
def test_a_published_taper_is_a_breach_exactly_where_it_falls_too_fast_or_rises(taper, which):
    checked = opinion(taper, which)
    too_fast = taper["expected"][which][1] is not None
    status = {c.id: c.status.value for c in checked.report.checks}
    assert (status["fall-in-14-days"] == "breach") == too_fast
    if too_fast:
        assert checked.verdict == "breaches"


def test_most_published_tapers_are_in_the_test():
    assert len(CASES) == 46
    assert sum(dose is None for t in TAPERS for _, dose in t["expected"].values()) == 3
