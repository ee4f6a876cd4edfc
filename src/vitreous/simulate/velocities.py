"""Fresh velocities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import InputError

__all__ = ["andersen_velocities", "checked_seed", "maxwell_velocities"]

_SHARE = 0.1


def maxwell_velocities(
    masses: NDArray[np.float64], seed: int | tuple[int, ...], temperature: float = 1.0
) -> NDArray[np.float64]:
    """Draw velocities from the Maxwell distribution, without net momentum and at exactly that temperature.

    Parameters
    ----------
    masses : (N,) array
        Masses of the particles, N at least 2.
    seed : int or tuple of int
        The same seed gives the same velocities.
    temperature : float
        k_B T, which the kinetic energy is scaled to for 3N - 3 degrees of freedom.

    Returns
    -------
    (N, 3) array
    """
    rng = np.random.default_rng(seed)
    velocities = rng.standard_normal((len(masses), 3)) / np.sqrt(masses)[:, None]
    velocities -= (masses[:, None] * velocities).sum(axis=0) / masses.sum()
    energy = 0.5 * (masses[:, None] * velocities**2).sum()
    return np.asarray(velocities * np.sqrt(1.5 * (len(masses) - 1) * temperature / energy))


def andersen_velocities(
    velocities: NDArray[np.float64], masses: NDArray[np.float64], seed: tuple[int, ...]
) -> NDArray[np.float64]:
    """Velocities (N, 3) of which a tenth is drawn anew at k_B T = 1, without net momentum; the same seed, the same."""
    rng = np.random.default_rng(seed)
    chosen = rng.random(len(velocities)) < _SHARE
    fresh = rng.standard_normal(velocities.shape) / np.sqrt(masses)[:, None]
    drawn = np.where(chosen[:, None], fresh, velocities)
    momentum = (masses[:, None] * drawn).sum(axis=0)
    return np.asarray(drawn - momentum / masses.sum())


def checked_seed(seed: Any) -> int | tuple[int, ...]:
    """A seed that numpy's generators take, a whole number from 0 on or several; else an `InputError`."""
    parts = tuple(seed) if isinstance(seed, tuple | list) else (seed,)
    if not parts or not all(hasattr(part, "__index__") and part >= 0 for part in parts):
        raise InputError(f"seed: must be a whole number from 0 on, or several, got {seed!r}")
    return (
        tuple(int(part) for part in parts) if len(parts) > 1 or isinstance(seed, tuple | list) else int(seed)
    )
