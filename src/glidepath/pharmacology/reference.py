"""One person's differential equations, handed to SciPy's DOP853 at a tolerance of 1e-12. The oracle of oracles.

It knows nothing of panels or matrix exponentials: between two doses the whole right-hand side is integrated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    rtol: float = RTOL,
    atol: float = ATOL,
) -> Floats:
    """(moments, channels) as of `engine.run` for the first of `person`, whose intakes are `taken` (intakes,).

    `start` (states + filters,) are amounts and adaptation before time 0; nothing if left out.
    """
    one, states = person.at(np.array([0])), network.size
    y = np.zeros(states + len(one.tau_h)) if start is None else start.copy()
    hours = every_h * np.arange(1, round(end_h / every_h) + 1)
    given = [
        (entry.hour, entry.state, entry.mg * (taken[entry.intake] if taken is not None and entry.intake >= 0 else 1.0))
        for entry in entries
    ]
    slope = _slope(network, one)
    stops = sorted({0.0, end_h, *(hour for hour, _, _ in given if hour < end_h)})
    found = []
    for left, right in pairwise(stops):
        for hour, state, mg in given:
            if hour == left:
                y[state] += mg
        inside = hours[(hours > left) & (hours <= right)]
        wanted = np.union1d(inside, [right])
        solved = solve_ivp(slope, (left, right), y, "DOP853", wanted, rtol=rtol, atol=atol)
        found.append(solved.y[:, np.isin(wanted, inside)])
        y = solved.y[:, -1].copy()
    at = np.concatenate(found, axis=1)
    levels, s = one.outputs[:, :, 0] @ at[:states], _effect(one, at[:states])
    adaptation = one.share[:, 0] @ at[states:]
    return np.column_stack([*levels, s, adaptation, np.maximum(0.0, one.rho[0] * adaptation - s)])


def steady_start(network: Network, person: People, day: Sequence[Entry]) -> Floats:
    """Amounts and adaptation (states + filters,) after the same day was repeated forever."""
    one, states = person.at(np.array([0])), network.size
    slope = _slope(network, one)
    stops = sorted({0.0, 24.0, *(entry.hour for entry in day)})

    def a_day_later(amounts: Floats, dosed: bool) -> Floats:
        y = np.append(amounts, np.zeros(len(one.tau_h)))
        for left, right in pairwise(stops):
            for entry in day:
                y[entry.state] += entry.mg * (dosed and entry.hour == left)
            y = solve_ivp(slope, (left, right), y, "DOP853", rtol=RTOL, atol=ATOL).y[:, -1]
        return y

    left_over = np.stack([a_day_later(unit, False)[:states] for unit in np.eye(states)], axis=1)
    added = a_day_later(np.zeros(states), True)[:states]
    amounts: Floats = np.asarray(np.linalg.solve(np.eye(states) - left_over, added), dtype=np.float64)
    adapted = a_day_later(amounts, True)[states:] / -np.expm1(-24.0 / one.tau_h[:, 0])
    return np.append(amounts, adapted)


def _effect(one: People, amounts: Floats) -> Floats:
    v = (one.site * one.kappa)[:, 0] @ amounts
    return np.asarray(v / (1.0 + v))


def _slope(network: Network, one: People) -> Callable[[float, Floats], Floats]:
    states, loss, tau = network.size, one.loss[:, 0], one.tau_h[:, 0]

    def slope(_: float, y: Floats) -> Floats:
        change = np.empty_like(y)
        change[:states] = -loss * y[:states]
        for (source, target), flow in zip(network.flows, one.flow[:, 0], strict=True):
            change[target] += flow * y[source]
        change[states:] = (_effect(one, y[:states]) - y[states:]) / tau
        return change

    return slope
