"""Kernels of the neighbour search: cell list, candidates, SANN radius, cutoff, CSR output.

Particles are sorted by cell, so that the particles of a row of cells lie together. A cell gathers the
particles of all cells in reach once, with the shift of their periodic image; each of its particles then
measures its distances to them in one vectorised loop. Cells may repeat under any number of periodic images,
so small boxes need no special case: a particle then sees several images of one neighbour, and its own.

A displacement is always computed as (x_j - x_i) + shift. Both terms change sign exactly when i and j change
roles, so r_ij equals r_ji to the last bit and "j is nearer than the radius of i" has one answer.
"""

from __future__ import annotations

import numpy as np
from numba import njit

# A periodic image (a, b, c) is kept in one int32: ten bits each.
IMAGE_LIMIT = 500


@njit(cache=True, nogil=True)
def bin_particles(positions, origin, inverse, vectors, periodic, low, scale, cells):
    """Wrap the particles into the box and sort them by cell.

    Returns x, y, z (N,) of the sorted particles, order (N,) their numbers, start (cells + 1,) the first
    particle of each cell.
    """
    n = positions.shape[0]
    index = np.empty(n, np.int64)
    wrapped = np.empty((n, 3))
    start = np.zeros(cells[0] * cells[1] * cells[2] + 1, np.int64)
    for i in range(n):
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
            c = min(max(c, 0), cells[axis] - 1)
            flat = flat * cells[axis] + c
        index[i] = flat
        start[flat + 1] += 1
    for c in range(start.size - 1):
        start[c + 1] += start[c]
    place = start[:-1].copy()
    x, y, z = np.empty(n), np.empty(n), np.empty(n)
    order = np.empty(n, np.int32)
    for i in range(n):
        k = place[index[i]]
        place[index[i]] = k + 1
        order[k] = i
        x[k], y[k], z[k] = wrapped[i, 0], wrapped[i, 1], wrapped[i, 2]
    return x, y, z, order, start


@njit(nogil=True, inline="always")
def _image_code(a, b, c):
    return np.int32(((a + 512) << 20) | ((b + 512) << 10) | (c + 512))


@njit(cache=True, nogil=True)
def _gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes):
    """Particles of all cells within `reach` cells of `cell`, under all periodic images.

    points (6, capacity) receives x, y, z and the shift of the image; codes (2, capacity) the sorted number and
    the image. Returns the count, whether any shift is not zero, and points and codes, grown where needed.
    """
    cb_cells = cells[1] * cells[2]
    ca, cb, cc = cell // cb_cells, (cell // cells[2]) % cells[1], cell % cells[2]
    count = 0
    shifted = False
    for da in range(-reach[0], reach[0] + 1):
        a = ca + da
        ia = a // cells[0] if periodic[0] else 0
        a -= ia * cells[0]
        if a < 0 or a >= cells[0]:
            continue
        for db in range(-reach[1], reach[1] + 1):
            b = cb + db
            ib = b // cells[1] if periodic[1] else 0
            b -= ib * cells[1]
            if b < 0 or b >= cells[1]:
                continue
            row = (a * cells[1] + b) * cells[2]
            c = cc - reach[2]
            last = cc + reach[2]
            if not periodic[2]:
                c = max(c, 0)
                last = min(last, cells[2] - 1)
            while c <= last:  # runs of cells that lie in one image
                ic = c // cells[2]
                stop = min(last, ic * cells[2] + cells[2] - 1)
                first_particle = start[row + c - ic * cells[2]]
                last_particle = start[row + stop - ic * cells[2] + 1]
                c = stop + 1
                length = last_particle - first_particle
                if count + length > points.shape[1]:
                    capacity = 2 * (count + length)
                    more_points = np.empty((6, capacity))
                    more_codes = np.empty((2, capacity), np.int32)
                    more_points[:, :count] = points[:, :count]
                    more_codes[:, :count] = codes[:, :count]
                    points, codes = more_points, more_codes
                sx = ia * vectors[0, 0] + ib * vectors[1, 0] + ic * vectors[2, 0]
                sy = ia * vectors[0, 1] + ib * vectors[1, 1] + ic * vectors[2, 1]
                sz = ia * vectors[0, 2] + ib * vectors[1, 2] + ic * vectors[2, 2]
                if ia != 0 or ib != 0 or ic != 0:
                    shifted = True
                code = _image_code(ia, ib, ic)
                for k in range(length):
                    points[0, count + k] = x[first_particle + k]
                    points[1, count + k] = y[first_particle + k]
                    points[2, count + k] = z[first_particle + k]
                    points[3, count + k] = sx
                    points[4, count + k] = sy
                    points[5, count + k] = sz
                    codes[0, count + k] = first_particle + k
                    codes[1, count + k] = code
                count += length
    return count, shifted, points, codes


@njit(cache=True, nogil=True)  # no fast-math: it would break the antisymmetry
def _square_distances(xi, yi, zi, points, count, shifted, square):
    px, py, pz = points[0], points[1], points[2]
    if shifted:
        sx, sy, sz = points[3], points[4], points[5]
        for k in range(count):
            dx = (px[k] - xi) + sx[k]
            dy = (py[k] - yi) + sy[k]
            dz = (pz[k] - zi) + sz[k]
            square[k] = dx * dx + dy * dy + dz * dz
    else:
        for k in range(count):
            dx = px[k] - xi
            dy = py[k] - yi
            dz = pz[k] - zi
            square[k] = dx * dx + dy * dy + dz * dz


@njit(nogil=True, fastmath={"contract", "reassoc", "nsz"}, cache=True)
def _sann_radius(r, m):
    """SANN radius of m candidate distances: the root of sum over r < R of (1 - r / R) = 2.

    sum (R - r) - 2 R is convex in R, so Newton's iteration from the right decreases to its root in a few
    steps; at the root R = sum r / (m - 2) with m the number of r < R, which is van Meel's criterion without
    sorting.
    """
    total = 0.0
    for k in range(m):
        total += r[k]
    radius = total / (m - 2)
    inside = m
    while True:
        total = 0.0
        count = 0.0
        for k in range(m):
            near = r[k] < radius
            total += r[k] if near else 0.0
            count += 1.0 if near else 0.0
        if int(count) == inside or count < 3.0:
            return radius
        inside = int(count)
        radius = total / (count - 2.0)


@njit(nogil=True, inline="always")
def _select(square, count, limit, r, chosen):
    """Distances and places of the candidates with 0 < square < limit; -1 if two particles coincide."""
    m = 0
    for k in range(count):
        chosen[m] = k
        m += square[k] < limit
    own = 0
    for k in range(m):
        own += square[chosen[k]] == 0.0
    if own != 1:
        return -1
    place = 0
    for k in range(m):
        if square[chosen[k]] > 0.0:
            chosen[place] = chosen[k]
            r[place] = np.sqrt(square[chosen[k]])
            place += 1
    return place


@njit(nogil=True, cache=True)
def _grown(entries, images, distances, used, needed):
    capacity = max(2 * entries.size, needed)
    more_entries = np.empty(capacity, np.int32)
    more_images = np.empty(capacity, np.int32)
    more_distances = np.empty(capacity)
    more_entries[:used] = entries[:used]
    more_images[:used] = images[:used]
    more_distances[:used] = distances[:used]
    return more_entries, more_images, more_distances


@njit(nogil=True, cache=True)
def _reach(radius, heights, cells, periodic, reach):
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


@njit(nogil=True, cache=True)
def search_sann(
    first_cell, last_cell, x, y, z, start, cells, periodic, vectors, heights, first_radius, radii, counts
):
    """One-sided SANN neighbours of the particles in cells first_cell to last_cell - 1.

    Writes radii (N,) and counts (N,) in sorted order. Returns, particle after particle, the sorted numbers
    (M,), images (M,) and distances (M,) of the neighbours, and the sorted number of a particle that
    coincides with another one, or -1.
    """
    here = start[last_cell] - start[first_cell]
    entries = np.empty(18 * here + 64, np.int32)
    images = np.empty(18 * here + 64, np.int32)
    distances = np.empty(18 * here + 64)
    used = 0
    reach = np.empty(3, np.int64)
    wide_reach = np.empty(3, np.int64)
    whole = _reach(first_radius, heights, cells, periodic, reach)
    points, codes = np.empty((6, 512)), np.empty((2, 512), np.int32)
    wide_points, wide_codes = np.empty((6, 0)), np.empty((2, 0), np.int32)
    square, r, chosen = np.empty(0), np.empty(0), np.empty(0, np.int64)
    for cell in range(first_cell, last_cell):
        if start[cell] == start[cell + 1]:
            continue
        count, shifted, points, codes = _gather(
            cell, reach, x, y, z, start, cells, periodic, vectors, points, codes
        )
        for i in range(start[cell], start[cell + 1]):
            near_codes = codes
            near_count, near_whole, radius = count, whole, first_radius
            if square.size < count + 1:
                square, r, chosen = np.empty(2 * count), np.empty(2 * count), np.empty(2 * count, np.int64)
            _square_distances(x[i], y[i], z[i], points, count, shifted, square)
            while True:
                limit = np.inf if near_whole else radius * radius
                m = _select(square, near_count, limit, r, chosen)
                if m < 0:
                    return entries[:0], images[:0], distances[:0], i
                radii[i] = 0.0
                if m >= 3:
                    radii[i] = _sann_radius(r, m)
                    if near_whole or radii[i] <= radius:
                        break
                elif near_whole:
                    break
                radius *= 1.3
                near_whole = _reach(radius, heights, cells, periodic, wide_reach)
                near_count, wide_shifted, wide_points, wide_codes = _gather(
                    cell, wide_reach, x, y, z, start, cells, periodic, vectors, wide_points, wide_codes
                )
                near_codes = wide_codes
                if square.size < near_count + 1:
                    square, r = np.empty(2 * near_count), np.empty(2 * near_count)
                    chosen = np.empty(2 * near_count, np.int64)
                _square_distances(x[i], y[i], z[i], wide_points, near_count, wide_shifted, square)
            if used + m > entries.size:
                entries, images, distances = _grown(entries, images, distances, used, used + m)
            before = used
            for k in range(m):
                entries[used] = near_codes[0, chosen[k]]
                images[used] = near_codes[1, chosen[k]]
                distances[used] = r[k]
                used += r[k] < radii[i]
            counts[i] = used - before
    return entries[:used], images[:used], distances[:used], -1


@njit(nogil=True, cache=True)
def search_within(
    first_cell, last_cell, x, y, z, start, cells, periodic, vectors, heights, kinds, cutoffs, counts
):
    """Neighbours nearer than cutoffs[kind_i, kind_j]; kinds (N,) in sorted order. Returns as search_sann."""
    here = start[last_cell] - start[first_cell]
    entries = np.empty(18 * here + 64, np.int32)
    images = np.empty(18 * here + 64, np.int32)
    distances = np.empty(18 * here + 64)
    used = 0
    reach = np.empty(3, np.int64)
    _reach(cutoffs.max(), heights, cells, periodic, reach)
    points, codes = np.empty((6, 512)), np.empty((2, 512), np.int32)
    square, r, chosen = np.empty(0), np.empty(0), np.empty(0, np.int64)
    for cell in range(first_cell, last_cell):
        if start[cell] == start[cell + 1]:
            continue
        count, shifted, points, codes = _gather(
            cell, reach, x, y, z, start, cells, periodic, vectors, points, codes
        )
        if square.size < count + 1:
            square, r, chosen = np.empty(2 * count), np.empty(2 * count), np.empty(2 * count, np.int64)
        for i in range(start[cell], start[cell + 1]):
            limits = cutoffs[kinds[i]]
            _square_distances(x[i], y[i], z[i], points, count, shifted, square)
            m = _select(square, count, limits.max() ** 2 * (1.0 + 1e-12), r, chosen)
            if m < 0:
                return entries[:0], images[:0], distances[:0], i
            if used + m > entries.size:
                entries, images, distances = _grown(entries, images, distances, used, used + m)
            before = used
            for k in range(m):
                j = codes[0, chosen[k]]
                entries[used] = j
                images[used] = codes[1, chosen[k]]
                distances[used] = r[k]
                used += r[k] < limits[kinds[j]]
            counts[i] = used - before
    return entries[:used], images[:used], distances[:used], -1


@njit(nogil=True, cache=True)
def count_mutual(first, last, entries, distances, counts, radii, kept):
    """Of the one-sided neighbours of sorted particles first to last - 1, count those that are mutual."""
    e = 0
    for i in range(first, last):
        number = 0
        for _ in range(counts[i]):
            number += distances[e] < radii[entries[e]]
            e += 1
        kept[i] = number


@njit(nogil=True, cache=True)
def one_sided(first, last, entries, images, distances, counts, radii):
    """Pairs (i, j, image, distance) where j is a neighbour of i but i is none of j."""
    number = 0
    for e in range(entries.size):
        number += distances[e] >= radii[entries[e]]
    owners, others = np.empty(number, np.int32), np.empty(number, np.int32)
    codes, lengths = np.empty(number, np.int32), np.empty(number)
    e = 0
    k = 0
    for i in range(first, last):
        for _ in range(counts[i]):
            if distances[e] >= radii[entries[e]]:
                owners[k], others[k], codes[k], lengths[k] = i, entries[e], images[e], distances[e]
                k += 1
            e += 1
    return owners, others, codes, lengths


@njit(nogil=True, inline="always")
def _write(at, i, j, code, sign, distance, x, y, z, order, vectors, indices, bonds, lengths):
    a = sign * ((code >> 20) - 512)
    b = sign * (((code >> 10) & 1023) - 512)
    c = sign * ((code & 1023) - 512)
    indices[at] = order[j]
    lengths[at] = distance
    sx = a * vectors[0, 0] + b * vectors[1, 0] + c * vectors[2, 0]
    sy = a * vectors[0, 1] + b * vectors[1, 1] + c * vectors[2, 1]
    sz = a * vectors[0, 2] + b * vectors[1, 2] + c * vectors[2, 2]
    bonds[at, 0] = (x[j] - x[i]) + sx
    bonds[at, 1] = (y[j] - y[i]) + sy
    bonds[at, 2] = (z[j] - z[i]) + sz


@njit(nogil=True, cache=True)
def fill(
    first, last, entries, images, distances, counts, radii, mutual,
    x, y, z, order, vectors, offsets, indices, bonds, lengths,
):  # fmt: skip
    """Write the neighbours of sorted particles first to last - 1 at their places in the CSR arrays."""
    e = 0
    for i in range(first, last):
        at = offsets[order[i]]
        for _ in range(counts[i]):
            if not mutual or distances[e] < radii[entries[e]]:
                _write(
                    at, i, entries[e], images[e], 1, distances[e],
                    x, y, z, order, vectors, indices, bonds, lengths,
                )  # fmt: skip
                at += 1
            e += 1


@njit(nogil=True, cache=True)
def fill_reverse(
    owners, others, codes, distances, place, x, y, z, order, vectors, indices, bonds, lengths
):  # fmt: skip
    """Write the reverse of one-sided pairs; place (N,) is where the next neighbour of each particle goes."""
    for k in range(owners.size):
        j = others[k]
        at = place[order[j]]
        place[order[j]] = at + 1
        _write(
            at, j, owners[k], codes[k], -1, distances[k],
            x, y, z, order, vectors, indices, bonds, lengths,
        )  # fmt: skip
