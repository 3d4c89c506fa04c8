"""What a dosing history does to levels and withdrawal drive in many simulated people, scenario by scenario.

Shape and timing only: nothing here is a probability of success or of a seizure, for anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glidepath.errors import InputError
from glidepath.facts.response import Scenario
from glidepath.pharmacology.bands import LEVELS, Counts
from glidepath.pharmacology.engine import Simulated
from glidepath.pharmacology.history import HOURS_OF_A_DAY, DosingHistory
from glidepath.pharmacology.model import Model
from glidepath.pharmacology.people import MOST_PEOPLE
from glidepath.pharmacology.population import hardest_day, simulated, typical

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One scenario. Arrays end in the quantile levels of the forecast; one row for each day where they have days.

    `drive` (days, levels) is the mean drive of each day and `drive_error` one Monte-Carlo standard error of it. The
    others are (levels,): `peak_drive`, of the day with the highest mean, with its `peak_error`; `peak_day`, from 0, of
    those of whom one day stands out (NaN: of nobody); `drive_days`, the drive summed over time in days; `days_above`,
    the days with a drive above `NOTICEABLE_DRIVE`.
    """

    scenario: Scenario
    drive: Floats
    drive_error: Floats
    peak_drive: Floats
    peak_error: Floats
    peak_day: Floats
    drive_days: Floats
    days_above: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Bands over `n` simulated people. `levels` are the quantiles; `substances` name the axis of concentrations.

    `dose_mg` (drugs, days); `conc_ng_ml` (substances, days, levels) is the mean of each day, `conc_peak_ng_ml` its
    highest and `conc_trough_ng_ml` its lowest. `first_day_ng_ml` (substances, 25) is the first day of the typical
    person, at each hour from 0 to 24. Concentrations are the same in every scenario. `courses` has one entry for each
    scenario.
    """

    history: DosingHistory
    model: Model
    n: int
    seed: int
    levels: tuple[float, ...]
    substances: tuple[str, ...]
    dose_mg: Floats
    conc_ng_ml: Floats
    conc_peak_ng_ml: Floats
    conc_trough_ng_ml: Floats
    first_day_ng_ml: Floats
    courses: tuple[Course, ...]

    @property
    def days(self) -> int:
        return self.history.days

    def course(self, scenario_id: str) -> Course:
        return next(c for c in self.courses if c.scenario.id == scenario_id)


def forecast(
    model: Model,
    history: DosingHistory,
    *,
    n: int,
    seed: int,
    scenarios: Sequence[Scenario] | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Forecast:
    """Simulate `n` people through a history in each scenario (those that are shown, unless others are given).

    The same seed gives the same numbers at any number of threads; memory does not grow with n. `progress` is told how
    many people more are done. Raises `InputError` NUM_RANGE for an n that cannot be.
    """
    if not 1 <= n <= MOST_PEOPLE:
        raise InputError(
            "NUM_RANGE", f"{n} people cannot be simulated.", field="n", fix=f"Give 1 to {MOST_PEOPLE:,}.", seen=n
        )
    courses: list[Course] = []
    levels: Floats | None = None
    for scenario in scenarios or model.response.shown:
        counted = _Counted.of(model, history.days)
        for done in simulated(model, history, scenario, n=n, seed=seed, threads=threads, has_levels=levels is None):
            counted.add(done, with_levels=levels is None)
            if progress is not None:
                progress(len(done.peak_drive))
        if levels is None:
            levels = counted.levels.quantiles()
        courses.append(counted.course(scenario))
    assert levels is not None
    split = levels.reshape(history.days, 3, len(model.substances), len(LEVELS)).transpose(1, 2, 0, 3)
    return Forecast(
        history=history,
        model=model,
        n=n,
        seed=seed,
        levels=LEVELS,
        substances=model.substances,
        dose_mg=np.array([history.mg_a_day(k.drug) for k in model.drugs]),
        conc_ng_ml=split[0],
        conc_peak_ng_ml=split[1],
        conc_trough_ng_ml=split[2],
        first_day_ng_ml=_first_day(model, history),
        courses=tuple(courses),
    )


def _first_day(model: Model, history: DosingHistory) -> Floats:
    """(substances, 25): hour 0 is midnight, the end of the day before, which is the same day where one was taken."""
    scenario = model.response.scenarios[0]
    taken = tuple(dose for dose in history.doses if dose.hour < HOURS_OF_A_DAY)
    trace = typical(model, DosingHistory(doses=taken, days=1, before=history.before), scenario).trace
    before = typical(model, DosingHistory(doses=history.before, days=1, before=history.before), scenario).trace
    assert trace is not None and before is not None
    return np.concatenate((before[0, -1:], trace[0]))[:, : len(model.substances)].T


@dataclass
class _Counted:
    """The counts of one scenario: daily drive, daily levels (mean, highest, lowest), and what each had in all."""

    drive: Counts
    levels: Counts
    whole: Counts
    when: Counts
    substances: int
    days: int

    @classmethod
    def of(cls, model: Model, days: int) -> _Counted:
        count = len(model.substances)
        return cls(
            drive=Counts.of(days, np.array([False])),
            levels=Counts.of(days, np.ones(3 * count, dtype=bool)),
            whole=Counts.of(1, np.array([False, True, True])),
            when=Counts.of(1, np.array([False])),
            substances=count,
            days=days,
        )

    def add(self, done: Simulated, *, with_levels: bool) -> None:
        assert done.day_mean is not None and done.day_max is not None and done.day_min is not None
        self.drive.add(done.day_mean[:, :, -1:])
        if with_levels:
            of_a_day = (done.day_mean, done.day_max, done.day_min)
            self.levels.add(np.concatenate([each[:, :, : self.substances] for each in of_a_day], axis=2))
        drive = done.day_mean[:, :, -1]
        highest = drive.max(axis=1)
        sums = (done.drive_integral_h / HOURS_OF_A_DAY, done.hours_above / HOURS_OF_A_DAY)
        self.whole.add(np.stack((np.minimum(highest, 1 - 1e-12), *sums), axis=1)[:, None, :])
        day = hardest_day(drive)
        self.when.add(((day[np.isfinite(day)] + 0.5) / self.days)[:, None, None])

    def course(self, scenario: Scenario) -> Course:
        peak, total, above = self.whole.quantiles()[0]
        nobody = np.full(len(LEVELS), np.nan)
        return Course(
            scenario=scenario,
            drive=self.drive.quantiles()[:, 0],
            drive_error=self.drive.monte_carlo_error()[:, 0],
            peak_drive=peak,
            peak_error=self.whole.monte_carlo_error()[0, 0],
            peak_day=self.when.quantiles()[0, 0] * self.days if self.when.n else nobody,
            drive_days=total,
            days_above=above,
        )
