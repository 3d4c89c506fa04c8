"""What is known of drugs, as small frozen nouns. Values come only from the compiled facts.

Numbers that describe a product a person swallows (strength, concentration, equivalents, ceilings) are exact
`Fraction`s; pharmacology estimates are kept as the decimal text of their source until something computes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from glidepath.quantity import exact_decimal


class Form(StrEnum):
    """A dose form, in the words that are printed after the strength."""

    TABLET = "tablet"
    CAPSULE = "capsule"
    ODT = "ODT"
    FILM = "oral film"
    XR_TABLET = "XR tablet"
    XR_CAPSULE = "XR capsule"
    SL_TABLET = "SL tablet"
    SOLUTION = "oral solution"
    SUSPENSION = "oral suspension"
    LIQUID = "oral liquid"
    CONCENTRATE = "oral concentrate"
    SYRUP = "syrup"
    ELIXIR = "elixir"
    DROPS = "oral drops"
    SPRAY = "oral spray"
    COMBINATION_TABLET = "combination tablet"
    COMBINATION_CAPSULE = "combination capsule"

    @property
    def is_liquid(self) -> bool:
        """Measured in mL with an oral syringe."""
        return self in _LIQUIDS

    @property
    def is_per_ml(self) -> bool:
        """Stated in mg per mL: the liquids, and drops and spray, which are never planned."""
        return self in _LIQUIDS or self in (Form.DROPS, Form.SPRAY)

    @property
    def divides(self) -> bool:
        """Whether a unit of this form could ever be divided, whatever its row says."""
        return self is Form.TABLET

    @property
    def is_counted(self) -> bool:
        """Counted in whole units (or pieces) of one strength."""
        return self in _COUNTED

    @property
    def release(self) -> str:
        """IR, ODT, SL or XR. Products of different release are never mixed or exchanged silently."""
        if self in (Form.XR_TABLET, Form.XR_CAPSULE):
            return "XR"
        if self is Form.SL_TABLET:
            return "SL"
        return "ODT" if self is Form.ODT else "IR"


_LIQUIDS = frozenset({Form.SOLUTION, Form.SUSPENSION, Form.LIQUID, Form.CONCENTRATE, Form.SYRUP, Form.ELIXIR})
_COUNTED = frozenset(
    {
        Form.TABLET,
        Form.CAPSULE,
        Form.ODT,
        Form.FILM,
        Form.XR_TABLET,
        Form.XR_CAPSULE,
        Form.SL_TABLET,
    }
)


class Split(StrEnum):
    """Whether a unit may be divided. Only YES divides; VARIES and UNKNOWN need a pharmacist's word."""

    YES = "yes"
    NO = "no"
    VARIES = "varies"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact was read. `looked_up` is false when it is recalled from memory."""

    id: str
    citation: str
    looked_up: bool
    address: str | None = None
    more_addresses: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A published or derived figure: decimal texts, unit, source, and whether it was read there."""

    value: str | None
    unit: str
    source: str
    verified: bool
    low: str | None = None
    high: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRecord:
    """One maker's row for one strength: what its label says of scoring and splitting.

    `maker` is None for the row that stands for any maker not recorded. `split_stated` is false when the row says
    nothing of splitting. The drop and spray fields are decimal texts, for information only: no dose is ever in drops.
    """

    maker: str | None
    scored: str
    halves: Split
    quarters: Split
    source: str
    verified: bool
    note: str | None = None
    split_stated: bool = True
    drops_per_ml: str | None = None
    mg_per_drop: str | None = None
    mg_per_actuation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Something a pharmacy can supply: drug, form and strength in one region.

    `strength` is mg per unit, or mg per mL for a liquid. `halves` and `quarters` are merged over the named
    makers: YES when every one of them says yes, NO when every one says no, VARIES otherwise. `name` reads
    `<drug> <strength> <form>` and is the key used in every table.
    """

    drug: str
    region: str
    form: Form
    strength: Fraction
    halves: Split
    quarters: Split
    records: tuple[ProductRecord, ...] = ()
    compounded: bool = False
    name: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # Written once: the name is asked for on every row of every table.
        object.__setattr__(self, "name", f"{self.drug} {self.strength_text} {self.form.value}")

    @property
    def strength_text(self) -> str:
        unit = "mg/mL" if self.form.is_per_ml else "mg"
        return f"{exact_decimal(self.strength)} {unit}"

    @property
    def verified(self) -> bool:
        """True when at least one record was read in its source (form and strength)."""
        return any(record.verified for record in self.records)

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(record.source for record in self.records))


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """What one table states as equal to oral diazepam 10 mg: a range in mg of the drug.

    `converts` is false for dose bands and for rows marked as not for conversion. `point` is the single figure a source
    prints beside its range, or the geometric mean of the range, as text; nothing is computed from it.
    """

    table: str
    low_mg: Fraction
    high_mg: Fraction
    source: str
    verified: bool
    converts: bool
    note: str | None = None
    point: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """A maximum daily dose as one source states it for one indication and region."""

    mg_per_day: Fraction
    region: str
    indication: str
    source: str
    verified: bool
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A code for the drug in one coding system."""

    system: str
    code: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """Everything the facts hold on one active ingredient.

    `not_planned` is the reason why no plan is ever made for it, or None. `shown_as` is the name to print.
    `pharmacology` keeps the remaining sourced records (compartment models, chain, covariates, tests, daily dose
    statistic) as plain read-only nested mappings, decimals as text, for later readers.
    """

    name: str
    drug_class: str
    role: str
    not_planned: str | None
    brands: Mapping[str, tuple[str, ...]]
    identifiers: tuple[Identifier, ...]
    products: tuple[Product, ...]
    equivalents: tuple[Equivalent, ...]
    ceilings: tuple[Ceiling, ...]
    indications: tuple[str, ...]
    contraindications: tuple[str, ...]
    interactions: tuple[str, ...]
    pregnancy: str
    lactation: Estimate
    safety_text_source: str
    half_life_h: Estimate | None
    kinetics: Mapping[str, Estimate]
    pharmacology: Mapping[str, object]
    shown_as: str = ""
    brand_notes: tuple[str, ...] = ()
    identifier_note: str | None = None

    @property
    def is_z_drug(self) -> bool:
        return self.drug_class.startswith("Z-drug")

    @property
    def taken_at_night(self) -> bool:
        """True when every licensed use listed is insomnia: one daily dose is then a night dose."""
        return bool(self.indications) and all("insomnia" in use for use in self.indications)
