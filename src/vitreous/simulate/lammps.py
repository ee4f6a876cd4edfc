"""Molecular dynamics of glass formers with a potential energy, by LAMMPS inside this process."""

from __future__ import annotations

import math
import time as clock
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer
from vitreous.glassformers.sizes import split_by_size, with_split_species
from vitreous.simulate._lammps_atoms import (
    gather_atoms,
    place_atoms,
    rearrange_atoms,
    restart_bytes,
    temporary_path,
)
from vitreous.simulate._lammps_input import (
    SAMPLE_EVERY,
    Start,
    box_commands,
    check_dynamics,
    dynamics_commands,
    relaxation_commands,
    start_of,
)
from vitreous.simulate._lammps_instance import Instance
from vitreous.simulate._lammps_interaction import header_commands, placed_interaction
from vitreous.simulate._lammps_melting import first_positions, melting
from vitreous.simulate.engine import Progress, Sample
from vitreous.simulate.velocities import checked_seed

__all__ = ["LammpsMD"]

_RESTART = "lammps_restart"
# A run is cut into pieces of at most this many updates of one particle, a fraction of a second of work, so that an
# interrupt and the progress get their turn.
_PIECE = 200_000
_REPORT_EVERY = 0.2  # seconds


class LammpsMD:
    """Constant volume and temperature (Nosé-Hoover chains), velocity Verlet, one thread.

    Everything is in the model's units. The period of the thermostat is 100 time steps (a
    choice). Same start, same seed, same numbers, however the run is cut into calls of `advance`.

    Parameters
    ----------
    configuration : Configuration
        The start: any rectangular periodic box, with the species of the model. Wrapped or unwrapped.
    model : GlassFormer
        With a potential energy.
    temperature : float
        Temperature of the thermostat and of the fresh Maxwell velocities, in the model's unit.
    seed : int
        Seed of the velocities, which have no net momentum and exactly the temperature asked for.
    timestep : float
        In the model's time unit.

    Raises
    ------
    InputError
        For a start that cannot be simulated, or if LAMMPS is not installed.
    """

    work_name = "steps"
    _lammps: Instance
    _rebased: tuple[int, bytes] | None

    def __init__(
        self,
        configuration: Configuration,
        model: GlassFormer,
        temperature: float,
        *,
        seed: int = 0,
        timestep: float = 0.005,
    ) -> None:
        self._open(model, temperature, timestep)
        self.reset(configuration, seed)

    @classmethod
    def restore(
        cls,
        frame: Configuration,
        state: Mapping[str, NDArray[np.generic]],
        model: GlassFormer,
        temperature: float,
        *,
        timestep: float = 0.005,
    ) -> LammpsMD:
        """Go on from what `frame` and `state` of another engine gave, velocities and thermostat included.

        Parameters
        ----------
        frame, state
            Of one instant of an engine. After its `rebase`, both go on bit for bit alike.
        model, temperature, timestep
            Those of that engine.

        Raises
        ------
        InputError
            If `state` is damaged or of another frame, or was made with another time step.
        """
        if _RESTART not in state:
            raise InputError(f"state: has no array {_RESTART!r}, so it does not come from a LAMMPS run")
        engine = cls.__new__(cls)
        engine._open(model, temperature, timestep)
        engine._species, engine._box, engine._diameters = frame.species, frame.box, frame.diameters
        engine._start_of(frame, 0)  # the same refusals as for a new start
        try:
            engine._lammps.rebuild(partial(engine._load, np.asarray(state[_RESTART], np.uint8).tobytes()))
        except InputError as error:
            raise InputError(f"state: cannot be continued: {error}") from None
        engine._first_step = engine._lammps.step
        engine._compare(frame)
        return engine

    @classmethod
    def liquid(
        cls,
        model: GlassFormer,
        n: int,
        temperature: float,
        *,
        seed: int = 0,
        timestep: float = 0.005,
    ) -> LammpsMD:
        """A liquid made from nothing: random positions, overlaps removed, melted, quenched.

        It is melted at T = 2 (or `temperature` if that is higher) for 10 time units and then kept at
        `temperature` for as long: a liquid, but no equilibrium yet at low temperatures. That is of cut and shifted
        Lennard-Jones pairs; particles of all others begin as soft spheres that have gone apart, go downhill from there,
        and are melted at twice `temperature` for 2,000 steps.

        Parameters
        ----------
        model : GlassFormer
            With a potential energy.
        n : int
            Number of particles, in a cubic box at the model's density.
        temperature, timestep
            As for a new engine.
        seed : int
            Same seed, same liquid.

        Returns
        -------
        LammpsMD
            At time 0, with fresh velocities.

        Raises
        ------
        InputError
            If `n` is too small for both species or for the cutoff.
        """
        check_dynamics(model, temperature, timestep)
        seeds = np.random.SeedSequence(checked_seed(seed)).generate_state(4).tolist()
        hotter, shorter, lasts = melting(model, temperature, timestep)
        hot = cls.__new__(cls)
        hot._open(model, hotter, shorter)
        hot._create(first_positions(model, n, seeds[0]), 0, relax=True)
        hot.reset(hot.frame(), seeds[1])
        hot.advance(lasts)
        engine = cls(hot.frame(), model, temperature, seed=seeds[2], timestep=timestep)
        engine.advance(lasts)
        engine.reset(engine.frame(), seeds[3])
        return engine

    def reset(self, configuration: Configuration, seed: int = 0) -> None:
        """Begin anew at time 0 from `configuration`, as a new engine would, only without loading LAMMPS.

        Model, temperature and time step stay.

        Raises
        ------
        InputError
            As for a new engine; what was simulated before is lost only if the start is accepted.
        """
        self._lammps.refuse_if_failed()
        self._start_of(configuration, seed)
        self._lammps.rebuild(partial(self._create, configuration, seed))

    @property
    def time(self) -> float:
        """Time since the engine's beginning: steps done, times the time step."""
        self._lammps.finish()
        return self._lammps.step * self._timestep

    @property
    def work(self) -> int:
        """Steps done since the engine was made, restored or reset."""
        self._lammps.finish()
        return self._lammps.step - self._first_step

    def advance(self, time: float, progress: Progress | None = None) -> Sample:
        """Go on until the step nearest to `time`; an interrupt leaves a usable engine.

        Parameters
        ----------
        time : float
            Not before the time reached.
        progress : callable, optional
            Called several times a second, and at the end, with the time and the steps reached.

        Returns
        -------
        Sample
            Means over the steps after the present one whose number is a multiple of 50; if there is none, the
            values of the last step. The pressure is the virial plus (3N - 3)/3 kT per volume, as in LAMMPS.

        Raises
        ------
        InputError
            If `time` lies before the time reached or is no number, or the simulation failed before.
        VitreousError
            If LAMMPS stops; the message says when and why. The engine cannot be used any more.
        """
        self._lammps.make_ready()
        begin = self._lammps.step
        last = self._nearest_step(time)
        total, samples = np.zeros(3), 0
        reported = clock.perf_counter()
        piece = max(1, _PIECE // len(self._species))
        while (step := self._lammps.step) < last:
            self._lammps.tell(
                f"run {min(piece, last - step, SAMPLE_EVERY - step % SAMPLE_EVERY)} pre no post no"
            )
            if self._lammps.step % SAMPLE_EVERY == 0:
                total += self._measured()
                samples += 1
            if progress and clock.perf_counter() - reported > _REPORT_EVERY:
                progress(self.time, self.work)
                reported = clock.perf_counter()
        if samples == 0:
            total, samples = self._measured(), 1
        if progress:
            progress(self.time, self.work)
        pressure, temperature, energy = (total / samples).tolist()
        return Sample(begin * self._timestep, self.time, pressure, temperature, energy)

    def rebase(self) -> None:
        """Go on from what `state` tells, as a restored engine would: neighbour lists and forces anew."""
        self._lammps.make_ready()
        self._lammps.rebuild(partial(self._load, restart_bytes(self._lammps.library)))

    def frame(self) -> Configuration:
        """The present: unwrapped positions, column "velocity" (N, 3), time and step, particles as they were given."""
        self._lammps.make_ready()
        positions, images, velocities = gather_atoms(self._lammps.library)
        return Configuration(
            positions + images * self._box.lengths + self._box.origin,
            self._box,
            species=self._species,
            diameters=self._diameters
            if self._model.is_polydisperse
            else {name: self._model.diameter_of[name] for name in np.unique(self._species)},
            unwrapped=True,
            time=self.time,
            step=self._lammps.step,
            columns={"velocity": velocities}
            if self._model.has_equal_masses
            else {"velocity": velocities, "mass": self._model.masses_of(self._species)},
        )

    def state(self) -> dict[str, NDArray[np.generic]]:
        """The bytes of a LAMMPS restart file, as the uint8 array "lammps_restart"; after `rebase`, of the one read."""
        self._lammps.make_ready()
        rebased = self._rebased
        restart = (
            rebased[1] if rebased and rebased[0] == self._lammps.step else restart_bytes(self._lammps.library)
        )
        return {_RESTART: np.frombuffer(restart, np.uint8)}

    def rearrange(self, places: NDArray[np.int64]) -> None:
        """Put particle i where particle places[i] is now; places is a permutation.

        If all masses are equal it takes over that one's velocity, so that the motion goes on as if the species had been
        exchanged; else every particle keeps its own. Both leave kinetic energy and momentum as they are.
        """
        self._lammps.make_ready()
        rearrange_atoms(
            self._lammps.library, places, ("x", "image", *(("v",) if self._model.has_equal_masses else ()))
        )
        self._rebased = None
        self._lammps.tell("run 0 post no")

    def __repr__(self) -> str:
        return (
            f"LammpsMD(N={len(self._species)}, {self._model.name}, T={self._temperature:g}, "
            f"time {self.time:.6g}, {self.work:,} steps)"
        )

    def _open(self, model: GlassFormer, temperature: float, timestep: float) -> None:
        check_dynamics(model, temperature, timestep)
        self._model = model
        self._kinds = split_by_size(model)  # of which each is a type of LAMMPS
        self._temperature = float(temperature)
        self._timestep = float(timestep)
        self._rebased = None  # step and bytes of the last restart that was read
        self._first_step = 0
        self._species: NDArray[Any]
        self._diameters: NDArray[np.float64] | None = None
        self._box: Box
        self._lammps = Instance(self._timestep)

    def _nearest_step(self, time: float) -> int:
        try:
            step = round(time / self._timestep)
        except (ValueError, OverflowError):
            raise InputError(f"time: cannot advance until {time}") from None
        if step < self._lammps.step:
            raise InputError(f"time: cannot go back from {self.time:.6g} to {time:.6g}")
        return step

    def _start_of(self, configuration: Configuration, seed: int) -> Start:
        kinds = with_split_species(configuration, self._model)
        return start_of(kinds, self._kinds, self._temperature, seed)

    def _create(self, configuration: Configuration, seed: int, relax: bool = False) -> None:
        start = self._start_of(configuration, seed)
        self._species, self._box = configuration.species, configuration.box
        self._diameters = configuration.diameters
        self._first_step, self._rebased = 0, None
        self._lammps.tell(
            "clear", *header_commands(self._kinds), *box_commands(start.lengths, len(self._kinds.species))
        )
        placed = place_atoms(self._lammps.library, start)
        if placed != len(start.types):
            self._lammps.fail(f"took {placed} of {len(start.types)} particles")
        if relax:
            with placed_interaction(self._kinds) as interaction:
                self._lammps.tell(*interaction, *relaxation_commands(self._kinds))
        self._set_up()

    def _load(self, restart: bytes) -> None:
        with temporary_path() as path:
            path.write_bytes(restart)
            self._lammps.tell("clear", f'read_restart "{path}"')
        if self._lammps.library.get_natoms() != len(self._species):
            self._lammps.fail(
                f"{self._lammps.library.get_natoms():.0f} particles instead of {len(self._species)}"
            )
        self._set_up()
        self._rebased = (self._lammps.step, restart)

    def _set_up(self) -> None:
        with placed_interaction(self._kinds) as interaction:
            self._lammps.tell(
                *interaction,
                *dynamics_commands(self._model, self._temperature, self._timestep),
                "thermo 0",
                "run 0 post no",
            )
        self._measured()

    def _measured(self) -> NDArray[np.float64]:
        """(3,) pressure, temperature and potential energy per particle of this step."""
        pressure, temperature, energy = (
            float(self._lammps.library.extract_compute(f"thermo_{name}", 0, 0))
            for name in ("press", "temp", "pe")
        )
        if not all(map(math.isfinite, (pressure, temperature, energy))):
            self._lammps.fail("pressure, temperature or energy are no longer finite")
        return np.array([pressure, temperature, energy / len(self._species)])

    def _compare(self, frame: Configuration) -> None:
        mine = self.frame()
        if not np.allclose(mine.positions, frame.positions, rtol=0.0, atol=1e-3):
            raise InputError("state: does not belong to this frame, the positions differ")
        if frame.time is not None and abs(frame.time - self.time) > 0.5 * self._timestep:
            raise InputError(
                f"timestep: {self._lammps.step} steps of {self._timestep:g} are not the time {frame.time:g} of the "
                f"frame; give the time step it was simulated with"
            )
