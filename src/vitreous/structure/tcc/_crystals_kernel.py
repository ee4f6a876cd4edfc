"""Kernels of the two close-packed crystals: a centre, its hexagon and a triangle on either side.

All particles are neighbours of the centre, at least twelve, and sets of them are bits. `starts`, `where`, `around`,
`outer` tell which rings a particle belongs to, and how these and their spindles lie around it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, LEAN
from vitreous.structure.tcc._sets_kernel import ZERO, beside, count, degree, lowest, write


@njit(**LEAN, inline="always")
def _bonds_between(shared, centre, x, y):
    """Number of bonds between two pairs of particles."""
    one, two = beside(shared, centre, x)
    return count(one & y) + count(two & y)


@njit(**LEAN)
def _bonded_to_each_other(shared, centre, x):
    left = x
    while left:
        if x & ~shared[centre, lowest(left)] != left & (~left + np.uint64(1)):
            return False
        left &= left - np.uint64(1)
    return True


@njit(**LEAN)
def _hexagon(shared, centre, x, y, z):
    """The outer particles of three triangles as bonded pairs from different triangles; nothing if they are not.

    x and y have just one bond between them; each particle of z is bonded to just one of the two that are
    left, and not to the same.
    """
    one, two = beside(shared, centre, y)
    left = x & ~(one | two)
    one, two = beside(shared, centre, x)
    right = y & ~(one | two)
    third = z & shared[centre, lowest(left)]
    if count(third) != 1 or z & shared[centre, lowest(right)] != z & ~third:
        return np.uint64(0), np.uint64(0), np.uint64(0)
    return (x | y) & ~(left | right), left | third, right | (z & ~third)


@njit(**LEAN)
def _on_top(shared, centre, cap, pair):
    """Whether just one particle of the cap is bonded to both of a pair."""
    one, two = beside(shared, centre, pair)
    return count(cap & one & two) == 1


@njit(**LEAN)
def _write(bonds, centre, sets, rows, used):
    """Write the centre and sets of its neighbours after rows[:used]; returns the new number."""
    at, column = min(used, len(rows) - 1), 1
    rows[at, 0] = centre
    for bits in sets:
        column = write(bonds, centre, bits, rows, at, column)
    return used + 1


@njit(**ENTRY)
def fcc(first, last, rows, bonds, shared, starts, *arguments):
    """FCC: three sp3b around a centre, and a triangle on the other side that is not above the same gaps.

    `around`: sp3b by ring particle; `over`: by spindle; `fives`: sp3c by spindle. The three rings share only the
    centre, their spindles are bonded to each other and in none of the rings, and their outer particles are a hexagon
    (see _hexagon). The cap is the ring, all new, of an sp3b or sp3c with the centre as spindle. Just one of it is
    bonded to both of each pair of the hexagon. Rows: centre, hexagon in pairs, three spindles, three of the cap.
    """
    return _fcc(first, last, rows, bonds, shared, starts, *arguments, np.empty(_most(starts), np.int64))


@njit(**LEAN)
def _fcc(
    first, last, rows, bonds, shared, starts, where, around, outer, over_starts, over_where, over, over_outer,
    five_starts, five_where, fives, five_outer, beside_x,
):  # fmt: skip
    used = 0
    for centre in range(first, last):
        if degree(bonds, centre) < 12:
            continue
        if over_starts[centre] == over_starts[centre + 1] and five_starts[centre] == five_starts[centre + 1]:
            continue
        for e in range(starts[centre], starts[centre + 1]):
            x, p = around[e, 0], around[e, 1]
            beside_p = shared[centre, lowest(p)]
            number = 0
            for f in range(starts[centre], starts[centre + 1]):
                beside_x[number] = f
                number += (x & around[f, 0] == ZERO) & (beside_p & around[f, 1] != ZERO)
            for n in range(number):
                f = beside_x[n]
                y, q = around[f, 0], around[f, 1]
                if f < e or _bonds_between(shared, centre, x, y) != 1:
                    continue
                beside_q = shared[centre, lowest(q)]
                for l in range(number):
                    z, s = around[beside_x[l], 0], around[beside_x[l], 1]
                    if y & z or not beside_q & s:
                        continue
                    old = x | y | z | p | q | s
                    one, two, three = _hexagon(shared, centre, x, y, z)
                    if not one or count(old) != 9:
                        continue
                    for caps, h, stop in (
                        (over, over_starts[centre], over_starts[centre + 1]),
                        (fives, five_starts[centre], five_starts[centre + 1]),
                    ):
                        for k in range(h, stop):
                            cap = caps[k, 0]
                            if (
                                not cap & old
                                and _on_top(shared, centre, cap, one)
                                and _on_top(shared, centre, cap, two)
                                and _on_top(shared, centre, cap, three)
                            ):
                                used = _write(bonds, centre, (one, two, three, p | q | s, cap), rows, used)
    return used


@njit(**LEAN)
def _most(starts):
    """How many clusters one particle belongs to at most, and one."""
    most = 0
    for particle in range(len(starts) - 1):
        most = max(most, starts[particle + 1] - starts[particle])
    return most + 1


@njit(**LEAN, inline="always")
def _side_by_side(shared, centre, x, p, y, q):
    """Whether the outers of two 5As that share only the centre have one bond, and none to spindles of the other."""
    one, two = beside(shared, centre, x)
    three, four = beside(shared, centre, y)
    return ((one | two) & q | (three | four) & p == ZERO) & (count(one & y) + count(two & y) == 1)


@njit(**LEAN)
def _one_each(shared, centre, x, others):
    """Whether each of the pair x has just one bond to the others."""
    one, two = beside(shared, centre, x)
    return count(one & others) == 1 and count(two & others) == 1


@njit(**LEAN)
def _two_triangles(shared, centre, p, q, s):
    """Whether two triangles are made of three pairs of spindles, one of each pair in either."""
    one = np.uint64(1)
    for second in (q & (q - one), q & ~(q - one)):
        for third in (s & (s - one), s & ~(s - one)):
            top = (p & (p - one)) | second | third
            low = (p | q | s) & ~top
            if _bonded_to_each_other(shared, centre, top) and _bonded_to_each_other(shared, centre, low):
                return True
    return False


@njit(**ENTRY)
def hcp(first, last, rows, bonds, shared, starts, *arguments):
    """HCP: three 5As (sp3c) with a common ring particle, the centre, and six outers and six spindles.

    Two share nothing but the centre, and there is just one bond between their outers, six outers in all being
    paired. The spindles are an upper and a lower triangle, and no outer is bonded to a spindle of another 5A.
    """
    return _hcp(first, last, rows, bonds, shared, starts, *arguments, np.empty(_most(starts), np.int64))


@njit(**LEAN)
def _hcp(first, last, rows, bonds, shared, starts, where, around, outer, beside_x):
    used = 0
    for centre in range(first, last):
        if degree(bonds, centre) < 12:
            continue
        for e in range(starts[centre], starts[centre + 1]):
            x, p = around[e, 0], around[e, 1]
            number, all_of_x = 0, x | p
            for f in range(e + 1, starts[centre + 1]):
                beside_x[number] = f
                number += all_of_x & (around[f, 0] | around[f, 1]) == ZERO
            near = 0
            for n in range(number):
                f = beside_x[n]
                beside_x[near] = f
                near += _side_by_side(shared, centre, x, p, around[f, 0], around[f, 1])
            for n in range(near):
                y, q = around[beside_x[n], 0], around[beside_x[n], 1]
                for l in range(n + 1, near):
                    z, s = around[beside_x[l], 0], around[beside_x[l], 1]
                    if (
                        not (y | q) & (z | s)
                        and _side_by_side(shared, centre, y, q, z, s)
                        and _one_each(shared, centre, x, y | z)
                        and _one_each(shared, centre, y, x | z)
                        and _one_each(shared, centre, z, x | y)
                        and _two_triangles(shared, centre, p, q, s)
                    ):
                        used = _write(bonds, centre, (x, y, z, p, q, s), rows, used)
    return used
