"""One run of an isoconfigurational ensemble, and its file.

The file is a plain npz: ``distance`` (T, N) float32, how far each particle went; ``pressure``, ``temperature`` and, of
models that have one, ``energy`` (T,), means between two times; ``about``, a JSON text. The same run gives the same
bytes.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.dynamics.displacement import displacements
from vitreous.ensemble.campaign import Campaign
from vitreous.errors import FileError
from vitreous.io import atomic_path
from vitreous.simulate.engine import Engine, Progress

__all__ = ["Replica", "read_replica", "replica_path", "run_replica", "write_replica"]


@dataclass(frozen=True, eq=False)
class Replica:
    """What one run gave: distances (T, N) float32 in the model's unit, and the thermodynamics on the way."""

    number: int
    seed: int
    distance: NDArray[np.float32]
    pressure: NDArray[np.float64]
    temperature: NDArray[np.float64]
    energy: NDArray[np.float64] | None


def run_replica(
    campaign: Campaign, number: int, engine: Engine | None = None, progress: Progress | None = None
) -> tuple[Replica, Engine]:
    """Carry out one run; the engine of a run before, from the same process, is used again where that saves work.

    `progress` is told of the time and the work several times a second.
    """
    seed = campaign.replica_seed(number)
    engine = campaign.start(seed, engine)
    masses, start = campaign.masses, engine.frame().unwrapped_positions
    distance = np.empty((len(campaign.times), len(campaign.snapshot)), np.float32)
    samples = []
    for k, time in enumerate(campaign.times):
        samples.append(engine.advance(float(time), progress))
        moved = displacements(engine.frame().unwrapped_positions, start, masses)
        distance[k] = np.sqrt(np.einsum("ik,ik->i", moved, moved))
    energies = [sample.energy for sample in samples]
    energy = None if None in energies else np.array(energies, dtype=np.float64)
    replica = Replica(
        number,
        seed,
        distance,
        np.array([sample.pressure for sample in samples]),
        np.array([sample.temperature for sample in samples]),
        energy,
    )
    return replica, engine


def replica_path(folder: Path, number: int) -> Path:
    """Where the file of a run belongs."""
    return folder / f"run-{number:05d}.npz"


def write_replica(replica: Replica, campaign: Campaign, folder: Path) -> None:
    """Write the file of a run, whole or not at all, or raise a FileError."""
    engine = () if campaign.model is None else (campaign.model.interaction.program,)
    about = {
        "campaign": campaign.digest,
        "run": replica.number,
        "seed": replica.seed,
        **{package: version(package) for package in ("vitreous", "numpy", *engine)},
    }
    arrays: dict[str, NDArray[Any]] = {
        "distance": replica.distance,
        "pressure": replica.pressure,
        "temperature": replica.temperature,
        "about": np.array(json.dumps(about)),
    }
    if replica.energy is not None:
        arrays["energy"] = replica.energy
    with atomic_path(replica_path(folder, replica.number)) as temporary, temporary.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def read_replica(campaign: Campaign, folder: Path, number: int) -> Replica:
    """Read the file of a run, every byte checked; FileError if it is missing, damaged, or of something else."""
    path = replica_path(folder, number)
    shape = (len(campaign.times), len(campaign.snapshot))
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about = json.loads(str(arrays["about"]))
        replica = Replica(
            number,
            about["seed"],
            arrays["distance"],
            arrays["pressure"],
            arrays["temperature"],
            arrays.get("energy"),
        )
        whole = replica.distance.shape == shape and replica.distance.dtype == np.float32
        whole = whole and bool(np.isfinite(replica.distance).all())
    except FileNotFoundError:
        raise FileError(f"{path}: is missing") from None
    except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise FileError(
            f"{path}: is damaged: {str(error).splitlines()[0] if str(error) else 'cut off'}"
        ) from None
    if about.get("campaign") != campaign.digest or about.get("run") != number:
        raise FileError(f"{path}: is a run of another campaign, or another run; remove it")
    if not whole:
        raise FileError(
            f"{path}: is damaged: the distances have not {shape[0]} times and {shape[1]} particles"
        )
    return replica
