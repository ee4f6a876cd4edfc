"""The ``.sph`` format of hard-sphere codes: count, three box lengths, then letter, x, y, z, radius a line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vitreous.box import Box
from vitreous.io.frame import Frame
from vitreous.io.streams import open_text
from vitreous.io.text import Field, TextFile, find_frame

__all__ = ["read"]

_FIELDS = (Field("letter", "s"), Field("position", "f", 3), Field("radius", "f"))


@dataclass(frozen=True)
class _Header:
    count: int
    lengths: list[float]


def read(path: Path, name: str, frame: int) -> Frame:
    """Read one frame of a ``.sph`` file; frames follow one another without separation.

    The letters a, b, ... become the species labels ``"A"``, ``"B"``, ...; the diameter is twice the radius.
    """
    with open_text(path, name) as text:
        header = find_frame(text, frame, _read_header)
        table = text.table(header.count, _FIELDS)
        positions = text.positions(table, ["position"])
    return Frame(
        positions=positions,
        box=Box.of(header.lengths),
        species=np.char.upper(table.columns["letter"]),
        diameters=2.0 * table.columns["radius"],
    )


def _read_header(text: TextFile) -> _Header:
    return _Header(text.count(), text.numbers("the three box lengths", 3))
