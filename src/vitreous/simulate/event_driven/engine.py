"""Hard spheres in a periodic box, from collision to collision."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.simulate.engine import Progress, Sample
from vitreous.simulate.event_driven.flight import Flight
from vitreous.simulate.event_driven.growth import growing_start
from vitreous.simulate.event_driven.start import Spheres, spheres_at_rest
from vitreous.simulate.velocities import andersen_velocities, checked_seed, maxwell_velocities

__all__ = ["HardSphereMD"]

_CLOCK_SPAN = 256.0  # in diameters per thermal velocity: how long a flight lasts until another one is begun
# While they grow: collisions per sphere and thermal time (supercooled liquids have tens, at jamming they diverge), and
# growth of the diameters, relative, between two actions of the thermostat.
_JAMMED, _PERIOD = 1e3, 0.01


class HardSphereMD:
    """Event-driven molecular dynamics of hard spheres at constant energy, k_B T = 1.

    Spheres fly freely and collide elastically; nothing is integrated, so there is no time step, and energy and
    momentum are kept to rounding. Lengths are in the unit of the given configuration, masses in any unit m,
    times in sqrt(m / k_B T) lengths. A run is the same to the last bit for the same start, seed and calls.

    Parameters
    ----------
    configuration : Configuration
        Positions, diameters, and an orthorhombic box, periodic along x, y and z. Overlaps of up to 1e-6 of the
        distance of contact are taken as rounding in a file.
    seed : int or sequence of int
        Seed of the fresh Maxwell velocities: k_B T = 1 exactly for 3N - 3 degrees of freedom, no net momentum; and of
        the Andersen thermostat.
    masses : (N,) array_like, float or mapping from species label, optional
        By default the column ``"mass"`` of the configuration, else 1.

    Raises
    ------
    InputError
        If diameters are missing, spheres overlap (the pair is named), there are fewer than two, the box is
        not an orthorhombic periodic one or too small (sides below 2.1 times the largest diameter).

    References
    ----------
    F. Smallenburg, Eur. Phys. J. E 45, 22 (2022), doi:10.1140/epje/s10189-022-00180-8, for what makes such
    simulations fast. Detection of collisions: see `_prediction_kernel`; events: `_calendar_kernel`.
    """

    work_name = "collisions"

    def __init__(
        self,
        configuration: Configuration,
        *,
        seed: int | tuple[int, ...] = 0,
        masses: ArrayLike | Mapping[str, float] | None = None,
    ) -> None:
        rest = self._set_up(configuration, masses, seed)
        self._flight = Flight(_with_fresh_velocities(rest, seed))
        self._flight.check_overlaps()

    @classmethod
    def restore(
        cls,
        frame: Configuration,
        state: Mapping[str, NDArray[np.generic]] | None = None,
        *,
        seed: int | tuple[int, ...] = 0,
    ) -> HardSphereMD:
        """Go on from a frame, with the velocities in its column ``"velocity"``, (N, 3).

        Parameters
        ----------
        frame, state
            What `frame` and `state` of another engine gave. Without `state` the counters begin at zero.
        seed : int or sequence of int
            That of the other engine; only a thermostat needs it.
        """
        velocities = frame.columns.get("velocity")
        if velocities is None or velocities.shape != (len(frame), 3):
            raise InputError(
                "velocity: the frame has no velocities to go on with; HardSphereMD(frame) draws fresh ones"
            )
        if not np.isfinite(velocities).all():
            raise InputError("velocity: there are NaN or infinite velocities")
        engine = cls.__new__(cls)
        rest = engine._set_up(frame, None, seed)
        before = 0
        if state:
            if "hard_spheres" not in state or np.shape(state["hard_spheres"]) != (2,):
                raise InputError("state: has no counters of hard spheres, so it comes from another engine")
            before, engine._drawn = (int(value) for value in state["hard_spheres"])
        moving = replace(rest, velocities=np.asarray(velocities, dtype=np.float64))
        engine._flight = Flight(moving, frame.time or 0.0, before)
        engine._flight.check_overlaps()
        return engine

    @classmethod
    def grow(
        cls,
        diameters: ArrayLike,
        packing_fraction: float,
        *,
        seed: int | tuple[int, ...] = 0,
        species: ArrayLike | None = None,
        masses: ArrayLike | Mapping[str, float] | None = None,
        box: Box | ArrayLike | None = None,
        rate: float | None = None,
        progress: Progress | None = None,
    ) -> HardSphereMD:
        """Make a disordered packing of moving spheres (B. D. Lubachevsky, F. H. Stillinger, J. Stat. Phys. 60, 561
        (1990), doi:10.1007/BF01025983).

        Points are thrown at random. All diameters grow at the same constant rate in proportion, while the spheres
        move and collide and the velocities are rescaled to k_B T = 1 whenever the diameters have grown by a
        hundredth; then they are drawn anew.

        Parameters
        ----------
        diameters : (N,) array_like
            At the end.
        packing_fraction : float
            At the end, between 0 and 1.
        seed : int or sequence of int
            Of the places and the velocities.
        species, masses
            As in `Configuration` and `HardSphereMD`. By default equal diameters are one species, in the order
            of size, the largest being "A", if there are at most 26 sizes.
        box : Box or array_like, optional
            Its shape; the size follows from the packing fraction. By default a cube.
        rate : float, optional
            Growth of the diameters per time unit, as a fraction of those at the end (choice: 0.01).
        progress : callable, optional
            Told the time and the collisions done several times a second.

        Returns
        -------
        HardSphereMD
            At time 0, with fresh velocities; not equilibrated yet.

        Raises
        ------
        InputError
            If the spheres jam before they fill that much, or never could.
        """
        speed = 0.01 if rate is None else rate
        if not (isinstance(speed, int | float) and math.isfinite(speed) and speed > 0.0):
            raise InputError(f"rate: expected a positive number, got {rate!r}")
        seed = checked_seed(seed)
        start, scale = growing_start(diameters, packing_fraction, seed, species, box)
        engine = cls.__new__(cls)
        rest = engine._set_up(start, masses, seed)
        engine._flight = Flight(_with_fresh_velocities(rest, seed), scale=scale, largest=scale)
        thermal_time = float(rest.diameters.max()) * math.sqrt(float(rest.masses.max()))
        while scale < 1.0:
            larger = min(scale * (1.0 + _PERIOD), 1.0)
            most = int(_JAMMED * len(start) * max((larger - scale) / speed / thermal_time, 1e-3))
            if not engine._stretch(larger, speed, most, progress):
                raise InputError(
                    f"packing_fraction: the spheres jammed at {engine.packing_fraction:.4f}, short of "
                    f"{packing_fraction}; with a rate below {speed:g} they may get further"
                )
            scale = larger
        engine.restart(seed)
        return engine

    def _set_up(
        self,
        configuration: Configuration,
        masses: ArrayLike | Mapping[str, float] | None,
        seed: int | tuple[int, ...],
    ) -> Spheres:
        """All but the flight; the spheres without velocities."""
        self._like = configuration
        rest = spheres_at_rest(configuration, masses)
        self._seed = checked_seed(seed)
        self._drawn = 0  # times that the thermostat drew random numbers
        self._pressure = math.nan
        return rest

    def _fly(self, spheres: Spheres, scale: float = 1.0, rate: float = 0.0, largest: float = 1.0) -> None:
        """Begin anew at the present from spheres as they are then."""
        now = self._flight
        self._flight = Flight(
            spheres, now.time, now.collisions, scale=scale, rate=rate, largest=largest, places=now.places
        )

    def _stretch(self, scale: float, rate: float, most: int, progress: Progress | None) -> bool:
        """Grow at that rate until the diameters are `scale` times those at the end, and rescale to k_B T = 1.

        Returns whether that took at most `most` collisions; if not, growth stops where it is.
        """
        begin = self._flight.scale
        self._fly(self._flight.now(), begin, rate, scale)
        duration = (scale - begin) / rate
        self._flight.until(duration, progress, most)
        done = self._flight.local == duration
        spheres = self._flight.now()
        slower = replace(spheres, velocities=spheres.velocities / math.sqrt(self.temperature))
        self._fly(slower, scale if done else self._flight.scale, largest=scale)
        if progress is not None:
            progress(self.time, self.collisions)
        return done

    def restart(self, seed: int | tuple[int, ...]) -> None:
        """Draw fresh velocities and begin at time 0, with counters at zero, where the spheres are now."""
        now = replace(self._flight.now(), images=np.zeros((len(self._like), 3), np.int64))
        self._flight = Flight(_with_fresh_velocities(now, seed), places=self._flight.places)
        self._drawn, self._seed, self._pressure = 0, seed, math.nan

    def rebase(self) -> None:
        """Bring all spheres to the present and begin anew from there, as an engine made from `frame` would."""
        self._fly(self._flight.now())

    def rearrange(self, places: NDArray[np.int64]) -> None:
        """Put sphere i where sphere places[i] is now, and rebase; places is a permutation.

        If all masses are equal it takes over that one's velocity, so that the motion goes on as if the diameters had
        been exchanged; else every sphere keeps its own. Both leave energy and momentum as they are.
        """
        now = self._flight.now()
        moved = replace(now, positions=now.positions[places], images=now.images[places])
        if np.all(now.masses == now.masses[0]):
            moved = replace(moved, velocities=now.velocities[places])
        self._fly(moved)

    # Going on

    def run(
        self,
        duration: float,
        *,
        thermostat: Literal["andersen", "rescaling"] | None = None,
        interval: float = 1.0,
        progress: Progress | None = None,
    ) -> Sample:
        """Go on for `duration`.

        Parameters
        ----------
        duration : float
            In the time unit.
        thermostat : "andersen", "rescaling", optional
            For equilibration, every `interval`: "rescaling" sets k_B T = 1 exactly; "andersen" (H. C. Andersen,
            J. Chem. Phys. 72, 2384 (1980), doi:10.1063/1.439486) draws the velocities of a tenth of the spheres
            anew and takes away the net momentum. Without it the energy is constant.
        interval : float
            Time between two actions of the thermostat.
        progress : callable, optional
            Told the time and the collisions done several times a second.

        Returns
        -------
        Sample
            Means over this run.
        """
        if not (math.isfinite(duration) and duration >= 0.0):
            raise InputError(f"duration: expected a time of 0 or more, got {duration}")
        if thermostat is None:
            return self.advance(self.time + duration, progress)
        if thermostat not in ("andersen", "rescaling"):
            raise InputError(f"thermostat: expected 'andersen', 'rescaling' or None, got {thermostat!r}")
        if not (math.isfinite(interval) and interval > 0.0):
            raise InputError(f"interval: expected a positive time, got {interval}")
        begin, end = self.time, self.time + duration
        weighted, k = 0.0, 1
        while self.time < end:
            part = self.advance(min(begin + k * interval, end), progress)
            weighted += part.pressure * (part.end - part.begin)
            k += 1
            now = self._flight.now()
            self._fly(replace(now, velocities=self._thermalised(now, thermostat)))
        if duration > 0.0:
            self._pressure = weighted / (end - begin)
        return Sample(begin, end, self._pressure, self.temperature)

    def _thermalised(self, now: Spheres, thermostat: str) -> NDArray[np.float64]:
        if thermostat == "rescaling":
            return now.velocities / math.sqrt(self.temperature)
        self._drawn += 1
        seed = self._seed if isinstance(self._seed, tuple) else (self._seed,)
        return andersen_velocities(now.velocities, now.masses, (*seed, 1, self._drawn))

    def advance(self, time: float, progress: Progress | None = None) -> Sample:
        """Go on until `time`; an interrupt stops between two events and leaves a usable engine."""
        begin = self.time
        if not (math.isfinite(time) and time >= begin):
            raise InputError(f"time: cannot go on until {time}; it is {begin} now")
        if self.kinetic_energy == 0.0:
            raise InputError("velocity: all spheres are at rest; HardSphereMD(frame) draws fresh velocities")
        spheres = self._flight.spheres
        span = _CLOCK_SPAN * float(spheres.diameters.min()) * math.sqrt(float(spheres.masses.min()))
        virial = 0.0
        while True:
            ahead = time - self._flight.origin
            virial += self._flight.until(min(ahead, span), progress)
            if ahead <= span:
                break
            self.rebase()
        if time > begin:
            thermal = 3.0 * (time - begin) * self.temperature
            self._pressure = float((len(self._like) + virial / thermal) / spheres.volume)
        if progress is not None:
            progress(self.time, self.collisions)
        return Sample(begin, time, self._pressure, self.temperature)

    # What is seen

    @property
    def time(self) -> float:
        """Time since the beginning."""
        return self._flight.time

    @property
    def collisions(self) -> int:
        """Collisions so far, counted once per pair."""
        return self._flight.collisions

    work = collisions

    @property
    def masses(self) -> NDArray[np.float64]:
        """(N,) masses."""
        return self._flight.spheres.masses

    @property
    def kinetic_energy(self) -> float:
        """Kinetic energy of all spheres, in k_B T."""
        return self._flight.kinetic_energy

    @property
    def temperature(self) -> float:
        """k_B T from the kinetic energy, for 3N - 3 degrees of freedom."""
        return self._flight.temperature

    @property
    def pressure(self) -> float:
        """P / k_B T since the last run began, in 1 / length³; NaN before the first.

        P V = N k_B T + Σ r_ij · Δp / 3t, the sum going over all collisions in the time t, with the temperature of
        3N - 3 degrees of freedom: without net momentum, too, N spheres push as N do.
        """
        return self._pressure

    @property
    def packing_fraction(self) -> float:
        """Volume of the spheres per volume of the box."""
        spheres = self._flight.spheres
        return float((np.pi / 6.0 * (spheres.diameters * self._flight.scale) ** 3).sum() / spheres.volume)

    @property
    def configuration(self) -> Configuration:
        """The present: positions in the box with images (so `unwrapped_positions` follow), velocities, time.

        The box has its corner at the origin, wherever that of the start was: shifting would round.
        """
        now, like = self._flight.now(), self._like
        columns = {**like.columns, "velocity": now.velocities}
        if not np.all(now.masses == 1.0) or "mass" in columns:
            columns["mass"] = now.masses
        return Configuration(
            now.positions,
            Box.of(now.sides),
            like.species,
            like.diameters,
            images=now.images,
            time=self.time,
            columns=columns,
            metadata=like.metadata,
        )

    def frame(self) -> Configuration:
        """The particles as they are, as `configuration`."""
        return self.configuration

    def state(self) -> dict[str, NDArray[np.generic]]:
        """Counters that a frame does not hold: collisions so far, random draws of the thermostat."""
        return {"hard_spheres": np.array([self.collisions, self._drawn], dtype=np.int64)}

    def __repr__(self) -> str:
        return (
            f"HardSphereMD(N={len(self._like)}, packing fraction {self.packing_fraction:.4g}, "
            f"time {self.time:.6g}, {self.collisions:,} collisions)"
        )


def _with_fresh_velocities(spheres: Spheres, seed: int | tuple[int, ...]) -> Spheres:
    return replace(spheres, velocities=maxwell_velocities(spheres.masses, seed))
