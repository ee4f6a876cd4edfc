"""Where compiled kernels are kept: beside the package, in the home directory, or in a folder of our own.

Numba keeps them in the folder `NUMBA_CACHE_DIR` if that is set, else beside the package, else in the cache of the user,
and gives up with a traceback where it can write to none of them (containers, read-only homes). Then a folder for
temporary files will do; without one they are compiled at each start. It keeps kernels apart by processor, so that a
folder may be shared by machines of several kinds. Files that are cut off (a full disk, a machine that stopped) are
removed, over which it would stumble with a traceback, too.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import stat
import tempfile
import warnings
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

from numba import config
from numba.core.caching import FunctionCache

_PACKAGE = Path(__file__).parent
_SETTINGS: Any = config  # of Numba, whose names it makes as it is loaded
_Cache: Any = FunctionCache
_FRAME = b"\x95"  # of a pickle, after two bytes; then the length in eight
_FRAMED = 11


@cache
def can_be_kept() -> bool:
    """Whether there is a folder for compiled kernels, which Numba is told of where it does not find one itself."""
    if _numba_finds_a_folder():
        return True
    where = "neither the installation nor the home directory can be written"
    folder = _private_folder()
    if folder is not None:
        os.environ["NUMBA_CACHE_DIR"] = _SETTINGS.CACHE_DIR = str(folder)  # for workers, too
        if _numba_finds_a_folder():
            warnings.warn(f"{where}: compiled kernels are kept in {folder}", UserWarning, stacklevel=2)
            return True
    warnings.warn(
        f"{where}: kernels are compiled anew at each start, about a minute; NUMBA_CACHE_DIR can name a folder for "
        f"them",
        UserWarning,
        stacklevel=2,
    )
    return False


def _numba_finds_a_folder() -> bool:
    """Whether it does for the kernels of every room."""
    rooms = {file.parent for file in _PACKAGE.rglob("_*_kernel.py")}
    try:
        for folder in {_Cache(_function_in(room / "__init__.py")).cache_path for room in rooms}:
            _remove_damaged(Path(folder))
    except (RuntimeError, OSError):
        return False
    return True


def _remove_damaged(folder: Path) -> None:
    """Remove what is cut off, so that those kernels are compiled anew."""
    for file in folder.glob("_*_kernel.*.nb[ci]"):
        with contextlib.suppress(FileNotFoundError):  # another process was faster
            if not _is_whole(file):
                file.unlink()


def _is_whole(file: Path) -> bool:
    """Whether a file of compiled code, or an index of such files, is as long as its beginning says."""
    if file.suffix == ".nbc":  # one pickle, which ends with a mark
        with file.open("rb") as data:
            size = data.seek(0, os.SEEK_END)
            data.seek(max(0, size - 1))
            return data.read() == pickle.STOP
    with file.open("rb") as data:
        try:
            pickle.load(data)  # the version of Numba, then the index
        except Exception:  # of any kind where the bytes are any
            return False
        rest = data.read()
    framed = rest[2:3] == _FRAME
    return rest[-1:] == pickle.STOP and not (
        framed and len(rest) < _FRAMED + int.from_bytes(rest[3:_FRAMED], "little")
    )


def _function_in(file: Path) -> FunctionType:
    """A function that says to be from a file."""

    def nothing() -> None: ...

    return FunctionType(nothing.__code__.replace(co_filename=str(file)), {})


def _private_folder() -> Path | None:
    """A folder for temporary files that is ours alone: whoever could write kernels could have us run anything."""
    if not hasattr(os, "getuid"):
        return None
    try:
        folder = Path(tempfile.gettempdir()) / f"vitreous-kernels-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
    return folder if ours else None
