"""Compartments of several drugs as one linear network, and the pattern of its exact solution.

Amounts in mg flow between compartments and leave the body: dx/dt = K x, where K has no negative number off its
diagonal. Which entries of exp(K h) can differ from zero follows from who can reach whom.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from glidepath.errors import InputError

Ints = NDArray[np.int64]
# Sums of products: result c is the sum over a[terms[t, 0]] * b[terms[t, 1]] for t from first[c] to first[c + 1].
Sums = tuple[Ints, Ints]


@dataclass(frozen=True)
class Network:
    """The names of the compartments and the flows between them, each (from, to). A body fills in the rates."""

    states: tuple[str, ...]
    flows: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        within = range(self.size)
        if not self.states or any(a == b or a not in within or b not in within for a, b in self.flows):
            raise InputError("SIM_PARAMETER", "a flow joins two different compartments of the network", field="flows")

    @property
    def size(self) -> int:
        return len(self.states)

    @cached_property
    def entries(self) -> dict[tuple[int, int], int]:
        """The place of each entry (row, column) of exp(K h) that is not zero by structure."""
        reach = np.eye(self.size, dtype=bool)
        for source, target in self.flows:
            reach[target, source] = True
        for middle in range(self.size):
            reach |= np.outer(reach[:, middle], reach[middle, :])
        return {(int(row), int(column)): index for index, (row, column) in enumerate(np.argwhere(reach))}

    @cached_property
    def product(self) -> Sums:
        """The product of two solutions."""
        place = self.entries
        return _sums(
            len(place),
            (
                (place[row, column], place[row, middle], place[middle, column])
                for row, column in place
                for middle in range(self.size)
                if (row, middle) in place and (middle, column) in place
            ),
        )

    @cached_property
    def rate_product(self) -> Sums:
        """The product of the rates (the flows and then the diagonal, by state) and a solution."""
        place = self.entries
        rates = [(target, source, index) for index, (source, target) in enumerate(self.flows)]
        rates += [(state, state, len(self.flows) + state) for state in range(self.size)]
        return _sums(
            len(place),
            (
                (place[row, column], index, place[middle, column])
                for row, middle, index in rates
                for column in range(self.size)
                if (middle, column) in place
            ),
        )

    @cached_property
    def moved(self) -> Sums:
        """A solution times amounts."""
        return _sums(self.size, ((row, index, column) for (row, column), index in self.entries.items()))

    @cached_property
    def weighed(self) -> Sums:
        """A solution times weights, from the left: what the weights will see of the amounts there are now."""
        return _sums(self.size, ((column, index, row) for (row, column), index in self.entries.items()))

    @cached_property
    def diagonal(self) -> Ints:
        """(states,): which entries lie on the diagonal."""
        return np.array([self.entries[state, state] for state in range(self.size)], dtype=np.int64)


def _sums(results: int, terms: Iterable[tuple[int, int, int]]) -> Sums:
    """From terms (result, place in a, place in b)."""
    ordered = np.array(sorted(terms), dtype=np.int64)
    return np.searchsorted(ordered[:, 0], np.arange(results + 1)), np.ascontiguousarray(ordered[:, 1:])
