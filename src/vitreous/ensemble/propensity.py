"""The propensity of a snapshot from runs of our own: carried out, and summed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from vitreous.arrays import whole
from vitreous.configuration import Configuration
from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.certificates import Certificates
from vitreous.ensemble.executor import CampaignWatcher, carry_out, runs_of
from vitreous.ensemble.replica import read_replica
from vitreous.ensemble.result import Propensity
from vitreous.ensemble.sums import DistanceSums
from vitreous.ensemble.workers import packed, workers_of_cluster, workers_of_this_machine
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer, glass_former
from vitreous.parallel import thread_count
from vitreous.simulate.engine import EngineMaker
from vitreous.simulate.schedule import output_times

__all__ = ["combine", "propensity", "run_campaign"]


def combine(campaign: Campaign, folder: Path, runs: int) -> Propensity:
    """The propensity from the files of the runs, read one after the other; memory does not grow with their number.

    Raises
    ------
    FileError
        If a run is missing or damaged.
    """
    q = campaign.wave_number
    sums = DistanceSums(runs, (len(campaign.times), len(campaign.snapshot)), q)
    for number in range(runs):
        sums.add(read_replica(campaign, folder, number).distance)
    about = {
        **{name: value for name, value in campaign.as_dict().items() if name not in ("times", "particles")},
        "source": campaign.snapshot.source,
        "campaign": campaign.digest,
        "wave_number": q,
        "vitreous": version("vitreous"),
        "numpy": np.__version__,
    }
    return Propensity(campaign.snapshot, campaign.times, *sums.means(), runs, about)


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
    whole("runs", runs, 2)
    part, parts = shard
    if not 0 <= part < parts:
        raise InputError(f"shard: expected i/n with 0 <= i < n, got {part}/{parts}")
    if workers is not None:
        whole("workers", workers, 1)
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
    model: str | GlassFormer | None = None,
    times: ArrayLike,
    runs: int = 32,
    temperature: float | None = None,
    seed: int = 0,
    timestep: float | None = None,
    folder: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    certificates: Sequence[str | os.PathLike[str] | None] | None = None,
    engine: EngineMaker | None = None,
) -> Propensity:
    """Measure the dynamic propensity of every particle of a snapshot: many runs, each with velocities of its own.

    Runs go in parallel. Each is the same to the last bit whoever carries it out, and so is the result.

    Parameters
    ----------
    snapshot : Configuration
        N particles of the model, in its units; positions only are used.
    model : str or GlassFormer, optional
        "hard-spheres", "wahnstrom" or "kob-andersen"; left out if an `engine` is given.
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
    engine : callable, optional
        For any other liquid: makes an `Engine` at time 0 from a snapshot and a seed. Workers carry it out, so it has to
        be a function of a module or script, or `functools.partial` of one. A `folder` knows it by its name only: take
        another one if you change what it does.

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
    if engine is not None:
        packed(engine)  # refused before anything is made
    former = None if model is None else glass_former(model)
    campaign = Campaign(snapshot, former, output_times(times), temperature, seed, timestep, engine)
    if folder is None and scheduler is not None:
        raise InputError("folder: the workers of a cluster need one that they see too")
    with ExitStack() as stack:
        if folder is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vitreous-campaign-"))
        files = None if certificates is None else Certificates(*certificates)
        run_campaign(campaign, Path(folder), runs, workers=workers, scheduler=scheduler, certificates=files)
        return combine(campaign, Path(folder), runs)
