"""Kernels of the clusters of eleven particles and more, each of which grows from a smaller cluster.

Their arguments are those of `_extensions_kernel`, which has the smaller ones.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, LEAN, LEAN_ENTRY
from vitreous.structure.tcc._sets_kernel import (
    ZERO,
    beside,
    bonded,
    count,
    count_bonds,
    count_shared,
    degree,
    extend,
    holds,
    lowest,
    set_bits,
    write,
)


@njit(**ENTRY)
def eleven_b(first, last, rows, bonds, *arguments):
    """11B: a 9B whose centre has ten neighbours; the two outside it are bonded to each other.

    Each is bonded to just two of the eight around the centre. The two pairs have no particle in common and no
    bond within, and just two bonds between them, which pair their particles.
    """
    return _eleven_b(first, last, rows, bonds, np.zeros(len(bonds) + 1, np.uint64), *arguments)


@njit(**LEAN)
def _eleven_b(first, last, rows, bonds, bit, shared, found):
    used = 0
    for z in range(first, last):
        centre = found[z, 0]
        if degree(bonds, centre) != 10:
            continue
        set_bits(bonds, centre, bit)
        extra = np.uint64(1023)
        for p in range(1, 9):
            extra &= ~bit[found[z, p]]
        set_bits(bonds, centre, bit, ZERO)
        x, y = beside(shared, centre, extra)
        if count(extra) != 2 or not x & extra:
            continue
        x, y = x & ~extra, y & ~extra
        if count(x) != 2 or count(y) != 2 or x & y:
            continue
        (one, two), (three, _) = beside(shared, centre, x), beside(shared, centre, y)
        if not (one & x or three & y) and count(one & y) == 1 and two & y == y & ~one:
            rows[min(used, len(rows) - 1), 10] = bonds[centre, lowest(extra)]
            used = extend(rows, used, found, z, bonds[centre, lowest(extra & (extra - np.uint64(1)))])
    return used


@njit(**ENTRY)
def eleven_e(first, last, rows, bonds, *arguments):
    """11E: a chain of three 7As (sp5c): a 9B, one outer of which, `mid`, is also a spindle of the third.

    The other outer is `end`. The other spindle x of the third is one of the six others of the 9B; its ring
    holds s, end, just one particle that belongs to only one ring of the 9B and is not
    x, and two others. Each triple of 7As once. Particles: s, mid, end, x, then seven.
    """
    return _eleven_e(first, last, rows, bonds, np.zeros(len(bonds) + 1, np.uint64), *arguments)


@njit(**LEAN)
def _eleven_e(first, last, rows, bonds, bit, pairs, found, sevens, starts, where, around, outer):
    used = 0
    for z in range(first, last):
        s = found[z, 0]
        for side in range(1, 3):
            mid, end = found[z, side], found[z, 3 - side]
            set_bits(bonds, mid, bit)
            ends, single, both = bit[s] | bit[end], ZERO, bit[found[z, 3]] | bit[found[z, 4]]
            for p in range(5, 9):
                single |= bit[found[z, p]]
            set_bits(bonds, mid, bit, ZERO)
            for t in range(starts[mid], starts[mid + 1]):
                ring = around[t, 0]
                if ring & ends != ends or count(ring & single) != 1 or ring & both:
                    continue
                x = outer[t]
                if not holds(found, z, 3, 9, x):
                    continue
                at = min(used, len(rows) - 1)
                rows[at, 0], rows[at, 1], rows[at, 2] = pairs[z, 0], pairs[z, 1], where[t]
                rows[at, 3], rows[at, 4], rows[at, 5], rows[at, 6] = s, mid, end, x
                column = 7
                for p in range(3, 9):
                    rows[at, column] = found[z, p]
                    column += found[z, p] != x
                write(bonds, mid, ring & ~(ends | single), rows, at, column)
                used += 1
    return used


@njit(**LEAN_ENTRY)
def eleven_f(
    first,
    last,
    rows,
    bonds,
    shared,
    fours,
    starts,
    where,
    around,
    outer,
    five_starts,
    five_where,
    fives,
    five_outer,
):
    """11F: two 5As (sp3c) with one common ring particle c, joined by two 6As (sp4c).

    The 5As have nothing else in common, and there is just one other bond between the rings, u-v. Their spindles are
    bonded pairwise. For each bonded pair {p, q} of spindles there is an sp4c with ring {p, q, u, v} and spindle c.
    The other spindles of the sp4c differ, and are none of the nine.
    `around`: sp4c by spindle; `fives`: sp3c by ring particle. Particles: c, u, v, the third of each ring, the
    spindles p, q of the first pair, those of the second, and the outer spindles of the two sp4c.
    """
    used = 0
    for c in range(first, last):
        for e in range(starts[c], starts[c + 1]):
            for f in range(e + 1, starts[c + 1]):
                both, either = around[e, 0] & around[f, 0], around[e, 0] | around[f, 0]
                top, low = outer[e], outer[f]
                if count(both) != 2 or top == low:
                    continue
                v = both & (both - np.uint64(1))
                u = both & ~v
                by_u, by_v = shared[c, lowest(u)], shared[c, lowest(v)]
                spindles, others = either & by_u & ~v, either & by_v & ~u
                if not by_u & v:
                    continue
                for g in range(five_starts[c], five_starts[c + 1]):
                    third = fives[g, 0] & ~u
                    if fives[g, 1] != spindles or third == fives[g, 0] or third & (by_v | others):
                        continue
                    for h in range(five_starts[c], five_starts[c + 1]):
                        fourth = fives[h, 0] & ~v
                        if (
                            fives[h, 1] == others
                            and fourth != fives[h, 0]
                            and not fourth & (by_u | spindles | third | shared[c, lowest(third)])
                        ):
                            at = min(used, len(rows) - 1)
                            rows[at, 0], rows[at, 1], rows[at, 2] = five_where[g], five_where[h], c
                            end, x, y = 3, around[e, 0], around[f, 0]
                            pairs = (spindles & x, others & x, spindles & y, others & y)
                            for some in (u, v, third, fourth, *pairs):
                                end = write(bonds, c, some, rows, at, end)
                            rows[at, 11], rows[at, 12] = top, low
                            used += not (holds(rows, at, 2, 11, top) or holds(rows, at, 2, 11, low))
    return used


@njit(**LEAN_ENTRY)
def twelve_a(first, last, rows, bonds, found):
    """12A: an 11C whose centre has eleven neighbours, and one of these outside it.

    That one is bonded to the particle of each ring that is opposite the common pair, and to no other of the
    ten around the centre.
    """
    used = 0
    for z in range(first, last):
        if degree(bonds, found[z, 0]) != 11:
            continue
        for e in range(11):
            particle = bonds[found[z, 0], e]
            if holds(found, z, 0, 11, particle) or count_bonds(bonds, particle, found, z, 1, 11) != 2:
                continue
            opposite = 0
            for p in range(5, 11):
                beside_pair = count_bonds(bonds, found[z, p], found, z, 3, 5)
                opposite += beside_pair == 0 and bonded(bonds, particle, found[z, p])
            if opposite == 2:
                used = extend(rows, used, found, z, particle)
    return used


@njit(**ENTRY)
def twelve_k(first, last, rows, bonds, *arguments):
    """12K: an 11A and a particle outside it bonded to a ring particle and its two partners in the other ring.

    Looked for at all eight ring particles that have two such partners; there must be just one.
    """
    return _twelve_k(first, last, rows, bonds, np.zeros(len(bonds) + 1, np.uint64), *arguments)


@njit(**LEAN)
def _twelve_k(first, last, rows, bonds, bit, shared, pairs, found, fours):
    used = 0
    for z in range(first, last):
        for n in range(8):
            i, j = pairs[z, n // 4], pairs[z, 1 - n // 4]
            particle = fours[i, n % 4]
            partners, inside, caps = ZERO, ZERO, ZERO
            set_bits(bonds, particle, bit)
            for k in range(4):
                partners |= bit[fours[j, k]]
            for k in range(11):
                inside |= bit[found[z, k]]
            for e in range(degree(bonds, particle)):
                if shared[particle, e] & partners == partners:
                    caps |= bit[bonds[particle, e]] & ~inside
            set_bits(bonds, particle, bit, ZERO)
            if count(partners) == 2 and count(caps) == 1:
                used = extend(rows, used, found, z, bonds[particle, lowest(caps)])
    return used


@njit(**LEAN_ENTRY)
def twelve_b(first, last, twelves, thirteens, bonds, sevens, starts, where, around, outer):
    """12B and 13A: a 7A (sp5c) f with centre c and outer o, in both roles, and those around c next to it.

    12B: just five other 7As have the spindle c and another spindle bonded to o; their rings add just five
    particles. 13A: besides, a 7A with spindle c whose ring are these five, and whose other spindle is none of
    the twelve.
    """
    n_twelves, n_thirteens = 0, 0
    for c in range(first, last):
        if starts[c + 1] - starts[c] < 6:
            continue
        for e in range(starts[c], starts[c + 1]):
            o = outer[e]
            near, rings = 0, ZERO
            for f in range(starts[c], starts[c + 1]):
                if f != e and bonded(bonds, outer[f], o):
                    near += 1
                    rings |= around[f, 0]
            rings &= ~(around[e, 0] | around[e, 1])
            if near != 5 or count(rings) != 5:
                continue
            at = min(n_twelves, len(twelves) - 1)
            for p in range(7):
                twelves[at, p] = sevens[where[e], p]
            write(bonds, c, rings, twelves, at, 7)
            for f in range(starts[c], starts[c + 1]):
                cap = outer[f]
                if around[f, 0] == rings and not holds(twelves, at, 0, 12, cap):
                    n_thirteens = extend(thirteens, n_thirteens, twelves, at, cap)
            n_twelves += 1
    return n_twelves, n_thirteens


@njit(**LEAN)
def _thirteenth(i, c, kept, found, z, fives, starts, where, outer):
    """The particle outside found[z] of the only other 5A that has one, c in its ring, and the spindles of i.

    -1 if there is not just one such 5A, or if it lacks the ring particle `kept`.
    """
    new, count = np.int32(-1), 0
    for e in range(starts[fives[i, 3]], starts[fives[i, 3] + 1]):
        k = where[e]
        if k == i or outer[e] != fives[i, 4] or not holds(fives, k, 0, 3, c):
            continue
        outside = count_shared(fives, k, 0, 3, found, z, 0, 11) < 3
        count += outside
        for p in range(3):
            if outside and holds(fives, k, 0, 3, kept) and not holds(found, z, 0, 11, fives[k, p]):
                new = fives[k, p]
    return new if count == 1 else np.int32(-1)


@njit(**LEAN_ENTRY)
def thirteen_k(first, last, rows, bonds, pairs, found, fives, starts, where, around, outer):
    """13K: an 11F and, for each of its 5As (sp3c), just one other 5A with the same spindles.

    In the ring of that one are c, the particle of the first 5A that is neither c nor in the rings of the 6As,
    and a particle outside the 11F, for each another.
    """
    used = 0
    for z in range(first, last):
        one = _thirteenth(pairs[z, 0], found[z, 0], found[z, 3], found, z, fives, starts, where, outer)
        two = _thirteenth(pairs[z, 1], found[z, 0], found[z, 4], found, z, fives, starts, where, outer)
        if one >= 0 and two >= 0 and one != two:
            rows[min(used, len(rows) - 1), 12] = two
            used = extend(rows, used, found, z, one)
    return used
