"""Energy and force of a pair of particles of a model, and the energy of every particle of a snapshot."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers.model import GlassFormer
from vitreous.glassformers.sizes import split_by_size, with_split_species
from vitreous.structure.neighbors import within

__all__ = ["local_energy", "pair_energy_force"]


def pair_energy_force(
    model: GlassFormer, a: str, b: str, r: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Energy of a pair and the force along its line, by the formula in `vitreous.glassformers.potentials`.

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
    return pair.energy_force(distance)


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
    configuration, model = with_split_species(configuration, model), split_by_size(model)
    names = configuration.species_names
    cutoffs = {(a, b): model.pair(a, b).cutoff for i, a in enumerate(names) for b in names[i:]}
    neighbors = within(configuration, cutoffs)
    i = np.repeat(np.arange(len(configuration)), neighbors.counts)
    kinds = configuration.species_index[i], configuration.species_index[neighbors.indices]
    energy = np.empty(len(neighbors))
    of_kinds = kinds[0] * len(names) + kinds[1]
    order = np.argsort(of_kinds, kind="stable")
    ends = np.searchsorted(of_kinds[order], np.arange(len(names) ** 2 + 1))
    for first, a in enumerate(names):
        for second, b in enumerate(names):
            pair = first * len(names) + second
            mine = order[ends[pair] : ends[pair + 1]]
            energy[mine] = pair_energy_force(model, a, b, neighbors.distances[mine])[0]
    return np.asarray(0.5 * np.bincount(i, energy, minlength=len(configuration)))
