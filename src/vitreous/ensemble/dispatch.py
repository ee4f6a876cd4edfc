"""Hand work out to Dask workers until all of it is done, whatever becomes of the workers: the one loop that does."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from vitreous.errors import VitreousError
from vitreous.interrupts import held_interrupts

if TYPE_CHECKING:
    from vitreous.ensemble.workers import Workers

__all__ = ["DispatchWatcher", "Dispatcher", "Work"]

_AHEAD = 2  # tasks of short runs that are handed out per worker: one at work, one waiting
_TASK = 1.0  # seconds that a task is to last: shorter runs are handed out several at a time
_ATTEMPTS = 5  # that a call, or a run, may lose its worker
_LOOK = 0.5  # seconds between two looks at the workers, and for ctrl-C; what ends is noticed at once
_PATIENCE = 10.0  # seconds, for what came of a call that has ended


@dataclass(eq=False)
class Work:
    """One call, or numbered runs of which a call takes several.

    Attributes
    ----------
    key : str
        Its own among all.
    call : callable
        Called on a worker with the arguments and, if there are runs, a list of their numbers. With runs it returns the
        seconds that they took.
    arguments : tuple
    runs : list of int, or None
        Those that are not handed out yet.
    missing : callable
        Those of some runs that have no result yet, asked when a worker was lost.
    urgency : float
        The largest first.
    """

    key: str
    call: Callable[..., Any]
    arguments: tuple[Any, ...]
    runs: list[int] | None = None
    missing: Callable[[list[int]], list[int]] = list
    urgency: float = 0.0
    duration: float = _TASK  # of one run, as the last task had it


class DispatchWatcher(Protocol):
    """Who is told what becomes of work."""

    def ended(self, work: Work, runs: list[int], seconds: float) -> None:
        """A call has ended well, with these runs if it is made of runs."""

    def failed(self, work: Work, error: VitreousError) -> None:
        """A call cannot be carried out; the rest of the work is given up."""

    def lost(self, work: Work, runs: list[int]) -> None:
        """A call lost its worker; it is carried out again."""

    def look(self) -> None:
        """Some time has passed."""


class Dispatcher:
    """Work, and where each part of it is; the watcher may add work whenever it is told something."""

    def __init__(self, workers: Workers, watcher: DispatchWatcher) -> None:
        self._workers, self._watcher = workers, watcher
        self._queue: list[Work] = []
        self._running: dict[Any, tuple[Work, list[int]]] = {}
        self._losses: Counter[tuple[str, int | None]] = Counter()
        self._given_up: set[str] = set()

    def add(self, work: Work) -> None:
        """Queue work; of equally urgent ones the first is first."""
        self._queue.append(work)
        self._queue.sort(key=lambda one: -one.urgency)

    @property
    def running(self) -> list[Work]:
        """What workers are at, in the order in which it was handed out."""
        return list(dict.fromkeys(work for work, _ in self._running.values()))

    def carry_out(self) -> None:
        """Return when there is no more to do. What the watcher raises ends it, and what is running is given up."""
        with held_interrupts() as let_in:
            try:
                while True:
                    self._hand_out()
                    if not self._running:
                        return
                    for future in self._ended():
                        self._take(future, *self._running.pop(future))
                    self._workers.restart_dead()
                    self._watcher.look()
                    let_in()
            finally:
                self._workers.client.cancel(list(self._running), force=True)
                self._running.clear()

    def _hand_out(self) -> None:
        threads = max(sum(self._workers.client.nthreads().values()), 1)
        while self._queue:
            work = self._queue[0]
            short = work.runs is not None and work.duration < _AHEAD * _TASK
            if len(self._running) >= (_AHEAD * threads if short else threads):
                return
            runs: list[int] = []
            if work.runs is not None:
                # Towards the end fewer, so that no worker is left with the last ones.
                several = max(min(int(_TASK / work.duration), len(work.runs) // (_AHEAD * threads)), 1)
                runs, work.runs = work.runs[:several], work.runs[several:]
            if not work.runs:
                del self._queue[0]
            self._running[self._submit(work, runs)] = (work, runs)

    def _submit(self, work: Work, runs: list[int]) -> Any:
        part = "" if work.runs is None else f"-{runs[0]}"
        losses = self._losses[work.key, runs[0] if runs else None]
        arguments = work.arguments if work.runs is None else (*work.arguments, runs)
        key = f"vitreous-{work.key}{part}-{losses}"
        return self._workers.client.submit(work.call, *arguments, key=key, pure=False)

    def _ended(self) -> list[Any]:
        """Those that ended, after a moment of waiting for the first."""
        from distributed import wait

        with contextlib.suppress(TimeoutError):
            wait(list(self._running), timeout=_LOOK, return_when="FIRST_COMPLETED")
        return [future for future in self._running if future.done()]

    def _take(self, future: Any, work: Work, runs: list[int]) -> None:
        """What came of a call."""
        if work.key in self._given_up:
            return
        seconds = 0.0
        try:
            error = future.exception(timeout=_PATIENCE)
            if error is None and work.runs is not None:
                seconds = future.result(timeout=_PATIENCE)
                work.duration = max(seconds / len(runs), 1e-3)
        except Exception:
            # Its worker died after it had told that the call has ended; whatever Dask makes of that.
            self._again(work, runs)
            return
        if error is None:
            self._watcher.ended(work, runs, seconds)
        elif _is_loss(error):
            self._again(work, runs)
        else:
            self._fail(work, runs, error)

    def _again(self, work: Work, runs: list[int]) -> None:
        """A call lost its worker: carry out once more what is not in files."""
        numbers: list[int | None] = [None]
        if work.runs is not None:
            missing = work.missing(runs)
            if there := [number for number in runs if number not in missing]:
                self._watcher.ended(work, there, 0.0)
            if not missing:
                return
            runs, numbers = missing, list(missing)
        for number in numbers:
            self._losses[work.key, number] += 1
            if self._losses[work.key, number] == _ATTEMPTS:
                what = "" if number is None else f"run {number}: "
                died = f"{what}its worker died {_ATTEMPTS} times; is there too little memory?"
                self._fail(work, runs, VitreousError(died))
                return
        self._watcher.lost(work, runs)
        if work.runs is not None:
            work.duration = _TASK  # one by one, so that only what kills its worker is lost again
            work.runs = [*runs, *work.runs]
        if work not in self._queue:
            self.add(work)

    def _fail(self, work: Work, runs: list[int], error: BaseException) -> None:
        self._given_up.add(work.key)
        self._queue = [one for one in self._queue if one is not work]
        if not isinstance(error, VitreousError):
            what = f"run {runs[0]}: " if runs else ""
            error = VitreousError(f"{what}{type(error).__name__}: {' '.join(str(error).split())}")
        self._watcher.failed(work, error)


def _is_loss(error: BaseException) -> bool:
    """Whether a task did not end because its worker did."""
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    return isinstance(error, KilledWorker | FutureCancelledError)
