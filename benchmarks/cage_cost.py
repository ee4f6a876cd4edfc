"""What the cage order parameter costs, on one core, and how that grows with the number of particles.

    VITREOUS_NUM_THREADS=1 OMP_NUM_THREADS=1 python benchmarks/cage_cost.py [KOB-ANDERSEN.gsd WAHNSTROM.gsd] [--most N]

Hard spheres are the bundled snapshot. Larger systems are the snapshot repeated along the axes. Times are processor
seconds, after compiling.
"""

from __future__ import annotations

import argparse
import time
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

import vitreous as vt
from vitreous.structure.cage_descriptors import cage_descriptors

DURATIONS = {"hard-spheres": 5.0, "kob-andersen": 2.0, "wahnstrom": 2.0}
SIZES = (2_000, 16_000, 54_000, 128_000)
TEMPERATURES = {"hard-spheres": None, "kob-andersen": 0.5, "wahnstrom": 0.7}


def repeated(snapshot: vt.Configuration, n: int) -> vt.Configuration:
    """As many copies side by side as `n` particles take, in a box as cubic as can be."""
    times = np.ones(3, int)
    while len(snapshot) * times.prod() < n:
        times[np.argmin(times)] += 1
    shifts = np.stack(np.meshgrid(*map(np.arange, times), indexing="ij"), -1).reshape(-1, 3)
    cell = snapshot.box.vectors
    inside = snapshot.box.wrap(snapshot.positions)[0]
    positions = (inside[None] + (shifts @ cell)[:, None]).reshape(-1, 3)
    return vt.Configuration(
        positions,
        cell * times[:, None],
        np.tile(snapshot.species, len(shifts)),
        np.tile(snapshot.diameters, len(shifts)),
    )


def seconds(work) -> tuple[float, object]:
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def measured(snapshot: vt.Configuration, liquid: str) -> str:
    """One row of the table."""
    arguments = {"temperature": TEMPERATURES[liquid], "duration": DURATIONS[liquid]}
    sampling, cages = seconds(lambda: vt.sample_cages(snapshot, liquid, **arguments))
    fitting, model = seconds(lambda: vt.CageOrderParameter().fit(snapshot, cages))
    applying, _ = seconds(lambda: vt.neighborhood_average(snapshot, model.predict(snapshot, cages)))
    describing, _ = seconds(lambda: cage_descriptors(snapshot))
    paper, _ = seconds(lambda: vt.OrderParameter().fit(snapshot).p_red(snapshot))
    rate = len(snapshot) / describing
    times = f"{sampling:7.1f}  {fitting:5.1f}  {applying:5.2f}"
    return f"{liquid:15s} {len(snapshot):9,}  {times}  {rate:13,.0f}  {paper:12.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--most", type=int, default=128_000)
    options = parser.parse_args()
    with as_file(files("vitreous") / "data" / "hard_spheres_0.58.gsd") as path:
        found = {"hard-spheres": vt.read(path)}
    for path in options.files:
        liquid = next(name for name in DURATIONS if path.name.startswith(name))
        snapshot = vt.read(path)
        found[liquid] = snapshot.with_diameters(vt.glass_former(liquid).diameter_of)
    print("liquid          particles  16 runs    fit  apply  descriptors/s  by paper (s)")
    for liquid, snapshot in found.items():
        warm = vt.sample_cages(snapshot, liquid, temperature=TEMPERATURES[liquid], duration=2.0, runs=4)
        vt.CageOrderParameter().fit(snapshot, warm)
        vt.OrderParameter().fit(snapshot)
        for n in SIZES:
            if n <= options.most:
                print(measured(repeated(snapshot, n), liquid), flush=True)


if __name__ == "__main__":
    main()
