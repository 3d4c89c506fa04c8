"""A taper as dated steps: the one object every rendering is made from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from glidepath.dosing.regimen import Regimen
from glidepath.quantity import Amount
from glidepath.quantity.amount import ZERO


class StepKind(StrEnum):
    """What a step is for."""

    RECORDED = "recorded"  # step 0: the regimen as it is taken now
    SWITCH = "switch"  # one more slot moved to the other drug
    REDUCTION = "reduction"
    MAINTENANCE = "maintenance"  # the dose at which a reduce-only plan stays


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stretch of a taper with a single regimen; every day of it is identical.

    `reduction_frac` is relative to the step before, 0 to 1 (0 for recorded and switch steps).
    """

    number: int
    starts: date
    days: int
    regimen: Regimen
    kind: StepKind
    reduction_frac: Fraction
    because: str

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError("a step has at least one day")

    @property
    def ends(self) -> date:
        """The last day of the step (inclusive)."""
        return self.starts + timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taper:
    """A whole schedule of dated steps for one tapered drug.

    `drugs` are the tapered drug and, after a switch, its replacement; `constant` are other drugs that stay as
    they are. `ends` is ``stop`` (the day after the last step has none of the drug) or ``maintain``.
    """

    drug: str
    drugs: tuple[str, ...]
    constant: tuple[str, ...]
    steps: tuple[Step, ...]
    ends: Literal["stop", "maintain"]

    def __post_init__(self) -> None:
        for before, after in zip(self.steps, self.steps[1:], strict=False):
            if after.starts != before.starts + timedelta(days=before.days):
                raise ValueError("steps leave a gap or overlap")

    @property
    def starts(self) -> date:
        return self.steps[0].starts

    @property
    def ends_on(self) -> date:
        """The last day of the last step."""
        return self.steps[-1].ends

    @property
    def stops_on(self) -> date | None:
        """The first day at zero, or None for a plan that ends above zero."""
        return self.ends_on + timedelta(days=1) if self.ends == "stop" else None

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts).days + 1

    @property
    def last_drug(self) -> str:
        """The drug whose last dose ends the taper (the replacement after a switch)."""
        return self.drugs[-1]

    @property
    def start_dose(self) -> Amount:
        return self.steps[0].regimen.total(self.drug)

    @property
    def last_dose(self) -> Amount:
        return self.steps[-1].regimen.total(self.last_drug)

    def step_on(self, day: date) -> Step | None:
        """The step in force on a date, or None outside the plan."""
        index = bisect_right([s.starts for s in self.steps], day) - 1
        if index < 0 or day > self.ends_on:
            return None
        return self.steps[index]

    def dose_on(self, day: date, drug: str | None = None) -> Amount:
        """The daily total of one drug on a date (the tapered drug unless named)."""
        step = self.step_on(day)
        return step.regimen.total(drug or self.drug) if step else ZERO

    def dates(self) -> Iterator[tuple[date, Step]]:
        """Each planned date with its step, in order."""
        for step in self.steps:
            for offset in range(step.days):
                yield step.starts + timedelta(days=offset), step
