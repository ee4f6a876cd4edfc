"""Where compiled kernels are kept: beside the package, in the home directory, or in a folder of our own.

Numba keeps them in the folder `NUMBA_CACHE_DIR` if that is set, else beside the package, else in the cache of the user,
and gives up with a traceback where it can write to none of them (containers, read-only homes). Then a folder for
temporary files will do; without one they are compiled at each start. It keeps kernels apart by processor, so that a
folder may be shared by machines of several kinds.
"""

from __future__ import annotations

import os
import stat
import tempfile
import warnings
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

from numba import config
from numba.core.caching import FunctionCache

__all__ = ["can_be_kept"]

_PACKAGE = Path(__file__).parent
_SETTINGS: Any = config  # of Numba, whose names it makes as it is loaded
_Cache: Any = FunctionCache


@cache
def can_be_kept() -> bool:
    """Whether there is a folder for compiled kernels, which Numba is told of where it does not find one itself.

    Warns
    -----
    UserWarning
        If it does not; once.
    """
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
        for room in rooms:
            _Cache(_function_in(room / "__init__.py"))
    except (RuntimeError, OSError):
        return False
    return True


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
