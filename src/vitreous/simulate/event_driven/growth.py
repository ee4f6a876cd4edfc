"""Spheres that grow from random places until they fill the box."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.simulate.engine import Progress
from vitreous.simulate.event_driven.start import sides_of
from vitreous.simulate.velocities import checked_seed

__all__ = ["grow"]

_JAMMED = (
    1e3  # collisions per sphere and thermal time; supercooled liquids have tens, at jamming they diverge
)
_PERIOD = 0.01  # growth of the diameters, relative, between two actions of the thermostat


class _Growing(Protocol):
    """Spheres that can be stretched; `HardSphereMD` is it."""

    @property
    def masses(self) -> NDArray[np.float64]: ...

    @property
    def packing_fraction(self) -> float: ...

    def _stretch(self, scale: float, rate: float, most: int, progress: Progress | None) -> bool: ...

    def restart(self, seed: int | tuple[int, ...]) -> None: ...


_Spheres = TypeVar("_Spheres", bound=_Growing)


def grow(
    small: Callable[[Configuration, Any, int | tuple[int, ...], float], _Spheres],
    diameters: ArrayLike,
    packing_fraction: float,
    *,
    seed: int | tuple[int, ...] = 0,
    species: ArrayLike | None = None,
    masses: Any = None,
    box: Box | ArrayLike | None = None,
    rate: float | None = None,
    progress: Progress | None = None,
) -> _Spheres:
    """Make a disordered packing of moving spheres (B. D. Lubachevsky, F. H. Stillinger, J. Stat. Phys. 60, 561
    (1990), doi:10.1007/BF01025983).

    Points are thrown at random. All diameters grow at the same constant rate in proportion, while the spheres
    move and collide and the velocities are rescaled to k_B T = 1 whenever the diameters have grown by a
    hundredth; then they are drawn anew.

    Parameters
    ----------
    small : callable
        Makes the engine, from a configuration, masses, a seed, and the share of the diameters that spheres have yet.
    diameters : (N,) array_like
        At the end.
    packing_fraction : float
        At the end, between 0 and 1.
    seed : int or sequence of int
        Of the places and the velocities.
    species, masses
        As in `Configuration` and `HardSphereMD`. By default equal diameters are one species, in the order
        of size, the largest being "A", if there are at most 26 sizes.
    box : Box or array_like, optional
        Its shape; the size follows from the packing fraction. By default a cube.
    rate : float, optional
        Growth of the diameters per time unit, as a fraction of those at the end (choice: 0.01).
    progress : callable, optional
        Told the time and the collisions done several times a second.

    Returns
    -------
    HardSphereMD
        What `small` made, at time 0, with fresh velocities; not equilibrated yet.

    Raises
    ------
    InputError
        If the spheres jam before they fill that much, or never could.
    """
    sizes = _sizes(diameters)
    if not (isinstance(packing_fraction, int | float) and 0.0 < packing_fraction < 1.0):
        raise InputError(f"packing_fraction: expected a number between 0 and 1, got {packing_fraction}")
    if sizes.min() == sizes.max() and packing_fraction > math.pi / math.sqrt(18.0):
        raise InputError(
            f"packing_fraction: equal spheres fill at most 0.7405 of space, not {packing_fraction}"
        )
    speed = 0.01 if rate is None else rate
    if not (isinstance(speed, int | float) and math.isfinite(speed) and speed > 0.0):
        raise InputError(f"rate: expected a positive number, got {rate!r}")
    volume = float((math.pi / 6.0 * sizes**3).sum()) / packing_fraction
    given = Box.of(1.0 if box is None else box)
    shape = sides_of(Configuration([[0.0, 0.0, 0.0]], given))
    cell = Box.of(shape * (volume / shape.prod()) ** (1.0 / 3.0))
    seed = checked_seed(seed)
    base = seed if isinstance(seed, tuple) else (seed,)
    rng = np.random.default_rng((*base, 2))
    start = Configuration(
        rng.random((len(sizes), 3)) * np.diag(cell.vectors),
        cell,
        _labels(sizes) if species is None else species,
        sizes,
    )
    scale = _first_scale(start)
    engine = small(start, masses, seed, scale)
    thermal_time = float(sizes.max()) * math.sqrt(float(engine.masses.max()))
    while scale < 1.0:
        larger = min(scale * (1.0 + _PERIOD), 1.0)
        most = int(_JAMMED * len(sizes) * max((larger - scale) / speed / thermal_time, 1e-3))
        if not engine._stretch(larger, speed, most, progress):
            raise InputError(
                f"packing_fraction: the spheres jammed at {engine.packing_fraction:.4f}, short of "
                f"{packing_fraction}; with a rate below {speed:g} they may get further"
            )
        scale = larger
    engine.restart(seed)
    return engine


def _sizes(diameters: ArrayLike) -> NDArray[np.float64]:
    try:
        sizes = np.array(diameters, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("diameters: must be an array of numbers, one per sphere") from None
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
