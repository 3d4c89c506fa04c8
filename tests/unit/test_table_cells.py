"""No cell of a table that we write can be run as a formula or break its row."""

from __future__ import annotations

import pytest

from glidepath.errors import GlidepathError
from glidepath.render.day_table import _csv_line


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum", "a,b", 'say "a"', "two\nlines", "two\rlines"])
def test_a_cell_that_a_spreadsheet_could_run_or_misread_is_a_fault_and_nothing_is_written(cell: str) -> None:
    with pytest.raises(GlidepathError) as fault:
        _csv_line(("2026-12-07", cell))
    assert fault.value.code == "INTERNAL"


def test_plain_cells_are_joined_as_they_are() -> None:
    assert _csv_line(("0", "night", "clonazepam 0.125 mg ODT", "")) == "0,night,clonazepam 0.125 mg ODT,"
