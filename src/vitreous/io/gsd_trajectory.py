"""Trajectories in GSD files: frames are added as they come, and what is in the file is safe.

Each frame holds what `gsd_file` writes of a configuration, and the arrays that continuing the run takes, as chunks
``log/state/<name>``. Chunks that are as in frame 0 are left out; the schema says that they are meant. Frames that are
only to be looked at have no state.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import FileError
from vitreous.io import gsd_file
from vitreous.io.atomic import atomic_path
from vitreous.io.registry import read

__all__ = ["TrajectoryFile"]

_STATE = "log/state/"
_IMAGE = "particles/image"
_ALWAYS = ("particles/N", "particles/position", "configuration/step", "log/vitreous/frame")
_COMPLETE = "log/vitreous/complete"  # written last: 1, or 2 if a run can be continued from the frame


class TrajectoryFile:
    """A GSD trajectory that grows at its end.

    Parameters
    ----------
    path : path
        It is made when the first frame is added. If it exists, it has to be such a trajectory; a last frame that
        was cut off when its writer died is dropped.

    Raises
    ------
    FileError
        If the file exists and is something else.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._first: dict[str, NDArray[Any]] | None = None
        self._count = 0
        if self.path.exists():
            self._take_up()

    def __len__(self) -> int:
        """Number of frames."""
        return self._count

    def append(
        self,
        configuration: Configuration,
        state: Mapping[str, NDArray[Any]] | None = None,
    ) -> None:
        """Add a frame; when this returns, the frame is in the file for good.

        Parameters
        ----------
        configuration : Configuration
        state : mapping of str to array, optional
            What else continuing takes; without it the frame is only to be looked at.

        Raises
        ------
        FileError
            If it cannot be written, or lacks diameters or a column that frame 0 has; the frames before stay
            readable.
        """
        name = str(self.path)
        chunks = gsd_file.layout(configuration, name)
        light = state is None
        chunks |= {_STATE + key: np.ascontiguousarray(values) for key, values in (state or {}).items()}
        try:
            if self._count == 0:
                with atomic_path(self.path) as temporary:
                    temporary.touch()
                    self._add(temporary, "w", chunks, light)
                self._first = chunks
            else:
                assert self._first is not None
                first = self._first
                self._lend_nothing(chunks, first)
                new = {
                    key: values
                    for key, values in chunks.items()
                    if key in _ALWAYS
                    or key.startswith(_STATE)
                    or key not in first
                    or not _same(values, first[key])
                }
                self._add(self.path, "r+", new, light)
        except OSError as error:
            raise FileError(f"{name}: cannot write: {error.strerror or error}") from None
        self._count += 1

    def restart(self) -> None:
        """Forget all frames; the next one that is added begins the file anew, in one step."""
        self._first, self._count = None, 0

    def read(self, frame: int) -> Configuration:
        """One frame; negative numbers count from the end."""
        return read(self.path, frame=frame, format="gsd")

    def state(self, frame: int) -> dict[str, NDArray[Any]]:
        """The arrays that were given with a frame."""
        with gsd_file.opened(self.path, str(self.path)) as file:
            k = frame % self._count
            return {
                name.removeprefix(_STATE): np.asarray(file.read_chunk(frame=k, name=name))
                for name in file.find_matching_chunk_names(_STATE)
                if file.chunk_exists(frame=k, name=name)
            }

    @property
    def last_whole(self) -> int:
        """Number of the last frame that is not light."""
        with gsd_file.opened(self.path, str(self.path)) as file:
            k = self._count - 1
            while file.read_chunk(frame=k, name=_COMPLETE)[0] != 2:
                k -= 1
            return k

    def _lend_nothing(self, chunks: dict[str, NDArray[Any]], first: Mapping[str, NDArray[Any]]) -> None:
        """Say what a reader would else take from frame 0: no images; refuse what cannot be said."""
        if _IMAGE in first:
            chunks.setdefault(_IMAGE, np.zeros_like(chunks["particles/position"], np.int32))
        reserved = {f"log/particles/{name}" for name in gsd_file.RESERVED_COLUMNS}
        for name in first.keys() - chunks.keys() - reserved:
            if name.startswith(("log/particles/", "particles/")):
                raise FileError(
                    f"{self.path}: cannot write: frame {self._count} has no {name.rpartition('/')[2]}, but frame 0 "
                    f"has, and a GSD file would lend it"
                )

    def _add(self, path: Path, mode: str, chunks: Mapping[str, NDArray[Any]], light: bool) -> None:
        with gsd_file.writing(path, mode, str(self.path)) as file:
            for name, values in chunks.items():
                file.write_chunk(name, values)
            file.write_chunk(_COMPLETE, np.array([1 if light else 2], np.uint8))
            file.end_frame()

    def _take_up(self) -> None:
        name = str(self.path)
        with gsd_file.opened(self.path, name) as file:
            whole = 0
            while whole < file.nframes and file.chunk_exists(frame=whole, name=_COMPLETE):
                whole += 1
            if whole < file.nframes - 1 or whole == 0:
                raise FileError(f"{name}: exists, but is no trajectory of vitreous that could be continued")
            names = file.find_matching_chunk_names("")
            frames = [
                {
                    key: np.asarray(file.read_chunk(frame=k, name=key))
                    for key in names
                    if file.chunk_exists(frame=k, name=key)
                }
                for k in range(whole if whole < file.nframes else 1)
            ]
            cut_off = whole < file.nframes
        self._first, self._count = frames[0], whole
        if cut_off:
            with atomic_path(self.path) as temporary:
                temporary.touch()
                for k, chunks in enumerate(frames):
                    light = chunks.pop(_COMPLETE)[0] == 1
                    self._add(temporary, "w" if k == 0 else "r+", chunks, light)


def _same(values: NDArray[Any], first: NDArray[Any]) -> bool:
    return values.dtype == first.dtype and values.shape == first.shape and bool((values == first).all())
