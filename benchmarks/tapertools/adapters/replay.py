"""Published schedules played back: their own doses and longest stated holds, on the cases that start like them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from benchmarks.tapertools.adapters.rules import recorded
from benchmarks.tapertools.case import Case, Offered
from benchmarks.tapertools.daytable import Stretch, days_text
from benchmarks.tapertools.makeup import Pieces, make_up, same_release
from benchmarks.tapertools.tool import Answer, Declined

PUBLISHED = Path(__file__).parents[1] / "published.json"
_FIRST_DAYS = 14


class PublishedSchedules:
    name = "published schedules"
    about = (
        "The rows of published tapers, on the cases with the same start only, each step for the longest time that the "
        "source allows. Sources give daily totals, so products are the fewest units that make them, and no time of day "
        "is given. Schedules that are recalled, not read, are not played back."
    )

    def __init__(self) -> None:
        read = json.loads(PUBLISHED.read_text(encoding="utf-8"))
        self._steps = {taper["id"]: taper["steps"] for taper in read if taper["steps"]}

    def plan(self, case: Case) -> Answer:
        steps = self._steps.get(case.published or "")
        if steps is None:
            raise Declined("no published schedule with this start has been read")
        products = tuple(p for p in same_release(case) if p.form != "ODT" or case.drug == "clonazepam")
        stretches = [Stretch(_FIRST_DAYS, recorded(case))]
        for step in steps:
            mg = Fraction(step["mg"])
            taken = {"": pieces_or_part(mg, products, case.confirmed_halves)} if mg else {}
            stretches.append(Stretch(step["days"][1], taken))
        return Answer(days=days_text(case.drug, case.starts, stretches))


def pieces_or_part(mg: Fraction, products: tuple[Offered, ...], confirmed: tuple[str, ...]) -> Pieces:
    """Units that make a dose; where none do, a part of the smallest tablet, which the checker then finds."""
    made = make_up(mg, products, confirmed)
    least = min((p for p in products if p.unit != "mL"), key=lambda p: p.strength)
    return made if made is not None else ((least, mg / least.strength),)
