"""Building tables for the checker as people write them: rows in, text out."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from glidepath import load_formulary
from glidepath.checker.cells import CellReader
from glidepath.checker.grid import grid_of_text
from glidepath.checker.tables import Read, read_table

DAY_TABLE = "date,step,time,drug,product,units,dose_mg,diazepam_mg_low,diazepam_mg_high"


def table(*rows: str, heading: str = "days,dose_mg") -> str:
    """A table as text, one argument a row."""
    return "\n".join((heading, *rows)) + "\n"


def reader(drug: str | None = "clonazepam", **options: Any) -> CellReader:
    """A reader of cells for one drug in the US."""
    return CellReader(formulary=load_formulary(), region=options.pop("region", "US"), drug=drug, **options)


def read(text: str, drug: str | None = "clonazepam", **options: Any) -> Read:
    """A table read without being judged."""
    return read_table(grid_of_text(text), reader(drug, **options))


def workbook(rows: Iterable[Iterable[object]], change: Any = None) -> bytes:
    """An xlsx file with one sheet of these rows; `change` may alter the workbook before it is saved."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    if change is not None:
        change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
