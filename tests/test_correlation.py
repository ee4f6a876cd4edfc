from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from vitreous.correlation import scores, spearman
from vitreous.errors import InputError


@settings(max_examples=40)
@given(st.integers(10, 60), st.integers(2, 30), st.integers(0, 2**32 - 1))
def test_rho_is_that_of_scipy_also_with_ties(n, values, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, values, (2, n))
    x[0], x[1], y[0], y[1] = 0, 1, 0, 1
    found = spearman(x, y)
    assert found.rho == pytest.approx(spearmanr(x, y)[0], abs=1e-13)
    assert -1 <= found.low <= found.high <= 1
    assert found.particles == n


def test_nan_is_left_out():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 30))
    holes, more_holes = x.copy(), y.copy()
    holes[3] = more_holes[7] = np.nan
    whole = np.setdiff1d(np.arange(30), [3, 7])
    assert spearman(holes, more_holes) == spearman(x[whole], y[whole])
    assert spearman(holes, more_holes).particles == 28


def test_the_sign_is_kept():
    x = np.arange(20.0)
    assert spearman(x, np.exp(x)).rho == pytest.approx(1)
    assert spearman(x, -(x**3)).rho == pytest.approx(-1)


def test_the_interval_covers_the_truth():
    # Bivariate normal variables of Pearson's r have Spearman's 6/π arcsin(r/2).
    rng = np.random.default_rng(2)
    truth = 6 / np.pi * np.arcsin(0.25)
    covered = 0
    for sample in range(40):
        x, noise = rng.normal(size=(2, 200))
        found = spearman(x, 0.5 * x + np.sqrt(0.75) * noise, seed=sample)
        covered += found.low <= truth <= found.high
        assert 0.15 < found.high - found.low < 0.35
    assert 33 <= covered <= 40


def test_the_seed_decides():
    x, y = np.random.default_rng(3).normal(size=(2, 50))
    assert spearman(x, y) == spearman(x, y)
    assert spearman(x, y, seed=1) != spearman(x, y, seed=2)


@pytest.mark.parametrize("constant", [0, 1])
def test_a_constant_has_no_rank(constant):
    sides = [np.arange(20.0), np.arange(20.0)]
    sides[constant] = np.ones(20)
    found = spearman(*sides)
    assert np.isnan([found.rho, found.low, found.high]).all()
    assert found.particles == 20
    assert np.isnan(scores(sides)[constant]).all()
    assert np.isnan(scores(sides, ranks=False)[constant]).all()


@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200])
def test_ranks_know_no_scale(scale):
    values = np.random.default_rng(3).standard_normal((2, 50))
    np.testing.assert_array_equal(scores(scale * values), scores(values))
    assert scores(values).prod(axis=0).sum() == pytest.approx(spearmanr(*values)[0], abs=1e-13)


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
