"""The same particles at many times, unwrapped, and the one gate through which every trajectory enters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.arrays import positive
from vitreous.box import Box
from vitreous.configuration import Configuration, Diameters
from vitreous.continuity import LARGEST_STEP, Continuity, NearestImages
from vitreous.errors import InputError
from vitreous.frame_store import FrameStore, take

__all__ = ["Trajectory", "same_box"]

# Files hold boxes in single precision or with six digits; what differs by more is another box.
_SAME_BOX = 1e-5
_NUMBERS_AT_ONCE = 1_000_000


@dataclass(frozen=True, eq=False)
class Trajectory:
    """N particles at T times in a box that stays the same along periodic axes; immutable, checked once, here.

    Whether the positions follow the particles is looked at, step by step, see `Continuity`: where particles jump by
    whole boxes because images are missing, stale or reset, `unfollowed` tells it, and nothing that needs
    displacements comes out of the trajectory.

    Parameters
    ----------
    positions : (T, N, 3) array_like
        Unwrapped: they follow the particles through the periodic boundaries. In any length unit. An array in a file
        (`numpy.memmap`) stays there.
    times : (T,) array_like
        Increasing, in any unit; they need neither begin at 0 nor be evenly spaced.
    box : Box or array_like
        In any form that `Box.of` takes. Along open axes, where boxes follow the particles, it is that of the first
        frame.
    species : (N,) array_like, optional
        As in `Configuration`.
    diameters : optional
        As in `Configuration`.
    source : str, optional
        Where it came from, for messages.
    wrapped : bool
        Whether the positions are put back into the box instead, without anything that tells how often. Then
        structure, and scattering functions at wave vectors of the box, are all that can be had.
    long_steps : bool
        Whether you know that particles do go farther than half of the box between two frames. Not needed where that
        is plain to see.
    remarks : sequence of str
        What has to be told with all results, one line each.

    Attributes
    ----------
    unfollowed : str or None
        Why there are no displacements, one line; None where the positions follow the particles.
    jumps : bool
        Whether particles jump by whole boxes although the positions should be unwrapped.
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
    species: NDArray[np.int64] | NDArray[np.str_] = None  # type: ignore[assignment]
    diameters: NDArray[np.float64] | None = None
    source: str | None = None
    wrapped: bool = False
    long_steps: bool = False
    remarks: tuple[str, ...] = ()

    unfollowed: str | None = field(init=False)
    jumps: bool = field(init=False)
    species_names: tuple[str, ...] = field(init=False)
    species_index: NDArray[np.int64] = field(init=False)

    if TYPE_CHECKING:  # what the gate takes, which is more than what it keeps

        def __init__(
            self,
            positions: ArrayLike,
            times: ArrayLike,
            box: Box | ArrayLike,
            species: ArrayLike | None = None,
            diameters: Diameters | None = None,
            source: str | None = None,
            wrapped: bool = False,
            long_steps: bool = False,
            remarks: Sequence[str] = (),
        ) -> None: ...

    def __post_init__(self) -> None:
        put = object.__setattr__
        for name in ("positions", "times"):
            try:
                values = np.asanyarray(getattr(self, name), dtype=np.float64)
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
        for k, frame in enumerate(self._each()):
            if not (np.isfinite(frame).all() and np.isfinite(t[k])):
                raise InputError(f"trajectory: frame {k} has NaN or infinite numbers")
        back = np.flatnonzero(np.diff(t) <= 0.0)
        if len(back):
            k = int(back[0])
            raise InputError(
                f"trajectory: times must increase, but frame {k + 1} at {t[k + 1]:g} follows frame {k} at {t[k]:g}"
            )
        first = Configuration(x[0], self.box, self.species, self.diameters, unwrapped=True)
        for name in ("box", "species", "diameters", "species_names", "species_index"):
            put(self, name, getattr(first, name))
        put(self, "remarks", tuple(self.remarks))
        put(self, "jumps", False)
        put(self, "unfollowed", self._why_unfollowed())

    def _each(self) -> Iterator[NDArray[np.float64]]:
        """All frames, one after the other, few at once in memory."""
        at_once = max(1, _NUMBERS_AT_ONCE // self.positions[0].size)
        for start in range(0, len(self.positions), at_once):
            yield from take(self.positions, slice(start, start + at_once))

    def _why_unfollowed(self) -> str | None:
        if not any(self.box.periodic):
            return None
        images = NearestImages(self.box)
        if self.wrapped:
            for frame in self._each():
                images.follow(frame)
            return (
                "the positions are wrapped into the periodic box and carry no image flags, so displacements are "
                f"ambiguous; {_advice(images)}; or write unwrapped coordinates (LAMMPS: xu yu zu) or images (ix iy iz)"
            )
        steps = Continuity(self.box, long_steps=self.long_steps)
        for frame in self._each():
            steps.add(frame)
        if steps.followed:
            return None
        object.__setattr__(self, "jumps", True)
        for frame in self._each():
            images.follow(frame)
        count = "one step is" if steps.jumps == 1 else f"{steps.jumps:,} steps are"
        return (
            f"particles jump, {count} longer than half of the box, the longest {steps.largest}: the positions are "
            f"wrapped, or their images are missing, stale or reset; {_advice(images)}; if particles do go that far "
            f"between two frames, say so (long_steps=True, command line: --long-steps)"
        )

    def require_followed(self, what: str) -> None:
        """Refuse to go on where the positions do not follow the particles.

        Parameters
        ----------
        what : str
            What needs displacements, for the message.

        Raises
        ------
        InputError
            With `unfollowed`.
        """
        if self.unfollowed is not None:
            raise InputError(f"{_prefix(self.source)}{what}: {self.unfollowed}")

    @cached_property
    def drift(self) -> NDArray[np.float64]:
        """(T, 3) displacement of the centre of mass since the first frame, all masses taken equal."""
        first = take(self.positions, 0)
        drift = np.array([(frame - first).mean(axis=0) for frame in self._each()])
        drift.setflags(write=False)
        return drift

    @classmethod
    def of(
        cls,
        frames: Iterable[Configuration],
        *,
        timestep: float | None = None,
        source: str | None = None,
        unwrap: bool = False,
        wrapped: bool = False,
        long_steps: bool = False,
    ) -> Trajectory:
        """Make a trajectory of snapshots of the same particles.

        One frame after the other is taken; what goes beyond 32 MB of coordinates is kept in a file, see `FrameStore`.

        Parameters
        ----------
        frames : iterable of Configuration
            With unwrapped positions or images; particles in the same order in all of them. A column ``id``, where
            there is one, has to be the same.
        timestep : float, optional
            Time of a frame is its `step` times this; by default it is the frame's own `time`.
        source : str, optional
        unwrap : bool
            Follow the particles by the nearest image from frame to frame, and leave aside images and whether the
            frames count as unwrapped. How long the longest step is stands in the `remarks`.
        wrapped : bool
            Take frames whose positions do not follow the particles as well, for structure and for scattering functions
            at wave vectors of the box. `unfollowed` tells why nothing else can be had of them.
        long_steps : bool
            As in `Trajectory`; true for frames that vitreous has simulated.

        Raises
        ------
        InputError
            If the frames differ in particles, species or box, or have no times; if the positions do not follow the
            particles, or with `unwrap` if a step is so long that the nearest image may be the wrong one.
        """
        if timestep is not None:
            positive("timestep", timestep)
        first: Configuration | None = None
        store, times = FrameStore(), []
        without_images, simulated = False, True
        for k, frame in enumerate(frames):
            if first is None:
                first, images = frame, NearestImages(frame.box)
            try:
                _check_same(frame, first)
                times.append(_time(frame, timestep))
            except InputError as error:
                raise InputError(f"{_prefix(source)}frame {k}: {error}") from None
            simulated &= "simulation" in frame.metadata
            if unwrap:
                store.add(images.follow(frame.positions))
            elif _knows_images(frame):
                store.add(frame.unwrapped_positions)
            else:
                without_images = True
                store.add(frame.positions)
        if first is None:
            raise InputError(f"{_prefix(source)}there are no frames")
        remarks = []
        if unwrap:
            if not images.sure:
                raise InputError(
                    f"{_prefix(source)}cannot follow particles by the nearest image: the longest step is "
                    f"{images.largest}, and beyond {LARGEST_STEP} another image may be the right one; frames closer "
                    f"to each other are needed, or images (LAMMPS: ix iy iz)"
                )
            remarks.append(
                f"particles were followed by the nearest image; the longest step is {images.largest}, half of the "
                f"box would be ambiguous"
            )
        about = (times, first.box, first.species, first.diameters, source, without_images)
        try:
            found = cls(store.array(), *about, long_steps=long_steps or simulated, remarks=remarks)
        except InputError as error:
            raise InputError(f"{_prefix(source)}{error}") from None
        if found.unfollowed is not None and not wrapped:
            raise InputError(f"{_prefix(source)}{found.unfollowed}")
        return found

    def __len__(self) -> int:
        """Number of frames T."""
        return len(self.times)

    @property
    def n_particles(self) -> int:
        """Number of particles N."""
        return int(self.positions.shape[1])

    @property
    def duration(self) -> float:
        """Time from the first frame to the last."""
        return float(self.times[-1] - self.times[0])

    @property
    def number_density(self) -> float:
        """Particles per volume of the box."""
        return self.n_particles / self.box.volume

    def __getitem__(self, k: int) -> Configuration:
        """Frame k; negative numbers count from the end."""
        if not -len(self) <= k < len(self):
            raise IndexError(f"there is no frame {k}; the trajectory has {len(self)}")
        positions = take(self.positions, k)
        return Configuration(
            self.box.wrap(positions)[0] if self.wrapped else positions,
            self.box,
            self.species,
            self.diameters,
            unwrapped=not self.wrapped,
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
        first = int(np.searchsorted(self.times, time))
        if not first < len(self):
            raise InputError(
                f"trajectory: no frame is as late as {time:g}; the last is at {self.times[-1]:g}"
            )
        return replace(self, positions=self.positions[first:], times=self.times[first:])

    def members(self, species: int | str | None = None) -> NDArray[np.bool_]:
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


def _advice(images: NearestImages) -> str:
    """How to follow the particles, or why they cannot be followed."""
    if images.sure:
        return (
            "follow particles by the nearest image (unwrap=True, command line: --unwrap), by which the longest step "
            f"is {images.largest.length:.3g} of the box"
        )
    return (
        f"the nearest image (--unwrap) does not tell where they went, the longest step being "
        f"{images.largest.length:.3g} of the box"
    )


def _knows_images(frame: Configuration) -> bool:
    return frame.unwrapped or frame.images is not None or not any(frame.box.periodic)


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
    if not same_box(frame.box, first.box):
        raise InputError("the box is not that of frame 0; displacements and wave vectors need a constant box")


def same_box(box: Box, other: Box) -> bool:
    """Whether two boxes are the same to the digits of files; open faces may follow the particles."""
    if box.periodic != other.periodic:
        return False
    different = np.abs(box.vectors - other.vectors) > _SAME_BOX * float(other.lengths.max())
    return not different[list(other.periodic)].any()


def _time(frame: Configuration, timestep: float | None) -> float:
    if timestep is None:
        if frame.time is None:
            what = "a step but no time" if frame.step is not None else "neither a time nor a step"
            raise InputError(f"it has {what}; give the time of one step (command line: --timestep)")
        return frame.time
    if frame.step is None:
        raise InputError("it has no step to multiply by the timestep; leave --timestep out")
    return frame.step * timestep
