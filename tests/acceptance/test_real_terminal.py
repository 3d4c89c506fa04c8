"""What a person sees in a real terminal, which is not what a pipe gets."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

import pytest

from tests.support.command import START, TODAY


def in_terminal(columns: int, *arguments: str) -> str:
    """The output of a command whose standard output is a terminal so many columns wide, without its colours."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "glidepath.cli.main", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=child,
        stderr=subprocess.STDOUT,
        env={**os.environ, "COLUMNS": str(columns), "TERM": "xterm"},
    )
    os.close(child)
    said = b""
    try:
        while chunk := os.read(parent, 65536):
            said += chunk
    except OSError:
        pass  # the terminal is gone when the command has ended
    os.close(parent)
    assert process.wait(timeout=60) == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", said.decode())


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_the_names_that_signing_asks_for_can_be_read_at_every_width(columns):
    said = in_terminal(columns, "plan", "clonazepam 0.5 mg at night", "--today", TODAY, "--start", START)
    for name in ("direct-present", "direct-all-forms", "fall-in-14-days", "DRAFT: not to be followed"):
        assert name in said
    assert max(len(line.rstrip()) for line in said.splitlines()) <= columns
