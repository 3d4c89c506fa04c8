"""From source ids to the lines a reader can follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from glidepath.facts.model import Source

NOT_LOOKED_UP = "(not looked up)"


def citation(source: Source) -> str:
    """One line: id, citation, address; says so when the source was recalled and not read."""
    parts = [f"{source.id}: {source.citation}"]
    if source.address:
        parts.append(f"<{source.address}>")
    if not source.looked_up:
        parts.append(NOT_LOOKED_UP)
    return " ".join(parts)


def citations(sources: Mapping[str, Source], ids: Iterable[str]) -> tuple[str, ...]:
    """The lines of these ids, each once, in order of first use. An id that is not loaded raises `KeyError`."""
    return tuple(citation(sources[source_id]) for source_id in dict.fromkeys(ids))
