"""The smallest change that would clear each breach, in words for the prescriber; no plan is written.

A fall is cleared by holding the step before it longer, or by a step between; a rise by keeping the dose; what cannot be
dispensed by another product. Changes to falls are worked out from the first day on, each on top of the ones before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from glidepath.checker import making
from glidepath.checker.checked import Terms
from glidepath.checker.course import say_day, say_mg
from glidepath.checker.report import Check, Report, Status, Unmakeable
from glidepath.checker.units import named_product, release_group
from glidepath.checker.written import WrittenTaper
from glidepath.facts.formulary import Formulary

LIMIT, WINDOW = Fraction(1, 4), 14
_MOST_SAID = 8
_MOST_CANDIDATES = 400

Run = tuple[int, int, Fraction]  # first day, last day, dose
Between = Callable[[Fraction, Fraction], Fraction | None]  # (most that may be left off, lower end) -> a dose to insert


@dataclass(frozen=True, slots=True)
class Change:
    """A change before the run at `index`: hold the run before it `days` longer, or insert `doses` for `days` each."""

    index: int
    days: int
    doses: tuple[Fraction, ...] = ()
    impossible: bool = False


def changes_for(runs: list[Run], between: Between, most: int = 1000) -> list[Change]:
    """What would clear every fall over the limit (or the first `most` of them), in order of days.

    `between(low, high)` gives a dose from low (included) to high (not included) that can be made, or None.
    """
    found: list[Change] = []
    done: list[Run] = []  # the runs so far, with the changes made

    def wait_for(index: int, dose: Fraction, first: int) -> int:
        """Hold the run before longer, until `dose` may begin; returns by how many days."""
        late = _too_early_by(done, first, dose)
        if late:
            found.append(Change(index, late))
            start, end, held = done[-1]
            done[-1] = (start, end + late, held)
        return late

    for index, (first, last, dose) in enumerate(runs):
        if len(found) >= most:
            break
        shift = done[-1][1] - runs[index - 1][1] if done else 0
        doses = _ladder(done[-1][2], dose, between) if done and dose else ()
        if doses is None:
            found.append(Change(index, 0, impossible=True))
        elif doses:
            shift += wait_for(index, doses[0], first + shift)
            found.append(Change(index, WINDOW, doses))
            for added in doses:
                done.append((first + shift, first + shift + WINDOW - 1, added))
                shift += WINDOW
        if done and dose and doses is not None:
            shift += wait_for(index, dose, first + shift)
        done.append((first + shift, last + shift, dose))
    return found


def _too_early_by(done: list[Run], first: int, dose: Fraction) -> int:
    """By how many days a dose that begins on `first` comes too soon after one that it is too far below."""
    late = 0
    for _, end, before in reversed(done):
        if end + WINDOW < first:
            break  # in order of days: what comes before ended earlier still
        if _over(before, dose):
            late = max(late, end + WINDOW + 1 - first)
    return late


def _over(before: Fraction, after: Fraction) -> bool:
    # before - after > LIMIT * before, in whole numbers: this is asked of every pair of days near each other.
    kept = LIMIT.denominator - LIMIT.numerator
    return after.numerator * before.denominator * LIMIT.denominator < before.numerator * after.denominator * kept


def _ladder(high: Fraction, low: Fraction, between: Between) -> tuple[Fraction, ...] | None:
    """The fewest doses between two, each at most a quarter below the one before; None where one cannot be made."""
    doses: list[Fraction] = []
    at = high
    while _over(at, low):
        found = between(at * (1 - LIMIT), at)
        if found is None or found <= low or len(doses) > 50:
            return None
        doses.append(found)
        at = found
    return tuple(doses)


def with_suggestions(report: Report, taper: WrittenTaper, formulary: Formulary, terms: Terms) -> Report:
    """The report with what would clear each breach written beside it."""
    shelf = _Shelf(taper, formulary, terms, doses_only=report.doses_only)
    told: dict[str, tuple[str, ...]] = {}
    for check in report.checks:
        if check.status is not Status.BREACH:
            continue
        says = _says(check, report, shelf)
        more = ["And more, in the same way."] if len(says) > _MOST_SAID else []
        told[check.id] = (*says[:_MOST_SAID], *more)
    checks = tuple(replace(c, suggestions=told[c.id]) if c.id in told else c for c in report.checks)
    return replace(report, checks=checks)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What can be dispensed for the one drug that changes, at as many times of day as it is taken."""

    taper: WrittenTaper
    formulary: Formulary
    terms: Terms
    doses_only: bool
    releases: dict[str, str] = field(default_factory=dict)

    def way(self, dose: Fraction, drug: str, intakes: int) -> str | None:
        """How a dose could be made, in words."""
        rest = (self.formulary, self.terms.region, self.terms.confirmed, self.terms.declared, intakes)
        found = making.ways(dose, drug, *rest, release=self.release(drug))
        if found is None:
            return None
        return " + ".join(
            f"{say_mg(n)} mL of {p.name}" if p.form.is_liquid else f"{say_mg(n)} x {p.name}" for p, n in found
        )

    def between(self, drug: str) -> Between:
        """The lowest dose in a range that can be made of the region's products: of tablets or capsules if possible."""

        rest = (self.formulary, self.terms.region, self.terms.confirmed, self.terms.declared, 4)
        release = self.release(drug)

        def find(low: Fraction, high: Fraction) -> Fraction | None:
            if self.doses_only or not drug:
                return low
            if (counted := making.lowest_counted(low, high, drug, *rest, release=release)) is not None:
                return counted
            at, tried = low, 0
            while at < high and tried < _MOST_CANDIDATES:
                if making.can_be_made(at, drug, *rest, release=release):
                    return at
                _, above = making.nearest(at, drug, *rest, release=release)
                if above is None or above >= high:
                    return None
                at, tried = above, tried + 1
            return None

        return find

    def release(self, drug: str) -> str:
        """The release that the taper first writes for a drug, by its words or its product; "" where it writes none."""
        if drug not in self.releases:
            self.releases[drug] = self._release(drug)
        return self.releases[drug]

    def _release(self, drug: str) -> str:
        for entry in (e for s in self.taper.spans for e in s.entries if e.drug == drug and e.dose):
            product = named_product(entry.product, drug, self.formulary, self.terms.region, self.terms.declared)
            if product is not None or entry.release:
                return release_group(product) if product is not None else entry.release
        return ""


def _says(check: Check, report: Report, shelf: _Shelf) -> list[str]:
    if check.id == "fall-in-14-days":
        return _for_falls(report, shelf)
    if check.id == "never-rises":
        return [
            f"Keep {say_mg(r.from_mg)} mg{f' {r.drug}' if r.drug else ''}{f' in the {r.time}' if r.time else ' a day'} "
            f"from {say_day(r.day, r.row)} on, instead of {say_mg(r.to_mg)} mg."
            for r in report.rises
        ]
    if check.id == "dates":
        return [
            f"Write what is taken on {_days(first, last)}; if the step before goes on, make it {last - first + 1} "
            f"day{'s' if last > first else ''} longer."
            for first, last, _ in report.uncovered_days
        ]
    if check.id in ("products", "splits"):
        wanted = ("not-divided",) if check.id == "splits" else _PRODUCT_REASONS
        return [s for u in report.unmakeable if u.reason in wanted and (s := _for_product(u, shelf))]
    return []


_PRODUCT_REASONS = ("no-such-product", "no-combination", "not-measurable", "not-planned-form")


def _days(first: int, last: int) -> str:
    return f"day {first}" if first == last else f"days {first} to {last}"


def _for_falls(report: Report, shelf: _Shelf) -> list[str]:
    runs = [(a, b, dose) for a, b, dose in report.course]
    single = report.measure.removeprefix("mg of ") if report.measure.startswith("mg of ") else ""
    if report.measure and not single:
        return ["Move or reduce less at one time, and hold each change at least 14 days before the next one."]
    between = shelf.between(single)
    said = []
    for change in changes_for(runs, between, _MOST_SAID + 1):
        first, _, dose = runs[change.index]
        _, _, before = runs[change.index - 1]
        where = f"before {say_day(first)} ({say_mg(dose)} mg)"
        if change.impossible:
            said.append(
                f"Between {say_mg(before)} and {say_mg(dose)} mg no dose can be made that is at most a quarter lower: "
                f"another product (a smaller strength, a liquid, a compounded one) would be needed {where}."
            )
        elif change.doses:
            steps = "; then ".join(_step(d, single, shelf) for d in change.doses)
            held = f"{'each ' if len(change.doses) > 1 else ''}held {change.days} days"
            said.append(f"Insert {steps}, {held}, {where}.")
        else:
            held = "what was taken before" if change.index == 0 else f"{say_mg(before)} mg"
            said.append(f"Hold {held} {change.days} day{'s' if change.days > 1 else ''} longer {where}.")
    return said


def _step(dose: Fraction, drug: str, shelf: _Shelf) -> str:
    way = None if shelf.doses_only or not drug else shelf.way(dose, drug, 4)
    return f"{say_mg(dose)} mg a day" + (f" ({way})" if way else "")


def _for_product(found: Unmakeable, shelf: _Shelf) -> str | None:
    """Another product, or other products, that make the same dose."""
    if shelf.doses_only or not found.dose_mg:
        return None
    way = shelf.way(found.dose_mg, found.drug, 1 if found.time else 4)
    where = say_day(found.day, found.row)
    if way is None:
        return f"{say_mg(found.dose_mg)} mg {found.drug} from {where}: {found.instead}" if found.instead else None
    return f"{say_mg(found.dose_mg)} mg {found.drug} from {where} can be made of {way}."
