"""What an isoconfigurational ensemble is: everything its runs depend on, and the folder they are kept in."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import whole
from vitreous.configuration import Configuration
from vitreous.ensemble.sums import usual_wave_number
from vitreous.errors import FileError, InputError
from vitreous.glassformers import GlassFormer, as_model, model_of_record, model_record, packing_fraction
from vitreous.io import read, write
from vitreous.io.record_file import read_record, write_record
from vitreous.records import Json
from vitreous.simulate.engine import Engine, EngineMaker
from vitreous.simulate.engines import engine_of
from vitreous.simulate.schedule import output_times, whole_steps

__all__ = ["Campaign"]

_PLAN, _SNAPSHOT = "campaign.json", "snapshot.gsd"


@dataclass(frozen=True, eq=False)
class _Record:
    """What a campaign cannot be told from its snapshot by."""

    times: NDArray[np.float64]
    seed: int
    digest: str
    model: str | None = None
    engine: str | None = None
    temperature: float | None = None
    timestep: float | None = None
    definition: Json = None


@dataclass(frozen=True, eq=False)
class Campaign:
    """Runs from one snapshot, told apart by a number from 0 on; each depends on nothing but this and its number.

    Parameters
    ----------
    snapshot : Configuration
        N particles of the model, in its units.
    model : GlassFormer or None
        None where an engine is given.
    temperature : float, optional
        Temperature of the thermostat; Lennard-Jones models need it, hard spheres have none.
    times : (T,) array_like
        Time differences δt at which displacements are recorded, above 0, increasing.
    seed : int
        Seed of all velocities.
    timestep : float, optional
        By default the model's; None where it needs none.
    engine : callable, optional
        For any other liquid: makes an `Engine` at time 0 from a snapshot and a seed. Its name is all that the folder
        keeps of it.

    Attributes
    ----------
    digest : str
        Tells two campaigns apart.

    Raises
    ------
    InputError
        If the snapshot is not one of the model, or a number cannot be used.
    """

    snapshot: Configuration
    model: GlassFormer | None
    times: NDArray[np.float64]
    temperature: float | None = None
    seed: int = 0
    timestep: float | None = None
    engine: EngineMaker | None = None
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        times = output_times(self.times)
        step = None
        if self.model is None:
            if self.engine is None or self.temperature is not None or self.timestep is not None:
                raise InputError(
                    "model: give one, or an engine of your own, which has its temperature and time step"
                )
        elif self.engine is not None:
            raise InputError("engine: give an engine of your own or a model, not both")
        else:
            self.model.check_temperature(self.temperature)
            step = self.model.resolved_timestep(self.timestep)
        if step is not None:
            times = whole_steps(times, step)
        if times[0] <= 0.0:
            raise InputError(
                "times: displacements at time 0 are 0; begin later"
                + ("" if step is None else ", at a time step or more")
            )
        whole("seed", self.seed, 0)
        taken = self.snapshot if self.model is None else as_model(self.snapshot, self.model)
        box = taken.box
        kept = self.model is None and "mass" in taken.columns
        snapshot = Configuration(
            box.wrap(taken.positions)[0],
            box,
            taken.species,
            taken.diameters,
            columns={"mass": taken.columns["mass"]} if kept else {},
            source=taken.source,
        )
        put(self, "times", times)
        put(self, "timestep", step)
        put(self, "snapshot", snapshot)
        put(self, "digest", self._digest())

    def as_dict(self) -> dict[str, Json]:
        """All parameters, with the packing fraction or the temperature as the state."""
        state: dict[str, Json]
        if self.model is None:
            assert self.engine is not None
            state = {"engine": _name_of(self.engine)}
        elif self.model.is_hard:
            state = {**model_record(self.model), "packing_fraction": packing_fraction(self.snapshot)}
        else:
            state = {
                **model_record(self.model), "temperature": self.temperature, "timestep": self.timestep,
            }  # fmt: skip
        return {
            **state,
            "particles": len(self.snapshot),
            "seed": int(self.seed),
            "times": self.times.tolist(),
        }

    @property
    def wave_number(self) -> float | None:
        """The q of F_s: the model's, else where the structure factor of the snapshot has its first peak."""
        return usual_wave_number(self.snapshot) if self.model is None else self.model.wave_number

    @property
    def masses(self) -> NDArray[np.float64] | None:
        """(N,) masses of the particles; None where all are equal."""
        if self.model is None:
            mass = self.snapshot.columns.get("mass")
            return None if mass is None else np.asarray(mass, dtype=np.float64)
        return None if self.model.has_equal_masses else self.model.masses_of(self.snapshot.species)

    def start(self, seed: int, before: Engine | None = None) -> Engine:
        """An engine at time 0 with velocities of this seed; `before` is used again where that saves work."""
        if self.model is None:
            assert self.engine is not None
            return self.engine(self.snapshot, seed)
        return engine_of(
            self.model, self.snapshot, self.temperature, seed=seed, timestep=self.timestep, before=before
        )

    def _digest(self) -> str:
        snapshot = self.snapshot
        diameters = np.zeros(0) if snapshot.diameters is None else snapshot.diameters
        arrays = [snapshot.positions, snapshot.species.astype("U"), snapshot.box.vectors, diameters]
        arrays += snapshot.columns.values()
        told = {name: value for name, value in self.as_dict().items() if name != "packing_fraction"}
        digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
        for array in arrays:
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def replica_seed(self, replica: int) -> int:
        """Seed of the velocities of one run, from the seed, the digest and the number of the run."""
        words = [int(self.digest[k : k + 8], 16) for k in range(0, 64, 8)]
        sequence = np.random.SeedSequence([self.seed, *words], spawn_key=(replica,))
        return int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))

    # The folder

    def prepare(self, folder: Path) -> None:
        """Make the folder, or make sure that it is this campaign's.

        Raises
        ------
        FileError
            If it holds another campaign, or something else.
        """
        plan = folder / _PLAN
        if plan.exists():
            other = Campaign.load(folder, self.engine, self.digest)
            if other.digest != self.digest:
                raise FileError(f"{folder}: is the folder of another campaign: {self._difference(other)}")
            return
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise FileError(f"{folder}: exists, and is not the folder of a campaign; choose another --folder")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(f"{folder}: cannot make it: {error.strerror or error}") from None
        write(folder / _SNAPSHOT, self.snapshot)
        write_record(plan, {**self.as_dict(), "source": self.snapshot.source, "digest": self.digest})

    def _difference(self, other: Campaign) -> str:
        mine, its = self.as_dict(), other.as_dict()
        for name in mine:
            if name == "packing_fraction" or mine[name] == its.get(name):
                continue
            if name == "times":
                return "its times are others; choose another --folder, or repeat its --times"
            return f"its {name} is {its.get(name)}, not {mine[name]}; choose another --folder"
        return "its snapshot is another; choose another --folder"

    @staticmethod
    def load(folder: Path, engine: EngineMaker | None = None, digest: str | None = None) -> Campaign:
        """The campaign of a folder.

        Parameters
        ----------
        folder : Path
        engine : callable, optional
            That of the campaign, if it has one of its own.
        digest : str, optional
            Of the campaign that it should be. Whoever knows it has seen the model, so that LAMMPS commands in it that
            can do whatever a program can are taken for what they are.

        Raises
        ------
        FileError
            If it is none, was changed, or has another engine.
        """
        plan = folder / _PLAN
        try:
            record = read_record(plan, _Record)
            its = record.engine
            if record.model is None and (engine is None or its != _name_of(engine)):
                raise FileError(f"{folder}: is the folder of another campaign: its engine is {its}")
            former = None
            if record.model is not None:
                told = {"model": record.model, "definition": record.definition}
                former = model_of_record(told, record.digest == digest)
            found = Campaign(
                read(folder / _SNAPSHOT),
                former,
                record.times,
                record.temperature,
                record.seed,
                record.timestep,
                engine if former is None else None,
            )
        except FileNotFoundError:
            raise FileError(f"{folder}: is not the folder of a campaign, {_PLAN} is missing") from None
        except FileError:
            raise
        except InputError as error:
            raise FileError(f"{plan}: cannot be read: {error}") from None
        if found.digest != record.digest:
            raise FileError(f"{folder}: {_PLAN} and {_SNAPSHOT} were changed after the campaign began")
        return found


def _name_of(engine: EngineMaker) -> str:
    """What can be told of a function: its module and name, and what `functools.partial` fixed of its arguments."""
    if isinstance(engine, functools.partial):
        fixed = [*map(repr, engine.args), *(f"{name}={value!r}" for name, value in engine.keywords.items())]
        # Of objects that say where in memory they are, no more than what they are.
        return f"{_name_of(engine.func)}({re.sub(r' at 0x[0-9a-fA-F]+', '', ', '.join(fixed))})"
    kind = engine if hasattr(engine, "__qualname__") else type(engine)
    return f"{kind.__module__}.{kind.__qualname__}"
