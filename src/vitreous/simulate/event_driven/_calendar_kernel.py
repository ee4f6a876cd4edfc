"""The calendar of events: O(1) operations per event (G. Paul, J. Comput. Phys. 221, 615 (2007),
doi:10.1016/j.jcp.2006.06.042).

Time is cut into slices; the bucket of a slice lists who is due in it. Nobody is ever taken out of a bucket: a
particle whose event has changed is recognised by its time when the bucket is opened. Who is due in an open slice
is on the agenda, which is kept in order; equal times go by the particle's number. Every particle has one event.

Slices are opened a few events before it is their turn, so that what these need can be asked for in good time: of a
large system nothing is in the cache, and a line takes as long as an event to come from memory.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.simulate.event_driven._compiled import prefetch
from vitreous.simulate.event_driven._layout import BUCKET_SLOTS, LANES
from vitreous.structure._compiled import FUSED, LEAN, LEAN_ENTRY

__all__ = ["enter", "fill", "open_next", "prefetch_row"]

_LATE, _CROWDED = 0, 1  # rows of `waiting`


@njit(**FUSED)
def _put_on_agenda(i, due, system):
    agenda, counts = system.agenda, system.counts[0]
    if np.int64(counts.last) == len(agenda):
        _tidy_agenda(system)
    first, k = np.int64(counts.first), np.int64(counts.last)
    counts.last = k + 1
    while k > first and (agenda[k - 1].due > due or (agenda[k - 1].due == due and agenda[k - 1].who > i)):
        agenda[k].due, agenda[k].who = agenda[k - 1].due, agenda[k - 1].who
        k -= 1
    agenda[k].due, agenda[k].who = due, i


@njit(**LEAN)
def _tidy_agenda(system):
    """Keep each particle's present event once; that leaves room, because there are twice as many places."""
    agenda, counts = system.agenda, system.counts[0]
    kept = 0
    for k in range(np.int64(counts.first), np.int64(counts.last)):
        due, i = agenda[k].due, agenda[k].who
        if system.shell[i].due == due and not (kept > 0 and agenda[kept - 1].who == i):
            agenda[kept].due, agenda[kept].who = due, i
            kept += 1
    counts.first = 0
    counts.last = kept


@njit(**LEAN)
def _wait(i, why, system):
    """Put particle i on a list, of those that are late or found it crowded, unless it is there."""
    counts = system.counts[0]
    if system.is_waiting[why, i] == 0:
        system.is_waiting[why, i] = 1
        if why == _LATE:
            system.waiting[why, np.int64(counts.late)] = i
            counts.late += 1
        else:
            system.waiting[why, np.int64(counts.crowded)] = i
            counts.crowded += 1


@njit(**FUSED)
def _put(i, system, slices):
    """Enter particle i on the agenda or into a bucket; `slices` is the number of slices per unit of time."""
    bucket, due = system.bucket, system.shell[i].due
    ahead = due * slices - system.counts[0].current  # a float: it may be beyond all integers
    if ahead < 1.0:
        _put_on_agenda(i, due, system)
    elif ahead < len(bucket):
        line = np.int64(due * slices) & (len(bucket) - 1)
        taken = np.int64(bucket[line].listed)
        bucket[line].listed = taken + 1
        if taken < BUCKET_SLOTS:
            bucket[line].who[taken] = i
        else:
            _wait(i, _CROWDED, system)
    elif due < np.inf:
        _wait(i, _LATE, system)


@njit(**FUSED)
def enter(i, system, slices):
    """Enter particle i with its event, unless that is never.

    Its bucket is asked for first, and written to when as many others as `pending` holds have come after it.
    """
    counts, pending, due = system.counts[0], system.pending, system.shell[i].due
    if due * slices - counts.current < 1.0:
        _put_on_agenda(i, due, system)
    elif due < np.inf:
        line = np.int64(min(due * slices, 1e18)) & (len(system.bucket) - 1)
        prefetch(system.bucket, line, 0)
        place = np.int64(counts.pending) & (len(pending) - 1)
        counts.pending += 1
        if pending[place] >= 0:
            _put(np.int64(pending[place]), system, slices)
        pending[place] = i


@njit(**LEAN)
def _enter_waiting(why, system, slices):
    """Enter all on that list again; those that are still too late, or find it full, wait on."""
    counts = system.counts[0]
    if why == _LATE:
        n = np.int64(counts.late)
        counts.late = 0
    else:
        n = np.int64(counts.crowded)
        counts.crowded = 0
    counts.scanned += n
    for m in range(n):
        system.is_waiting[why, system.waiting[why, m]] = 0
    for m in range(n):
        _put(np.int64(system.waiting[why, m]), system, slices)


@njit(**FUSED)
def prefetch_row(i, system):
    """Ask for what predicting the events of particle i takes; who its neighbours are has to be there."""
    prefetch(system.particle, i, 0)
    for line in range(1, 5):
        prefetch(system.row, i, line)
    for k in range(LANES):
        prefetch(system.particle, np.int64(system.row[i].neighbor[k]), 0)


@njit(**FUSED)
def _prefetch_links(i, system):
    prefetch(system.shell, i, 0)
    prefetch(system.row, i, 0)


@njit(**FUSED)
def open_next(system, slices):
    """Go on to the next slice and put on the agenda who is due in it."""
    bucket, shell, counts = system.bucket, system.shell, system.counts[0]
    counts.current += 1
    current = counts.current
    last = len(bucket) - 1
    prefetch(bucket, (current + 4) & last, 0)
    line = (current + 2) & last
    soon = np.int64(bucket[line].listed)
    for k in range(BUCKET_SLOTS if soon > BUCKET_SLOTS else soon):
        _prefetch_links(np.int64(bucket[line].who[k]), system)
    line = current & last
    listed = np.int64(bucket[line].listed)
    bucket[line].listed = 0
    for k in range(BUCKET_SLOTS if listed > BUCKET_SLOTS else listed):
        i = np.int64(bucket[line].who[k])
        due = shell[i].due
        if due < np.inf and np.int64(due * slices) == current:
            _put_on_agenda(i, due, system)
            prefetch_row(i, system)
            _prefetch_links(np.int64(shell[i].partner), system)
    for k in range(len(system.pending)):
        i = np.int64(system.pending[k])
        if i >= 0 and shell[i].due * slices < current + 1.0:
            _put_on_agenda(i, shell[i].due, system)
            system.pending[k] = -1
    if listed > BUCKET_SLOTS:
        _enter_waiting(_CROWDED, system, slices)
    if current >= counts.next_scan:
        counts.next_scan = current + len(bucket) // 2
        _enter_waiting(_LATE, system, slices)


@njit(**LEAN_ENTRY)
def fill(system, now, slices):
    """Begin the calendar at time `now` with everybody's event."""
    counts, bucket = system.counts[0], system.bucket
    counts.first = counts.last = counts.late = counts.crowded = counts.pending = 0
    for k in range(len(system.pending)):
        system.pending[k] = -1
    counts.current = np.int64(now * slices)
    counts.next_scan = counts.current + len(bucket) // 2
    for line in range(len(bucket)):
        bucket[line].listed = 0
    for i in range(len(system.shell)):
        system.is_waiting[0, i] = 0
        system.is_waiting[1, i] = 0
    for i in range(len(system.shell)):
        _put(np.int64(i), system, slices)
