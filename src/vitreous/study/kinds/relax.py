"""What a trajectory tells of relaxation: its scattering functions, τ_α and diffusion."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vitreous.dynamics.diffusion import DiffusionConstant
from vitreous.dynamics.relaxation import RelaxationTime
from vitreous.dynamics.stretched_exponential import StretchedExponential
from vitreous.errors import NoPeakError, VitreousError
from vitreous.glassformers import GlassFormer
from vitreous.io import read_trajectory
from vitreous.io.record_file import read_record, write_record
from vitreous.jobs.relax import relax
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.measured import Measured
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = ["KIND", "Parameters", "Relaxation", "expected_time", "read", "relaxation_time_of"]

_FIT = 2.0  # τ_α of the stretched exponential, in the time at which F_s falls to 1/e; for estimates


@dataclass(frozen=True)
class Parameters:
    """All that the result depends on, beside the trajectory.

    Attributes
    ----------
    wave_number : float
        Wave number of the scattering functions where a sample is so small that no peak of S(q) stands out.
    """

    wave_number: float


@dataclass(frozen=True)
class DecayTimes:
    """The times of one scattering function."""

    fit: StretchedExponential
    crossing: RelaxationTime


@dataclass(frozen=True)
class Scattering:
    """The decays of F and of F_s of all particles."""

    total: DecayTimes
    self: DecayTimes


@dataclass(frozen=True)
class Motion:
    """Diffusion of one kind of particles."""

    diffusion: DiffusionConstant
    diffusion_time: Measured


@dataclass(frozen=True)
class Motions:
    """Diffusion of all particles."""

    all: Motion


@dataclass(frozen=True)
class Relaxation:
    """What a study takes from `vitreous.jobs.relax.Relaxation`."""

    scattering: Scattering
    motion: Motions

    def fit_of(self, former: GlassFormer) -> StretchedExponential:
        """The stretched exponential of the paper: fitted to the scattering function of the model."""
        return (self.scattering.total if former.scattering == "total" else self.scattering.self).fit

    def tau_alpha(self, former: GlassFormer) -> Measured:
        """τ_α of `fit_of`, in the unit of time of the model."""
        fit = self.fit_of(former)
        return Measured(fit.tau, fit.tau_error, fit.reason)

    @property
    def tau_1e(self) -> Measured:
        """Time at which F_s of all particles falls to 1/e."""
        crossing = self.scattering.self.crossing
        return Measured(crossing.value, crossing.error, crossing.reason)

    @property
    def diffusion_time(self) -> Measured:
        """τ_D = σ_A²/(6 D), D of all particles."""
        motion = self.motion.all
        return Measured(motion.diffusion_time.value, motion.diffusion_time.error, motion.diffusion.reason)

    def known_time(self, former: GlassFormer) -> float:
        """τ_α, or if that is not known the time at which F_s falls to 1/e; NaN if neither is."""
        fitted = self.tau_alpha(former).value
        return self.tau_1e.value if math.isnan(fitted) else fitted


def steps(around: StateSteps) -> Iterator[Planned[Parameters]]:
    """One for each state."""
    yield Planned(Parameters(around.state.former.wave_number), (around.one("trajectory"),))


def make(step: Step[Parameters], folder: Path, watcher: Watcher) -> Sequence[str]:
    """Look at the whole trajectory."""
    trajectory = step.required("trajectory")
    whole = read_trajectory(trajectory.path(folder, ".gsd"))
    try:
        found = relax(whole, progress=watcher.stage)
    except NoPeakError:
        found = relax(whole, wave_number=step.parameters.wave_number, progress=watcher.stage)
    write_record(step.path(folder, ".json"), {**found.as_dict(), "source": f"{trajectory.stem}.gsd"})
    return [".json"]


def read(step: Step[object], folder: Path) -> Relaxation:
    """The times of relaxation."""
    return read_record(step.path(folder, ".json"), Relaxation)


def relaxation_time_of(step: Step[object], folder: Path) -> float:
    """`Relaxation.known_time` of the trajectory that a step goes by, in the time unit of its model.

    Raises
    ------
    VitreousError
        If it is not known.
    """
    tau = read(step.required("relax"), folder).known_time(step.state.former)
    if math.isnan(tau):
        raise VitreousError(
            f"{step.state.name}: its relaxation time is not known, since F_s did not fall to 1/e within the "
            f"trajectory; give this state a longer trajectory"
        )
    return tau


def expected_time(step: Step[object], folder: Path) -> float:
    """`relaxation_time_of` for estimates of costs: what is usual for the model, as long as it is not known."""
    with contextlib.suppress(OSError, VitreousError):
        return relaxation_time_of(step, folder)
    return _FIT * step.state.former.usual_relaxation_time(step.state.state_point)


KIND = Kind("relax", 2, "simulation", ("trajectory",), steps, make, read, 6.0)
