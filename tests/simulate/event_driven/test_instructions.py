"""The instructions that Numba does not offer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from llvmlite import ir
from numba import njit
from numba.core import types
from numba.extending import intrinsic

from vitreous.simulate.event_driven import _layout as layout
from vitreous.simulate.event_driven._compiled import Eight, eight_rows, element, first_of_lanes, lane_of
from vitreous.structure._compiled import LEAN_ENTRY

PLAIN = {**LEAN_ENTRY, "cache": False}


def aligned(shape, dtype=np.float64):
    return layout._aligned(shape, dtype, 0)


def rows(n):
    return aligned((n,), layout.ROW)


def kernel(work):
    """What `work(builder, addresses)` builds, called with arrays, each with the number of an element."""

    def built(typing_context: Any, a: Any, i: Any, b: Any, j: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            work(builder, *(element(context, builder, signature, args, n) for n in (0, 2)))
            return context.get_dummy_value()

        return types.void(a, i, b, j), generate

    instruction: Any = intrinsic(built)

    @njit(**PLAIN)
    def call(a, i, b, j):
        instruction(a, i, b, j)

    return call


def test_eight_rows_are_transposed():
    def work(builder, source, target):
        numbers = builder.gep(source, [ir.IntType(64)(4000)])
        for k, column in enumerate(eight_rows(builder, source, numbers)):
            column.put(target, ir.IntType(64)(64 * k))

    rng = np.random.default_rng(1)
    memory, columns = aligned((1000,)), aligned((8, 8))
    table, numbers = memory[:400].reshape(50, 8), memory.view(np.uint32)[1000:1008]
    table[:] = rng.random((50, 8))
    numbers[:] = rng.integers(0, 50, 8)
    kernel(work)(memory, 0, columns, 0)
    assert np.array_equal(columns, table[numbers].T)


def test_eight_numbers_are_as_one():
    """Every operation, on ordinary numbers and on zero, infinity, and what is not a number."""

    def work(builder, source, target):
        a, b = (Eight.at(builder, source, ir.IntType(64)(64 * k)) for k in (0, 1))
        results = [
            a + b,
            a - b,
            a * b,
            a / b,
            a + 2.5,
            a.sqrt(),
            a.where(a > 0.0, 0.0),
            a.where((a < b) & (a >= -1.0), 7.0),
            a.where((a < b) | (b > 1.0), 7.0),
        ]
        for k, result in enumerate(results):
            result.put(target, ir.IntType(64)(64 * k))

    rng = np.random.default_rng(2)
    special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0])
    call, given, found = kernel(work), aligned((2, 8)), aligned((9, 8))
    for _ in range(50):
        given[:] = np.where(rng.random((2, 8)) < 0.4, rng.choice(special, (2, 8)), rng.normal(size=(2, 8)))
        call(given, 0, found, 0)
        a, b = given
        with np.errstate(all="ignore"):
            expected = [a + b, a - b, a * b, a / b, a + 2.5, np.sqrt(a), np.where(a > 0, a, 0.0)]
            expected += [np.where((a < b) & (a >= -1), a, 7.0), np.where((a < b) | (b > 1), a, 7.0)]
        assert np.array_equal(found, expected, equal_nan=True)


@pytest.mark.parametrize("distinct", [1, 2, 5, 1000])
def test_the_first_of_sixteen_times(distinct):
    """Also of equal ones, of the smallest and largest numbers, and of infinite ones."""

    @njit(**PLAIN)
    def call(row, i):
        return first_of_lanes(row, i)

    values = np.array([0.0, np.inf, 5e-324, 1.7e308, 1.0, np.nextafter(1.0, 2.0)])
    rng = np.random.default_rng(3)
    values = np.concatenate([values, rng.exponential(size=1000)])
    row = rows(2)
    for _ in range(200):
        row["meeting"] = rng.choice(rng.choice(values, distinct), (2, 16))
        assert call(row, 1) == np.argmin(row["meeting"][1])
    row["meeting"] = np.inf
    assert call(row, 0) == 0


def test_where_a_neighbour_is_in_a_row():
    @njit(**PLAIN)
    def call(row, i, j):
        return lane_of(row, i, j)

    row = rows(3)
    row["neighbor"] = 100 + np.random.default_rng(4).permutation(48).reshape(3, 16)
    for i in range(3):
        for k in range(16):
            assert call(row, i, int(row["neighbor"][i, k])) == k
        assert call(row, i, int(row["neighbor"][(i + 1) % 3, 0])) >= 16
