"""Kernels that compare the bond-orientational order of neighbours."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from vitreous.structure._bond_order_kernel import harmonic_sums
from vitreous.structure._compiled import ENTRY


@njit(**ENTRY)
def directions(first, last, offsets, vectors, distances, l, direction):
    """Unit vectors (N, 2 l + 1) along q_l of particles first to last - 1; 0 where q_l vanishes.

    The components of q_l with m < 0 are those with m > 0 but for conjugation and sign, so that the complex
    scalar product of two q_l is real, and equals that of the real vectors (q_l0, √2 Re q_l1, √2 Im q_l1, ...).
    """
    real, imaginary = np.empty((l + 1, l + 1)), np.empty((l + 1, l + 1))
    for i in range(first, last):
        harmonic_sums(vectors, distances, offsets[i], offsets[i + 1], real, imaginary)
        square = real[l, 0] ** 2
        for m in range(1, l + 1):
            square += 2.0 * (real[l, m] ** 2 + imaginary[l, m] ** 2)
        scale = 1.0 / math.sqrt(square) if square > 0.0 else 0.0
        direction[i, 0] = scale * real[l, 0]
        for m in range(1, l + 1):
            direction[i, 2 * m - 1] = scale * math.sqrt(2.0) * real[l, m]
            direction[i, 2 * m] = scale * math.sqrt(2.0) * imaginary[l, m]


@njit(**ENTRY)
def count_aligned(first, last, offsets, indices, direction, threshold, count):
    """Neighbours of particles first to last - 1 whose direction has a scalar product above threshold."""
    for i in range(first, last):
        aligned = 0
        for e in range(offsets[i], offsets[i + 1]):
            j = indices[e]
            product = 0.0
            for k in range(direction.shape[1]):
                product += direction[i, k] * direction[j, k]
            if product > threshold:
                aligned += 1
        count[i] = aligned
