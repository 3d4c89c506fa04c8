"""Which intake falls: the chain of days from the recorded regimen down to its smallest dose.

Each link lowers one slot to its next smaller deliverable dose, so every slot only ever falls and the day at a
given total does not depend on the steps taken to reach it. The cut comes off the slot furthest above its
starting share of the day (ties: noon, morning, evening, night last). No slot reaches zero while every slot can
still carry a deliverable piece.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from glidepath.dosing.regimen import Slot

FALLS_FIRST = {Slot.NOON: 0, Slot.MORNING: 1, Slot.EVENING: 2, Slot.NIGHT: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRule:
    """A person's wish on the order: `keep` falls last of all, `first` falls first until it is gone."""

    keep: Slot | None = None
    first: Slot | None = None


def chain(
    start: dict[Slot, int], doses: tuple[int, ...], rule: SlotRule | None = None
) -> tuple[tuple[tuple[Slot, int], ...], ...]:
    """Every day from `start` down to the last non-zero one, as (slot, quanta) in order of the day.

    `doses` are the single intakes that can be made, ascending, in quanta; the start doses need not be among
    them. The first link is the start itself; a slot that has reached zero is left out.
    """
    rule = rule or SlotRule()
    total = sum(start.values())
    now = dict(start)
    links = [_day(now)]
    while True:
        lower = {slot: _next_below(doses, dose) for slot, dose in now.items() if dose}
        slot = _slot_to_cut(now, lower, start, total, rule)
        now[slot] = lower[slot]
        if not any(now.values()):
            return tuple(links)
        links.append(_day(now))


def _day(now: dict[Slot, int]) -> tuple[tuple[Slot, int], ...]:
    return tuple((slot, now[slot]) for slot in Slot if now.get(slot))


def _next_below(doses: tuple[int, ...], dose: int) -> int:
    index = bisect_left(doses, dose)
    return doses[index - 1] if index else 0


def _slot_to_cut(
    now: dict[Slot, int], lower: dict[Slot, int], start: dict[Slot, int], total: int, rule: SlotRule
) -> Slot:
    able = set(lower)
    if rule.first in able:
        return rule.first
    if rule.keep is not None and len(able) > 1:
        able.discard(rule.keep)
    emptying = {slot for slot in able if lower[slot] == 0}
    if emptying != able:
        able -= emptying
    today = sum(now.values())
    # Furthest above its starting share: dose - share x today, compared without dividing.
    return min(able, key=lambda s: (start[s] * today - now[s] * total, FALLS_FIRST[s]))
