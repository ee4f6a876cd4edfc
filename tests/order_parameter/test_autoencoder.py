"""Networks trained side by side, against scikit-learn's, one by one."""

from __future__ import annotations

import threading
import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor
from threadpoolctl import threadpool_limits

from vitreous.order_parameter import autoencoder as module
from vitreous.order_parameter.autoencoder import train_autoencoders


def sheet(n, seed=0, noise=0.3):
    """(n, 8) standardised descriptors on a curved sheet with noise."""
    rng = np.random.default_rng(seed)
    mixed = np.tanh(rng.normal(size=(n, 2)) @ rng.normal(size=(2, 8))) + noise * rng.normal(size=(n, 8))
    return (mixed - mixed.mean(axis=0)) / mixed.std(axis=0)


def by_scikit_learn(z, bottleneck, seed):
    """The oracle: one network, alone."""
    network = MLPRegressor(
        hidden_layer_sizes=(80, bottleneck, 80),
        activation="tanh",
        solver="adam",
        alpha=1e-4,
        batch_size=min(100, len(z) * 4 // 5),
        learning_rate_init=3e-3,
        early_stopping=True,
        validation_fraction=0.2,
        n_iter_no_change=20,
        tol=1e-3,
        max_iter=400,
        random_state=seed,
    )
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        return network.fit(z, z)


def agrees(network, oracle):
    """The same steps in the same order: all that may differ is how a library adds a matrix of another shape."""
    assert network.epochs == oracle.n_iter_ > 1
    for ours, theirs in zip(
        network.weights + network.intercepts, oracle.coefs_ + oracle.intercepts_, strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)


@pytest.mark.parametrize("threads", [1, 2])
def test_each_of_several_is_that_of_scikit_learn(monkeypatch, threads):
    monkeypatch.setenv("VITREOUS_NUM_THREADS", str(threads))
    z = sheet(700)
    wanted = [(2, 3), (1, 3), (2, 2**32 - 1), (4, 0), (2, 8)]
    trained = train_autoencoders(z, wanted)
    assert len({network.epochs for network in trained}) > 2  # they stop one by one
    for network, (bottleneck, seed) in zip(trained, wanted, strict=True):
        oracle = by_scikit_learn(z, bottleneck, seed)
        agrees(network, oracle)
        elsewhere = np.random.default_rng(1).normal(scale=5, size=(300, 8))
        np.testing.assert_allclose(
            network.reconstruct(elsewhere), oracle.predict(elsewhere), rtol=0, atol=1e-8
        )


@pytest.mark.parametrize("n", [100, 101, 124, 125, 333])
@pytest.mark.parametrize("columns", [2, 8])
def test_few_particles_and_batches_that_are_not_full(n, columns):
    z = sheet(n)[:, :columns]
    agrees(train_autoencoders(z, [(1, 5)])[0], by_scikit_learn(z, 1, 5))


def test_a_descriptor_that_does_not_vary_among_those_held_out():
    z = sheet(200)
    split = np.random.RandomState(4)
    for before, after in ((8, 80), (80, 1), (1, 80), (80, 8)):
        split.uniform(size=(before + 1) * after)
    z[split.permutation(200)[:40], 3] = 0.25
    agrees(train_autoencoders(z, [(1, 4)])[0], by_scikit_learn(z, 1, 4))


def test_a_network_does_not_depend_on_its_neighbours(monkeypatch):
    z = sheet(300)
    together = train_autoencoders(z, [(2, seed) for seed in range(5)])
    for threads in ("1", "3"):
        monkeypatch.setenv("VITREOUS_NUM_THREADS", threads)
        alone = train_autoencoders(z, [(2, 3)])[0]
        for ours, theirs in zip(alone.weights, together[3].weights, strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_nothing_is_trained_where_nothing_is_wanted():
    assert train_autoencoders(sheet(100), []) == ()


@pytest.mark.parametrize("threads", ["1", "2"])
def test_an_interrupt_ends_the_training(monkeypatch, threads):
    monkeypatch.setenv("VITREOUS_NUM_THREADS", threads)
    seen = []

    def interrupt(network, z):
        seen.append(threading.current_thread())
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_explained", interrupt)
    with pytest.raises(KeyboardInterrupt):
        train_autoencoders(sheet(200), [(1, 0), (2, 0), (3, 0)])
    assert 1 <= len(seen) <= (1 if threads == "1" else 3)  # each but once, not epoch after epoch
