"""What a step that is being made tells of itself, in a file that anyone may read."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from vitreous.errors import VitreousError
from vitreous.study.steps import Step

__all__ = ["GivenUp", "Progress", "Told", "read_progress", "write_progress"]

_SUFFIX = ".progress"
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
        Of what is going on that is done.
    seconds, processor_seconds : float
        That the step took so far, all sittings together.
    age : float
        Seconds since it was told.
    failed : str, or None
        Why the step could not be made.
    """

    what: str
    share: float | None
    seconds: float
    processor_seconds: float
    age: float
    failed: str | None


class Progress:
    """Writes what is going on every two seconds, and adds up the time.

    Parameters
    ----------
    step : Step
    folder : Path
        Of the study.
    """

    def __init__(self, step: Step, folder: Path) -> None:
        self._path = step.path(folder, _SUFFIX)
        before = read_progress(step, folder)
        self._before = (before.seconds, before.processor_seconds) if before else (0.0, 0.0)
        self._begun = (time.monotonic(), time.process_time())
        self._written = 0.0
        self._now: tuple[str, float | None] = ("", None)

    @property
    def seconds(self) -> float:
        """Of the clock, all sittings together."""
        return self._before[0] + time.monotonic() - self._begun[0]

    @property
    def processor_seconds(self) -> float:
        """Of the processor, all sittings together."""
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
        what, share = self._now
        tree = {
            "what": what,
            "share": share,
            "seconds": self.seconds,
            "processor_seconds": self.processor_seconds,
            "failed": failed,
        }
        write_progress(self._path, tree)


def write_progress(path: Path, tree: Mapping[str, object]) -> None:
    """Put a whole file in place of the former; not flushed to disk, for nothing is lost with it."""
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    temporary.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    temporary.replace(path)


def read_progress(step: Step, folder: Path) -> Told | None:
    """What a step told last; None if it told nothing, or is made."""
    path = step.path(folder, _SUFFIX)
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
        age = time.time() - path.stat().st_mtime
        return Told(
            tree["what"], tree["share"], tree["seconds"], tree["processor_seconds"], age, tree["failed"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
