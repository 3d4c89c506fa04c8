"""The compiled engine: blocks of sixteen people, moved exactly from dose to dose.

A block's tables (how amounts move over each span, what each node sees of the amounts, how adaptation weighs each
panel) are made first and then used for the whole history. Every array ends in an axis of sixteen people.

exp(K h) is computed from the series of a matrix without negative entries (K plus its largest loss), scaled to a short
time and squared back. Every term is added, none subtracted, so each entry keeps its relative accuracy whatever the
rates are, also where two of them coincide; no eigenvectors, no divided differences of nearly equal numbers.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from glidepath.pharmacology.lanes import LANES, every, load, store, where_above

# Terms of the series; the scaled matrix has norm at most 1, and entries four flows away still have full accuracy.
_TERMS = 20
# The sum over all earlier days is found by doubling: 2**12 days.
_DOUBLINGS = 12
# Amounts below this many mg are nothing; without this, subnormal numbers would slow the engine down.
_NOTHING_MG = 1e-200

_compiled = njit(nogil=True, cache=True, error_model="numpy")


@_compiled
def _sum_products(sums, a, b, out):
    first, terms = sums
    for c in range(out.shape[0]):
        total = every(0.0)
        for t in range(first[c], first[c + 1]):
            total = total + load(a, terms[t, 0]) * load(b, terms[t, 1])
        store(out, c, total)


@_compiled
def _copy(source, target):
    for i in range(target.shape[0]):
        store(target, i, load(source, i))


@_compiled
def _move(moved, solution, x, y):
    """x becomes exp(K h) x."""
    nothing = every(_NOTHING_MG)
    _sum_products(moved, solution, x, y)
    for state in range(x.shape[0]):
        amount = load(y, state)
        store(x, state, where_above(amount, nothing, amount, every(0.0)))


@_compiled
def _solve(hours, body, pattern, out, spare):
    """exp(K h) of every person of the block into `out`."""
    flow, loss, fastest, speed, rates, scales = body
    _, _, product, rate_product, diagonal = pattern
    flows, states = flow.shape[0], loss.shape[0]
    h, halvings = scales[0], scales[1]
    for lane in range(LANES):
        h[lane], halvings[lane] = hours, 0.0
        while speed[0, lane] * h[lane] > 1.0:
            h[lane] *= 0.5
            halvings[lane] += 1.0
    for i in range(flows):
        store(rates, i, load(flow, i) * load(scales, 0))
    for state in range(states):
        store(rates, flows + state, (load(fastest, 0) - load(loss, state)) * load(scales, 0))
    one = every(1.0)
    out[:] = 0.0
    for state in range(states):
        store(out, diagonal[state], one)
    for term in range(_TERMS, 0, -1):
        _sum_products(rate_product, rates, out, spare)
        inverse = every(1.0 / term)
        for e in range(out.shape[0]):
            store(out, e, load(spare, e) * inverse)
        for state in range(states):
            store(out, diagonal[state], load(out, diagonal[state]) + one)
    for lane in range(LANES):
        rates[0, lane] = np.exp(-fastest[0, lane] * h[lane])
    for e in range(out.shape[0]):
        store(out, e, load(out, e) * load(rates, 0))
    for done in range(int(halvings.max())):
        _sum_products(product, out, out, spare)
        for e in range(out.shape[0]):
            store(out, e, where_above(load(scales, 1), every(1.0 * done), load(spare, e), load(out, e)))


@_compiled
def _panel_tables(widths, places, weights, tau, tables):
    """What a panel leaves of adaptation, and what each of its four nodes adds; a constant effect stays constant."""
    for p in range(widths.shape[0]):
        for f in range(tau.shape[0]):
            for lane in range(LANES):
                rate = widths[p] / tau[f, lane]
                total = 0.0
                for node in range(4):
                    weight = weights[p, node] * np.exp(-rate * (1.0 - places[p, node]))
                    tables[p, f, 1 + node, lane] = weight
                    total += weight
                tables[p, f, 0, lane] = np.exp(-rate)
                for node in range(4):
                    tables[p, f, 1 + node, lane] *= -np.expm1(-rate) / total


@_compiled
def _rows(weighed, weights, chain, solutions, rows):
    """What `weights` see, after each offset, of the amounts at the start of an interval: weights exp(K offset).

    Row i follows from row `chain[i, 0]` (-1: from the weights themselves) over the span `chain[i, 1]`.
    """
    for i in range(chain.shape[0]):
        before = rows[chain[i, 0]] if chain[i, 0] >= 0 else weights
        _sum_products(weighed, solutions[chain[i, 1]], before, rows[i])


@_compiled
def _effect(rows, node, seen, x):
    """The effect at one node: v = sum of row times amount, already times kappa; v / (1 + v)."""
    v = every(0.0)
    for i in range(seen.shape[0]):
        v = v + load(rows, (node, seen[i])) * load(x, seen[i])
    return v / (every(1.0) + v)


@_compiled
def _note(window, channel, value, seen):
    totals, highest, _ = seen
    store(totals, (window, channel), load(totals, (window, channel)) + value)
    most = load(highest, (window, channel))
    store(highest, (window, channel), where_above(value, most, value, most))


@_compiled
def _note_lowest(window, channel, value, seen):
    _, _, lowest = seen
    least = load(lowest, (window, channel))
    store(lowest, (window, channel), where_above(value, least, least, value))


@_compiled
def _scatter(trace, slot, channel, value, people, row):
    store(row, 0, value)
    for lane in range(people):
        trace[lane, slot, channel] = row[0, lane]


@_compiled
def _run(course, tables, block, report, notes):
    """Move one block through one course. With `report` False nothing is written (the steady day before)."""
    kind, dose_from, dose_state, dose_mg, dose_intake, jumps, length_of, panel_from, width_of, node, place = course
    moved, seen, out_seen, panels, weights, rows, out_rows, solutions = tables
    x, y, adapted, start, taken, share, rho = block
    window_of, first_slot, first_window, every_h, level, people, spare, noted, trace, stats = notes
    channels, filters = out_rows.shape[0], adapted.shape[0]
    before = load(start, 0)
    slot = first_slot
    for e in range(kind.shape[0]):
        for d in range(dose_from[e], dose_from[e + 1]):
            mg = every(dose_mg[d])
            if dose_intake[d] >= 0:
                mg = mg * load(taken, dose_intake[d])
            store(x, dose_state[d], load(x, dose_state[d]) + mg)
        if jumps[e]:
            before = _effect(weights, 0, seen, x)
        k = kind[e]
        for p in range(panel_from[k], panel_from[k + 1]):
            s1 = _effect(rows, node[p, 0], seen, x)
            s3 = _effect(rows, node[p, 2], seen, x)
            w = width_of[p]
            for f in range(filters):
                inflow = load(panels, (w, f, 1)) * before + load(panels, (w, f, 2)) * s1 + load(panels, (w, f, 4)) * s3
                store(adapted, f, load(panels, (w, f, 0)) * load(adapted, f) + inflow)
            if node[p, 1] >= 0:
                s2 = _effect(rows, node[p, 1], seen, x)
                for f in range(filters):
                    store(adapted, f, load(adapted, f) + load(panels, (w, f, 3)) * s2)
            before = s3
            if report and place[p] >= 0:
                window = window_of[slot] - first_window
                for c in range(channels):
                    value = every(0.0)
                    for i in range(out_seen.shape[1]):
                        state = out_seen[c, i]
                        if state < 0:
                            break
                        value = value + load(out_rows, (c, place[p], state)) * load(x, state)
                    _note(window, c, value, noted)
                    _note_lowest(window, c, value, noted)
                    if trace.shape[0] > 0:
                        _scatter(trace, slot, c, value, people, spare)
                value = every(0.0)
                for f in range(filters):
                    value = value + load(share, f) * load(adapted, f)
                drive = load(rho, 0) * value - s3
                drive = where_above(drive, every(0.0), drive, every(0.0))
                _note(window, channels, s3, noted)
                _note(window, channels + 1, value, noted)
                _note(window, channels + 2, drive, noted)
                if trace.shape[0] > 0:
                    _scatter(trace, slot, channels, s3, people, spare)
                    _scatter(trace, slot, channels + 1, value, people, spare)
                    _scatter(trace, slot, channels + 2, drive, people, spare)
                slot += 1
                peak = load(stats, 0)
                store(stats, 0, where_above(drive, peak, drive, peak))
                store(stats, 1, where_above(drive, peak, every(slot * every_h), load(stats, 1)))
                store(stats, 2, load(stats, 2) + drive)
                store(stats, 3, load(stats, 3) + where_above(drive, every(level), every(1.0), every(0.0)))
        _move(moved, solutions[length_of[k]], x, y)
    store(start, 0, before)


@_compiled
def _settle(steady, tables, block, pattern, notes, tau, power, spare, total):
    """Amounts, effect and adaptation just before time 0, after the steady day was repeated for years."""
    x, y, adapted, start, _, _, _ = block
    _, seen, _, _, weights, _, _, solutions = tables
    moved, _, product, _, diagonal = pattern
    kind, length_of = steady[0], steady[6]
    _run(steady, tables, block, False, notes)
    power[:] = 0.0
    for state in range(x.shape[0]):
        store(power, diagonal[state], every(1.0))
    for e in range(kind.shape[0]):
        _sum_products(product, solutions[length_of[kind[e]]], power, spare)
        _copy(spare, power)
    # What is left of all earlier days: x + M x + M^2 x + ..., doubled at each turn.
    for _ in range(_DOUBLINGS):
        _copy(x, total)
        _move(moved, power, total, y)
        for state in range(x.shape[0]):
            store(x, state, load(x, state) + load(total, state))
        _sum_products(product, power, power, spare)
        _copy(spare, power)
    _copy(x, total)
    store(start, 0, _effect(weights, 0, seen, x))
    adapted[:] = 0.0
    _run(steady, tables, block, False, notes)
    for f in range(adapted.shape[0]):
        for lane in range(LANES):
            adapted[f, lane] /= -np.expm1(-24.0 / tau[f, lane])
    _copy(total, x)
    store(start, 0, _effect(weights, 0, seen, x))


@_compiled
def _hand_out(first, people, first_window, noted, sinks):
    """From sixteen people side by side to each person's own rows. A segment may begin or end within a window."""
    totals, highest, lowest = noted
    _, scale, sums, maxima, means, most, least, _ = sinks
    for w in range(totals.shape[0]):
        place = first_window + w
        for lane in range(people):
            for c in range(totals.shape[1]):
                sums[first + lane, c] += totals[w, c, lane]
                maxima[first + lane, c] = max(maxima[first + lane, c], highest[w, c, lane])
            if means.shape[0] > 0:
                for c in range(totals.shape[1]):
                    means[first + lane, place, c] += totals[w, c, lane] * scale[place]
                    most[first + lane, place, c] = max(most[first + lane, place, c], highest[w, c, lane])
                for c in range(lowest.shape[1]):
                    least[first + lane, place, c] = min(least[first + lane, place, c], lowest[w, c, lane])


@_compiled
def run_people(pattern, moments, seen, steady, course, people, taken, carried, settings, sinks):
    """Every person of a chunk, sixteen at a time, through one segment of a history.

    The arguments are the tuples that `engine` makes. `people` are padded to a multiple of sixteen and lie as (blocks,
    ..., 16); so does `carried`: amounts, adaptation, effect and drive statistics (the peak, its hour, the sum, the
    count above a level), which pass from segment to segment. `sinks` are written: sums and maxima (people, channels),
    and, unless they have no people, means and maxima of windows (people, windows, channels), their lowest
    concentrations (people, windows, concentrations), and the trace (people, moments, channels); `scale` is one over
    the moments of each window.
    """
    moved, weighed, product, _, _ = pattern
    spans, half_of, widths, places, weights, chain, out_chain = moments
    flow, loss, fastest, speed, effective, outputs, tau, share, rho = people
    amounts, adaptations, effects, statistics = carried
    is_steady, every_h, level, first_slot, first_window, windows = settings
    window_of, _, sums, _, _, _, least, trace = sinks
    states, filters, channels = loss.shape[1], tau.shape[1], outputs.shape[1]
    entries = product[0].shape[0] - 1
    rates, scales = np.empty((flow.shape[1] + states, LANES)), np.empty((2, LANES))
    spare, power = np.empty((entries, LANES)), np.empty((entries, LANES))
    solutions = np.empty((spans.shape[0], entries, LANES))
    panels = np.empty((widths.shape[0], filters, 5, LANES))
    rows = np.empty((chain.shape[0], states, LANES))
    out_rows = np.empty((channels, out_chain.shape[0], states, LANES))
    y, total = np.empty((states, LANES)), np.empty((states, LANES))
    totals = np.empty((windows, channels + 3, LANES))
    highest = np.empty((windows, channels + 3, LANES))
    lowest = np.empty((windows, channels, LANES))
    for b in range(flow.shape[0]):
        body = (flow[b], loss[b], fastest[b], speed[b], rates, scales)
        for i in range(spans.shape[0]):
            if half_of[i] >= 0:
                half = solutions[half_of[i]]
                _sum_products(product, half, half, solutions[i])
            else:
                _solve(spans[i], body, pattern, solutions[i], spare)
        _panel_tables(widths, places, weights, tau[b], panels)
        _rows(weighed, effective[b], chain, solutions, rows)
        for c in range(channels):
            _rows(weighed, outputs[b, c], out_chain, solutions, out_rows[c])
        block = (amounts[b], y, adaptations[b], effects[b], taken[b], share[b], rho[b])
        tables = (moved, seen[0], seen[1], panels, effective[b : b + 1], rows, out_rows, solutions)
        here = min(LANES, sums.shape[0] - b * LANES)
        if first_slot == 0:
            least[b * LANES : b * LANES + here] = np.inf
        totals[:] = 0.0
        highest[:] = 0.0
        lowest[:] = np.inf
        noted = (totals, highest, lowest)
        mine = trace[b * LANES : b * LANES + here]
        notes = (window_of, first_slot, first_window, every_h, level, here, spare, noted, mine, statistics[b])
        if is_steady:
            _settle(steady, tables, block, pattern, notes, tau[b], power, spare, total)
        _run(course, tables, block, True, notes)
        _hand_out(b * LANES, here, first_window, noted, sinks)
