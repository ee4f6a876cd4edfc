"""Results of a study as large as a real one, with what its page shows; nobody made them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from study.synthetic import study_results
from vitreous.configuration import Configuration
from vitreous.ensemble.result import Propensity
from vitreous.glassformers import composition
from vitreous.study.kinds.cage import Caged
from vitreous.study.kinds.explain import Clusters
from vitreous.study.kinds.order_parameter import Revealed

TYPES = ("sp3a", "6A", "9B", "11A", "13A")
SHARES = (0.9, 0.6, 0.3, 0.1, 0.0)  # of all particles; the last type has no members


def page_results(particles=200, times=12, models=("hard-spheres", "wahnstrom", "kob-andersen"), **how):
    """Those of `study_results`, the first snapshot of each deepest state with so many particles and times.

    Order parameters and propensities are smooth in space, and the propensities of short and of long times differ.
    """
    made = study_results(models=models, **how)
    rng = np.random.default_rng(8)
    states = tuple(
        replace(one, snapshots=(_larger(one, particles, times, rng), *one.snapshots[1:]))
        if one.deepest
        else one
        for one in made.states
    )
    return replace(made, states=states)


def _larger(state, particles, times, rng):
    former, before = state.state.former, state.snapshots[0]
    counts = composition(former, particles)
    side = (particles / (former.density or 1.3)) ** (1 / 3)
    positions = side * rng.random((particles, 3))
    species = rng.permutation(np.repeat(list(counts), list(counts.values())))

    def wave(axis):
        return (
            0.5 + 0.3 * np.sin(2 * np.pi * positions[:, axis] / side) + 0.05 * rng.standard_normal(particles)
        )

    columns = {
        "p_red": np.clip(wave(0) + 0.2 * rng.standard_normal(particles), 0, 1),
        "p_red_averaged": wave(0),
    }
    revealed = Configuration(positions, side, species, former.diameter_of, columns=columns)
    old = before.propensity.times
    grid = np.geomspace(old[0], old[-1], times)
    late = np.linspace(0, 1, times)[:, None]
    mean = (0.05 + late) * ((1 - late) * wave(1) + late * wave(0))
    membership = rng.random((particles, len(TYPES))) < SHARES
    return replace(
        before,
        revealed=Revealed(revealed, 2.0 * former.large_diameter),
        caged=Caged(revealed.with_columns(cage=wave(2), cage_averaged=wave(2))),
        propensity=Propensity(revealed, grid, mean, runs=32),
        explained=replace(before.explained, clusters=Clusters(TYPES, membership)),
    )
