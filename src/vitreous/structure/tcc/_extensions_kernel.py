"""Kernels of the clusters that are more than a pair of rings: each grows from a smaller cluster.

All take a range of the clusters (or particles) they start from, then room for rows, then the bonds (Bonds.table), then
the rows of the clusters they need. A row of a basic cluster is its ring in cyclic order, then its spindles; `starts`,
`where` and `around` tell which clusters a particle belongs to, and how they lie around it; `shared`, which neighbours
of a particle are bonded to each other. Where `bit` is filled, it has the bits of the neighbours of one particle.

All write rows: first the numbers of the basic clusters that make the finding, if they matter, then its particles. They
return how many there are; if that is more than fit, the last row is written over, and they are called again. (An array
that a kernel replaces by a longer one would cost more at each turn of a loop than the search.)
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, INNER
from vitreous.structure.tcc._sets_kernel import (
    ZERO,
    append_new,
    beside,
    bonded,
    count,
    count_bonds,
    count_shared,
    degree,
    holds,
    lowest,
    other,
    set_bits,
    write,
)


@njit(**INNER, inline="always")
def _extend(rows, used, found, z, particle):
    """Write found[z] and the particle after rows[:used]; returns the new number."""
    at = min(used, len(rows) - 1)
    for k in range(found.shape[1]):
        rows[at, k] = found[z, k]
    rows[at, found.shape[1]] = particle
    return used + 1


@njit(**ENTRY)
def six_z(first, last, sixes, symmetric, asymmetric, bonds, fives, faces):
    """6Z, 7T_s and 7T_a: 5As (sp3c) whose rings are faces of one tetrahedron.

    6Z: two 5As, i with ring {x, y, c} and spindles a and a', j with ring {x, y, a} and spindles c and c', where a' is
    not c'. With a third 5A, one spindle of which is x (or y), it is a 7T, the seventh particle being the other spindle
    of that: ring {a, c, y} gives 7T_s; {a', c, y} and {a, c', y} give 7T_a.
    """
    n_sixes, n_symmetric, n_asymmetric = 0, 0, 0
    for i in range(first, last):
        for n in range(6):
            side, k = n // 3, n % 3
            j, c, a_outer = faces[i, side, k], fives[i, k], fives[i, 4 - side]
            if j <= i or other(fives, j, 3, c) == a_outer:
                continue
            turned = 0 if fives[j, 3] != c else 1
            at = min(n_sixes, len(sixes) - 1)
            sixes[at, 0], sixes[at, 1], sixes[at, 2] = fives[i, 3 + side], a_outer, c
            sixes[at, 3], sixes[at, 4], sixes[at, 5] = (
                fives[j, 3 + turned],
                fives[i, (k + 1) % 3],
                fives[i, (k + 2) % 3],
            )
            n_sixes += 1
            for p in range(4, 6):
                x = sixes[at, p]
                in_i, in_j = (k + p - 3) % 3, 0 if fives[j, 0] == x else (1 if fives[j, 1] == x else 2)
                t = faces[i, side, in_i]
                if t >= 0:
                    n_symmetric = _extend(symmetric, n_symmetric, sixes, at, other(fives, t, 3, x))
                for t in (faces[i, 1 - side, in_i], faces[j, turned, in_j]):
                    if t >= 0:
                        n_asymmetric = _extend(asymmetric, n_asymmetric, sixes, at, other(fives, t, 3, x))
    return n_sixes, n_symmetric, n_asymmetric


@njit(**ENTRY)
def bridged(first, last, rows, bonds, made_of, found, basic, starts, where, around, one, two, u, v):
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
                other(basic, k, m, spindle) == found[z, two]
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


@njit(**ENTRY)
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
            used = _extend(rows, used, found, z, outside)
    return used


@njit(**ENTRY)
def eight_b(first, last, rows, bonds, shared, sevens, starts, where, around):
    """8B: a 7A (sp5c) and a particle bonded to one spindle and just two of the ring; once per such spindle."""
    used = 0
    for spindle in range(first, last):
        for e in range(starts[spindle], starts[spindle + 1]):
            for k in range(bonds.shape[1]):
                particle = bonds[spindle, k]
                if particle < 0:
                    break
                if count(shared[spindle, k] & around[e, 0]) == 2 and not holds(
                    sevens, where[e], 0, 7, particle
                ):
                    used = _extend(rows, used, sevens, where[e], particle)
    return used


@njit(**ENTRY)
def nine_a(first, last, rows, bonds, pairs, found, fours, starts, where, around):
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
                used = _extend(rows, used, found, z, fours[k, 4])
    return used


@njit(**ENTRY)
def ten_a(first, last, rows, bonds, fours, starts, where, around):
    """10A: two sp4b without common particles; each of the ring of the one has just two bonds to the ring of the other.

    The spindles are not bonded, nor is it asked which is the one.
    """
    used = 0
    to_ring, near = np.zeros(len(bonds), np.int8), np.empty(4 * bonds.shape[1], np.int32)
    for i in range(first, last):
        number = 0
        for k in range(4):
            for e in range(degree(bonds, fours[i, k])):
                near[number] = bonds[fours[i, k], e]
                to_ring[near[number]] += 1
                number += to_ring[near[number]] == 1
        for k in range(4):
            to_ring[fours[i, k]] = 4
        for particle in near[:number]:
            if to_ring[particle] != 2:
                continue
            for f in range(starts[particle], starts[particle + 1]):
                j = where[f]
                if (
                    fours[j, 0] == particle
                    and to_ring[fours[j, 1]] == to_ring[fours[j, 2]] == to_ring[fours[j, 3]] == 2
                    and count_shared(fours, i, 0, 5, fours, j, 0, 5) == 0
                    and not bonded(bonds, fours[i, 4], fours[j, 4])
                ):
                    at = min(used, len(rows) - 1)
                    rows[at, 0], rows[at, 1] = i, j
                    for p in range(5):
                        rows[at, 2 + p], rows[at, 7 + p] = fours[i, p], fours[j, p]
                    used += 1
        for particle in near[:number]:
            to_ring[particle] = 0
    return used


@njit(**ENTRY)
def ten_b(first, last, rows, bonds, pairs, found, sevens, starts, where, around):
    """10B: a 9B (centre s, outers a, d) and a third 7A (sp5c) with spindle s.

    Its other spindle e is one of the six others of the 9B; a and d are in its ring, and just one of its ring is
    new. Each triple of 7As once. Particles: s, a, d, e, the other five of the 9B,
    the new one.
    """
    used = 0
    bit = np.zeros(len(bonds), np.uint64)
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


@njit(**ENTRY)
def ten_w(first, last, rows, bonds, starts, where, around):
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


@njit(**ENTRY)
def eleven_b(first, last, rows, bonds, shared, found):
    """11B: a 9B whose centre has ten neighbours; the two outside it are bonded to each other.

    Each is bonded to just two of the eight around the centre. The two pairs have no particle in common and no
    bond within, and just two bonds between them, which pair their particles.
    """
    used = 0
    bit = np.zeros(len(bonds), np.uint64)
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
            used = _extend(rows, used, found, z, bonds[centre, lowest(extra & (extra - np.uint64(1)))])
    return used


@njit(**ENTRY)
def eleven_e(first, last, rows, bonds, pairs, found, sevens, starts, where, around):
    """11E: a chain of three 7As (sp5c): a 9B, one outer of which, `mid`, is also a spindle of the third.

    The other outer is `end`. The other spindle x of the third is one of the six others of the 9B; its ring
    holds s, end, just one particle that belongs to only one ring of the 9B and is not
    x, and two others. Each triple of 7As once. Particles: s, mid, end, x, then seven.
    """
    used = 0
    bit = np.zeros(len(bonds), np.uint64)
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
                x = other(sevens, where[t], 5, mid)
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


@njit(**ENTRY)
def eleven_f(first, last, rows, bonds, shared, fours, starts, where, around, five_starts, five_where, fives):
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
                top, low = other(fours, where[e], 4, c), other(fours, where[f], 4, c)
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


@njit(**ENTRY)
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
                used = _extend(rows, used, found, z, particle)
    return used


@njit(**ENTRY)
def twelve_k(first, last, rows, bonds, shared, pairs, found, fours):
    """12K: an 11A and a particle outside it bonded to a ring particle and its two partners in the other ring.

    Looked for at all eight ring particles that have two such partners; there must be just one.
    """
    used = 0
    bit = np.zeros(len(bonds), np.uint64)
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
                used = _extend(rows, used, found, z, bonds[particle, lowest(caps)])
    return used


@njit(**ENTRY)
def twelve_b(first, last, twelves, thirteens, bonds, sevens, starts, where, around):
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
            o = other(sevens, where[e], 5, c)
            near, rings = 0, ZERO
            for f in range(starts[c], starts[c + 1]):
                if f != e and bonded(bonds, other(sevens, where[f], 5, c), o):
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
                cap = other(sevens, where[f], 5, c)
                if around[f, 0] == rings and not holds(twelves, at, 0, 12, cap):
                    n_thirteens = _extend(thirteens, n_thirteens, twelves, at, cap)
            n_twelves += 1
    return n_twelves, n_thirteens


@njit(**INNER)
def _thirteenth(i, c, kept, found, z, fives, starts, where):
    """The particle outside found[z] of the only other 5A that has one, c in its ring, and the spindles of i.

    -1 if there is not just one such 5A, or if it lacks the ring particle `kept`.
    """
    new, count = np.int32(-1), 0
    for e in range(starts[fives[i, 3]], starts[fives[i, 3] + 1]):
        k = where[e]
        if k == i or not (holds(fives, k, 0, 3, c) and holds(fives, k, 3, 5, fives[i, 4])):
            continue
        outside = count_shared(fives, k, 0, 3, found, z, 0, 11) < 3
        count += outside
        for p in range(3):
            if outside and holds(fives, k, 0, 3, kept) and not holds(found, z, 0, 11, fives[k, p]):
                new = fives[k, p]
    return new if count == 1 else np.int32(-1)


@njit(**ENTRY)
def thirteen_k(first, last, rows, bonds, pairs, found, fives, starts, where, around):
    """13K: an 11F and, for each of its 5As (sp3c), just one other 5A with the same spindles.

    In the ring of that one are c, the particle of the first 5A that is neither c nor in the rings of the 6As,
    and a particle outside the 11F, for each another.
    """
    used = 0
    for z in range(first, last):
        one = _thirteenth(pairs[z, 0], found[z, 0], found[z, 3], found, z, fives, starts, where)
        two = _thirteenth(pairs[z, 1], found[z, 0], found[z, 4], found, z, fives, starts, where)
        if one >= 0 and two >= 0 and one != two:
            rows[min(used, len(rows) - 1), 12] = two
            used = _extend(rows, used, found, z, one)
    return used
