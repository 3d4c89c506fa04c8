"""The order in which a dosing history is computed: intervals between doses, and panels inside them.

Between two doses nothing enters the body, so the linear part is known exactly at any moment. Only adaptation needs
quadrature: each interval is cut into panels, short after a dose and longer later, and every moment at which something
is reported is the end of a panel. The same cut serves every simulated person, so its tables are built once per block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from glidepath.pharmacology.panels import LONGEST_PANEL_H, Panel, exact, panels

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Intervals are at most a day, so that long ones need no tables of their own.
_LONGEST_INTERVAL_H = 24.0
# How many known steps are tried for each offset when nodes are chained.
_TRIED = 64
# A segment has about this many nodes at most; this bounds the memory of its tables.
MOST_NODES = 1500


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount that enters a compartment: when, in hours, which compartment, how much in mg, of which intake.

    A lag before absorption is the caller's to add to the hour. `intake` -1 is always taken; any other is the row of
    `taken` that says which part of it each person took.
    """

    hour: float
    state: int
    mg: float
    intake: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is computed when. Of interval e: its `kind[e]`; the entries at its start are those from `dose_from[e]` on.

    An entry puts `dose_mg` into compartment `dose_state` if the person took `dose_intake` (-1: always taken). Of kind
    k: its length `length_of[k]`, a place among the spans, and its panels `panel_from[k]` to `panel_from[k + 1]`. Of
    panel p: its width `width_of[p]`, its three later nodes `node[p]`, and `place[p]`, the row of the reported outputs
    at its end (-1: not reported).
    """

    kind: Ints
    dose_from: Ints
    dose_state: Ints
    dose_mg: Floats
    dose_intake: Ints
    length_of: Ints
    panel_from: Ints
    width_of: Ints
    node: Ints
    place: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a history with the distinct times, in hours, that it refers to.

    `spans_h` are times over which amounts move; `half_of` is the place of half a span, or -1. Node i is reached from
    node `chain[i, 0]` (-1: the start of the interval) over span `chain[i, 1]`; the reported ones among them likewise,
    on their own, in `reported_chain`. `first` and `last` count the reported moments before it and to its end.
    """

    course: Course
    steady: Course | None
    spans_h: Floats
    half_of: Ints
    widths_h: Floats
    places: Floats
    weights: Floats
    chain: Ints
    reported_chain: Ints
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Interval:
    """From one dose (or midnight of a day without) to the next: length, time since a dose, reported offsets, doses."""

    length_h: float
    since_dose_h: float
    reported_h: tuple[float, ...]
    doses: tuple[Entry, ...]


def moments(end_h: float, every_h: float) -> Floats:
    """The reported moments: every `every_h` hours, after 0 and up to `end_h`."""
    hours = np.array([exact(every_h * place) for place in range(1, int(end_h / every_h) + 2)])
    return hours[hours <= exact(end_h)]


def segments(
    entries: Sequence[Entry],
    *,
    end_h: float,
    every_h: float,
    steady: Sequence[Entry] | None = None,
    most_nodes: int = MOST_NODES,
) -> list[Segment]:
    """Cut the time from 0 to `end_h` at the doses and, inside, into panels.

    `steady` are the entries of one day that is repeated forever before time 0. A history with very many different
    intervals comes in several segments, so that memory stays bounded.
    """
    found: list[Segment] = []
    cut = _Cut()
    before = None
    if steady is not None:
        before = _Course()
        for interval in intervals(steady, end_h=24.0, reported_h=np.empty(0), before=steady):
            before.add(interval, cut)
    course, first, last = _Course(), 0, 0
    for interval in intervals(entries, end_h=end_h, reported_h=moments(end_h, every_h), before=steady or ()):
        if cut.size >= most_nodes:
            found.append(cut.segment(course, before, first, last))
            cut, course, before, first = _Cut(), _Course(), None, last
        course.add(interval, cut)
        last += len(interval.reported_h)
    return [*found, cut.segment(course, before, first, last)]


def intervals(
    entries: Sequence[Entry], *, end_h: float, reported_h: Floats, before: Sequence[Entry] = ()
) -> list[Interval]:
    """The time from 0 to `end_h` from dose to dose; `before` are the entries of the day before."""
    end = exact(end_h)
    doses: dict[float, list[Entry]] = {0.0: []}
    for entry in sorted(entries, key=lambda entry: entry.hour):
        if exact(entry.hour) < end:
            doses.setdefault(exact(entry.hour), []).append(entry)
    edges = []
    for left, right in pairwise([*doses, end]):
        edges += np.arange(left, right, _LONGEST_INTERVAL_H).tolist()
    edges.append(end)
    first = np.searchsorted(reported_h, edges, side="right")
    found, since_dose_h = [], min([LONGEST_PANEL_H, *(24.0 - exact(entry.hour) for entry in before)])
    for index, (left, right) in enumerate(pairwise(edges)):
        taken = tuple(doses.get(left, ()))
        since_dose_h = 0.0 if taken else since_dose_h
        offsets = tuple((reported_h[first[index] : first[index + 1]] - left).tolist())
        found.append(Interval(right - left, since_dose_h, offsets, taken))
        since_dose_h = min(LONGEST_PANEL_H, since_dose_h + right - left)
    return found


class _Course:
    """Gathers the intervals of a course."""

    def __init__(self) -> None:
        self.kinds: list[int] = []
        self.doses: list[Entry] = []
        self.dose_from = [0]

    def add(self, interval: Interval, cut: _Cut) -> None:
        self.kinds.append(cut.kind(interval))
        self.doses += interval.doses
        self.dose_from.append(len(self.doses))


class _Cut:
    """The distinct intervals of a segment, and the distinct times in them."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[float, float, tuple[float, ...]], int] = {}
        self._panels: list[list[Panel]] = []
        self._nodes: set[float] = set()

    @property
    def size(self) -> int:
        return len(self._nodes)

    def kind(self, interval: Interval) -> int:
        """The place of this kind of interval; a new one is cut into panels."""
        key = (interval.length_h, interval.since_dose_h, interval.reported_h)
        if key not in self._kinds:
            self._kinds[key] = len(self._kinds)
            self._panels.append(panels(*key))
            self._nodes.update(node for panel in self._panels[-1] for node in panel.nodes)
        return self._kinds[key]

    def segment(self, course: _Course, steady: _Course | None, first: int, last: int) -> Segment:
        """Every table's shape, once all intervals are known."""
        cut = [panel for kind in self._panels for panel in kind]
        offsets = sorted(self._nodes)
        place = {offset: index for index, offset in enumerate(offsets)}
        reported = sorted({panel.right for panel in cut if panel.reported})
        reported_place = {offset: index for index, offset in enumerate(reported)}
        widths = sorted({(panel.width, panel.rule) for panel in cut})
        width_place = {width: index for index, width in enumerate(widths)}
        steps: set[float] = set()
        chain, reported_chain = _chain(offsets, steps), _chain(reported, steps)
        lengths = [length for length, _, _ in self._kinds]
        spans = sorted(steps.union(lengths))
        span_place = {span: index for index, span in enumerate(spans)}
        shared = {
            "length_of": np.array([span_place[length] for length in lengths], dtype=np.int64),
            "panel_from": np.cumsum([0, *(len(kind) for kind in self._panels)]),
            "width_of": np.array([width_place[panel.width, panel.rule] for panel in cut], dtype=np.int64),
            "node": np.array([_three([place[node] for node in panel.nodes]) for panel in cut], dtype=np.int64),
            "place": np.array([reported_place[panel.right] if panel.reported else -1 for panel in cut], dtype=np.int64),
        }

        def made(gathered: _Course) -> Course:
            return Course(
                kind=np.array(gathered.kinds, dtype=np.int64),
                dose_from=np.array(gathered.dose_from, dtype=np.int64),
                dose_state=np.array([entry.state for entry in gathered.doses], dtype=np.int64),
                dose_mg=np.array([entry.mg for entry in gathered.doses], dtype=np.float64),
                dose_intake=np.array([entry.intake for entry in gathered.doses], dtype=np.int64),
                **shared,
            )

        return Segment(
            course=made(course),
            steady=None if steady is None else made(steady),
            spans_h=np.array(spans),
            half_of=np.array([span_place.get(span / 2, -1) if span > 0 else -1 for span in spans], dtype=np.int64),
            widths_h=np.array([width for width, _ in widths]),
            places=np.array([_padded((0.0, *rule.inner, 1.0)) for _, rule in widths]),
            weights=np.array([_padded(rule.weights) for _, rule in widths]),
            chain=np.array([(before, span_place[step]) for before, step in chain], dtype=np.int64).reshape(-1, 2),
            reported_chain=np.array(
                [(before, span_place[step]) for before, step in reported_chain], dtype=np.int64
            ).reshape(-1, 2),
            first=first,
            last=last,
        )


def _three(nodes: list[int]) -> list[int]:
    """First, second if there is one (-1), and last."""
    return nodes if len(nodes) == 3 else [nodes[0], -1, nodes[1]]


def _padded(values: tuple[float, ...]) -> tuple[float, ...]:
    """A rule with one inner node as one with two, of which the second weighs nothing."""
    return values if len(values) == 4 else (*values[:2], 0.0, values[2])


def _chain(offsets: list[float], steps: set[float]) -> list[tuple[int, float]]:
    """From which earlier offset each is reached, over steps that are used often: (its place or -1, the step).

    A step that is known already is taken where it leads back to another offset. New ones are added to `steps`.
    """
    place = {0.0: -1} | {offset: index for index, offset in enumerate(offsets)}
    known = sorted(steps)[:_TRIED]
    found = []
    for index, offset in enumerate(offsets):
        for step in known:
            before = place.get(offset - step)
            if before is not None and before < index:
                found.append((before, step))
                break
        else:
            step = offset - (offsets[index - 1] if index else 0.0)
            found.append((index - 1, step))
            steps.add(step)
            if len(known) < _TRIED:
                known.append(step)
    return found
