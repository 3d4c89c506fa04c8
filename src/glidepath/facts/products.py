"""From the makers' rows of a drug to its products: one product per region, form and strength.

A product may be divided only when every named maker's label says so; where makers differ, the answer is VARIES and a
pharmacist has to say which one is supplied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from glidepath.facts.model import Form, Product, ProductRecord, Split

_Row = Mapping[str, Any]


def products_of(drug: str, rows: Iterable[_Row]) -> tuple[Product, ...]:
    """All products of a drug, in order of region, form and strength as first written, strengths rising."""
    grouped: dict[tuple[str, Form, Fraction], list[ProductRecord]] = {}
    for row in rows:
        form = Form(row["form"])
        record = _record(row)
        for text in row.get("strengths_mg") or row.get("strengths_mg_per_ml") or ():
            grouped.setdefault((row["region"], form, Fraction(text)), []).append(record)
    regions = list(dict.fromkeys(region for region, _, _ in grouped))
    forms = list(Form)
    ordered = sorted(grouped, key=lambda k: (regions.index(k[0]), forms.index(k[1]), k[2]))
    return tuple(_product(drug, key, grouped[key]) for key in ordered)


def _product(drug: str, key: tuple[str, Form, Fraction], records: Sequence[ProductRecord]) -> Product:
    region, form, strength = key
    return Product(
        drug=drug,
        region=region,
        form=form,
        strength=strength,
        halves=merge_split(form, records, "halves"),
        quarters=merge_split(form, records, "quarters"),
        records=tuple(records),
    )


def merge_split(form: Form, records: Sequence[ProductRecord], part: str) -> Split:
    """One answer over the makers' rows for `part` (halves or quarters).

    Rows with a named maker decide when there are any: the row that stands for any other maker does not veto them,
    because the product supplied is checked against its own label. Forms that never divide are NO whatever a row says.
    """
    if not form.divides:
        return Split.NO
    named = [r for r in records if r.maker is not None]
    said = {Split(getattr(r, part)) for r in named or records}
    if said == {Split.YES}:
        return Split.YES
    if said <= {Split.NO, Split.UNKNOWN}:
        return Split.NO if Split.NO in said else Split.UNKNOWN
    return Split.VARIES


def _record(row: _Row) -> ProductRecord:
    # No word on splitting means whole units only; the compiler lists such rows in the load report.
    split = row.get("split") or {"halves": "no", "quarters": "no"}
    return ProductRecord(
        maker=row["maker"],
        scored=row.get("scored", "unknown"),
        halves=Split(split["halves"]),
        quarters=Split(split["quarters"]),
        source=row["source"],
        verified=row["verified"],
        note=row.get("note"),
        split_stated="split" in row,
        drops_per_ml=row.get("drops_per_ml"),
        mg_per_drop=row.get("mg_per_drop"),
        mg_per_actuation=row.get("mg_per_actuation"),
    )
