"""LAMMPS text dumps: any columns, any order of ids, orthogonal and triclinic boxes.

Particles come sorted by id; without ids LAMMPS changes their order from frame to frame. Of several sets of coordinates
the unwrapped one counts; scaled ones are multiplied by the box. ``ix iy iz`` become images, unless the coordinates are
unwrapped already. ``element`` gives the species, else ``type``; ``radius`` or ``diameter`` the diameters;
``ITEM: TIME`` the time. All other columns are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import FileError
from vitreous.io.cell import complete_cell
from vitreous.io.frame import Frame, take_diameters
from vitreous.io.labels import take_species
from vitreous.io.scan import Layout
from vitreous.io.text import Field, TextFile, shorten

__all__ = ["HOLDS", "read", "read_all"]

HOLDS = {
    "species": "`element`, else `type`",
    "sizes": "`diameter`, `radius`",
    "cell": "orthogonal or triclinic, any origin",
    "faces": "each axis",
    "images": "`ix iy iz`, or unwrapped `xu`, `xsu`",
    "time": "step; time with `time yes`",
    "identity": "`id`",
    "columns": "all others",
}

_IMAGES = ("ix", "iy", "iz")
# Kinds of coordinates in order of preference: columns, whether unwrapped, whether in units of the box.
_COORDINATES = (
    (("xu", "yu", "zu"), True, False),
    (("xsu", "ysu", "zsu"), True, True),
    (("x", "y", "z"), False, False),
    (("xs", "ys", "zs"), False, True),
)
_KINDS = {
    **{column: "f" for columns, _, _ in _COORDINATES for column in columns},
    **dict.fromkeys(_IMAGES, "i"),
    "id": "i",
    "type": "is",
    "element": "s",
    "radius": "f",
    "diameter": "f",
}


@dataclass(frozen=True)
class _Bounds:
    """The words after BOX BOUNDS, the three lines that follow, and the number of the first of the four."""

    words: list[str]
    rows: list[str]
    line: int


@dataclass(frozen=True)
class _Header:
    count: int
    bounds: _Bounds
    columns: list[str]
    step: int | None
    time: float | None
    metadata: dict[str, str]

    @property
    def clock(self) -> tuple[int | None, float | None]:
        return self.step, self.time


def _content(text: TextFile, header: _Header) -> Frame:
    header_line = text.line_number
    table = text.table(header.count, [Field(column, _KINDS.get(column, "ifs")) for column in header.columns])
    columns = table.columns
    names, unwrapped, scaled = _choose_coordinates(text, header.columns, header_line)
    positions = text.positions(table, names)
    vectors, origin, periodic = _cell(text, header.bounds)
    if scaled:
        positions = positions @ vectors + origin
    box = complete_cell(vectors, periodic, origin, positions)
    if box is None:
        raise text.error("the box has no extent", header.bounds.line)
    if "id" in columns:
        order = _order(columns["id"], text.name)
        positions = positions[order]
        for column in columns:
            columns[column] = columns[column][order]
    images = None
    if not unwrapped and set(_IMAGES) <= set(columns):
        images = np.stack([columns.pop(column) for column in _IMAGES], axis=1)
    ids = columns.pop("id", None)
    species = columns.pop("element") if "element" in columns else take_species(columns)
    return Frame(
        positions=positions,
        box=box,
        species=species,
        diameters=take_diameters(columns),
        images=images,
        unwrapped=unwrapped,
        time=header.time,
        step=header.step,
        columns=columns if ids is None else {"id": ids, **columns},
        metadata=dict(header.metadata),
        confined=not unwrapped,
        ids=ids,
        unordered=None if ids is not None else "the dump has no ids; dump the column id",
    )


def _choose_coordinates(
    text: TextFile, columns: Sequence[str], line: int
) -> tuple[tuple[str, str, str], bool, bool]:
    for names, unwrapped, scaled in _COORDINATES:
        if set(names) <= set(columns):
            return names, unwrapped, scaled
    flat = any(set(names[:2]) <= set(columns) for names, _, _ in _COORDINATES)
    raise text.error(
        f"the dump has no coordinates{' in three dimensions, it is two-dimensional' if flat else ''}; it needs x y z, "
        f"xs ys zs, xu yu zu or xsu ysu zsu among its columns",
        line,
    )


def _order(ids: NDArray[np.int64], name: str) -> NDArray[np.int64]:
    first, last = (int(ids.min()), int(ids.max())) if len(ids) else (0, -1)
    if last - first == len(ids) - 1:  # most often all of first to last: a place each, if none occurs twice
        order = np.full(len(ids), -1)
        order[ids - first] = np.arange(len(ids))
        if (order >= 0).all():
            return order
    order = np.argsort(ids, kind="stable")
    repeated = np.flatnonzero(np.diff(ids[order]) == 0)
    if len(repeated):
        raise FileError(f"{name}: the atom id {ids[order][repeated[0]]} occurs more than once in the frame")
    return order


def _read_header(text: TextFile) -> _Header:
    count, step, time, bounds = None, None, None, None
    metadata = {}
    while True:
        item = text.line("a line that begins with 'ITEM:'")
        if not item.startswith("ITEM: "):
            raise text.error(
                f"expected a line that begins with 'ITEM:' as in a LAMMPS dump, got {shorten(item)}"
            )
        item = item.removeprefix("ITEM: ").strip()
        if item == "TIMESTEP":
            step = _integer(text)
        elif item == "TIME":
            time = text.numbers("the time", 1)[0]
        elif item == "UNITS":
            metadata["units"] = text.line("the name of the units")
        elif item == "NUMBER OF ATOMS":
            count = text.count()
        elif item.startswith("BOX BOUNDS"):
            line = text.line_number
            bounds = _Bounds(item.split()[2:], [_bounds_line(text) for _ in range(3)], line)
        elif item.startswith("ATOMS"):
            break
        else:
            raise text.error(f"unknown section {shorten(item)}; only dumps of atoms can be read")
    if count is None or bounds is None:
        missing = "NUMBER OF ATOMS" if count is None else "BOX BOUNDS"
        raise text.error(f"the frame has no 'ITEM: {missing}' before its atoms")
    return _Header(count, bounds, item.split()[1:], step, time, metadata)


def _bounds_line(text: TextFile) -> str:
    row = text.line("the bounds of the box")
    if row.startswith("ITEM:"):
        raise text.error(f"expected the bounds of the box, got {shorten(row)}")
    return row


def _integer(text: TextFile) -> int:
    words = text.line("the time step")
    if not (words.isascii() and words.removeprefix("-").isdigit() and len(words) <= 18):
        raise text.error(f"expected the time step, got {shorten(words)}")
    return int(words)


def _cell(
    text: TextFile, bounds: _Bounds
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[bool, bool, bool]]:
    """Edges, corner and periodicity; an edge is zero where an open axis has no extent."""
    line, words = bounds.line, bounds.words
    kind = [word for word in words if not _is_boundary(word)]
    flags = [word for word in words if _is_boundary(word)] or ["pp", "pp", "pp"]
    width = {"": 2, "xy xz yz": 3, "abc origin": 4}.get(" ".join(kind))
    if width is None or len(flags) != 3:
        raise text.error(f"cannot read the box {shorten(' '.join(words))}", line)
    rows = np.array([_bound(text, row, width, line + 1 + k) for k, row in enumerate(bounds.rows)])
    periodic = (flags[0] == "pp", flags[1] == "pp", flags[2] == "pp")
    if width == 4:
        return rows[:, :3], rows[:, 3], periodic
    low, high = rows[:, 0].copy(), rows[:, 1].copy()
    xy, xz, yz = rows[:, 2] if width == 3 else (0.0, 0.0, 0.0)
    # What LAMMPS prints are the bounds of the tilted cell, not its corner and edges.
    low -= [min(0.0, xy, xz, xy + xz), min(0.0, yz), 0.0]
    high -= [max(0.0, xy, xz, xy + xz), max(0.0, yz), 0.0]
    bad = (high < low) | ((high == low) & np.array(periodic))
    if bad.any():
        axis = int(np.argmax(bad))
        raise text.error(
            f"the box has no extent along {'xyz'[axis]}: from {low[axis]} to {high[axis]}", line + 1 + axis
        )
    vectors = np.diag(high - low)
    vectors[1, 0], vectors[2, 0], vectors[2, 1] = xy, xz, yz
    vectors[high == low] = 0.0
    return vectors, low, periodic


def _bound(text: TextFile, row: str, width: int, line: int) -> list[float]:
    words = row.split()
    try:
        values = [float(word) for word in words if "_" not in word]
    except ValueError:
        values = []
    if len(words) != width or len(values) != width or not np.isfinite(values).all():
        raise text.error(f"expected the bounds of the box ({width} numbers), got {shorten(row)}", line)
    return values


def _is_boundary(word: str) -> bool:
    return len(word) == 2 and set(word) <= set("pfsm")


def _begins(line: bytes) -> bool:
    return line.startswith((b"ITEM: TIMESTEP", b"ITEM: TIME", b"ITEM: UNITS"))


_LAYOUT = Layout(_read_header, _content, _begins)
read, read_all = _LAYOUT.read, _LAYOUT.read_all
