"""The formats by name and suffix, and the two functions that choose among them."""

from __future__ import annotations

import itertools
import operator
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.errors import FileError, InputError
from vitreous.io import gsd_file, lammps_dump, sph, xyz
from vitreous.io.atomic import atomic_path
from vitreous.io.frame import Frame, Overrides, assemble
from vitreous.io.streams import GZIP_MAGIC, open_text, reading

__all__ = ["FORMATS", "Format", "read", "read_frames", "write"]

_BYTES_TO_LOOK_AT = 4096


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes
    ----------
    name : str
        What ``format=`` takes.
    title : str
        What messages say.
    suffixes : tuple of str
        File suffixes, without ``.gz``.
    read : callable
        Path, name for messages, and frame to `Frame`.
    read_all : callable
        Path and name to all frames, one after the other.
    write : callable, optional
        Path, configuration and name for messages.
    compressible : bool
        Whether the file may be inside gzip.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    read: Callable[[Path, str, int], Frame]
    read_all: Callable[[Path, str], Iterator[Frame]]
    write: Callable[[Path, Configuration, str], None] | None = None
    compressible: bool = True


FORMATS = (
    Format(
        "gsd", "a GSD file", (".gsd",), gsd_file.read, gsd_file.read_all, gsd_file.write, compressible=False
    ),
    Format("extxyz", "an extended xyz file", (".extxyz",), xyz.read, xyz.read_all, xyz.write),
    Format("xyz", "an xyz file", (".xyz",), xyz.read, xyz.read_all, xyz.write),
    Format(
        "lammps-dump",
        "a LAMMPS text dump",
        (".dump", ".lammpstrj", ".lammpsdump", ".atom"),
        lammps_dump.read,
        lammps_dump.read_all,
    ),
    Format("sph", "a .sph file", (".sph",), sph.read, sph.read_all),
)


def read(
    path: str | os.PathLike[str],
    *,
    frame: int = -1,
    format: str | None = None,
    box: Box | ArrayLike | None = None,
    periodic: Sequence[bool] | None = None,
    unwrapped: bool | None = None,
    species: Mapping[Any, Any] | None = None,
    diameters: Any = None,
) -> Configuration:
    """Read one snapshot from a file.

    Parameters
    ----------
    path : path
        LAMMPS text dump, GSD, extended or plain xyz, or ``.sph``; text formats also compressed, as ``.gz``.
    frame : int
        Which frame of a trajectory; negative numbers count from the end.
    format : str, optional
        Name of the format, where the suffix does not say it: one of the names in `FORMATS`.
    box : optional
        Cell, in any form that `Box.of` takes, in place of the file's or where the file has none.
    periodic : three bool, optional
        Periodicity per axis in place of the file's. If no axis is periodic and no cell is known, the
        bounding box of the particles is the cell.
    unwrapped : bool, optional
        Whether the positions follow particles through the boundaries, in place of what the file says. If
        True, image flags of the file are left aside.
    species : mapping, optional
        New label by label in the file; integer types may be given as text. Labels left out stay.
    diameters : optional
        As in `Configuration`, by new label; in place of the file's.

    Returns
    -------
    Configuration
        With the path as its ``source``. LAMMPS particles come sorted by id, all others as in the file.

    Raises
    ------
    FileError
        If the file cannot be read as it is; the message says where and what to do.
    InputError
        If an argument is wrong.
    """
    name = _checked_name(path)
    if not hasattr(frame, "__index__"):
        raise InputError(f"frame must be an integer, got {frame!r}")
    overrides = Overrides(box, periodic, unwrapped, species, diameters)
    chosen = _format_to_read(Path(path), name, format)
    # Senseless numbers in a file end in an error with words, not in numpy's warnings on the way.
    with reading(name), np.errstate(all="ignore"):
        try:
            content = chosen.read(Path(path), name, operator.index(frame))
        except FileError:
            raise
        except InputError as error:
            raise FileError(f"{name}: {error}") from None
        return assemble(content, overrides, name)


def read_frames(
    path: str | os.PathLike[str],
    *,
    format: str | None = None,
    box: Box | ArrayLike | None = None,
    periodic: Sequence[bool] | None = None,
    unwrapped: bool | None = None,
    species: Mapping[Any, Any] | None = None,
    diameters: Any = None,
) -> Iterator[Configuration]:
    """Read all frames of a file, one after the other; each is what `read` makes of it, and text is read once.

    Parameters
    ----------
    path, format, box, periodic, unwrapped, species, diameters
        As in `read`.

    Yields
    ------
    Configuration

    Raises
    ------
    FileError
        If the file cannot be read as it is; the message says where and what to do.
    InputError
        If an argument is wrong.
    """
    name = _checked_name(path)
    overrides = Overrides(box, periodic, unwrapped, species, diameters)
    chosen = _format_to_read(Path(path), name, format)
    with reading(name):
        contents = chosen.read_all(Path(path), name)
        for k in itertools.count():
            with np.errstate(all="ignore"):  # as in `read`; left before the frame is handed over
                try:
                    content = next(contents, None)
                except FileError:
                    raise
                except InputError as error:
                    raise FileError(f"{name}: frame {k}: {error}") from None
                if content is None:
                    return
                configuration = assemble(content, overrides, f"{name}: frame {k}")
            yield configuration


def write(path: str | os.PathLike[str], configuration: Configuration, *, format: str | None = None) -> Path:
    """Write a configuration to a GSD or extended xyz file, completely or not at all.

    Parameters
    ----------
    path : path
        ``.gsd``, ``.extxyz``, ``.xyz``; the text formats also with ``.gz``. An old file is replaced.
    configuration : Configuration
        Everything in it is read back as it is, columns, metadata and all bits of the positions included.
    format : str, optional
        Name of the format, where the suffix does not say it.

    Returns
    -------
    Path
        The path written.

    Raises
    ------
    FileError
        If the file cannot be written or its format cannot hold the configuration; nothing is left behind.
    """
    target = _checked_name(path)
    if not isinstance(configuration, Configuration):
        raise InputError(f"write takes a Configuration, got {type(configuration).__name__}")
    chosen = _by_name(format) if format is not None else _by_suffix(Path(path))
    if chosen is None or chosen.write is None:
        writable = ", ".join(suffix for entry in FORMATS if entry.write for suffix in entry.suffixes)
        raise FileError(f"{target}: cannot write this format; use one of the suffixes {writable}")
    if Path(path).suffix == ".gz" and not chosen.compressible:
        raise FileError(f"{target}: {chosen.title} cannot be compressed; leave out .gz")
    with atomic_path(path) as temporary:
        chosen.write(temporary, configuration, target)
    return Path(path)


def _checked_name(path: str | os.PathLike[str]) -> str:
    if not isinstance(path, str | os.PathLike) or not isinstance(os.fspath(path), str):
        raise InputError(f"a file name is needed, got {type(path).__name__}")
    name = os.fspath(path)
    if "\0" in name or not name:
        raise FileError(f"{name!r}: not a file name")
    return name


def _by_name(name: str) -> Format:
    for entry in FORMATS:
        if entry.name == name:
            return entry
    raise InputError(
        f"format: unknown format {name!r}; known are {', '.join(entry.name for entry in FORMATS)}"
    )


def _by_suffix(path: Path) -> Format | None:
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    return next((entry for entry in FORMATS if suffix.lower() in entry.suffixes), None)


def _format_to_read(path: Path, name: str, given: str | None) -> Format:
    """Choose by name or suffix, else by content; refuse what contradicts the content."""
    asked = None if given is None else _by_name(given)
    compressed, found = _look_at(path, name)
    chosen = asked or _by_suffix(path) or found
    if chosen is None:
        known = ", ".join(suffix for entry in FORMATS for suffix in entry.suffixes)
        raise FileError(
            f"{name}: neither the suffix nor the content tells the format; known suffixes are {known}, "
            f"the text formats also with .gz; or give format (command line: --format)"
        )
    if found is not None and chosen.read is not found.read:
        raise FileError(
            f"{name}: this looks like {found.title}, not like {chosen.title}; rename it to end in "
            f"{found.suffixes[0]} or give format={found.name!r} (command line: --format {found.name})"
        )
    if compressed and not chosen.compressible:
        raise FileError(f"{name}: {chosen.title} inside gzip cannot be read; decompress it with gunzip")
    if asked is None and compressed != (path.suffix == ".gz"):
        looks = (
            "compressed with gzip; rename it to end in .gz" if compressed else "not compressed; remove .gz"
        )
        raise FileError(f"{name}: the file looks {looks}")
    return chosen


def _look_at(path: Path, name: str) -> tuple[bool, Format | None]:
    """Whether the file is inside gzip, and its format if the first bytes leave no doubt."""
    with reading(name):
        if path.is_dir():
            raise FileError(f"{name}: cannot read, this is a directory")
        if path.exists() and not path.is_file():
            raise FileError(f"{name}: cannot read, this is not a regular file")
        with path.open("rb") as raw:
            head = raw.read(_BYTES_TO_LOOK_AT)
    if not head:
        raise FileError(f"{name}: the file is empty")
    compressed = head.startswith(GZIP_MAGIC)
    if compressed:
        with open_text(path, name) as text:
            head = text.peek(_BYTES_TO_LOOK_AT)
    if head.startswith(gsd_file.GSD_MAGIC):
        found = "gsd"
    elif head.lstrip().startswith(b"ITEM:"):
        found = "lammps-dump"
    elif b"Properties=" in b"".join(head.split(b"\n", 2)[1:2]):
        found = "extxyz"
    else:
        return compressed, None
    return compressed, _by_name(found)
