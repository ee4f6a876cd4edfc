"""Kernels of the neighbour search: SANN radius, cutoff, symmetry, output as compressed sparse rows."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._cells_kernel import gather, reach_of, square_distances


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
    whole = reach_of(first_radius, heights, cells, periodic, reach)
    points, codes = np.empty((6, 512)), np.empty((2, 512), np.int32)
    wide_points, wide_codes = np.empty((6, 0)), np.empty((2, 0), np.int32)
    square, r, chosen = np.empty(0), np.empty(0), np.empty(0, np.int64)
    for cell in range(first_cell, last_cell):
        if start[cell] == start[cell + 1]:
            continue
        count, shifted, points, codes = gather(
            cell, reach, x, y, z, start, cells, periodic, vectors, points, codes
        )
        for i in range(start[cell], start[cell + 1]):
            near_codes = codes
            near_count, near_whole, radius = count, whole, first_radius
            if square.size < count + 1:
                square, r, chosen = np.empty(2 * count), np.empty(2 * count), np.empty(2 * count, np.int64)
            square_distances(x[i], y[i], z[i], points, count, shifted, square)
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
                near_whole = reach_of(radius, heights, cells, periodic, wide_reach)
                near_count, wide_shifted, wide_points, wide_codes = gather(
                    cell, wide_reach, x, y, z, start, cells, periodic, vectors, wide_points, wide_codes
                )
                near_codes = wide_codes
                if square.size < near_count + 1:
                    square, r = np.empty(2 * near_count), np.empty(2 * near_count)
                    chosen = np.empty(2 * near_count, np.int64)
                square_distances(x[i], y[i], z[i], wide_points, near_count, wide_shifted, square)
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
    reach_of(cutoffs.max(), heights, cells, periodic, reach)
    points, codes = np.empty((6, 512)), np.empty((2, 512), np.int32)
    square, r, chosen = np.empty(0), np.empty(0), np.empty(0, np.int64)
    for cell in range(first_cell, last_cell):
        if start[cell] == start[cell + 1]:
            continue
        count, shifted, points, codes = gather(
            cell, reach, x, y, z, start, cells, periodic, vectors, points, codes
        )
        if square.size < count + 1:
            square, r, chosen = np.empty(2 * count), np.empty(2 * count), np.empty(2 * count, np.int64)
        for i in range(start[cell], start[cell + 1]):
            limits = cutoffs[kinds[i]]
            square_distances(x[i], y[i], z[i], points, count, shifted, square)
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
