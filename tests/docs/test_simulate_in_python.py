"""The how-to on simulating in Python prints what it shows, block by block in one session."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "simulate-in-python.md").read_text(encoding="utf-8")


def test_every_block_prints_what_the_page_shows_under_it() -> None:
    shown = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(shown) == PAGE.count("```python") == 5
    names: dict[str, object] = {}
    for code, output in shown:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "simulate-in-python.md", "exec"), names)
        assert printed.getvalue() == output
