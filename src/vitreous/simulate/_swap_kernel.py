"""Exchanges of places, one after the other: the moves of a Markov chain on a fixed set of places.

Places do not move, so their neighbours and distances are found once; what changes is who is at which. An exchange is
proposed with the same probability as its inverse, so that Metropolis' rule keeps the Boltzmann distribution.
"""

from __future__ import annotations

import math

from numba import njit

from vitreous.structure._compiled import ENTRY

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


@njit(**ENTRY)
def exchange_soft(pairs, chances, inverse_temperature, offsets, neighbor, energy, kind, at):
    """Try to exchange the particles at each pair (A, 2) of places: accepted with probability exp(-ΔE / kT).

    `energy` (M, S, S) is that of a place and its neighbour for every kind of particle at the place and at the
    neighbour, `chances` (A,) are random numbers between 0 and 1. `kind` (N,) and `at` (N,), the kind and number of the
    particle at each place, are changed. Returns how many pairs of two kinds there were, and how many were exchanged.
    """
    tried, done = 0, 0
    for a in range(len(pairs)):
        i, j = pairs[a, 0], pairs[a, 1]
        mine, other = kind[i], kind[j]
        if mine == other:
            continue
        tried += 1
        change = 0.0
        for k in range(offsets[i], offsets[i + 1]):
            n = neighbor[k]
            if n != j:
                change += energy[k, other, kind[n]] - energy[k, mine, kind[n]]
        for k in range(offsets[j], offsets[j + 1]):
            n = neighbor[k]
            if n != i:
                change += energy[k, mine, kind[n]] - energy[k, other, kind[n]]
        if change <= 0.0 or chances[a] < math.exp(-change * inverse_temperature):
            done += 1
            kind[i], kind[j] = other, mine
            at[i], at[j] = at[j], at[i]
    return tried, done
