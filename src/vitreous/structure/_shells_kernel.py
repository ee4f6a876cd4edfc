"""Kernel that walks over the cells once and describes each particle by shells of its neighbours, radial and angular."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._cells_kernel import (
    NO_IMAGE,
    candidate_space,
    gather,
    reach_of,
    square_distances,
)
from vitreous.structure._compiled import ENTRY, INNER
from vitreous.structure._gaussian_kernel import select
from vitreous.structure._radial_shells_kernel import radial_shells
from vitreous.structure._smooth_bond_order_kernel import ROW, ROWS, harmonic_constants, smooth_bond_order


@njit(**INNER)
def _own_place(particle, codes, count, crossing):
    """Where, among what `gather` found, the particle itself is, not an image of it."""
    for k in range(count):
        if codes[0, k] == particle and (not crossing or codes[1, k] == NO_IMAGE):
            return k
    return -1


@njit(**INNER)
def _distances(square, chosen, m, codes, kinds, distances, their_kinds):
    """Distances and kinds of m chosen candidates."""
    for k in range(m):
        distances[k] = square[chosen[k]]
        their_kinds[k] = kinds[codes[0, chosen[k]]]
    for k in range(m):
        distances[k] = np.sqrt(distances[k])


@njit(**INNER)
def _directions(xi, yi, zi, points, crossing, chosen, distances, m, limit, near):
    """Unit vectors to, and distances of, the chosen candidates nearer than limit, into near (4, capacity).

    Returns how many there are, and how many of these are at distance 0.
    """
    n, zeros = 0, 0
    for k in range(m):
        at = chosen[k]
        near[0, n], near[1, n], near[2, n] = points[0, at] - xi, points[1, at] - yi, points[2, at] - zi
        if crossing:
            near[0, n] += points[3, at]
            near[1, n] += points[4, at]
            near[2, n] += points[5, at]
        near[3, n] = distances[k]
        n += distances[k] < limit
    for k in range(n):
        zeros += near[3, k] == 0.0
        inverse = 1.0 / near[3, k]
        near[0, k] *= inverse
        near[1, k] *= inverse
        near[2, k] *= inverse
    return n, zeros


@njit(**INNER)
def _space(size):
    """Room for what is kept of `size` candidates."""
    return (
        np.empty(size), np.empty(size, np.int32), np.empty(size), np.empty(size, np.int32), np.empty((4, size))
    )  # fmt: skip


@njit(**ENTRY)
def describe(
    first_cell, last_cell, x, y, z, start, cells, periodic, vectors, heights,
    order, kinds, n_kinds, radial, radii, step, width, angular, centers, widths, limits, degrees, l_max, out,
):  # fmt: skip
    """Rows of out (N, n_kinds * K + shells * L), in original order, of the particles in first_cell to last_cell - 1.

    kinds (N,) are in sorted order. Radial shells are at radii (K,), with one width, and sum over everybody nearer than
    `radial`; bond order is in shells centers, widths and limits (shells,), none of which goes beyond `angular`, of
    degrees (L,) up to l_max.
    Returns the sorted number of a particle that coincides with another one, if bond order is asked for, or -1.
    """
    beta, norm = harmonic_constants(l_max)
    real, imaginary = np.empty((l_max + 2, l_max + 1)), np.empty((l_max + 2, l_max + 1))
    rows = np.empty(ROWS * ROW)
    column = n_kinds * radii.size
    farthest = max(radial, angular)
    reach = np.empty(3, np.int64)
    reach_of(farthest, heights, cells, periodic, reach)
    points, codes = candidate_space(512)
    square, chosen, distances, their_kinds, near = _space(np.int64(0))
    for cell in range(first_cell, last_cell):
        if start[cell] == start[cell + 1]:
            continue
        count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
        while count < 0:
            points, codes = candidate_space(-count)
            count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
        if square.size < count + 1:
            square, chosen, distances, their_kinds, near = _space(2 * count + 1)
        own = _own_place(start[cell], codes, count, crossing) - start[cell]
        for i in range(start[cell], start[cell + 1]):
            square_distances(x[i], y[i], z[i], points, count, crossing, square)
            square[own + i] = np.inf
            m = select(square, count, farthest * farthest, chosen)
            _distances(square, chosen, m, codes, kinds, distances, their_kinds)
            if radii.size > 0:
                radial_shells(
                    distances, their_kinds, m, n_kinds, radial, radii, step, width, rows, out, order[i]
                )
            if centers.size > 0:
                n, zeros = _directions(
                    x[i], y[i], z[i], points, crossing, chosen, distances, m, angular, near
                )
                if zeros > 0:
                    return i
                smooth_bond_order(
                    near, n, centers, widths, limits, degrees, beta, norm, l_max, real, imaginary, rows,
                    out, order[i], column,
                )  # fmt: skip
    return -1
