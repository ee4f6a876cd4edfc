"""Crystalline particles: those that many neighbours surround in the same orientation as their own."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import InputError
from vitreous.parallel import map_ranges, ranges
from vitreous.structure import _solid_bonds_kernel as kernel
from vitreous.structure.neighbors import NeighborList

__all__ = ["crystalline_fraction", "solid_bonds"]

_DEGREE = 6


def solid_bonds(neighbors: NeighborList, threshold: float = 0.7) -> NDArray[np.int64]:
    r"""Number of neighbours whose sixfold bond order points the same way.

    A bond is solid-like if

    .. math:: \frac{\sum_m q_{6m}(i) \, q_{6m}^*(j)}{|q_6(i)| \, |q_6(j)|} > 0.7

    Parameters
    ----------
    neighbors : NeighborList
        Meant is the first shell, from `sann` or from `within` with a cutoff at the first minimum of g(r).
    threshold : float
        -1 to 1. A convention: values from 0.5 to 0.7 are in use.

    Returns
    -------
    (N,) int64
        0 for a particle without neighbours, or whose q_6 vanishes.

    Raises
    ------
    InputError
        If the threshold is not from -1 to 1.

    References
    ----------
    ten Wolde, Ruiz-Montero, Frenkel, J. Chem. Phys. 104, 9932 (1996), doi:10.1063/1.471721.
    """
    if not (math.isfinite(threshold) and -1.0 <= threshold <= 1.0):
        raise InputError(f"threshold: must be from -1 to 1, got {threshold}")
    n = neighbors.n_particles
    direction, count = np.empty((n, 2 * _DEGREE + 1)), np.empty(n, np.int64)
    parts, offsets = ranges(n), neighbors.offsets
    map_ranges(kernel.directions, parts, offsets, neighbors.vectors, neighbors.distances, _DEGREE, direction)
    map_ranges(kernel.count_aligned, parts, offsets, neighbors.indices, direction, float(threshold), count)
    return count


def crystalline_fraction(neighbors: NeighborList, threshold: float = 0.7, bonds: int = 7) -> float:
    """Share of particles with at least `bonds` solid-like bonds, as in fcc, hcp and bcc crystals.

    These, when perfect, give 1, and still do when shaken by a twentieth of the spacing along each axis. Crystals in
    which neighbours differ in orientation are not seen: the Laves phases MgZn2 and MgCu2 and Al2Cu give 0.
    Supercooled liquids stay below 0.005 (hard spheres at packing fraction 0.58, Kob-Andersen at T* = 0.44,
    Wahnström). Shaking by a tenth of the spacing along each axis, more than a crystal bears before it melts,
    would hide part of it.

    Parameters
    ----------
    neighbors : NeighborList
        As for `solid_bonds`. Neighbours by `sann` and by a cutoff at the first minimum of g(r) give nearly
        the same.
    threshold : float
        As for `solid_bonds`.
    bonds : int
        Seven is more than half of the twelve neighbours in a close-packed crystal; a convention.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    InputError
        As `solid_bonds`, and if `bonds` is not positive.

    References
    ----------
    ten Wolde, Ruiz-Montero, Frenkel, J. Chem. Phys. 104, 9932 (1996), doi:10.1063/1.471721.
    """
    if not bonds >= 1:
        raise InputError(f"bonds: must be at least 1, got {bonds}")
    return float(np.mean(solid_bonds(neighbors, threshold) >= bonds))
