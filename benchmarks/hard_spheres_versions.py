"""Two versions of the event-driven engine against each other: `python benchmarks/hard_spheres_versions.py A B`.

A and B are folders with the package, for instance `src` of this checkout and that of another commit
(`git worktree add former COMMIT`, then `former/src`). Each runs in a process of its own, on copies of the bundled
snapshot side by side with the same velocities, until everybody has collided a few times; then both are asked in turns
for about as many collisions. Counted is processor time, so that others may work meanwhile; the median of the ratios of
each pair counts. How memory happens to lie differs from process to process by up to 10 %, so processes are started anew
`--starts` times.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from importlib.resources import as_file, files
from pathlib import Path

COLLISIONS = 200_000


def serve() -> None:
    """Answer each number of particles on a line with the nanoseconds that a collision takes."""
    import vitreous as vt
    from cage_cost import repeated
    from vitreous.simulate.event_driven import HardSphereMD

    with as_file(files("vitreous") / "data" / "hard_spheres_0.58.gsd") as path:
        snapshot = vt.read(path)
    engine, size, duration = None, 0, 0.0
    for line in sys.stdin:
        if engine is None or int(line) != size:
            size = int(line)
            engine = HardSphereMD(repeated(snapshot, size), seed=1)
            engine.run(0.1)
            duration = 0.1 * COLLISIONS / engine.collisions
        before, begun = engine.collisions, time.process_time()
        engine.run(duration)
        print(1e9 * (time.process_time() - begun) / (engine.collisions - before), flush=True)


class Version:
    """A process that answers."""

    def __init__(self, source: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            env={**os.environ, "PYTHONPATH": str(source.resolve())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def nanoseconds(self, particles: int) -> float:
        """What a collision takes, on average over many."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(particles, file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())

    def end(self) -> None:
        """Let the process go."""
        self._process.communicate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("versions", type=Path, nargs=2)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_000, 16_000, 54_000, 128_000])
    parser.add_argument("--pairs", type=int, default=5, help="for each start")
    parser.add_argument("--starts", type=int, default=3)
    options = parser.parse_args()
    print(f"{'N':>8} {'A, ns':>8} {'B, ns':>8} {'A/B':>6}   (range)")
    for size in options.sizes:
        taken: tuple[list[float], list[float]] = ([], [])
        for _ in range(options.starts):
            versions = [Version(source) for source in options.versions]
            for version in versions:
                version.nanoseconds(size)
            for _ in range(options.pairs):
                for version, times in zip(versions, taken, strict=True):
                    times.append(version.nanoseconds(size))
            for version in versions:
                version.end()
        ratios = [a / b for a, b in zip(*taken, strict=True)]
        a, b = map(statistics.median, taken)
        print(
            f"{size:8,} {a:8.0f} {b:8.0f} {statistics.median(ratios):6.2f}   "
            f"({min(ratios):.2f} to {max(ratios):.2f})",
            flush=True,
        )


if __name__ == "__main__":
    main() if len(sys.argv) > 1 else serve()
