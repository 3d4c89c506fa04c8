"""The numbers of many people, as plain arrays, and what is refused of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from glidepath.errors import InputError
from glidepath.pharmacology.network import Network
from glidepath.pharmacology.panels import exact
from glidepath.pharmacology.timeline import Entry

Floats = NDArray[np.float64]

# More than this is refused in one run; `run_chunks` streams larger populations in parts.
MOST_PEOPLE = 10_000_000
# Ten years.
_MOST_HOURS = 24.0 * 3653
_MOST_MOMENTS = 1_000_000
_MOST_MG = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """n people, the last axis of every array.

    `flow` (flows, n) in 1/h moves amounts along the flows of a network, `loss` (states, n) in 1/h is everything that
    leaves a compartment, flows included. `site` (states, n) is what 1 mg in a compartment adds to u = sum of C/EC50,
    and `outputs` (channels, states, n) what it adds to each concentration. The effect is S = kappa u / (1 + kappa u),
    with `kappa` (n,). Adaptation follows it with the times `tau_h` (filters, n), weighed by `share` (filters, n), and
    the drive is W = max(0, rho A - S), with `rho` (n,).
    """

    flow: Floats
    loss: Floats
    site: Floats
    outputs: Floats
    kappa: Floats
    tau_h: Floats
    share: Floats
    rho: Floats

    @property
    def n(self) -> int:
        return int(np.size(self.rho))

    def at(self, which: slice | NDArray[np.int64]) -> People:
        """Some of them."""
        return replace(self, **{field.name: getattr(self, field.name)[..., which] for field in fields(self)})


def check_people(network: Network, people: People, taken: Floats | None, entries: Sequence[Entry]) -> None:
    """Refuse people that do not fit the network or the intakes, and numbers that are negative or not finite."""
    n, states = people.n, network.size
    if not 1 <= n <= MOST_PEOPLE:
        raise InputError("NUM_RANGE", f"between 1 and {MOST_PEOPLE:,} people can be simulated", field="n", seen=n)
    filters, channels = people.tau_h.shape[0], people.outputs.shape[0]
    shapes = {
        "flow": (len(network.flows), n),
        "loss": (states, n),
        "site": (states, n),
        "outputs": (channels, states, n),
        "kappa": (n,),
        "tau_h": (filters, n),
        "share": (filters, n),
        "rho": (n,),
    }
    for name, shape in shapes.items():
        _check(name, getattr(people, name), shape)
    if not filters or not (people.tau_h > 0).all():
        raise _parameter("tau_h", "must be above 0, for at least one filter")
    intakes = max((entry.intake for entry in entries), default=-1) + 1
    if taken is not None:
        _check("taken", taken, (max(intakes, len(taken)), n))
    elif intakes:
        raise _parameter("taken", "must say which part of each numbered intake was taken")


def check_history(
    network: Network,
    entries: Sequence[Entry],
    *,
    end_h: float,
    every_h: float,
    steady: Sequence[Entry] | None,
    level: float,
) -> None:
    """Refuse times outside the history, doses that are no amount, and compartments that do not exist."""
    if not (0 < end_h <= _MOST_HOURS and 0 < every_h <= end_h and end_h / every_h <= _MOST_MOMENTS):
        raise InputError("SIM_HISTORY", "a history lasts up to ten years, with moments inside it", field="end_h")
    if not 0 <= level < np.inf:
        raise _parameter("level", "must be 0 or more")
    for kind, given, last_h in (("entries", entries, end_h), ("steady_entries", steady or (), 24.0)):
        for entry in given:
            if not (0 <= entry.hour < last_h and exact(entry.hour) < exact(last_h)):
                raise InputError("SIM_HISTORY", f"an hour of {kind} lies outside it", field=kind, seen=entry.hour)
            if not 0 <= entry.mg <= _MOST_MG:
                raise InputError("SIM_HISTORY", f"an amount of {kind} is no amount", field=kind, seen=entry.mg)
            if not (0 <= entry.state < network.size and entry.intake >= -1):
                raise InputError("SIM_HISTORY", f"{kind} name an unknown compartment or intake", field=kind, seen=entry)
            if kind == "steady_entries" and entry.intake >= 0:
                raise InputError("SIM_HISTORY", "nobody misses a dose of the steady day", field=kind, seen=entry.intake)


def _check(name: str, values: Floats, shape: tuple[int, ...]) -> None:
    if values.shape != shape:
        raise _parameter(name, f"must have the shape {shape}")
    if not (np.isfinite(values).all() and (values >= 0).all()):
        raise _parameter(name, "must be finite and not negative")


def _parameter(name: str, fault: str) -> InputError:
    return InputError("SIM_PARAMETER", f"{name} {fault}", field=name, fix="see glidepath.pharmacology.people.People")
