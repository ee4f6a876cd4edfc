"""Kernels of bond-orientational order.

Two routes to q_l of one particle with n bonds u_j (unit vectors):

- The addition theorem: q_l² = Σ_jk P_l(u_j·u_k) / n², a sum over pairs that vectorises for any l and needs no
  spherical harmonics. Its rounding error in q_l² is of the order of 1e-16, so in q_l of 1e-16 / q_l.
- The sums Σ_j Y_lm(u_j) themselves, exact also where q_l vanishes by symmetry (odd l in a crystal), and
  cheaper for hundreds of bonds.

The first is used, and the second where the first would lose digits (q_l below SMALL) or has too many pairs.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, FUSED, INNER, LEAN, LEAN_ENTRY

SMALL = 3e-3
MANY_BONDS = 120
# Rows of pairs are padded to this many, so that the vector loop has no remainder.
_LANES = 16


@njit(**FUSED, fastmath={"contract"})
def _cosines(vectors, distances, first, n, u, cosine):
    """Cosines of the n (n - 1) / 2 angles between bonds; returns the padded count, padding is 1."""
    # u holds the bonds twice, so that row d, the pairs (j, j + d mod n), is a plain loop over j.
    for j in range(n):
        inverse = 1.0 / distances[first + j]
        for axis in range(3):
            u[axis, j] = vectors[first + j, axis] * inverse
            u[axis, n + j] = u[axis, j]
    padded = (n + _LANES - 1) // _LANES * _LANES
    for j in range(2 * n, n + n // 2 + padded):
        u[0, j] = u[1, j] = u[2, j] = 0.0
    at = 0
    for d in range(1, (n - 1) // 2 + 1):
        for j in range(padded):
            cosine[at + j] = u[0, j] * u[0, j + d] + u[1, j] * u[1, j + d] + u[2, j] * u[2, j + d]
        at += n
    if n % 2 == 0:
        d = n // 2
        for j in range(padded):
            cosine[at + j] = u[0, j] * u[0, j + d] + u[1, j] * u[1, j + d] + u[2, j] * u[2, j + d]
        at += d
    end = (at + _LANES - 1) // _LANES * _LANES
    for j in range(at, end):
        cosine[j] = 1.0
    return end


@njit(**FUSED, fastmath={"contract", "reassoc", "nsz"})
def _legendre_sums(cosine, count, beta, before, here, sums):
    """sums[l] = Σ p_l(c) over `count` cosines c, p_l the Legendre polynomials with leading coefficient 1.

    p_l = c p_{l-1} - beta_l p_{l-2}; two degrees a pass, so that neither the polynomials nor their names
    have to be moved.
    """
    total = 0.0
    for k in range(count):
        before[k] = 1.0
        here[k] = cosine[k]
        total += cosine[k]
    sums[0] = count
    sums[1] = total
    for l in range(2, sums.size, 2):
        even, odd = 0.0, 0.0
        b, b_next = beta[l], beta[l + 1]
        for k in range(count):
            value = cosine[k] * here[k] - b * before[k]
            following = cosine[k] * value - b_next * here[k]
            before[k] = value
            here[k] = following
            even += value
            odd += following
        sums[l] = even
        if l + 1 < sums.size:
            sums[l + 1] = odd


@njit(**LEAN)
def harmonic_sums(vectors, distances, first, last, real, imaginary):
    """Sums of Y_lm, 0 ≤ m ≤ l, over bonds first to last - 1 into real and imaginary (l_max + 1, l_max + 1)."""
    l_max = real.shape[0] - 1
    real[:] = 0.0
    imaginary[:] = 0.0
    for k in range(first, last):
        inverse = 1.0 / distances[k]
        ux, uy, uz = vectors[k, 0] * inverse, vectors[k, 1] * inverse, vectors[k, 2] * inverse
        sectoral = math.sqrt(1.0 / (4.0 * math.pi))
        c, s = 1.0, 0.0  # real and imaginary part of (ux + i uy)^m
        for m in range(l_max + 1):
            before, here = 0.0, sectoral
            for l in range(m, l_max + 1):
                real[l, m] += here * c
                imaginary[l, m] += here * s
                # (l + 1, m) from (l, m) and (l - 1, m), fully normalised
                a = math.sqrt((4.0 * (l + 1) ** 2 - 1.0) / ((l + 1) ** 2 - m**2))
                b = math.sqrt((l**2 - m**2) / (4.0 * l**2 - 1.0)) if l > 0 else 0.0
                before, here = here, a * (uz * here - b * before)
            sectoral *= -math.sqrt((2.0 * m + 3.0) / (2.0 * m + 2.0))
            c, s = c * ux - s * uy, c * uy + s * ux


@njit(**LEAN)
def rotation_invariant(real, imaginary, l):
    """sqrt(4 π / (2 l + 1) Σ_m |q_lm|²) from the components with m ≥ 0."""
    power = real[l, 0] ** 2
    for m in range(1, l + 1):
        power += 2.0 * (real[l, m] ** 2 + imaginary[l, m] ** 2)
    return math.sqrt(4.0 * math.pi / (2.0 * l + 1.0) * power)


@njit(**INNER)
def _monic_legendre(l_max):
    """beta_l of the recurrence, and leading coefficients of the P_l, for l = 0 to l_max + 1."""
    beta, leading = np.zeros(l_max + 2), np.ones(l_max + 2)
    for l in range(2, l_max + 2):
        beta[l] = (l - 1.0) ** 2 / ((2.0 * l - 1.0) * (2.0 * l - 3.0))
        leading[l] = leading[l - 1] * (2.0 * l - 1.0) / l
    return beta, leading


@njit(**ENTRY)
def bond_order(first, last, offsets, vectors, distances, degrees, q):
    """Q (N, len(degrees)) of particles first to last - 1, Eq. 4; NaN without neighbours."""
    l_max = max(degrees.max(), 1)
    sums = np.empty(l_max + 1)
    beta, leading = _monic_legendre(l_max)
    real, imaginary = np.empty((l_max + 1, l_max + 1)), np.empty((l_max + 1, l_max + 1))
    u = np.empty((3, 2 * MANY_BONDS + 2 * _LANES))
    size = MANY_BONDS * (MANY_BONDS - 1) // 2 + 2 * _LANES
    cosine, before, here = np.empty(size), np.empty(size), np.empty(size)
    for i in range(first, last):
        begin, n = offsets[i], offsets[i + 1] - offsets[i]
        if n == 0:
            for k in range(degrees.size):
                q[i, k] = np.nan
            continue
        exact = n > MANY_BONDS
        if not exact:
            count = _cosines(vectors, distances, begin, n, u, cosine)
            _legendre_sums(cosine, count, beta, before, here, sums)
            # Padding is c = 1, where P_l = 1; and n bonds with themselves.
            own = n - 2.0 * (count - n * (n - 1) // 2)
            for k in range(degrees.size):
                l = degrees[k]
                square = (own + 2.0 * leading[l] * sums[l]) / (n * n)
                exact = exact or square < SMALL * SMALL
                q[i, k] = math.sqrt(max(square, 0.0))
        if exact:
            harmonic_sums(vectors, distances, begin, begin + n, real, imaginary)
            for k in range(degrees.size):
                q[i, k] = rotation_invariant(real, imaginary, degrees[k]) / n


@njit(**LEAN_ENTRY, fastmath={"contract"})
def average(first, last, offsets, indices, q, averaged):
    """Mean of q (N, n) over a particle and its neighbours, Eq. 5, for particles first to last - 1."""
    n = q.shape[1]
    for i in range(first, last):
        for k in range(n):
            averaged[i, k] = q[i, k]
        for e in range(offsets[i], offsets[i + 1]):
            j = indices[e]
            for k in range(n):
                averaged[i, k] += q[j, k]
        scale = 1.0 / (offsets[i + 1] - offsets[i] + 1)
        for k in range(n):
            averaged[i, k] *= scale


@njit(**LEAN_ENTRY)
def components(first, last, offsets, vectors, distances, l_max, q_lm):
    """q_lm (N, 2, l_max + 1, l_max + 1), real and imaginary, Eq. 3, of particles first to last - 1."""
    for i in range(first, last):
        harmonic_sums(vectors, distances, offsets[i], offsets[i + 1], q_lm[i, 0], q_lm[i, 1])
        q_lm[i] /= offsets[i + 1] - offsets[i]


@njit(**ENTRY)
def lechner_dellago(first, last, offsets, indices, q_lm, degrees, q):
    """Q (N, len(degrees)) from q_lm averaged over a particle and its neighbours."""
    mean = np.empty(q_lm.shape[1:])
    for i in range(first, last):
        mean[:] = q_lm[i]
        for e in range(offsets[i], offsets[i + 1]):
            mean += q_lm[indices[e]]
        mean /= offsets[i + 1] - offsets[i] + 1
        for k in range(degrees.size):
            q[i, k] = rotation_invariant(mean[0], mean[1], degrees[k])
