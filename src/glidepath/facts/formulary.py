"""The formulary: everything that is known of the drugs, read once from the compiled facts and never changed.

`load_formulary` checks the bytes against their manifest before anything is read from them. Drugs are built when first
asked for, so that starting is fast.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from glidepath.errors import FactsError, InputError
from glidepath.facts import building
from glidepath.facts.model import Drug, Equivalent, Product, Source
from glidepath.facts.naming import normal_name
from glidepath.facts.product_names import find_product
from glidepath.facts.records import (
    BoxedWarning,
    DoseBand,
    DrugName,
    LoadNote,
    LookAlike,
    PaceProfile,
    Place,
    Region,
    Rule,
    Threshold,
)

PACKAGED = Path(__file__).parent / "data"


@dataclass(frozen=True, eq=False)
class Formulary:
    """What is known, with the version and digest of where it came from. Two with one digest are equal."""

    version: str
    digest: str
    status: str
    _raw: Mapping[str, Any] = field(repr=False)
    _home: Path | None = field(repr=False)
    _built: dict[str, Drug] = field(default_factory=dict, repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formulary) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[Callable[[Path | None], Formulary], tuple[Path | None]]:
        # A worker process reads its own copy; the facts are never sent between processes.
        return (load_formulary, (self._home,))

    # drugs ---------------------------------------------------------------------------------------------------------

    @cached_property
    def drug_names(self) -> tuple[str, ...]:
        """The key of every drug, in alphabetical order."""
        return tuple(self._raw["drugs"])

    def drug(self, name: str) -> Drug:
        """The drug of a key, generic name or brand, in any case. Raises `InputError` DRUG_UNKNOWN."""
        if name in self._built:
            return self._built[name]
        key = self._key_of(name)
        if key not in self._built:
            self._built[key] = building.drug_from(self._raw["drugs"][key])
        return self._built[key]

    def products(self, drug: str, region: str) -> tuple[Product, ...]:
        """All products of a drug in a region, possibly none; by form, then by rising strength."""
        self.region(region)
        return tuple(p for p in self.drug(drug).products if p.region == region)

    def product_named(self, text: str, region: str) -> Product:
        """The product a person wrote, such as ``clonazepam 1 mg tablet`` or ``alprazolam-xr-1mg``.

        Raises `InputError` (DRUG_UNKNOWN, PRODUCT_UNKNOWN with the products there are, or a number code), and
        `RefusedError` PRODUCT_NOT_MARKETED when the region has none.
        """
        self.region(region)
        return find_product(text, region, self.names, self.drug, self.near_names)

    def conversion_tables(self, drug: str) -> tuple[Equivalent, ...]:
        """The equivalence rows that may convert; never dose bands, daily-dose statistics or recalled rows."""
        return tuple(e for e in self.drug(drug).equivalents if e.converts)

    def _key_of(self, name: str) -> str:
        if name in self._raw["drugs"]:
            return name
        found = self.names.get(normal_name(name))
        if found is None:
            near = self.near_names(name)
            raise InputError(
                "DRUG_UNKNOWN",
                "The drug name is not one that is known here.",
                field="drug",
                fix="Check the spelling; nothing is chosen from a similar name.",
                seen=name,
                details=(f"Names that look similar: {', '.join(near)}.",) if near else (),
            )
        return found.drug

    # names ---------------------------------------------------------------------------------------------------------

    @cached_property
    def names(self) -> Mapping[str, DrugName]:
        """Every lower-case generic name and brand, and the drug it means; the key has no hyphens."""
        return MappingProxyType({word: DrugName(word=word, **raw) for word, raw in self._raw["names"].items()})

    @cached_property
    def lookalikes(self) -> Mapping[str, LookAlike]:
        """Every lower-case name and brand of a medicine that is only similar in name."""
        return MappingProxyType(building.lookalikes_from(self._raw["lookalikes"]))

    def lookalike(self, word: str) -> LookAlike | None:
        """What `word` is when it is a known medicine of another kind, else None."""
        return self.lookalikes.get(normal_name(word))

    def near_names(self, word: str) -> tuple[str, ...]:
        """Up to three known names spelt like `word`: suggestions for a person, never used to choose."""
        import difflib  # only needed after a misspelling, and slow to import

        return tuple(difflib.get_close_matches(normal_name(word), self.names, n=3, cutoff=0.7))

    # places, paces, rules ------------------------------------------------------------------------------------------

    @cached_property
    def regions(self) -> Mapping[str, Region]:
        return MappingProxyType(building.regions_from(self._raw["regions"]))

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Every country whose emergency numbers are listed: the regions, and those where no products are loaded."""
        return MappingProxyType({**self.regions, **building.elsewhere_from(self._raw["regions"])})

    def region(self, code: str) -> Region:
        """The region of a code such as ``US``. Raises `InputError` REGION_UNKNOWN."""
        if code not in self.regions:
            raise InputError(
                "REGION_UNKNOWN",
                "The region is not one that is loaded.",
                field="region",
                fix=f"Regions: {', '.join(self.regions)}.",
                seen=code,
            )
        return self.regions[code]

    @cached_property
    def profiles(self) -> Mapping[str, PaceProfile]:
        return MappingProxyType(building.profiles_from(self._raw["profiles"]))

    def profile(self, name: str) -> PaceProfile:
        """The pace of that name, also those only for comparison. Raises `InputError` PROFILE_UNKNOWN."""
        if name not in self.profiles:
            plannable = [p.name for p in self.profiles.values() if not p.comparison_only]
            raise InputError(
                "PROFILE_UNKNOWN",
                "The pace profile is not one that is known here.",
                field="profile",
                fix=f"Profiles: {', '.join(plannable)}.",
                seen=name,
            )
        return self.profiles[name]

    @cached_property
    def thresholds(self) -> Mapping[str, Threshold]:
        return MappingProxyType(building.thresholds_from(self._raw["thresholds"]))

    def threshold(self, name: str) -> Threshold:
        """A number that planning uses, by its name in `profiles.yaml` (KeyError for a name that is not there)."""
        return self.thresholds[name]

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        return MappingProxyType(building.rules_from(self._raw["rules"]))

    def rule(self, rule_id: str) -> Rule:
        """One statement of guidance, by its id, such as ``ASAM-06`` (KeyError for an id that is not there)."""
        return self.rules[rule_id]

    @cached_property
    def dose_bands(self) -> tuple[DoseBand, ...]:
        """Low, moderate, high, as ASAM 2025 table 2 states them per drug."""
        return building.dose_bands_from(self._raw["class"]["dose_bands"])

    @cached_property
    def boxed_warnings(self) -> tuple[BoxedWarning, ...]:
        return building.boxed_warnings_from(self._raw["class"]["boxed_warnings"])

    # the rest ------------------------------------------------------------------------------------------------------

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        return MappingProxyType(building.sources_from(self._raw["sources"]))

    def source(self, source_id: str) -> Source:
        """Where a fact was read, by its id (KeyError for an id that is not there)."""
        return self.sources[source_id]

    @cached_property
    def metabolites(self) -> Mapping[str, Any]:
        """Active metabolites: sourced figures as plain nested mappings, decimals as text."""
        return building.frozen_mapping(self._raw["metabolites"])

    @cached_property
    def receptor(self) -> Mapping[str, Any]:
        """What is known of binding at the receptor, as plain nested mappings."""
        return building.frozen_mapping(self._raw["receptor"])

    @cached_property
    def class_notes(self) -> Mapping[str, Any]:
        """What holds for the whole class (conventions, lactation, contraindications), as plain nested mappings."""
        return building.frozen_mapping(self._raw["class"])

    @cached_property
    def load_report(self) -> tuple[LoadNote, ...]:
        """What was read in the safe direction because a row does not say."""
        return tuple(LoadNote(**note) for note in self._raw["load_report"])


def load_formulary(path: Path | None = None) -> Formulary:
    """The formulary that ships with the package, or the one compiled in the folder `path`.

    Raises `FactsError` DATA_UNSIGNED when the compiled file is not the one its manifest names.
    """
    return _packaged() if path is None else _load(path, path)


@lru_cache(maxsize=1)
def _packaged() -> Formulary:
    return _load(PACKAGED, None)


def _load(folder: Path, home: Path | None) -> Formulary:
    try:
        compiled = (folder / "compiled.json").read_bytes()
        about = json.loads((folder / "manifest.json").read_bytes())
        promised = about["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unsigned("The compiled facts or their manifest cannot be read.") from error
    digest = hashlib.sha256(compiled).hexdigest()
    if digest != promised:
        raise _unsigned("The compiled facts are not the ones their manifest names.")
    raw = json.loads(compiled)
    return Formulary(version=raw["version"], digest=digest, status=raw["status"], _raw=raw, _home=home)


def _unsigned(message: str) -> FactsError:
    return FactsError(
        "DATA_UNSIGNED",
        message,
        field="compiled.json",
        fix="Install the package again, or run python -m glidepath.facts.compile after reviewing the change.",
    )
