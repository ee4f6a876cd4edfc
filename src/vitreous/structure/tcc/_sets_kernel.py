"""Small sets of particles, which are stretches of a row of an array; bonds between them; rows that grow.

Rows are named by array and number: a view of a row would cost more than most of what is done with it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, INNER

# Bonds of a particle are compared so many at a time: a vector register holds that many.
LANES = 8


@njit(**INNER, inline="always")
def bonded(bonds, i, j):
    """Whether particles i and j are bonded; bonds (N, W) int32 as in Bonds.table, W a multiple of LANES."""
    found = False
    for k in range(bonds.shape[1]):  # without a branch, so that whole vectors are compared
        found |= bonds[i, k] == j
    return found


@njit(**INNER)
def degree(bonds, i):
    """Number of particles bonded to i."""
    number = 0
    for k in range(bonds.shape[1]):
        number += bonds[i, k] >= 0
    return number


@njit(**INNER, inline="always")
def holds(rows, i, start, stop, particle):
    """Whether rows[i, start:stop] holds the particle."""
    for k in range(start, stop):
        if rows[i, k] == particle:
            return True
    return False


@njit(**INNER)
def count_shared(a, i, a_start, a_stop, b, j, b_start, b_stop):
    """How many particles of a[i, a_start:a_stop] are in b[j, b_start:b_stop]."""
    number = 0
    for k in range(a_start, a_stop):
        number += holds(b, j, b_start, b_stop, a[i, k])
    return number


@njit(**INNER)
def count_bonds(bonds, particle, rows, i, start, stop):
    """How many particles of rows[i, start:stop] are bonded to the particle."""
    number = 0
    for k in range(start, stop):
        number += bonded(bonds, particle, rows[i, k])
    return number


@njit(**INNER, inline="always")
def both_bonded(bonds, p, q, particle):
    """Whether the particle is bonded to p and to q."""
    return bonded(bonds, particle, p) and bonded(bonds, particle, q)


@njit(**INNER, inline="always")
def other(rows, i, first, particle):
    """That of rows[i, first] and rows[i, first + 1] which is not the particle."""
    return rows[i, first + 1] if rows[i, first] == particle else rows[i, first]


@njit(**INNER, inline="always")
def append_new(rows, i, start, used, particle):
    """Append the particle to rows[i, start:used] if it is not there; returns the new end, even beyond the row."""
    if holds(rows, i, start, min(used, rows.shape[1]), particle):
        return used
    if used < rows.shape[1]:
        rows[i, used] = particle
    return used + 1


@njit(**INNER)
def no_rows(columns, number):
    """Room for the first rows of a result, of which about as many are expected."""
    return np.empty((64 + number, columns), np.int32)


@njit(**INNER, inline="always")
def with_room(rows, used):
    """The rows, with room for another after the first `used`."""
    if used < len(rows):
        return rows
    more = np.empty((2 * len(rows), rows.shape[1]), np.int32)
    for i in range(used):
        for k in range(rows.shape[1]):
            more[i, k] = rows[i, k]
    return more


@njit(**ENTRY)
def belonging(rows, first, last, n):
    """Which rows have a particle in rows[:, first:last]: starts (n + 1,), and their numbers, ascending."""
    starts = np.zeros(n + 1, np.int64)
    for i in range(len(rows)):
        for k in range(first, last):
            starts[rows[i, k] + 1] += 1
    for particle in range(n):
        starts[particle + 1] += starts[particle]
    place = starts[:-1].copy()
    where = np.empty(len(rows) * (last - first), np.int32)
    for i in range(len(rows)):
        for k in range(first, last):
            where[place[rows[i, k]]] = i
            place[rows[i, k]] += 1
    return starts, where


@njit(**ENTRY)
def mark(rows, marks):
    """Mark (N,) bool the particles in the rows."""
    for i in range(rows.shape[0]):
        for k in range(rows.shape[1]):
            marks[rows[i, k]] = True


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
