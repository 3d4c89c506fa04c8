"""The oracle can fail: a sound plan broken by hand is caught, each time by the check that is meant to see it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import glidepath as gp
from glidepath.casework.outputs import plan_files
from tests.support import oracle

ROUTE = "direct-all-forms"
Document = dict[str, Any]


def a_plan(line: str = "clonazepam 1 mg twice daily", **options: Any) -> tuple[Document, str]:
    """A sound plan as its document and day table."""
    asked = {"since": "2023-11", "age": 62, "start": "2026-12-07", "today": date(2026, 11, 22), **options}
    files = plan_files(gp.plan(line, **asked), paper=False)
    return json.loads(files["plan.json"]), files[f"options/{ROUTE}/days.csv"].decode()


def complaints(document: Document, days: str) -> list[str]:
    return oracle.check_route(document, ROUTE, days, gp.load_formulary()).complaints


def option_of(document: Document) -> Document:
    return next(o for o in document["options"] if o["route"] == ROUTE)


def step(document: Document, number: int) -> Document:
    return option_of(document)["plan"]["steps"][number]


def replaced(days: str, old: str, new: str, times: int = -1) -> str:
    assert old in days
    return days.replace(old, new, times)


def test_a_sound_plan_has_no_complaint():
    assert complaints(*a_plan()) == []


def a_rise(document: Document, days: str) -> tuple[Document, str]:
    # The morning of step 5 goes back to the dose of step 2, in both the document and the table.
    step(document, 5)["intakes"][0] = copy.deepcopy(step(document, 2)["intakes"][0])
    lines = days.split("\n")
    earlier = [x.split(",", 2)[2] for x in lines if ",2,morning," in x][:2]
    out: list[str] = []
    for line in lines:
        if ",5,morning," in line:
            if not out or out[-1].split(",")[0] != line.split(",")[0]:
                out += [f"{line.split(',')[0]},5,{tail}" for tail in dict.fromkeys(earlier)]
            continue
        out.append(line)
    return document, "\n".join(out)


def a_gap(document: Document, days: str) -> tuple[Document, str]:
    return document, "\n".join(x for x in days.split("\n") if not x.startswith("2027-01-05"))


def a_day_twice(document: Document, days: str) -> tuple[Document, str]:
    lines = days.split("\n")
    day = [x for x in lines if x.startswith("2027-01-05")]
    at = lines.index(day[-1]) + 1
    return document, "\n".join([*lines[:at], *(x.replace("2027-01-05", "2027-01-06") for x in day), *lines[at:]])


def another_day_inside_a_step(document: Document, days: str) -> tuple[Document, str]:
    old = "2027-01-05,1,night,clonazepam,clonazepam 0.5 mg tablet,2,1,5.00,20.00"
    return document, replaced(days, old, "2027-01-05,1,night,clonazepam,clonazepam 0.5 mg tablet,1,0.5,2.50,10.00")


def a_wrong_piece(document: Document, days: str) -> tuple[Document, str]:
    # A quarter of an ODT, which is never divided.
    for s in option_of(document)["plan"]["steps"]:
        for intake in s["intakes"]:
            for piece in intake["pieces"]:
                if s["number"] == 15:
                    piece["product"], piece["units"] = "clonazepam 0.25 mg ODT", "0.5"
    return document, replaced(
        days,
        "15,night,clonazepam,clonazepam 0.125 mg ODT,1,0.125",
        "15,night,clonazepam,clonazepam 0.25 mg ODT,0.5,0.125",
    )


def a_product_of_another_region(document: Document, days: str) -> tuple[Document, str]:
    text = json.dumps(document).replace("clonazepam 0.125 mg ODT", "clonazepam 0.1 mg/mL oral solution")
    return json.loads(text), replaced(days, "clonazepam 0.125 mg ODT", "clonazepam 0.1 mg/mL oral solution")


def a_wrong_total(document: Document, days: str) -> tuple[Document, str]:
    return document, replaced(days, "clonazepam 0.5 mg tablet,2,1,", "clonazepam 0.5 mg tablet,2,1.1,")


def a_wrong_equivalent(document: Document, days: str) -> tuple[Document, str]:
    return document, replaced(days, ",0.62,2.50", ",0.63,2.50")


def a_stop_left_out(document: Document, days: str) -> tuple[Document, str]:
    return document, days[: days.rstrip("\n").rindex("\n") + 1]


def a_short_hold(document: Document, days: str) -> tuple[Document, str]:
    # The last step loses its last week.
    last = step(document, -1)
    plan = option_of(document)["plan"]
    gone = [f"2028-10-{n:02d}" for n in range(9, 16)]
    last["days"] -= 7
    last["ends"] = plan["ends_on"] = "2028-10-08"
    plan["stops_on"] = "2028-10-09"
    kept = [x for x in days.split("\n") if x[:10] not in gone]
    return document, "\n".join(kept).replace("2028-10-16", "2028-10-09")


def a_status_that_flatters(document: Document, days: str) -> tuple[Document, str]:
    for check in option_of(document)["proof"]:
        if check["id"] == "fall-in-14-days":
            check["status"] = "pass"
    return document, days


def a_fill_that_is_short(document: Document, days: str) -> tuple[Document, str]:
    line = option_of(document)["supply"]["fills"][2]["lines"][0]
    line["dispensed"] = str(int(line["dispensed"]) - 1)
    return document, days


def a_half_dispensed(document: Document, days: str) -> tuple[Document, str]:
    for fill in option_of(document)["supply"]["fills"][-1:]:
        line = fill["lines"][0]
        line["dispensed"], line["left_after"] = line["dispensed"] + ".5", "0.5"
    return document, days


def a_fill_left_out(document: Document, days: str) -> tuple[Document, str]:
    option_of(document)["supply"]["fills"].pop()
    return document, days


def another_start(document: Document, days: str) -> tuple[Document, str]:
    document["understood"]["line"] = "clonazepam 1 mg in the morning, 1.5 mg at night"
    return document, days


def a_higher_last_dose(document: Document, days: str) -> tuple[Document, str]:
    plan = option_of(document)["plan"]
    gone = plan["steps"].pop()
    last = plan["steps"][-1]
    plan["ends_on"], plan["stops_on"] = last["ends"], gone["starts"]
    head, *rows = days.split("\n")[:-2]
    kept = [x for x in rows if x[:10] < gone["starts"]]
    return document, "\n".join([head, *kept, f"{gone['starts']},15,,clonazepam,,0,0,0.00,0.00", ""])


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        (a_rise, "rises"),
        (a_gap, "dates"),
        (a_day_twice, "not all the same"),
        (another_day_inside_a_step, "not all the same"),
        (a_wrong_piece, "splits"),
        (a_product_of_another_region, "not a product"),
        (a_wrong_total, "units x strength"),
        (a_wrong_equivalent, "equivalents"),
        (a_stop_left_out, "dates"),
        (a_short_hold, "holds"),
        (a_status_that_flatters, "proof: fall-in-14-days"),
        (a_fill_that_is_short, "ledger"),
        (a_half_dispensed, "not whole"),
        (a_fill_left_out, "days covered"),
        (another_start, "start"),
        (a_higher_last_dose, "last dose"),
    ],
    ids=lambda value: value.__name__.replace("_", " ") if callable(value) else "",
)
def test_a_plan_broken_by_hand_is_caught(broken: Callable[[Document, str], tuple[Document, str]], word: str):
    found = complaints(*broken(*a_plan()))
    assert any(word in complaint for complaint in found), found


def test_the_oracle_reads_no_number_that_is_not_plain():
    for text in ("1.0", "01", ".5", "1e3", "1_0", "-1", "+1", "", "1.", "½"):
        with pytest.raises(ValueError):
            oracle.number(text)


def test_rolling_falls_are_those_of_the_definition():
    days = [100] * 5 + [90] * 10 + [70] * 3
    assert oracle.largest(oracle.rolling_falls(days, 14)) == oracle.Fraction(30, 100)
    assert oracle.largest(oracle.rolling_falls(days, 5)) == oracle.Fraction(20, 90)
    # The start is assumed before day 1 and the last dose after the end: nothing more is seen there.
    assert oracle.largest(oracle.rolling_falls([50, 50], 28)) == 0
