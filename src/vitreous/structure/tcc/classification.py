"""Topological cluster classification of a configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.structure.neighbors import Lengths
from vitreous.structure.tcc._sets_kernel import mark
from vitreous.structure.tcc.bonds import BondRule, Bonds, bonds_of
from vitreous.structure.tcc.rules import TYPES, find_clusters

__all__ = ["TopologicalClusters", "topological_clusters"]


@dataclass(frozen=True, eq=False)
class TopologicalClusters:
    """Which particles are in which of the 41 topological clusters.

    Attributes
    ----------
    bonds : Bonds
        ``bonds.pairs`` are the bonds, (M, 2).
    clusters : mapping of str to (n, size) int32
        All clusters of each type by the numbers of their particles, in the order of `types`.
    membership : (N, 41) bool
        Whether a particle is in at least one cluster of the type.
    """

    bonds: Bonds
    clusters: Mapping[str, NDArray[np.int32]]
    membership: NDArray[np.bool_]

    @property
    def types(self) -> tuple[str, ...]:
        """Names of the 41 types: 3-, 4- and 5-rings (sp3a to sp5c), then by size, then crystals."""
        return TYPES

    @property
    def counts(self) -> NDArray[np.int64]:
        """(41,) number of clusters of each type; some count once for each way in which they are found."""
        return np.array([len(rows) for rows in self.clusters.values()], np.int64)

    @property
    def particles(self) -> NDArray[np.int64]:
        """(41,) number of particles in at least one cluster of the type."""
        return np.asarray(self.membership.sum(axis=0), np.int64)

    @property
    def fractions(self) -> NDArray[np.float64]:
        """(41,) the same as a share of all particles."""
        return self.particles / len(self.membership)

    def of(self, name: str) -> NDArray[np.bool_]:
        """(N,) membership in one type; KeyError if there is no such type."""
        if name not in self.clusters:
            raise KeyError(name)
        return np.asarray(self.membership[:, TYPES.index(name)])

    def __repr__(self) -> str:
        return f"TopologicalClusters(N={len(self.membership)}, {len(self.bonds.pairs)} bonds)"


def topological_clusters(
    configuration: Configuration, bonds: BondRule = "voronoi", cutoff: Lengths = 1.8, fc: float = 0.82
) -> TopologicalClusters:
    r"""Topological cluster classification.

    Finds the chordless rings of three, four and five bonds, the particles bonded to all of such a ring, and what
    is built from these: 41 types of cluster that minimise the energy of few particles, and pieces of crystals.
    The answer does not depend on the order of the particles. It is linear in N, in time and memory.

    Parameters
    ----------
    configuration : Configuration
        Any box; axes without periodicity have no bonds across them.
    bonds : "voronoi" or "simple"
        Modified Voronoi bonds, or all pairs within the cutoff.
    cutoff : float, (S, S) array_like or mapping
        Longest bond, in the length unit of the positions; as in `within`. For "voronoi" a bound only: 1.8 large
        diameters are beyond the first shell.
    fc : float
        Parameter of modified Voronoi bonds, above 0 and at most 1. j is no neighbour of i if some k nearer to i has

        .. math:: r_{ij}^2 > f_c \, (r_{ik}^2 + r_{jk}^2)

        and i and j are bonded if one is a neighbour of the other. Smaller values give fewer bonds and fewer rings
        of four; 1 is the Gabriel graph. 0.82 is usual.

    Returns
    -------
    TopologicalClusters

    Raises
    ------
    InputError
        If the box is not longer than two cutoffs along a periodic axis, if a particle has more than 63 bonds, if
        two particles coincide, or if a parameter is out of range.

    Warns
    -----
    UserWarning
        If the box is shorter than four cutoffs: rings can then close around the box.

    Notes
    -----
    Counts are those of the published program, which counts some types once for each way in which they are found:
    8B once for each spindle, 12B once for each 7A, 7T once for each third 5A. Seven types (9A, 10W, 11A, 12B, 12D, 12K,
    13A), rarely also 10A, hang on the order of the particles there, and do not here. For comparisons take
    `membership`.

    References
    ----------
    Malins, Williams, Eggers, Royall, J. Chem. Phys. 139, 234506 (2013), doi:10.1063/1.4832897.
    """
    found = bonds_of(configuration, bonds, cutoff, fc)
    clusters = find_clusters(found)
    membership = np.zeros((len(TYPES), len(configuration)), np.bool_)
    for marks, name in zip(membership, TYPES, strict=True):
        mark(clusters[name], marks)
    return TopologicalClusters(found, clusters, membership.T)
