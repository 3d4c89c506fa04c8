"""A virtual trial: the same simulated people under several dosing histories, scenario by scenario, in parts.

A part is one chunk of people in one scenario, under every arm. What is kept of it are whole numbers only (counts in
bins, and sums in fixed point), so that parts can be made anywhere, in any order, and always add to the same result.
Shape and timing only: nothing here is a probability of success or of a seizure, for anybody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from glidepath.errors import GlidepathError, InputError
from glidepath.facts.formulary import load_formulary
from glidepath.facts.response import load_response, response_digest
from glidepath.pharmacology.bands import Counts
from glidepath.pharmacology.covariates import Person
from glidepath.pharmacology.draws import CHUNK
from glidepath.pharmacology.engine import Simulated
from glidepath.pharmacology.history import HOURS_OF_A_DAY, DosingHistory
from glidepath.pharmacology.model import Model, model_of
from glidepath.pharmacology.people import MOST_PEOPLE
from glidepath.pharmacology.population import NOTICEABLE_DRIVE, hardest_day, returning_illness, taken_through

Floats = NDArray[np.float64]
# What is measured of each person: peak of the drive, drive summed over time in days, days above, day of the peak.
MEASURES = ("peak_drive", "drive_days", "days_above", "peak_day")
MOST_ARMS = 8
# The drive of at most so many days is kept, so that memory has a bound however long a trial is.
_MOST_ROWS = 200
# Sums are in steps of 2**-32: finer than any number that is reported, and exact to add.
_STEPS = 2**32
# Sums over time are small beside the whole time: they are counted in bins of 1.1 %, the rest as parts of 1.
_IN_LEVEL_BINS = np.array([False, True, True, False])
_BELOW_1 = 1 - 1e-12
_AS_PARTS_OF_DAYS = MEASURES.index("peak_day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One dosing history over the days of the whole trial. `says` is what it was made of, in words."""

    name: str
    kind: str
    says: str
    history: DosingHistory
    made_from: str | None = None


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What is asked. All arms last equally long; `scenarios` are shown, the others of the facts only compared.

    The digests and the version say with which facts and engine the numbers are made. Raises `InputError` for a number
    of people that cannot be simulated, for no arm or too many, for two of one name, and for arms of unequal length.
    """

    title: str
    seed: int
    n: int
    region: str | None
    scenarios: tuple[str, ...]
    arms: tuple[Arm, ...]
    person: Person
    follow_days: int
    facts_digest: str
    response_digest: str
    engine_version: str

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MOST_PEOPLE:
            raise InputError(
                "NUM_RANGE",
                f"A trial cannot have an n of {self.n:,} people.",
                field="n",
                fix=f"Give 1 to {MOST_PEOPLE:,}.",
                seen=self.n,
            )
        names = [arm.name for arm in self.arms]
        if not 1 <= len(names) <= MOST_ARMS:
            raise InputError(
                "OPTION_INVALID",
                f"The trial has {len(names) or 'no'} arms; 1 to {MOST_ARMS} can be compared.",
                field="arms",
                fix="Give a list of arms, each with a name and a plan or a rule.",
            )
        if len(set(names)) != len(names):
            raise InputError("OPTION_INVALID", "Two arms have one name.", field="arms", fix="Name each arm once.")
        if len({arm.history.days for arm in self.arms}) != 1:
            raise InputError("SIM_HISTORY", "The arms do not last equally long.", field="arms", fix="Pad the shorter.")

    @property
    def days(self) -> int:
        return self.arms[0].history.days

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drugs of all arms: one model holds them all, so that a person is the same person in every arm."""
        return tuple(dict.fromkeys(drug for arm in self.arms for drug in arm.history.drugs))

    @property
    def chunks(self) -> int:
        return -(-self.n // CHUNK)

    @property
    def every_days(self) -> int:
        """The drive is kept on every so manieth day."""
        return -(-self.days // _MOST_ROWS)

    @property
    def days_kept(self) -> tuple[int, ...]:
        """Their numbers, from 1."""
        return tuple(range(1, self.days + 1, self.every_days))

    def people_of(self, chunk: int) -> int:
        return min(CHUNK, self.n - chunk * CHUNK)

    def parts(self) -> tuple[tuple[str, int], ...]:
        """Every part: a scenario (those shown first) and a chunk."""
        every = [scenario.id for scenario in load_response().scenarios]
        ordered = (*self.scenarios, *(s for s in every if s not in self.scenarios))
        return tuple((scenario, chunk) for scenario in ordered for chunk in range(self.chunks))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that the numbers depend on."""
        person = self.person
        told = {
            "n": self.n,
            "seed": self.seed,
            "scenarios": self.scenarios,
            "person": [person.age, person.sex, person.liver, sorted(person.medicines)],
            "arms": [
                [arm.name, arm.history.days]
                + [[[d.hour, d.drug, d.mg] for d in doses] for doses in (arm.history.before, arm.history.doses)]
                for arm in self.arms
            ],
            "versions": [self.facts_digest, self.response_digest, self.engine_version],
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sums:
    """Numbers summed exactly: how many, their total and that of their squares, in fixed point."""

    n: int = 0
    total: int = 0
    squares: int = 0

    @classmethod
    def of(cls, values: Floats) -> Sums:
        steps = [int(step) for step in np.rint(values * _STEPS)]
        return cls(len(steps), sum(steps), sum(step * step for step in steps))

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> float | None:
        return float(Fraction(self.total, self.n * _STEPS)) if self.n else None

    @property
    def error(self) -> float | None:
        """One Monte-Carlo standard error of the mean; None for fewer than two."""
        if self.n < 2:
            return None
        spread = self.n * self.squares - self.total**2  # n (n - 1) times the variance, exactly
        return isqrt(spread * 2**64 // (self.n**2 * (self.n - 1))) / 2**32 / _STEPS


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmResult:
    """What was counted in one arm: the drive on the days kept (None where it is not shown), and each measure."""

    drive: Counts | None
    whole: Counts
    sums: tuple[Sums, ...]

    def __add__(self, other: ArmResult) -> ArmResult:
        drive = None if self.drive is None or other.drive is None else self.drive + other.drive
        sums = tuple(a + b for a, b in zip(self.sums, other.sums, strict=True))
        return ArmResult(drive=drive, whole=self.whole + other.whole, sums=sums)

    def quantiles(self, days: int) -> Floats:
        """(measures, levels) in the units of the measures."""
        found: Floats = self.whole.quantiles()[0]
        found[_AS_PARTS_OF_DAYS] *= days
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PartResult:
    """Some people of one scenario under every arm. `differences[k]` are those of arm k + 1 minus the first arm."""

    n: int
    arms: tuple[ArmResult, ...]
    differences: tuple[tuple[Sums, ...], ...]

    def __add__(self, other: PartResult) -> PartResult:
        return PartResult(
            n=self.n + other.n,
            arms=tuple(a + b for a, b in zip(self.arms, other.arms, strict=True)),
            differences=tuple(
                tuple(a + b for a, b in zip(mine, theirs, strict=True))
                for mine, theirs in zip(self.differences, other.differences, strict=True)
            ),
        )


def part_of(trial: Trial, scenario_id: str, chunk: int) -> PartResult:
    """Simulate one part. Raises DIGEST_MISMATCH where the facts or the engine are not those of the trial."""
    model = _model(trial.drugs, trial.person, trial.facts_digest, trial.response_digest)
    scenario = model.response.scenario(scenario_id)
    people = model.people(trial.people_of(chunk), scenario, seed=trial.seed, chunk=chunk)
    results, measured = [], []
    for arm in trial.arms:
        done = taken_through(model, arm.history, people)
        returning = returning_illness(model, arm.history, scenario, seed=trial.seed)
        if returning is not None:
            done = returning.added_to(done, chunk * CHUNK, level=NOTICEABLE_DRIVE)
        values = _measured(done)
        measured.append(values)
        drive = _drive(done, trial) if scenario_id in trial.scenarios else None
        results.append(ArmResult(drive=drive, whole=_whole(values, trial.days), sums=tuple(map(_sums, values))))
    differences = tuple(tuple(_sums(b - a) for a, b in zip(measured[0], m, strict=True)) for m in measured[1:])
    return PartResult(n=people.n, arms=tuple(results), differences=differences)


def model_of_trial(trial: Trial) -> Model:
    """The model that holds the drugs of all arms. Raises SIM_NO_KINETICS and DIGEST_MISMATCH."""
    return _model(trial.drugs, trial.person, trial.facts_digest, trial.response_digest)


@lru_cache(maxsize=4)
def _model(drugs: tuple[str, ...], person: Person, facts: str, response: str) -> Model:
    formulary = load_formulary()
    if (formulary.digest, response_digest()) != (facts, response):
        raise GlidepathError(
            "DIGEST_MISMATCH",
            "The facts here are not the ones that the trial was asked with.",
            field="facts",
            fix="Install one version of Glidepath everywhere.",
        )
    return model_of(drugs, formulary, load_response(), person=person)


def _measured(done: Simulated) -> tuple[Floats, ...]:
    """In the order of `MEASURES`. The peak is that of the daily means, as a picture shows it; its day is its middle."""
    assert done.day_mean is not None
    drive = done.day_mean[:, :, -1]
    peak = drive.max(axis=1)
    return (peak, done.drive_integral_h / HOURS_OF_A_DAY, done.hours_above / HOURS_OF_A_DAY, hardest_day(drive) + 0.5)


def drive_in_bins(trial: Trial) -> Counts:
    """Nothing counted yet of the drive."""
    return Counts.of(len(trial.days_kept), np.array([False]))


def in_bins() -> Counts:
    """Nothing counted yet of the measures."""
    return Counts.of(1, _IN_LEVEL_BINS)


def _sums(values: Floats) -> Sums:
    """Of those who have the measure: who has no drive has no day of its peak."""
    return Sums.of(values[np.isfinite(values)])


def _drive(done: Simulated, trial: Trial) -> Counts:
    assert done.day_mean is not None
    counts = drive_in_bins(trial)
    counts.add(done.day_mean[:, :: trial.every_days, -1:])
    return counts


def _whole(values: Sequence[Floats], days: int) -> Counts:
    """The day of the peak is counted as a part of the whole time; no drive is day 0."""
    peak, total, above, when = values
    parts = (np.minimum(peak, _BELOW_1), total, above, np.minimum(np.nan_to_num(when) / days, _BELOW_1))
    counts = in_bins()
    counts.add(np.stack(parts, axis=1)[:, None, :])
    return counts
