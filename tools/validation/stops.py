"""What is simulated for the targets on abrupt stops, and the rules for shares that two of them set.

Sizes are medians over all people, of the highest daily mean; times are medians over those who have any drive, of the
hour at which it is highest.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from glidepath.pharmacology.history import HOURS_OF_A_DAY, DosingHistory, every_day
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
    exposed,
    falling,
    linear,
    median_of_those_with,
    mg_for,
    stopped,
    traced,
)
from tools.validation.setting import Measured, Setting

RICKELS_MG, RICKELS_DAYS = 14.1, 28
FONTAINE_SHARE = 7 / 16


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


def relapsed(at: Setting, found: Drive, days: int) -> Floats:
    """The chance of each person to have relapsed within so many days, by the rule of AB03."""
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
    short, long = (relapsed(at, one, RICKELS_DAYS) for one in _rickels(at.world, at.scenario.id))
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
    lost = [relapsed(at, one, days) for one in (ended, slowly)]

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


def with_rebound(at: Setting, found: Drive) -> Estimate:
    """The share whose peak passes the threshold of AB05, in percent."""
    return at.share(shares.rebounds(at.world, found, _fontaine(at.world, at.scenario.id)[2]))


def ab05(at: Setting) -> Measured:
    ended, slowly, _ = _fontaine(at.world, at.scenario.id)
    return {"abrupt": with_rebound(at, ended), "gradual": with_rebound(at, slowly)}


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
    return {"share": with_rebound(at, found)}
