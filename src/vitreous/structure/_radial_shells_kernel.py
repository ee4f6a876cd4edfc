"""Kernel of the radial shells: Gaussian densities of neighbours around each particle.

The distances of one particle's neighbours are sorted by species and, roughly, by length; so the neighbours that a
shell sees are consecutive, and its sum is one vector loop. What the bins let in too much is masked.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._cells_kernel import LANES, candidate_space, gather, reach_of, square_distances
from vitreous.structure._compiled import ENTRY, INNER
from vitreous.structure._gaussian_kernel import exponential, own_place, scratch, select


@njit(**INNER)
def _sort(square, chosen, m, codes, kinds, n_kinds, bins, scale, distant, r, key, begin, place, sorted_r):
    """Sort the distances of m chosen candidates by kind and bin of 1 / scale into sorted_r.

    begin (n_kinds, bins + 1) receives where each bin begins; after each kind LANES distances are `distant`.
    """
    for k in range(m):
        r[k] = np.sqrt(square[chosen[k]])
    for kind in range(n_kinds):
        for b in range(bins + 1):
            begin[kind, b] = 0
    for k in range(m):
        kind = kinds[codes[0, chosen[k]]]
        b = min(int(r[k] * scale), bins - 1)
        key[k] = kind * bins + b
        begin[kind, b + 1] += 1
    total = 0
    for kind in range(n_kinds):
        begin[kind, 0] = total
        for b in range(bins):
            place[kind * bins + b] = total
            total += begin[kind, b + 1]
            begin[kind, b + 1] = total
        for k in range(LANES):
            sorted_r[total + k] = distant
        total += LANES
    for k in range(m):
        at = place[key[k]]
        place[key[k]] = at + 1
        sorted_r[at] = r[k]


@njit(**INNER, fastmath={"contract", "reassoc", "nsz"})
def _shell(r, first, last, center, half_inverse, limit):
    """Σ exp(-half_inverse (r - center)²) over the r within limit of center, from first to, at least, last - 1."""
    padded = (last - first + LANES - 1) // LANES * LANES
    total = 0.0
    for k in range(first, first + padded):
        d = r[k] - center
        value = exponential(-half_inverse * d * d)
        total += value if abs(d) < limit else 0.0
    return total


@njit(**ENTRY)
def radial_shells(
    first_cell, last_cell, x, y, z, start, cells, periodic, vectors, heights,
    order, kinds, n_kinds, centers, width, limit, shells,
):  # fmt: skip
    """Shells (N, n_kinds * K) of the particles in cells first_cell to last_cell - 1, in their original order.

    kinds (N,) is in sorted order; a shell at centers (K,) ends at `limit` on both sides.
    """
    reached = centers.max() + limit
    # Bins of half a width: finer ones cost more to count than they save.
    bins = min(max(int(2.0 * reached / width), 1), 256)
    scale = bins / reached
    half_inverse = 0.5 / (width * width)
    begin, place = np.empty((n_kinds, bins + 1), np.int64), np.empty(n_kinds * bins, np.int64)
    reach = np.empty(3, np.int64)
    reach_of(reached, heights, cells, periodic, reach)
    points, codes = candidate_space(512)
    square, chosen = scratch(0)
    r, sorted_r, key = np.empty(0), np.empty(0), np.empty(0, np.int32)
    for cell in range(first_cell, last_cell):
        if start[cell] == start[cell + 1]:
            continue
        count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
        while count < 0:
            points, codes = candidate_space(-count)
            count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
        if square.size < count + 1:
            square, chosen = scratch(2 * count + 1)
            r, key = np.empty(2 * count), np.empty(2 * count, np.int32)
            sorted_r = np.empty(2 * count + n_kinds * LANES)
        own = own_place(start[cell], codes, count, crossing)
        for i in range(start[cell], start[cell + 1]):
            square_distances(x[i], y[i], z[i], points, count, crossing, square)
            square[own + i - start[cell]] = np.inf
            m = select(square, count, reached * reached, chosen)
            _sort(
                square, chosen, m, codes, kinds, n_kinds, bins, scale, 4.0 * reached, r, key, begin, place, sorted_r
            )  # fmt: skip
            for kind in range(n_kinds):
                for k in range(centers.size):
                    low = max(int((centers[k] - limit) * scale), 0)
                    high = min(int((centers[k] + limit) * scale), bins - 1)
                    shells[order[i], kind * centers.size + k] = _shell(
                        sorted_r, begin[kind, low], begin[kind, high + 1], centers[k], half_inverse, limit
                    )
