"""How much the four nearest others of each particle are like the corners of a regular tetrahedron."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.parallel import map_ranges
from vitreous.structure import _tetrahedral_order_kernel as kernel
from vitreous.structure.cells import cell_list

__all__ = ["tetrahedral_order"]


def tetrahedral_order(configuration: Configuration) -> NDArray[np.float64]:
    r"""Orientational tetrahedral order q of Errington and Debenedetti, made for water.

    With ψ the angle that two of the four nearest others, of any species, subtend at particle i,

    .. math:: q_i = 1 - \frac38 \sum_{j=1}^{3} \sum_{k=j+1}^{4} \Bigl( \cos\psi_{jik} + \frac13 \Bigr)^2 .

    Parameters
    ----------
    configuration : Configuration
        Any box. In one that is smaller than the neighbourhood, images count as particles.

    Returns
    -------
    (N,) float64
        -3 to 1, dimensionless: 1 if the four are the corners of a regular tetrahedron with the particle in its centre,
        on average 0 if their directions are independent. NaN where there are not four others (open boxes). Where others
        are at the same distance, as in a perfect crystal, which of them count is a matter of rounding.

    Raises
    ------
    InputError
        If two particles coincide.

    References
    ----------
    Errington, Debenedetti, Nature 409, 318 (2001), doi:10.1038/35053024.
    """
    cells = cell_list(configuration, None)
    found = np.empty(len(configuration))
    coinciding = map_ranges(kernel.tetrahedral_order, cells.ranges(), *cells.arrays, cells.radius, found)
    cells.refuse_coincidence(configuration, coinciding)
    return cells.unsorted(found)
