"""What a person sees in a terminal, which is not what a pipe gets."""

from __future__ import annotations

import re

import pytest

from tests.support.command import START, TODAY, glidepath


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_the_names_that_signing_asks_for_can_be_read_at_every_width(columns):
    # FORCE_COLOR makes the output what it is in a terminal; a real one is not to be had on every machine.
    outcome = glidepath(
        "plan", "clonazepam 0.5 mg at night", "--today", TODAY, "--start", START,
        env={"COLUMNS": str(columns), "FORCE_COLOR": "1", "TERM": "xterm"},
    )  # fmt: skip
    assert outcome.code == 0
    assert "\x1b[" in outcome.out
    said = re.sub(r"\x1b\[[0-9;]*m", "", outcome.out)
    for name in ("direct-present", "direct-all-forms", "fall-in-14-days", "DRAFT: not to be followed"):
        assert name in said
    assert max(len(line.rstrip()) for line in said.splitlines()) <= columns
