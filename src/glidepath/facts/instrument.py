"""What an instrument is: items, ranges, bands, what a missing item does, licence and codes.

`status` says how well a statement is known; `verified` is true only where the words or numbers were read in the source
or in a copy of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from glidepath.errors import InputError


class Scoring(StrEnum):
    """How answers become a result: a sum, any yes, each item by itself, or a total that was scored elsewhere."""

    SUM = "sum"
    ANY_YES = "any yes"
    EACH = "each item by itself"
    TOTAL_ONLY = "total only"


class Asks(StrEnum):
    """What an item asks for. A clock time is in minutes after midnight."""

    CHOICE = "choice"
    YES_NO = "yes or no"
    RATING = "rating"
    CLOCK = "clock time"
    MINUTES = "minutes"
    COUNT = "count"
    TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question; `lowest` and `highest` bound its answer, `low_end` and `high_end` say what the ends mean."""

    id: str
    text: str
    asks: Asks
    lowest: int
    highest: int
    low_end: str | None = None
    high_end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A name for totals from `least` up to the next band."""

    least: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """The bands of a total, the lowest first, with where they come from."""

    rows: tuple[Band, ...]
    sources: tuple[str, ...]
    status: str

    def name(self, total: int) -> str:
        """The band of a total."""
        return next(b.name for b in reversed(self.rows) if b.least <= total)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRule:
    """Up to `at_most` items may be missing and are taken at the mean of the others; those in `never` may not."""

    at_most: int
    never: tuple[str, ...]
    says: str
    sources: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyRule:
    """An answer of at least `at_least` to one of `items` raises the red flag `flag`, whatever the total.

    `refusal_counts` takes an item that was asked and not answered as a yes. `after` names the rule that has to be met
    before silence on these items means anything.
    """

    id: str
    name: str
    items: tuple[str, ...]
    at_least: int
    flag: str
    severity: str
    says: str
    refusal_counts: bool
    after: str | None
    sources: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Whether the words may be here, as far as it is known; `verified` when that was looked up."""

    note: str
    item_text: bool
    verified: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loinc:
    """A code of LOINC that was looked up, and what it names."""

    code: str
    names: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One questionnaire. `own` is true for Glidepath's own, which are not validated."""

    id: str
    name: str
    measures: str
    scoring: Scoring
    own: bool
    stem: str | None
    choices: tuple[str, ...]
    items: tuple[Item, ...]
    bands: Bands | None
    missing: MissingRule | None
    safety: tuple[SafetyRule, ...]
    licence: Licence
    loinc: Loinc | None
    sources: tuple[str, ...]
    status: str
    verified: bool
    note: str | None

    def item(self, item_id: str) -> Item:
        """The item of an id. Raises `InputError` FIELD_UNKNOWN."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise InputError(
            "FIELD_UNKNOWN",
            "An answer is to no item of this instrument.",
            field=self.id,
            fix=f"Items: {', '.join(i.id for i in self.items)}.",
            seen=item_id,
        )

    @property
    def highest(self) -> int | None:
        """The highest total there can be; None where nothing is summed."""
        return sum(i.highest for i in self.items) if self.scoring in (Scoring.SUM, Scoring.TOTAL_ONLY) else None
