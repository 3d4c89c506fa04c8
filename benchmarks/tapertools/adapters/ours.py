"""Glidepath itself, asked as anybody would ask it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import glidepath as gp
from benchmarks.tapertools.case import Case
from benchmarks.tapertools.tool import HEADER, Answer, Declined, Failed, Reason
from glidepath.casework.outputs import plan_files, shown_route
from glidepath.quantity import exact_decimal

_NO_ANSWER = ("INTERNAL", "READBACK_MISMATCH")
_OVER = "Over 25 %"


class GlidepathTool:
    name = "glidepath"
    about = (
        "This project. The route it shows first; the switch or the dose to stay at where the case asks for one. "
        "Timed: proposal, proof, document and all tables, read back; no PDF. Printed: the plan document, which its "
        "pages are drawn from. Reasons: the words it puts on a step of over 25 %."
    )

    def plan(self, case: Case) -> Answer:
        try:
            proposal = gp.plan(case.line, today=case.starts - timedelta(days=7), **options_of(case))
        except gp.GlidepathError as error:
            if error.code in _NO_ANSWER:
                raise Failed(error.code) from error
            raise Declined(f"{error.code}: {error.message}") from error
        files = plan_files(proposal, paper=False)
        document = json.loads(files["plan.json"])
        route = "switch" if case.switch else "reduce" if case.stay_at_mg else shown_route(proposal)
        option = next(o for o in document["options"] if o["route"] == route)
        if "plan" not in option:
            raise Declined(f"{route}: {option['withheld']}")
        return Answer(
            days=files[f"options/{route}/days.csv"].decode(),
            printed=printed(document, option["plan"]),
            reasons=tuple(
                Reason(step["starts"], step["because"])
                for step in option["plan"]["steps"]
                if step["because"].startswith(_OVER)
            ),
        )


def options_of(case: Case) -> dict[str, Any]:
    """The options of `glidepath plan` that say what the case says."""
    options: dict[str, Any] = {
        "start": case.start,
        "region": case.region,
        "age": case.age,
        "since": case.since,
        "splits": case.confirmed_halves,
        "product": _named(case),
        "maintain": f"{case.stay_at_mg} mg" if case.stay_at_mg else None,
        **case.answers,
    }
    if case.pace:
        options |= {"percent": case.pace["percent"], "every": f"{case.pace['every_days']}d"}
    if case.switch:
        options |= {"switch": case.switch["to"], "table": case.switch["table"]}
    return options


def _named(case: Case) -> tuple[str, ...]:
    """The product that is taken, where it is one and not a plain tablet or capsule that the line may leave unsaid."""
    forms = {p.name: p.form for p in case.products}
    taken = dict.fromkeys(t.product for t in case.taken)
    return tuple(taken) if len(taken) == 1 and forms[next(iter(taken))] not in ("tablet", "capsule") else ()


def printed(document: dict[str, Any], plan: dict[str, Any]) -> str:
    """The plan of a document, written out day by day from its steps and pieces alone."""
    strengths = {name: Fraction(product["strength"]) for name, product in document["products"].items()}
    lines = [HEADER]
    for step in plan["steps"]:
        tails = []
        for intake in step["intakes"]:
            doses = [strengths[p["product"]] * Fraction(p["units"]) for p in intake["pieces"]]
            if sum(doses) != Fraction(intake["dose_mg"]):
                raise Failed("an intake of the plan document is not the sum of its pieces")
            tails += [
                f"{step['number']},{intake['time']},{intake['drug']},{p['product']},{p['units']},{exact_decimal(mg)},,"
                for p, mg in zip(intake["pieces"], doses, strict=True)
            ]
        first = date.fromisoformat(step["starts"])
        for offset in range(step["days"]):
            lines += [f"{(first + timedelta(days=offset)).isoformat()},{tail}" for tail in tails]
    return "\n".join(lines) + "\n"
