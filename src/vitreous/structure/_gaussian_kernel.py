"""What the kernels of Gaussian shells share: the neighbours of one particle, and an exponential that vectorises."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._cells_kernel import NO_IMAGE
from vitreous.structure._compiled import INNER

# A Gaussian ends this many widths from its centre; what lies beyond would count less than 3e-7.
CUTOFF = 5.5


@njit(**INNER, fastmath={"contract"})
def exponential(x):
    """exp(x) for |x| ≤ 16, to 1e-13 of itself: a Taylor series of x / 32, squared five times."""
    y = x * 0.03125
    p = y * (1.0 / 6227020800.0) + 1.0 / 479001600.0
    p = p * y + 1.0 / 39916800.0
    p = p * y + 1.0 / 3628800.0
    p = p * y + 1.0 / 362880.0
    p = p * y + 1.0 / 40320.0
    p = p * y + 1.0 / 5040.0
    p = p * y + 1.0 / 720.0
    p = p * y + 1.0 / 120.0
    p = p * y + 1.0 / 24.0
    p = p * y + 1.0 / 6.0
    p = p * y + 0.5
    p = p * y + 1.0
    p = p * y + 1.0
    p *= p
    p *= p
    p *= p
    p *= p
    return p * p


@njit(**INNER)
def own_place(particle, codes, count, crossing):
    """Where, among what `gather` found, the particle itself is, not an image of it."""
    for k in range(count):
        if codes[0, k] == particle and (not crossing or codes[1, k] == NO_IMAGE):
            return k
    return -1


@njit(**INNER)
def select(square, count, limit, chosen):
    """Places of the candidates with square < limit; returns how many there are."""
    m = 0
    for k in range(count):  # no branch: a wrong guess costs more than the store
        chosen[m] = k
        m += square[k] < limit
    return m


@njit(**INNER)
def scratch(size):
    """Room for the squared distances and the places of `size` candidates."""
    return np.empty(size), np.empty(size, np.int32)
