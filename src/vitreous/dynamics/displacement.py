"""How far particles went since a reference frame, with the drift of the whole system removed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.arrays import finite
from vitreous.errors import InputError

__all__ = ["displacements", "mean_squared_displacement"]


def displacements(
    positions: ArrayLike, reference: ArrayLike, masses: ArrayLike | None = None
) -> NDArray[np.float64]:
    r"""Displacements of all particles less that of their centre of mass.

    .. math:: \Delta\mathbf r_i(t) = \mathbf r_i(t) - \mathbf r_i(0)
              - \frac{\sum_j m_j [\mathbf r_j(t) - \mathbf r_j(0)]}{\sum_j m_j}

    Parameters
    ----------
    positions : (T, N, 3) or (N, 3) array_like
        Unwrapped positions of ALL particles, in any length unit: `Configuration.unwrapped_positions`. Wrapped
        ones would jump by a box length, which cannot be seen here.
    reference : (N, 3) array_like
        Where the particles were at the time from which displacements count.
    masses : (N,) array_like, optional
        By default all are equal.

    Returns
    -------
    (T, N, 3) or (N, 3) float64
        In the unit of the positions.

    Raises
    ------
    InputError
        If the shapes do not fit, a number is not finite, or a mass is not positive.
    """
    now, before = finite("positions", positions), finite("reference", reference)
    if before.ndim != 2 or before.shape[1] != 3 or before.size == 0:
        raise InputError(f"reference: expected shape (N, 3), got {before.shape}")
    if now.ndim not in (2, 3) or now.shape[-2:] != before.shape:
        raise InputError(f"positions: expected shape (T, {len(before)}, 3), got {now.shape}")
    moved = now - before
    if masses is None:
        drift = moved.mean(axis=-2, keepdims=True)
    else:
        mass = finite("masses", masses)
        if mass.shape != (len(before),) or not (mass > 0).all():
            raise InputError(f"masses: expected {len(before)} positive numbers, got shape {mass.shape}")
        drift = np.einsum("i,...ik->...k", mass / mass.sum(), moved)[..., None, :]
    moved -= drift
    return np.asarray(moved)


def mean_squared_displacement(displacement: ArrayLike) -> NDArray[np.float64]:
    r"""Mean over particles of the squared displacement, :math:`\langle |\Delta\mathbf r_i|^2 \rangle`.

    Parameters
    ----------
    displacement : (T, N, 3) or (N, 3) array_like
        From `displacements`; of one species: `displacement[:, species == "A"]`.

    Returns
    -------
    (T,) or () float64
        In the squared unit of the displacements.

    Raises
    ------
    InputError
        If the shape is another, there are no particles, or a number is not finite.
    """
    moved = finite("displacement", displacement)
    if moved.ndim not in (2, 3) or moved.shape[-1] != 3 or moved.shape[-2] == 0:
        raise InputError(f"displacement: expected shape (T, N, 3), got {moved.shape}")
    return np.asarray(np.einsum("...ik,...ik->...", moved, moved) / moved.shape[-2])
