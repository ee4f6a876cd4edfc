"""Kernels of the two close-packed crystals: a centre, its hexagon and a triangle on either side."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, INNER
from vitreous.structure.tcc._sets_kernel import bonded, both_bonded, count_shared, holds, no_rows, with_room


@njit(**INNER)
def _outers(rows, i, centre):
    """The two other particles of a ring of three."""
    if rows[i, 0] == centre:
        return rows[i, 1], rows[i, 2]
    return rows[i, 0], (rows[i, 2] if rows[i, 1] == centre else rows[i, 1])


@njit(**INNER)
def _bonds_to(bonds, p, x):
    """Number of bonds of a particle to two others."""
    return bonded(bonds, p, x[0]) + bonded(bonds, p, x[1])


@njit(**INNER)
def _bonds_between(bonds, x, y):
    """Number of bonds between two pairs of particles."""
    return _bonds_to(bonds, x[0], y) + _bonds_to(bonds, x[1], y)


@njit(**INNER)
def _disjoint(x, y):
    return x[0] != y[0] and x[0] != y[1] and x[1] != y[0] and x[1] != y[1]


@njit(**INNER)
def _write_hexagon(bonds, x, y, z, row):
    """Write to row[0, 1:7] the outer particles of three triangles as bonded pairs from different triangles.

    x and y have just one bond between them; each particle of z is bonded to just one of the two that are
    left, and not to the same. Returns whether it is so.
    """
    a, b = (0, 0) if bonded(bonds, x[0], y[0]) else ((0, 1) if bonded(bonds, x[0], y[1]) else (1, 0))
    if a == 1 and bonded(bonds, x[1], y[1]):
        b = 1
    left, right = x[1 - a], y[1 - b]
    first = bonded(bonds, z[0], left)
    second = bonded(bonds, z[1], left)
    if first == second or first == bonded(bonds, z[0], right) or second == bonded(bonds, z[1], right):
        return False
    row[0, 1], row[0, 2] = x[a], y[b]
    row[0, 3], row[0, 4] = left, (z[0] if first else z[1])
    row[0, 5], row[0, 6] = right, (z[1] if first else z[0])
    return True


@njit(**INNER)
def _caps(bonds, row, cap, k):
    """Whether the three of ring cap[k] are new, and just one is bonded to both of each pair of the hexagon."""
    for l in range(3):
        if holds(row, 0, 0, 10, cap[k, l]):
            return False
    for pair in range(1, 7, 2):
        joined = 0
        for l in range(3):
            joined += both_bonded(bonds, row[0, pair], row[0, pair + 1], cap[k, l])
        if joined != 1:
            return False
    return True


@njit(**ENTRY)
def fcc(first, last, bonds, threes, starts, where, over_starts, over_where, fives, five_starts, five_where):
    """FCC: three sp3b around a centre, and a triangle on the other side that is not above the same gaps.

    `starts`, `where`: sp3b by ring particle; `over_...`: by spindle; `five_...`: sp3c by spindle. The
    three rings share only the centre, their spindles are bonded to each other, and their outer particles are a
    hexagon (see _write_hexagon). The cap is the ring, all new, of an sp3b or sp3c with the centre as spindle.
    Rows: centre, hexagon in pairs, three spindles, three of the cap.
    """
    rows, used = no_rows(13, 0), 0
    row = np.empty((1, 13), np.int32)
    for centre in range(first, last):
        if over_starts[centre] == over_starts[centre + 1] and five_starts[centre] == five_starts[centre + 1]:
            continue
        row[0, 0] = centre
        for e in range(starts[centre], starts[centre + 1]):
            i = where[e]
            x = _outers(threes, i, centre)
            for f in range(e + 1, starts[centre + 1]):
                j = where[f]
                y = _outers(threes, j, centre)
                if not (
                    _disjoint(x, y)
                    and bonded(bonds, threes[i, 3], threes[j, 3])
                    and _bonds_between(bonds, x, y) == 1
                ):
                    continue
                for g in range(starts[centre], starts[centre + 1]):
                    k = where[g]
                    z = _outers(threes, k, centre)
                    if not (
                        _disjoint(x, z)
                        and _disjoint(y, z)
                        and both_bonded(bonds, threes[i, 3], threes[j, 3], threes[k, 3])
                        and _write_hexagon(bonds, x, y, z, row)
                    ):
                        continue
                    row[0, 7], row[0, 8], row[0, 9] = threes[i, 3], threes[j, 3], threes[k, 3]
                    for caps, first_cap, cap in (
                        (threes, over_starts, over_where),
                        (fives, five_starts, five_where),
                    ):
                        for h in range(first_cap[centre], first_cap[centre + 1]):
                            if _caps(bonds, row, caps, cap[h]):
                                rows = with_room(rows, used)
                                for l in range(13):
                                    rows[used, l] = row[0, l] if l < 10 else caps[cap[h], l - 10]
                                used += 1
    return rows[:used]


@njit(**INNER)
def _matches(bonds, fives, i, j, turn):
    """Whether the spindles of j are bonded to those of i, the first to the first, or reversed if `turn`."""
    return bonded(bonds, fives[i, 3], fives[j, 3 + turn]) and bonded(bonds, fives[i, 4], fives[j, 4 - turn])


@njit(**INNER)
def _side_by_side(bonds, fives, i, j, x, y):
    """Whether two 5As share only one particle, their outers have one bond, and none to spindles of the other."""
    return (
        _bonds_between(bonds, x, y) == 1
        and count_shared(fives, i, 0, 5, fives, j, 0, 5) == 1
        and _bonds_between(bonds, x, (fives[j, 3], fives[j, 4])) == 0
        and _bonds_between(bonds, y, (fives[i, 3], fives[i, 4])) == 0
    )


@njit(**INNER)
def _one_each(bonds, x, y, z):
    """Whether each of x has just one bond to those of y and z."""
    one = _bonds_to(bonds, x[0], y) + _bonds_to(bonds, x[0], z)
    return one == 1 and _bonds_to(bonds, x[1], y) + _bonds_to(bonds, x[1], z) == 1


@njit(**ENTRY)
def hcp(first, last, bonds, parts, found, fives, starts, where):
    """HCP: three 5As (sp3c) with a common ring particle, the centre, and six outers and six spindles.

    Two share nothing but the centre, and there is just one bond between their outers (so far the table), six outers in
    all being paired. The spindles are an upper and a lower triangle, and no outer is bonded to a spindle of another 5A.
    """
    rows, used = no_rows(13, 0), 0
    for pair in range(first, last):
        i, j, centre = parts[pair, 0], parts[pair, 1], found[pair, 4]
        x, y = (found[pair, 5], found[pair, 6]), (found[pair, 7], found[pair, 8])
        if not _side_by_side(bonds, fives, i, j, x, y):
            continue
        for e in range(starts[centre], starts[centre + 1]):
            k = where[e]
            z = _outers(fives, k, centre)
            if not (
                k > j
                and _side_by_side(bonds, fives, i, k, x, z)
                and _side_by_side(bonds, fives, j, k, y, z)
                and _one_each(bonds, x, y, z)
                and _one_each(bonds, y, x, z)
                and _one_each(bonds, z, x, y)
            ):
                continue
            triangles = False
            for turn in range(2):
                for third in range(2):
                    triangles = triangles or (
                        _matches(bonds, fives, i, j, turn)
                        and _matches(bonds, fives, i, k, third)
                        and _matches(bonds, fives, j, k, turn ^ third)
                    )
            if not triangles:
                continue
            rows = with_room(rows, used)
            rows[used, 0] = centre
            for s in range(2):
                rows[used, 1 + s], rows[used, 3 + s], rows[used, 5 + s] = x[s], y[s], z[s]
                rows[used, 7 + s], rows[used, 9 + s] = fives[i, 3 + s], fives[j, 3 + s]
                rows[used, 11 + s] = fives[k, 3 + s]
            used += 1
    return rows[:used]
