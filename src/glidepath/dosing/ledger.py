"""What a pharmacy dispenses, fill by fill, so that dispensed = taken + left for every product.

Divided tablets are counted once: the second half of a tablet is taken at the next intake that needs a half, so
only the sum is rounded up, never each day. Stock at home is used before anything is dispensed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from glidepath.dosing.regimen import Regimen
from glidepath.facts.model import Product

Span = tuple[date, int, Regimen]  # first day, days, what is taken on each of them


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyLine:
    """One product line of one fill. Units are tablets (whole when dispensed) or mL.

    `from_home` were at home before the plan; `left_before` is carried in from the fill before.
    """

    product: Product
    taken: Fraction
    left_before: Fraction
    from_home: Fraction
    dispensed: Fraction
    left_after: Fraction

    @property
    def balances(self) -> bool:
        return self.left_before + self.from_home + self.dispensed == self.taken + self.left_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One supply: the dates it covers and its product lines."""

    number: int
    starts: date
    days: int
    not_before: date
    lines: tuple[SupplyLine, ...]

    @property
    def ends(self) -> date:
        return self.starts + timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyLedger:
    """All fills of a plan and what is left for return at the end, by product name."""

    fills: tuple[Fill, ...]
    left_for_return: Mapping[str, Fraction]

    @property
    def balances(self) -> bool:
        return all(line.balances for fill in self.fills for line in fill.lines)

    def dispensed_units(self) -> Fraction:
        """Counted units dispensed over the plan (mL left out)."""
        return sum((x.dispensed for f in self.fills for x in f.lines if not x.product.form.is_liquid), Fraction(0))


def supply_ledger(
    spans: Iterable[Span],
    *,
    at_home: Mapping[str, Fraction],
    fill_days: int = 28,
    early_days: int = 2,
) -> SupplyLedger:
    """Cut the dated regimens into fills and count each product exactly.

    `at_home` is stock by product name. A fill may be collected `early_days` before its first day, so that no
    day is uncovered (a proposal of this project; local law may set another window).
    """
    pieces = list(spans)
    if not pieces:
        return SupplyLedger(fills=(), left_for_return=dict(at_home))
    first = pieces[0][0]
    last = pieces[-1][0] + timedelta(days=pieces[-1][1] - 1)
    home = dict(at_home)
    left: dict[str, Fraction] = {}
    fills: list[Fill] = []
    begins = first
    while begins <= last:
        ends = min(begins + timedelta(days=fill_days - 1), last)
        taken = _taken(pieces, begins, ends)
        lines = []
        for product, need in taken:
            name = product.name
            carried = left.get(name, Fraction(0))
            own = min(home.get(name, Fraction(0)), max(need - carried, Fraction(0)))
            # A tablet at home is used whole: the rest of a divided one stays in the box for the next fill.
            own = own if product.form.is_liquid else min(Fraction(-(-own // 1)), home.get(name, Fraction(0)))
            short = max(need - carried - own, Fraction(0))
            dispensed = short if product.form.is_liquid else Fraction(-(-short // 1))
            home[name] = home.get(name, Fraction(0)) - own
            left[name] = carried + own + dispensed - need
            lines.append(
                SupplyLine(
                    product=product,
                    taken=need,
                    left_before=carried,
                    from_home=own,
                    dispensed=dispensed,
                    left_after=left[name],
                )
            )
        fills.append(
            Fill(
                number=len(fills) + 1,
                starts=begins,
                days=(ends - begins).days + 1,
                not_before=begins if not fills else begins - timedelta(days=early_days),
                lines=tuple(lines),
            )
        )
        begins = ends + timedelta(days=1)
    remaining = {name: home.get(name, Fraction(0)) + left.get(name, Fraction(0)) for name in {*home, *left}}
    return SupplyLedger(
        fills=tuple(fills), left_for_return={n: remaining[n] for n in sorted(remaining) if remaining[n]}
    )


def _taken(pieces: list[Span], begins: date, ends: date) -> list[tuple[Product, Fraction]]:
    """Units of each product taken between two dates inclusive, in order of first use."""
    totals: dict[str, Fraction] = {}
    products: dict[str, Product] = {}
    for starts, days, regimen in pieces:
        overlap = (min(ends, starts + timedelta(days=days - 1)) - max(begins, starts)).days + 1
        if overlap <= 0:
            continue
        for intake in regimen.intakes:
            for piece in intake.pieces:
                name = piece.product.name
                products[name] = piece.product
                totals[name] = totals.get(name, Fraction(0)) + piece.units * overlap
    return [(products[name], total) for name, total in totals.items()]
