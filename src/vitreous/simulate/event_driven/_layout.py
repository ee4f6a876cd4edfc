"""What the engine keeps in memory: one record per particle, one row per particle, and the calendar.

What is read together lies together. A particle's record is one cache line, and everything that predicting a
collision needs of the other sphere is in it, but for the distance of contact, which lies in the row.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BUCKET_SLOTS",
    "CELL",
    "COLLISIONS",
    "CROWDED",
    "CURRENT",
    "DEGREE",
    "DUE",
    "EXITS",
    "FIRST",
    "LANES",
    "LAST",
    "LATE",
    "MASS",
    "NEXT",
    "NEXT_SCAN",
    "ORDER",
    "PARTNER",
    "PENDING",
    "PREVIOUS",
    "RADIUS",
    "SCANNED",
    "STALE",
    "STAMP",
    "VX",
    "VY",
    "VZ",
    "System",
    "T",
    "X",
    "Y",
    "Z",
    "allocate",
    "along_cells",
    "calendar_bins",
]

LANES = 16  # neighbours predicted at once; rows are padded to multiples of it
BUCKET_SLOTS = 15  # particles per bucket; with their number they fill one cache line

X, Y, Z, VX, VY, VZ, T, ORDER = range(8)  # columns of `record`
MASS, DUE, RADIUS = 3, 4, 3  # columns of `shell`, twice, and of `home`
PARTNER, DEGREE = 10, 11  # of `shell_links`
NEXT, PREVIOUS, CELL = 8, 9, 10  # of `home_links`
(
    STAMP,
    COLLISIONS,
    FIRST,
    LAST,
    PENDING,
    CURRENT,
    LATE,
    CROWDED,
    NEXT_SCAN,
    SCANNED,
    STALE,
    EXITS,
) = range(12)  # of `counts`


class System(NamedTuple):
    """All arrays of a simulation of N spheres.

    The box is described by (Lx, Ly, Lz, 1/Lx, 1/Ly, 1/Lz). Diameters are `scale` times the given ones, where
    scale = growth[0] + growth[1] t. A particle's row is valid as long as no sphere has moved by more than half
    of the skin since it was last listed; at that moment a particle leaves its shell and is listed anew.
    """

    record: NDArray[np.float64]
    """(N + 1, 8) x, y, z (in the box), velocity, the time at which they hold, and the number of the last event
    that changed them. Two particles share that number as long as each other's collision was the last event of
    both. Row N is nobody, newer than everybody, who fills up the rows."""
    shell: NDArray[np.float64]
    """(N, 8) displacement since the particle was listed, its mass, the time of its next event."""
    shell_links: NDArray[np.int32]
    """(N, 16) the same memory: with whom it is to collide then, -1 if it leaves its shell; neighbours in its row."""
    images: NDArray[np.int32]
    """(N, 3) crossings of the boundaries."""
    radius: NDArray[np.float64]
    """(N,) at scale 1."""
    neighbor: NDArray[np.uint32]
    """(N, K) who may collide with whom before one of the two leaves its shell; N where there is nobody."""
    contact: NDArray[np.float64]
    """(N, K) distance of contact at scale 1."""
    meeting: NDArray[np.float64]
    """(N, K) time of the collision as predicted when the row's particle last changed; infinite if there is
    none, or if the neighbour changed later and knows better."""
    home: NDArray[np.float64]
    """(N, 8) where the particle was listed, and its radius."""
    home_links: NDArray[np.int32]
    """(N, 16) the same memory: the particles before and after it in the list of its cell, and the cell."""
    cell_shape: NDArray[np.int64]
    """(3,) number of cells along each side."""
    cell_head: NDArray[np.int32]
    """The first particle listed in each cell, -1 if there is none."""
    bucket: NDArray[np.int32]
    """(B, 16) the calendar: how many, and who is due in that slice of time. Who is due elsewhere by now stays."""
    agenda_due: NDArray[np.float64]
    agenda_who: NDArray[np.int32]
    """Who is due soon, from counts[FIRST] up to counts[LAST], earliest first."""
    pending: NDArray[np.int32]
    """(8,) who is to be entered into a bucket, -1 for nobody."""
    waiting: NDArray[np.int32]
    """(2, N) who is due after the calendar's end, and who found the bucket full."""
    is_waiting: NDArray[np.uint8]
    """(2, N) whether it is in that list."""
    found: NDArray[np.int32]
    """(N,) room for who is near a particle that is being listed."""
    heads: NDArray[np.int64]
    """(27,) room for the first particle of each cell around it."""
    counts: NDArray[np.int64]
    """Counters by name, see above."""
    box: NDArray[np.float64]
    """(6,)"""
    growth: NDArray[np.float64]
    """(3,) scale at time 0, its rate, and the largest scale before the rows are built anew."""
    virial: NDArray[np.float64]
    """(1,) sum of r_ij · Δp over all collisions."""
    scratch: NDArray[np.float64]


def _aligned(shape: tuple[int, ...], dtype: Any, fill: Any) -> NDArray[Any]:
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    memory = np.empty(size + 64, np.uint8)
    start = -memory.ctypes.data % 64
    array: NDArray[Any] = memory[start : start + size].view(dtype).reshape(shape)
    array[...] = fill
    return array


def calendar_bins(n: int) -> int:
    """Number of buckets, a power of two."""
    return 1 << max(4, int(np.ceil(np.log2(2 * n))))


def allocate(
    radius: NDArray[np.float64], sides: NDArray[np.float64], cells: tuple[int, ...], row: int
) -> System:
    """Arrays for len(radius) particles with rows of `row` neighbours; nobody is anywhere yet."""
    n = len(radius)
    record = _aligned((n + 1, 8), np.float64, 0.0)
    record[n, ORDER] = np.inf
    shell = _aligned((n, 8), np.float64, 0.0)
    shell[:, MASS] = 1.0
    shell[:, DUE] = np.inf
    home = _aligned((n, 8), np.float64, 0.0)
    home[:, RADIUS] = radius
    return System(
        record=record,
        shell=shell,
        shell_links=shell.view(np.int32),
        images=_aligned((n, 3), np.int32, 0),
        radius=np.array(radius, dtype=np.float64),
        neighbor=_aligned((n, row), np.uint32, n),
        contact=_aligned((n, row), np.float64, 0.0),
        meeting=_aligned((n, row), np.float64, np.inf),
        home=home,
        home_links=home.view(np.int32),
        cell_shape=np.array(cells, dtype=np.int64),
        cell_head=np.full(int(np.prod(cells)), -1, np.int32),
        bucket=_aligned((calendar_bins(n), 16), np.int32, 0),
        agenda_due=np.empty(2 * n + 64),
        agenda_who=np.empty(2 * n + 64, np.int32),
        pending=np.full(8, -1, np.int32),
        waiting=np.empty((2, n), np.int32),
        is_waiting=np.zeros((2, n), np.uint8),
        found=np.empty(n, np.int32),
        heads=np.empty(27, np.int64),
        counts=np.zeros(12, np.int64),
        box=np.concatenate([sides, 1.0 / sides]),
        growth=np.array([1.0, 0.0, 1.0]),
        virial=np.zeros(1),
        scratch=_aligned((10 * LANES,), np.float64, 0.0),
    )


def along_cells(
    positions: NDArray[np.float64], sides: NDArray[np.float64], cells: tuple[int, ...]
) -> NDArray[np.int64]:
    """An order in which spheres that are close in space are close in memory."""
    cell = (positions / sides * cells).astype(np.int64)
    return np.lexsort((cell[:, 2], cell[:, 1], cell[:, 0]))
