"""A trajectory in equilibrium, which gives the relaxation times and the snapshots."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import FileError, VitreousError
from vitreous.io import read as read_file
from vitreous.io.record_file import read_record, write_record
from vitreous.simulate.equilibration_report import CRYSTAL_LIMIT
from vitreous.simulate.plan import Plan
from vitreous.simulate.schedule import log_times, whole_steps
from vitreous.simulate.simulation import simulate
from vitreous.structure._solid_bonds import crystalline_fraction
from vitreous.structure.neighbors import sann
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.kinds import equilibrate
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = [
    "KIND",
    "Frames",
    "Parameters",
    "own_snapshot",
    "read",
    "require_liquid",
    "simulate_from",
    "snapshot_of",
]


@dataclass(frozen=True)
class Parameters:
    """All that the result depends on, beside the liquid in equilibrium.

    Attributes
    ----------
    relaxation_times : float
        Length, in τ_1e as the check of equilibrium found it.
    snapshots, seed : int
    timestep : float or None
        None where the model needs none.
    segment : float
        Relaxation times between two beginnings of a series of frames, at most.
    frames_per_decade : int
    first_frame : float
        First frame of a series.
    crystal_limit : float
        Share of crystalline particles above which it is given up.
    """

    relaxation_times: float
    snapshots: int
    seed: int
    timestep: float | None
    segment: float = 2.0
    frames_per_decade: int = 6
    first_frame: float = 0.05
    crystal_limit: float = CRYSTAL_LIMIT


@dataclass(frozen=True, eq=False)
class Frames:
    """The times of the frames, and which of them are the snapshots."""

    times: NDArray[np.float64]
    snapshots: tuple[int, ...]


def steps(around: StateSteps) -> Iterator[Planned[Parameters]]:
    """One for each state."""
    settings = around.state.settings
    asked = Parameters(settings.trajectory, settings.snapshots, settings.seed, around.state.former.timestep)
    yield Planned(asked, (around.one("equilibrate"),))


def make(step: Step[Parameters], folder: Path, watcher: Watcher) -> Sequence[str]:
    """Simulate, and look for crystals in the snapshots."""
    asked = step.parameters
    equilibrated = step.required("equilibrate")
    start = read_file(equilibrated.path(folder, ".gsd"))._replace(source=f"{equilibrated.stem}.gsd")
    tau = equilibrate.read(equilibrated, folder).tau_1e.value
    if math.isnan(tau):
        raise VitreousError(
            f"{step.state.name}: its relaxation time is not known, since F_s did not fall to 1/e in the "
            f"equilibration; give this state a larger longest_equilibration"
        )
    wanted, snapshots = _times(tau, asked)
    times = simulate_from(start, wanted, asked.seed, step, folder, watcher)
    for frame in snapshots:
        snapshot = read_file(step.path(folder, ".gsd"), frame=frame)
        require_liquid(step, snapshot, f"at time {times[frame]:g} of its trajectory")
    write_record(step.path(folder, ".json"), Frames(times, tuple(snapshots)))
    return [".gsd", ".json"]


def simulate_from(
    start: Configuration,
    times: NDArray[np.float64],
    seed: int,
    step: Step[Any],
    folder: Path,
    watcher: Watcher,
) -> NDArray[np.float64]:
    """Simulate on from a snapshot, with fresh velocities; the times of the frames, in whole time steps."""
    plan = Plan(
        step.state.former,
        step.state.state_point,
        len(start),
        seed,
        times=times,
        multiple=0.0,
        timestep=step.parameters.timestep,
        start=start,
    )
    simulate(plan, step.path(folder, ".gsd"), watcher)
    return plan.output_times


def require_liquid(step: Step[Any], snapshot: Configuration, where: str) -> None:
    """Refuse a snapshot that has crystallised, with words on where that is."""
    share = crystalline_fraction(sann(snapshot))
    if share > step.parameters.crystal_limit:
        raise VitreousError(
            f"{step.state.name}: the liquid has crystallised {where} ({100 * share:.0f} % of the particles); give "
            f"this state another seed"
        )


def _times(tau: float, asked: Parameters) -> tuple[NDArray[np.float64], list[int]]:
    """Times of the frames, logarithmic after each of several origins, and the numbers of the snapshots."""
    between = max(asked.snapshots - 1, 1)
    segments = between * math.ceil(asked.relaxation_times / asked.segment / between)
    segment = float(f"{asked.relaxation_times * tau / segments:.3g}")
    if asked.timestep is not None:
        segment = max(round(segment / asked.timestep), 1) * asked.timestep
    series = np.zeros(1)
    if segment > 2.0 * asked.first_frame:
        count = 1 + math.ceil(asked.frames_per_decade * math.log10(segment / asked.first_frame))
        series = np.concatenate([series, log_times(asked.first_frame, segment, count)[:-1]])
        series = series if asked.timestep is None else whole_steps(series, asked.timestep)
    times = np.concatenate([k * segment + series for k in range(segments)] + [[segments * segment]])
    each = segments // between
    return times, [k * each * len(series) for k in range(asked.snapshots)]


def read(step: Step[object], folder: Path) -> Frames:
    """The times of its frames, and which of them are the snapshots."""
    return read_record(step.path(folder, ".json"), Frames)


def own_snapshot(step: Step[object], folder: Path) -> Configuration:
    """The snapshot that a step is about, from the files of the first step that it requires."""
    assert step.snapshot is not None
    return snapshot_of(step.requires[0], folder, step.snapshot)


def snapshot_of(source: Step[object], folder: Path, number: int) -> Configuration:
    """A snapshot of a state, counted from 0: one of the trajectory, or the last frame of a step ``further``."""
    frame = read(source, folder).snapshots[number] if source.kind == "trajectory" else -1
    return read_file(source.path(folder, ".gsd"), frame=frame)._replace(source=f"{source.stem}.gsd")


def cost(step: Step[Parameters], folder: Path) -> float:
    """Processor seconds, by the relaxation time of the equilibration if that is made."""
    former, settings = step.state.former, step.state.settings
    tau = math.nan
    with contextlib.suppress(OSError, FileError):
        tau = equilibrate.read(step.required("equilibrate"), folder).tau_1e.value
    if math.isnan(tau):
        tau = former.usual_relaxation_time(step.state.state_point)
    return former.cost * settings.particles * tau * step.parameters.relaxation_times


KIND = Kind("trajectory", 2, "simulation", ("equilibrate",), steps, make, read, cost, family="simulation")
