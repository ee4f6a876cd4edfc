"""Exchanges of places, one after the other: the moves of a Markov chain on a fixed set of places.

Places do not move, so their neighbours and distances are found once; what changes is who is at which. An exchange is
proposed with the same probability as its inverse, so that Metropolis' rule keeps the Boltzmann distribution.
"""

from __future__ import annotations

import math

from numba import njit

from vitreous.structure._compiled import ENTRY, INNER

__all__ = ["exchange_soft", "exchange_spheres"]


@njit(**ENTRY)
def exchange_spheres(pairs, largest_difference, offsets, neighbor, distance, radius, at):
    """Try to exchange the spheres at each pair (A, 2) of places: accepted if it leaves no overlap.

    `neighbor` and `distance` are those of all places nearer than the largest diameter, from `offsets[i]` to
    `offsets[i + 1]` for place i. `radius` (N,) and `at` (N,), the number of the sphere at each place, are changed.
    Only the place where the sphere becomes larger can overlap; with the one it is exchanged with, it cannot.
    Returns how many pairs could be exchanged, having different radii, not differing too much, and how many were.
    """
    tried, done = 0, 0
    for a in range(len(pairs)):
        small, large = pairs[a, 0], pairs[a, 1]
        if radius[small] > radius[large]:
            small, large = large, small
        growth = radius[large] - radius[small]
        if growth == 0.0 or 2.0 * growth > largest_difference:
            continue
        tried += 1
        free = True
        for k in range(offsets[small], offsets[small + 1]):
            other = neighbor[k]
            if other != large and distance[k] < radius[large] + radius[other]:
                free = False
                break
        if free:
            done += 1
            radius[small], radius[large] = radius[large], radius[small]
            at[small], at[large] = at[large], at[small]
    return tried, done


@njit(**INNER)
def _energy(square, a, b, scale, strength, shape, value, slope):
    """Energy of kinds a and b at a squared distance, by the cubic with the values and slopes of the table's rows."""
    which = shape[a, b]
    rows = value.shape[1]
    t = square * scale[a, b] - 1.0
    if t < 0.0:
        return strength[a, b] * value[which, 0]
    k = int(t)
    if k >= rows - 1:
        return 0.0
    t -= k
    u, w = value[which, k], value[which, k + 1]
    p, q = slope[which, k], slope[which, k + 1]
    rise = w - u
    return strength[a, b] * (u + t * (p + t * ((3.0 * rise - 2.0 * p - q) + t * (p + q - 2.0 * rise))))


@njit(**ENTRY)
def exchange_soft(
    pairs,
    chances,
    inverse_temperature,
    largest_difference,
    offsets,
    neighbor,
    square,
    kind,
    at,
    size,
    scale,
    strength,
    shape,
    value,
    slope,
):
    """Try to exchange the particles at each pair (A, 2) of places: accepted with probability exp(-ΔE / kT).

    `neighbor` and `square`, the squared distance, are of all places within the longest cutoff, as in
    `exchange_spheres`; `chances` (A,) are random numbers between 0 and 1. `kind` (N,) and `at` (N,), the kind and
    number of the particle at each place, are changed. The kinds have diameters `size` (K,); the energy of a pair of
    kinds is `strength` (K, K) times that of its `shape` (K, K), given by the rows of `value` and `slope` (Q, P) at the
    squared distances (k + 1) / `scale` (K, K), the last one the cutoff. Returns how many pairs of two kinds there
    were, and how many were exchanged.
    """
    tried, done = 0, 0
    for a in range(len(pairs)):
        i, j = pairs[a, 0], pairs[a, 1]
        mine, other = kind[i], kind[j]
        if mine == other or abs(size[mine] - size[other]) > largest_difference:
            continue
        tried += 1
        change = 0.0
        for k in range(offsets[i], offsets[i + 1]):
            n = neighbor[k]
            if n != j:
                change += _energy(square[k], other, kind[n], scale, strength, shape, value, slope)
                change -= _energy(square[k], mine, kind[n], scale, strength, shape, value, slope)
        for k in range(offsets[j], offsets[j + 1]):
            n = neighbor[k]
            if n != i:
                change += _energy(square[k], mine, kind[n], scale, strength, shape, value, slope)
                change -= _energy(square[k], other, kind[n], scale, strength, shape, value, slope)
        if change <= 0.0 or chances[a] < math.exp(-change * inverse_temperature):
            done += 1
            kind[i], kind[j] = other, mine
            at[i], at[j] = at[j], at[i]
    return tried, done
