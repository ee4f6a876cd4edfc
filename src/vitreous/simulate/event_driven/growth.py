"""Where spheres begin that are to grow until they fill the box: random places, and sizes at which no two touch."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.arrays import numbers
from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.simulate.event_driven.start import sides_of

__all__ = ["growing_start"]


def growing_start(
    diameters: ArrayLike,
    packing_fraction: float,
    seed: int | tuple[int, ...],
    species: ArrayLike | None,
    box: Box | ArrayLike | None,
) -> tuple[Configuration, float]:
    """Spheres at random places, with their diameters at the end of the growth, and the share of these they begin with.

    Parameters and errors as for `HardSphereMD.grow`.
    """
    sizes = _sizes(diameters)
    if not (isinstance(packing_fraction, int | float) and 0.0 < packing_fraction < 1.0):
        raise InputError(f"packing_fraction: expected a number between 0 and 1, got {packing_fraction}")
    if sizes.min() == sizes.max() and packing_fraction > math.pi / math.sqrt(18.0):
        raise InputError(
            f"packing_fraction: equal spheres fill at most 0.7405 of space, not {packing_fraction}"
        )
    volume = float((math.pi / 6.0 * sizes**3).sum()) / packing_fraction
    given = Box.of(1.0 if box is None else box)
    shape = sides_of(Configuration([[0.0, 0.0, 0.0]], given))
    cell = Box.of(shape * (volume / shape.prod()) ** (1.0 / 3.0))
    base = seed if isinstance(seed, tuple) else (seed,)
    rng = np.random.default_rng((*base, 2))
    start = Configuration(
        rng.random((len(sizes), 3)) * np.diag(cell.vectors),
        cell,
        _labels(sizes) if species is None else species,
        sizes,
    )
    return start, _first_scale(start)


def _sizes(diameters: ArrayLike) -> NDArray[np.float64]:
    sizes = numbers("diameters", diameters)
    if sizes.ndim != 1:
        raise InputError(f"diameters: expected shape (N,), got {sizes.shape}")
    if len(sizes) < 2:
        raise InputError(f"diameters: {len(sizes)} given; hard spheres need at least two to collide")
    bad = ~(np.isfinite(sizes) & (sizes > 0.0))
    if bad.any():
        first = int(np.argmax(bad))
        raise InputError(f"diameters: must be positive and finite; sphere {first} has {sizes[first]}")
    return sizes


def _labels(sizes: NDArray[np.float64]) -> NDArray[np.str_]:
    values, kind = np.unique(-sizes, return_inverse=True)
    if len(values) > 26:
        return np.full(len(sizes), "A")
    return np.array([chr(ord("A") + k) for k in range(len(values))])[kind]


def _first_scale(start: Configuration) -> float:
    """A scale at which no two spheres touch."""
    from scipy.spatial import cKDTree

    sides = np.diag(start.box.vectors)
    places = start.box.wrap(start.positions)[0] % sides
    nearest = cKDTree(places, boxsize=sides).query(places, k=2)[0][:, 1].min()
    assert start.diameters is not None
    return min(0.99 * float(nearest) / float(start.diameters.max()), 1.0)
