"""Building one case from a drug, a region and doses by time of day, with the products that the facts list."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

from benchmarks.tapertools.case import Case, Offered, Taken
from benchmarks.tapertools.makeup import Pieces, make_up
from glidepath.facts.formulary import load_formulary
from glidepath.facts.model import Form, Product, Split
from glidepath.quantity import exact_decimal

START = "2027-01-04"
REGIONS = ("US", "UK", "CA", "AU", "NL", "DE")
QUESTIONS = ("seizures", "pregnancy", "liver", "opioid", "other_sedatives", "past_complicated_withdrawal")
TIMES = ("morning", "noon", "evening", "night")

Doses = dict[str, Fraction]

_NEVER_PLANNED = (Form.DROPS, Form.SPRAY, Form.COMBINATION_TABLET, Form.COMBINATION_CAPSULE)
_OFTEN = {
    ("morning",): "every morning",
    ("night",): "at night",
    ("morning", "night"): "twice daily",
    ("morning", "noon", "night"): "three times daily",
    TIMES: "four times daily",
}
_WHEN = {"morning": "in the morning", "noon": "at noon", "evening": "in the evening", "night": "at night"}


def pairs() -> list[tuple[str, str]]:
    """Every drug that is planned, with each region that has something of it to plan with."""
    facts = load_formulary()
    return [
        (drug, region)
        for drug in facts.drug_names
        if facts.drug(drug).not_planned is None
        for region in REGIONS
        if offered(drug, region)
    ]


def offered(drug: str, region: str) -> tuple[Offered, ...]:
    """The products of a drug in a region that a plan may use: no drops, sprays or combinations."""
    products = load_formulary().products(drug, region)
    return tuple(_offered(p) for p in products if p.form not in _NEVER_PLANNED)


def _offered(product: Product) -> Offered:
    liquid, capsule = product.form.is_liquid, "capsule" in product.form.value
    return Offered(
        name=product.name,
        drug=product.drug,
        form=product.form.value,
        unit="mL" if liquid else "capsule" if capsule else "tablet",
        mg=exact_decimal(product.strength),
        release=product.form.release,
        halves=product.halves.value,
        quarters=product.quarters.value,
    )


def plain(drug: str, region: str) -> tuple[Offered, ...]:
    """Plain tablets and capsules, by falling strength."""
    found = [p for p in offered(drug, region) if p.form in ("tablet", "capsule")]
    return tuple(sorted(found, key=lambda p: -p.strength))


def doses(text: str) -> Doses:
    """Doses by time of day from a short text: `0.5 1` is morning and night, `0 0 0 30` the night alone.

    One number is the night; two are morning and night; three leave out the evening; four are all times.
    """
    numbers = [Fraction(t) for t in text.split()]
    times = {1: ("night",), 2: ("morning", "night"), 3: ("morning", "noon", "night"), 4: TIMES}[len(numbers)]
    return {time: mg for time, mg in zip(times, numbers, strict=True) if mg}


def line_of(drug: str, taken: Doses) -> str:
    times = tuple(taken)
    if len(set(taken.values())) == 1 and times in _OFTEN:
        return f"{drug} {exact_decimal(taken[times[0]])} mg {_OFTEN[times]}"
    return f"{drug} " + ", ".join(f"{exact_decimal(mg)} mg {_WHEN[time]}" for time, mg in taken.items())


def build(
    group: str,
    drug: str,
    region: str,
    taken: Doses | dict[str, Pieces],
    *,
    using: tuple[Offered, ...] | None = None,
    age: int | None = 46,
    since: str | None = "2022-01",
    confirm: bool = True,
    stay_at: Fraction | None = None,
    pace: dict[str, Any] | None = None,
    switch: str | None = None,
    published: str | None = None,
    notes: str = "",
) -> Case | None:
    """A case without its id, or None where the products cannot make what is taken.

    `using` are the products that are taken now (plain tablets and capsules if not said), `switch` an equivalence
    table. With `confirm` a pharmacist has confirmed halves of every tablet whose makers differ or do not say.
    """
    products = offered(drug, region)
    if switch:
        products += offered("diazepam", region)
    confirmed = tuple(p.name for p in products if confirm and p.form == "tablet" and p.halves in _UNSURE)
    made: dict[str, Pieces] = {}
    for time, dose in taken.items():
        pieces = make_up(dose, using or plain(drug, region), confirmed) if isinstance(dose, Fraction) else dose
        if pieces is None:
            return None
        made[time] = pieces
    totals = {t: sum((p.strength * units for p, units in pieces), Fraction(0)) for t, pieces in made.items()}
    return Case(
        id="",
        group=group,
        region=region,
        drug=drug,
        line=line_of(drug, totals),
        start=START,
        taken=tuple(_taken(time, p, units) for time, pieces in made.items() for p, units in pieces),
        stay_at_mg=None if stay_at is None else exact_decimal(stay_at),
        age=age,
        since=since,
        answers=dict.fromkeys(QUESTIONS, "no"),
        products=products,
        confirmed_halves=confirmed,
        pace=pace,
        switch={"to": "diazepam", "table": switch} if switch else None,
        published=published,
        notes=notes,
    )


_UNSURE = (Split.VARIES.value, Split.UNKNOWN.value)


def _taken(time: str, product: Offered, units: Fraction) -> Taken:
    return Taken(
        time=time,
        drug=product.drug,
        dose_mg=exact_decimal(product.strength * units),
        product=product.name,
        units=exact_decimal(units),
    )


def numbered(cases: list[Case | None]) -> list[Case]:
    """The cases that could be built, each question once, with an id from group and number."""
    found: list[Case] = []
    seen: set[tuple[object, ...]] = set()
    counts: dict[str, int] = {}
    for case in cases:
        if case is None:
            continue
        asked = (case.region, case.line, case.taken, case.stay_at_mg, case.age, str(case.pace), str(case.switch))
        if (*asked, case.confirmed_halves) in seen and case.published is None:
            continue
        seen.add((*asked, case.confirmed_halves))
        counts[case.group] = counts.get(case.group, 0) + 1
        slug = re.sub(r"[^a-z0-9]+", "-", case.group)
        found.append(replace(case, id=f"{slug}-{counts[case.group]:03d}"))
    return found
