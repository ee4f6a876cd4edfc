"""What can be said of a given trajectory: displacements, scattering, relaxation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitreous._lazy import lazy

if TYPE_CHECKING:
    from vitreous.dynamics._time_differences import TimeDifference, time_differences
    from vitreous.dynamics.cages import Plateau
    from vitreous.dynamics.curve import Curve
    from vitreous.dynamics.diffusion import DiffusionConstant, Motion, ParticleMotion
    from vitreous.dynamics.displacement import displacements, mean_squared_displacement
    from vitreous.dynamics.intermediate_scattering import IntermediateScattering
    from vitreous.dynamics.overlap import collective_overlap
    from vitreous.dynamics.relaxation import RelaxationTime, relaxation_time
    from vitreous.dynamics.scattering import SelfScattering
    from vitreous.dynamics.spatial_error import spatial_standard_error
    from vitreous.dynamics.stretched_exponential import StretchedExponential

__all__ = [
    "Curve",
    "DiffusionConstant",
    "IntermediateScattering",
    "Motion",
    "ParticleMotion",
    "Plateau",
    "RelaxationTime",
    "SelfScattering",
    "StretchedExponential",
    "TimeDifference",
    "collective_overlap",
    "displacements",
    "mean_squared_displacement",
    "relaxation_time",
    "spatial_standard_error",
    "time_differences",
]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "_time_differences": ("TimeDifference", "time_differences"),
        "cages": ("Plateau",),
        "curve": ("Curve",),
        "diffusion": ("DiffusionConstant", "Motion", "ParticleMotion"),
        "displacement": ("displacements", "mean_squared_displacement"),
        "intermediate_scattering": ("IntermediateScattering",),
        "overlap": ("collective_overlap",),
        "relaxation": ("RelaxationTime", "relaxation_time"),
        "scattering": ("SelfScattering",),
        "spatial_error": ("spatial_standard_error",),
        "stretched_exponential": ("StretchedExponential",),
    },
)
