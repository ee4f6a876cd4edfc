"""LAMMPS text dumps: any columns, any order of ids, orthogonal and triclinic boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vitreous.box import Box
from vitreous.errors import FileError
from vitreous.io.frame import Frame, take_diameters
from vitreous.io.streams import open_text
from vitreous.io.text import Field, TextFile, each_frame, find_frame, shorten

__all__ = ["read", "read_all"]

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
class _Header:
    count: int
    box: Box
    columns: list[str]
    step: int | None
    time: float | None
    metadata: dict[str, str]


def read(path: Path, name: str, frame: int) -> Frame:
    """Read one frame of a LAMMPS text dump.

    Particles come sorted by id. Of several sets of coordinates the unwrapped one counts; scaled ones are
    multiplied by the box. ``ix iy iz`` become images, unless the coordinates are unwrapped already.
    ``element`` gives the species, else ``type``; ``radius`` or ``diameter`` the diameters; ``ITEM: TIME``
    the time. All other columns are kept.
    """
    with open_text(path, name) as text:
        return _content(text, find_frame(text, frame, _read_header), name)


def read_all(path: Path, name: str) -> Iterator[Frame]:
    """Read all frames, one after the other.

    Raises
    ------
    FileError
        Also if there are several frames without ids: LAMMPS changes the order of the particles.
    """
    with open_text(path, name) as text:
        for k, header in enumerate(each_frame(text, _read_header)):
            frame = _content(text, header, name)
            if k > 0 and frame.ids is None:
                raise FileError(
                    f"{name}: the dump has no ids, so particles cannot be followed from frame to frame; dump the "
                    f"column id"
                )
            yield frame


def _content(text: TextFile, header: _Header, name: str) -> Frame:
    header_line = text.line_number
    table = text.table(header.count, [Field(column, _KINDS.get(column, "ifs")) for column in header.columns])
    columns = table.columns
    names, unwrapped, scaled = _choose_coordinates(text, header.columns, header_line)
    positions = text.positions(table, names)
    if scaled:
        positions = positions @ header.box.vectors + header.box.origin
    if "id" in columns:
        order = _order(columns["id"], name)
        positions = positions[order]
        for column in columns:
            columns[column] = columns[column][order]
    images = None
    if not unwrapped and set(_IMAGES) <= set(columns):
        images = np.stack([columns.pop(column) for column in _IMAGES], axis=1)
    species = columns.pop("element" if "element" in columns else "type", None)
    return Frame(
        positions=positions,
        box=header.box,
        species=species,
        diameters=take_diameters(columns),
        images=images,
        unwrapped=unwrapped,
        time=header.time,
        step=header.step,
        columns=columns,
        metadata=header.metadata,
        confined=not unwrapped,
        ids=columns.get("id"),
    )


def _choose_coordinates(
    text: TextFile, columns: Sequence[str], line: int
) -> tuple[tuple[str, str, str], bool, bool]:
    for names, unwrapped, scaled in _COORDINATES:
        if set(names) <= set(columns):
            return names, unwrapped, scaled
    raise text.error(
        "the dump has no coordinates; it needs x y z, xs ys zs, xu yu zu or xsu ysu zsu among its columns",
        line,
    )


def _order(ids: NDArray[np.int64], name: str) -> NDArray[np.int64]:
    order = np.argsort(ids, kind="stable")
    repeated = np.flatnonzero(np.diff(ids[order]) == 0)
    if len(repeated):
        raise FileError(f"{name}: the atom id {ids[order][repeated[0]]} occurs more than once in the frame")
    return order


def _read_header(text: TextFile) -> _Header:
    count, step, time, box = None, None, None, None
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
            box = _read_box(text, item.split()[2:])
        elif item.startswith("ATOMS"):
            break
        else:
            raise text.error(f"unknown section {shorten(item)}; only dumps of atoms can be read")
    if count is None or box is None:
        missing = "NUMBER OF ATOMS" if count is None else "BOX BOUNDS"
        raise text.error(f"the frame has no 'ITEM: {missing}' before its atoms")
    return _Header(count, box, item.split()[1:], step, time, metadata)


def _integer(text: TextFile) -> int:
    words = text.line("the time step")
    if not (words.isascii() and words.removeprefix("-").isdigit() and len(words) <= 18):
        raise text.error(f"expected the time step, got {shorten(words)}")
    return int(words)


def _read_box(text: TextFile, words: list[str]) -> Box:
    line = text.line_number
    kind = [word for word in words if not _is_boundary(word)]
    flags = [word for word in words if _is_boundary(word)] or ["pp", "pp", "pp"]
    width = {"": 2, "xy xz yz": 3, "abc origin": 4}.get(" ".join(kind))
    if width is None or len(flags) != 3:
        raise text.error(f"cannot read the box {shorten(' '.join(words))}", line)
    rows = np.array([text.numbers("the bounds of the box", width) for _ in range(3)])
    if width == 4:
        vectors, origin = rows[:, :3], rows[:, 3]
    else:
        low, high = rows[:, 0].copy(), rows[:, 1].copy()
        xy, xz, yz = rows[:, 2] if width == 3 else (0.0, 0.0, 0.0)
        # What LAMMPS prints are the bounds of the tilted cell, not its corner and edges.
        low -= [min(0.0, xy, xz, xy + xz), min(0.0, yz), 0.0]
        high -= [max(0.0, xy, xz, xy + xz), max(0.0, yz), 0.0]
        if not (high > low).all():
            axis = int(np.argmin(high - low))
            raise text.error(
                f"the box has no extent along {'xyz'[axis]}: from {low[axis]} to {high[axis]}",
                line + 1 + axis,
            )
        vectors, origin = np.diag(high - low), low
        vectors[1, 0], vectors[2, 0], vectors[2, 1] = xy, xz, yz
    periodic = (flags[0] == "pp", flags[1] == "pp", flags[2] == "pp")
    return Box(vectors, periodic, origin)


def _is_boundary(word: str) -> bool:
    return len(word) == 2 and set(word) <= set("pfsm")
