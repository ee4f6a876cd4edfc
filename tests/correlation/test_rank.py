from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import pearsonr, rankdata, spearmanr

from vitreous.correlation import rank
from vitreous.correlation.rank import correlation_of_rows, scores


@pytest.mark.parametrize("constant", [0, 1])
def test_a_constant_has_no_score(constant):
    sides = [np.arange(20.0), np.arange(20.0)]
    sides[constant] = np.ones(20)
    assert np.isnan(scores(sides)[constant]).all()
    assert np.isnan(scores(sides, ranks=False)[constant]).all()
    assert np.isnan(correlation_of_rows(*sides))


@pytest.mark.parametrize(("ranks", "theirs"), [(True, spearmanr), (False, pearsonr)])
def test_correlations_of_rows_are_those_of_scipy(ranks, theirs):
    x, y = np.random.default_rng(3).normal(size=(2, 4, 30))
    expected = [theirs(a, b)[0] for a, b in zip(x, y, strict=True)]
    np.testing.assert_allclose(correlation_of_rows(x, y, ranks=ranks), expected, atol=1e-13)


@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200])
def test_ranks_know_no_scale(scale):
    values = np.random.default_rng(3).standard_normal((2, 50))
    np.testing.assert_array_equal(scores(scale * values), scores(values))
    assert scores(values).prod(axis=0).sum() == pytest.approx(spearmanr(*values)[0], abs=1e-13)


@pytest.mark.parametrize("shape", [(1,), (7,), (3, 40), (2, 3, 25), (0, 4), (4, 0)])
@pytest.mark.parametrize("values", [2, 5, 10**9])
def test_ranks_are_those_of_scipy(shape, values):
    rows = np.random.default_rng(values).integers(-values, values, shape).astype(float)
    if rows.ndim == 2 and rows.size > 100:
        rows[0, 3] = np.nan
        rows[1, 4] = -np.inf
    np.testing.assert_array_equal(rank._ranks(rows), rankdata(rows, axis=-1))
