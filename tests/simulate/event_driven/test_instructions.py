"""The instructions that Numba does not offer."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from vitreous.simulate.event_driven import _layout as layout
from vitreous.simulate.event_driven._compiled import (
    ENTRY,
    copy_lanes,
    first_of_lanes,
    gather_eight_rows,
)

PLAIN = {**ENTRY, "cache": False}


def aligned(shape, dtype=np.float64):
    return layout._aligned(shape, dtype, 0)


def test_eight_rows_are_transposed():
    @njit(**PLAIN)
    def call(table, rows, first, scratch, at, stride):
        gather_eight_rows(table, rows, first, scratch, at, stride)

    rng = np.random.default_rng(1)
    table, scratch = aligned((50, 8)), aligned((10, 16))
    table[:] = rng.random((50, 8))
    rows = rng.integers(0, 50, (3, 16)).astype(np.uint32)
    call(table, rows, 24, scratch, 8, 16)
    assert np.array_equal(scratch[:8, 8:], table[rows[1, 8:]].T)
    assert not scratch[:8, :8].any()
    assert not scratch[8:].any()


def test_sixteen_numbers_are_copied():
    @njit(**PLAIN)
    def call(source, start, target, to):
        copy_lanes(source, start, target, to)

    source, target = aligned((4, 16)), aligned((3, 16))
    source[:] = np.random.default_rng(2).random((4, 16))
    call(source, 32, target, 16)
    assert np.array_equal(target[1], source[2])
    assert not target[[0, 2]].any()


@pytest.mark.parametrize("distinct", [1, 2, 5, 1000])
def test_the_first_of_sixteen_times(distinct):
    """Also of equal ones, of the smallest and largest numbers, and of infinite ones."""

    @njit(**PLAIN)
    def call(times, start):
        return first_of_lanes(times, start)

    values = np.array([0.0, np.inf, 5e-324, 1.7e308, 1.0, np.nextafter(1.0, 2.0)])
    rng = np.random.default_rng(3)
    values = np.concatenate([values, rng.exponential(size=1000)])
    times = aligned((2, 16))
    for _ in range(200):
        times[:] = rng.choice(rng.choice(values, distinct), (2, 16))
        assert call(times, 16) == np.argmin(times[1])
    times[:] = np.inf
    assert call(times, 0) == 0
