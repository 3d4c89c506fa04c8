"""Medicines and conditions by name or code, and the answers of a case that follow; matched whole, never by likeness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from glidepath.facts.formulary import PACKAGED
from glidepath.facts.strict_toml import Fields, no_two_alike, read_toml, wrong

CODES = PACKAGED / "codes.toml"
Sets = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What names and codes stand for. Medicines have ATC codes, matched whole; conditions have ICD-10 codes.

    A condition's code stands for every finer code below it: G40 for G40.3 and G40309.
    """

    medicines: Mapping[str, Sets]
    medicine_names: tuple[str, ...]
    conditions: Mapping[str, Sets]
    condition_names: tuple[str, ...]
    _categories: Mapping[str, Sets]

    def medicine(self, said: str) -> Sets | None:
        """The answers that follow from a medicine, or None where it is not listed."""
        return self.medicines.get(plain(said))

    def condition(self, said: str) -> Sets | None:
        """The answers that follow from a condition, or None where it is not listed."""
        if (found := self.conditions.get(plain(said))) is not None:
            return found
        code = said.strip().upper().replace(".", "")
        if not (code.isalnum() and code[:1].isalpha() and code[1:2].isdigit()):
            return None
        return next((self._categories[code[:n]] for n in range(len(code), 2, -1) if code[:n] in self._categories), None)


def plain(said: str) -> str:
    """A name as it is compared: without regard to case and to spaces around it."""
    return " ".join(said.casefold().split())


@lru_cache(maxsize=2)
def load_codes(path: Path = CODES) -> Codes:
    """The packaged names and codes. Raises `FactsError` DATA_SCHEMA or DATA_NO_SOURCE."""
    fields = Fields(read_toml(path), path.name, ())
    sources = set(_sources(fields))
    medicines: dict[str, Sets] = {}
    names: list[str] = []
    for row in fields.tables("medicine"):
        row.text("group")
        sets = _sets(row.table("sets"))
        row.one_of("source", sources)
        given = row.table("names")
        for name in tuple(given.keys()):
            code = given.text(name)
            names.append(name)
            for key in (plain(name), plain(code)):
                if medicines.setdefault(key, sets) != sets:
                    raise wrong(f"{row.where}.{name}", "stands for two things")
        row.done()
    conditions: dict[str, Sets] = {}
    categories: dict[str, Sets] = {}
    for row in fields.tables("condition"):
        said, codes = row.texts("names"), row.texts("codes")
        sets = _sets(row.table("sets"))
        row.one_of("source", sources)
        row.done()
        conditions |= {plain(name): sets for name in said}
        categories |= {code.replace(".", ""): sets for code in codes}
    fields.done()
    no_two_alike(names, path.name)
    return Codes(
        medicines=medicines,
        medicine_names=tuple(names),
        conditions=conditions,
        condition_names=tuple(conditions),
        _categories=categories,
    )


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
