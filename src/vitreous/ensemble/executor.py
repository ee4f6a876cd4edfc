"""Have the runs of a campaign carried out by Dask workers; the files that they write are the result."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.replica import read_replica, replica_path, run_replica, write_replica
from vitreous.errors import FileError, VitreousError

if TYPE_CHECKING:
    from vitreous.ensemble.workers import Workers

__all__ = ["CampaignWatcher", "carry_out", "carry_out_runs", "is_loss", "missing_runs"]

_AHEAD = 2  # tasks that are handed out per worker: one at work, one waiting
_TASK = 1.0  # seconds that a task is to last: shorter runs are handed out several at a time
_ATTEMPTS = 5  # that a run may lose its worker
_LOOK = 2.0  # seconds between two looks at the workers; runs that end are noticed at once
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
    """Those of the runs that have no whole file yet; each file is read through, and `failed` told of damaged ones."""
    missing = []
    for number in numbers:
        if not replica_path(folder, number).exists():
            missing.append(number)
            continue
        try:
            read_replica(campaign, folder, number)
        except FileError as error:
            failed(number, str(error).rpartition(f"{replica_path(folder, number)}: ")[2])
            missing.append(number)
    return missing


def carry_out(
    campaign: Campaign, folder: Path, numbers: Sequence[int], workers: Workers, watcher: CampaignWatcher
) -> None:
    """Carry out these runs; returns when the file of each is written.

    Parameters
    ----------
    campaign : Campaign
    folder : Path
        Of the campaign, prepared, and seen by the workers under the same name.
    numbers : sequence of int
    workers : Workers
    watcher : CampaignWatcher

    Raises
    ------
    VitreousError
        What a run raised, or if one loses its worker again and again. The other runs are given up; what is in
        files stays.
    """
    _remove_stale(folder)
    client = workers.client
    waiting = list(reversed(numbers))
    running: dict[Any, list[int]] = {}
    duration = _TASK  # of one run, as the last task had it
    losses: Counter[int] = Counter()
    place = str(folder.resolve())
    try:
        while waiting or running:
            threads = sum(client.nthreads().values())
            while waiting and len(running) < _AHEAD * max(threads, 1):
                # Towards the end fewer, so that no worker is left with the last ones.
                several = min(int(_TASK / duration), len(waiting) // (_AHEAD * max(threads, 1)))
                task = [waiting.pop() for _ in range(max(several, 1))]
                key = f"vitreous-{campaign.digest[:16]}-{task[0]}-{losses[task[0]]}"
                running[client.submit(carry_out_runs, place, campaign.digest, task, key=key, pure=False)] = (
                    task
                )
            for future in _ended(running):
                task = running.pop(future)
                error = future.exception()
                if error is None:
                    duration = max(future.result() / len(task), 1e-3)
                elif isinstance(error, VitreousError):
                    raise error
                elif not is_loss(error):
                    raise VitreousError(f"run {task[0]}: {type(error).__name__}: {error}")
                else:
                    duration = _TASK  # the next one by one, so that only what kills its worker is lost again
                for number in task:
                    if error is None or not missing_runs(campaign, folder, [number], watcher.failed):
                        watcher.finished(number)
                        continue
                    losses[number] += 1
                    watcher.failed(number, "its worker died")
                    if losses[number] == _ATTEMPTS:
                        raise VitreousError(
                            f"run {number}: its worker died {_ATTEMPTS} times; is there too little memory?"
                        )
                    waiting.append(number)
            workers.mend()
    finally:
        client.cancel(list(running), force=True)


def _ended(running: dict[Any, list[int]]) -> list[Any]:
    """Those that ended, after a moment of waiting for the first."""
    from distributed import wait

    with contextlib.suppress(TimeoutError):
        wait(list(running), timeout=_LOOK, return_when="FIRST_COMPLETED")
    return [future for future in running if future.done()]


def is_loss(error: BaseException) -> bool:
    """Whether a task did not end because its worker did."""
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    return isinstance(error, KilledWorker | FutureCancelledError)


def _remove_stale(folder: Path) -> None:
    """Temporary files of workers that were killed while they wrote."""
    for path in folder.glob(".vitreous-*"):
        if time.time() - path.stat().st_mtime > _STALE:
            path.unlink(missing_ok=True)


def carry_out_runs(folder: str, digest: str, numbers: list[int]) -> float:
    """Of a worker: carry out these runs; returns seconds. Campaign and engine stay with it for the next ones."""
    from distributed import get_worker

    begun = time.monotonic()
    worker = get_worker()
    path = Path(folder)
    kept: tuple[Campaign, Any] | None = getattr(worker, "vitreous", None)
    if kept is None or kept[0].digest != digest:
        kept = (Campaign.load(path), None)
        if kept[0].digest != digest:
            raise FileError(f"{folder}: is the folder of another campaign for this worker")
    for number in numbers:
        replica, engine = run_replica(kept[0], number, kept[1])
        kept = worker.vitreous = (kept[0], engine)  # type: ignore[attr-defined]
        write_replica(replica, kept[0], path)
    return time.monotonic() - begun
