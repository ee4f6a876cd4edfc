"""Pair entropy of each particle: how far the distances of the others are from those in an ideal gas."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import positive
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.parallel import map_ranges
from vitreous.structure import _pair_entropy_kernel as kernel
from vitreous.structure.cells import cell_list, check_reach

__all__ = ["pair_entropy"]

# In large diameters: the end of the third shell of a dense liquid; and a width that leaves the first peak narrow.
_LIMIT = 3.0
_WIDTH = 0.1
# The integral has so many points in one width, and a Gaussian ends so many widths from its centre.
_POINTS_PER_WIDTH = 8
_TAIL = 6.0
_FEWEST_WIDTHS, _MOST_WIDTHS = 2.0, 1e4


def pair_entropy(
    configuration: Configuration, limit: float | None = None, width: float | None = None
) -> NDArray[np.float64]:
    r"""Local two-body excess entropy of each particle, in units of Boltzmann's constant.

    For particle i of species μ, with the species ν of the others,

    .. math::

        s_2(i) = -\frac12 \sum_\nu \rho_\nu \int_0^{r_m}
                 \bigl[ g_i^{\mu\nu} \ln g_i^{\mu\nu} - g_i^{\mu\nu} + 1 \bigr] \, 4\pi r^2 \, dr , \qquad
        g_i^{\mu\nu}(r) = \frac{1}{4\pi\rho_\nu r^2} \sum_{j \in \nu,\, j \ne i}
                 \frac{1}{\sqrt{2\pi}\,w} \, e^{-(r - r_{ij})^2 / 2 w^2} ,

    where :math:`\rho_\nu = N_\nu / V`. The more ordered a neighbourhood, the more negative is s₂. Particles beyond
    :math:`r_m` count with the tails of their Gaussians; the ``compute entropy/atom`` of LAMMPS, otherwise the same
    formula for one species, leaves them out, so that its g falls off in the last width and its s₂ is lower. This is
    the s₂ of one snapshot: averages over time, of s₂ or of g before the logarithm, are something else.

    Parameters
    ----------
    configuration : Configuration
        In an open box the extent of the particles is the volume, and particles at the surface have less around them.
    limit : float, optional
        r_m, in the length unit of the positions. By default 3 large diameters, the end of the third shell of a
        dense liquid. A choice: neither reference fixes it for mixtures.
    width : float, optional
        w, the standard deviation of the Gaussians, in the same unit. By default 0.1 large diameters, likewise a
        choice. The logarithm needs a smooth g; s₂ rises with the width.

    Returns
    -------
    (N,) float64
        Dimensionless, 0 or negative. Never NaN: a particle with nothing around it has -2π ρ r_m³ / 3. The integral is
        good to 3e-4 in a dense liquid.

    Raises
    ------
    InputError
        If the limit or the width is not positive and finite, or not given where the diameters are not known; if the
        limit is not between 2 and 10,000 widths, or reaches over thousands of images of the box; if two particles
        coincide.

    References
    ----------
    Piaggi, Parrinello, J. Chem. Phys. 147, 114112 (2017), doi:10.1063/1.4998408; for mixtures Tanaka, Kawasaki,
    Shintani, Watanabe, Nat. Mater. 9, 324 (2010), doi:10.1038/nmat2634.
    """
    limit = _length("limit", limit, _LIMIT, configuration)
    width = _length("width", width, _WIDTH, configuration)
    if not _FEWEST_WIDTHS <= limit / width <= _MOST_WIDTHS:
        raise InputError(
            f"width: {width:g} is no sensible width for an integral up to {limit:g}; take about a thirtieth of that"
        )
    radius = limit + _TAIL * width
    check_reach(configuration, radius, "limit")
    points = math.ceil(_POINTS_PER_WIDTH * limit / width)
    step = limit / points
    tail = np.exp(-0.5 * (np.arange(0.0, _TAIL, step / width)) ** 2)
    cells = cell_list(configuration, radius)
    densities = configuration.number_density * np.bincount(configuration.species_index) / len(configuration)
    found = np.empty(len(configuration))
    coinciding = map_ranges(
        kernel.pair_entropy, cells.ranges(), *cells.arrays,
        configuration.species_index[cells.order], densities, radius, step, points, width, tail, found,
    )  # fmt: skip
    cells.refuse_coincidence(configuration, coinciding)
    return cells.unsorted(found)


def _length(name: str, given: float | None, diameters: float, configuration: Configuration) -> float:
    """The length that was given, or so many large diameters."""
    if given is None:
        if configuration.diameters is None:
            raise InputError(
                f"{name}: by default {diameters:g} large diameters, but the configuration has no diameters; "
                f"give {name} or the diameters"
            )
        return diameters * float(configuration.diameters.max())
    return positive(name, given)
