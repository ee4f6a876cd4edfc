"""Pressure, F_s and propensity of hard spheres at packing fraction 0.58: HardSphereMD and an independent C code.

    git clone https://github.com/FSmallenburg/EDMD
    python benchmarks/hard_spheres_dynamics.py --edmd EDMD --snapshot hs_eta0.58_N2000.sph

Both start several runs from the positions of one snapshot, each with its own Maxwell velocities, at constant energy.
The C code (F. Smallenburg, Eur. Phys. J. E 45, 22 (2022), variant `Single`) is built with its own Makefile; only its
parameters and its seed are set. It sets k_B T = 1 for 3N degrees of freedom, we for the 3N - 3 there are, so that
part of its pressure that comes from collisions is taken times (N - 1)/N. Printed are means over the runs with
standard errors, and their difference in these. Then the dynamic propensity D_i, the mean over the runs of how far
particle i went: its mean over each species; the root mean square over the particles of the difference of both D_i in
its standard error, which is 1 if both agree (more precisely sqrt((n - 1)/(n - 2)) for n runs, as Student's t); and the
correlation of the D_i of both codes, beside that of the D_i of each half of the runs of one, from which the former is
foreseen.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

import vitreous as vt
from hard_spheres import build
from vitreous.dynamics.displacement import displacements
from vitreous.dynamics.scattering import particle_scattering
from vitreous.simulate.event_driven import HardSphereMD

WAVE_NUMBER = 7.2


def peer(
    source: Path, snapshot: Path, seed: int, duration: float, interval: float
) -> tuple[float, np.ndarray]:
    """Pressure and positions (T, N, 3) of one run of the C code."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "Single"
        intervals = dict.fromkeys(("double writeinterval", "double snapshotinterval"), f"{interval!r}")
        told = {"int makesnapshots": "1", "    unsigned long seed": str(seed)}
        build(source, work, {"double maxtime": f"{duration!r}", **intervals, **told})
        shutil.copy(snapshot, work / "init.sph")
        said = subprocess.run(["./md"], cwd=work, check=True, capture_output=True, text=True).stdout
        pressure = float(re.findall(r"Measured pressure.*= *([\d.]+)", said)[-1])
        (movie,) = work.glob("mov.*.sph")
        n = int(movie.open().readline())
        lines = movie.read_text().splitlines()
        frames = [lines[k + 2 : k + 2 + n] for k in range(0, len(lines), n + 2)]
        density = float(re.findall(r"Measured pressure.*\+ ([\d.]+) =", said)[-1])
        pressure = density + (pressure - density) * (n - 1) / n
        return pressure, np.array([[line.split()[1:4] for line in frame] for frame in frames], dtype=float)


def ours(snapshot: vt.Configuration, seed: int, duration: float, interval: float) -> tuple[float, np.ndarray]:
    """The same of one run of ours."""
    engine = HardSphereMD(snapshot, seed=seed)
    frames, weighted = [engine.configuration.unwrapped_positions], 0.0
    for _ in range(round(duration / interval)):
        engine.run(interval)
        weighted += engine.pressure * interval
        frames.append(engine.configuration.unwrapped_positions)
    return weighted / duration, np.array(frames)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--edmd", type=Path, required=True)
    parser.add_argument("--snapshot", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1, help="of the first run")
    parser.add_argument("--duration", type=float, default=1000.0)
    parser.add_argument("--interval", type=float, default=50.0)
    options = parser.parse_args()
    snapshot = vt.read(options.snapshot)
    results: dict[str, tuple[list[float], list[np.ndarray]]] = {"C code": ([], []), "vitreous": ([], [])}
    distances: dict[str, list[np.ndarray]] = {name: [] for name in results}
    for run in range(options.runs):
        for name, (pressures, curves) in results.items():
            if name == "C code":
                pressure, x = peer(
                    options.edmd, options.snapshot, options.seed + run, options.duration, options.interval
                )
            else:
                pressure, x = ours(snapshot, options.seed + run, options.duration, options.interval)
            pressures.append(pressure)
            moved = displacements(x, x[0])
            distances[name].append(np.linalg.norm(moved, axis=-1))
            curves.append(np.array([particle_scattering(d, WAVE_NUMBER).mean() for d in moved]))
            print(f"# {name} run {run + 1}: pressure {pressure:.4f}, frames {len(x)}", flush=True)
    means, errors = {}, {}
    for name, (pressures, curves) in results.items():
        length = min(len(curve) for curve in curves)
        table = np.column_stack([pressures, np.array([curve[:length] for curve in curves])])
        means[name], errors[name] = table.mean(axis=0), table.std(axis=0, ddof=1) / np.sqrt(len(table))
    print(f"{'':>10} {'C code':>20} {'vitreous':>20} {'difference / s.e.':>18}")
    length = min(len(mean) for mean in means.values())
    for k in range(length):
        if k == 1:
            continue  # F_s(0) = 1
        label = "pressure" if k == 0 else f"F_s({(k - 1) * options.interval:g})"
        a, b, da, db = means["C code"][k], means["vitreous"][k], errors["C code"][k], errors["vitreous"][k]
        print(f"{label:>10} {a:12.4f} ± {da:.4f} {b:12.4f} ± {db:.4f} {(b - a) / np.hypot(da, db):18.1f}")
    compare_propensities(
        snapshot, *(np.array([d[:length] for d in distances[name]]) for name in results), options.interval
    )


def compare_propensities(
    snapshot: vt.Configuration, theirs: np.ndarray, mine: np.ndarray, interval: float
) -> None:
    """Print how both agree; distances are (runs, T, N)."""
    runs = len(mine)
    print(f"\npropensities from {runs} runs each")
    head = ("δt", "species", "C code", "vitreous", "rms z", "(due)", "halves", "(due)", "both codes")
    print("".join(f"{word:>12}" for word in head))
    due = np.sqrt((runs - 1) / (runs - 2))  # of Student's t with 2 (runs - 1) degrees of freedom
    for k in sorted({1, mine.shape[1] // 4, mine.shape[1] // 2, mine.shape[1] - 1}):
        for s, name in enumerate(snapshot.species_names):
            a, b = (values[:, k, snapshot.species_index == s] for values in (theirs, mine))
            z = (a.mean(axis=0) - b.mean(axis=0)) / np.sqrt(
                (a.var(axis=0, ddof=1) + b.var(axis=0, ddof=1)) / runs
            )
            half = runs // 2
            halves = np.mean(
                [np.corrcoef(x[:half].mean(axis=0), x[half:].mean(axis=0))[0, 1] for x in (a, b)]
            )
            foreseen = 2 * halves / (1 + halves)
            both = np.corrcoef(a.mean(axis=0), b.mean(axis=0))[0, 1]
            print(
                f"{k * interval:12g}{name:>12}{a.mean():12.4f}{b.mean():12.4f}{np.sqrt((z**2).mean()):12.3f}"
                f"{due:12.3f}{halves:12.3f}{foreseen:12.3f}{both:12.3f}"
            )


if __name__ == "__main__":
    main()
