"""Descriptors of cages and local averages: particles per second on one core, and memory, against N.

    VITREOUS_NUM_THREADS=1 python benchmarks/descriptors.py [N ...]

By default N = 1,000, 10,000 and 100,000: a disordered fcc lattice of two species at number density 1.2, particles in
random order. Every N is a process of its own, so that its peak of memory is its own; processor time, the median of
several calls after one that loads the kernels. Bytes per particle are what the peak lies above that of N = 100.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

import vitreous as vt

DENSITY, JITTER, LENGTH = 1.2, 0.12, 0.8
DEFAULT = (1_000, 10_000, 100_000)
SECONDS = 3.0


def liquid(n: int) -> vt.Configuration:
    """The first n places, layer by layer, of an fcc lattice, each moved a little; 80 % are of species 1."""
    rng = np.random.default_rng(0)
    cells = round((n / 4) ** (1 / 3) + 0.49)
    layers = -(-n // (4 * cells * cells))
    basis = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    places = (np.array(list(np.ndindex(layers, cells, cells)), float)[:, None] + basis).reshape(-1, 3)
    edge = (4 / DENSITY) ** (1 / 3)
    positions = (edge * places + JITTER * rng.standard_normal(places.shape))[rng.permutation(len(places))]
    box = edge * np.array([layers, cells, cells])
    return vt.Configuration(positions % box, box, rng.choice([1, 2], len(places), p=[0.8, 0.2]))


def processor_seconds(job: Callable[[], object]) -> float:
    """Median processor time of a call."""
    job()
    times: list[float] = []
    while len(times) < 3 or (sum(times) < SECONDS and len(times) < 100):
        begun = time.process_time()
        job()
        times.append(time.process_time() - begun)
    return statistics.median(times)


def measure(n: int) -> dict[str, float]:
    """Everything about one N."""
    snapshot = liquid(n)
    begun = time.process_time()
    vt.cage_descriptors(snapshot)
    found = {"N": len(snapshot), "first": time.process_time() - begun}
    # Peaks so far are those of the descriptors alone.
    found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    values = np.random.default_rng(1).standard_normal(len(snapshot))
    jobs: dict[str, Callable[[], object]] = {
        "cage_descriptors": lambda: vt.cage_descriptors(snapshot),
        "local_average, length": lambda: vt.local_average(snapshot, values, length=LENGTH),
        "local_average, radius": lambda: vt.local_average(snapshot, values, 2.0),
    }
    for name, job in jobs.items():
        found[name] = processor_seconds(job)
    return found


def measured(n: int) -> dict[str, float]:
    """The same, in a process of its own."""
    environment = {**os.environ, "VITREOUS_NUM_THREADS": "1"}
    command = [sys.executable, __file__, "--one", str(n)]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(answer.stdout))


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    base = measured(100)
    print("| N | what | µs per particle | particles per second | peak of memory, MB | bytes per particle |")
    print("|---|---|---|---|---|---|")
    for n in [int(text) for text in sys.argv[1:]] or DEFAULT:
        found = measured(n)
        number = found["N"]
        more = (found["peak"] - base["peak"]) / (number - base["N"])
        for name in ("cage_descriptors", "local_average, length", "local_average, radius"):
            memory = f"{found['peak'] / 1e6:.0f} | {more:.0f}" if name == "cage_descriptors" else " | "
            cost = found[name] / number
            print(f"| {number} | {name} | {1e6 * cost:.2f} | {1 / cost:,.0f} | {memory} |")


if __name__ == "__main__":
    main()
