"""What a step that is being made tells of itself, in a file that anyone may read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from vitreous.errors import InputError, VitreousError
from vitreous.records import from_text, to_text
from vitreous.simulate.engine import Engine, Sample
from vitreous.simulate.equilibration_report import EquilibrationReport
from vitreous.study.step import Step

__all__ = ["PROGRESS", "GivenUp", "Progress", "Told", "Watcher", "read_progress", "write_progress"]

PROGRESS = ".progress"
_EVERY = 2.0  # seconds


class GivenUp(VitreousError):  # noqa: N818
    """Nobody waits any more for the step that is being made; it is no failure."""


@dataclass(frozen=True)
class Told:
    """What was told last.

    Attributes
    ----------
    what : str
    share : float, or None
        Share that is done of what is going on.
    seconds, processor_seconds : float
        That the step took so far, all sittings together.
    failed : str, or None
        Why the step could not be made.
    """

    what: str
    share: float | None
    seconds: float = 0.0
    processor_seconds: float = 0.0
    failed: str | None = None


class Progress:
    """Writes what is going on with a step every two seconds, and adds up the time."""

    def __init__(self, step: Step[Any], folder: Path) -> None:
        self._path = step.path(folder, PROGRESS)
        before = read_progress(step, folder)
        self._before = (before.seconds, before.processor_seconds) if before else (0.0, 0.0)
        self._begun = (time.monotonic(), time.process_time())
        self._written = 0.0
        self._now: tuple[str, float | None] = ("", None)

    @property
    def seconds(self) -> float:
        """Seconds of the clock, all sittings together."""
        return self._before[0] + time.monotonic() - self._begun[0]

    @property
    def processor_seconds(self) -> float:
        """Seconds of the processor, all sittings together."""
        return self._before[1] + time.process_time() - self._begun[1]

    def tell(self, what: str, share: float | None) -> None:
        """Say what is going on."""
        fresh = what != self._now[0]
        self._now = (what, share)
        if fresh or time.monotonic() - self._written > _EVERY:
            self._write(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if error is None:
            self._path.unlink(missing_ok=True)
        else:
            given_up = isinstance(error, GivenUp) or not isinstance(error, Exception)
            self._write(None if given_up else str(error) or type(error).__name__)

    def _write(self, failed: str | None) -> None:
        self._written = time.monotonic()
        write_progress(self._path, Told(*self._now, self.seconds, self.processor_seconds, failed))


class Watcher:
    """Passes on how a simulation, or anything with stages, gets on.

    Whenever something is told, `wanted` is asked; the step is given up if it says no.
    """

    def __init__(self, progress: Progress, wanted: Callable[[], bool]) -> None:
        self._progress, self._wanted = progress, wanted
        self._what, self._begin, self._end = "", 0.0, 0.0

    def stage(self, what: str) -> None:
        """Something without a clock begins."""
        self._what, self._end = what, 0.0
        self._tell(None)

    def run(self, what: str, engine: Engine, begin: float, end: float) -> None:
        """An engine begins to run, or goes on where a former sitting left it."""
        self._what, self._begin, self._end = what, begin, end
        self.progress(engine.time, engine.work)

    def progress(self, time: float, work: int) -> None:
        """So far it came."""
        known = self._end > self._begin
        self._tell((time - self._begin) / (self._end - self._begin) if known else None)

    def measured(self, sample: Sample) -> None:
        """Nothing that is shown."""

    def checked(self, report: EquilibrationReport) -> None:
        """Nothing; it is drawn at the end."""

    def _tell(self, share: float | None) -> None:
        if not self._wanted():
            raise GivenUp("given up: nobody waits for it any more")
        self._progress.tell(self._what, share)


def write_progress(path: Path, told: Told) -> None:
    """Put a whole file in place of the former; not flushed to disk, for nothing is lost with it."""
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    temporary.write_text(to_text(told), encoding="utf-8")
    temporary.replace(path)


def read_progress(step: Step[Any], folder: Path) -> Told | None:
    """What a step told last; None if it told nothing, or is made."""
    try:
        return from_text(Told, step.path(folder, PROGRESS).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, InputError):
        return None
