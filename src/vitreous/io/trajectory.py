"""Read all frames of a file as one trajectory."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from numpy.typing import ArrayLike

from vitreous.box import Box
from vitreous.configuration import Diameters
from vitreous.io.registry import read_frames
from vitreous.trajectory import Trajectory

__all__ = ["read_trajectory"]


def read_trajectory(
    path: str | os.PathLike[str],
    *,
    frames: slice | None = None,
    begin: float | None = None,
    end: float | None = None,
    timestep: float | None = None,
    interval: float | None = None,
    format: str | None = None,
    box: Box | ArrayLike | str | os.PathLike[str] | None = None,
    periodic: Sequence[bool] | None = None,
    unwrapped: bool | None = None,
    species: Mapping[str, str] | Mapping[int, str] | str | None = None,
    diameters: Diameters | None = None,
    unwrap: bool = False,
    wrapped: bool = False,
    long_steps: bool = False,
) -> Trajectory:
    """Read all frames of a trajectory, one after the other.

    What goes beyond 32 MB of coordinates is kept in a file (of the folder TMPDIR, else /var/tmp) and not in memory.

    Parameters
    ----------
    path : path
        Any format that `read` takes: the GSD files of `vitreous simulate`, or GSD, extended xyz and LAMMPS text
        dumps of others. All frames have to hold the same particles in the same box; those of a LAMMPS dump are
        matched by their ids.
    frames : slice, optional
        Numbers of the frames to take, counted from 0. What is not taken is not looked at.
    begin, end : float, optional
        First and last time to take, both included.
    timestep : float, optional
        Time of one step, where the file has no times: the time of a frame is its step times this.
    interval : float, optional
        Time from one frame to the next, where the file has neither times nor steps.
    format, box, periodic, unwrapped, species, diameters
        As in `read`.
    unwrap : bool
        Follow the particles by the nearest image from frame to frame, whatever the file says of images. How long the
        longest step is stands in the `remarks`.
    wrapped : bool
        Take positions that do not follow the particles as well, for structure and for scattering functions at wave
        vectors of the box; `Trajectory.unfollowed` then tells why nothing else can be had.
    long_steps : bool
        Whether you know that particles do go farther than half of the box between two frames.

    Returns
    -------
    Trajectory
        With unwrapped positions (T, N, 3), times (T,) and the number of frames as its length.

    Raises
    ------
    FileError
        If the file cannot be read as it is; the message says where and what to do.
    InputError
        If an argument is wrong, or the frames make no trajectory: neither times nor, with `timestep`, steps, times
        that do not increase, particles or a box that change on the way, positions that are wrapped without image flags,
        particles that jump by whole boxes; with `unwrap`, steps too long for it.
    """
    chosen = read_frames(
        path,
        frames=frames,
        begin=begin,
        end=end,
        timestep=timestep,
        interval=interval,
        follow=True,
        format=format,
        box=box,
        periodic=periodic,
        unwrapped=unwrapped,
        species=species,
        diameters=diameters,
    )
    return Trajectory.of(chosen, source=str(path), unwrap=unwrap, wrapped=wrapped, long_steps=long_steps)
