"""How long until a snapshot is another: with swap moves and without.

    python benchmarks/swap.py [--seconds 120] [--only NAME...]

Each state begins from a snapshot in equilibrium, or as near to it as a few minutes with swap moves come, and runs
until the collective overlap (`vitreous.dynamics.overlap`, radius 0.3, less what chance would give) is at most 0.1, both
of all particles and of particles of one kind: species, or thirds by diameter. Seconds are those of the processor (one
core), the first row of each state without swap moves. A run that does not get there in the time allowed is told with
the overlap it came to. `--scan` looks at intervals and attempts, `--lammps` at the cost of `fix atom/swap`.
"""

from __future__ import annotations

import argparse
import math
import time
from importlib.resources import as_file, files

import numpy as np

import vitreous as vt
from vitreous.diameter_classes import particle_groups
from vitreous.dynamics.overlap import collective_overlap
from vitreous.simulate.engines import engine_of
from vitreous.simulate.swap import Swap

# model, state, N, time with swap moves before the start, time between two looks
STATES = {
    "hard spheres 0.54": ("hard-spheres", 0.54, 2000, 100.0, 1.0),
    "hard spheres 0.56": ("hard-spheres", 0.56, 2000, 300.0, 5.0),
    "hard spheres 0.58": ("hard-spheres", 0.58, 2000, None, 50.0),
    "polydisperse 0.56": ("hard-spheres-polydisperse", 0.56, 1000, 100.0, 0.5),
    "polydisperse 0.58": ("hard-spheres-polydisperse", 0.58, 1000, 200.0, 1.0),
    "polydisperse 0.60": ("hard-spheres-polydisperse", 0.60, 1000, 400.0, 2.0),
    "polydisperse 0.61": ("hard-spheres-polydisperse", 0.61, 1000, 1000.0, 5.0),
    "polydisperse 0.62": ("hard-spheres-polydisperse", 0.62, 1000, 2000.0, 10.0),
    "Wahnström 0.8": ("wahnstrom", 0.8, 1000, 50.0, 1.0),
    "Wahnström 0.7": ("wahnstrom", 0.7, 1000, 200.0, 5.0),
    "Kob-Andersen 0.6": ("kob-andersen", 0.6, 1000, 50.0, 1.0),
}


def start_of(name, model, state, n, before):
    """A snapshot, with velocities taken off."""
    if before is None:
        with as_file(files("vitreous") / "data" / "hard_spheres_0.58.gsd") as path:
            frame = vt.read(path)
    else:
        engine = engine_of(model, n, state, seed=11, swap=Swap())
        engine.advance(before)
        frame = engine.frame()
    return vt.Configuration(frame.box.wrap(frame.positions)[0], frame.box, frame.species, frame.diameters)


def independent(model, state, start, swap, interval, seconds, seed):
    """Time, seconds, overlaps and share of moves accepted when both overlaps are at most 0.1, or at the end."""
    engine = engine_of(model, start, None if model.is_hard else state, seed=(seed,), swap=swap)
    kinds = particle_groups(start).index
    engine.advance(engine.time + 0.01)  # compiles
    begun, looked, overlaps = time.process_time(), 0.0, (1.0, 1.0)
    while max(overlaps) > 0.1 and time.process_time() - begun - looked < seconds:
        engine.advance(engine.time + interval)
        look = time.process_time()
        frame = engine.frame()
        overlaps = collective_overlap(start, frame), collective_overlap(start, frame, kinds=kinds)
        looked += time.process_time() - look
    used = time.process_time() - begun - looked
    accepted = math.nan if swap is None else engine.done / max(engine.tried, 1)
    return engine.time, used, overlaps, accepted


def row(label, found):
    at, used, overlaps, accepted = found
    reached = max(overlaps) <= 0.1
    share = "" if math.isnan(accepted) else f"{100 * accepted:.2g} %"
    print(
        f"| {label} | {'' if reached else '> '}{at:,.4g} | {'' if reached else '> '}{used:.3g} | {overlaps[0]:.2f} | "
        f"{overlaps[1]:.2f} | {share} |",
        flush=True,
    )


def table(seconds, only, scan):
    print(
        "| state | time | seconds | overlap | of one kind | accepted |\n|---|---|---|---|---|---|", flush=True
    )
    for name, (which, state, n, before, interval) in STATES.items():
        if only and name not in only:
            continue
        model = vt.liquid(which)
        start = start_of(name, model, state, n, before)
        swaps = [None, Swap()]
        if scan:
            swaps = [Swap(i, a) for i in (0.05, 0.2, 0.5, 1.0) for a in (10, 50, 200)]
        for swap in swaps:
            label = "without" if swap is None else f"every {swap.interval:g}, {swap.attempts:g} a particle"
            row(f"{name}, {label}", independent(model, state, start, swap, interval, seconds, 5))


def lammps_swap():
    """Seconds for an attempt of `fix atom/swap`, and of this program."""
    from vitreous.simulate.pair_energies import PairEnergies
    from vitreous.simulate.swap import exchange_places

    model = vt.liquid("wahnstrom")
    engine = engine_of(model, 1000, 0.8, seed=1)
    lammps = engine._lammps.library
    for attempts in (100, 1100):
        lammps.command(f"fix swap all atom/swap 1 {attempts} 12345 0.8 ke no types 1 2")
        begun = time.process_time()
        lammps.command("run 1")
        took = time.process_time() - begun
        accepted = lammps.extract_fix("swap", 0, 1, 1)
        print(f"fix atom/swap, {attempts} attempts: {took:.3g} s, {accepted:g} accepted")
        lammps.command("unfix swap")
    energies, frame = PairEnergies.of(model, 0.8), engine.frame()
    exchange_places(frame, Swap(), 0, energies)
    begun = time.process_time()
    found = [exchange_places(frame, Swap(attempts=100), k, energies) for k in range(5)]
    took = (time.process_time() - begun) / sum(one.tried for one in found)
    print(f"here: {1e6 * took:.3g} µs an attempt, {sum(one.done for one in found):,} accepted of "
          f"{sum(one.tried for one in found):,}")  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument("--scan", action="store_true")
    parser.add_argument("--lammps", action="store_true")
    told = parser.parse_args()
    np.set_printoptions(precision=3)
    lammps_swap() if told.lammps else table(told.seconds, told.only, told.scan)
