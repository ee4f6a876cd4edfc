"""The ``.sph`` format of hard-sphere codes: count, three box lengths, then letter, x, y, z, radius a line.

Frames follow one another without separation. The letters a, b, ... become the species labels ``"A"``, ``"B"``, ...; the
diameter is twice the radius.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitreous.box import Box
from vitreous.io.frame import Frame
from vitreous.io.scan import Layout
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


_LAYOUT = Layout(_read_header, _content)
read, read_all = _LAYOUT.read, _LAYOUT.read_all
