"""A table of cells as it stands in a file, before anything in it is understood: text, separators, rows.

Nothing is guessed: text is UTF-8 unless another encoding is stated, and a row that has not as many cells as the header
is refused, because a shifted cell is a wrong dose.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from glidepath.checker.report import Unreadable
from glidepath.errors import InputError

MOST_ROWS = 200_000
SEPARATORS = (",", ";", "\t")
ENCODINGS = ("utf-8", "utf-16", "latin-1", "windows-1252")

# Every column that is read, by each of the ways a person may head it.
COLUMNS = {
    "date": "date",
    "step": "step",
    "time": "time",
    "time_of_day": "time",
    "drug": "drug",
    "product": "product",
    "units": "units",
    "dose_mg": "dose_mg",
    "dose_(mg)": "dose_mg",
    "diazepam_mg_low": "diazepam_mg_low",
    "diazepam_mg_high": "diazepam_mg_high",
    "days": "days",
    "start": "start",
    "end": "end",
    "quantity": "quantity",
}
_LAYOUTS = (("date",), ("start", "end"), ("days",))


class PlacedError(InputError):
    """A named error of a whole file with the row and column it stands in (0 and "" where there is none)."""

    row = 0
    column = ""

    def at(self, row: int, column: str = "") -> PlacedError:
        self.row, self.column = row, column
        return self


@dataclass(frozen=True, slots=True)
class Grid:
    """A header and the rows below it, each with its number in the file (the header's is usually 1)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def layout(self) -> str:
        """`date`, `start` or `days`: how a row says which days it is for."""
        return next(names[0] for names in _LAYOUTS if set(names) <= set(self.columns))


def text_of(data: bytes, encoding: str | None = None) -> str:
    """The text of a file. Raises CSV_ENCODING with the place of the first byte that does not fit."""
    name = (encoding or "utf-8").casefold()
    if name not in ENCODINGS:
        raise InputError(
            "CSV_ENCODING",
            "The encoding is not one that is read here.",
            field="encoding",
            fix=f"Encodings: {', '.join(ENCODINGS)}.",
        )
    try:
        text = data.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PlacedError(
            "CSV_ENCODING",
            f"The text is not {name}: byte {error.start + 1}, in line {line}, does not fit.",
            field="file",
            fix="Save it as UTF-8, or state its encoding with --encoding, for example windows-1252.",
            details=(f"line {line}, byte {error.start + 1}",),
        ).at(line, f"byte {error.start + 1}") from error
    for number, line_text in enumerate(text.splitlines(), start=1):
        bad = next((n for n, c in enumerate(line_text, start=1) if _is_control(c)), None)
        if bad is not None:
            raise PlacedError(
                "CSV_ENCODING",
                f"Line {number} holds a character that cannot be printed, at character {bad}.",
                field="file",
                fix="Remove it, or state the right encoding with --encoding.",
                details=(f"line {number}, character {bad}",),
            ).at(number, f"character {bad}")
    return text


def _is_control(character: str) -> bool:
    if character in "\t\u00a0\u202f\u2009":
        return False
    return not character.isprintable()


def column_name(cell: str) -> str | None:
    """The column that a heading means, or None."""
    return COLUMNS.get("_".join(cell.strip().casefold().split()))


def looks_like_a_table(text: str) -> bool:
    """Whether the first line with words is a heading of columns, at least one of which is read here."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return any(
        len(cells := first.split(mark)) > 1 and any(column_name(c.strip('"')) for c in cells) for mark in SEPARATORS
    )


def grid_of_text(text: str) -> Grid:
    """The table of a CSV text, separated by commas, semicolons or tabs. Raises CSV_HEADER, INPUT_TOO_LARGE."""
    lines = text.splitlines()
    begin = next((n for n, line in enumerate(lines) if line.strip()), None)
    if begin is None:
        raise header_error(1, "The file is empty.", "Give a table with a heading, for example days,dose_mg.")
    first = lines[begin]
    mark = max(SEPARATORS, key=lambda m: (sum(1 for c in first.split(m) if column_name(c.strip('"'))), first.count(m)))
    columns = checked_columns([c.strip().strip('"') for c in first.split(mark)], row=begin + 1)
    if len(lines) - begin > MOST_ROWS:
        raise too_many_rows()
    rows: list[tuple[int, tuple[str, ...]]] = []
    bad: list[Unreadable] = []
    for number, line in enumerate(lines[begin + 1 :], start=begin + 2):
        if not line.strip() or not line.strip(mark + " "):
            continue
        cells = _cells(line, mark)
        if cells is None or len(cells) != len(columns):
            bad.append(_wrong_shape(number, None if cells is None else len(cells), len(columns)))
            continue
        rows.append((number, cells))
    return Grid(columns, tuple(rows), tuple(bad))


def _cells(line: str, mark: str) -> tuple[str, ...] | None:
    """The cells of one line, or None for a stray quote. A quoted cell never runs over a line break."""
    if '"' not in line:
        return tuple(map(str.strip, line.split(mark)))
    try:
        read = list(csv.reader(io.StringIO(line), delimiter=mark, strict=True))
    except csv.Error:
        return None
    return tuple(cell.strip() for cell in read[0]) if len(read) == 1 else None


def _wrong_shape(row: int, found: int | None, due: int) -> Unreadable:
    seen = "a quote is not closed" if found is None else f"it has {found} cells, the heading has {due}"
    return Unreadable(
        row=row,
        column="",
        code="ROW_SHAPE",
        says=f"Row {row} cannot be read: {seen}.",
        fix="Give every row as many cells as the heading; a decimal comma needs semicolons or tabs between cells.",
    )


def checked_columns(cells: Sequence[str], *, row: int) -> tuple[str, ...]:
    """The columns that a heading names. Raises CSV_HEADER when one is unknown, repeated or missing."""
    columns = []
    for number, cell in enumerate(cells, start=1):
        name = column_name(cell)
        if name is None:
            raise header_error(
                row,
                f"Column {number} has a heading that is not read here.",
                f"Columns: {', '.join(dict.fromkeys(COLUMNS.values()))}. Rename it or take it out.",
                column=str(number),
            )
        if name in columns:
            raise header_error(row, f"The column {name} stands twice.", "Keep one of them.", column=name)
        columns.append(name)
    layouts = [names for names in _LAYOUTS if set(names) <= set(columns)]
    if len(layouts) != 1 or "dose_mg" not in columns:
        raise header_error(
            row,
            "The heading does not say which days a row is for and what dose is taken.",
            "Give days,dose_mg or start,end,dose_mg or a day table with date and dose_mg; one of them.",
        )
    extra = {"start", "end", "date", "days"} & set(columns) - set(layouts[0])
    if extra:
        raise header_error(row, f"The column {min(extra)} does not go with {layouts[0][0]}.", "Keep one of them.")
    return tuple(columns)


def header_error(row: int, says: str, fix: str, column: str = "") -> PlacedError:
    place = f"row {row}" + (f", column {column}" if column else "")
    return PlacedError("CSV_HEADER", f"{says} ({place})", field="file", fix=fix, details=(place,)).at(row, column)


def too_many_rows() -> InputError:
    return InputError(
        "INPUT_TOO_LARGE",
        f"The table has more than {MOST_ROWS} rows.",
        field="file",
        fix="Give one taper; a year has 365 days.",
    )
