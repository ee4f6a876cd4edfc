"""The radial distribution function, and the two lengths that are read off it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.parallel import map_ranges
from vitreous.structure import _sphere_kernel as kernel
from vitreous.structure.cells import cell_list

__all__ = ["RadialDistribution", "radial_distribution"]

_BINS = 400
# In units of the mean spacing (volume per particle)^(1/3); wide enough for two shells of a dense liquid.
_RANGE = 2.2
# The histogram is smoothed by 2.5 % of the mean spacing before extrema are read off.
_SMOOTHING = 0.025


class RadialDistribution(NamedTuple):
    """g(r) over all pairs.

    Attributes
    ----------
    r : (B,) float64
        Centres of the bins, in the length unit of the positions.
    g : (B,) float64
        Dimensionless; in an open box it falls below 1 at large r, because there are no particles outside.
    first_peak : float
        Where the smoothed g is highest.
    first_minimum : float
        Where the smoothed g is lowest between 1 and 1.8 times the first peak: the edge of the first shell.
    """

    r: NDArray[np.float64]
    g: NDArray[np.float64]
    first_peak: float
    first_minimum: float


def radial_distribution(configuration: Configuration) -> RadialDistribution:
    """g(r) of all particles up to 2.2 mean spacings, with its first peak and first minimum.

    Parameters
    ----------
    configuration : Configuration

    Returns
    -------
    RadialDistribution

    Raises
    ------
    InputError
        If there are too few pairs to see a first shell.
    """
    from scipy.ndimage import gaussian_filter1d  # whose import takes as long as g(r)

    spacing = configuration.number_density ** (-1.0 / 3.0)
    radius = _RANGE * spacing
    cells = cell_list(configuration, radius)
    found = map_ranges(kernel.histogram, cells.ranges(), *cells.arrays, radius, _BINS)
    counts = np.sum(found, axis=0)
    edges = np.linspace(0.0, radius, _BINS + 1)
    shells = 4.0 / 3.0 * math.pi * np.diff(edges**3)
    g = counts / (shells * len(configuration) * configuration.number_density)
    r = 0.5 * (edges[1:] + edges[:-1])
    smooth = gaussian_filter1d(g, _SMOOTHING / _RANGE * _BINS)
    peak = int(np.argmax(smooth))
    beyond = np.flatnonzero((r > r[peak]) & (r < 1.8 * r[peak]))
    if counts.sum() < 1000 or beyond.size < 5:
        raise InputError(
            f"g(r): {len(configuration)} particles are too few to find the first minimum; give the cutoff as "
            f"a number"
        )
    lowest = beyond[int(np.argmin(smooth[beyond]))]
    return RadialDistribution(r, g, float(r[peak]), float(r[lowest]))
