"""Kernels of the clusters that are more than a pair of rings: each grows from a smaller cluster.

All take a range of the clusters they start from, then the bonds (Bonds.table), then the rows of the clusters they
need. A row of a basic cluster is its ring in cyclic order, then its spindles; `starts` and `where` tell which
clusters a particle belongs to. All return rows: first the numbers of the basic clusters that make the finding, if
they matter, then its particles.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, INNER
from vitreous.structure.tcc._sets_kernel import (
    append_new,
    bonded,
    both_bonded,
    count_bonds,
    count_shared,
    degree,
    holds,
    no_rows,
    other,
    with_room,
)


@njit(**INNER)
def _only_outside(bonds, centre, rows, z):
    """The neighbour of the centre that is not in rows[z], if there is just one; else -1."""
    outside = np.int32(-1)
    for e in range(bonds.shape[1]):
        particle = bonds[centre, e]
        if particle >= 0 and not holds(rows, z, 0, rows.shape[1], particle):
            if outside >= 0:
                return np.int32(-1)
            outside = particle
    return outside


@njit(**INNER, inline="always")
def _extended(rows, used, found, z, particle):
    """Room after rows[:used], and found[z] and the particle written there."""
    rows = with_room(rows, used)
    for k in range(found.shape[1]):
        rows[used, k] = found[z, k]
    rows[used, found.shape[1]] = particle
    return rows


@njit(**ENTRY)
def seven_t(first, last, bonds, pairs, found, fives, starts, where):
    """7T_s and 7T_a: a 6Z and a third 5A (sp3c) with one common ring particle x of the 6Z as spindle.

    With spindles a (in ring j) and a' of the first 5A i, c (in ring i) and c' of the second, j, and common
    ring particles x and y: ring {a, c, y} gives 7T_s; {a', c, y} and {a, c', y} give 7T_a. The seventh
    particle is the other spindle of the third 5A.
    """
    symmetric, asymmetric = no_rows(7, 2 * (last - first)), no_rows(7, 4 * (last - first))
    n_symmetric, n_asymmetric = 0, 0
    for z in range(first, last):
        one = 0 if holds(fives, pairs[z, 1], 0, 3, found[z, 0]) else 1
        two = 2 if holds(fives, pairs[z, 0], 0, 3, found[z, 2]) else 3
        a, a_outer, c, c_outer = found[z, one], found[z, 1 - one], found[z, two], found[z, 5 - two]
        for k in range(4, 6):
            x, y = found[z, k], found[z, 9 - k]
            for e in range(starts[x], starts[x + 1]):
                t = where[e]
                p, q, r = fives[t, 0], fives[t, 1], fives[t, 2]
                if y not in (p, q, r):
                    continue
                if a in (p, q, r) and c in (p, q, r):
                    symmetric = _extended(symmetric, n_symmetric, found, z, other(fives, t, 3, x))
                    n_symmetric += 1
                elif (a_outer in (p, q, r) and c in (p, q, r)) or (a in (p, q, r) and c_outer in (p, q, r)):
                    asymmetric = _extended(asymmetric, n_asymmetric, found, z, other(fives, t, 3, x))
                    n_asymmetric += 1
    return symmetric[:n_symmetric], asymmetric[:n_asymmetric]


@njit(**ENTRY)
def bridged(first, last, bonds, made_of, found, basic, starts, where, one, two, u, v):
    """8K, 12D, 12E: a cluster and a basic one that brings just one new particle.

    Its spindles are the particles of the cluster in columns `one` and `two`, its ring holds those in `u` and `v`.
    8K: three 5As (sp3c) with two common ring particles and spindles {A, B}, {A, C}, {B, C}, that is a 7K and a third 5A
    between its outer spindles. 12D: an 11E and a 7A (sp5c) with spindles end and x, whose ring holds s, mid and two
    of the seven that are no spindles. 12E: an 11F and a 5A between the outer spindles of its 6As, whose ring holds
    the bonded pair u-v.
    """
    m, keys, size = basic.shape[1] - 2, made_of.shape[1] + 1, found.shape[1]
    rows, used = no_rows(keys + size + 1, 0), 0
    for z in range(first, last):
        for e in range(starts[found[z, one]], starts[found[z, one] + 1]):
            k = where[e]
            if not (
                holds(basic, k, m, m + 2, found[z, two])
                and holds(basic, k, 0, m, found[z, u])
                and holds(basic, k, 0, m, found[z, v])
                and count_shared(basic, k, 0, m, found, z, 0, size) == m - 1
            ):
                continue
            rows = with_room(rows, used)
            for p in range(keys - 1):
                rows[used, p] = made_of[z, p]
            rows[used, keys - 1] = k
            for p in range(size):
                rows[used, keys + p] = found[z, p]
            for p in range(m):
                append_new(rows, used, keys, keys + size, basic[k, p])
            used += 1
    return rows[:used]


@njit(**ENTRY)
def with_outside(first, last, bonds, found, fewest, most, apart):
    """10K, 11W: a cluster and the only neighbour of its centre that is not in it.

    The centre has from `fewest` to `most` neighbours; the one outside is unbonded to the first `apart` particles after
    the centre. 10K: a 9K, fewer than ten neighbours. 11W: a 10B, ten, unbonded to the three outer spindles.
    """
    rows, used = no_rows(found.shape[1] + 1, 0), 0
    for z in range(first, last):
        outside = _only_outside(bonds, found[z, 0], found, z)
        if outside < 0 or not fewest <= degree(bonds, found[z, 0]) <= most:
            continue
        if count_bonds(bonds, outside, found, z, 1, 1 + apart) == 0:
            rows = _extended(rows, used, found, z, outside)
            used += 1
    return rows[:used]


@njit(**ENTRY)
def eight_b(first, last, bonds, sevens):
    """8B: a 7A (sp5c) and a particle bonded to one spindle and just two of the ring; once per such spindle."""
    rows, used = no_rows(8, 8 * (last - first)), 0
    for i in range(first, last):
        for k in range(5, 7):
            for e in range(bonds.shape[1]):
                particle = bonds[sevens[i, k], e]
                if particle < 0:
                    break
                if holds(sevens, i, 0, 7, particle):
                    continue
                if count_bonds(bonds, particle, sevens, i, 0, 5) == 2:
                    rows = _extended(rows, used, sevens, i, particle)
                    used += 1
    return rows[:used]


@njit(**INNER)
def _paired(bonds, rows, i, start):
    """Whether each of rows[i, start : start + 2] is bonded to just one of the next two, and not to the same."""
    return (
        count_bonds(bonds, rows[i, start], rows, i, start + 2, start + 4) == 1
        and count_bonds(bonds, rows[i, start + 1], rows, i, start + 2, start + 4) == 1
        and count_bonds(bonds, rows[i, start + 2], rows, i, start, start + 2) == 1
    )


@njit(**ENTRY)
def nine_a(first, last, bonds, found, fours, starts, where):
    """9A: two sp4b with two common ring particles, and a third whose ring are the other four.

    The spindles of the two differ and are unbonded, the other two of one ring and those of the other have just two
    bonds (so far the table), and these pair them.
    """
    rows, used = no_rows(9, 0), 0
    for z in range(first, last):
        if not _paired(bonds, found, z, 4):
            continue
        for e in range(starts[found[z, 4]], starts[found[z, 4] + 1]):
            if count_shared(fours, where[e], 0, 4, found, z, 4, 8) == 4:
                rows = _extended(rows, used, found, z, fours[where[e], 4])
                used += 1
    return rows[:used]


@njit(**INNER)
def _append_all(rows, used, end, found, z, sevens, k):
    """Append to rows[used, 3:end] the rest of a 9B and of the ring of a 7A; returns the new end."""
    for p in range(3, 9):
        end = append_new(rows, used, 3, end, found[z, p])
    for p in range(5):
        end = append_new(rows, used, 3, end, sevens[k, p])
    return end


@njit(**ENTRY)
def ten_b(first, last, bonds, pairs, found, sevens, starts, where):
    """10B: a 9B (centre s, outers a, d) and a third 7A (sp5c) with spindle s.

    Its other spindle e is bonded to a and d and is one of the six others of the 9B; a and d are in its ring,
    and just one of its ring is new. Each triple of 7As once. Particles: s, a, d, e, the other five of the 9B,
    the new one.
    """
    rows, used = no_rows(13, 0), 0
    for z in range(first, last):
        s, a, d = found[z, 0], found[z, 1], found[z, 2]
        for t in range(starts[s], starts[s + 1]):
            k = where[t]
            e = other(sevens, k, 5, s)
            if not (
                holds(found, z, 3, 9, e)
                and holds(sevens, k, 0, 5, a)
                and holds(sevens, k, 0, 5, d)
                and both_bonded(bonds, a, d, e)
                and count_shared(sevens, k, 0, 5, found, z, 0, 9) == 4
            ):
                continue
            rows = with_room(rows, used)
            rows[used, 0], rows[used, 1], rows[used, 2] = pairs[z, 0], pairs[z, 1], k
            rows[used, 3], rows[used, 4], rows[used, 5], rows[used, 6] = s, a, d, e
            _append_all(rows, used, 7, found, z, sevens, k)
            used += 1
    return rows[:used]


@njit(**ENTRY)
def ten_w(first, last, bonds, fives, starts, where):
    """10W: a centre with nine neighbours, the spindle of just six sp5b whose rings unite to those nine."""
    rows, used = no_rows(10, 0), 0
    for centre in range(first, last):
        if starts[centre + 1] - starts[centre] != 6 or degree(bonds, centre) != 9:
            continue
        rows = with_room(rows, used)
        rows[used, 0] = centre
        count = 1
        for e in range(starts[centre], starts[centre + 1]):
            for k in range(5):
                count = append_new(rows, used, 0, count, fives[where[e], k])
        if count == 10:
            used += 1
    return rows[:used]


@njit(**ENTRY)
def eleven_b(first, last, bonds, found):
    """11B: a 9B whose centre has ten neighbours; the two outside it are bonded to each other.

    Each is bonded to just two of the eight around the centre. The two pairs have no particle in common and no
    bond within, and just two bonds between them, which pair their particles.
    """
    rows, used = no_rows(11, 0), 0
    touched = np.empty((1, 4), np.int32)
    for z in range(first, last):
        centre = found[z, 0]
        if degree(bonds, centre) != 10:
            continue
        rows = with_room(rows, used)
        count = 0
        for k in range(9):
            count = append_new(rows, used, 0, count, found[z, k])
        for e in range(10):
            count = append_new(rows, used, 0, count, bonds[centre, e])
        if count != 11 or not bonded(bonds, rows[used, 9], rows[used, 10]):
            continue
        n = 0
        for extra in range(9, 11):
            if count_bonds(bonds, rows[used, extra], rows, used, 1, 9) != 2:
                break
            for p in range(1, 9):
                if bonded(bonds, rows[used, extra], rows[used, p]):
                    touched[0, n] = rows[used, p]
                    n += 1
        if (
            n == 4
            and count_shared(touched, 0, 0, 2, touched, 0, 2, 4) == 0
            and not bonded(bonds, touched[0, 0], touched[0, 1])
            and not bonded(bonds, touched[0, 2], touched[0, 3])
            and _paired(bonds, touched, 0, 0)
        ):
            used += 1
    return rows[:used]


@njit(**ENTRY)
def eleven_e(first, last, bonds, pairs, found, sevens, starts, where):
    """11E: a chain of three 7As (sp5c): a 9B, one outer of which, `mid`, is also a spindle of the third.

    The other outer is `end`. The other spindle x of the third is one of the six others of the 9B and is bonded
    to s and end; its ring holds s, end, just one particle that belongs to only one ring of the 9B and is not
    x, and two others. Each triple of 7As once. Particles: s, mid, end, x, then seven.
    """
    rows, used = no_rows(14, 0), 0
    for z in range(first, last):
        i, j, s = pairs[z, 0], pairs[z, 1], found[z, 0]
        for side in range(1, 3):
            mid, end = found[z, side], found[z, 3 - side]
            for t in range(starts[mid], starts[mid + 1]):
                k = where[t]
                x = other(sevens, k, 5, mid)
                if not (
                    holds(found, z, 3, 9, x)
                    and holds(sevens, k, 0, 5, s)
                    and holds(sevens, k, 0, 5, end)
                    and both_bonded(bonds, s, end, x)
                ):
                    continue
                single = 0
                for p in range(5):
                    q = sevens[k, p]
                    single += q not in (s, end, x) and holds(sevens, i, 0, 5, q) != holds(sevens, j, 0, 5, q)
                if single != 1:
                    continue
                rows = with_room(rows, used)
                rows[used, 0], rows[used, 1], rows[used, 2] = i, j, k
                rows[used, 3], rows[used, 4], rows[used, 5], rows[used, 6] = s, mid, end, x
                used += _append_all(rows, used, 7, found, z, sevens, k) == 14
    return rows[:used]


@njit(**INNER)
def _sixth(p, q, u, v, c, fours, starts, where):
    """The other spindle of the sp4c with ring {p, q, u, v} and spindle c, or -1."""
    for e in range(starts[c], starts[c + 1]):
        k = where[e]
        ring = holds(fours, k, 0, 4, u) and holds(fours, k, 0, 4, v)
        if ring and holds(fours, k, 0, 4, p) and holds(fours, k, 0, 4, q):
            return other(fours, k, 4, c)
    return np.int32(-1)


@njit(**ENTRY)
def eleven_f(first, last, bonds, parts, found, fours, starts, where):
    """11F: two 5As (sp3c) with one common ring particle c, joined by two 6As (sp4c).

    The 5As have nothing else in common, and there is just one other bond between the rings, u-v (so far the table).
    Their spindles are bonded pairwise. For each bonded pair {p, q} of spindles there is an sp4c with ring {p, q, u, v}
    and spindle c. Particles: c, u, v, the third of each ring, the spindles p, q of the first pair, those of the
    second, and the outer spindles of the two sp4c.
    """
    rows, used = no_rows(13, 0), 0
    for z in range(first, last):
        c, u, v = found[z, 4], found[z, 5], found[z, 7]
        for k in range(5, 7):
            for l in range(7, 9):
                if bonded(bonds, found[z, k], found[z, l]):
                    u, v = found[z, k], found[z, l]
        for turn in range(2):
            p, q, p2, q2 = found[z, 0], found[z, 2 + turn], found[z, 1], found[z, 3 - turn]
            if not (bonded(bonds, p, q) and bonded(bonds, p2, q2)):
                continue
            w = _sixth(p, q, u, v, c, fours, starts, where)
            w2 = _sixth(p2, q2, u, v, c, fours, starts, where)
            if w < 0 or w2 < 0:
                continue
            rows = with_room(rows, used)
            third, fourth = other(found, z, 5, u), other(found, z, 7, v)
            particles = (parts[z, 0], parts[z, 1], c, u, v, third, fourth, p, q, p2, q2, w, w2)
            for k in range(13):
                rows[used, k] = particles[k]
            used += 1
    return rows[:used]


@njit(**INNER)
def _apex(sevens, i, j):
    """The particle of ring i that is opposite the bond which it shares with ring j."""
    for k in range(5):
        if not (
            holds(sevens, j, 0, 5, sevens[i, k])
            or holds(sevens, j, 0, 5, sevens[i, (k + 1) % 5])
            or holds(sevens, j, 0, 5, sevens[i, (k + 4) % 5])
        ):
            return sevens[i, k]
    return sevens[i, 0]


@njit(**ENTRY)
def twelve_a(first, last, bonds, pairs, found, sevens):
    """12A: an 11C whose centre has eleven neighbours, and one of these outside it.

    That one is bonded to the particle of each ring that is opposite the common pair, and to no other of the
    ten around the centre.
    """
    rows, used = no_rows(12, 0), 0
    for z in range(first, last):
        centre = found[z, 0]
        if degree(bonds, centre) != 11:
            continue
        one, two = _apex(sevens, pairs[z, 0], pairs[z, 1]), _apex(sevens, pairs[z, 1], pairs[z, 0])
        for e in range(11):
            particle = bonds[centre, e]
            if (
                not holds(found, z, 0, 11, particle)
                and both_bonded(bonds, one, two, particle)
                and count_bonds(bonds, particle, found, z, 1, 11) == 2
            ):
                rows = _extended(rows, used, found, z, particle)
                used += 1
    return rows[:used]


@njit(**ENTRY)
def twelve_k(first, last, bonds, pairs, found, fours):
    """12K: an 11A and a particle outside it bonded to a ring particle and its two partners in the other ring.

    Looked for at all eight ring particles that have two such partners; there must be just one.
    """
    rows, used = no_rows(12, 0), 0
    for z in range(first, last):
        for side in range(2):
            i, j = pairs[z, side], pairs[z, 1 - side]
            for k in range(4):
                if count_bonds(bonds, fours[i, k], fours, j, 0, 4) != 2:
                    continue
                cap, caps = np.int32(-1), 0
                for e in range(bonds.shape[1]):
                    particle = bonds[fours[i, k], e]
                    if particle < 0:
                        break
                    if holds(found, z, 0, 11, particle):
                        continue
                    joined = 0
                    for l in range(4):
                        joined += both_bonded(bonds, fours[i, k], particle, fours[j, l])
                    if joined == 2:
                        cap = particle
                        caps += 1
                if caps == 1:
                    rows = _extended(rows, used, found, z, cap)
                    used += 1
    return rows[:used]


@njit(**ENTRY)
def twelve_b(first, last, bonds, sevens, starts, where):
    """12B and 13A: a 7A (sp5c) f with centre c and outer o, in both roles, and those around c next to it.

    12B: just five other 7As have the spindle c and another spindle bonded to o; their rings add just five
    particles. 13A: besides, a 7A with spindle c whose ring are these five.
    """
    twelves, thirteens = no_rows(12, 0), no_rows(13, 0)
    n_twelves, n_thirteens = 0, 0
    for i in range(first, last):
        for role in range(5, 7):
            c, o = sevens[i, role], sevens[i, 11 - role]
            twelves = with_room(twelves, n_twelves)
            for p in range(7):
                twelves[n_twelves, p] = sevens[i, p]
            near, count = 0, 7
            for e in range(starts[c], starts[c + 1]):
                g = where[e]
                if g != i and bonded(bonds, other(sevens, g, 5, c), o):
                    near += 1
                    for p in range(5):
                        count = append_new(twelves, n_twelves, 0, count, sevens[g, p])
            if near != 5 or count != 12:
                continue
            for e in range(starts[c], starts[c + 1]):
                g = where[e]
                if count_shared(sevens, g, 0, 5, twelves, n_twelves, 7, 12) == 5:
                    cap = other(sevens, g, 5, c)
                    thirteens = _extended(thirteens, n_thirteens, twelves, n_twelves, cap)
                    n_thirteens += 1
            n_twelves += 1
    return twelves[:n_twelves], thirteens[:n_thirteens]


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
def thirteen_k(first, last, bonds, pairs, found, fives, starts, where):
    """13K: an 11F and, for each of its 5As (sp3c), just one other 5A with the same spindles.

    In the ring of that one are c, the particle of the first 5A that is neither c nor in the rings of the 6As,
    and a particle outside the 11F.
    """
    rows, used = no_rows(13, 0), 0
    for z in range(first, last):
        one = _thirteenth(pairs[z, 0], found[z, 0], found[z, 3], found, z, fives, starts, where)
        two = _thirteenth(pairs[z, 1], found[z, 0], found[z, 4], found, z, fives, starts, where)
        if one >= 0 and two >= 0:
            rows = _extended(rows, used, found, z, one)
            rows[used, 12] = two
            used += 1
    return rows[:used]
