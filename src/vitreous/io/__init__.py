"""Read and write snapshots: LAMMPS dumps and data files, GSD, extended and plain xyz, ``.sph``, tables of tracks.

`read` returns a `Configuration` from any of them, `read_trajectory` a `Trajectory`, `write` makes GSD and extended xyz
files, and `atomic_path` lets any other writer replace a file completely or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitreous._lazy import lazy

if TYPE_CHECKING:
    from vitreous.io.atomic import atomic_path
    from vitreous.io.registry import (
        FORMATS,
        Format,
        frame_numbers,
        numbered_frames,
        read,
        read_frames,
        write,
    )
    from vitreous.io.trajectory import read_trajectory

__all__ = [
    "FORMATS",
    "Format",
    "atomic_path",
    "frame_numbers",
    "numbered_frames",
    "read",
    "read_frames",
    "read_trajectory",
    "write",
]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "atomic": ("atomic_path",),
        "registry": ("FORMATS", "Format", "frame_numbers", "numbered_frames", "read", "read_frames", "write"),
        "trajectory": ("read_trajectory",),
    },
)
