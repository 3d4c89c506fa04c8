"""Simulated people taken through one dosing history in one scenario: many, chunk by chunk, or the typical one."""

from __future__ import annotations

import os
from collections.abc import Iterator

from glidepath.facts.response import Scenario
from glidepath.pharmacology.engine import Keep, Simulated, run, run_chunks
from glidepath.pharmacology.history import HOURS_OF_A_DAY, DosingHistory
from glidepath.pharmacology.model import CHUNK, Model
from glidepath.pharmacology.people import People

# The drive above which a moment counts as one with drive: a twentieth of the whole effect.
NOTICEABLE_DRIVE = 0.05
EVERY_H = 1.0
_MOST_THREADS = 64


def simulated(
    model: Model,
    history: DosingHistory,
    scenario: Scenario,
    *,
    n: int,
    seed: int,
    scale: str = "anxiety",
    threads: int | None = None,
) -> Iterator[Simulated]:
    """The n people of one scenario in order, part by part, with their daily means and maxima."""
    entries, steady = model.entries(history)
    wanted = max(1, min(threads or os.cpu_count() or 1, _MOST_THREADS))

    # A chunk is divided among the threads where there is only one; each person is computed alone, so nothing changes.
    size = CHUNK if n > CHUNK else -(-n // wanted)

    def people_of(part: int) -> People:
        if size == CHUNK:
            return model.people(min(CHUNK, n - part * CHUNK), scenario, seed=seed, chunk=part, scale=scale)
        whole = model.people(n, scenario, seed=seed, scale=scale)
        return whole.at(slice(part * size, min((part + 1) * size, n)))

    yield from run_chunks(
        model.network,
        people_of,
        -(-n // size),
        entries,
        end_h=history.days * HOURS_OF_A_DAY,
        every_h=EVERY_H,
        steady_entries=steady,
        level=NOTICEABLE_DRIVE,
        keep="daily",
        threads=wanted,
    )


def taken_through(model: Model, history: DosingHistory, people: People, *, keep: Keep = "daily") -> Simulated:
    """Some people through a history, in this thread."""
    entries, steady = model.entries(history)
    return run(
        model.network,
        people,
        entries,
        end_h=history.days * HOURS_OF_A_DAY,
        every_h=EVERY_H,
        steady_entries=steady,
        level=NOTICEABLE_DRIVE,
        keep=keep,
    )


def typical(model: Model, history: DosingHistory, scenario: Scenario, *, scale: str = "anxiety") -> Simulated:
    """One person with the typical value of everything, with the whole trace, hour by hour."""
    people = model.people(1, scenario, seed=0, is_typical=True, scale=scale)
    return taken_through(model, history, people, keep="trace")
