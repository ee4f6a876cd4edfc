"""Groups of particles in correlations: their species, or classes of diameter where sizes are continuous."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.partial import MANY_SPECIES

__all__ = ["CLASSES", "ParticleGroups", "diameter_ranges", "particle_groups", "phrase", "told_ranges"]

CLASSES = ("small", "middle", "large")
"""Thirds of the particles by diameter."""


@dataclass(frozen=True, eq=False)
class ParticleGroups:
    """Groups of the particles of a snapshot, one group each.

    Attributes
    ----------
    names : tuple of str
        Species, or `CLASSES`.
    index : (N,) int64
        Number of each particle's group.
    diameter_ranges : tuple of (float, float)
        Smallest and largest diameter of each class; empty where groups are species.
    """

    names: tuple[str, ...]
    index: NDArray[np.int64]
    diameter_ranges: tuple[tuple[float, float], ...] = ()

    @property
    def masks(self) -> dict[str, NDArray[np.bool_]]:
        """(N,) masks by name."""
        return {name: self.index == k for k, name in enumerate(self.names)}


def particle_groups(configuration: Configuration) -> ParticleGroups:
    """Species; or thirds by diameter, where the particles of one species have more than ten diameters.

    Where sizes are continuous a species says little, while small particles move farther than large ones: within a
    species a correlation would measure size too. Equal diameters are in one class.
    """
    diameters, species = configuration.diameters, configuration.species_index.astype(np.int64)
    names = configuration.species_names
    if diameters is None or all(
        len(np.unique(diameters[species == k])) <= MANY_SPECIES for k in range(len(names))
    ):
        return ParticleGroups(names, species)
    ordered = np.sort(diameters)
    edges = [ordered[(len(ordered) * k) // 3] for k in (1, 2)]
    index = np.searchsorted(edges, diameters, side="right").astype(np.int64)
    ranges = tuple(
        (float(diameters[index == k].min()), float(diameters[index == k].max())) for k in np.unique(index)
    )
    kept = tuple(CLASSES[k] for k in np.unique(index))
    return ParticleGroups(kept, np.unique(index, return_inverse=True)[1].astype(np.int64), ranges)


def told_ranges(names: tuple[str, ...], diameter_ranges: tuple[tuple[float, float], ...]) -> str | None:
    """The line that tells which diameters the classes have; None where groups are species."""
    if not diameter_ranges:
        return None
    parts = (
        f"{name} {low:.3g} to {high:.3g}" for name, (low, high) in zip(names, diameter_ranges, strict=True)
    )
    return f"by diameter, thirds of the particles: {', '.join(parts)}"


def diameter_ranges(configuration: Configuration) -> dict[str, tuple[float, float]]:
    """Smallest and largest diameter of each class; empty where groups are species."""
    groups = particle_groups(configuration)
    return dict(zip(groups.names, groups.diameter_ranges, strict=False))


def phrase(name: str) -> str:
    """A group in words: "species A", "small particles"."""
    return f"{name} particles" if name in CLASSES else f"species {name}"
