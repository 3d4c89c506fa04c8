"""People for the simulation engine, drawn from a seed, and histories of what they took."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glidepath.pharmacology.network import Network
from glidepath.pharmacology.people import People
from glidepath.pharmacology.timeline import Entry

# A: absorbed, two compartments. B: absorbed, one compartment, an active metabolite. All that leaves is collected.
TWO_DRUGS = Network(
    ("gut A", "A", "far A", "gut B", "B", "metabolite", "left"),
    ((0, 1), (1, 2), (2, 1), (3, 4), (4, 5), (1, 6), (4, 6), (5, 6)),
)
GUT_A, CENTRAL_A, GUT_B = 0, 1, 3
WEEKS_26_H = 26 * 7 * 24.0
TIMES_A = (7.0, 12.5, 18.0)


def two_drug_people(n: int, *, seed: int = 1, tau_d: tuple[float, ...] = (5.0, 60.0)) -> People:
    """Absorption from 0.3 to 10 per hour, half-lives of hours and of days. Channels: A, B, metabolite, all amounts."""
    z = np.random.default_rng(seed).uniform(size=(8, n))
    z[:, 0] = 1.0
    z[:, -1] = 0.0
    absorbed_a, absorbed_b = 0.3 * (10 / 0.3) ** z[0], 0.3 * (10 / 0.3) ** z[1]
    out, far, back = 0.03 * 5 ** z[2], 0.05 * 8 ** z[3], 0.1 * 3 ** z[4]
    formed, lost_b, lost_m = 0.01 * 3 ** z[5], 0.005 * 2 ** z[6], 0.008 * 4 ** z[7]
    nothing, one = np.zeros(n), np.ones(n)
    site = np.array([nothing, one / 3, nothing, nothing, one / 20, one / 30, nothing])
    outputs = np.zeros((4, 7, n))
    outputs[0, 1], outputs[1, 4], outputs[2, 5], outputs[3] = 1 / 50, 1 / 30, 1 / 80, 1.0
    filters = len(tau_d)
    return People(
        flow=np.array([absorbed_a, far, back, absorbed_b, formed, out, lost_b, lost_m]),
        loss=np.array([absorbed_a, out + far, back, absorbed_b, formed + lost_b, lost_m, nothing]),
        site=site,
        outputs=outputs,
        kappa=1.0 + 3.0 * z[2],
        tau_h=24.0 * np.outer(tau_d, one),
        share=np.full((filters, n), 1 / filters),
        rho=0.7 + 0.25 * z[3],
    )


def switch_taper(days: int = 182, *, seed: int = 2, missed: float = 0.05) -> list[Entry]:
    """Three doses of A a day at irregular minutes, then fewer, and B at night, cut every two weeks; some are missed."""
    draw = np.random.default_rng(seed)
    entries = []
    for day in range(days):
        share = max(0.0, 1.0 - (day // 14) / 6)
        planned = [(hour, GUT_A, 2.0 * share) for hour in TIMES_A]
        planned.append((22.0, GUT_B, 20.0 * (1 - share) * 0.9 ** (day // 14)))
        for hour, state, mg in planned:
            late = int(draw.integers(-90, 90)) / 60
            if mg > 0 and draw.random() >= missed:
                entries.append(Entry(24.0 * day + hour + late, state, mg))
    return entries


def one_chain(rates: tuple[float, ...], n: int = 1) -> tuple[Network, People]:
    """A chain of compartments with these rates, 1/h; the last is the one that is measured."""
    size = len(rates)
    network = Network(tuple(f"{place}" for place in range(size)), tuple((i, i + 1) for i in range(size - 1)))
    rows: NDArray[np.float64] = np.outer(rates, np.ones(n))
    last = np.zeros((size, n))
    last[-1] = 1.0
    return network, People(
        flow=rows[:-1],
        loss=rows,
        site=last,
        outputs=last[None],
        kappa=np.ones(n),
        tau_h=np.full((1, n), 120.0),
        share=np.ones((1, n)),
        rho=np.full(n, 0.9),
    )
