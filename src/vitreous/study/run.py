"""Carry out a study: hand out what can be done to workers until everything is made."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from vitreous.ensemble.certificates import Certificates
from vitreous.ensemble.executor import carry_out_runs, is_loss, missing_runs
from vitreous.ensemble.workers import Workers, workers_of_cluster, workers_of_this_machine
from vitreous.errors import FileError, InputError, VitreousError
from vitreous.parallel import thread_count
from vitreous.study.estimate import estimate
from vitreous.study.making import campaign_of, make, runs_folder
from vitreous.study.plan import StudyPlan
from vitreous.study.progress import read_progress, write_progress
from vitreous.study.steps import Step, read_record, steps_of

__all__ = ["Outcome", "StudyWatcher", "run_study"]

_TASK = 1.0  # seconds that a task is to last: shorter runs are handed out several at a time
_ATTEMPTS = 5  # that a task may lose its worker
_LOOK = 2.0  # seconds between two looks


class StudyWatcher(Protocol):
    """Who is told how a study gets on."""

    def begins(self, steps: Sequence[Step], folder: Path, workers: int) -> None:
        """Steps are to be made."""

    def stage(self, what: str) -> None:
        """Something without a measure begins."""

    def look(self) -> None:
        """Some time has passed."""

    def made(self, step: Step, seconds: float) -> None:
        """A step is made; it took so much processor time."""

    def failed(self, step: Step, reason: str) -> None:
        """A step cannot be made."""

    def remark(self, step: Step, text: str) -> None:
        """Something happened to a step that goes on."""


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes
    ----------
    made : int
        Steps that were made now.
    failed : dict of Step to str
        Why each could not be made.
    blocked : tuple of Step
        Those that wait for one that failed, or for another shard.
    """

    made: int
    failed: dict[Step, str]
    blocked: tuple[Step, ...]


@dataclass(eq=False)
class _Unit:
    """What a worker is handed: some runs of a step, or a whole step."""

    step: Step
    runs: list[int] | None
    begun: float = 0.0


def run_study(
    plan: StudyPlan,
    watcher: StudyWatcher,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    certificates: Certificates | None = None,
    shard: tuple[int, int] = (0, 1),
) -> Outcome:
    """Make every step of a study that is not made yet. What cannot be made does not keep the rest from it.

    Parameters
    ----------
    plan : StudyPlan
    watcher : StudyWatcher
    workers : int, optional
        On this machine, by default as many as it has cores.
    scheduler : str, optional
        Address of a running Dask scheduler; its workers have to see the folder of the study.
    certificates : Certificates, optional
        For a scheduler at tls://; what is missing is taken from Dask's configuration.
    shard : (int, int)
        (i, n): only every n-th state, from the i-th on.

    Returns
    -------
    Outcome

    Raises
    ------
    InputError, FileError
    """
    part, parts = shard
    if not 0 <= part < parts:
        raise InputError(f"shard: expected i/n with 0 <= i < n, got {part}/{parts}")
    if workers is not None and workers < 1:
        raise InputError(f"workers: expected a whole number of at least 1, got {workers}")
    folder = plan.folder.resolve()
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise FileError(f"{plan.folder}: cannot make it: {error.strerror or error}") from None
    mine = {state.name for state in plan.states[part::parts]}
    steps = steps_of(plan)
    watcher.stage("looking at what is there")
    made = {step for step in steps if _is_whole(step, folder, watcher)}
    wanted = [step for step in steps if step.state.name in mine]
    if all(step in made for step in wanted):
        return Outcome(0, {}, ())
    with ExitStack() as stack:
        watcher.stage("starting the workers")
        if scheduler is None:
            ours = stack.enter_context(workers_of_this_machine(workers or thread_count()))
            count = workers or thread_count()
        else:
            ours = stack.enter_context(workers_of_cluster(scheduler, certificates))
            count = len(ours.client.nthreads())
        watcher.begins(steps, folder, count)
        run = _Run(wanted, made, folder, ours, watcher)
        run.carry_out()
    blocked = tuple(step for step in wanted if step not in run.made and step not in run.failed)
    return Outcome(run.count, run.failed, blocked)


class _Run:
    """The steps of one run, and where each is."""

    def __init__(
        self, steps: Sequence[Step], made: set[Step], folder: Path, workers: Workers, watcher: StudyWatcher
    ) -> None:
        self.made, self.failed, self.count = made, dict[Step, str](), 0
        self._waiting = [step for step in steps if step not in made]
        self._folder, self._workers, self._watcher = folder, workers, watcher
        self._urgency = _urgency(steps, folder)
        self._queue: list[_Unit] = []
        self._running: dict[Any, _Unit] = {}
        self._losses: Counter[tuple[str, int | None]] = Counter()
        self._left: Counter[Step] = Counter()  # runs that a step still waits for
        self._duration: dict[Step, float] = {}  # of one run, as the last had it
        self._campaigns: dict[Step, tuple[str, str]] = {}  # folder of the runs, and digest

    def carry_out(self) -> None:
        """Until nothing more can be done."""
        client = self._workers.client
        try:
            while True:
                self._enqueue()
                self._hand_out()
                if not self._running:
                    return
                for future in _ended(self._running):
                    self._take(future, self._running.pop(future))
                self._workers.mend()
                self._watcher.look()
        finally:
            client.cancel(list(self._running), force=True)

    def _enqueue(self) -> None:
        """Queue the steps whose turn has come."""
        ready = [step for step in self._waiting if all(required in self.made for required in step.requires)]
        for step in ready:
            self._waiting.remove(step)
            try:
                missing = self._missing_runs(step)
            except VitreousError as error:
                self._fail(step, str(error))
                continue
            if missing:
                self._left[step] = len(missing)
                self._queue.append(_Unit(step, missing))
            else:
                self._queue.append(_Unit(step, None))
        self._queue.sort(key=lambda unit: -self._urgency[unit.step])

    def _missing_runs(self, step: Step) -> list[int]:
        if step.kind != "propensity":
            return []
        campaign = campaign_of(step, self._folder)
        place = runs_folder(step, self._folder, campaign)
        campaign.prepare(place)
        self._campaigns[step] = (str(place), campaign.digest)

        def damaged(number: int, reason: str) -> None:
            self._watcher.remark(step, f"run {number}: {reason}; it is done again")

        return missing_runs(campaign, place, range(step.parameters["runs"]), damaged)

    def _hand_out(self) -> None:
        threads = max(sum(self._workers.client.nthreads().values()), 1)
        while self._queue and len(self._running) < threads:
            unit = self._queue[0]
            self._queue.pop(0)
            if unit.runs is not None:
                several = self._several(unit, threads)
                if rest := unit.runs[several:]:
                    self._queue.insert(0, _Unit(unit.step, rest))
                unit = _Unit(unit.step, unit.runs[:several])
            self._running[self._submit(unit)] = unit

    def _several(self, unit: _Unit, threads: int) -> int:
        """Runs of one task; towards the end fewer, so that no worker is left with the last ones."""
        assert unit.runs is not None
        duration = self._duration.get(unit.step, _TASK)
        return max(min(int(_TASK / duration), len(unit.runs) // (2 * threads)), 1)

    def _submit(self, unit: _Unit) -> Any:
        unit.begun = time.monotonic()
        client, step = self._workers.client, unit.step
        if unit.runs is None:
            key = f"vitreous-{step.key}-{self._losses[step.key, None]}"
            return client.submit(_make, step, str(self._folder), key=key, pure=False)
        place, digest = self._campaigns[step]
        first = unit.runs[0]
        key = f"vitreous-{step.key}-{first}-{self._losses[step.key, first]}"
        return client.submit(carry_out_runs, place, digest, unit.runs, key=key, pure=False)

    def _take(self, future: Any, unit: _Unit) -> None:
        """What came of a unit."""
        step, error = unit.step, future.exception()
        if step in self.failed:
            return
        if error is not None and is_loss(error):
            self._lost(unit)
        elif error is not None:
            message = str(error) if isinstance(error, VitreousError) else f"{type(error).__name__}: {error}"
            self._fail(step, message)
        elif unit.runs is None:
            self.made.add(step)
            self.count += 1
            record = read_record(step, self._folder)
            self._watcher.made(step, record.processor_seconds if record else 0.0)
        else:
            seconds = future.result()
            self._duration[step] = max(seconds / len(unit.runs), 1e-3)
            self._left[step] -= len(unit.runs)
            _add_time(step, self._folder, self._left[step], seconds, time.monotonic() - unit.begun)
            if self._left[step] == 0:
                self._queue.insert(0, _Unit(step, None))

    def _lost(self, unit: _Unit) -> None:
        first = None if unit.runs is None else unit.runs[0]
        self._losses[unit.step.key, first] += 1
        if self._losses[unit.step.key, first] == _ATTEMPTS:
            self._fail(unit.step, f"its worker died {_ATTEMPTS} times; is there too little memory?")
            return
        self._watcher.remark(unit.step, "its worker died; it goes on with another")
        if unit.runs is None:
            self._queue.insert(0, _Unit(unit.step, None))
        else:  # one by one, so that only what kills its worker is lost again
            self._duration[unit.step] = _TASK
            self._queue.insert(0, _Unit(unit.step, unit.runs))

    def _fail(self, step: Step, reason: str) -> None:
        self.failed[step] = reason
        self._queue = [unit for unit in self._queue if unit.step is not step]
        self._watcher.failed(step, reason)


def _make(step: Step, folder: str) -> None:
    """Of a worker: make a step, as long as anyone waits for it."""
    from distributed import get_worker
    from distributed.core import Status

    worker = get_worker()
    make(step, Path(folder), lambda: worker.status == Status.running)


def _ended(running: dict[Any, _Unit]) -> list[Any]:
    """Those that ended, after a moment of waiting for the first."""
    from distributed import wait

    with contextlib.suppress(TimeoutError):
        wait(list(running), timeout=_LOOK, return_when="FIRST_COMPLETED")
    return [future for future in running if future.done()]


def _urgency(steps: Sequence[Step], folder: Path) -> dict[Step, float]:
    """Processor seconds from the beginning of a step to the end of the longest chain behind it."""
    total = estimate(steps, folder).total
    urgency = dict(total)
    for step in reversed(steps):
        for required in step.requires:
            if required in urgency:
                urgency[required] = max(urgency[required], total[required] + urgency[step])
    return urgency


def _is_whole(step: Step, folder: Path, watcher: StudyWatcher) -> bool:
    """Whether a step is made and none of its files was changed since; else nothing is left of them."""
    record = read_record(step, folder)
    if record is None:
        return False
    for suffix, digest in record.files.items():
        path = step.path(folder, suffix)
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == digest:
                continue
        watcher.remark(step, f"{path.name} was changed after it was made; it is made again")
        for other in record.files:
            step.path(folder, other).unlink()
        step.path(folder, ".made.json").unlink()
        return False
    return True


def _add_time(step: Step, folder: Path, left: int, processor_seconds: float, seconds: float) -> None:
    """Put the time of some runs, and how many there still are, into the progress of their step."""
    before = read_progress(step, folder)
    runs = step.parameters["runs"]
    tree = {
        "what": f"{runs - left} of {runs} runs",
        "share": 1.0 - left / runs,
        "seconds": (before.seconds if before else 0.0) + seconds,
        "processor_seconds": (before.processor_seconds if before else 0.0) + processor_seconds,
        "failed": None,
    }
    write_progress(step.path(folder, ".progress"), tree)
