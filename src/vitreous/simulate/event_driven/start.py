"""What a start has to be: at least two spheres in a box that is periodic and rectangular, masses that are positive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError

__all__ = ["Spheres", "sides_of", "spheres_at_rest"]


@dataclass(frozen=True, eq=False)
class Spheres:
    """N spheres at one moment, in the order given.

    Attributes
    ----------
    diameters, masses : (N,) float64
    sides : (3,) float64
        Of the box, whose corner is at the origin.
    positions : (N, 3) float64
        In the box.
    images : (N, 3) int64
    velocities : (N, 3) float64
    """

    diameters: NDArray[np.float64]
    masses: NDArray[np.float64]
    sides: NDArray[np.float64]
    positions: NDArray[np.float64]
    images: NDArray[np.int64]
    velocities: NDArray[np.float64]

    @property
    def volume(self) -> float:
        """Volume of the box."""
        return float(np.prod(self.sides))


def spheres_at_rest(configuration: Configuration, masses: Any) -> Spheres:
    """The spheres of a configuration, without velocities; masses as given, else as its column "mass" says, else 1."""
    sides = sides_of(configuration)
    if len(configuration) < 2:
        raise InputError("positions: there is one sphere only; hard spheres need at least two to collide")
    if configuration.diameters is None:
        raise InputError("diameters: hard spheres need them, and the configuration has none")
    wrapped, images = configuration.box.wrap(configuration.positions)
    wrapped = wrapped - configuration.box.origin
    wrapped[wrapped >= sides] = 0.0  # only by rounding
    return Spheres(
        configuration.diameters,
        _masses(configuration, masses),
        sides,
        np.maximum(wrapped, 0.0),
        images if configuration.images is None else images + configuration.images,
        np.zeros((len(configuration), 3)),
    )


def sides_of(configuration: Configuration) -> NDArray[np.float64]:
    """(3,) lengths of a rectangular periodic box."""
    box = configuration.box
    if not all(box.periodic):
        raise InputError("box: hard spheres are simulated in a box that is periodic along x, y and z")
    if np.any(box.vectors != np.diag(np.diag(box.vectors))):
        raise InputError("box: hard spheres are simulated in a cubic or orthorhombic box; this one is tilted")
    sides = np.diag(box.vectors).astype(np.float64)
    if (sides <= 0.0).any():
        raise InputError("box: its vectors must point along +x, +y and +z")
    return sides


def _masses(configuration: Configuration, masses: Any) -> NDArray[np.float64]:
    n = len(configuration)
    if masses is None:
        masses = configuration.columns.get("mass", 1.0)
    if isinstance(masses, Mapping):
        given = {str(label): value for label, value in masses.items()}
        missing = [name for name in configuration.species_names if name not in given]
        unknown = [name for name in given if name not in configuration.species_names]
        if missing or unknown:
            raise InputError(
                f"masses: expected one for each species, {', '.join(configuration.species_names)}; "
                f"got {', '.join(given)}"
            )
        species = [given[name] for name in configuration.species_names]
        if any(np.ndim(mass) != 0 or isinstance(mass, str) for mass in species):
            raise InputError("masses: expected one number for each species")
        masses = np.asarray(species, dtype=np.float64)[configuration.species_index]
    try:
        values = np.broadcast_to(np.asarray(masses, dtype=np.float64), (n,)).copy()
    except (TypeError, ValueError):
        raise InputError(f"masses: expected {n} numbers, one number or one per species") from None
    bad = ~(np.isfinite(values) & (values > 0.0))
    if bad.any():
        first = int(np.argmax(bad))
        raise InputError(f"masses: must be positive and finite; sphere {first} has {values[first]}")
    return values
