"""What the checker found: the verdict, every check behind it, and the days and rows it rests on.

Days are numbers from 1 (`WrittenTaper.on` gives the date); rows are those of the file, 0 where there is none. Amounts
are exact; where several drugs change, they are diazepam-equivalent mg by the table named in `Report.measure`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Verdict(StrEnum):
    WITHIN = "within"
    BREACHES = "breaches"
    CANNOT_TELL = "cannot tell"


class Status(StrEnum):
    PASS = "pass"
    CAUTION = "caution"
    BREACH = "breach"
    NOT_ASSESSABLE = "not assessable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of a taper. `required`: when it cannot be assessed, no verdict can be given on the whole.

    `suggestions` are the smallest changes that would clear a breach, in words.
    """

    id: str
    title: str
    status: Status
    value: str
    bound: str
    says: str
    day: int | None = None
    row: int = 0
    sources: tuple[str, ...] = ()
    required: bool = True
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """A fall from one day to a later one: on `day` the dose is first down to `to_mg`, from `from_mg` on `from_day`.

    `from_day` is 0 for a dose that was taken before day 1.
    """

    fraction: Fraction
    day: int
    from_day: int
    from_mg: Fraction
    to_mg: Fraction
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """A day on which more is taken than the day before: of the whole day (`time` "") or at one time of day."""

    day: int
    row: int
    drug: str
    time: str
    from_mg: Fraction
    to_mg: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmakeable:
    """Something that cannot be dispensed as written, with the reason and what could be dispensed instead.

    `reason` is one of: no-such-product, not-divided, dose-not-units, no-combination, not-measurable, not-planned-form,
    mixed-release.
    """

    day: int
    row: int
    drug: str
    time: str
    product: str
    dose_mg: Fraction
    reason: str
    says: str
    instead: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """One thing that could not be read: the code of a named error, where it stands, and what would fix it."""

    row: int
    column: str
    code: str
    says: str
    fix: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Units of one product that the taper takes, and those written to be supplied (None: nothing is written)."""

    product: str
    needed: Fraction
    written: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReading:
    """A change of drug seen through one equivalence table, read at its low or high end."""

    table: str
    end: str
    start_mg: Fraction
    highest_mg: Fraction
    highest_day: int
    worst_fall_14d: Fall | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole second opinion. With anything unreadable the verdict is `cannot tell` and nothing else is judged.

    `uncovered_days` and `covered_twice` are runs of days with a row: (first, last, row). `unsaid` names a drug that was
    taken and of which nothing is said from one day to another while others go on: (drug, first, last, row).
    `last_doses` is what is taken of each drug on the last day before the stop, or on the last day.

    `measure` is "mg of clonazepam" or "mg diazepam-equivalent (TABLE)". `final_step` is the step to zero, which is left
    out of every other fall; None when the taper does not reach zero. `days_over` counts days more than 25 % below some
    day of the 14 before; `days_first_over` has the day of each fall that makes one. `needed` is empty where no units
    are known. `course` is the measured dose of each run of known days: (first, last, mg), and `start_mg` what was
    taken at the start.
    """

    verdict: Verdict
    checks: tuple[Check, ...] = ()
    measure: str = ""
    worst_fall_step: Fall | None = None
    worst_fall_14d: Fall | None = None
    worst_fall_28d: Fall | None = None
    first_over_25_in_14d: Fall | None = None
    final_step: Fall | None = None
    start_mg: Fraction | None = None
    days_over: int = 0
    days_first_over: tuple[int, ...] = ()
    rises: tuple[Rise, ...] = ()
    uncovered_days: tuple[tuple[int, int, int], ...] = ()
    covered_twice: tuple[tuple[int, int, int], ...] = ()
    unsaid: tuple[tuple[str, int, int, int], ...] = ()
    last_doses: tuple[tuple[str, Fraction], ...] = ()
    unmakeable: tuple[Unmakeable, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    needed: tuple[Needed, ...] = ()
    readings: tuple[TableReading, ...] = ()
    scheme: str | None = None
    course: tuple[tuple[int, int, Fraction], ...] = ()
    doses_only: bool = False

    def check(self, check_id: str) -> Check:
        return next(c for c in self.checks if c.id == check_id)

    def has(self, check_id: str) -> bool:
        return any(c.id == check_id for c in self.checks)
