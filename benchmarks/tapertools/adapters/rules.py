"""The plain rules that people use by hand, each written from its own words and nothing more.

All count in parts: half of the smallest tablet that is taken, or one whole capsule, ODT, film or extended-release unit,
or half a mL of a liquid. They take a part off the time of day with the largest dose, the earliest of equal ones, so the
night dose stays longest. They do not ask whether a tablet may be halved. Each begins with two weeks on what is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from benchmarks.tapertools.case import Case, Offered
from benchmarks.tapertools.daytable import Stretch, days_text
from benchmarks.tapertools.makeup import Pieces, make_up, same_release
from benchmarks.tapertools.tool import Answer, Declined

_HALF = Fraction(1, 2)
_FIRST_DAYS = 14
_LABEL_STEPS = {"clonazepam": Fraction(1, 4), "alprazolam": Fraction(1, 2)}  # mg a day, every 3 days
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Parts:
    """What is taken now, counted in parts of one size."""

    mg: Fraction
    taken: Counts
    using: tuple[Offered, ...]

    @property
    def total(self) -> int:
        return sum(self.taken.values())


def parts_of(case: Case) -> Parts:
    """Raises `Declined` where what is taken is not a whole number of parts."""
    named = {t.product for t in case.taken}
    using = tuple(sorted((p for p in case.products if p.name in named), key=lambda p: -p.strength))
    least = using[-1]
    mg = least.strength * (_HALF if least.form == "tablet" or least.unit == "mL" else 1)
    taken: Counts = {}
    for piece in case.taken:
        count = piece.mg / mg
        if count.denominator > 1:
            raise Declined("what is taken is not a whole number of half tablets of the smallest strength")
        taken[piece.time] = taken.get(piece.time, 0) + int(count)
    return Parts(mg, taken, using)


def fewer(taken: Counts, total: int) -> Counts:
    """One part after another taken off the largest dose of the day, the earliest of equal ones, down to a total."""
    left = dict(taken)
    while sum(left.values()) > total:
        largest = max(left, key=lambda time: left[time])
        left[largest] -= 1
    return left


def pieces_of(count: int, parts: Parts) -> Pieces:
    """Whole units from the largest strength that is taken down, and the rest in parts of the smallest."""
    left, pieces = count * parts.mg, []
    for product in parts.using[:-1]:
        units = left // product.strength if product.unit != "mL" else 0
        if units:
            pieces.append((product, Fraction(units)))
            left -= units * product.strength
    if left:
        pieces.append((parts.using[-1], left / parts.using[-1].strength))
    return tuple(pieces)


def laid(case: Case, parts: Parts, totals: list[int], days: int) -> Answer:
    """The day table of falling totals, each held for some days, after two weeks on what is taken."""
    now, stretches = parts.taken, [Stretch(_FIRST_DAYS, recorded(case))]
    for total in totals:
        now = fewer(now, total)
        stretches.append(Stretch(days, {t: pieces_of(n, parts) for t, n in now.items() if n}))
    return Answer(days=days_text(case.drug, case.starts, stretches))


def recorded(case: Case) -> dict[str, Pieces]:
    """What is taken now, with the products that are taken."""
    products = {p.name: p for p in case.products}
    taken: dict[str, Pieces] = {}
    for piece in case.taken:
        taken[piece.time] = (*taken.get(piece.time, ()), (products[piece.product], Fraction(piece.units)))
    return taken


def last_of(case: Case, mg: Fraction) -> int:
    """The parts at which the taper ends: none, or the dose to stay at."""
    last = case.end_mg / mg
    if last.denominator > 1:
        raise Declined("the dose to stay at is not a whole number of parts")
    return int(last)


def only_plain(case: Case, pace: tuple[str, int] | None = None) -> None:
    """A rule knows no switch and no pace but its own."""
    if case.switch:
        raise Declined("the rule knows no switch to another drug")
    if case.pace and (case.pace["percent"], case.pace["every_days"]) != pace:
        raise Declined("the case fixes another pace than the rule has")


class TenPercent:
    name = "10 % of current"
    about = (
        "10 % of the current daily dose every 14 days, the day rounded to the nearest half tablet (a tie to the larger "
        "dose); where that is no fall, half a tablet less."
    )

    def plan(self, case: Case) -> Answer:
        only_plain(case, ("10", 14))
        parts = parts_of(case)
        last, totals = last_of(case, parts.mg), [parts.total]
        while totals[-1] > last:
            # nine tenths, to the nearest whole number, ties up
            wanted = (9 * totals[-1] + 5) // 10
            totals.append(max(last, min(wanted, totals[-1] - 1)))
        return laid(case, parts, totals[1:], 14)


class QuarterFortnightly:
    name = "25 % every 2 weeks"
    about = (
        "25 % of the dose at the start every 14 days (75, 50, 25 %, stop), each rounded to the nearest half tablet "
        "(a tie to the larger dose); where that is no fall, half a tablet less."
    )

    def plan(self, case: Case) -> Answer:
        only_plain(case)
        parts = parts_of(case)
        last, totals = last_of(case, parts.mg), [parts.total]
        for quarters in (3, 2, 1, 0):
            if totals[-1] > last:
                wanted = (2 * quarters * parts.total + 4) // 8
                totals.append(max(last, min(wanted, totals[-1] - 1)))
        return laid(case, parts, totals[1:], 14)


class FixedMg:
    name = "half a tablet a fortnight"
    about = "The same mg every 14 days: half of the smallest tablet that is taken, until nothing is left."

    def plan(self, case: Case) -> Answer:
        only_plain(case)
        parts = parts_of(case)
        return laid(case, parts, list(range(parts.total - 1, last_of(case, parts.mg) - 1, -1)), 14)


class LabelRate:
    name = "label rate"
    about = (
        "The fastest rate of the US labels: clonazepam 0.125 mg twice daily less every 3 days, alprazolam 0.5 mg a day "
        "less every 3 days, made from all products of the region. Other drugs are declined."
    )

    def plan(self, case: Case) -> Answer:
        only_plain(case)
        step = _LABEL_STEPS.get(case.drug)
        if step is None:
            raise Declined("the label of this drug gives no rate")
        products = same_release(case)
        halves = tuple(p.name for p in products)
        doses: dict[str, Fraction] = {}
        for piece in case.taken:
            doses[piece.time] = doses.get(piece.time, Fraction(0)) + piece.mg
        stretches = [Stretch(_FIRST_DAYS, recorded(case))]
        while sum(doses.values()) > case.end_mg:
            doses = self._less(doses, step, max(case.end_mg, sum(doses.values()) - step))
            made = {time: make_up(mg, products, halves) for time, mg in doses.items() if mg}
            if any(pieces is None for pieces in made.values()):
                raise Declined("no product or half tablet makes a step of the label's rate")
            stretches.append(Stretch(3, {time: pieces for time, pieces in made.items() if pieces}))
        return Answer(days=days_text(case.drug, case.starts, stretches))

    @staticmethod
    def _less(doses: dict[str, Fraction], step: Fraction, total: Fraction) -> dict[str, Fraction]:
        """Half of the step off the largest dose, then the other half off what is then the largest."""
        left = dict(doses)
        for half in (step / 2, step / 2):
            largest = max(left, key=lambda time: left[time])
            left[largest] -= min(left[largest], half, sum(left.values()) - total)
        return left
