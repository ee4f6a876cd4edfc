"""What a file says about one frame, and how it becomes a `Configuration`."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.box import Box
from vitreous.configuration import Configuration, Diameters
from vitreous.errors import FileError, FileWarning, InputError
from vitreous.io.cell import BoxTable, bounding_box, read_boxes
from vitreous.io.labels import as_labels, looks_like_labels
from vitreous.io.streams import in_file
from vitreous.io.text import shorten

__all__ = ["Entry", "Frame", "Overrides", "assemble", "check_columns", "clean_name", "take_diameters"]

# Between two rebuilds of neighbour lists particles are a little outside the box; unwrapped coordinates, far.
_LARGEST_EXCESS = 0.5
_FEWEST_OF_A_PLANE = 7  # fewer particles lie in a plane by chance
_FLAT = 1e-6  # of the largest extent
_SOME = 512  # particles that show in most cases that a system is not flat

_NAME = re.compile(r"[A-Za-z0-9_]+")


@dataclass
class Frame:
    """The content of one frame of a file, before anything the caller overrides.

    Attributes
    ----------
    positions : (N, 3) array
    box : Box, optional
        None if the file has no cell.
    periodic : three bool, optional
        Periodicity declared by a file without a cell.
    species, diameters, images, unwrapped, time, step, columns, metadata
        As in `Configuration`.
    confined : bool
        Whether the format promises that the particles are in the box; then this is checked.
    ids : (N,) array, optional
        What the file calls its particles, for messages.
    unordered : str, optional
        Why the same row is not the same particle in all frames, if that is so.
    number : int
        Number of the frame in its file.
    surroundings : Box, optional
        The open box to take where there is no cell; by default that around the particles of this frame.
    """

    positions: NDArray[np.float64]
    box: Box | None = None
    periodic: tuple[bool, bool, bool] | None = None
    species: NDArray[Any] | None = None
    diameters: NDArray[np.float64] | None = None
    images: NDArray[np.int64] | None = None
    unwrapped: bool = False
    time: float | None = None
    step: int | None = None
    columns: dict[str, NDArray[Any]] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    confined: bool = False
    ids: NDArray[np.int64] | None = None
    unordered: str | None = None
    number: int = 0
    surroundings: Box | None = None


@dataclass
class Entry:
    """One frame of a file, of which only the head was read.

    Attributes
    ----------
    number : int
    load : callable
        Reads the rest, as long as the next frame was not asked for.
    step, time : optional
        As far as the head tells them.
    cut_off : FileError, optional
        Why the frame does not count: the file ends in it. Known when the next frame was asked for, if not before.
    """

    number: int
    load: Callable[[], Frame]
    step: int | None = None
    time: float | None = None
    cut_off: FileError | None = None


@dataclass(frozen=True)
class Overrides:
    """What the caller of `read` says in place of the file."""

    box: Box | BoxTable | ArrayLike | str | os.PathLike[str] | None = None
    periodic: Sequence[bool] | None = None
    unwrapped: bool | None = None
    species: Mapping[str, str] | Mapping[int, str] | str | None = None
    diameters: Diameters | None = None

    def __post_init__(self) -> None:
        if isinstance(self.box, str | os.PathLike):
            if not os.path.exists(self.box):
                raise InputError(
                    f"box: cannot read {os.fspath(self.box)!r} as lengths, and there is no such file"
                )
            object.__setattr__(self, "box", read_boxes(self.box))
        if self.periodic is not None and np.shape(self.periodic) != (3,):
            raise InputError(f"periodic must be three flags, got {self.periodic!r}")


def assemble(frame: Frame, overrides: Overrides, name: str, source: str | None = None) -> Configuration:
    """Make the configuration; `name` is the file, for messages and as the source.

    Raises
    ------
    FileError
        If the frame has no cell and none is given, is two-dimensional, or does not pass the gate of `Configuration`.
    InputError
        If an override itself is wrong.
    """
    box = _box(frame, overrides, name)
    unwrapped = frame.unwrapped if overrides.unwrapped is None else overrides.unwrapped
    if frame.confined and not unwrapped:
        _check_confined(frame, box, name)
    _check_not_flat(frame.positions, box, name)
    with in_file(name):
        return Configuration(
            positions=frame.positions,
            box=box,
            species=_species(frame, overrides, name, source or name),
            diameters=frame.diameters if overrides.diameters is None else overrides.diameters,
            unwrapped=unwrapped,
            images=None if overrides.unwrapped else frame.images,
            time=frame.time,
            step=frame.step,
            columns=_clean_columns(frame.columns, name),
            metadata=frame.metadata,
            source=name,
        )


def _box(frame: Frame, overrides: Overrides, name: str) -> Box:
    known = frame.box
    given = overrides.box
    if isinstance(given, BoxTable):
        box = given.of_frame(frame.number)
        return Box.of(box, overrides.periodic, None if known is None else known.origin)
    if isinstance(given, Box):
        return Box.of(given, overrides.periodic)
    declared = overrides.periodic
    if declared is None:
        declared = known.periodic if known is not None else frame.periodic
    if given is not None:
        cell: Any = given
        return Box.of(cell, declared, None if known is None else known.origin)
    with in_file(name):
        if known is not None:
            return Box.of(known, declared)
        if declared is not None and not any(declared):
            return frame.surroundings or bounding_box(frame.positions)
    raise FileError(
        f"{name}: no cell in the file; give box (command line: --box Lx,Ly,Lz) or declare the data "
        f"non-periodic (--periodic none)"
    )


def _check_confined(frame: Frame, box: Box, name: str) -> None:
    """Refuse particles far outside periodic faces; across open ones nothing is ambiguous."""
    fractional = box.fractional(frame.positions)
    allowed = np.where(box.periodic, _LARGEST_EXCESS, np.inf)
    outside = ((fractional < -allowed) | (fractional > 1 + allowed)).any(axis=1)
    if outside.any():
        first = int(np.argmax(outside))
        particle = f"row {first + 1}" if frame.ids is None else f"atom id {frame.ids[first]}"
        raise FileError(
            f"{name}: {particle} at {frame.positions[first].tolist()} lies outside the box (one of "
            f"{int(outside.sum())}); correct the box, or declare the coordinates unwrapped (command line: "
            f"--unwrapped)"
        )


def _check_not_flat(positions: NDArray[np.float64], box: Box, name: str) -> None:
    """Refuse particles that all lie in one plane, whatever the height of the box."""
    if len(positions) < _FEWEST_OF_A_PLANE:
        return
    largest = float(np.ptp(positions))  # no extent is larger
    some = positions[:_SOME]
    if len(positions) > _SOME and not _is_flat(some, box, largest)[0]:
        return
    flat, axis = _is_flat(positions, box, largest)
    if flat:
        raise FileError(
            f"{name}: the system is two-dimensional: all particles have the same {'xyz'[axis]}, "
            f"{positions[0, axis]:.6g}; vitreous needs three dimensions"
        )


def _is_flat(positions: NDArray[np.float64], box: Box, largest: float) -> tuple[bool, int]:
    """Whether the particles lie in a plane at right angles to an axis, on whatever side of the box; and the axis."""
    shifts = box.fractional(positions) - box.fractional(positions[:1])
    shifts -= np.rint(shifts) * np.array(box.periodic)  # a plane at the boundary may be on both of its sides
    for extent in (np.ptp(positions, axis=0), np.ptp(shifts, axis=0) * box.heights):
        if extent.min() <= _FLAT * largest and np.sort(extent)[1] > _FLAT * largest:
            return True, int(np.argmin(extent))
    return False, 0


def _species(frame: Frame, overrides: Overrides, name: str, source: str) -> NDArray[Any]:
    given = overrides.species
    if isinstance(given, str):
        return _species_of_column(frame, given, name)
    labels = np.full(len(frame.positions), "A") if frame.species is None else frame.species
    if (labels == labels[0]).all():
        suspect = looks_like_labels(frame.columns, frame.species is not None)
        if suspect is not None:
            different = ", ".join(str(label) for label in np.unique(frame.columns[suspect])[:4].tolist())
            warnings.warn(
                f"{source}: all particles are taken for one species, but the column {suspect!r} ({different}) looks "
                f"like labels; if it holds the species, say species={suspect!r} (command line: --species {suspect})",
                FileWarning,
                stacklevel=2,
            )
    if given is None:
        return labels
    unique, index = np.unique(labels, return_inverse=True)
    present = [str(label) for label in unique]
    mapping = {str(old): new for old, new in given.items()}
    unknown = sorted(set(mapping) - set(present))
    if unknown:
        raise InputError(f"species: {', '.join(unknown)} not in {name}, which has {', '.join(present)}")
    new = [mapping.get(label, old) for label, old in zip(present, unique.tolist(), strict=True)]
    if not all(isinstance(label, int) for label in new):
        new = [str(label) for label in new]
    return np.array(new)[index.reshape(-1)]


def _species_of_column(frame: Frame, column: str, name: str) -> NDArray[Any]:
    values = frame.columns.get(column)
    if values is None:
        known = ", ".join(frame.columns) or "no further columns"
        raise InputError(f"species: there is no column {shorten(column)} in {name}, which has {known}")
    labels = as_labels(values)
    if labels is None:
        raise InputError(f"species: the column {shorten(column)} of {name} holds no labels")
    return labels


def take_diameters(columns: dict[str, NDArray[Any]]) -> NDArray[np.float64] | None:
    """Take the column ``diameter``, else ``radius``, out of the columns of a file; None if it has neither."""
    for column, factor in (("diameter", 1.0), ("radius", 2.0)):
        values = columns.get(column)
        if values is not None and values.ndim == 1 and values.dtype.kind in "iuf":
            return factor * columns.pop(column).astype(np.float64)
    return None


def clean_name(name: str) -> str:
    """A column name in letters, digits and underscores: ``c_q[6]`` becomes ``c_q_6``."""
    return re.sub(r"[^A-Za-z0-9_]+", "_", re.sub(r"\[(\w+)\]", r"_\1", name)) or "_"


def _clean_columns(columns: dict[str, NDArray[Any]], name: str) -> dict[str, NDArray[Any]]:
    cleaned: dict[str, NDArray[Any]] = {}
    for column, values in columns.items():
        key = clean_name(column)
        if key in cleaned:
            raise FileError(f"{name}: two columns are called {key!r} once special characters are replaced")
        cleaned[key] = values
    return cleaned


def check_columns(configuration: Configuration, reserved: Sequence[str], target: str) -> None:
    """Refuse columns that no file can hold, before anything is written.

    Raises
    ------
    FileError
        For a name with other characters than letters, digits and underscores, a name with a meaning of its
        own in the format, an empty column, or values that are not numbers, flags or text.
    """
    for name, values in configuration.columns.items():
        if not _NAME.fullmatch(name):
            raise FileError(
                f"{target}: cannot write the column {name!r}: use only letters, digits and _ in its name"
            )
        if name in reserved:
            raise FileError(f"{target}: cannot write the column {name!r}: the format reserves it; rename it")
        if values.dtype.kind not in "biufU" or (values.dtype.kind == "f" and values.dtype.itemsize > 8):
            raise FileError(f"{target}: cannot write the column {name!r} of type {values.dtype}")
        if values.size == 0:
            raise FileError(f"{target}: cannot write the column {name!r}: it has no values")
