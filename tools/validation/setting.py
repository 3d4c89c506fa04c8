"""One scenario of a world, and what is asked of its people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from glidepath.facts.response import Scenario
from tools.validation.arms import (
    Estimate,
    Floats,
    World,
    estimate,
)

Measured = Mapping[str, Estimate]


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
