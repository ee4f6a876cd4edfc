"""Who may collide with whom: rows of neighbours, and the cells in which they are found.

Two particles are neighbours if they were listed closer than their distance of contact plus the skin. As each of
the two is listed anew when it has moved by half of the skin, no others can touch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit
from numba.core import types
from numba.extending import intrinsic

from vitreous.simulate.event_driven._compiled import Eight, eight_rows, element, lane_of, numbers, prefetch
from vitreous.simulate.event_driven._layout import LANES
from vitreous.simulate.event_driven._prediction_kernel import nearest_eight
from vitreous.structure._compiled import FUSED, LEAN, LEAN_ENTRY

__all__ = ["list_again", "list_all"]


@njit(**FUSED)
def _along(x, inverse_side, cells):
    """Number of the cell along a side, for a coordinate in the box."""
    return min(np.int64(x * inverse_side * cells), cells - 1)


@njit(**FUSED)
def _wrapped(a, cells):
    """The number of a cell that lies beside the box by no more than there are cells."""
    return a + cells if a < 0 else (a - cells if a >= cells else a)


@njit(**LEAN)
def _enter(i, cell, system):
    home, head = system.home, np.int64(system.cell_head[cell])
    home[i].cell = cell
    home[i].after = head
    home[i].before = -1
    if head >= 0:
        home[head].before = i
    system.cell_head[cell] = i


@njit(**LEAN)
def _leave(i, system):
    home = system.home
    before, after = np.int64(home[i].before), np.int64(home[i].after)
    if before >= 0:
        home[before].after = after
    else:
        system.cell_head[home[i].cell] = after
    if after >= 0:
        home[after].before = before


@njit(**FUSED)
def _slot(i, k, system):
    """Where the k-th neighbour of particle i is: the place of its row, and the number in it."""
    return (k // LANES) * len(system.shell) + i, k % LANES


@njit(**LEAN)
def _add(i, j, contact, system):
    """Whether there was room for j in the row of i."""
    k = np.int64(system.shell[i].degree)
    place, k = _slot(i, k, system)
    if place >= len(system.row):
        return False
    system.row[place].neighbor[k] = j
    system.row[place].contact[k] = contact
    system.row[place].meeting[k] = np.inf
    system.shell[i].degree += 1
    return True


@njit(**LEAN)
def _remove(i, j, system):
    """Take j out of the row of i; the last one takes its place, and nobody the last one's."""
    row, n = system.row, len(system.shell)
    last = np.int64(system.shell[i].degree) - 1
    place, k = i, lane_of(row, i, j)
    while k >= LANES:
        place += n
        k = lane_of(row, place, j)
    from_place, m = _slot(i, last, system)
    row[place].neighbor[k] = row[from_place].neighbor[m]
    row[place].contact[k] = row[from_place].contact[m]
    row[place].meeting[k] = row[from_place].meeting[m]
    _clear(i, last, system)
    system.shell[i].degree = last


@njit(**LEAN)
def _clear(i, k, system):
    place, k = _slot(i, k, system)
    system.row[place].neighbor[k] = len(system.shell)
    system.row[place].contact[k] = 0.0
    system.row[place].meeting[k] = np.inf


def _near_eight(
    typing_context: Any, home: Any, i: Any, found: Any, first: Any, box: Any, growth: Any, skin: Any
) -> Any:
    """Which of the eight homes with numbers from found[first] on are so near that of particle i: as eight bits."""
    signature = types.int64(home, i, found, first, box, growth, skin)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        own = builder.bitcast(element(context, builder, signature, args, 0), ir.DoubleType().as_pointer())
        x, y, z, radius = (
            Eight.all(builder, builder.load(builder.gep(own, [ir.IntType(64)(k)]))) for k in range(4)
        )
        lx, ly, lz, inverse_lx, inverse_ly, inverse_lz = (
            Eight.all(builder, value) for value in numbers(context, builder, signature, args, 4, 6)
        )
        largest = Eight.all(builder, numbers(context, builder, signature, args, 5, 3)[2])
        table = context.make_array(signature.args[0])(context, builder, value=args[0]).data
        columns = eight_rows(builder, table, element(context, builder, signature, args, 2))
        dx = nearest_eight(columns[0] - x, lx, inverse_lx)
        dy = nearest_eight(columns[1] - y, ly, inverse_ly)
        dz = nearest_eight(columns[2] - z, lz, inverse_lz)
        reach = (radius + columns[3]) * largest + Eight.all(builder, args[6])
        near = dx * dx + dy * dy + dz * dz < reach * reach
        return builder.zext(builder.bitcast(near.value, ir.IntType(8)), ir.IntType(64))

    return signature, generate


_near: Any = intrinsic(_near_eight)


@njit(**FUSED)
def _prefetch_slots(i, system):
    """Ask for the row of particle i, and how long it is."""
    prefetch(system.shell, i, 0)
    for line in range(5):
        prefetch(system.row, i, line)


@njit(**LEAN)
def _find(i, system, skin):
    """Make neighbours of i and everybody in the cells around its home who is near; enter i in its cell.

    Returns whether the rows had room.
    """
    home, found = system.home, system.found
    box, shape, heads = system.box, system.cell_shape, system.heads
    a, b, c = (
        _along(home[i].x, box[3], shape[0]),
        _along(home[i].y, box[4], shape[1]),
        _along(home[i].z, box[5], shape[2]),
    )
    lists, m = 0, system.around[0]
    for da in range(min(2 * m + 1, shape[0])):  # all cells around once, even if there are fewer
        plane = _wrapped(a + da - m, shape[0]) * shape[1]
        for db in range(min(2 * m + 1, shape[1])):
            line = (plane + _wrapped(b + db - m, shape[1])) * shape[2]
            for dc in range(min(2 * m + 1, shape[2])):
                j = np.int64(system.cell_head[line + _wrapped(c + dc - m, shape[2])])
                heads[lists] = j
                lists += 1 if j >= 0 else 0
                for k in range(4):  # numbers in most lists still go down by ones, as when all were made
                    prefetch(home, j - k, 0)
    candidates = 0
    while lists > 0:  # all of them at once, for the way along one waits for memory at each step
        left = 0
        for k in range(lists):
            j = heads[k]
            found[candidates] = j
            candidates += 1
            after = np.int64(home[j].after)
            heads[left] = after
            left += 1 if after >= 0 else 0
        lists = left
    found[candidates : candidates + 8] = i
    near = 0
    for first in range(0, candidates, 8):
        is_near = _near(home, i, found, first, box, system.growth, skin)
        for k in range(8):  # without branches, which nobody could foresee
            found[near] = found[first + k]
            near += ((is_near >> k) & 1) & (first + k < candidates)
    room = True
    for k in range(near):
        _prefetch_slots(np.int64(found[k]), system)
    for k in range(near):
        j = np.int64(found[k])
        contact = home[i].radius + home[j].radius
        room &= _add(i, j, contact, system)
        room &= _add(j, i, contact, system)
    _enter(i, (a * shape[1] + b) * shape[2] + c, system)
    return room


@njit(**LEAN)
def list_again(i, system, skin):
    """List particle i where it is now, and tell its old and new neighbours. Returns whether the rows had room."""
    p, shell, home = system.particle[i], system.shell[i], system.home[i]
    degree = np.int64(shell.degree)
    for k in range(degree):
        place, m = _slot(i, k, system)
        _prefetch_slots(np.int64(system.row[place].neighbor[m]), system)
    for k in range(degree):
        place, m = _slot(i, k, system)
        _remove(np.int64(system.row[place].neighbor[m]), i, system)
        _clear(i, k, system)
    shell.degree = 0
    _leave(i, system)
    shell.ux = shell.uy = shell.uz = 0.0
    home.x, home.y, home.z = p.x, p.y, p.z
    return _find(i, system, skin)


@njit(**LEAN_ENTRY)
def list_all(system, skin):
    """Build all rows, everybody being listed at home. Returns whether the rows had room."""
    n = len(system.shell)
    for i in range(n):
        system.shell[i].degree = 0
        for k in range(LANES * (len(system.row) // n)):
            _clear(i, k, system)
    for cell in range(len(system.cell_head)):
        system.cell_head[cell] = -1
    room = True
    for i in range(n):
        room &= _find(i, system, skin)
    return room
