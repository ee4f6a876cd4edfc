"""Bond-orientational order of soft shells, in which neighbours appear and vanish smoothly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.structure.bond_order import checked_degrees
from vitreous.structure.shells import AngularShells, described

__all__ = ["smooth_bond_order"]


def smooth_bond_order(
    configuration: Configuration,
    shells: Sequence[tuple[float, float]],
    l: int | Iterable[int] = range(1, 11),
    unit: float = 1.0,
) -> NDArray[np.float64]:
    r"""Rotation-invariant bond order of each particle with neighbours weighted by Gaussian shells.

    .. math:: q_l(i) = \sqrt{\frac{4\pi}{2l+1} \sum_{m=-l}^{l} \Bigl| \frac{\sum_j w(r_{ij})\,
              Y_l^m(\mathbf r_{ij})}{\sum_j w(r_{ij})} \Bigr|^2}, \qquad w(r) = \exp\Bigl(-\frac{(r - R)^2}{2 w^2}\Bigr)

    Parameters
    ----------
    configuration : Configuration
        In any box; neighbours are of all species. In a periodic box smaller than the largest shell a neighbour counts
        once for each image, and a particle sees its own images.
    shells : sequence of (center, width)
        Radius R and standard deviation w of each shell, in `unit`; R not negative.
    l : int or iterable of int
        Degrees, 0 to 50, in the order of the columns wanted.
    unit : float
        Length that is 1 for `shells`, in the length unit of the positions.

    Returns
    -------
    (N, len(shells) * len(l)) float64
        For each shell the degrees; between 0 and 1, dimensionless, exact to about 1e-13. Weights end where
        abs(r_ij - R) reaches 5.5 widths, below 3e-7; NaN where a shell has no neighbour nearer to its radius than that.

    Raises
    ------
    InputError
        If two particles coincide, a degree is not a whole number from 0 to 50, a number is not finite or has the
        wrong sign, nothing is asked for, or the largest shell reaches over thousands of images of the box.

    References
    ----------
    Steinhardt, Nelson, Ronchetti, Phys. Rev. B 28, 784 (1983), doi:10.1103/PhysRevB.28.784; with Gaussian shells:
    Boattini, Smallenburg, Filion, Phys. Rev. Lett. 127, 088007 (2021), doi:10.1103/PhysRevLett.127.088007.
    """
    return described(configuration, angular=AngularShells.of(shells, checked_degrees(l), unit))
