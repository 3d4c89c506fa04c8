"""The smaller nouns of the facts: regions, paces, thresholds, rules, warnings, names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyLine:
    """One line of the block that says who to call. `kind` is emergency, crisis or advice."""

    label: str
    contact: str
    kind: str
    source: str
    verified: bool
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where a plan is made: label language, paper (``letter`` or ``a4``), who to call, and when that list was made."""

    code: str
    name: str
    language: str
    paper: str
    emergency: tuple[EmergencyLine, ...]
    emergency_listed: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A country for which only who to call is listed: no products are loaded, so that no plan can be made there."""

    code: str
    name: str
    emergency: tuple[EmergencyLine, ...]
    emergency_listed: date


Place = Region | Elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceBand:
    """Between two daily doses in mg (from, down to), the largest cut in mg at one step."""

    from_mg: Fraction
    to_mg: Fraction
    cut_mg: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceProfile:
    """A named pace. `percent` is of the current dose, 0 to 100; None for those only shown for comparison.

    `bands` replace the percent for `band_drug` inside their range of daily doses. `slower_interval_days` is used
    when something asks for a slower pace. `status` is published, recalled, secondary or project_proposal.
    """

    name: str
    title: str
    kind: str
    comparison_only: bool
    percent: Fraction | None
    interval_days: int | None
    slower_interval_days: int | None
    band_drug: str | None
    bands: tuple[PaceBand, ...]
    why: str | None
    params: Mapping[str, str]
    sources: tuple[str, ...]
    verified: bool
    status: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A number that planning uses, exact, with its unit, source and how well it is known."""

    name: str
    value: Fraction
    unit: str
    source: str
    status: str
    low: Fraction | None = None
    high: Fraction | None = None
    note: str | None = None

    @property
    def whole(self) -> int:
        """The value as an integer, for days and counts."""
        if self.value.denominator != 1:
            raise ValueError(f"{self.name} is not a whole number")
        return int(self.value)

    @property
    def is_proposal(self) -> bool:
        return self.status == "project_proposal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One statement of guidance in our own words. `params` keeps decimals as text."""

    id: str
    topic: str
    statement: str
    sources: tuple[str, ...]
    status: str
    strength: str | None
    params: Mapping[str, object]
    program_action: str | None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BandLimit:
    """One drug's limits of a dose band in mg a day: at least `low`, at most `high`, more than `over`."""

    low: Fraction | None = None
    high: Fraction | None = None
    over: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseBand:
    """A dose band of ASAM 2025 table 2. Its limits do not come from one equivalence table: look them up per drug."""

    band: str
    limits: Mapping[str, BandLimit]
    diazepam_equivalent: BandLimit
    source: str
    verified: bool

    def limit(self, drug: str) -> BandLimit | None:
        """The drug's own limit, or None where only the diazepam-equivalent one applies."""
        return self.limits.get(drug)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedWarning:
    """A boxed warning of the labels: for which drugs and region, and what it names."""

    scope: str
    items: tuple[str, ...]
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """A medicine that is taken for one of the drugs here, and is none of them."""

    name: str
    what: str
    like: str | None
    brands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugName:
    """What a written word or brand stands for. `release` is set when the brand itself says it (XR, SL)."""

    word: str
    drug: str
    brand: str | None = None
    release: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadNote:
    """Something the loader decided in the safe direction: code, where, and what it did."""

    code: str
    where: str
    text: str
