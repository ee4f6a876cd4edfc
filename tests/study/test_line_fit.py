"""A line through points with errors in both directions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, stats

from vitreous.study.line_fit import _chance, line_fit

# Pearson's points with York's weights, the example of the literature.
X = np.array([0.0, 0.9, 1.8, 2.6, 3.3, 4.4, 5.2, 6.1, 6.5, 7.4])
Y = np.array([5.9, 5.4, 4.4, 4.6, 3.5, 3.7, 2.8, 2.8, 2.4, 1.5])
X_ERROR = np.array([1000.0, 1000.0, 500.0, 800.0, 200.0, 80.0, 60.0, 20.0, 1.8, 1.0]) ** -0.5
Y_ERROR = np.array([1.0, 1.8, 4.0, 8.0, 20.0, 20.0, 70.0, 70.0, 100.0, 500.0]) ** -0.5


def test_the_example_of_york():
    """Am. J. Phys. 72, 367 (2004), Table II: a = 5.47991, b = -0.480533, errors 0.2950 and 0.0580, S = 11.866."""
    found = line_fit(X, Y, X_ERROR, Y_ERROR)
    assert found.a == pytest.approx(5.4799102, abs=1e-6)
    assert found.b == pytest.approx(-0.4805334, abs=1e-7)
    assert found.errors == pytest.approx((0.2950, 0.0580), abs=5e-5)
    assert found.chi_squared == pytest.approx(11.8663532, abs=1e-6)
    assert found.freedom == 8
    assert found.chance == pytest.approx(stats.chi2.sf(found.chi_squared, 8), abs=1e-6)


def test_it_is_the_minimum_of_chi_squared():
    """Without any formula of York: the line that minimises the distances, found by a general minimiser."""
    rng = np.random.default_rng(3)
    x = np.linspace(0.3, 0.9, 6)
    x_error, y_error = rng.uniform(0.005, 0.05, 6), rng.uniform(0.05, 0.5, 6)
    y = 9.0 - 12.0 * x + np.hypot(y_error, 12.0 * x_error) * rng.standard_normal(6)

    def chi_squared(line):
        return ((y - line[0] - line[1] * x) ** 2 / (y_error**2 + (line[1] * x_error) ** 2)).sum()

    best = optimize.minimize(
        chi_squared, [9.0, -12.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}
    )
    found = line_fit(x, y, x_error, y_error)
    assert (found.a, found.b) == pytest.approx(tuple(best.x), abs=1e-5)
    assert found.chi_squared == pytest.approx(best.fun)


def test_without_errors_of_x_it_is_weighted_least_squares():
    found = line_fit(X, Y, 0.0, Y_ERROR)
    (b, a), covariance = np.polyfit(X, Y, 1, w=1.0 / Y_ERROR, cov="unscaled")
    assert (found.a, found.b) == pytest.approx((a, b))
    assert found.errors == pytest.approx(tuple(np.sqrt(np.diag(covariance))[::-1]))
    assert found.typical_error == pytest.approx(np.sqrt((Y_ERROR**2).mean()))


def test_exchanging_the_axes_gives_the_same_line():
    found, other = line_fit(X, Y, X_ERROR, Y_ERROR), line_fit(Y, X, Y_ERROR, X_ERROR)
    assert (other.b, other.a) == pytest.approx((1.0 / found.b, -found.a / found.b))
    assert other.chi_squared == pytest.approx(found.chi_squared)


def test_a_level_line_is_the_test_of_welch():
    """Against Welch's formula for the equality of means, with the line's slope as good as fixed by far points."""
    rng = np.random.default_rng(0)
    groups = [rng.standard_normal(n) * s for n, s in ((4, 1.0), (6, 2.0), (5, 0.5))]
    means = np.array([g.mean() for g in groups])
    weights = np.array([len(g) / g.var(ddof=1) for g in groups])
    freedom = np.array([len(g) - 1.0 for g in groups])
    mean = (weights * means).sum() / weights.sum()
    numerator = (weights * (means - mean) ** 2).sum() / 2.0
    inverse = ((1.0 - weights / weights.sum()) ** 2 / freedom).sum()
    welch = stats.f.sf(numerator / (1.0 + 2.0 * inverse / 8.0), 2.0, 8.0 / (3.0 * inverse))
    assert _chance(2.0 * numerator, 2, inverse) == pytest.approx(welch)


def test_errors_and_chances_are_those_of_repetition():
    """Slopes spread as their errors say, and of true lines 5 % have a chance below 5 %, errors from four values."""
    rng = np.random.default_rng(1)
    x = np.linspace(0.5, 0.9, 5)
    slopes, errors, chances, naive = [], [], [], []
    for _ in range(2000):
        p = x[:, None] + 0.02 * rng.standard_normal((5, 4))
        q = 3.0 - 12.0 * x[:, None] + 0.3 * rng.standard_normal((5, 4))
        about = [stats.sem(values, axis=1) for values in (p, q)]
        found = line_fit(p.mean(axis=1), q.mean(axis=1), *about, 3.0, 3.0)
        chances.append(found.chance)
        naive.append(stats.chi2.sf(found.chi_squared, 3))
        exact = line_fit(p.mean(axis=1), q.mean(axis=1), 0.01, 0.15)
        slopes.append(exact.b)
        errors.append(exact.errors[1])
    assert np.mean(slopes) == pytest.approx(-12.0, abs=4.0 * np.std(slopes) / math.sqrt(2000))
    assert np.mean(errors) == pytest.approx(np.std(slopes), rel=0.07)
    assert abs(np.mean(np.array(chances) < 0.05) - 0.05) < 0.02
    assert np.mean(np.array(naive) < 0.05) > 0.08  # what it would be without


@pytest.mark.parametrize(
    ("x", "y"), [([], []), (X[:2], Y[:2]), (np.full(5, 0.5), Y[:5]), (X[:4], [1.0, math.nan, math.nan, 2.0])]
)
def test_too_little_for_a_line(x, y):
    found = line_fit(x, y, 0.1, 0.1)
    assert not found.found
    assert math.isnan(found.chance)
