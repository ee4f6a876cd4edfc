"""One more snapshot, some relaxation times after the one before it: what the trajectory has no room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vitreous.configuration import Configuration
from vitreous.simulate.equilibration_report import CRYSTAL_LIMIT
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.kinds.relax import expected_time, relaxation_time_of
from vitreous.study.kinds.trajectory import require_liquid, simulate_from, snapshot_of
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = ["KIND", "Parameters", "read"]

_FRAMES = 8  # from which a run that was stopped goes on


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
    asked = step.parameters
    assert step.snapshot is not None
    start = snapshot_of(step.requires[0], folder, step.snapshot - 1)
    end = float(f"{asked.relaxation_times * relaxation_time_of(step, folder):.3g}")
    times = np.linspace(0.0, end, _FRAMES + 1)
    simulate_from(start, times, asked.seed + step.snapshot, step, folder, watcher)
    require_liquid(step, read(step, folder), f"before snapshot {step.snapshot + 1}")
    return [".gsd"]


def read(step: Step[object], folder: Path) -> Configuration:
    """The snapshot."""
    assert step.snapshot is not None
    return snapshot_of(step, folder, step.snapshot)


def cost(step: Step[Parameters], folder: Path) -> float:
    """Processor seconds, by τ_α of the trajectory if that is known."""
    each = step.state.former.cost * step.state.settings.particles
    return each * expected_time(step, folder) * step.parameters.relaxation_times


KIND = Kind("further", 1, "simulation", ("trajectory", "relax"), steps, make, read, cost, family="simulation")
