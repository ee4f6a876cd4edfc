"""Energies and forces of given particles by LAMMPS, for whatever interaction a model has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer, local_energy
from vitreous.simulate._lammps_at_rest import at_rest, tell
from vitreous.simulate._lammps_atoms import atom_order

__all__ = ["ForceField", "particle_energies"]

_ENERGY = "vitreous_energy"
_HERE = "run 0 post no"  # forces and energies where the particles are


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
        self._lammps = at_rest(configuration, model, f"compute {_ENERGY} all pe/atom", "thermo 0", _HERE)

    def move(self, particle: int, position: NDArray[np.float64]) -> None:
        """Put one particle elsewhere, near to where it was."""
        self._lammps.numpy.extract_atom("x")[atom_order(self._lammps)[particle]] = position
        tell(self._lammps, self._model, _HERE)

    def position(self, particle: int) -> NDArray[np.float64]:
        """(3,) where one particle is, in a box with its corner at 0."""
        return np.asarray(self._of_particles("x")[particle])

    def total(self) -> float:
        """The potential energy of all."""
        return float(self._lammps.extract_compute("thermo_pe", 0, 0))

    def energies(self) -> NDArray[np.float64]:
        """(N,) of each particle; the sum is the potential energy of all."""
        found = np.asarray(self._lammps.numpy.extract_compute(_ENERGY, 1, 1)[atom_order(self._lammps)])
        if not np.isfinite(found).all():
            raise InputError(
                f"{self._model.name}: energies are not finite, particles are on top of each other"
            )
        return found

    def forces(self) -> NDArray[np.float64]:
        """(N, 3) on each particle."""
        return self._of_particles("f")

    def _of_particles(self, name: str) -> NDArray[np.float64]:
        return np.asarray(self._lammps.numpy.extract_atom(name)[atom_order(self._lammps)])
