"""What a table means as a taper, and which tables are refused, with row and column."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from glidepath.checker.grid import grid_of_text, looks_like_a_table, text_of
from glidepath.checker.spreadsheet import grid_of_xlsx
from glidepath.errors import GlidepathError
from tests.support.written import DAY_TABLE, read, table, workbook


def doses(text: str, **options) -> list[tuple[int, int, str]]:
    taper, bad = read(text, **options)
    assert taper is not None, bad
    return [(s.first, s.last, str(s.total(taper.drugs[0]))) for s in taper.spans]


def codes(text: str, **options) -> list[tuple[int, str, str]]:
    taper, bad = read(text, **options)
    assert taper is None
    return [(u.row, u.column, u.code) for u in bad]


# what is read --------------------------------------------------------------------------------------------------------


def test_rows_with_a_length_follow_one_another_and_a_zero_is_one_day():
    assert doses(table("14,2", "14,1.5", "0,0")) == [(1, 14, "2"), (15, 28, "3/2"), (29, 29, "0")]


def test_rows_with_dates_leave_the_days_between_them_uncovered():
    taper, _ = read(table("2027-01-04,2027-01-10,2", "2027-01-13,2027-01-20,1.5", heading="start,end,dose_mg"))
    assert taper is not None and taper.starts == date(2027, 1, 4)
    assert [(s.first, s.last) for s in taper.spans] == [(1, 7), (10, 17)]


def test_a_day_claimed_by_two_rows_is_in_no_span_and_is_named():
    taper, _ = read(table("2027-01-04,2027-01-10,2", "2027-01-10,2027-01-20,1.5", heading="start,end,dose_mg"))
    assert taper is not None
    assert taper.covered_twice == ((7, 7, 3),)
    assert [(s.first, s.last) for s in taper.spans] == [(1, 6), (8, 17)]


def test_rows_of_one_length_at_different_times_of_day_are_one_step():
    text = table("14,1,morning", "14,1,night", "14,0.5,morning", "14,1,night", heading="days,dose_mg,time")
    assert doses(text) == [(1, 14, "2"), (15, 28, "3/2")]


def test_rows_that_all_say_night_are_steps_of_their_own():
    assert doses(table("14,1,night", "14,0.5,night", heading="days,dose_mg,time")) == [(1, 14, "1"), (15, 28, "1/2")]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_cells_may_be_separated_by_commas_semicolons_or_tabs(mark):
    assert doses(f"days{mark}dose_mg\n14{mark}0.5\n") == [(1, 14, "1/2")]


def test_a_declared_decimal_comma_is_read():
    assert doses("days;dose_mg\n14;0,5\n", comma=True) == [(1, 14, "1/2")]


def test_a_day_table_keeps_products_units_and_steps():
    row = "2027-01-04,0,night,clonazepam,clonazepam 0.5 mg tablet,1.5,0.75,7.50,30.00"
    taper, _ = read(table(row, row.replace("01-04", "01-05"), heading=DAY_TABLE), drug=None)
    assert taper is not None and taper.kind == "day table"
    (span,) = taper.spans
    (entry,) = span.entries
    assert (span.days, span.step, span.row) == (2, 0, 2)
    assert (entry.product, entry.units, entry.dose) == ("clonazepam 0.5 mg tablet", Fraction(3, 2), Fraction(3, 4))


def test_a_product_that_the_region_does_not_have_is_read_so_that_it_can_be_judged():
    taper, _ = read(table("14,3,clonazepam 3 mg tablet", heading="days,dose_mg,product"))
    assert taper is not None and taper.spans[0].entries[0].product == "clonazepam 3 mg tablet"


def test_dates_are_read_in_the_order_that_is_declared():
    text = table("03/04/2027,04/04/2027,1", heading="start,end,dose_mg")
    assert read(text, dates="dmy")[0].starts == date(2027, 4, 3)
    assert read(text, dates="mdy")[0].starts == date(2027, 3, 4)


def test_a_heading_may_be_written_with_capitals_and_spaces():
    assert doses("Days , Dose mg\n14,2\n") == [(1, 14, "2")]


# what is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("30 tabs", "ROW_QUANTITY"),
        ("3O", "ROW_QUANTITY"),
        ("", "ROW_QUANTITY"),
        ("=1+1", "ROW_QUANTITY"),
        (".5", "NUM_NAKED_DECIMAL"),
        ('"1,5"', "NUM_AMBIGUOUS"),
        ("-1", "NUM_RANGE"),
        ("nan", "NUM_RANGE"),
        ("1e400", "NUM_RANGE"),
        ("٥", "ROW_QUANTITY"),
    ],
)
def test_a_dose_that_is_no_plain_number_is_named_with_row_and_column(cell, code):
    assert codes(table("14,2", f"14,{cell}")) == [(3, "dose_mg", code)]


def test_every_unreadable_row_is_named_not_only_the_first():
    assert [row for row, _, _ in codes(table("14,x", "14,2", "y,1", "14"))] == [5, 2, 4]


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        ("days,dose", "heading that is not read"),
        ("days,dose_mg,dose_mg", "twice"),
        ("dose_mg,drug", "which days"),
        ("days,start,end,dose_mg", "which days"),
        ("date,days,dose_mg", "which days"),
        ("days,start,dose_mg", "does not go with"),
    ],
)
def test_a_heading_with_a_missing_renamed_or_repeated_column_refuses_the_whole_table(heading, says):
    with pytest.raises(GlidepathError) as refused:
        grid_of_text(f"{heading}\n14,2\n")
    assert refused.value.code == "CSV_HEADER" and says in refused.value.message
    assert "row 1" in refused.value.message


def test_dates_without_a_declared_order_refuse_the_whole_table():
    with pytest.raises(GlidepathError) as refused:
        read(table("03/04/2027,04/04/2027,1", heading="start,end,dose_mg"))
    assert refused.value.code == "DATE_FORMAT_REQUIRED"


def test_a_date_that_is_none_is_named():
    assert codes(table("2027-02-29,2027-03-01,1", heading="start,end,dose_mg")) == [(2, "start", "DATE_INVALID")]


def test_two_drugs_in_one_cell_are_refused():
    assert codes(table("14,2,diazepam and temazepam", heading="days,dose_mg,drug")) == [(2, "drug", "ROW_DRUGS")]


def test_two_drugs_in_a_column_of_lengths_are_refused_because_their_order_is_unknown():
    text = table("14,2,clonazepam", "14,20,diazepam", heading="days,dose_mg,drug")
    assert codes(text) == [(3, "drug", "ROW_DRUGS")]


def test_a_product_of_another_drug_than_the_row_names_is_refused():
    text = table("14,2,clonazepam,diazepam 2 mg tablet", heading="days,dose_mg,drug,product")
    assert codes(text) == [(2, "product", "ROW_DRUGS")]


def test_a_medicine_of_another_kind_is_refused_by_name():
    assert codes(table("14,2,clonidine", heading="days,dose_mg,drug"))[0][2] == "DRUG_OUT_OF_SCOPE"
    assert codes(table("14,2,clonazapam", heading="days,dose_mg,drug"))[0][2] == "DRUG_UNKNOWN"


def test_the_same_row_twice_is_refused_because_it_may_be_a_double_dose():
    text = table("2027-01-04,2,night", "2027-01-04,2,night", heading="date,dose_mg,time")
    assert codes(text) == [(3, "", "ROW_DUPLICATE")]


def test_a_dose_of_the_whole_day_beside_one_at_a_time_of_day_is_refused():
    text = table("2027-01-04,2,", "2027-01-04,1,night", heading="date,dose_mg,time")
    assert [code for _, _, code in codes(text)] == ["ROW_SHAPE"]


def test_a_row_with_a_shifted_cell_or_a_stray_quote_is_refused():
    assert codes(table("14,2,3", '14,"2'))[0][2] == "ROW_SHAPE"
    assert len(codes(table("14,2,3", '14,"2'))) == 2


@pytest.mark.parametrize("data", ["14;0,5\n".encode("utf-16"), "dose für\n".encode("latin-1"), b"days\xff,dose_mg"])
def test_another_encoding_is_refused_unless_it_is_stated(data):
    with pytest.raises(GlidepathError) as refused:
        text_of(data)
    assert refused.value.code == "CSV_ENCODING" and "byte" in refused.value.message


def test_a_stated_encoding_is_read():
    assert text_of("für".encode("latin-1"), "latin-1") == "für"
    assert text_of("\ufeffdays".encode()) == "days"


def test_words_are_not_taken_for_a_table():
    assert not looks_like_a_table("Diazepam 10 mg bd for 2 weeks, then 9 mg bd for 2 weeks")
    assert looks_like_a_table("days,dose\n14,2\n")


def test_a_taper_longer_than_any_is_refused():
    assert codes(table(*["3660,2"] * 12))[0][2] == "NUM_RANGE"
    assert codes(table("99999,2"))[0][2] == "ROW_QUANTITY"


# spreadsheets --------------------------------------------------------------------------------------------------------

ROWS = [["days", "dose_mg"], [14, 2], [14, 1.5], [14, 0.1]]


def refused(data: bytes, **options) -> str:
    with pytest.raises(GlidepathError) as error:
        grid_of_xlsx(data, **options)
    return error.value.code


def test_numbers_of_a_sheet_are_what_was_typed():
    grid = grid_of_xlsx(workbook(ROWS))
    assert [cells for _, cells in grid.rows] == [("14", "2"), ("14", "1.5"), ("14", "0.1")]


def test_dates_of_a_sheet_are_dates():
    rows = [["start", "end", "dose_mg"], [date(2027, 1, 4), date(2027, 1, 17), 2]]
    assert grid_of_xlsx(workbook(rows)).rows[0][1] == ("2027-01-04", "2027-01-17", "2")


def test_a_formula_in_a_sheet_is_not_a_number():
    grid = grid_of_xlsx(workbook([*ROWS, [14, "=B2/2"]]))
    assert [(u.row, u.column, u.code) for u in grid.unreadable] == [(5, "B", "ROW_QUANTITY")]


def test_merged_cells_are_refused():
    assert refused(workbook(ROWS, lambda book: book.active.merge_cells("B2:B3"))) == "SHEET_MERGED"


def test_hidden_rows_columns_and_sheets_are_refused():
    def row(book):
        book.active.row_dimensions[3].hidden = True

    def column(book):
        book.active.column_dimensions["A"].hidden = True

    def sheet(book):
        book.create_sheet("other")
        book.worksheets[0].sheet_state = "hidden"

    assert [refused(workbook(ROWS, change)) for change in (row, column, sheet)] == ["SHEET_HIDDEN"] * 3


def test_several_sheets_must_be_told_apart():
    def second(book):
        book.create_sheet("second").append(["days", "dose_mg"])

    assert refused(workbook(ROWS, second)) == "SHEET_UNREADABLE"
    assert len(grid_of_xlsx(workbook(ROWS, second), "Sheet").rows) == 3


def test_what_is_no_sheet_is_refused():
    assert refused(b"PK\x03\x04 and nothing") == "SHEET_UNREADABLE"


def test_a_note_beside_the_table_is_refused():
    grid = grid_of_xlsx(workbook([*ROWS, [14, 0.05, None, "if tolerated"]]))
    assert [(u.row, u.code) for u in grid.unreadable] == [(5, "ROW_SHAPE")]


@pytest.mark.parametrize("what", ["format", "percent", "rounded", "comment", "struck", "white", "width", "height"])
def test_what_a_sheet_shows_is_what_is_read_or_it_is_refused(what):
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    def change(book):
        page = book.active
        cell = page["B2"]
        if what == "format":
            cell.number_format = '0 "micrograms"'
        elif what == "percent":
            cell.number_format = "0%"
        elif what == "rounded":
            page["B3"].number_format = "0"
        elif what == "comment":
            cell.comment = Comment("take only if needed", "x")
        elif what == "struck":
            cell.font = Font(strike=True)
        elif what == "white":
            cell.font = Font(color="FFFFFFFF")
        elif what == "width":
            page.column_dimensions["B"].width = 0.1
        else:
            page.row_dimensions[3].height = 0.5

    data = workbook(ROWS, change)
    if what in ("width", "height"):
        assert refused(data) == "SHEET_HIDDEN"
    else:
        assert [u.code for u in grid_of_xlsx(data).unreadable] == ["ROW_QUANTITY"]


def test_a_sheet_that_unpacks_to_too_much_is_refused_before_it_is_opened():
    import zipfile
    from io import BytesIO

    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * (9 * 2**20))
    assert refused(packed.getvalue()) == "INPUT_TOO_LARGE"


@pytest.mark.parametrize("heading", ["date,dose_mg,product", "date,dose_mg,product,quantity"])
def test_neighbouring_days_that_take_the_same_are_one_span_with_the_row_it_begins_in(heading):
    quantity = "," * heading.count(",quantity")
    rows = [f"2027-01-{day:02},1,clonazepam 0.5 mg tablet{quantity}" for day in range(4, 9)]
    rows += [f"2027-01-{day:02},0.5,clonazepam 0.5 mg tablet{quantity}" for day in range(9, 12)]
    taper, bad = read(table(*rows, heading=heading))
    assert taper is not None, bad
    assert [(s.first, s.last, s.rows) for s in taper.spans] == [(1, 5, (2,)), (6, 8, (7,))]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("clonazepam/diazepam", "ROW_DRUGS"),
        ("clonazepam/water", "DRUG_UNKNOWN"),
        ("water and sugar", "DRUG_UNKNOWN"),
        ("water", "DRUG_UNKNOWN"),
    ],
)
def test_only_a_cell_with_two_drugs_is_said_to_have_two(cell, code):
    assert codes(table(f"14,2,{cell}", heading="days,dose_mg,drug"), drug=None) == [(2, "drug", code)]
