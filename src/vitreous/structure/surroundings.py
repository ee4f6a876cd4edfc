"""The averaged bond order of all particles without a list of all their neighbours, which would be five times as large.

Neighbours stay as the search leaves them, sorted by cell; bond vectors are made for one range of particles at a time,
and what is kept for the average is one 32-bit number a neighbour. The results are those of `sann` or `within` followed
by `averaged_bond_order`, to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.parallel import map_ranges
from vitreous.structure import _bond_order_kernel as bond_order_kernel
from vitreous.structure import _neighbors_kernel as kernel
from vitreous.structure.bond_order import averaged_bond_order, checked_degrees
from vitreous.structure.neighbors import OneSided, Symmetry, sann

__all__ = ["Surroundings", "surroundings"]


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What is around each particle.

    Attributes
    ----------
    q : (N, len(l)) float64
        Averaged bond order; NaN as from `averaged_bond_order`.
    counts : (N,) int64
        Numbers of neighbours.
    farthest : float
        Largest distance of a neighbour, 0 if there is none.
    """

    q: NDArray[np.float64]
    counts: NDArray[np.int64]
    farthest: float


def surroundings(
    configuration: Configuration,
    l: Iterable[int],
    *,
    symmetry: Symmetry = "mutual",
    cutoff: NDArray[np.float64] | None = None,
) -> Surroundings:
    """Averaged bond order by SANN or, with a matrix of cutoffs, by those.

    Eq. 5 of Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8; SANN is van Meel et al.,
    J. Chem. Phys. 136, 234107 (2012), doi:10.1063/1.4729313.

    Parameters
    ----------
    configuration : Configuration
        N particles.
    l : iterable of int
        Degrees.
    symmetry : {"mutual", "union", "none"}
        As for `sann`; says nothing about cutoffs.
    cutoff : (species, species) float64, optional
        In the length unit of the positions.

    Returns
    -------
    Surroundings
        The averaged bond order of a particle is NaN as `averaged_bond_order` has it.

    Raises
    ------
    InputError
        As `sann`, `within` and `averaged_bond_order`.
    """
    degrees = checked_degrees(tuple(l))
    if cutoff is None and symmetry == "union":  # where neighbours are added to particles of other ranges
        neighbors = sann(configuration, symmetry)
        farthest = float(neighbors.distances.max(initial=0.0))
        return Surroundings(averaged_bond_order(neighbors, degrees), neighbors.counts, farthest)
    found = OneSided.sann(configuration) if cutoff is None else OneSided.within(configuration, cutoff)
    kept = found.kept(symmetry if cutoff is None else "none")
    averaged, farthest = _averaged(found, cutoff is None and symmetry == "mutual", kept, degrees)
    return Surroundings(found.grid.unsorted(averaged), found.grid.unsorted(kept), farthest)


def _averaged(
    found: OneSided, mutual: bool, kept: NDArray[np.int64], degrees: NDArray[np.int64]
) -> tuple[NDArray[np.float64], float]:
    """Averaged bond order in sorted order, and the largest distance; uses up what was found."""
    grid = found.grid
    offsets = np.concatenate([[0], np.cumsum(kept)])
    indices = np.empty(offsets[-1], np.int32)
    q = np.empty((len(kept), len(degrees)))

    def order(a: int, b: int) -> float:
        entries, images, distances, _ = found.found.pop((a, b))  # given back once it was used
        bonds, lengths = kernel.pack(
            a, b, entries, images, distances, found.counts, found.radii, mutual,
            grid.x, grid.y, grid.z, found.vectors, offsets, indices,
        )  # fmt: skip
        own = offsets[a : b + 1] - offsets[a]
        bond_order_kernel.bond_order(0, b - a, own, bonds, lengths, degrees, q[a:b])
        return float(lengths.max(initial=0.0))

    farthest = max(map_ranges(order, found.parts))
    averaged = np.empty(q.shape)
    map_ranges(bond_order_kernel.average, found.parts, offsets, indices, q, averaged)
    return averaged, farthest
