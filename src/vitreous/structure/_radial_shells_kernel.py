"""Kernel of the radial shells of one particle: Gaussian densities of its neighbours.

Where shells are equidistant, the Gaussian of a neighbour in each follows from that in the one before by a factor, and
the factor from the one before by another, the same for all: exp(-(r - R - s)²/2w²) is exp(-(r - R)²/2w²) times
exp((2 (r - R) s - s²)/2w²). Whoever calls sees to it that nothing underflows on the way (`RadialShells.step`).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from vitreous.structure._cells_kernel import LANES
from vitreous.structure._compiled import FUSED, INNER
from vitreous.structure._gaussian_kernel import exponential

# Neighbours are taken this many at a time, from rows of fixed length: Numba then knows that rows do not overlap.
BATCH = 256
ROW = BATCH + LANES
_DISTANCE, _VALUE, _FACTOR = 0, ROW, 2 * ROW
# exp(-x) counts as 0 beyond.
_NOTHING = 700.0


@njit(**INNER)
def _take(distances, kinds, m, kind, limit, first, rows):
    """Distances below limit of one kind from place `first` on, as many as a batch holds; returns number, next place."""
    n = 0
    for k in range(first, m):
        if n == BATCH:
            return n, k
        rows[_DISTANCE + n] = distances[k]
        n += (kinds[k] == kind) & (distances[k] < limit)
    return n, m


@njit(**FUSED, fastmath={"contract", "reassoc", "nsz"})
def _sum(rows, count, center, half_inverse):
    """Sum of exp(-half_inverse (r - center)²)."""
    total = 0.0
    for k in range(count):
        d = rows[_DISTANCE + k] - center
        x = half_inverse * d * d
        total += exponential(-x) if x < _NOTHING else 0.0
    return total


@njit(**FUSED, fastmath={"contract"})
def _first_rung(rows, n, count, center, step, half_inverse):
    """The Gaussians at `center`, and their factors to center + step; 0 for what fills up the batch."""
    for k in range(count):
        d = rows[_DISTANCE + k] - center
        rows[_VALUE + k] = exponential(-half_inverse * d * d)
    for k in range(count):
        d = rows[_DISTANCE + k] - center
        rows[_FACTOR + k] = exponential(half_inverse * step * (2.0 * d - step))
    for k in range(n, count):
        rows[_VALUE + k] = 0.0
        rows[_FACTOR + k] = 0.0


@njit(**FUSED, fastmath={"contract", "reassoc", "nsz"})
def _four_rungs(rows, count, change):
    """Sums of the next four Gaussians."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    for k in range(count):
        value, factor = rows[_VALUE + k], rows[_FACTOR + k]
        a += value
        value *= factor
        factor *= change
        b += value
        value *= factor
        factor *= change
        c += value
        value *= factor
        factor *= change
        d += value
        rows[_VALUE + k] = value * factor
        rows[_FACTOR + k] = factor * change
    return a, b, c, d


@njit(**INNER)
def radial_shells(distances, kinds, m, n_kinds, limit, centers, step, width, rows, out, row):
    """Write to out[row, : n_kinds * K] the shells at centers (K,) of those of m neighbours that are nearer than limit.

    step is their spacing, 0 if they are no ladder.
    """
    size = centers.size
    half_inverse = 0.5 / (width * width)
    change = math.exp(-2.0 * half_inverse * step * step)
    for kind in range(n_kinds):
        at = kind * size
        for k in range(size):
            out[row, at + k] = 0.0
        place = np.int64(0)
        while place < m:
            n, place = _take(distances, kinds, m, kind, limit, place, rows)
            count = (n + LANES - 1) // LANES * LANES
            for k in range(n, count):
                rows[_DISTANCE + k] = 1e150
            if step == 0.0:
                for k in range(size):
                    out[row, at + k] += _sum(rows, count, centers[k], half_inverse)
                continue
            _first_rung(rows, n, count, centers[0], step, half_inverse)
            for first in range(0, size, 4):
                sums = _four_rungs(rows, count, change)
                for k in range(min(4, size - first)):
                    out[row, at + first + k] += sums[k]
