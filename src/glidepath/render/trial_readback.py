"""Reading the numbers of a trial's page back: each one of the document stands on the page, at its place, unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from glidepath.errors import GlidepathError
from glidepath.render.document import Document


def read_back_page(page: str, document: Document) -> None:
    """Raise READBACK_MISMATCH where the page leaves a number out or says another."""
    reader = _Marked()
    reader.feed(page)
    reader.close()
    missing = dict(_leaves(document, ""))
    for place, words in reader.found:
        inside = [at for at, _ in _leaves(_part(document, place), place)]
        if [missing.pop(at, None) for at in inside] != words:
            raise _mismatch(place)
    if missing:
        raise _mismatch(next(iter(missing)))


def _part(document: Any, place: str) -> Any:
    """What stands at a place; nothing where there is no such place."""
    for key in place.split("/")[1:]:
        try:
            document = document[int(key)] if isinstance(document, list) else document[key]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return document


def _leaves(value: Any, at: str) -> Iterator[tuple[str, str]]:
    """Every number of a document by its place, as it is written."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(one, f"{at}/{key}")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _leaves(one, f"{at}/{index}")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield at, json.dumps(value)


class _Marked(HTMLParser):
    """The words inside every element that names its place in the document."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self._inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        place = dict(attrs).get("data-at")
        if place is not None:
            self.found.append((place, []))
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside is not None:
            self.found[-1][1].extend(data.split())


def _mismatch(place: str) -> GlidepathError:
    return GlidepathError(
        "READBACK_MISMATCH",
        "The page does not say what the document says; nothing was written.",
        field=place,
        fix="Please report it with the trial file.",
    )
