"""The signs that need a person to act: what to ask, what to do, by when, and what becomes of the taper.

Read from `data/red_flags.toml`. Most times and all measured limits are proposals of this project and say so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from glidepath.facts.formulary import PACKAGED, load_formulary
from glidepath.facts.strict_toml import Fields, no_two_alike, read_toml, wrong


class ByWhen(StrEnum):
    """How soon a person has to act, the soonest first."""

    IMMEDIATE = "immediate"
    SAME_DAY = "same day"
    ONE_WORKING_DAY = "1 working day"
    TWO_WORKING_DAYS = "2 working days"

    @property
    def rank(self) -> int:
        """0 for the soonest."""
        return list(ByWhen).index(self)


class OnTaper(StrEnum):
    """What becomes of the taper. Freeze: no cut without a specialist's word. Hold: no cut until it is settled."""

    FREEZE = "freeze"
    HOLD = "hold"

    @property
    def rank(self) -> int:
        """0 for the firmest."""
        return list(OnTaper).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measured number that says yes by itself when it is strictly above `over`, in `unit`.

    `zero_counts` is false where zero only means that nothing was measured.
    """

    key: str
    says: str
    unit: str
    over: Fraction
    zero_counts: bool
    sources: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that must hold for a sign to need action sooner: a yes, or a measure above its limit."""

    key: str
    ask: str
    measure: Measure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sooner:
    """When a sign needs action sooner: unless one of the conditions is known not to hold.

    The first condition is the one that opens the question again when the sign itself was answered no.
    """

    by_when: ByWhen
    do: str
    says: str
    conditions: tuple[Condition, ...]
    sources: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlag:
    """One sign. `key` is the question's name among the answers, `ask` its words.

    `by_when_basis` says where the time comes from; `by_when_status` is project_proposal where no source gives it.
    """

    id: str
    key: str
    sign: str
    ask: str
    do: str
    by_when: ByWhen
    by_when_basis: str
    by_when_status: str
    taper: OnTaper
    taper_says: str
    sources: tuple[str, ...]
    status: str
    measures: tuple[Measure, ...] = ()
    sooner: Sooner | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of all answers that bear on this sign, its own question first."""
        further = () if self.sooner is None else tuple(c.key for c in self.sooner.conditions)
        return (self.key, *(m.key for m in self.measures), *further)


@lru_cache(maxsize=1)
def load_red_flags() -> tuple[RedFlag, ...]:
    """The red flags that ship with the package, in the order of their ids. Raises `FactsError`."""
    return red_flags_from(PACKAGED / "red_flags.toml", load_formulary().sources)


def red_flags_from(path: Path, sources: Collection[str]) -> tuple[RedFlag, ...]:
    """The red flags of a file; `sources` are the ids it may name. Raises `FactsError` at the first fault."""
    top = Fields(read_toml(path), path.name, sources)
    found = tuple(_red_flag(fields) for fields in top.tables("red_flags"))
    top.done()
    if not found:
        raise wrong(path.name, "is missing: there are no red flags")
    no_two_alike([flag.id for flag in found], f"{path.name}.id")
    no_two_alike([key for flag in found for key in flag.keys], f"{path.name}.key")
    return found


def _red_flag(fields: Fields) -> RedFlag:
    flag = RedFlag(
        id=fields.text("id"),
        key=fields.text("key"),
        sign=fields.text("sign"),
        ask=fields.text("ask"),
        do=fields.text("do"),
        by_when=ByWhen(fields.one_of("by_when", tuple(ByWhen))),
        by_when_basis=fields.text("by_when_basis"),
        by_when_status=fields.one_of("by_when_status", ("published", "project_proposal")),
        taper=OnTaper(fields.one_of("taper", tuple(OnTaper))),
        taper_says=fields.text("taper_says"),
        sources=fields.source_ids(),
        status=fields.status(),
        measures=tuple(_measure(m) for m in fields.tables("measures")),
        sooner=_sooner(fields.table("sooner")) if fields.has("sooner") else None,
    )
    fields.done()
    if flag.sooner is not None and flag.sooner.by_when.rank >= flag.by_when.rank:
        raise wrong(f"{fields.where}.sooner", "is not sooner")
    return flag


def _measure(fields: Fields) -> Measure:
    measure = Measure(
        key=fields.text("key"),
        says=fields.text("says"),
        unit=fields.text("unit"),
        over=fields.decimal("over"),
        zero_counts=fields.flag("zero_counts"),
        sources=fields.source_ids(),
        status=fields.status(),
    )
    fields.done()
    return measure


def _sooner(fields: Fields) -> Sooner:
    sooner = Sooner(
        by_when=ByWhen(fields.one_of("by_when", tuple(ByWhen))),
        do=fields.text("do"),
        says=fields.text("says"),
        conditions=tuple(_condition(c) for c in fields.tables("conditions")),
        sources=fields.source_ids(),
        status=fields.status(),
    )
    fields.done()
    if not sooner.conditions:
        raise wrong(fields.where, "has no condition")
    return sooner


def _condition(fields: Fields) -> Condition:
    measure = _measure(fields.table("measure")) if fields.has("measure") else None
    key = measure.key if measure is not None else fields.text("key")
    condition = Condition(key=key, ask=fields.text("ask"), measure=measure)
    fields.done()
    return condition
