"""The pair potential of a glass former as a formula, and the energy of every particle of a snapshot."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers.model import GlassFormer
from vitreous.structure.neighbors import within

__all__ = ["local_energy", "pair_energy_force"]


def pair_energy_force(
    model: GlassFormer, a: str, b: str, r: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Energy of a pair and the force along its line, cut and shifted.

    u(r) = 4ε [(σ/r)¹² - (σ/r)⁶ - (σ/c)¹² + (σ/c)⁶] for r < c, the pair's cutoff, and exactly 0 beyond. The
    energy is continuous at c; the force is so only where c is the minimum of the pair.

    Parameters
    ----------
    model : GlassFormer
    a, b : str
        Species labels, in either order.
    r : (...) array_like of float
        Distances, in the model's length unit.

    Returns
    -------
    energy : (...) float64
        In the model's energy unit.
    force : (...) float64
        -du/dr: positive where the particles repel each other.

    Raises
    ------
    InputError
        For an unknown species, hard spheres, or distances that are not positive.
    """
    pair = model.pair(a, b)
    distance = np.asarray(r, dtype=np.float64)
    if not (distance > 0).all():
        raise InputError("pair potential: distances must be positive numbers")
    inside = distance < pair.cutoff
    sixth = (pair.sigma / distance) ** 6
    at_cutoff = pair.cutoff_factor**-6.0
    # As a product, so that a pair that is cut at its minimum (where (σ/c)⁶ = 1/2) is repulsive to the last bit.
    energy = 4.0 * pair.epsilon * (sixth - at_cutoff) * (sixth + (at_cutoff - 1.0))
    force = 24.0 * pair.epsilon * sixth * (2.0 * sixth - 1.0) / distance
    return np.where(inside, energy, 0.0), np.where(inside, force, 0.0)


def local_energy(configuration: Configuration, model: GlassFormer) -> NDArray[np.float64]:
    r"""Potential energy of each particle: half of that of its pairs.

    .. math:: e_i = \tfrac12 \sum_{j \ne i} u_{ij}(r_{ij})

    Parameters
    ----------
    configuration : Configuration
        Particles of the model, in its units.
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
