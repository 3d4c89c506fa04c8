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
        of_a_day = {}
        for name in ("day_mean", "day_max"):
            of_a_day[name] = getattr(done, name).copy()
            of_a_day[name][:, :, -1] = np.minimum(of_a_day[name][:, :, -1] + more, _BELOW_1)
        drive = of_a_day["day_mean"][:, :, -1]
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
        begins = self.day + of["return_within"].value * when[own]
        # As much drive as the typical person has for so many points.
        drive = self.factor * of["gain_drive"].value / of["gain"].value
        return drive * points_of_a_return(self.response, np.arange(days, dtype=float), begins, normal[:, own]).T


def points_of_a_return(response: Response, days: Numbers, begins: Numbers, normal: Numbers) -> Floats:
    """Symptoms in points, (days, n), of returns that begin on the days `begins` (n,): a tenth is there by then.

    `normal` (2, n) are standard normal draws of how large each becomes and of how slowly it rises. Days are looked at
    in their middle.
    """
    size, rise = (
        response.value(name) * np.exp(response.parameters[name].spread * drawn)
        for name, drawn in zip(("return_points", "return_rise"), normal, strict=True)
    )
    # Half of it is there a rise later.
    return risen(days[:, None] + 0.5, size, begins + rise, rise / QUARTER_TO_THREE_QUARTERS)


def risen(day: Numbers | float, size: Numbers, middle: Numbers, width: Numbers) -> Floats:
    """How far a return has come by a day: logistic, half of its size on the day `middle`."""
    return np.asarray(size / (1 + np.exp(np.clip((middle - day) / width, -50, 50))))


def returns_in(scenario: Scenario) -> float:
    """The factor of what comes back in a scenario; 0 where nothing does."""
    return scenario.change.get(ILLNESS, 0.0)
