"""Kernel of the packing imperfection: tetrahedra of mutual neighbours around each particle."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, INNER

# Of squared lengths: sums of bonds that lead to one image differ by rounding, to two images by a box.
_SAME = 1e-10


@njit(**INNER)
def _bond(i, j, dx, dy, dz, offsets, indices, vectors):
    """Number of the bond from i to that image of j which is at (dx, dy, dz) from i; -1 if there is none."""
    limit = _SAME * (dx * dx + dy * dy + dz * dz)
    for e in range(offsets[i], offsets[i + 1]):
        if indices[e] == j:
            x, y, z = vectors[e, 0] - dx, vectors[e, 1] - dy, vectors[e, 2] - dz
            if x * x + y * y + z * z <= limit:
                return e
    return -1


@njit(**ENTRY)
def packing_imperfection(first, last, offsets, indices, vectors, distances, contacts, imperfection):
    """Mean of ω over the tetrahedra around particles first to last - 1, NaN where there is none.

    contacts (M,) are the distances at which the two particles of each bond touch. One-sided bonds do not count.
    """
    most = np.diff(offsets[first : last + 1]).max()
    # Between neighbours a and b of the particle: the bond from a to b, or -1.
    between = np.empty((most, most), np.int64)
    mutual = np.empty(most, np.bool_)
    for i in range(first, last):
        begin, n = offsets[i], offsets[i + 1] - offsets[i]
        for a in range(n):
            j = indices[begin + a]
            x, y, z = vectors[begin + a, 0], vectors[begin + a, 1], vectors[begin + a, 2]
            mutual[a] = _bond(j, i, -x, -y, -z, offsets, indices, vectors) >= 0
            for b in range(n):
                u, v, w = vectors[begin + b, 0] - x, vectors[begin + b, 1] - y, vectors[begin + b, 2] - z
                between[a, b] = (
                    _bond(j, indices[begin + b], u, v, w, offsets, indices, vectors) if a != b else -1
                )
        total, number = 0.0, 0
        for a in range(n):
            if not mutual[a]:
                continue
            for b in range(a):
                if not mutual[b] or between[a, b] < 0 or between[b, a] < 0:
                    continue
                for c in range(b):
                    if not mutual[c] or between[a, c] < 0 or between[c, a] < 0:
                        continue
                    if between[b, c] < 0 or between[c, b] < 0:
                        continue
                    deviation, perimeter = 0.0, 0.0
                    for e in (
                        begin + a, begin + b, begin + c, between[a, b], between[a, c], between[b, c]
                    ):  # fmt: skip
                        deviation += abs(distances[e] - contacts[e])
                        perimeter += contacts[e]
                    total += deviation / perimeter
                    number += 1
        imperfection[i] = total / number if number > 0 else np.nan
