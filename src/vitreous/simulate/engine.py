"""What recording and equilibration ask of an engine; `HardSphereMD` and `LammpsMD` both are one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration

__all__ = ["Engine", "Progress", "Sample"]

Progress = Callable[[float, int], None]
"""Called several times a second with the time reached and the work done (collisions or steps) so far."""


@dataclass(frozen=True)
class Sample:
    """What an engine measured while it advanced from `begin` to `end`, in the model's reduced units.

    `pressure` and `temperature` are means over that interval, `energy` is the mean potential energy per
    particle, None for hard spheres. Over an interval of no duration the means are those of the instant, the
    pressure of hard spheres NaN.
    """

    begin: float
    end: float
    pressure: float
    temperature: float
    energy: float | None = None


class Engine(Protocol):
    """A simulation that advances in time and is continued from its frames.

    After `rebase`, the future depends on nothing but `frame()` and `state()`: an engine made from these goes
    on bit for bit like the one that was asked for them.
    """

    work_name: str
    """What the work is counted in: "collisions" or "steps"."""

    @property
    def time(self) -> float:
        """Time since the engine's beginning, in the model's unit."""

    @property
    def work(self) -> int:
        """Collisions or steps done so far by this object."""

    def advance(self, time: float, progress: Progress | None = None) -> Sample:
        """Go on until `time` (LAMMPS: until the nearest step); an interrupt leaves a usable engine."""

    def rebase(self) -> None:
        """Forget everything about the past that `frame` and `state` do not tell."""

    def frame(self) -> Configuration:
        """Unwrapped positions, velocities (column "velocity", (N, 3)), time and step of now."""

    def state(self) -> Mapping[str, NDArray[np.generic]]:
        """Further arrays that continuing takes; empty where the frame is enough."""
