"""Kernels of the cell list: sort particles by cell, gather the candidates around one cell.

A cell gathers the particles of all cells in reach once, with the shift of their periodic image; each of its
particles then measures its distances to them in one vectorised loop. Cells may repeat under any number of
periodic images, so small boxes need no special case: a particle then sees several images of one neighbour,
and its own.

In these kernels a row of an array is indexed, never taken as a view, and inside loops no array gets a second
name: Numba would count references, and that costs more than the arithmetic.

A displacement is always computed as (x_j - x_i) + shift. Both terms change sign exactly when i and j change
roles, so r_ij equals r_ji to the last bit and "j is nearer than the radius of i" has one answer.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._compiled import ENTRY, INNER, LEAN, LEAN_ENTRY

# A periodic image (a, b, c) is kept in one int32: ten bits each, offset by 512.
IMAGE_LIMIT = 500
# Loops over particles run over a multiple of this many, so that they vectorise without a remainder.
LANES = 16
NO_IMAGE = np.int32((512 << 20) | (512 << 10) | 512)


@njit(**LEAN_ENTRY)
def assign_cells(
    first, last, positions, origin, inverse, vectors, periodic, low, scale, cells, wrapped, index
):  # fmt: skip
    """Wrap particles first to last - 1 into the box; wrapped (N, 3) and index (N,), the number of the cell."""
    for i in range(first, last):
        flat = 0
        for axis in range(3):
            wrapped[i, axis] = positions[i, axis]
        for axis in range(3):
            s = 0.0
            for k in range(3):
                s += (positions[i, k] - origin[k]) * inverse[k, axis]
            if periodic[axis]:
                image = np.floor(s)
                if image != 0.0:
                    for k in range(3):
                        wrapped[i, k] -= image * vectors[axis, k]
                    s -= image
            c = int((s - low[axis]) * scale[axis])
            flat = flat * cells[axis] + min(max(c, 0), cells[axis] - 1)
        index[i] = flat


@njit(**ENTRY)
def sort_by_cell(wrapped, index, cells):
    """Sort the particles by cell, those of one cell in the order of their numbers.

    Returns x, y, z (N + LANES,) of the sorted particles and some zeros, order (N,) their numbers, and
    start (cells + 1,) the first particle of each cell.
    """
    n = index.size
    start = np.zeros(cells + 1, np.int64)
    for i in range(n):
        start[index[i] + 1] += 1
    for c in range(cells):
        start[c + 1] += start[c]
    place = np.empty(cells, np.int64)
    for c in range(cells):
        place[c] = start[c]
    x, y, z = np.zeros(n + LANES), np.zeros(n + LANES), np.zeros(n + LANES)
    order = np.empty(n, np.int32)
    for i in range(n):
        k = place[index[i]]
        place[index[i]] = k + 1
        order[k] = i
        x[k], y[k], z[k] = wrapped[i, 0], wrapped[i, 1], wrapped[i, 2]
    return x, y, z, order, start


@njit(**LEAN)
def _image_code(a, b, c):
    return np.int32(((a + 512) << 20) | ((b + 512) << 10) | (c + 512))


@njit(**LEAN)
def gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes):
    """Particles of all cells within `reach` cells of `cell`, under all periodic images.

    points (6, capacity) receives x, y, z and the shift of the image; codes (2, capacity) the sorted number
    and the image; both are overwritten a little beyond the end. Returns the count and whether the
    surroundings cross a boundary; if they do not, shifts and images are all zero and are not written. A
    negative count asks for another call with minus that capacity.
    """
    ca, cb, cc = cell // (cells[1] * cells[2]), (cell // cells[2]) % cells[1], cell % cells[2]
    crossing = (
        ca < reach[0] or ca + reach[0] >= cells[0]
        or cb < reach[1] or cb + reach[1] >= cells[1]
        or cc < reach[2] or cc + reach[2] >= cells[2]
    )  # fmt: skip
    count = 0
    for da in range(-reach[0], reach[0] + 1):
        a, ia = ca + da, 0
        if crossing:
            ia = a // cells[0] if periodic[0] else 0
            a -= ia * cells[0]
            if a < 0 or a >= cells[0]:
                continue
        for db in range(-reach[1], reach[1] + 1):
            b, ib = cb + db, 0
            if crossing:
                ib = b // cells[1] if periodic[1] else 0
                b -= ib * cells[1]
                if b < 0 or b >= cells[1]:
                    continue
            row = (a * cells[1] + b) * cells[2]
            c, stop = cc - reach[2], cc + reach[2] + 1
            if crossing and not periodic[2]:
                c, stop = max(c, 0), min(stop, cells[2])
            while c < stop:  # runs of cells that lie in one image
                ic, end = 0, stop
                if crossing:
                    ic = c // cells[2]
                    end = min(stop, (ic + 1) * cells[2])
                first = start[row + c - ic * cells[2]]
                length = start[row + end - ic * cells[2]] - first
                c = end
                if count + length + LANES > points.shape[1]:
                    return -2 * (count + length + LANES), crossing
                # One loop an array: each vectorises, together they would alias too much. Numbers without a sign
                # are contiguous for the compiler; others could count from the end.
                padded = np.uint64((length + LANES - 1) // LANES * LANES)
                source, target = np.uint64(first), np.uint64(count)
                for k in range(padded):
                    points[0, target + k] = x[source + k]
                for k in range(padded):
                    points[1, target + k] = y[source + k]
                for k in range(padded):
                    points[2, target + k] = z[source + k]
                for k in range(padded):
                    codes[0, target + k] = source + k
                if crossing:
                    code = _image_code(ia, ib, ic)
                    for k in range(padded):
                        codes[1, target + k] = code
                    for axis in range(3):
                        shift = ia * vectors[0, axis] + ib * vectors[1, axis] + ic * vectors[2, axis]
                        for k in range(padded):
                            points[3 + axis, target + k] = shift
                count += length
    return count, crossing


@njit(**INNER)
def candidate_space(capacity):
    """Empty points and codes for `gather`."""
    return np.empty((6, capacity)), np.empty((2, capacity), np.int32)


@njit(**LEAN)  # no fast-math: it would break the antisymmetry
def square_distances(xi, yi, zi, points, count, crossing, square):
    """Squared distances (count,) from a point to what `gather` found."""
    if crossing:
        for k in range(count):
            dx = (points[0, k] - xi) + points[3, k]
            dy = (points[1, k] - yi) + points[4, k]
            dz = (points[2, k] - zi) + points[5, k]
            square[k] = dx * dx + dy * dy + dz * dz
    else:
        for k in range(count):
            dx = points[0, k] - xi
            dy = points[1, k] - yi
            dz = points[2, k] - zi
            square[k] = dx * dx + dy * dy + dz * dz


@njit(**LEAN)
def reach_of(radius, heights, cells, periodic, reach):
    """Cells to look at on each side for `radius`; returns whether that is the whole, finite, system."""
    whole = True
    for axis in range(3):
        reach[axis] = int(radius / heights[axis]) + 1
        if periodic[axis]:
            whole = False
        elif reach[axis] >= cells[axis] - 1:
            reach[axis] = cells[axis] - 1
        else:
            whole = False
    return whole
