"""Who to call in a country, from a dated list; where the country is not known, no number is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from glidepath.facts.records import EmergencyLine, Place

_UNKNOWN_COUNTRY = (
    EmergencyLine(
        label="Emergency",
        contact="your local emergency number",
        kind="emergency",
        source="PROJECT",
        verified=False,
    ),
    EmergencyLine(
        label="Crisis or advice", contact="your clinic's phone", kind="advice", source="PROJECT", verified=False
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyBlock:
    """The lines to show first, emergency before crisis and advice. `country` and `listed` are None when not known."""

    country: str | None
    listed: date | None
    lines: tuple[EmergencyLine, ...]

    @property
    def emergency(self) -> str:
        """The number, or the words, to call in an emergency."""
        return self.lines[0].contact


def country(code: str | None, places: Mapping[str, Place]) -> Place | None:
    """The place of exactly this code, else None. Never found from a language or from a similar code."""
    return None if code is None else places.get(code)


def emergency_block(region: Place | None) -> EmergencyBlock:
    """The block of a place; for None, or a place without an emergency line, the words for any country."""
    if region is None or not any(line.kind == "emergency" for line in region.emergency):
        return EmergencyBlock(country=None, listed=None, lines=_UNKNOWN_COUNTRY)
    # An advice line such as the British 111 must never stand where the emergency number is looked for.
    lines = sorted(region.emergency, key=lambda line: line.kind != "emergency")
    return EmergencyBlock(country=region.code, listed=region.emergency_listed, lines=tuple(lines))
