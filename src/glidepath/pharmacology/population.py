"""Simulated people taken through one dosing history in one scenario: many, chunk by chunk, or the typical one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from glidepath.facts.response import Scenario
from glidepath.pharmacology.bands import BINS
from glidepath.pharmacology.engine import Keep, Simulated, run, run_chunks
from glidepath.pharmacology.history import HOURS_OF_A_DAY, DosingHistory
from glidepath.pharmacology.illness import Return, returns_in
from glidepath.pharmacology.model import CHUNK, Model
from glidepath.pharmacology.people import Floats, People

# The drive above which a moment counts as one with drive: a twentieth of the whole effect.
NOTICEABLE_DRIVE = 0.05
EVERY_H = 1.0
_MOST_THREADS = 64
# Of the channels: the effect comes before the adaptation and the drive.
_EFFECT = -3
# Half of a bin in which drive is counted.
_AS_GOOD_AS = 0.5 / (BINS - 1)


def simulated(
    model: Model,
    history: DosingHistory,
    scenario: Scenario,
    *,
    n: int,
    seed: int,
    scale: str = "anxiety",
    threads: int | None = None,
    has_levels: bool = True,
) -> Iterator[Simulated]:
    """The n people of one scenario in order, part by part, with their daily means and maxima.

    Without `has_levels` the concentrations, which are the same in every scenario, are left out of the channels.
    """
    entries, steady = model.entries(history)
    wanted = max(1, min(threads or os.cpu_count() or 1, _MOST_THREADS))

    # A chunk is divided among the threads where there is only one; each person is computed alone, so nothing changes.
    size = CHUNK if n > CHUNK else -(-n // wanted)

    def people_of(part: int) -> People:
        if size == CHUNK:
            found = model.people(min(CHUNK, n - part * CHUNK), scenario, seed=seed, chunk=part, scale=scale)
        else:
            whole = model.people(n, scenario, seed=seed, scale=scale)
            found = whole.at(slice(part * size, min((part + 1) * size, n)))
        return found if has_levels else replace(found, outputs=found.outputs[:0])

    returning = returning_illness(model, history, scenario, seed=seed)
    first = 0
    for done in run_chunks(
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
    ):
        yield done if returning is None else returning.added_to(done, first, level=NOTICEABLE_DRIVE)
        first += len(done.peak_drive)


def returning_illness(model: Model, history: DosingHistory, scenario: Scenario, *, seed: int) -> Return | None:
    """The return of the illness in a scenario that has one; None too where nothing was taken or most of it goes on.

    It may begin on the first day from which on the typical person's effect stays at or below half of what it was: a
    forgotten dose, or the first days of a change of drug, bring nothing back.
    """
    factor = returns_in(scenario)
    if not factor or not history.before:
        return None
    people = model.people(1, scenario, seed=0, is_typical=True)
    usual = taken_through(model, DosingHistory(doses=history.before, days=1, before=history.before), people).mean
    effect = taken_through(model, history, people).day_mean
    assert effect is not None
    enough = np.flatnonzero(effect[0, :, _EFFECT] > model.response.value("return_below") * usual[0, _EFFECT])
    day = int(enough[-1]) + 1 if len(enough) else 0
    return Return(response=model.response, factor=factor, day=day, seed=seed) if day < history.days else None


def taken_through(
    model: Model, history: DosingHistory, people: People, *, keep: Keep = "daily", every_h: float = EVERY_H
) -> Simulated:
    """Some people through a history, in this thread, without what a returning illness would add."""
    entries, steady = model.entries(history)
    return run(
        model.network,
        people,
        entries,
        end_h=history.days * HOURS_OF_A_DAY,
        every_h=every_h,
        steady_entries=steady,
        level=NOTICEABLE_DRIVE,
        keep=keep,
    )


def hardest_day(drive: Floats) -> Floats:
    """The first day, from 0, that comes as near to the highest as can be told; (n,), of daily means (n, days).

    NaN where no day stands out: on an unchanged dose the days are alike but for rounding.
    """
    highest = drive.max(axis=1, keepdims=True)
    first = (drive >= highest - _AS_GOOD_AS).argmax(axis=1)
    return np.where(highest[:, 0] - drive.min(axis=1) > _AS_GOOD_AS, first, np.nan)


def typical(model: Model, history: DosingHistory, scenario: Scenario, *, scale: str = "anxiety") -> Simulated:
    """One person with the typical value of everything, with the whole trace, hour by hour; no illness returns here."""
    people = model.people(1, scenario, seed=0, is_typical=True, scale=scale)
    return taken_through(model, history, people, keep="trace")
