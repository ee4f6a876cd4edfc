"""What LAMMPS is told: the atoms of a start, and the commands of their dynamics."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer, RawLammps
from vitreous.simulate._lammps_interaction import begins_anywhere, longest_cutoff, skin
from vitreous.simulate.velocities import checked_seed, maxwell_velocities

SAMPLE_EVERY = 50
"""Pressure, temperature and energy are sampled at the steps whose number is a multiple of this."""

_DAMPING = 100  # period of the Nosé-Hoover chain in time steps (choice; what the LAMMPS manual advises)
# Longest step, damping and number of steps, one round after the other.
_RELAXATION = ((0.05, 1.0, 200), (0.01, 5.0, 300))
_RELAXATION_TIMESTEP = 0.002
_DOWNHILL = 300  # steps towards the nearest minimum, in any units
# LAMMPS keeps the image of an atom in 10 bits per axis.
_LARGEST_IMAGE = 511


@dataclass(frozen=True)
class Start:
    """Atoms as LAMMPS takes them, in a box with its corner at 0, in the order of the configuration.

    Attributes
    ----------
    lengths : (3,) float64
        Edges of the box.
    types : (N,) int64
        1 for the first species of the model, 2 for the second, and so on.
    positions : (N, 3) float64
        Inside the box, to rounding.
    images : (N, 3) int64
        Unwrapped position = position + image * lengths.
    velocities : (N, 3) float64
        In the model's units.
    """

    lengths: NDArray[np.float64]
    types: NDArray[np.int64]
    positions: NDArray[np.float64]
    images: NDArray[np.int64]
    velocities: NDArray[np.float64]


def check_dynamics(model: GlassFormer, temperature: float, timestep: float) -> None:
    """Refuse what no simulation can be run with: hard spheres, and numbers that are not positive."""
    if model.interaction.program != "lammps":
        raise InputError(
            f"{model.name}: LAMMPS simulates particles with a potential energy; use HardSphereMD instead"
        )
    for name, value in (("temperature", temperature), ("timestep", timestep)):
        if not (math.isfinite(value) and value > 0):
            raise InputError(f"{name}: must be a positive number, got {value}")


def start_of(configuration: Configuration, model: GlassFormer, temperature: float, seed: int) -> Start:
    """The atoms of `configuration` with fresh velocities.

    Raises
    ------
    InputError
        If the box is not rectangular and periodic, or so small that particles would feel their own images;
        if species are not those of the model; if particles are fewer than two or very far outside the box.
    """
    box = configuration.box
    if not (box.is_orthorhombic and all(box.periodic)):
        raise InputError("box: LAMMPS runs need a rectangular box that is periodic along x, y and z")
    shortest, needed = float(box.lengths.min()), longest_cutoff(model) + skin(model)
    if shortest < needed:
        raise InputError(
            f"box: an edge of {shortest:.4g} is too short for {model.name}, particles would feel their own "
            f"images; every edge must be at least {needed:.4g}, so take more particles"
        )
    if len(configuration) < 2:
        raise InputError("positions: molecular dynamics needs at least two particles")
    unknown = [name for name in configuration.species_names if name not in model.species]
    if unknown:
        raise InputError(
            f"species {', '.join(unknown)}: {model.name} has the species {', '.join(model.species)}; "
            f"label the particles so"
        )
    types = np.array([model.species.index(name) + 1 for name in configuration.species_names])
    known = configuration.unwrapped or configuration.images is not None
    followed = configuration.unwrapped_positions if known else configuration.positions
    relative = followed - box.origin
    images = np.floor(relative / box.lengths)
    if np.abs(images).max() > _LARGEST_IMAGE:
        far = int(np.abs(images).max(axis=1).argmax())
        raise InputError(
            f"positions: particle {far} is more than {_LARGEST_IMAGE} box lengths outside the box, where "
            f"LAMMPS loses count; wrap the positions first"
        )
    return Start(
        lengths=box.lengths,
        types=types[configuration.species_index],
        positions=relative - images * box.lengths,
        images=images.astype(np.int64),
        velocities=maxwell_velocities(
            model.masses_of(configuration.species),
            checked_seed(seed),
            model.units.thermal_velocity_squared(temperature),
        ),
    )


def box_commands(lengths: NDArray[np.float64], types: int) -> tuple[str, ...]:
    """An empty box with its corner at 0, for atoms of so many types."""
    x, y, z = lengths.tolist()
    return (f"region cell block 0 {x!r} 0 {y!r} 0 {z!r}", f"create_box {types} cell")


def relaxation_commands(model: GlassFormer) -> tuple[str, ...]:
    """Push overlapping particles apart, however close: damped motion in which no step is longer than a limit.

    Where the limits are not known, since only Lennard-Jones pairs have them, particles go downhill instead; those that
    attract each other strongly would heat themselves beyond any time step if they were just let go.
    """
    if not begins_anywhere(model):
        return ("min_style cg", f"minimize 0.0 0.0 {_DOWNHILL} {10 * _DOWNHILL}")
    commands = []
    for limit, damping, steps in _RELAXATION:
        commands += [
            f"fix limited all nve/limit {limit}",
            f"fix damped all viscous {damping}",
            f"timestep {_RELAXATION_TIMESTEP}",
            f"run {steps} post no",
            "unfix limited",
            "unfix damped",
        ]
    return tuple(commands)


def dynamics_commands(model: GlassFormer, temperature: float, timestep: float) -> tuple[str, ...]:
    """Time step and the thermostat: constant volume, Nosé-Hoover chains of three.

    Martyna, Klein, Tuckerman, J. Chem. Phys. 97, 2635 (1992), doi:10.1063/1.463940.
    """
    heat = float(temperature)
    own = model.interaction.damping if isinstance(model.interaction, RawLammps) else None
    damping = _DAMPING * float(timestep) if own is None else float(own)
    return (
        f"timestep {float(timestep)!r}",
        f"fix thermostat all nvt temp {heat!r} {heat!r} {damping!r}",
    )
