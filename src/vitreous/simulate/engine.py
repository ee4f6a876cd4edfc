"""What is asked of an engine; `HardSphereMD` and `LammpsMD` both are one, and any other may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration

__all__ = ["Engine", "EngineMaker", "Progress", "Sample"]

Progress = Callable[[float, int], None]
"""Called several times a second with the time reached and the work done (collisions or steps) so far."""


@dataclass(frozen=True)
class Sample:
    """What an engine measured while it advanced from `begin` to `end`, in its own units.

    `pressure` and `temperature` are means over that interval, `energy` is the mean potential energy per
    particle, None for hard spheres. What an engine does not measure is NaN. Over an interval of no duration the means
    are those of the instant, the pressure of hard spheres NaN.
    """

    begin: float
    end: float
    pressure: float
    temperature: float
    energy: float | None = None


class Engine(Protocol):
    """A simulation that advances in time.

    `sample_cages` and `propensity` need `advance` and `frame` of an engine, and no more. What records long trajectories
    and equilibrates also continues an engine from its frames: after `rebase`, the future depends on nothing but
    `frame()` and `state()`, so that an engine made from these goes on bit for bit like the one that was asked for them.
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


EngineMaker = Callable[[Configuration, int], Engine]
"""Makes an engine at time 0 from a snapshot and a seed of velocities, or of whatever is random in its dynamics."""
