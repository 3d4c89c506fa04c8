"""Times of day that a letter did not say: "twice daily" is placed by convention, and moved where a step says them.

Placed so, two wordings of the same times would look like a dose that rises. The times that are said always win.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from glidepath.checker.written import TIMES, Entry

_NOTE = re.compile(
    r"(?P<said>.+ (?:was|were) read as) (?P<times>(?:morning|noon|evening|night|, | and )+)(?P<why>, .+)?\."
)
NEXT, BEFORE = ", as the next step says", ", as the step before says"


@dataclass(frozen=True, slots=True)
class Seat:
    """Why a drug is taken at its times: `said` is the beginning of the sentence on it, `why` the end."""

    said: str
    why: str

    def note(self, entries: Iterable[Entry], drug: str) -> str:
        """The sentence, for the times at which the drug is taken."""
        return f"{self.said} {_listed(times_of(entries, drug))}{self.why}."


def times_of(entries: Iterable[Entry], drug: str) -> tuple[str, ...]:
    """The times of day at which a drug is taken, in order; "" is the whole day."""
    return tuple(sorted({e.time for e in entries if e.drug == drug and e.dose}, key=_place))


def seats_of(
    notes: Iterable[str], entries: tuple[Entry, ...], *, says_times: bool
) -> tuple[Mapping[str, Seat], tuple[str, ...]]:
    """The drugs whose times a note says were placed by convention, and the other notes.

    Where the words say times of day too (`says_times`), a note belongs to a drug only where no other fits it.
    """
    seats: dict[str, Seat] = {}
    others: list[str] = []
    drugs = tuple(dict.fromkeys(entry.drug for entry in entries))
    for note in notes:
        found = _NOTE.fullmatch(note)
        fitting = [] if found is None else [d for d in drugs if _listed(times_of(entries, d)) == found["times"]]
        if found is None or not fitting or (says_times and len(fitting) > 1) or not seats.keys().isdisjoint(fitting):
            others.append(note)
        else:
            seats |= dict.fromkeys(fitting, Seat(found["said"], found["why"] or ""))
    return seats, tuple(others)


def moved_to(entries: tuple[Entry, ...], drug: str, times: tuple[str, ...]) -> tuple[Entry, ...] | None:
    """The entries with the drug's times moved as little as may be, in their order, so that `times` are among them.

    Where `times` are more, all of the drug's are among `times`. None where nothing is to be moved or nothing fits.
    """
    now = times_of(entries, drug)
    if not now or not times or "" in (*now, *times) or set(times) <= set(now) or set(now) <= set(times):
        return None
    ways = [way for way in combinations(TIMES, len(now)) if set(times) <= set(way) or set(way) <= set(times)]
    best = min(ways, key=lambda way: sum(abs(_place(a) - _place(b)) for a, b in zip(now, way, strict=True)))
    new = dict(zip(now, best, strict=True))
    return tuple(replace(e, time=new[e.time]) if e.drug == drug and e.dose else e for e in entries)


def _place(time: str) -> int:
    return TIMES.index(time) if time else -1


def _listed(times: tuple[str, ...]) -> str:
    return times[0] if len(times) == 1 else f"{', '.join(times[:-1])} and {times[-1]}" if times else ""
