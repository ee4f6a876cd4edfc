"""How many particles of each species, and a random start."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers.model import GlassFormer

__all__ = ["composition", "random_configuration"]


def composition(model: GlassFormer, n: int) -> dict[str, int]:
    """Number of particles of each species among `n`, by label, as near to the model's fractions as can be.

    Raises
    ------
    InputError
        If `n` is so small that a species would be missing.
    """
    ends = [0, *(math.floor(sum(model.fractions[:k]) * n + 0.5) for k in range(1, len(model.species))), n]
    counts = dict(zip(model.species, (end - begin for begin, end in pairwise(ends)), strict=True))
    missing = [label for label, count in counts.items() if count < 1]
    if missing:
        raise InputError(f"{model.name}: {n} particles are too few, none would be of species {missing[0]}")
    return counts


def random_configuration(model: GlassFormer, n: int, seed: int) -> Configuration:
    """Particles anywhere in a cubic periodic box at the model's density: a start, full of overlaps.

    Parameters
    ----------
    model : GlassFormer
        With a density of its own, so not hard spheres.
    n : int
        Number of particles.
    seed : int
        Same seed, same configuration.

    Returns
    -------
    Configuration
        Positions uniform in the box, the particles of the first species first.

    Raises
    ------
    InputError
        For hard spheres, and if `n` is too small for all species.
    """
    if model.density is None:
        raise InputError(f"{model.name}: the density is set by the packing fraction, not by the model")
    counts = composition(model, n)
    length = (n / model.density) ** (1.0 / 3.0)
    species = np.repeat(list(counts), list(counts.values()))
    return Configuration(
        np.random.default_rng(seed).random((n, 3)) * length,
        length,
        species=species,
        diameters=model.diameters_of(species),
    )
