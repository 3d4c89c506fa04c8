"""How people differ: draws in a fixed order, so that scenarios differ only in what they change."""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from glidepath.facts.response import Response, Scenario

Floats = NDArray[np.float64]
# People are drawn in chunks of this many, each with a seed of its own: person i is the same for every n.
CHUNK = 1024
# Apart from the chance of what is a person's own, and of a returning illness (1).
_OF_A_SUBSTANCE = 2


class Draw:
    """Standard normal draws for the first n people of a chunk; all zero with `is_typical`."""

    def __init__(
        self, response: Response, scenario: Scenario, n: int, seed: int, chunk: int, *, is_typical: bool, of: str = ""
    ) -> None:
        if not 1 <= n <= CHUNK:
            raise ValueError(f"a chunk has 1 to {CHUNK} people")
        self.n = n
        self._response, self._scenario, self._is_typical = response, scenario, is_typical
        self._seed, self._chunk = seed, chunk
        named = (_OF_A_SUBSTANCE, crc32(of.encode())) if of else ()
        self._random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, chunk, *named))))

    def about(self, name: str) -> Draw:
        """Draws of their own for one drug or substance: the same people whatever else they take."""
        return Draw(
            self._response, self._scenario, self.n, self._seed, self._chunk, is_typical=self._is_typical, of=name
        )

    def normal(self) -> Floats:
        drawn = self._random.standard_normal(CHUNK)[: self.n]
        return np.zeros(self.n) if self._is_typical else drawn

    def log_normal(self, log_sd: float) -> Floats:
        return np.exp(log_sd * self.normal())

    def spread(self, name: str) -> Floats:
        """A factor around 1 with the spread of a parameter."""
        return self.log_normal(self._response.parameters[name].spread)

    def of(self, name: str) -> Floats:
        """A parameter with its spread between people, as the scenario has it."""
        parameter, value = self._response.parameters[name], self._response.value(name, self._scenario)
        if parameter.spread_kind == "logit_sd":
            logit = np.log(value / (1 - value)) + parameter.spread * self.normal()
            return np.asarray(1 / (1 + np.exp(-logit)))
        return value * self.log_normal(parameter.spread)
