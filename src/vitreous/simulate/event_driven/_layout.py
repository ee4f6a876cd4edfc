"""What the engine keeps in memory: what there is of a particle, one row per particle, and the calendar.

What is read together lies together. What there is of a particle is one cache line that others read, with everything
that predicting a collision needs of the other sphere but for the distance of contact, which lies in the row; one that
its own events need; and one for listing. Kernels name all this by fields, which are at fixed distances in memory, while
the strides of a table are numbers that have to be fetched and multiplied.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

LANES = 16  # neighbours predicted at once; rows are padded to multiples of it
BUCKET_SLOTS = 15  # particles per bucket; with their number they fill one cache line

X, VX, T = 0, 3, 6  # columns of `record`


NEIGHBOR, CONTACT, MEETING = 0, 64, 192  # bytes from the beginning of a row


def _fields(itemsize: int, **formats: str) -> np.dtype[Any]:
    """Fields one after the other, and nothing from there to the end."""
    sizes = [np.dtype(one).itemsize for one in formats.values()]
    offsets = np.cumsum([0, *sizes[:-1]]).tolist()
    return np.dtype(
        {
            "names": list(formats),
            "formats": list(formats.values()),
            "offsets": offsets,
            "itemsize": itemsize,
        }
    )


_PARTICLE = _fields(64, x="f8", y="f8", z="f8", vx="f8", vy="f8", vz="f8", t="f8", order="f8")
_SHELL = _fields(
    64,
    ux="f8",
    uy="f8",
    uz="f8",
    mass="f8",
    due="f8",
    partner="u4",
    degree="u4",
    image_x="i4",
    image_y="i4",
    image_z="i4",
)
_HOME = _fields(64, x="f8", y="f8", z="f8", radius="f8", after="i4", before="i4", cell="i4")
_BUCKET = _fields(64, listed="u4", who=f"({BUCKET_SLOTS},)u4")
ROW = np.dtype(
    {
        "names": ["neighbor", "contact", "meeting"],
        "formats": [("u4", LANES), ("f8", LANES), ("f8", LANES)],
        "offsets": [NEIGHBOR, CONTACT, MEETING],
    }
)
_EVENT = _fields(16, due="f8", who="u4")
_COUNTS = _fields(
    80,
    stamp="i8",
    collisions="i8",
    exits="i8",
    stale="i8",
    current="i8",
    next_scan="i8",
    scanned="i8",
    first="u4",
    last="u4",
    late="u4",
    crowded="u4",
    pending="u4",
)


class System(NamedTuple):
    """All arrays of a simulation of N spheres.

    The box is described by (Lx, Ly, Lz, 1/Lx, 1/Ly, 1/Lz). Diameters are `scale` times the given ones, where
    scale = growth[0] + growth[1] t. A particle's row is valid as long as no sphere has moved by more than half
    of the skin since it was last listed; at that moment a particle leaves its shell and is listed anew.
    """

    particle: NDArray[np.void]
    """(N + 1,) x, y, z (in the box), velocity, the time t at which they hold, and the number (`order`) of the last
    event that changed them. Two particles share that number as long as each other's collision was the last event of
    both. Number N is nobody, newer than everybody, who fills up the rows."""
    record: NDArray[np.float64]
    """(N + 1, 8) the same memory."""
    shell: NDArray[np.void]
    """(N,) displacement u since the particle was listed, its mass, the time of its next event (`due`), with whom it is
    to collide then (itself if it leaves its shell), the number of neighbours in its row (`degree`), and crossings of
    the boundaries (`image`)."""
    images: NDArray[np.int32]
    """(N, 3) the latter, the same memory."""
    home: NDArray[np.void]
    """(N,) where the particle was listed, its radius at scale 1, the particles after and before it in the list of its
    cell, and the cell."""
    row: NDArray[np.void]
    """(B N,) who may collide with whom before one of the two leaves its shell: neighbours 16 b to 16 b + 15 of particle
    i are in row[b N + i], so that the first of all lie together; which is that neighbour (N where there is nobody), the
    distance of contact at scale 1, and the time of the collision (`meeting`) as predicted when the row's particle last
    changed; infinite if there is none, or if the neighbour changed later and knows better."""
    cell_shape: NDArray[np.int64]
    """(3,) number of cells along each side."""
    cell_head: NDArray[np.int32]
    """The first particle listed in each cell, -1 if there is none."""
    bucket: NDArray[np.void]
    """The calendar: how many are listed, and who is due in that slice of time. Who is due elsewhere by now stays."""
    agenda: NDArray[np.void]
    """When and who is due soon, from counts.first up to counts.last, earliest first."""
    pending: NDArray[np.int32]
    """(8,) who is to be entered into a bucket, -1 for nobody."""
    waiting: NDArray[np.uint32]
    """(2, N) who is due after the calendar's end, and who found the bucket full."""
    is_waiting: NDArray[np.uint8]
    """(2, N) whether it is in that list."""
    found: NDArray[np.uint32]
    """(N + 8,) room for who is near a particle that is being listed."""
    around: NDArray[np.int64]
    """(1,) how many cells in each direction hold all who may be near a particle."""
    heads: NDArray[np.int64]
    """Room for where one is in the list of each cell around a particle."""
    counts: NDArray[np.void]
    """(1,) counters: events so far (`stamp`), collisions, exits from shells, stale events; the slice that was opened
    last (`current`), when to look at those who wait (`next_scan`), how many were (`scanned`); first and last of the
    agenda, how many are late, how many found their bucket crowded, how many were pending so far."""
    box: NDArray[np.float64]
    """(6,)"""
    growth: NDArray[np.float64]
    """(3,) scale at time 0, its rate, and the largest scale before the rows are built anew."""
    virial: NDArray[np.float64]
    """(1,) sum of r_ij · Δp over all collisions."""


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


def empty_rows(n: int, places: int) -> NDArray[np.void]:
    """Rows of so many places for n particles; nobody is anywhere yet."""
    row = _aligned((places // LANES * n,), ROW, 0)
    row["neighbor"] = n
    row["meeting"] = np.inf
    return row


def allocate(
    radius: NDArray[np.float64],
    sides: NDArray[np.float64],
    cells: tuple[int, ...],
    around: int,
    places: int,
) -> System:
    """Arrays for len(radius) particles with rows of so many places; nobody is anywhere yet.

    Who may be near a particle is no more than `around` cells away.
    """
    n = len(radius)
    particle = _aligned((n + 1,), _PARTICLE, 0.0)
    particle["order"][n] = np.inf
    shell = _aligned((n,), _SHELL, 0)
    shell["mass"] = 1.0
    shell["due"] = np.inf
    home = _aligned((n,), _HOME, 0)
    home["radius"] = radius
    return System(
        particle=particle,
        record=particle.view(np.float64).reshape(n + 1, 8),
        shell=shell,
        images=shell.view(np.int32).reshape(n, 16)[:, 12:15],
        home=home,
        row=empty_rows(n, places),
        cell_shape=np.array(cells, dtype=np.int64),
        cell_head=np.full(int(np.prod(cells)), -1, np.int32),
        bucket=_aligned((calendar_bins(n),), _BUCKET, 0),
        agenda=_aligned((2 * n + 64,), _EVENT, 0),
        pending=np.full(8, -1, np.int32),
        waiting=np.empty((2, n), np.uint32),
        is_waiting=np.zeros((2, n), np.uint8),
        found=np.empty(n + 8, np.uint32),
        around=np.array([around]),
        heads=np.empty((2 * around + 1) ** 3, np.int64),
        counts=np.zeros(1, _COUNTS),
        box=np.concatenate([sides, 1.0 / sides]),
        growth=np.array([1.0, 0.0, 1.0]),
        virial=np.zeros(1),
    )


def cells_along(sides: NDArray[np.float64], reach: float, around: int) -> tuple[int, ...]:
    """Number of cells along each side, if `around` of them are to be as long as `reach`."""
    return tuple(int(min(max(around * side // reach, 1), 256)) for side in sides)


def fewest_steps(n: int, sides: NDArray[np.float64], reach: float) -> int:
    """How many cells away to look for neighbours, 1 or 2: for which cells and particles in them are fewer together.

    Small cells hold fewer particles that are not near; where all are alike large ones do, too, because few cells fit
    into a reach that is not much longer than a particle.
    """

    def steps(around: int) -> float:
        cells = np.array(cells_along(sides, reach, around))
        looked_at = np.minimum(2 * around + 1, cells).prod()
        return float(looked_at * (1.0 + n / cells.prod()))

    return min((1, 2), key=steps)


def along_cells(
    positions: NDArray[np.float64], sides: NDArray[np.float64], cells: tuple[int, ...]
) -> NDArray[np.int64]:
    """An order in which spheres that are close in space are close in memory."""
    cell = (positions / sides * cells).astype(np.int64)
    return np.lexsort((cell[:, 2], cell[:, 1], cell[:, 0]))
