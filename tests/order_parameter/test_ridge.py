"""Ridge regression against a least-squares problem with the penalty written out as further rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitreous.order_parameter.ridge import Ridge


def written_out(features, label, penalty):
    """Minimise |y - Xw|² + λn|w|² as |[y, 0] - [X, sqrt(λn) 1] w|²."""
    deviation = features.std(axis=0)
    x = (features - features.mean(axis=0)) / deviation
    rows = np.vstack([x, np.sqrt(penalty * len(x)) * np.eye(x.shape[1])])
    weights = np.linalg.lstsq(rows, np.concatenate([label, np.zeros(x.shape[1])]), rcond=None)[0]
    return weights, x @ weights


def problem(seed=0, n=200, width=7):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n, width)) @ rng.normal(size=(width, width)) + rng.normal(size=width)
    label = features @ rng.normal(size=width) + rng.normal(size=n)
    return features, label - label.mean()


@settings(max_examples=50)
@given(st.integers(0, 10_000), st.integers(2, 80), st.integers(1, 12), st.floats(1e-3, 1e3))
def test_it_is_the_least_squares_problem(seed, n, width, penalty):
    features, label = problem(seed, n, width)
    found = Ridge.fit(features, label, penalty)
    weights, predicted = written_out(features, label, penalty)
    np.testing.assert_allclose(found.weights, weights, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(found.predict(features), predicted, rtol=1e-7, atol=1e-8)


def test_the_gradient_vanishes():
    features, label = problem()
    found = Ridge.fit(features, label, 0.3)
    x = (features - found.mean) / found.deviation
    gradient = x.T @ (label - x @ found.weights) - 0.3 * len(x) * found.weights
    np.testing.assert_allclose(gradient, 0.0, atol=1e-9)


def test_no_penalty_to_speak_of_is_plain_least_squares_and_a_large_one_gives_nothing():
    features, label = problem()
    centered = features - features.mean(axis=0)
    plain = centered @ np.linalg.lstsq(centered, label, rcond=None)[0]
    np.testing.assert_allclose(Ridge.fit(features, label, 1e-12).predict(features), plain, atol=1e-8)
    assert np.abs(Ridge.fit(features, label, 1e9).predict(features)).max() < 1e-6


def test_one_feature_by_hand():
    """w = Σ x y / n (1 + λ) with x standardised."""
    x = np.array([[1.0], [3.0], [1.0], [3.0]])
    y = np.array([-2.0, 1.0, -1.0, 2.0])
    found = Ridge.fit(x, y, 0.5)
    assert (found.mean[0], found.deviation[0]) == (2.0, 1.0)
    assert found.weights[0] == pytest.approx(6.0 / (4 * 1.5), rel=1e-14)
    np.testing.assert_allclose(found.predict([[2.0], [5.0]]), [0.0, 3.0], rtol=1e-14)


@settings(max_examples=25)
@given(st.integers(0, 1000), st.floats(0.01, 100.0), st.floats(-100.0, 100.0))
def test_units_and_zeros_of_features_do_not_matter(seed, scale, shift):
    features, label = problem(seed)
    expected = Ridge.fit(features, label, 0.3).predict(features)
    other = features * scale + shift
    np.testing.assert_allclose(Ridge.fit(other, label, 0.3).predict(other), expected, rtol=1e-6, atol=1e-8)


def test_order_of_particles_and_columns_does_not_matter():
    features, label = problem()
    rng = np.random.default_rng(1)
    rows, columns = rng.permutation(len(label)), rng.permutation(features.shape[1])
    expected = Ridge.fit(features, label, 0.3)
    found = Ridge.fit(features[rows][:, columns], label[rows], 0.3)
    np.testing.assert_allclose(found.weights, expected.weights[columns], rtol=1e-10)
    np.testing.assert_allclose(
        found.predict(features[rows][:, columns]), expected.predict(features)[rows], rtol=1e-9, atol=1e-12
    )


def test_doubling_all_particles_changes_nothing():
    """The penalty is per particle."""
    features, label = problem()
    once = Ridge.fit(features, label, 0.3)
    twice = Ridge.fit(np.tile(features, (2, 1)), np.tile(label, 2), 0.3)
    np.testing.assert_allclose(twice.weights, once.weights, rtol=1e-10)


def test_the_prediction_is_linear_in_the_label():
    features, label = problem()
    other = problem(3)[1]
    parts = [Ridge.fit(features, y, 0.3).weights for y in (label, other, 2.0 * label - 3.0 * other)]
    np.testing.assert_allclose(parts[2], 2.0 * parts[0] - 3.0 * parts[1], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("value", [0.0, 1.0, -1e6, 0.1 + 0.2])
def test_a_feature_that_does_not_vary_gets_no_weight(value):
    features, label = problem()
    constant = np.insert(features, 2, value, axis=1)
    found = Ridge.fit(constant, label, 0.3)
    assert found.weights[2] == 0.0
    np.testing.assert_allclose(
        np.delete(found.weights, 2), Ridge.fit(features, label, 0.3).weights, rtol=1e-10
    )
    elsewhere = constant.copy()
    elsewhere[:, 2] = value + 5.0  # where it is another constant, that says nothing
    np.testing.assert_array_equal(found.predict(elsewhere), found.predict(constant))


def test_more_features_than_particles():
    features, label = problem(n=10, width=30)
    weights, _ = written_out(features, label, 0.3)
    np.testing.assert_allclose(Ridge.fit(features, label, 0.3).weights, weights, rtol=1e-8, atol=1e-10)


def test_an_unknown_feature_makes_one_prediction_unknown():
    features, label = problem()
    found = Ridge.fit(features, label, 0.3)
    features[3, 1] = np.nan
    predicted = found.predict(features)
    assert np.flatnonzero(np.isnan(predicted)).tolist() == [3]
