"""What is simulated for each check of each target: its number and Monte-Carlo error, scenario by scenario.

Sizes are medians over all people, of the highest daily mean; times are medians over those who have any drive, of the
hour at which it is highest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import numpy as np

from glidepath.facts.response import Scenario
from glidepath.pharmacology.history import HOURS_OF_A_DAY, Dose, DosingHistory, every_day
from glidepath.pharmacology.model import CHUNK
from glidepath.pharmacology.people import People
from tools.validation import shares
from tools.validation.arms import (
    LONG,
    NIGHT,
    SHORT,
    Drive,
    Estimate,
    Floats,
    World,
    a_day,
    abrupt,
    drive,
    estimate,
    exposed,
    falling,
    linear,
    median_of_those_with,
    mg_for,
    model,
    stopped,
    tapered,
    traced,
)

Measured = Mapping[str, Estimate]
RICKELS_MG, RICKELS_DAYS = 14.1, 28
FONTAINE_SHARE = 7 / 16
_ML_MIN = 1000 / 60


@dataclass(frozen=True)
class Setting:
    """One scenario of a world, with the rules for shares that were set in it."""

    world: World
    scenario: Scenario

    def estimate(self, statistic: Callable[..., float], *samples: Floats) -> Estimate:
        return estimate(self.world, statistic, *samples)

    def median(self, values: Floats) -> Estimate:
        return self.estimate(np.median, values)

    def share(self, values: Floats) -> Estimate:
        """A mean of parts of 1, in percent."""
        return self.estimate(lambda v: 100 * float(np.mean(v)), values)


def _people(at: Setting, drug: str, scale: str = "anxiety") -> Iterator[People]:
    """All people of a drug, part by part, as numbers."""
    for chunk in range(-(-at.world.n // CHUNK)):
        size = min(CHUNK, at.world.n - chunk * CHUNK)
        yield model(drug).people(size, at.scenario, seed=at.world.seed, chunk=chunk, scale=scale)


# ---- kinetics: no scenario changes them
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


# ---- occupancy and adaptation
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


# ---- abrupt stops
@cache
def _rickels(at_world: World, scenario_id: str) -> tuple[Drive, Drive]:
    scenario = at_world.scenario(scenario_id)
    short, long = (stopped(at_world, drugs, RICKELS_MG, 42, scenario) for drugs in (SHORT, LONG))
    return short, long


@cache
def relapse_rule(at_world: World, scenario_id: str) -> shares.Rule:
    """What AB03 sets, in one scenario."""
    short, long = (shares.load(at_world, one, RICKELS_DAYS) for one in _rickels(at_world, scenario_id))
    return shares.rule_from(short, long, RICKELS_DAYS)


def _relapsed(at: Setting, found: Drive, days: int) -> Floats:
    rule = relapse_rule(at.world, at.scenario.id)
    return rule.shares(shares.load(at.world, found, days), days)


def ab01(at: Setting) -> Measured:
    short, _ = _rickels(at.world, at.scenario.id)
    return {"peak-day": at.estimate(median_of_those_with, short.peak_day)}


def ab02(at: Setting) -> Measured:
    short, long = _rickels(at.world, at.scenario.id)
    later = at.estimate(lambda a, b: median_of_those_with(b) - median_of_those_with(a), short.peak_day, long.peak_day)
    return {"peak-day": at.estimate(median_of_those_with, long.peak_day), "later": later}


def ab03(at: Setting) -> Measured:
    short, long = (_relapsed(at, one, RICKELS_DAYS) for one in _rickels(at.world, at.scenario.id))
    difference = at.estimate(lambda a, b: 100 * float(np.mean(a) - np.mean(b)), short, long)
    return {"short": at.share(short), "long": at.share(long), "difference": difference}


def ab04(at: Setting) -> Measured:
    mg, weeks, after = 15.0, 8, 28
    days = 7 * weeks + after
    diazepam, lorazepam = a_day("diazepam", mg), a_day("lorazepam", mg_for("lorazepam", mg))
    short, long = (drive(at.world, abrupt(day, days), at.scenario) for day in (lorazepam, diazepam))
    ended = short + long
    slow = [falling(diazepam, linear(weeks), after, before) for before in (lorazepam, diazepam)]
    switched, stayed = (drive(at.world, one, at.scenario) for one in slow)
    slowly = switched + stayed
    little = _mostly_gone(ended)
    lost = [_relapsed(at, one, days) for one in (ended, slowly)]

    def orderings(a_when: Floats, b_when: Floats, *rest: Floats) -> float:
        a_sum, b_sum, a_peak, b_peak, a_lost, b_lost = rest
        return float(
            int(np.nanmedian(a_when) < np.nanmedian(b_when))
            + int(np.median(a_sum) > np.median(b_sum))
            + int(np.median(a_peak) > np.median(b_peak))
            + int(np.mean(a_lost) > np.mean(b_lost))
        )

    return {
        "week-4": at.share(little),
        "orderings": at.estimate(
            orderings,
            ended.peak_day,
            slowly.peak_day,
            ended.daily.sum(axis=1),
            slowly.daily.sum(axis=1),
            ended.peak,
            slowly.peak,
            *lost,
        ),
        "drive at week 4 at most 35 % of the peak, people on lorazepam (%)": at.share(_mostly_gone(short)),
        "the same, people on diazepam (%)": at.share(_mostly_gone(long)),
        "time of the peak, abrupt (d)": at.estimate(median_of_those_with, ended.peak_day),
        "time of the peak, taper, people switched from lorazepam to diazepam on its first day (d)": at.estimate(
            median_of_those_with, switched.peak_day
        ),
        "time of the peak, taper, people on diazepam before (d)": at.estimate(median_of_those_with, stayed.peak_day),
        "peak, abrupt over taper (ratio)": at.estimate(_ratio_of_medians, ended.peak, slowly.peak),
        "sum of drive, abrupt over taper (ratio)": at.estimate(
            _ratio_of_medians, ended.daily.sum(axis=1), slowly.daily.sum(axis=1)
        ),
        "relapse by the rule, abrupt (%)": at.share(lost[0]),
        "relapse by the rule, taper (%)": at.share(lost[1]),
    }


def _mostly_gone(found: Drive) -> Floats:
    """1 for each person with drive whose drive on day 28 is at most 35 % of their peak, else 0."""
    has = found.peak > 0
    gone: Floats = (found.daily[has, 27] <= 0.35 * found.peak[has]).astype(float)
    return gone


def _ratio_of_medians(a: Floats, b: Floats) -> float:
    return float(np.median(a) / np.median(b))


@cache
def _fontaine(at_world: World, scenario_id: str) -> tuple[Drive, Drive, float]:
    """Both arms after the four weeks, and the threshold that the abrupt one sets."""
    scenario, day, exposure = at_world.scenario(scenario_id), a_day("diazepam", 15.0), 28
    arms = [abrupt((), 42), falling(day, linear(3), 21, ())]
    ended, slowly = (drive(at_world, exposed(day, exposure, arm), scenario).since(exposure) for arm in arms)
    return ended, slowly, shares.rebound_threshold(at_world, ended, FONTAINE_SHARE)


def _with_rebound(at: Setting, found: Drive) -> Estimate:
    return at.share(shares.rebounds(at.world, found, _fontaine(at.world, at.scenario.id)[2]))


def ab05(at: Setting) -> Measured:
    ended, slowly, _ = _fontaine(at.world, at.scenario.id)
    return {"abrupt": _with_rebound(at, ended), "gradual": _with_rebound(at, slowly)}


def ab06(at: Setting) -> Measured:
    day, exposure = a_day("diazepam", 15.0), 42
    short = drive(at.world, exposed(day, exposure, abrupt((), 42)), at.scenario).since(exposure)
    long = drive(at.world, abrupt(day, 42), at.scenario)
    beside = at.estimate(lambda a, b: 100 * float(np.mean(a) / np.mean(b)), short.peak, long.peak)
    return {"mean-peak": at.estimate(lambda v: float(np.mean(v)), short.peak), "beside-long": beside}


def ab07(at: Setting) -> Measured:
    nights = 8
    history = exposed(a_day("triazolam", 0.5, NIGHT), nights, abrupt((), 5))
    drives = traced(at.world, history, at.scenario, lambda t: _night_means(t, range(nights, nights + 3)), scale="sleep")
    # Four nights of less, and then none.
    slower = exposed(
        a_day("triazolam", 0.5, NIGHT), nights, falling(a_day("triazolam", 0.5, NIGHT), (0.8, 0.6, 0.4, 0.2), 3, ())
    )
    worst = traced(at.world, slower, at.scenario, lambda t: _night_means(t, range(nights, nights + 6)), scale="sleep")
    has = drives[:, 0] > 0
    return {
        "night-3": at.median(100 * drives[has, 2] / drives[has, 0]),
        "night 2 beside the first (%)": at.median(100 * drives[has, 1] / drives[has, 0]),
        "worst night of a taper over 4 nights, beside the first night of the abrupt stop (%)": at.estimate(
            lambda a, b: 100 * _ratio_of_medians(a, b), worst.max(axis=1), drives[:, 0]
        ),
    }


def _night_means(trace: Floats, nights: Iterable[int]) -> Floats:
    """The mean drive from 22 to 6 h of each night, (n, nights)."""
    first = [int(NIGHT[0] + HOURS_OF_A_DAY * night) for night in nights]
    return np.stack([trace[:, hour : hour + 8, -1].mean(axis=1) for hour in first], axis=1)


def ab08(at: Setting) -> Measured:
    drugs = ("alprazolam", "lorazepam", "clonazepam", "diazepam")
    onset = {drug: _onset_days(at, drug, mg_for(drug, 15.0)) for drug in drugs}
    found = {drug: at.estimate(median_of_those_with, days) for drug, days in onset.items()}

    def ordered(*days: Floats) -> float:
        alprazolam, lorazepam, clonazepam, diazepam = (median_of_those_with(one) for one in days)
        return float(int(alprazolam < clonazepam) + int(lorazepam < clonazepam) + int(clonazepam < diazepam))

    return {**found, "order": at.estimate(ordered, *onset.values())}


def _onset_days(at: Setting, drug: str, mg: float) -> Floats:
    """From the last dose to when the drive leaves 0 on its way to its peak; NaN for those without drive."""
    day = a_day(drug, mg)
    history = DosingHistory(doses=every_day(day, 1), days=29, before=day)
    last = int(max(dose.hour for dose in day))

    def onset(trace: Floats) -> Floats:
        after = trace[:, last:, -1]
        peak = after.argmax(axis=1)
        quiet = (after == 0) & (np.arange(after.shape[1]) < peak[:, None])
        # Moment i of `after` is i + 1 hours after the last dose.
        first = np.where(quiet.any(axis=1), after.shape[1] - quiet[:, ::-1].argmax(axis=1), 0)
        return np.where(after.max(axis=1) > 0, (first + 1) / HOURS_OF_A_DAY, np.nan)

    return traced(at.world, history, at.scenario, onset)


def ab09(at: Setting) -> Measured:
    found = drive(at.world, abrupt(a_day("eszopiclone", 2.0, NIGHT), 28), at.scenario)
    return {"share": _with_rebound(at, found)}


# ---- tapers
_SCHWEIZER = tuple(part for part in (0.75, 0.5, 0.25) for _ in range(7))


def tp01(at: Setting) -> Measured:
    days = len(_SCHWEIZER) + 28
    short, long = (tapered(at.world, drugs, RICKELS_MG, _SCHWEIZER, 28, at.scenario) for drugs in (SHORT, LONG))
    return {"short": at.share(_relapsed(at, short, days)), "long": at.share(_relapsed(at, long, days))}


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
        "free": at.share(1 - _relapsed(at, found, days)),
        "free of the drug 90 days later (%)": at.share(1 - _relapsed(at, later, days + 90)),
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
    return {"stopped": at.share(1 - _relapsed(at, found, days))}


def tp06(at: Setting) -> Measured:
    day, exposure = a_day("alprazolam", 5.7), 56
    history = exposed(day, exposure, falling(day, linear(4), 28, ()))
    found = _with_rebound(at, drive(at.world, history, at.scenario).since(exposure))
    return {"rebound": found, "withdrawal": found}


# ---- safety: an order, never a probability
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


MEASURES: Mapping[str, Callable[[Setting], Measured]] = {
    "PK01": pk01,
    "PK02": pk02,
    "PK03": pk03,
    "PK04": pk04,
    "PK05": pk05,
    "PK07": pk07,
    "OC01": oc01,
    "OC02": oc02,
    "OC03": oc03,
    "TO01": to01,
    "TO03": to03,
    "AB01": ab01,
    "AB02": ab02,
    "AB03": ab03,
    "AB04": ab04,
    "AB05": ab05,
    "AB06": ab06,
    "AB07": ab07,
    "AB08": ab08,
    "AB09": ab09,
    "TP01": tp01,
    "TP02": tp02,
    "TP03": tp03,
    "TP04": tp04,
    "TP05": tp05,
    "TP06": tp06,
    "SF01": sf01,
}
