"""Correlations of groups of particles: against scipy, and when an interval is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

import vitreous as vt
from vitreous.correlation.associate import associate, spearman, without_gaps
from vitreous.errors import InputError


def liquid(n, periodic=(True, True, True), species=None):
    edge = (n / 1.1) ** (1 / 3)
    positions = np.random.default_rng(9).random((n, 3)) * edge
    return vt.Configuration(positions, (edge,) * 3, species, periodic=periodic)


@settings(max_examples=40, deadline=None)
@given(st.integers(10, 60), st.integers(2, 30), st.integers(0, 2**32 - 1))
def test_rho_is_that_of_scipy_also_with_ties(n, values, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, values, (2, n))
    x[0], x[1], y[0], y[1] = 0, 1, 0, 1
    found = spearman(x, y)
    assert found.rho == pytest.approx(spearmanr(x, y)[0], abs=1e-13)
    assert found.particles == n


def test_the_interval_needs_to_know_where_the_particles_are():
    x, noise = np.random.default_rng(1).normal(size=(2, 100))
    y = x + noise
    known = spearman(x, y, liquid(100))
    assert known.low < known.rho < known.high
    for found in (spearman(x, y), spearman(x, y, liquid(100, periodic=(True, True, False)))):
        assert found.rho == pytest.approx(known.rho, abs=1e-14)
        assert np.isnan([found.low, found.high]).all()
    assert spearman(x, y, liquid(100)) == known
    assert spearman(x, y, liquid(100), seed=1).low != known.low


def test_nan_chooses_a_species_and_the_interval_is_that_of_correlate():
    snapshot = liquid(120, species=np.array(["A", "B", "B"] * 40))
    x, y = np.random.default_rng(1).normal(size=(2, 120))
    found = spearman(np.where(snapshot.species == "B", x, np.nan), y, snapshot)
    curves = vt.correlate({"x": x}, vt.Propensity(snapshot, np.ones(1), y[None]))
    assert found.particles == 80
    assert (found.rho, found.low, found.high) == (
        curves.rho[0, 1, 0], curves.low[0, 1, 0], curves.high[0, 1, 0],
    )  # fmt: skip


def test_nan_is_left_out():
    x, y = np.random.default_rng(1).normal(size=(2, 30))
    holes, more_holes = x.copy(), y.copy()
    holes[3] = more_holes[7] = np.nan
    whole = np.setdiff1d(np.arange(30), [3, 7])
    assert spearman(holes, more_holes).rho == spearman(x[whole], y[whole]).rho
    assert spearman(holes, more_holes).particles == 28


def test_the_sign_is_kept():
    x = np.arange(20.0)
    assert spearman(x, np.exp(x)).rho == pytest.approx(1)
    assert spearman(x, -(x**3)).rho == pytest.approx(-1)


@pytest.mark.parametrize("constant", [0, 1])
def test_a_constant_has_no_rank(constant):
    sides = [np.arange(20.0), np.arange(20.0)]
    sides[constant] = np.ones(20)
    found = spearman(*sides, liquid(20))
    assert np.isnan([found.rho, found.low, found.high]).all()
    assert found.particles == 20


def test_each_quantity_has_its_own_gaps():
    snapshot = liquid(40)
    fields, others = np.random.default_rng(2).normal(size=(2, 3, 40))
    fields[1, :7] = np.nan
    fields[2, :31] = np.nan
    others[1] = 4.0
    found = associate(snapshot, fields, others)
    assert found.particles.tolist() == [[40], [33], [9]]
    assert found.rho[1, 0, 2] == pytest.approx(spearmanr(fields[1, 7:], others[2, 7:])[0], abs=1e-13)
    assert np.isfinite(found.low[:, 0]).tolist() == [[True, False, True]] * 2 + [[False] * 3]
    assert np.isnan(found.difference_low).all()
    assert associate(snapshot, without_gaps(fields[:2]), others).particles.tolist() == [[33], [33]]


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (np.arange(9), np.arange(9), "9 pairs of values are too few"),
        (np.arange(20), np.arange(21), r"got \(20,\) and \(21,\)"),
        (np.ones((20, 2)), np.ones((20, 2)), "arrays of one length"),
        ([np.nan] * 20, np.arange(20), "0 pairs"),
    ],
)
def test_refused(x, y, words):
    with pytest.raises(InputError, match=words):
        spearman(x, y)
    with pytest.raises(InputError, match="expected 30 values, one for each particle, got 20"):
        spearman(np.arange(20), np.arange(20), liquid(30))
