"""Two populations that every way of simulating is timed on.

W1: one drug with an active metabolite, every 12 hours for 26 weeks, 15 % less every two weeks, from a steady state.
W1g: four uneven intakes a day, a switch between two drugs of two compartments, two metabolites, missed intakes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glidepath.pharmacology.network import Network
from glidepath.pharmacology.people import Floats, People
from glidepath.pharmacology.timeline import Entry

END_H = 182 * 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """People and what they were given. `taken` (intakes, n) is None where nobody missed anything."""

    network: Network
    people: People
    entries: list[Entry]
    steady: list[Entry] | None
    taken: Floats | None

    def of(self, first: int, last: int) -> Workload:
        """Some of the people."""
        taken = None if self.taken is None else self.taken[:, first:last]
        return Workload(
            network=self.network,
            people=self.people.at(slice(first, last)),
            entries=self.entries,
            steady=self.steady,
            taken=taken,
        )


# W1. mg, hours and litres; the metabolite's clearance, volume, share of the parent's clearance, and potency.
W1_NETWORK = Network(("gut", "parent", "metabolite"), ((0, 1), (1, 2)))
W1_ENTRIES = [Entry(12.0 * place, 0, 10.0 * 0.85 ** (12 * place // 336)) for place in range(364)]
W1_STEADY = [Entry(0.0, 0, 10.0), Entry(12.0, 0, 10.0)]
_CLM, _VM, _FORMED, _POTENCY = 0.7, 60.0, 0.55, 1.4


def w1_people(n: int, *, seed: int | tuple[int, int] = 1) -> People:
    """Log-normal clearance, volume, absorption and EC50; one filter of 14 days. Channels, mg/L: parent, metabolite."""
    z = np.random.default_rng(seed).standard_normal((n, 4)).T
    clearance, volume = 1.6 * np.exp(0.30 * z[0]), 80 * np.exp(0.25 * z[1])
    absorbed, ec50 = 1.5 * np.exp(0.40 * z[2]), 0.30 * np.exp(0.30 * z[3])
    none, one = np.zeros(n), np.ones(n)
    return People(
        flow=np.array([absorbed, _FORMED * clearance / volume]),
        loss=np.array([absorbed, clearance / volume, _CLM / _VM * one]),
        site=np.array([none, 1 / volume / ec50, 1 / _VM / _POTENCY / ec50]),
        outputs=np.array([[none, 1 / volume, none], [none, none, one / _VM]]),
        kappa=one,
        tau_h=336.0 * one[None],
        share=one[None],
        rho=one,
    )


def w1(n: int) -> Workload:
    return Workload(network=W1_NETWORK, people=w1_people(n), entries=W1_ENTRIES, steady=W1_STEADY, taken=None)


# W1g. Per drug a gut, a central and a peripheral compartment; of B two metabolites in a chain.
W1G_NETWORK = Network(
    ("gut A", "A", "far A", "gut B", "B", "far B", "m1", "m2"),
    ((0, 1), (1, 2), (2, 1), (3, 4), (4, 5), (5, 4), (4, 6), (6, 7)),
)
_HOURS = (7.0, 12.0, 17.5, 22.0)


def _regimen(day: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """mg of A and of B at each of the hours."""
    if day < 14:
        return (1, 1, 1, 1), (0, 0, 0, 0)
    if day < 28:
        return (1, 1, 1, 0), (0, 0, 0, 10)
    if day < 42:
        return (1, 0, 0, 0), (10, 0, 0, 20)
    share = 0.9 ** ((day - 42) // 14)
    return (0, 0, 0, 0), (15 * share, 0, 0, 20 * share)


def w1g_entries() -> tuple[list[Entry], int]:
    """Every planned amount, numbered by intake, and how many intakes there are."""
    entries: list[Entry] = []
    intakes = 0
    for day in range(182):
        for hour, *amounts in zip(_HOURS, *_regimen(day), strict=True):
            if any(amounts):
                at = 24.0 * day + hour
                entries += [Entry(at, 3 * drug, mg, intakes) for drug, mg in enumerate(amounts) if mg]
                intakes += 1
    return entries, intakes


def w1g(n: int) -> Workload:
    """Everyone misses 5 % of intakes of their own. Channels: A, and B with its metabolites, in mg/L."""
    z = np.stack([np.random.default_rng((7, seed)).standard_normal(9) for seed in range(n)], axis=1)
    none, one = np.zeros(n), np.ones(n)
    cl_a, v_a, ka_a = 4.5 * np.exp(0.35 * z[0]), 50 * np.exp(0.22 * z[1]), 2 * np.exp(0.6 * z[2])
    cl_b, v_b, ka_b = 1.6 * np.exp(0.35 * z[4]), 25 * np.exp(0.22 * z[5]), 2 * np.exp(0.6 * z[6])
    cl_m1, ec50 = 0.9 * np.exp(0.35 * z[7]), np.exp(0.4 * z[3])
    ec50_a, ec50_b = 0.097 * ec50, 11.0 * ec50
    site = [none, 1 / v_a / ec50_a, none, none, 1 / v_b / ec50_b, none, one / 75 / ec50_b, one / 60 / 1.5 / ec50_b]
    people = People(
        flow=np.array(
            [ka_a, 12 / v_a, 12 / 25 * one, ka_b, 20 / v_b, 20 / 58 * one, 0.55 * cl_b / v_b, 0.5 * cl_m1 / 75]
        ),
        loss=np.array(
            [ka_a, (cl_a + 12) / v_a, 12 / 25 * one, ka_b, (cl_b + 20) / v_b, 20 / 58 * one, cl_m1 / 75, 4 / 60 * one]
        ),
        site=np.array(site),
        outputs=np.array(
            [
                [none, 1 / v_a, none, none, none, none, none, none],
                [none, none, none, none, 1 / v_b, none, one / 75, one / 60],
            ]
        ),
        kappa=3.0 * one,
        tau_h=np.array([120.0 * np.exp(0.5 * z[8]), 1440.0 * one]),
        share=np.array([0.85 * one, 0.15 * one]),
        rho=0.85 * one,
    )
    entries, intakes = w1g_entries()
    taken = np.stack([np.random.default_rng((20261122, seed)).random(intakes) >= 0.05 for seed in range(n)], axis=1)
    return Workload(network=W1G_NETWORK, people=people, entries=entries, steady=None, taken=taken.astype(np.float64))
