"""What the structure around a particle is described by, where it is asked how wide the particle's cage is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.structure.shells import AngularShells, RadialShells, described

__all__ = ["cage_descriptors", "descriptor_names"]

# METHOD, section 7; radii in units of the distance at which two large particles touch.
_CENTERS = tuple(round(0.8 + 0.1 * k, 1) for k in range(23))
_WIDTH = 0.08
_SHELLS = ((1.0, 0.12), (1.4, 0.2), (1.8, 0.2))
_DEGREES = range(1, 11)


def cage_descriptors(configuration: Configuration, unit: float = 1.0) -> NDArray[np.float64]:
    """Structure around each particle up to three diameters: radial shells by species, and smooth bond order.

    Parameters
    ----------
    configuration : Configuration
        N particles, at their instantaneous or, better, cage-mean positions.
    unit : float
        Diameter of the large particles, in the length unit of the positions: σ of large and large in hard spheres and
        Kob-Andersen, 1.1 σ in Wahnström.

    Returns
    -------
    (N, 23 * S + 30) float64
        For each of the S species 23 `radial_shells`, at 0.8, 0.9, ... 3.0 units with width 0.08; then
        `smooth_bond_order` q_1 to q_10 in each of the shells (1.0, 0.12), (1.4, 0.2) and (1.8, 0.2) (centre, width).
        `descriptor_names` names the columns. NaN in the bond order of a shell without neighbours.

    Raises
    ------
    InputError
        If two particles coincide, or the unit is not positive and finite or thousands of images of the box long.

    References
    ----------
    Shells as in Boattini, Smallenburg, Filion, Phys. Rev. Lett. 127, 088007 (2021),
    doi:10.1103/PhysRevLett.127.088007; number, width and degrees are our own choice.
    """
    return described(
        configuration,
        RadialShells.of(_CENTERS, _WIDTH, unit),
        AngularShells.of(_SHELLS, np.array(_DEGREES), unit),
    )


def descriptor_names(species_names: Sequence[str]) -> tuple[str, ...]:
    """What the columns of `cage_descriptors` are called: "A at 1.1" a radial shell, "q6 at 1.4" a bond order.

    Parameters
    ----------
    species_names : sequence of str
        `Configuration.species_names`, S of them.

    Returns
    -------
    tuple of str
        23 * S + 30 names; radii are in units of the large particles' diameter.
    """
    radial = [f"{name} at {center}" for name in species_names for center in _CENTERS]
    angular = [f"q{l} at {center}" for center, _ in _SHELLS for l in _DEGREES]
    return (*radial, *angular)
