"""The search: an exact shortest path over the daily totals that can be made.

Paths are compared in this order: the largest fall where it is over 25 %, the sum of squared excess over the
asked fall, length in days, strengths, divided tablets, changes of pieces; a last tie goes to the gentler early
step. The last dose is fixed before the search starts; the stop itself is not part of the path.

Three passes keep it exact and fast:
1. the smallest possible largest fall (a bottleneck path);
2. excess and length, backwards from the last dose, over falls that pass 1 allows;
3. the remaining criteria, over the edges that pass 2 found to be equally good.

Where a node has a successor within the asked fall, pass 2 looks at no other. For a constant percent this loses
nothing: a larger fall from a to c can be replaced by a to b to c with b within the asked fall, and the fall
from b to c is smaller than the one from a to c, so both the largest fall and the excess get no worse.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

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
    over = _smallest_largest_fall(totals, limit)
    graph = _Graph(totals, pace, max(limit, over[0]), over[0], over)
    return graph.best(cost_of)


def shortest_days(totals: Sequence[Fraction], pace: Pace, limit: Fraction) -> int:
    """Days of the best path (without step 0) when only the first three criteria are asked; 0 when there is none."""
    if len(totals) < 2:
        return 0
    over = _smallest_largest_fall(totals, limit)
    graph = _Graph(totals, pace, max(limit, over[0]), over[0], over)
    costs = [c for c in (graph.onward[0], graph.direct[0]) if c is not None]
    return min(costs)[1] if costs else 0


def _smallest_largest_fall(totals: Sequence[Fraction], limit: Fraction) -> list[Fraction]:
    """Per node: the smallest achievable largest fall over the limit on the way to the last node."""
    last = len(totals) - 1
    result = [_NONE] * len(totals)
    # For each value reached so far, the highest node that has it: only those can be worth falling to.
    highest: dict[Fraction, int] = {_NONE: last}
    for node in range(last - 1, -1, -1):
        best: Fraction | None = None
        for value, target in highest.items():
            fall = 1 - totals[target] / totals[node]
            candidate = max(value, fall if fall > limit else _NONE)
            if best is None or candidate < best:
                best = candidate
        assert best is not None
        result[node] = best
        highest[best] = node
    return result


class _Graph:
    """Pass 2 and 3 over one list of totals; lives for one call."""

    def __init__(
        self,
        totals: Sequence[Fraction],
        pace: Pace,
        largest_fall: Fraction,
        over: Fraction,
        over_at: list[Fraction],
    ) -> None:
        self.totals = totals
        self.pace = pace
        self.over = over
        self.last = len(totals) - 1
        count = len(totals)
        # Two labels per node: `direct` goes straight to the last dose, `onward` makes another stop first. They
        # are kept apart because the last dose is held at least as long as the step before it.
        self.direct: list[Cost | None] = [None] * count
        self.onward: list[Cost | None] = [None] * count
        self.allowed = [over_at[i] <= over for i in range(count)]
        self.floor = [totals[i] * (1 - largest_fall) for i in range(count)]
        self._fine: list[bool] = [False] * count
        self._sweep()

    # -- edges -------------------------------------------------------------------------------------------------

    def excess(self, node: int, target: int) -> Fraction:
        fall = 1 - self.totals[target] / self.totals[node]
        excess = fall - self.pace.asked_at(self.totals[node])
        return excess * excess if excess > 0 else _NONE

    def hold(self, node: int, target: int) -> int:
        return self.pace.hold_days(self.totals[node], self.totals[target])

    def _coarse(self, node: int) -> range:
        """All targets of a node that pass 1 allows, the last node left out."""
        end = node + 1
        while end < self.last and self.totals[end] >= self.floor[node]:
            end += 1
        return range(node + 1, end)

    def step_cost(self, node: int, target: int) -> list[tuple[Cost, bool]]:
        """Costs of going from `node` to `target` (not the last) and on; the flag says `target` goes direct."""
        excess, hold = self.excess(node, target), self.hold(node, target)
        found: list[tuple[Cost, bool]] = []
        onward = self.onward[target]
        if onward is not None:
            found.append(((excess + onward[0], hold + onward[1]), False))
        direct = self.direct[target]
        if direct is not None:
            # direct[1] is the hold at the last dose; it may not be shorter than the hold before it.
            found.append(((excess + direct[0], hold + max(direct[1], hold)), True))
        return found

    # -- pass 2 ------------------------------------------------------------------------------------------------

    def _sweep(self) -> None:
        usual = self.pace.usual_hold_days
        window: deque[tuple[Cost, int]] = deque()  # rising costs; the front is the best within the asked fall
        for node in range(self.last - 1, -1, -1):
            dose = self.totals[node]
            within = dose * (1 - self.pace.asked_at(dose))
            if self.allowed[node] and self.totals[self.last] >= self.floor[node]:
                self.direct[node] = (self.excess(node, self.last), self.hold(node, self.last))
            if node + 1 < self.last:
                while window and self.totals[window[0][1]] < within:
                    window.popleft()
            if self.allowed[node]:
                if self.pace.is_constant and window:
                    self._fine[node] = True
                    ahead = window[0][0]
                    self.onward[node] = (ahead[0], ahead[1] + usual)
                else:
                    costs = [c for t in self._coarse(node) for c, _ in self.step_cost(node, t)]
                    self.onward[node] = min(costs) if costs else None
            best = self._ahead(node)
            if best is not None:
                while window and window[-1][0] >= best:
                    window.pop()
                window.append((best, node))

    def _ahead(self, node: int) -> Cost | None:
        """The best cost onward from a node that was entered by a step within the asked fall.

        Such a step is held for the usual time, which no other hold undercuts, so labels need no telling apart.
        """
        costs = [c for c in (self.direct[node], self.onward[node]) if c is not None]
        return min(costs) if costs else None

    # -- pass 3 ------------------------------------------------------------------------------------------------

    def _tight(self, node: int, direct: bool) -> list[tuple[int, bool]]:
        """The next (node, label) of a node that keep the cost pass 2 found."""
        if direct:
            return [(self.last, False)]
        goal = self.onward[node]
        assert goal is not None
        if not self._fine[node]:
            targets = [t for t in self._coarse(node) if self.allowed[t]]
            return [(t, d) for t in targets for c, d in self.step_cost(node, t) if c == goal]
        within = self.totals[node] * (1 - self.pace.asked_at(self.totals[node]))
        excess, days = goal[0], goal[1] - self.pace.usual_hold_days
        found: list[tuple[int, bool]] = []
        for target in range(node + 1, self.last):
            if self.totals[target] < within:
                break
            for cost, direct in ((self.onward[target], False), (self.direct[target], True)):
                if cost is not None and cost[1] == days and cost[0] == excess:
                    found.append((target, direct))
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
        Rest = tuple[int, int, int, tuple[int, ...]]
        rest: dict[tuple[int, bool], Rest] = {(self.last, False): (0, 0, 0, ())}
        day = {node: cost_of(node) for node in {n for n, _ in ahead} | {self.last}}
        for label in sorted(ahead, key=lambda item: -item[0]):
            here = day[label[0]]
            found: list[Rest] = []
            for target in ahead[label]:
                onward = rest[target]
                there = day[target[0]]
                found.append(
                    (
                        onward[0] + there.strengths,
                        onward[1] + there.parts,
                        onward[2] + _changes(here, there),
                        (target[0], *onward[3]),
                    )
                )
            rest[label] = min(found)
        strengths, parts, changes, nodes = min(rest[label] for label in labels)
        return Path((0, *nodes), self.over, goal[0], goal[1], strengths, parts, changes)


def _changes(here: DayCost, there: DayCost) -> int:
    """How many (slot, product) lines differ between two days."""
    if here.lines == there.lines:
        return 0
    before, after = dict(here.lines), dict(there.lines)
    return sum(before.get(line) != after.get(line) for line in before.keys() | after.keys())
