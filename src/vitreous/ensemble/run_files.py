"""Files of runs that other programs made: which there are, in the order of their numbers, and what one holds."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import FileError, InputError
from vitreous.io.registry import read_frames
from vitreous.trajectory import Trajectory

__all__ = ["Run", "by_numbers", "find_runs", "missing_numbers", "read_run"]


@dataclass(frozen=True, eq=False)
class Run:
    """One trajectory.

    Attributes
    ----------
    name : str
        For messages.
    trajectory : Trajectory
    ids : (N,) int64, or None
        Ids of its particles, increasing; None where the file names none, so that rows are all there is.
    """

    name: str
    trajectory: Trajectory
    ids: NDArray[np.int64] | None = None


def find_runs(patterns: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """Paths that are named or matched by patterns with ``*``, ``?``, ``[...]`` or ``**``.

    Those of a pattern are sorted by the numbers in them: ``run_2`` before ``run_10``. FileError if a path is not there
    or a pattern matches nothing, InputError if two of them are the same file.
    """
    found: list[Path] = []
    for pattern in (os.fspath(one) for one in patterns):
        if os.path.exists(pattern) or not glob.has_magic(pattern):
            matches = [pattern]
        else:
            matches = sorted(glob.glob(pattern, recursive=True), key=by_numbers)
            if not matches:
                raise FileError(f"{pattern}: no file matches this pattern")
        found += map(Path, matches)
    known: dict[Path, Path] = {}
    for path in found:
        if not path.is_file():
            raise FileError(f"{path}: {'is a folder' if path.is_dir() else 'there is no such file'}")
        same = known.setdefault(path.resolve(), path)
        if same is not path:
            also = "" if same == path else f", it is {same} too"
            raise InputError(
                f"{path}: this run is given twice{also}; every run counts once, so leave one out"
            )
    return found


def missing_numbers(names: Iterable[str]) -> list[int]:
    """Numbers that are left out where names differ in one number only; none where they differ otherwise."""
    parts = [by_numbers(name) for name in names]
    if len(parts) < 2 or len({len(one) for one in parts}) > 1:
        return []
    different = [k for k, column in enumerate(zip(*parts, strict=True)) if len(set(column)) > 1]
    if len(different) != 1 or different[0] % 2 == 0:
        return []
    numbers = {int(one[different[0]]) for one in parts}
    return sorted(set(range(min(numbers), max(numbers) + 1)) - numbers) if max(numbers) < 10**6 else []


def by_numbers(name: str) -> tuple[str | int, ...]:
    """Text and numbers of a name by turns, beginning with text: sorted by that, ``run_2`` is before ``run_10``."""
    return tuple(int(part) if k % 2 else part for k, part in enumerate(re.split(r"(\d+)", name)))


def read_run(path: Path, reading: Mapping[str, Any]) -> Run:
    """Read a trajectory, its frames sorted by the ids of the particles; what is beyond 32 MB goes to a file.

    Arguments and errors are those of `vitreous.read_trajectory`.
    """
    how = dict(reading)
    following = {name: how.pop(name) for name in ("unwrap", "long_steps") if name in how}
    ids: list[NDArray[np.int64] | None] = []

    def frames() -> Iterator[Configuration]:
        for frame in read_frames(path, follow=True, **how):
            ordered = _by_id(frame)
            if not ids:
                ids.append(_ids(ordered))
            yield ordered

    trajectory = Trajectory.of(frames(), source=str(path), **following)
    return Run(str(path), trajectory, ids[0])


def _ids(frame: Configuration) -> NDArray[np.int64] | None:
    """The column ``id`` where it tells all particles apart."""
    ids = frame.columns.get("id")
    if ids is None or ids.ndim != 1 or ids.dtype.kind not in "iu" or len(np.unique(ids)) < len(ids):
        return None
    return ids.astype(np.int64)


def _by_id(frame: Configuration) -> Configuration:
    ids = _ids(frame)
    if ids is None or (np.diff(ids) > 0).all():
        return frame
    order = np.argsort(ids)
    return frame._replace(
        positions=frame.positions[order],
        species=frame.species[order],
        diameters=None if frame.diameters is None else frame.diameters[order],
        images=None if frame.images is None else frame.images[order],
        columns={name: values[order] for name, values in frame.columns.items()},
    )
