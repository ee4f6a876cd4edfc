"""Inherent structures: the minimum of the energy to which a snapshot runs down when all heat is taken from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vitreous.configuration import Configuration
from vitreous.errors import InputError, VitreousError
from vitreous.glassformers import GlassFormer
from vitreous.glassformers.sizes import split_by_size, with_split_species
from vitreous.simulate._lammps_at_rest import at_rest
from vitreous.simulate._lammps_atoms import first_line, gather_atoms

__all__ = ["downhill", "inherent_structure"]

# Conjugate gradients with a quadratic line search, the only minimiser of LAMMPS that got to the bottom of both models
# (Kob-Andersen, N = 4,096: forces of 2e-10 in 779 steps and 5 s; with backtracking it stopped at 0.03).
_STYLE = ("min_style cg", "min_modify dmax 0.1 line quadratic")
_FORCE = 1e-8  # length of the vector of all forces, where it ends
_STEPS = 50_000
_ROUNDS = 5  # a line search that gives up, as across the cutoff of a pair, begins again with fresh directions
_BALANCED = 1e-3  # largest force that is let pass; energies are then good to 1e-7


def inherent_structure(snapshot: Configuration, model: GlassFormer) -> Configuration:
    """Go down from a snapshot to the nearest minimum of the potential energy, at constant volume.

    Parameters
    ----------
    snapshot : Configuration
        N particles of the model, in its units, in a rectangular periodic box. Wrapped or unwrapped.
    model : GlassFormer
        With a potential energy.

    Returns
    -------
    Configuration
        The same particles in the same order, unwrapped, without columns; no force is larger than 1e-3, and most often
        none than 1e-8.

    Raises
    ------
    InputError
        If the model is hard spheres, which have no energy to go down; if the box or the species cannot be used; if
        LAMMPS is not installed.
    VitreousError
        If no minimum is reached.

    References
    ----------
    Stillinger, Weber, Phys. Rev. A 25, 978 (1982), doi:10.1103/PhysRevA.25.978.
    """
    if model.is_hard:
        raise InputError(
            f"{model.name}: hard spheres have no potential energy, and so no inherent structures"
        )
    if model.is_polydisperse:
        kinds = with_split_species(snapshot, model)
        found = inherent_structure(kinds, split_by_size(model))
        return replace(found, species=snapshot.species, diameters=snapshot.diameters)
    found, largest = downhill(snapshot, model)
    if not largest <= _BALANCED:
        raise VitreousError(
            f"inherent structure: forces up to {largest:.3g} are left, so no minimum was reached"
        )
    return found


def downhill(snapshot: Configuration, model: GlassFormer) -> tuple[Configuration, float]:
    """As `inherent_structure`, wherever it gets stuck, and the largest component of a force that is left there."""
    lammps = at_rest(snapshot, model, *_STYLE, "thermo 0")
    for _ in range(_ROUNDS):
        try:
            lammps.command(f"minimize 0.0 {_FORCE} {_STEPS} {10 * _STEPS}")
        except Exception as error:  # LAMMPS knows no other class
            raise VitreousError(f"inherent structure: LAMMPS stopped: {first_line(str(error))}") from None
        forces = np.array(lammps.numpy.extract_atom("f")[: len(snapshot)])
        if np.sqrt((forces**2).sum()) <= _FORCE:
            break
    positions, images, _ = gather_atoms(lammps)
    found = Configuration(
        positions + images * snapshot.box.lengths + snapshot.box.origin,
        snapshot.box,
        snapshot.species,
        {name: model.diameter_of[name] for name in snapshot.species_names},
        unwrapped=True,
        source=snapshot.source,
    )
    return found, float(np.abs(forces).max())
