"""vitreous: see structure in glass.

One snapshot of a supercooled liquid in, the order parameter that its structure suggests out. The names below
are the public interface; each is imported when it is first used, so that `import vitreous` costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vitreous.box import Box
    from vitreous.configuration import Configuration
    from vitreous.convert.ase_atoms import from_ase, to_ase
    from vitreous.convert.freud_system import from_freud
    from vitreous.convert.mdanalysis import from_mdanalysis
    from vitreous.convert.ovito_data import from_ovito
    from vitreous.correlation.associate import Correlation, spearman
    from vitreous.correlation.curves import CorrelationCurves
    from vitreous.dynamics.cages import Cages
    from vitreous.dynamics.diffusion import diffusion_constant, particle_motion
    from vitreous.dynamics.intermediate_scattering import intermediate_scattering
    from vitreous.dynamics.scattering import self_intermediate_scattering
    from vitreous.dynamics.stretched_exponential import fit_stretched_exponential
    from vitreous.ensemble.cage_sampling import sample_cages
    from vitreous.ensemble.propensity import Propensity, propensity
    from vitreous.errors import FileError, FileWarning, InputError, ModelError, VitreousError
    from vitreous.glassformers import GlassFormer, glass_former, liquid
    from vitreous.io import read, read_trajectory, write
    from vitreous.jobs.correlate import correlate, structural_fields
    from vitreous.jobs.explain import Explanation, explain
    from vitreous.jobs.relax import Decay, Relaxation, relax
    from vitreous.jobs.reveal import Revelation, reveal
    from vitreous.jobs.reveal_cages import CageRevelation, reveal_cages
    from vitreous.order_parameter import OrderParameter
    from vitreous.order_parameter.cage import CageOrderParameter
    from vitreous.predictors.comparison import league
    from vitreous.predictors.result import League
    from vitreous.simulate.event_driven import HardSphereMD
    from vitreous.simulate.lammps import LammpsMD
    from vitreous.simulate.schedule import linear_times, log_times
    from vitreous.structure.bond_order import averaged_bond_order, bond_order, lechner_dellago
    from vitreous.structure.cage_descriptors import cage_descriptors, descriptor_names
    from vitreous.structure.local_average import local_average, recursive_average
    from vitreous.structure.neighborhood_average import neighborhood_average
    from vitreous.structure.neighbors import NeighborList, sann, within
    from vitreous.structure.packing_imperfection import packing_imperfection
    from vitreous.structure.pair_entropy import pair_entropy
    from vitreous.structure.radial_distribution import RadialDistribution, radial_distribution
    from vitreous.structure.radial_shells import radial_shells
    from vitreous.structure.smooth_bond_order import smooth_bond_order
    from vitreous.structure.solid_bonds import crystalline_fraction
    from vitreous.structure.structure_factor import StructureFactor, structure_factor
    from vitreous.structure.tcc import TopologicalClusters, topological_clusters
    from vitreous.structure.tetrahedra_count import tetrahedra_count
    from vitreous.structure.tetrahedral_order import tetrahedral_order
    from vitreous.structure.voronoi_cells import VoronoiCells, voronoi_cells
    from vitreous.trajectory import Trajectory

_HOMES = {
    "vitreous.box": ("Box",),
    "vitreous.configuration": ("Configuration",),
    "vitreous.convert.ase_atoms": ("from_ase", "to_ase"),
    "vitreous.convert.freud_system": ("from_freud",),
    "vitreous.convert.mdanalysis": ("from_mdanalysis",),
    "vitreous.convert.ovito_data": ("from_ovito",),
    "vitreous.correlation.associate": ("Correlation", "spearman"),
    "vitreous.correlation.curves": ("CorrelationCurves",),
    "vitreous.jobs.correlate": ("correlate", "structural_fields"),
    "vitreous.jobs.explain": ("Explanation", "explain"),
    "vitreous.jobs.relax": ("Decay", "Relaxation", "relax"),
    "vitreous.jobs.reveal": ("Revelation", "reveal"),
    "vitreous.jobs.reveal_cages": ("CageRevelation", "reveal_cages"),
    "vitreous.ensemble.cage_sampling": ("sample_cages",),
    "vitreous.ensemble.propensity": ("Propensity", "propensity"),
    "vitreous.errors": ("FileError", "FileWarning", "InputError", "ModelError", "VitreousError"),
    "vitreous.dynamics.cages": ("Cages",),
    "vitreous.dynamics.diffusion": ("diffusion_constant", "particle_motion"),
    "vitreous.dynamics.intermediate_scattering": ("intermediate_scattering",),
    "vitreous.dynamics.scattering": ("self_intermediate_scattering",),
    "vitreous.dynamics.stretched_exponential": ("fit_stretched_exponential",),
    "vitreous.glassformers": ("GlassFormer", "glass_former", "liquid"),
    "vitreous.io": ("read", "read_trajectory", "write"),
    "vitreous.order_parameter": ("OrderParameter",),
    "vitreous.order_parameter.cage": ("CageOrderParameter",),
    "vitreous.predictors.comparison": ("league",),
    "vitreous.predictors.result": ("League",),
    "vitreous.simulate.event_driven": ("HardSphereMD",),
    "vitreous.simulate.lammps": ("LammpsMD",),
    "vitreous.simulate.schedule": ("linear_times", "log_times"),
    "vitreous.structure.bond_order": ("averaged_bond_order", "bond_order", "lechner_dellago"),
    "vitreous.structure.cage_descriptors": ("cage_descriptors", "descriptor_names"),
    "vitreous.structure.local_average": ("local_average", "recursive_average"),
    "vitreous.structure.neighborhood_average": ("neighborhood_average",),
    "vitreous.structure.neighbors": ("NeighborList", "sann", "within"),
    "vitreous.structure.packing_imperfection": ("packing_imperfection",),
    "vitreous.structure.pair_entropy": ("pair_entropy",),
    "vitreous.structure.radial_distribution": ("RadialDistribution", "radial_distribution"),
    "vitreous.structure.radial_shells": ("radial_shells",),
    "vitreous.structure.smooth_bond_order": ("smooth_bond_order",),
    "vitreous.structure.solid_bonds": ("crystalline_fraction",),
    "vitreous.structure.structure_factor": ("StructureFactor", "structure_factor"),
    "vitreous.structure.tcc": ("TopologicalClusters", "topological_clusters"),
    "vitreous.structure.tetrahedra_count": ("tetrahedra_count",),
    "vitreous.structure.tetrahedral_order": ("tetrahedral_order",),
    "vitreous.structure.voronoi_cells": ("VoronoiCells", "voronoi_cells"),
    "vitreous.trajectory": ("Trajectory",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Box",
    "CageOrderParameter",
    "CageRevelation",
    "Cages",
    "Configuration",
    "Correlation",
    "CorrelationCurves",
    "Decay",
    "Explanation",
    "FileError",
    "FileWarning",
    "GlassFormer",
    "HardSphereMD",
    "InputError",
    "LammpsMD",
    "League",
    "ModelError",
    "NeighborList",
    "OrderParameter",
    "Propensity",
    "RadialDistribution",
    "Relaxation",
    "Revelation",
    "StructureFactor",
    "TopologicalClusters",
    "Trajectory",
    "VitreousError",
    "VoronoiCells",
    "averaged_bond_order",
    "bond_order",
    "cage_descriptors",
    "correlate",
    "crystalline_fraction",
    "descriptor_names",
    "diffusion_constant",
    "explain",
    "fit_stretched_exponential",
    "from_ase",
    "from_freud",
    "from_mdanalysis",
    "from_ovito",
    "glass_former",
    "intermediate_scattering",
    "league",
    "lechner_dellago",
    "linear_times",
    "liquid",
    "local_average",
    "log_times",
    "neighborhood_average",
    "packing_imperfection",
    "pair_entropy",
    "particle_motion",
    "propensity",
    "radial_distribution",
    "radial_shells",
    "read",
    "read_trajectory",
    "recursive_average",
    "relax",
    "reveal",
    "reveal_cages",
    "sample_cages",
    "sann",
    "self_intermediate_scattering",
    "smooth_bond_order",
    "spearman",
    "structural_fields",
    "structure_factor",
    "tetrahedra_count",
    "tetrahedral_order",
    "to_ase",
    "topological_clusters",
    "voronoi_cells",
    "within",
    "write",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("vitreous")
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module 'vitreous' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
