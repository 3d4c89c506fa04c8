"""What is taken when, past and future alike: doses of several drugs at hours, and the day that was taken before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from glidepath.errors import InputError

HOURS_OF_A_DAY = 24.0
# Ten years: what the engine takes at most.
_LONGEST_DAYS = 3653


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose swallowed: hours since the beginning of the first day, drug, mg."""

    hour: float
    drug: str
    mg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DosingHistory:
    """Doses over `days` whole days. `before` is one day, repeated for years before the first; empty: nothing was taken.

    `starts` is the date of the first day where there is one, and `says` what this is, in words. `as_immediate` names
    what is taken in another form (XR, SL) and is simulated as if it were immediate release. Raises `InputError`
    SIM_HISTORY for days that are not whole and positive, doses that are no amounts or lie outside, or two doses of a
    drug at the same moment.
    """

    doses: tuple[Dose, ...]
    days: int
    before: tuple[Dose, ...] = ()
    starts: date | None = None
    says: str = field(default="", compare=False)
    as_immediate: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.days, bool) or not isinstance(self.days, int) or not 1 <= self.days <= _LONGEST_DAYS:
            raise _wrong(f"lasts {self.days} days; 1 to {_LONGEST_DAYS} can be simulated", "days")
        for name, doses, end in (("doses", self.doses, self.days * HOURS_OF_A_DAY), ("before", self.before, 24.0)):
            seen = set()
            for dose in doses:
                if not isinstance(dose, Dose) or not _are_numbers(dose.hour, dose.mg) or not isinstance(dose.drug, str):
                    raise _wrong("has a dose that is not an hour, a drug and mg", name)
                if not 0 <= dose.hour < end:
                    raise _wrong(f"has a dose at hour {dose.hour:g}, which lies outside it", name)
                if not 0 <= dose.mg < float("inf"):
                    raise _wrong("has a dose that is no amount", name)
                if (dose.hour, dose.drug) in seen:
                    raise _wrong(f"has two doses of {dose.drug} at hour {dose.hour:g}", name)
                seen.add((dose.hour, dose.drug))

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drugs in the order in which they appear, those taken before first."""
        return tuple(dict.fromkeys(dose.drug for dose in (*self.before, *self.doses)))

    def mg_a_day(self, drug: str) -> tuple[float, ...]:
        """The total of each day in mg."""
        totals = [0.0] * self.days
        for dose in self.doses:
            if dose.drug == drug:
                totals[int(dose.hour // HOURS_OF_A_DAY)] += dose.mg
        return tuple(totals)

    def then(self, days: int) -> DosingHistory:
        """The same with so many days without a dose after it."""
        return replace(self, days=self.days + days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """Days that follow one another, in stretches of equal ones: how many days, and what is taken on each.

    `before` is the day that was taken for years before the first, `then` the one that goes on after the last.
    """

    stretches: tuple[tuple[int, tuple[Dose, ...]], ...]
    before: tuple[Dose, ...]
    then: tuple[Dose, ...] = ()
    starts: date | None = None
    says: str = field(default="", compare=False)
    as_immediate: tuple[str, ...] = field(default=(), compare=False)

    @property
    def days(self) -> int:
        return sum(days for days, _ in self.stretches)

    def history(self, days: int) -> DosingHistory:
        """The doses over so many days, at least its own."""
        doses: list[Dose] = []
        first = 0
        for length, day in (*self.stretches, (days - self.days, self.then)):
            doses += (replace(dose, hour=dose.hour + first * HOURS_OF_A_DAY) for dose in every_day(day, length))
            first += length
        return DosingHistory(
            doses=tuple(doses),
            days=days,
            before=self.before,
            starts=self.starts,
            says=self.says,
            as_immediate=self.as_immediate,
        )


def every_day(day: Iterable[Dose], days: int) -> tuple[Dose, ...]:
    """One day's doses on each of so many days."""
    given = tuple(day)
    return tuple(Dose(d * HOURS_OF_A_DAY + dose.hour, dose.drug, dose.mg) for d in range(days) for dose in given)


def _are_numbers(*values: object) -> bool:
    return all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)


def _wrong(says: str, field: str) -> InputError:
    return InputError(
        "SIM_HISTORY", f"The dosing history {says}.", field=field, fix="Give each dose once, inside the days covered."
    )
