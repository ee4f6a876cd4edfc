"""Who may collide with whom: rows of neighbours, and the cells in which they are found.

Two particles are neighbours if they were listed closer than their distance of contact plus the skin. As each of
the two is listed anew when it has moved by half of the skin, no others can touch.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from vitreous.simulate.event_driven._compiled import ENTRY, INLINE, INNER
from vitreous.simulate.event_driven._layout import CELL, DEGREE, NEXT, PREVIOUS, RADIUS, X, Y, Z
from vitreous.simulate.event_driven._prediction_kernel import nearest_image

__all__ = ["list_again", "list_all"]


@njit(**INLINE)
def _cell(x, y, z, system):
    """Numbers of the cell along the three sides, for a place in or beside the box."""
    box, shape = system.box, system.cell_shape
    a = np.int64(math.floor(x * box[3] * shape[0])) % shape[0]
    b = np.int64(math.floor(y * box[4] * shape[1])) % shape[1]
    c = np.int64(math.floor(z * box[5] * shape[2])) % shape[2]
    return a, b, c


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


@njit(**INNER)
def _find(i, system, skin):
    """Make neighbours of i and everybody in the cells around its home who is near; enter i in its cell.

    Returns whether the rows had room.
    """
    home, links, box, shape = system.home, system.home_links, system.box, system.cell_shape
    x, y, z, radius = home[i, X], home[i, Y], home[i, Z], home[i, RADIUS]
    a, b, c = _cell(x, y, z, system)
    room = True
    for da in range(min(3, shape[0])):  # all cells around once, even if there are fewer than three
        for db in range(min(3, shape[1])):
            for dc in range(min(3, shape[2])):
                cell = (a + da - 1) % shape[0]
                cell = cell * shape[1] + (b + db - 1) % shape[1]
                cell = cell * shape[2] + (c + dc - 1) % shape[2]
                j = system.cell_head[cell]
                while j >= 0:
                    dx = nearest_image(home[j, X] - x, box[0], box[3])
                    dy = nearest_image(home[j, Y] - y, box[1], box[4])
                    dz = nearest_image(home[j, Z] - z, box[2], box[5])
                    contact = radius + home[j, RADIUS]
                    reach = contact * system.growth[2] + skin
                    if dx * dx + dy * dy + dz * dz < reach * reach:
                        room &= _add(i, j, contact, system)
                        room &= _add(j, i, contact, system)
                    j = links[j, NEXT]
    _enter(i, (a * shape[1] + b) * shape[2] + c, system)
    return room


@njit(**INNER)
def list_again(i, system, skin):
    """List particle i where it is now, and tell its old and new neighbours. Returns whether the rows had room."""
    for k in range(system.shell_links[i, DEGREE]):
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
