"""Correlations of one snapshot and their differences, all on the same particles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import vitreous as vt
from leagues import made_up_propensity, smooth
from vitreous.errors import InputError
from vitreous.predictors.pairing import paired


@pytest.fixture(scope="module", name="snapshot")
def _snapshot():
    rng = np.random.default_rng(0)
    species = np.where(rng.random(800) < 0.3, "A", "B")
    return vt.Configuration(rng.random((800, 3)) * 9.0, 9.0, species, 1.0)


@pytest.fixture(scope="module", name="signal")
def _signal(snapshot):
    return smooth(snapshot, 1)


@pytest.fixture(scope="module", name="fields")
def _fields(snapshot, signal):
    rng = np.random.default_rng(2)
    return np.array([signal + noise * rng.standard_normal(800) for noise in (1.0, 0.3, 3.0)])


def find(snapshot, fields, dynamics, seed=0):
    return paired(snapshot, fields, 0, dynamics.mean[0], dynamics.halves[:, 0], seed)


def test_values_are_those_of_correlate(snapshot, signal, fields):
    dynamics = made_up_propensity(snapshot, signal)
    found = find(snapshot, fields, dynamics, seed=3)
    theirs = vt.correlate({str(k): field for k, field in enumerate(fields)}, dynamics, seed=3)
    for name in ("rho", "low", "high"):
        np.testing.assert_allclose(getattr(found, name), getattr(theirs, name)[:, :, :1], atol=1e-12)
    np.testing.assert_allclose(found.half, theirs.half[:, 0], atol=1e-12)
    assert found.particles.tolist() == [theirs.particles.tolist()] * 3


def test_differences_surround_what_they_are_of(snapshot, signal, fields):
    found = find(snapshot, fields, made_up_propensity(snapshot, signal))
    difference = found.rho - found.rho[0]
    np.testing.assert_allclose(0.5 * (found.difference_low + found.difference_high), difference, atol=1e-12)
    np.testing.assert_array_equal(found.difference_low[0], 0.0)
    np.testing.assert_array_equal(found.difference_high[0], 0.0)
    assert (found.difference_low[1] > 0.0).all()
    assert (found.difference_high[2] < 0.0).all()


def test_a_paired_interval_is_narrower(snapshot, signal):
    """What two like fields have in common drops out of their difference."""
    rng = np.random.default_rng(7)
    fields = np.array([signal + 0.2 * rng.standard_normal(800) for _ in range(2)])
    found = find(snapshot, fields, made_up_propensity(snapshot, signal, noise=2.0))
    assert (found.difference_high - found.difference_low)[1].max() < 0.5 * (found.high - found.low)[1].min()


def test_equally_good_fields_are_told_to_be_so(snapshot):
    held = 0
    for k in range(8):
        signal, rng = smooth(snapshot, 100 + k), np.random.default_rng(k)
        fields = np.array([signal + rng.standard_normal(800) for _ in range(2)])
        found = find(snapshot, fields, made_up_propensity(snapshot, signal, k))
        held += int(((found.difference_low[1] < 0) & (found.difference_high[1] > 0)).sum())
    assert held >= 14  # of 16, both species


def test_a_particle_without_one_value_is_left_out_of_all(snapshot, signal, fields):
    dynamics = made_up_propensity(snapshot, signal)
    holes = fields.copy()
    holes[2, :100] = np.nan
    found = find(snapshot, holes, dynamics)
    alone = find(snapshot, fields[:, :], dynamics)
    kept = np.arange(100, 800)
    cut = vt.Configuration(snapshot.positions[kept], 9.0, snapshot.species[kept], 1.0)
    without = replace(dynamics, snapshot=cut, mean=dynamics.mean[:, kept], halves=dynamics.halves[:, :, kept])
    np.testing.assert_allclose(found.rho, find(cut, fields[:, kept], without).rho, atol=1e-12)
    assert not np.allclose(found.rho[0], alone.rho[0], atol=1e-6)
    assert found.particles.sum(axis=1).tolist() == [700] * 3


def test_an_open_box_has_no_intervals(snapshot, signal, fields):
    cut = vt.Configuration(snapshot.positions, snapshot.box, snapshot.species, periodic=(True, True, False))
    found = find(cut, fields, made_up_propensity(cut, signal))
    assert np.isfinite(found.rho).all()
    assert np.isnan([found.low, found.high, found.difference_low, found.difference_high]).all()


def test_without_halves(snapshot, signal, fields):
    dynamics = made_up_propensity(snapshot, signal)
    assert np.isnan(paired(snapshot, fields, 0, dynamics.mean[0], None, 0).half).all()


def test_a_field_that_does_not_vary_has_no_correlation(snapshot, signal, fields):
    flat = fields.copy()
    flat[1] = 2.0
    found = find(snapshot, flat, made_up_propensity(snapshot, signal))
    assert np.isnan(found.rho[1]).all()
    assert np.isfinite(found.rho[[0, 2]]).all()
    assert np.isfinite(found.low[[0, 2]]).all()


def test_too_few_particles(snapshot, signal, fields):
    holes = fields.copy()
    holes[1, np.flatnonzero(snapshot.species == "A")[9:]] = np.nan
    with pytest.raises(InputError, match="9 particles of species A"):
        find(snapshot, holes, made_up_propensity(snapshot, signal))
