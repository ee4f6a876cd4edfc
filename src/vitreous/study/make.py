"""Make one step of a study: alone, telling how far it is, and with a record at the end."""

from __future__ import annotations

import hashlib
import platform
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from vitreous.errors import VitreousError
from vitreous.io.record_file import write_record
from vitreous.records import to_object
from vitreous.study.kinds import all_kinds
from vitreous.study.progress import Progress, Watcher
from vitreous.study.step import Record, Step

__all__ = ["file_digest", "make"]

_PATIENCE = 60.0  # seconds that another process may take to notice that nobody waits for it any more


def make(step: Step[Any], folder: Path, wanted: Callable[[], bool] = lambda: True) -> None:
    """Make a step, or what is still missing of it; the steps that it requires are made.

    It is given up if `wanted`, which is asked now and then, says no.

    Raises
    ------
    VitreousError
        If it cannot be made.
    """
    step.path(folder, "").parent.mkdir(parents=True, exist_ok=True)
    with _alone(step, folder), Progress(step, folder) as progress:
        watcher = Watcher(progress, wanted)
        watcher.stage(step.kind)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of boxes that are small, which the plan has seen
            suffixes = all_kinds()[step.kind].make(step, folder, watcher)
        write_record(step.path(folder, ".made.json"), _record(step, folder, suffixes, progress))


@contextmanager
def _alone(step: Step[Any], folder: Path) -> Iterator[None]:
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


def _record(step: Step[Any], folder: Path, suffixes: Sequence[str], progress: Progress) -> Record:
    packages = {"vitreous", "numpy", "scipy", "numba", "scikit-learn", "gsd"}
    packages.add(step.state.former.interaction.program)
    return Record(
        step.kind,
        step.state.name,
        step.snapshot,
        to_object(step.parameters),
        tuple(required.stem for required in step.requires),
        {suffix: file_digest(step.path(folder, suffix)) for suffix in suffixes},
        round(progress.seconds, 3),
        round(progress.processor_seconds, 3),
        {"python": platform.python_version(), **{name: version(name) for name in sorted(packages)}},
        step.version,
    )


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
