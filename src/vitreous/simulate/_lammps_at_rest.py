"""A LAMMPS with the particles of a snapshot and their interaction, in which nothing moves by itself."""

from __future__ import annotations

from typing import Any

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer
from vitreous.simulate._lammps_atoms import first_line, place_atoms
from vitreous.simulate._lammps_input import box_commands, start_of
from vitreous.simulate._lammps_interaction import header_commands, placed_interaction
from vitreous.simulate._lammps_library import open_lammps


def at_rest(configuration: Configuration, model: GlassFormer, *commands: str) -> Any:
    """An object of class `lammps.lammps` with particles of a model, that was told further commands."""
    start = start_of(configuration, model, temperature=1.0, seed=0)  # velocities are not looked at
    lammps = open_lammps()
    tell(lammps, model, *header_commands(model), *box_commands(start.lengths, len(model.species)))
    if place_atoms(lammps, start) != len(configuration):
        raise InputError("LAMMPS did not take all particles; they lie far outside the box, wrap them first")
    with placed_interaction(model) as interaction:
        tell(lammps, model, *interaction, *commands)
    return lammps


def tell(lammps: Any, model: GlassFormer, *commands: str) -> None:
    """Commands, one after the other; an `InputError` if LAMMPS refuses one."""
    for command in commands:
        try:
            lammps.command(command)
        except Exception as error:  # LAMMPS knows no other class
            raise InputError(f"{model.name}: LAMMPS refuses {command!r}: {first_line(str(error))}") from None
