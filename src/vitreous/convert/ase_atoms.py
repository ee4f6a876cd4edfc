"""`Atoms` of ASE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import numpy as np

from vitreous.configuration import Configuration
from vitreous.convert.gate import configuration_of
from vitreous.errors import InputError
from vitreous.io.ase_file import DIAMETERS, IMAGES, SPECIES, frame_of_atoms

if TYPE_CHECKING:
    from ase import Atoms

    from vitreous.io.keywords import SaidOfObject

__all__ = ["from_ase", "to_ase"]

_TAKEN = frozenset({"positions", "numbers", SPECIES, DIAMETERS, IMAGES})


def from_ase(atoms: Atoms, **says: Unpack[SaidOfObject]) -> Configuration:
    """A snapshot from `ase.Atoms`, in the length unit that these have.

    Parameters
    ----------
    atoms : ase.Atoms
        N atoms. Edges of the cell that are zero hold the particles and are open. Arrays called ``species``,
        ``diameters`` and ``images``, as `to_ase` makes them, are taken for these; without ``species`` it is the
        chemical symbols. All other arrays become columns, `info` becomes metadata but for ``time``, ``step`` and
        ``unwrapped``.
    **says
        `box`, `periodic`, `unwrapped`, `species` and `diameters` in place of what the atoms say, as in `vitreous.read`.

    Returns
    -------
    Configuration

    Raises
    ------
    InputError
        If this is no `Atoms`, or its positions and cell do not pass the gate of `Configuration`.
    """
    try:
        frame = frame_of_atoms(atoms)
    except InputError as error:
        raise InputError(f"from_ase: {error}") from None
    return configuration_of(frame, "ASE atoms", says)


def to_ase(snapshot: Configuration) -> Atoms:
    """A snapshot as `ase.Atoms`, which `from_ase` makes the same snapshot of to the last bit.

    Parameters
    ----------
    snapshot : Configuration
        N particles. Species that are all chemical symbols become these. Others become the elements 1, 2, ... (H, He,
        ...) in the order of their names, so that programs tell them apart, and stand in the array ``species``.
        Diameters, images and columns become arrays of these names; time, step and metadata stand in `info`; the
        corner of the box in `get_celldisp()`.

    Returns
    -------
    ase.Atoms

    Raises
    ------
    InputError
        If ASE is not installed, or a column has a name that ASE or `to_ase` needs.
    """
    try:
        from ase import Atoms
        from ase.data import atomic_numbers
    except ImportError:
        raise InputError("to_ase: ASE is not installed; pip install ase") from None
    taken = sorted(_TAKEN & set(snapshot.columns))
    if taken:
        raise InputError(
            f"to_ase: the column {taken[0]!r} has a name with a meaning of its own there; rename it"
        )
    names = snapshot.species_names
    elements = all(name in atomic_numbers and name != "X" for name in names)
    kinds = [atomic_numbers[name] if elements else k + 1 for k, name in enumerate(names)]
    if max(kinds) >= len(atomic_numbers):
        raise InputError(f"to_ase: {len(names)} species are more than there are elements")
    atoms = Atoms(
        numbers=np.array(kinds)[snapshot.species_index],
        positions=snapshot.positions,
        cell=snapshot.box.vectors,
        pbc=snapshot.box.periodic,
        celldisp=snapshot.box.origin,
    )
    if not elements:
        atoms.set_array(SPECIES, snapshot.species)
    for name, values in (
        (DIAMETERS, snapshot.diameters),
        (IMAGES, snapshot.images),
        *snapshot.columns.items(),
    ):
        if values is not None:
            atoms.set_array(name, values)
    clock = {"time": snapshot.time, "step": snapshot.step, "unwrapped": snapshot.unwrapped or None}
    atoms.info.update(snapshot.metadata)
    atoms.info.update({name: value for name, value in clock.items() if value is not None})
    return atoms
