"""The loop over events."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from vitreous.simulate.event_driven._calendar_kernel import enter, open_next, prefetch_row
from vitreous.simulate.event_driven._listing_kernel import list_again
from vitreous.simulate.event_driven._prediction_kernel import earliest, exit_time, nearest_image, predict
from vitreous.structure._compiled import FUSED, LEAN_ENTRY

__all__ = ["DONE", "MORE", "NO_ROOM", "predict_all", "run"]

DONE, MORE, NO_ROOM = 0, 1, 2
_FORESEEN = 10  # events on the agenda, as far as that takes no more than so many slices
_AHEAD = 3  # of their turn, the partners' rows are asked for


@njit(**FUSED)
def _choose(i, system, half_skin):
    """Find the next event of particle i in its row and note it; entries that others know better are crossed out.

    That it leaves its shell first is as good as unforeseeable, so both are worked out and one is taken.
    """
    p, shell = system.particle[i], system.shell[i]
    due, partner, place, k = earliest(i, system)
    while (due < np.inf) & (system.particle[partner].order >= p.order):
        system.row[place].meeting[k] = np.inf
        due, partner, place, k = earliest(i, system)
    flight = due - p.t
    dx = shell.ux + p.vx * flight
    dy = shell.uy + p.vy * flight
    dz = shell.uz + p.vz * flight
    stays = dx * dx + dy * dy + dz * dz <= half_skin * half_skin
    leaving = exit_time(i, system, half_skin)
    shell.due = due if stays else leaving
    shell.partner = partner if stays else i


@njit(**FUSED)
def _move(i, now, system):
    """Bring particle i to the present."""
    p, shell, box = system.particle[i], system.shell[i], system.box
    flight = now - p.t
    p.t = now
    dx, dy, dz = p.vx * flight, p.vy * flight, p.vz * flight
    shell.ux += dx
    shell.uy += dy
    shell.uz += dz
    x, y, z = p.x + dx, p.y + dy, p.z + dz
    if x < 0.0:
        x += box[0]
        shell.image_x -= 1
    elif x >= box[0]:
        x -= box[0]
        shell.image_x += 1
    if y < 0.0:
        y += box[1]
        shell.image_y -= 1
    elif y >= box[1]:
        y -= box[1]
        shell.image_y += 1
    if z < 0.0:
        z += box[2]
        shell.image_z -= 1
    elif z >= box[2]:
        z -= box[2]
        shell.image_z += 1
    p.x, p.y, p.z = x, y, z


@njit(**FUSED)
def _collide(i, j, system):
    """Exchange momentum along the line of centres, elastically in the frame of the growing surfaces."""
    p, q, box = system.particle[i], system.particle[j], system.box
    dx = nearest_image(q.x - p.x, box[0], box[3])
    dy = nearest_image(q.y - p.y, box[1], box[4])
    dz = nearest_image(q.z - p.z, box[2], box[5])
    r2 = dx * dx + dy * dy + dz * dz
    b = dx * (q.vx - p.vx) + dy * (q.vy - p.vy) + dz * (q.vz - p.vz)
    if system.growth[1] != 0.0:
        b -= (system.home[i].radius + system.home[j].radius) * system.growth[1] * math.sqrt(r2)
    mass_i, mass_j = system.shell[i].mass, system.shell[j].mass
    system.virial[0] -= 2.0 * b * (mass_i * mass_j / (mass_i + mass_j))
    impulse = 2.0 * b / (r2 * (mass_i + mass_j))
    to_i, to_j = impulse * mass_j, impulse * mass_i
    p.vx += to_i * dx
    p.vy += to_i * dy
    p.vz += to_i * dz
    q.vx -= to_j * dx
    q.vy -= to_j * dy
    q.vz -= to_j * dz


@njit(**FUSED)
def _look_ahead(system, until, furthest, slices):
    """Open slices until the next few events are on the agenda, as far as time and allowance go."""
    counts = system.counts[0]
    while np.int64(counts.last) - np.int64(counts.first) < _FORESEEN:
        if counts.current > until * slices or counts.current >= furthest:
            break
        soonest = system.agenda[counts.first].due if counts.last > counts.first else np.inf
        if counts.current - soonest * slices > _FORESEEN:
            break
        open_next(system, slices)


@njit(**FUSED)
def _prefetch_partner(k, system):
    """Ask for what the partner in the k-th event of the agenda needs."""
    if k < np.int64(system.counts[0].last):
        i = np.int64(system.agenda[k].who)
        prefetch_row(np.int64(system.shell[i].partner), system)


@njit(**LEAN_ENTRY)
def predict_all(system, half_skin):
    """Fill all rows and find everybody's next event."""
    for i in range(len(system.shell)):
        predict(i, system)
        _choose(i, system, half_skin)


@njit(**LEAN_ENTRY)
def run(system, until, most, skin, slices):
    """Process events up to time `until`, at most that many collisions, and 32 slices of the calendar for each.

    Returns DONE when the next event is later, MORE after what was allowed, NO_ROOM if a row is full:
    then the particle whose turn it was has moved and is to be listed, and all rows have to be built anew.
    """
    counts, half_skin = system.counts[0], 0.5 * skin
    last = counts.collisions + most
    furthest = counts.current + 32 * most
    while True:
        _look_ahead(system, until, furthest, slices)
        first = np.int64(counts.first)
        if first == np.int64(counts.last):
            outcome = DONE if counts.current > until * slices else MORE
            break
        now, i = system.agenda[first].due, np.int64(system.agenda[first].who)
        if system.shell[i].due == now and now > until:
            outcome = DONE
            break
        counts.first = first + 1
        _prefetch_partner(first + _AHEAD, system)
        if system.shell[i].due != now:
            continue
        j = np.int64(system.shell[i].partner)
        if j == i:
            counts.exits += 1
            counts.stamp += 1
            _move(i, now, system)
            system.particle[i].order = counts.stamp
            if not list_again(i, system, skin):
                outcome = NO_ROOM
                break
            predict(i, system)
            _choose(i, system, half_skin)
            enter(i, system, slices)
        elif system.particle[j].order >= system.particle[i].order:
            counts.stale += 1
            _choose(i, system, half_skin)
            enter(i, system, slices)
        else:
            counts.collisions += 1
            counts.stamp += 1
            _move(i, now, system)
            _move(j, now, system)
            system.particle[i].order = counts.stamp
            system.particle[j].order = counts.stamp
            _collide(i, j, system)
            predict(i, system)
            predict(j, system)
            _choose(i, system, half_skin)
            _choose(j, system, half_skin)
            enter(i, system, slices)
            enter(j, system, slices)
            if counts.collisions == last:
                outcome = MORE
                break
    return outcome
