"""Read and write snapshots: LAMMPS dumps and data files, GSD, extended and plain xyz, ``.sph``, tables of tracks.

`read` returns a `Configuration` from any of them, `read_trajectory` a `Trajectory`, `write` makes GSD and extended xyz
files, and `atomic_path` lets any other writer replace a file completely or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitreous._lazy import lazy

if TYPE_CHECKING:
    from vitreous.io.atomic import atomic_path as atomic_path
    from vitreous.io.registry import FORMATS as FORMATS
    from vitreous.io.registry import Format as Format
    from vitreous.io.registry import frame_numbers as frame_numbers
    from vitreous.io.registry import numbered_frames as numbered_frames
    from vitreous.io.registry import read as read
    from vitreous.io.registry import read_frames as read_frames
    from vitreous.io.registry import write as write
    from vitreous.io.trajectory import read_trajectory as read_trajectory

__getattr__, __dir__ = lazy(
    __name__,
    {
        "atomic": ("atomic_path",),
        "registry": ("FORMATS", "Format", "frame_numbers", "numbered_frames", "read", "read_frames", "write"),
        "trajectory": ("read_trajectory",),
    },
)

__all__ = __dir__()
