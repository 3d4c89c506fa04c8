"""A second opinion on a written plan, made from the text of the plan document and the day table alone.

Naive on purpose: it walks over days, not over what a planner believes. From Glidepath it takes only the facts about
products and equivalents; every figure, date and status is worked out again here. It reads `plan.json` as plain
values and `days.csv` as text, and answers with a list of complaints, empty for a sound plan.

The rules are those of issue section 6 to 10 and of invariants 1 to 8, 10 and 13 of the reliability notes. Floats are
used only for the two formulas with logarithms, with a stated tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import combinations_with_replacement, pairwise
from typing import Any

HEADER = "date,step,time,drug,product,units,dose_mg,diazepam_mg_low,diazepam_mg_high"
SLOTS = ("morning", "noon", "evening", "night")
NEVER_DIVIDED = ("capsule", "ODT", "oral film", "XR tablet", "XR capsule", "SL tablet")
LIQUIDS = ("oral solution", "oral suspension", "oral liquid", "oral concentrate", "syrup", "elixir")
NEVER_TAKEN = ("oral drops", "oral spray", "combination tablet", "combination capsule")
GRID_ML, LEAST_ML, MOST_ML = Fraction(1, 10), Fraction(1, 2), Fraction(20)
LIMIT, LIMIT_DAYS = Fraction(1, 4), 14
LAST_LIQUID_DIAZEPAM_MG = Fraction(1, 2)
BANDS_UP_TO_MG = 40  # CKS: "diazepam up to 40 mg"; above it the percent of the pace holds
CKS_BANDS = [  # the smallest published decrement of each band
    {"above_mg": "20", "decrease_mg": "2"},
    {"above_mg": "10", "decrease_mg": "1"},
    {"above_mg": "5", "decrease_mg": "1"},
    {"above_mg": "0", "decrease_mg": "0.5"},
]
ROUNDING = 1e-9
Document = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Row:
    """One line of a day table without its date. Equal lines of one table are one and the same row."""

    step: int
    time: str
    drug: str
    product: str
    units: Fraction
    dose: Fraction
    low: str
    high: str


@dataclass(frozen=True)
class Day:
    """One date and what is taken on it."""

    on: date
    rows: tuple[Row, ...]


@dataclass
class Report:
    """What was found wrong, and the figures that were worked out on the way."""

    complaints: list[str] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)

    def want(self, holds: bool, complaint: str) -> None:
        if not holds and len(self.complaints) < 40:
            self.complaints.append(complaint)

    @property
    def is_sound(self) -> bool:
        return not self.complaints


# reading -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=20_000)
def number(text: str) -> Fraction:
    """An exact number as it is written in our files: digits, at most one point, no spare zeros, or a ratio."""
    if "/" in text:
        above, below = text.split("/")
        return Fraction(int(above), int(below))
    whole, point, rest = text.partition(".")
    plain = whole.isdecimal() and whole.isascii() and (whole == "0" or whole[0] != "0")
    if point:
        plain = plain and rest.isdecimal() and rest.isascii() and not rest.endswith("0")
    if not plain:
        raise ValueError(f"not a plain number: {text!r}")
    return Fraction(int(whole + rest), 10 ** len(rest))


def read_row(tail: str) -> Row:
    step, time, drug, product, units, dose, low, high = tail.split(",")
    return Row(int(step), time, drug, product, number(units), number(dose), low, high)


def read_days(text: str) -> list[Day]:
    """Read a day table. Dates must be in order, but gaps are left for the check of dates to find."""
    lines = text.split("\n")
    if lines[0] != HEADER or lines[-1] != "":
        raise ValueError("not a day table")
    days: list[tuple[str, list[str]]] = []
    for line in lines[1:-1]:
        day, _, tail = line.partition(",")
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(tail)
    known: dict[str, Row] = {}
    alike: dict[tuple[str, ...], tuple[Row, ...]] = {}
    for _, tails in days:
        if tuple(tails) not in alike:
            alike[tuple(tails)] = tuple(known.setdefault(t, read_row(t)) for t in tails)
    return [Day(date.fromisoformat(day), alike[tuple(tails)]) for day, tails in days]


# products ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unit:
    """A product as the facts state it, and into which parts of a unit it may be divided."""

    name: str
    drug: str
    form: str
    strength: Fraction
    part: Fraction  # 1, 1/2 or 1/4 of a unit; for a liquid the step of the syringe in mL
    part_if_confirmed: Fraction

    @property
    def is_liquid(self) -> bool:
        return self.form in LIQUIDS

    @property
    def release(self) -> str:
        if self.form.startswith("XR") or self.form.startswith("SL"):
            return self.form[:2]
        return "IR"

    def smallest(self, confirmed: bool) -> Fraction:
        """The smallest dose of one intake, mg."""
        if self.is_liquid:
            return LEAST_ML * self.strength
        return self.strength * (self.part_if_confirmed if confirmed else self.part)


def unit_of(product: Any) -> Unit:
    """A product of the facts as the oracle sees it: makers are merged here again, as the issue says.

    A strength divides when every named maker's row allows it; a row without a maker counts only where no maker is
    named. `varies` and `unknown` divide only on a pharmacist's word.
    """
    form = product.form.value
    if form in LIQUIDS:
        return Unit(product.name, product.drug, form, product.strength, GRID_ML, GRID_ML)
    whole = Fraction(1)
    if form in NEVER_DIVIDED or not product.records:
        return Unit(product.name, product.drug, form, product.strength, whole, whole)
    rows = [r for r in product.records if r.maker] or list(product.records)
    halves = {r.halves.value for r in rows}
    quarters = {r.quarters.value for r in rows}
    part = confirmed = whole
    if halves == {"yes"}:
        part = confirmed = Fraction(1, 4) if quarters == {"yes"} else Fraction(1, 2)
    elif halves != {"no"}:
        confirmed = Fraction(1, 2)
    return Unit(product.name, product.drug, form, product.strength, part, confirmed)


_UNITS: dict[tuple[str, str, str], dict[str, Unit]] = {}


def units_of(formulary: Any, drug: str, region: str) -> dict[str, Unit]:
    """Everything of a drug that a plan of the region may use, by name."""
    key = (formulary.digest, drug, region)
    if key not in _UNITS:
        found = (unit_of(p) for p in formulary.products(drug, region))
        _UNITS[key] = {u.name: u for u in found if u.form not in NEVER_TAKEN}
    return _UNITS[key]


def per_mg(formulary: Any, drug: str, table: str | None = None) -> tuple[Fraction, Fraction] | None:
    """The diazepam mg that 1 mg of a drug equals, low and high over the tables that convert (or by one of them)."""
    rows = [e for e in formulary.drug(drug).equivalents if e.converts and table in (None, e.table)]
    if drug == "diazepam":
        return Fraction(1), Fraction(1)
    if not rows:
        return None
    return min(10 / e.high_mg for e in rows), max(10 / e.low_mg for e in rows)


# one route of a plan -----------------------------------------------------------------------------------------------


def check_route(document: Document, route: str, days_csv: str, formulary: Any) -> Report:
    """Everything the oracle can say of one planned route, from its day table and its entry in the document."""
    report = Report()
    option = next(o for o in document["options"] if o["route"] == route)
    days = read_days(days_csv)
    case = _Case(document, option, days, formulary)
    _check_dates(case, report)
    _check_same_as_document(case, report)
    _check_start(case, report)
    _check_pieces(case, report)
    _check_zero_rows(case, report)
    _check_equivalents(case, report)
    _check_falls(case, report)
    _check_holds(case, report)
    _check_last_dose(case, report)
    _check_ledger(case, report)
    return report


class _Case:
    """One route: its days, and the same as totals."""

    def __init__(self, document: Document, option: Document, days: list[Day], formulary: Any) -> None:
        self.document, self.option, self.formulary = document, option, formulary
        self.request, self.pace, self.plan = document["request"], document["pace"], option["plan"]
        self.region = self.request["region"]
        self.steps = self.plan["steps"]
        self.days = days
        self.stops = self.plan["ends"] == "stop"
        self.taken = days[:-1] if self.stops else days
        self.tapered = tuple(self.plan["drugs"])
        self.is_switch = any(s["kind"] == "switch" for s in self.steps)
        self.confirmed = set(_confirmed(self.request, formulary))
        self.declared = {n: p for n, p in document["products"].items() if p["compounded"]}
        if self.is_switch and self.request.get("profile") == "cks" and self.tapered[-1] == "diazepam":
            # After the switch it is diazepam that is reduced, so its bands hold; the document states the pace before.
            self.pace = {**self.pace, "bands": CKS_BANDS}

    def unit(self, name: str, drug: str) -> Unit | None:
        if name in self.declared:
            p = self.declared[name]
            part = GRID_ML if p["form"] in LIQUIDS else Fraction(1)
            return Unit(name, p["drug"], p["form"], number(p["strength"]), part, part)
        return units_of(self.formulary, drug, self.region).get(name)

    def table(self) -> str | None:
        return self.request["table"].upper() if self.is_switch else None


def _confirmed(request: Document, formulary: Any) -> Iterable[str]:
    for text in request.get("splits", ()):
        yield formulary.product_named(text, request["region"]).name


def _check_dates(case: _Case, report: Report) -> None:
    first = date.fromisoformat(case.request["start"])
    for offset, day in enumerate(case.days):
        if day.on != first + timedelta(days=offset):
            report.want(False, f"dates: {day.on} where {first + timedelta(days=offset)} is due")
            break
    at = first
    for number_, step in enumerate(case.steps):
        starts, ends = date.fromisoformat(step["starts"]), date.fromisoformat(step["ends"])
        report.want(step["number"] == number_, f"dates: step {number_} is numbered {step['number']}")
        report.want(starts == at, f"dates: step {number_} begins {starts}, not {at}")
        report.want((ends - starts).days + 1 == step["days"] >= 1, f"dates: step {number_} has not {step['days']} days")
        at = ends + timedelta(days=1)
    report.want(case.plan["ends_on"] == (at - timedelta(days=1)).isoformat(), "dates: the last day is another one")
    report.want(case.plan["stops_on"] == (at.isoformat() if case.stops else None), "dates: the stop is another day")
    report.want(len(case.taken) == (at - first).days, "dates: the day table has another number of days")


def _check_same_as_document(case: _Case, report: Report) -> None:
    """Every day of a step is the same, and is what the document says of the step."""
    position = 0
    for step in case.steps:
        said = sorted((i["time"], i["drug"], p["product"], p["units"]) for i in step["intakes"] for p in i["pieces"])
        for intake in step["intakes"]:
            pieces = [(number(p["units"]), _strength(case, p["product"], intake["drug"])) for p in intake["pieces"]]
            made = sum((units * strength for units, strength in pieces), Fraction(0))
            where = f"step {step['number']} {intake['time']}"
            report.want(made == number(intake["dose_mg"]), f"{where}: {intake['dose_mg']} mg is not its pieces, {made}")
        span = case.taken[position : position + step["days"]]
        position += step["days"]
        for rows in {day.rows for day in span}:
            read = sorted((r.time, r.drug, r.product, _plain(r.units)) for r in rows if r.product)
            report.want(read == said, f"step {step['number']}: the day table says {read}, the document {said}")
            report.want(all(r.step == step["number"] for r in rows), f"step {step['number']}: rows of another step")
        report.want(len({day.rows for day in span}) == 1, f"step {step['number']}: its days are not all the same")
        seen = [(r.time, r.drug, r.product) for r in span[0].rows] if span else []
        report.want(len(set(seen)) == len(seen), f"step {step['number']}: a product twice in one intake")


def _strength(case: _Case, name: str, drug: str) -> Fraction:
    unit = case.unit(name, drug)
    return unit.strength if unit else Fraction(0)


def _plain(value: Fraction) -> str:
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    text = str(value.numerator * 10**digits // value.denominator).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text


def _check_start(case: _Case, report: Report) -> None:
    first = case.steps[0]
    settle = _span(case.request.get("settle")) or 7
    report.want(first["kind"] == "recorded", "start: the first step is not the recorded regimen")
    report.want(first["days"] == settle, f"start: {first['days']} days as recorded, not {settle}")
    words = _dose_words(case.document["understood"]["line"])
    if words is not None:
        said = sorted((i["time"], i["drug"], number(i["dose_mg"])) for i in first["intakes"])
        report.want(said == words, f"start: step 0 is {said}, the line says {words}")


def _dose_words(line: str) -> list[tuple[str, str, Fraction]] | None:
    """`clonazepam 1 mg in the morning, 1 mg at night; zolpidem 10 mg at night` as intakes; None when it says more."""
    times = {"in the morning": "morning", "at noon": "noon", "in the evening": "evening", "at night": "night"}
    found = []
    for part in line.split(";"):
        drug = ""
        for bit in part.split(","):
            words = bit.split()
            ending = next((t for t in times if bit.endswith(t)), None)
            if ending is None:
                return None
            words = words[: len(words) - len(ending.split())]
            if len(words) == 3:
                drug = words.pop(0)
            if len(words) != 2 or words[1] != "mg" or not drug:
                return None
            found.append((times[ending], drug, number(words[0])))
    return sorted(found)


def _span(text: str | None) -> int | None:
    if text is None:
        return None
    digits = "".join(c for c in text if c.isdigit())
    return int(digits) * (7 if "w" in text else 1)


# what is taken -----------------------------------------------------------------------------------------------------


def _check_pieces(case: _Case, report: Report) -> None:
    recorded = case.steps[0]
    same = {d: {(i["time"], _pieces(i)) for i in recorded["intakes"] if i["drug"] == d} for d in _drugs(recorded)}
    most_pieces = case.request.get("max_pieces", 4)
    most_strengths = case.request.get("max_strengths", 3)
    releases: dict[str, set[str]] = {}
    distinct = {row for day in case.days for row in day.rows}
    for row in distinct:
        if not row.product:
            report.want(row.dose == row.units == 0 and row.time == "", f"row without product: {row}")
            continue
        report.want(row.time in SLOTS, f"products: {row.time!r} is no time of day")
        unit = case.unit(row.product, row.drug)
        if unit is None or unit.drug != row.drug:
            report.want(False, f"products: {row.product} is not a product of {row.drug} in {case.region}")
            continue
        report.want(row.dose == row.units * unit.strength > 0, f"doses: {row} is not units x strength")
        releases.setdefault(row.drug, set()).add(unit.release)
        if row.step == 0:
            continue
        part = unit.part_if_confirmed if unit.name in case.confirmed else unit.part
        kept = (row.time, _row_pieces(case, row)) in same.get(row.drug, set())
        if not kept:
            report.want((row.units / part).denominator == 1, f"splits: {_plain(row.units)} x {row.product}")
            if unit.is_liquid:
                report.want(LEAST_ML <= row.units <= MOST_ML, f"volume: {_plain(row.units)} mL of {row.product}")
    for drug, kinds in releases.items():
        report.want(len(kinds) == 1, f"products: {drug} is given as {sorted(kinds)} together")
    room = _pieces_at_the_start(case)
    for step in case.steps[1:]:
        for intake in step["intakes"]:
            if (intake["time"], _pieces(intake)) in same.get(intake["drug"], set()):
                continue
            units = [(case.unit(p["product"], intake["drug"]), number(p["units"])) for p in intake["pieces"]]
            pieces = sum(1 if u and u.is_liquid else math.ceil(n) for u, n in units)
            report.want(pieces <= max(most_pieces, room), f"pieces: {pieces} at once in step {step['number']}")
            report.want(len(units) <= most_strengths, f"strengths: {len(units)} at once in step {step['number']}")
    if case.option["route"] == "direct-present":
        forms = {u.form for u in _used(case, case.plan["drug"])}
        report.want(len(forms) == 1, f"products: the present form is left: {sorted(forms)}")


def _pieces_at_the_start(case: _Case) -> int:
    """The pieces that the largest dose of the start or of a switch takes; a limit below that could not be kept."""
    most = 0
    for step in case.steps:
        if step["kind"] not in ("recorded", "switch"):
            break
        for intake in step["intakes"]:
            units = [(case.unit(p["product"], intake["drug"]), number(p["units"])) for p in intake["pieces"]]
            most = max(most, sum(1 if u and u.is_liquid else math.ceil(n) for u, n in units))
            counted = [u.strength for u in _used(case, intake["drug"]) if not u.is_liquid]
            if counted:
                most = max(most, math.ceil(number(intake["dose_mg"]) / max(counted)))
    return most


def _drugs(step: Document) -> set[str]:
    return {i["drug"] for i in step["intakes"]}


def _pieces(intake: Document) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((p["product"], p["units"]) for p in intake["pieces"]))


def _row_pieces(case: _Case, row: Row) -> tuple[tuple[str, str], ...]:
    step = case.steps[row.step] if row.step < len(case.steps) else case.steps[-1]
    for intake in step["intakes"]:
        if intake["time"] == row.time and intake["drug"] == row.drug:
            return _pieces(intake)
    return ()


def _check_zero_rows(case: _Case, report: Report) -> None:
    """A day with nothing has one row; a tapered drug at zero beside another drug has one row that names it."""
    before: set[str] = set()
    previous: tuple[Row, ...] | None = None
    for day in case.days:
        if day.rows is previous or day.rows == previous:
            continue
        previous = day.rows
        zero = [r.drug for r in day.rows if not r.product]
        present = {r.drug for r in day.rows if r.product}
        if present:
            gone = sorted(d for d in case.tapered if d in before and d not in present)
            report.want(sorted(zero) == gone, f"zero rows: {day.on} has {zero}, wants {gone}")
        else:
            report.want(len(zero) == 1, f"zero rows: {day.on} has {len(zero)}")
        before |= present
    if case.stops:
        last = case.days[-1]
        report.want(all(r.drug not in case.tapered or not r.product for r in last.rows), "zero rows: no day at zero")
        report.want(any(not r.product for r in last.rows), "zero rows: the first day at zero is not written")
    for day in case.taken[:: max(1, len(case.taken) // 50)]:
        constant = sorted((r.time, r.drug, r.product, r.units) for r in day.rows if r.drug in case.plan["constant"])
        first = sorted(
            (r.time, r.drug, r.product, r.units) for r in case.days[0].rows if r.drug in case.plan["constant"]
        )
        report.want(constant == first, f"constant drugs: {day.on} differs from the first day")


def _check_equivalents(case: _Case, report: Report) -> None:
    rates = {d: per_mg(case.formulary, d) for d in {r.drug for day in case.days for r in day.rows}}
    for row in {r for day in case.days for r in day.rows}:
        rate = rates[row.drug]
        if rate is None:
            report.want(row.low == row.high == "", f"equivalents: {row.drug} has a figure and no table")
            continue
        low, high = row.dose * rate[0] * 100, row.dose * rate[1] * 100
        wants = (_cents(low.numerator // low.denominator), _cents(-(-high.numerator // high.denominator)))
        report.want((row.low, row.high) == wants, f"equivalents: {row.product} {row.low}-{row.high}, not {wants}")


def _cents(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


# falls -------------------------------------------------------------------------------------------------------------


def day_totals(case_days: Iterable[Day], rate: Mapping[str, Fraction]) -> list[Fraction]:
    """The total of each day, each drug weighed by its rate; drugs without a rate are left out."""
    known: dict[tuple[Row, ...], Fraction] = {}
    totals = []
    for day in case_days:
        if day.rows not in known:
            known[day.rows] = sum((r.dose * rate[r.drug] for r in day.rows if r.drug in rate), Fraction(0))
        totals.append(known[day.rows])
    return totals


def rolling_falls(totals: list[int], window: int) -> list[tuple[int, int]]:
    """For each day d, from the days before day 1 on: dose_d and the least dose of days d+1 … d+window.

    The start dose is assumed before day 1, and the last dose is carried on so that the stop is left out.
    """
    longer = [totals[0]] * window + totals + [totals[-1]] * window
    return [(longer[d], min(longer[d + 1 : d + window + 1])) for d in range(window + len(totals))]


def largest(falls: Iterable[tuple[int, int]]) -> Fraction:
    return max((Fraction(a - b, a) for a, b in set(falls) if a > 0), default=Fraction(0))


def asked_at(dose: Fraction, pace: Document) -> Fraction:
    """The fall asked for at a dose: by its band where the pace has bands, otherwise the same percent."""
    if dose <= BANDS_UP_TO_MG:
        for band in sorted(pace["bands"], key=lambda b: number(b["above_mg"]), reverse=True):
            if dose > number(band["above_mg"]):
                return min(number(band["decrease_mg"]) / dose, Fraction(1))
    return number(pace["asked"])


def _rates(case: _Case) -> dict[str, Fraction] | None:
    """By what each tapered drug is weighed in a total; None when the chosen table gives ranges."""
    if not case.is_switch:
        return {case.plan["drug"]: Fraction(1)}
    rates = {}
    for drug in case.tapered:
        span = per_mg(case.formulary, drug, case.table())
        if span is None or span[0] != span[1]:
            return None
        rates[drug] = span[0]
    return rates


def _check_falls(case: _Case, report: Report) -> None:
    rates = _rates(case)
    if rates is None:
        return
    exact = day_totals(case.taken, rates)
    quantum = math.lcm(*(t.denominator for t in exact))
    totals = [int(t * quantum) for t in exact]
    rises = [n for n, (a, b) in enumerate(pairwise(totals)) if b > a]
    slot_rises = [] if case.is_switch else _slot_rises(case)
    report.want(not rises or case.is_switch, "rises: the daily total goes up")
    report.want(not slot_rises, f"rises: a time of day goes up: {slot_rises[:2]}")
    report.want(totals[-1] > 0 or not case.stops, "falls: the last day before the stop is at zero")
    if case.is_switch:
        report.want(max(totals) <= totals[0] or "switch-table" in _breaches(case), "switch: above the start, no breach")
        if max(totals) > totals[0]:
            return
    windows = {n: rolling_falls(totals, n) for n in (14, 28)}
    steps = [(exact[n], b) for n, (a, b) in enumerate(pairwise(exact)) if b < a]
    for before, after in steps:
        report.want(after < before, "falls: a step does not fall")
    statuses = {
        "never-rises": "breach" if rises or slot_rises else "pass",
        "fall-per-step": _step_status(steps, case.pace),
        "fall-in-14-days": _window_status(windows[14], 14, quantum, case.pace),
        "fall-in-28-days": _window_status(windows[28], 28, quantum, case.pace),
    }
    report.statuses = statuses
    said = {c["id"]: c["status"] for c in case.option["proof"]}
    for check, status in statuses.items():
        report.want(said.get(check) == status, f"proof: {check} is {said.get(check)}, worked out {status}")
    numbers = case.option["numbers"]
    over = sum(1 for a, b in windows[14] if (a - b) * LIMIT.denominator > LIMIT.numerator * a)
    report.want(
        number(numbers["largest_fall"]) == max((1 - b / a for a, b in steps), default=Fraction(0))
        or number(numbers["largest_fall"]) == largest(windows[14]),
        f"numbers: largest fall {numbers['largest_fall']}, worked out {largest(windows[14])}",
    )
    said_over = numbers["days_over_limit"]
    report.want(said_over == over, f"numbers: {said_over} days over the limit, worked out {over}")
    reductions = sum(1 for s in case.steps if s["kind"] in ("reduction", "maintenance"))
    report.want(numbers["reductions"] == reductions, "numbers: another count of reductions")
    report.want(number(numbers["weeks"]) == Fraction(len(case.taken), 7), "numbers: another count of weeks")


def _breaches(case: _Case) -> set[str]:
    return {c["id"] for c in case.option["proof"] if c["status"] == "breach"}


def _slot_rises(case: _Case) -> list[str]:
    found = []
    previous: dict[str, Fraction] | None = None
    seen: tuple[Row, ...] | None = None
    for day in case.taken:
        if day.rows == seen:
            continue
        seen = day.rows
        slots = dict.fromkeys(SLOTS, Fraction(0))
        for row in day.rows:
            if row.drug == case.plan["drug"] and row.product:
                slots[row.time] += row.dose
        if previous is not None:
            found += [f"{day.on} {s}" for s in SLOTS if slots[s] > previous[s]]
        previous = slots
    return found


def _step_status(steps: list[tuple[Fraction, Fraction]], pace: Document) -> str:
    return "caution" if any(1 - b / a > asked_at(a, pace) for a, b in steps) else "pass"


def _window_status(falls: list[tuple[int, int]], window: int, quantum: int, pace: Document) -> str:
    """Breach strictly above 25 % in 14 days; caution above the asked pace, compounded over the window."""
    if window == LIMIT_DAYS and largest(falls) > LIMIT:
        return "breach"
    for a, b in set(falls):
        if a > b and Fraction(a - b, a) > compounded(Fraction(a, quantum), pace, window):
            return "caution"
    return "pass"


def compounded(dose: Fraction, pace: Document, window: int) -> Fraction:
    """The fall that the asked pace makes from a dose in a window, over all its cuts that can begin in it."""
    left = dose
    for _ in range(math.ceil(window / usual_days(pace))):
        left -= left * asked_at(left, pace) if left > 0 else 0
    return 1 - left / dose


# lengths -----------------------------------------------------------------------------------------------------------


def usual_days(pace: Document) -> int:
    """How long a step is held that falls by no more than asked: the interval, in whole weeks unless days are asked."""
    unit = 7 if pace["rhythm"] == "weeks" else 1
    return unit * math.ceil(pace["interval_days"] / unit)


def hold_days(fall: Fraction, asked: Fraction, pace: Document) -> tuple[int, int]:
    """How long a dose is held after a fall: least and most days that the formula allows (they differ by rounding)."""
    interval, cap = pace["interval_days"], max(pace["max_hold_days"], pace["interval_days"])
    need = float(interval)
    if asked < fall < 1:
        need = interval * math.log1p(-float(fall)) / math.log1p(-float(asked))
    need = min(max(need, interval), cap)
    unit = 7 if pace["rhythm"] == "weeks" else 1
    return unit * math.ceil(need / unit - ROUNDING), unit * math.ceil(need / unit + ROUNDING)


def _check_holds(case: _Case, report: Report) -> None:
    rates = _rates(case)
    if rates is None:
        return
    totals = [
        sum((number(i["dose_mg"]) * rates.get(i["drug"], 0) for i in s["intakes"]), Fraction(0)) for s in case.steps
    ]
    for number_, step in enumerate(case.steps):
        if step["kind"] == "switch":
            nothing_falls = number_ + 1 == len(case.steps) or case.steps[number_ + 1]["kind"] != "switch"
            report.want(step["days"] >= (14 if nothing_falls else 7), f"holds: switch step {number_} is too short")
            continue
        if number_ == 0:
            continue
        report.want(totals[number_] < totals[number_ - 1], f"falls: step {number_} does not fall")
        fall = 1 - totals[number_] / totals[number_ - 1]
        report.want(number(step["reduction"]) == fall, f"falls: step {number_} says {step['reduction']}, is {fall}")
        least, most = hold_days(fall, asked_at(totals[number_ - 1], case.pace), case.pace)
        if number_ == len(case.steps) - 1 and number_ > 1 and case.steps[number_ - 1]["kind"] != "switch":
            least, most = (max(n, case.steps[number_ - 1]["days"]) for n in (least, most))
        report.want(least <= step["days"] <= most, f"holds: step {number_} {step['days']} days, not {least} ({fall})")


# the end -----------------------------------------------------------------------------------------------------------


def _check_last_dose(case: _Case, report: Report) -> None:
    drug = case.option["end"]["drug"]
    last = sum((number(i["dose_mg"]) for i in case.steps[-1]["intakes"] if i["drug"] == drug), Fraction(0))
    report.want(number(case.option["end"]["last_dose_mg"]) == last, "last dose: the document says another one")
    if not case.stops:
        report.want(case.request.get("maintain") is not None, "last dose: the plan does not stop, unasked")
        asked = _milligrams(case.request["maintain"])
        report.want(asked is None or last >= asked, f"last dose: below the maintenance dose ({last} < {asked})")
        return
    if case.request.get("last_dose") is not None:
        asked = _milligrams(case.request["last_dose"])
        report.want(asked is None or last >= asked, f"last dose: {last}, below the one asked for")
        return
    smallest = smallest_daily(case, drug)
    slots = {i["time"] for i in case.steps[0]["intakes"] if i["drug"] == case.plan["drug"]}
    # Where the floor of a liquid lies between one dose and one for each time of day, the plan may not let a time of
    # day go (section 7) nor rise again, so it may end where every time of day carries its least volume.
    least = min((u.smallest(False) for u in _used(case, drug) if u.is_liquid), default=Fraction(0))
    allowed = max(smallest, len(slots) * least) if least and smallest > least else smallest
    report.want(smallest <= last <= allowed, f"last dose: {last} mg of {drug}, the smallest is {smallest}")


def _milligrams(text: str) -> Fraction | None:
    amount, _, unit = text.strip().partition(" ")
    try:
        return number(amount) / {"mg": 1, "microgram": 1000, "micrograms": 1000}[unit]
    except (KeyError, ValueError):
        return None


def smallest_daily(case: _Case, drug: str) -> Fraction:
    """The smallest dose a day that the products of the route make, one intake of one product."""
    route = case.option["route"]
    release = {u.release for u in _used(case, drug)}
    products = [u for u in units_of(case.formulary, drug, case.region).values() if {u.release} == release]
    products += [u for n in case.declared if (u := case.unit(n, drug)) is not None and u.drug == drug]
    if route == "direct-present":
        forms = {u.form for u in _used(case, drug)}
        products = [u for u in products if u.form in forms]
    # A plan uses one strength of liquid at most, so where it uses one, no other counts.
    liquids = {u for u in _used(case, drug) if u.is_liquid}
    if liquids:
        products = [u for u in products if not u.is_liquid or u in liquids]
    rate = per_mg(case.formulary, drug)
    found = []
    # Beside a liquid nothing is divided: the liquid makes the rest.
    poured = any(u.is_liquid for u in _used(case, drug, after_start=True))
    for unit in products:
        whole_only = poured and not unit.is_liquid
        dose = unit.strength if whole_only else unit.smallest(unit.name in case.confirmed)
        if unit.is_liquid and rate is not None:
            step = GRID_ML * unit.strength
            while dose * rate[1] < LAST_LIQUID_DIAZEPAM_MG:
                dose += step
        found.append(dose)
    return min(found)


def _used(case: _Case, drug: str, *, after_start: bool = False) -> set[Unit]:
    steps = case.steps[1:] if after_start else case.steps
    names = {p["product"] for s in steps for i in s["intakes"] if i["drug"] == drug for p in i["pieces"]}
    return {u for n in names if (u := case.unit(n, drug)) is not None}


def balanced_carries(doses: Iterable[Fraction], slots: int, total: Fraction) -> bool:
    """Whether every one of so many times of day can carry one of these doses, together making the total."""
    return any(sum(picked) == total for picked in combinations_with_replacement(sorted(doses), slots))


# supply ------------------------------------------------------------------------------------------------------------


def _check_ledger(case: _Case, report: Report) -> None:
    fills = case.option["supply"]["fills"]
    at = date.fromisoformat(case.plan["starts"])
    span = _span(case.request.get("fill")) or 28
    left: dict[str, Fraction] = {}
    from_home: dict[str, Fraction] = {}
    dispensed_in_all = Fraction(0)
    position = 0
    for fill in fills:
        starts, ends = date.fromisoformat(fill["starts"]), date.fromisoformat(fill["ends"])
        report.want(starts == at and (ends - starts).days + 1 == fill["days"], f"ledger: fill {fill['number']} dates")
        report.want(1 <= fill["days"] <= span, f"ledger: fill {fill['number']} is {fill['days']} days, at most {span}")
        report.want(date.fromisoformat(fill["not_before"]) <= starts, f"ledger: fill {fill['number']} comes too late")
        at = ends + timedelta(days=1)
        taken = _taken(case.taken[position : position + fill["days"]])
        position += fill["days"]
        lines = {x["product"]: x for x in fill["lines"]}
        report.want(len(lines) == len(fill["lines"]), f"ledger: fill {fill['number']} names a product twice")
        report.want(set(taken) <= set(lines), f"ledger: fill {fill['number']} leaves out a product that is taken")
        for name, x in lines.items():
            had, home, new, used, after = (
                number(x[k]) for k in ("left_before", "from_home", "dispensed", "taken", "left_after")
            )
            where = f"ledger: fill {fill['number']} {name}"
            report.want(used == taken.get(name, 0), f"{where}: {used} taken, the day table says {taken.get(name, 0)}")
            report.want(had == left.get(name, 0), f"{where}: {had} left before, the last fill left {left.get(name, 0)}")
            report.want(had + home + new == used + after, f"{where}: what came is not what went and is left")
            report.want(min(had, home, new, after) >= 0, f"{where}: below zero")
            liquid = any(name.endswith(form) for form in LIQUIDS)
            report.want(liquid or new.denominator == 1, f"{where}: {new} dispensed is not whole")
            left[name] = after
            from_home[name] = from_home.get(name, Fraction(0)) + home
            dispensed_in_all += Fraction(0) if liquid else new  # mL are no units
    report.want(position == len(case.taken), f"ledger: {position} days covered of {len(case.taken)}")
    numbers = case.option["numbers"]
    report.want(number(numbers["units_dispensed"]) == dispensed_in_all, "numbers: another count of units dispensed")
    _check_left(case, left, from_home, report)


def _taken(days: list[Day]) -> dict[str, Fraction]:
    counted: dict[tuple[Row, ...], int] = {}
    for day in days:
        counted[day.rows] = counted.get(day.rows, 0) + 1
    taken: dict[str, Fraction] = {}
    for rows, times in counted.items():
        for row in rows:
            if row.product:
                taken[row.product] = taken.get(row.product, Fraction(0)) + row.units * times
    return taken


def _check_left(case: _Case, left: dict[str, Fraction], used: dict[str, Fraction], report: Report) -> None:
    at_home: dict[str, Fraction] = {}
    for text in case.request.get("have", ()):
        name, _, units = text.rpartition("=")
        found = case.formulary.product_named(name.strip(), case.region).name
        at_home[found] = at_home.get(found, Fraction(0)) + number(units.strip())
    for name, units in used.items():
        were = at_home.get(name, Fraction(0))
        report.want(units <= were, f"ledger: {units} x {name} from home, there were {were}")
    wants = {
        name: left.get(name, Fraction(0)) + at_home.get(name, Fraction(0)) - used.get(name, Fraction(0))
        for name in {*left, *at_home}
    }
    said = {name: number(units) for name, units in case.option["supply"]["left_for_return"].items()}
    wants = {name: units for name, units in wants.items() if units}
    report.want(said == wants, f"ledger: {said} for return, worked out {wants}")
