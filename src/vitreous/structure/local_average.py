"""The mean of a per-particle quantity around each particle: over a sphere, or with weights that decay."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.arrays import positive, rows, whole
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.parallel import map_ranges
from vitreous.structure import _sphere_kernel as kernel
from vitreous.structure.cells import CellList, cell_list, check_reach

__all__ = ["local_average", "recursive_average"]

# Exponential weights end at this many lengths, at 0.7 %.
_REACH = 5.0


def local_average(
    configuration: Configuration,
    values: ArrayLike,
    radius: float | None = None,
    *,
    length: float | None = None,
) -> NDArray[np.float64]:
    r"""Mean of `values` around each particle over all particles of all species, the particle itself included.

    With `radius` all particles nearer than that count the same; with `length` = ξ they count the less the farther:

    .. math:: \bar z_i = \frac{\sum_j z_j \exp(-r_{ij}/\xi)}{\sum_j \exp(-r_{ij}/\xi)}, \qquad r_{ij} < 5\,\xi

    Parameters
    ----------
    configuration : Configuration
    values : (N,) or (N, K) array_like
        One number per particle, P_red for instance, or several, which are averaged one by one.
    radius : float, optional
        In the length unit of the positions. The paper takes two diameters of the large particles. In a
        periodic box smaller than the sphere a particle counts once for each image inside it.
    length : float, optional
        ξ in the length unit of the positions. Just one of the two is given.

    Returns
    -------
    (N,) or (N, K) float64
        NaN values are left out of the means, for each column by itself; the result is NaN only where nothing else is
        within reach.

    Raises
    ------
    InputError
        If `values` has another length, both or none of `radius` and `length` are given, the one given is not positive
        and finite, or `length` reaches over thousands of images of the box.

    References
    ----------
    Sphere: Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8, caption of Fig. 2.
    Exponential weights: Boattini, Smallenburg, Filion, Phys. Rev. Lett. 127, 088007 (2021),
    doi:10.1103/PhysRevLett.127.088007.
    """
    table = rows("values", values, len(configuration)).reshape(len(configuration), -1)
    if radius is not None and length is None:
        positive("radius", radius)
        averaged = _averaged(cell_list(configuration, radius), table, radius, math.inf)
    elif length is not None and radius is None:
        averaged = _averaged(_exponential_cells(configuration, length), table, _REACH * length, length)
    else:
        raise InputError("local average: give either radius (a sphere) or length (weights exp(-r / length))")
    return averaged.reshape(np.shape(values))


def recursive_average(
    configuration: Configuration, values: ArrayLike, length: float, generations: int
) -> NDArray[np.float64]:
    r"""Generations of averages: each is the exponential average of the one before, over a larger and larger region.

    .. math:: z^{(g)}_i = \frac{\sum_j z^{(g-1)}_j \exp(-r_{ij}/\xi)}{\sum_j \exp(-r_{ij}/\xi)},
              \qquad r_{ij} < 5\,\xi

    Parameters
    ----------
    configuration : Configuration
    values : (N,) or (N, K) array_like
        Generation 0.
    length : float
        ξ in the length unit of the positions.
    generations : int
        How many times to average, 0 or more.

    Returns
    -------
    (N, generations + 1) or (N, K, generations + 1) float64
        The last axis counts generations; entry 0 are the values themselves. NaN as for `local_average`: an unknown
        value is left out of the first average, and has become known by the second.

    Raises
    ------
    InputError
        As for `local_average`, and if `generations` is not a whole number, 0 or more.

    References
    ----------
    Boattini, Smallenburg, Filion, Phys. Rev. Lett. 127, 088007 (2021), doi:10.1103/PhysRevLett.127.088007.
    """
    table = rows("values", values, len(configuration)).reshape(len(configuration), -1)
    whole("generations", generations, 0)
    cells = _exponential_cells(configuration, length)
    found = np.empty((*table.shape, int(generations) + 1))
    found[..., 0] = table
    for generation in range(1, int(generations) + 1):
        table = _averaged(cells, table, _REACH * length, length)
        found[..., generation] = table
    return found.reshape(*np.shape(values), int(generations) + 1)


def _exponential_cells(configuration: Configuration, length: float) -> CellList:
    positive("length", length)
    check_reach(configuration, _REACH * length, "length")
    return cell_list(configuration, _REACH * length / 2.0)


def _averaged(
    cells: CellList, table: NDArray[np.float64], radius: float, length: float
) -> NDArray[np.float64]:
    averaged = np.empty(table.shape)
    map_ranges(kernel.average, cells.ranges(), *cells.arrays, radius, length, table[cells.order], averaged)
    return cells.unsorted(averaged)
