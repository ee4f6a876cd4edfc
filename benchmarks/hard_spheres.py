"""Collisions per second of HardSphereMD against the C code of F. Smallenburg, Eur. Phys. J. E 45, 22 (2022).

    git clone https://github.com/FSmallenburg/EDMD
    python benchmarks/hard_spheres.py --edmd EDMD --snapshot hs_eta0.58_N2000.sph

Both run on one core from the same start, a snapshot at packing fraction 0.58 (30:70, ratio 0.85) repeated in
space, at constant energy, in turns; the median of the ratios of each pair counts. Counted is processor time, so that
others may work meanwhile. The C code, variant `Single`, is built with its own Makefile; only its parameters are set.
Its time is that of a long run minus that of a short one, so that reading, setting up and writing do not count; ours is
that of `run`, after compilation, in an engine made anew for each pair.
"""

from __future__ import annotations

import argparse
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

import vitreous as vt
from vitreous.simulate.event_driven import HardSphereMD

REPEATS = {500: None, 2000: (1, 1, 1), 16_000: (2, 2, 2), 64_000: (4, 4, 2), 256_000: (8, 4, 4)}
COLLISIONS_PER_TIME = 41.0  # and particle


def start(snapshot: vt.Configuration, n: int, repeats: tuple[int, int, int] | None) -> vt.Configuration:
    if repeats is None:
        large = round(0.3 * n)
        diameters = np.repeat([1.0, 0.85], [large, n - large])
        engine = HardSphereMD.grow(diameters, 0.58, seed=1)
        engine.run(100.0)
        return engine.configuration
    sides = np.diag(snapshot.box.vectors)
    shifts = np.stack(np.meshgrid(*map(np.arange, repeats), indexing="ij"), axis=-1).reshape(-1, 3)
    positions = (snapshot.box.wrap(snapshot.positions)[0] + (shifts * sides)[:, None, :]).reshape(-1, 3)
    return vt.Configuration(positions, sides * repeats, diameters=np.tile(snapshot.diameters, len(shifts)))


def build(source: Path, work: Path, values: dict[str, str]) -> None:
    """The C code in a folder, with these values of its variables."""
    shutil.copytree(source / "Single", work)
    file = work / "mdSingle.c"
    text = file.read_text()
    always = {"int initialconfig": "0", "const int usethermostat": "0"}
    for variable, value in {**values, **always}.items():
        text, count = re.subn(rf"^{re.escape(variable)} *=[^;]*;", f"{variable} = {value};", text, flags=re.M)
        assert count == 1, variable
    file.write_text(text)
    subprocess.run(["make", "-s", "-C", str(work)], check=True)


class Peer:
    """The C code in a folder of its own, built twice: to run long, and to stop at once."""

    def __init__(self, source: Path, folder: Path, configuration: vt.Configuration, duration: float) -> None:
        self.programs = []
        for name, end in (("long", duration), ("short", duration / 50)):
            work = folder / name
            times = dict.fromkeys(("double maxtime", "double writeinterval"), f"{end!r}")
            build(source, work, {**times, "int makesnapshots": "0"})
            self._write(work / "init.sph", configuration)
            self.programs.append(work)

    @staticmethod
    def _write(path: Path, configuration: vt.Configuration) -> None:
        lines = [str(len(configuration)), " ".join(f"{s:.15g}" for s in np.diag(configuration.box.vectors))]
        wrapped = configuration.box.wrap(configuration.positions)[0]
        for (x, y, z), diameter in zip(wrapped, configuration.diameters, strict=True):
            lines.append(f"{'a' if diameter > 0.9 else 'b'} {x:.15g} {y:.15g} {z:.15g} {diameter / 2:.15g}")
        path.write_text("\n".join(lines) + "\n")

    def rate(self) -> float:
        """Collisions per second of processor time."""
        seconds, collisions = [], []
        for work in self.programs:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            said = subprocess.run(["./md"], cwd=work, check=True, capture_output=True, text=True).stdout
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            collisions.append(int(re.findall(r"Collisions: (\d+)", said)[-1]))
        return (collisions[0] - collisions[1]) / (seconds[0] - seconds[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--edmd", type=Path, required=True, help="checkout of FSmallenburg/EDMD")
    parser.add_argument("--snapshot", type=Path, required=True, help="2,000 spheres at packing fraction 0.58")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(REPEATS))
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--collisions", type=float, default=3e6, help="in each run")
    options = parser.parse_args()
    snapshot = vt.read(options.snapshot)
    print(
        f"{'N':>8} {'vitreous':>10} {'C code':>10} {'ratio':>7} {'(range)':>15} {'ns/collision':>13} {'neighbours':>11}"
    )
    for n in options.sizes:
        configuration = start(snapshot, n, REPEATS[n])
        duration = options.collisions / (COLLISIONS_PER_TIME * n)
        ours, theirs = [], []
        with tempfile.TemporaryDirectory() as folder:
            peer = Peer(options.edmd, Path(folder), configuration, duration)
            for seed in range(options.pairs):
                engine = HardSphereMD(configuration, seed=seed)
                engine.run(0.1 * duration)
                before, begun = engine.collisions, time.process_time()
                engine.run(duration)
                ours.append((engine.collisions - before) / (time.process_time() - begun))
                theirs.append(peer.rate())
        ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
        mine, other = statistics.median(ours), statistics.median(theirs)
        neighbors = engine._flight.system.shell["degree"].mean()
        print(
            f"{n:8,} {mine / 1e6:8.2f} M {other / 1e6:8.2f} M {statistics.median(ratios):7.2f} "
            f"{min(ratios):7.2f}-{max(ratios):.2f} {1e9 / mine:13.0f} {neighbors:11.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
