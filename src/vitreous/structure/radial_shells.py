"""How many neighbours there are at each distance, by species, in soft shells around every particle."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration
from vitreous.structure.shells import RadialShells, described

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
        For each of the S species, in the order of `configuration.species_names`, the K shells. All sums are
        over neighbours nearer than the largest center and 5.5 widths: each term left out is below 3e-7, and beyond
        exp(-700) none counts. Zero where there is nobody; never NaN.

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
    return described(configuration, radial=RadialShells.of(centers, width, unit))
