"""Whether positions follow the particles from frame to frame, and following them by the nearest image."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.box import Box

__all__ = ["LARGEST_STEP", "Continuity", "NearestImages", "Step"]

Array = NDArray[np.float64]

# Of the box along an axis. A particle that is put back into the box has gone by more than half of it.
_HALF = 0.5
# Nearest images are taken up to this step. If some were wrong, some others would be found between it and one half.
LARGEST_STEP = 0.45

# Steps beyond half of the box count as real only if so many are about as long as half of it, which jumps are not where
# nobody goes farther than 0.45, ...
_FEWEST = 5
_ABOUT = 0.05
# ... they become rarer the longer they are, in bins of this width, to so many standard deviations, ...
_BIN = 0.25
_DEVIATIONS = 4.0
_BINS = 64
# ... and no place along the axis is one that nobody passes, as nobody passes the boundary of a wrapped box. Particles
# may be this far outside until they are put back.
_SKIN = 0.02
# Steps that are this long in sum leave no such place by chance.
_MANY = 20.0


@dataclass(frozen=True)
class Step:
    """The longest step of any particle between two frames that follow each other.

    Attributes
    ----------
    length : float
        As a part of the box along an axis.
    frame : int
        The first of the two frames, counted from 0.
    particle : int
    axis : int
    """

    length: float = 0.0
    frame: int = 0
    particle: int = 0
    axis: int = 0

    def __str__(self) -> str:
        """Where it is, in words."""
        return (
            f"{self.length:.3g} of the box along {'abc'[self.axis]} "
            f"(particle {self.particle}, frames {self.frame} and {self.frame + 1})"
        )


class _Cell:
    """Displacements in units of the edges, of the cell as it is and of the same lattice with the shortest edges.

    A step by less than half of a slanted edge may lead farther than to the nearest image; only what both cells call
    less than half of the box is beyond doubt.
    """

    def __init__(self, box: Box) -> None:
        self.periodic = np.array(box.periodic)
        self.vectors = box.vectors
        self.inverse = np.linalg.inv(box.vectors)
        reduced = _reduced(box.vectors, self.periodic)
        self.reduced = None if np.allclose(reduced, box.vectors) else np.linalg.inv(reduced)

    def parts(self, moved: Array) -> Array:
        """(N, 3) parts of the edges, 0 along open axes."""
        return np.asarray((moved @ self.inverse) * self.periodic)

    def lengths(self, moved: Array, parts: Array) -> list[Array]:
        """(N, 3) parts without sign, in the cell as it is and, if that is another, in the one with short edges."""
        lengths = [np.abs(parts)]
        if self.reduced is not None:
            lengths.append(np.abs(moved @ self.reduced) * self.periodic)
        return lengths


class Continuity:
    """Looks for particles that jump by whole boxes, as the frames come.

    Nobody goes farther than half of the box along any axis between two frames: then the positions follow the
    particles. Longer steps are jumps, unless they look real in all respects: at least 5 steps are about half of the box
    long (0.45 to 0.55), longer ones are rarer than shorter ones, and there is no place along the axis that nobody
    passes (in coordinates that are wrapped there is one, the boundary). So images that are missing, stale or reset are
    found, whatever the files say; where nobody goes farther than 0.45 of the box between two frames, a single particle
    that was put back into it as well, always.

    Parameters
    ----------
    box : Box
    long_steps : bool
        Whether somebody who knows says that particles go that far. Then the positions count as followed unless they
        are surely wrapped: the steps are long enough in sum to pass every place, and there is one that nobody passes.
    """

    def __init__(self, box: Box, *, long_steps: bool = False) -> None:
        self.largest = Step()
        self.jumps = 0
        self._cell = _Cell(box)
        self._said = long_steps
        self._last: Array | None = None
        self._frame = 0
        self._half_long = 0  # steps about as long as half of the box
        self._bins = np.zeros(_BINS, dtype=np.int64)
        self._rarer = True
        self._passed = True
        self._surely_wrapped = False

    def add(self, positions: Array) -> None:
        """Look at one more frame, (N, 3)."""
        if self._last is None:
            self._last = positions
            return
        moved = positions - self._last
        parts = self._cell.parts(moved)
        both = self._cell.lengths(moved, parts)
        lengths = np.maximum.reduce(both)
        self.largest = _longer(self.largest, lengths, self._frame)
        bins = np.bincount(np.minimum(lengths / _BIN, _BINS - 1).astype(np.int64).ravel(), minlength=_BINS)
        self._bins += bins
        about_half = [np.abs(part.max(axis=1) - _HALF) < _ABOUT for part in both]
        self._half_long += int(np.logical_and.reduce(about_half).sum())
        if lengths.max() > _HALF:
            self._look(parts, lengths, bins)
        self._last = positions
        self._frame += 1

    @property
    def followed(self) -> bool:
        """Whether the positions of all frames so far follow the particles."""
        if self.jumps == 0:
            return True
        if self._said:
            return not self._surely_wrapped
        many = self._half_long >= _FEWEST
        return many and self._passed and self._rarer and _become_rarer(self._bins)

    def _look(self, parts: Array, lengths: Array, bins: NDArray[np.int64]) -> None:
        assert self._last is not None
        beyond = lengths > _HALF
        self.jumps += int(beyond.any(axis=1).sum())
        self._rarer &= _become_rarer(bins)
        before = self._cell.parts(self._last)
        for axis in np.flatnonzero(beyond.any(axis=0)):
            short = ~beyond[:, axis]
            passed = _everywhere_passed(before[short, axis], parts[short, axis])
            self._passed &= passed
            self._surely_wrapped |= not passed and float(np.abs(parts[short, axis]).sum()) > _MANY


class NearestImages:
    """Follows particles through the boundaries: to the image that is nearest to where they were, frame by frame.

    Right as long as nobody goes farther than half of the box along an axis between two frames. The longest step is
    kept: where it is longer than 0.45, it is not sure that all were right.

    Parameters
    ----------
    box : Box
    """

    def __init__(self, box: Box) -> None:
        self.largest = Step()
        self._cell = _Cell(box)
        self._last: Array | None = None
        self._images: Array | None = None
        self._frame = 0

    def follow(self, positions: Array) -> Array:
        """(N, 3) unwrapped positions of one more frame; those of the first stay as they are."""
        if self._last is None:
            self._last, self._images = positions, np.zeros_like(positions)
            return positions
        moved = positions - self._last
        images = np.round(self._cell.parts(moved))
        moved = moved - images @ self._cell.vectors
        both = self._cell.lengths(moved, self._cell.parts(moved))
        self.largest = _longer(self.largest, np.maximum.reduce(both), self._frame)
        assert self._images is not None
        self._images = self._images - images
        self._last = positions
        self._frame += 1
        return np.asarray(positions + self._images @ self._cell.vectors)

    @property
    def sure(self) -> bool:
        """Whether all steps so far are short enough."""
        return self.largest.length <= LARGEST_STEP


def _longer(largest: Step, lengths: Array, frame: int) -> Step:
    particle, axis = divmod(int(np.argmax(lengths)), 3)
    length = float(lengths[particle, axis])
    return Step(length, frame, particle, axis) if length > largest.length else largest


def _become_rarer(bins: NDArray[np.int64]) -> bool:
    """Whether beyond a quarter of the box no bin has more steps than the one before, but for chance."""
    before, after = bins[1:-2], bins[2:-1]
    return bool((after <= before + _DEVIATIONS * np.sqrt(before + after)).all())


def _everywhere_passed(start: Array, step: Array) -> bool:
    """Whether there is no place on a circle of length 1 that no step passes or comes near."""
    lengths = np.abs(step) - 2.0 * _SKIN
    low = np.minimum(start, start + step)[lengths > 0.0] + _SKIN
    low -= np.floor(low)
    high = low + lengths[lengths > 0.0]
    if len(low) == 0:
        return False
    ends = np.sort(high - np.floor(high))
    # Just behind each end: the steps that began, less those that ended, and those that go round.
    here = np.searchsorted(np.sort(low), ends, side="right") - np.arange(1, len(ends) + 1)
    return bool((here + int((high >= 1.0).sum())).min() > 0)


def _reduced(vectors: Array, periodic: NDArray[np.bool_]) -> Array:
    """Edges of the same lattice of periodic images, each shortened by the others as long as that shortens it."""
    edges = vectors.copy()
    axes = np.flatnonzero(periodic)
    for _ in range(100):
        changed = False
        for i in axes:
            others = [j for j in axes if j != i]
            best, shortest = edges[i], float(edges[i] @ edges[i])
            for numbers in itertools.product((-1, 0, 1), repeat=len(others)):
                edge = edges[i] + sum(
                    (n * edges[j] for n, j in zip(numbers, others, strict=True)), np.zeros(3)
                )
                if float(edge @ edge) < shortest * (1.0 - 1e-9):
                    best, shortest, changed = edge, float(edge @ edge), True
            edges[i] = best
        if not changed:
            break
    return edges if math.isfinite(float(edges.sum())) else vectors
