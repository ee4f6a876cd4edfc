"""The exponential dependence of times on ⟨P_red⟩."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from study.synthetic import INTERCEPT, SLOPE, study_results, without
from vitreous.study.line_fit import line_fit
from vitreous.study.supercooling import exponential_fit, supercooling

P = np.array([0.40, 0.46, 0.55, 0.61, 0.70])
TAU = np.exp(3.0 - 12.0 * P)


def test_a_perfect_exponential():
    fit = exponential_fit(P, TAU, 0.0, 0.1 * TAU)
    assert fit.a == pytest.approx(3.0)
    assert fit.b == pytest.approx(-12.0)
    assert fit.deviation == pytest.approx(0.0, abs=1e-12)
    assert fit.r == pytest.approx(-1.0)
    assert fit.tau([0.5]) == pytest.approx(np.exp(-3.0))
    assert fit.chi_squared == pytest.approx(0.0, abs=1e-12)
    assert fit.chance == pytest.approx(1.0)
    assert fit.typical_error == pytest.approx(0.1)
    # all points alike: the textbook's formula
    expected = 0.1 / np.sqrt(((P - P.mean()) ** 2).sum())
    assert fit.errors[1] == pytest.approx(expected)


def test_errors_of_both_count():
    """With errors of ⟨P_red⟩ as well the line is that of `line_fit`, wider and easier to agree with."""
    rng = np.random.default_rng(1)
    y = np.log(TAU) + 0.3 * rng.standard_normal(5)
    sure, unsure = (exponential_fit(P, np.exp(y), error, 0.1 * np.exp(y), 4.0, 4.0) for error in (0.0, 0.02))
    line = line_fit(P, y, 0.02, 0.1, 4.0, 4.0)
    assert (unsure.a, unsure.b, *unsure.errors) == pytest.approx((line.a, line.b, *line.errors))
    assert (unsure.chi_squared, unsure.chance) == pytest.approx((line.chi_squared, line.chance))
    assert unsure.typical_error == pytest.approx(np.hypot(0.1, 0.02 * line.b))
    assert unsure.chance > sure.chance


def test_without_errors_all_points_count_alike():
    rng = np.random.default_rng(2)
    y = np.log(TAU) + 0.2 * rng.standard_normal(5)
    fit = exponential_fit(P, np.exp(y), np.nan, np.nan)
    b, a = np.polyfit(P, y, 1)
    assert (fit.a, fit.b) == pytest.approx((a, b))
    residual = y - a - b * P
    expected = np.sqrt((residual**2).sum() / 3 / ((P - P.mean()) ** 2).sum())
    assert fit.errors[1] == pytest.approx(expected, rel=1e-6)
    assert fit.deviation == pytest.approx(np.sqrt((residual**2).mean()))
    assert fit.r == pytest.approx(np.corrcoef(P, y)[0, 1])
    assert np.isnan([fit.chi_squared, fit.chance]).all()


def test_an_error_that_is_not_known_is_that_of_the_others():
    error = 0.1 * TAU
    error[2] = np.nan
    assert exponential_fit(P, TAU, 0.01, error).errors == pytest.approx(
        exponential_fit(P, TAU, 0.01, 0.1 * TAU).errors
    )


def test_missing_points_are_left_out():
    tau, p = TAU.copy(), P.copy()
    tau[1], p[3] = np.nan, np.nan
    fit = exponential_fit(p, tau, 0.01, 0.1 * tau)
    assert fit == exponential_fit(P[[0, 2, 4]], TAU[[0, 2, 4]], 0.01, 0.1 * TAU[[0, 2, 4]])
    assert fit.found
    assert fit.b == pytest.approx(-12.0)


@pytest.mark.parametrize(
    ("p_red", "tau"),
    [([], []), (P[:2], TAU[:2]), (P, np.full(5, np.nan)), (np.full(5, 0.5), TAU), (P[:3], [1.0, -1.0, 2.0])],
)
def test_too_little_for_a_line(p_red, tau):
    fit = exponential_fit(p_red, tau, 0.01, np.full(len(tau), 0.1))
    assert not fit.found
    assert np.isnan([fit.a, fit.b, *fit.errors, fit.deviation, fit.r, fit.chance]).all()


def test_times_that_are_all_the_same():
    fit = exponential_fit(P, np.full(5, 7.0), 0.01, np.full(5, 0.7))
    assert fit.b == pytest.approx(0.0, abs=1e-9)
    assert np.isnan(fit.r)


def test_means_over_snapshots():
    results = study_results(states=4, snapshots=3)
    for former in results.formers:
        states = results.of(former)
        found = supercooling(states)
        for k, one in enumerate(states):
            assert found.state_points[k] == one.state.state_point
            seen = (
                one.mean_p_red[0, 1:] if k == 0 else one.mean_p_red[0]
            )  # what it was trained on is left out
            assert found.p_red[k] == pytest.approx(seen.mean())
            assert found.p_red_error[k] == pytest.approx(seen.std(ddof=1) / np.sqrt(len(seen)))
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
