"""Cells that a file gives in part: vectors that are zero, none at all, or one for each frame in another file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vitreous.box import Box
from vitreous.errors import FileError, InputError
from vitreous.io.streams import open_text

__all__ = ["BoxTable", "bounding_box", "complete_cell", "read_boxes"]

_LARGEST = 1e100
_PADDING = 0.01  # of the largest extent, around particles that decide the cell


def bounding_box(positions: NDArray[np.float64]) -> Box:
    """The open box around the particles."""
    low, high = positions.min(axis=0), positions.max(axis=0)
    padding = _PADDING * (high - low).max() or 0.5
    return Box(np.diag(high - low + 2 * padding), (False, False, False), low - padding)


def complete_cell(
    vectors: NDArray[np.float64],
    periodic: tuple[bool, bool, bool] | None,
    origin: NDArray[np.float64] | None,
    positions: NDArray[np.float64],
) -> Box | None:
    """The box where edges that are zero, as of a slab or a wire, hold the particles along them and are open.

    Parameters
    ----------
    vectors : (3, 3) array
        Edges as rows; those that are zero are not known.
    periodic : three bool, optional
        All true by default.
    origin : (3,) array, optional
        Zero by default.
    positions : (N, 3) array

    Returns
    -------
    Box or None
        None if all edges are zero.

    Raises
    ------
    InputError
        If the edges that are there make no sense.
    """
    if not (np.isfinite(vectors).all() and np.abs(vectors).max() < _LARGEST):
        raise InputError("box: edge vectors must be finite numbers of a sensible size")
    flags = np.array((True, True, True) if periodic is None else periodic)
    missing = ~vectors.any(axis=1)
    if not missing.any():
        return Box(vectors, (bool(flags[0]), bool(flags[1]), bool(flags[2])), origin)  # type: ignore[arg-type]
    if missing.all():
        return None
    vectors = vectors.copy()
    corner = np.zeros(3) if origin is None else np.array(origin, dtype=np.float64)
    known = vectors[~missing]
    # Directions at right angles to the known edges, each for the axis that it is nearest to.
    _, _, rows = np.linalg.svd(known)
    free = rows[len(known) :]
    if len(free) == 2:
        free = _turned(free, np.eye(3)[missing])
    for axis, direction in zip(np.flatnonzero(missing), free, strict=True):
        along = direction if direction[axis] >= 0 else -direction
        reach = positions @ along
        low, high = reach.min(), reach.max()
        padding = _PADDING * max(high - low, np.linalg.norm(known, axis=1).max())
        vectors[axis] = (high - low + 2 * padding) * along
        corner = corner + (low - padding - corner @ along) * along
        flags[axis] = False
    return Box(vectors, (bool(flags[0]), bool(flags[1]), bool(flags[2])), corner)


def _turned(plane: NDArray[np.float64], axes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two directions of a plane, turned within it as near to two axes as they can be."""
    inside = axes @ plane.T
    left, _, right = np.linalg.svd(inside)
    return np.asarray(left @ right @ plane)


@dataclass(frozen=True)
class BoxTable:
    """Boxes of the frames of a trajectory, from a file beside it.

    Attributes
    ----------
    name : str
        Name of the file, for messages.
    boxes : tuple of Box
        One for each frame, or one for all.
    """

    name: str
    boxes: tuple[Box, ...]

    def of_frame(self, number: int) -> Box:
        """The box of a frame; a `FileError` if there is none."""
        if len(self.boxes) == 1:
            return self.boxes[0]
        if not 0 <= number < len(self.boxes):
            raise FileError(
                f"{self.name}: there is no box for frame {number}; the file has {len(self.boxes)} boxes"
            )
        return self.boxes[number]


def read_boxes(path: str | os.PathLike[str]) -> BoxTable:
    """Read the box file of TCC: after one line of words a line ``number Lx Ly Lz [tilt]`` for each frame."""
    name = os.fspath(path)
    boxes: list[Box] = []
    with open_text(Path(path), name) as text:
        while not text.at_end():
            words = text.line("a box").replace(",", " ").split()
            try:
                numbers = [float(word) for word in words]
            except ValueError:
                if not boxes and text.line_number == 1:
                    continue
                numbers = []
            lengths = numbers[1:4]
            if len(numbers) not in (4, 5) or not np.isfinite(numbers).all() or min(lengths) <= 0:
                raise text.error("expected a box as NUMBER LX LY LZ or NUMBER LX LY LZ TILT")
            tilt = numbers[4] if len(numbers) == 5 else 0.0
            boxes.append(Box.of([*lengths, tilt, 0.0, 0.0]))
    if not boxes:
        raise FileError(f"{name}: there are no boxes in the file")
    return BoxTable(name, tuple(boxes))
