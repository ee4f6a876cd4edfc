"""The loop over events."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from vitreous.simulate.event_driven._calendar_kernel import enter, open_next, prefetch_row
from vitreous.simulate.event_driven._compiled import ENTRY, INLINE
from vitreous.simulate.event_driven._layout import (
    COLLISIONS,
    CURRENT,
    DUE,
    EXITS,
    FIRST,
    LAST,
    MASS,
    ORDER,
    PARTNER,
    RADIUS,
    STALE,
    STAMP,
    VX,
    VY,
    VZ,
    T,
    X,
    Y,
    Z,
)
from vitreous.simulate.event_driven._listing_kernel import list_again
from vitreous.simulate.event_driven._prediction_kernel import earliest, exit_time, nearest_image, predict

__all__ = ["DONE", "MORE", "NO_ROOM", "predict_all", "run"]

DONE, MORE, NO_ROOM = 0, 1, 2
_EXIT = np.int64(-1)
_FORESEEN = 10  # events on the agenda, as far as that takes no more than so many slices
_AHEAD = 3  # of their turn, the partners' rows are asked for


@njit(**INLINE)
def _choose(i, system, half_skin):
    """Find the next event of particle i in its row and note it; entries that others know better are crossed out."""
    record, shell, meeting = system.record, system.shell, system.meeting
    while True:
        due, slot = earliest(i, system)
        if slot < 0:
            partner = _EXIT
            break
        partner = np.int64(system.neighbor[i, slot])
        if record[partner, ORDER] < record[i, ORDER]:
            break
        meeting[i, slot] = np.inf
    leaves = True
    if partner >= 0:
        flight = due - record[i, T]
        dx = shell[i, 0] + record[i, VX] * flight
        dy = shell[i, 1] + record[i, VY] * flight
        dz = shell[i, 2] + record[i, VZ] * flight
        leaves = dx * dx + dy * dy + dz * dz > half_skin * half_skin
    if leaves:
        due = exit_time(i, system, half_skin)
        partner = _EXIT
    shell[i, DUE] = due
    system.shell_links[i, PARTNER] = partner


@njit(**INLINE)
def _move(i, now, system):
    """Bring particle i to the present."""
    record, shell, box = system.record, system.shell, system.box
    flight = now - record[i, T]
    record[i, T] = now
    for d in range(3):
        step = record[i, VX + d] * flight
        shell[i, d] += step
        x = record[i, d] + step
        if x < 0.0:
            x += box[d]
            system.images[i, d] -= 1
        elif x >= box[d]:
            x -= box[d]
            system.images[i, d] += 1
        record[i, d] = x


@njit(**INLINE)
def _collide(i, j, system):
    """Exchange momentum along the line of centres, elastically in the frame of the growing surfaces."""
    record, box = system.record, system.box
    dx = nearest_image(record[j, X] - record[i, X], box[0], box[3])
    dy = nearest_image(record[j, Y] - record[i, Y], box[1], box[4])
    dz = nearest_image(record[j, Z] - record[i, Z], box[2], box[5])
    r2 = dx * dx + dy * dy + dz * dz
    b = (
        dx * (record[j, VX] - record[i, VX])
        + dy * (record[j, VY] - record[i, VY])
        + dz * (record[j, VZ] - record[i, VZ])
    )
    if system.growth[1] != 0.0:
        b -= (system.home[i, RADIUS] + system.home[j, RADIUS]) * system.growth[1] * math.sqrt(r2)
    mass_i, mass_j = system.shell[i, MASS], system.shell[j, MASS]
    system.virial[0] -= 2.0 * b * (mass_i * mass_j / (mass_i + mass_j))
    impulse = 2.0 * b / (r2 * (mass_i + mass_j))
    to_i, to_j = impulse * mass_j, impulse * mass_i
    record[i, VX] += to_i * dx
    record[i, VY] += to_i * dy
    record[i, VZ] += to_i * dz
    record[j, VX] -= to_j * dx
    record[j, VY] -= to_j * dy
    record[j, VZ] -= to_j * dz


@njit(**INLINE)
def _stamp(i, system):
    system.record[i, ORDER] = system.counts[STAMP]


@njit(**INLINE)
def _look_ahead(system, until, furthest, slices):
    """Open slices until the next few events are on the agenda, as far as time and allowance go."""
    counts = system.counts
    while counts[LAST] - counts[FIRST] < _FORESEEN:
        if counts[CURRENT] > until * slices or counts[CURRENT] >= furthest:
            break
        soonest = system.agenda_due[counts[FIRST]] if counts[LAST] > counts[FIRST] else np.inf
        if counts[CURRENT] - soonest * slices > _FORESEEN:
            break
        open_next(system, slices)


@njit(**INLINE)
def _prefetch_partner(k, system):
    """Ask for what the partner in the k-th event of the agenda needs."""
    if k < system.counts[LAST]:
        j = np.int64(system.shell_links[np.int64(system.agenda_who[k]), PARTNER])
        if j >= 0:
            prefetch_row(j, system)


@njit(**ENTRY)
def predict_all(system, half_skin):
    """Fill all rows and find everybody's next event."""
    for i in range(len(system.shell)):
        predict(i, system)
        _choose(i, system, half_skin)


@njit(**ENTRY)
def run(system, until, most, skin, slices):
    """Process events up to time `until`, at most that many collisions, and 32 slices of the calendar for each.

    Returns DONE when the next event is later, MORE after what was allowed, NO_ROOM if a row is full:
    then the particle whose turn it was has moved and is to be listed, and all rows have to be built anew.
    """
    counts, half_skin = system.counts, 0.5 * skin
    last = counts[COLLISIONS] + most
    furthest = counts[CURRENT] + 32 * most
    while True:
        _look_ahead(system, until, furthest, slices)
        first = counts[FIRST]
        if first == counts[LAST]:
            outcome = DONE if counts[CURRENT] > until * slices else MORE
            break
        now, i = system.agenda_due[first], np.int64(system.agenda_who[first])
        if system.shell[i, DUE] == now and now > until:
            outcome = DONE
            break
        counts[FIRST] = first + 1
        _prefetch_partner(first + _AHEAD, system)
        if system.shell[i, DUE] != now:
            continue
        j = np.int64(system.shell_links[i, PARTNER])
        if j == _EXIT:
            counts[EXITS] += 1
            counts[STAMP] += 1
            _move(i, now, system)
            _stamp(i, system)
            if not list_again(i, system, skin):
                outcome = NO_ROOM
                break
            predict(i, system)
            _choose(i, system, half_skin)
            enter(i, system, slices)
        elif system.record[j, ORDER] >= system.record[i, ORDER]:
            counts[STALE] += 1
            _choose(i, system, half_skin)
            enter(i, system, slices)
        else:
            counts[COLLISIONS] += 1
            counts[STAMP] += 1
            _move(i, now, system)
            _move(j, now, system)
            _stamp(i, system)
            _stamp(j, system)
            _collide(i, j, system)
            predict(i, system)
            predict(j, system)
            _choose(i, system, half_skin)
            _choose(j, system, half_skin)
            enter(i, system, slices)
            enter(j, system, slices)
            if counts[COLLISIONS] == last:
                outcome = MORE
                break
    return outcome
