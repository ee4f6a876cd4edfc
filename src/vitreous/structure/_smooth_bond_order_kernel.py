"""Kernel of the smooth bond order: spherical harmonics of weighted neighbours, summed shell by shell.

Y_lm is N_lm p_lm(z) (x + iy)^m with p_lm a polynomial with leading coefficient 1, which follows from the two degrees
before it: p_lm = z p_{l-1,m} - β_{l-1,m} p_{l-2,m}. The loops over l and m are outside, those over the neighbours
inside, where they vectorise; the weights are multiplied by (x + iy)^m once for all l, and N_lm² enters at the end.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from vitreous.structure._cells_kernel import LANES, candidate_space, gather, reach_of, square_distances
from vitreous.structure._compiled import ENTRY, INNER
from vitreous.structure._gaussian_kernel import exponential, own_place, scratch, select

# Rows of the table of neighbours of one particle: unit vector and distance.
_X, _Y, _Z, _R = 0, 1, 2, 3
# Rows of the table of one shell: unit vector, weight times real and imaginary part of (x + iy)^m, p_lm and p_{l+1,m}.
_C, _S, _EVEN, _ODD, _ROWS = 3, 4, 5, 6, 7


@njit(**INNER)
def _norms(l_max):
    """β_lm, and 4 π / (2 l + 1) N_lm², doubled for m > 0, for l = 0 to l_max + 1."""
    beta, norm = np.zeros((l_max + 3, l_max + 1)), np.zeros((l_max + 2, l_max + 1))
    sectoral = 1.0 / (4.0 * math.pi)
    for m in range(l_max + 1):
        square = sectoral
        for l in range(m, l_max + 2):
            norm[l, m] = 4.0 * math.pi / (2.0 * l + 1.0) * square * (1.0 if m == 0 else 2.0)
            square *= (4.0 * (l + 1) ** 2 - 1.0) / ((l + 1) ** 2 - m**2)
        for l in range(m + 1, l_max + 3):
            beta[l, m] = (l**2 - m**2) / (4.0 * l**2 - 1.0)
        sectoral *= (2.0 * m + 3.0) / (2.0 * m + 2.0)
    return beta, norm


@njit(**INNER, fastmath={"contract"})
def _directions(xi, yi, zi, points, crossing, chosen, m, near):
    """Unit vectors and distances to m chosen candidates into near (4, capacity); returns the least distance."""
    least = np.inf
    for k in range(m):
        at = chosen[k]
        dx, dy, dz = points[0, at] - xi, points[1, at] - yi, points[2, at] - zi
        if crossing:
            dx, dy, dz = dx + points[3, at], dy + points[4, at], dz + points[5, at]
        r = np.sqrt(dx * dx + dy * dy + dz * dz)
        near[_X, k], near[_Y, k], near[_Z, k], near[_R, k] = dx / r, dy / r, dz / r, r
        least = min(least, r)
    return least


@njit(**INNER)
def _shell(near, m, center, half_inverse, limit, table):
    """Fill the table with the neighbours within limit of center, padded to LANES; returns padded count, Σ weights."""
    n = 0
    for k in range(m):
        table[_X, n], table[_Y, n], table[_Z, n] = near[_X, k], near[_Y, k], near[_Z, k]
        d = near[_R, k] - center
        table[_S, n] = -half_inverse * d * d
        n += abs(d) < limit
    padded = (n + LANES - 1) // LANES * LANES
    for k in range(n, padded):
        table[_X, k], table[_Y, k], table[_Z, k], table[_S, k] = 0.0, 0.0, 0.0, 0.0
    for k in range(padded):
        table[_C, k] = exponential(table[_S, k])
    for k in range(n, padded):
        table[_C, k] = 0.0
    total = 0.0
    for k in range(n):
        total += table[_C, k]
    for k in range(padded):
        table[_S, k] = 0.0
    return padded, total


@njit(**INNER, fastmath={"contract"})
def _next_m(table, count):
    """Multiply C + iS by x + iy, and begin p with 1 and z."""
    for k in range(count):
        c, s = table[_C, k], table[_S, k]
        table[_C, k] = c * table[_X, k] - s * table[_Y, k]
        table[_S, k] = c * table[_Y, k] + s * table[_X, k]


@njit(**INNER)
def _begin(table, count):
    for k in range(count):
        table[_EVEN, k] = 1.0
        table[_ODD, k] = table[_Z, k]


@njit(**INNER, fastmath={"contract", "reassoc", "nsz"})
def _two_degrees(table, count, b, b_next):
    """Sums of p_lm and p_{l+1,m} with C and S, which are returned; then p moves on by two degrees."""
    even_c, even_s, odd_c, odd_s = 0.0, 0.0, 0.0, 0.0
    for k in range(count):
        c, s, z, even, odd = table[_C, k], table[_S, k], table[_Z, k], table[_EVEN, k], table[_ODD, k]
        even_c += even * c
        even_s += even * s
        odd_c += odd * c
        odd_s += odd * s
        even = z * odd - b * even
        table[_EVEN, k] = even
        table[_ODD, k] = z * even - b_next * odd
    return even_c, even_s, odd_c, odd_s


@njit(**INNER)
def _powers(table, count, l_max, beta, norm, power):
    """Write to power (l_max + 2,) 4 π / (2 l + 1) Σ_m |Σ_j w_j Y_lm|²."""
    for l in range(l_max + 2):
        power[l] = 0.0
    for m in range(l_max + 1):
        if m > 0:
            _next_m(table, count)
        _begin(table, count)
        for l in range(m, l_max + 1, 2):
            even_c, even_s, odd_c, odd_s = _two_degrees(table, count, beta[l + 1, m], beta[l + 2, m])
            power[l] += norm[l, m] * (even_c * even_c + even_s * even_s)
            power[l + 1] += norm[l + 1, m] * (odd_c * odd_c + odd_s * odd_s)


@njit(**ENTRY)
def smooth_bond_order(
    first_cell, last_cell, x, y, z, start, cells, periodic, vectors, heights,
    order, centers, widths, limits, degrees, q,
):  # fmt: skip
    """Q (N, shells * len(degrees)) of the particles in cells first_cell to last_cell - 1, in their original order.

    Shells are centers, widths and limits (shells,). Returns the sorted number of a particle that coincides with
    another one, or -1.
    """
    l_max = degrees.max()
    beta, norm = _norms(l_max)
    power = np.empty(l_max + 2)
    reached = (centers + limits).max()
    reach = np.empty(3, np.int64)
    reach_of(reached, heights, cells, periodic, reach)
    points, codes = candidate_space(512)
    square, chosen = scratch(0)
    near, table = np.empty((4, 0)), np.empty((_ROWS, 0))
    for cell in range(first_cell, last_cell):
        if start[cell] == start[cell + 1]:
            continue
        count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
        while count < 0:
            points, codes = candidate_space(-count)
            count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
        if square.size < count + 1:
            square, chosen = scratch(2 * count + 1)
            near, table = np.empty((4, 2 * count)), np.empty((_ROWS, 2 * count + LANES))
        own = own_place(start[cell], codes, count, crossing)
        for i in range(start[cell], start[cell + 1]):
            square_distances(x[i], y[i], z[i], points, count, crossing, square)
            square[own + i - start[cell]] = np.inf
            m = select(square, count, reached * reached, chosen)
            if _directions(x[i], y[i], z[i], points, crossing, chosen, m, near) == 0.0:
                return i
            for shell in range(centers.size):
                half_inverse = 0.5 / widths[shell] ** 2
                padded, total = _shell(near, m, centers[shell], half_inverse, limits[shell], table)
                if padded > 0:
                    _powers(table, padded, l_max, beta, norm, power)
                for k in range(degrees.size):
                    q[order[i], shell * degrees.size + k] = (
                        math.sqrt(power[degrees[k]]) / total if padded > 0 else np.nan
                    )
    return -1
