"""A table in a spreadsheet (xlsx): what a person sees in its cells, or a named refusal.

A formula is text, not a number; merged or hidden cells are refused, because what is read would not be what is seen.
"""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from glidepath.checker.grid import MOST_ROWS, Grid, PlacedError, checked_columns, header_error, too_many_rows
from glidepath.checker.report import Unreadable
from glidepath.errors import GlidepathError, InputError

_MOST_UNPACKED = 8 * 2**20
_MOST_COLUMNS = 64
XLSX = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def grid_of_xlsx(data: bytes, sheet: str | None = None) -> Grid:
    """The table of the only sheet, or of the one named.

    Raises SHEET_UNREADABLE, SHEET_HIDDEN, SHEET_MERGED, CSV_HEADER, INPUT_TOO_LARGE, or EXTRA_MISSING when the library
    that opens spreadsheets is not installed.
    """
    _refuse_bombs(data)
    page = _page(_opened(data), sheet)
    _refuse_hidden(page)
    if page.max_row > MOST_ROWS or page.max_column > _MOST_COLUMNS:
        raise too_many_rows()
    rows: list[tuple[int, tuple[str, ...]]] = []
    bad: list[Unreadable] = []
    columns: tuple[str, ...] | None = None
    for number, cells in enumerate(page.iter_rows(), start=1):
        known = len(bad)
        texts = [_text(cell, bad) for cell in cells]
        if not any(texts):
            continue
        if columns is None:
            while texts and not texts[-1]:
                texts.pop()
            bad.clear()
            columns = checked_columns(texts, row=number)
            continue
        if any(texts[len(columns) :]):
            bad.append(
                Unreadable(
                    row=number,
                    column=_letter(len(columns) + 1),
                    code="ROW_SHAPE",
                    says=f"Row {number} has a cell outside the table.",
                    fix="Take notes out of the table.",
                )
            )
            continue
        if len(bad) > known:
            continue
        filled = [*texts, *[""] * len(columns)][: len(columns)]
        rows.append((number, tuple(filled)))
    if columns is None:
        raise header_error(1, "The sheet is empty.", "Give a table with a heading, for example days,dose_mg.")
    return Grid(columns, tuple(rows), tuple(bad))


def _refuse_bombs(data: bytes) -> None:
    """Refuse what would not fit in memory once unpacked, before anything is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
                raise InputError(
                    "INPUT_TOO_LARGE",
                    "The spreadsheet is too large once unpacked.",
                    field="file",
                    fix="Save one sheet.",
                )
    except zipfile.BadZipFile as error:
        raise _unreadable("The spreadsheet is damaged.") from error


def _opened(data: bytes) -> Any:
    try:
        import openpyxl
    except ImportError as error:
        raise GlidepathError(
            "EXTRA_MISSING",
            "Reading a spreadsheet needs the library openpyxl, which is not installed.",
            field="file",
            fix="Install glidepath[sheets], or save the table as CSV.",
        ) from error
    try:
        return openpyxl.load_workbook(BytesIO(data), data_only=False)
    except Exception as error:  # the library raises whatever it meets in a damaged file
        raise _unreadable("The spreadsheet cannot be opened.") from error


def _page(book: Any, sheet: str | None) -> Any:
    pages = list(book.worksheets)
    if sheet is not None:
        pages = [p for p in pages if p.title == sheet]
        if not pages:
            raise _unreadable("The spreadsheet has no sheet of that name.", f"Sheets: {', '.join(book.sheetnames)}.")
    else:
        pages = [p for p in pages if any(c.value is not None for row in p.iter_rows() for c in row)] or pages[:1]
        if len(pages) != 1:
            names = ", ".join(p.title for p in pages)
            raise _unreadable("The spreadsheet has several sheets.", f"Name one with --sheet: {names}.")
    if pages[0].sheet_state != "visible":
        raise InputError("SHEET_HIDDEN", "The sheet is hidden.", field="file", fix="Show it and look at it first.")
    return pages[0]


def _refuse_hidden(page: Any) -> None:
    for number, shape in page.row_dimensions.items():
        if shape.hidden or (shape.height is not None and shape.height < 2):
            raise _hidden(f"Row {number} of the sheet is hidden.", number)
    for letter, shape in page.column_dimensions.items():
        if shape.hidden or (shape.width is not None and shape.width * 2 < 1):
            raise _hidden(f"Column {letter} of the sheet is hidden.", 0, letter)
    merged = sorted(page.merged_cells.ranges, key=lambda cells: (cells.min_row, cells.min_col))
    if merged:
        names = ", ".join(str(cells) for cells in merged[:4])
        raise PlacedError(
            "SHEET_MERGED",
            f"The sheet has merged cells ({names}), so it is not clear which rows they are for.",
            field="file",
            fix="Undo the merge and write the value in every row.",
            details=tuple(str(cells) for cells in merged[:20]),
        ).at(merged[0].min_row, str(merged[0]))


def _hidden(message: str, row: int, column: str = "") -> PlacedError:
    return PlacedError("SHEET_HIDDEN", message, field="file", fix="Show everything, or delete it.").at(row, column)


def _text(cell: Any, bad: list[Unreadable]) -> str:
    """What a cell shows, as text: exact for whole numbers and for decimals as they were typed."""
    value = cell.value
    if cell.comment is not None:
        bad.append(_cell(cell, "The cell has a comment, which may change what it means."))
        return "?"
    if value is None:
        return ""
    if (font := cell.font) is not None and (font.strike or _is_white(font.color)):
        bad.append(_cell(cell, "The cell is struck through, or written so that it cannot be seen."))
        return "?"
    if isinstance(value, bool) or cell.data_type == "e" or isinstance(value, time):
        bad.append(_cell(cell, "The cell holds neither text, number nor date."))
        return "?"
    if cell.data_type == "f" or (isinstance(value, str) and value[:1] in ("=", "@")):
        bad.append(_cell(cell, "The cell holds a formula; a formula is text here, not a number."))
        return "?"
    if isinstance(value, datetime):
        if value.time() != time(0):
            bad.append(_cell(cell, "The date has a time of day."))
            return "?"
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float)) and not _shown_as_it_is(value, str(cell.number_format)):
        bad.append(_cell(cell, "The sheet shows something else than the number that the cell holds."))
        return "?"
    if isinstance(value, float):
        # A sheet keeps decimals as binary; the shortest text that means the same number is what was typed.
        return str(int(value)) if value.is_integer() and abs(value) < 10**15 else repr(value)
    text = str(value).strip()
    if not text.isprintable():
        bad.append(_cell(cell, "The cell holds a character that cannot be printed, or a line break."))
        return "?"
    return text


_PLAIN_FORMAT = re.compile(r"#?,?#*0(?:\.([0#]+))?", re.ASCII)


def _shown_as_it_is(value: float, shown: str) -> bool:
    """Whether a number format shows a number with all its digits and nothing else beside it."""
    if shown in ("General", "@"):
        return True
    match = _PLAIN_FORMAT.fullmatch(shown)
    return match is not None and round(value, len(match[1] or "")) == value


def _is_white(color: Any) -> bool:
    """Whether a font has the color of the paper."""
    return color is not None and color.type == "rgb" and str(color.rgb).upper() in ("FFFFFFFF", "00FFFFFF")


def _cell(cell: Any, says: str) -> Unreadable:
    return Unreadable(
        row=cell.row,
        column=cell.column_letter,
        code="ROW_QUANTITY",
        says=f"{says} ({cell.coordinate})",
        fix="Write the value itself in the cell.",
    )


def _letter(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _unreadable(message: str, fix: str = "Save it again as xlsx, or as CSV.") -> InputError:
    return InputError("SHEET_UNREADABLE", message, field="file", fix=fix)
