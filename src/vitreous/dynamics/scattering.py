"""The self-intermediate scattering function: how much of the structure particles still remember."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.arrays import positive
from vitreous.configuration import Configuration
from vitreous.dynamics.spatial_error import spatial_standard_error
from vitreous.errors import InputError

__all__ = ["SelfScattering", "particle_scattering", "self_intermediate_scattering"]


@dataclass(frozen=True, eq=False)
class SelfScattering:
    """F_s at one wave number.

    Attributes
    ----------
    wave_number : float
        q, in the inverse length unit of the positions.
    value : (T,) float64
        F_s, dimensionless: 1 where nothing has moved.
    error : (T,) float64
        Standard error, see `spatial_standard_error` for what it is and what it is not.
    particles : int
        How many were averaged over.
    """

    wave_number: float
    value: NDArray[np.float64]
    error: NDArray[np.float64]
    particles: int


def particle_scattering(displacement: ArrayLike, wave_number: float) -> NDArray[np.float64]:
    r"""Contribution sin(q r_i) / (q r_i) of each particle to F_s: exp(i q·Δr_i) over all directions of q.

    Parameters
    ----------
    displacement : (..., N, 3) array_like
        From `displacements`.
    wave_number : float
        q, in the inverse length unit of the displacements.

    Returns
    -------
    (..., N) float64
        1 where r = 0; NaN where a displacement is NaN.

    Raises
    ------
    InputError
        If the last axis has not length 3, or q is not positive and finite.
    """
    moved = np.asarray(displacement, dtype=np.float64)
    if moved.ndim < 2 or moved.shape[-1] != 3:
        raise InputError(f"displacement: expected shape (..., N, 3), got {moved.shape}")
    wave_number = positive("wave number", wave_number)
    distance = np.sqrt(np.einsum("...k,...k->...", moved, moved))
    return np.asarray(np.sinc(distance * (wave_number / np.pi)))  # numpy's sinc(x) is sin(πx)/(πx)


def self_intermediate_scattering(
    displacement: ArrayLike, wave_number: float, reference: Configuration, species: int | str | None = None
) -> SelfScattering:
    r"""Self-intermediate scattering function, averaged exactly over all directions of q.

    .. math:: F_s(q, t) = \Bigl\langle \frac{\sin q r_i(t)}{q r_i(t)} \Bigr\rangle_i,
              \qquad r_i(t) = |\Delta\mathbf r_i(t)|

    Parameters
    ----------
    displacement : (T, N, 3) array_like
        Displacements of all N particles, from `displacements`.
    wave_number : float
        q; usually the first peak of the structure factor.
    reference : Configuration
        The frame from which displacements count; its positions, box and species are used.
    species : label, optional
        Average over this species only; by default over all particles.

    Returns
    -------
    SelfScattering

    Raises
    ------
    InputError
        If the shapes do not fit, q is not positive, the species is unknown, or the error cannot be estimated
        (see `spatial_standard_error`).

    References
    ----------
    Hansen, McDonald, Theory of Simple Liquids, 4th ed., Academic Press (2013), chapter 7.
    """
    moved = np.asarray(displacement, dtype=np.float64)
    if moved.ndim != 3 or moved.shape[1:] != (len(reference), 3):
        raise InputError(f"displacement: expected shape (T, {len(reference)}, 3), got {moved.shape}")
    if species is not None:
        names = reference.species_names
        if str(species) not in names:
            raise InputError(f"species: unknown {species!r}; the configuration has {', '.join(names)}")
        chosen = reference.species_index == names.index(str(species))
        moved = moved[:, chosen]
        reference = Configuration(reference.positions[chosen], reference.box, unwrapped=True)
    each = particle_scattering(moved, wave_number)
    return SelfScattering(
        float(wave_number), each.mean(axis=1), spatial_standard_error(each, reference), len(reference)
    )
