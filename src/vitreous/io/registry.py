"""Read snapshots of any format, one or all of a file, and write them."""

from __future__ import annotations

import operator
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np
from numpy.typing import ArrayLike

from vitreous.box import Box
from vitreous.configuration import Configuration, Diameters
from vitreous.errors import FileError, FileWarning, InputError
from vitreous.io.atomic import atomic_path
from vitreous.io.follow import Follower
from vitreous.io.formats import FORMATS, Format, by_compression, by_name, by_suffix, format_to_read
from vitreous.io.frame import Entry, Frame, Overrides, assemble
from vitreous.io.selection import Selection
from vitreous.io.streams import in_file, reading
from vitreous.io.text import CutOffError

if TYPE_CHECKING:
    from vitreous.io.keywords import FramesKeywords, Said

__all__ = ["FORMATS", "Format", "frame_numbers", "numbered_frames", "read", "read_frames", "write"]


def read(
    path: str | os.PathLike[str],
    *,
    frame: int = -1,
    format: str | None = None,
    box: Box | ArrayLike | str | os.PathLike[str] | None = None,
    periodic: Sequence[bool] | None = None,
    unwrapped: bool | None = None,
    species: Mapping[str, str] | Mapping[int, str] | str | None = None,
    diameters: Diameters | None = None,
) -> Configuration:
    """Read one snapshot from a file.

    Parameters
    ----------
    path : path
        Any of the `FORMATS`: GSD, extended or plain xyz, LAMMPS text dump or data file, ``.sph``, a table of tracks;
        text formats also compressed, as ``.gz``, ``.bz2`` or (with the package zstandard) ``.zst``.
    frame : int
        Which frame of a trajectory; negative numbers count from the end. A last frame in which the file ends does not
        count, which a `FileWarning` tells.
    format : str, optional
        Name of the format, where the suffix does not say it: one of the names in `FORMATS`.
    box : optional
        Cell, in any form that `Box.of` takes, in place of the file's or where the file has none; or the path of a
        file with a box for each frame, as TCC has it.
    periodic : three bool, optional
        Periodicity per axis in place of the file's. If no axis is periodic and no cell is known, the
        bounding box of the particles is the cell.
    unwrapped : bool, optional
        Whether the positions follow particles through the boundaries, in place of what the file says. If
        True, image flags of the file are left aside.
    species : mapping or str, optional
        New label by label in the file; integer types may be given as text. Labels left out stay. Or the name of the
        column that holds the species.
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
    chosen = format_to_read(Path(path), name, format)
    # Senseless numbers in a file end in an error with words, not in numpy's warnings on the way.
    with reading(name), np.errstate(all="ignore"):
        with in_file(name):
            content, cut_off = chosen.read(Path(path), name, operator.index(frame))
        snapshot = assemble(content, overrides, name)
    if cut_off is not None:
        _tell_cut_off(cut_off)
    return snapshot


def read_frames(
    path: str | os.PathLike[str], *, follow: bool = False, **reading: Unpack[FramesKeywords]
) -> Iterator[Configuration]:
    """Read all frames of a file, or some, one after the other; each is what `read` makes of it, and text is read once.

    Frames that are not wanted are passed over unseen, whatever is wrong with them. Of those that are, unreadable and
    empty ones and a last one in which the file ends are left out, which a `FileWarning` tells, unless no other is left.

    Parameters
    ----------
    path, format, box, periodic, unwrapped, species, diameters
        As in `read`.
    frames : slice, optional
        Numbers of the wanted frames, counted from 0; bounds beyond the file are an error.
    begin, end : float, optional
        First and last time of the wanted frames, both included.
    timestep, interval : float, optional
        Time of one step, or from one frame to the next, in place of the times of the file.
    follow : bool
        Whether particles are to be followed: every frame has to name or order them alike and to have a time, later
        than the one before. A frame that is the one before once more, at the same time, is left out.

    Yields
    ------
    Configuration
        With its time, as far as that is known.

    Raises
    ------
    FileError
        If the file cannot be read as it is; the message says where and what to do.
    InputError
        If an argument is wrong.
    """
    for _, configuration in numbered_frames(path, follow=follow, **reading):
        yield configuration


def numbered_frames(
    path: str | os.PathLike[str],
    *,
    frames: slice | None = None,
    begin: float | None = None,
    end: float | None = None,
    timestep: float | None = None,
    interval: float | None = None,
    follow: bool = False,
    format: str | None = None,
    **overrides_of_file: Unpack[Said],
) -> Iterator[tuple[int, Configuration]]:
    """Each frame that `read_frames` gives, with its number in the file."""
    name = _checked_name(path)
    overrides = Overrides(**overrides_of_file)
    selection = Selection(frames, begin, end, timestep, interval)
    chosen = format_to_read(Path(path), name, format)
    numbers, cut_off = None, None
    with reading(name):
        if selection.needs_count:
            count, cut_off = _count(chosen, Path(path), name)
            numbers = selection.numbers(count, name)
        follower = Follower(name) if follow else None
        unread: list[tuple[int, FileError]] = []
        any_read, latest = False, None
        for entry in chosen.read_all(Path(path), name):
            if numbers is not None and entry.number not in numbers:
                if entry.number > numbers[-1]:
                    break
                continue
            with np.errstate(all="ignore"):  # as in `read`; left before the frame is handed over
                content = None
                if entry.step is None and entry.time is None:  # the head does not tell
                    content = _load(entry, name, unread)
                    if content is None:
                        continue
                    entry.step, entry.time = content.step, content.time
                try:
                    time = selection.time(entry)
                    latest = time if time is not None else latest
                    if not selection.wants_time(time, entry.number):
                        continue
                except FileError as error:
                    raise FileError(f"{name}: {error}") from None
                content = _load(entry, name, unread) if content is None else content
                if content is None:
                    continue
                content.time, content.number = time, entry.number
                configuration = assemble(content, overrides, f"{name}: frame {entry.number}", name)
                if follower is not None and not follower.accepts(content, configuration):
                    continue
            any_read = True
            yield entry.number, configuration
        if not any_read:
            if unread:
                raise unread[0][1]
            last = "" if latest is None else f"; the last is at {latest:g}"
            raise FileError(f"{name}: no frame is in the part that --from and --to leave{last}")
    if cut_off is not None and selection.reaches_the_end:
        _tell_cut_off(cut_off)
    _tell_unread(unread, name)


def frame_numbers(path: str | os.PathLike[str], frames: slice | None, *, format: str | None = None) -> range:
    """The numbers of the frames that a slice chooses; bounds beyond the file are an error.

    Raises
    ------
    FileError, InputError
        As `read_frames`.
    """
    name = _checked_name(path)
    chosen = format_to_read(Path(path), name, format)
    with reading(name):
        return Selection(frames).numbers(_count(chosen, Path(path), name)[0], name)


def _load(entry: Entry, name: str, unread: list[tuple[int, FileError]]) -> Frame | None:
    """The content of a frame, or None and a reason more why it is left out."""
    try:
        return entry.load()
    except FileError as error:
        unread.append((entry.number, error))
    except InputError as error:
        unread.append((entry.number, FileError(f"{name}: frame {entry.number}: {error}")))
    return None


def _count(chosen: Format, path: Path, name: str) -> tuple[int, FileError | None]:
    """Number of frames, without a last one in which the file ends; and why that one does not count."""
    if chosen.count is not None:
        return chosen.count(path, name), None
    last = None
    for entry in chosen.read_all(path, name):
        last = entry
    if last is None or last.cut_off is None:
        return 0 if last is None else last.number + 1, None
    if last.number == 0:
        raise last.cut_off
    return last.number, last.cut_off


def _tell_cut_off(error: FileError) -> None:
    warnings.warn(
        f"{error}; this last frame is left out, the ones before are whole", FileWarning, stacklevel=3
    )


def _tell_unread(unread: list[tuple[int, FileError]], name: str) -> None:
    """Tell which frames were left out, and why."""
    if unread and isinstance(unread[-1][1], CutOffError):
        _tell_cut_off(unread.pop()[1])
    if unread:
        reason = str(unread[0][1]).removeprefix(f"{name}: ")
        numbers = ", ".join(str(number) for number, _ in unread[:8])
        more = "" if len(unread) <= 8 else " and more"
        which = f"frame {numbers} is" if len(unread) == 1 else f"{len(unread)} frames are"
        all_of_them = "" if len(unread) == 1 else f" ({numbers}{more})"
        warnings.warn(
            f"{name}: {which} left out{all_of_them}, because {'it' if len(unread) == 1 else 'they'} cannot be read: "
            f"{reason}",
            FileWarning,
            stacklevel=3,
        )


def write(path: str | os.PathLike[str], configuration: Configuration, *, format: str | None = None) -> Path:
    """Write a configuration to a GSD or extended xyz file, completely or not at all.

    Parameters
    ----------
    path : path
        ``.gsd``, ``.extxyz``, ``.xyz``; the text formats also with ``.gz``, ``.bz2``, ``.zst``. An old file is
        replaced.
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
    chosen = by_name(format) if format is not None else by_suffix(Path(path))
    if chosen is None or chosen.write is None:
        writable = ", ".join(suffix for entry in FORMATS if entry.write for suffix in entry.suffixes)
        raise FileError(f"{target}: cannot write this format; use one of the suffixes {writable}")
    compression = by_compression(Path(path))
    if compression is not None and not chosen.compressible:
        raise FileError(f"{target}: {chosen.title} cannot be compressed; leave out {compression.suffix}")
    with atomic_path(path) as temporary:
        try:
            chosen.write(temporary, configuration, target)
        except FileError as error:
            known = str(error).startswith(target)
            raise error if known else FileError(f"{target}: {error}") from None
    return Path(path)


def _checked_name(path: str | os.PathLike[str]) -> str:
    if not isinstance(path, str | os.PathLike) or not isinstance(os.fspath(path), str):
        raise InputError(f"a file name is needed, got {type(path).__name__}")
    name = os.fspath(path)
    if "\0" in name or not name:
        raise FileError(f"{name!r}: not a file name")
    return name
