"""Simulate many people through one dosing history: exact amounts, effect, adaptation and withdrawal drive.

The work is done by `kernel`, which is compiled and only imported when something is run. Results do not depend on how
people are divided into chunks, nor on the number of threads.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from math import prod
from typing import Any, Literal, TypeVar, cast

import numpy as np

from glidepath.errors import InputError
from glidepath.pharmacology.network import Network
from glidepath.pharmacology.people import Floats, People, check_history, check_people
from glidepath.pharmacology.timeline import (
    MOST_NODES,
    Course,
    Entry,
    Segment,
    moments,
    segments,
)

Keep = Literal["summary", "daily", "trace"]
T = TypeVar("T")
MOST_CHUNKS = 1_000_000
_LANES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What came of it. Channels are the concentration outputs and then effect S, adaptation A and drive W.

    `hours` (moments,) are the reported moments; sums, means and maxima are over these. `mean` and `highest` (n,
    channels) are over the whole course; `day_mean` and `day_max` (n, days, channels) over the moments of each day d,
    24 d < hour <= 24 (d + 1), `day_min` (n, days, concentrations) too, and `trace` (n, moments, channels) are all of
    them: None unless they were asked for. `peak_hour` is NaN where there is no drive at all.
    """

    hours: Floats
    peak_drive: Floats
    peak_hour: Floats
    drive_integral_h: Floats
    hours_above: Floats
    mean: Floats
    highest: Floats
    day_mean: Floats | None
    day_max: Floats | None
    day_min: Floats | None
    trace: Floats | None


def run(
    network: Network,
    people: People,
    entries: Sequence[Entry],
    *,
    end_h: float,
    every_h: float,
    steady_entries: Sequence[Entry] | None = None,
    taken: Floats | None = None,
    level: float = 0.0,
    keep: Keep = "summary",
    most_nodes: int = MOST_NODES,
) -> Simulated:
    """Everyone through `entries` from hour 0 to `end_h`, looked at every `every_h` hours.

    The body is empty at first, or, with `steady_entries`, has had that one day repeated for years. `taken` (intakes,
    n) says which part of each numbered intake a person took: 1, 0 if missed. `hours_above` counts drive above `level`.
    """
    check_history(network, entries, end_h=end_h, every_h=every_h, steady=steady_entries, level=level)
    check_people(network, people, taken, entries)
    cut = segments(entries, end_h=end_h, every_h=every_h, steady=steady_entries, most_nodes=most_nodes)
    return _run(network, people, cut, moments(end_h, every_h), every_h=every_h, taken=taken, level=level, keep=keep)


def run_chunks(
    network: Network,
    people_of: Callable[[int], People],
    chunks: int,
    entries: Sequence[Entry],
    *,
    end_h: float,
    every_h: float,
    steady_entries: Sequence[Entry] | None = None,
    taken_of: Callable[[int], Floats] | None = None,
    level: float = 0.0,
    keep: Keep = "summary",
    threads: int = 1,
) -> Iterator[Simulated]:
    """The same for people who come in chunks: `people_of(i)` makes those of chunk i, and `taken_of(i)` their intakes.

    Results come in the order of the chunks, the same at any number of threads; only a few chunks are held at a time.
    """
    if not (1 <= chunks <= MOST_CHUNKS and threads >= 1):
        raise InputError(
            "NUM_RANGE", f"chunks are 1 to {MOST_CHUNKS:,}, on 1 thread or more", field="chunks", seen=chunks
        )
    check_history(network, entries, end_h=end_h, every_h=every_h, steady=steady_entries, level=level)
    cut = segments(entries, end_h=end_h, every_h=every_h, steady=steady_entries)
    hours = moments(end_h, every_h)

    def chunk(index: int) -> Simulated:
        people, taken = people_of(index), None if taken_of is None else taken_of(index)
        check_people(network, people, taken, entries)
        return _run(network, people, cut, hours, every_h=every_h, taken=taken, level=level, keep=keep)

    return in_order(chunk, chunks, threads=threads)


def in_order(work: Callable[[int], T], count: int, *, threads: int) -> Iterator[T]:
    """`work(0)`, `work(1)` and so on, done by several threads, never more than two ahead for each."""
    if threads == 1:
        yield from (work(index) for index in range(count))
        return
    with ThreadPoolExecutor(threads) as pool:
        ahead: deque[Future[T]] = deque()
        for index in range(count):
            if len(ahead) == 2 * threads:
                yield ahead.popleft().result()
            ahead.append(pool.submit(work, index))
        while ahead:
            yield ahead.popleft().result()


def _run(
    network: Network,
    people: People,
    cut: Sequence[Segment],
    hours: Floats,
    *,
    every_h: float,
    taken: Floats | None,
    level: float,
    keep: Keep,
) -> Simulated:
    run_people = _kernel()
    n, channels, filters = people.n, people.outputs.shape[0] + 3, people.tau_h.shape[0]
    blocks = -(-n // _LANES)
    day = (np.ceil(hours / 24.0) - 1.0).astype(np.int64)
    window = day if keep == "daily" else np.zeros_like(day)
    counts = np.bincount(window)
    sums, highest = np.zeros((n, channels)), np.zeros((n, channels))
    by_day = (n, len(counts), channels) if keep == "daily" else (0, 0, 0)
    day_mean, day_max, day_min = np.zeros(by_day), np.zeros(by_day), np.empty((*by_day[:2], max(0, by_day[2] - 3)))
    trace = np.empty((n, len(hours), channels) if keep == "trace" else (0, 0, 0))
    carried = tuple(np.zeros((blocks, rows, _LANES)) for rows in (network.size, filters, 1, 4))
    pattern = (network.moved, network.weighed, network.product, network.rate_product, network.diagonal)
    by_output = [_seen(network, output) for output in people.outputs]
    out_seen = np.full((channels - 3, network.size), -1)
    for channel, states in enumerate(by_output):
        out_seen[channel, : len(states)] = states
    seen = (np.array(_seen(network, people.site), dtype=np.int64), out_seen)
    packed = _packed(network, people)
    took = _blocks(np.zeros((1, n)) if taken is None else taken)
    for segment in cut:
        first, last = (int(window[min(place, len(hours) - 1)]) for place in (segment.first, max(segment.last - 1, 0)))
        run_people(
            pattern,
            _times(segment),
            seen,
            _listed(segment.steady or segment.course, people),
            _listed(segment.course, people),
            packed,
            took,
            carried,
            (segment.steady is not None, every_h, level, segment.first, first, max(0, last - first + 1)),
            (window, 1.0 / np.maximum(counts, 1), sums, highest, day_mean, day_max, day_min, trace),
        )
    peak, hour, total, count = (np.ascontiguousarray(carried[3][:, row].reshape(-1)[:n]) for row in range(4))
    return Simulated(
        hours=hours,
        peak_drive=peak,
        peak_hour=np.where(peak > 0, hour, np.nan),
        drive_integral_h=total * every_h,
        hours_above=count * every_h,
        mean=sums / len(hours),
        highest=highest,
        day_mean=day_mean if keep == "daily" else None,
        day_max=day_max if keep == "daily" else None,
        day_min=day_min if keep == "daily" else None,
        trace=trace if keep == "trace" else None,
    )


def _kernel() -> Callable[..., None]:
    try:
        from glidepath.pharmacology.kernel import run_people
    except ImportError as error:
        raise InputError(
            "EXTRA_MISSING",
            f"Simulating needs {error.name}, which is not installed.",
            field="simulate",
            fix="Install it with: pip install glidepath[simulate]",
        ) from error
    return cast(Callable[..., None], run_people)


def _blocks(values: Floats) -> Floats:
    """From (..., n) to (blocks, ..., 16); the last person fills what is missing."""
    n = values.shape[-1]
    rows = np.asarray(values, dtype=np.float64).reshape(prod(values.shape[:-1]), n)
    full = np.empty((len(rows), -(-n // _LANES) * _LANES))
    full[:, :n] = rows
    full[:, n:] = rows[:, -1:]
    blocks = full.reshape(len(rows), full.shape[1] // _LANES, _LANES).transpose(1, 0, 2)
    return np.ascontiguousarray(blocks).reshape(len(blocks), *values.shape[:-1], _LANES)


def _packed(network: Network, people: People) -> tuple[Floats, ...]:
    fastest = people.loss.max(axis=0, keepdims=True)
    # The largest sum of a column of K plus its largest loss: its norm, which scales the series.
    column = fastest - people.loss
    for index, (source, _) in enumerate(network.flows):
        column[source] += people.flow[index]
    speed = column.max(axis=0, keepdims=True)
    return (
        _blocks(people.flow),
        _blocks(people.loss),
        _blocks(fastest),
        _blocks(speed),
        _blocks(people.site * people.kappa),
        _blocks(people.outputs),
        _blocks(people.tau_h),
        _blocks(people.share),
        _blocks(people.rho[None]),
    )


def _seen(network: Network, weights: Floats) -> list[int]:
    """The compartments whose amounts add to `weights` (states, n), now or later."""
    weighs = weights.max(axis=1) > 0
    return sorted({column for row, column in network.entries if weighs[row]})


def _times(segment: Segment) -> tuple[Any, ...]:
    return (
        segment.spans_h,
        segment.half_of,
        segment.widths_h,
        segment.places,
        segment.weights,
        segment.chain,
        segment.reported_chain,
    )


def _listed(course: Course, people: People) -> tuple[Any, ...]:
    """A course as the kernel takes it, and at which intervals a dose changes the effect at once."""
    at_once = np.append(0, np.cumsum(people.site.max(axis=1)[course.dose_state] > 0))
    return (
        course.kind,
        course.dose_from,
        course.dose_state,
        course.dose_mg,
        course.dose_intake,
        np.diff(at_once[course.dose_from]) > 0,
        course.length_of,
        course.panel_from,
        course.width_of,
        course.node,
        course.place,
    )
