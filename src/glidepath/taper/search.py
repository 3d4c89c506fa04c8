"""The search: an exact shortest path over the daily totals that can be made.

Paths are compared in this order: the largest fall where it is over 25 %, the sum of squared excess over the
asked fall, length in days, strengths, divided tablets, changes of pieces; a last tie goes to the gentler early
step. The last dose is fixed before the search starts; the stop itself is not part of the path.

Three passes keep it exact and fast:
1. the smallest possible largest fall (a bottleneck path);
2. excess and length, backwards from the last dose, over falls that pass 1 allows;
3. the remaining criteria, over the edges that pass 2 found to be equally good.

Where the next node down is within the asked fall (and, for a pace with bands, in the same band), pass 2 looks at no
fall beyond it. That loses nothing: a larger fall from a to c can be replaced by a to b to c, where the fall from b to
c is smaller than the one from a to c while at least as much is asked for at b, so the excess gets less.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from glidepath.guidance.pace import Pace

_NONE = Fraction(0)
Cost = tuple[Fraction, int]  # sum of squared excess, days


@dataclass(frozen=True, slots=True)
class DayCost:
    """What pass 3 compares at one node: strengths that day, divided units, and its (slot, product) lines."""

    strengths: int
    parts: int
    lines: tuple[tuple[object, object], ...]


@dataclass(frozen=True, slots=True)
class Path:
    """The chosen nodes (indices into the totals, start first) and the cost that chose them.

    `over_frac` is the largest fall when it is over the limit, else 0. `days` counts the holds, not step 0.
    """

    nodes: tuple[int, ...]
    over_frac: Fraction
    excess: Fraction
    days: int
    strengths: int
    parts: int
    changes: int

    @property
    def key(self) -> tuple[Fraction, Fraction, int, int, int, int]:
        return (self.over_frac, self.excess, self.days, self.strengths, self.parts, self.changes)


def shortest_path(
    totals: Sequence[Fraction],
    pace: Pace,
    limit: Fraction,
    cost_of: Callable[[int], DayCost],
) -> Path | None:
    """The best path from `totals[0]` (the start, mg per day, strictly falling) to `totals[-1]`.

    `limit` is the fall that counts as over (0.25). `cost_of` is asked only for nodes on equally good paths.
    Returns None when there is nothing below the start.
    """
    if len(totals) < 2:
        return None
    return _Graph(totals, pace, limit).best(cost_of)


def shortest_days(totals: Sequence[Fraction], pace: Pace, limit: Fraction) -> int:
    """Days of the best path (without step 0) when only the first three criteria are asked; 0 when there is none."""
    if len(totals) < 2:
        return 0
    graph = _Graph(totals, pace, limit)
    costs = [c for c in (graph.onward[0], graph.direct[0]) if c is not None]
    return min(costs)[1] if costs else 0


def _smallest_largest_fall(quanta: Sequence[int], limit: Fraction) -> list[Fraction]:
    """Per node: the smallest achievable largest fall over the limit on the way to the last node."""
    last = len(quanta) - 1
    keep_n, keep_d = limit.denominator - limit.numerator, limit.denominator
    result = [_NONE] * len(quanta)
    # For each value reached so far, the highest node that has it: only those can be worth falling to.
    highest: dict[Fraction, int] = {_NONE: last}
    for node in range(last - 1, -1, -1):
        best: Fraction | None = None
        for value, target in highest.items():
            over = quanta[target] * keep_d < quanta[node] * keep_n
            candidate = max(value, 1 - Fraction(quanta[target], quanta[node])) if over else value
            if best is None or candidate < best:
                best = candidate
        assert best is not None
        result[node] = best
        highest[best] = node
    return result


class _Graph:
    """Pass 1 and 2 over one list of totals, and pass 3 when asked; lives for one call."""

    def __init__(self, totals: Sequence[Fraction], pace: Pace, limit: Fraction) -> None:
        self.totals = totals
        self.pace = pace
        # Whole numbers of the smallest common part of a mg: comparing integers is what makes this fast.
        common = lcm(*(t.denominator for t in totals))
        self.quanta = [t.numerator * (common // t.denominator) for t in totals]
        over_at = _smallest_largest_fall(self.quanta, limit)
        self.over = over_at[0]
        self.last = len(totals) - 1
        self.allowed = [over <= self.over for over in over_at]
        # The smallest total that a fall from a node may reach: within the asked fall, and allowed by pass 1.
        self.bands = [pace.band_at(t) for t in totals]
        self.within = [self._least_after(i, pace.asked_at(t)) for i, t in enumerate(totals)]
        largest = max(limit, self.over)
        self.floor = [self._least_after(i, largest) for i in range(len(totals))]
        # Near the end a band may ask for more than pass 1 allows.
        self.easy = [max(w, f) for w, f in zip(self.within, self.floor, strict=True)]
        # Two labels per node: `direct` goes straight to the last dose, `onward` makes another stop first. They
        # are kept apart because the last dose is held at least as long as the step before it.
        self.direct: list[Cost | None] = [None] * len(totals)
        self.onward: list[Cost | None] = [None] * len(totals)
        self._fine = [False] * len(totals)
        self._sweep()

    def _least_after(self, node: int, fall: Fraction) -> int:
        return -(-self.quanta[node] * (fall.denominator - fall.numerator) // fall.denominator)

    # -- edges --------------------------------------------------------------------------------------------------

    def excess(self, node: int, target: int) -> Fraction:
        if self.quanta[target] >= self.within[node]:
            return _NONE
        excess = 1 - Fraction(self.quanta[target], self.quanta[node]) - self.pace.asked_at(self.totals[node])
        return excess * excess

    def hold(self, node: int, target: int) -> int:
        if self.quanta[target] >= self.within[node]:
            return self.pace.usual_hold_days
        return self.pace.hold_days(self.totals[node], self.totals[target])

    def _targets(self, node: int, least: int) -> range:
        """The nodes after `node` down to a smallest total, the last node left out."""
        end = node + 1
        while end < self.last and self.quanta[end] >= least:
            end += 1
        return range(node + 1, end)

    def step_cost(self, node: int, target: int) -> list[tuple[Cost, bool]]:
        """Costs of going from `node` to `target` (not the last) and on; the flag says `target` goes direct."""
        excess, hold = self.excess(node, target), self.hold(node, target)
        found: list[tuple[Cost, bool]] = []
        onward = self.onward[target]
        if onward is not None:
            found.append(((excess + onward[0] if excess else onward[0], hold + onward[1]), False))
        direct = self.direct[target]
        if direct is not None:
            # direct[1] is the hold at the last dose; it may not be shorter than the hold before it.
            total = excess + direct[0] if excess else direct[0]
            found.append(((total, hold + max(direct[1], hold)), True))
        return found

    # -- pass 2 -------------------------------------------------------------------------------------------------

    def _sweep(self) -> None:
        usual = self.pace.usual_hold_days
        lowest = self.quanta[self.last]
        window: deque[tuple[Cost, int]] = deque()  # rising costs; the front is the best within the asked fall
        for node in range(self.last - 1, -1, -1):
            while window and self.quanta[window[0][1]] < self.easy[node]:
                window.popleft()
            if self.allowed[node]:
                if lowest >= self.floor[node]:
                    self.direct[node] = (self.excess(node, self.last), self.hold(node, self.last))
                if window and self._is_fine(node):
                    self._fine[node] = True
                    ahead = window[0][0]
                    self.onward[node] = (ahead[0], ahead[1] + usual)
                else:
                    targets = self._targets(node, self.floor[node])
                    costs = [cost for t in targets for cost, _ in self.step_cost(node, t)]
                    self.onward[node] = min(costs) if costs else None
            # A node entered by a step within the asked fall was held for the usual time before it, which no other
            # hold undercuts, so its two labels need no telling apart there.
            best = min((c for c in (self.direct[node], self.onward[node]) if c is not None), default=None)
            if best is not None:
                while window and window[-1][0] >= best:
                    window.pop()
                window.append((best, node))

    def _is_fine(self, node: int) -> bool:
        after = node + 1
        return self.quanta[after] >= self.easy[node] and self.bands[after] == self.bands[node]

    # -- pass 3 -------------------------------------------------------------------------------------------------

    def _tight(self, node: int, direct: bool) -> list[tuple[int, bool]]:
        """The next (node, label) of a node that keep the cost pass 2 found."""
        if direct:
            return [(self.last, False)]
        goal = self.onward[node]
        assert goal is not None
        if not self._fine[node]:
            targets = self._targets(node, self.floor[node])
            return [(t, d) for t in targets if self.allowed[t] for c, d in self.step_cost(node, t) if c == goal]
        excess, days = goal[0], goal[1] - self.pace.usual_hold_days
        found: list[tuple[int, bool]] = []
        for target in self._targets(node, self.easy[node]):
            for cost, label in ((self.onward[target], False), (self.direct[target], True)):
                if cost is not None and cost[1] == days and (cost[0] is excess or cost[0] == excess):
                    found.append((target, label))
        return found

    def best(self, cost_of: Callable[[int], DayCost]) -> Path | None:
        starts = [(c, d) for c, d in ((self.onward[0], False), (self.direct[0], True)) if c is not None]
        if not starts:
            return None
        goal = min(c for c, _ in starts)
        labels = [(0, d) for c, d in starts if c == goal]
        ahead: dict[tuple[int, bool], list[tuple[int, bool]]] = {}
        todo = list(labels)
        while todo:
            label = todo.pop()
            if label in ahead or label[0] == self.last:
                continue
            ahead[label] = self._tight(*label)
            todo.extend(ahead[label])
        day = {node: cost_of(node) for node in sorted({n for n, _ in ahead} | {self.last})}
        changes = _Changes(day)
        Rest = tuple[int, int, int, tuple[int, ...]]
        rest: dict[tuple[int, bool], Rest] = {(self.last, False): (0, 0, 0, ())}
        for label in sorted(ahead, key=lambda item: -item[0]):
            best: Rest | None = None
            for target in ahead[label]:
                onward = rest[target]
                there = day[target[0]]
                strengths, parts = onward[0] + there.strengths, onward[1] + there.parts
                if best is not None and (strengths, parts) > best[:2]:
                    continue
                changed = onward[2] + changes.between(label[0], target[0])
                if best is None or (strengths, parts, changed) < best[:3]:
                    best = (strengths, parts, changed, (target[0], *onward[3]))
                elif (strengths, parts, changed) == best[:3]:
                    best = min(best, (strengths, parts, changed, (target[0], *onward[3])))
            assert best is not None
            rest[label] = best
        strengths, parts, changed, nodes = min(rest[label] for label in labels)
        return Path((0, *nodes), self.over, goal[0], goal[1], strengths, parts, changed)


class _Changes:
    """How many (slot, product) lines differ between two days, with each line and amount as a small number."""

    def __init__(self, days: dict[int, DayCost]) -> None:
        lines: dict[object, int] = {}
        amounts: dict[object, int] = {}
        self._lines: dict[int, frozenset[int]] = {}
        self._amounts: dict[int, frozenset[int]] = {}
        for node, day in days.items():
            self._lines[node] = frozenset(lines.setdefault(line, len(lines)) for line, _ in day.lines)
            self._amounts[node] = frozenset(amounts.setdefault(pair, len(amounts)) for pair in day.lines)

    def between(self, here: int, there: int) -> int:
        lines, others = self._lines[here], self._lines[there]
        kept = len(self._amounts[here] & self._amounts[there])
        shared = len(lines) if lines == others else len(lines & others)
        # Lines on either day, less those that are on both with the same amount.
        return len(lines) + len(others) - shared - kept
