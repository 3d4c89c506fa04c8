"""How well a statement is known, said beside every statement that people read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from glidepath.facts.model import Source
from glidepath.facts.strict_toml import Fields, wrong


class Known(StrEnum):
    """Where our knowledge of a statement comes from; only the first was read in a source that is named."""

    LOOKED_UP = "looked_up"
    SECONDARY = "secondary"
    RECALLED = "recalled"
    PROJECT_PROPOSAL = "project_proposal"

    @property
    def words(self) -> str:
        """What it means, for a reader who does not know the code."""
        return _WORDS[self]


_WORDS = {
    Known.LOOKED_UP: "read in a source named here",
    Known.SECONDARY: "read in a work that cites the source",
    Known.RECALLED: "recalled; to be checked in the source",
    Known.PROJECT_PROPOSAL: "proposed by this project; needs clinical sign-off",
}


def known_of(fields: Fields, ids: Collection[str], sources: Mapping[str, Source]) -> Known:
    """The field `known` of a statement from the sources `ids`. Nothing is looked up when none of its sources was."""
    known = Known(fields.one_of("known", tuple(each.value for each in Known)))
    if known is Known.LOOKED_UP and not any(sources[source].looked_up for source in ids):
        raise wrong(f"{fields.where}.known", "is said to be looked up, and none of its sources was")
    return known


def prose_of(fields: Fields, key: str) -> str:
    """A text that may run over several lines in its file, as one line."""
    return " ".join(fields.text(key).split())
