"""What a file of a trial tells, asked for field by field and each by its kind."""

from __future__ import annotations

import re
from collections.abc import Collection
from fractions import Fraction

from glidepath.errors import InputError

_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,6})(\.[0-9]{1,6})?", re.ASCII)
_LONGEST_TEXT = 500


def wrong(field: str, says: str, fix: str | None = None, *, code: str = "OPTION_INVALID") -> InputError:
    return InputError(
        code, f"The field {field} {says}.", field=field, fix=fix or "glidepath trial --template prints every field."
    )


class Told:
    """The fields of one mapping, each asked for by its kind."""

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, dict):
            raise wrong(where.rstrip(".") or "trial", "is not a mapping of fields")
        self._raw, self._where = raw, where

    def at(self, key: str) -> str:
        return f"{self._where}{key}"

    def only(self, known: Collection[str]) -> None:
        for key in self._raw:
            if key not in known:
                raise wrong(self.at(key), "is not one that is read here", code="FIELD_UNKNOWN")

    def has(self, key: str) -> bool:
        return self._raw.get(key) is not None

    def text(self, key: str) -> str:
        value = self._get(key)
        if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_TEXT or not value.isprintable():
            raise wrong(self.at(key), f"is not a text of 1 to {_LONGEST_TEXT} characters on one line")
        return value.strip()

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise wrong(self.at(key), f"is none of: {', '.join(allowed)}")
        return value

    def texts(self, key: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        value = self._get(key)
        if not isinstance(value, list) or not (value or may_be_empty):
            raise wrong(self.at(key), "is not a list of texts")
        return tuple(Told({key: one}, self._where).text(key) for one in value)

    def whole(self, key: str, low: int, high: int) -> int:
        value = self._get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise wrong(self.at(key), "is not a whole number")
        if not low <= value <= high:
            raise wrong(self.at(key), f"is not between {low:,} and {high:,}", code="NUM_RANGE")
        return value

    def decimal(self, key: str) -> Fraction:
        """A whole number, or a decimal in quotes."""
        value = self._get(key)
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
            raise wrong(self.at(key), "is not a number such as 10 or '0.25'")
        return Fraction(text)

    def table(self, key: str) -> Told:
        return Told(self._get(key), self.at(f"{key}."))

    def tables(self, key: str) -> tuple[Told, ...]:
        value = self._get(key)
        if not isinstance(value, list) or not value:
            raise wrong(self.at(key), "has no arms" if key == "arms" else "is not a list")
        return tuple(Told(one, self.at(f"{key}[{n}].")) for n, one in enumerate(value, start=1))

    def _get(self, key: str) -> object:
        if not self.has(key):
            raise wrong(self.at(key), "is missing")
        found: object = self._raw[key]
        return found
