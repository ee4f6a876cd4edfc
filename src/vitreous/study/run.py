"""Carry out a study: hand out what can be done to workers until everything is made."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from vitreous.arrays import whole
from vitreous.ensemble.certificates import Certificates
from vitreous.ensemble.dispatch import Dispatcher, Work
from vitreous.ensemble.workers import Workers, workers_of_cluster, workers_of_this_machine
from vitreous.errors import FileError, InputError, VitreousError
from vitreous.parallel import thread_count
from vitreous.study.decision import decided
from vitreous.study.estimate import estimate
from vitreous.study.kinds import all_kinds
from vitreous.study.make import file_digest, make
from vitreous.study.plan import StudyPlan
from vitreous.study.progress import PROGRESS, Told, read_progress, write_progress
from vitreous.study.step import Step, record_of
from vitreous.study.steps import steps_of

__all__ = ["Outcome", "StudyWatcher", "run_study"]

AnyStep: TypeAlias = Step[Any]

_TELL_EVERY = 5.0  # seconds, of runs that are going on


class StudyWatcher(Protocol):
    """Who is told how a study gets on."""

    def begins(self, steps: Sequence[AnyStep], folder: Path, workers: int) -> None:
        """Steps are to be made."""

    def stage(self, what: str) -> None:
        """Something without a measure begins."""

    def look(self) -> None:
        """Some time has passed."""

    def made(self, step: AnyStep, seconds: float) -> None:
        """A step is made; it took so much processor time."""

    def failed(self, step: AnyStep, reason: str) -> None:
        """A step cannot be made."""

    def remark(self, step: AnyStep, text: str) -> None:
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
    failed: dict[AnyStep, str]
    blocked: tuple[AnyStep, ...]


def run_study(
    plan: StudyPlan,
    watcher: StudyWatcher,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    certificates: Certificates | None = None,
    shard: tuple[int, int] = (0, 1),
) -> Outcome:
    """Make every step of a study that is not made yet, further snapshots that were decided included.

    What cannot be made does not keep the rest from it.

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
    if workers is not None:
        whole("workers", workers, 1)
    plan, folder = decided(plan), plan.folder.resolve()
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
    blocked = tuple(step for step in wanted if step not in run.made and step not in run.failures)
    return Outcome(run.count, run.failures, blocked)


class _Run:
    """The steps of one run, and where each is."""

    def __init__(
        self,
        steps: Sequence[AnyStep],
        made: set[AnyStep],
        folder: Path,
        workers: Workers,
        watcher: StudyWatcher,
    ) -> None:
        self.made, self.failures, self.count = made, dict[AnyStep, str](), 0
        self._waiting = [step for step in steps if step not in made]
        self._folder, self._watcher = folder, watcher
        self._urgency = _urgency(steps, folder)
        self._dispatcher = Dispatcher(workers, self)
        self._steps: dict[Work, AnyStep] = {}
        self._left: Counter[AnyStep] = Counter()  # runs that a step still waits for
        self._told = -_TELL_EVERY

    def carry_out(self) -> None:
        """Until nothing more can be done."""
        self._enqueue()
        self._dispatcher.carry_out()

    def _enqueue(self) -> None:
        """Queue the steps whose turn has come."""
        for step in self._waiting.copy():
            if all(required in self.made for required in step.requires):
                self._waiting.remove(step)
                try:
                    self._add_runs(step)
                except VitreousError as error:
                    self._fail(step, error)

    def _add_runs(self, step: AnyStep) -> None:
        """Queue the runs of a step that are missing, or if there are none the step itself."""
        runs = all_kinds()[step.kind].runs
        if runs is not None:

            def damaged(number: int, reason: str) -> None:
                self._watcher.remark(step, f"run {number}: {reason}; it is done again")

            work = runs(step, self._folder, damaged)
            if work.runs:
                self._left[step] = len(work.runs)
                work.key = f"{step.key}-{work.key}"
                self._add(step, work)
                return
        self._add(step, Work(step.key, _make, (step, str(self._folder))))

    def _add(self, step: AnyStep, work: Work) -> None:
        self._steps[work] = step
        work.urgency = self._urgency[step]
        self._dispatcher.add(work)

    def _fail(self, step: AnyStep, error: VitreousError) -> None:
        self.failures[step] = str(error)
        self._watcher.failed(step, str(error))

    # As a watcher of the dispatcher

    def ended(self, work: Work, runs: list[int], seconds: float) -> None:
        step = self._steps[work]
        if runs:
            self._left[step] -= len(runs)
            self._tell_runs(step, seconds)
            if self._left[step] == 0:
                self._add(step, Work(step.key, _make, (step, str(self._folder))))
            return
        self.made.add(step)
        self.count += 1
        record = record_of(step, self._folder)
        self._watcher.made(step, record.processor_seconds if record else 0.0)
        self._enqueue()

    def failed(self, work: Work, error: VitreousError) -> None:
        self._fail(self._steps[work], error)

    def lost(self, work: Work, runs: list[int]) -> None:
        self._watcher.remark(self._steps[work], "its worker died; it goes on with another")

    def look(self) -> None:
        if time.monotonic() - self._told > _TELL_EVERY:
            self._told = time.monotonic()
            for work in self._dispatcher.running:
                if work.runs is not None and self._steps[work] not in self.failures:
                    self._tell_runs(self._steps[work], 0.0)
        self._watcher.look()

    def _tell_runs(self, step: AnyStep, seconds: float) -> None:
        """Put how many runs there are, and their time, into the progress of their step; a run tells nothing itself."""
        before = read_progress(step, self._folder) or Told("", None)
        done = step.runs - self._left[step]
        write_progress(
            step.path(self._folder, PROGRESS),
            Told(
                f"{done} of {step.runs} runs",
                done / step.runs,
                before.seconds + seconds,
                before.processor_seconds + seconds,
            ),
        )


def _make(step: AnyStep, folder: str) -> None:
    """Of a worker: make a step, as long as anyone waits for it."""
    from distributed import get_worker
    from distributed.core import Status

    worker = get_worker()
    make(step, Path(folder), lambda: worker.status == Status.running)


def _urgency(steps: Sequence[AnyStep], folder: Path) -> dict[AnyStep, float]:
    """Processor seconds from the beginning of a step to the end of the longest chain behind it."""
    total = estimate(steps, folder).total
    urgency = dict(total)
    for step in reversed(steps):
        for required in step.requires:
            if required in urgency:
                urgency[required] = max(urgency[required], total[required] + urgency[step])
    return urgency


def _is_whole(step: AnyStep, folder: Path, watcher: StudyWatcher) -> bool:
    """Whether a step is made and none of its files was changed since; else nothing is left of them."""
    record = record_of(step, folder)
    if record is None:
        return False
    for suffix, digest in record.files.items():
        path = step.path(folder, suffix)
        if file_digest(path) == digest:
            continue
        watcher.remark(step, f"{path.name} was changed after it was made; it is made again")
        for other in (*record.files, ".made.json"):
            step.path(folder, other).unlink()
        return False
    return True
