from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitreous.dynamics.relaxation import relaxation_time
from vitreous.errors import InputError


@given(st.floats(0.01, 1000), st.floats(0.4, 1.5))
def test_stretched_exponentials(tau, beta):
    t = np.geomspace(1e-4 * tau, 50 * tau, 121)
    found = relaxation_time(t, np.exp(-((t / tau) ** beta)))
    assert found.found
    assert found.value == pytest.approx(tau, rel=2e-3)
    assert np.isnan(found.error)
    assert found.reason is None


def test_interpolation_is_linear_in_the_logarithm():
    found = relaxation_time([1.0, 100.0], [np.exp(-1) + 0.1, np.exp(-1) - 0.1])
    assert found.value == pytest.approx(10.0)


def test_the_error_is_that_of_the_curve_over_its_slope():
    t = np.geomspace(0.01, 10, 200)
    found = relaxation_time(t, np.exp(-t), np.full(200, 0.01))
    assert found.error == pytest.approx(0.01 * np.e, rel=0.03)  # -dF/d ln t = 1/e where t = τ = 1
    many = relaxation_time(
        np.geomspace(0.01, 10, 2000), np.exp(-np.geomspace(0.01, 10, 2000)), np.full(2000, 0.01)
    )
    assert many.error == pytest.approx(found.error, rel=0.05)


def test_the_error_is_true():
    rng = np.random.default_rng(0)
    t = np.geomspace(0.01, 10, 50)
    shifted = [relaxation_time(t, np.exp(-t) + 0.02 * rng.normal(), np.full(50, 0.02)) for _ in range(300)]
    assert np.std([found.value for found in shifted]) == pytest.approx(
        np.mean([found.error for found in shifted]), rel=0.15
    )


@pytest.mark.parametrize(
    ("time", "value", "reason"),
    [
        ([1, 2, 3], [0.9, 0.8, 0.52], "the curve falls only to 0.52 within the window of 3"),
        ([1, 2], [0.2, 0.1], "the curve is below 1/e from the first time, 1"),
        ([], [], "there are no values"),
        ([1, 2], [np.nan, np.nan], "there are no values"),
    ],
)
def test_none_with_a_reason(time, value, reason):
    found = relaxation_time(time, value)
    assert not found.found
    assert np.isnan([found.value, found.error]).all()
    assert found.reason == reason


def test_nan_is_left_out():
    t = np.geomspace(0.1, 10, 30)
    y = np.exp(-t)
    y[3] = np.nan
    assert relaxation_time(t, y).value == pytest.approx(1.0, rel=1e-2)


def test_the_first_crossing_counts():
    assert relaxation_time([1, 2, 4, 8], [0.9, 0.3, 0.5, 0.1]).value < 2


@pytest.mark.parametrize(
    ("time", "value", "words"),
    [
        ([0.0, 1.0], [1.0, 0.5], "positive and increasing"),
        ([2.0, 1.0], [1.0, 0.5], "positive and increasing"),
        ([1.0, np.nan], [1.0, 0.5], "positive and increasing"),
        ([1.0, 2.0], [1.0], "arrays of one length"),
        (["a"], [1.0], "time: must be an array of numbers"),
    ],
)
def test_refused(time, value, words):
    with pytest.raises(InputError, match=words):
        relaxation_time(time, value)
