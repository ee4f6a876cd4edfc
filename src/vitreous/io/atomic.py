"""Write a file completely or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vitreous.errors import FileError

__all__ = ["atomic_path"]


@contextmanager
def atomic_path(target: str | os.PathLike[str]) -> Iterator[Path]:
    """A temporary path beside `target` that takes its place when the block ends well.

    The temporary file has the suffix of the target (``.extxyz.gz`` stays ``.extxyz.gz``). At the end of the
    block it is flushed to disk and renamed; a reader sees the old file or the new one, never a part. On any
    exception, an interrupt included, the temporary file is removed and an old target stays as it was.

    Parameters
    ----------
    target : path
        The file to create or to replace. A symbolic link is followed.

    Yields
    ------
    Path
        Where the block has to write. The file does not exist yet.

    Raises
    ------
    FileError
        If the target is a directory or a device, its directory is missing or not writable, the disk is
        full, or the block wrote nothing; or that of the block, with the name of the target in place of the temporary.
    """
    final = Path(os.path.realpath(target))
    try:
        if final.is_dir():
            raise FileError(f"{target}: cannot write, this is a directory; give a file name")
        if final.exists() and not final.is_file():
            raise FileError(f"{target}: cannot write, this is not a regular file")
        if not final.parent.is_dir():
            raise FileError(f"{target}: cannot write, the directory {final.parent} does not exist")
        temporary = final.parent / f".vitreous-{secrets.token_hex(8)}{_suffix(final)}"
        try:
            yield temporary
            if final.exists():
                shutil.copymode(final, temporary)
            _flush_to_disk(temporary)
            os.replace(temporary, final)
        except FileError as error:  # of whoever wrote: the name that a person knows
            raise FileError(str(error).replace(str(temporary), str(target))) from None
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise FileError(f"{target}: cannot write: {error.strerror or error}") from None


def _suffix(path: Path) -> str:
    inner = Path(path.stem).suffix if path.suffix in (".gz", ".bz2", ".zst") else ""
    return inner + path.suffix


def _flush_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
