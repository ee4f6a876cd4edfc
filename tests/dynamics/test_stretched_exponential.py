from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitreous.dynamics.stretched_exponential import fit_stretched_exponential
from vitreous.errors import InputError

TIMES = np.geomspace(1e-2, 1e5, 105)
BEGINNING = 0.1


def decay(tau, beta, gamma, times=TIMES):
    """A fast decay at 0.1 to γ, and a slow one from there; γ = 1 has the slow one only."""
    fast = np.exp(-((times / BEGINNING) ** 1.5))
    return (1 - gamma) * fast + gamma * np.exp(-((times / tau) ** beta))


@settings(max_examples=40)
@given(
    st.floats(50.0, 3000.0),
    st.floats(0.5, 1.0),
    st.floats(0.65, 0.92),
    st.floats(0.002, 0.015),
    st.integers(0, 2**32 - 1),
)
def test_parameters_are_recovered_within_their_errors(tau, beta, gamma, noise, seed):
    value = decay(tau, beta, gamma) + noise * np.random.default_rng(seed).normal(size=len(TIMES))
    found = fit_stretched_exponential(TIMES, value, np.full(len(TIMES), noise))
    assert found.found, found.reason
    assert abs(found.tau - tau) < 5 * found.tau_error
    assert abs(found.beta - beta) < 5 * found.beta_error
    if not math.isnan(found.gamma_error):  # not held at 1
        assert abs(found.gamma - gamma) < 5 * found.gamma_error
    assert found.tau_error < 0.5 * tau
    assert value[np.searchsorted(TIMES, found.begin)] == pytest.approx(
        0.8 * found.plateau if found.plateau == found.plateau else 0.6, abs=0.15
    )


@pytest.mark.parametrize("memory", [0.0, 1.0])
@pytest.mark.parametrize("known", [True, False])
def test_errors_mean_what_they_say(memory, known):
    """Two of three samples lie within one standard error; with errors that remember a decade of time as well."""
    tau, beta, gamma, noise = 100.0, 0.7, 0.75, 0.01
    distance = np.abs(np.log(TIMES)[:, None] - np.log(TIMES))
    correlation = np.exp(-distance / memory) if memory else np.eye(len(TIMES))
    root = np.linalg.cholesky(correlation)
    rng = np.random.default_rng(3)
    scores = []
    for _ in range(150):
        value = decay(tau, beta, gamma) + noise * root @ rng.normal(size=len(TIMES))
        found = fit_stretched_exponential(
            TIMES, value, np.full(len(TIMES), noise), correlation=correlation if known else None
        )
        scores.append([(found.tau - tau) / found.tau_error, (found.beta - beta) / found.beta_error])
    spread = np.std(scores, axis=0)
    if known or memory == 0.0:
        np.testing.assert_allclose(spread, 1.0, atol=0.2)
        np.testing.assert_allclose((np.abs(scores) < 1).mean(axis=0), 0.68, atol=0.1)
    else:  # errors that are taken as independent and are not
        assert (spread > 1.25).all()


def test_without_errors_they_come_from_the_scatter():
    rng = np.random.default_rng(4)
    value = decay(200.0, 0.6, 0.8) + 0.01 * rng.normal(size=len(TIMES))
    with_errors = fit_stretched_exponential(TIMES, value, np.full(len(TIMES), 0.01))
    without = fit_stretched_exponential(TIMES, value)
    assert without.beta == pytest.approx(with_errors.beta, abs=2 * with_errors.beta_error)
    assert without.tau_error == pytest.approx(with_errors.tau_error, rel=0.6)
    assert without.deviation == pytest.approx(0.01, rel=0.5)


def test_a_clean_curve_to_all_digits():
    value = decay(500.0, 0.8, 0.7)
    found = fit_stretched_exponential(TIMES, value)
    assert (found.tau, found.beta, found.gamma) == pytest.approx((500.0, 0.8, 0.7), rel=1e-6)
    assert found.plateau == pytest.approx(0.7, abs=0.02)
    np.testing.assert_allclose(
        found.at([50.0, 500.0]), decay(500.0, 0.8, 0.7, np.array([50.0, 500.0])), rtol=1e-6
    )


def test_the_window_follows_its_rules():
    t = TIMES
    value = decay(500.0, 0.8, 0.7)
    found = fit_stretched_exponential(t, value, np.full(len(t), 0.04))
    inside = (t >= found.begin) & (t <= found.end)
    assert inside.sum() == found.points
    assert value[inside].max() <= 0.8 * found.plateau
    assert value[inside].min() >= 0.08  # twice the error
    assert value[np.flatnonzero(inside)[0] - 1] > 0.8 * found.plateau
    assert value[np.flatnonzero(inside)[-1] + 1] < 0.08
    single = np.exp(-t / 30.0)  # no plateau
    found = fit_stretched_exponential(t, single)
    assert math.isnan(found.plateau)
    assert single[t >= found.begin].max() <= 0.6 < single[t < found.begin].min()
    assert single[t <= found.end].min() >= 0.05 > single[t > found.end].max()
    assert (found.tau, found.beta) == pytest.approx((30.0, 1.0), rel=1e-6)


def test_an_error_that_all_times_have_in_common_does_not_end_the_window():
    value = decay(100.0, 0.7, 0.75)
    common, noise = 0.4 * np.abs(np.gradient(value, np.log(TIMES))), np.full(len(TIMES), 0.005)
    error = np.hypot(common, noise)
    correlation = (np.outer(common, common) + np.diag(noise**2)) / np.outer(error, error)
    whole = fit_stretched_exponential(TIMES, value, error, correlation=correlation, noise=noise)
    assert whole.end == fit_stretched_exponential(TIMES, value, noise).end
    assert fit_stretched_exponential(TIMES, value, error, correlation=correlation).end < whole.end
    # All times are early or late by the same part, and so is τ; β hardly knows of it.
    alone = fit_stretched_exponential(TIMES, value, noise)
    assert whole.tau_error == pytest.approx(math.hypot(alone.tau_error, 0.4 * alone.tau), rel=0.05)
    assert whole.beta_error == pytest.approx(alone.beta_error, rel=0.1)


def test_an_amplitude_above_1_is_held():
    value = np.minimum(1.0, 1.3 * np.exp(-((TIMES / 10.0) ** 0.9)))
    found = fit_stretched_exponential(TIMES, value, np.full(len(TIMES), 0.01))
    assert found.gamma == 1.0
    assert math.isnan(found.gamma_error)
    assert found.tau == pytest.approx(14.0, rel=0.15)
    assert 0.02 < found.tau_error / found.tau < 0.5  # that of a free amplitude


@pytest.mark.parametrize(
    ("value", "error", "saying"),
    [
        (decay(1e7, 0.6, 0.7), 0.01, r"falls only to 0\.6\d, not below 0\.5\d"),
        (decay(3e5, 0.6, 0.7), 0.01, "falls only from .* where it could be fitted"),
        (decay(100.0, 0.7, 0.7), 0.4, "0 points .* down to the noise are too few"),
        (np.full(len(TIMES), np.nan), 0.1, "0 values are too few"),
        (decay(3e4, 0.4, 0.7), 0.08, "does not determine a relaxation time"),
    ],
)
def test_what_cannot_be_fitted_says_why(value, error, saying):
    found = fit_stretched_exponential(TIMES, value, np.full(len(TIMES), error))
    assert not found.found
    assert math.isnan(found.tau)
    assert np.isnan(found.at(1.0))
    assert re.search(saying, found.reason), found.reason


def test_nan_are_left_out():
    value = decay(500.0, 0.8, 0.7)
    value[::7] = np.nan
    assert fit_stretched_exponential(TIMES, value).tau == pytest.approx(500.0, rel=1e-6)


def test_refused():
    with pytest.raises(InputError, match="arrays of one length"):
        fit_stretched_exponential(TIMES, TIMES[:-1])
    with pytest.raises(InputError, match="positive and increasing"):
        fit_stretched_exponential(TIMES[::-1], TIMES)
    with pytest.raises(InputError, match="must be an array of numbers"):
        fit_stretched_exponential(TIMES, ["a"] * len(TIMES))
    with pytest.raises(InputError, match="arrays of one length"):
        fit_stretched_exponential(TIMES, TIMES, correlation=np.eye(3))
    with pytest.raises(InputError, match="arrays of one length"):
        fit_stretched_exponential(TIMES, TIMES, noise=[0.1])
