"""What was understood of a letter, clause by clause in plain words, and what is to be supplied for which days."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from glidepath.checker.letter_clauses import Said
from glidepath.checker.letter_days import Claim
from glidepath.checker.letter_doses import said_dose
from glidepath.checker.letter_faults import left_over
from glidepath.checker.letter_supplies import product_of
from glidepath.checker.letter_wording import Wording
from glidepath.checker.written import WrittenQuantity
from glidepath.quantity import exact_decimal


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence on the claims from `first` up to `last` (not counted); on none of them when the two are equal.

    `shows`: the dose of the first of them is said after the text.
    """

    first: int
    last: int
    text: str
    shows: bool


class Told:
    """Sentences and supplies, kept by the place of their claims until these are final."""

    def __init__(self, claims: list[Claim]) -> None:
        self._claims = claims
        self._sentences: list[_Sentence] = []
        self._supplies: list[tuple[str, Fraction, int, int, int]] = []

    def say(self, first: int, last: int, text: str, *, shows: bool = False) -> None:
        """Keep a sentence for the end."""
        self._sentences.append(_Sentence(first, last, text, shows))

    def supply(self, said: Said, claims: tuple[int, int], wording: Wording) -> None:
        """Keep what a clause says is to be supplied for the claims from the first up to the last (not counted)."""
        first, last = claims
        if first == last or said.supply is None:
            raise left_over(said.clause.text[:40])
        entries = tuple(entry for claim in self._claims[first:last] for entry in claim.entries)
        product = product_of(said.supply, entries, wording)
        self._supplies.append((product, said.supply.units, said.clause.row, first, last))
        self.say(first, last, f"{exact_decimal(said.supply.units)} x {product} to be supplied")

    def quantities(self) -> tuple[WrittenQuantity, ...]:
        """What is written to be supplied, for the days of the clause it stands with."""
        made = []
        for product, units, row, first, last in self._supplies:
            own = self._claims[first:last]
            quantity = WrittenQuantity(product=product, units=units, first=own[0].first, last=own[-1].last, row=row)
            made.append(quantity)
        return tuple(made)

    def understood(self) -> tuple[str, ...]:
        """One sentence for each clause."""
        return tuple(self._shown(sentence) for sentence in self._sentences)

    def _shown(self, said: _Sentence) -> str:
        own = self._claims[said.first : said.last]
        if not own:
            return said.text
        first, last = own[0].first, own[-1].last
        text = said.text + (said_dose(own[0].entries) if said.shows else "")
        return f"{f'day {first}' if first == last else f'days {first} to {last}'}: {text}"
