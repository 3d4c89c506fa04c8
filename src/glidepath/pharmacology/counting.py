"""Counting many people into fine fixed bins, and finding ranks among them; compiled, and imported when it runs."""

from __future__ import annotations

from math import floor, log2

import numba

_compiled = numba.njit(cache=True, nogil=True)


@_compiled
def count(values, is_level, per_octave, lowest_octave, counts):
    """Add people (n, days, quantities) to `counts` (days, quantities, bins): a part of 1, or a level by its octave.

    Exactly nothing, and a level below the lowest octave, have the first bin; what is above the last bin is in it.
    """
    last = counts.shape[2] - 1
    for day in range(values.shape[1]):
        for q in range(values.shape[2]):
            row = counts[day, q]
            for person in range(values.shape[0]):
                value = values[person, day, q]
                place = 0
                if value > 0:
                    if is_level[q]:
                        place = max(0, floor((log2(value) - lowest_octave) * per_octave) + 1)
                    else:
                        place = int(value * last) + 1
                row[min(place, last)] += 1


@_compiled
def places(counts, ranks, found):
    """The bin in which each of the ascending `ranks` lies, (days, quantities, ranks), counted from 1 among people."""
    for day in range(counts.shape[0]):
        for q in range(counts.shape[1]):
            place, below = 0, counts[day, q, 0]
            for k in range(len(ranks)):
                while below < ranks[k]:
                    place += 1
                    below += counts[day, q, place]
                found[day, q, k] = place
