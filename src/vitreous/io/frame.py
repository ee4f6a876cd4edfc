"""What a file says about one frame, and how it becomes a `Configuration`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.errors import FileError, InputError

__all__ = ["Frame", "Overrides", "assemble", "check_columns", "clean_name", "take_diameters"]

# Shrink-wrapped bounds and six-digit text leave particles a little outside; unwrapped coordinates, far.
_LARGEST_EXCESS_PERIODIC = 0.5
_LARGEST_EXCESS_OPEN = 0.01

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


@dataclass(frozen=True)
class Overrides:
    """What the caller of `read` says in place of the file."""

    box: Box | ArrayLike | None = None
    periodic: Sequence[bool] | None = None
    unwrapped: bool | None = None
    species: Mapping[Any, Any] | None = None
    diameters: Any = None

    def __post_init__(self) -> None:
        if self.periodic is not None and np.shape(self.periodic) != (3,):
            raise InputError(f"periodic must be three flags, got {self.periodic!r}")


def assemble(frame: Frame, overrides: Overrides, name: str) -> Configuration:
    """Make the configuration; `name` is the file, for messages and as the source.

    Raises
    ------
    FileError
        If the frame has no cell and none is given, or does not pass the gate of `Configuration`.
    InputError
        If an override itself is wrong.
    """
    box = _box(frame, overrides, name)
    unwrapped = frame.unwrapped if overrides.unwrapped is None else overrides.unwrapped
    if frame.confined and not unwrapped:
        _check_confined(frame, box, name)
    try:
        return Configuration(
            positions=frame.positions,
            box=box,
            species=_species(frame, overrides, name),
            diameters=frame.diameters if overrides.diameters is None else overrides.diameters,
            unwrapped=unwrapped,
            images=None if overrides.unwrapped else frame.images,
            time=frame.time,
            step=frame.step,
            columns=_clean_columns(frame.columns, name),
            metadata=frame.metadata,
            source=name,
        )
    except FileError:
        raise
    except InputError as error:
        raise FileError(f"{name}: {error}") from None


def _box(frame: Frame, overrides: Overrides, name: str) -> Box:
    known = frame.box
    if isinstance(overrides.box, Box):
        return Box.of(overrides.box, overrides.periodic)
    declared = overrides.periodic
    if declared is None:
        declared = known.periodic if known is not None else frame.periodic
    if overrides.box is not None:
        return Box.of(overrides.box, declared, None if known is None else known.origin)
    try:
        if known is not None:
            return Box.of(known, declared)
        if declared is not None and not any(declared):
            return _bounding_box(frame.positions)
    except InputError as error:
        raise FileError(f"{name}: {error}") from None
    raise FileError(
        f"{name}: no cell in the file; give box (command line: --box Lx,Ly,Lz) or declare the data "
        f"non-periodic (--periodic none)"
    )


def _bounding_box(positions: NDArray[np.float64]) -> Box:
    low, high = positions.min(axis=0), positions.max(axis=0)
    padding = 0.01 * (high - low).max() or 0.5
    return Box(np.diag(high - low + 2 * padding), (False, False, False), low - padding)


def _check_confined(frame: Frame, box: Box, name: str) -> None:
    fractional = box.fractional(frame.positions)
    allowed = np.where(box.periodic, _LARGEST_EXCESS_PERIODIC, _LARGEST_EXCESS_OPEN)
    outside = ((fractional < -allowed) | (fractional > 1 + allowed)).any(axis=1)
    if outside.any():
        first = int(np.argmax(outside))
        particle = f"row {first + 1}" if frame.ids is None else f"atom id {frame.ids[first]}"
        raise FileError(
            f"{name}: {particle} at {frame.positions[first].tolist()} lies outside the box (one of "
            f"{int(outside.sum())}); correct the box, or declare the coordinates unwrapped"
        )


def _species(frame: Frame, overrides: Overrides, name: str) -> NDArray[Any]:
    labels = np.full(len(frame.positions), "A") if frame.species is None else frame.species
    if overrides.species is None:
        return labels
    unique, index = np.unique(labels, return_inverse=True)
    present = [str(label) for label in unique]
    mapping = {str(old): new for old, new in overrides.species.items()}
    unknown = sorted(set(mapping) - set(present))
    if unknown:
        raise InputError(f"species: {', '.join(unknown)} not in {name}, which has {', '.join(present)}")
    new = [mapping.get(label, old) for label, old in zip(present, unique.tolist(), strict=True)]
    if not all(isinstance(label, int) for label in new):
        new = [str(label) for label in new]
    return np.array(new)[index.reshape(-1)]


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
