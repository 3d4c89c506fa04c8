"""Medicines and conditions by name or code, and the answers of a case that follow; matched whole, never by likeness."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from glidepath.facts.formulary import PACKAGED, load_formulary
from glidepath.facts.naming import normal_name
from glidepath.facts.strict_toml import Fields, no_two_alike, read_toml, wrong

CODES = PACKAGED / "codes.toml"
Sets = Mapping[str, str]
# What is spelt only a little alike is not shown: a misspelt cirrhosis is no psychosis.
_ALIKE = 0.75
# A benzodiazepine or Z-drug beside the line: the safe reading is that it is taken as well as what stands there.
ALSO_TAKEN: Sets = {"other_sedatives": "yes"}
# A group of the ATC (N02A, N02AA) or a whole code (N02AA05).
_ATC = re.compile(r"[A-Z][0-9]{2}[A-Z](?:[A-Z](?:[0-9]{2})?)?", re.ASCII)
_ICD = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What names and codes stand for. Medicines have ATC codes, conditions ICD-10 codes.

    A medicine's code is matched whole, or by a group that is listed as one: N05C for N05CF02. A condition's code stands
    for every finer code below it: G40 for G40.3 and G40309. `line_drugs` are the names and brands of the formulary.
    """

    medicines: Mapping[str, Sets]
    medicine_names: tuple[str, ...]
    groups: Mapping[str, Sets]
    line_drugs: frozenset[str]
    conditions: Mapping[str, Sets]
    condition_names: tuple[str, ...]
    _categories: Mapping[str, Sets]

    def medicine(self, said: str) -> Sets | None:
        """The answers that follow from a medicine, or None where it is not listed."""
        if (found := self.medicines.get(plain(said))) is not None:
            return found
        if self.is_line_drug(said):
            return ALSO_TAKEN
        code = said.strip().upper()
        return _longest(code, self.groups) if _ATC.fullmatch(code) else None

    def is_line_drug(self, said: str) -> bool:
        """Whether it is a benzodiazepine or Z-drug by name or brand, which belongs on the line."""
        return normal_name(said) in self.line_drugs

    def condition(self, said: str) -> Sets | None:
        """The answers that follow from a condition, or None where it is not listed."""
        if (found := self.conditions.get(plain(said))) is not None:
            return found
        code = said.strip().upper()
        return _longest(code.replace(".", ""), self._categories) if _ICD.fullmatch(code) else None

    def near_medicines(self, said: str) -> tuple[str, ...]:
        """Up to three medicines spelt like it: suggestions for a person, never used to choose."""
        return _near(said, (*self.medicine_names, *self.line_drugs))

    def near_conditions(self, said: str) -> tuple[str, ...]:
        """Up to three conditions spelt like it: suggestions for a person, never used to choose."""
        return _near(said, self.condition_names)


def _near(said: str, listed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(get_close_matches(plain(said), sorted(set(listed)), n=3, cutoff=_ALIKE))


def _longest(code: str, listed: Mapping[str, Sets]) -> Sets | None:
    """What the longest listed beginning of a code stands for."""
    return next((listed[code[:n]] for n in range(len(code), 2, -1) if code[:n] in listed), None)


def plain(said: str) -> str:
    """A name as it is compared: without regard to case and to spaces around it."""
    return " ".join(said.casefold().split())


@lru_cache(maxsize=2)
def load_codes(path: Path = CODES) -> Codes:
    """The packaged names and codes. Raises `FactsError` DATA_SCHEMA or DATA_NO_SOURCE."""
    fields = Fields(read_toml(path), path.name, ())
    sources = set(_sources(fields))
    medicines: dict[str, Sets] = {}
    groups: dict[str, Sets] = {}
    names: list[str] = []
    for row in fields.tables("medicine"):
        row.text("group")
        sets = _sets(row.table("sets"))
        row.one_of("source", sources)
        for key in _keys(row, names):
            if medicines.setdefault(key, sets) != sets:
                raise wrong(f"{row.where}.{key}", "stands for two things")
        for group in _texts(row, "groups"):
            if not _ATC.fullmatch(group) or groups.setdefault(group, sets) != sets:
                raise wrong(f"{row.where}.{group}", "is no group of the ATC, or stands for two things")
        row.done()
    conditions: dict[str, Sets] = {}
    categories: dict[str, Sets] = {}
    for row in fields.tables("condition"):
        said, codes = row.texts("names"), row.texts("codes")
        sets = _sets(row.table("sets"))
        row.one_of("source", sources)
        row.done()
        if unreadable := [code for code in codes if not _ICD.fullmatch(code)]:
            raise wrong(f"{row.where}.{unreadable[0]}", "is no code of the ICD-10")
        conditions |= {plain(name): sets for name in said}
        categories |= {code.replace(".", ""): sets for code in codes}
    fields.done()
    no_two_alike(names, path.name)
    return Codes(
        medicines=medicines,
        medicine_names=tuple(names),
        groups=groups,
        line_drugs=frozenset(load_formulary().names),
        conditions=conditions,
        condition_names=tuple(conditions),
        _categories=categories,
    )


def _keys(row: Fields, names: list[str]) -> list[str]:
    """Every name and whole code of a row as it is compared; the names are added to `names`."""
    keys = []
    if row.has("names"):
        given = row.table("names")
        for name in tuple(given.keys()):
            names.append(name)
            keys += [plain(name), plain(given.text(name))]
    said = _texts(row, "said")
    names += said
    return [*keys, *(plain(each) for each in (*said, *_texts(row, "codes")))]


def _texts(row: Fields, key: str) -> tuple[str, ...]:
    return row.texts(key) if row.has(key) else ()


def _sources(fields: Fields) -> tuple[str, ...]:
    sources = fields.table("sources")
    ids = tuple(sources.keys())
    for key in ids:
        row = sources.table(key)
        row.text("citation"), row.flag("looked_up"), row.text_or_none("note")
        row.done()
    return ids


def _sets(row: Fields) -> Sets:
    return {name: row.text(name) for name in tuple(row.keys())}
