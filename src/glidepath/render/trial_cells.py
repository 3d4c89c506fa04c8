"""Tables of a page whose every number is marked with its place in the document (`data-at`), to be read back."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from glidepath.render.document import Document

Path = tuple[str | int, ...]


def wide(rows: str, caption: str = "", marked: str = "") -> str:
    """A table that scrolls sideways on a narrow page; `marked` is markup that ends the caption."""
    named = f"<caption>{escape(caption)}{marked}</caption>" if caption or marked else ""
    return f'<div class="wide" tabindex="0"><table>{named}{rows}</table></div>'


def headings(*names: str) -> str:
    return "<tr>" + "".join(f'<th scope="col">{escape(name)}</th>' for name in names) + "</tr>"


def td(document: Document, *at: str | int) -> str:
    value = at_place(document, at)
    if value is None:
        return '<td class="n">none</td>'
    return f'<td class="n" data-at="{pointer(at)}">{text(value)}</td>'


def number(document: Document, *at: str | int) -> str:
    return f'<span data-at="{pointer(at)}">{text(at_place(document, at))}</span>'


def at_place(document: Any, at: Path) -> Any:
    for key in at:
        document = document[key]
    return document


def pointer(at: Path) -> str:
    return escape("/" + "/".join(str(key) for key in at))


def text(value: object) -> str:
    return json.dumps(value)
