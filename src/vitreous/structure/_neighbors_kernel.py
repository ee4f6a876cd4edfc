"""Kernels of the neighbour search: SANN radius, cutoff, symmetry, output as compressed sparse rows."""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.structure._cells_kernel import (
    LANES,
    NO_IMAGE,
    candidate_space,
    gather,
    reach_of,
    square_distances,
)
from vitreous.structure._compiled import ENTRY, FUSED, INNER, LEAN, LEAN_ENTRY, prefetch

# A distance that equals the SANN radius but for rounding, as happens in lattices, must never count as smaller.
_BELOW_TIES = 1.0 - 1e-13
_AHEAD = 4
# Why a cell was left before its last particle.
_DONE, _NOT_ENOUGH, _COINCIDES, _NO_ROOM = 0, 1, 2, 3


@njit(**LEAN)
def _select(square, count, limit, r, chosen):
    """Distances of the candidates with square < limit, and their places; self is among them, at distance 0.

    The distances are padded with infinity to a multiple of LANES. Returns how many there are.
    """
    m = 0
    for k in range(count):  # no branch: a wrong guess costs more than the store
        r[m] = square[k]
        chosen[m] = k
        m += square[k] < limit
    padded = (m + LANES - 1) // LANES * LANES
    for k in range(m, padded):
        r[k] = np.inf
    for k in range(padded):
        r[k] = np.sqrt(r[k])
    return m


@njit(**FUSED, fastmath={"contract", "reassoc", "nsz"})
def _sum_below(r, m, limit):
    """Sum and number of the distances below limit, and number of zeros."""
    padded = (m + LANES - 1) // LANES * LANES
    total, count, zeros = 0.0, 0.0, 0.0
    for k in range(padded):
        total += r[k] if r[k] < limit else 0.0
        count += 1.0 if r[k] < limit else 0.0
        zeros += 1.0 if r[k] == 0.0 else 0.0
    return total, count, zeros


@njit(**LEAN)
def _sann_radius(r, m):
    """SANN radius of m distances, of which one is that to self, 0: the root of Σ (1 - r / R) = 2 over r < R.

    Σ (R - r) - 2 R is convex in R, so Newton's iteration from the right decreases to its root in a few steps;
    at the root R = Σ r / (m' - 2) with m' the number of neighbours, which is van Meel's criterion without
    sorting. A particle at R itself, but for rounding, is no neighbour. Returns 0 if there are fewer than
    three others, and -1 if another particle is at distance 0.
    """
    total, count, zeros = _sum_below(r, m, np.inf)
    if zeros != 1.0:
        return -1.0
    if count < 4.0:
        return 0.0
    while True:
        radius = total / (count - 3.0) * _BELOW_TIES
        before = count
        total, count, zeros = _sum_below(r, m, radius)
        if count >= before or count < 4.0:
            return radius


@njit(**INNER)
def _room(entries, images, distances, used, more):
    """The three arrays, with room for `more` entries after `used`."""
    if used + more <= entries.size:
        return entries, images, distances
    capacity = 2 * (used + more)
    more_entries, more_images = np.empty(capacity, np.int32), np.empty(capacity, np.int32)
    more_distances = np.empty(capacity)
    for k in range(used):
        more_entries[k], more_images[k], more_distances[k] = entries[k], images[k], distances[k]
    return more_entries, more_images, more_distances


@njit(**INNER)
def _scratch(size):
    return np.empty(size), np.empty(size), np.empty(size, np.int32)


@njit(**LEAN)
def _keep(codes, crossing, chosen, r, m, radius, entries, images, distances, used):
    """Append those of m candidates that are nearer than radius, self left out; returns the new end."""
    for k in range(m):
        entries[used] = codes[0, chosen[k]]
        images[used] = codes[1, chosen[k]] if crossing else NO_IMAGE
        distances[used] = r[k]
        used += (r[k] < radius) & (r[k] > 0.0)
    return used


# The loop over the particles of one cell is a function of its own: passing arrays down is free, while giving
# new arrays to names inside a loop makes Numba count references at every step.
@njit(**LEAN)
def _sann_cell(
    first, last, x, y, z, points, codes, count, crossing, whole, reached, square, r, chosen,
    entries, images, distances, used, radii, counts,
):  # fmt: skip
    """SANN of sorted particles first to last - 1 of one cell, from its `count` candidates.

    Returns the first particle that could not be done, the new end of entries, and the reason.
    """
    limit = np.inf if whole else reached * reached
    for i in range(first, last):
        if used + count > entries.size:
            return i, used, _NO_ROOM
        square_distances(x[i], y[i], z[i], points, count, crossing, square)
        m = _select(square, count, limit, r, chosen)
        radii[i] = _sann_radius(r, m)
        if radii[i] < 0.0:
            return i, used, _COINCIDES
        if not (whole or 0.0 < radii[i] <= reached):
            return i, used, _NOT_ENOUGH
        end = _keep(codes, crossing, chosen, r, m, radii[i], entries, images, distances, used)
        counts[i] = end - used
        used = end
    return last, used, _DONE


@njit(**ENTRY)
def search_sann(
    first_cell, last_cell, x, y, z, start, cells, periodic, vectors, heights, first_radius, radii, counts
):
    """One-sided SANN neighbours of the particles in cells first_cell to last_cell - 1.

    Writes radii (N,) and counts (N,) in sorted order; a radius of 0 means that there is no answer. Returns,
    particle after particle, the sorted numbers (M,), images (M,) and distances (M,) of the neighbours, and
    the sorted number of a particle that coincides with another one, or -1.
    """
    here = start[last_cell] - start[first_cell]
    entries, images, distances = np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0)
    entries, images, distances = _room(entries, images, distances, np.int64(0), 8 * here)
    used = np.int64(0)
    reach = np.empty(3, np.int64)
    points, codes = candidate_space(512)
    square, r, chosen = _scratch(512)
    for cell in range(first_cell, last_cell):
        i, last = start[cell], start[cell + 1]
        reached, gathered = first_radius, 0.0
        while i < last:
            if gathered != reached:
                whole = reach_of(reached, heights, cells, periodic, reach)
                count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
                if count < 0:
                    points, codes = candidate_space(-count)
                    continue
                gathered = reached
                if square.size < count + LANES:
                    square, r, chosen = _scratch(2 * count + LANES)
            # A particle that needs candidates from farther away is done alone.
            stop = last if reached == first_radius else i + 1
            entries, images, distances = _room(entries, images, distances, used, count + 32 * (stop - i))
            i, used, status = _sann_cell(
                i, stop, x, y, z, points, codes, count, crossing, whole, reached, square, r, chosen,
                entries, images, distances, used, radii, counts,
            )  # fmt: skip
            if status == _COINCIDES:
                return entries[:0], images[:0], distances[:0], i
            if status == _NOT_ENOUGH:
                reached *= 1.25
            elif status == _DONE:
                reached = first_radius
    # Copies, so that room that was not needed is given back.
    return entries[:used].copy(), images[:used].copy(), distances[:used].copy(), -1


@njit(**LEAN)
def _within_cell(
    first, last, x, y, z, points, codes, count, crossing, kinds, cutoffs, square, r, chosen,
    entries, images, distances, used, counts,
):  # fmt: skip
    """As _sann_cell, for cutoffs by pair of kinds."""
    for i in range(first, last):
        if used + count > entries.size:
            return i, used, _NO_ROOM
        own, limit = kinds[i], cutoffs[kinds[i], 0]
        for kind in range(1, len(cutoffs)):
            limit = max(limit, cutoffs[own, kind])
        square_distances(x[i], y[i], z[i], points, count, crossing, square)
        m = _select(square, count, limit**2 * (1.0 + 1e-12), r, chosen)
        if _sum_below(r, m, np.inf)[2] != 1.0:
            return i, used, _COINCIDES
        if len(cutoffs) > 1:  # put aside what is beyond the cutoff of its own pair
            for k in range(m):
                if r[k] >= cutoffs[own, kinds[codes[0, chosen[k]]]]:
                    r[k] = np.inf
        end = _keep(codes, crossing, chosen, r, m, limit, entries, images, distances, used)
        counts[i] = end - used
        used = end
    return last, used, _DONE


@njit(**ENTRY)
def search_within(
    first_cell, last_cell, x, y, z, start, cells, periodic, vectors, heights, kinds, cutoffs, counts
):
    """Neighbours nearer than cutoffs[kind_i, kind_j]; kinds (N,) in sorted order. Returns as search_sann."""
    here = start[last_cell] - start[first_cell]
    entries, images, distances = np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0)
    entries, images, distances = _room(entries, images, distances, np.int64(0), 8 * here)
    used = np.int64(0)
    reach = np.empty(3, np.int64)
    reach_of(cutoffs.max(), heights, cells, periodic, reach)
    points, codes = candidate_space(512)
    square, r, chosen = _scratch(512)
    for cell in range(first_cell, last_cell):
        i, last = start[cell], start[cell + 1]
        if i == last:
            continue
        count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
        while count < 0:
            points, codes = candidate_space(-count)
            count, crossing = gather(cell, reach, x, y, z, start, cells, periodic, vectors, points, codes)
        if square.size < count + LANES:
            square, r, chosen = _scratch(2 * count + LANES)
        while i < last:
            entries, images, distances = _room(entries, images, distances, used, count + 32 * (last - i))
            i, used, status = _within_cell(
                i, last, x, y, z, points, codes, count, crossing, kinds, cutoffs, square, r, chosen,
                entries, images, distances, used, counts,
            )  # fmt: skip
            if status == _COINCIDES:
                return entries[:0], images[:0], distances[:0], i
    # Copies, so that room that was not needed is given back.
    return entries[:used].copy(), images[:used].copy(), distances[:used].copy(), -1


@njit(**LEAN_ENTRY)
def count_mutual(first, last, entries, distances, counts, radii, kept):
    """Count the mutual ones among the one-sided neighbours of sorted particles first to last - 1."""
    e = 0
    for i in range(first, last):
        number = 0
        for _ in range(counts[i]):
            number += distances[e] < radii[entries[e]]
            e += 1
        kept[i] = number


@njit(**ENTRY)
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


@njit(**LEAN)
def _shift(code, vectors):
    a, b, c = (code >> 20) - 512, ((code >> 10) & 1023) - 512, (code & 1023) - 512
    return (
        a * vectors[0, 0] + b * vectors[1, 0] + c * vectors[2, 0],
        a * vectors[0, 1] + b * vectors[1, 1] + c * vectors[2, 1],
        a * vectors[0, 2] + b * vectors[1, 2] + c * vectors[2, 2],
    )


@njit(**LEAN_ENTRY)
def fill(
    first, last, entries, images, distances, counts, radii, mutual,
    x, y, z, order, vectors, offsets, indices, bonds, lengths,
):  # fmt: skip
    """Write the neighbours of sorted particles first to last - 1 at their places in the CSR arrays.

    These are anywhere in large arrays, so that their cache lines are asked for some particles before.
    """
    e = 0
    for i in range(first, last):
        prefetch(offsets, np.int64(order[min(i + 2 * _AHEAD, last - 1)]))
        start = offsets[order[min(i + _AHEAD, last - 1)]]
        for k in range(0, 16, 8):
            prefetch(indices, start + k)
            prefetch(lengths, start + k)
        for k in range(0, 48, 8):
            prefetch(bonds, start * 3 + k)
        at = offsets[order[i]]
        for _ in range(counts[i]):
            j = entries[e]
            if not mutual or distances[e] < radii[j]:
                dx, dy, dz = x[j] - x[i], y[j] - y[i], z[j] - z[i]
                if images[e] != NO_IMAGE:
                    sx, sy, sz = _shift(images[e], vectors)
                    dx, dy, dz = dx + sx, dy + sy, dz + sz
                indices[at] = order[j]
                bonds[at, 0] = dx
                bonds[at, 1] = dy
                bonds[at, 2] = dz
                lengths[at] = distances[e]
                at += 1
            e += 1


@njit(**ENTRY)
def pack(
    first, last, entries, images, distances, counts, radii, mutual, x, y, z, vectors, offsets, indices
):  # fmt: skip
    """As fill, in sorted order: indices (M,) of all particles, bonds and lengths of first to last - 1 alone."""
    here = offsets[last] - offsets[first]
    bonds, lengths = np.empty((here, 3)), np.empty(here)
    e, at = 0, 0
    for i in range(first, last):
        for _ in range(counts[i]):
            j = entries[e]
            if not mutual or distances[e] < radii[j]:
                dx, dy, dz = x[j] - x[i], y[j] - y[i], z[j] - z[i]
                if images[e] != NO_IMAGE:
                    sx, sy, sz = _shift(images[e], vectors)
                    dx, dy, dz = dx + sx, dy + sy, dz + sz
                indices[offsets[first] + at] = j
                bonds[at, 0] = dx
                bonds[at, 1] = dy
                bonds[at, 2] = dz
                lengths[at] = distances[e]
                at += 1
            e += 1
    return bonds, lengths


@njit(**LEAN_ENTRY)
def fill_reverse(
    owners, others, codes, distances, place, x, y, z, order, vectors, indices, bonds, lengths
):  # fmt: skip
    """Write the reverse of one-sided pairs; place (N,) is where the next neighbour of each particle goes."""
    for k in range(owners.size):
        i, j = owners[k], others[k]
        at = place[order[j]]
        place[order[j]] = at + 1
        sx, sy, sz = _shift(codes[k], vectors)
        indices[at] = order[i]
        bonds[at, 0] = (x[i] - x[j]) - sx
        bonds[at, 1] = (y[i] - y[j]) - sy
        bonds[at, 2] = (z[i] - z[j]) - sz
        lengths[at] = distances[k]
