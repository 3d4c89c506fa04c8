"""The tutorial on comparing two plans shows what the commands print, and its picture is the one that they draw."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.consoles import agrees, run, shown_commands

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "tutorials" / "compare-two-plans.md").read_text(encoding="utf-8")


def described(svg: str) -> str:
    """The words inside a picture: what it says to whoever does not see it."""
    found = re.search(r"<desc[^>]*>(.*?)</desc>", svg, re.DOTALL)
    assert found is not None
    return found[1]


def written(svg: str) -> list[str]:
    """Every text that stands in a picture."""
    return re.findall(r"<text[^>]*>(.*?)</text>", svg, re.DOTALL)


def test_every_command_prints_what_the_page_shows_and_draws_its_picture(tmp_path: Path) -> None:
    shown = shown_commands(PAGE)
    assert len(shown) == 4
    for step in shown:
        printed = run(step.command, tmp_path)
        assert agrees(step.output, printed), "\n".join([f"$ {step.command}", *printed])
    drawn = (tmp_path / "picture" / "forecast.svg").read_text(encoding="utf-8")
    kept = (ROOT / "docs" / "images" / "compare-two-plans.svg").read_text(encoding="utf-8")
    assert described(drawn) == described(kept)
    assert written(drawn) == written(kept)
    assert (tmp_path / "picture" / "forecast.png").read_bytes().startswith(b"\x89PNG")
