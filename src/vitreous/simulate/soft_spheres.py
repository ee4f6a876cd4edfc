"""Particles anywhere, but none on top of another: where a model begins that cannot be pushed apart by itself."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations_with_replacement

from vitreous.configuration import Configuration
from vitreous.glassformers import GlassFormer, Harmonic, PairPotentials, random_configuration
from vitreous.glassformers.sizes import split_by_size, with_split_species
from vitreous.glassformers.units import UNIT_STYLES
from vitreous.simulate.inherent import downhill

__all__ = ["separated_configuration"]

_FILLING = 0.55  # packing fraction of the spheres, if the diameters of the model fill more


def separated_configuration(model: GlassFormer, n: int, seed: int) -> Configuration:
    """Random positions at the model's density, from which soft spheres of its diameters have gone apart.

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
        Unwrapped; whatever fills more than 0.55 of the space at the model's diameters, has smaller ones here.

    Raises
    ------
    InputError
        If `n` is too small for all species, or LAMMPS is not installed.
    """
    start = random_configuration(model, n, seed)
    apart, _ = downhill(with_split_species(start, model), _spheres(split_by_size(model)))
    return replace(apart, species=start.species, diameters=start.diameters)


def _spheres(model: GlassFormer) -> GlassFormer:
    assert model.density is not None
    volume = sum(share * size**3 for share, size in zip(model.fractions, model.diameters, strict=True))
    scale = min(1.0, (_FILLING / (math.pi / 6.0 * model.density * volume)) ** (1.0 / 3.0))
    pairs = combinations_with_replacement(zip(model.species, model.diameters, strict=True), 2)
    soft = tuple((a, b, Harmonic(1.0, 0.5 * scale * (first + second))) for (a, first), (b, second) in pairs)
    return replace(
        model,
        interaction=PairPotentials(soft),
        masses=(1.0,) * len(model.species),
        charges=(),
        units=UNIT_STYLES["lj"],
    )
