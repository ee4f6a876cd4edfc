"""Kernel that counts the tetrahedra of bonds around each particle."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY
from vitreous.structure.tcc._sets_kernel import ZERO, count, set_bits


@njit(**ENTRY)
def tetrahedra_count(first, last, bonds, numbers):
    """Sets of three neighbours bonded to each other, of particles first to last - 1; bonds as in Bonds.table."""
    n, width = bonds.shape
    bit = np.zeros(n + 1, np.uint64)
    shared = np.zeros(width, np.uint64)
    for i in range(first, last):
        set_bits(bonds, i, bit)
        degree = 0
        while bonds[i, degree] >= 0:  # every row of the table ends with -1
            shared[degree] = ZERO
            for g in range(width):
                p = bonds[bonds[i, degree], g]
                if p < 0:
                    break
                shared[degree] |= bit[p]
            degree += 1
        number = 0
        for e in range(degree):
            for f in range(e):
                if shared[e] & bit[bonds[i, f]]:
                    number += count(shared[e] & shared[f])
        numbers[i] = number // 3  # once for each pair of the three
        set_bits(bonds, i, bit, ZERO)
