"""When a sphere collides, and when it leaves its shell.

Two spheres at distance r with relative velocity v, whose distance of contact σ grows at rate a, touch when
|r + v t| = σ + a t. With b = r·v - aσ and c = r² - σ² the first root is t = c / (sqrt(b² - (v² - a²) c) - b),
in this form without cancellation (A. Donev, S. Torquato, F. H. Stillinger, J. Comput. Phys. 202, 737 (2005),
doi:10.1016/j.jcp.2004.08.014). Where rounding has let spheres overlap by a last digit, c < 0 counts as contact:
they collide at once if they approach, else never (M. N. Bannerman et al., arXiv:1211.6718).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from vitreous.simulate.event_driven._compiled import (
    INLINE,
    INNER,
    copy_lanes,
    first_of_lanes,
    gather_eight_rows,
)
from vitreous.simulate.event_driven._layout import DEGREE, LANES, ORDER, VX, VY, VZ, T, X, Y, Z

__all__ = ["earliest", "exit_time", "nearest_image", "predict"]

INF = np.inf
_ROUND = 6755399441055744.0  # 1.5 · 2^52: adding it and taking it away again rounds to a whole number


@njit(**INLINE)
def nearest_image(difference, side, inverse_side):
    """The difference of two coordinates modulo the box, between -side/2 and side/2."""
    return difference - side * ((difference * inverse_side + _ROUND) - _ROUND)


@njit(**INLINE)
def predict(i, system):
    """Fill the row of particle i, which changed last, with the times at which it would meet each neighbour.

    Neighbours that changed later, or in the same event, are left to them or cannot be met: infinite. The sixteen
    lanes are independent, and what they need is first brought into the columns of `scratch`.
    """
    record, neighbor, contact, meeting = system.record, system.neighbor, system.contact, system.meeting
    box, work = system.box, system.scratch
    x, y, z = record[i, X], record[i, Y], record[i, Z]
    vx, vy, vz = record[i, VX], record[i, VY], record[i, VZ]
    now, order = record[i, T], record[i, ORDER]
    lx, ly, lz, inverse_lx, inverse_ly, inverse_lz = box[0], box[1], box[2], box[3], box[4], box[5]
    rate = system.growth[1]
    scale = system.growth[0] + rate * now
    row = np.int64(i) * np.int64(neighbor.shape[1])
    for base in range(0, system.shell_links[i, DEGREE], LANES):
        for k in range(0, LANES, 8):
            gather_eight_rows(record, neighbor, row + base + k, work, np.int64(k), np.int64(LANES))
        copy_lanes(contact, row + base, work, np.int64(8 * LANES))
        for k in range(LANES):
            wx, wy, wz = work[VX * LANES + k], work[VY * LANES + k], work[VZ * LANES + k]
            since = now - work[T * LANES + k]
            dx = nearest_image((work[X * LANES + k] + wx * since) - x, lx, inverse_lx)
            dy = nearest_image((work[Y * LANES + k] + wy * since) - y, ly, inverse_ly)
            dz = nearest_image((work[Z * LANES + k] + wz * since) - z, lz, inverse_lz)
            wx -= vx
            wy -= vy
            wz -= vz
            sigma = work[8 * LANES + k]
            a = sigma * rate
            sigma *= scale
            b = dx * wx + dy * wy + dz * wz - a * sigma
            v2 = wx * wx + wy * wy + wz * wz - a * a
            c = dx * dx + dy * dy + dz * dz - sigma * sigma
            discriminant = b * b - v2 * c
            wait = max(c, 0.0) / (math.sqrt(max(discriminant, 0.0)) - b)
            wait = wait if (b < 0.0) | (v2 < 0.0) else INF
            wait = wait if (discriminant > 0.0) & (wait >= 0.0) else INF  # the latter is false for 0 / 0
            wait = wait if work[ORDER * LANES + k] < order else INF
            work[9 * LANES + k] = now + wait
        copy_lanes(work, np.int64(9 * LANES), meeting, row + base)


@njit(**INLINE)
def earliest(i, system):
    """(time, slot) of the first meeting in the row of particle i; (infinite, -1) if there is none.

    Of several at the same time it is that in the first slot.
    """
    meeting = system.meeting
    row = np.int64(i) * np.int64(meeting.shape[1])
    best, slot = INF, np.int64(-1)
    for base in range(0, system.shell_links[i, DEGREE], LANES):
        k = base + first_of_lanes(meeting, row + base)
        if meeting[i, k] < best:
            best, slot = meeting[i, k], k
    return best, slot


@njit(**INNER)
def exit_time(i, system, half_skin):
    """When particle i, moving on, will be `half_skin` away from where it was listed."""
    record, shell = system.record, system.shell
    vx, vy, vz = record[i, VX], record[i, VY], record[i, VZ]
    ux, uy, uz = shell[i, 0], shell[i, 1], shell[i, 2]
    b = ux * vx + uy * vy + uz * vz
    v2 = vx * vx + vy * vy + vz * vz
    c = half_skin * half_skin - (ux * ux + uy * uy + uz * uz)
    if c <= 0.0:
        return record[i, T]
    if v2 == 0.0:
        return INF
    root = math.sqrt(b * b + v2 * c)
    return record[i, T] + (c / (root + b) if b > 0.0 else (root - b) / v2)
