"""Energies and forces of given particles by LAMMPS, for whatever interaction a model has."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer, local_energy
from vitreous.simulate._lammps_atoms import first_line, place_atoms
from vitreous.simulate._lammps_input import box_commands, start_of
from vitreous.simulate._lammps_interaction import header_commands, placed_interaction
from vitreous.simulate._lammps_library import open_lammps

__all__ = ["ForceField", "particle_energies"]

_ENERGY = "vitreous_energy"


def particle_energies(configuration: Configuration, model: GlassFormer) -> NDArray[np.float64]:
    """(N,) potential energy of each particle, half of that of its pairs; by LAMMPS where there is no formula.

    Raises
    ------
    InputError
        If the model has no energy, or LAMMPS cannot tell it.
    """
    if model.is_hard or model.pair_potentials:
        return local_energy(configuration, model)
    return ForceField(configuration, model).energies()


class ForceField:
    """What particles feel, wherever they are moved.

    Parameters
    ----------
    configuration : Configuration
        N particles of the model, in its units, in a rectangular periodic box.
    model : GlassFormer
        With a potential energy.

    Raises
    ------
    InputError
        If LAMMPS is not installed, or refuses the particles or the commands of the model.
    """

    def __init__(self, configuration: Configuration, model: GlassFormer) -> None:
        if model.is_hard:
            raise InputError(f"{model.name}: hard spheres have neither energies nor forces")
        self._model = model
        start = start_of(configuration, model, temperature=1.0, seed=0)  # velocities are not looked at
        self._lammps = open_lammps()
        self._tell(*header_commands(model), *box_commands(start.lengths, len(model.species)))
        if place_atoms(self._lammps, start) != len(configuration):
            raise InputError(
                "LAMMPS did not take all particles; they lie far outside the box, wrap them first"
            )
        with placed_interaction(model) as commands:
            self._tell(*commands, f"compute {_ENERGY} all pe/atom", "thermo 0", "run 0 post no")

    def move(self, particle: int, position: NDArray[np.float64]) -> None:
        """Put one particle elsewhere, near to where it was."""
        ids = self._lammps.numpy.extract_atom("id")[: self._number]
        self._lammps.numpy.extract_atom("x")[int(np.flatnonzero(ids == particle + 1)[0])] = position
        self._tell("run 0 post no")

    def position(self, particle: int) -> NDArray[np.float64]:
        """(3,) where one particle is, in a box with its corner at 0."""
        return np.asarray(self._of_particles("x")[particle])

    def total(self) -> float:
        """The potential energy of all."""
        return float(self._lammps.extract_compute("thermo_pe", 0, 0))

    def energies(self) -> NDArray[np.float64]:
        """(N,) of each particle; the sum is the potential energy of all."""
        order = np.argsort(self._lammps.numpy.extract_atom("id")[: self._number])
        found = np.array(self._lammps.numpy.extract_compute(_ENERGY, 1, 1))[: self._number][order]
        if not np.isfinite(found).all():
            raise InputError(
                f"{self._model.name}: energies are not finite, particles are on top of each other"
            )
        return found

    def forces(self) -> NDArray[np.float64]:
        """(N, 3) on each particle."""
        return self._of_particles("f")

    @property
    def _number(self) -> int:
        return int(self._lammps.extract_setting("nlocal"))

    def _of_particles(self, name: str) -> NDArray[np.float64]:
        order = np.argsort(self._lammps.numpy.extract_atom("id")[: self._number])
        return np.array(self._lammps.numpy.extract_atom(name)[: self._number])[order]

    def _tell(self, *commands: str) -> None:
        _tell(self._lammps, self._model, commands)


def _tell(lammps: Any, model: GlassFormer, commands: tuple[str, ...]) -> None:
    for command in commands:
        try:
            lammps.command(command)
        except Exception as error:  # LAMMPS knows no other class
            raise InputError(f"{model.name}: LAMMPS refuses {command!r}: {first_line(str(error))}") from None
