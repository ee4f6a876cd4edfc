"""The same particles at many times, unwrapped, and the one gate through which every trajectory enters."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.errors import InputError

__all__ = ["Trajectory"]

# Files hold boxes in single precision or with six digits; what differs by more is another box.
_SAME_BOX = 1e-5


@dataclass(frozen=True, eq=False)
class Trajectory:
    """N particles at T times in a box that stays the same; immutable, checked once, here.

    Parameters
    ----------
    positions : (T, N, 3) array_like
        Unwrapped: they follow the particles through the periodic boundaries. In any length unit.
    times : (T,) array_like
        Increasing, in any unit; they need neither begin at 0 nor be evenly spaced.
    box : Box or array_like
        In any form that `Box.of` takes.
    species : (N,) array_like, optional
        As in `Configuration`.
    diameters : optional
        As in `Configuration`.
    source : str, optional
        Where it came from, for messages.

    Attributes
    ----------
    species_names : tuple of str
    species_index : (N,) int64

    Raises
    ------
    InputError
        If shapes do not fit, a number is not finite, or the times do not increase; the frame is named, counted
        from 0.
    """

    positions: NDArray[np.float64]
    times: NDArray[np.float64]
    box: Box
    species: NDArray[Any] = None  # type: ignore[assignment]
    diameters: NDArray[np.float64] | None = None
    source: str | None = None

    species_names: tuple[str, ...] = field(init=False)
    species_index: NDArray[np.int64] = field(init=False)

    if TYPE_CHECKING:  # what the gate takes, which is more than what it keeps

        def __init__(
            self,
            positions: ArrayLike,
            times: ArrayLike,
            box: Box | ArrayLike,
            species: ArrayLike | None = None,
            diameters: Any = None,
            source: str | None = None,
        ) -> None: ...

    def __post_init__(self) -> None:
        put = object.__setattr__
        for name in ("positions", "times"):
            try:
                values = np.asarray(getattr(self, name), dtype=np.float64)
            except (TypeError, ValueError):
                raise InputError(f"trajectory: {name} must be an array of numbers") from None
            values = values.view()
            values.setflags(write=False)
            put(self, name, values)
        x, t = self.positions, self.times
        if x.ndim != 3 or x.shape[2] != 3 or t.shape != x.shape[:1] or x.size == 0:
            raise InputError(
                f"trajectory: expected positions (T, N, 3) and times (T,), got {x.shape} and {t.shape}"
            )
        finite = np.isfinite(t) & np.isfinite(x).all(axis=(1, 2))
        if not finite.all():
            raise InputError(f"trajectory: frame {int(np.argmin(finite))} has NaN or infinite numbers")
        back = np.flatnonzero(np.diff(t) <= 0.0)
        if len(back):
            k = int(back[0])
            raise InputError(
                f"trajectory: times must increase, but frame {k + 1} at {t[k + 1]:g} follows frame {k} at {t[k]:g}"
            )
        first = Configuration(x[0], self.box, self.species, self.diameters, unwrapped=True)
        for name in ("box", "species", "diameters", "species_names", "species_index"):
            put(self, name, getattr(first, name))

    @classmethod
    def of(
        cls, frames: Iterable[Configuration], *, timestep: float | None = None, source: str | None = None
    ) -> Trajectory:
        """Make a trajectory of snapshots of the same particles.

        Parameters
        ----------
        frames : iterable of Configuration
            With unwrapped positions or images; particles in the same order in all of them. A column ``id``, where
            there is one, has to be the same.
        timestep : float, optional
            Time of a frame is its `step` times this; by default it is the frame's own `time`.
        source : str, optional

        Raises
        ------
        InputError
            If the frames differ in particles, species or box, are wrapped without images, or have no times.
        """
        if timestep is not None and not (math.isfinite(timestep) and timestep > 0):
            raise InputError(f"timestep: must be positive and finite, got {timestep}")
        first: Configuration | None = None
        positions, times = [], []
        for k, frame in enumerate(frames):
            if first is None:
                first = frame
            try:
                _check_same(frame, first)
                positions.append(frame.unwrapped_positions)
                times.append(_time(frame, timestep))
            except InputError as error:
                raise InputError(f"{_prefix(source)}frame {k}: {error}") from None
        if first is None:
            raise InputError(f"{_prefix(source)}there are no frames")
        try:
            return cls(np.stack(positions), times, first.box, first.species, first.diameters, source)
        except InputError as error:
            raise InputError(f"{_prefix(source)}{error}") from None

    def __len__(self) -> int:
        """Number of frames T."""
        return len(self.times)

    @property
    def n_particles(self) -> int:
        """Number of particles N."""
        return int(self.positions.shape[1])

    @property
    def duration(self) -> float:
        """From the first frame to the last."""
        return float(self.times[-1] - self.times[0])

    @property
    def number_density(self) -> float:
        """Particles per volume of the box."""
        return self.n_particles / self.box.volume

    def __getitem__(self, k: int) -> Configuration:
        """Frame k; negative numbers count from the end."""
        if not -len(self) <= k < len(self):
            raise IndexError(f"there is no frame {k}; the trajectory has {len(self)}")
        return Configuration(
            self.positions[k],
            self.box,
            self.species,
            self.diameters,
            unwrapped=True,
            time=float(self.times[k]),
            source=self.source,
        )

    def since(self, time: float) -> Trajectory:
        """The part from `time` on.

        Raises
        ------
        InputError
            If no frame is as late as that.
        """
        chosen = self.times >= time
        if not chosen.any():
            raise InputError(
                f"trajectory: no frame is as late as {time:g}; the last is at {self.times[-1]:g}"
            )
        return replace(self, positions=self.positions[chosen], times=self.times[chosen])

    def members(self, species: Any = None) -> NDArray[np.bool_]:
        """(N,) which particles are of a species; all of them if none is named.

        Raises
        ------
        InputError
            If there is no such species.
        """
        if species is None:
            return np.ones(self.n_particles, dtype=np.bool_)
        if str(species) not in self.species_names:
            raise InputError(
                f"species: unknown {species!r}; the trajectory has {', '.join(self.species_names)}"
            )
        return np.asarray(self.species_index == self.species_names.index(str(species)))

    def __repr__(self) -> str:
        counts = np.bincount(self.species_index)
        species = ", ".join(f"{name}: {n}" for name, n in zip(self.species_names, counts, strict=True))
        span = f"{self.times[0]:g} to {self.times[-1]:g}"
        return f"Trajectory(T={len(self)}, times {span}, N={self.n_particles}, species {{{species}}}, {self.box!r})"


def _prefix(source: str | None) -> str:
    return "" if source is None else f"{source}: "


def _check_same(frame: Configuration, first: Configuration) -> None:
    if len(frame) != len(first):
        raise InputError(
            f"it has {len(frame)} particles, frame 0 has {len(first)}; a trajectory follows the same ones"
        )
    if frame.species_names != first.species_names or (frame.species_index != first.species_index).any():
        raise InputError("the species are not those of frame 0, particle by particle; sort the frames alike")
    numbers = [configuration.columns.get("id") for configuration in (frame, first)]
    if numbers[1] is not None and (numbers[0] is None or not np.array_equal(numbers[0], numbers[1])):
        raise InputError("the particle ids are not those of frame 0, row by row; sort the frames alike")
    size = float(first.box.lengths.max())
    if (
        frame.box.periodic != first.box.periodic
        or (np.abs(frame.box.vectors - first.box.vectors) > _SAME_BOX * size).any()
    ):
        raise InputError("the box is not that of frame 0; displacements and wave vectors need a constant box")


def _time(frame: Configuration, timestep: float | None) -> float:
    if timestep is None:
        if frame.time is None:
            what = "a step but no time" if frame.step is not None else "neither a time nor a step"
            raise InputError(f"it has {what}; give the time of one step (command line: --timestep)")
        return frame.time
    if frame.step is None:
        raise InputError("it has no step to multiply by the timestep; leave --timestep out")
    return frame.step * timestep
