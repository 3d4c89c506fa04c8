"""How adaptation is integrated: an interval between doses is cut into panels, short after a dose and longer later.

Adaptation follows dA/dt = (S - A)/tau, so what a panel adds to it is an integral of the effect S under an exponential.
S is taken at the nodes of a Gauss-Lobatto rule, whose weights are multiplied by the exponential and then made to sum to
what a constant effect would add: with a constant effect the panel is exact.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Time is counted in steps of 2**-34 hours (0.2 microseconds), so that sums and differences of times are exact.
_STEPS_PER_H = 2.0**34

# The first panel after a dose, how panels grow with the time since it, and the longest one. Chosen so that
# adaptation is within 1e-6 of DOP853 for absorption rates up to 10 /h (tests/unit/test_simulation_engine.py).
FIRST_PANEL_H = 0.03125
GROWTH = 1.0
LONGEST_PANEL_H = 4.0
# A panel this short beside the time since the dose needs only the rule with one inner node.
PLAIN_FRAC = 0.25


class Rule(NamedTuple):
    """The nodes of a Gauss-Lobatto rule inside a panel, as fractions, and the weights of all nodes, ends included."""

    inner: tuple[float, ...]
    weights: tuple[float, ...]


# Exact to degree 5, and to degree 3.
FINE = Rule((0.5 - 0.1 * 5**0.5, 0.5 + 0.1 * 5**0.5), (1 / 12, 5 / 12, 5 / 12, 1 / 12))
PLAIN = Rule((0.5,), (1 / 6, 4 / 6, 1 / 6))


class Panel(NamedTuple):
    """From `left` to `right` hours after the start of an interval; whether `right` is a reported moment."""

    left: float
    right: float
    reported: bool
    rule: Rule

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def nodes(self) -> tuple[float, ...]:
        """Where the effect is looked at, after `left` itself."""
        return *(exact(self.left + self.width * place) for place in self.rule.inner), self.right


def exact(hours: float) -> float:
    """The nearest time that is counted."""
    return round(hours * _STEPS_PER_H) / _STEPS_PER_H


def panels(length_h: float, since_dose_h: float, reported_h: tuple[float, ...]) -> list[Panel]:
    """An interval that begins `since_dose_h` after a dose. A panel is at most as long as the time since the dose."""
    stops = [*reported_h]
    if not stops or stops[-1] < length_h:
        stops.append(length_h)
    found: list[Panel] = []
    at = 0.0
    for index, stop in enumerate(stops):
        while at < stop:
            since = at + since_dose_h
            step = min(LONGEST_PANEL_H, max(FIRST_PANEL_H, GROWTH * since))
            left = stop - at
            # One slightly longer panel instead of a full one and a sliver.
            to = stop if left <= 1.25 * step else exact(at + min(step, left / 2 if left < 2 * step else step))
            rule = PLAIN if to - at <= PLAIN_FRAC * since else FINE
            found.append(Panel(at, to, to == stop and index < len(reported_h), rule))
            at = to
    return found
