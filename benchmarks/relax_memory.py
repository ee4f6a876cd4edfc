"""Memory and time of `vitreous relax` for trajectories that are ten times as long as others.

    python benchmarks/relax_memory.py [--particles 2000] [--frames 3000 30000]

Writes Brownian particles as GSD files of single precision, as HOOMD does, into a folder that is removed, runs the
command on each in a process of its own, and prints the size of the coordinates (24 bytes a particle and frame), the
largest resident memory, and processor time for each frame.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import gsd.hoomd
import numpy as np

_DENSITY = 1.5
_COMMAND = """
import resource, sys
from vitreous.cli import main
sys.argv = ["vitreous", "relax", sys.argv[1], "--timestep", "1", "--wave-number", "7", "--quiet"]
main()
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_maxrss / 1024, used.ru_utime + used.ru_stime)
"""


def make(path: Path, particles: int, frames: int) -> None:
    """A file of Brownian particles with images."""
    rng = np.random.default_rng(0)
    side = (particles / _DENSITY) ** (1 / 3)
    position = (rng.random((particles, 3)) - 0.5) * side
    image = np.zeros((particles, 3), np.int32)
    with gsd.hoomd.open(path, "w") as file:
        for step in range(frames):
            frame = gsd.hoomd.Frame()
            frame.configuration.step = step
            frame.configuration.box = [side, side, side, 0, 0, 0]
            frame.particles.N = particles
            frame.particles.position = position
            frame.particles.image = image
            file.append(frame)
            position = position + rng.normal(0, 0.05, position.shape)
            wraps = np.floor(position / side + 0.5)
            position -= wraps * side
            image = image + wraps.astype(np.int32)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--particles", type=int, default=2000)
    parser.add_argument("--frames", type=int, nargs="+", default=[3000, 30000])
    wanted = parser.parse_args()
    print(f"{'frames':>8} {'coordinates':>12} {'peak memory':>12} {'time':>8} {'per frame':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for frames in wanted.frames:
            path = Path(folder) / "x.gsd"
            make(path, wanted.particles, frames)
            command = [sys.executable, "-c", _COMMAND, str(path)]
            told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
            memory, seconds = map(float, told.stdout.split())
            size = 24e-6 * wanted.particles * frames
            print(
                f"{frames:8} {size:9.0f} MB {memory:9.0f} MB {seconds:6.1f} s {1e3 * seconds / frames:7.2f} ms",
                flush=True,
            )


if __name__ == "__main__":
    main()
