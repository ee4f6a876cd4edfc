"""Simple quantities of each particle that anything better has to beat: density and coordination."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import positive
from vitreous.configuration import Configuration
from vitreous.structure.local_average import local_average
from vitreous.structure.neighbors import sann, within

__all__ = ["coordination_number", "local_density", "random_averages"]


def local_density(configuration: Configuration, radius: float) -> NDArray[np.float64]:
    """Particles of all species within `radius` of each, itself included, per volume of that sphere.

    Parameters
    ----------
    configuration : Configuration
    radius : float
        In the length unit of the positions.

    Returns
    -------
    (N,) float64
        In the inverse cube of that unit.

    Raises
    ------
    InputError
        If the radius is not positive and finite.
    """
    radius = positive("radius", radius)
    return (within(configuration, radius).counts + 1) / (4.0 / 3.0 * math.pi * radius**3)


def coordination_number(configuration: Configuration) -> NDArray[np.float64]:
    """(N,) number of mutual SANN neighbours of each particle, as float64."""
    return sann(configuration).counts.astype(np.float64)


def random_averages(
    configuration: Configuration, radius: float, count: int, seed: int = 0
) -> NDArray[np.float64]:
    """Fields that know nothing: a normal random number for each particle, averaged over a sphere.

    Averaging makes a field smooth, and two smooth fields correlate by chance more than two rough ones.

    Parameters
    ----------
    configuration : Configuration
    radius : float
        As for `local_average`.
    count : int
        How many fields.
    seed : int

    Returns
    -------
    (count, N) float64
    """
    rng = np.random.default_rng(seed)
    return np.array(
        [local_average(configuration, rng.standard_normal(len(configuration)), radius) for _ in range(count)]
    )
