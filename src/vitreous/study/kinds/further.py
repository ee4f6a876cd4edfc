"""One more snapshot, some relaxation times after the one before it: what the trajectory has no room for."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vitreous.configuration import Configuration
from vitreous.errors import FileError, VitreousError
from vitreous.simulate.equilibration_report import CRYSTAL_LIMIT
from vitreous.simulate.plan import Plan
from vitreous.simulate.simulation import simulate
from vitreous.structure._solid_bonds import crystalline_fraction
from vitreous.structure.neighbors import sann
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.kinds import relax
from vitreous.study.kinds.trajectory import snapshot_of
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = ["KIND", "Parameters", "read"]

_FRAMES = 8  # from which a run that was stopped goes on
_FIT = 2.0  # τ_α of the stretched exponential, in the time at which F_s falls to 1/e; for estimates


@dataclass(frozen=True)
class Parameters:
    """All that the result depends on, beside the snapshot before it and the relaxation time.

    Attributes
    ----------
    relaxation_times : float
        From the snapshot before it, in τ_α of the trajectory.
    seed : int
    timestep : float or None
        None where the model needs none.
    crystal_limit : float
        Share of crystalline particles above which it is given up.
    """

    relaxation_times: float
    seed: int
    timestep: float | None
    crystal_limit: float = CRYSTAL_LIMIT


def steps(around: StateSteps) -> Iterator[Planned[Parameters]]:
    """One for each snapshot beyond those of the trajectory; each after the one before it."""
    settings, former = around.state.settings, around.state.former
    before = around.one("trajectory")
    for number in range(settings.snapshots, around.state.structures):
        asked = Parameters(settings.distance, settings.seed, former.timestep)
        yield Planned(asked, (before, around.one("relax")), number)
        before = around.one("further", number)


def make(step: Step[Parameters], folder: Path, watcher: Watcher) -> Sequence[str]:
    """Simulate on, with fresh velocities, and look for crystals."""
    asked, former, before = step.parameters, step.state.former, step.requires[0]
    assert step.snapshot is not None
    tau = relax.read(step.required("relax"), folder).known_time(former)
    if math.isnan(tau):
        raise VitreousError(
            f"{step.state.name}: its relaxation time is not known, since F_s did not fall to 1/e within the "
            f"trajectory; give this state a longer trajectory"
        )
    start = snapshot_of(before, folder, step.snapshot - 1)
    end = float(f"{asked.relaxation_times * tau:.3g}")
    plan = Plan(
        former,
        step.state.state_point,
        len(start),
        asked.seed + step.snapshot,
        times=np.linspace(0.0, end, _FRAMES + 1),
        multiple=0.0,
        timestep=asked.timestep,
        start=start,
    )
    simulate(plan, step.path(folder, ".gsd"), watcher)
    share = crystalline_fraction(sann(read(step, folder)))
    if share > asked.crystal_limit:
        raise VitreousError(
            f"{step.state.name}: the liquid has crystallised before snapshot {step.snapshot + 1} "
            f"({100 * share:.0f} % of the particles); give this state another seed"
        )
    return [".gsd"]


def read(step: Step[object], folder: Path) -> Configuration:
    """The snapshot."""
    assert step.snapshot is not None
    return snapshot_of(step, folder, step.snapshot)


def cost(step: Step[Parameters], folder: Path) -> float:
    """Processor seconds, by τ_α of the trajectory if that is known."""
    former = step.state.former
    tau = math.nan
    with contextlib.suppress(OSError, FileError):
        tau = relax.read(step.required("relax"), folder).known_time(former)
    if math.isnan(tau):
        tau = _FIT * former.usual_relaxation_time(step.state.state_point)
    return former.cost * step.state.settings.particles * tau * step.parameters.relaxation_times


KIND = Kind("further", 1, "simulation", ("trajectory", "relax"), steps, make, read, cost, family="simulation")
