"""Kernel that finds rings of three, four and five bonds, and the particles above and below them."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, INNER
from vitreous.structure.tcc._sets_kernel import ZERO, count, lowest, set_bits, write

_ONE = np.uint64(1)


@njit(**INNER)
def _survey(bonds, i, bit, stamp, place, shared, shell, reach):
    """Look around particle i; sets of its neighbours are bits.

    Writes to shared[e] the neighbours of i that are bonded to its neighbour e; to shell the particles above i two bonds
    away, and to reach[s] the neighbours of i to which shell[s] is bonded. stamp[p] == i: p is in the shell, and
    place[p] is its number there. Returns the size of the shell and the set of neighbours above i.
    """
    above, size = ZERO, 0
    set_bits(bonds, i, bit)
    for e in range(bonds.shape[1]):
        a = bonds[i, e]
        if a < 0:
            break
        above |= bit[a] if a > i else ZERO
        shared[e] = ZERO
        for g in range(bonds.shape[1]):
            p = bonds[a, g]
            if p < 0:
                break
            shared[e] |= bit[p]
            if p > i and not bit[p]:
                if stamp[p] != i:
                    stamp[p], place[p], shell[size], reach[size] = i, size, p, ZERO
                    size += 1
                reach[place[p]] |= bit[a]
    set_bits(bonds, i, bit, ZERO)
    return size, above


@njit(**INNER)
def _write_spindles(bonds, i, spindles, rows, used, m):
    """Write those of the neighbours of i that are spindles to rows[used, m:]; -1 for none, or for more than two."""
    rows[used, m] = rows[used, m + 1] = -1
    if count(spindles) <= 2:
        write(bonds, i, spindles, rows, used, m)


@njit(**INNER)
def _find(first, last, bonds, threes, fours, fives):
    """Write the rings, as far as there is room; returns how many there are."""
    n_threes, n_fours, n_fives = 0, 0, 0
    n, width = bonds.shape
    bit, stamp, place = np.zeros(n, np.uint64), np.full(n, -1, np.int32), np.empty(n, np.int32)
    shared, reach = np.empty(width, np.uint64), np.empty(width * width, np.uint64)
    shell = np.empty(width * width, np.int32)
    for i in range(first, last):
        size, above = _survey(bonds, i, bit, stamp, place, shared, shell, reach)
        left = above
        while left:
            e, left = lowest(left), left & (left - _ONE)
            others = shared[e] & left
            while others:
                f, others = lowest(others), others & (others - _ONE)
                at = min(n_threes, len(threes) - 1)
                threes[at, 0], threes[at, 1], threes[at, 2] = i, bonds[i, e], bonds[i, f]
                _write_spindles(bonds, i, shared[e] & shared[f], threes, at, 3)
                n_threes += 1
        for s in range(size):
            c = shell[s]
            left = reach[s] & above
            while left:
                e, left = lowest(left), left & (left - _ONE)
                others = left & ~shared[e]
                while others:
                    f, others = lowest(others), others & (others - _ONE)
                    at = min(n_fours, len(fours) - 1)
                    fours[at, 0], fours[at, 1] = i, bonds[i, e]
                    fours[at, 2], fours[at, 3] = c, bonds[i, f]
                    _write_spindles(bonds, i, shared[e] & shared[f] & reach[s], fours, at, 4)
                    n_fours += 1
            for g in range(width):
                d = bonds[c, g]
                if d < 0:
                    break
                if d < c or stamp[d] != i:
                    continue
                t = place[d]
                left = reach[s] & ~reach[t] & above
                while left:
                    e, left = lowest(left), left & (left - _ONE)
                    others = reach[t] & ~reach[s] & above & ~shared[e]
                    while others:
                        f, others = lowest(others), others & (others - _ONE)
                        at = min(n_fives, len(fives) - 1)
                        fives[at, 0], fives[at, 1] = i, bonds[i, e]
                        fives[at, 2], fives[at, 3], fives[at, 4] = c, d, bonds[i, f]
                        spindles = shared[e] & shared[f] & reach[s] & reach[t]
                        _write_spindles(bonds, i, spindles, fives, at, 5)
                        n_fives += 1
    return n_threes, n_fours, n_fives


@njit(**ENTRY)
def rings(first, last, bonds):
    """Chordless cycles whose lowest particle is one of first to last - 1, each once; at most 64 bonds a particle.

    Returns rows of 3 + 2, 4 + 2 and 5 + 2 particles: the ring in cyclic order, then its spindles.
    """
    room = 64 + 16 * (last - first)
    while True:
        rows = np.empty((room, 5), np.int32), np.empty((room, 6), np.int32), np.empty((room, 7), np.int32)
        used = _find(first, last, bonds, rows[0], rows[1], rows[2])
        if max(used) < room:
            return rows[0][: used[0]], rows[1][: used[1]], rows[2][: used[2]]
        room = max(used) + 1
