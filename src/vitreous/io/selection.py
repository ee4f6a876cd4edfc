"""Which frames of a file are wanted, and what their times are."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vitreous.arrays import positive
from vitreous.errors import FileError, InputError
from vitreous.io.frame import Entry

__all__ = ["Selection"]


@dataclass(frozen=True)
class Selection:
    """What the caller wants of a trajectory.

    Parameters
    ----------
    frames : slice, optional
        Which numbers of frames, as in Python, but bounds beyond the file are an error.
    begin, end : float, optional
        First and last time, both included.
    timestep : float, optional
        Time of one step: the time of a frame is its step times this, whatever else the file says.
    interval : float, optional
        Time from one frame to the next: the time of a frame is its number times this.

    Raises
    ------
    InputError
        If they contradict each other or make no sense.
    """

    frames: slice | None = None
    begin: float | None = None
    end: float | None = None
    timestep: float | None = None
    interval: float | None = None

    def __post_init__(self) -> None:
        for name, value in (("timestep", self.timestep), ("interval", self.interval)):
            if value is not None:
                positive(name, value)
        if self.timestep is not None and self.interval is not None:
            raise InputError(
                "interval: the time of a frame is its step times timestep, or its number times interval; leave one out"
            )
        for name, value in (("begin", self.begin), ("end", self.end)):
            if value is not None and math.isnan(value):
                raise InputError(f"{name}: expected a time, got {value}")
        if self.begin is not None and self.end is not None and self.begin > self.end:
            raise InputError(f"begin: {self.begin:g} is later than end, {self.end:g}; no frame is left")
        if self.frames is not None and not isinstance(self.frames, slice):
            raise InputError(f"frames: expected a slice, got {self.frames!r}")
        if self.frames is not None and self.frames.step is not None and self.frames.step < 1:
            raise InputError(f"frames: the step must be 1 or more, got {self.frames.step}")

    @property
    def reaches_the_end(self) -> bool:
        """Whether a last frame would be wanted, were it whole."""
        return self.end is None and (self.frames is None or self.frames.stop is None)

    @property
    def needs_count(self) -> bool:
        """Whether the number of frames has to be known first."""
        return self.frames is not None and self.frames != slice(None)

    def numbers(self, count: int, name: str) -> range:
        """The numbers of the wanted frames among `count`; an `InputError` if a bound is beyond, or none is left."""
        if self.frames is None:
            return range(count)
        for bound, number, most in (
            ("START", self.frames.start, count - 1),
            ("STOP", self.frames.stop, count),
        ):
            if number is not None and not -count <= number <= most:
                raise InputError(
                    f"--frames: {bound} is {number}, but {name} has {count} frames (0 to {count - 1})"
                )
        chosen = range(count)[self.frames]
        if not chosen:
            raise InputError(
                f"--frames: START is not before STOP, so that no frame is left; {name} has {count}"
            )
        return chosen

    def time(self, entry: Entry) -> float | None:
        """Time of a frame, None if it is not known; a `FileError` if it has no step for a timestep."""
        if self.interval is not None:
            return entry.number * self.interval
        if self.timestep is not None:
            if entry.step is None:
                other = "leave --timestep out" if entry.time is not None else "give --interval in its place"
                raise FileError(f"frame {entry.number}: it has no step to multiply by the timestep; {other}")
            return entry.step * self.timestep
        return None if entry.time is None else float(entry.time)

    def wants_time(self, time: float | None, number: int) -> bool:
        """Whether a frame at this time is wanted; a `FileError` if that hangs on a time which is not known."""
        if self.begin is None and self.end is None:
            return True
        if time is None:
            raise FileError(
                f"frame {number}: its time is not known, so that no part can be chosen by time (--from, --to); give "
                f"the time of one step (--timestep) or from frame to frame (--interval)"
            )
        return (self.begin is None or time >= self.begin) and (self.end is None or time <= self.end)
