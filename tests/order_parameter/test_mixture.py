from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from vitreous.order_parameter.mixture import Mixture
from vitreous.order_parameter.two_gaussians import maximise


def two_clouds(n=600, c=2, apart=6.0, share=0.3, seed=0):
    """Coordinates, an order that is higher in the second cloud, and who belongs to it."""
    rng = np.random.default_rng(seed)
    second = rng.random(n) < share
    y = rng.normal(size=(n, c))
    y[:, 0] += apart * second
    return y, second + 0.3 * rng.normal(size=n), second


@pytest.mark.parametrize("c", [1, 2, 5])
def test_probabilities_are_those_of_scikit_learn(c):
    y, order, _ = two_clouds(c=c, apart=2.0)
    mixture = Mixture.fit(y, order)
    reference = GaussianMixture(2)
    reference.weights_, reference.means_ = mixture.weights, mixture.means
    reference.covariances_ = mixture.covariances
    reference.precisions_cholesky_ = np.linalg.inv(np.linalg.cholesky(mixture.covariances)).swapaxes(1, 2)
    elsewhere = np.random.default_rng(1).normal(scale=10, size=(500, c))
    for points in (y, elsewhere):
        found = mixture.probabilities(points)
        np.testing.assert_allclose(found, reference.predict_proba(points), rtol=0, atol=1e-10)
        np.testing.assert_allclose(found.sum(axis=1), 1)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_two_clouds_are_told_apart(share):
    y, order, second = two_clouds(share=share)
    mixture = Mixture.fit(y, order)
    red = mixture.probabilities(y)[:, 1] > 0.5
    assert (red == second).mean() > 0.99
    assert mixture.weights[1] == pytest.approx(second.mean(), abs=0.02)
    assert mixture.separation == pytest.approx(6, abs=0.6)
    assert mixture.bic[1] < mixture.bic[0]


def test_red_has_the_higher_order():
    y, order, second = two_clouds()
    up, down = Mixture.fit(y, order), Mixture.fit(y, -order)
    assert up.probabilities(y)[second, 1].mean() > 0.95
    assert down.probabilities(y)[second, 1].mean() < 0.05
    assert up.contrast > 0
    assert down.contrast > 0


def test_one_cloud_needs_no_second():
    y, order, _ = two_clouds(apart=0)
    assert np.diff(Mixture.fit(y, order).bic) > 0


def test_the_likeliest_is_no_less_likely():
    y, order, _ = two_clouds(apart=2.5)
    bic = [fitted.bic[1] for fitted in (Mixture.likeliest(y, order), Mixture.fit(y, order))]
    assert bic[0] <= bic[1] + 1e-6


@pytest.mark.parametrize("c", [1, 2, 5])
@pytest.mark.parametrize("unusual", [1, 3, 200])
@pytest.mark.parametrize("sign", [1, -1])
def test_most_particles_exactly_alike(c, unusual, sign):
    y = np.zeros((400, c))
    y[:unusual] = 1 + np.random.default_rng(0).random((unusual, c))
    mixture = Mixture.fit(y, sign * y.sum(axis=1))
    probabilities = mixture.probabilities(y)
    assert probabilities[:unusual, int(sign > 0)].min() > 0.99
    assert probabilities[unusual:, int(sign > 0)].max() < 0.01


def test_nothing_is_warned_of_and_no_seed_enters():
    y, order, _ = two_clouds(apart=1.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first, second = Mixture.fit(y, order), Mixture.fit(y, order)
    np.testing.assert_array_equal(first.probabilities(y), second.probabilities(y))


@pytest.mark.parametrize("c", [1, 2, 4])
@pytest.mark.parametrize("apart", [0.0, 1.5, 6.0])
@pytest.mark.parametrize("tolerance", [1e-3, 1e-5])
def test_two_gaussians_are_those_of_scikit_learn(c, apart, tolerance):
    y, order, _ = two_clouds(c=c, apart=apart)
    upper = order > np.median(order)
    floor = 1e-6 * np.eye(c)
    covariances = [np.atleast_2d(np.cov(y[half].T, ddof=0)) + floor for half in (~upper, upper)]
    given = {
        "weights_init": [(~upper).mean(), upper.mean()],
        "means_init": [y[~upper].mean(axis=0), y[upper].mean(axis=0)],
        "precisions_init": np.linalg.inv(covariances),
    }
    for start, words in ((order, given), (None, {})):
        oracle = GaussianMixture(
            2, tol=tolerance, reg_covar=1e-6, max_iter=1000, random_state=0, **words
        ).fit(y)
        found = maximise(y, start, tolerance)
        same = np.argsort(found.means[:, 0]), np.argsort(oracle.means_[:, 0])
        np.testing.assert_allclose(found.weights[same[0]], oracle.weights_[same[1]], rtol=0, atol=1e-9)
        np.testing.assert_allclose(found.means[same[0]], oracle.means_[same[1]], rtol=0, atol=1e-9)
        np.testing.assert_allclose(
            found.covariances[same[0]], oracle.covariances_[same[1]], rtol=0, atol=1e-9
        )
        assert found.likelihood == pytest.approx(oracle.lower_bound_, abs=1e-10)
        assert found.bic(y) == pytest.approx(oracle.bic(y), abs=1e-6)
