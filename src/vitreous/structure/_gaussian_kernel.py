"""An exponential that vectorises, how far a Gaussian goes, and the choice of who is near."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import FUSED, INNER

# A Gaussian ends this many widths from its centre; what lies beyond would count less than 3e-7.
CUTOFF = 5.5
# Added to a number below 2^51 this leaves its nearest whole number in the last bits.
_ROUND = 6755399441055744.0
_LOG2_E = 1.4426950408889634
# ln 2 in two parts, so that multiples of the first are exact.
_LN2_HIGH, _LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10


@njit(**FUSED, fastmath={"contract"})
def exponential(x):
    """exp(x) for |x| ≤ 700, to 1e-15 of itself: 2^n by shifting bits, the rest by its Taylor series."""
    shifted = x * _LOG2_E + _ROUND
    n = shifted - _ROUND
    y = x - n * _LN2_HIGH - n * _LN2_LOW
    p = y * (1.0 / 479001600.0) + 1.0 / 39916800.0
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
    power = np.float64(shifted).view(np.int64) << 52
    return np.int64(np.float64(p).view(np.int64) + power).view(np.float64)


@njit(**INNER)
def select(square, count, limit, chosen):
    """Places of the candidates with square < limit; returns how many there are."""
    m = 0
    for k in range(count):  # no branch: a wrong guess costs more than the store
        chosen[m] = k
        m += square[k] < limit
    return m
