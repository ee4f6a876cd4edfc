"""Kernel of the local pair entropy: one radial distribution function at a time, so memory is constant per particle."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from vitreous.structure._cells_kernel import candidate_space, gather, reach_of, square_distances
from vitreous.structure._compiled import ENTRY, INNER


@njit(**INNER)
def _add_gaussian(sums, kind, distance, step, width, tail):
    """Add exp(-(r - distance)²/(2 width²)) to sums[kind], whose points are r = 0, step, 2 step, ...

    With the nearest point at a distance u, in widths, and the next ones d apart, the exponential is that of
    -u²/2, times a power of that of -u d, times tail[k] = exp(-(k d)²/2): two exponentials for all points.
    """
    last = sums.shape[1] - 1
    nearest = int(distance / step + 0.5)
    u = (nearest * step - distance) / width
    ratio = math.exp(-u * step / width)
    above = below = math.exp(-0.5 * u * u)
    if nearest <= last:
        sums[kind, nearest] += above
    for k in range(1, tail.size):
        above *= ratio
        below /= ratio
        if nearest + k <= last:
            sums[kind, nearest + k] += above * tail[k]
        if 0 <= nearest - k <= last:
            sums[kind, nearest - k] += below * tail[k]


@njit(**INNER)
def _integral(sums, kind, scale, step):
    """∫ (g ln g - g + 1) r² dr by the trapezoidal rule, with g(r) = scale sums[kind] / r²."""
    last = sums.shape[1] - 1
    total = 0.0
    for k in range(1, last + 1):
        square = (k * step) ** 2
        g = scale * sums[kind, k] / square
        value = square * (g * math.log(g) - g + 1.0 if g > 0.0 else 1.0)
        total += value if k < last else 0.5 * value
    return total * step


@njit(**ENTRY)
def pair_entropy(
    first_cell, last_cell, x, y, z, start, cells, periodic, vectors, heights,
    kinds, densities, radius, step, points, width, tail, entropy,
):  # fmt: skip
    """s₂ of the particles in cells first_cell to last_cell - 1 into entropy (N,); kinds (N,), both in sorted order.

    The integral has `points` steps; neighbours nearer than `radius` count. Returns the sorted number of a particle
    that coincides with another one, or -1.
    """
    reach = np.empty(3, np.int64)
    reach_of(radius, heights, cells, periodic, reach)
    candidates, codes = candidate_space(512)
    square = np.empty(0)
    sums = np.empty((densities.size, points + 1))
    for cell in range(first_cell, last_cell):
        if start[cell] == start[cell + 1]:
            continue
        count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, candidates, codes)
        while count < 0:
            candidates, codes = candidate_space(-count)
            count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, candidates, codes)
        if square.size < count:
            square = np.empty(2 * count)
        for i in range(start[cell], start[cell + 1]):
            square_distances(x[i], y[i], z[i], candidates, count, crossing, square)
            sums[:] = 0.0
            here = 0  # the particle itself, and whoever coincides with it
            for k in range(count):
                if square[k] == 0.0:
                    here += 1
                elif square[k] < radius * radius:
                    _add_gaussian(sums, kinds[codes[0, k]], math.sqrt(square[k]), step, width, tail)
            if here > 1:
                return i
            entropy[i] = 0.0
            for kind in range(densities.size):
                scale = 1.0 / (4.0 * math.pi * densities[kind] * math.sqrt(2.0 * math.pi) * width)
                entropy[i] -= 2.0 * math.pi * densities[kind] * _integral(sums, kind, scale, step)
    return -1
