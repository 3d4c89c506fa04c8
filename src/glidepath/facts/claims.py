"""What a page that people find first says about stopping these medicines, claim by claim, held against the sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from glidepath.facts.formulary import PACKAGED, Formulary
from glidepath.facts.known import Known, known_of, prose_of
from glidepath.facts.model import Source
from glidepath.facts.strict_toml import Fields, read_toml, wrong

CLAIMS = PACKAGED / "claims.toml"


class Verdict(StrEnum):
    """How a claim stands to the sources."""

    RIGHT = "right"
    TOO_NARROW = "right, too narrow"
    PARTLY_RIGHT = "partly right"
    MISLEADING = "misleading"
    UNSETTLED = "unsettled"
    WRONG = "wrong"
    DANGEROUS = "wrong and dangerous"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Where Glidepath acts on a claim: a file below `src/glidepath`, or a command, and what it does there."""

    where: str
    does: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim in our own words, with the verdict on it. `note` says which part is less well known."""

    id: str
    claim: str
    verdict: Verdict
    why: str
    sources: tuple[str, ...]
    known: Known
    acts: tuple[Act, ...]
    note: str | None = None

    @property
    def number(self) -> int:
        return int(self.id.removeprefix("claim-"))


def load_claims(formulary: Formulary, path: Path | None = None) -> tuple[Claim, ...]:
    """Every claim, in order: claim-01, claim-02 and so on without a gap.

    Raises `FactsError` DATA_SCHEMA, or DATA_NO_SOURCE for a source that the formulary does not hold.
    """
    source = path or CLAIMS
    fields = Fields(read_toml(source), source.name, formulary.sources)
    claims = tuple(_claim(each, formulary.sources) for each in fields.tables("claims"))
    fields.done()
    if not claims or [claim.id for claim in claims] != [f"claim-{n:02}" for n in range(1, len(claims) + 1)]:
        raise wrong(source.name, "is not numbered one after the other")
    return claims


def _claim(fields: Fields, sources: Mapping[str, Source]) -> Claim:
    ids = fields.source_ids()
    claim = Claim(
        id=fields.text("id"),
        claim=prose_of(fields, "claim"),
        verdict=Verdict(fields.one_of("verdict", tuple(verdict.value for verdict in Verdict))),
        why=prose_of(fields, "why"),
        sources=ids,
        known=known_of(fields, ids, sources),
        acts=tuple(_act(act) for act in fields.tables("acts")),
        note=prose_of(fields, "note") if fields.has("note") else None,
    )
    fields.done()
    if not claim.acts:
        raise wrong(fields.where, "does not say where Glidepath acts on it")
    return claim


def _act(fields: Fields) -> Act:
    act = Act(where=fields.text("where"), does=prose_of(fields, "does"))
    fields.done()
    return act
