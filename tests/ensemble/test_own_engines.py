"""Campaigns of an engine that somebody else wrote."""

from __future__ import annotations

import functools
import os
import sys
import threading
import types

import numpy as np
import pytest

import vitreous as vt
from cage_oracles import Moving, moving, rattling
from vitreous.ensemble import cage_sampling
from vitreous.ensemble.campaign import Campaign
from vitreous.errors import FileError, InputError, VitreousError

TIMES = [0.5, 1.0, 3.0]


def walking(snapshot, seed, width=0.1):
    """Every particle somewhere else at every time."""
    return Moving(snapshot, seed, functools.partial(_places, width))


def _places(width, time, seed, n):
    return width * time * np.random.default_rng([seed, round(time * 1e6)]).normal(size=(n, 3))


def failing(snapshot, seed):
    raise RuntimeError("the licence\nhas expired")


@pytest.fixture(scope="module", name="gas")
def _gas():
    rng = np.random.default_rng(0)
    return vt.Configuration(rng.uniform(0.0, 5.0, (40, 3)), 5.0, species=np.repeat(["A", "B"], 20))


def test_the_numbers_are_those_of_plain_sums(gas):
    found = vt.propensity(gas, engine=walking, times=TIMES, runs=5, seed=4, workers=2)
    campaign = Campaign(gas, None, TIMES, seed=4, engine=walking)
    seeds = [campaign.replica_seed(run) for run in range(5)]
    moved = np.array([[_places(0.1, time, seed, 40) for time in TIMES] for seed in seeds])
    moved -= moved.mean(axis=2, keepdims=True)
    distance = np.linalg.norm(moved, axis=3)
    np.testing.assert_allclose(found.mean, distance.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(found.halves[1], distance[2:4].mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(found.spread, distance.std(axis=0, ddof=1), rtol=1e-5)
    assert found.about["engine"].endswith("test_own_engines.walking")
    assert found.self_scattering is None  # 40 particles have no first peak
    assert found.snapshot.diameters is None


def test_the_centre_of_mass_is_that_of_the_masses(gas):
    mass = np.where(np.arange(40) < 4, 50.0, 1.0)
    found = vt.propensity(gas.with_columns(mass=mass), engine=walking, times=[1.0], runs=2, seed=4, workers=1)
    campaign = Campaign(gas.with_columns(mass=mass), None, [1.0], seed=4, engine=walking)
    moved = np.array([_places(0.1, 1.0, campaign.replica_seed(run), 40) for run in range(2)])
    moved -= np.einsum("i,rik->rk", mass / mass.sum(), moved)[:, None]
    np.testing.assert_allclose(found.mean[0], np.linalg.norm(moved, axis=2).mean(axis=0), rtol=1e-6)
    assert campaign.digest != Campaign(gas, None, [1.0], seed=4, engine=walking).digest


def test_a_folder_goes_on_and_is_that_of_one_engine(gas, tmp_path):
    folder = tmp_path / "runs"
    wide = functools.partial(walking, width=0.3)
    first = vt.propensity(gas, engine=wide, times=TIMES, runs=3, folder=folder, workers=1)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    more = vt.propensity(gas, engine=wide, times=TIMES, runs=4, folder=folder, workers=2)
    assert all(path.stat().st_mtime_ns == when for path, when in before.items())
    again = vt.propensity(gas, engine=wide, times=TIMES, runs=4, workers=1)
    assert np.array_equal(more.mean, again.mean)
    assert not np.array_equal(first.mean, more.mean)
    assert "energy" not in np.load(folder / "run-00000.npz")
    with pytest.raises(FileError, match=r"folder of another campaign: its engine is .*walking\(width=0\.3\)"):
        vt.propensity(gas, engine=walking, times=TIMES, runs=4, folder=folder)
    with pytest.raises(FileError, match="folder of another campaign: its times are others"):
        vt.propensity(gas, engine=wide, times=[1.0], runs=4, folder=folder)


@pytest.mark.parametrize(
    ("options", "saying"),
    [
        ({}, "model: give one, or an engine of your own"),
        (
            {"engine": walking, "model": "hard-spheres"},
            "engine: give an engine of your own or a model, not both",
        ),
        ({"engine": walking, "temperature": 1.0}, "which has its temperature"),
        ({"engine": walking, "timestep": 0.1}, "which has its temperature and time step"),
        ({"engine": walking, "times": [0.0, 1.0]}, "begin later"),
        ({"engine": walking, "runs": 1}, "at least 2"),
    ],
)
def test_what_is_refused(gas, options, saying):
    with pytest.raises(InputError, match=saying):
        vt.propensity(gas, **{"times": TIMES, "runs": 2, **options})


def with_a_lock():
    """An engine maker that holds what no other process can have."""
    lock = threading.Lock()
    return lambda snapshot, seed: (lock, walking(snapshot, seed))[1]


def nowhere():
    """A function of a module that workers cannot find."""
    module = types.ModuleType("nowhere_to_be_found")
    exec("def make(snapshot, seed): ...", vars(module))
    sys.modules["nowhere_to_be_found"] = module
    return module.make


def only_here(process, snapshot, seed):
    """An engine maker that fails in any other process."""
    return walking(snapshot, seed) if os.getpid() == process else failing(snapshot, seed)


@pytest.mark.parametrize(
    ("engine", "error", "saying"),
    [
        (
            with_a_lock(),
            InputError,
            r"engine: cannot be given to other processes: .*lock.*; let it be a function of",
        ),
        (
            nowhere(),
            VitreousError,
            r"engine: the workers cannot load it: ModuleNotFoundError: .*nowhere_to_be_found.*; its module has",
        ),
        (failing, VitreousError, "run 0: RuntimeError: the licence has expired$"),
    ],
)
def test_an_engine_that_fails_in_the_workers(gas, engine, error, saying):
    with pytest.raises(error, match=saying) as told:
        vt.propensity(gas, engine=engine, times=TIMES, runs=2, workers=1)
    assert "\n" not in str(told.value)


def test_cages_by_an_engine_that_fails_in_the_workers(hard_spheres):
    options = {"runs": 6, "duration": 1.0, "workers": 2}
    with pytest.raises(InputError, match="engine: cannot be given to other processes"):
        vt.sample_cages(hard_spheres, engine=with_a_lock(), **options)
    engine = functools.partial(caged, os.getpid())
    with pytest.raises(VitreousError, match=r"engine: RuntimeError: the licence has expired$"):
        vt.sample_cages(hard_spheres, engine=engine, **options)


def caged(process, snapshot, seed):
    return moving(rattling())(only_here(process, snapshot, seed)._snapshot, seed)


def test_cages_by_several_workers_are_the_same(hard_spheres, monkeypatch):
    monkeypatch.setattr(cage_sampling, "_AGREEMENT", -2.0)
    engine = moving(rattling())
    alone, shared = (
        vt.sample_cages(hard_spheres, engine=engine, runs=6, duration=1.0, workers=workers)
        for workers in (1, 2)
    )
    for name in ("variance", "mean_positions", "covariance", "half_variances", "distance"):
        assert np.array_equal(getattr(alone, name), getattr(shared, name)), name
