"""A drug and a conversion in a terminal, each with its sources and what was not verified."""

from __future__ import annotations

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from glidepath.facts.conversion import Conversion
from glidepath.facts.describe import DrugFacts
from glidepath.render.document import EVALUATION
from glidepath.render.terminal import console, heading


def print_drug(described: DrugFacts) -> None:
    """Print everything the facts hold on one drug; what was not read at its source is marked."""
    out = console()
    out.print(Text(f"{described.shown_as} (facts {described.version}, {described.status})", style="bold"))
    out.print(Text(f"{EVALUATION}. Marked † = not verified at its source.", style="italic"))
    for section in described.sections:
        if not section.rows:
            continue
        heading(out, section.title)
        for row in section.rows:
            mark = "†" if row.verified is False else ""
            unit = f" {row.unit}" if row.unit else ""
            source = f" [{row.source}]" if row.source else ""
            note = f" ({row.note})" if row.note else ""
            out.print(Padding(Text(f"{row.label}: {row.value}{unit}{mark}{source}{note}"), (0, 0, 0, 2)))
    heading(out, "Sources")
    for line in described.citations:
        out.print(Padding(Text(line), (0, 0, 0, 2)))


def print_conversion(conversion: Conversion) -> None:
    """Print what every table makes of a dose, the range, and what it means."""
    out = console()
    record = conversion.as_record()
    out.print(Text(f"{conversion.dose} {conversion.from_drug} in {conversion.to_drug}", style="bold"))
    out.print(Text(f"{EVALUATION}. Approximate; not for patients.", style="italic"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("table", "low mg", "high mg", "verified", "note"):
        table.add_column(name, justify="right" if name.endswith("mg") else "left")
    tables = record["tables"]
    assert isinstance(tables, list)
    for row in tables:
        note = row["note"] or ""
        if not row["converts"]:
            note = f"not a conversion table. {note}".strip()
        verified = "yes" if row["verified"] else "no"
        table.add_row(row["table"], row["low_mg"] or "-", row["high_mg"] or "-", verified, note)
    out.print(table)
    out.print()
    if record["low_mg"] is not None:
        out.print(Text(f"Range over all tables: {record['low_mg']} to {record['high_mg']} mg", style="bold"))
    for statement in conversion.statements:
        out.print(Text(statement))
    heading(out, "Sources")
    for line in conversion.citations:
        out.print(Padding(Text(line), (0, 0, 0, 2)))
