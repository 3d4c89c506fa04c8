"""Checks of what is dispensed: products, units, how they divide, and the highest daily doses."""

from __future__ import annotations

from glidepath.checker.course import Course, facts_of, say_day, say_mg, some_of
from glidepath.checker.report import Check, Status, Unmakeable
from glidepath.checker.supply import Line, Shop
from glidepath.checker.units import rests_on_confirmation
from glidepath.facts.model import Product

_SPLIT_REASONS = frozenset({"not-divided"})
_UNIT_REASONS = frozenset({"dose-not-units"})
_FAR_BEYOND = 20  # times the highest ceiling that any source states


def supply_checks(lines: tuple[Line, ...], problems: tuple[Unmakeable, ...], shop: Shop) -> list[Check]:
    """The checks that look at products; ceilings, steps and quantities are apart."""
    return [_equal_units(lines, problems), _products(lines, problems), _splits(lines, problems, shop)]


def _equal_units(lines: tuple[Line, ...], problems: tuple[Unmakeable, ...]) -> Check:
    name, title, bound = "doses-equal-units", "Doses equal units", "units x strength = dose"
    those = [p for p in problems if p.reason in _UNIT_REASONS]
    if those:
        return _breach(name, title, bound, those)
    if any(line.product is not None and line.entry.units is not None for line in lines):
        says = "Each dose is exactly its units times their strength."
        return Check(id=name, title=title, status=Status.PASS, value="equal", bound=bound, says=says)
    says = "Product and units are not written together: there is nothing to compare."
    return Check(id=name, title=title, status=Status.PASS, value="not written", bound=bound, says=says)


def _products(lines: tuple[Line, ...], problems: tuple[Unmakeable, ...]) -> Check:
    name, title, bound = "products", "Products", "every dose can be dispensed"
    those = [p for p in problems if p.reason not in _SPLIT_REASONS | _UNIT_REASONS]
    if those:
        return _breach(name, title, bound, those)
    used = _used(lines)
    compounded = [p.name for p in used if p.compounded]
    unread = [p.name for p in used if not p.compounded and not p.verified]
    said = []
    if compounded:
        said.append(f"Made to order by a pharmacy: {', '.join(compounded)}.")
    if unread:
        said.append(f"Not yet read in its source, please check that it is there: {', '.join(unread)}.")
    sources = tuple(dict.fromkeys(s for p in used for s in p.sources))
    if said:
        return Check(
            id=name,
            title=title,
            status=Status.CAUTION,
            value=f"{len(compounded) + len(unread)} to check",
            bound=bound,
            says=" ".join(said),
            sources=sources,
        )
    says = "Every product that is written is there." if used else "No product is written; every dose can be made."
    return Check(
        id=name, title=title, status=Status.PASS, value="can be dispensed", bound=bound, says=says, sources=sources
    )


def _splits(lines: tuple[Line, ...], problems: tuple[Unmakeable, ...], shop: Shop) -> Check:
    name, title, bound = "splits", "Divided units", "no further than the label allows"
    those = [p for p in problems if p.reason in _SPLIT_REASONS]
    if those:
        return _breach(name, title, bound, those)
    if not any(line.entry.product for line in lines):
        return Check(
            id=name, title=title, status=Status.PASS, value="no product", bound=bound, says="No product is written."
        )
    divided: dict[str, tuple[Product, Line]] = {}
    for line in lines:
        product = line.product
        if product is None or product.form.is_per_ml or line.units is None or line.units.denominator not in (2, 4):
            continue
        divided.setdefault(product.name, (product, line))
    if not divided:
        return Check(
            id=name, title=title, status=Status.PASS, value="whole units", bound=bound, says="No unit is divided."
        )
    says = f"Divided: {', '.join(divided)}. Check that the maker of what is dispensed allows it."
    sure = [n for n, (p, _) in divided.items() if rests_on_confirmation(p, shop.confirmed)]
    if sure:
        says += f" Confirmed by a pharmacist: {', '.join(sure)}."
    first = next(iter(divided.values()))[1]
    return Check(
        id=name,
        title=title,
        status=Status.CAUTION,
        value=f"{len(divided)} divided",
        bound=bound,
        says=says,
        day=first.span.first,
        row=first.row,
        sources=tuple(dict.fromkeys(s for p, _ in divided.values() for s in p.sources)),
    )


def _breach(name: str, title: str, bound: str, problems: list[Unmakeable]) -> Check:
    told = []
    for problem in problems:
        told.append(f"{say_day(problem.day, problem.row)}: {problem.says.rstrip('.')}")
    says = some_of(told)
    value = f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}"
    return Check(
        id=name,
        title=title,
        status=Status.BREACH,
        value=value,
        bound=bound,
        says=f"{says[0].upper()}{says[1:]}.",
        day=problems[0].day,
        row=problems[0].row,
    )


def ceilings(course: Course, shop: Shop) -> Check:
    """Each drug's highest day against the highest doses that its sources state."""
    name, title = "ceiling-doses", "Highest daily doses"
    statuses: list[Status] = []
    values: list[str] = []
    bounds: list[str] = []
    said: list[str] = []
    sources: list[str] = []
    where: tuple[int | None, int] = (None, 0)
    for drug in course.drugs:
        parts, day, row = _highest(course, drug)
        known = facts_of(drug, shop.formulary)
        stated = known.ceilings if known else ()
        rows = [c for c in stated if c.region == shop.region] or list(stated)
        if not rows:
            statuses.append(Status.NOT_ASSESSABLE)
            said.append(f"No highest dose of {drug} is stated anywhere here.")
            continue
        own = rows[0].region == shop.region
        low, high = min(c.mg_per_day for c in rows), max(c.mg_per_day for c in rows)
        mg = course.mg(parts)
        span = f"{say_mg(low)} mg" if low == high else f"{say_mg(low)} to {say_mg(high)} mg"
        place = "" if own else " (elsewhere)"
        values.append(f"{drug} {say_mg(mg)} mg")
        bounds.append(f"{drug} {span}{place}")
        sources += [c.source for c in rows]
        if mg > low:
            status = Status.BREACH if mg > high and own else Status.CAUTION
            uses = "; ".join(f"{say_mg(c.mg_per_day)} mg for {c.indication}, {c.region}" for c in rows)
            said.append(f"{drug} reaches {say_mg(mg)} mg on {say_day(day, row)}; the highest stated are {uses}.")
            where = where if where[0] else (day, row)
        else:
            status = Status.PASS
            said.append(f"{drug} stays at or below {say_mg(low)} mg a day{place}.")
        statuses.append(status)
    order = (Status.BREACH, Status.NOT_ASSESSABLE, Status.CAUTION, Status.PASS)
    return Check(
        id=name,
        title=title,
        status=next((s for s in order if s in statuses), Status.PASS),
        value=", ".join(values),
        bound=", ".join(bounds),
        says=" ".join(said) or "No drug is written.",
        day=where[0],
        row=where[1],
        sources=tuple(dict.fromkeys(sources)),
    )


def far_beyond(course: Course, shop: Shop) -> tuple[str, ...]:
    """Daily totals more than 20 times any ceiling of the drug: likely a slip of the unit or the decimal point."""
    told = []
    for drug in course.drugs:
        parts, day, row = _highest(course, drug)
        known = facts_of(drug, shop.formulary)
        most = max((c.mg_per_day for c in known.ceilings), default=None) if known else None
        if most is not None and course.mg(parts) > _FAR_BEYOND * most:
            told.append(
                f"{drug} {say_mg(course.mg(parts))} mg on {say_day(day, row)} is more than {_FAR_BEYOND} times "
                f"the highest dose stated anywhere ({say_mg(most)} mg a day)"
            )
    return tuple(told)


def _highest(course: Course, drug: str) -> tuple[int, int, int]:
    top = max(course.planned, key=lambda s: s.totals.get(drug, 0), default=None)
    return (0, 0, 0) if top is None else (top.totals.get(drug, 0), top.first, top.row)


def _used(lines: tuple[Line, ...]) -> list[Product]:
    return list({line.product.name: line.product for line in lines if line.product is not None}.values())
