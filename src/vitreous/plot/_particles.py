"""What both the picture and the page draw of a configuration: centres in the box, diameters, columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration, Diameters
from vitreous.errors import InputError

# Dense liquids of hard and of Lennard-Jones particles are near this packing fraction.
_ASSUMED_PACKING_FRACTION = 0.55


def displayed_positions(configuration: Configuration) -> NDArray[np.float64]:
    """(N, 3) positions wrapped into the box along its periodic axes, as they are along the others."""
    return configuration.box.wrap(configuration.positions)[0]


def displayed_diameters(
    configuration: Configuration, diameters: Diameters | None = None
) -> NDArray[np.float64]:
    """(N,) diameters to draw spheres with: those given, else those of the configuration.

    If there are none either, all get the one at which they would fill 55 % of the space: (6 * 0.55 / (pi * rho))^(1/3)
    with the number density rho.
    """
    if diameters is not None:
        configuration = configuration.with_diameters(diameters)
    if configuration.diameters is not None:
        return configuration.diameters
    n = len(configuration)
    box = configuration.box
    fractional = box.fractional(configuration.positions)
    span = fractional.max(axis=0) - fractional.min(axis=0)
    # Along axes without periodicity the particles' extent counts, at least one particle thick.
    share = np.where(box.periodic, 1.0, np.maximum(span, n ** (-1 / 3)))
    volume_each = box.volume * float(share.prod()) / n
    return np.full(n, (6 * _ASSUMED_PACKING_FRACTION * volume_each / np.pi) ** (1 / 3))


def particle_column(name: str, values: ArrayLike, n_particles: int) -> NDArray[Any]:
    """(N,) one value per particle: float64, NaN and infinite values included, int64, uint64, bool or str."""
    try:
        column = np.asarray(values)
    except ValueError:
        raise InputError(f"{name}: expected one value for each of {n_particles} particles") from None
    if column.shape != (n_particles,):
        raise InputError(
            f"{name}: expected one value for each of {n_particles} particles, got shape {column.shape}"
        )
    if column.dtype.kind not in "fiubU":
        raise InputError(f"{name}: must be numbers, flags or strings, got {column.dtype}")
    return column.astype(np.float64) if column.dtype.kind == "f" else column
