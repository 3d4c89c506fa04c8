"""Where a course stands in order between a sudden stop and a ten-week reduction, as far as a seizure goes. No chance.

High drive counts far more than long drive: the index is the drive beyond that of an unchanged day, to the fourth power,
summed over the worst six weeks, in the person with typical values. It compares a course only with a stop and a
reduction of the same doses. It says nothing of what else brings a seizure: earlier ones, alcohol, other medicines.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from glidepath.facts.response import Scenario
from glidepath.pharmacology.history import HOURS_OF_A_DAY, Dose, DosingHistory, every_day
from glidepath.pharmacology.model import Floats, Model
from glidepath.pharmacology.population import typical

_POWER = 4
_LINEAR_DAYS, _AFTER_DAYS = 70, 42


class Order(StrEnum):
    """The three places in the order. None of them means safe."""

    SUDDEN = "like a sudden stop"
    BETWEEN = "between a sudden stop and a ten-week reduction"
    GENTLE = "like a ten-week reduction, or gentler"


def seizure_order(model: Model, history: DosingHistory, scenario: Scenario) -> Order | None:
    """The place of a course, by the geometric middle between two reference courses from the same doses.

    None where nothing was taken before, or where even a sudden stop has no drive.
    """
    if not history.before:
        return None
    stop = DosingHistory(doses=(), days=_AFTER_DAYS, before=history.before)
    doses = tuple(
        Dose(HOURS_OF_A_DAY * day + d.hour, d.drug, d.mg * (1 - (day + 1) / (_LINEAR_DAYS + 1)))
        for day in range(_LINEAR_DAYS)
        for d in history.before
    )
    linear = DosingHistory(doses=doses, days=_LINEAR_DAYS + _AFTER_DAYS, before=history.before)
    unchanged = DosingHistory(doses=every_day(history.before, 2), days=2, before=history.before)
    usual = float(_drive(model, unchanged, scenario).max())
    sudden, slow, own = (_index(_drive(model, each, scenario), usual) for each in (stop, linear, history))
    if sudden <= 0:
        return None
    if own >= np.sqrt(sudden * max(slow, sudden * 1e-6)):
        return Order.SUDDEN
    return Order.BETWEEN if own > slow else Order.GENTLE


def _drive(model: Model, history: DosingHistory, scenario: Scenario) -> Floats:
    trace = typical(model, history, scenario).trace
    assert trace is not None
    return np.asarray(trace[0, :, -1])


def _index(drive: Floats, usual: float) -> float:
    """The worst six weeks of what lies beyond an unchanged day."""
    beyond = np.append(0.0, np.cumsum(np.maximum(0.0, drive - usual) ** _POWER))
    hours = min(int(_AFTER_DAYS * HOURS_OF_A_DAY), len(drive))
    return float((beyond[hours:] - beyond[:-hours]).max())
