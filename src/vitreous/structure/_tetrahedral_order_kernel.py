"""Kernel of the tetrahedral order: the four nearest others of each particle, and the angles between them."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._cells_kernel import candidate_space, gather, reach_of, square_distances
from vitreous.structure._compiled import ENTRY, INNER


@njit(**INNER)
def _four_nearest(square, count, nearest):
    """Write the places of the four smallest squares above zero to nearest (4,), the nearest first, then -1.

    Returns how many squares are zero.
    """
    zeros = 0
    nearest[:] = -1
    for k in range(count):
        if square[k] == 0.0:
            zeros += 1
        elif nearest[3] < 0 or square[k] < square[nearest[3]]:
            place = 3
            while place > 0 and (nearest[place - 1] < 0 or square[k] < square[nearest[place - 1]]):
                nearest[place] = nearest[place - 1]
                place -= 1
            nearest[place] = k
    return zeros


@njit(**INNER)
def _order(x, y, z, points, crossing, square, nearest):
    """Q of the particle at (x, y, z)."""
    u = np.empty((4, 3))
    for a in range(4):
        k = nearest[a]
        inverse = 1.0 / np.sqrt(square[k])
        u[a, 0] = ((points[0, k] - x) + (points[3, k] if crossing else 0.0)) * inverse
        u[a, 1] = ((points[1, k] - y) + (points[4, k] if crossing else 0.0)) * inverse
        u[a, 2] = ((points[2, k] - z) + (points[5, k] if crossing else 0.0)) * inverse
    total = 0.0
    for a in range(4):
        for b in range(a):
            cosine = u[a, 0] * u[b, 0] + u[a, 1] * u[b, 1] + u[a, 2] * u[b, 2]
            total += (cosine + 1.0 / 3.0) ** 2
    return 1.0 - 0.375 * total


@njit(**ENTRY)
def tetrahedral_order(
    first_cell, last_cell, x, y, z, start, cells, periodic, vectors, heights, first_radius, order
):
    """Q of the particles in cells first_cell to last_cell - 1 into order (N,), in sorted order.

    NaN for a particle without four others. Returns the sorted number of one that coincides with another, or -1.
    """
    reach = np.empty(3, np.int64)
    points, codes = candidate_space(512)
    square = np.empty(0)
    nearest = np.empty(4, np.int64)
    for cell in range(first_cell, last_cell):
        i, last = start[cell], start[cell + 1]
        radius, gathered = first_radius, 0.0
        while i < last:
            if gathered != radius:
                whole = reach_of(radius, heights, cells, periodic, reach)
                count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
                if count < 0:
                    points, codes = candidate_space(-count)
                    continue
                gathered = radius
                if square.size < count:
                    square = np.empty(2 * count)
            square_distances(x[i], y[i], z[i], points, count, crossing, square)
            if _four_nearest(square, count, nearest) > 1:
                return i
            found = nearest[3] >= 0
            if not whole and not (found and square[nearest[3]] <= radius * radius):
                radius *= 1.25  # this particle again, alone
                continue
            order[i] = _order(x[i], y[i], z[i], points, crossing, square, nearest) if found else np.nan
            i += 1
            radius = first_radius
    return -1
