"""Kernels that look at everything within a radius without keeping a list: memory constant per particle."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._cells_kernel import candidate_space, gather, reach_of, square_distances
from vitreous.structure._compiled import ENTRY, FUSED
from vitreous.structure._gaussian_kernel import exponential, select


@njit(**FUSED, fastmath={"contract"})
def _weights(square, chosen, m, length, weight):
    """exp(-r / length) of m chosen candidates; 1 if length is infinite."""
    inverse = 1.0 / length
    for k in range(m):
        weight[k] = square[chosen[k]]
    if inverse == 0.0:
        for k in range(m):
            weight[k] = 1.0
    else:
        for k in range(m):
            weight[k] = exponential(-inverse * np.sqrt(weight[k]))


@njit(**ENTRY)
def average(
    first_cell, last_cell, x, y, z, start, cells, periodic, vectors, heights, radius, length, values, averaged
):
    """Mean of each column of values (N, K), sorted, over all particles nearer than radius, self included.

    Weights are exp(-r / length), all 1 if length is infinite. NaN is left out.
    """
    columns = values.shape[1]
    reach = np.empty(3, np.int64)
    reach_of(radius, heights, cells, periodic, reach)
    points, codes = candidate_space(512)
    square, chosen, weight = np.empty(0), np.empty(0, np.int32), np.empty(0)
    total, whole = np.empty(columns), np.empty(columns)
    for cell in range(first_cell, last_cell):
        if start[cell] == start[cell + 1]:
            continue
        count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
        while count < 0:
            points, codes = candidate_space(-count)
            count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
        if square.size < count + 1:
            size = 2 * count + 1
            square, chosen, weight = np.empty(size), np.empty(size, np.int32), np.empty(size)
        for i in range(start[cell], start[cell + 1]):
            square_distances(x[i], y[i], z[i], points, count, crossing, square)
            m = select(square, count, radius * radius, chosen)
            _weights(square, chosen, m, length, weight)
            for c in range(columns):
                total[c] = 0.0
                whole[c] = 0.0
            for k in range(m):
                j, w = codes[0, chosen[k]], weight[k]
                for c in range(columns):
                    value = values[j, c]
                    known = value == value
                    total[c] += w * value if known else 0.0
                    whole[c] += w if known else 0.0
            for c in range(columns):
                averaged[i, c] = total[c] / whole[c] if whole[c] > 0.0 else np.nan


@njit(**ENTRY)
def histogram(
    first_cell, last_cell, x, y, z, start, cells, periodic, vectors, heights, radius, bins
):  # fmt: skip
    """Ordered pairs nearer than radius, counted in `bins` equal bins of their distance."""
    reach = np.empty(3, np.int64)
    reach_of(radius, heights, cells, periodic, reach)
    points, codes = candidate_space(512)
    square = np.empty(0)
    counts = np.zeros(bins, np.int64)
    for cell in range(first_cell, last_cell):
        if start[cell] == start[cell + 1]:
            continue
        count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
        while count < 0:
            points, codes = candidate_space(-count)
            count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
        if square.size < count:
            square = np.empty(2 * count)
        for i in range(start[cell], start[cell + 1]):
            square_distances(x[i], y[i], z[i], points, count, crossing, square)
            for k in range(count):
                if 0.0 < square[k] < radius * radius:
                    counts[min(int(np.sqrt(square[k]) / radius * bins), bins - 1)] += 1
    return counts
