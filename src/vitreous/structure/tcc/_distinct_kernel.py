"""Kernel that finds rows that were not there before."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, INNER


@njit(**INNER)
def _equal(rows, i, j):
    for k in range(rows.shape[1]):
        if rows[i, k] != rows[j, k]:
            return False
    return True


@njit(**ENTRY)
def first_of_each(rows):
    """Numbers (K,) of the rows (n, size) int32 that equal no earlier one, ascending."""
    n, size = rows.shape
    slots = 16
    while slots < 2 * n:
        slots *= 2
    # A hash table with open addressing; rows are compared themselves, so that no collision is taken for equality.
    taken = np.full(slots, -1, np.int64)
    first = np.empty(n, np.int64)
    count = 0
    for i in range(n):
        value = np.uint64(1469598103934665603)
        for k in range(size):
            value = (value ^ np.uint64(rows[i, k])) * np.uint64(1099511628211)
            value ^= value >> np.uint64(29)
        slot = np.int64(value & np.uint64(slots - 1))
        while taken[slot] >= 0 and not _equal(rows, taken[slot], i):
            slot = (slot + 1) & (slots - 1)
        if taken[slot] < 0:
            taken[slot] = i
            first[count] = i
            count += 1
    return first[:count]
