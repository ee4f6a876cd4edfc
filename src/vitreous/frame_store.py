"""Frames of a long trajectory, in memory as long as they are few, else in a file that nobody sees."""

from __future__ import annotations

import mmap
import os
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import FileError

__all__ = ["FrameStore", "take"]

_BYTES_IN_MEMORY = 32_000_000
_LASTING = Path("/var/tmp")  # unlike /tmp it is never a part of the memory


class FrameStore:
    """Arrays of one shape and type that are added one after the other and read back in any order.

    What goes beyond 32 MB is kept in a file without a name, which the system removes when nobody needs it any more: in
    the folder TMPDIR, else in /var/tmp, else where temporary files go.
    """

    def __init__(self) -> None:
        self._frames: list[NDArray[Any]] = []
        self._file: BinaryIO | None = None
        self._shape: tuple[int, ...] = ()
        self._dtype: np.dtype[Any] = np.dtype(np.float64)
        self._count = 0
        self._folder = _folder()

    def add(self, frame: NDArray[Any]) -> None:
        """Add a frame, which is copied; a `FileError` if the folder has no room for it."""
        self._shape, self._dtype = frame.shape, frame.dtype
        self._count += 1
        if self._file is None and self._count * frame.nbytes <= _BYTES_IN_MEMORY:
            self._frames.append(frame.copy())
            return
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder, prefix="vitreous-")  # noqa: SIM115
                for earlier in self._frames:
                    self._file.write(earlier.tobytes())
                self._frames = []
            self._file.write(frame.tobytes())
        except OSError as error:
            raise self._no_room(error) from None

    def array(self) -> NDArray[Any]:
        """(T, ...) all frames, after which none can be added; of a file `take` keeps only what is used in memory."""
        if self._file is None:
            return np.stack(self._frames)
        try:
            self._file.flush()
            frames: NDArray[Any] = np.memmap(self._file, self._dtype, "r", shape=(self._count, *self._shape))
            self._file.close()  # the array holds it
            return frames
        except OSError as error:
            raise self._no_room(error) from None

    def _no_room(self, error: OSError) -> FileError:
        return FileError(
            f"{self._folder}: cannot keep the frames of a long trajectory here: {error.strerror or error}; name a "
            f"folder with more room by the environment variable TMPDIR"
        )


def take(frames: NDArray[Any], chosen: Any) -> NDArray[Any]:
    """A copy of frames[chosen] that leaves nothing else of a file in memory."""
    found = np.array(frames[chosen])
    owner: Any = frames
    while owner is not None and not isinstance(owner, mmap.mmap):
        owner = getattr(owner, "base", None)
    if owner is not None and hasattr(mmap, "MADV_DONTNEED"):
        owner.madvise(mmap.MADV_DONTNEED)
    return found


def _folder() -> str:
    if "TMPDIR" not in os.environ and _LASTING.is_dir() and os.access(_LASTING, os.W_OK):
        return str(_LASTING)
    return tempfile.gettempdir()
