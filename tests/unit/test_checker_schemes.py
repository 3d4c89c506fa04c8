"""Published schemes are recognised by their steps, and other tapers are not taken for one."""

from __future__ import annotations

from fractions import Fraction

import pytest

from glidepath.checker.grid import grid_of_text
from glidepath.checker.schemes import scheme_of
from glidepath.checker.tables import read_table
from glidepath.checker.written import Entry
from tests.support.written import reader, table


def scheme(*rows: str, drug: str, before: str | None = None) -> str | None:
    stated = (Entry(drug=drug, time="", dose=Fraction(before)),) if before else ()
    taper, bad = read_table(grid_of_text(table(*rows)), reader(drug), stated)
    assert taper is not None, bad
    return scheme_of(taper)


@pytest.mark.parametrize(
    ("rows", "drug", "before", "named"),
    [
        (("14,1.5", "14,1", "7,0.75", "7,0.5", "7,0.25", "0,0"), "clonazepam", "2", "Nardi"),
        (("3,0.75", "3,0.5", "3,0.25", "0,0"), "clonazepam", "1", "Klonopin label"),
        (("3,3.5", "3,3", "3,2.5", "3,2"), "alprazolam", "4", "Xanax label"),
        (("14,15", "14,10", "14,5", "0,0"), "diazepam", "20", "25 % fortnightly"),
        (("14,20", "14,15", "14,10", "14,5", "0,0"), "diazepam", None, "25 % fortnightly"),
        (("14,15", "14,10", "14,5", "14,2.5", "0,0"), "diazepam", "20", "12.5 %"),
        (("7,15", "7,10", "7,5", "0,0"), "diazepam", "20", "Voshaar"),
        (("14,12", "14,9", "14,6.75", "0,0"), "diazepam", "16", "quarter of the current dose"),
        (("7,9", "7,8", "7,7", "7,6", "7,5", "7,4", "0,0"), "diazepam", "10", "Ashton-style"),
        (("1,5", "1,0", "1,5", "1,0", "1,5"), "diazepam", None, "EMPOWER-style"),
        (("1,5", "1,2.5", "1,5", "1,2.5", "1,5"), "diazepam", None, "EMPOWER-style"),
    ],
)
def test_a_published_scheme_is_named(rows, drug, before, named):
    assert named in (scheme(*rows, drug=drug, before=before) or "")


@pytest.mark.parametrize(
    ("rows", "drug"),
    [
        (("28,10", "28,9", "28,8"), "diazepam"),
        (("14,2", "14,1.5", "14,1.25", "7,0.75"), "clonazepam"),
        (("14,20", "14,15", "21,10", "14,5"), "diazepam"),
        (("14,10", "14,12"), "diazepam"),
        (("14,10",), "diazepam"),
        (("14,0",), "diazepam"),
    ],
)
def test_another_taper_is_not_taken_for_one(rows, drug):
    assert scheme(*rows, drug=drug) is None


def test_each_sentence_says_how_it_differs_from_present_guidance():
    text = scheme("3,0.75", "3,0.5", "3,0.25", "0,0", drug="clonazepam", before="1")
    assert text is not None and "ASAM 2025" in text and text.count(". ") == 0
