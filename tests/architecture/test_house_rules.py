"""The house keeps its rules: codes, names, sizes and words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from glidepath.errors import CODES

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src" / "glidepath").rglob("*.py"))
NAMES_NOT_USED = re.compile(
    r"addict|compliance|detox|wean|manager|handler|processor|utils|helpers|common|misc", re.IGNORECASE
)
WITHOUT_FLOATS = ("quantity", "dosing", "taper", "checker", "guidance", "patient")


def codes_raised() -> set[str]:
    found = set()
    for path in SOURCES:
        found |= set(re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"', path.read_text()))
    return found


def test_every_code_in_the_table_can_reach_a_person():
    raised = codes_raised() | {"INTERRUPTED", "INTERNAL"}
    assert set(CODES) <= raised


def test_every_code_is_explained_in_the_reference():
    page = (ROOT / "docs" / "reference" / "errors.md").read_text()
    assert [code for code in CODES if f"`{code}`" not in page] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_module_or_type_has_a_name_that_says_nothing_or_shames(path):
    assert not NAMES_NOT_USED.search(path.stem)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef):
            assert not NAMES_NOT_USED.search(node.name), node.name


def test_no_float_is_written_where_doses_are_decided():
    found = []
    for path in SOURCES:
        if path.relative_to(ROOT / "src" / "glidepath").parts[0] not in WITHOUT_FLOATS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                found.append(f"{path.name}:{node.lineno}")
    assert found == []


def test_every_public_module_says_what_it_is_for():
    for path in SOURCES:
        assert ast.get_docstring(ast.parse(path.read_text())), path


def test_modules_stay_readable():
    long = {p.name: n for p in SOURCES if (n := len(p.read_text().splitlines())) > 350}
    assert long == {}
