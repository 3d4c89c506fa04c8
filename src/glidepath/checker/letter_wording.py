"""How wording is read in one letter: its facts, region and decimal mark, and the strict readings kept for its life."""

from __future__ import annotations

from dataclasses import dataclass, field

from glidepath.dosing.read_sig import Reading, read_sig
from glidepath.dosing.sig_pieces import Piece, check_text, find_pieces
from glidepath.dosing.sig_words import Kind
from glidepath.errors import GlidepathError
from glidepath.facts.formulary import Formulary


@dataclass(frozen=True, slots=True)
class Wording:
    """How wording is read in one letter; `readings` and `found` keep what was read, for the life of it."""

    formulary: Formulary
    region: str
    comma: bool
    drug: str | None
    readings: dict[str, Reading | GlidepathError] = field(default_factory=dict)
    found: dict[str, list[Piece]] = field(default_factory=dict)

    def pieces(self, text: str) -> list[Piece]:
        """The words of a text by their meaning."""
        if text not in self.found:
            self.found[text] = find_pieces(check_text(text), self.formulary)
        return self.found[text]

    def drugs_in(self, text: str) -> list[Piece]:
        """The places where a drug is named."""
        return [piece for piece in self.pieces(text) if piece.kind is Kind.DRUG]

    def sig(self, text: str) -> Reading:
        """The strict reading of one line. Raises what `read_sig` raises."""
        if text not in self.readings:
            try:
                self.readings[text] = read_sig(text, self.formulary, region=self.region, comma=self.comma)
            except GlidepathError as error:
                self.readings[text] = error
        found = self.readings[text]
        if isinstance(found, GlidepathError):
            raise found
        return found
