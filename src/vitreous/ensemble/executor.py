"""The runs of a campaign, carried out by Dask workers; the files that they write are the result."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.dispatch import Dispatcher, Work
from vitreous.ensemble.replica import read_replica, replica_path, run_replica, write_replica
from vitreous.ensemble.workers import packed, unpacked
from vitreous.errors import FileError, VitreousError

if TYPE_CHECKING:
    from vitreous.ensemble.workers import Workers

__all__ = ["CampaignWatcher", "carry_out", "carry_out_runs", "missing_runs", "runs_of"]

_STALE = 3600.0  # seconds after which a temporary file is nobody's any more


class CampaignWatcher(Protocol):
    """Who is told how a campaign gets on."""

    def stage(self, what: str) -> None:
        """Something without a count begins."""

    def runs(self, there: int, total: int, workers: int) -> None:
        """Runs begin; so many were there before."""

    def finished(self, number: int) -> None:
        """One more run is in its file."""

    def failed(self, number: int, reason: str) -> None:
        """A run was lost, and is tried again."""


def missing_runs(
    campaign: Campaign, folder: Path, numbers: Sequence[int], failed: Callable[[int, str], None]
) -> list[int]:
    """Runs that have no whole file yet; each file is read through, and `failed` told of damaged ones."""
    missing = []
    for number in numbers:
        path = replica_path(folder, number)
        try:
            if path.exists():
                read_replica(campaign, folder, number)
                continue
        except FileError as error:
            failed(number, str(error).rpartition(f"{path}: ")[2])
        missing.append(number)
    return missing


def runs_of(
    campaign: Campaign, folder: Path, numbers: Sequence[int], failed: Callable[[int, str], None]
) -> Work:
    """The runs that have no whole file yet, as work that can be handed out; `failed` is told of each damaged file.

    The folder is that of the campaign, prepared, and seen by the workers under the same name.
    """
    _remove_stale(folder)

    def missing(some: Sequence[int]) -> list[int]:
        return missing_runs(campaign, folder, some, failed)

    own = None if campaign.engine is None else packed(campaign.engine)
    arguments = (str(folder.resolve()), campaign.digest, own)
    return Work(campaign.digest[:16], carry_out_runs, arguments, missing(numbers), missing)


def carry_out(work: Work, workers: Workers, watcher: CampaignWatcher) -> None:
    """Carry out the runs of a campaign; returns when the file of each is written.

    VitreousError of what a run raised, or if one loses its worker again and again. The other runs are given up; what
    is in files stays.
    """
    dispatcher = Dispatcher(workers, _Runs(watcher))
    dispatcher.add(work)
    dispatcher.carry_out()


class _Runs:
    """Tells a campaign's watcher what becomes of the runs; the first that fails ends the campaign."""

    def __init__(self, watcher: CampaignWatcher) -> None:
        self._watcher = watcher

    def ended(self, work: Work, runs: list[int], seconds: float) -> None:
        for number in runs:
            self._watcher.finished(number)

    def failed(self, work: Work, error: VitreousError) -> None:
        raise error

    def lost(self, work: Work, runs: list[int]) -> None:
        for number in runs:
            self._watcher.failed(number, "its worker died")

    def look(self) -> None: ...


def _remove_stale(folder: Path) -> None:
    """Temporary files of workers that were killed while they wrote."""
    for path in folder.glob(".vitreous-*"):
        if time.time() - path.stat().st_mtime > _STALE:
            path.unlink(missing_ok=True)


def carry_out_runs(folder: str, digest: str, own: bytes | None, numbers: list[int]) -> float:
    """Carry out these runs on a worker; returns seconds. Campaign and engine stay with it for the next ones."""
    from distributed import get_worker

    begun = time.monotonic()
    worker = get_worker()
    path = Path(folder)
    kept: tuple[Campaign, Any] | None = getattr(worker, "vitreous", None)
    if kept is None or kept[0].digest != digest:
        kept = (Campaign.load(path, None if own is None else unpacked(own), digest), None)
        if kept[0].digest != digest:
            raise FileError(f"{folder}: is the folder of another campaign for this worker")
    for number in numbers:
        replica, engine = run_replica(kept[0], number, kept[1])
        kept = worker.vitreous = (kept[0], engine)  # type: ignore[attr-defined]
        write_replica(replica, kept[0], path)
    return time.monotonic() - begun
