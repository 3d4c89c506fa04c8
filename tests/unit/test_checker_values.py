"""The nouns of the checker: what is read and what is said cannot be changed afterwards."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import is_dataclass

import glidepath.checker
from glidepath.checker.course import say_day


def test_every_noun_of_the_checker_is_frozen():
    """A verdict that could be altered after it was reached would be no verdict."""
    nouns = {
        value
        for module in pkgutil.iter_modules(glidepath.checker.__path__)
        for value in vars(importlib.import_module(f"glidepath.checker.{module.name}")).values()
        if isinstance(value, type) and is_dataclass(value) and value.__module__.startswith("glidepath.checker.")
    }
    assert len(nouns) > 20
    # The reader of cells is no noun: it keeps what it has read, so that a cell is read once.
    assert [n.__qualname__ for n in nouns if not n.__dataclass_params__.frozen] == ["CellReader"]


def test_a_day_is_said_with_its_row_where_there_is_one():
    assert say_day(15) == "day 15"
    assert say_day(15, 3) == "day 15 (row 3)"
    assert say_day(0, 3) == "before day 1"
