"""What the planner proposes: options side by side, each with its proof. Nothing here is signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from glidepath.dosing.ledger import SupplyLedger
from glidepath.facts.model import Source
from glidepath.facts.records import Region
from glidepath.guidance.finding import Finding
from glidepath.patient.assessment import Assessment
from glidepath.patient.person import Person
from glidepath.quantity import Amount
from glidepath.taper.goal import Goal
from glidepath.taper.proof import Limits, Proof
from glidepath.taper.schedule import Taper
from glidepath.taper.switch import TargetDose


class Route(StrEnum):
    """The ways down that are laid side by side. An abrupt stop is not among them."""

    DIRECT_PRESENT = "direct-present"
    DIRECT_ALL_FORMS = "direct-all-forms"
    SWITCH = "switch"
    REDUCE = "reduce"

    @property
    def heading(self) -> str:
        return _TITLES[self]


_TITLES = {
    Route.DIRECT_PRESENT: "Direct, present form",
    Route.DIRECT_ALL_FORMS: "Direct, all marketed forms",
    Route.SWITCH: "Staged switch",
    Route.REDUCE: "Reduce only",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndNote:
    """How the plan ends: the last dose, why it is that one, and what else could be done instead."""

    last_dose: Amount
    drug: str
    jump: str
    reason: str
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """An option in figures, for the table side by side."""

    weeks: Fraction
    reductions: int
    largest_fall_frac: Fraction
    days_over_limit: int
    strengths: int
    divided_units: Fraction
    units_dispensed: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One route: a plan with its proof, or the reason why there is none.

    `ladder` says how many days the route takes at other paces. `targets` are the doses each equivalence table
    gives for a switch. `limits` is what the proof was made against, so that it can be made again.
    """

    route: Route
    taper: Taper | None = None
    proof: Proof | None = None
    ledger: SupplyLedger | None = None
    numbers: Numbers | None = None
    end: EndNote | None = None
    limits: Limits | None = None
    ladder: tuple[tuple[str, int], ...] = ()
    targets: tuple[TargetDose, ...] = ()
    withheld: str | None = None
    rule: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_planned(self) -> bool:
        return self.taper is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """All options of one goal; `recommended` is the best direct route, the one to discuss first (or None)."""

    goal: Goal
    options: tuple[Option, ...]
    recommended: Route | None

    def option(self, route: Route) -> Option:
        return next(o for o in self.options if o.route is route)

    @property
    def first(self) -> Option | None:
        """The recommended option."""
        return self.option(self.recommended) if self.recommended is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Everything one planning question was answered with; unsigned, whatever is done with it.

    `request` is the question in plain words and long option names (enough to ask it again); `understood` the line
    read back, with the `assumptions` made; `other_sedatives` the drugs that stay constant. `sources` are exactly
    those that the facts, rules and methods of this proposal used. `assessment` is None for a plan made without a case.
    """

    request: Mapping[str, object]
    understood: str
    assumptions: tuple[str, ...]
    person: Person
    findings: tuple[Finding, ...]
    options: Options
    region: Region
    sources: tuple[Source, ...]
    facts_version: str
    facts_digest: str
    engine_version: str
    assessment: Assessment | None = None

    @property
    def unanswered(self) -> tuple[str, ...]:
        """What must be known before a plan can be signed: the short questions, or those of the assessment."""
        if self.assessment is None:
            return self.person.unanswered
        known = [q for q in self.person.unanswered if q in ("age", "since")]
        return tuple(dict.fromkeys((*known, *self.assessment.missing_before_signing)))

    @property
    def recommended(self) -> Option | None:
        """The best direct route, the one to discuss first; None when no direct route can be planned."""
        return self.options.first

    def option(self, route: Route | str) -> Option:
        """One route, by its name such as `direct-all-forms`."""
        return self.options.option(Route(route))

    @property
    def is_draft(self) -> bool:
        """True while a question is unanswered; such a plan cannot be signed."""
        return bool(self.unanswered)
