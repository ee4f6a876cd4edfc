"""Run a kernel over ranges of particles on all cores.

Kernels are serial, release the GIL, and are called from Python threads. So one compiled function serves one
core and many, nothing is killed by a fork, the result does not depend on the number of threads, and ctrl-C
is answered between two ranges.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from vitreous.interrupts import held_interrupts

__all__ = ["map_ranges", "ranges", "thread_count"]


def thread_count() -> int:
    """Threads to use: the environment variable VITREOUS_NUM_THREADS, else the cores given to this process."""
    text = os.environ.get("VITREOUS_NUM_THREADS", "")
    if text.isdigit() and int(text) > 0:
        return int(text)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def ranges(n: int, length: int = 8192) -> list[tuple[int, int]]:
    """Cut 0..n into consecutive (start, stop) of at most `length`, by default what suits particles."""
    return [(start, min(start + length, n)) for start in range(0, n, length)]


def map_ranges(kernel: Callable[..., Any], parts: Sequence[tuple[int, int]], *arguments: Any) -> list[Any]:
    """Call kernel(start, stop, *arguments) for every part and return the results in order.

    Parameters
    ----------
    kernel : callable
        A compiled function that releases the GIL, or any pure function.
    parts : sequence of (start, stop)
        Ranges that may be worked on in any order.
    """
    threads = min(thread_count(), len(parts)) if len(parts) > 1 else 1
    if threads <= 1:
        return [kernel(start, stop, *arguments) for start, stop in parts]
    # A kernel that is not compiled yet is called alone at first, so that not every thread compiles it.
    alone = 0 if getattr(kernel, "signatures", True) else 1
    results = [kernel(start, stop, *arguments) for start, stop in parts[:alone]]
    with held_interrupts() as let_in, ThreadPoolExecutor(threads) as pool:
        try:
            for future in [pool.submit(kernel, start, stop, *arguments) for start, stop in parts[alone:]]:
                results.append(future.result())
                let_in()
            return results
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
