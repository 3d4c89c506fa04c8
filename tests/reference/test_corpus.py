"""One shared corpus of regimens over every drug and region: planned, proven, written and read back.

Each question is planned as a person would ask it. A refusal by a known code is an answer; anything else that is
raised is a fault. What is planned is written and read back by a parser of this folder, and the oracle, which shares
no planning code, must find nothing wrong with it. `GLIDEPATH_CORPUS` sets how many regimens are made (20,000 by
default); `GLIDEPATH_CORPUS_TALLY` names a file to which each part adds its counts as a JSON line.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

import glidepath as gp
from glidepath.casework.outputs import plan_files, shown_route
from glidepath.casework.sign import sign, signed_view
from glidepath.oversight.signature import Override, Signature, Signer
from glidepath.render.calendar import calendar_ics
from glidepath.render.readback import read_back_ics
from glidepath.render.route_view import view_of
from tests.support import oracle
from tests.support.calendar_text import read_calendar
from tests.support.regimens import TODAY, Asked, regimen

SIZE = int(os.environ.get("GLIDEPATH_CORPUS", "20000"))
PART = 500
SIGNED_EVERY = 40  # the full signing, which plans and proves again
ALL_ROUTES_EVERY = 10
PDFS = 100
REFUSALS = {
    "ABRUPT_STOP_REFUSED",
    "DRUG_NOT_PLANNED",
    "LAST_DOSE_INVALID",
    "NOTHING_FEASIBLE",
    "PRODUCT_NOT_MARKETED",
    "SWITCH_TARGET_INVALID",
}
WHO = "A. Person, physician, 123"
AT = "2026-12-01T09:00:00+00:00"


@pytest.mark.parametrize("first", range(0, SIZE, PART))
def test_every_regimen_is_planned_soundly_or_refused_by_code(first: int):
    formulary = gp.load_formulary()
    counted: Counter[str] = Counter()
    spent: list[float] = []
    faults: list[str] = []
    for number in range(first, min(first + PART, SIZE)):
        asked = regimen(number)
        began = perf_counter()
        try:
            proposal = gp.plan(asked.sig, today=TODAY, **asked.options)
        except gp.GlidepathError as refusal:
            counted[refusal.code] += 1
            if refusal.code not in REFUSALS:
                faults.append(f"{number}: {refusal.code} for {asked.sig!r} {asked.options}")
            continue
        finally:
            spent.append(perf_counter() - began)
        counted["planned"] += 1
        faults += [
            f"{number} {asked.sig!r} {asked.options}: {f}" for f in faults_of(asked, proposal, formulary, counted)
        ]
    tally(first, counted, sorted(spent)[len(spent) // 2], max(spent))
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:20])
    # The first numbers walk over every drug in every region, sold there or not.
    assert counted["planned"] >= 0.7 * len(spent), counted


def faults_of(asked: Asked, proposal: Any, formulary: Any, counted: Counter[str]) -> list[str]:
    """Everything wrong with one proposal and its files."""
    files = plan_files(proposal, paper=False)
    document = read_json(files["plan.json"])
    shown = shown_route(proposal)
    found = [] if digest(document) == document["digest"] else ["the digest is not that of the document"]
    planned = [o["route"] for o in document["options"] if "plan" in o]
    routes = planned if asked.number % ALL_ROUTES_EVERY == 0 else [shown]
    for route in routes:
        days = files[f"options/{route}/days.csv"].decode()
        report = oracle.check_route(document, route, days, formulary)
        found += [f"{route}: {c}" for c in report.complaints]
        found += [f"{route}: {c}" for c in steps_differ(files[f"options/{route}/steps.csv"].decode(), days)]
        counted["routes checked"] += 1
    if files["days.csv"] != files[f"options/{shown}/days.csv"]:
        found.append("days.csv is not that of the route shown first")
    found += in_memory_differs(proposal, document)
    found += calendar_faults(asked, document, shown, files, counted)
    return found


def read_json(data: bytes) -> Any:
    """The document with our own reading: no number in it is anything but whole."""

    def refuse(text: str) -> Any:
        raise ValueError(f"a number that is not whole: {text}")

    return json.loads(data.decode("utf-8"), parse_float=refuse, parse_constant=refuse)


def digest(document: dict[str, Any]) -> str:
    rest = {key: value for key, value in document.items() if key != "digest"}
    plain = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def in_memory_differs(proposal: Any, document: dict[str, Any]) -> list[str]:
    """Where the plan in memory takes other units than the document says."""
    said = {o["route"]: o.get("plan") for o in document["options"]}
    found = []
    for option in proposal.options.options:
        if option.taper is None:
            continue
        meant = [
            (
                s.starts.isoformat(),
                s.days,
                [(i.slot.value, i.drug, p.product.name, p.units) for i in s.regimen.intakes for p in i.pieces],
            )
            for s in option.taper.steps
        ]
        read = [
            (
                s["starts"],
                s["days"],
                [
                    (i["time"], i["drug"], p["product"], oracle.number(p["units"]))
                    for i in s["intakes"]
                    for p in i["pieces"]
                ],
            )
            for s in said[option.route.value]["steps"]
        ]
        if meant != read:
            found.append(f"{option.route.value}: the document is not the plan")
    return found


def steps_differ(steps_csv: str, days_csv: str) -> list[str]:
    """Every row of the step table is there on each of its days in the day table, and nothing else is."""
    lines = steps_csv.split("\n")
    if lines[0] != "start,end,dose_mg,drug,product,time":
        return ["the step table has another header"]
    from_steps: list[tuple[str, str]] = []
    for line in lines[1:-1]:
        start, end, rest = line.split(",", 2)
        day, last = date.fromisoformat(start), date.fromisoformat(end)
        from_steps += [((day + timedelta(days=n)).isoformat(), rest) for n in range((last - day).days + 1)]
    from_days: list[tuple[str, str]] = []
    for line in days_csv.split("\n")[1:-1]:
        on, _, time, drug, product, _, dose, _, _ = line.split(",")
        from_days.append((on, f"{dose},{drug},{product},{time}"))
    return [] if sorted(from_steps) == sorted(from_days) else ["the step table is not the day table"]


# signed ------------------------------------------------------------------------------------------------------------


def calendar_faults(
    asked: Asked, document: dict[str, Any], route: str, files: dict[str, bytes], counted: Counter[str]
) -> list[str]:
    """The calendar of the first fill, read back by the library and by a parser of our own."""
    if asked.is_answered and asked.number % SIGNED_EVERY == 0:
        view = signed_view(signed(document, route))
        counted["signed"] += 1
    else:
        view = view_of(document, route, a_signature(document, route))
    ics = calendar_ics(view)
    read_back_ics(ics, view)
    counted["calendars"] += 1
    option = next(o for o in document["options"] if o["route"] == route)
    last = option["supply"]["fills"][0]["ends"]
    expected: dict[str, list[tuple[str, str, str, Fraction]]] = {}
    for line in files[f"options/{route}/days.csv"].decode().split("\n")[1:-1]:
        on, _, time, drug, product, units, *_ = line.split(",")
        if on <= last and product:
            expected.setdefault(on, []).append((time, drug, product, oracle.number(units)))
    read = {on: sorted(taken) for on, taken in read_calendar(ics).items()}
    return (
        [] if read == {on: sorted(taken) for on, taken in expected.items()} else ["the calendar is not the day table"]
    )


def breaches(document: dict[str, Any], route: str) -> list[str]:
    option = next(o for o in document["options"] if o["route"] == route)
    return [c["id"] for c in option["proof"] if c["status"] == "breach"]


def signed(document: dict[str, Any], route: str) -> dict[str, Any]:
    asks = any(f["severity"] in ("specialist", "inpatient") for f in document["findings"])
    return sign(
        document,
        option=route,
        by=WHO,
        at=AT,
        override=dict.fromkeys(breaches(document, route), "No smaller step can be made."),
        specialist="B. Person, consultant, 456" if asks else None,
        specialist_reason="Seen together." if asks else None,
    )


def a_signature(document: dict[str, Any], route: str) -> Signature:
    return Signature(
        by=Signer.read(WHO),
        at=AT,
        plan_digest=document["digest"],
        route=route,
        overrides=tuple(Override(check=c, reason="No smaller step can be made.") for c in breaches(document, route)),
    )


# paper -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", range(4))
def test_a_hundred_of_them_are_read_back_from_paper(part: int):
    from glidepath.render.paper import plan_pdf
    from glidepath.render.readback import read_back_pdf

    wanted = min(PDFS, max(4, SIZE // 200)) // 4
    faults, drawn, number = [], 0, part
    while drawn < wanted:
        asked = regimen(number * 37)
        number += 4
        try:
            proposal = gp.plan(asked.sig, today=TODAY, **asked.options)
        except gp.GlidepathError:
            continue
        view = view_of(read_json(plan_files(proposal, paper=False)["plan.json"]), shown_route(proposal))
        drawn += 1
        try:
            read_back_pdf(plan_pdf(view), view)
        except gp.GlidepathError as error:
            faults.append(f"{asked.number} {asked.sig!r} {asked.options}: {error.code} {error} {error.seen}")
    assert not faults, "\n".join(faults)


def test_the_corpus_meets_every_drug_and_region():
    from tests.support.regimens import marketed_pairs, pairs

    numbers = range(min(SIZE, len(pairs())))
    met = {(regimen(n).sig.split()[0], regimen(n).options["region"]) for n in numbers}
    assert {region for _, region in met} == {"US", "UK", "CA", "AU", "NL", "DE"}
    assert len(marketed_pairs()) > 80
    assert regimen(1234) == regimen(1234)


def tally(first: int, counted: Counter[str], median_s: float, slowest_s: float) -> None:
    where = os.environ.get("GLIDEPATH_CORPUS_TALLY")
    if where:
        line = {"first": first, "median_s": median_s, "slowest_s": slowest_s, **counted}
        with Path(where).open("a") as out:
            out.write(json.dumps(line) + "\n")
