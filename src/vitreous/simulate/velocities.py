"""Fresh velocities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["maxwell_velocities"]


def maxwell_velocities(
    masses: NDArray[np.float64], seed: int | tuple[int, ...], temperature: float = 1.0
) -> NDArray[np.float64]:
    """Draw velocities from the Maxwell distribution, without net momentum and at exactly that temperature.

    Parameters
    ----------
    masses : (N,) array
        Of the particles, N at least 2.
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
