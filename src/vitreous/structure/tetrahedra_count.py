"""The number of tetrahedra that each particle is in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.parallel import map_ranges, ranges
from vitreous.structure import _tetrahedra_count_kernel as kernel
from vitreous.structure.neighbors import Lengths
from vitreous.structure.tcc.bonds import BondRule, bonds_of

__all__ = ["tetrahedra_count"]


def tetrahedra_count(
    configuration: Configuration, bonds: BondRule = "voronoi", cutoff: Lengths = 1.8, fc: float = 0.82
) -> NDArray[np.int64]:
    r"""Number of tetrahedra, four particles each bonded to the three others, that each particle is in.

    .. math:: n_\mathrm{tet}(i) = \sum_{j < k < l} b_{ij} b_{ik} b_{il} b_{jk} b_{jl} b_{kl} ,

    where b is 1 for two particles that are bonded and else 0.

    Parameters
    ----------
    configuration, bonds, cutoff, fc
        As for `topological_clusters`, whose bonds these are; the same defaults.

    Returns
    -------
    (N,) int64
        The sum is four times the number of tetrahedra.

    Raises
    ------
    InputError
        As `topological_clusters`.

    Warns
    -----
    UserWarning
        As `topological_clusters`.

    References
    ----------
    Marín-Aguilar, Wensink, Foffi, Smallenburg, Phys. Rev. Lett. 124, 208005 (2020),
    doi:10.1103/PhysRevLett.124.208005.
    """
    table = bonds_of(configuration, bonds, cutoff, fc).table
    numbers = np.empty(len(configuration), np.int64)
    map_ranges(kernel.tetrahedra_count, ranges(len(numbers)), table, numbers)
    return numbers
