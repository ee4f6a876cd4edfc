"""What can be said of given particles: neighbours, bond order, local averages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitreous._lazy import lazy

if TYPE_CHECKING:
    from vitreous.structure._solid_bonds import solid_bonds
    from vitreous.structure.neighborhood_average import standardized_within_species
    from vitreous.structure.simple_descriptors import coordination_number, local_density, random_averages
    from vitreous.structure.structure_factor import FirstPeak
    from vitreous.structure.surroundings import Surroundings
    from vitreous.structure.tcc.bonds import Bonds

__all__ = [
    "Bonds",
    "FirstPeak",
    "Surroundings",
    "coordination_number",
    "local_density",
    "random_averages",
    "solid_bonds",
    "standardized_within_species",
]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "_solid_bonds": ("solid_bonds",),
        "simple_descriptors": ("coordination_number", "local_density", "random_averages"),
        "structure_factor": ("FirstPeak",),
        "surroundings": ("Surroundings",),
        "tcc.bonds": ("Bonds",),
        "neighborhood_average": ("standardized_within_species",),
    },
)
