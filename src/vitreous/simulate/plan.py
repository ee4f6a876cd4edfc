"""What to simulate: everything that the result depends on, checked beforehand."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import whole
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer, as_model, composition, model_record
from vitreous.simulate.schedule import output_times, whole_steps
from vitreous.simulate.swap import Swap

__all__ = ["Plan"]


@dataclass(frozen=True, eq=False)
class Plan:
    """What to simulate.

    Parameters
    ----------
    model : GlassFormer
    state_point : float
        Packing fraction of hard spheres, temperature of the other models.
    particles : int
        N.
    seed : int
        Seed of everything random.
    times : (T,) array_like, optional
        Output times after equilibration, beginning at 0, which is recorded in any case. Without them only the
        equilibrated configuration is.
    multiple : float
        Relaxation times that equilibration lasts; 0 leaves it out.
    longest : float
        Time at which equilibration ends in any case.
    timestep : float, optional
        By default the model's; None where it needs none.
    start : Configuration, optional
        A snapshot of the model to begin with, in place of growing or quenching.
    swap : Swap, optional
        Swap moves during equilibration, and only there: what is recorded after it is the dynamics of the model.

    Attributes
    ----------
    output_times : (T,) float64
        `times`, beginning at 0; whole steps where the engine has a time step.

    Raises
    ------
    InputError
    """

    model: GlassFormer
    state_point: float
    particles: int
    seed: int = 0
    times: Any = None
    multiple: float = 10.0
    longest: float = 50_000.0
    timestep: float | None = None
    start: Configuration | None = None
    swap: Swap | None = None
    output_times: NDArray[np.float64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        whole("particles", self.particles, 2)
        composition(self.model, self.particles)
        control, highest = self.model.control.name, self.model.control.highest
        if not 0.0 < self.state_point < highest:
            between = "above 0" if np.isinf(highest) else f"between 0 and {highest:g}"
            raise InputError(f"{control}: expected a number {between}, got {self.state_point:g}")
        if self.start is not None:
            if len(self.start) != self.particles:
                raise InputError(f"particles: the start has {len(self.start)}, not {self.particles}; give -N")
            start = as_model(self.start, self.model, self.state_point)
            object.__setattr__(self, "start", start)
        whole("seed", self.seed, 0)
        if not (np.isfinite(self.multiple) and self.multiple >= 0.0):
            raise InputError(f"multiple: expected a number of 0 or more, got {self.multiple}")
        if self.swap is not None and self.multiple == 0.0:
            raise InputError(
                "swap: there are swap moves in equilibration only, and --multiple 0 leaves it out"
            )
        if not (np.isfinite(self.longest) and self.longest > 0.0):
            raise InputError(f"longest: expected a positive time, got {self.longest}")
        step = self.model.resolved_timestep(self.timestep)
        object.__setattr__(self, "timestep", step)
        times = np.zeros(1) if self.times is None else output_times(self.times)
        if step is not None:  # engines with a time step look at whole steps
            times = whole_steps(times, step)
        times = times if times[0] == 0.0 else np.concatenate([[0.0], times])
        object.__setattr__(self, "output_times", times)

    def as_dict(self) -> dict[str, Any]:
        """All that the result depends on."""
        told: dict[str, Any] = {
            **model_record(self.model),
            self.model.control.key: self.state_point,
            "particles": int(self.particles),
            "seed": int(self.seed),
            "multiple": self.multiple,
            "longest": self.longest,
            "start": None if self.start is None else _digest(self.start),
        }
        if self.timestep is not None:
            told["timestep"] = self.timestep
        if self.swap is not None:
            told["swap"] = asdict(self.swap)
        return told


def _digest(start: Configuration) -> str:
    """Digest of where which particles are: the same from whatever file they were read."""
    parts = (start.positions, start.species.astype("U"), start.box.vectors, start.diameters)
    return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()[:16]
