"""The calendar of events: O(1) operations per event (G. Paul, J. Comput. Phys. 221, 615 (2007),
doi:10.1016/j.jcp.2006.06.042).

Time is cut into slices; the bucket of a slice lists who is due in it. Nobody is ever taken out of a bucket: a
particle whose event has changed is recognised by its time when the bucket is opened. What is due in the slice
of now, the agenda, is kept in order; equal times go by the particle's number. Every particle has one event.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from vitreous.simulate.event_driven._compiled import ENTRY, INLINE, INNER, prefetch
from vitreous.simulate.event_driven._layout import (
    AGENDA,
    BUCKET_SLOTS,
    CURRENT,
    NEXT_SCAN,
    SCANNED,
    WAITING,
)

__all__ = ["fill", "open_next", "put"]


@njit(**INLINE)
def _put_on_agenda(i, due, system):
    when, who, counts = system.agenda_due, system.agenda_who, system.counts
    if counts[AGENDA] == len(when):
        _forget_stale(system)
    k = counts[AGENDA]
    while k > 0 and (when[k - 1] < due or (when[k - 1] == due and who[k - 1] < i)):
        when[k], who[k] = when[k - 1], who[k - 1]
        k -= 1
    when[k], who[k] = due, i
    counts[AGENDA] += 1


@njit(**INNER)
def _forget_stale(system):
    """Keep each particle's present event once; that leaves room, because there are twice as many places."""
    when, who, due, counts = system.agenda_due, system.agenda_who, system.due, system.counts
    kept = 0
    for k in range(counts[AGENDA]):
        i = who[k]
        if due[i] == when[k] and not (kept > 0 and who[kept - 1] == i):
            when[kept], who[kept] = when[k], i
            kept += 1
    counts[AGENDA] = kept


@njit(**INLINE)
def put(i, due, system, slices):
    """Enter particle i, due at that (finite) time; `slices` is the number of slices per unit of time."""
    bucket, counts = system.bucket, system.counts
    ahead = due * slices - counts[CURRENT]  # a float: it may be beyond all integers
    if ahead < 1.0:
        _put_on_agenda(i, due, system)
        return
    if ahead < bucket.shape[0]:
        line = np.int64(due * slices) & (bucket.shape[0] - 1)
        taken = bucket[line, 0]
        bucket[line, 0] = taken + 1
        if taken < BUCKET_SLOTS:
            bucket[line, 1 + taken] = i
            return
    if system.is_waiting[i] == 0:
        system.is_waiting[i] = 1
        system.waiting[counts[WAITING]] = i
        counts[WAITING] += 1


@njit(**INNER)
def _put_waiting(system, slices):
    """Enter all again that wait; those that are still too late, or find it full, wait on."""
    counts = system.counts
    n = counts[WAITING]
    counts[WAITING] = 0
    counts[SCANNED] += n
    for k in range(n):
        system.is_waiting[system.waiting[k]] = 0
    for k in range(n):
        i = system.waiting[k]
        if system.due[i] < np.inf:
            put(i, system.due[i], system, slices)


@njit(**INLINE)
def _prefetch_row(i, system):
    row = i * np.int64(system.neighbor.shape[1])
    prefetch(system.record, i * 8)
    prefetch(system.shell, i * 4)
    prefetch(system.neighbor, row)
    prefetch(system.contact, row)
    prefetch(system.contact, row + 8)
    prefetch(system.meeting, row)
    prefetch(system.meeting, row + 8)


@njit(**INLINE)
def open_next(system, slices):
    """Go on to the next slice and put on the agenda who is due in it."""
    bucket, counts = system.bucket, system.counts
    counts[CURRENT] += 1
    current = counts[CURRENT]
    line = current & (bucket.shape[0] - 1)
    listed = bucket[line, 0]
    bucket[line, 0] = 0
    for k in range(min(listed, BUCKET_SLOTS)):
        i = bucket[line, 1 + k]
        due = system.due[i]
        if due < np.inf and np.int64(due * slices) == current:
            again = False
            for m in range(counts[AGENDA]):
                again |= system.agenda_who[m] == i
            if not again:
                _put_on_agenda(i, due, system)
                _prefetch_row(np.int64(i), system)
                if system.partner[i] >= 0:
                    _prefetch_row(np.int64(system.partner[i]), system)
    if listed > BUCKET_SLOTS or current >= counts[NEXT_SCAN]:
        if current >= counts[NEXT_SCAN]:
            counts[NEXT_SCAN] = current + bucket.shape[0] // 2
        _put_waiting(system, slices)


@njit(**ENTRY)
def fill(system, now, slices):
    """Begin the calendar at time `now` with everybody's event."""
    counts = system.counts
    counts[AGENDA] = 0
    counts[WAITING] = 0
    counts[CURRENT] = np.int64(now * slices)
    counts[NEXT_SCAN] = counts[CURRENT] + system.bucket.shape[0] // 2
    for i in range(len(system.due)):
        system.is_waiting[i] = 0
    for line in range(system.bucket.shape[0]):
        system.bucket[line, 0] = 0
    for i in range(len(system.due)):
        if system.due[i] < np.inf:
            put(i, system.due[i], system, slices)
