"""The ``.sph`` format of hard-sphere codes: count, three box lengths, then letter, x, y, z, radius a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vitreous.box import Box
from vitreous.io.frame import Frame
from vitreous.io.streams import open_text
from vitreous.io.text import Field, TextFile, each_frame, find_frame

__all__ = ["read", "read_all"]

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
        return _content(text, find_frame(text, frame, _read_header))


def read_all(path: Path, name: str) -> Iterator[Frame]:
    """Read all frames, one after the other."""
    with open_text(path, name) as text:
        for header in each_frame(text, _read_header):
            yield _content(text, header)


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
