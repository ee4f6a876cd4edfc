"""Files of one dataclass each, as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from vitreous.errors import FileError
from vitreous.io.atomic import atomic_path
from vitreous.records import RecordError, from_text, to_text

__all__ = ["read_record", "write_record"]

_T = TypeVar("_T")


def write_record(path: Path, record: object) -> None:
    """Write a dataclass, whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_text(to_text(record), encoding="utf-8")


def read_record(path: Path, kind: type[_T]) -> _T:
    """Read a dataclass that `write_record` wrote.

    Raises
    ------
    FileNotFoundError
        If there is no such file: each caller knows what that means.
    FileError
        If it cannot be read, or holds something else.
    """
    try:
        return from_text(kind, path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path}: cannot be read: {error}") from None
    except RecordError as error:
        raise FileError(f"{path}: cannot be read: {error}") from None
