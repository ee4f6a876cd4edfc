"""Kernel of the smooth bond order of one particle: spherical harmonics of weighted neighbours, shell by shell.

Y_lm is N_lm p_lm(z) (x + iy)^m with p_lm a polynomial with leading coefficient 1, which follows from the two degrees
before it: p_lm = z p_{l-1,m} - β_{l-1,m} p_{l-2,m}. The loops over l and m are outside, those over the neighbours
inside, where they vectorise; the weights are multiplied by (x + iy)^m once for all l, and N_lm² enters at the end.
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
ROWS = 7
# Unit vector, weight times real and imaginary part of (x + iy)^m, p_lm and p_{l+1,m}.
_X, _Y, _Z, _C, _S, _EVEN, _ODD = 0, ROW, 2 * ROW, 3 * ROW, 4 * ROW, 5 * ROW, 6 * ROW


@njit(**INNER)
def harmonic_constants(l_max):
    """β_lm, and 4 π / (2 l + 1) N_lm², doubled for m > 0, for l = 0 to l_max + 2."""
    beta, norm = np.zeros((l_max + 3, l_max + 1)), np.zeros((l_max + 3, l_max + 1))
    sectoral = 1.0 / (4.0 * math.pi)
    for m in range(l_max + 1):
        square = sectoral
        for l in range(m, l_max + 3):
            beta[l, m] = (l**2 - m**2) / (4.0 * l**2 - 1.0)
            norm[l, m] = 4.0 * math.pi / (2.0 * l + 1.0) * square * (1.0 if m == 0 else 2.0)
            square *= (4.0 * (l + 1) ** 2 - 1.0) / ((l + 1) ** 2 - m**2)
        sectoral *= (2.0 * m + 3.0) / (2.0 * m + 2.0)
    return beta, norm


@njit(**INNER)
def _take(near, m, center, limit, first, rows):
    """Neighbours within limit of center from place `first` on, as many as a batch holds.

    Returns their number and the next place; where the weights go is their distance from the centre.
    """
    n = 0
    for k in range(first, m):
        if n == BATCH:
            return n, k
        d = near[3, k] - center
        rows[_X + n], rows[_Y + n], rows[_Z + n], rows[_C + n] = near[0, k], near[1, k], near[2, k], d
        n += abs(d) < limit
    return n, m


@njit(**FUSED, fastmath={"contract", "reassoc", "nsz"})
def _weigh(rows, n, count, half_inverse):
    """Turn distances from the centre into weights, 0 for what fills up the batch; returns the sum of the weights."""
    for k in range(n, count):
        rows[_X + k], rows[_Y + k], rows[_Z + k], rows[_C + k] = 0.0, 0.0, 0.0, 0.0
    for k in range(count):
        d = rows[_C + k]
        rows[_C + k] = exponential(-half_inverse * d * d)
    for k in range(n, count):
        rows[_C + k] = 0.0
    total = 0.0
    for k in range(count):
        total += rows[_C + k]
        rows[_S + k] = 0.0
    return total


@njit(**FUSED, fastmath={"contract"})
def _next_order(rows, count):
    """Multiply C + iS by x + iy."""
    for k in range(count):
        c, s, x, y = rows[_C + k], rows[_S + k], rows[_X + k], rows[_Y + k]
        rows[_C + k] = c * x - s * y
        rows[_S + k] = c * y + s * x


@njit(**INNER)
def _first_degrees(rows, count):
    """Begin p with 1 and z."""
    for k in range(count):
        rows[_EVEN + k] = 1.0
        rows[_ODD + k] = rows[_Z + k]


@njit(**FUSED, fastmath={"contract", "reassoc", "nsz"})
def _two_degrees(rows, count, b, b_next):
    """Sums of p_lm and p_{l+1,m} with C and S, which are returned; then p moves on by two degrees."""
    even_c, even_s, odd_c, odd_s = 0.0, 0.0, 0.0, 0.0
    for k in range(count):
        c, s, z, even, odd = rows[_C + k], rows[_S + k], rows[_Z + k], rows[_EVEN + k], rows[_ODD + k]
        even_c += even * c
        even_s += even * s
        odd_c += odd * c
        odd_s += odd * s
        even = z * odd - b * even
        rows[_EVEN + k] = even
        rows[_ODD + k] = z * even - b_next * odd
    return even_c, even_s, odd_c, odd_s


@njit(**INNER)
def _add(rows, count, beta, l_max, real, imaginary):
    """Add the sums of w p_lm (x + iy)^m over a batch to real and imaginary (l_max + 2, l_max + 1)."""
    for m in range(l_max + 1):
        if m > 0:
            _next_order(rows, count)
        _first_degrees(rows, count)
        for l in range(m, l_max + 1, 2):
            even_c, even_s, odd_c, odd_s = _two_degrees(rows, count, beta[l + 1, m], beta[l + 2, m])
            real[l, m] += even_c
            imaginary[l, m] += even_s
            real[l + 1, m] += odd_c
            imaginary[l + 1, m] += odd_s


@njit(**INNER)
def smooth_bond_order(
    near, m, centers, widths, limits, degrees, beta, norm, l_max, real, imaginary, rows, out, row, column
):
    """Write to out[row, column :] q_l of each shell and degree, from m neighbours near (4, capacity).

    Their rows are the unit vectors and the distance.
    """
    for shell in range(centers.size):
        for l in range(l_max + 2):
            for order in range(l_max + 1):
                real[l, order] = 0.0
                imaginary[l, order] = 0.0
        half_inverse = 0.5 / (widths[shell] * widths[shell])
        total = 0.0
        place = np.int64(0)
        while place < m:
            n, place = _take(near, m, centers[shell], limits[shell], place, rows)
            count = (n + LANES - 1) // LANES * LANES
            if count > 0:
                total += _weigh(rows, n, count, half_inverse)
                _add(rows, count, beta, l_max, real, imaginary)
        for k in range(degrees.size):
            l = degrees[k]
            power = 0.0
            for order in range(l + 1):
                power += norm[l, order] * (real[l, order] ** 2 + imaginary[l, order] ** 2)
            out[row, column] = math.sqrt(power) / total if total > 0.0 else np.nan
            column += 1
