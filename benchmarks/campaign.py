"""What a campaign costs over the bare engine, how two workers compare with one, and the client's memory.

    python benchmarks/campaign.py

The bare engine runs the same replicas in a process of its own, one after the other, and writes nothing. A campaign is
timed from the end of its first run on: scheduling, running, writing, reading all files through and combining them; for
short runs scheduling alone is told, against a plain loop that runs and writes the same. Starting the workers, which
takes seconds however long the campaign is, is told apart. Pairs are timed one after the other, several times; medians
of ratios are quoted.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import vitreous as vt
from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.propensity import combine, run_campaign
from vitreous.ensemble.replica import run_replica, write_replica
from vitreous.glassformers import composition, glass_former


def start(n: int) -> vt.Configuration:
    """Hard spheres at packing fraction 0.5."""
    model = glass_former("hard-spheres")
    counts = composition(model, n)
    species = np.repeat(list(counts), list(counts.values()))
    md = vt.HardSphereMD.grow([model.diameter_of[name] for name in species], 0.5, seed=1, species=species)
    md.run(5.0)
    return md.configuration


def a_campaign(n: int, last: float) -> Campaign:
    return Campaign(start(n), glass_former("hard-spheres"), vt.log_times(0.01, last, 20), seed=1)


class Clock:
    """A watcher that notes when each run has ended."""

    def __init__(self) -> None:
        self.ended: list[float] = []

    def stage(self, what: str) -> None:
        """Nothing."""

    def runs(self, there: int, total: int, workers: int) -> None:
        """Nothing."""

    def finished(self, number: int) -> None:
        """A run ended."""
        self.ended.append(time.perf_counter())

    def failed(self, number: int, reason: str) -> None:
        """Nothing of the kind is to happen here."""
        raise AssertionError(reason)


def bare(campaign: Campaign, runs: int, folder: Path | None = None) -> float:
    """Seconds a run of the engine in a plain loop, writing the files too if there is a folder."""
    run_replica(campaign, runs)
    begun = time.perf_counter()
    for number in range(runs):
        replica, _ = run_replica(campaign, number)
        if folder is not None:
            write_replica(replica, campaign, folder)
    return (time.perf_counter() - begun) / runs


def whole(campaign: Campaign, runs: int, workers: int) -> tuple[float, float, float]:
    """Seconds a run once all workers are at work; the same with combining; seconds until the first has ended."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        run_campaign(campaign, Path(folder) / "c", runs, workers=workers, watcher=clock)
        combining = time.perf_counter()
        combine(campaign, Path(folder) / "c", runs)
        combined = (time.perf_counter() - combining) / runs
    ended = clock.ended[workers - 1 :]
    later = [moment for moment in ended if moment > ended[0] + 0.01]  # short runs end several at a time
    each = (ended[-1] - ended[0]) / len(later)
    return each, each + combined, clock.ended[0] - begun


_MEMORY = """
import resource, sys, json
sys.path.insert(0, {here!r})
from campaign import a_campaign
from vitreous.ensemble.propensity import combine, run_campaign
from pathlib import Path
import tempfile
c = a_campaign(200, 0.2)
with tempfile.TemporaryDirectory() as folder:
    run_campaign(c, Path(folder) / "c", {runs}, workers=2)
    combine(c, Path(folder) / "c", {runs})
print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
"""


def memory(runs: int) -> float:
    """Largest memory of the client, MB."""
    code = _MEMORY.format(here=str(Path(__file__).parent), runs=runs)
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout))


def long_runs(pairs: int) -> None:
    campaign, runs = a_campaign(2000, 30.0), 16
    over, two, starting, each = [], [], [], []
    for _ in range(pairs):
        alone = bare(campaign, runs)
        _, one, first = whole(campaign, runs, 1)
        _, both, _ = whole(campaign, runs, 2)
        over.append(one / alone)
        two.append(one / both)
        starting.append(first - alone)
        each.append(alone)
    print(
        f"16 runs, N = 2,000: {np.median(each):.3f} s each by the bare engine; campaign with one worker "
        f"{100 * (np.median(over) - 1):+.1f} % ({100 * (min(over) - 1):+.1f} to {100 * (max(over) - 1):+.1f}); two "
        f"workers {np.median(two):.2f} ({min(two):.2f} to {max(two):.2f}) times as fast as one; "
        f"{np.median(starting):.1f} s to start, once",
        flush=True,
    )


def short_runs(pairs: int) -> None:
    campaign, runs = a_campaign(500, 5.0), 1000
    over, each = [], []
    for _ in range(pairs):
        with tempfile.TemporaryDirectory() as folder:
            campaign.prepare(Path(folder) / "c")
            before = bare(campaign, 200, Path(folder) / "c")
            one, _, _ = whole(campaign, runs, 1)
            each.append(0.5 * (before + bare(campaign, 200, Path(folder) / "c")))
        over.append(one / each[-1])
    print(
        f"1,000 short runs, N = 500: {np.median(each):.4f} s each in a plain loop that writes them (200 before, 200 "
        f"after); campaign with one worker {100 * (np.median(over) - 1):+.1f} % "
        f"({100 * (min(over) - 1):+.1f} to {100 * (max(over) - 1):+.1f})",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    long_runs(options.pairs)
    short_runs(options.pairs)
    for runs in (50, 200, 1000):
        print(f"{runs:5d} runs: the client takes {memory(runs):.0f} MB")


if __name__ == "__main__":
    main()
