"""The exponential dependence of times on ⟨P_red⟩."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from study.synthetic import INTERCEPT, SLOPE, study_results, without
from vitreous.study.supercooling import exponential_fit, supercooling

P = np.array([0.40, 0.46, 0.55, 0.61, 0.70])
TAU = np.exp(3.0 - 12.0 * P)


def test_a_perfect_exponential():
    fit = exponential_fit(P, TAU, 0.1 * TAU)
    assert fit.a == pytest.approx(3.0)
    assert fit.b == pytest.approx(-12.0)
    assert fit.deviation == pytest.approx(0.0, abs=1e-12)
    assert fit.r == pytest.approx(-1.0)
    assert fit.tau([0.5]) == pytest.approx(np.exp(-3.0))
    # all points alike: the textbook's formula
    expected = 0.1 / np.sqrt(((P - P.mean()) ** 2).sum())
    assert fit.errors[1] == pytest.approx(expected)
    a, b, errors, deviation, r = fit
    assert (a, b, errors, deviation, r) == tuple(fit)


@pytest.mark.parametrize("scatter", [0.0, 0.3])
def test_errors_are_those_of_repetition(scatter):
    """Slopes from noise of known size spread as the fit says, whether the noise is in the errors of τ or beyond."""
    rng = np.random.default_rng(1)
    x = np.linspace(0.3, 0.8, 12)
    sigma = np.where(np.arange(12) < 6, 0.05, 0.2)
    found = []
    for _ in range(200):
        y = 3.0 - 12.0 * x + np.hypot(sigma, scatter) * rng.standard_normal(12)
        found.append(exponential_fit(x, np.exp(y), sigma * np.exp(y)))
    slopes = np.array([fit.b for fit in found])
    claimed = np.mean([fit.errors[1] for fit in found])
    assert slopes.mean() == pytest.approx(-12.0, abs=4 * slopes.std() / np.sqrt(200))
    assert claimed == pytest.approx(slopes.std(), rel=0.2)


def test_without_errors_all_points_count_alike():
    rng = np.random.default_rng(2)
    y = np.log(TAU) + 0.2 * rng.standard_normal(5)
    fit = exponential_fit(P, np.exp(y), np.full(5, np.nan))
    b, a = np.polyfit(P, y, 1)
    assert (fit.a, fit.b) == pytest.approx((a, b))
    residual = y - a - b * P
    expected = np.sqrt((residual**2).sum() / 3 / ((P - P.mean()) ** 2).sum())
    assert fit.errors[1] == pytest.approx(expected, rel=1e-6)
    assert fit.deviation == pytest.approx(np.sqrt((residual**2).mean()))
    assert fit.r == pytest.approx(np.corrcoef(P, y)[0, 1])


def test_a_well_known_point_does_not_force_the_line_through_it():
    y = np.log(TAU)
    y[0] += 1.0
    errors = np.array([1e-6, 0.05, 0.05, 0.05, 0.05])
    fit = exponential_fit(P, np.exp(y), errors * np.exp(y))
    assert abs(fit.a + fit.b * P[0] - y[0]) > 0.1


def test_missing_points_are_left_out():
    tau, p = TAU.copy(), P.copy()
    tau[1], p[3] = np.nan, np.nan
    fit = exponential_fit(p, tau, 0.1 * tau)
    assert fit == exponential_fit(P[[0, 2, 4]], TAU[[0, 2, 4]], 0.1 * TAU[[0, 2, 4]])
    assert fit.found
    assert fit.b == pytest.approx(-12.0)


@pytest.mark.parametrize(
    ("p_red", "tau"),
    [([], []), (P[:2], TAU[:2]), (P, np.full(5, np.nan)), (np.full(5, 0.5), TAU), (P[:3], [1.0, -1.0, 2.0])],
)
def test_too_little_for_a_line(p_red, tau):
    fit = exponential_fit(p_red, tau, np.full(len(tau), 0.1))
    assert not fit.found
    assert np.isnan([fit.a, fit.b, *fit.errors, fit.deviation, fit.r]).all()


def test_times_that_are_all_the_same():
    fit = exponential_fit(P, np.full(5, 7.0), np.full(5, 0.7))
    assert fit.b == pytest.approx(0.0, abs=1e-9)
    assert np.isnan(fit.r)


def test_means_over_snapshots():
    results = study_results(states=4, snapshots=3)
    for former in results.formers:
        states = results.of(former)
        found = supercooling(states)
        for k, one in enumerate(states):
            assert found.state_points[k] == one.state.state_point
            assert found.p_red[k] == pytest.approx(one.mean_p_red[0].mean())
            assert found.p_red_error[k] == pytest.approx(one.mean_p_red[0].std(ddof=1) / np.sqrt(3))
            assert found.others[:, k] == pytest.approx(one.mean_p_red[1:].mean(axis=1))
            assert found.tau[k] == one.tau_alpha.value
            assert found.diffusion_time_error[k] == one.diffusion_time.error
        assert found.fit.a == pytest.approx(INTERCEPT)
        assert found.fit.b == pytest.approx(SLOPE)


def test_what_is_missing_is_nan():
    results = study_results(states=3, snapshots=1)
    states = list(results.of(results.formers[0]))
    assert np.isnan(supercooling(states).p_red_error).all()
    states[1] = replace(states[1], mean_p_red=None, relaxation=None)
    found = supercooling(states)
    assert np.isnan([found.p_red[1], found.tau[1], found.diffusion_time[1]]).all()
    assert np.isfinite(found.p_red[[0, 2]]).all()
    assert not found.fit.found
    empty = without(results, "mean_p_red", "relaxation")
    assert np.isnan(supercooling(empty.of(results.formers[0])).p_red).all()
