"""A second opinion as it is handed on: the report, the taper it is about, and the terms it was judged on."""

from __future__ import annotations

from dataclasses import dataclass

from glidepath.checker.report import Report, Verdict
from glidepath.checker.written import WrittenTaper
from glidepath.errors import Exit
from glidepath.facts.model import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a taper is held against the rules: whose products, which table, what a pharmacist confirmed."""

    region: str = "US"
    table: str | None = None
    confirmed: frozenset[str] = frozenset()
    declared: tuple[Product, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A second opinion on one taper. `taper` is None when something in it could not be read."""

    report: Report
    taper: WrittenTaper | None
    terms: Terms
    facts_version: str
    facts_digest: str
    engine_version: str

    @property
    def verdict(self) -> Verdict:
        return self.report.verdict

    @property
    def exit_code(self) -> Exit:
        """What `glidepath check` ends with: 0 within, 1 breaches, 3 cannot tell."""
        return {
            Verdict.WITHIN: Exit.DONE,
            Verdict.BREACHES: Exit.BREACHED,
            Verdict.CANNOT_TELL: Exit.INPUT,
        }[self.verdict]

    def day(self, day: int) -> str | int:
        """A day as it is shown: its date where the taper has dates, else its number from 1."""
        found = self.taper.on(day) if self.taper is not None else None
        return day if found is None else found.isoformat()
