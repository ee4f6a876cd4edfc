"""One kernel for all clusters made of two rings with spindles."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, LEAN
from vitreous.structure.tcc._sets_kernel import (
    bonded,
    count,
    lowest,
    write,
)

_ONE = np.uint64(1)
# How two clusters meet: at a ring particle of both, or at a spindle of both.
RING, SPINDLE = 0, 1
FREE = -1


@njit(**LEAN)
def _degrees_agree(shared, centre, x, y, lowest_degree, highest_degree):
    """Whether every particle of set x has so many bonds to set y, both of neighbours of the centre."""
    while x:
        if not lowest_degree <= count(shared[centre, lowest(x)] & y) <= highest_degree:
            return False
        x &= x - _ONE
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
        left &= left - _ONE
    number = 0
    while x:
        number += count(shared[centre, lowest(x)] & y)
        x &= x - _ONE
    return number == 2


@njit(**LEAN)
def _first_common(xs, i, ys, j, m, number, centre):
    """Whether rings of m = 4 or 5 share so many particles, and the centre is the lowest with number - 2 of them beside it."""
    common, first = 0, np.int64(1) << 32
    for k in range(5):  # of so many turns that all are written out; behind a ring of four is its spindle
        inside = False
        for l in range(5):
            inside |= (l < m) & (xs[i, k] == ys[j, l])
        common |= ((k < m) & inside) << k
    found = count(np.uint64(common))
    common |= common << m
    for k in range(5):
        beside = (common >> (k + 1) & 1) + (common >> (k + m - 1) & 1)
        first = min(first, xs[i, k]) if (k < m) & (common >> k & 1) & (beside >= number - 2) else first
    return (found == number) & (first == centre)


@njit(**LEAN)
def _write_both(xs, i, ys, j, m, rows, at):
    """Write to rows[at, 2:] ring and spindle of x and what y adds; returns where they end, even beyond the row."""
    end = 2
    for k in range(6):
        if k <= m:
            rows[at, end] = xs[i, k]
            end += 1
    for l in range(6):
        if l <= m:
            inside = False
            for k in range(6):
                inside |= (k <= m) & (xs[i, min(k, m)] == ys[j, l])
            rows[at, min(end, rows.shape[1] - 1)] = ys[j, l]
            end += not inside
    return end


@njit(**LEAN)
def _meeting(x_first, x_stop, y_first, y_stop, same, x_around, y_around, least, greatest, sr, rs, meeting):
    """Write to meeting those pairs of x number e to stop - 1 and y that share from least to greatest ring particles.

    And have sr and rs. Without branches, since whether a pair is one of them cannot be foreseen. Returns how many.
    """
    number = 0
    for e in range(x_first, x_stop):
        x, over_x = x_around[e, 0], x_around[e, 1]
        for f in range(e + 1 if same else y_first, y_stop):
            y, over_y = y_around[f, 0], y_around[f, 1]
            meeting[number, 0], meeting[number, 1] = e, f
            shared = count(x & y)
            number += (
                (least <= shared) & (shared <= greatest)
                & ((sr == FREE) | (count(over_x & y) == sr))
                & ((rs == FREE) | (count(over_y & x) == rs))
            )  # fmt: skip
    return number


@njit(**ENTRY)
def pairs(
    first, last, rows, bonds, shared, xs, x_starts, x_where, x_around, x_outers, ys, y_starts, *arguments
):
    """Pairs of clusters xs and ys (rings of m, then spindles) that meet at particles first to last - 1 and obey a rule.

    `same` tells that xs are ys, and each pair is wanted once. `..._starts`, `..._where`, `..._around`, `..._outers` tell
    which have a particle in their ring (`by` RING) or as spindle (`by` SPINDLE), how they lie around it, and which is
    their other spindle. The rule is:
    particles shared by the rings, spindles of x in ring y, the reverse, shared spindles, least and largest number of
    bonds from a ring particle to the other ring, whether the other spindles must be unbonded, whether the rings are
    hinged, whether the other spindles belong to the cluster.

    Rows are the numbers of x and y, then the particles: shared spindles, other spindles, shared ring particles, the
    rest. A pair with two common spindles is taken at the lower one. By RING a pair is taken at
    the lowest common particle, and a row has x and then what y adds.
    """
    room = 0
    for centre in range(first, last):
        room = max(
            room, (x_starts[centre + 1] - x_starts[centre]) * (y_starts[centre + 1] - y_starts[centre])
        )
    meeting = np.empty((room + 1, 2), np.int32)
    return _pairs(
        first,
        last,
        rows,
        meeting,
        bonds,
        shared,
        xs,
        x_starts,
        x_where,
        x_around,
        x_outers,
        ys,
        y_starts,
        *arguments,
    )


@njit(**LEAN)
def _pairs(
    first, last, rows, meeting, bonds, shared, xs, x_starts, x_where, x_around, x_outers,
    ys, y_starts, y_where, y_around, y_outers, same, m, by, rule,
):  # fmt: skip
    rr, sr, rs, ss, fewest, most, unbonded, hinged, with_outer = rule
    # Rings are taken where they meet at a particle beside which they share all but one of the others, if not more.
    least, greatest = (rr - 2, rr - 1) if by == RING else (rr, rr)
    used = 0
    for centre in range(first, last):
        number = _meeting(
            x_starts[centre], x_starts[centre + 1], y_starts[centre], y_starts[centre + 1], same,
            x_around, y_around, least, greatest, sr, rs, meeting,
        )  # fmt: skip
        for n in range(number):
            e, f = meeting[n, 0], meeting[n, 1]
            i, x, over_x = x_where[e], x_around[e, 0], x_around[e, 1]
            j, y, over_y = y_where[f], y_around[f, 0], y_around[f, 1]
            x_outer, y_outer = x_outers[e], y_outers[f]
            twice = x_outer == y_outer and x_outer >= 0
            if ss != twice + (by == SPINDLE) or (
                by == RING and not _first_common(xs, i, ys, j, m, rr, centre)
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
                end = _write_both(xs, i, ys, j, m, rows, at)
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
