"""What every loaded table makes of one dose in another drug: a range, never one number.

Both drugs have to stand in the same table (diazepam is 10 mg in each by definition). Tables are never chained and
never averaged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from glidepath.errors import InputError
from glidepath.facts.citations import citations
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Drug, Equivalent
from glidepath.facts.naming import normal_name
from glidepath.quantity import Amount, read_amount, rounded_down, rounded_up

REFERENCE_DRUG = "diazepam"
REFERENCE_MG = Fraction(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableResult:
    """One table's answer in mg of the target drug, exact. None where the table is not one to convert by."""

    table: str
    low_mg: Fraction | None
    high_mg: Fraction | None
    converts: bool
    verified: bool
    source: str
    note: str | None

    def as_record(self) -> dict[str, object]:
        return {
            "table": self.table,
            "low_mg": None if self.low_mg is None else _text(self.low_mg, down=True),
            "high_mg": None if self.high_mg is None else _text(self.high_mg, down=False),
            "exact_low_mg": None if self.low_mg is None else str(self.low_mg),
            "exact_high_mg": None if self.high_mg is None else str(self.high_mg),
            "converts": self.converts,
            "verified": self.verified,
            "source": self.source,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """A dose of one drug in another under every table that holds both."""

    from_drug: str
    dose: Amount
    to_drug: str
    results: tuple[TableResult, ...]
    statements: tuple[str, ...]
    citations: tuple[str, ...]

    @property
    def low_mg(self) -> Fraction | None:
        return min((r.low_mg for r in self.results if r.low_mg is not None), default=None)

    @property
    def high_mg(self) -> Fraction | None:
        return max((r.high_mg for r in self.results if r.high_mg is not None), default=None)

    @property
    def ratio(self) -> Fraction | None:
        """Highest over lowest: 1 when all tables agree."""
        return None if self.low_mg is None or self.high_mg is None else self.high_mg / self.low_mg

    def as_record(self) -> dict[str, object]:
        """Plain values for JSON; decimals as text, the low end rounded down and the high end up."""
        return {
            "from": {"drug": self.from_drug, "dose_mg": self.dose.decimal},
            "to": self.to_drug,
            "tables": [result.as_record() for result in self.results],
            "low_mg": None if self.low_mg is None else _text(self.low_mg, down=True),
            "high_mg": None if self.high_mg is None else _text(self.high_mg, down=False),
            "ratio": None if self.ratio is None else _text(self.ratio, down=False),
            "statements": list(self.statements),
            "citations": list(self.citations),
        }


def convert_text(formulary: Formulary, text: str, to: str) -> Conversion:
    """`convert` for what a person wrote, such as ``clonazepam 1.5 mg``."""
    words = text.split()
    for count in range(1, len(words)):
        found = formulary.names.get(normal_name(" ".join(words[:count])))
        if found is not None and not formulary.names.get(normal_name(" ".join(words[: count + 1]))):
            return convert(formulary, found.drug, read_amount(" ".join(words[count:])), to)
    if words:
        # Raises the error that names the drug; a known drug alone lacks its amount.
        formulary.drug(words[0])
    raise InputError(
        "NUM_FORMAT",
        "The dose to convert is not written as a drug and an amount.",
        field="dose",
        fix="Write for example: clonazepam 1.5 mg.",
        seen=text,
    )


def convert(formulary: Formulary, from_drug: str, dose: Amount, to_drug: str) -> Conversion:
    """What each table says `dose` of one drug equals in the other. Raises `InputError` for unknown or equal drugs."""
    source, target = formulary.drug(from_drug), formulary.drug(to_drug)
    if source.name == target.name:
        raise InputError(
            "OPTION_INVALID",
            "A dose is converted to another drug, not to the same one.",
            field="to",
            fix="Name another drug, for example diazepam.",
            seen=to_drug,
        )
    results = table_results(source, dose.mg, target)
    return Conversion(
        from_drug=source.name,
        dose=dose,
        to_drug=target.name,
        results=results,
        statements=tuple(_statements(source, dose, target, results)),
        citations=citations(formulary.sources, (r.source for r in results)),
    )


def table_results(source: Drug, mg: Fraction, target: Drug) -> tuple[TableResult, ...]:
    """What every table that holds both drugs makes of `mg` of the first; exact, also where no decimal is."""
    return tuple(_results(source, mg, target))


def _results(source: Drug, mg: Fraction, target: Drug) -> Iterable[TableResult]:
    for row in source.equivalents:
        other = _row_of(target, row.table)
        if other is None:
            continue
        converts = row.converts and other.converts
        yield TableResult(
            table=row.table,
            low_mg=mg * other.low_mg / row.high_mg if converts else None,
            high_mg=mg * other.high_mg / row.low_mg if converts else None,
            converts=converts,
            verified=row.verified and other.verified,
            source=row.source,
            note=row.note or other.note,
        )


def _row_of(drug: Drug, table: str) -> Equivalent | None:
    for row in drug.equivalents:
        if row.table == table:
            return row
    if drug.name != REFERENCE_DRUG:
        return None
    # Every table is printed against diazepam 10 mg, so diazepam stands in each of them.
    return Equivalent(
        table=table, low_mg=REFERENCE_MG, high_mg=REFERENCE_MG, source=table, verified=True, converts=True
    )


def _statements(source: Drug, dose: Amount, target: Drug, results: tuple[TableResult, ...]) -> Iterable[str]:
    ends = [(r.low_mg, r.high_mg) for r in results if r.low_mg is not None and r.high_mg is not None]
    what = f"{source.shown_as} {dose}"
    if not ends:
        yield f"No loaded table converts {source.shown_as} to {target.shown_as}. Nothing is computed."
    else:
        low, high = min(e[0] for e in ends), max(e[1] for e in ends)
        span = f"{_text(low, down=True)} and {_text(high, down=False)} mg"
        if low == high:
            yield f"{_tables(len(ends))} {what} at {_text(low, down=True)} mg of {target.shown_as}."
        else:
            fold = _text(high / low, down=False)
            yield (
                f"{_tables(len(ends))} {what} between {span} of {target.shown_as}: "
                f"the highest is {fold} times the lowest."
            )
        yield (
            "This is a range, not a dose. People differ more than tables do: a prescriber names the table, starts at "
            "the low end, changes one dose of the day at a time, and checks for drowsiness and withdrawal "
            "at 5 to 7 days."
        )
        if any(not r.verified for r in results if r.converts):
            yield "Some of these rows are recalled and were not read in their source; they are marked."
    if any(not r.converts for r in results):
        yield "Rows without a result are dose bands or ranges that their source does not give for converting."
    for drug in (source, target):
        if drug.not_planned:
            yield f"No plan is ever made for {drug.shown_as}: {drug.not_planned}"


def _tables(count: int) -> str:
    return "One table puts" if count == 1 else f"{count} tables put"


def _text(value: Fraction, *, down: bool) -> str:
    """Rounded outwards without trailing zeros: two decimals, or four below one."""
    fixed = (rounded_down if down else rounded_up)(value, 2 if value >= 1 else 4)
    return fixed.rstrip("0").rstrip(".")
