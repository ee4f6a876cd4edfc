"""One kernel for all clusters made of two rings with spindles."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import LEAN, LEAN_ENTRY
from vitreous.structure.tcc._sets_kernel import (
    append_new,
    bonded,
    count,
    count_shared,
    lowest,
    write,
)

# How two clusters meet: at a ring particle of both, or at a spindle of both.
RING, SPINDLE = 0, 1
FREE = -1


@njit(**LEAN)
def _degrees_agree(shared, centre, x, y, lowest_degree, highest_degree):
    """Whether every particle of set x has so many bonds to set y, both of neighbours of the centre."""
    while x:
        if not lowest_degree <= count(shared[centre, lowest(x)] & y) <= highest_degree:
            return False
        x &= x - np.uint64(1)
    return True


@njit(**LEAN)
def _hinged(shared, centre, x, y):
    """Whether rings x and y have a common bond u-v and just two more bonds between them, next to u and to v."""
    left = x & y
    x, y = x & ~left, y & ~left
    if shared[centre, lowest(left)] & left == 0:
        return False
    while left:
        of_u = shared[centre, lowest(left)]
        if shared[centre, lowest(of_u & x)] & y != of_u & y:
            return False
        left &= left - np.uint64(1)
    number = 0
    while x:
        number += count(shared[centre, lowest(x)] & y)
        x &= x - np.uint64(1)
    return number == 2


@njit(**LEAN, inline="always")
def _outer(xs, i, m, by, centre):
    """The spindle of xs[i] that is not the centre; -1 if there is none. By RING, its first spindle."""
    if by == RING:
        return xs[i, m]
    return xs[i, m] ^ xs[i, m + 1] ^ centre if xs.shape[1] == m + 2 else -1


@njit(**LEAN_ENTRY)
def pairs(
    first, last, rows, bonds, shared, xs, x_starts, x_where, x_around, ys, y_starts, y_where, y_around,
    same, m, by, rule,
):  # fmt: skip
    """Pairs of clusters xs and ys (rings of m, then spindles) that meet at particles first to last - 1 and obey a rule.

    `same` tells that xs are ys, and each pair is wanted once. `..._starts`, `..._where`, `..._around` tell which have
    a particle in their ring (`by` RING) or as spindle (`by` SPINDLE), and how they lie around it. The rule is:
    particles shared by the rings, spindles of x in ring y, the reverse, shared spindles, least and largest number of
    bonds from a ring particle to the other ring, whether the other spindles must be unbonded, whether the rings are
    hinged, whether the other spindles belong to the cluster.

    Rows are the numbers of x and y, then the particles: shared spindles, other spindles, shared ring particles, the
    rest. A pair with two common spindles is taken at the lower one. By RING a pair is taken at several particles, and a
    row has x and then what y adds.
    """
    rr, sr, rs, ss, fewest, most, unbonded, hinged, with_outer = rule
    used = 0
    for centre in range(first, last):
        for e in range(x_starts[centre], x_starts[centre + 1]):
            i, x, over_x = x_where[e], x_around[e, 0], x_around[e, 1]
            x_outer = _outer(xs, i, m, by, centre)
            for f in range(e + 1 if same else y_starts[centre], y_starts[centre + 1]):
                j, y, over_y = y_where[f], y_around[f, 0], y_around[f, 1]
                # Where rings meet, at most one more that they share is no neighbour of the centre, and has no bit.
                if count(x & y) < rr - 2 if by == RING else count(x & y) != rr:
                    continue
                if sr not in (FREE, count(over_x & y)) or rs not in (FREE, count(over_y & x)):
                    continue
                y_outer = _outer(ys, j, m, by, centre)
                twice = x_outer == y_outer and x_outer >= 0
                if ss != twice + (by == SPINDLE) or (
                    by == RING and count_shared(xs, i, 0, m, ys, j, 0, m) != rr
                ):
                    continue
                if most != FREE and not (
                    _degrees_agree(shared, centre, x, y, fewest, most)
                    and _degrees_agree(shared, centre, y, x, fewest, most)
                ):
                    continue
                if (unbonded and bonded(bonds, x_outer, y_outer)) or (
                    hinged and not _hinged(shared, centre, x, y)
                ):
                    continue
                at = min(used, len(rows) - 1)
                rows[at, 0], rows[at, 1], rows[at, 2], end = i, j, centre, 3
                if by == RING:
                    end = 2
                    for k in range(2 * m + 2):
                        end = append_new(rows, at, 2, end, xs[i, k] if k <= m else ys[j, k - m - 1])
                elif not (twice and x_outer < centre):
                    for outer, wanted in (
                        (x_outer, with_outer or twice),
                        (y_outer, with_outer and not twice),
                    ):
                        if wanted and outer >= 0:
                            rows[at, end] = outer
                            end += 1
                    for some in (x & y, x & ~(y | over_y), y & ~(x | over_x)):
                        end = write(bonds, centre, some, rows, at, end)
                used += end == rows.shape[1]
    return used
