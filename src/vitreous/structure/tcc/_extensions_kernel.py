"""Kernels of the clusters that are more than a pair of rings: each grows from a smaller cluster.

All take a range of the clusters they start from, then the bonds (Bonds.table), then the rows of the clusters they
need. A row of a basic cluster is its ring in cyclic order, then its spindles; `starts` and `where` tell which
clusters a particle belongs to. All return rows: first the numbers of the clusters that identify the finding,
ascending, if any, then its particles.
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


@njit(**INNER)
def _write_ascending(rows, used, i, j, k):
    rows[used, 0], rows[used, 2] = min(i, j, k), max(i, j, k)
    rows[used, 1] = i + j + k - rows[used, 0] - rows[used, 2]


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
        i, j = pairs[z, 0], pairs[z, 1]
        a = fives[i, 3] if holds(fives, j, 0, 3, fives[i, 3]) else fives[i, 4]
        c = fives[j, 3] if holds(fives, i, 0, 3, fives[j, 3]) else fives[j, 4]
        a_outer, c_outer = other(fives, i, 3, a), other(fives, j, 3, c)
        for k in range(3):
            x = fives[i, k]
            if x == c:
                continue
            y = fives[i, (k + 1) % 3] if fives[i, (k + 1) % 3] != c else fives[i, (k + 2) % 3]
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


@njit(**ENTRY)
def eight_k(first, last, bonds, pairs, fives, starts, where):
    """8K: three 5As (sp3c) with two common ring particles and spindles {A, B}, {A, C}, {B, C}; all 8 differ."""
    rows, used = no_rows(8, 0), 0
    for z in range(first, last):
        i, j = pairs[z, 0], pairs[z, 1]
        shared = fives[i, 3] if holds(fives, j, 3, 5, fives[i, 3]) else fives[i, 4]
        b, c = other(fives, i, 3, shared), other(fives, j, 3, shared)
        for e in range(starts[b], starts[b + 1]):
            k = where[e]
            if k <= j or not holds(fives, k, 3, 5, c):
                continue
            common, count = 0, 0
            rows = with_room(rows, used)
            for one in range(5):
                count = append_new(rows, used, 0, count, fives[i, one])
                if one < 3 and holds(fives, j, 0, 3, fives[i, one]) and holds(fives, k, 0, 3, fives[i, one]):
                    common += 1
            for one in range(5):
                count = append_new(rows, used, 0, count, fives[j, one])
            for one in range(5):
                count = append_new(rows, used, 0, count, fives[k, one])
            if common == 2 and count == 8:
                used += 1
    return rows[:used]


@njit(**ENTRY)
def nine_a(first, last, bonds, fours, starts, where):
    """9A: two sp4b with two common ring particles, and a third whose ring are the other four.

    The spindles of the two differ and are unbonded; the other two of one ring and those of the other have
    just two bonds, which pair them.
    """
    rows, used = no_rows(9, 0), 0
    rest = np.empty((1, 4), np.int32)
    for i in range(first, last):
        for m in range(4):
            for e in range(starts[fours[i, m]], starts[fours[i, m] + 1]):
                j = where[e]
                if j <= i or count_shared(fours, i, 0, 4, fours, j, 0, 4) != 2:
                    continue
                if count_shared(fours, i, 0, m, fours, j, 0, 4):  # met before, by another particle
                    continue
                if fours[i, 4] == fours[j, 4] or bonded(bonds, fours[i, 4], fours[j, 4]):
                    continue
                n = 0
                for k in range(4):
                    if not holds(fours, j, 0, 4, fours[i, k]):
                        rest[0, n] = fours[i, k]
                        n += 1
                for k in range(4):
                    if not holds(fours, i, 0, 4, fours[j, k]):
                        rest[0, n] = fours[j, k]
                        n += 1
                if not _paired(bonds, rest):
                    continue
                for f in range(starts[rest[0, 0]], starts[rest[0, 0] + 1]):
                    third = where[f]
                    if count_shared(fours, third, 0, 4, rest, 0, 0, 4) != 4:
                        continue
                    rows = with_room(rows, used)
                    count = 0
                    for k in range(4):
                        count = append_new(rows, used, 0, count, fours[i, k])
                    for k in range(4):
                        count = append_new(rows, used, 0, count, fours[j, k])
                    rows[used, 6], rows[used, 7], rows[used, 8] = fours[i, 4], fours[j, 4], fours[third, 4]
                    used += 1
    return rows[:used]


@njit(**INNER)
def _paired(bonds, four):
    """Whether each of four[0, :2] is bonded to just one of four[0, 2:], and not to the same."""
    return (
        count_bonds(bonds, four[0, 0], four, 0, 2, 4) == 1
        and count_bonds(bonds, four[0, 1], four, 0, 2, 4) == 1
        and count_bonds(bonds, four[0, 2], four, 0, 0, 2) == 1
    )


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
            _write_ascending(rows, used, pairs[z, 0], pairs[z, 1], k)
            rows[used, 3], rows[used, 4], rows[used, 5], rows[used, 6] = s, a, d, e
            count = 7
            for p in range(3, 9):
                count = append_new(rows, used, 3, count, found[z, p])
            for p in range(5):
                count = append_new(rows, used, 3, count, sevens[k, p])
            used += 1
    return rows[:used]


@njit(**ENTRY)
def ten_k(first, last, bonds, found):
    """10K: a 9K whose centre has fewer than ten neighbours, just one of them outside the 9K."""
    rows, used = no_rows(10, 0), 0
    for z in range(first, last):
        outside = _only_outside(bonds, found[z, 0], found, z)
        if outside >= 0 and degree(bonds, found[z, 0]) < 10:
            rows = _extended(rows, used, found, z, outside)
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
            and _paired(bonds, touched)
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
                    if q != s and q != end and q != x:
                        single += holds(sevens, i, 0, 5, q) != holds(sevens, j, 0, 5, q)
                if single != 1:
                    continue
                rows = with_room(rows, used)
                _write_ascending(rows, used, i, j, k)
                rows[used, 3], rows[used, 4], rows[used, 5], rows[used, 6] = s, mid, end, x
                count = 7
                for p in range(3, 9):
                    count = append_new(rows, used, 3, count, found[z, p])
                for p in range(5):
                    count = append_new(rows, used, 3, count, sevens[k, p])
                if count == 14:
                    used += 1
    return rows[:used]


@njit(**ENTRY)
def twelve_d(first, last, bonds, found, sevens, starts, where):
    """12D: an 11E and another 7A (sp5c) with spindles end and x.

    Its ring holds s, mid, two of the seven that are no spindles, and one new particle.
    """
    rows, used = no_rows(12, 0), 0
    for z in range(first, last):
        s, mid, end, x = found[z, 0], found[z, 1], found[z, 2], found[z, 3]
        for e in range(starts[end], starts[end + 1]):
            k = where[e]
            if not (
                holds(sevens, k, 5, 7, x)
                and holds(sevens, k, 0, 5, s)
                and holds(sevens, k, 0, 5, mid)
                and count_shared(sevens, k, 0, 5, found, z, 4, 11) == 2
            ):
                continue
            for p in range(5):
                if not holds(found, z, 0, 11, sevens[k, p]):
                    rows = _extended(rows, used, found, z, sevens[k, p])
                    used += 1
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
def eleven_f(first, last, bonds, fives, starts, where, fours, four_starts, four_where):
    """11F: two 5As (sp3c) with one common ring particle c, joined by two 6As (sp4c).

    Their spindles are bonded pairwise, and there is just one other bond between the rings, u-v. For each bonded
    pair {p, q} of spindles there is an sp4c with ring {p, q, u, v} and spindle c. Rows: numbers of the 5As,
    then c, u, v, the third of each ring, the spindles p, q of the first pair, those of the second, and the
    outer spindles of the two sp4c.
    """
    rows, used = no_rows(13, 0), 0
    of_i = np.full(len(bonds), -1, np.int32)  # of_i[p] == i: p is one of the first 5A
    for i in range(first, last):
        for k in range(5):
            of_i[fives[i, k]] = i
        for m in range(3):
            c, x1, x2 = fives[i, m], fives[i, (m + 1) % 3], fives[i, (m + 2) % 3]
            for e in range(starts[c], starts[c + 1]):
                j = where[e]
                if j <= i:
                    continue
                shared = 0
                for k in range(5):
                    shared += of_i[fives[j, k]] == i
                if shared != 1:
                    continue
                n = 0 if fives[j, 0] == c else (1 if fives[j, 1] == c else 2)
                y1, y2 = fives[j, (n + 1) % 3], fives[j, (n + 2) % 3]
                u, v, joined = x1, y1, 0
                for one in (x1, x2):
                    for another in (y1, y2):
                        if bonded(bonds, one, another):
                            u, v = one, another
                            joined += 1
                if joined != 1:
                    continue
                for turn in range(2):
                    p, q, p2, q2 = fives[i, 3], fives[j, 3 + turn], fives[i, 4], fives[j, 4 - turn]
                    if not (bonded(bonds, p, q) and bonded(bonds, p2, q2)):
                        continue
                    w = _sixth(p, q, u, v, c, fours, four_starts, four_where)
                    w2 = _sixth(p2, q2, u, v, c, fours, four_starts, four_where)
                    if w < 0 or w2 < 0:
                        continue
                    rows = with_room(rows, used)
                    rows[used, 0], rows[used, 1], rows[used, 2], rows[used, 3], rows[used, 4] = i, j, c, u, v
                    rows[used, 5], rows[used, 6] = x1 + x2 - u, y1 + y2 - v
                    rows[used, 7], rows[used, 8], rows[used, 9], rows[used, 10] = p, q, p2, q2
                    rows[used, 11], rows[used, 12] = w, w2
                    used += 1
    return rows[:used]


@njit(**ENTRY)
def eleven_w(first, last, bonds, found):
    """11W: a 10B whose centre has ten neighbours; the one outside is unbonded to the three outer spindles."""
    rows, used = no_rows(11, 0), 0
    for z in range(first, last):
        outside = _only_outside(bonds, found[z, 0], found, z)
        if outside < 0 or degree(bonds, found[z, 0]) != 10:
            continue
        if count_bonds(bonds, outside, found, z, 1, 4) == 0:
            rows = _extended(rows, used, found, z, outside)
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
def twelve_e(first, last, bonds, found, fives, starts, where):
    """12E: an 11F and a 5A (sp3c) whose spindles are the outer spindles of the 6As.

    Its ring is the bonded pair u-v of the 11F and a new particle.
    """
    rows, used = no_rows(12, 0), 0
    for z in range(first, last):
        u, v, w, w2 = found[z, 1], found[z, 2], found[z, 9], found[z, 10]
        for e in range(starts[w], starts[w + 1]):
            k = where[e]
            if not (holds(fives, k, 3, 5, w2) and holds(fives, k, 0, 3, u) and holds(fives, k, 0, 3, v)):
                continue
            for p in range(3):
                if not holds(found, z, 0, 11, fives[k, p]):
                    rows = _extended(rows, used, found, z, fives[k, p])
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
                    missing = 0
                    for l in range(4):
                        if bonded(bonds, fours[i, k], fours[j, l]) and not bonded(
                            bonds, particle, fours[j, l]
                        ):
                            missing += 1
                    if missing == 0:
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
            if starts[c + 1] - starts[c] < 6:
                continue
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
