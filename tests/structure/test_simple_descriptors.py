"""Density, coordination and random fields against plain sums."""

from __future__ import annotations

import numpy as np
import pytest

import vitreous as vt
from strategies import shaken_lattice
from vitreous.errors import InputError
from vitreous.structure.simple_descriptors import coordination_number, local_density, random_averages


@pytest.fixture(scope="module", name="liquid")
def _liquid():
    return shaken_lattice()


def distances(liquid):
    d = liquid.positions[:, None] - liquid.positions
    d -= liquid.box.lengths * np.rint(d / liquid.box.lengths)
    r = np.linalg.norm(d, axis=-1)
    np.fill_diagonal(r, np.inf)
    return r


def test_density(liquid):
    within = (distances(liquid) < 1.9).sum(axis=1) + 1
    np.testing.assert_allclose(local_density(liquid, 1.9), within / (4 / 3 * np.pi * 1.9**3))
    assert local_density(liquid, 2.9).mean() == pytest.approx(1.2, rel=0.05)
    for radius in (0, -1, np.nan, np.inf):
        with pytest.raises(InputError, match="radius"):
            local_density(liquid, radius)


def test_coordination(liquid):
    assert np.array_equal(coordination_number(liquid), vt.sann(liquid).counts)


def test_random_averages(liquid):
    found = random_averages(liquid, 1.5, 30, seed=2)
    assert found.shape == (30, len(liquid))
    assert np.array_equal(found, random_averages(liquid, 1.5, 30, seed=2))
    assert not np.array_equal(found[0], found[1])
    counts = (distances(liquid) < 1.5).sum(axis=1) + 1
    # the variance of a mean of independent numbers
    assert (found.var(axis=0) * counts).mean() == pytest.approx(1.0, abs=0.1)
