"""Kernels of the clusters that are more than a pair of rings: each grows from a smaller cluster.

Those of eleven particles and more are in `_large_extensions_kernel`, but for the kernels that serve several sizes.

All take a range of the clusters (or particles) they start from, then room for rows, then the bonds (Bonds.table), then
the rows of the clusters they need. A row of a basic cluster is its ring in cyclic order, then its spindles; `starts`,
`where`, `around` and `outer` tell which clusters a particle belongs to, how they lie around it, and which spindle they
have besides; `shared`, which neighbours
of a particle are bonded to each other. Where `bit` is filled, it has the bits of the neighbours of one particle.

All write rows: first the numbers of the basic clusters that make the finding, if they matter, then its particles. They
return how many there are; if that is more than fit, the last row is written over, and they are called again. (An array
that a kernel replaces by a longer one would cost more at each turn of a loop than the search.)
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, LEAN, LEAN_ENTRY
from vitreous.structure.tcc._sets_kernel import (
    ZERO,
    append_new,
    bonded,
    count,
    count_bonds,
    count_shared,
    degree,
    extend,
    holds,
    lowest,
    other,
    set_bits,
    write,
)


@njit(**LEAN_ENTRY)
def six_z(first, last, sixes, symmetric, asymmetric, bonds, fives, faces):
    """6Z, 7T_s and 7T_a: 5As (sp3c) whose rings are faces of one tetrahedron.

    6Z: two 5As, i with ring {x, y, c} and spindles a and a', j with ring {x, y, a} and spindles c and c', where a' is
    not c'. With a third 5A, one spindle of which is x (or y), it is a 7T, the seventh particle being the other spindle
    of that: ring {a, c, y} gives 7T_s; {a', c, y} and {a, c', y} give 7T_a.
    """
    n_sixes, n_symmetric, n_asymmetric = 0, 0, 0
    for i in range(first, last):
        left = ZERO
        for n in range(6):  # no branches: whether there is such a j cannot be foreseen
            j = faces[i, n // 3, n % 3]
            good = (j > i) & (other(fives, max(j, 0), 3, fives[i, n % 3]) != fives[i, 4 - n // 3])
            left |= np.uint64(good) << np.uint64(n)
        while left:
            n, left = lowest(left), left & (left - np.uint64(1))
            side, k = n // 3, n % 3
            j, c, next_k, last_k = faces[i, side, k], fives[i, k], (k + 1) % 3, (k + 2) % 3
            turned = int(fives[j, 3] == c)
            six = (
                fives[i, 3 + side],
                fives[i, 4 - side],
                c,
                fives[j, 3 + turned],
                fives[i, next_k],
                fives[i, last_k],
            )
            _write_row(sixes, n_sixes, six)
            n_sixes += 1
            for x, in_i in ((six[4], next_k), (six[5], last_k)):
                in_j = int(fives[j, 1] == x) + 2 * int(fives[j, 2] == x)
                t = faces[i, side, in_i]
                _write_row(symmetric, n_symmetric, (*six, other(fives, max(t, 0), 3, x)))
                n_symmetric += t >= 0
                for t in (faces[i, 1 - side, in_i], faces[j, turned, in_j]):
                    _write_row(asymmetric, n_asymmetric, (*six, other(fives, max(t, 0), 3, x)))
                    n_asymmetric += t >= 0
    return n_sixes, n_symmetric, n_asymmetric


@njit(**LEAN, inline="always")
def _write_row(rows, used, particles):
    at = min(used, len(rows) - 1)
    for k in range(len(particles)):
        rows[at, k] = particles[k]


@njit(**LEAN_ENTRY)
def bridged(first, last, rows, bonds, made_of, found, basic, starts, where, around, outer, one, two, u, v):
    """8K, 12D, 12E: a cluster and a basic one that brings just one new particle.

    Its spindles are the particles of the cluster in columns `one` and `two`, its ring holds those in `u` and `v`.
    8K: three 5As (sp3c) with two common ring particles and spindles {A, B}, {A, C}, {B, C}, that is a 7K and a third 5A
    between its outer spindles. 12D: an 11E and a 7A (sp5c) with spindles end and x, whose ring holds s, mid and two
    of the seven that are no spindles. 12E: an 11F and a 5A between the outer spindles of its 6As, whose ring holds
    the bonded pair u-v.
    """
    m, keys, size = basic.shape[1] - 2, made_of.shape[1] + 1, found.shape[1]
    used = 0
    for z in range(first, last):
        spindle = found[z, one]
        for e in range(starts[spindle], starts[spindle + 1]):
            k = where[e]
            if not (
                outer[e] == found[z, two]
                and holds(basic, k, 0, m, found[z, u])
                and holds(basic, k, 0, m, found[z, v])
                and count_shared(basic, k, 0, m, found, z, 0, size) == m - 1
            ):
                continue
            at = min(used, len(rows) - 1)
            for p in range(keys - 1):
                rows[at, p] = made_of[z, p]
            rows[at, keys - 1] = k
            for p in range(size):
                rows[at, keys + p] = found[z, p]
            for p in range(m):
                append_new(rows, at, keys, keys + size, basic[k, p])
            used += 1
    return used


@njit(**LEAN_ENTRY)
def with_outside(first, last, rows, bonds, found, fewest, most, apart):
    """10K, 11W: a cluster and the only neighbour of its centre that is not in it.

    The centre has from `fewest` to `most` neighbours; the one outside is unbonded to the first `apart` particles after
    the centre. 10K: a 9K, fewer than ten neighbours. 11W: a 10B, ten, unbonded to the three outer spindles.
    """
    used = 0
    for z in range(first, last):
        number = degree(bonds, found[z, 0])
        outside, inside = found[z, 0], 0
        for e in range(number if fewest <= number <= most else 0):
            if holds(found, z, 1, found.shape[1], bonds[found[z, 0], e]):
                inside += 1
            else:
                outside = bonds[found[z, 0], e]
        if inside == number - 1 and count_bonds(bonds, outside, found, z, 1, 1 + apart) == 0:
            used = extend(rows, used, found, z, outside)
    return used


@njit(**LEAN_ENTRY)
def eight_b(first, last, rows, bonds, shared, sevens, starts, where, around, outer):
    """8B: a 7A (sp5c) and a particle bonded to one spindle and just two of the ring; once per such spindle."""
    used = 0
    for spindle in range(first, last):
        for e in range(starts[spindle], starts[spindle + 1]):
            left, i = ZERO, where[e]
            for k in range(bonds.shape[1]):
                left |= np.uint64(count(shared[spindle, k] & around[e, 0]) == 2) << np.uint64(k)
            left &= ~(around[e, 0] | around[e, 1])
            while left:
                particle, left = bonds[spindle, lowest(left)], left & (left - np.uint64(1))
                ring = (sevens[i, 0], sevens[i, 1], sevens[i, 2], sevens[i, 3], sevens[i, 4])
                _write_row(rows, used, (*ring, sevens[i, 5], sevens[i, 6], particle))
                used += 1
    return used


@njit(**LEAN_ENTRY)
def nine_a(first, last, rows, bonds, pairs, found, fours, starts, where, around, outer):
    """9A: two sp4b with two common ring particles, and a third whose ring are the other four.

    The spindles of the two differ and are unbonded (so far the table). The other two of one ring and those of the other
    have just two bonds, and these pair them: then the other two of one ring are bonded.
    """
    used = 0
    for z in range(first, last):
        i, j, p, q = pairs[z, 0], pairs[z, 1], found[z, 5], found[z, 6]
        for e in range(starts[p], starts[p + 1]):
            k = where[e]
            if (
                holds(fours, k, 0, 4, q)
                and count_shared(fours, k, 0, 4, fours, i, 0, 4) == 2
                and count_shared(fours, k, 0, 4, fours, j, 0, 4) == 2
                and bonded(bonds, p, q)
            ):
                used = extend(rows, used, found, z, fours[k, 4])
    return used


@njit(**ENTRY)
def ten_a(first, last, rows, bonds, fours):
    """10A: two sp4b without common particles; each of the ring of the one has just two bonds to the ring of the other.

    The spindles are not bonded, nor is it asked which is the one. (Rings come in the order of their lowest particles,
    which are in the first column.)
    """
    starts = np.zeros(len(bonds) + 1, np.int64)
    for i in range(len(fours)):
        starts[fours[i, 0] + 1] += 1
    for particle in range(len(bonds)):
        starts[particle + 1] += starts[particle]
    to_ring, near = np.zeros(len(bonds) + 1, np.int32), np.empty(4 * bonds.shape[1] + 1, np.int32)
    return _ten_a(first, last, rows, bonds, fours, starts, to_ring, near)


@njit(**LEAN)
def _ten_a(first, last, rows, bonds, fours, starts, to_ring, near):
    used = 0
    for i in range(first, last):
        ring = (fours[i, 0], fours[i, 1], fours[i, 2], fours[i, 3])
        for corner in ring:
            for e in range(bonds.shape[1]):
                to_ring[bonds[corner, e]] += 1
        for corner in ring:
            to_ring[corner] = 0
        number, to_ring[-1] = 0, 0  # nobody
        for corner in ring:
            for e in range(bonds.shape[1]):
                near[number] = bonds[corner, e]
                number += to_ring[bonds[corner, e]] == 2
        for n in range(number):  # each of them is there twice, and skipped when it has become -2
            lowest_of_j = near[n]
            for j in range(starts[lowest_of_j], starts[lowest_of_j + 1]):
                one, two, three = to_ring[fours[j, 1]], to_ring[fours[j, 2]], to_ring[fours[j, 3]]
                if (
                    (to_ring[lowest_of_j] == 2) & (abs(one) == 2) & (abs(two) == 2) & (abs(three) == 2)
                    and count_shared(fours, i, 0, 5, fours, j, 0, 5) == 0
                    and not bonded(bonds, fours[i, 4], fours[j, 4])
                ):
                    at = min(used, len(rows) - 1)
                    rows[at, 0], rows[at, 1] = i, j
                    for p in range(5):
                        rows[at, 2 + p], rows[at, 7 + p] = fours[i, p], fours[j, p]
                    used += 1
            to_ring[lowest_of_j] = -2
        for corner in ring:
            for e in range(bonds.shape[1]):
                to_ring[bonds[corner, e]] = 0
    return used


@njit(**ENTRY)
def ten_b(first, last, rows, bonds, *arguments):
    """10B: a 9B (centre s, outers a, d) and a third 7A (sp5c) with spindle s.

    Its other spindle e is one of the six others of the 9B; a and d are in its ring, and just one of its ring is
    new. Each triple of 7As once. Particles: s, a, d, e, the other five of the 9B,
    the new one.
    """
    return _ten_b(first, last, rows, bonds, np.zeros(len(bonds) + 1, np.uint64), *arguments)


@njit(**LEAN)
def _ten_b(first, last, rows, bonds, bit, pairs, found, sevens, starts, where, around, outer):
    used = 0
    for z in range(first, last):
        s = found[z, 0]
        set_bits(bonds, s, bit)
        outers, others = bit[found[z, 1]] | bit[found[z, 2]], ZERO
        for p in range(3, 9):
            others |= bit[found[z, p]]
        set_bits(bonds, s, bit, ZERO)
        for t in range(starts[s], starts[s + 1]):
            ring, e = around[t, 0], around[t, 1]
            if ring & outers != outers or not e & others or count(ring & others) != 2:
                continue
            at = min(used, len(rows) - 1)
            rows[at, 0], rows[at, 1], rows[at, 2], rows[at, 3] = pairs[z, 0], pairs[z, 1], where[t], s
            end = 4
            for some in (outers, e, others & ~e, ring & ~(outers | others)):
                end = write(bonds, s, some, rows, at, end)
            used += 1
    return used


@njit(**LEAN_ENTRY)
def ten_w(first, last, rows, bonds, starts, where, around, outer):
    """10W: a centre with nine neighbours, the spindle of just six sp5b whose rings unite to those nine."""
    used = 0
    for centre in range(first, last):
        if starts[centre + 1] - starts[centre] != 6 or degree(bonds, centre) != 9:
            continue
        rings = ZERO
        for e in range(starts[centre], starts[centre + 1]):
            rings |= around[e, 0]
        at = min(used, len(rows) - 1)
        rows[at, 0] = centre
        used += write(bonds, centre, rings, rows, at, 1) == 10
    return used
