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

from vitreous.simulate.event_driven._compiled import ENTRY, INLINE, INNER, prefetch
from vitreous.simulate.event_driven._layout import (
    BUCKET_SLOTS,
    CROWDED,
    CURRENT,
    DUE,
    FIRST,
    LANES,
    LAST,
    LATE,
    NEXT_SCAN,
    PARTNER,
    PENDING,
    SCANNED,
)

__all__ = ["enter", "fill", "open_next", "prefetch_row"]


@njit(**INLINE)
def _put_on_agenda(i, due, system):
    when, who, counts = system.agenda_due, system.agenda_who, system.counts
    if counts[LAST] == len(when):
        _tidy_agenda(system)
    first, k = counts[FIRST], counts[LAST]
    while k > first and (when[k - 1] > due or (when[k - 1] == due and who[k - 1] > i)):
        when[k], who[k] = when[k - 1], who[k - 1]
        k -= 1
    when[k], who[k] = due, i
    counts[LAST] += 1


@njit(**INNER)
def _tidy_agenda(system):
    """Keep each particle's present event once; that leaves room, because there are twice as many places."""
    when, who, counts = system.agenda_due, system.agenda_who, system.counts
    kept = 0
    for k in range(counts[FIRST], counts[LAST]):
        i = who[k]
        if system.shell[i, DUE] == when[k] and not (kept > 0 and who[kept - 1] == i):
            when[kept], who[kept] = when[k], i
            kept += 1
    counts[FIRST] = 0
    counts[LAST] = kept


@njit(**INLINE)
def _wait(i, why, system):
    """Put particle i on a list, LATE or CROWDED, unless it is there."""
    k = why - LATE
    if system.is_waiting[k, i] == 0:
        system.is_waiting[k, i] = 1
        system.waiting[k, system.counts[why]] = i
        system.counts[why] += 1


@njit(**INLINE)
def _put(i, system, slices):
    """Enter particle i on the agenda or into a bucket; `slices` is the number of slices per unit of time."""
    bucket, due = system.bucket, system.shell[i, DUE]
    ahead = due * slices - system.counts[CURRENT]  # a float: it may be beyond all integers
    if ahead < 1.0:
        _put_on_agenda(i, due, system)
    elif ahead < bucket.shape[0]:
        line = np.int64(due * slices) & (bucket.shape[0] - 1)
        taken = bucket[line, 0]
        bucket[line, 0] = taken + 1
        if taken < BUCKET_SLOTS:
            bucket[line, 1 + taken] = i
        else:
            _wait(i, CROWDED, system)
    elif due < np.inf:
        _wait(i, LATE, system)


@njit(**INLINE)
def enter(i, system, slices):
    """Enter particle i with its event, unless that is never.

    Its bucket is asked for first, and written to when as many others as `pending` holds have come after it.
    """
    counts, pending, due = system.counts, system.pending, system.shell[i, DUE]
    if due * slices - counts[CURRENT] < 1.0:
        _put_on_agenda(i, due, system)
    elif due < np.inf:
        line = np.int64(min(due * slices, 1e18)) & (system.bucket.shape[0] - 1)
        prefetch(system.bucket, line * 16)
        place = counts[PENDING] & (len(pending) - 1)
        counts[PENDING] += 1
        if pending[place] >= 0:
            _put(np.int64(pending[place]), system, slices)
        pending[place] = i


@njit(**INNER)
def _enter_waiting(why, system, slices):
    """Enter all on that list again; those that are still too late, or find it full, wait on."""
    counts, k = system.counts, why - LATE
    n = counts[why]
    counts[why] = 0
    counts[SCANNED] += n
    for m in range(n):
        system.is_waiting[k, system.waiting[k, m]] = 0
    for m in range(n):
        _put(np.int64(system.waiting[k, m]), system, slices)


@njit(**INLINE)
def prefetch_row(i, system):
    """Ask for what predicting the events of particle i takes; who its neighbours are has to be there."""
    row = i * np.int64(system.neighbor.shape[1])
    prefetch(system.record, i * 8)
    prefetch(system.contact, row)
    prefetch(system.contact, row + 8)
    prefetch(system.meeting, row)
    prefetch(system.meeting, row + 8)
    for k in range(LANES):
        prefetch(system.record, np.int64(system.neighbor[i, k]) * 8)


@njit(**INLINE)
def _prefetch_links(i, system):
    prefetch(system.shell, i * 8)
    prefetch(system.neighbor, i * np.int64(system.neighbor.shape[1]))


@njit(**INLINE)
def open_next(system, slices):
    """Go on to the next slice and put on the agenda who is due in it."""
    bucket, shell, counts = system.bucket, system.shell, system.counts
    counts[CURRENT] += 1
    current = counts[CURRENT]
    last = bucket.shape[0] - 1
    prefetch(bucket, ((current + 4) & last) * 16)
    line = (current + 2) & last
    for k in range(min(bucket[line, 0], BUCKET_SLOTS)):
        _prefetch_links(np.int64(bucket[line, 1 + k]), system)
    line = current & last
    listed = bucket[line, 0]
    bucket[line, 0] = 0
    for k in range(min(listed, BUCKET_SLOTS)):
        i = np.int64(bucket[line, 1 + k])
        due = shell[i, DUE]
        if due < np.inf and np.int64(due * slices) == current:
            _put_on_agenda(i, due, system)
            prefetch_row(i, system)
            j = np.int64(system.shell_links[i, PARTNER])
            if j >= 0:
                _prefetch_links(j, system)
    for k in range(len(system.pending)):
        i = np.int64(system.pending[k])
        if i >= 0 and shell[i, DUE] * slices < current + 1.0:
            _put_on_agenda(i, shell[i, DUE], system)
            system.pending[k] = -1
    if listed > BUCKET_SLOTS:
        _enter_waiting(CROWDED, system, slices)
    if current >= counts[NEXT_SCAN]:
        counts[NEXT_SCAN] = current + bucket.shape[0] // 2
        _enter_waiting(LATE, system, slices)


@njit(**ENTRY)
def fill(system, now, slices):
    """Begin the calendar at time `now` with everybody's event."""
    counts, bucket = system.counts, system.bucket
    for k in (FIRST, LAST, PENDING, LATE, CROWDED):
        counts[k] = 0
    for k in range(len(system.pending)):
        system.pending[k] = -1
    counts[CURRENT] = np.int64(now * slices)
    counts[NEXT_SCAN] = counts[CURRENT] + bucket.shape[0] // 2
    for line in range(bucket.shape[0]):
        bucket[line, 0] = 0
    for i in range(len(system.shell)):
        system.is_waiting[0, i] = 0
        system.is_waiting[1, i] = 0
    for i in range(len(system.shell)):
        _put(np.int64(i), system, slices)
