"""What is simulated for the targets on tapers, and for the one on seizures: an order, never a probability."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from glidepath.pharmacology.history import HOURS_OF_A_DAY
from tools.validation.arms import (
    LONG,
    SHORT,
    Floats,
    a_day,
    abrupt,
    drive,
    exposed,
    falling,
    linear,
    tapered,
    traced,
)
from tools.validation.setting import Measured, Setting
from tools.validation.stops import RICKELS_MG, relapsed, with_rebound

_SCHWEIZER = tuple(part for part in (0.75, 0.5, 0.25) for _ in range(7))


def tp01(at: Setting) -> Measured:
    days = len(_SCHWEIZER) + 28
    short, long = (tapered(at.world, drugs, RICKELS_MG, _SCHWEIZER, 28, at.scenario) for drugs in (SHORT, LONG))
    return {"short": at.share(relapsed(at, short, days)), "long": at.share(relapsed(at, long, days))}


def tp02(at: Setting) -> Measured:
    found = tapered(at.world, (*SHORT, *LONG), RICKELS_MG, _SCHWEIZER, 28, at.scenario)
    total, middle = found.daily.sum(axis=1), len(_SCHWEIZER) / 2
    # Day 10 lies half before and half after the middle.
    late = found.daily[:, int(middle) + 1 :].sum(axis=1) + found.daily[:, int(middle)] * (1 - middle % 1)
    has = total > 0
    return {"after-middle": at.median(100 * late[has] / total[has])}


def tp03(at: Setting) -> Measured:
    start, days = 2.7, 120
    levels = [(14, 2.2), (14, 1.7), (14, 1.2), (14, 1.0), (7, 0.75), (7, 0.5), (7, 0.25)]
    parts = [mg / start for length, mg in levels for _ in range(length)]
    day = a_day("clonazepam", start)
    found = drive(at.world, falling(day, parts, days - len(parts), day), at.scenario)
    later = drive(at.world, falling(day, parts, days + 90 - len(parts), day), at.scenario)
    return {
        "free": at.share(1 - relapsed(at, found, days)),
        "free of the drug 90 days later (%)": at.share(1 - relapsed(at, later, days + 90)),
    }


def tp04(at: Setting) -> Measured:
    day = a_day("clonazepam", 2.0)
    arms = [abrupt(day, 42), *(falling(day, linear(weeks), 42, day) for weeks in (4, 10, 26))]
    peaks = [drive(at.world, arm, at.scenario).peak for arm in arms]
    names = ("abrupt", "4 weeks", "10 weeks", "26 weeks")

    def smallest_fall(*found: Floats) -> float:
        medians = [float(np.median(one)) for one in found]
        falls = [1 - b / a for a, b in pairwise(medians) if a > 0]
        return 100 * min(falls)

    seen = {f"median peak, {name} (drive)": at.median(one) for name, one in zip(names, peaks, strict=True)}
    return {"falls": at.estimate(smallest_fall, *peaks), **seen}


def tp05(at: Setting) -> Measured:
    days = 365
    parts = [1 - 0.1 * step for step in range(1, 10) for _ in range(14)]
    found = tapered(at.world, (*SHORT, *LONG), 10.0, parts, days - len(parts), at.scenario)
    return {"stopped": at.share(1 - relapsed(at, found, days))}


def tp06(at: Setting) -> Measured:
    day, exposure = a_day("alprazolam", 5.7), 56
    history = exposed(day, exposure, falling(day, linear(4), 28, ()))
    found = with_rebound(at, drive(at.world, history, at.scenario).since(exposure))
    return {"rebound": found, "withdrawal": found}


def sf01(at: Setting) -> Measured:
    six, two, after = a_day("alprazolam", 6.0), a_day("alprazolam", 2.0), 28
    arms = [abrupt(six, after), abrupt(two, after), falling(six, linear(10), after, six)]

    def fourth(trace: Floats) -> Floats:
        return trace[:, :, -1] ** 4

    def total(trace: Floats) -> Floats:
        summed: Floats = fourth(trace).sum(axis=1)
        return summed

    sums = [traced(at.world, arm, at.scenario, total) for arm in arms]
    hourly = traced(at.world, arms[0], at.scenario, lambda trace: fourth(trace)[:, :168])

    def ordered(a: Floats, b: Floats, c: Floats) -> float:
        first, second, third = (float(np.median(one)) for one in (a, b, c))
        return float(int(first > second) + int(second > third))

    since_dose = HOURS_OF_A_DAY - max(dose.hour for dose in six)
    late = hourly[:, : int(72 - since_dose)].sum(axis=1), hourly.sum(axis=1)
    mode = at.estimate(lambda v: float(v.mean(axis=0).argmax() + 1 + since_dose), hourly)
    within = at.estimate(lambda a, b: 100 * float(a.sum() / b.sum()), *late)
    return {
        "order": at.estimate(ordered, *sums),
        "mode": mode,
        "part of the first week's sum that falls in the first 72 hours (%)": within,
    }
