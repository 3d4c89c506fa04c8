"""The engine once more in plain NumPy: the same cut of time, written to be read. An oracle, and slow.

It shares the panels with the compiled engine, and nothing that calculates: transition matrices come from a Padé
approximation, a steady start from a linear solve.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from glidepath.pharmacology.network import Network
from glidepath.pharmacology.panels import Panel, Rule, panels
from glidepath.pharmacology.people import Floats, People
from glidepath.pharmacology.timeline import Entry, Interval, intervals, moments


def trace(
    network: Network,
    people: People,
    entries: Sequence[Entry],
    *,
    end_h: float,
    every_h: float,
    steady_entries: Sequence[Entry] | None = None,
    taken: Floats | None = None,
) -> Floats:
    """(n, moments, channels): concentrations, effect, adaptation and drive, as `engine.run` with keep="trace"."""
    twin = _Twin(network, people, np.ones((0, people.n)) if taken is None else taken)
    before = steady_entries or ()
    if steady_entries is not None:
        twin.settle(intervals(before, end_h=24.0, reported_h=np.empty(0), before=before))
    hours = moments(end_h, every_h)
    twin.seen = np.empty((len(hours), len(people.outputs) + 3, people.n))
    twin.follow(intervals(entries, end_h=end_h, reported_h=hours, before=before))
    return np.moveaxis(twin.seen, -1, 0)


class _Twin:
    """Everyone's amounts (states, n), adaptation (filters, n) and effect (n,) at one moment; people are the last axis.

    What is reported is put into `seen` (moments, channels, n), `told` moments so far.
    """

    def __init__(self, network: Network, people: People, taken: Floats) -> None:
        self.people, self.taken = people, taken
        self.amounts = np.zeros((network.size, people.n))
        self.adapted = np.zeros(people.tau_h.shape)
        self.effect = np.zeros(people.n)
        self.seen, self.told = np.empty(0), 0
        self._rates = np.zeros((people.n, network.size, network.size))
        for index, (source, target) in enumerate(network.flows):
            self._rates[:, target, source] += people.flow[index]
        for state in range(network.size):
            self._rates[:, state, state] -= people.loss[state]
        self._solutions: dict[float, Floats] = {}
        self._sites: dict[float, Floats] = {}
        self._outputs: dict[float, Floats] = {}
        self._panels: dict[tuple[float, Rule], tuple[Floats, Floats]] = {}

    def follow(self, course: Sequence[Interval]) -> None:
        for interval in course:
            for entry in interval.doses:
                self.amounts[entry.state] += entry.mg * (self.taken[entry.intake] if entry.intake >= 0 else 1.0)
            if interval.doses:
                self.effect = self._effect_after(0.0)
            for panel in panels(interval.length_h, interval.since_dose_h, interval.reported_h):
                self._adapt(panel)
                if panel.reported:
                    self._report(panel.right)
            self.amounts = np.einsum("abn,bn->an", self._solution(interval.length_h), self.amounts)

    def settle(self, day: Sequence[Interval]) -> None:
        """As after years of the same day: amounts that one day brings back, and adaptation to that day's effect."""
        self.follow(day)
        over_a_day = np.eye(len(self.amounts))[..., None]
        for interval in day:
            over_a_day = np.einsum("abn,bcn->acn", self._solution(interval.length_h), over_a_day)
        lost = np.moveaxis(np.eye(len(self.amounts))[..., None] - over_a_day, -1, 0)
        self.amounts = np.ascontiguousarray(np.linalg.solve(lost, self.amounts.T[..., None])[..., 0].T)
        self.effect = self._effect_after(0.0)
        self.adapted[:] = 0.0
        self.follow(day)
        self.adapted /= -np.expm1(-24.0 / self.people.tau_h)

    def _adapt(self, panel: Panel) -> None:
        """dA/dt = (S - A)/tau with S weighed at a few nodes; a constant effect stays constant."""
        effects = np.array([self.effect, *(self._effect_after(node) for node in panel.nodes)])
        kept, weights = self._weighed(panel.width, panel.rule)
        self.adapted = kept * self.adapted + np.einsum("kfn,kn->fn", weights, effects)
        self.effect = effects[-1]

    def _weighed(self, width: float, rule: Rule) -> tuple[Floats, Floats]:
        if (width, rule) not in self._panels:
            rate = width / self.people.tau_h
            places = np.array([0.0, *rule.inner, 1.0])[:, None, None]
            weights = np.array(rule.weights)[:, None, None] * np.exp(-rate * (1.0 - places))
            self._panels[width, rule] = np.exp(-rate), weights * -np.expm1(-rate) / weights.sum(axis=0)
        return self._panels[width, rule]

    def _effect_after(self, hours: float) -> Floats:
        if hours not in self._sites:
            site = self.people.site * self.people.kappa
            self._sites[hours] = np.einsum("an,abn->bn", site, self._solution(hours))
        v = np.einsum("bn,bn->n", self._sites[hours], self.amounts)
        return np.asarray(v / (1.0 + v))

    def _report(self, hours: float) -> None:
        if hours not in self._outputs:
            self._outputs[hours] = np.einsum("can,abn->cbn", self.people.outputs, self._solution(hours))
        row = self.seen[self.told]
        row[:-3] = np.einsum("cbn,bn->cn", self._outputs[hours], self.amounts)
        row[-3] = self.effect
        row[-2] = (self.people.share * self.adapted).sum(axis=0)
        row[-1] = np.maximum(0.0, self.people.rho * row[-2] - row[-3])
        self.told += 1

    def _solution(self, hours: float) -> Floats:
        if hours not in self._solutions:
            self._solutions[hours] = np.ascontiguousarray(np.moveaxis(_exp(self._rates * hours), 0, -1))
        return self._solutions[hours]


def _exp(a: Floats) -> Floats:
    """exp of matrices (n, states, states): Padé of order 8, scaled to a norm below 1/2 and squared back."""
    squarings = max(0, int(np.ceil(np.log2(max(np.abs(a).sum(axis=1).max(), 1e-300)))) + 1)
    a = a / 2.0**squarings
    power = np.broadcast_to(np.eye(a.shape[-1]), a.shape)
    above, below, factor = power, power, 1.0
    for k in range(1, 9):
        factor *= (9 - k) / (k * (17 - k))
        power = a @ power
        above, below = above + factor * power, below + (-1) ** k * factor * power
    solved = np.linalg.solve(below, above)
    for _ in range(squarings):
        solved = solved @ solved
    return np.asarray(solved)
