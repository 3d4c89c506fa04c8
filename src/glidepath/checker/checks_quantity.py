"""Checks of a table as a whole: one regimen for each step number, and as much supplied as the days take."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from glidepath.checker.course import say_day, say_mg, some_of
from glidepath.checker.report import Check, Needed, Status
from glidepath.checker.supply import Line, Shop, say_number
from glidepath.checker.written import Entry, Span, WrittenQuantity, WrittenTaper


def one_regimen(taper: WrittenTaper) -> Check | None:
    """Whether everything under one step number is the same, and the numbers never go back. None: no numbers."""
    name, title, bound = "one-regimen-per-step", "One regimen per step", "one step number, one regimen"
    taken: dict[int, tuple[object, ...]] = {}
    said: list[tuple[int, int, str]] = []
    latest: int | None = None
    for span in taper.spans:
        if span.step is None:
            continue
        regimen = tuple(sorted(_regimen(span)))
        if taken.setdefault(span.step, regimen) != regimen:
            said.append(
                (span.first, span.row, f"step {span.step} takes something else on {say_day(span.first, span.row)}")
            )
        if latest is not None and span.step < latest:
            said.append((span.first, span.row, f"step {span.step} comes after step {latest}"))
        latest = span.step
    if latest is None:
        return None
    if not said:
        says = "Each step number stands for one regimen, and the numbers go up."
        return Check(id=name, title=title, status=Status.PASS, value=f"{len(taken)} steps", bound=bound, says=says)
    says = some_of([text for _, _, text in said])
    return Check(
        id=name,
        title=title,
        status=Status.BREACH,
        value=f"{len(said)} {'place' if len(said) == 1 else 'places'}",
        bound=bound,
        says=says[0].upper() + says[1:] + ".",
        day=said[0][0],
        row=said[0][1],
    )


def _regimen(span: Span) -> Iterable[tuple[str, str, int, int, str, str]]:
    for e in span.entries:
        if e.dose or e.units:
            yield (e.drug, e.time, e.dose.numerator, e.dose.denominator, e.product, str(e.units or ""))


def needed(taper: WrittenTaper, lines: tuple[Line, ...]) -> tuple[Needed, ...]:
    """Units of each product over the whole taper, beside those written to be supplied."""
    totals: dict[str, Fraction] = {}
    for line in lines:
        if line.units is not None and line.name:
            name = line.name
            totals[name] = totals.get(name, Fraction(0)) + line.units * line.span.days
    written: dict[str, Fraction] = {}
    names = {n.casefold(): n for n in totals}
    for quantity in taper.quantities:
        name = names.get(quantity.product.casefold(), quantity.product)
        written[name] = written.get(name, Fraction(0)) + quantity.units
    if not totals:
        return ()
    return tuple(
        Needed(product=name, needed=totals.get(name, Fraction(0)), written=written.get(name))
        for name in dict.fromkeys([*totals, *written])
    )


def quantities(taper: WrittenTaper, lines: tuple[Line, ...], totals: tuple[Needed, ...], shop: Shop) -> Check | None:
    """What is written to be supplied against what the days take. None: no units and no quantities.

    Where doses are written without units, at least the mg must not be too few; more cannot be said.
    """
    name, title, bound = "quantity", "Quantity to supply", "as much as the days take"
    if not totals and not taper.quantities:
        return None
    if not taper.quantities:
        says = (
            "Needed in all: "
            + "; ".join(f"{say_number(n.needed)}{_ml(n.product, lines)} {n.product}" for n in totals)
            + "."
        )
        return Check(
            id=name, title=title, status=Status.PASS, value="not written", bound=bound, says=says, required=False
        )
    told = [_supplied(q, lines) for q in taper.quantities]
    if any(t[0] is Status.NOT_ASSESSABLE for t in told):
        told += _too_few_mg(taper, lines, shop)
    order = (Status.BREACH, Status.NOT_ASSESSABLE, Status.CAUTION, Status.PASS)
    status = next(s for s in order if any(t[0] is s for t in told))
    worst = next(t for t in told if t[0] is status)
    value = {
        Status.BREACH: "too little",
        Status.CAUTION: "more than needed",
        Status.PASS: "as needed",
        Status.NOT_ASSESSABLE: "no units to compare with",
    }[status]
    notable = [t[1] for t in told if t[0] is not Status.PASS] or [t[1] for t in told]
    return Check(
        id=name,
        title=title,
        status=status,
        value=value,
        bound=bound,
        says=some_of(notable) + ".",
        day=worst[2],
        row=worst[3],
    )


_Told = tuple[Status, str, int | None, int]


def _too_few_mg(taper: WrittenTaper, lines: tuple[Line, ...], shop: Shop) -> list[_Told]:
    """Drugs of which fewer mg are written to be supplied than the days take."""
    supplied: dict[str, Fraction] = {}
    days: dict[str, set[int]] = {}
    row: dict[str, int] = {}
    for quantity in taper.quantities:
        for drug in taper.drugs:
            product = shop.named(Entry(drug=drug, time="", dose=Fraction(0), product=quantity.product))
            if product is not None and product.drug == drug:
                supplied[drug] = supplied.get(drug, Fraction(0)) + product.strength * quantity.units
                days.setdefault(drug, set()).update(range(quantity.first, quantity.last + 1))
                row.setdefault(drug, quantity.row)
    found: list[_Told] = []
    for drug, mg in supplied.items():
        taken = sum(
            (
                line.entry.dose * len(days[drug].intersection(range(line.span.first, line.span.last + 1)))
                for line in lines
                if line.entry.drug == drug
            ),
            Fraction(0),
        )
        if mg < taken:
            says = f"{say_mg(mg)} mg of {drug} written to be supplied, {say_mg(taken)} mg needed"
            found.append((Status.BREACH, says, None, row[drug]))
    return found


def _supplied(quantity: WrittenQuantity, lines: tuple[Line, ...]) -> _Told:
    wanted = quantity.product.casefold()
    by_span: dict[int, tuple[Span, Fraction]] = {}
    unclear = False
    for line in lines:
        if line.span.last < quantity.first or line.span.first > quantity.last:
            continue
        asked = line.name.casefold() == wanted
        if (asked and line.units is None) or (not line.name and wanted.startswith(line.entry.drug.casefold())):
            unclear = True
        elif asked and line.units is not None:
            daily = by_span.get(line.span.first, (line.span, Fraction(0)))[1]
            by_span[line.span.first] = (line.span, daily + line.units)
    what = f"{quantity.product}, days {quantity.first} to {quantity.last}"
    if unclear:
        return (Status.NOT_ASSESSABLE, f"{what}: units are not written for every dose", None, quantity.row)
    left, out_on, total = quantity.units, None, Fraction(0)
    for span, daily in by_span.values():
        first = max(span.first, quantity.first)
        days = min(span.last, quantity.last) - first + 1
        total += daily * days
        if out_on is None and daily * days > left:
            out_on = first + int(left / daily)
        left -= daily * days
    amounts = f"{say_number(quantity.units)} written, {say_number(total)} needed"
    if out_on is not None:
        return (Status.BREACH, f"{what}: {amounts}; it runs out on day {out_on}", out_on, quantity.row)
    status = Status.CAUTION if left > 0 else Status.PASS
    return (status, f"{what}: {amounts}", None, quantity.row)


def _ml(name: str, lines: tuple[Line, ...]) -> str:
    product = next((line.product for line in lines if line.product is not None and line.product.name == name), None)
    return " mL" if product is not None and product.form.is_per_ml else " x"
