"""Simple quantities of each particle that anything better has to beat: density, coordination, potential energy."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer, pair_energy_force
from vitreous.structure.local_average import local_average
from vitreous.structure.neighbors import sann, within

__all__ = ["coordination_number", "local_density", "local_energy", "random_averages"]


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
    if not (math.isfinite(radius) and radius > 0):
        raise InputError(f"radius: must be positive and finite, got {radius}")
    return (within(configuration, radius).counts + 1) / (4.0 / 3.0 * math.pi * radius**3)


def coordination_number(configuration: Configuration) -> NDArray[np.float64]:
    """(N,) number of mutual SANN neighbours of each particle, as float64."""
    return sann(configuration).counts.astype(np.float64)


def local_energy(configuration: Configuration, model: GlassFormer) -> NDArray[np.float64]:
    r"""Potential energy of each particle: half of that of its pairs.

    .. math:: e_i = \tfrac12 \sum_{j \ne i} u_{ij}(r_{ij})

    Parameters
    ----------
    configuration : Configuration
        Of the model, in its units.
    model : GlassFormer
        With a pair potential.

    Returns
    -------
    (N,) float64
        In the model's energy unit; the sum is the potential energy of the configuration.

    Raises
    ------
    InputError
        If the model has no potential, or a species is not one of the model.
    """
    names = configuration.species_names
    cutoffs = {(a, b): model.pair(a, b).cutoff for i, a in enumerate(names) for b in names[i:]}
    neighbors = within(configuration, cutoffs)
    i = np.repeat(np.arange(len(configuration)), neighbors.counts)
    kinds = configuration.species_index[i], configuration.species_index[neighbors.indices]
    energy = np.empty(len(neighbors))
    for first, a in enumerate(names):
        for second, b in enumerate(names):
            mine = (kinds[0] == first) & (kinds[1] == second)
            energy[mine] = pair_energy_force(model, a, b, neighbors.distances[mine])[0]
    return np.asarray(0.5 * np.bincount(i, energy, minlength=len(configuration)))


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
