"""Kernels that turn pairs within a cutoff into bonds."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY

# Of cos² of the angle; what is nearer to the limit counts as not shielded, so that crystals are decided alike.
_TOLERANCE = 1e-6


@njit(**ENTRY)
def unshielded(first, last, offsets, vectors, distances, box, inverse, across, fc, kept):
    """Mark in kept (M,) the neighbours of particles first to last - 1 that no nearer one shields.

    k shields j if it is nearer to i and r_ij² / (r_ik² + r_jk²) > fc; shielded particles shield, too.
    If `across`, r_jk is taken to the nearest image: box (3, 3) are the edge vectors that are periodic, else zero.
    """
    order = np.empty(np.diff(offsets[first : last + 1]).max(), np.int64)
    for i in range(first, last):
        for a in range(offsets[i + 1] - offsets[i]):
            j = offsets[i] + a
            place = a  # by distance, the nearest first
            while place > 0 and distances[order[place - 1]] > distances[j]:
                order[place] = order[place - 1]
                place -= 1
            order[place] = j
        for a in range(offsets[i + 1] - offsets[i]):
            j = order[a]
            kept[j] = True
            for b in range(a):
                k = order[b]
                if distances[k] == distances[j]:
                    break
                dx = vectors[j, 0] - vectors[k, 0]
                dy = vectors[j, 1] - vectors[k, 1]
                dz = vectors[j, 2] - vectors[k, 2]
                for axis in range(3 if across else 0):
                    image = np.rint(dx * inverse[0, axis] + dy * inverse[1, axis] + dz * inverse[2, axis])
                    dx -= image * box[axis, 0]
                    dy -= image * box[axis, 1]
                    dz -= image * box[axis, 2]
                square = dx * dx + dy * dy + dz * dz
                if distances[j] ** 2 > (fc + _TOLERANCE) * (distances[k] ** 2 + square):
                    kept[j] = False
                    break
