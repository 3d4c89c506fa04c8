"""A bank: many simulated people taken through one plan once, against whom a person's ratings are held later.

A bank belongs to one plan, one model, one domain and one seed, and says so by a digest. It holds an equal share of
people for each scenario that is shown, because no rating settles what the scenarios leave open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from glidepath.errors import InputError
from glidepath.facts.response import Scenario
from glidepath.pharmacology.history import DosingHistory
from glidepath.pharmacology.model import CHUNK, Model
from glidepath.pharmacology.population import simulated, typical
from glidepath.pharmacology.ratings import RatingScale, rating_scale

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
# A bank of this many people and days is 4 bytes for each day of each person: 59 MB for two years of 20,000.
PEOPLE = 20_000
FEWEST, MOST = 1_000, 200_000
_MOST_BYTES = 600_000_000
# Where the typical course is known exactly; between these it is interpolated.
_RHO = np.linspace(0.3, 0.99, 24)
_KAPPA = (1.0, 1.7, 3.0, 5.0, 8.0, 12.0)
# Chunks of people have seeds below this.
_OWN_CHANCE = 1 << 32


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalDrive:
    """The drive of someone with typical values of everything else, (kappas, rhos, days): mean of each day."""

    kappa: tuple[float, ...]
    rho: Floats
    drive: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bank:
    """n simulated people of one plan. `drive` (days, n) is the mean drive of each day, a fraction.

    `baseline` (symptoms without drive, points), `gain` (points for the drive `scale.gain_drive`), `scatter` (points)
    and `rho` (fraction) are (n,). `scenario_of` (n,) is a place among `scenarios`. `digest` names what it was made of.
    """

    digest: str
    seed: int
    scale: RatingScale
    scenarios: tuple[Scenario, ...]
    scenario_of: NDArray[np.int8]
    kappa: Singles
    drive: Singles
    baseline: Singles
    gain: Singles
    scatter: Singles
    rho: Singles
    typical: TypicalDrive

    @property
    def n(self) -> int:
        return int(self.drive.shape[1])

    @property
    def days(self) -> int:
        return int(self.drive.shape[0])

    def expected(self, day: int) -> Singles:
        """What each of them would be expected to say of a day, 0 to 10, (n,)."""
        return np.asarray(self.scale.expected(self.drive[day], self.baseline, self.gain), dtype=np.float32)

    def random(self, purpose: int) -> np.random.Generator:
        """Chance for one purpose, the same whenever it is asked for."""
        return np.random.Generator(np.random.Philox(np.random.SeedSequence((self.seed, _OWN_CHANCE + purpose))))

    def check_made_for(self, model: Model, history: DosingHistory) -> None:
        """Raises `InputError` BANK_MISMATCH unless this is the bank of this plan."""
        wanted = _digest(model, history, self.scale.domain, self.n, self.seed, self.scenarios)
        if wanted != self.digest:
            raise InputError(
                "BANK_MISMATCH",
                "The bank of simulated courses was made for another plan.",
                field="bank",
                fix="Make the bank again from this plan; ratings cannot be held against another one's courses.",
                seen=self.digest,
            )


def bank_of(
    model: Model,
    history: DosingHistory,
    *,
    domain: str = "anxiety",
    n: int = PEOPLE,
    seed: int,
    scenarios: Sequence[Scenario] | None = None,
    threads: int | None = None,
) -> Bank:
    """Simulate n people through a plan, shared out evenly over the scenarios (those that are shown, unless given).

    People are simulated in chunks, of which a few are held at a time; the rest is `drive`, 4 bytes for each day of each
    person, at most 600 MB. The same seed gives the same bank at any number of threads. Raises `InputError` NUM_RANGE.
    """
    if not FEWEST <= n <= MOST or 4 * n * history.days > _MOST_BYTES:
        most = min(MOST, _MOST_BYTES // (4 * history.days))
        raise InputError(
            "NUM_RANGE",
            f"A bank of {n} people over {history.days} days cannot be made.",
            field="n",
            fix=f"Give {FEWEST:,} to {most:,}.",
            seen=n,
        )
    chosen = tuple(scenarios or model.response.shown)
    scale = rating_scale(model.response, domain)
    drive, rho = np.empty((history.days, n), dtype=np.float32), np.empty(n, dtype=np.float32)
    scenario_of = (np.arange(n) * len(chosen) // n).astype(np.int8)
    for place, scenario in enumerate(chosen):
        own = np.flatnonzero(scenario_of == place)
        _simulate(model, history, scenario, scale.adaptation, seed, threads, drive[:, own[0] : own[-1] + 1])
        rho[own] = _rho(model, scenario, scale.adaptation, seed, len(own))
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, _OWN_CHANCE))))
    normal = random.standard_normal((3, n))
    kappa = np.array([model.response.value("kappa", s) for s in chosen])
    return Bank(
        digest=_digest(model, history, domain, n, seed, chosen),
        seed=seed,
        scale=scale,
        scenarios=chosen,
        scenario_of=scenario_of,
        kappa=kappa[scenario_of].astype(np.float32),
        drive=drive,
        baseline=(scale.baseline + scale.baseline_sd * normal[0]).astype(np.float32),
        gain=(scale.gain * np.exp(scale.gain_log_sd * normal[1])).astype(np.float32),
        scatter=(scale.noise * np.exp(scale.noise_log_sd * normal[2])).astype(np.float32),
        rho=rho,
        typical=_typical(model, history, chosen[0], scale.adaptation),
    )


def _simulate(
    model: Model,
    history: DosingHistory,
    scenario: Scenario,
    adaptation: str,
    seed: int,
    threads: int | None,
    drive: Singles,
) -> None:
    """Fill `drive` (days, n) with the mean drive of each day."""
    first = 0
    for done in simulated(
        model, history, scenario, n=drive.shape[1], seed=seed, scale=adaptation, threads=threads, has_levels=False
    ):
        assert done.day_mean is not None
        last = first + len(done.day_mean)
        drive[:, first:last] = done.day_mean[:, :, -1].T
        first = last


def _rho(model: Model, scenario: Scenario, adaptation: str, seed: int, n: int) -> Floats:
    parts = [
        model.people(min(CHUNK, n - first), scenario, seed=seed, chunk=first // CHUNK, scale=adaptation).rho
        for first in range(0, n, CHUNK)
    ]
    return np.concatenate(parts)


def _typical(model: Model, history: DosingHistory, scenario: Scenario, adaptation: str) -> TypicalDrive:
    """Effect and adaptation do not depend on rho, so that one trace for each kappa gives the drive for every rho."""
    drive = np.empty((len(_KAPPA), len(_RHO), history.days))
    for place, kappa in enumerate(_KAPPA):
        changed = replace(scenario, change={**scenario.change, "kappa": kappa})
        trace = typical(model, history, changed, scale=adaptation).trace
        assert trace is not None
        effect, adapted = trace[0, :, -3], trace[0, :, -2]
        for row, rho in enumerate(_RHO):
            hourly = np.maximum(0.0, rho * adapted - effect)
            drive[place, row] = hourly.reshape(history.days, -1).mean(axis=1)
    return TypicalDrive(kappa=_KAPPA, rho=_RHO, drive=drive)


def _digest(model: Model, history: DosingHistory, domain: str, n: int, seed: int, scenarios: Sequence[Scenario]) -> str:
    response = model.response
    said = (
        model.drugs,
        sorted(model.potency.ec50_ng_ml.items()),
        sorted(model.potency.log_sd.items()),
        model.covariates,
        sorted((p.name, p.value, p.spread_kind, p.spread) for p in response.parameters.values()),
        [(s.id, sorted(s.change.items())) for s in scenarios],
        (history.days, sorted(map(repr, history.doses)), sorted(map(repr, history.before))),
        (domain, n, seed),
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()
