"""The keyword arguments of reading, as types: what is said of a file, and which of its frames are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from vitreous.box import Box
    from vitreous.configuration import Diameters

__all__ = [
    "FileKeywords",
    "FramesKeywords",
    "Said",
    "SaidOfObject",
    "SaidOfParticles",
    "SnapshotKeywords",
    "TrajectoryKeywords",
]


class Said(TypedDict, total=False):
    """What a file does not say, or says wrongly; see `read`."""

    box: Box | ArrayLike | str | os.PathLike[str] | None
    periodic: Sequence[bool] | None
    unwrapped: bool | None
    species: Mapping[str, str] | Mapping[int, str] | str | None
    diameters: Diameters | None


class SaidOfParticles(TypedDict, total=False):
    """What an object of another program does not say, or says wrongly, but for its box; species may be labels."""

    periodic: Sequence[bool] | None
    unwrapped: bool | None
    species: Mapping[str, str] | Mapping[int, str] | ArrayLike | None
    diameters: Diameters | None


class SaidOfObject(SaidOfParticles, total=False):
    """What an object of another program does not say, or says wrongly."""

    box: Box | ArrayLike | None


class FileKeywords(Said, total=False):
    """Keyword arguments of everything that reads a file."""

    format: str | None


class SnapshotKeywords(FileKeywords, total=False):
    """Keyword arguments of `read`."""

    frame: int


class FramesKeywords(FileKeywords, total=False):
    """Keyword arguments of `read_frames`, but for `follow`."""

    frames: slice | None
    begin: float | None
    end: float | None
    timestep: float | None
    interval: float | None


class TrajectoryKeywords(FramesKeywords, total=False):
    """Keyword arguments of `read_trajectory`, but for `wrapped`."""

    unwrap: bool
    long_steps: bool
