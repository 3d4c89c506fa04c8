"""Shares of a trial's people who relapse or rebound. Used for this page and for nothing else.

The program gives nobody a probability of success, and this rule is no part of it: it stands here only to be held
against the shares of published trials, with its misses. Two numbers of one trial set it.

A day's hazard is b + a (g W / 0.3)^4, with W the mean drive of the day and g a gain that is log-normal between people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from tools.validation.arms import Drive, Floats, World

POWER = 4.0
DRIVE_SCALE = 0.3
# The arms of the trial that sets the rule; their sizes are assumed.
SHARES = (0.57, 0.27)
ARM = 23


@dataclass(frozen=True)
class Rule:
    """`base` (b) and `slope` (a) of the daily hazard."""

    base: float
    slope: float

    def shares(self, load: Floats, days: int) -> Floats:
        """The chance of each simulated person to have relapsed within so many days, (n,)."""
        chance: Floats = -np.expm1(-(self.base * days + self.slope * load))
        return chance


def gains(world: World, people: int) -> Floats:
    """(n,) around 1; the same for the same world and number of people."""
    spread = world.response.parameters["gain"].spread
    drawn: Floats = np.exp(spread * world.random(2).standard_normal(people))
    return drawn


def load(world: World, drive: Drive, days: int) -> Floats:
    """The sum over days of (g W / scale)^4, (n,)."""
    scaled = gains(world, len(drive.daily))[:, None] * drive.daily[:, :days] / DRIVE_SCALE
    total: Floats = (scaled**POWER).sum(axis=1)
    return total


def rule_from(short: Floats, long: Floats, days: int) -> Rule:
    """The likeliest rule for the two arms of Rickels 1990, given the loads of simulated people in both."""

    def unlikely(logs: Floats) -> float:
        base, slope = np.exp(logs)
        total = 0.0
        for drawn, seen in ((short, SHARES[0]), (long, SHARES[1])):
            share = float(np.clip(Rule(base, slope).shares(drawn, days).mean(), 1e-9, 1 - 1e-9))
            total -= ARM * (seen * np.log(share) + (1 - seen) * np.log(1 - share))
        return total

    tries = [
        minimize(unlikely, np.log([base, slope]), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-8})
        for base in (1e-6, 1e-3)
        for slope in (1e-3, 1e-1, 1e1)
    ]
    best = min(tries, key=lambda found: found.fun)
    base, slope = np.exp(best.x)
    return Rule(float(base), float(slope))


def rebound_threshold(world: World, drive: Drive, share: float) -> float:
    """The peak of g W above which so large a share of people lies."""
    return float(np.quantile(gains(world, len(drive.daily)) * drive.peak, 1 - share))


def rebounds(world: World, drive: Drive, threshold: float) -> Floats:
    """1 for each person whose peak of g W is above it, else 0."""
    above: Floats = (gains(world, len(drive.daily)) * drive.peak > threshold).astype(float)
    return above
