"""The tools that ship with the benchmark, in the order of the page."""

from __future__ import annotations

from benchmarks.tapertools.adapters.ours import GlidepathTool
from benchmarks.tapertools.adapters.replay import PublishedSchedules
from benchmarks.tapertools.adapters.rules import FixedMg, LabelRate, QuarterFortnightly, TenPercent
from benchmarks.tapertools.tool import Tool


def shipped() -> tuple[Tool, ...]:
    return (
        GlidepathTool(),
        TenPercent(),
        QuarterFortnightly(),
        FixedMg(),
        LabelRate(),
        PublishedSchedules(),
    )
