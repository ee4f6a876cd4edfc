"""Snapshots and propensities on which the cage order parameter is reported; none of its settings was chosen on them.

    python benchmarks/cage_snapshots.py hard-spheres kob-andersen wahnstrom --folder FOLDER [--workers 1]

Three independent runs of each model, every one from its own random start, give two snapshots each, three relaxation
times apart; each snapshot gets an isoconfigurational ensemble. Whatever is there already is not made again.

    python benchmarks/cage_snapshots.py --folder FOLDER --pack benchmarks/data/cage

keeps what the results need in compact files: places, and propensities at every second time and the last.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import vitreous as vt
from vitreous.ensemble.propensity import Propensity
from vitreous.simulate.engine import Engine

RUNS, SNAPSHOTS, PARTICLES = 3, 2, 2000


@dataclass(frozen=True)
class State:
    """Times in the model's unit.

    `further` counts the times, in the same ratio, that a snapshot is recorded beyond `longest`: until its F_s is
    below 1/e.
    """

    model: str
    value: float
    equilibration: float
    spacing: float
    first: float
    longest: float
    count: int
    ensemble: int
    seed: int
    further: Mapping[str, int] = field(default_factory=dict)

    def times(self, name: str) -> np.ndarray:
        """Recorded times of the snapshot of this name; the first `count` are those of all."""
        ratio = (self.longest / self.first) ** (1.0 / (self.count - 1))
        beyond = self.longest * ratio ** np.arange(1, self.further.get(name, 0) + 1)
        return np.concatenate([vt.log_times(self.first, self.longest, self.count), beyond])


STATES = (
    State(
        "hard-spheres",
        0.58,
        1461.0,
        15_000.0,
        4_500.0,
        0.1,
        3_000.0,
        37,
        8,
        91_000,
        {"1a": 1, "1b": 1, "3a": 3, "3b": 1},
    ),
    State("kob-andersen", 0.5, 1_100.0, 250.0, 0.1, 150.0, 26, 16, 92_000),
    State("wahnstrom", 0.7, 2_000.0, 250.0, 0.1, 150.0, 26, 8, 93_000),
)


def begin(state: State, seed: int) -> Engine:
    """A liquid from nothing, not yet in equilibrium."""
    model = vt.glass_former(state.model)
    if state.model != "hard-spheres":
        return vt.LammpsMD.liquid(model, PARTICLES, state.value, seed=seed)
    large = round(model.fractions[0] * PARTICLES)
    labels = np.repeat(model.species, [large, PARTICLES - large])
    diameters = np.repeat(model.diameters, [large, PARTICLES - large])
    grown = vt.HardSphereMD.grow(diameters=diameters, species=labels, packing_fraction=state.value, seed=seed)
    grown.run(100.0, thermostat="andersen")
    return vt.HardSphereMD(grown.configuration, seed=seed + 1)


def make(state: State, folder: Path, workers: int) -> None:
    """All snapshots of a state, with their propensities."""
    for run in range(1, RUNS + 1):
        seed = state.seed + 10 * run
        names = [f"{run}{'ab'[k]}" for k in range(SNAPSHOTS)]
        paths = [folder / f"{state.model}_{name}.gsd" for name in names]
        if not all(path.exists() for path in paths):
            engine = begin(state, seed)
            for k, path in enumerate(paths):
                engine.advance(engine.time + (state.equilibration if k == 0 else state.spacing))
                vt.write(path, engine.frame())
                print(path, flush=True)
        for name, path in zip(names, paths, strict=True):
            result = path.with_suffix(".propensity.gsd")
            if result.exists():
                continue
            snapshot = vt.read(path)
            vt.propensity(
                snapshot,
                model=state.model,
                temperature=None if state.model == "hard-spheres" else state.value,
                times=state.times(name),
                runs=state.ensemble,
                seed=seed,
                folder=path.with_suffix(".campaign"),
                workers=workers,
            ).save(result)
            print(result, flush=True)


def pack(folder: Path, target: Path) -> None:
    """One npz file for each snapshot whose propensity is finished."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.glob("*.propensity.gsd")):
        found = Propensity.load(path)
        name = path.name.removesuffix(".propensity.gsd")
        last = len(found.times) - 1
        count = next(state.count for state in STATES if name.startswith(state.model))
        chosen = sorted({*range((count - 1) % 2, last, 2), last})
        tau = found.tau_1e
        np.savez_compressed(
            target / f"{name}.npz",
            positions=found.snapshot.positions,
            unwrapped=vt.read(folder / f"{name}.gsd").unwrapped_positions,
            species=found.snapshot.species.astype("U1"),
            box=found.snapshot.box.lengths,
            times=found.times[chosen],
            mean=found.mean[chosen].astype(np.float32),
            halves=found.halves[:, chosen].astype(np.float32),
            scattering=found.self_scattering.mean(axis=1)[chosen],
            relaxation=np.array([tau.value, tau.error]),
            runs=found.runs,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=", ".join(s.model for s in STATES))
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--pack", type=Path)
    options = parser.parse_args()
    if options.pack is not None:
        pack(options.folder, options.pack)
    options.folder.mkdir(parents=True, exist_ok=True)
    for state in STATES:
        if state.model in options.models:
            make(state, options.folder, options.workers)


if __name__ == "__main__":
    main()
