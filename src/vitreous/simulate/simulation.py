"""The whole job: make a glass former from nothing, equilibrate it, check it, and record what was asked for.

Everything is written to two trajectories as it comes, and a run that was stopped reads them and goes on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import FileError, InputError, VitreousError
from vitreous.glassformers import GlassFormer, composition
from vitreous.io import atomic_path, read
from vitreous.io.gsd_trajectory import TrajectoryFile
from vitreous.simulate.engine import Engine, Sample
from vitreous.simulate.equilibrate import Stage, check, next_stage
from vitreous.simulate.equilibration_report import EquilibrationReport
from vitreous.simulate.recording import record_frame
from vitreous.simulate.schedule import output_times

__all__ = ["Plan", "Simulated", "Watcher", "simulate"]

_WHOLE = 16  # of so many frames of the equilibration, one is such that it can be continued
_FIRST_STAGE = 10.0  # time units; the first of a sequence that doubles


class Watcher(Protocol):
    """Who is told how a simulation gets on."""

    def stage(self, what: str) -> None:
        """Something without a clock begins."""

    def run(self, what: str, engine: Engine, begin: float, end: float) -> None:
        """The engine begins to run from one time of its clock to another."""

    def progress(self, time: float, work: int) -> None:
        """So far it came."""

    def measured(self, sample: Sample) -> None:
        """What it measured lately."""


@dataclass(frozen=True)
class Plan:
    """What to simulate.

    Parameters
    ----------
    model : GlassFormer
    state_point : float
        Packing fraction of hard spheres, temperature of the other models.
    particles : int
        N.
    seed : int
        Of everything random.
    times : (T,) array_like, optional
        Output times after equilibration, beginning at 0, which is recorded in any case. Without them only the
        equilibrated configuration is.
    multiple : float
        Relaxation times that equilibration lasts; 0 leaves it out.
    longest : float
        Time at which equilibration ends in any case.
    timestep : float
        Of the Lennard-Jones models.
    start : path, optional
        A snapshot to begin with, in place of growing or quenching.

    Raises
    ------
    InputError
    """

    model: GlassFormer
    state_point: float
    particles: int
    seed: int = 0
    times: Any = None
    multiple: float = 10.0
    longest: float = 50_000.0
    timestep: float = 0.005
    start: str | None = None
    _times: NDArray[np.float64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (hasattr(self.particles, "__index__") and self.particles >= 2):
            raise InputError(f"particles: expected a whole number of at least 2, got {self.particles}")
        composition(self.model, self.particles)
        limits = (0.0, 1.0) if self.model.pairs is None else (0.0, np.inf)
        if not limits[0] < self.state_point < limits[1]:
            between = "between 0 and 1" if self.model.pairs is None else "above 0"
            raise InputError(f"{self.model.control}: expected a number {between}, got {self.state_point:g}")
        if not (hasattr(self.seed, "__index__") and self.seed >= 0):
            raise InputError(f"seed: expected a whole number from 0 on, got {self.seed}")
        if not (np.isfinite(self.multiple) and self.multiple >= 0.0):
            raise InputError(f"multiple: expected a number of 0 or more, got {self.multiple}")
        if not (np.isfinite(self.longest) and self.longest > 0.0):
            raise InputError(f"longest: expected a positive time, got {self.longest}")
        if not (np.isfinite(self.timestep) and self.timestep > 0.0):
            raise InputError(f"timestep: expected a positive time, got {self.timestep}")
        times = np.zeros(1) if self.times is None else output_times(self.times)
        if self.model.pairs is not None:  # engines with a time step look at whole steps
            times = np.unique(np.rint(times / self.timestep)) * self.timestep
        times = times if times[0] == 0.0 else np.concatenate([[0.0], times])
        object.__setattr__(self, "_times", times)

    def as_dict(self) -> dict[str, Any]:
        """All that the result depends on."""
        told: dict[str, Any] = {
            "model": self.model.name,
            self.model.control.replace(" ", "_"): self.state_point,
            "particles": int(self.particles),
            "seed": int(self.seed),
            "multiple": self.multiple,
            "longest": self.longest,
            "start": self.start,
        }
        if self.model.pairs is not None:
            told["timestep"] = self.timestep
        return told


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
        ``NAME.gsd``; equilibration goes to ``NAME.equilibration.gsd``, its check to ``.json`` and ``.png``.
    watcher : Watcher
    strict : bool
        Refuse to go on from a state that did not pass the check.

    Raises
    ------
    FileError
        If one of the files exists and comes of another plan.
    VitreousError
        If the check is not passed and `strict`.
    """
    if output.suffix.lower() != ".gsd":
        raise InputError(f"{output}: a trajectory needs the suffix .gsd")
    result = TrajectoryFile(output)
    about = {**plan.as_dict(), "times": plan._times.tolist()}
    _require_same(result, about)
    base = output.with_suffix(".equilibration.gsd")
    history = TrajectoryFile(base)
    _require_same(history, {name: value for name, value in plan.as_dict().items() if name != "longest"})
    files: list[str] = []
    report = None
    if plan.multiple > 0.0:
        watcher.stage("looking at what is there")
        stages = _equilibrate(plan, history, watcher)
        watcher.stage("checking equilibrium")
        last = history.read(-1)
        report = check(stages, last, wave_number=plan.model.wave_number, multiple=plan.multiple)
        files += [str(base), *_write_report(report, base)]
        if strict and report.verdict != "equilibrated":
            raise VitreousError(
                f"{plan.model.name}: {report.verdict}, so --strict goes no further: {report.remarks[0]} "
                f"(the check is in {files[-1]})"
            )
    elif len(result) == 0:
        engine = _begin(plan, watcher)
        last = engine.frame()
    if len(result) < len(plan._times):
        metadata = {"simulation": _provenance(about)}
        if report is not None:
            metadata["equilibration"] = {
                "verdict": report.verdict,
                "tau_alpha": None if np.isnan(report.relaxation_time) else report.relaxation_time,
                "duration": report.duration,
            }
        if len(result) == 0:
            engine = _fresh(plan, last)
            engine.rebase()
            record_frame(engine, result, None, metadata)
        else:
            engine = _restored(plan, result, (plan.seed, 1))
        _record(engine, result, 1, plan._times[1:], metadata, "recording", watcher, 1)
    return Simulated(report, (str(output), *files))


def _equilibrate(plan: Plan, history: TrajectoryFile, watcher: Watcher) -> list[Stage]:
    """All stages, those in the file and those that are still missing."""
    provenance = _provenance(plan.as_dict())
    if len(history) == 0:
        engine = _begin(plan, watcher)
        engine.rebase()
        record_frame(engine, history, None, {"simulation": provenance, "stage": -1})
    else:
        engine = _restored(plan, history, (plan.seed,))
    frames: list[Configuration] = []
    stages: list[Stage] = []
    first = 0  # number of the first of `frames`, where the next stage begins
    while True:
        times = next_stage(
            stages,
            wave_number=plan.model.wave_number,
            multiple=plan.multiple,
            first_duration=min(_FIRST_STAGE, plan.longest),
            longest=plan.longest,
        )
        if times is None:
            return stages
        metadata = {"simulation": provenance, "stage": len(stages)}
        what = f"equilibration, stage {len(stages) + 1}"
        _record(engine, history, first + 1, times[1:], metadata, what, watcher, _WHOLE)
        frames += [history.read(k) for k in range(first + len(frames), first + len(times))]
        recorded = np.array([frame.time for frame in frames[: len(times)]])
        if not np.allclose(
            recorded, times, rtol=1e-9, atol=0.0 if plan.model.pairs is None else plan.timestep
        ):
            raise FileError(
                f"{history.path}: exists, and stage {len(stages) + 1} was recorded with another --longest; "
                f"give that, or remove the file"
            )
        stages = [_only_first_frame(stage) for stage in stages]
        stages.append(_stage_of(frames[: len(times)], plan))
        frames = frames[len(times) - 1 :]
        first += len(times) - 1


def _record(
    engine: Engine,
    trajectory: TrajectoryFile,
    first: int,
    times: NDArray[np.float64],
    metadata: dict[str, Any],
    what: str,
    watcher: Watcher,
    every: int,
) -> None:
    """Record frames number `first` and following at the times that lie ahead of the engine, but for those there are.

    One in `every`, and the last, is whole: there the engine forgets what the frame does not tell. These are the same
    frames in a run that was never stopped.
    """
    passed = engine.time * (1.0 + 1e-12)  # the clock may be a last digit off the time asked for
    ahead = [(first + k, float(time)) for k, time in enumerate(times) if time > passed]
    if not ahead:
        return
    watcher.run(what, engine, engine.time, ahead[-1][1])
    for number, time in ahead:
        sample = engine.advance(time, watcher.progress)
        watcher.measured(sample)
        whole = (number - first) % every == every - 1 or number == ahead[-1][0]
        if whole:
            engine.rebase()
        if number == len(trajectory):
            record_frame(engine, trajectory, sample, metadata, light=not whole)


def _stage_of(frames: list[Configuration], plan: Plan) -> Stage:
    measured = [frame.metadata.get("measured", {}) for frame in frames]

    def series(name: str) -> NDArray[np.float64]:
        return np.array([np.nan if (value := m.get(name)) is None else value for m in measured])

    return Stage(
        np.array([frame.time for frame in frames]),
        np.array([frame.unwrapped_positions for frame in frames]),
        series("pressure"),
        series("temperature"),
        None if plan.model.pairs is None else series("energy"),
    )


def _only_first_frame(stage: Stage) -> Stage:
    """The same with the first frame in place of all others, which nobody asks for any more, to save memory."""
    return replace(stage, positions=np.broadcast_to(stage.positions[:1], stage.positions.shape))


# The two engines


def _begin(plan: Plan, watcher: Watcher) -> Engine:
    """An engine at time 0, from the start that was given or from nothing."""
    if plan.start is not None:
        start = read(plan.start)
        if len(start) != plan.particles:
            raise InputError(f"{plan.start}: it has {len(start)} particles, not {plan.particles}; give -N")
        return _fresh(plan, start)
    if plan.model.pairs is None:
        from vitreous.simulate.event_driven import HardSphereMD

        watcher.stage(f"growing {plan.particles:,} spheres to packing fraction {plan.state_point:g}")
        counts = composition(plan.model, plan.particles)
        species = np.repeat(list(counts), list(counts.values()))
        diameters = np.repeat(plan.model.diameters, list(counts.values()))
        return HardSphereMD.grow(
            diameters, plan.state_point, seed=(plan.seed,), species=species, progress=watcher.progress
        )
    from vitreous.simulate.lammps import LammpsMD

    watcher.stage(f"melting and quenching {plan.particles:,} particles to temperature {plan.state_point:g}")
    return LammpsMD.liquid(
        plan.model, plan.particles, plan.state_point, seed=plan.seed, timestep=plan.timestep
    )


def _fresh(plan: Plan, configuration: Configuration) -> Engine:
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
    if plan.model.pairs is None:
        from vitreous.simulate.event_driven import HardSphereMD

        return HardSphereMD(start, seed=(plan.seed, 1))
    from vitreous.simulate.lammps import LammpsMD

    seed = int(np.random.SeedSequence((plan.seed, 1)).generate_state(1)[0])
    return LammpsMD(start, plan.model, plan.state_point, seed=seed, timestep=plan.timestep)


def _restored(plan: Plan, trajectory: TrajectoryFile, seed: tuple[int, ...]) -> Engine:
    last = trajectory.last_whole
    frame, state = trajectory.read(last), trajectory.state(last)
    if plan.model.pairs is None:
        from vitreous.simulate.event_driven import HardSphereMD

        return HardSphereMD.restore(frame, state, seed=seed)
    from vitreous.simulate.lammps import LammpsMD

    return LammpsMD.restore(frame, state, plan.model, plan.state_point, timestep=plan.timestep)


# Files


def _provenance(about: dict[str, Any]) -> dict[str, Any]:
    return {**about, "vitreous": version("vitreous"), "numpy": np.__version__}


def _require_same(trajectory: TrajectoryFile, about: dict[str, Any]) -> None:
    """Refuse to go on with a file that was made for other parameters."""
    if len(trajectory) == 0:
        return
    before = trajectory.read(0).metadata.get("simulation")
    if not isinstance(before, dict):
        raise FileError(f"{trajectory.path}: exists, but is not from this command; choose another --output")
    for name, value in about.items():
        if before.get(name) != value:
            then, now = (str(v) if len(str(v)) < 40 else "others" for v in (before.get(name), value))
            raise FileError(
                f"{trajectory.path}: exists, and was made with {name.replace('_', ' ')} {then}, not {now}; "
                f"remove it or choose another --output"
            )


def _write_report(report: EquilibrationReport, base: Path) -> list[str]:
    from vitreous.plot.equilibration import equilibration_figure

    numbers, picture = base.with_suffix(".json"), base.with_suffix(".png")
    with atomic_path(numbers) as temporary:
        temporary.write_text(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) + "\n")
    with atomic_path(picture) as temporary:
        equilibration_figure(report).savefig(temporary, dpi=200)
    return [str(numbers), str(picture)]
