from __future__ import annotations

import numpy as np
import pytest

from vitreous.configuration import Configuration
from vitreous.dynamics.spatial_error import spatial_standard_error
from vitreous.errors import InputError


@pytest.fixture(scope="module")
def places():
    return Configuration(np.random.default_rng(0).random((1500, 3)) * 10, 10.0)


def test_independent_particles_have_the_usual_error(places):
    values = np.random.default_rng(1).normal(size=(300, 1500))
    found = spatial_standard_error(values, places) * np.sqrt(1500)
    assert found.shape == (300,)
    assert found.mean() == pytest.approx(1.08, abs=0.06)
    assert found.std() < 0.25


@pytest.mark.parametrize("length", [0.7, 1.5])
def test_particles_that_move_together(places, length):
    """A random field with spectrum 1 / (1 + (kξ)²)², known exactly at k = 0 too."""
    rng = np.random.default_rng(2)
    grid = 24
    k = 2 * np.pi / 10 * np.fft.fftfreq(grid, 1 / grid)
    square = k[:, None, None] ** 2 + k[None, :, None] ** 2 + k[None, None, :] ** 2
    amplitude = 1 / (1 + square * length**2)
    cell = tuple(np.floor(places.positions / 10 * grid).astype(int).T)
    fields = np.stack(
        [np.fft.ifftn(np.fft.fftn(rng.normal(size=(grid,) * 3)) * amplitude).real[cell] for _ in range(200)]
    )
    truth = fields.mean(axis=1).std()
    found = np.sqrt(np.mean(spatial_standard_error(fields, places) ** 2))
    naive = fields.std(axis=1).mean() / np.sqrt(1500)
    assert naive < 0.35 * truth
    assert 0.75 < found / truth < 1.3


def test_the_unit_and_the_origin_do_not_matter(places):
    values = np.random.default_rng(3).normal(size=1500)
    error = spatial_standard_error(values, places)
    assert error.shape == ()
    np.testing.assert_allclose(spatial_standard_error(1000 + 7 * values, places), 7 * error, rtol=1e-9)
    assert spatial_standard_error(np.full(1500, 3.0), places) == 0


def test_nan_is_not_hidden(places):
    values = np.random.default_rng(4).normal(size=(2, 1500))
    values[0, 5] = np.nan
    assert np.isnan(spatial_standard_error(values, places)).tolist() == [True, False]


def test_refused(places):
    with pytest.raises(InputError, match="values: expected one for each of 1500 particles"):
        spatial_standard_error(np.zeros(3), places)
    with pytest.raises(InputError, match="9 particles are too few"):
        spatial_standard_error(np.zeros(9), Configuration(np.random.default_rng(0).random((9, 3)), 1.0))
    with pytest.raises(InputError, match="periodic along all axes"):
        spatial_standard_error(
            np.zeros(20),
            Configuration(np.random.default_rng(0).random((20, 3)), 1.0, periodic=(True, True, False)),
        )
