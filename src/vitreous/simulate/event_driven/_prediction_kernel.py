"""When a sphere collides, and when it leaves its shell.

Two spheres at distance r with relative velocity v, whose distance of contact σ grows at rate a, touch when
|r + v t| = σ + a t. With b = r·v - aσ and c = r² - σ² the first root is t = c / (sqrt(b² - (v² - a²) c) - b),
in this form without cancellation (A. Donev, S. Torquato, F. H. Stillinger, J. Comput. Phys. 202, 737 (2005),
doi:10.1016/j.jcp.2004.08.014). Where rounding has let spheres overlap by a last digit, c < 0 counts as contact:
they collide at once if they approach, else never (M. N. Bannerman et al., arXiv:1211.6718).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit
from numba.core import types
from numba.extending import intrinsic

from vitreous.simulate.event_driven._compiled import Eight, eight_rows, element, first_of_lanes, numbers
from vitreous.simulate.event_driven._layout import CONTACT, LANES, MEETING, NEIGHBOR
from vitreous.structure._compiled import FUSED

__all__ = ["earliest", "exit_time", "nearest_eight", "nearest_image", "predict"]

INF = np.inf
_ROUND = 6755399441055744.0  # 1.5 · 2^52: adding it and taking it away again rounds to a whole number
_I64 = ir.IntType(64)


@njit(**FUSED)
def nearest_image(difference, side, inverse_side):
    """The difference of two coordinates modulo the box, between -side/2 and side/2."""
    return difference - side * ((difference * inverse_side + _ROUND) - _ROUND)


def nearest_eight(difference: Eight, side: Eight, inverse_side: Eight) -> Eight:
    """The same for eight differences."""
    return difference - side * ((difference * inverse_side + _ROUND) - _ROUND)


def _meet_eight(
    typing_context: Any, particle: Any, i: Any, row: Any, place: Any, first: Any, box: Any, growth: Any
) -> Any:
    """When particle i, which changed last, will meet eight neighbours in row[place], from number `first` on (0 or 8).

    Neighbours that changed later, or in the same event, are left to them or cannot be met: infinite.
    """
    signature = types.void(particle, i, row, place, first, box, growth)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        own = builder.bitcast(element(context, builder, signature, args, 0), ir.DoubleType().as_pointer())
        own = [builder.load(builder.gep(own, [_I64(k)])) for k in range(8)]
        there = element(context, builder, signature, args, 2)
        neighbor, contact, meeting = (
            builder.add(builder.mul(args[4], _I64(size)), _I64(offset))
            for size, offset in ((4, NEIGHBOR), (8, CONTACT), (8, MEETING))
        )
        scale_then, rate = numbers(context, builder, signature, args, 6, 2)
        scale = builder.fadd(scale_then, builder.fmul(rate, own[6]))
        x, y, z, vx, vy, vz, now, order, rate, scale = (
            Eight.all(builder, value) for value in (*own, rate, scale)
        )
        lx, ly, lz, inverse_lx, inverse_ly, inverse_lz = (
            Eight.all(builder, value) for value in numbers(context, builder, signature, args, 5, 6)
        )
        table = context.make_array(signature.args[0])(context, builder, value=args[0]).data
        xj, yj, zj, wx, wy, wz, tj, other = eight_rows(builder, table, builder.gep(there, [neighbor]))
        sigma = Eight.at(builder, there, contact)

        since = now - tj
        dx = nearest_eight((xj + wx * since) - x, lx, inverse_lx)
        dy = nearest_eight((yj + wy * since) - y, ly, inverse_ly)
        dz = nearest_eight((zj + wz * since) - z, lz, inverse_lz)
        wx, wy, wz = wx - vx, wy - vy, wz - vz
        a = sigma * rate
        sigma = sigma * scale
        b = dx * wx + dy * wy + dz * wz - a * sigma
        v2 = wx * wx + wy * wy + wz * wz - a * a
        c = dx * dx + dy * dy + dz * dz - sigma * sigma
        inside = b * b - v2 * c
        wait = c.where(c > 0.0, 0.0) / (inside.where(inside > 0.0, 0.0).sqrt() - b)
        wait = wait.where((b < 0.0) | (v2 < 0.0), INF)
        wait = wait.where((inside > 0.0) & (wait >= 0.0) & (other < order), INF)  # 0 / 0 >= 0 is false
        (now + wait).put(there, meeting)
        return context.get_dummy_value()

    return signature, generate


_meet: Any = intrinsic(_meet_eight)


@njit(**FUSED)
def predict(i, system):
    """Fill the row of particle i, which changed last, with the times at which it would meet each neighbour.

    Most have nine to sixteen neighbours; two times eight are always predicted, without asking how many there are.
    """
    particle, row, box, growth = system.particle, system.row, system.box, system.growth
    _meet(particle, i, row, i, 0, box, growth)
    _meet(particle, i, row, i, 8, box, growth)
    for k in range(LANES, np.int64(system.shell[i].degree), 8):
        _meet(particle, i, row, (k // LANES) * len(system.shell) + i, k % LANES, box, growth)


@njit(**FUSED)
def earliest(i, system):
    """(time, neighbour, place of its row, number in it) of the first meeting in the row of particle i.

    The time is infinite if there is none; of several at the same time it is that of the first.
    """
    place = i
    k = first_of_lanes(system.row, place)
    best = system.row[place].meeting[k]
    for block in range(1, (np.int64(system.shell[i].degree) + LANES - 1) // LANES):
        there = block * len(system.shell) + i
        m = first_of_lanes(system.row, there)
        if system.row[there].meeting[m] < best:
            best, place, k = system.row[there].meeting[m], there, m
    return best, np.int64(system.row[place].neighbor[k]), place, k


@njit(**FUSED)
def exit_time(i, system, half_skin):
    """When particle i, moving on, will be `half_skin` away from where it was listed.

    Without branches, which nobody could foresee: it may be moving in or out.
    """
    p, shell = system.particle[i], system.shell[i]
    b = shell.ux * p.vx + shell.uy * p.vy + shell.uz * p.vz
    v2 = p.vx * p.vx + p.vy * p.vy + p.vz * p.vz
    c = half_skin * half_skin - (shell.ux * shell.ux + shell.uy * shell.uy + shell.uz * shell.uz)
    root = math.sqrt(b * b + v2 * c)
    out = b > 0.0
    flight = (c if out else root - b) / (root + b if out else v2)
    flight = flight if v2 != 0.0 else INF
    return p.t + (flight if c > 0.0 else 0.0)
