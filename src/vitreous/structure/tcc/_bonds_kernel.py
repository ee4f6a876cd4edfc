"""Kernels that turn pairs within a cutoff into bonds."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, INNER
from vitreous.structure.tcc._sets_kernel import LANES

# Of cos² of the angle; what is nearer to the limit counts as not shielded, so that crystals are decided alike.
_TOLERANCE = 1e-6


@njit(**INNER)
def _shielded(x, y, z, square, count, a, limit):
    """Whether any of so many neighbours shields that of number a, all at x, y, z and with squared distances."""
    found = False
    for k in range(count):  # without a branch, so that it vectorises
        dx, dy, dz = x[a] - x[k], y[a] - y[k], z[a] - z[k]
        between = dx * dx + dy * dy + dz * dz
        found |= (square[k] < square[a]) & (square[a] > limit * (square[k] + between))
    return found


@njit(**INNER)
def _shielded_across(x, y, z, square, count, a, limit, box, inverse):
    """The same, with distances between two neighbours taken to the nearest image."""
    for k in range(count):
        dx, dy, dz = x[a] - x[k], y[a] - y[k], z[a] - z[k]
        for axis in range(3):
            image = np.rint(dx * inverse[0, axis] + dy * inverse[1, axis] + dz * inverse[2, axis])
            dx -= image * box[axis, 0]
            dy -= image * box[axis, 1]
            dz -= image * box[axis, 2]
        between = dx * dx + dy * dy + dz * dz
        if square[k] < square[a] and square[a] > limit * (square[k] + between):
            return True
    return False


@njit(**ENTRY)
def unshielded(first, last, offsets, vectors, distances, box, inverse, across, fc, kept):
    """Mark in kept (M,) the neighbours of particles first to last - 1 that no nearer one shields.

    k shields j if it is nearer to i and r_ij² / (r_ik² + r_jk²) > fc; shielded particles shield, too.
    If `across`, r_jk is taken to the nearest image: box (3, 3) are the edge vectors that are periodic, else zero.
    """
    room = np.diff(offsets[first : last + 1]).max() + LANES
    x, y, z, square = np.zeros(room), np.zeros(room), np.zeros(room), np.empty(room)
    for i in range(first, last):
        begin, number = offsets[i], offsets[i + 1] - offsets[i]
        padded = (number + LANES - 1) // LANES * LANES
        for a in range(number):
            x[a], y[a], z[a] = vectors[begin + a, 0], vectors[begin + a, 1], vectors[begin + a, 2]
            square[a] = distances[begin + a] ** 2
        for a in range(number, padded):  # the farthest shield nobody
            square[a] = np.inf
        for a in range(number):
            if across:
                out = _shielded_across(x, y, z, square, number, a, fc + _TOLERANCE, box, inverse)
            else:
                out = _shielded(x, y, z, square, padded, a, fc + _TOLERANCE)
            kept[begin + a] = not out


@njit(**ENTRY)
def either_way(offsets, indices, kept):
    """Bonds that at least one of the two particles keeps: offsets (N + 1,) and partners, ascending.

    kept (M,) tells which of indices[offsets[i]:offsets[i + 1]] particle i keeps.
    """
    n = offsets.size - 1
    ends, others, used = np.zeros(n + 1, np.int64), np.empty(indices.size + 1, np.int32), 0
    for i in range(n):
        for e in range(offsets[i], offsets[i + 1]):
            others[used] = indices[e]
            used += kept[e]
        ends[i + 1] = used
    # Who keeps a particle is listed in ascending order, and so are those whom it keeps when listed back.
    by_ends, by = _reversed(ends, others)
    own_ends, own = _reversed(by_ends, by)
    partners, used = np.empty(2 * used, np.int32), 0
    for i in range(n):
        e, f, e_stop, f_stop = by_ends[i], own_ends[i], by_ends[i + 1], own_ends[i + 1]
        while e < e_stop or f < f_stop:
            one = by[e] if e < e_stop else n
            two = own[f] if f < f_stop else n
            partners[used] = min(one, two)
            used += 1
            e += one <= two
            f += two <= one
        ends[i + 1] = used
    return ends, partners[:used].copy()


@njit(**INNER)
def _reversed(ends, others):
    """Of others[ends[i]:ends[i + 1]], listed by i: each listed by the other, i ascending."""
    n = ends.size - 1
    starts = np.zeros(n + 1, np.int64)
    for e in range(ends[n]):
        starts[others[e] + 1] += 1
    for i in range(n):
        starts[i + 1] += starts[i]
    place, by = starts.copy(), np.empty(ends[n], np.int32)
    for i in range(n):
        for e in range(ends[i], ends[i + 1]):
            by[place[others[e]]] = i
            place[others[e]] += 1
    return starts, by
