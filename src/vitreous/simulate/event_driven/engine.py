"""Hard spheres in a periodic box, from collision to collision."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.simulate.engine import Progress, Sample
from vitreous.simulate.event_driven import _layout as layout
from vitreous.simulate.event_driven.growth import growing_start
from vitreous.simulate.event_driven.start import masses_of, sides_of
from vitreous.simulate.velocities import checked_seed, maxwell_velocities

__all__ = ["HardSphereMD"]

_CHUNK = 100_000  # collisions between two looks at the keyboard
_CLOCK_SPAN = (
    256.0  # in diameters per thermal velocity: how far the local clock runs before it is set to zero
)
_NEIGHBORS = 15.0  # spheres expected in the sphere in which neighbours are listed; fits sixteen lanes
_FIRST_ROW = 32  # room for neighbours at first, a multiple of the lanes
_OVERLAP = 1e-6  # relative: coordinates in files are rounded
# Spheres that collide so often (each, on average) within so little of their own time have no room at all: the gaps
# are below 1e-9 diameters, as in a row that fills the box.
_OFTEN, _LITTLE = 1000, 1e-6
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
        self._set_up(configuration, masses, seed)
        self._set_velocities(maxwell_velocities(self._masses, seed))
        self._check_overlaps()

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
        engine._set_up(frame, None, seed)
        engine._origin = frame.time or 0.0
        engine._set_velocities(np.asarray(velocities, dtype=np.float64))
        engine._check_overlaps()
        if state:
            if "hard_spheres" not in state or np.shape(state["hard_spheres"]) != (2,):
                raise InputError("state: has no counters of hard spheres, so it comes from another engine")
            engine._collisions, engine._drawn = (int(value) for value in state["hard_spheres"])
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
        engine._set_up(start, masses, seed, scale)
        engine._set_velocities(maxwell_velocities(engine._masses, seed))
        assert start.diameters is not None
        thermal_time = float(start.diameters.max()) * math.sqrt(float(engine.masses.max()))
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
        scale: float = 1.0,
    ) -> None:
        sides = sides_of(configuration)
        n = len(configuration)
        if n < 2:
            raise InputError("positions: there is one sphere only; hard spheres need at least two to collide")
        if configuration.diameters is None:
            raise InputError("diameters: hard spheres need them, and the configuration has none")
        self._like = configuration
        self._diameters = configuration.diameters
        self._masses = masses_of(configuration, masses)
        self._seed = checked_seed(seed)
        self._origin = 0.0
        self._sides = sides
        self._volume = float(np.prod(sides))
        self._collisions = 0  # before this object's counters began
        self._drawn = 0  # times that the thermostat drew random numbers
        self._system: layout.System | None = None
        self._scale, self._rate, self._largest_scale = scale, 0.0, scale
        self._row = _FIRST_ROW
        wrapped, images = configuration.box.wrap(configuration.positions)
        wrapped = wrapped - configuration.box.origin
        wrapped[wrapped >= sides] = 0.0  # only by rounding
        given = configuration.images
        if configuration.unwrapped:
            given = None
        self._positions = np.maximum(wrapped, 0.0)
        self._images = images if given is None else images + given
        self._velocities = np.zeros((n, 3))
        self._virial_before = 0.0
        self._pressure = math.nan

    def _stretch(self, scale: float, rate: float, most: int, progress: Progress | None) -> bool:
        """Grow at that rate until the diameters are `scale` times those at the end, and rescale to k_B T = 1.

        Returns whether that took at most `most` collisions; if not, growth stops where it is.
        """
        self._collect()
        self._rate, self._largest_scale = rate, scale
        self._begin()
        duration = (scale - self._scale) / rate
        self._until(duration, progress, most)
        done = self._local == duration
        temperature = self.temperature
        self._collect()
        self._scale, self._rate = scale if done else self._scale, 0.0
        self._set_velocities(self._velocities / math.sqrt(temperature))
        if progress is not None:
            progress(self.time, self.collisions)
        return done

    def restart(self, seed: int | tuple[int, ...]) -> None:
        """Draw fresh velocities and begin at time 0, with counters at zero, where the spheres are now."""
        self._collect()
        self._origin, self._collisions, self._drawn, self._seed = 0.0, 0, 0, seed
        self._images[:] = 0
        self._pressure = math.nan
        self._set_velocities(maxwell_velocities(self._masses, seed))

    def _mean_pressure(self, virial: float, duration: float) -> float:
        thermal = 3.0 * duration * self.temperature
        return float((len(self._diameters) + virial / thermal) / self._volume)

    def _set_velocities(self, velocities: NDArray[np.float64]) -> None:
        """Replace the velocities; the engine has to be rebased, and begins anew from them."""
        self._velocities = velocities
        self._begin()

    # Beginning and forgetting

    def _begin(self) -> None:
        """Fill the arrays from positions, velocities and images, at time `_origin`, and find all events."""
        n = len(self._positions)
        skin = self._skin()
        reach = float(self._diameters.max()) * self._largest_scale + skin
        cells = layout.cells_along(self._sides, reach, 1)
        self._order = order = layout.along_cells(self._positions, self._sides, cells)
        around = layout.fewest_steps(n, self._sides, reach)
        cells = layout.cells_along(self._sides, reach, around)
        system = layout.allocate(self._diameters[order] / 2, self._sides, cells, around, self._row)
        system.record[:n, layout.X : layout.VX] = self._positions[order]
        system.record[:n, layout.VX : layout.T] = self._velocities[order]
        system.particle["order"][:n] = np.arange(1, n + 1)
        system.counts["stamp"] = n
        system.shell["mass"] = self._masses[order]
        for d, axis in enumerate("xyz"):
            system.home[axis] = self._positions[order, d]
        system.images[:] = self._images[order]
        system.growth[:] = self._scale, self._rate, self._largest_scale
        self._system, self._skin_now = system, skin
        self._local = 0.0
        self._virial_before = 0.0
        self._list()
        self._find_events()

    def _list(self) -> None:
        from vitreous.simulate.event_driven._listing_kernel import list_all

        while not list_all(self._system, self._skin_now):
            self._widen()

    def _widen(self) -> None:
        """Make the rows longer."""
        system = self._arrays()
        self._row += layout.LANES
        self._system = system._replace(row=layout.empty_rows(len(system.shell), self._row))

    def _find_events(self) -> None:
        from vitreous.simulate.event_driven._run_kernel import predict_all

        predict_all(self._arrays(), 0.5 * self._skin_now)
        self._begin_calendar()

    def _begin_calendar(self) -> None:
        """Enter everybody's event, in slices of time that fit how far ahead the events are now."""
        from vitreous.simulate.event_driven._calendar_kernel import fill

        system = self._arrays()
        ahead = float(np.median(system.shell["due"])) - self._local
        self._slices = len(system.shell) / (3.0 * ahead) if 0.0 < ahead < math.inf else 1.0
        fill(system, self._local, self._slices)

    def _arrays(self) -> layout.System:
        assert self._system is not None
        return self._system

    def _skin(self) -> float:
        """So that about as many neighbours are listed as are predicted at once, as far as the box allows."""
        n, diameters = len(self._diameters), self._diameters * self._largest_scale
        radius = (_NEIGHBORS * 3.0 * self._volume / (4.0 * math.pi * n)) ** (1.0 / 3.0)
        largest = float(diameters.max())
        wanted = max(radius - float(diameters.mean()), 0.1 * float(diameters.mean()))
        allowed = 0.499 * (0.5 * float(self._sides.min()) - largest)  # so that one image only is in reach
        if allowed < 0.0249 * largest:
            raise InputError(
                f"box: its shortest side, {self._sides.min():.4g}, is less than 2.1 times the largest "
                f"diameter, {largest:.4g}; a sphere would meet another from two sides: take more spheres"
            )
        return float(min(wanted, allowed))

    def _check_overlaps(self) -> None:
        system = self._arrays()
        n = len(system.shell)
        place, slot = np.nonzero(system.row["neighbor"] < n)
        row, other = place % n, system.row["neighbor"][place, slot].astype(np.int64)
        difference = system.record[other, : layout.VX] - system.record[row, : layout.VX]
        difference -= self._sides * np.rint(difference / self._sides)
        distance = np.sqrt((difference**2).sum(axis=1))
        contact = system.row["contact"][place, slot] * self._scale
        if len(row) and (worst := int(np.argmin(distance / contact))) >= 0:
            i, j = sorted((int(self._order[row[worst]]), int(self._order[other[worst]])))
            if distance[worst] < contact[worst] * (1.0 - _OVERLAP):
                raise InputError(
                    f"positions: spheres {i} and {j} overlap: their distance is {distance[worst]:.6g}, "
                    f"contact {contact[worst]:.6g}; correct the positions, diameters or box, or let "
                    f"HardSphereMD.grow make a start"
                )

    def rebase(self) -> None:
        """Bring all spheres to the present and begin anew from there, as an engine made from `frame` would."""
        self._collect()
        self._origin = self.time
        self._begin()

    def rearrange(self, places: NDArray[np.int64]) -> None:
        """Put sphere i where sphere places[i] is now, and rebase; places is a permutation.

        If all masses are equal it takes over that one's velocity, so that the motion goes on as if the diameters had
        been exchanged; else every sphere keeps its own. Both leave energy and momentum as they are.
        """
        self._collect()
        self._origin = self.time
        self._positions, self._images = self._positions[places], self._images[places]
        if np.all(self._masses == self._masses[0]):
            self._velocities = self._velocities[places]
        self._begin()

    def _collect(self) -> None:
        """Take positions, images and velocities of now out of the arrays, which have to be filled again."""
        system = self._arrays()
        self._positions, self._images = self._now()
        self._velocities = self._in_given_order(system.record[:-1, layout.VX : layout.T])
        self._collisions += int(system.counts["collisions"][0])
        self._scale += self._rate * self._local
        system.counts["collisions"] = 0

    def _in_given_order(self, values: NDArray[Any]) -> NDArray[Any]:
        given = np.empty_like(values)
        given[self._order] = values
        return given

    def _now(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Positions in the box and images at the present time, in the order given."""
        record = self._arrays().record[:-1]
        flight = self._local - record[:, layout.T : layout.T + 1]
        x = record[:, : layout.VX] + record[:, layout.VX : layout.T] * flight
        crossed = np.floor(x / self._sides)
        x -= crossed * self._sides
        again = x >= self._sides  # only by rounding
        x[again] = 0.0
        crossed[again] += 1
        images = self._arrays().images + crossed.astype(np.int64)
        return self._in_given_order(np.maximum(x, 0.0)), self._in_given_order(images)

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
            self._collect()
            self._origin = self.time
            self._set_velocities(self._thermalised(thermostat))
        if duration > 0.0:
            self._pressure = weighted / (end - begin)
        return Sample(begin, end, self._pressure, self.temperature)

    def _thermalised(self, thermostat: str) -> NDArray[np.float64]:
        velocities = self._velocities.copy()
        if thermostat == "andersen":
            seed = self._seed if isinstance(self._seed, tuple) else (self._seed,)
            self._drawn += 1
            rng = np.random.default_rng((*seed, 1, self._drawn))
            chosen = rng.random(len(velocities)) < 0.1
            fresh = rng.standard_normal(velocities.shape) / np.sqrt(self._masses)[:, None]
            velocities[chosen] = fresh[chosen]
            momentum = (self._masses[:, None] * velocities).sum(axis=0)
            return np.asarray(velocities - momentum / self._masses.sum())
        return velocities / math.sqrt(self.temperature)

    def advance(self, time: float, progress: Progress | None = None) -> Sample:
        """Go on until `time`; an interrupt stops between two events and leaves a usable engine."""
        begin = self.time
        if not (math.isfinite(time) and time >= begin):
            raise InputError(f"time: cannot go on until {time}; it is {begin} now")
        if self.kinetic_energy == 0.0:
            raise InputError("velocity: all spheres are at rest; HardSphereMD(frame) draws fresh velocities")
        span = _CLOCK_SPAN * float(self._diameters.min()) * math.sqrt(float(self._masses.min()))
        virial = 0.0
        while True:
            until = min(time - self._origin, span)
            virial += self._until(until, progress)
            if time - self._origin <= span:
                break
            self.rebase()
        if time > begin:
            self._pressure = self._mean_pressure(virial, time - begin)
        if progress is not None:
            progress(self.time, self.collisions)
        return Sample(begin, time, self._pressure, self.temperature)

    def _until(self, until: float, progress: Progress | None, most: float = math.inf) -> float:
        """Go on until the local clock shows `until`; returns the virial of the collisions on the way.

        After `most` collisions it stops early.
        """
        from vitreous.simulate.event_driven import _run_kernel as kernel

        little = _LITTLE * float(self._diameters.min()) * math.sqrt(float(self._masses.min()))
        seen = self.collisions, self._local
        before, last = self._arrays().virial[0], self.collisions + most
        while self.collisions < last:
            system = self._arrays()
            scanned, slice_ = (int(system.counts[k][0]) for k in ("scanned", "current"))
            outcome = kernel.run(system, until, _CHUNK, self._skin_now, self._slices)
            if outcome == kernel.DONE:
                self._local = until
                return float(system.virial[0] - before)
            self._local = max(self._local, float(system.record[:-1, layout.T].max()))
            if outcome == kernel.NO_ROOM:
                self._widen()
                self._list()
                self._find_events()
            elif (
                max(system.counts["scanned"][0] - scanned, system.counts["current"][0] - slice_) > 10 * _CHUNK
            ):
                self._begin_calendar()  # slices have become too long or too short
            if self.collisions - seen[0] > _OFTEN * len(self._diameters):
                if self._local - seen[1] < little:
                    raise InputError(
                        f"positions: the spheres have no room to move: since time {self._origin + seen[1]:.6g} "
                        f"there were {self.collisions - seen[0]:,} collisions, and time did not go on; rows or "
                        f"layers of touching spheres do this, so spread them or let HardSphereMD.grow make a start"
                    )
                seen = self.collisions, self._local
            if progress is not None:
                progress(self.time, self.collisions)
        return float(self._arrays().virial[0] - before)

    # What is seen

    @property
    def time(self) -> float:
        """Time since the beginning."""
        return self._origin + self._local

    @property
    def collisions(self) -> int:
        """Collisions so far, counted once per pair."""
        return self._collisions + int(self._arrays().counts["collisions"][0])

    work = collisions

    @property
    def masses(self) -> NDArray[np.float64]:
        """(N,) masses."""
        return self._masses

    @property
    def kinetic_energy(self) -> float:
        """Kinetic energy of all spheres, in k_B T."""
        velocities = self._arrays().record[:-1, layout.VX : layout.T]
        return float(0.5 * (self._arrays().shell["mass"][:, None] * velocities**2).sum())

    @property
    def temperature(self) -> float:
        """k_B T from the kinetic energy, for 3N - 3 degrees of freedom."""
        return 2.0 * self.kinetic_energy / (3.0 * len(self._diameters) - 3.0)

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
        scale = self._scale + self._rate * self._local
        return float((np.pi / 6.0 * (self._diameters * scale) ** 3).sum() / self._volume)

    @property
    def configuration(self) -> Configuration:
        """The present: positions in the box with images (so `unwrapped_positions` follow), velocities, time.

        The box has its corner at the origin, wherever that of the start was: shifting would round.
        """
        positions, images = self._now()
        columns = dict(self._like.columns)
        columns["velocity"] = self._in_given_order(self._arrays().record[:-1, layout.VX : layout.T])
        if not np.all(self._masses == 1.0) or "mass" in columns:
            columns["mass"] = self._masses
        like = self._like
        return Configuration(
            positions,
            Box.of(self._sides),
            like.species,
            like.diameters,
            images=images,
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
            f"HardSphereMD(N={len(self._diameters)}, packing fraction {self.packing_fraction:.4g}, "
            f"time {self.time:.6g}, {self.collisions:,} collisions)"
        )
