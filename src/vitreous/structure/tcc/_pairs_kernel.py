"""One kernel for all clusters made of two rings with spindles."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, INNER
from vitreous.structure.tcc._sets_kernel import (
    bonded,
    count_bonds,
    holds,
    no_rows,
    with_room,
)

# How a partner is found: by a shared ring particle, a shared spindle, or a bond from ring to ring.
RING, SPINDLE, BOND = 0, 1, 2
FREE = -1


@njit(**INNER)
def _degrees_agree(bonds, xs, i, ys, j, m, lowest, highest):
    """Whether every particle of ring xs[i] has from `lowest` to `highest` bonds to ring ys[j]."""
    for k in range(m):
        if not lowest <= count_bonds(bonds, xs[i, k], ys, j, 0, m) <= highest:
            return False
    return True


@njit(**INNER)
def _outer(xs, i, ys, j, m):
    """The spindle of xs[i] that is not one of ys[j]; the only one if it has no more."""
    for k in range(m, xs.shape[1]):
        if not holds(ys, j, m, ys.shape[1], xs[i, k]):
            return xs[i, k]
    return xs[i, m]


@njit(**INNER, inline="always")
def _joined(bonds, xs, i, ys, j, m):
    """Number of bonds between those particles of two rings that they do not share."""
    number = 0
    for k in range(m):
        if not holds(ys, j, 0, m, xs[i, k]):
            for l in range(m):
                if not holds(xs, i, 0, m, ys[j, l]):
                    number += bonded(bonds, xs[i, k], ys[j, l])
    return number


@njit(**INNER)
def _hinged(bonds, xs, i, ys, j, m):
    """Whether two rings have a common bond u-v and two more bonds between them, next to u and to v."""
    for k in range(m):
        for l in range(m):
            for turn in (1, m - 1):
                # u and v are places 0 and 1 of either ring, counted from k and, in a turn, from l.
                if xs[i, k] == ys[j, l] and xs[i, (k + 1) % m] == ys[j, (l + turn) % m]:
                    beside_v = bonded(bonds, xs[i, (k + 2) % m], ys[j, (l + 2 * turn) % m])
                    return beside_v and bonded(bonds, xs[i, (k + m - 1) % m], ys[j, (l + (m - 1) * turn) % m])
    return False


@njit(**INNER)
def _write(xs, i, ys, j, m, outer, rows, at, role, of_y):
    """Write the numbers, then shared spindles, other spindles if wanted, shared ring particles, the rest.

    role[p] is 2 i if p is in ring x, 2 i + 1 if it is a spindle of x; of_y (N,) is to be the same for y.
    Returns how many numbers there are, even beyond the row.
    """
    width = rows.shape[1]
    for k in range(ys.shape[1]):
        of_y[ys[j, k]] = 2 * j + (k >= m)
    rows[at, 0], rows[at, 1] = i, j
    used = 2
    for shared in (True, False):
        for k in range(m, xs.shape[1] if outer or shared else m):
            if (of_y[xs[i, k]] == 2 * j + 1) == shared:
                rows[at, min(used, width - 1)] = xs[i, k]
                used += 1
    for k in range(m, ys.shape[1] if outer else m):
        if role[ys[j, k]] != 2 * i + 1:
            rows[at, min(used, width - 1)] = ys[j, k]
            used += 1
    for shared in (True, False):
        for k in range(m):
            place = of_y[xs[i, k]] - 2 * j
            if (place == 0) == shared and place != 1:
                rows[at, min(used, width - 1)] = xs[i, k]
                used += 1
    for k in range(m):
        if role[ys[j, k]] - 2 * i not in (0, 1):
            rows[at, min(used, width - 1)] = ys[j, k]
            used += 1
    return used


@njit(**ENTRY)
def pairs(first, last, xs, ys, same, m, by, starts, where, rule, size, bonds):
    """Pairs of clusters xs[first:last] and ys (rings of m, then spindles) that obey a rule.

    `same` tells that xs are ys, and each pair is wanted once. `starts`, `where` tell which ys have a particle
    in their ring (`by` RING or BOND) or as spindle (`by` SPINDLE). The rule is: particles shared by the rings,
    spindles of x in ring y, the reverse, shared spindles, least and largest number of bonds from a ring
    particle to the other ring, bonds between unshared ring particles, whether the other spindles must be unbonded,
    whether degrees are asked of both rings, whether the rings are hinged, whether the other spindles belong to the
    cluster. Returns rows of the numbers of x and y, then the `size` particles.
    """
    rr, sr, rs, ss, lowest, highest, joined, unbonded, mutual, hinged, outer = rule
    rows = no_rows(2 + size, last - first)
    used = 0
    # What a particle is to x and to y, and which ys were compared with x.
    role, seen = np.full(len(bonds), -1, np.int32), np.full(len(ys), -1, np.int32)
    of_y = np.full(len(bonds), -1, np.int32)
    for i in range(first, last):
        in_ring, as_spindle = 2 * i, 2 * i + 1
        for k in range(xs.shape[1]):
            role[xs[i, k]] = in_ring if k < m else as_spindle
        links = bonds.shape[1] if by == BOND else (m if by == RING else xs.shape[1] - m)
        for k in range(links):
            link = bonds[xs[i, 0], k] if by == BOND else (xs[i, k] if by == RING else xs[i, m + k])
            if link < 0:
                break
            for e in range(starts[link], starts[link + 1]):
                j = where[e]
                if seen[j] == i or (same and j <= i):
                    continue
                seen[j] = i
                rings = spindle_in_ring = ring_as_spindle = spindles = 0
                for l in range(m):
                    rings += role[ys[j, l]] == in_ring
                    spindle_in_ring += role[ys[j, l]] == as_spindle
                for l in range(m, ys.shape[1]):
                    ring_as_spindle += role[ys[j, l]] == in_ring
                    spindles += role[ys[j, l]] == as_spindle
                if not (
                    rr in (FREE, rings)
                    and ss in (FREE, spindles)
                    and sr in (FREE, spindle_in_ring)
                    and rs in (FREE, ring_as_spindle)
                ):
                    continue
                if highest != FREE:
                    forth = _degrees_agree(bonds, xs, i, ys, j, m, lowest, highest)
                    if not forth and mutual:
                        continue
                    back = _degrees_agree(bonds, ys, j, xs, i, m, lowest, highest)
                    if not (forth and back) and (mutual or not (forth or back)):
                        continue
                if joined != FREE and _joined(bonds, xs, i, ys, j, m) != joined:
                    continue
                if unbonded and bonded(bonds, _outer(xs, i, ys, j, m), _outer(ys, j, xs, i, m)):
                    continue
                if hinged and not _hinged(bonds, xs, i, ys, j, m):
                    continue
                rows = with_room(rows, used)
                if _write(xs, i, ys, j, m, outer, rows, used, role, of_y) == 2 + size:
                    used += 1
    return rows[:used]
