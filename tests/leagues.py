"""Hard spheres with cages and propensities that are made up, and leagues of random numbers."""

from __future__ import annotations

import numpy as np

import vitreous as vt
from cage_oracles import made_up_cages
from vitreous.ensemble.result import Propensity
from vitreous.glassformers import composition, glass_former
from vitreous.predictors.catalogue import KERNELS, PREDICTORS
from vitreous.predictors.result import League
from vitreous.structure.neighborhood_average import neighborhood_average

SPHERES = glass_former("hard-spheres")


def spheres(seed, n=500, packing_fraction=0.5):
    """A dense liquid of few particles."""
    species = np.repeat(*zip(*composition(SPHERES, n).items(), strict=True))
    diameters = [SPHERES.diameter_of[name] for name in species]
    md = vt.HardSphereMD.grow(diameters, packing_fraction, seed=seed, species=species)
    md.run(2.0)
    return vt.Configuration(
        md.configuration.positions, md.configuration.box, species, md.configuration.diameters, unwrapped=True
    )


def smooth(snapshot, seed):
    """A field that is alike for particles close by, of unit variance."""
    values = np.random.default_rng(seed).standard_normal(len(snapshot))
    field = neighborhood_average(snapshot, values)
    return (field - field.mean()) / field.std()


def made_up_propensity(snapshot, signal, seed=0, noise=0.3, times=(10.0,), about=None):
    """ln D = 0.3 (signal + noise), the noise that of each half of the runs, more of it at later times."""
    rng = np.random.default_rng(seed)
    steps = np.arange(1, len(times) + 1)[:, None]
    halves = np.exp(0.3 * (signal + noise * steps * rng.standard_normal((2, len(times), len(snapshot)))))
    return Propensity(
        snapshot,
        np.array(times),
        halves.mean(axis=0),
        halves,
        runs=32,
        about={"model": "hard-spheres"} | (about or {}),
    )


def made_up(count=3, n=500):
    """Snapshots, propensities that go with the width of the cages, and the cages."""
    snapshots = [spheres(seed, n) for seed in range(1, count + 1)]
    cages = [made_up_cages(one, seed) for seed, one in enumerate(snapshots)]
    signals = [
        neighborhood_average(one, np.log(cage.variance)) for one, cage in zip(snapshots, cages, strict=True)
    ]
    propensities = [
        made_up_propensity(one, signal / signal.std(), seed)
        for seed, (one, signal) in enumerate(zip(snapshots, signals, strict=True))
    ]
    return snapshots, propensities, cages


def made_up_league(
    count=4, groups=None, seed=0, liquid="kob-andersen", temperature=0.44, without=(), halves=True
):
    """Random numbers in the shape of a league."""
    rng = np.random.default_rng(seed)
    shown = [one for one in PREDICTORS if one.name not in without]
    shape = (count, len(shown), len(KERNELS), 2)
    rho = np.clip(0.4 + 0.15 * rng.standard_normal(shape[1:]) + 0.05 * rng.standard_normal(shape), -0.9, 0.9)
    p = [one.name for one in shown].index("p_red")
    difference = rho - rho[:, p, KERNELS.index("sphere")][:, None, None]
    labels = range(1, count + 1) if groups is None else groups
    return League(
        liquid,
        temperature,
        tuple(one.name for one in shown),
        np.array([one.sign for one in shown]),
        KERNELS,
        ("A", "B"),
        np.array([1.0, 0.88]),
        tuple(str(label) for label in labels),
        tuple(f"snapshot_{k}.gsd" for k in range(count)),
        np.full(count, 250.0),
        rho=rho,
        low=rho - 0.1,
        high=rho + 0.09,
        difference_low=difference - 0.05,
        difference_high=difference + 0.05,
        half=rng.uniform(0.6, 0.8, (count, 2)) if halves else np.full((count, 2), np.nan),
        particles=np.array([[3277, 819]] * count),
        radius=2.0,
        length=0.8,
        absent=dict.fromkeys(without, "for a reason"),
        about={"random_state": 0},
    )
