"""Print how long things take, with the machine they took it on.

    python -m benchmarks.timings

Proposals are measured in this process on one core; commands as whole processes. Nothing is asserted here.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

import glidepath as gp
from glidepath.casework.outputs import plan_files
from glidepath.cli.batch import plan_case

TODAY = date(2026, 11, 22)
SIX = (
    ("clonazepam 1 mg twice daily", {"since": "2023-11", "age": 62}),
    ("clonazepam 0.5 mg at night", {"since": "2026-05", "age": 40}),
    ("alprazolam 2 mg three times daily", {"since": "2021-11", "age": 45}),
    ("lorazepam 1 mg three times daily", {"since": "2025-11", "age": 45}),
    ("diazepam 30 mg/day in 3 divided doses", {"since": "2016-11", "age": 55}),
    ("temazepam 30 mg at night", {"since": "2024-11", "age": 78}),
)
WIDE = tuple(
    (f"{drug} {dose} mg {often}", {"region": region})
    for drug, doses in {
        "clonazepam": ("0.5", "1", "2"),
        "diazepam": ("5", "10", "20"),
        "alprazolam": ("0.5", "1", "2"),
        "lorazepam": ("0.5", "1", "2"),
        "temazepam": ("10", "20", "30"),
        "oxazepam": ("15", "30"),
        "nitrazepam": ("5", "10"),
        "clobazam": ("10", "20"),
    }.items()
    for dose in doses
    for often in ("at night", "twice daily", "three times daily")
    for region in ("US", "UK", "DE")
)


def timed(call: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each of several calls, after one that is not counted."""
    call()
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        found.append((time.perf_counter() - begun) * 1000)
    return found


def command(*arguments: str) -> Callable[[], object]:
    def run() -> object:
        return subprocess.run([sys.executable, "-m", "glidepath.cli.main", *arguments], capture_output=True, check=True)

    return run


def proposals() -> tuple[list[float], int]:
    """Milliseconds per proposal over a wide set, and how many were refused."""
    found, refused = [], 0
    for sig, options in WIDE:
        begun = time.perf_counter()
        try:
            gp.plan(sig, today=TODAY, **options)
        except gp.GlidepathError:
            refused += 1
            continue
        found.append((time.perf_counter() - begun) * 1000)
    return found, refused


def main() -> None:
    gp.plan(SIX[0][0], today=TODAY)
    table = Table("what", "median", "worst", "unit", "aim")

    def row(what: str, values: list[float], unit: str, aim: str) -> None:
        table.add_row(what, f"{statistics.median(values):.1f}", f"{max(values):.1f}", unit, aim)

    for sig, options in SIX:
        row(f"proposal: {sig}", timed(lambda s=sig, o=options: gp.plan(s, today=TODAY, **o), 9), "ms", "50")
    wide, refused = proposals()
    row(f"proposal: {len(wide)} regimens ({refused} refused)", wide, "ms", "50, worst 250")
    proposal = gp.plan(SIX[0][0], today=TODAY, **SIX[0][1])
    row("tables and document, read back", timed(lambda: plan_files(proposal, paper=False), 9), "ms", "")
    row("with PDF and figure, read back", timed(lambda: plan_files(proposal, paper=True), 3), "ms", "")
    row("glidepath --help", timed(command("--help"), 5), "ms", "300")
    with tempfile.TemporaryDirectory() as folder:
        out = ["--out", str(Path(folder) / "o"), "--force"]
        line = ["plan", SIX[0][0], "--age", "62"]
        row("command without PDF and figure", timed(command(*line, *out, "--no-paper"), 5), "ms", "1000")
        row("command with them", timed(command(*line, *out), 3), "ms", "3000")
    cases = [{"id": str(n), "line": n, "sig": sig, **options} for n, (sig, options) in enumerate((*SIX, *WIDE))]
    begun = time.perf_counter()
    for case in cases:
        plan_case(case, {}, TODAY)
    rate = len(cases) / (time.perf_counter() - begun)
    table.add_row("batch, one core", f"{rate:.0f}", "", "proposals/s", "40 or more")
    console = Console()
    console.print(
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, glidepath {gp.__version__}"
    )
    console.print(table)


if __name__ == "__main__":
    main()
