"""Read all frames of a file as one trajectory."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import ArrayLike

from vitreous.box import Box
from vitreous.io.registry import read_frames
from vitreous.trajectory import Trajectory

__all__ = ["read_trajectory"]


def read_trajectory(
    path: str | os.PathLike[str],
    *,
    timestep: float | None = None,
    format: str | None = None,
    box: Box | ArrayLike | None = None,
    periodic: Sequence[bool] | None = None,
    unwrapped: bool | None = None,
    species: Mapping[Any, Any] | None = None,
    diameters: Any = None,
) -> Trajectory:
    """Read all frames of a trajectory.

    Parameters
    ----------
    path : path
        Any format that `read` takes: the GSD files of `vitreous simulate`, or GSD, extended xyz and LAMMPS text
        dumps of others. All frames have to hold the same particles in the same box; those of a LAMMPS dump are
        matched by their ids.
    timestep : float, optional
        Time of one step, where the file has no times: the time of a frame is its step times this.
    format, box, periodic, unwrapped, species, diameters
        As in `read`.

    Returns
    -------
    Trajectory
        With unwrapped positions (T, N, 3), times (T,) and the number of frames as its length.

    Raises
    ------
    FileError
        If the file cannot be read as it is; the message says where and what to do.
    InputError
        If an argument is wrong, or the frames make no trajectory: positions wrapped without image flags, neither
        times nor, with `timestep`, steps, times that do not increase, particles or a box that change on the way.
    """
    frames = read_frames(
        path,
        format=format,
        box=box,
        periodic=periodic,
        unwrapped=unwrapped,
        species=species,
        diameters=diameters,
    )
    return Trajectory.of(frames, timestep=timestep, source=str(path))
