"""Correlation at infinitely many runs, and errors by jackknife, where the truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from vitreous.correlation.infinite_runs import at_infinitely_many_runs
from vitreous.correlation.jackknife import jackknife
from vitreous.correlation.rank import correlation_of_rows

TRUE, SPREAD, NOISE, RUNS, PARTICLES = 0.5, 0.08, 2.0, 4, 200


def snapshots(count, rng):
    """(n,) correlations with the mean of a few noisy runs, and those of both halves of the runs with each other."""
    true = TRUE + SPREAD * rng.standard_normal(count)
    propensity, other = rng.standard_normal((2, count, PARTICLES))
    structure = true[:, None] * propensity + np.sqrt(1.0 - true[:, None] ** 2) * other
    runs = propensity + NOISE * rng.standard_normal((RUNS, count, PARTICLES))
    half = correlation_of_rows(runs[:2].mean(axis=0), runs[2:].mean(axis=0), ranks=False)
    return correlation_of_rows(structure, runs.mean(axis=0), ranks=False), half


def test_it_is_unbiased_and_its_interval_holds_the_truth():
    rng = np.random.default_rng(5)
    values, raw, held, repeats, count = [], [], 0, 1000, 6
    for _ in range(repeats):
        rho, half = snapshots(count, rng)
        found = jackknife(lambda use, r=rho, h=half: float(at_infinitely_many_runs(r[use], h[use])), count)
        held += abs(found.value - TRUE) < stats.t.ppf(0.975, count - 1) * found.error
        values.append(found.value)
        raw.append(rho.mean())
    spread = np.std(values)
    assert np.mean(raw) < TRUE - 0.1  # what is to be corrected
    assert abs(np.mean(values) - TRUE) < 0.1 * spread + 3.0 * spread / math.sqrt(repeats)
    assert abs(held / repeats - 0.95) < 3.0 * math.sqrt(0.95 * 0.05 / repeats)


def test_with_perfect_agreement_nothing_is_corrected():
    rho = np.array([[0.2, 0.4], [0.4, 0.2]])
    assert at_infinitely_many_runs(rho, np.ones((2, 2))) == pytest.approx([0.3, 0.3])
    assert np.isnan(at_infinitely_many_runs(rho, -0.1 * np.ones((2, 2)))).all()


def test_the_jackknife_of_a_mean_is_the_mean_with_its_error():
    values = np.array([0.3, 0.5, 0.1, 0.45])
    found = jackknife(lambda use: float(values[use].mean()), 4)
    assert found.value == pytest.approx(values.mean())
    assert found.pseudo == pytest.approx(values)
    assert found.error == pytest.approx(stats.sem(values))


def test_the_jackknife_of_a_ratio_is_that_of_the_textbook():
    """Linearised: the residuals y - R x over the mean of x."""
    rng = np.random.default_rng(2)
    x = 5.0 + 0.1 * rng.standard_normal(400)
    y = 2.0 * x + 0.3 * rng.standard_normal(400)
    found = jackknife(lambda use: float(y[use].mean() / x[use].mean()), 400)
    ratio = y.mean() / x.mean()
    assert found.error == pytest.approx(np.std(y - ratio * x, ddof=1) / x.mean() / 20.0, rel=1e-3)


def test_the_jackknife_of_few():
    assert math.isnan(jackknife(lambda use: 1.0, 0).value)
    one = jackknife(lambda use: 1.0, 1)
    assert one.value == 1.0
    assert math.isnan(one.error)
    unknown = jackknife(lambda use: math.nan if len(use) < 3 else 1.0, 3)
    assert unknown.value == 1.0
    assert np.isnan(unknown.pseudo).all()
    assert math.isnan(unknown.error)
