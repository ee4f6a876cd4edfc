"""Topological clusters: speed against the published program, and cost against N.

    python benchmarks/topological_clusters.py --tcc TCC --case CASE.npz

TCC is the program `tcc` of Malins et al., built with its own CMake files and `-DCMAKE_C_FLAGS=-fcommon`; CASE holds
`positions` (N, 3) and `box` (3,). Both classify the same particles with modified Voronoi bonds, 1.8 and 0.82, all
types, on one core. Theirs is timed by the processor time of ten equal frames in one call, writing what it must; ours
by that of ten calls, after one that loads the kernels. Pairs alternate; medians of ratios are quoted, with their range.
Then, without the program, copies of the case side by side: time on one and on all cores, and memory.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import vitreous as vt

CUTOFF, FC, FRAMES = 1.8, 0.82, 10
SETTINGS = """[Box]
box_type = 1
box_name = box.txt
[Run]
xyzfilename = run.xyz
frames = {frames}
[Simulation]
rcutAA = {cutoff}
rcutAB = {cutoff}
rcutBB = {cutoff}
min_cutAA = 0.0
bond_type = 1
PBCs = 1
voronoi_parameter = {fc}
num_bonds = 50
cell_list = 0
analyse_all_clusters = 1
[Output]
bonds = 0
clusts = 0
raw = 0
do_XYZ = 0
11a = 0
13a = 0
pop_per_frame = 0
"""


def load(path: Path, copies: int = 1) -> vt.Configuration:
    with np.load(path) as case:
        x, box = case["positions"] % case["box"], case["box"]
    shifts = np.stack(np.meshgrid(*[range(copies)] * 3, indexing="ij"), axis=-1).reshape(-1, 1, 3) * box
    return vt.Configuration((x + shifts).reshape(-1, 3), box * copies)


def theirs(program: Path, snapshot: vt.Configuration) -> float:
    """Processor seconds for one frame."""
    edges = snapshot.box.lengths
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = "".join("A {:.12f} {:.12f} {:.12f}\n".format(*x) for x in snapshot.positions - edges / 2)
        (folder / "run.xyz").write_text(f"{len(snapshot)}\nframe\n{rows}" * FRAMES)
        boxes = "".join(f"{k} {edges[0]} {edges[1]} {edges[2]}\n" for k in range(FRAMES))
        (folder / "box.txt").write_text("#iter Lx Ly Lz\n" + boxes)
        (folder / "inputparameters.ini").write_text(SETTINGS.format(frames=FRAMES, cutoff=CUTOFF, fc=FC))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([program.resolve()], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) / FRAMES


def ours(snapshot: vt.Configuration, times: int = FRAMES) -> float:
    begun = time.process_time()
    for _ in range(times):
        vt.topological_clusters(snapshot, cutoff=CUTOFF, fc=FC)
    return (time.process_time() - begun) / times


def measure(path: Path, copies: int) -> None:
    """Wall time after a first call, and the memory that the classification adds; one line of JSON."""
    vt.topological_clusters(load(path), cutoff=CUTOFF, fc=FC)
    snapshot = load(path, copies)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    vt.topological_clusters(snapshot, cutoff=CUTOFF, fc=FC)
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps({"n": len(snapshot), "seconds": seconds, "megabytes": memory / 1e3}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--tcc", type=Path, nargs="*", default=[], help="the program, maybe in several builds"
    )
    parser.add_argument("--case", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--copies", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.copies:
        return measure(options.case, options.copies)
    snapshot = load(options.case)
    os.environ["VITREOUS_NUM_THREADS"] = "1"
    vt.topological_clusters(snapshot, cutoff=CUTOFF, fc=FC)
    for program in options.tcc:
        pairs = [(theirs(program, snapshot), ours(snapshot)) for _ in range(options.pairs)]
        ratios = [a / b for a, b in pairs]
        mine, other = np.median(pairs, axis=0)[::-1]
        print(
            f"{program}: N = {len(snapshot):,}, {len(snapshot) / other:,.0f} particles/s; vitreous "
            f"{len(snapshot) / mine:,.0f}; ratio {np.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )
    print("\n|   N | seconds, one core | all cores | µs per particle, one core | MB |\n|---|---|---|---|---|")
    for copies in (1, 2, 3, 4, 5):
        command = [sys.executable, __file__, "--case", options.case, "--copies", str(copies)]
        runs = []
        for threads in ("1", str(os.cpu_count())):
            environment = {**os.environ, "VITREOUS_NUM_THREADS": threads}
            runs.append(json.loads(subprocess.check_output(command, env=environment, text=True)))
        one, more = runs
        print(
            f"| {one['n']:,} | {one['seconds']:.3f} | {more['seconds']:.3f} | "
            f"{one['seconds'] / one['n'] * 1e6:.1f} | {one['megabytes']:.0f} |"
        )


if __name__ == "__main__":
    main()
