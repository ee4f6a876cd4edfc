"""Dynamic propensity: how far a particle goes on average, from where it is, over all velocities it might have."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration
from vitreous.dynamics.relaxation import RelaxationTime, relaxation_time
from vitreous.dynamics.spatial_error import spatial_standard_error
from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.certificates import Certificates
from vitreous.ensemble.executor import CampaignWatcher, carry_out, runs_of
from vitreous.ensemble.replica import read_replica
from vitreous.ensemble.workers import workers_of_cluster, workers_of_this_machine
from vitreous.errors import FileError, InputError
from vitreous.glassformers import GlassFormer, glass_former
from vitreous.io import atomic_path, read
from vitreous.io.gsd_trajectory import TrajectoryFile
from vitreous.io.registry import read_frames
from vitreous.parallel import thread_count
from vitreous.records import Json

__all__ = ["Propensity", "combine", "propensity", "run_campaign"]

# Names of the per-particle columns of a file, one frame for each δt.
_MEAN, _HALVES = "propensity", ("propensity_half1", "propensity_half2")
_SPREAD, _SQUARED, _SCATTERING = "propensity_spread", "squared_displacement", "self_scattering"


@dataclass(frozen=True, eq=False)
class Propensity:
    r"""Dynamic propensity of every particle of a snapshot, over an isoconfigurational ensemble.

    .. math:: D_i(\delta t) = \bigl\langle |\Delta\mathbf r_i(\delta t)| \bigr\rangle

    the mean going over runs from the same positions with different velocities, the drift of the whole removed.
    Lengths and times are in the unit of the snapshot. What is not known of propensities made by others is None.

    Attributes
    ----------
    snapshot : Configuration
        Where the runs began; N particles.
    times : (T,) float64
        δt; NaN where a file does not tell it.
    mean : (T, N) float64
        D_i(δt).
    halves : (2, T, N) float64, or None
        The same over the first and over the second half of the runs.
    spread : (T, N) float64, or None
        Standard deviation of the distance over the runs.
    mean_squared : (T, N) float64, or None
        Mean squared distance over the runs.
    self_scattering : (T, N) float64, or None
        Mean of sin(q r_i)/(q r_i) over the runs at `wave_number`; its mean over particles is F_s(q, δt).
    runs : int or None
    about : mapping
        Parameters, seeds, versions.

    References
    ----------
    Widmer-Cooper, Harrowell, Fynewever, Phys. Rev. Lett. 93, 135701 (2004), doi:10.1103/PhysRevLett.93.135701.
    """

    snapshot: Configuration
    times: NDArray[np.float64]
    mean: NDArray[np.float64]
    halves: NDArray[np.float64] | None = None
    spread: NDArray[np.float64] | None = None
    mean_squared: NDArray[np.float64] | None = None
    self_scattering: NDArray[np.float64] | None = None
    runs: int | None = None
    about: Mapping[str, Json] = field(default_factory=dict)

    @property
    def wave_number(self) -> float | None:
        """The q of `self_scattering`, in the inverse unit of length."""
        q = self.about.get("wave_number")
        return float(q) if isinstance(q, int | float) else None

    @property
    def tau_1e(self) -> RelaxationTime:
        """Time at which F_s of all particles falls to 1/e in these runs; without a value where F_s is not known."""
        if self.self_scattering is None:
            return RelaxationTime(np.nan, np.nan, "F_s is not known")
        error = spatial_standard_error(self.self_scattering, self.snapshot)
        return relaxation_time(self.times, self.self_scattering.mean(axis=1), error)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a GSD file: one frame for each δt, the snapshot with the quantities as columns.

        Raises
        ------
        FileError
        """
        if Path(path).suffix.lower() != ".gsd":
            raise InputError(f"{path}: propensities are written to .gsd")
        with atomic_path(path) as temporary:
            file = TrajectoryFile(temporary)
            for k, time in enumerate(self.times):
                columns = {_MEAN: self.mean[k]}
                if self.halves is not None:
                    columns |= {name: self.halves[h, k] for h, name in enumerate(_HALVES)}
                for name, values in (
                    (_SPREAD, self.spread),
                    (_SQUARED, self.mean_squared),
                    (_SCATTERING, self.self_scattering),
                ):
                    if values is not None:
                        columns[name] = values[k]
                snapshot = self.snapshot
                file.append(
                    Configuration(
                        snapshot.positions,
                        snapshot.box,
                        snapshot.species,
                        snapshot.diameters,
                        unwrapped=snapshot.unwrapped,
                        images=snapshot.images,
                        time=None if np.isnan(time) else float(time),
                        columns=columns,
                        metadata={"propensity": {**self.about, "runs": self.runs}},
                    ),
                    light=True,
                )

    @staticmethod
    def load(path: str | os.PathLike[str], column: str = _MEAN, **reading: Any) -> Propensity:
        """Read propensities: those that `save` wrote, or the columns of any readable file, made by others.

        Parameters
        ----------
        path : path
        column : str
            Of the propensity. Columns ``<column>_half1`` and ``<column>_half2`` are taken for those of half the
            runs.
        **reading
            As for `vitreous.read`.

        Raises
        ------
        FileError
            If there is no such column.
        """
        frames = _frames(path, reading)
        values = [frame.columns.get(column) for frame in frames]
        for frame, found in zip(frames, values, strict=True):
            if found is None or found.ndim != 1 or found.dtype.kind not in "fiu":
                known = ", ".join(frame.columns) or "none"
                raise FileError(f"{path}: has no column {column!r} of numbers; its columns are {known}")
        first = frames[0]
        ours = "propensity" in first.metadata  # the time of a snapshot by others is its own, no δt

        def stack(name: str) -> NDArray[np.float64] | None:
            if any(name not in frame.columns for frame in frames):
                return None
            return np.array([frame.columns[name] for frame in frames], dtype=np.float64)

        halves = [stack(f"{column}_half{k}") for k in (1, 2)]
        about = dict(first.metadata.get("propensity") or {})
        runs = about.pop("runs", first.metadata.get("runs"))
        return Propensity(
            first._replace(columns={}, metadata={}, time=None, source=str(path)),
            np.array([frame.time if ours and frame.time is not None else np.nan for frame in frames]),
            np.array(values, dtype=np.float64),
            None if any(half is None for half in halves) else np.array(halves),
            stack(_SPREAD),
            stack(_SQUARED),
            stack(_SCATTERING),
            int(runs) if isinstance(runs, int | float) else None,
            about,
        )


def _frames(path: str | os.PathLike[str], reading: dict[str, Any]) -> list[Configuration]:
    first = read(path, frame=0, **reading)
    if "propensity" not in first.metadata:
        return [read(path, **reading)]
    return list(read_frames(path, **reading))


def combine(campaign: Campaign, folder: Path, runs: int) -> Propensity:
    """The propensity from the files of the runs, read one after the other; memory does not grow with their number.

    Raises
    ------
    FileError
        If a run is missing or damaged.
    """
    shape = (len(campaign.times), len(campaign.snapshot))
    total, squared, scattering = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    halves = np.zeros((2, *shape))
    half = runs // 2
    q = campaign.model.wave_number
    for number in range(runs):
        distance = read_replica(campaign, folder, number).distance.astype(np.float64)
        total += distance
        if number < 2 * half:
            halves[number // half] += distance
        scattering += np.sinc(distance * (q / np.pi))
        distance *= distance
        squared += distance
    mean, squared = total / runs, squared / runs
    variance = np.maximum(squared - mean**2, 0.0) * (runs / (runs - 1))
    about = {
        **{name: value for name, value in campaign.as_dict().items() if name not in ("times", "particles")},
        "source": campaign.snapshot.source,
        "campaign": campaign.digest,
        "wave_number": q,
        "vitreous": version("vitreous"),
        "numpy": np.__version__,
    }
    return Propensity(
        campaign.snapshot,
        campaign.times,
        mean,
        halves / half,
        np.sqrt(variance),
        squared,
        scattering / runs,
        runs,
        about,
    )


class _Silent:
    """A watcher that says nothing."""

    def stage(self, what: str) -> None: ...

    def runs(self, there: int, total: int, workers: int) -> None: ...

    def finished(self, number: int) -> None: ...

    def failed(self, number: int, reason: str) -> None: ...


def run_campaign(
    campaign: Campaign,
    folder: Path,
    runs: int,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    certificates: Certificates | None = None,
    shard: tuple[int, int] = (0, 1),
    watcher: CampaignWatcher | None = None,
) -> int:
    """See to it that the file of every run is there; those that are, are kept.

    Parameters
    ----------
    campaign : Campaign
    folder : Path
    runs : int
        At least 2.
    workers : int, optional
        On this machine, by default as many as it has cores.
    scheduler : str, optional
        Address of a running Dask scheduler, whose workers are used in place.
    certificates : Certificates, optional
        For a scheduler at tls://; what is missing is taken from Dask's configuration.
    shard : (int, int)
        (i, n): only the runs whose number leaves i when divided by n.
    watcher : CampaignWatcher, optional

    Returns
    -------
    int
        Runs that were carried out now.

    Raises
    ------
    InputError, VitreousError
    """
    watcher = watcher or _Silent()
    if not (hasattr(runs, "__index__") and runs >= 2):
        raise InputError(f"runs: expected a whole number of at least 2, got {runs}")
    part, parts = shard
    if not 0 <= part < parts:
        raise InputError(f"shard: expected i/n with 0 <= i < n, got {part}/{parts}")
    if workers is not None and not (hasattr(workers, "__index__") and workers >= 1):
        raise InputError(f"workers: expected a whole number of at least 1, got {workers}")
    campaign.prepare(folder)
    numbers = range(part, runs, parts)
    work = runs_of(campaign, folder, numbers, watcher.failed)
    missing = len(work.runs or ())
    if not missing:
        return 0
    with ExitStack() as stack:
        if scheduler is None:
            count = min(workers or thread_count(), missing)
            watcher.stage("starting the workers")
            ours = stack.enter_context(workers_of_this_machine(count))
        else:
            ours = stack.enter_context(workers_of_cluster(scheduler, certificates))
            count = len(ours.client.nthreads())
        watcher.runs(len(numbers) - missing, len(numbers), count)
        carry_out(work, ours, watcher)
    return missing


def propensity(
    snapshot: Configuration,
    *,
    model: str | GlassFormer,
    times: ArrayLike,
    runs: int = 32,
    temperature: float | None = None,
    seed: int = 0,
    timestep: float | None = None,
    folder: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    certificates: Sequence[str | os.PathLike[str] | None] | None = None,
) -> Propensity:
    """Measure the dynamic propensity of every particle of a snapshot: many runs, each with velocities of its own.

    Runs go in parallel. Each is the same to the last bit whoever carries it out, and so is the result.

    Parameters
    ----------
    snapshot : Configuration
        N particles of the model, in its units; positions only are used.
    model : str or GlassFormer
        "hard-spheres", "wahnstrom" or "kob-andersen".
    times : (T,) array_like
        Time differences δt above 0, `log_times` for instance; whole steps of Lennard-Jones models.
    runs : int
        At least 2; the paper takes at least 32.
    temperature : float, optional
        Temperature of Lennard-Jones models, which need it.
    seed : int
        Seed of all velocities.
    timestep : float, optional
        By default that of the model.
    folder : path, optional
        Where runs are kept, one file each. A campaign that was stopped goes on from its folder; without one
        nothing is kept.
    workers : int, optional
        Processes on this machine, by default as many as it has cores.
    scheduler : str, optional
        Address of a running Dask scheduler; its workers have to see `folder`. Anything but tls:// is open to whoever
        reaches it.
    certificates : (authority, certificate, key), optional
        For a scheduler at tls://, the three files in PEM format; None for one that Dask's configuration names, or for a
        key in the same file as its certificate.

    Returns
    -------
    Propensity

    Warns
    -----
    UserWarning
        If the scheduler is on another machine and what is said to it is not encrypted.

    Raises
    ------
    InputError
        If the snapshot is not one of the model (species, composition, density, overlaps), or a number cannot be
        used.
    FileError
        If the folder is that of another campaign, or cannot be written.

    References
    ----------
    Widmer-Cooper, Harrowell, Fynewever, Phys. Rev. Lett. 93, 135701 (2004), doi:10.1103/PhysRevLett.93.135701.
    """
    campaign = Campaign(snapshot, glass_former(model), times, temperature, seed, timestep)
    if folder is None and scheduler is not None:
        raise InputError("folder: the workers of a cluster need one that they see too")
    with ExitStack() as stack:
        if folder is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vitreous-campaign-"))
        files = None if certificates is None else Certificates(*certificates)
        run_campaign(campaign, Path(folder), runs, workers=workers, scheduler=scheduler, certificates=files)
        return combine(campaign, Path(folder), runs)
