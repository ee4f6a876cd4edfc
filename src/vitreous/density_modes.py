"""Wave vectors that fit into a periodic box, and the Fourier components of the density at them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vitreous.box import Box
from vitreous.errors import InputError
from vitreous.parallel import map_ranges, ranges

__all__ = ["allowed_wave_vectors", "density_modes", "wave_number_spacing"]

_MOST_WAVES = 40_000_000
_FRAMES_AT_ONCE = 4
_STEPS = 64


def wave_number_spacing(number_density: float) -> float:
    """Width of a shell of wave numbers: 1/64 of 2π over the mean distance of particles, about 0.1/σ in a liquid."""
    return float(2.0 * math.pi * number_density ** (1.0 / 3.0) / _STEPS)


def allowed_wave_vectors(
    box: Box, smallest: float, largest: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Wave vectors k = 2π n·(a*, b*, c*) with smallest < k ≤ largest, of n and -n only one.

    Parameters
    ----------
    box : Box
        Periodic along all axes; orthorhombic or triclinic.
    smallest, largest : float
        In the inverse unit of length.

    Returns
    -------
    numbers : (K, 3) int64
        n, in lexical order.
    wave_numbers : (K,) float64
        |k|.

    Raises
    ------
    InputError
        If an axis is not periodic, or so many wave vectors lie below the largest that they do not fit into memory.
    """
    if not all(box.periodic):
        raise InputError(
            "box: wave vectors need a box that is periodic along all axes; this one is open along "
            + ", ".join(axis for axis, closed in zip("xyz", box.periodic, strict=True) if not closed)
        )
    # |n_x| = |k·a| / 2π is at most k |a| / 2π.
    reach = [math.floor(largest * length / (2.0 * math.pi) + 1e-9) for length in box.lengths]
    expected = 2.0 / 3.0 * math.pi * (largest**3 - smallest**3) * box.volume / (2.0 * math.pi) ** 3
    if not max(expected, (2.0 * reach[1] + 1.0) * (2.0 * reach[2] + 1.0)) < _MOST_WAVES:
        raise InputError(f"wave number: up to {largest:.4g} this box has too many wave vectors; ask for less")
    reciprocal = 2.0 * np.pi * np.linalg.inv(box.vectors).T
    y, z = np.meshgrid(np.arange(-reach[1], reach[1] + 1), np.arange(-reach[2], reach[2] + 1), indexing="ij")
    slab = np.stack([np.zeros(y.size, dtype=np.int64), y.ravel(), z.ravel()], axis=1)
    numbers, lengths = [], []
    for x in range(reach[0] + 1):
        slab[:, 0] = x
        length = np.linalg.norm(slab @ reciprocal, axis=1)
        chosen = (length > smallest) & (length <= largest)
        if x == 0:
            chosen &= (slab[:, 1] > 0) | ((slab[:, 1] == 0) & (slab[:, 2] > 0))
        numbers.append(slab[chosen])
        lengths.append(length[chosen])
    return np.concatenate(numbers), np.concatenate(lengths)


def density_modes(
    positions: NDArray[np.float64], box: Box, numbers: NDArray[np.int64], species_index: NDArray[np.int64]
) -> NDArray[np.complex128]:
    r"""Fourier components of the density, :math:`\rho_a(\mathbf k) = \sum_{i \in a} e^{-i\mathbf k\cdot\mathbf r_i}`.

    Parameters
    ----------
    positions : (T, N, 3) float64
        Wrapped or not.
    box : Box
    numbers : (K, 3) int64
        Wave vectors from `allowed_wave_vectors`, in any order.
    species_index : (N,) int64
        0 to S - 1.

    Returns
    -------
    (T, S, K) complex128
    """
    from vitreous._density_modes_kernel import density_modes as kernel

    order = np.argsort(species_index, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(species_index))])
    by_wave = np.lexsort(numbers.T[::-1])
    found = np.empty((len(positions), len(start) - 1, len(numbers)), dtype=np.complex128)
    map_ranges(
        kernel,
        ranges(len(positions), _FRAMES_AT_ONCE),
        np.ascontiguousarray(positions[:, order] - box.origin),
        np.linalg.inv(box.vectors),
        np.ascontiguousarray(numbers[by_wave]),
        start,
        found,
    )
    modes = np.empty_like(found)
    modes[:, :, by_wave] = found
    return modes
