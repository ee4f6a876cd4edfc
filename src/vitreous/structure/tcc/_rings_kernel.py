"""Kernel that finds rings of three, four and five bonds, and the particles above and below them."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, INNER
from vitreous.structure.tcc._sets_kernel import no_rows, with_room

_ONE = np.uint64(1)
# Where the lowest bit is, by the six highest bits of its product with a de Bruijn sequence.
_SEQUENCE = np.uint64(0x03F79D71B4CB0A89)
_PLACE = np.array([((1 << k) * 0x03F79D71B4CB0A89 % 2**64 >> 58) for k in range(64)]).argsort()


@njit(**INNER)
def _lowest(bits):
    """Number of the lowest bit that is set."""
    return _PLACE[((bits & (~bits + _ONE)) * _SEQUENCE) >> np.uint64(58)]


@njit(**INNER)
def _survey(bonds, i, stamp, place, shared, shell, reach):
    """Look around particle i; its neighbours are numbered as in bonds[i], and sets of them are bits of an integer.

    Writes to shared[e] the neighbours of i that are bonded to its neighbour e; to shell the particles two bonds
    away, and to reach[s] the neighbours of i to which shell[s] is bonded. stamp[p] == i: p is in one of both, and
    place[p] is its number there, that in the shell being counted from the width of bonds on. Returns the size of
    the shell and the set of neighbours above i.
    """
    width = bonds.shape[1]
    above, size = np.uint64(0), 0
    stamp[i] = -1
    for e in range(width):
        a = bonds[i, e]
        if a < 0:
            break
        stamp[a], place[a] = i, e
        shared[e] = 0
        if a > i:
            above |= _ONE << np.uint64(e)
    for e in range(width):
        a = bonds[i, e]
        if a < 0:
            break
        for g in range(width):
            p = bonds[a, g]
            if p < 0:
                break
            if p == i:
                continue
            if stamp[p] != i:
                stamp[p], place[p] = i, width + size
                shell[size], reach[size] = p, 0
                size += 1
            if place[p] < width:
                shared[e] |= _ONE << np.uint64(place[p])
            else:
                reach[place[p] - width] |= _ONE << np.uint64(e)
    return size, above


@njit(**INNER)
def _write_spindles(bonds, i, spindles, rows, used, m):
    """Write those of the neighbours of i that are spindles to rows[used, m:]; -1 for none, or for more than two."""
    rows[used, m] = rows[used, m + 1] = -1
    number = 0
    while spindles and number < 3:
        if number < 2:
            rows[used, m + number] = bonds[i, _lowest(spindles)]
        number += 1
        spindles &= spindles - _ONE
    if number > 2:
        rows[used, m] = rows[used, m + 1] = -1


@njit(**ENTRY)
def rings(first, last, bonds):
    """Chordless cycles whose lowest particle is one of first to last - 1, each once; at most 64 bonds a particle.

    Returns rows of 3 + 2, 4 + 2 and 5 + 2 particles: the ring in cyclic order, then its spindles.
    """
    threes, fours, fives = (
        no_rows(5, 8 * (last - first)),
        no_rows(6, 2 * (last - first)),
        no_rows(7, 4 * (last - first)),
    )
    n_threes, n_fours, n_fives = 0, 0, 0
    n, width = bonds.shape
    stamp, place = np.full(n, -1, np.int32), np.empty(n, np.int32)
    shared, reach = np.empty(width, np.uint64), np.empty(width * width, np.uint64)
    shell = np.empty(width * width, np.int32)
    for i in range(first, last):
        size, above = _survey(bonds, i, stamp, place, shared, shell, reach)
        left = above
        while left:
            e, left = _lowest(left), left & (left - _ONE)
            others = shared[e] & left
            while others:
                f, others = _lowest(others), others & (others - _ONE)
                threes = with_room(threes, n_threes)
                threes[n_threes, 0], threes[n_threes, 1], threes[n_threes, 2] = i, bonds[i, e], bonds[i, f]
                _write_spindles(bonds, i, shared[e] & shared[f], threes, n_threes, 3)
                n_threes += 1
        for s in range(size):
            c = shell[s]
            if c < i:
                continue
            left = reach[s] & above
            while left:
                e, left = _lowest(left), left & (left - _ONE)
                others = left & ~shared[e]
                while others:
                    f, others = _lowest(others), others & (others - _ONE)
                    fours = with_room(fours, n_fours)
                    fours[n_fours, 0], fours[n_fours, 1] = i, bonds[i, e]
                    fours[n_fours, 2], fours[n_fours, 3] = c, bonds[i, f]
                    _write_spindles(bonds, i, shared[e] & shared[f] & reach[s], fours, n_fours, 4)
                    n_fours += 1
            for g in range(width):
                d = bonds[c, g]
                if d < 0:
                    break
                if d < c or stamp[d] != i or place[d] < width:
                    continue
                t = place[d] - width
                left = reach[s] & ~reach[t] & above
                while left:
                    e, left = _lowest(left), left & (left - _ONE)
                    others = reach[t] & ~reach[s] & above & ~shared[e]
                    while others:
                        f, others = _lowest(others), others & (others - _ONE)
                        fives = with_room(fives, n_fives)
                        fives[n_fives, 0], fives[n_fives, 1] = i, bonds[i, e]
                        fives[n_fives, 2], fives[n_fives, 3], fives[n_fives, 4] = c, d, bonds[i, f]
                        spindles = shared[e] & shared[f] & reach[s] & reach[t]
                        _write_spindles(bonds, i, spindles, fives, n_fives, 5)
                        n_fives += 1
    return threes[:n_threes], fours[:n_fours], fives[:n_fives]
