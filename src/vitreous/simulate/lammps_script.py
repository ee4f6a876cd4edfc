"""Input files with which the bare `lmp` program does what `LammpsMD` does."""

from __future__ import annotations

import os
from pathlib import Path

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer
from vitreous.io.atomic import atomic_path
from vitreous.simulate._lammps_input import (
    SAMPLE_EVERY,
    Start,
    check_dynamics,
    dynamics_commands,
    start_of,
)
from vitreous.simulate._lammps_interaction import header_commands, interaction_commands, interaction_files

__all__ = ["write_lammps_input"]


def write_lammps_input(
    path_prefix: str | os.PathLike[str],
    configuration: Configuration,
    model: GlassFormer,
    temperature: float,
    steps: int,
    *,
    seed: int = 0,
    timestep: float = 0.005,
) -> tuple[Path, Path]:
    """Write ``PREFIX.in`` and ``PREFIX.data``: `steps` steps of ``LammpsMD(configuration, model, ...)``.

    Files that the model needs, such as tables, are written beside them as ``PREFIX-NAME``.

    Positions, velocities and parameters have all their digits. Run it in the folder of the files, with
    ``lmp -in PREFIX.in``, or 15 % faster with ``lmp -suffix omp -in PREFIX.in``.

    Parameters
    ----------
    path_prefix : path
        Folder and beginning of both names.
    configuration, model, temperature, seed, timestep
        As `LammpsMD` takes them.
    steps : int
        Time steps to run, 0 or more.

    Returns
    -------
    script, data : Path
        What was written.

    Raises
    ------
    InputError
        For a start that `LammpsMD` would refuse too.
    FileError
        If a file cannot be written.
    """
    if steps < 0:
        raise InputError(f"steps: must be 0 or more, got {steps}")
    check_dynamics(model, temperature, timestep)
    start = start_of(configuration, model, temperature, seed)
    prefix = Path(path_prefix)
    script, data = (prefix.with_name(prefix.name + ending) for ending in (".in", ".data"))
    for name, text in interaction_files(model).items():
        with atomic_path(prefix.with_name(f"{prefix.name}-{name}")) as path:
            path.write_text(text, encoding="utf-8")
    with atomic_path(data) as path:
        path.write_text(_data(start, model), encoding="utf-8")
    lines = (
        f"# {model.name}, N = {len(configuration)}, T = {temperature}, NVT",
        *header_commands(model),
        f'read_data "{data.name}"',
        *interaction_commands(model, lambda name: f"{prefix.name}-{name}"),
        *dynamics_commands(model, temperature, timestep),
        f"thermo {SAMPLE_EVERY}",
        "thermo_style custom step temp pe press",
        "thermo_modify format float %.17g",
        f'# dump positions all custom 1000 "{prefix.name}.lammpstrj" id type xu yu zu vx vy vz',
        f"run {steps}",
    )
    with atomic_path(script) as path:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return script, data


def _data(start: Start, model: GlassFormer) -> str:
    lines = [f"{model.name}: types 1 to {len(model.species)} are {', '.join(model.species)}", ""]
    lines += [f"{len(start.types)} atoms", f"{len(model.species)} atom types", ""]
    lines += [
        f"0 {length!r} {axis}lo {axis}hi" for axis, length in zip("xyz", start.lengths.tolist(), strict=True)
    ]
    lines += ["", f"Atoms # {'charge' if model.charges else 'atomic'}", ""]
    rows = zip(start.types.tolist(), start.positions.tolist(), start.images.tolist(), strict=True)
    for number, (kind, (x, y, z), (i, j, k)) in enumerate(rows, start=1):
        charge = f"{model.charges[kind - 1]!r} " if model.charges else ""
        lines.append(f"{number} {kind} {charge}{x!r} {y!r} {z!r} {i} {j} {k}")
    lines += ["", "Velocities", ""]
    for number, (x, y, z) in enumerate(start.velocities.tolist(), start=1):
        lines.append(f"{number} {x!r} {y!r} {z!r}")
    return "\n".join(lines) + "\n"
