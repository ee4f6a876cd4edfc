"""How fast files are read, beside MDAnalysis and ASE where they can read the same: `python benchmarks/readers.py`.

All in one run on one core: a LAMMPS text dump of 100,000 particles (id, type, x, y, z), the same with images and as an
extended xyz file. Each reader reads the frame that is told, several times, in turn; what counts is the median of the
processor time. What comes out is compared first.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

import vitreous as vt

LENGTH = 44.0


def write_dump(path: Path, n: int, frames: int) -> np.ndarray:
    """A dump of n particles; the positions of the last frame."""
    rng = np.random.default_rng(0)
    with path.open("w") as file:
        for step in range(frames):
            x = np.round(rng.uniform(0, LENGTH, (n, 3)), 5)
            file.write(f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{n}\nITEM: BOX BOUNDS pp pp pp\n")
            file.write(3 * f"0 {LENGTH}\n" + "ITEM: ATOMS id type x y z\n")
            rows = zip(rng.permutation(n).tolist(), *x.T.tolist(), strict=True)
            file.writelines(f"{i + 1} {1 + i % 5 // 4} {a:.5f} {b:.5f} {c:.5f}\n" for i, a, b, c in rows)
    return x


def write_extended(path: Path, n: int) -> None:
    """An extended xyz file with elements that ASE knows."""
    x = np.round(np.random.default_rng(1).uniform(0, LENGTH, (n, 3)), 5)
    with path.open("w") as file:
        file.write(
            f'{n}\nLattice="{LENGTH} 0 0 0 {LENGTH} 0 0 0 {LENGTH}" Properties=species:S:1:pos:R:3 pbc="T T T"\n'
        )
        file.writelines(
            f"{'Ni' if i % 5 else 'P'} {a:.5f} {b:.5f} {c:.5f}\n" for i, (a, b, c) in enumerate(x.tolist())
        )


def readers(path: Path) -> dict[str, object]:
    """Reader by name: each gives positions of all particles of the last frame."""

    def ours() -> np.ndarray:
        return vt.read(path).positions

    found = {"vitreous": ours}
    try:
        import ase.io

        kind = "extxyz" if path.suffix == ".extxyz" else "lammps-dump-text"
        found["ASE"] = lambda: ase.io.read(path, index=-1, format=kind).positions
    except ImportError:
        pass
    try:
        import MDAnalysis
        from MDAnalysis.coordinates.LAMMPS import DumpReader
        from MDAnalysis.coordinates.XYZ import XYZReader

        n = len(vt.read(path))

        def theirs() -> np.ndarray:
            if path.suffix == ".extxyz":
                return XYZReader(str(path))[-1].positions
            return DumpReader(str(path), n_atoms=n)[-1].positions

        assert MDAnalysis.__version__
        found["MDAnalysis"] = theirs
    except ImportError:
        pass
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=100_000)
    parser.add_argument("--frames", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "a.dump", Path(folder) / "a.extxyz"]
        write_dump(paths[0], options.n, options.frames)
        write_extended(paths[1], options.n)
        for path in paths:
            found = readers(path)
            times: dict[str, list[float]] = {name: [] for name in found}
            first = np.sort(vt.read(path).positions.ravel())
            for name, reader in found.items():
                assert np.abs(np.sort(np.asarray(reader()).ravel()) - first).max() < 1e-4, name
            for _ in range(options.repeats):
                for name, reader in found.items():
                    begun = time.process_time()
                    reader()
                    times[name].append(time.process_time() - begun)
            print(
                f"{path.suffix[1:]}, {options.n:,} particles, {path.stat().st_size / 1e6:.1f} MB, processor time"
            )
            for name, each in times.items():
                print(f"  {name:11s} {statistics.median(each):.3f} s")


if __name__ == "__main__":
    main()
