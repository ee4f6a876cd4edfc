"""Topological clusters in plain Python sets: slow, written from the rules and not from the kernels."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, permutations


def voronoi_bonds(vectors, cutoff, fc):
    """Bonds (i, j) from the vectors (N, N, 3) to nearest images."""
    n = len(vectors)
    square = (vectors**2).sum(axis=2)
    bonds = set()
    for i in range(n):
        for j in range(n):
            if i == j or not square[i, j] < cutoff**2:
                continue
            shielded = any(
                k not in (i, j)
                and square[i, k] < square[i, j]
                and square[i, k] < cutoff**2
                and square[i, j] / (square[i, k] + square[j, k]) - fc > 1e-6
                for k in range(n)
            )
            if not shielded:
                bonds.add((min(i, j), max(i, j)))
    return bonds


def neighbors_of(n, bonds):
    near = [set() for _ in range(n)]
    for i, j in bonds:
        near[i].add(j)
        near[j].add(i)
    return near


def rings(near, m):
    """Chordless cycles of m as tuples in cyclic order, from the lowest, towards the lower of its neighbours."""
    found = set()

    def follow(path):
        if len(path) == m:
            if path[0] in near[path[-1]]:
                found.add(tuple(path))
            return
        for q in near[path[-1]]:
            last = len(path) == m - 1
            if q <= path[0] or q in path or (last and q < path[1]):
                continue
            chords = {p for p in path[:-1] if p in near[q]}
            if chords <= ({path[0]} if last else set()):
                follow([*path, q])

    for start in range(len(near)):
        follow([start])
    return found


def basic(near):
    """sp3a to sp5c: ring and spindles."""
    found = {f"sp{m}{letter}": [] for m in (3, 4, 5) for letter in "abc"}
    for m in (3, 4, 5):
        for ring in rings(near, m):
            spindles = sorted(set.intersection(*(near[p] for p in ring)))
            letter = "abc"[len(spindles)] if len(spindles) < 3 else "a"
            found[f"sp{m}{letter}"].append((ring, tuple(spindles) if letter != "a" else ()))
    return found


def _by_particle(clusters, part):
    """For each particle the clusters (ring, spindles) that have it in their ring (0) or as spindle (1)."""
    found = defaultdict(list)
    for cluster in clusters:
        for particle in cluster[part]:
            found[particle].append(cluster)
    return found


def _meeting(clusters, part):
    """Pairs of clusters that share a particle of their rings (0) or a spindle (1), each once."""
    met = {}
    for some in _by_particle(clusters, part).values():
        met |= {frozenset((id(x), id(y))): (x, y) for x, y in combinations(some, 2)}
    return met.values()


def _pairing(near, x, y):
    """Whether each of two particles x has one bond to the two y, and not to the same."""
    return sorted(len(near[p] & set(y)) for p in x) == [1, 1] == sorted(len(near[q] & set(x)) for q in y)


def nine_a(near, found):
    sets = set()
    fours = found["sp4b"]
    for (x, (s,)), (y, (t,)) in _meeting(fours, 0):
        common = set(x) & set(y)
        if len(common) != 2 or s == t or t in near[s]:
            continue
        left, right = set(x) - common, set(y) - common
        if _pairing(near, left, right):
            for z, (u,) in fours:
                if set(z) == left | right:
                    sets.add(frozenset({*x, *y, s, t, u}))
    return sets


def ten_w(near, found):
    sets = set()
    on_centre = _by_particle(found["sp5b"], 1)
    for centre, around in enumerate(near):
        on_it = [set(ring) for ring, _ in on_centre[centre]]
        if len(around) == 9 and len(on_it) == 6 and set.union(*on_it) == around:
            sets.add(frozenset({centre, *around}))
    return sets


def eleven_a(near, found):
    """Pairs (ring, ring, centre, outers)."""
    pairs = []
    for (x, s), (y, t) in _meeting(found["sp4c"], 1):
        if set(x) & set(y) or len(set(s) & set(t)) != 1:
            continue
        if all(len(near[p] & set(y)) == 2 for p in x) and all(len(near[q] & set(x)) == 2 for q in y):
            pairs.append((x, y, set(s) | set(t)))
    return pairs


def twelve_k(near, found):
    """One entry for each capped triangle."""
    caps = []
    for x, y, spindles in eleven_a(near, found):
        eleven = {*x, *y, *spindles}
        for ring, opposite in ((x, y), (y, x)):
            for p in ring:
                over = set.intersection(near[p], *(near[q] for q in near[p] & set(opposite))) - eleven
                if len(over) == 1:
                    caps.append(frozenset(eleven | over))
    return caps


def twelve_b_and_thirteen_a(near, found):
    """One entry for each 7A and centre; distinct 13-sets."""
    sevens = _by_particle(found["sp5c"], 1)
    twelves, thirteens = [], set()
    for ring, spindles in found["sp5c"]:
        for centre, outer in permutations(spindles):
            around = [
                (other, cap)
                for other, pair in sevens[centre]
                if other != ring
                for cap in set(pair) - {centre}
            ]
            beside = [other for other, cap in around if cap in near[outer]]
            if len(beside) != 5:
                continue
            new = set().union(*beside) - {*ring, *spindles}
            if len(new) != 5:
                continue
            twelves.append(frozenset({*ring, *spindles, *new}))
            thirteens |= {
                twelves[-1] | {cap} for other, cap in around if set(other) == new and cap not in twelves[-1]
            }
    return twelves, thirteens


def twelve_d(near, found):
    """Distinct 12-sets."""
    sevens = [(frozenset(ring), frozenset(spindles)) for ring, spindles in found["sp5c"]]
    on = _by_particle(sevens, 1)
    sets = set()
    for x, y in _meeting(sevens, 1):
        if len(x[0] & y[0]) != 2 or len(x[1] & y[1]) != 1:
            continue
        (s,) = x[1] & y[1]
        (a,), (d,) = x[1] - {s}, y[1] - {s}
        if a not in y[0] or d not in x[0]:
            continue
        nine = x[0] | y[0] | {s}
        for mid, end in ((a, d), (d, a)):
            for z in on[mid]:
                (e,) = z[1] - {mid}
                if e not in nine - {s, a, d} or not {s, end} <= z[0] or not {s, end} <= near[e]:
                    continue
                if len((z[0] - {s, end, e}) & (x[0] ^ y[0])) != 1:
                    continue
                eleven = nine | z[0] | z[1]
                if len(eleven) != 11:
                    continue
                for w in on[end]:
                    inner, new = w[0] & (eleven - {s, mid, end, e}), w[0] - eleven
                    if w[1] == {end, e} and {s, mid} <= w[0] and (len(inner), len(new)) == (2, 1):
                        sets.add(frozenset(eleven | w[0]))
    return sets
