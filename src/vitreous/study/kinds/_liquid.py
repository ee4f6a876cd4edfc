"""What a result depends on of a model glass former, and how long its simulations take."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from vitreous.glassformers import GlassFormer
from vitreous.glassformers.model import LennardJones

__all__ = ["TIMESTEP", "Liquid", "seconds_for_time", "shortest_time", "usual_relaxation_time"]

TIMESTEP = 0.005

_FIRST = {"hard-spheres": 0.01, "wahnstrom": 0.02, "kob-andersen": 0.02}  # shortest δt, ballistic still

# For estimates only, rounded from what the laptop study took: times at which F_s falls to 1/e by state point, and
# processor seconds for a particle and a unit of time.
_RELAXATION_TIMES = {
    "hard-spheres": {0.50: 0.9, 0.54: 3.2, 0.55: 5.6, 0.56: 16.0, 0.57: 90.0, 0.58: 1650.0},
    "wahnstrom": {0.7: 100.0, 0.75: 14.0, 0.8: 10.0, 0.9: 4.4, 1.0: 2.6},
    "kob-andersen": {0.5: 110.0, 0.55: 24.0, 0.6: 11.0, 0.7: 4.3, 0.8: 2.3},
}
_SECONDS = {"hard-spheres": 2.5e-5, "wahnstrom": 4.5e-5, "kob-andersen": 1.8e-4}


@dataclass(frozen=True)
class Liquid:
    """The constants of a model, each as in `GlassFormer`."""

    name: str
    species: tuple[str, ...]
    fractions: tuple[float, ...]
    diameters: tuple[float, ...]
    pairs: tuple[tuple[str, str, LennardJones], ...]
    density: float | None
    wave_number: float

    @classmethod
    def of(cls, former: GlassFormer) -> Self:
        """Those of a model."""
        return cls(
            former.name,
            former.species,
            former.fractions,
            former.diameters,
            former.pairs or (),
            former.density,
            former.wave_number,
        )


def shortest_time(former: GlassFormer) -> float:
    """The shortest δt worth recording, in which motion is ballistic still."""
    return _FIRST[former.name]


def seconds_for_time(former: GlassFormer, particles: int) -> float:
    """Processor seconds that a unit of time takes, roughly."""
    return particles * _SECONDS[former.name]


def usual_relaxation_time(former: GlassFormer, state_point: float) -> float:
    """Time at which F_s falls to 1/e, roughly."""
    known = _RELAXATION_TIMES[former.name]
    return math.exp(float(np.interp(state_point, list(known), np.log(list(known.values())))))
