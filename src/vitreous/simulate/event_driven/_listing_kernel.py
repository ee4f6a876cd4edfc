"""Who may collide with whom: rows of neighbours, and the cells in which they are found.

Two particles are neighbours if they were listed closer than their distance of contact plus the skin. As each of
the two is listed anew when it has moved by half of the skin, no others can touch.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.simulate.event_driven._compiled import ENTRY, INLINE, INNER, prefetch
from vitreous.simulate.event_driven._layout import CELL, DEGREE, NEXT, PREVIOUS, RADIUS, X, Y, Z
from vitreous.simulate.event_driven._prediction_kernel import nearest_image

__all__ = ["list_again", "list_all"]


@njit(**INLINE)
def _along(x, inverse_side, cells):
    """Number of the cell along a side, for a coordinate in the box."""
    return min(np.int64(x * inverse_side * cells), cells - 1)


@njit(**INLINE)
def _wrapped(a, cells):
    """The number of a cell that lies at most one beside the box."""
    return a + cells if a < 0 else (a - cells if a >= cells else a)


@njit(**INNER)
def _enter(i, cell, system):
    links = system.home_links
    head = system.cell_head[cell]
    links[i, CELL] = cell
    links[i, NEXT] = head
    links[i, PREVIOUS] = -1
    if head >= 0:
        links[head, PREVIOUS] = i
    system.cell_head[cell] = i


@njit(**INNER)
def _leave(i, system):
    links = system.home_links
    before, after = links[i, PREVIOUS], links[i, NEXT]
    if before >= 0:
        links[before, NEXT] = after
    else:
        system.cell_head[links[i, CELL]] = after
    if after >= 0:
        links[after, PREVIOUS] = before


@njit(**INNER)
def _add(i, j, contact, system):
    """Whether there was room for j in the row of i."""
    k = system.shell_links[i, DEGREE]
    if k == system.neighbor.shape[1]:
        return False
    system.neighbor[i, k] = j
    system.contact[i, k] = contact
    system.meeting[i, k] = np.inf
    system.shell_links[i, DEGREE] = k + 1
    return True


@njit(**INNER)
def _remove(i, j, system):
    """Take j out of the row of i; the last one takes its place, and nobody the last one's."""
    last = system.shell_links[i, DEGREE] - 1
    k = 0
    while system.neighbor[i, k] != j:
        k += 1
    system.neighbor[i, k] = system.neighbor[i, last]
    system.contact[i, k] = system.contact[i, last]
    system.meeting[i, k] = system.meeting[i, last]
    _clear(i, last, system)
    system.shell_links[i, DEGREE] = last


@njit(**INNER)
def _clear(i, k, system):
    system.neighbor[i, k] = len(system.shell)
    system.contact[i, k] = 0.0
    system.meeting[i, k] = np.inf


@njit(**INLINE)
def _prefetch_slots(i, system):
    """Ask for the row of particle i, and how long it is."""
    row = i * np.int64(system.neighbor.shape[1])
    prefetch(system.shell, i * 8)
    prefetch(system.neighbor, row)
    for k in (0, 8):
        prefetch(system.contact, row + k)
        prefetch(system.meeting, row + k)


@njit(**INNER)
def _find(i, system, skin):
    """Make neighbours of i and everybody in the cells around its home who is near; enter i in its cell.

    Returns whether the rows had room.
    """
    home, links, found = system.home, system.home_links, system.found
    box, shape, heads = system.box, system.cell_shape, system.heads
    x, y, z, radius = home[i, X], home[i, Y], home[i, Z], home[i, RADIUS]
    a, b, c = _along(x, box[3], shape[0]), _along(y, box[4], shape[1]), _along(z, box[5], shape[2])
    cells = 0
    for da in range(min(3, shape[0])):  # all cells around once, even if there are fewer than three
        for db in range(min(3, shape[1])):
            plane = (_wrapped(a + da - 1, shape[0]) * shape[1] + _wrapped(b + db - 1, shape[1])) * shape[2]
            for dc in range(min(3, shape[2])):
                j = np.int64(system.cell_head[plane + _wrapped(c + dc - 1, shape[2])])
                heads[cells] = j
                cells += 1
                for k in range(4):  # numbers in most lists still go down by ones, as when all were made
                    prefetch(home, (j - k) * 8)
    candidates = 0
    for k in range(cells):
        j = heads[k]
        while j >= 0:
            found[candidates] = j
            candidates += 1
            j = np.int64(links[j, NEXT])
    near = 0
    for k in range(candidates):  # without branches, which nobody could foresee
        j = np.int64(found[k])
        dx = nearest_image(home[j, X] - x, box[0], box[3])
        dy = nearest_image(home[j, Y] - y, box[1], box[4])
        dz = nearest_image(home[j, Z] - z, box[2], box[5])
        reach = (radius + home[j, RADIUS]) * system.growth[2] + skin
        found[near] = j
        near += dx * dx + dy * dy + dz * dz < reach * reach
    room = True
    for k in range(near):
        _prefetch_slots(np.int64(found[k]), system)
    for k in range(near):
        j = np.int64(found[k])
        contact = radius + home[j, RADIUS]
        room &= _add(i, j, contact, system)
        room &= _add(j, i, contact, system)
    _enter(i, (a * shape[1] + b) * shape[2] + c, system)
    return room


@njit(**INNER)
def list_again(i, system, skin):
    """List particle i where it is now, and tell its old and new neighbours. Returns whether the rows had room."""
    degree = system.shell_links[i, DEGREE]
    for k in range(degree):
        _prefetch_slots(np.int64(system.neighbor[i, k]), system)
    for k in range(degree):
        _remove(np.int64(system.neighbor[i, k]), i, system)
        _clear(i, k, system)
    system.shell_links[i, DEGREE] = 0
    _leave(i, system)
    for d in range(3):
        system.shell[i, d] = 0.0
        system.home[i, d] = system.record[i, d]
    return _find(i, system, skin)


@njit(**ENTRY)
def list_all(system, skin):
    """Build all rows, everybody being listed at home. Returns whether the rows had room."""
    n = len(system.shell)
    for i in range(n):
        system.shell_links[i, DEGREE] = 0
        for k in range(system.neighbor.shape[1]):
            _clear(i, k, system)
    for cell in range(len(system.cell_head)):
        system.cell_head[cell] = -1
    room = True
    for i in range(n):
        room &= _find(i, system, skin)
    return room
