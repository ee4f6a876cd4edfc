"""vitreous: see structure in glass.

One snapshot of a supercooled liquid in, the order parameter that its structure suggests out. The names below
are the public interface; each is imported when it is first used, so that `import vitreous` costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vitreous._lazy import lazy

if TYPE_CHECKING:
    from vitreous import correlation as correlation
    from vitreous import dynamics as dynamics
    from vitreous import ensemble as ensemble
    from vitreous import glassformers as glassformers
    from vitreous import io as io
    from vitreous import order_parameter as order_parameter
    from vitreous import plot as plot
    from vitreous import records as records
    from vitreous import simulate as simulate
    from vitreous import structure as structure
    from vitreous import study as study
    from vitreous.box import Box as Box
    from vitreous.configuration import Configuration as Configuration
    from vitreous.convert.ase_atoms import from_ase as from_ase
    from vitreous.convert.ase_atoms import to_ase as to_ase
    from vitreous.convert.freud_system import from_freud as from_freud
    from vitreous.convert.mdanalysis import from_mdanalysis as from_mdanalysis
    from vitreous.convert.ovito_data import from_ovito as from_ovito
    from vitreous.correlation.associate import Correlation as Correlation
    from vitreous.correlation.associate import spearman as spearman
    from vitreous.correlation.curves import CorrelationCurves as CorrelationCurves
    from vitreous.dynamics.cages import Cages as Cages
    from vitreous.dynamics.diffusion import diffusion_constant as diffusion_constant
    from vitreous.dynamics.diffusion import particle_motion as particle_motion
    from vitreous.dynamics.intermediate_scattering import intermediate_scattering as intermediate_scattering
    from vitreous.dynamics.scattering import self_intermediate_scattering as self_intermediate_scattering
    from vitreous.dynamics.stretched_exponential import fit_stretched_exponential as fit_stretched_exponential
    from vitreous.ensemble.cage_sampling import sample_cages as sample_cages
    from vitreous.ensemble.from_runs import propensity_from_runs as propensity_from_runs
    from vitreous.ensemble.propensity import propensity as propensity
    from vitreous.ensemble.result import Propensity as Propensity
    from vitreous.errors import FileError as FileError
    from vitreous.errors import FileWarning as FileWarning
    from vitreous.errors import InputError as InputError
    from vitreous.errors import ModelError as ModelError
    from vitreous.errors import VitreousError as VitreousError
    from vitreous.glassformers import GlassFormer as GlassFormer
    from vitreous.glassformers import glass_former as glass_former
    from vitreous.glassformers import liquid as liquid
    from vitreous.io import read as read
    from vitreous.io import read_trajectory as read_trajectory
    from vitreous.io import write as write
    from vitreous.jobs.correlate import correlate as correlate
    from vitreous.jobs.correlate import structural_fields as structural_fields
    from vitreous.jobs.explain import Explanation as Explanation
    from vitreous.jobs.explain import explain as explain
    from vitreous.jobs.relax import Decay as Decay
    from vitreous.jobs.relax import Relaxation as Relaxation
    from vitreous.jobs.relax import relax as relax
    from vitreous.jobs.reveal import Revelation as Revelation
    from vitreous.jobs.reveal import reveal as reveal
    from vitreous.jobs.reveal_cages import CageRevelation as CageRevelation
    from vitreous.jobs.reveal_cages import reveal_cages as reveal_cages
    from vitreous.order_parameter import OrderParameter as OrderParameter
    from vitreous.order_parameter.cage import CageOrderParameter as CageOrderParameter
    from vitreous.predictors.comparison import league as league
    from vitreous.predictors.result import League as League
    from vitreous.simulate.engine import Engine as Engine
    from vitreous.simulate.engine import Sample as Sample
    from vitreous.simulate.event_driven import HardSphereMD as HardSphereMD
    from vitreous.simulate.lammps import LammpsMD as LammpsMD
    from vitreous.simulate.schedule import linear_times as linear_times
    from vitreous.simulate.schedule import log_times as log_times
    from vitreous.structure._solid_bonds import crystalline_fraction as crystalline_fraction
    from vitreous.structure.bond_order import averaged_bond_order as averaged_bond_order
    from vitreous.structure.bond_order import bond_order as bond_order
    from vitreous.structure.bond_order import lechner_dellago as lechner_dellago
    from vitreous.structure.cage_descriptors import cage_descriptors as cage_descriptors
    from vitreous.structure.cage_descriptors import descriptor_names as descriptor_names
    from vitreous.structure.local_average import local_average as local_average
    from vitreous.structure.local_average import recursive_average as recursive_average
    from vitreous.structure.neighborhood_average import neighborhood_average as neighborhood_average
    from vitreous.structure.neighbors import NeighborList as NeighborList
    from vitreous.structure.neighbors import sann as sann
    from vitreous.structure.neighbors import within as within
    from vitreous.structure.packing_imperfection import packing_imperfection as packing_imperfection
    from vitreous.structure.pair_entropy import pair_entropy as pair_entropy
    from vitreous.structure.radial_distribution import RadialDistribution as RadialDistribution
    from vitreous.structure.radial_distribution import radial_distribution as radial_distribution
    from vitreous.structure.radial_shells import radial_shells as radial_shells
    from vitreous.structure.smooth_bond_order import smooth_bond_order as smooth_bond_order
    from vitreous.structure.structure_factor import StructureFactor as StructureFactor
    from vitreous.structure.structure_factor import structure_factor as structure_factor
    from vitreous.structure.tcc import TopologicalClusters as TopologicalClusters
    from vitreous.structure.tcc import topological_clusters as topological_clusters
    from vitreous.structure.tetrahedra_count import tetrahedra_count as tetrahedra_count
    from vitreous.structure.tetrahedral_order import tetrahedral_order as tetrahedral_order
    from vitreous.structure.voronoi_cells import VoronoiCells as VoronoiCells
    from vitreous.structure.voronoi_cells import voronoi_cells as voronoi_cells
    from vitreous.trajectory import Trajectory as Trajectory

_HOMES = {
    "box": ("Box",),
    "configuration": ("Configuration",),
    "convert.ase_atoms": ("from_ase", "to_ase"),
    "convert.freud_system": ("from_freud",),
    "convert.mdanalysis": ("from_mdanalysis",),
    "convert.ovito_data": ("from_ovito",),
    "correlation.associate": ("Correlation", "spearman"),
    "correlation.curves": ("CorrelationCurves",),
    "jobs.correlate": ("correlate", "structural_fields"),
    "jobs.explain": ("Explanation", "explain"),
    "jobs.relax": ("Decay", "Relaxation", "relax"),
    "jobs.reveal": ("Revelation", "reveal"),
    "jobs.reveal_cages": ("CageRevelation", "reveal_cages"),
    "ensemble.cage_sampling": ("sample_cages",),
    "ensemble.from_runs": ("propensity_from_runs",),
    "ensemble.propensity": ("propensity",),
    "ensemble.result": ("Propensity",),
    "errors": ("FileError", "FileWarning", "InputError", "ModelError", "VitreousError"),
    "dynamics.cages": ("Cages",),
    "dynamics.diffusion": ("diffusion_constant", "particle_motion"),
    "dynamics.intermediate_scattering": ("intermediate_scattering",),
    "dynamics.scattering": ("self_intermediate_scattering",),
    "dynamics.stretched_exponential": ("fit_stretched_exponential",),
    "glassformers": ("GlassFormer", "glass_former", "liquid"),
    "io": ("read", "read_trajectory", "write"),
    "order_parameter": ("OrderParameter",),
    "order_parameter.cage": ("CageOrderParameter",),
    "predictors.comparison": ("league",),
    "predictors.result": ("League",),
    "simulate.engine": ("Engine", "Sample"),
    "simulate.event_driven": ("HardSphereMD",),
    "simulate.lammps": ("LammpsMD",),
    "simulate.schedule": ("linear_times", "log_times"),
    "structure.bond_order": ("averaged_bond_order", "bond_order", "lechner_dellago"),
    "structure.cage_descriptors": ("cage_descriptors", "descriptor_names"),
    "structure.local_average": ("local_average", "recursive_average"),
    "structure.neighborhood_average": ("neighborhood_average",),
    "structure.neighbors": ("NeighborList", "sann", "within"),
    "structure.packing_imperfection": ("packing_imperfection",),
    "structure.pair_entropy": ("pair_entropy",),
    "structure.radial_distribution": ("RadialDistribution", "radial_distribution"),
    "structure.radial_shells": ("radial_shells",),
    "structure.smooth_bond_order": ("smooth_bond_order",),
    "structure._solid_bonds": ("crystalline_fraction",),
    "structure.structure_factor": ("StructureFactor", "structure_factor"),
    "structure.tcc": ("TopologicalClusters", "topological_clusters"),
    "structure.tetrahedra_count": ("tetrahedra_count",),
    "structure.tetrahedral_order": ("tetrahedral_order",),
    "structure.voronoi_cells": ("VoronoiCells", "voronoi_cells"),
    "trajectory": ("Trajectory",),
}
_ROOMS = (
    "correlation",
    "diameter_classes",
    "dynamics",
    "ensemble",
    "glassformers",
    "io",
    "order_parameter",
    "plot",
    "records",
    "simulate",
    "structure",
    "study",
)
"""Public rooms: results and records are `vitreous.ROOM.NAME`, as docs/reference.md has them."""
_get, _names = lazy(__name__, _HOMES)

__all__ = _names()


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("vitreous")
    return import_module(f"vitreous.{name}") if name in _ROOMS else _get(name)


def __dir__() -> list[str]:
    return [*_names(), *_ROOMS, "__version__"]
