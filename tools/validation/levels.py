"""What is simulated for the targets on concentration, occupancy and the size of adaptation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from glidepath.pharmacology.history import HOURS_OF_A_DAY, Dose, DosingHistory, every_day
from glidepath.pharmacology.model import CHUNK
from glidepath.pharmacology.people import People
from tools.validation.arms import (
    Estimate,
    Floats,
    a_day,
    model,
    traced,
)
from tools.validation.setting import Measured, Setting

_ML_MIN = 1000 / 60


def _people(at: Setting, drug: str, scale: str = "anxiety") -> Iterator[People]:
    """All people of a drug, part by part, as numbers."""
    for chunk in range(-(-at.world.n // CHUNK)):
        size = min(CHUNK, at.world.n - chunk * CHUNK)
        yield model(drug).people(size, at.scenario, seed=at.world.seed, chunk=chunk, scale=scale)


def _single(at: Setting, drug: str, mg: float) -> tuple[Floats, Floats]:
    """Highest concentration and its hour after one dose, (n,) each; looked at every tenth of an hour."""
    history = DosingHistory(doses=(Dose(0.0, drug, mg),), days=1)
    levels = traced(at.world, history, at.scenario, lambda trace: trace[:, :, 0], every_h=0.1)
    return levels.max(axis=1), (levels.argmax(axis=1) + 1) * 0.1


def _clearances(at: Setting, drug: str) -> tuple[Floats, Floats]:
    """Clearance in mL/min and terminal half-life in hours of every person, from the rates that are simulated."""
    found, typical = model(drug), model(drug).drugs[0]
    cl, half_life = [], []
    centre = found.network.states.index(drug)
    for people in _people(at, drug):
        volume = 1000 / people.outputs[0, centre]
        out, k12 = people.loss[centre], np.zeros(people.n)
        if typical.is_two_compartment:
            tissue = found.network.states.index(f"{drug} tissue")
            k12, k21 = people.flow[found.network.flows.index((centre, tissue))], people.loss[tissue]
            total = out + k21
            slow = (total - np.sqrt(total**2 - 4 * (out - k12) * k21)) / 2
        else:
            slow = out
        cl.append((out - k12) * volume * _ML_MIN)
        half_life.append(np.log(2) / slow)
    return np.concatenate(cl), np.concatenate(half_life)


def pk01(at: Setting) -> Measured:
    week = every_day(a_day("clonazepam", 1.5, (0.0, 8.0, 16.0)), 7)
    found = traced(
        at.world,
        DosingHistory(doses=week, days=7),
        at.scenario,
        lambda trace: trace[:, :, 0].reshape(len(trace), 7, -1).mean(axis=2),
        every_h=0.25,
    )
    cl, half_life = _clearances(at, "clonazepam")
    return {
        "auc-ratio": at.median(found[:, 6] / found[:, 0]),
        "half-life": at.median(half_life),
        "clearance": at.median(cl),
    }


def pk02(at: Setting) -> Measured:
    highest, hour = _single(at, "clonazepam", 2.0)
    return {"cmax": at.median(highest), "tmax": at.median(hour)}


def pk03(at: Setting) -> Measured:
    highest, hour = _single(at, "alprazolam", 1.0)
    half_life = at.median(_clearances(at, "alprazolam")[1])
    return {"cmax": at.median(highest), "tmax": at.median(hour), "half-life": half_life}


def pk04(at: Setting) -> Measured:
    return {
        "cmax": at.median(_single(at, "lorazepam", 2.0)[0]),
        "half-life": at.median(_clearances(at, "lorazepam")[1]),
    }


def pk05(at: Setting) -> Measured:
    cl, half_life = _clearances(at, "diazepam")
    highest = at.median(_single(at, "diazepam", 10.0)[0])
    return {"clearance": at.median(cl), "half-life": at.median(half_life), "cmax": highest}


def pk07(at: Setting) -> Measured:
    days, day = 15, a_day("clonazepam", 1.0)
    many = DosingHistory(doses=every_day(day, days), days=days + 1)
    once = DosingHistory(doses=(Dose(0.0, "clonazepam", 0.5),), days=days + 1)

    def level(trace: Floats) -> Floats:
        return trace[:, :, 0]

    seen, one = (traced(at.world, history, at.scenario, level) for history in (many, once))
    summed = np.zeros_like(seen)
    for dose in many.doses:
        start = int(dose.hour)
        summed[:, start:] += one[:, : one.shape[1] - start]
    inside = slice(8, None)
    worst = float(np.max(np.abs(summed[:, inside] / seen[:, inside] - 1)))
    half_life = _clearances(at, "clonazepam")[1]
    return {
        "superposition": Estimate(worst),
        "half-life-5": at.estimate(lambda v: float(np.quantile(v, 0.05)), half_life),
        "half-life-95": at.estimate(lambda v: float(np.quantile(v, 0.95)), half_life),
    }


def oc01(at: Setting) -> Measured:
    # With kappa 1 the effect is the occupancy.
    scenario = replace(at.scenario, change={**at.scenario.change, "kappa": 1.0})
    day = a_day("alprazolam", 2.0)
    steady = DosingHistory(doses=every_day(day, 1), days=1, before=day)
    occupied = traced(at.world, steady, scenario, lambda trace: 100 * trace[:, :, -3].mean(axis=1))
    found = at.median(occupied)
    return {
        "central": found,
        "lowest": found,
        "highest": found,
        "5th percentile of people (%)": at.estimate(lambda v: float(np.quantile(v, 0.05)), occupied),
        "95th percentile of people (%)": at.estimate(lambda v: float(np.quantile(v, 0.95)), occupied),
    }


def oc02(at: Setting) -> Measured:
    u = 25.0 / _ec50(at, "lorazepam")
    return {"occupancy": at.median(100 * u / (1 + u))}


def oc03(at: Setting) -> Measured:
    return {"ec50": at.median(_ec50(at, "lorazepam"))}


def _ec50(at: Setting, drug: str) -> Floats:
    centre = model(drug).network.states.index(drug)
    return np.concatenate([people.outputs[0, centre] / people.site[centre] for people in _people(at, drug)])


def to01(at: Setting) -> Measured:
    return {"rho": at.median(np.concatenate([people.rho for people in _people(at, "lorazepam", "sleep")]))}


def to03(at: Setting) -> Measured:
    hours = np.concatenate([people.tau_h[0] for people in _people(at, "lorazepam")])
    return {"tau": at.median(hours / HOURS_OF_A_DAY)}
