"""Print how many people are simulated in a second, how exactly, and in how much memory, beside other ways of doing it.

    python -m benchmarks.simulator                    # W1 and W1g, and one million people of W1
    python -m benchmarks.simulator --stream 0         # without the million
    python -m benchmarks.simulator --page FILE        # and write the tables as Markdown

Seconds are of processor time on one thread, the best of several turns. Errors are the largest over a few people
against DOP853 at a tolerance of 1e-12: of concentrations relative to the person's highest, of effect and adaptation as
they are. Nothing is asserted here.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import workloads
from benchmarks.workloads import END_H, Workload
from glidepath.pharmacology import reference, twin
from glidepath.pharmacology.engine import Keep, run, run_chunks
from glidepath.pharmacology.people import Floats

CHUNK = 512
ORACLES = 3  # people integrated by DOP853


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=8192, help="people in each timing")
    asked.add_argument("--stream", type=int, default=1_000_000, help="people streamed to see the memory")
    asked.add_argument("--stream-here", type=int, help=argparse.SUPPRESS)
    asked.add_argument("--page", type=Path, help="a Markdown file to write")
    options = asked.parse_args()
    if options.stream_here:
        stream(options.stream_here)
        return
    tables = [speeds(options.people), threads(options.people)]
    if options.stream:
        tables.append(memory(options.stream))
    console = Console(width=150)
    machine = f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}"
    console.print(machine)
    for table in tables:
        console.print(table)
    if options.page:
        options.page.write_text("\n\n".join([f"Measured on: {machine}.", *(_markdown(t) for t in tables)]) + "\n")


def speeds(people: int) -> Table:
    """Every way of simulating, on every workload."""
    table = _table("Simulation", "workload", "way", "people per CPU-second", "error: conc.", "effect", "adaptation")
    cases: list[tuple[str, Workload, float, Keep]] = [
        ("W1, daily summary", workloads.w1(people), 24.0, "summary"),
        ("W1, hourly summary", workloads.w1(people), 1.0, "summary"),
        ("W1g, mean and max of each day from hourly moments", workloads.w1g(min(people, 4096)), 1.0, "daily"),
    ]
    for name, load, every_h, keep in cases:
        few = load.of(0, ORACLES)
        told = np.stack([dop853(few.of(i, i + 1), every_h) for i in range(ORACLES)])

        def engine(load: Workload = load, every_h: float = every_h, keep: Keep = keep) -> None:
            through(load, every_h, keep)

        seen = run(few.network, few.people, few.entries, keep="trace", **_options(few, every_h)).trace
        assert seen is not None
        table.add_row(name, "engine", f"{load.people.n / best(engine, 5):,.0f}", *errors(seen, told))
        crowd = load.of(0, 2048)  # larger is faster for it, and takes much memory
        seconds = best(lambda crowd=crowd, every_h=every_h: with_twin(crowd, every_h), 2)
        table.add_row(name, "NumPy twin", f"{crowd.people.n / seconds:,.0f}", *errors(with_twin(few, every_h), told))
        for rtol, atol in ((1e-6, 1e-9), (1e-12, 1e-15)):
            start = start_of(few)
            begun = time.process_time()
            rough = dop853(few, every_h, start=start, rtol=rtol, atol=atol)
            rate = 1 / (time.process_time() - begun)
            table.add_row(name, f"SciPy DOP853, {rtol:g}", f"{rate:,.2f}", *errors(rough[None], told[:1]))
    by_diffrax = diffrax_w1()
    if by_diffrax:
        table.add_row("W1, daily trace", "diffrax Tsit5, 1e-6", *by_diffrax)
    return table


def threads(people: int) -> Table:
    """What a second thread brings. Where other work holds a core, two threads get less than two cores."""
    table = _table("Threads", "workload", "one thread, s", "two threads, s", "ratio", "cores that two threads got")
    cases: list[tuple[str, Workload, Keep]] = [
        ("W1, hourly summary", workloads.w1(4 * people), "summary"),
        ("W1g, by day", workloads.w1g(2 * people), "daily"),
    ]
    for name, load, keep in cases:
        through(load, 1.0, keep)
        one, two = (min(_seconds(load, keep, count) for _ in range(7)) for count in (1, 2))
        table.add_row(name, f"{one[0]:.2f}", f"{two[0]:.2f}", f"{one[0] / two[0]:.2f}", f"{two[1] / two[0]:.2f}")
    return table


def _seconds(load: Workload, keep: Keep, count: int) -> tuple[float, float]:
    """By the wall clock, and of all cores."""
    wall, cores = time.perf_counter(), time.process_time()
    through(load, 1.0, keep, threads=count)
    return time.perf_counter() - wall, time.process_time() - cores


def memory(people: int) -> Table:
    """One process that simulates many people in chunks and keeps a few numbers."""
    table = _table("Memory", "workload", "people", "seconds", "highest memory of the process, MB")
    command = [sys.executable, "-m", "benchmarks.simulator", "--stream-here", str(people)]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    table.add_row("W1, daily summary", f"{people:,}", found[0], found[1])
    return table


def stream(people: int) -> None:
    """Print the seconds and the memory of this process."""
    begun = time.perf_counter()
    chunks = -(-people // CHUNK)
    simulated = run_chunks(
        workloads.W1_NETWORK,
        lambda i: workloads.w1_people(min(CHUNK, people - i * CHUNK), seed=(1, i)),
        chunks,
        workloads.W1_ENTRIES,
        end_h=END_H,
        every_h=24.0,
        steady_entries=workloads.W1_STEADY,
        threads=2,
    )
    counts = np.zeros(4000)
    for chunk in simulated:
        counts += np.histogram(chunk.peak_drive, bins=4000, range=(0.0, 1.0))[0]
    assert counts.sum() == people
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    print(f"{time.perf_counter() - begun:.1f} {mb:.0f}")


def through(load: Workload, every_h: float, keep: Keep, *, threads: int = 1) -> None:
    """Everyone, in chunks, with nothing kept."""
    taken = load.taken
    simulated = run_chunks(
        load.network,
        lambda i: load.people.at(slice(i * CHUNK, (i + 1) * CHUNK)),
        -(-load.people.n // CHUNK),
        load.entries,
        end_h=END_H,
        every_h=every_h,
        steady_entries=load.steady,
        taken_of=None if taken is None else lambda i: taken[:, i * CHUNK : (i + 1) * CHUNK],
        keep=keep,
        threads=threads,
    )
    deque(simulated, maxlen=0)


def with_twin(load: Workload, every_h: float) -> Floats:
    return twin.trace(load.network, load.people, load.entries, **_options(load, every_h))


def start_of(load: Workload) -> Floats | None:
    """Where the first person starts, by DOP853 too."""
    return None if load.steady is None else reference.steady_start(load.network, load.people, load.steady)


def dop853(
    load: Workload,
    every_h: float,
    *,
    start: Floats | None = None,
    rtol: float = reference.RTOL,
    atol: float = reference.ATOL,
) -> Floats:
    """The trace of the first person."""
    start = start_of(load) if start is None else start
    taken = None if load.taken is None else load.taken[:, 0]
    options = {"end_h": END_H, "every_h": every_h, "rtol": rtol, "atol": atol}
    return reference.trace(load.network, load.people, load.entries, taken=taken, start=start, **options)


def diffrax_w1() -> tuple[str, ...] | None:
    """W1 by vmapped Tsit5, where diffrax is installed: its speed and errors at midnight."""
    try:
        from benchmarks.simulator_diffrax import dosed_every
    except ImportError:
        return None
    n = 128
    load = workloads.w1(n)
    alone = [load.of(place, place + 1) for place in range(n)]
    starts = np.stack([start for start in map(start_of, alone) if start is not None])
    solve = dosed_every(12.0, load, rtol=1e-6)
    seen = solve(starts)[:, 1::2]
    levels = np.einsum("csn,nts->ntc", load.people.outputs, seen[..., :3])
    v = np.einsum("sn,nts->nt", load.people.site * load.people.kappa, seen[..., :3])
    traced = np.stack([levels[..., 0], levels[..., 1], v / (1 + v), seen[..., 3], 0 * v], axis=-1)
    told = np.stack([dop853(one, 24.0) for one in alone[:ORACLES]])
    return f"{n / best(lambda: solve(starts), 2):,.1f}", *errors(traced, told)


def errors(seen: Floats, told: Floats) -> tuple[str, ...]:
    """The largest of concentrations, effect and adaptation, as words."""
    off = np.abs(seen[: len(told)] - told)
    levels = (off / told.max(axis=1, keepdims=True))[..., :-3].max()
    return tuple(f"{value:.0e}" for value in (levels, off[..., -3].max(), off[..., -2].max()))


def best(work: Callable[[], object], turns: int) -> float:
    """The shortest of several turns, in processor seconds, after one that is not counted."""
    work()
    found = []
    for _ in range(turns):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def _options(load: Workload, every_h: float) -> dict[str, object]:
    return {"end_h": END_H, "every_h": every_h, "steady_entries": load.steady, "taken": load.taken}


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place < 1 or column == "way" else "right")
    return table


def _markdown(table: Table) -> str:
    heads = [str(column.header) for column in table.columns]
    rows = zip(*([str(cell) for cell in column.cells] for column in table.columns), strict=True)
    lines = [heads, ["---" if column.justify == "left" else "---:" for column in table.columns], *rows]
    return f"## {table.title}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
