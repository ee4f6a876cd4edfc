"""From a trajectory to its structure factor, relaxation times and diffusion constants, ready to be written."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vitreous.dynamics.curve import Curve
from vitreous.dynamics.diffusion import DiffusionConstant, Motion, ParticleMotion, particle_motion
from vitreous.dynamics.intermediate_scattering import IntermediateScattering, intermediate_scattering
from vitreous.dynamics.relaxation import RelaxationTime, relaxation_time
from vitreous.dynamics.stretched_exponential import StretchedExponential, fit_stretched_exponential
from vitreous.errors import InputError, NoPeakError
from vitreous.partial import Partial, left_out
from vitreous.records import Json, to_object
from vitreous.structure.structure_factor import StructureFactor, structure_factor
from vitreous.trajectory import Trajectory

__all__ = ["Decay", "Relaxation", "relax"]


@dataclass(frozen=True, eq=False)
class Decay:
    """How a scattering function falls.

    Attributes
    ----------
    curve : Curve
    fit : StretchedExponential
        γ exp[-(t/τ_α)^β] of its late part.
    crossing : RelaxationTime
        Where it is 1/e.
    """

    curve: Curve
    fit: StretchedExponential
    crossing: RelaxationTime


@dataclass(frozen=True, eq=False)
class Relaxation:
    """What `relax` found.

    Attributes
    ----------
    trajectory : Trajectory
    structure : StructureFactor
    wave_number : float
        q of the scattering functions.
    wave_number_given : bool
        Whether q was given, or is the first peak of S(q).
    scattering : IntermediateScattering
    total, self_all : Decay
        How F(q, t) and F_s(q, t) of all particles decay.
    self_by_species : mapping of str to Decay
    motion : ParticleMotion or None
        None where the positions do not follow the particles.
    partial : bool or None
        Whether partial quantities were asked for.
    """

    trajectory: Trajectory
    structure: StructureFactor
    wave_number: float
    wave_number_given: bool
    scattering: IntermediateScattering
    total: Decay
    self_all: Decay
    self_by_species: Mapping[str, Decay]
    motion: ParticleMotion | None
    partial: Partial = None

    @property
    def unit_length(self) -> float:
        """σ_A: mean diameter of the first species in the order of `species_names`; NaN if it is not known."""
        diameters = self.trajectory.diameters
        return math.nan if diameters is None else float(diameters[self.trajectory.species_index == 0].mean())

    def diffusion_time(self, diffusion: DiffusionConstant) -> tuple[float, float]:
        """τ_D = σ_A² / (6 D) and its standard error; NaN if either is not known."""
        time = self.unit_length**2 / (6.0 * diffusion.value)
        return time, time * diffusion.error / diffusion.value

    @property
    def decays(self) -> dict[str, Decay]:
        """All scattering functions by name: F, F_s, and where there are several species F_s A and so on."""
        several = self.self_by_species if len(self.trajectory.species_names) > 1 else {}
        return {
            "F": self.total,
            "F_s": self.self_all,
            **{f"F_s {name}": decay for name, decay in several.items()},
        }

    @property
    def motions(self) -> dict[str, Motion]:
        """Motion by name: all, and where there are several species each of them; nothing without displacements."""
        if self.motion is None:
            return {}
        several = self.motion.by_species if len(self.trajectory.species_names) > 1 else {}
        return {"all": self.motion.all, **several}

    @property
    def remarks(self) -> tuple[str, ...]:
        """What could not be had, and why, and what else has to be told, one line each."""
        remarks = list(self.trajectory.remarks)
        many = left_out(self.trajectory.species_names, self.partial)
        if many is not None:
            remarks.append(many)
        if self.trajectory.unfollowed is not None:
            remarks.append(f"no displacements: {self.trajectory.unfollowed}")
            remarks.append(
                "F_s is averaged over the wave vectors of the box nearest to q, which do not see the boundaries; the "
                "motion of the centre of mass is left in"
            )
        remarks += [
            f"{name}: {decay.fit.reason}" for name, decay in self.decays.items() if not decay.fit.found
        ]
        remarks += [
            f"D of {name}: {motion.diffusion.reason}"
            for name, motion in self.motions.items()
            if not motion.diffusion.found
        ]
        if math.isnan(self.unit_length) and any(motion.diffusion.found for motion in self.motions.values()):
            remarks.append("τ_D: the diameters are not known; give them (command line: --diameters)")
        return tuple(remarks)

    def as_dict(self) -> dict[str, Json]:
        """All numbers and curves, ready for JSON; what is not known is None."""
        trajectory, structure, scattering = self.trajectory, self.structure, self.scattering
        counts = np.bincount(trajectory.species_index).tolist()
        return to_object(
            {
                "source": trajectory.source,
                "frames": len(trajectory),
                "begin": float(trajectory.times[0]),
                "end": float(trajectory.times[-1]),
                "particles": trajectory.n_particles,
                "species": dict(zip(trajectory.species_names, counts, strict=True)),
                "number_density": trajectory.number_density,
                "structure_factor": {
                    "wave_number": structure.wave_number,
                    "total": structure.total,
                    "error": structure.error,
                    "partial": {"-".join(pair): values for pair, values in structure.partial.items()},
                    "vectors": structure.vectors,
                    "frames": structure.frames,
                    "first_peak": structure.peak,
                },
                "wave_number": self.wave_number,
                "wave_number_given": self.wave_number_given,
                "scattering": {
                    "time": scattering.time,
                    "origins": scattering.origins,
                    "vectors": len(scattering.vectors),
                    "self_vectors": None if scattering.self_vectors is None else len(scattering.self_vectors),
                    "total": _decay(self.total),
                    "self": _decay(self.self_all),
                    "self_by_species": {name: _decay(decay) for name, decay in self.self_by_species.items()},
                },
                "unit_length": self.unit_length,
                "motion": None if self.motion is None else self._all_motions(self.motion),
                "remarks": self.remarks,
            }
        )

    def _all_motions(self, motion: ParticleMotion) -> dict[str, object]:
        return {
            "time": motion.time,
            "origins": motion.origins,
            "all": self._motion(motion.all),
            "by_species": {name: self._motion(each) for name, each in motion.by_species.items()},
        }

    def _motion(self, motion: Motion) -> dict[str, object]:
        value, error = self.diffusion_time(motion.diffusion)
        return {
            "mean_squared_displacement": _values(motion.mean_squared_displacement),
            "non_gaussian": _values(motion.non_gaussian),
            "diffusion": motion.diffusion,
            "diffusion_time": {"value": value, "error": error},
        }


def relax(
    trajectory: Trajectory,
    *,
    wave_number: float | None = None,
    partial: Partial = None,
    progress: Callable[[str], None] = lambda stage: None,
) -> Relaxation:
    """Everything that `vitreous relax` tells of a trajectory.

    Parameters
    ----------
    trajectory : Trajectory
        At least two frames, in a box that is periodic along all axes. Of one that was read as ``wrapped`` there is all
        that needs no displacements, and the `remarks` tell what that leaves out.
    wave_number : float, optional
        q of the scattering functions, in the inverse length unit; by default the first peak of S(q).
    partial : bool, optional
        Whether partial structure factors, and scattering functions and motion of each species, are wanted; by default
        if there are no more than ten species.
    progress : callable, optional
        Is told the stage that begins.

    Returns
    -------
    Relaxation

    Raises
    ------
    InputError
        If there is one frame only, the box is open, particles jump by whole boxes although their positions count as
        unwrapped, S(q) has no first peak and no wave number is given, or the wave number is not positive.
    """
    if len(trajectory) < 2:
        name = "" if trajectory.source is None else f"{Path(trajectory.source).name}: "
        raise InputError(f"{name}there is one frame only; relaxation needs a trajectory")
    if trajectory.jumps:
        trajectory.require_followed("relaxation")
    progress("structure factor")
    structure = structure_factor(trajectory, partial=partial)
    q = wave_number
    if q is None:
        if structure.peak is None:
            raise NoPeakError(
                "structure factor: no first peak stands out; give a wave number (command line: --wave-number)"
            )
        q = structure.peak.wave_number
    progress("scattering functions")
    scattering = intermediate_scattering(trajectory, q, partial=partial)

    def decay(curve: Curve) -> Decay:
        return Decay(
            curve,
            fit_stretched_exponential(
                scattering.time, curve.value, curve.error, correlation=curve.correlation, noise=curve.noise
            ),
            relaxation_time(scattering.time, curve.value, curve.error),
        )

    total, self_all = decay(scattering.total), decay(scattering.self_all)
    by_species = {name: decay(curve) for name, curve in scattering.self_by_species.items()}
    motion = None
    if trajectory.unfollowed is None:
        progress("displacements")
        motion = particle_motion(trajectory, partial=partial)
    given = wave_number is not None
    return Relaxation(
        trajectory, structure, q, given, scattering, total, self_all, by_species, motion, partial
    )


def _decay(decay: Decay) -> dict[str, object]:
    return {**_values(decay.curve), "fit": decay.fit, "crossing": decay.crossing}


def _values(curve: Curve) -> dict[str, object]:
    return {"value": curve.value, "error": curve.error}
