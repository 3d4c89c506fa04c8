"""Writes cases.jsonl: the six cases, published starts, and the hard corners over all drugs and regions.

    python -m benchmarks.tapertools.make_cases

Nothing is drawn by chance. The products come from the facts, so the file is written again when those change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from benchmarks.tapertools.build import build, doses, numbered, offered, pairs, plain
from benchmarks.tapertools.case import CASES, Case, Offered
from benchmarks.tapertools.makeup import Pieces
from glidepath.facts.formulary import load_formulary

PUBLISHED = Path(__file__).parent / "published.json"
_HALF = Fraction(1, 2)
_NIGHT = "night"

# The six cases that every tool was first looked at with: drug, doses, taken since, age.
_SIX = (
    ("clonazepam", "1 1", "2024-01", 62),
    ("clonazepam", "0.5", "2026-07", 40),
    ("alprazolam", "2 2 2", "2022-01", 45),
    ("lorazepam", "1 1 1", "2026-01", 45),
    ("diazepam", "10 10 10", "2017-01", 55),
    ("temazepam", "30", "2025-01", 78),
)


def six() -> Iterator[Case | None]:
    for number, (drug, taken, since, age) in enumerate(_SIX, 1):
        yield build("six", drug, "US", doses(taken), since=since, age=age, notes=f"C{number}")


def worked() -> Iterator[Case | None]:
    for taper in json.loads(PUBLISHED.read_text(encoding="utf-8")):
        taken = {time: Fraction(mg) for time, mg in taper["taken"].items()}
        notes = f"{taper['title']} ({taper['source']}; {taper['known']})"
        yield build(
            "worked",
            taper["drug"],
            taper["region"],
            taken,
            since="2020-01",
            age=50,
            pace=taper["pace"],
            published=taper["id"],
            notes=notes,
        )


def everyday() -> Iterator[Case | None]:
    """Every planned drug in every region, from one middle strength at its usual times."""
    for number, (drug, region) in enumerate(pairs()):
        products = plain(drug, region)
        if not products:
            continue
        mg = products[len(products) // 2].strength
        hypnotic = load_formulary().drug(drug).taken_at_night
        taken = {_NIGHT: mg} if hypnotic else ({"morning": mg, _NIGHT: mg} if number % 2 else dict.fromkeys(_THREE, mg))
        yield build("everyday", drug, region, taken, age=30 + number % 34, since=f"{2014 + number % 12}-06")


_THREE = ("morning", "noon", "night")


def capsules_only() -> Iterator[Case | None]:
    """Drugs of which a region has capsules alone: nothing can be halved."""
    for drug, region in pairs():
        products = plain(drug, region)
        if not products or any(p.unit != "capsule" for p in products) or len(products) != len(offered(drug, region)):
            continue
        low, high = products[-1].strength, products[0].strength
        for taken in ({_NIGHT: high}, {"morning": low, _NIGHT: high}):
            yield build("capsules-only", drug, region, taken)


def tiny_dose() -> Iterator[Case | None]:
    """Half of the smallest tablet, or the smallest unit, once a day: hardly anything lies below."""
    for number, (drug, region) in enumerate(pairs()):
        products = plain(drug, region)
        if not products:
            continue
        least = products[-1].strength
        halved = build("tiny-dose", drug, region, {_NIGHT: least / 2}, since="2025-06") if number % 2 else None
        yield halved or build("tiny-dose", drug, region, {_NIGHT: least}, since="2025-06")


def xr() -> Iterator[Case | None]:
    for drug, region in pairs():
        products = tuple(p for p in offered(drug, region) if p.release == "XR")
        for product in products:
            one: Pieces = ((product, Fraction(1)),)
            yield build("xr", drug, region, {_NIGHT: one})
            yield build("xr", drug, region, {"morning": ((product, Fraction(2)),)})
        if len(products) > 1 and not load_formulary().drug(drug).taken_at_night:
            first, last = ((products[0], Fraction(1)),), ((products[-1], Fraction(1)),)
            yield build("xr", drug, region, {"morning": last, _NIGHT: first})


def three_strengths() -> Iterator[Case | None]:
    """One unit of each of three strengths in one intake, or spread over the day."""
    for number, (drug, region) in enumerate(pairs()):
        products = plain(drug, region)
        if len({p.strength for p in products}) < 3:
            continue
        chosen = products[:3] if number % 2 else products[-3:]
        together: Pieces = tuple((p, Fraction(1)) for p in chosen)
        yield build("three-strengths", drug, region, {_NIGHT: together})
        apart = {t: ((p, Fraction(1)),) for t, p in zip(_THREE, reversed(chosen), strict=True)}
        yield build("three-strengths", drug, region, apart)


def odd_start() -> Iterator[Case | None]:
    """One and a half tablets, five halves, uneven times: doses that no scheme starts from."""
    for number, (drug, region) in enumerate(pairs()):
        products = plain(drug, region)
        if not products:
            continue
        mg = products[-1].strength
        if number % 2:
            continue
        odd = {"morning": mg * _HALF, _NIGHT: mg * 3 * _HALF} if number % 4 else {_NIGHT: mg * 5 * _HALF}
        whole = {"morning": mg, _NIGHT: mg * 3}
        yield build("odd-start", drug, region, odd) or build("odd-start", drug, region, whole)
    yield build("odd-start", "clonazepam", "US", doses("0.875 0.125"), using=_odt("clonazepam"))
    yield build("odd-start", "clonazepam", "US", doses("0.25 0.375 0.125 0.625"), using=_odt("clonazepam"))
    yield build("odd-start", "alprazolam", "US", doses("0.25 0.75 0.25 1.25"))


def _odt(drug: str) -> tuple[Offered, ...]:
    return tuple(p for p in offered(drug, "US") if p.form == "ODT")


def switches() -> Iterator[Case | None]:
    """A staged switch to diazepam was agreed, by a named table."""
    asked = (
        ("alprazolam", "0.5 0.5 0.5"),
        ("lorazepam", "1 1 1"),
        ("clonazepam", "0.5 1"),
        ("oxazepam", "15 15 15"),
        ("temazepam", "20"),
        ("nitrazepam", "5"),
        ("zopiclone", "7.5"),
        ("bromazepam", "3 3"),
    )
    for drug, taken in asked:
        tables = [row.table for row in load_formulary().conversion_tables(drug)]
        for number, region in enumerate(r for d, r in pairs() if d == drug):
            table = tables[number % 2] if len(tables) > 1 else tables[0]
            yield build("switch", drug, region, doses(taken), age=44, switch=table)


def elderly() -> Iterator[Case | None]:
    """65 to 93 years, mostly sleeping tablets for many years."""
    asked = ("temazepam", "zopiclone", "zolpidem", "nitrazepam", "lormetazepam", "lorazepam", "oxazepam", "diazepam")
    for number, (drug, region) in enumerate(p for p in pairs() if p[0] in asked):
        mg = plain(drug, region)[0].strength if plain(drug, region) else None
        if mg is not None and number % 3 != 2:
            age, since = 65 + number * 7 % 29, f"{1998 + number * 5 % 24}-03"
            yield build("elderly", drug, region, {_NIGHT: mg}, age=age, since=since)


def liquids() -> Iterator[Case | None]:
    """Taken as a liquid, or as the smallest tablet where a liquid is there to go on with."""
    for drug, region in pairs():
        of_region = offered(drug, region)
        for liquid in (p for p in of_region if p.unit == "mL"):
            for volume in ("2.5", "10"):
                taken: Pieces = ((liquid, Fraction(volume)),)
                yield build("liquid", drug, region, {_NIGHT: taken})
            half_day: Pieces = ((liquid, Fraction(3)),)
            yield build("liquid", drug, region, {"morning": half_day, _NIGHT: half_day})
            if plain(drug, region):
                yield build("liquid", drug, region, {_NIGHT: plain(drug, region)[-1].strength * 2}, age=52)


def high_dose() -> Iterator[Case | None]:
    """Two of the largest tablet three or four times a day."""
    for number, (drug, region) in enumerate(pairs()):
        if number % 2 and plain(drug, region) and not load_formulary().drug(drug).taken_at_night:
            mg = plain(drug, region)[0].strength * (2 if number % 4 == 1 else 1)
            times = _THREE if number % 3 else ("morning", "noon", "evening", "night")
            yield build("high-dose", drug, region, dict.fromkeys(times, mg), since="2012-01", age=49)


def reduce_only() -> Iterator[Case | None]:
    """Down to the smallest unit, and to stay there."""
    for number, (drug, region) in enumerate(pairs()):
        products = plain(drug, region)
        if number % 3 == 0 and len(products) > 1:
            stay = products[-1].strength
            yield build("reduce-only", drug, region, {"morning": stay, _NIGHT: products[0].strength}, stay_at=stay)


def fixed_pace() -> Iterator[Case | None]:
    """The prescriber has fixed percent and interval."""
    for percent, days in (("5", 28), ("10", 14), ("10", 28), ("7.5", 21)):
        pace = {"percent": percent, "every_days": days}
        for drug, region, taken in (
            ("diazepam", "UK", "10 10"),
            ("clonazepam", "US", "0.5 1"),
            ("lorazepam", "DE", "1 1 1"),
            ("oxazepam", "AU", "15 30"),
        ):
            yield build("fixed-pace", drug, region, doses(taken), pace=pace)


def unconfirmed_halves() -> Iterator[Case | None]:
    """Makers differ on halves or do not say, and no pharmacist has confirmed any."""
    for drug, region in pairs():
        products = plain(drug, region)
        if products and all(p.halves in ("varies", "unknown") for p in products):
            yield build("unconfirmed-halves", drug, region, {_NIGHT: products[0].strength}, confirm=False)


GROUPS = (
    six,
    worked,
    everyday,
    capsules_only,
    tiny_dose,
    xr,
    three_strengths,
    odd_start,
    switches,
    elderly,
    liquids,
    high_dose,
    reduce_only,
    fixed_pace,
    unconfirmed_halves,
)


def all_cases() -> list[Case]:
    """Every case, in the order of the groups."""
    return numbered([case for group in GROUPS for case in group()])


def cases_text() -> str:
    """The file as it is committed."""
    return "".join(case.as_json() + "\n" for case in all_cases())


def main() -> None:
    CASES.write_text(cases_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
