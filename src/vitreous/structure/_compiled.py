"""How kernels are compiled: `@njit(**ENTRY)` if Python calls them, `@njit(**INNER)` if only other kernels do.

Without the wrappers that nobody calls, compilation takes a quarter less time.
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
