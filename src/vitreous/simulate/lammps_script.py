"""Input files with which the bare `lmp` program does what `LammpsMD` does: one run, or many from one snapshot."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer
from vitreous.io.atomic import atomic_path
from vitreous.simulate._lammps_input import (
    HEADER,
    SAMPLE_EVERY,
    Start,
    check_dynamics,
    dynamics_commands,
    interaction_commands,
    start_of,
)

__all__ = ["isoconfigurational_script", "lammps_data", "lammps_velocities", "write_lammps_input"]


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
    with atomic_path(data) as path:
        path.write_text(lammps_data(start, model, velocities=True), encoding="utf-8")
    lines = (
        f"# {model.name}, N = {len(configuration)}, T = {temperature}, NVT",
        *HEADER,
        f'read_data "{data.name}"',
        *interaction_commands(model),
        *dynamics_commands(temperature, timestep),
        f"thermo {SAMPLE_EVERY}",
        "thermo_style custom step temp pe press",
        "thermo_modify format float %.17g",
        f'# dump positions all custom 1000 "{prefix.name}.lammpstrj" id type xu yu zu vx vy vz',
        f"run {steps}",
    )
    with atomic_path(script) as path:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return script, data


def lammps_data(start: Start, model: GlassFormer, *, velocities: bool) -> str:
    """The text of a data file: box, atoms with images, and their velocities if wanted, with all digits."""
    lines = [f"{model.name}: types 1 to {len(model.species)} are {', '.join(model.species)}", ""]
    lines += [f"{len(start.types)} atoms", f"{len(model.species)} atom types", ""]
    lines += [
        f"0 {length!r} {axis}lo {axis}hi" for axis, length in zip("xyz", start.lengths.tolist(), strict=True)
    ]
    lines += ["", "Atoms # atomic", ""]
    rows = zip(start.types.tolist(), start.positions.tolist(), start.images.tolist(), strict=True)
    for number, (kind, (x, y, z), (i, j, k)) in enumerate(rows, start=1):
        lines.append(f"{number} {kind} {x!r} {y!r} {z!r} {i} {j} {k}")
    if velocities:
        lines += ["", "Velocities", ""]
        for number, (x, y, z) in enumerate(start.velocities.tolist(), start=1):
            lines.append(f"{number} {x!r} {y!r} {z!r}")
    return "\n".join(lines) + "\n"


def lammps_velocities(start: Start) -> str:
    """The text of a file for an atomfile variable: all vx, then all vy, then all vz."""
    lines = ["# vx, vy and vz of all atoms, one after the other, for a LAMMPS variable of style atomfile"]
    for component in start.velocities.T.tolist():
        lines.append(str(len(component)))
        lines += [f"{number} {value!r}" for number, value in enumerate(component, start=1)]
    return "\n".join(lines) + "\n"


def isoconfigurational_script(
    model: GlassFormer, temperature: float, timestep: float, last_step: int, names: Mapping[str, str]
) -> str:
    """One script for many runs, told apart by the variable ``run``: ``lmp -in SCRIPT -var run 7``.

    Parameters
    ----------
    model, temperature, timestep
        As `LammpsMD` takes them; velocity Verlet and thermostat are those of `LammpsMD`.
    last_step : int
    names : mapping
        Names of the files: ``data``, ``velocities``, ``steps`` (one a line, the last beyond `last_step`) and
        ``trajectory``, in which ``${run}`` stands for the number of the run; without spaces.
    """
    lines = (
        f"# {model.name}, T = {temperature}, NVT: one run of many from the same positions, with velocities of its own.",
        "# lmp -in SCRIPT -var run NUMBER",
        *HEADER,
        "atom_modify map array",  # which files by atom need
        f"read_data {names['data']}",
        *interaction_commands(model),
        f"variable velocities atomfile {names['velocities']}",  # between quotes LAMMPS would not put in the number
        "velocity all set v_velocities NULL NULL units box",
        "next velocities",
        "velocity all set NULL v_velocities NULL units box",
        "next velocities",
        "velocity all set NULL NULL v_velocities units box",
        *dynamics_commands(temperature, timestep),
        f"variable steps file {names['steps']}",
        "variable following equal next(steps)",
        f"dump frames all custom 1 {names['trajectory']} id type xu yu zu",
        "dump_modify frames every v_following first yes sort id time yes format float %.13g",
        f"thermo {1000 * SAMPLE_EVERY}",
        f"run {last_step}",
    )
    return "\n".join(lines) + "\n"
