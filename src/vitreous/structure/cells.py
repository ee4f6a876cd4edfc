"""Particles sorted into cells, so that what is near in space is near in memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.parallel import map_ranges, ranges
from vitreous.structure import _cells_kernel as kernel

__all__ = ["CellList", "cell_list", "check_reach"]

# Candidates that the first attempt of SANN expects around a particle; most need no second attempt.
_CANDIDATES = 16.0
_PARTICLES_PER_RANGE = 8192
_MOST_IMAGES, _MOST_PARTICLES = 1e3, 1e6


class CellList(NamedTuple):
    """Particles sorted by cell; heights are the distances between the faces of one cell."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    order: NDArray[np.int32]
    start: NDArray[np.int64]
    cells: NDArray[np.int64]
    periodic: NDArray[np.bool_]
    vectors: NDArray[np.float64]
    heights: NDArray[np.float64]
    radius: float

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """What every kernel that walks over cells takes first."""
        return self.x, self.y, self.z, self.start, self.cells, self.periodic, self.vectors, self.heights

    def ranges(self) -> list[tuple[int, int]]:
        """Ranges of cells with about equally many particles."""
        wanted = np.arange(0, len(self.order), _PARTICLES_PER_RANGE)
        cuts = np.unique(np.append(np.searchsorted(self.start, wanted), len(self.start) - 1))
        return list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)) or [(0, 1)]

    def unsorted(self, values: NDArray[Any]) -> NDArray[Any]:
        """Rows of sorted particles, in the order of the configuration."""
        found = np.empty_like(values)
        found[self.order] = values
        return found

    def refuse_coincidence(self, configuration: Configuration, places: Iterable[int]) -> None:
        """Refuse two particles at one place, where a kernel gave the sorted number of one, not -1."""
        place = next((place for place in places if place >= 0), None)
        if place is None:
            return
        cell = int(np.searchsorted(self.start, place, side="right")) - 1
        same = range(int(self.start[cell]), int(self.start[cell + 1]))
        here = (self.x[place], self.y[place], self.z[place])
        others = [k for k in same if k != place and (self.x[k], self.y[k], self.z[k]) == here]
        i = int(self.order[place])
        j = f"particle {int(self.order[others[0]])}" if others else "the image of another particle"
        position = np.round(configuration.positions[i], 6).tolist()
        raise InputError(
            f"positions: particle {i} and {j} are at the same place {position}, so no bond between them "
            f"has a direction; remove duplicates or correct the box"
        )


def cell_list(configuration: Configuration, radius: float | None) -> CellList:
    """Sort the particles into cells as wide as `radius`, or as a sphere of _CANDIDATES particles."""
    box = configuration.box
    n = len(configuration)
    periodic = np.array(box.periodic)
    low, extent = np.zeros(3), np.ones(3)
    if not periodic.all():
        fractional = box.fractional(configuration.positions)
        low = np.where(periodic, 0.0, fractional.min(axis=0))
        span = fractional.max(axis=0) - low
        # A little wider than the particles, so that the last one is inside, and never of zero width.
        extent = np.where(periodic, 1.0, span * (1.0 + 1e-9) + 1e-9)
    heights = box.heights * extent
    volume = box.volume * float(extent.prod())
    density = n / max(volume, 1e-300)
    inverse = np.linalg.inv(box.vectors)
    wrapped, index = np.empty((n, 3)), np.empty(n, np.int64)
    while True:
        width = radius if radius is not None else float(np.cbrt(_CANDIDATES / (4.18879 * density)))
        # Cells beyond 4 N would cost memory and time without parting particles any more.
        most = np.cbrt(4.0 * n) * heights / np.cbrt(heights.prod())
        cells = np.maximum(1, np.minimum(np.floor(heights / width), np.maximum(most, 1))).astype(np.int64)
        map_ranges(
            kernel.assign_cells, ranges(n), configuration.positions, box.origin,
            inverse, box.vectors, periodic, low, cells / extent, cells, wrapped, index,
        )  # fmt: skip
        x, y, z, order, start = kernel.sort_by_cell(wrapped, index, int(cells.prod()))
        crowd = float((np.diff(start).astype(np.float64) ** 2).sum()) / n
        if radius is not None or crowd < 4 * _CANDIDATES or (cells >= np.maximum(most, 1).astype(int)).all():
            break
        # Where particles crowd in a part of the box, the density that they see counts, not the mean.
        density = crowd * cells.prod() / volume
    return CellList(x, y, z, order, start, cells, periodic, box.vectors, heights / cells, width)


def check_reach(configuration: Configuration, radius: float, name: str) -> None:
    """Refuse a radius, called `name`, that takes in thousands of images of the box, as one in another unit does."""
    box = configuration.box
    across = np.where(box.periodic, np.maximum(2.0 * radius / box.heights, 1.0), 1.0)
    images = float(across.prod())
    if images > _MOST_IMAGES and images * len(configuration) > _MOST_PARTICLES:
        raise InputError(
            f"{name}: neighbours up to {radius:.6g} would be looked for in about {images:.2g} periodic images of the "
            f"box, whose smallest height is {box.heights.min():.6g}; are the length units the same?"
        )
