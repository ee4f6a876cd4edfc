"""Fourier components of the density, from powers of one phase per particle and axis."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from vitreous._kernel_cache import can_be_kept

# Sums may be reordered, which lets them run in vector registers; one frame is always summed in the same order.
_FLAGS: dict[str, Any] = {
    "cache": can_be_kept(),
    "nogil": True,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
    "fastmath": {"reassoc", "contract", "nsz"},
}


@njit(**_FLAGS)
def density_modes(first_frame, last_frame, positions, inverse, numbers, start, modes):
    """Sums of exp(-2πi n·s) into modes (frames, species, waves), with s = x @ inverse the fractional coordinates.

    positions (frames, N, 3), sorted by species; species a is start[a] to start[a + 1]. numbers (waves, 3), sorted
    so that waves with the same first two numbers follow each other, which spares a product.
    """
    n = positions.shape[1]
    waves = numbers.shape[0]
    reach = np.zeros(3, np.int64)
    for w in range(waves):
        for axis in range(3):
            reach[axis] = max(reach[axis], abs(numbers[w, axis]))
    top = reach.max() + 1
    # Powers of the phases, real and imaginary part: (axis, power, particle).
    cosine = np.empty((3, top, n))
    sine = np.empty((3, top, n))
    real = np.empty(n)
    imaginary = np.empty(n)
    for frame in range(first_frame, last_frame):
        for axis in range(3):
            for i in range(n):
                s = 0.0
                for k in range(3):
                    s += positions[frame, i, k] * inverse[k, axis]
                s -= np.floor(s)
                cosine[axis, 0, i] = 1.0
                sine[axis, 0, i] = 0.0
                if top > 1:
                    cosine[axis, 1, i] = np.cos(2.0 * np.pi * s)
                    sine[axis, 1, i] = -np.sin(2.0 * np.pi * s)
            for power in range(2, reach[axis] + 1):
                # From the two halves, so that rounding grows with the logarithm of the power only.
                one, two = power // 2, power - power // 2
                for i in range(n):
                    a, b = cosine[axis, one, i], sine[axis, one, i]
                    c, d = cosine[axis, two, i], sine[axis, two, i]
                    cosine[axis, power, i] = a * c - b * d
                    sine[axis, power, i] = a * d + b * c
        for w in range(waves):
            nx, ny, nz = numbers[w, 0], numbers[w, 1], numbers[w, 2]
            if w == 0 or nx != numbers[w - 1, 0] or ny != numbers[w - 1, 1]:
                px, py = abs(nx), abs(ny)
                sx = 1.0 if nx >= 0 else -1.0
                sy = 1.0 if ny >= 0 else -1.0
                for i in range(n):
                    a, b = cosine[0, px, i], sx * sine[0, px, i]
                    c, d = cosine[1, py, i], sy * sine[1, py, i]
                    real[i] = a * c - b * d
                    imaginary[i] = a * d + b * c
            pz = abs(nz)
            sz = 1.0 if nz >= 0 else -1.0
            for species in range(start.size - 1):
                total_real = 0.0
                total_imaginary = 0.0
                for i in range(start[species], start[species + 1]):
                    c, d = cosine[2, pz, i], sz * sine[2, pz, i]
                    total_real += real[i] * c - imaginary[i] * d
                    total_imaginary += real[i] * d + imaginary[i] * c
                modes[frame, species, w] = complex(total_real, total_imaginary)
