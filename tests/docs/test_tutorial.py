"""What the tutorial and the README show is what the command prints and what Python says."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from tests.docs.consoles import agrees, blocks, run, shown_commands

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = {
    "README.md": ("out/plan.json", "out/plan.pdf", "out/plan.svg"),
    "docs/tutorials/first-plan.md": ("first/plan.pdf", "first/signed.json", "sheets/patient-sheet.pdf"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_prints_what_the_document_shows_and_leaves_the_files_it_names(name: str, tmp_path: Path) -> None:
    shown = shown_commands((ROOT / name).read_text(encoding="utf-8"))
    assert shown
    for step in shown:
        printed = run(step.command, tmp_path)
        assert agrees(step.output, printed), "\n".join([f"$ {step.command}", *printed])
    for left in DOCUMENTS[name]:
        assert (tmp_path / left).stat().st_size > 0


@pytest.mark.parametrize("block", blocks((ROOT / "README.md").read_text(encoding="utf-8"), "pycon"))
def test_the_python_of_the_readme_says_what_it_shows(block: str) -> None:
    example = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
    assert doctest.DocTestRunner(verbose=False).run(example).failed == 0


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (("a", "b"), ["a", "b"], True),
        (("a", "..."), ["a", "b", "c"], True),
        (("a", "...", "c"), ["a", "c"], True),
        (("a", "c"), ["a", "b", "c"], False),
        (("a", "...", "d"), ["a", "b", "c"], False),
        (("a.c",), ["abc"], False),
    ],
)
def test_three_dots_stand_for_any_lines_and_nothing_else_does(
    shown: tuple[str, ...], printed: list[str], same: bool
) -> None:
    assert agrees(shown, printed) is same
