"""Kernel that finds rings of three, four and five bonds, and the particles above and below them.

What depends on the data is not asked by branches, which cost more than what they would spare: candidates are written
one after the other, and the place moves on where one is good.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, LEAN
from vitreous.structure.tcc._sets_kernel import ZERO, lowest

_ONE = np.uint64(1)
_ALL = ~ZERO


@njit(**LEAN)
def _survey(bonds, i, bit, reach, shared, shell):
    """Look around particle i; sets of its neighbours are bits.

    Writes to bit[p + 1] that of p among the neighbours of i; to shared[e] the neighbours of i that are bonded to its
    neighbour e, if that is above i; to reach[p + 1] the neighbours above i to which p is bonded. Those p that are above
    i and two bonds away are listed in shell, as p + 1. Of i, its neighbours and nobody (-1), reach has all bits.
    Returns how many are in the shell, the number of neighbours, and how many of them are below i.
    """
    degree, below, size = 0, 0, 0
    while bonds[i, degree] >= 0:  # every row of the table ends with -1
        p = np.uint64(bonds[i, degree] + 1)
        bit[p], reach[p] = _ONE << np.uint64(degree), _ALL
        below += bonds[i, degree] < i
        degree += 1
    reach[0] = reach[i + 1] = _ALL
    for e in range(below, degree):
        a, own, near = bonds[i, e], _ONE << np.uint64(e), ZERO
        for g in range(bonds.shape[1]):
            p = np.uint64(bonds[a, g] + 1)
            near |= bit[p]
            shell[size] = p
            size += (reach[p] == ZERO) & (bonds[a, g] > i)
            reach[p] |= own
        shared[e] = near
    return size, degree, below


@njit(**LEAN)
def _forget(bonds, i, bit, reach, degree, below):
    """Zeros where _survey wrote."""
    reach[0] = reach[i + 1] = ZERO
    for e in range(degree):
        p = np.uint64(bonds[i, e] + 1)
        bit[p] = reach[p] = ZERO
    for e in range(below, degree):
        for g in range(bonds.shape[1]):
            reach[np.uint64(bonds[bonds[i, e], g] + 1)] = ZERO


@njit(**LEAN)
def _candidates(bonds, c, reach, of_d):
    """Neighbours d of c, as bits, that are above c and reach neighbours of i that c does not, and c some that d doesn't.

    of_d (W,) receives what they reach.
    """
    of_c, found = reach[c + 1], ZERO
    for g in range(bonds.shape[1]):
        of_d[g] = reach[np.uint64(bonds[c, g] + 1)]
    for g in range(bonds.shape[1]):
        good = (bonds[c, g] > c) & (of_c & ~of_d[g] != ZERO) & (of_d[g] & ~of_c != ZERO)
        found |= (_ONE << np.uint64(g)) if good else ZERO
    return found


@njit(**LEAN, inline="always")
def _bonded_to(bonds, p, bit):
    """The neighbours of i to which particle p is bonded."""
    bits = ZERO
    for g in range(bonds.shape[1]):
        bits |= bit[np.uint64(bonds[p, g] + 1)]
    return bits


@njit(**LEAN, inline="always")
def _write_spindles(bonds, i, spindles, rows, at, m):
    """Write those of the neighbours of i that are spindles to rows[at, m:]; -1 for none, or for more than two."""
    upper = spindles & (spindles - _ONE)
    few = upper & (upper - _ONE) == ZERO
    rows[at, m] = bonds[i, lowest(spindles)] if few and spindles else -1
    rows[at, m + 1] = bonds[i, lowest(upper)] if few and upper else -1


@njit(**LEAN)
def _find(first, last, bonds, threes, fours, fives, bit, reach, shared, of_d, shell):
    """Write the rings, as far as there is room; returns how many there are."""
    n_threes, n_fours, n_fives = 0, 0, 0
    for i in range(first, last):
        size, degree, below = _survey(bonds, i, bit, reach, shared, shell)
        for e in range(below, degree):
            others = shared[e] & ~((_ONE << np.uint64(e + 1)) - _ONE)
            while others:
                f, others = lowest(others), others & (others - _ONE)
                at = min(n_threes, len(threes) - 1)
                threes[at, 0], threes[at, 1], threes[at, 2] = i, bonds[i, e], bonds[i, f]
                _write_spindles(bonds, i, shared[e] & shared[f], threes, at, 3)
                n_threes += 1
        for s in range(size):
            c = shell[s] - 1
            of_c = reach[c + 1]
            left = of_c
            while left:
                e, left = lowest(left), left & (left - _ONE)
                others = left & ~shared[e]
                while others:
                    f, others = lowest(others), others & (others - _ONE)
                    at = min(n_fours, len(fours) - 1)
                    fours[at, 0], fours[at, 1] = i, bonds[i, e]
                    fours[at, 2], fours[at, 3] = c, bonds[i, f]
                    spindles = shared[e] & shared[f] & _bonded_to(bonds, c, bit)
                    _write_spindles(bonds, i, spindles, fours, at, 4)
                    n_fours += 1
            candidates = _candidates(bonds, c, reach, of_d)
            while candidates:
                g, candidates = lowest(candidates), candidates & (candidates - _ONE)
                d, left = bonds[c, g], of_c & ~of_d[g]
                while left:
                    e, left = lowest(left), left & (left - _ONE)
                    others = of_d[g] & ~of_c & ~shared[e]
                    while others:
                        f, others = lowest(others), others & (others - _ONE)
                        at = min(n_fives, len(fives) - 1)
                        fives[at, 0], fives[at, 1] = i, bonds[i, e]
                        fives[at, 2], fives[at, 3], fives[at, 4] = c, d, bonds[i, f]
                        spindles = (
                            shared[e] & shared[f] & _bonded_to(bonds, c, bit) & _bonded_to(bonds, d, bit)
                        )
                        _write_spindles(bonds, i, spindles, fives, at, 5)
                        n_fives += 1
        _forget(bonds, i, bit, reach, degree, below)
    return n_threes, n_fours, n_fives


@njit(**ENTRY)
def rings(first, last, bonds):
    """Chordless cycles whose lowest particle is one of first to last - 1, each once; at most 63 bonds a particle.

    Returns rows of 3 + 2, 4 + 2 and 5 + 2 particles: the ring in cyclic order, then its spindles.
    """
    room = 64 + 16 * (last - first)
    n, width = bonds.shape
    bit, reach = np.zeros(n + 1, np.uint64), np.zeros(n + 1, np.uint64)
    shared, of_d = np.empty(width, np.uint64), np.empty(width, np.uint64)
    shell = np.empty(width * width + 1, np.int64)
    while True:
        rows = np.empty((room, 5), np.int32), np.empty((room, 6), np.int32), np.empty((room, 7), np.int32)
        used = _find(first, last, bonds, rows[0], rows[1], rows[2], bit, reach, shared, of_d, shell)
        if max(used) < room:
            return rows[0][: used[0]], rows[1][: used[1]], rows[2][: used[2]]
        room = max(used) + 1


@njit(**ENTRY)
def by_spindles(rows, m):
    """Rows of `rings` parted by how many spindles a ring of m has: none, one, two."""
    number = np.zeros(3, np.int64)
    for i in range(len(rows)):
        number[int(rows[i, m] >= 0) + int(rows[i, m + 1] >= 0)] += 1
    none, one = np.empty((number[0], m), np.int32), np.empty((number[1], m + 1), np.int32)
    two = np.empty((number[2], m + 2), np.int32)
    _part(rows, m, none, one, two)
    return none, one, two


@njit(**LEAN)
def _part(rows, m, none, one, two):
    n_none, n_one, n_two = 0, 0, 0
    for i in range(len(rows)):
        if rows[i, m] < 0:
            _copy_row(rows, i, none, n_none)
            n_none += 1
        elif rows[i, m + 1] < 0:
            _copy_row(rows, i, one, n_one)
            n_one += 1
        else:
            _copy_row(rows, i, two, n_two)
            n_two += 1


@njit(**LEAN, inline="always")
def _copy_row(rows, i, target, place):
    """What fits of a row; written out, since a loop over so few makes the compiler think of vectors."""
    target[place, 0], target[place, 1], target[place, 2] = rows[i, 0], rows[i, 1], rows[i, 2]
    for k in range(3, 7):
        if k < target.shape[1]:
            target[place, k] = rows[i, k]
