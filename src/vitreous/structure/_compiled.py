"""How kernels are compiled: `@njit(**ENTRY)` if Python calls them, `@njit(**INNER)` if only other kernels do.

Without the wrappers that nobody calls, compilation takes a quarter less time. A number written out as an argument is a
type of its own, for which the kernel that takes it is compiled once more; `np.int64(0)` is none.

`@njit(**LEAN)` is for kernels that make no array, those that Python calls (`LEAN_ENTRY`) and others: without reference
counting, which takes up to half of the time where many small functions are given arrays.

`@njit(**FUSED, fastmath=...)` is for inner kernels whose sums the compiler may reorder: they always become part of
their caller. Of a function that is compiled by itself and into its caller too, a process that compiles runs the one and
a process that finds both kept the other, and the two may differ in the last digits.
"""

from __future__ import annotations

from typing import Any

from vitreous._kernel_cache import can_be_kept

ENTRY: dict[str, Any] = {
    "cache": can_be_kept(),
    "nogil": True,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
}
INNER: dict[str, Any] = {**ENTRY, "no_cpython_wrapper": True}
LEAN_ENTRY: dict[str, Any] = {**ENTRY, "_nrt": False}
LEAN: dict[str, Any] = {**INNER, "_nrt": False}
FUSED: dict[str, Any] = {**LEAN, "forceinline": True}
