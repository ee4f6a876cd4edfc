"""What a whole `vitreous reveal` costs: `python benchmarks/reveal_cost.py [--sizes 2000 10000 100000] [--repeats 3]`.

Each run is the command in a process of its own, from a GSD file as HOOMD-blue writes it (copies of the bundled
snapshot of hard spheres side by side, particles in random order) to picture, GSD, extxyz and model, with the kernels
kept from a run before. Processor and wall time are the least of the repeats, which take turns over sizes and reducers;
on a busy machine only the processor time says something of the program. Bytes a particle are the peak of the resident
memory less that of the smallest system.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import gsd.hoomd
import numpy as np

import vitreous as vt


def shape_of(copies: int) -> list[int]:
    """Three factors of the number of copies, as like each other as can be."""
    best = [1, 1, copies]
    for a in range(1, round(copies ** (1 / 3)) + 2):
        if copies % a == 0:
            b = max(b for b in range(1, int((copies // a) ** 0.5) + 1) if (copies // a) % b == 0)
            best = min(best, [a, b, copies // a // b], key=max)
    return best


def write_file(path: Path, n: int) -> None:
    """A multiple of 2,000 particles in single precision, without anything that only vitreous writes."""
    seed = vt.read(str(files("vitreous") / "data" / "hard_spheres_0.58.gsd"))
    copies, rest = divmod(n, len(seed))
    if rest:
        raise SystemExit(f"--sizes: {n} is no multiple of {len(seed)}")
    shape = shape_of(copies)
    lengths = seed.box.lengths * shape
    order = np.random.default_rng(0).permutation(n)
    positions = np.empty((n, 3), np.float32)
    for k, cell in enumerate(np.ndindex(*shape)):
        moved = seed.positions - seed.box.origin + cell * seed.box.lengths - lengths / 2
        positions[k * len(seed) : (k + 1) * len(seed)] = moved
    frame = gsd.hoomd.Frame()
    frame.particles.N = n
    frame.particles.position = positions[order]
    frame.particles.types = list(seed.species_names)
    frame.particles.typeid = np.tile(seed.species_index.astype(np.uint32), copies)[order]
    frame.particles.diameter = np.tile(seed.diameters.astype(np.float32), copies)[order]
    frame.configuration.box = [*lengths, 0, 0, 0]
    with gsd.hoomd.open(str(path), "w") as file:
        file.append(frame)


@dataclass
class Cost:
    """Seconds and bytes of one run."""

    processor: float
    wall: float
    peak: float


def cost_of(source: Path, reducer: str) -> Cost:
    """One run of the command."""
    code = "from vitreous.cli import main; main()"
    words = ["reveal", str(source), "--reducer", reducer, "--quiet", "-o", str(source.parent / "out")]
    begun = time.perf_counter()
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", code, *words], os.environ)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - begun
    if status:
        raise SystemExit("reveal failed")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * unit)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_000, 10_000, 100_000])
    parser.add_argument("--reducers", nargs="+", default=["autoencoder", "pca"])
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    found: dict[tuple[int, str], list[Cost]] = {}
    with tempfile.TemporaryDirectory() as folder:
        sources = {n: Path(folder) / f"{n}.gsd" for n in sorted(asked.sizes)}
        for n, source in sources.items():
            write_file(source, n)
        cost_of(min(sources.items())[1], "pca")  # compiles the kernels, if nobody did
        for _ in range(asked.repeats):
            for n, source in sources.items():
                for reducer in asked.reducers:
                    found.setdefault((n, reducer), []).append(cost_of(source, reducer))
    base = min(cost.peak for costs in found.values() for cost in costs)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{len(os.sched_getaffinity(0))} cores, load averages {load}\n")
    print("| particles | reducer | processor, s | wall, s | peak memory, GB | bytes a particle |")
    print("|---|---|---|---|---|---|")
    for (n, reducer), costs in found.items():
        peak = max(cost.peak for cost in costs)
        each = f"{(peak - base) / n:,.0f}" if n >= 50_000 else ""
        print(
            f"| {n:,} | {reducer} | {min(cost.processor for cost in costs):.2f} | "
            f"{min(cost.wall for cost in costs):.2f} | {peak / 1e9:.2f} | {each} |"
        )


if __name__ == "__main__":
    main()
