"""Arms of a trial as dosing histories, and what simulated people go through in them.

Where nothing else is said, people start from the same day repeated for years, and day 0 is the first without a dose or
with a smaller one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from glidepath.facts.formulary import load_formulary
from glidepath.facts.response import Response, Scenario, load_response
from glidepath.pharmacology.engine import Keep, Simulated
from glidepath.pharmacology.history import HOURS_OF_A_DAY, Dose, DosingHistory, every_day
from glidepath.pharmacology.model import CHUNK, Model, model_of
from glidepath.pharmacology.population import taken_through

Floats = NDArray[np.float64]
SEED = 2026
TID, BID, NIGHT = (8.0, 14.0, 20.0), (8.0, 20.0), (22.0,)
TIMES = {"alprazolam": TID, "lorazepam": TID, "clonazepam": BID, "diazepam": BID, "clorazepate": BID}
SHORT, LONG = ("alprazolam", "lorazepam"), ("diazepam", "clorazepate")
BOOTSTRAPS = 200


@dataclass(frozen=True)
class World:
    """How many people in each arm, with which numbers of the facts."""

    n: int
    response: Response = field(compare=False)
    seed: int = SEED

    def scenario(self, scenario_id: str) -> Scenario:
        return self.response.scenario(scenario_id)

    def random(self, *purpose: int) -> np.random.Generator:
        """Draws of its own for one purpose, apart from those of the people."""
        return np.random.default_rng((self.seed, 7, *purpose))


def world(n: int) -> World:
    return World(n, load_response())


@lru_cache(maxsize=64)
def model(*drugs: str) -> Model:
    return model_of(drugs, load_formulary(), load_response())


def mg_for(drug: str, diazepam_mg: float) -> float:
    """The daily dose that Ashton's table calls equal to so much diazepam."""
    if drug == "diazepam":
        return diazepam_mg
    rows = load_formulary().conversion_tables(drug)
    point = next(row.point for row in rows if row.table == "ASHTON2002")
    assert point is not None
    return float(point) * diazepam_mg / 10.0


def a_day(drug: str, mg: float, times: Sequence[float] | None = None) -> tuple[Dose, ...]:
    """A daily dose in equal parts at the usual times of the drug."""
    hours = times or TIMES[drug]
    return tuple(Dose(hour, drug, mg / len(hours)) for hour in hours)


def abrupt(before: tuple[Dose, ...], days: int) -> DosingHistory:
    """Nothing from day 0 on."""
    return DosingHistory(doses=(), days=days, before=before)


def falling(day: tuple[Dose, ...], parts: Sequence[float], after: int, before: tuple[Dose, ...]) -> DosingHistory:
    """Of a day's doses the part `parts[d]` on day d, then `after` days of none."""
    doses = tuple(
        Dose(d * HOURS_OF_A_DAY + dose.hour, dose.drug, dose.mg * part)
        for d, part in enumerate(parts)
        for dose in day
        if part > 0
    )
    return DosingHistory(doses=doses, days=len(parts) + after, before=before)


def linear(weeks: int) -> tuple[float, ...]:
    """Falling a little each day, from all to nothing."""
    days = 7 * weeks
    return tuple(1 - (d + 0.5) / days for d in range(days))


def exposed(day: tuple[Dose, ...], days: int, then: DosingHistory) -> DosingHistory:
    """Nothing ever before, the same day for so many days, and then a history whose day 0 follows."""
    moved = tuple(replace(dose, hour=dose.hour + days * HOURS_OF_A_DAY) for dose in then.doses)
    return DosingHistory(doses=(*every_day(day, days), *moved), days=days + then.days)


def parts_of(
    world: World,
    history: DosingHistory,
    scenario: Scenario,
    *,
    keep: Keep = "daily",
    every_h: float = 1.0,
    scale: str = "anxiety",
) -> Iterator[Simulated]:
    """All people in parts, so that a long trace never stands in memory as a whole."""
    found = model(*history.drugs)
    for chunk in range(-(-world.n // CHUNK)):
        size = min(CHUNK, world.n - chunk * CHUNK)
        people = found.people(size, scenario, seed=world.seed, chunk=chunk, scale=scale)
        yield taken_through(found, history, people, keep=keep, every_h=every_h)


def traced(
    world: World,
    history: DosingHistory,
    scenario: Scenario,
    reduce: Callable[[Floats], Floats],
    *,
    every_h: float = 1.0,
    scale: str = "anxiety",
) -> Floats:
    """What `reduce` makes of each part's trace (n, moments, channels), together; the first axis is people."""
    found = []
    for part in parts_of(world, history, scenario, keep="trace", every_h=every_h, scale=scale):
        assert part.trace is not None
        found.append(reduce(part.trace))
    return np.concatenate(found)


@dataclass(frozen=True)
class Drive:
    """The drive of people: `daily` (n, days) is the mean of each day, `peak_day` (n,) when it is highest, hour by hour.

    `peak_day` counts days from the beginning of day 0 and is NaN for those who have no drive.
    """

    daily: Floats
    peak_day: Floats

    @property
    def peak(self) -> Floats:
        """The highest mean of a day, (n,)."""
        highest: Floats = self.daily.max(axis=1)
        return highest

    def since(self, day: int) -> Drive:
        """From one day on; the hour of the peak is then not known."""
        return Drive(self.daily[:, day:], np.full(len(self.daily), np.nan))

    def __add__(self, other: Drive) -> Drive:
        """Both groups as one population."""
        daily = np.concatenate((self.daily, other.daily))
        return Drive(daily, np.concatenate((self.peak_day, other.peak_day)))


def drive(world: World, history: DosingHistory, scenario: Scenario) -> Drive:
    parts = list(parts_of(world, history, scenario))
    daily = np.concatenate([part.day_mean[:, :, -1] for part in parts if part.day_mean is not None])
    return Drive(daily, np.concatenate([part.peak_hour for part in parts]) / HOURS_OF_A_DAY)


def stopped(world: World, drugs: Sequence[str], diazepam_mg: float, days: int, scenario: Scenario) -> Drive:
    """An abrupt stop of one drug in each group of the same size, all as one population."""
    return _pooled([drive(world, abrupt(a_day(d, mg_for(d, diazepam_mg)), days), scenario) for d in drugs])


def tapered(
    world: World, drugs: Sequence[str], diazepam_mg: float, parts: Sequence[float], after: int, scenario: Scenario
) -> Drive:
    """The same with a taper."""
    days = [a_day(drug, mg_for(drug, diazepam_mg)) for drug in drugs]
    return _pooled([drive(world, falling(day, parts, after, day), scenario) for day in days])


def _pooled(groups: Sequence[Drive]) -> Drive:
    together = groups[0]
    for group in groups[1:]:
        together = together + group
    return together


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number of simulated people and one Monte-Carlo standard error of it; 0 where nothing is drawn."""

    value: float
    error: float = 0.0


def estimate(world: World, statistic: Callable[..., float], *samples: Floats) -> Estimate:
    """A statistic of arrays whose first axis is people, with its bootstrap error.

    Arrays of one length are the same people and are drawn together.
    """
    random = world.random(1)
    lengths = sorted({len(sample) for sample in samples})
    drawn = []
    for _ in range(BOOTSTRAPS):
        which = {length: random.integers(0, length, length) for length in lengths}
        drawn.append(statistic(*(sample[which[len(sample)]] for sample in samples)))
    return Estimate(float(statistic(*samples)), float(np.std(drawn)))


def median_of_those_with(values: Floats) -> float:
    """The median of those who have any."""
    return float(np.nanmedian(values))
