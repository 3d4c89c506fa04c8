"""Diazepam equivalents: always every table, always the table's name, never one number.

A table says how many mg of a drug it holds equal to oral diazepam 10 mg, sometimes as a range. Tables are never
averaged and never chained: both drugs of a conversion stand in the same table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from glidepath.dosing.regimen import Regimen
from glidepath.facts.model import Equivalent

REFERENCE_MG = Fraction(10)
REFERENCE_DRUG = "diazepam"


@dataclass(frozen=True, slots=True)
class Span:
    """A low and a high value in mg; equal when a table states one value."""

    low: Fraction
    high: Fraction

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.high + other.high)

    def widened(self, other: Span) -> Span:
        return Span(min(self.low, other.low), max(self.high, other.high))


def in_diazepam(row: Equivalent, mg: Fraction) -> Span:
    """Diazepam mg that `mg` of the row's drug equals under that row."""
    return Span(mg * REFERENCE_MG / row.high_mg, mg * REFERENCE_MG / row.low_mg)


def in_drug(row: Equivalent, diazepam_mg: Fraction) -> Span:
    """Mg of the row's drug that `diazepam_mg` equals under that row."""
    return Span(diazepam_mg * row.low_mg / REFERENCE_MG, diazepam_mg * row.high_mg / REFERENCE_MG)


@dataclass(frozen=True, slots=True)
class Equivalences:
    """The converting rows of the drugs in play, by drug and table."""

    rows: Mapping[str, Mapping[str, Equivalent]]

    @classmethod
    def of(cls, rows: Mapping[str, Iterable[Equivalent]]) -> Equivalences:
        return cls({drug: {r.table: r for r in found if r.converts} for drug, found in rows.items()})

    def tables(self, *drugs: str) -> tuple[str, ...]:
        """Tables that hold every one of the drugs, in the order of the first drug's rows."""
        first, *others = drugs
        return tuple(t for t in self.rows.get(first, {}) if all(t in self.rows.get(d, {}) for d in others))

    def diazepam(self, drug: str, mg: Fraction, table: str) -> Span | None:
        """Diazepam equivalent of a dose under one table, or None when the table lacks the drug."""
        if mg == 0:
            return Span(Fraction(0), Fraction(0))
        row = self.rows.get(drug, {}).get(table)
        return None if row is None else in_diazepam(row, mg)

    def widest(self, drug: str, mg: Fraction) -> Span | None:
        """The range over every loaded table, or None when no table holds the drug."""
        spans = [in_diazepam(row, mg) for row in self.rows.get(drug, {}).values()]
        if not spans:
            return None
        return Span(min(s.low for s in spans), max(s.high for s in spans))

    def of_day(self, regimen: Regimen, table: str, drugs: Iterable[str]) -> Span | None:
        """Total diazepam equivalent of some drugs of a day under one table (None: a drug is not in it)."""
        total = Span(Fraction(0), Fraction(0))
        for drug in drugs:
            span = self.diazepam(drug, regimen.total(drug).mg, table)
            if span is None:
                return None
            total = total + span
        return total
