"""The ``.sph`` format of hard-sphere codes: count, three box lengths, then letter, x, y, z, radius a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vitreous.box import Box
from vitreous.errors import FileError
from vitreous.io.frame import Entry, Frame
from vitreous.io.scan import Layout, entries, pick
from vitreous.io.streams import open_text
from vitreous.io.text import Field, TextFile

__all__ = ["HOLDS", "read", "read_all"]

HOLDS = {
    "species": "letter, as a capital",
    "sizes": "radius",
    "cell": "orthogonal, at the origin",
    "faces": "all periodic",
    "images": "",
    "time": "",
    "identity": "order of the rows",
    "columns": "",
}

_FIELDS = (Field("letter", "s"), Field("position", "f", 3), Field("radius", "f"))


@dataclass(frozen=True)
class _Header:
    count: int
    lengths: list[float]

    @property
    def clock(self) -> tuple[None, None]:
        return None, None


def read(path: Path, name: str, frame: int) -> tuple[Frame, FileError | None]:
    """Read one frame of a ``.sph`` file; frames follow one another without separation.

    The letters a, b, ... become the species labels ``"A"``, ``"B"``, ...; the diameter is twice the radius.
    """
    with open_text(path, name) as text:
        return pick(text, _LAYOUT, frame)


def read_all(path: Path, name: str) -> Iterator[Entry]:
    """All frames, one after the other."""
    with open_text(path, name) as text:
        yield from entries(text, _LAYOUT)


def _content(text: TextFile, header: _Header) -> Frame:
    table = text.table(header.count, _FIELDS)
    return Frame(
        positions=text.positions(table, ["position"]),
        box=Box.of(header.lengths),
        species=np.char.upper(table.columns["letter"]),
        diameters=2.0 * table.columns["radius"],
    )


def _read_header(text: TextFile) -> _Header:
    return _Header(text.count(), text.numbers("the three box lengths", 3))


def _begins(line: bytes) -> bool:
    return line.strip().isdigit()


_LAYOUT = Layout(_read_header, _content, _begins)
