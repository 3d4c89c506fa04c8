"""W1 by diffrax, where it is installed: Tsit5 from dose to dose, everyone at once."""

from __future__ import annotations

from collections.abc import Callable

import diffrax
import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.workloads import Workload
from glidepath.pharmacology.people import Floats

jax.config.update("jax_enable_x64", True)


def dosed_every(hours: float, load: Workload, *, rtol: float) -> Callable[[Floats], Floats]:
    """A function from starts (n, states + filters) to what is there at the end of each interval (n, intervals, ...)."""
    network, people = load.network, load.people
    doses = jnp.array([entry.mg for entry in load.entries])
    numbers = (people.flow.T, people.loss.T, (people.site * people.kappa).T, people.tau_h.T)

    def slope(_: Floats, y: Floats, person: tuple[Floats, ...]) -> Floats:
        flow, loss, site, tau = person
        amounts, adapted = y[: network.size], y[network.size :]
        change = -loss * amounts
        for index, (source, target) in enumerate(network.flows):
            change = change.at[target].add(flow[index] * amounts[source])
        v = site @ amounts
        return jnp.concatenate([change, (v / (1 + v) - adapted) / tau])

    def course(start: Floats, person: tuple[Floats, ...]) -> Floats:
        def interval(y: Floats, mg: Floats) -> tuple[Floats, Floats]:
            solved = diffrax.diffeqsolve(
                diffrax.ODETerm(slope),
                diffrax.Tsit5(),
                0.0,
                hours,
                0.1,
                y.at[0].add(mg),
                person,
                stepsize_controller=diffrax.PIDController(rtol=rtol, atol=rtol / 1000),
            )
            return solved.ys[0], solved.ys[0]

        return jax.lax.scan(interval, start, doses)[1]

    everyone = jax.jit(jax.vmap(course))
    return lambda starts: np.asarray(everyone(starts, numbers))
