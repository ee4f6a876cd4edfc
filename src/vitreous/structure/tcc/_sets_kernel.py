"""Small sets of particles, bonds between them, and rows that grow.

A set is a stretch of a row of an array, or bits: those of an integer stand for the neighbours of one particle in the
order of its bonds. Rows are named by array and number: a view would cost more than most of what is done with it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, LEAN, LEAN_ENTRY

# Bonds of a particle are compared so many at a time: a vector register holds that many.
LANES = 8

ZERO, _ONE = np.uint64(0), np.uint64(1)
_PAIRS, _FOURS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
_EIGHTS, _SUM = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x0101010101010101)


@njit(**LEAN, inline="always")
def count(bits):
    """Number of bits that are set; compiles to one instruction."""
    bits = bits - ((bits >> _ONE) & _PAIRS)
    bits = (bits & _FOURS) + ((bits >> np.uint64(2)) & _FOURS)
    return np.int64((((bits + (bits >> np.uint64(4))) & _EIGHTS) * _SUM) >> np.uint64(56))


@njit(**LEAN, inline="always")
def lowest(bits):
    """Number of the lowest bit that is set."""
    return count((bits & (~bits + _ONE)) - _ONE)


@njit(**LEAN, inline="always")
def set_bits(bonds, i, bit, one=_ONE):
    """Write to bit[j] that of j among the neighbours of i, or zero if `one` is zero; bit (N + 1,) ends with a zero."""
    for e in range(bonds.shape[1]):
        bit[bonds[i, e]] = one << np.uint64(e)
    bit[-1] = ZERO  # for nobody, -1


@njit(**LEAN, inline="always")
def bonded(bonds, i, j):
    """Whether particles i and j are bonded; bonds (N, W) int32 as in Bonds.table, W a multiple of LANES."""
    found = False
    for k in range(bonds.shape[1]):  # without a branch, so that whole vectors are compared
        found |= bonds[i, k] == j
    return found


@njit(**LEAN)
def degree(bonds, i):
    """Number of particles bonded to i."""
    number = 0
    for k in range(bonds.shape[1]):
        number += bonds[i, k] >= 0
    return number


@njit(**LEAN, inline="always")
def holds(rows, i, start, stop, particle):
    """Whether rows[i, start:stop] holds the particle."""
    for k in range(start, stop):
        if rows[i, k] == particle:
            return True
    return False


@njit(**LEAN)
def count_shared(a, i, a_start, a_stop, b, j, b_start, b_stop):
    """How many particles of a[i, a_start:a_stop] are in b[j, b_start:b_stop]."""
    number = 0
    for k in range(a_start, a_stop):
        for l in range(b_start, b_stop):
            number += a[i, k] == b[j, l]
    return number


@njit(**LEAN)
def count_bonds(bonds, particle, rows, i, start, stop):
    """How many particles of rows[i, start:stop] are bonded to the particle."""
    number = 0
    for k in range(start, stop):
        number += bonded(bonds, particle, rows[i, k])
    return number


@njit(**LEAN, inline="always")
def other(rows, i, first, particle):
    """That of rows[i, first] and rows[i, first + 1] which is not the particle."""
    return rows[i, first + 1] if rows[i, first] == particle else rows[i, first]


@njit(**LEAN, inline="always")
def append_new(rows, i, start, used, particle):
    """Append the particle to rows[i, start:used] if it is not there; returns the new end, even beyond the row."""
    if holds(rows, i, start, min(used, rows.shape[1]), particle):
        return used
    if used < rows.shape[1]:
        rows[i, used] = particle
    return used + 1


@njit(**LEAN, inline="always")
def beside(shared, centre, x):
    """The particles bonded to the first of a pair, and those to the second; all are neighbours of the centre."""
    return shared[centre, lowest(x)], shared[centre, lowest(x & (x - _ONE))]


@njit(**LEAN, inline="always")
def write(bonds, centre, bits, rows, at, column):
    """Write to rows[at, column:] a set of neighbours of the centre; returns where it ends, even beyond the row."""
    while bits:
        rows[at, min(column, rows.shape[1] - 1)] = bonds[centre, lowest(bits)]
        bits &= bits - _ONE
        column += 1
    return column


@njit(**ENTRY)
def common(first, last, bonds):
    """For particles first to last - 1 and the neighbours of each (n, W): which other neighbours these are bonded to."""
    shared = np.empty((last - first, bonds.shape[1]), np.uint64)
    _common(first, last, bonds, np.zeros(len(bonds) + 1, np.uint64), shared)
    return (shared,)


@njit(**LEAN)
def _common(first, last, bonds, bit, shared):
    for i in range(first, last):
        set_bits(bonds, i, bit)
        for e in range(bonds.shape[1]):
            a, bits = bonds[i, e], ZERO
            if a >= 0:
                for g in range(bonds.shape[1]):
                    bits |= bit[bonds[a, g]]
            shared[i - first, e] = bits
        set_bits(bonds, i, bit, ZERO)


@njit(**ENTRY)
def belonging(rows, m, first, last, bonds):
    """Which clusters, rings of m and then spindles, have a particle in rows[:, first:last], and how they lie around it.

    Returns starts (N + 1,); their numbers, ascending; for each number bits (2,), the ring particles and the spindles
    that are neighbours of the particle; and for each number the first of its spindles that is not the particle, or -1.
    """
    starts = np.zeros(len(bonds) + 1, np.int64)
    number = len(rows) * (last - first)
    where, outer, around = (
        np.empty(number, np.int32),
        np.empty(number, np.int32),
        np.empty((number, 2), np.uint64),
    )
    _belonging(rows, m, first, last, bonds, np.zeros(len(bonds) + 1, np.uint64), starts, where, around, outer)
    return starts, where, around, outer


@njit(**LEAN)  # written out, since loops over so few make the compiler think of vectors
def _belonging(rows, m, first, last, bonds, bit, starts, where, around, outer):
    for i in range(len(rows)):
        for k in range(first, last):
            starts[rows[i, k]] += 1
    total = 0
    for particle in range(len(starts)):
        total += starts[particle]
        starts[particle] = total
    for i in range(len(rows) - 1, -1, -1):
        for k in range(first, last):
            starts[rows[i, k]] -= 1
            where[starts[rows[i, k]]] = i
    for particle in range(len(bonds)):
        if starts[particle] == starts[particle + 1]:
            continue
        set_bits(bonds, particle, bit)
        for e in range(starts[particle], starts[particle + 1]):
            i, spindles, outer[e] = where[e], ZERO, -1
            ring = bit[rows[i, 0]] | bit[rows[i, 1]] | bit[rows[i, 2]]
            if m > 3:
                ring |= bit[rows[i, 3]]
            if m > 4:
                ring |= bit[rows[i, 4]]
            if rows.shape[1] > m:
                spindles = bit[rows[i, m]]
                outer[e] = rows[i, m] if rows[i, m] != particle else -1
            if rows.shape[1] > m + 1:
                spindles |= bit[rows[i, m + 1]]
                outer[e] = rows[i, m] if rows[i, m] != particle else rows[i, m + 1]
            around[e, 0], around[e, 1] = ring, spindles
        set_bits(bonds, particle, bit, ZERO)


@njit(**ENTRY)
def other_faces(rows, bonds):
    """Which 5As (sp3c) have rings on the tetrahedra of the others: (n, 2, 3), or -1.

    [i, s, k] has in its ring that spindle of i which is in column 3 + s, and the ring of i but for column k,
    which is one of its spindles. Both have that tetrahedron, which is looked for around its lowest particle.
    """
    faces = np.full((len(rows), 2, 3), -1, np.int32)
    starts = np.zeros(len(bonds) + 1, np.int64)
    tetrahedra, around = np.empty(2 * len(rows), np.int32), np.empty(2 * len(rows), np.uint64)
    _match_faces(rows, bonds, starts, tetrahedra, around, np.zeros(len(bonds) + 1, np.uint64), faces)
    return faces


@njit(**LEAN)
def _match_faces(rows, bonds, starts, tetrahedra, around, bit, faces):
    for t in range(2 * len(rows)):
        starts[_lowest_of_four(rows, t)] += 1
    used = 0
    for particle in range(len(starts)):
        used += starts[particle]
        starts[particle] = used
    for t in range(2 * len(rows)):
        particle = _lowest_of_four(rows, t)
        starts[particle] -= 1
        tetrahedra[starts[particle]] = t
    for particle in range(len(bonds)):
        first, last = starts[particle], starts[particle + 1]
        if last - first < 2:
            continue
        set_bits(bonds, particle, bit)
        for e in range(first, last):
            i, s = tetrahedra[e] >> 1, tetrahedra[e] & 1
            around[e] = bit[rows[i, 0]] | bit[rows[i, 1]] | bit[rows[i, 2]] | bit[rows[i, 3 + s]]
            for f in range(first, e):
                if around[f] == around[e]:
                    j, t = tetrahedra[f] >> 1, tetrahedra[f] & 1
                    faces[i, s, _column_of_three(rows, i, rows[j, 3 + t])] = j
                    faces[j, t, _column_of_three(rows, j, rows[i, 3 + s])] = i
        set_bits(bonds, particle, bit, ZERO)


@njit(**LEAN, inline="always")
def _lowest_of_four(rows, t):
    i = t >> 1
    return min(min(rows[i, 0], rows[i, 1]), min(rows[i, 2], rows[i, 3 + (t & 1)]))


@njit(**LEAN, inline="always")
def _column_of_three(rows, i, particle):
    return int(rows[i, 1] == particle) + 2 * int(rows[i, 2] == particle)


@njit(**LEAN_ENTRY)
def mark(rows, marks):
    """Mark (N,) bool the particles in the rows."""
    for k in range(rows.size):
        marks[np.uint64(rows.flat[k])] = True


@njit(**ENTRY)
def sorted_columns(rows, number):
    """The first columns of rows, each row ascending; quick for few."""
    found = np.empty((len(rows), number), np.int32)
    for i in range(len(rows)):
        for k in range(number):
            value, place = rows[i, k], k
            while place > 0 and found[i, place - 1] > value:
                found[i, place] = found[i, place - 1]
                place -= 1
            found[i, place] = value
    return found


@njit(**ENTRY)
def chosen_rows(rows, chosen, first, last):
    """Columns first to last - 1 of those rows."""
    found = np.empty((len(chosen), last - first), np.int32)
    for i in range(len(chosen)):
        for k in range(last - first):
            found[i, k] = rows[chosen[i], first + k]
    return found


@njit(**ENTRY)
def first_of_each(rows):
    """Numbers (K,) of the rows (n, size) int32 that equal no earlier one, ascending."""
    slots = 16
    while slots < 2 * len(rows):
        slots *= 2
    first = np.empty(len(rows), np.int64)
    count = _first_of_each(rows, np.full(slots, -1, np.int32), first)
    return first[:count]


@njit(**LEAN)
def _first_of_each(rows, taken, first):
    # A hash table with open addressing; rows are compared themselves, so that no collision is taken for equality.
    count = 0
    for i in range(len(rows)):
        value = np.uint64(1469598103934665603)
        for k in range(rows.shape[1]):
            value = (value ^ np.uint64(rows[i, k])) * np.uint64(1099511628211)
            value ^= value >> np.uint64(29)
        slot = value & np.uint64(len(taken) - 1)
        while taken[slot] >= 0 and not _equal(rows, taken[slot], i):
            slot = (slot + _ONE) & np.uint64(len(taken) - 1)
        if taken[slot] < 0:
            taken[slot] = i
            first[count] = i
            count += 1
    return count


@njit(**LEAN)
def _equal(rows, i, j):
    for k in range(rows.shape[1]):
        if rows[i, k] != rows[j, k]:
            return False
    return True


@njit(**LEAN, inline="always")
def extend(rows, used, found, z, particle):
    """Write found[z] and the particle after rows[:used]; returns the new number."""
    at = min(used, len(rows) - 1)
    for k in range(found.shape[1]):
        rows[at, k] = found[z, k]
    rows[at, found.shape[1]] = particle
    return used + 1
