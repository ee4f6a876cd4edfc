from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from vitreous.order_parameter import reducer as module
from vitreous.order_parameter.autoencoder import train_autoencoders
from vitreous.order_parameter.reducer import Reducer


@pytest.fixture(scope="module")
def z():
    """(500, 8) standardised descriptors on a curved sheet with noise."""
    rng = np.random.default_rng(0)
    sheet = rng.normal(size=(500, 2))
    mixed = np.tanh(sheet @ rng.normal(size=(2, 8))) + 0.3 * rng.normal(size=(500, 8))
    return (mixed - mixed.mean(axis=0)) / mixed.std(axis=0)


@pytest.fixture(scope="module")
def trained(z):
    """One autoencoder."""
    return train_autoencoders(z, [(2, 3)])[0]


def test_the_network_has_the_published_shape(trained):
    assert [weight.shape for weight in trained.weights] == [(8, 80), (80, 2), (2, 80), (80, 8)]


def test_the_network_learns(z, trained):
    assert ((trained.reconstruct(z) - z) ** 2).mean() < 0.5


def test_the_seed_decides(z, trained):
    again, another = train_autoencoders(z, [(2, 3), (2, 4)])
    np.testing.assert_array_equal(again.reconstruct(z), trained.reconstruct(z))
    assert np.abs(another.reconstruct(z) - again.reconstruct(z)).max() > 1e-3


@pytest.mark.parametrize("c", [1, 2, 3, 8])
def test_principal_components_are_those_of_scikit_learn(z, c):
    reducer, reference = Reducer.of((), z, c), PCA(c).fit(z)
    assert reducer.fve == pytest.approx(reference.explained_variance_ratio_.sum(), abs=1e-12)
    assert reducer.bottleneck == c
    signs = np.sign((reducer.axes * reference.components_).sum(axis=1))
    np.testing.assert_allclose(reducer.transform(z) * signs, reference.transform(z), atol=1e-10)


def test_axes_are_orthonormal_and_signed(z, trained):
    for reducer in (Reducer.of((), z, 3), Reducer.of((trained,), z, 2)):
        np.testing.assert_allclose(reducer.axes @ reducer.axes.T, np.eye(reducer.bottleneck), atol=1e-12)
        assert all(axis[np.abs(axis).argmax()] > 0 for axis in reducer.axes)


def test_the_variance_explained_is_that_of_the_reconstruction(z, trained):
    expected = 1 - ((trained.reconstruct(z) - z) ** 2).sum() / (z**2).sum()
    assert Reducer.of((trained,), z, 2).fve == pytest.approx(expected)


def test_a_consensus_is_the_median_of_the_reconstructions(z, trained):
    networks = (trained, *train_autoencoders(z, [(2, 5), (2, 6)]))
    consensus = Reducer.of(networks, z, 2)
    median = np.median([network.reconstruct(z) for network in networks], axis=0)
    np.testing.assert_allclose(consensus.transform(z), (median - median.mean(axis=0)) @ consensus.axes.T)


def test_blocks_of_rows_make_no_difference(z, trained, monkeypatch):
    reducer = Reducer.of((trained,), z, 2)
    whole = reducer.transform(z)
    monkeypatch.setattr(module, "ROWS", 64)
    monkeypatch.setenv("VITREOUS_NUM_THREADS", "3")
    np.testing.assert_allclose(reducer.transform(z), whole, rtol=0, atol=1e-13)
    assert reducer.transform(z[:0]).shape == (0, 2)
