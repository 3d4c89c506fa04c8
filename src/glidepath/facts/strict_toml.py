"""TOML read strictly: every field is asked for once by its kind, and what nobody asked for is a fault.

Numbers with a point are texts in these files, so that no binary fraction is ever made of them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from fractions import Fraction
from pathlib import Path
from typing import Any

from glidepath.errors import FactsError

_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,6})(\.[0-9]{1,6})?", re.ASCII)
STATUSES = ("looked_up", "secondary", "from_knowledge", "project_proposal")


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file. Raises `FactsError` DATA_SCHEMA when it cannot be read, or has a key twice."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FactsError(
            "DATA_SCHEMA", "A file of facts cannot be read.", field=path.name, fix="Install the package again."
        ) from error


def wrong(where: str, says: str, code: str = "DATA_SCHEMA") -> FactsError:
    """The fault to raise for one place in a file."""
    return FactsError(code, f"A fact {says}.", field=where, fix="Correct the file of facts; nothing is guessed.")


class Fields:
    """The fields of one table. `sources` are the source ids that may be named in it."""

    def __init__(self, raw: object, where: str, sources: Collection[str]) -> None:
        if not isinstance(raw, dict):
            raise wrong(where, "is not a table")
        self.where = where
        self._left = dict(raw)
        self._sources = sources

    def has(self, key: str) -> bool:
        return key in self._left

    def keys(self) -> tuple[str, ...]:
        """The fields that are still to be read, in their order."""
        return tuple(self._left)

    def text(self, key: str) -> str:
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            raise wrong(f"{self.where}.{key}", "is not a text")
        return value

    def text_or_none(self, key: str) -> str | None:
        return self.text(key) if self.has(key) else None

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key)
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v.strip() for v in value):
            raise wrong(f"{self.where}.{key}", "is not a list of texts")
        return tuple(value)

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise wrong(f"{self.where}.{key}", f"is none of: {', '.join(allowed)}")
        return value

    def status(self) -> str:
        return self.one_of("status", STATUSES)

    def flag(self, key: str) -> bool:
        value = self._take(key)
        if not isinstance(value, bool):
            raise wrong(f"{self.where}.{key}", "is neither true nor false")
        return value

    def whole(self, key: str) -> int:
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise wrong(f"{self.where}.{key}", "is not a whole number from zero up")
        return value

    def decimal(self, key: str) -> Fraction:
        value = self._take(key)
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
            raise wrong(f"{self.where}.{key}", "is not a plain decimal number in quotes")
        return Fraction(value)

    def source_ids(self) -> tuple[str, ...]:
        """The `sources` of the table. Raises DATA_NO_SOURCE when there is none, or one that is not loaded."""
        if not self._left.get("sources"):
            raise wrong(self.where, "has no source", "DATA_NO_SOURCE")
        ids = self.texts("sources")
        for source in ids:
            if source not in self._sources:
                raise wrong(
                    f"{self.where}.sources", f"names the source {source}, which is not loaded", "DATA_NO_SOURCE"
                )
        return ids

    def table(self, key: str) -> Fields:
        return Fields(self._take(key), f"{self.where}.{key}", self._sources)

    def tables(self, key: str) -> tuple[Fields, ...]:
        """The tables of a list, in their order; none when the key is absent."""
        value = self._left.pop(key, [])
        if not isinstance(value, list):
            raise wrong(f"{self.where}.{key}", "is not a list of tables")
        return tuple(Fields(v, f"{self.where}.{key}[{n}]", self._sources) for n, v in enumerate(value, start=1))

    def done(self) -> None:
        """Refuse what was not asked for, so that a misspelled field is never dropped in silence."""
        if self._left:
            raise wrong(f"{self.where}.{next(iter(self._left))}", "has a field that is not read here")

    def _take(self, key: str) -> object:
        if key not in self._left:
            raise wrong(f"{self.where}.{key}", "is missing")
        value: object = self._left.pop(key)
        return value


def no_two_alike(names: Collection[str], where: str) -> None:
    """Refuse a name that is given twice in one file."""
    if len(set(names)) != len(names):
        raise wrong(where, "is given twice")
