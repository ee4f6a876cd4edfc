"""The whole job: make a glass former from nothing, equilibrate it, check it, and record what was asked for.

Everything is written to two trajectories as it comes, and a run that was stopped reads them and goes on.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import FileError, InputError, VitreousError
from vitreous.io import atomic_path
from vitreous.io.gsd_trajectory import TrajectoryFile
from vitreous.simulate.engine import Engine, Sample
from vitreous.simulate.engines import engine_of
from vitreous.simulate.equilibrate import Stage, check, next_stage
from vitreous.simulate.equilibration_report import CRYSTAL_LIMIT, EquilibrationReport
from vitreous.simulate.plan import Plan
from vitreous.simulate.swap import Swap
from vitreous.simulate.swapping import along_paths, swaps_of
from vitreous.structure._solid_bonds import crystalline_fraction
from vitreous.structure.neighbors import sann

__all__ = ["Simulated", "Watcher", "simulate"]

_WHOLE = 16  # of so many frames of the equilibration, one is such that it can be continued
_FIRST_STAGE = 10.0  # time units; the first of a sequence that doubles


class Watcher(Protocol):
    """Who is told how a simulation gets on."""

    def stage(self, what: str) -> None:
        """Something without a clock begins."""

    def run(self, what: str, engine: Engine, begin: float, end: float) -> None:
        """The engine runs from one time of its clock to another, if it is not past the first already."""

    def progress(self, time: float, work: int) -> None:
        """So far it came."""

    def measured(self, sample: Sample) -> None:
        """What it measured lately."""

    def checked(self, report: EquilibrationReport) -> None:
        """What came of the check of equilibrium, before anything is recorded; here it may be drawn."""


@dataclass(frozen=True)
class Simulated:
    """What came of it: the check of equilibrium (None if it was left out) and the files."""

    report: EquilibrationReport | None
    files: tuple[str, ...]


def simulate(plan: Plan, output: Path, watcher: Watcher, *, strict: bool = False) -> Simulated:
    """Carry out a plan, or what is still to be done of it.

    Parameters
    ----------
    plan : Plan
    output : path
        ``NAME.gsd``; equilibration goes to ``NAME.equilibration.gsd``, its check to ``.json``.
    watcher : Watcher
    strict : bool
        Refuse to go on from a state that did not pass the check.

    Raises
    ------
    FileError
        If one of the files exists and comes of another plan.
    VitreousError
        If the liquid crystallised; or if the check is not passed and `strict`.
    """
    if output.suffix.lower() != ".gsd":
        raise InputError(f"{output}: a trajectory needs the suffix .gsd")
    result = TrajectoryFile(output)
    about = {**plan.as_dict(), "times": plan.output_times.tolist()}
    outdated = _require_same(result, about, plan)
    base = output.with_suffix(".equilibration.gsd")
    history = TrajectoryFile(base)
    _require_same(history, plan.as_dict(), plan)
    files: list[str] = []
    report = None
    if plan.multiple > 0.0:
        watcher.stage("looking at what is there")
        stages = _equilibrate(plan, history, watcher)
        watcher.stage("checking equilibrium")
        last = history.read(-1)
        report = check(stages, last, wave_number=plan.model.wave_number, multiple=plan.multiple)
        if plan.swap is not None:
            report = replace(report, swaps=swaps_of(history.state(history.last_whole)))
        _write_report(report, base.with_suffix(".json"))
        files += [str(base), str(base.with_suffix(".json"))]
        watcher.checked(report)
        if report.verdict == "crystallised" or (strict and report.verdict != "equilibrated"):
            so = "no result is written" if report.verdict == "crystallised" else "--strict goes no further"
            raise VitreousError(
                f"{plan.model.name}: {report.verdict}, so {so}: {report.remarks[0]} (the check is in {files[-1]})"
            )
    elif len(result) == 0:
        last = _begin(plan, watcher).frame()
    if outdated:
        result.restart()
    if len(result) < len(plan.output_times):
        metadata = {"simulation": _provenance(plan, about)}
        if report is not None:
            metadata["equilibration"] = {
                "verdict": report.verdict,
                "tau_1e": None if np.isnan(report.tau_1e) or report.swaps else report.tau_1e,
                "duration": report.duration,
            }
            if report.swaps:  # how long the model itself takes is not known
                metadata["equilibration"]["tau_1e_with_swaps"] = report.tau_1e
        if len(result) == 0:
            engine, at = _fresh(plan, last), 0
            engine.rebase()
            _record_frame(engine, result, None, metadata)
        else:
            engine, at = _restored(plan, result, (plan.seed, 1))
        _record(engine, at, result, 0, plan.output_times, metadata, "recording", watcher, 1)
    return Simulated(report, (str(output), *files))


def _equilibrate(plan: Plan, history: TrajectoryFile, watcher: Watcher) -> list[Stage]:
    """All stages, those in the file and those that are still missing."""
    provenance = _provenance(plan, plan.as_dict())
    if len(history) == 0:
        engine, at = _begin(plan, watcher), 0
        engine.rebase()
        _record_frame(engine, history, None, {"simulation": provenance, "stage": -1})
    else:
        seed = (plan.seed,) if plan.start is None else (plan.seed, 1)  # that of `_begin`
        engine, at = _restored(plan, history, seed, plan.swap)
    frames: list[Configuration] = []
    stages: list[Stage] = []
    first = 0  # number of the first of `frames`, where the next stage begins
    while True:
        longest = plan.longest
        if len(history) > first + 1:  # begun already, perhaps with another limit, which is to be kept
            told: Any = history.read(first + 1).metadata["simulation"]
            longest = float(told["longest"])
        times = next_stage(
            stages,
            wave_number=plan.model.wave_number,
            multiple=plan.multiple,
            first_duration=min(_FIRST_STAGE, longest),
            longest=longest,
        )
        if times is None:
            return stages
        metadata = {"simulation": {**provenance, "longest": longest}, "stage": len(stages)}
        what = f"equilibration, stage {len(stages) + 1}"
        _record(engine, at, history, first, times, metadata, what, watcher, _WHOLE)
        frames += [history.read(k) for k in range(first + len(frames), first + len(times))]
        recorded = np.array([frame.time for frame in frames])
        if not np.allclose(recorded, times, rtol=1e-9, atol=plan.timestep or 0.0):
            raise FileError(
                f"{history.path}: the frames of stage {len(stages) + 1} are damaged; remove the file"
            )
        if stages:  # all but the first positions of the one before are not asked for any more
            first_positions = np.broadcast_to(stages[-1].positions[:1], stages[-1].positions.shape)
            stages[-1] = replace(stages[-1], positions=first_positions)
        stages.append(_stage_of(frames, plan))
        first += len(times) - 1
        at = max(at, first)
        if crystalline_fraction(sann(frames[-1])) > CRYSTAL_LIMIT:
            return stages
        frames = frames[-1:]


def _record(
    engine: Engine,
    at: int,
    trajectory: TrajectoryFile,
    first: int,
    times: NDArray[np.float64],
    metadata: dict[str, Any],
    what: str,
    watcher: Watcher,
    every: int,
) -> None:
    """Let an engine, which is where frame number `at` is, record frames number `first` and following at `times`.

    What is in the file already is passed through without being recorded. One frame in `every`, and the last, is
    whole: there the engine forgets what the frame does not tell. These are the same frames in a run that was never
    stopped.
    """
    ahead = [(first + k, float(time)) for k, time in enumerate(times) if first + k > at]
    if not ahead:
        return
    watcher.run(what, engine, float(times[0]), ahead[-1][1])
    for number, time in ahead:
        sample = engine.advance(time, watcher.progress)
        watcher.measured(sample)
        whole = (number - first) % every == 0 or number == ahead[-1][0]
        if whole:
            engine.rebase()
        if number == len(trajectory):
            _record_frame(engine, trajectory, sample, metadata, light=not whole)


def _record_frame(
    engine: Engine,
    trajectory: TrajectoryFile,
    sample: Sample | None,
    metadata: dict[str, Any],
    light: bool = False,
) -> None:
    """Add the present of an engine, rebased unless the frame is `light`, and what it measured since the one before."""
    measured = {} if sample is None else {"measured": asdict(sample)}
    frame = replace(engine.frame(), metadata={**metadata, **measured})
    trajectory.append(frame, None if light else engine.state())


def _stage_of(frames: list[Configuration], plan: Plan) -> Stage:
    measured: list[Any] = [frame.metadata.get("measured", {}) for frame in frames]

    def series(name: str) -> NDArray[np.float64]:
        return np.array([np.nan if (value := m.get(name)) is None else value for m in measured])

    return Stage(
        np.array([frame.time for frame in frames]),
        np.array([along_paths(frame) for frame in frames]),
        series("pressure"),
        series("temperature"),
        None if plan.model.is_hard else series("energy"),
    )


# Engines


def _begin(plan: Plan, watcher: Watcher) -> Engine:
    """An engine at time 0 that equilibrates, from the start that was given or from nothing."""
    swap = plan.swap
    if plan.start is not None:
        return _fresh(plan, plan.start, swap)
    where = plan.model.control.at(plan.state_point)
    watcher.stage(f"making a liquid of {plan.particles:,} particles at {where}")
    return engine_of(
        plan.model,
        plan.particles,
        plan.state_point,
        seed=plan.seed,
        timestep=plan.timestep,
        swap=swap,
        progress=watcher.progress,
    )


def _fresh(plan: Plan, configuration: Configuration, swap: Swap | None = None) -> Engine:
    """An engine at time 0 with fresh velocities."""
    start = replace(
        configuration,
        positions=configuration.box.wrap(configuration.positions)[0],
        images=None,
        unwrapped=False,
        time=None,
        step=None,
        columns={},
        metadata={},
    )
    seed = (plan.seed, 1)
    return engine_of(plan.model, start, plan.state_point, seed=seed, timestep=plan.timestep, swap=swap)


def _restored(
    plan: Plan, trajectory: TrajectoryFile, seed: tuple[int, ...], swap: Swap | None = None
) -> tuple[Engine, int]:
    """An engine that goes on from the last frame from which one can, and the number of that frame."""
    last = trajectory.last_whole
    frame, state = trajectory.read(last), trajectory.state(last)
    engine = engine_of(
        plan.model, frame, plan.state_point, seed=seed, timestep=plan.timestep, state=state, swap=swap
    )
    return engine, last


# Files


def _provenance(plan: Plan, about: dict[str, Any]) -> dict[str, Any]:
    """What a frame tells of how it was made."""
    packages = ("vitreous", "numpy", plan.model.interaction.program)
    source = {} if plan.start is None else {"start_source": plan.start.source}
    return {**about, **source, **{package: version(package) for package in packages}}


def _require_same(trajectory: TrajectoryFile, about: dict[str, Any], plan: Plan) -> bool:
    """Refuse to go on with a file that was made for other parameters.

    Equilibration may go on with another limit of its time. Returns whether the file holds nothing but the
    configuration that it came to with the former one.
    """
    if len(trajectory) == 0:
        return False
    before = trajectory.read(0).metadata.get("simulation")
    if not isinstance(before, dict):
        raise FileError(f"{trajectory.path}: exists, but is not from this command; choose another --output")
    outdated = False
    for name, value in about.items():
        if before.get(name) == value:
            continue
        then, now = (str(v) if len(str(v)) < 40 else "others" for v in (before.get(name), value))
        differs = f"{trajectory.path}: exists, and was made with {name.replace('_', ' ')} {then}, not {now}"
        if name != "longest":
            raise FileError(f"{differs}; remove it or choose another --output")
        if "times" not in about:  # the equilibration itself, which goes on
            continue
        if len(trajectory) > 1:
            raise FileError(f"{differs}; remove it, and the equilibration beside it will go on")
        outdated = plan.multiple > 0.0
    return outdated


def _write_report(report: EquilibrationReport, path: Path) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text(
            json.dumps(report.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
