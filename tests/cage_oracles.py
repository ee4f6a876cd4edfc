"""Cages made up or known exactly, and engines that move particles in ways that are known on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import vitreous as vt
from vitreous.dynamics.cages import Cages, Plateau
from vitreous.simulate.engine import Sample


class Moving:
    """An engine whose displacements at a time are given by a function of time, seed and shape.

    `where(time, seed, n)` gives (n, 3).
    """

    work_name = "steps"

    def __init__(self, snapshot, seed, where, energy=None):
        self._snapshot, self._seed, self._where, self._energy = snapshot, seed, where, energy
        known = snapshot.unwrapped or snapshot.images is not None
        self._start = snapshot.unwrapped_positions if known else snapshot.positions
        self.time = 0.0
        self.work = 0

    def advance(self, time, progress=None):
        assert time >= self.time
        begin, self.time = self.time, time
        self.work += 1
        return Sample(begin, time, 0.0, 1.0, self._energy)

    def rebase(self):
        pass

    def frame(self):
        moved = self._where(self.time, self._seed, len(self._start))
        return vt.Configuration(
            self._start + moved, self._snapshot.box, self._snapshot.species, unwrapped=True, time=self.time
        )

    def state(self):
        return {}


def moving(where, energy=None):
    """A maker of such engines."""
    return lambda snapshot, seed: Moving(snapshot, seed, where, energy)


def rattling(width=0.1, wide=2.0):
    """Independent places at every time, of the same width along each axis, `wide` times as wide for every other one."""

    def where(time, seed, n):
        rng = np.random.default_rng([seed, round(time * 1e6)])
        scale = width * np.where(np.arange(n) % 2 == 0, 1.0, wide)[:, None]
        return scale * rng.normal(size=(n, 3))

    return where


def made_up_cages(snapshot, seed=0, liquid="hard-spheres", unit=1.0, temperature=None):
    """Cages that somebody might have sampled: wider where few neighbours are near, with noise, and shifted middles."""
    rng = np.random.default_rng(seed)
    n = len(snapshot)
    bare = vt.Configuration(snapshot.positions, snapshot.box, snapshot.species, snapshot.diameters)
    crowd = vt.radial_shells(bare, [1.0, 1.5], 0.15).sum(axis=1)
    crowd = (crowd - crowd.mean()) / crowd.std()
    halves = 0.02 * np.exp(-0.3 * crowd + 0.2 * rng.normal(size=(2, n)))
    variance = halves.mean(axis=0)
    return Cages(
        bare,
        variance,
        snapshot.positions + 0.05 * rng.normal(size=(n, 3)),
        variance[:, None, None] / 3.0 * np.eye(3),
        halves,
        np.sqrt(variance),
        5.0,
        10,
        16,
        0.8,
        Plateau(np.array([2.5, 5.0, 10.0]), np.array([0.02, 0.021, 0.022]), np.array([np.nan, 0.07, np.nan])),
        liquid,
        unit,
        temperature,
        seed,
    )


def reordered(snapshot, cages, order):
    """The same particles in another order."""
    other = vt.Configuration(
        snapshot.positions[order],
        snapshot.box,
        snapshot.species[order],
        None if snapshot.diameters is None else snapshot.diameters[order],
    )
    return other, replace(
        cages,
        snapshot=other,
        variance=cages.variance[order],
        mean_positions=cages.mean_positions[order],
        covariance=cages.covariance[order],
        half_variances=cages.half_variances[:, order],
        distance=cages.distance[order],
    )


def carried(snapshot, cages, rotation=None, shift=0.0, labels=None):
    """The same liquid turned about the origin (of its edges, too), then translated, its species renamed."""
    turn = np.eye(3) if rotation is None else rotation
    labels = {} if labels is None else labels
    species = np.array([labels.get(name, name) for name in snapshot.species.tolist()])
    vectors = snapshot.box.vectors @ turn.T
    if np.allclose(np.abs(turn).max(axis=0), 1.0):  # a symmetry of the cube: rows in the usual order again
        vectors = np.abs(vectors).max(axis=0)
    other = vt.Configuration(
        snapshot.positions @ turn.T + shift, vectors, species, snapshot.diameters, unwrapped=True
    )
    return other, replace(
        cages,
        snapshot=other,
        mean_positions=cages.mean_positions @ turn.T + shift,
        covariance=turn @ cages.covariance @ turn.T,
    )
