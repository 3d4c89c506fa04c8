"""One person's differential equations, handed to SciPy's DOP853 at a tolerance of 1e-12. The oracle of oracles.

It knows nothing of panels or matrix exponentials: between two doses the whole right-hand side is integrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp

from glidepath.pharmacology.network import Network
from glidepath.pharmacology.people import Floats, People
from glidepath.pharmacology.timeline import Entry

RTOL, ATOL = 1e-12, 1e-15


def trace(
    network: Network,
    person: People,
    entries: Sequence[Entry],
    *,
    end_h: float,
    every_h: float,
    taken: Floats | None = None,
    start: Floats | None = None,
) -> Floats:
    """(moments, channels) as of `engine.run` for the first of `person`, whose intakes are `taken` (intakes,).

    `start` (states + filters,) are amounts and adaptation before time 0; nothing if left out.
    """
    one = person.at(np.array([0]))
    states = network.size
    site, tau = (one.site * one.kappa)[:, 0], one.tau_h[:, 0]

    def effect(amounts: Floats) -> Floats:
        v = site @ amounts
        return np.asarray(v / (1.0 + v))

    def slope(_: float, y: Floats) -> Floats:
        change = np.empty_like(y)
        change[:states] = -one.loss[:, 0] * y[:states]
        for index, (source, target) in enumerate(network.flows):
            change[target] += one.flow[index, 0] * y[source]
        change[states:] = (effect(y[:states]) - y[states:]) / tau
        return change

    y = np.zeros(states + len(tau)) if start is None else start.copy()
    hours = every_h * np.arange(1, round(end_h / every_h) + 1)
    ordered = sorted(entries, key=lambda entry: entry.hour)
    stops = sorted({0.0, end_h, *(entry.hour for entry in ordered if entry.hour < end_h)})
    found = []
    for left, right in pairwise(stops):
        for entry in ordered:
            if entry.hour == left:
                y[entry.state] += entry.mg * (taken[entry.intake] if entry.intake >= 0 and taken is not None else 1.0)
        inside = hours[(hours > left) & (hours <= right)]
        wanted = np.union1d(inside, [right])
        solved = solve_ivp(slope, (left, right), y, "DOP853", wanted, rtol=RTOL, atol=ATOL)
        found.append(solved.y[:, np.isin(wanted, inside)])
        y = solved.y[:, -1].copy()
    at = np.concatenate(found, axis=1)
    levels = one.outputs[:, :, 0] @ at[:states]
    s, adaptation = effect(at[:states]), one.share[:, 0] @ at[states:]
    return np.column_stack([*levels, s, adaptation, np.maximum(0.0, one.rho[0] * adaptation - s)])
