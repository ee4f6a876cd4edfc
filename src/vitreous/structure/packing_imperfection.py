"""How far the tetrahedra around each particle are from tetrahedra of touching spheres."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.parallel import map_ranges, ranges
from vitreous.structure import _packing_imperfection_kernel as kernel
from vitreous.structure.neighbors import Lengths, NeighborList, cutoff_matrix
from vitreous.structure.voronoi_cells import voronoi_cells

__all__ = ["packing_imperfection"]


def packing_imperfection(
    configuration: Configuration, contact: Lengths | None = None, neighbors: NeighborList | None = None
) -> NDArray[np.float64]:
    r"""Tong and Tanaka's Θ in three dimensions: 0 where all neighbours touch, larger where packing is worse.

    A tetrahedron around o is o with three of its neighbours i, j, k that are neighbours of each other. Over its six
    edges ab, and then over all :math:`N_o` tetrahedra around o,

    .. math::

        \omega_o^{ijk} = \frac{\sum_{\langle ab \rangle} | r_{ab} - \sigma_{ab} |}
                              {\sum_{\langle ab \rangle} \sigma_{ab}} , \qquad
        \Theta_o = \frac{1}{N_o} \sum_{\langle ijk \rangle} \omega_o^{ijk} ,

    where :math:`\sigma_{ab} = (d_a + d_b) / 2` is the distance at which two spheres touch. Tong and Tanaka then
    average Θ over a neighbourhood, which is left to `local_average`.

    Parameters
    ----------
    configuration : Configuration
    contact : float, (S, S) array_like or mapping, optional
        Distances σ at which pairs of species touch, for mixtures whose diameters do not add up, as Kob-Andersen; in
        the forms that `within` takes for its cutoff. By default half the sum of the diameters. For soft particles
        "touching" is a matter of choice.
    neighbors : NeighborList, optional
        By default those that share a face in the radical Voronoi tessellation, `voronoi_cells`, as the authors have
        it; for mixtures whose diameters do not add up, with the diameters of the configuration all the same. Others
        may be given, those of `sann` for instance. Only pairs in which each has the other as neighbour count.

    Returns
    -------
    (N,) float64
        Dimensionless. NaN where a particle is in no tetrahedron.

    Raises
    ------
    InputError
        If diameters are missing, or a contact distance is missing, unknown, not positive or not finite; if the
        neighbours are those of another number of particles; as `voronoi_cells`, unless neighbours are given.

    References
    ----------
    Tong, Tanaka, Phys. Rev. X 8, 011041 (2018), doi:10.1103/PhysRevX.8.011041.
    """
    n = len(configuration)
    if neighbors is not None and neighbors.n_particles != n:
        raise InputError(f"neighbors: of {neighbors.n_particles} particles, but the configuration has {n}")
    sizes = configuration.diameters
    if contact is None and sizes is None:
        raise InputError(
            "diameters: the configuration has none, so nobody knows where particles touch; give diameters, or contact"
        )
    matrix = None if contact is None else cutoff_matrix(contact, configuration.species_names, "contact")
    bonds = voronoi_cells(configuration).neighbors if neighbors is None else neighbors
    owners = np.repeat(np.arange(n), bonds.counts)
    if matrix is not None:
        kinds = configuration.species_index if len(matrix) > 1 else np.zeros(n, np.int64)
        contacts = matrix[kinds[owners], kinds[bonds.indices]]
    else:
        assert sizes is not None
        contacts = 0.5 * (sizes[owners] + sizes[bonds.indices])
    imperfection = np.empty(n)
    map_ranges(
        kernel.packing_imperfection, ranges(n),
        bonds.offsets, bonds.indices, bonds.vectors, bonds.distances, contacts, imperfection,
    )  # fmt: skip
    return imperfection
