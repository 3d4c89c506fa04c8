"""The proof that every plan carries: each limit, on every day, with value, bound, day and source.

A check is pass, caution, breach, overridden or not assessable. A breach is strictly above 25 % in 14 days, or a
broken law of arithmetic; above the asked pace is a caution. The proof looks only at the finished plan and what
was asked; it knows nothing of how the plan was found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from glidepath.dosing.equivalence import Equivalences
from glidepath.dosing.supply import Syringe
from glidepath.facts.model import Ceiling
from glidepath.guidance.pace import Pace


class Status(StrEnum):
    PASS = "pass"
    CAUTION = "caution"
    BREACH = "breach"
    OVERRIDDEN = "overridden"
    NOT_ASSESSABLE = "not assessable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One limit and how the plan stands to it. `on` is the day of the value; `by` and `why` an override's.

    `doses` are those of a fall, from and to, as exact numbers of the measure.
    """

    id: str
    title: str
    status: Status
    value: str
    bound: str
    on: date | None
    sources: tuple[str, ...]
    says: str
    doses: tuple[Fraction, Fraction] | None = None
    by: str | None = None
    why: str | None = None

    def overridden(self, by: str, why: str) -> Check:
        """The same check after a clinician gave a reason; only a breach can be overridden."""
        if self.status is not Status.BREACH:
            raise ValueError("only a breach can be overridden")
        return replace(self, status=Status.OVERRIDDEN, by=by, why=why)


@dataclass(frozen=True, slots=True)
class Proof:
    """Every check of one plan, in a fixed order."""

    checks: tuple[Check, ...]

    def check(self, check_id: str) -> Check:
        return next(c for c in self.checks if c.id == check_id)

    @property
    def breaches(self) -> tuple[Check, ...]:
        return tuple(c for c in self.checks if c.status is Status.BREACH)

    @property
    def cautions(self) -> tuple[Check, ...]:
        return tuple(c for c in self.checks if c.status is Status.CAUTION)

    @property
    def not_assessable(self) -> tuple[Check, ...]:
        return tuple(c for c in self.checks if c.status is Status.NOT_ASSESSABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a plan is held against; every number comes from the facts or the request.

    `ceilings` by drug; `table` is the equivalence table chosen for a switch; `confirmed` the products whose
    splitting a pharmacist confirmed.
    """

    pace: Pace
    ceiling_frac: Fraction
    ceiling_days: int
    ceiling_sources: tuple[str, ...]
    ceilings: dict[str, tuple[Ceiling, ...]]
    region: str
    equivalences: Equivalences
    table: str | None
    confirmed: frozenset[str]
    syringe: Syringe
    last_dose_reason: str | None
