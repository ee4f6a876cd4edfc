"""The mean of a per-particle quantity over a sphere around each particle."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.parallel import map_ranges
from vitreous.structure import _sphere_kernel as kernel
from vitreous.structure.cells import cell_list

__all__ = ["local_average"]


def local_average(configuration: Configuration, values: ArrayLike, radius: float) -> NDArray[np.float64]:
    """Mean of `values` over all particles of all species nearer than `radius`, the particle itself included.

    Parameters
    ----------
    configuration : Configuration
    values : (N,) array_like
        One number per particle, P_red for instance.
    radius : float
        In the length unit of the positions. The paper takes two diameters of the large particles. In a
        periodic box smaller than the sphere a particle counts once for each image inside it.

    Returns
    -------
    (N,) float64
        NaN values are left out of the means; the result is NaN only where nothing else is within reach.

    Raises
    ------
    InputError
        If `values` has another length, or `radius` is not positive and finite.

    References
    ----------
    Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8, caption of Fig. 2.
    """
    column = np.asarray(values, dtype=np.float64)
    if column.shape != (len(configuration),):
        raise InputError(f"values: expected shape ({len(configuration)},), got {column.shape}")
    if not (math.isfinite(radius) and radius > 0):
        raise InputError(f"radius: must be positive and finite, got {radius}")
    cells = cell_list(configuration, radius)
    averaged = np.empty(len(column))
    map_ranges(kernel.average, cells.ranges(), *cells.arrays, radius, column[cells.order], averaged)
    result = np.empty(len(column))
    result[cells.order] = averaged
    return result
