"""What paper and pictures are made from: one route of a plan as read back from its document.

Every paper rendering starts from the written document, never from the planner's memory, so that a page can be
printed years later from the file alone and so that each page proves the file can be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from glidepath.dosing.ledger import Fill, SupplyLedger
from glidepath.oversight.signature import Signature
from glidepath.taper.proof import Check
from glidepath.taper.schedule import Taper


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding as it is shown: severity and text, with sources and how well the rule is known."""

    rule: str
    severity: str
    says: str
    sources: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyLine:
    """Who to call: label, number, and whether the number was looked up on the date of the list."""

    label: str
    contact: str
    note: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRow:
    """One row of the table of options side by side; empty texts where a route is withheld."""

    route: str
    title: str
    recommended: bool
    weeks: str
    reductions: str
    largest_fall: str
    days_over_limit: str
    strengths: str
    divided: str
    units: str
    withheld: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """One route of one plan, ready to be drawn. Holds no name of a person.

    `taper` is rebuilt from the document with its products; `ledger` its fills; `equivalents` the diazepam-equivalent
    range (mg, low and high over every table) of one mg of each drug, absent for drugs no table holds; `asked_frac`
    the fall asked for per interval, `ceiling_frac` the limit in `ceiling_days`. `signature` is None for a draft.
    `digest` is the digest of the document this came from. `fill_number` is the fill that sheets to act on are made
    for, counted from 1; `check_in` the date (ISO) of the check-in after which a later fill is printed.
    """

    route: str
    route_title: str
    recommended: bool
    taper: Taper
    ledger: SupplyLedger
    checks: tuple[Check, ...]
    numbers: RouteRow
    routes: tuple[RouteRow, ...]
    findings: tuple[FindingView, ...]
    understood: str
    assumptions: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]  # question in words, answer in words
    unanswered: tuple[str, ...]
    end_reason: str
    end_jump: str
    end_alternatives: tuple[str, ...]
    notes: tuple[str, ...]
    ladder: tuple[tuple[str, str], ...]  # pace, length in weeks
    pace_text: str
    asked_frac: Fraction
    interval_days: int
    ceiling_frac: Fraction
    ceiling_days: int
    equivalents: Mapping[str, tuple[Fraction, Fraction]]
    region: str
    region_name: str
    paper: str  # "letter" or "a4"
    emergency: tuple[EmergencyLine, ...]
    emergency_list_date: str
    sources: tuple[tuple[str, str, bool], ...]  # id, citation, looked up
    facts_version: str
    facts_digest: str
    engine_version: str
    digest: str
    assessed: str = ""  # what the assessment asks for, in words; "" where none was made
    assessment_says: tuple[str, ...] = ()  # what the assessment found, and who is on record, a sentence each
    needs_help_now: bool = False  # an answer of the case needs help before any plan
    tasks: tuple[str, ...] = ()  # what the assessment asks to be done, or never done, a sentence each
    signature: Signature | None = None
    fill_number: int = 1
    check_in: str = ""

    @property
    def is_draft(self) -> bool:
        return self.signature is None

    @property
    def fill(self) -> Fill:
        """The fill that sheets are made for."""
        return self.ledger.fills[self.fill_number - 1]

    @property
    def fill_ends(self) -> date:
        return self.fill.ends
