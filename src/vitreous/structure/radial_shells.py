"""How many neighbours there are at each distance, by species, in soft shells around every particle."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.parallel import map_ranges
from vitreous.structure import _radial_shells_kernel as kernel
from vitreous.structure._gaussian_kernel import CUTOFF
from vitreous.structure.cells import cell_list
from vitreous.structure.reach import check_reach

__all__ = ["radial_shells"]


def radial_shells(
    configuration: Configuration, centers: ArrayLike, width: float, unit: float = 1.0
) -> NDArray[np.float64]:
    r"""Neighbours of each species in Gaussian shells around each particle.

    .. math:: G_{sk}(i) = \sum_{j \ne i,\; j \in s} \exp\Bigl(-\frac{(r_{ij} - R_k)^2}{2 w^2}\Bigr)

    Parameters
    ----------
    configuration : Configuration
        In any box. In a periodic box smaller than the largest shell a neighbour counts once for each image, and a
        particle sees its own images.
    centers : (K,) array_like of float
        Radii R_k of the shells, in `unit`; not negative, in any order.
    width : float
        Standard deviation w of the Gaussians, in `unit`.
    unit : float
        Length that is 1 for `centers` and `width`, in the length unit of the positions.

    Returns
    -------
    (N, S * K) float64
        For each of the S species, in the order of `configuration.species_names`, the K shells. Sums end where
        abs(r_ij - R_k) reaches 5.5 widths: each term left out is below 3e-7. Zero where there is nobody; never NaN.

    Raises
    ------
    InputError
        If there are no centers, a number is not finite or has the wrong sign, or the largest shell reaches over
        thousands of images of the box.

    References
    ----------
    Radial functions of Behler, Parrinello, Phys. Rev. Lett. 98, 146401 (2007), doi:10.1103/PhysRevLett.98.146401, as
    used for glasses by Boattini, Smallenburg, Filion, Phys. Rev. Lett. 127, 088007 (2021),
    doi:10.1103/PhysRevLett.127.088007.
    """
    length = positive("unit", unit)
    try:
        radii = np.asarray(centers, dtype=np.float64) * length
    except (TypeError, ValueError):
        raise InputError(f"centers: expected numbers, got {centers!r}") from None
    if radii.ndim != 1 or radii.size == 0:
        raise InputError(f"centers: expected one or more radii, got shape {radii.shape}")
    if not (np.isfinite(radii).all() and (radii >= 0).all()):
        raise InputError(f"centers: must be finite and not negative, got {(radii / length).tolist()}")
    spread = positive("width", width) * length
    limit = CUTOFF * spread
    reach = float(radii.max()) + limit
    check_reach(configuration, reach, "centers")
    cells = cell_list(configuration, reach / 2.0)
    n_kinds = len(configuration.species_names)
    shells = np.empty((len(configuration), n_kinds * radii.size))
    map_ranges(
        kernel.radial_shells, cells.ranges(), *cells.arrays, cells.order, configuration.species_index[cells.order],
        n_kinds, radii, spread, limit, shells,
    )  # fmt: skip
    return shells


def positive(name: str, value: float) -> float:
    """The value, or an InputError if it is not positive and finite."""
    if not (math.isfinite(value) and value > 0):
        raise InputError(f"{name}: must be positive and finite, got {value}")
    return float(value)
