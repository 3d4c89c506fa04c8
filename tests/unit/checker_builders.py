"""Small builders of written tapers for the tests of the checker."""

from __future__ import annotations

from fractions import Fraction

from glidepath.checker.written import Entry, Span, WrittenQuantity, WrittenTaper


def entry(drug: str, mg: str | Fraction, time: str = "", product: str = "", units: str | None = None) -> Entry:
    return Entry(
        drug=drug, time=time, dose=Fraction(mg), product=product, units=None if units is None else Fraction(units)
    )


def spans(*blocks: tuple[int, tuple[Entry, ...]], first: int = 1, steps: bool = False) -> tuple[Span, ...]:
    """Neighbouring spans from (days, entries); a block without entries is a gap of uncovered days."""
    out: list[Span] = []
    day, row = first, 0
    for number, (days, entries) in enumerate(blocks, 1):
        if entries:
            rows = tuple(range(row + 1, row + 1 + len(entries)))
            row += len(entries)
            step = number if steps else None
            out.append(Span(first=day, days=days, entries=entries, rows=rows, step=step))
        day += days
    return tuple(out)


def taper(
    made: tuple[Span, ...],
    before: tuple[Entry, ...] = (),
    twice: tuple[tuple[int, int, int], ...] = (),
    quantities: tuple[WrittenQuantity, ...] = (),
) -> WrittenTaper:
    return WrittenTaper(kind="test", starts=None, spans=made, before=before, covered_twice=twice, quantities=quantities)


def daily(*blocks: tuple[int, str | None], drug: str = "diazepam", before: str | None = None) -> WrittenTaper:
    """A taper of one drug from (days, mg a day); None is a gap."""
    made = spans(*((days, () if mg is None else (entry(drug, mg),)) for days, mg in blocks))
    return taper(made, before=() if before is None else (entry(drug, before),))
