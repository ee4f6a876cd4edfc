from __future__ import annotations

import numpy as np
import pytest

from vitreous.errors import InputError
from vitreous.simulate.drift import measure_drift

BLOCKS = 32


def slow_noise(rng, runs, correlation, fine=20):
    """(runs, BLOCKS) block means of noise with unit variance, correlated over so many blocks."""
    keep = np.exp(-1 / (fine * correlation))
    x = np.empty((runs, BLOCKS * fine))
    x[:, 0] = rng.normal(size=runs)
    for k in range(1, x.shape[1]):
        x[:, k] = keep * x[:, k - 1] + np.sqrt(1 - keep**2) * rng.normal(size=runs)
    return x.reshape(runs, BLOCKS, fine).mean(axis=2)


@pytest.mark.parametrize(("white", "slow"), [(1.0, 0.0), (0.0, 1.0), (0.5, 1.0), (1.0, 0.5)])
def test_false_alarms(white, slow):
    """Correlations over 8 of 32 blocks; twice that is assumed, as `check` does."""
    rng = np.random.default_rng(0)
    series = white * rng.normal(size=(200, BLOCKS)) + slow * slow_noise(rng, 200, 8)
    significance = np.array([measure_drift(y, 0.0, 32.0, 16.0).significance for y in series])
    assert (np.abs(significance) > 3).mean() <= 0.02
    assert 0.4 < np.sqrt(np.mean(significance**2)) < 1.25


def test_the_usual_error_would_not_do():
    rng = np.random.default_rng(1)
    t = np.arange(BLOCKS) - (BLOCKS - 1) / 2
    alarms = 0
    for y in slow_noise(rng, 200, 8):
        slope = t @ y / (t @ t)
        rest = y - y.mean() - slope * t
        alarms += abs(slope) > 3 * np.sqrt(rest @ rest / (BLOCKS - 2) / (t @ t))
    assert alarms > 60


def test_a_drift_is_seen():
    rng = np.random.default_rng(2)
    series = rng.normal(size=(100, BLOCKS)) + 0.3 * slow_noise(rng, 100, 4) + np.linspace(-4, 4, BLOCKS)
    found = [measure_drift(y, 10.0, 42.0, 4.0) for y in series]
    assert np.mean([drift.significance > 3 for drift in found]) > 0.95
    assert np.mean([drift.change for drift in found]) == pytest.approx(8 * 32 / 31, rel=0.1)


def test_a_line():
    t = 5 + 2 * (np.arange(BLOCKS) + 0.5) / BLOCKS
    drift = measure_drift(3 - 0.25 * t, 5.0, 7.0, 1.0)
    assert drift.slope == pytest.approx(-0.25, rel=1e-9)
    assert drift.mean == pytest.approx(3 - 0.25 * 6)
    assert drift.change == pytest.approx(-0.5)
    assert drift.relative == pytest.approx(-0.5 / 1.5)
    assert drift.significance < -1e3
    assert drift.change_error == pytest.approx(2 * drift.error)
    np.testing.assert_allclose(drift.at([5, 7]), [1.75, 1.25], rtol=1e-9)


def test_units_do_not_matter():
    y = np.random.default_rng(3).normal(size=BLOCKS)
    one, other = measure_drift(y, 0.0, 1.0, 0.2), measure_drift(1e6 - 1e3 * y, 0.0, 50.0, 10.0)
    assert other.significance == pytest.approx(-one.significance, rel=1e-6)
    assert other.change == pytest.approx(-1e3 * one.change, rel=1e-6)


def test_a_constant():
    drift = measure_drift(np.full(BLOCKS, 7.0), 0.0, 1.0, 0.5)
    assert (drift.slope, drift.error, drift.significance, drift.mean) == (0.0, 0.0, 0.0, 7.0)
    assert np.isnan(measure_drift(np.zeros(BLOCKS), 0.0, 1.0, 0.5).relative)


@pytest.mark.parametrize(
    ("values", "end", "time"),
    [(np.ones(7), 1.0, 1.0), (np.full(32, np.nan), 1.0, 1.0), (np.ones((8, 8)), 1.0, 1.0), (np.ones(9), 0.0, 1.0),
     (np.ones(9), 1.0, 0.0), (np.ones(9), 1.0, np.nan)],
)  # fmt: skip
def test_refused(values, end, time):
    with pytest.raises(InputError, match="drift:"):
        measure_drift(values, 0.0, end, time)
