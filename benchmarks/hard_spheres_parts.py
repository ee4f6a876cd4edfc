"""Where the cycles of a collision go: `python benchmarks/hard_spheres_parts.py --snapshot hs_eta0.58_N2000.sph`.

The parts of the event loop are called by themselves, as often per collision as the loop calls them, on the arrays of a
simulation that has run for a while. Their sum is less than the whole: what remains is moving, colliding, and waiting
for memory and mispredicted branches between the parts. The clock rate is measured by a chain of multiplications and
additions of integers, which takes four cycles a link on present processors.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numba import njit

import vitreous as vt
from hard_spheres import REPEATS, start
from vitreous.simulate.event_driven import HardSphereMD
from vitreous.simulate.event_driven import _run_kernel as kernel
from vitreous.simulate.event_driven._calendar_kernel import fill
from vitreous.simulate.event_driven._compiled import ENTRY
from vitreous.simulate.event_driven._listing_kernel import list_again
from vitreous.simulate.event_driven._prediction_kernel import earliest, predict

PART = {**ENTRY, "cache": False}


@njit(**PART)
def chain(n):
    x = np.uint64(1)
    for _ in range(n):
        x = x * x + np.uint64(1442695040888963407)
    return x


@njit(**PART)
def rows(who, system):
    for i in who:
        predict(i, system)


@njit(**PART)
def bests(who, system):
    total = 0.0
    for i in who:
        total += earliest(i, system)[0]
    return total


@njit(**PART)
def listings(who, system, skin):
    for i in who:
        list_again(i, system, skin)


def seconds(work: Callable[[], object], repeats: int = 7) -> float:
    work()
    taken = []
    for _ in range(repeats):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def measure(snapshot: vt.Configuration, n: int) -> None:
    """Print one line of the table."""
    engine = HardSphereMD(start(snapshot, n, REPEATS[n]), seed=1)
    flight, most = engine._flight, 300_000
    system, skin, slices = flight.system, flight.skin, flight.slices
    kernel.run(system, 1e9, max(200_000, 10 * n), skin, slices)
    before = np.array(system.counts[0].tolist())
    whole = seconds(lambda: kernel.run(system, 1e9, most, skin, slices)) / most
    done = dict(zip(system.counts.dtype.names, np.array(system.counts[0].tolist()) - before, strict=True))
    exits, stale = (done[name] / done["collisions"] for name in ("exits", "stale"))
    changed = 2.0 + exits
    chosen = changed + stale
    who = np.random.default_rng(0).integers(0, n, 100_000)
    parts = [
        seconds(lambda: rows(who, system)) / len(who) * changed,
        seconds(lambda: bests(who, system)) / len(who) * chosen,
        seconds(lambda: fill(system, flight.local, slices)) / n * chosen,
        seconds(lambda: listings(who[:20_000], system, skin)) / 20_000 * exits,
    ]
    gigahertz = 4e-9 * 10_000_000 / seconds(lambda: chain(10_000_000))
    cycles = [1e9 * gigahertz * t for t in (whole, *parts, whole - sum(parts))]
    print(f"{n:8,} {gigahertz:5.2f} {1e9 * whole:6.0f} " + " ".join(f"{c:9.0f}" for c in cycles), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--snapshot", type=Path, required=True, help="2,000 spheres at packing fraction 0.58")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(REPEATS))
    options = parser.parse_args()
    print("cycles per collision")
    names = ("whole", "predict", "choose", "calendar", "list", "rest")
    print(f"{'N':>8} {'GHz':>5} {'ns':>6} " + " ".join(f"{name:>9}" for name in names))
    for n in options.sizes:
        measure(vt.read(options.snapshot), n)


if __name__ == "__main__":
    main()
