"""A strict reader for the YAML the facts are written in.

Common YAML loaders decide types themselves: `0.5` becomes a float, `010` eight, `1:30` ninety, `no` false, and of
two equal keys the last wins. Here every such spelling is refused with its line, before anything is read from it.
What is left is small: mappings, lists, quoted or plainly textual scalars, plain integers, `true`, `false`, `null`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from glidepath.errors import FactsError

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 32

# libyaml reads ten times faster; the pure-Python reader gives the same events.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INTEGER = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}
# Spellings that some YAML version types, beyond those PyYAML itself resolves.
_TYPED_ELSEWHERE = re.compile(
    r"""[yYnN] | [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? | [-+]?\.(inf|Inf|INF) | \.(nan|NaN|NAN)
      | [-+]?0[xob][0-9a-fA-F_]+ | [-+]?[0-9][0-9_]*(\.[0-9_]*)? | [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?
      | [nN]ull | NULL | [tT]rue | TRUE | [fF]alse | FALSE | ~ | = """,
    re.ASCII | re.VERBOSE,
)

Spot = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file: its plain value, and the line (from 1) on which each part of it begins."""

    name: str
    value: object
    lines: Mapping[Spot, int]

    def line(self, path: Spot) -> int:
        """The line of `path`, or of the nearest part around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(path: Path) -> Document:
    """Read one file strictly. Raises `FactsError` with a `YAML_…` or `DATA_SCHEMA` code naming file and line."""
    # One byte more than allowed is enough to know; a device file never fills the memory.
    with path.open("rb") as handle:
        raw = handle.read(MAX_BYTES + 1)
    return read_yaml_bytes(raw, path.name)


def read_yaml_bytes(raw: bytes, name: str, *, plain_days: bool = False) -> Document:
    """Read the bytes of one file strictly; `name` is used in messages only.

    `plain_days`: a day such as 2026-11-20 may stand without quotes and is a text, as it is with them.
    """
    if len(raw) > MAX_BYTES:
        raise _feature(name, 1, "a file over 2 MiB")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FactsError("DATA_SCHEMA", f"{name}: the file is not UTF-8 text.", field=name) from error
    lines: dict[Spot, int] = {}
    try:
        value = _Reader(text, name, lines, plain_days=plain_days).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        raise FactsError(
            "DATA_SCHEMA",
            f"{name}, line {line}: the text is not readable as YAML.",
            field=name,
            fix="Check quotes, brackets and indentation near that line.",
        ) from error
    return Document(name, value, lines)


class _Reader:
    """Builds plain values from parser events, one at a time, so that nothing is ever expanded."""

    def __init__(self, text: str, name: str, lines: dict[Spot, int], *, plain_days: bool) -> None:
        self._plain_days = plain_days
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self._name = name
        self._lines = lines

    def document(self) -> object:
        next(self._events)  # the stream begins
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            raise FactsError("DATA_SCHEMA", f"{self._name}: the file is empty.", field=self._name)
        if getattr(start, "version", None) or getattr(start, "tags", None):
            raise _feature(self._name, 1, "a directive")
        value = self._value(next(self._events), (), 0)
        next(self._events)  # the document ends
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _feature(self._name, _line(after), "a second document")
        return value

    def _value(self, event: yaml.Event, path: Spot, depth: int) -> object:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            raise _feature(self._name, line, "an alias")
        if getattr(event, "anchor", None):
            raise _feature(self._name, line, "an anchor")
        if getattr(event, "tag", None):
            raise _feature(self._name, line, "an explicit tag")
        self._lines[path] = line
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, line)
        if depth >= MAX_DEPTH:
            raise _feature(self._name, line, f"nesting deeper than {MAX_DEPTH}")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, depth + 1)
        return self._mapping(path, depth + 1)

    def _sequence(self, path: Spot, depth: int) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items)), depth))
        return items

    def _mapping(self, path: Spot, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        first_line: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = _line(event)
            key = self._key(event, path, depth, line)
            if key in found:
                raise FactsError(
                    "YAML_DUPLICATE_KEY",
                    f"{self._name}: the key {key!r} is on line {first_line[key]} and again on line {line}.",
                    field=self._name,
                    fix="Keep one of the two.",
                )
            first_line[key] = line
            found[key] = self._value(next(self._events), (*path, key), depth)
            self._lines[(*path, key)] = line
        return found

    def _key(self, event: yaml.Event, path: Spot, depth: int, line: int) -> str:
        if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and _is_plain(event):
            raise _feature(self._name, line, "a merge key")
        if isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            raise _feature(self._name, line, "a list or mapping as a key")
        key = self._value(event, path, depth)
        if not isinstance(key, str):
            raise _typed(self._name, line)
        return key

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> object:
        text: str = event.value
        if not _is_plain(event):
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            if len(text) > 18:
                raise _typed(self._name, line)
            return int(text)
        if _would_be_typed(text) and not (self._plain_days and _DAY.fullmatch(text)):
            raise _typed(self._name, line)
        return text


def _is_plain(event: yaml.ScalarEvent) -> bool:
    return not event.style


def _would_be_typed(text: str) -> bool:
    """True when YAML 1.1 or 1.2 would make something other than text of this plain scalar."""
    if not text or _TYPED_ELSEWHERE.fullmatch(text):
        return True
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    return any(pattern.match(text) for _, pattern in resolvers.get(text[0], ()))


def _line(event: yaml.Event) -> int:
    mark: Any = event.start_mark
    return int(mark.line) + 1


def _feature(name: str, line: int, what: str) -> FactsError:
    return FactsError(
        "YAML_FEATURE",
        f"{name}, line {line}: {what} is not allowed in the facts.",
        field=name,
        fix="Write the values out, in one plain document.",
    )


def _typed(name: str, line: int) -> FactsError:
    return FactsError(
        "YAML_SCALAR_TYPE",
        f"{name}, line {line}: a value without quotes would be typed by the YAML loader.",
        field=name,
        fix="Put numbers with a point, dates, yes/no and empty values in quotes, as in '0.5'; write nothing as null.",
    )
