"""The how-to on checking shows what the command prints, on the letter that it shows."""

from __future__ import annotations

import doctest
from pathlib import Path

from tests.docs.consoles import agrees, blocks, run, shown_commands

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "check-a-taper.md").read_text(encoding="utf-8")


def test_every_command_prints_what_the_page_shows(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(blocks(PAGE, "text")[0], encoding="utf-8")
    shown = shown_commands(PAGE)
    assert len(shown) == 4
    for step in shown:
        printed = run(step.command, tmp_path)
        assert agrees(step.output, printed), "\n".join([f"$ {step.command}", *printed])


def test_the_python_of_the_page_says_what_it_shows() -> None:
    (block,) = blocks(PAGE, "pycon")
    example = doctest.DocTestParser().get_doctest(block, {}, "check", "check", 0)
    assert doctest.DocTestRunner(verbose=False).run(example).failed == 0
