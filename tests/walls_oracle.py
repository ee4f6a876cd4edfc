"""Monte Carlo of hard spheres, each held within a wall around its place: cages without any dynamics.

Event chains (Bernard, Krauth, Wilson, Phys. Rev. E 80, 056704 (2009), doi:10.1103/PhysRevE.80.056704): a sphere goes
along an axis until it meets another, which goes on; at its wall it turns back. So all places that do not overlap are
equally likely, and collective motion is sampled much faster than by single moves.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy.spatial import cKDTree

from vitreous.dynamics.cages import CageMoments

WALL = 0.4  # radius of the ball in which the centre stays, in diameters of the large spheres
_EVERY = 10
CHAIN = 3.0  # length of a chain, a hundred times the free path at packing fraction 0.58


def walled_moments(snapshot, chains, seed):
    """Moments of the displacements, less their mean, after every tenth chain of so many; a tenth more come before.

    Not after so many events: that would prefer what chains with many events lead to.
    """
    n, edges = len(snapshot), snapshot.box.lengths
    places = np.mod(snapshot.positions - snapshot.box.origin, edges)
    tree = cKDTree(places, boxsize=edges)
    pairs = tree.query_pairs(float(snapshot.diameters.max()) + 2 * WALL, output_type="ndarray")
    pairs = np.concatenate([pairs, pairs[:, ::-1]])
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    begin = np.searchsorted(pairs[:, 0], np.arange(n + 1))
    contact = 0.5 * (snapshot.diameters[pairs[:, 0]] + snapshot.diameters[pairs[:, 1]])
    apart = places[pairs[:, 1]] - places[pairs[:, 0]]
    apart -= edges * np.rint(apart / edges)
    u = np.zeros((n, 3))
    arrays = begin, pairs[:, 1].copy(), apart, contact**2, u
    rng = np.random.default_rng(seed)
    _walk(*arrays, chains // 10, rng)
    moments = CageMoments.empty(n)
    for _ in range(chains // _EVERY):
        _walk(*arrays, _EVERY, rng)
        moments = moments.with_time(u - u.mean(axis=0))
    assert np.linalg.norm(u, axis=1).max() < WALL * (1 + 1e-9)
    return moments


@njit
def _walk(begin, other, apart, contact_squared, u, chains, rng):
    """So many chains."""
    n = len(begin) - 1
    for _ in range(chains):
        i, a = rng.integers(0, n), rng.integers(0, 3)
        b, c = (a + 1) % 3, (a + 2) % 3
        sign = 1.0 if rng.random() < 0.5 else -1.0
        left = CHAIN
        while left > 0.0:
            ahead = np.sqrt(WALL**2 - u[i, b] ** 2 - u[i, c] ** 2) - sign * u[i, a]
            step, following = left, -1
            if ahead < step:
                step, following = ahead, i
            for k in range(begin[i], begin[i + 1]):
                j = other[k]
                along = sign * (apart[k, a] + u[j, a] - u[i, a])
                if along <= 0.0:
                    continue
                beside = (apart[k, b] + u[j, b] - u[i, b]) ** 2 + (apart[k, c] + u[j, c] - u[i, c]) ** 2
                if beside < contact_squared[k]:
                    gap = along - np.sqrt(contact_squared[k] - beside)
                    if gap < step:
                        step, following = gap, j
            step = max(step, 0.0)  # by rounding
            u[i, a] += sign * step
            left -= step
            if following == i:
                sign = -sign
            elif following >= 0:
                i = following
            else:
                break
