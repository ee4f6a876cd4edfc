"""Kernels that look at everything within a radius without keeping a list: memory constant per particle."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._cells_kernel import candidate_space, gather, reach_of, square_distances
from vitreous.structure._compiled import ENTRY


@njit(**ENTRY)
def average(
    first_cell, last_cell, x, y, z, start, cells, periodic, vectors, heights, radius, values, averaged
):
    """Mean of values (N,), sorted, over all particles nearer than radius, self included; NaN is left out."""
    reach = np.empty(3, np.int64)
    reach_of(radius, heights, cells, periodic, reach)
    points, codes = candidate_space(512)
    square = np.empty(0)
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
            total = 0.0
            number = 0
            for k in range(count):
                if square[k] < radius * radius:
                    value = values[codes[0, k]]
                    if not np.isnan(value):
                        total += value
                        number += 1
            averaged[i] = total / number if number > 0 else np.nan


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
