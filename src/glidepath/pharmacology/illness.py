"""The treated illness coming back after its treatment has fallen: no withdrawal, and hard to tell from it.

It rises over weeks and stays. For a picture it is put into the units of the drive: as much as would be felt alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glidepath.facts.response import ILLNESS, Response, Scenario
from glidepath.pharmacology.draws import CHUNK
from glidepath.pharmacology.engine import Simulated
from glidepath.pharmacology.history import HOURS_OF_A_DAY

Floats = NDArray[np.float64]
Numbers = NDArray[np.floating[Any]]
QUARTER_TO_THREE_QUARTERS = 2 * log(3)
_BELOW_1 = 1 - 1e-12
# Chance of its own, so that nobody's body changes with the scenario.
_OWN_CHANCE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A return that begins to be possible on `day` (from 0), with the seed of the people it comes to."""

    response: Response
    factor: float
    day: int
    seed: int

    def added_to(self, done: Simulated, first: int, *, level: float) -> Simulated:
        """People with daily means, the first of whom has the number `first` and all of whom are of one chunk.

        What returns is added to their drive, which stays below 1; `level` is that of `hours_above`, here by whole days.
        """
        assert done.day_mean is not None
        days = done.day_mean.shape[1]
        more = self._of_people(first, len(done.day_mean), days)
        drive = np.minimum(done.day_mean[:, :, -1] + more, _BELOW_1)
        of_a_day = {}
        for name in ("day_mean", "day_max"):
            of_a_day[name] = getattr(done, name).copy()
            of_a_day[name][:, :, -1] = np.minimum(of_a_day[name][:, :, -1] + more, _BELOW_1)
        peak = drive.max(axis=1)
        return replace(
            done,
            **of_a_day,
            peak_drive=peak,
            peak_hour=np.where(peak > 0, (drive.argmax(axis=1) + 0.5) * HOURS_OF_A_DAY, np.nan),
            drive_integral_h=drive.sum(axis=1) * HOURS_OF_A_DAY,
            hours_above=(drive > level).sum(axis=1) * HOURS_OF_A_DAY,
        )

    def _of_people(self, first: int, n: int, days: int) -> Floats:
        """(n, days) in the units of drive."""
        chunk, place = divmod(first, CHUNK)
        random = np.random.Generator(np.random.Philox(np.random.SeedSequence((self.seed, chunk, _OWN_CHANCE))))
        normal, when = random.standard_normal((2, CHUNK)), random.random(CHUNK)
        own = slice(place, place + n)
        of = self.response.parameters
        # As many points as the typical person has for so much drive.
        points = of["gain"].value / of["gain_drive"].value
        size = self.factor * of["return_points"].value / points * np.exp(of["return_points"].spread * normal[0, own])
        rise = of["return_rise"].value * np.exp(of["return_rise"].spread * normal[1, own])
        # A tenth of it is there when it begins, and half of it a rise later.
        middle = self.day + of["return_within"].value * when[own] + rise
        day = np.arange(days)[:, None] + 0.5
        return np.asarray(risen(day, size, middle, rise / QUARTER_TO_THREE_QUARTERS).T)


def risen(day: Numbers | float, size: Numbers, middle: Numbers, width: Numbers) -> Floats:
    """How far a return has come by a day: logistic, half of its size on the day `middle`."""
    return np.asarray(size / (1 + np.exp(np.clip((middle - day) / width, -50, 50))))


def returns_in(scenario: Scenario) -> float:
    """The factor of what comes back in a scenario; 0 where nothing does."""
    return scenario.change.get(ILLNESS, 0.0)
