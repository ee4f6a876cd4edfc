from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from vitreous.dynamics.displacement import displacements, mean_squared_displacement
from vitreous.errors import InputError


def trajectory(seed, frames=5, n=20):
    return np.cumsum(np.random.default_rng(seed).normal(size=(frames, n, 3)), axis=0)


def test_the_definition():
    x = trajectory(0)
    found = displacements(x, x[1])
    for t in range(5):
        moved = x[t] - x[1]
        np.testing.assert_allclose(found[t], moved - moved.mean(axis=0), atol=1e-13)
    np.testing.assert_array_equal(found[1], 0.0)
    np.testing.assert_allclose(mean_squared_displacement(found), (found**2).sum(axis=2).mean(axis=1))


def test_masses_weigh_the_drift():
    x, masses = trajectory(1), np.random.default_rng(2).uniform(1, 5, 20)
    found = displacements(x, x[0], masses)
    np.testing.assert_allclose(np.einsum("i,tik->tk", masses, found), 0.0, atol=1e-11)
    np.testing.assert_allclose(displacements(x, x[0], np.full(20, 7.0)), displacements(x, x[0]), atol=1e-13)


def test_one_frame_is_enough():
    x = trajectory(3)
    np.testing.assert_array_equal(displacements(x[4], x[0]), displacements(x, x[0])[4])
    assert mean_squared_displacement(displacements(x[4], x[0])).shape == ()


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_invariances(seed):
    """A drift of everything changes nothing; rotation rotates; permutation permutes."""
    rng = np.random.default_rng(seed)
    x = trajectory(seed)
    found = displacements(x, x[0])
    drift = np.cumsum(rng.normal(size=(5, 1, 3)), axis=0) * 100
    np.testing.assert_allclose(displacements(x + drift, (x + drift)[0]), found, atol=1e-10)
    rotation = Rotation.random(random_state=seed).as_matrix()
    turned = displacements(x @ rotation.T, x[0] @ rotation.T)
    np.testing.assert_allclose(turned, found @ rotation.T, atol=1e-12)
    np.testing.assert_allclose(
        mean_squared_displacement(turned), mean_squared_displacement(found), atol=1e-11
    )
    order = rng.permutation(20)
    np.testing.assert_allclose(displacements(x[:, order], x[0, order]), found[:, order], atol=1e-13)


def test_ballistic_and_diffusive_motion():
    rng = np.random.default_rng(4)
    velocity = rng.normal(size=(20_000, 3))
    times = np.array([0.0, 0.5, 2.0])
    x = times[:, None, None] * velocity
    np.testing.assert_allclose(
        mean_squared_displacement(displacements(x, x[0])), 3 * times**2, rtol=0.03, atol=1e-12
    )
    steps = rng.normal(size=(4, 20_000, 3))
    x = np.cumsum(steps, axis=0)
    np.testing.assert_allclose(mean_squared_displacement(displacements(x, x[0])), [0, 3, 6, 9], rtol=0.03)


@pytest.mark.parametrize(
    ("positions", "reference", "masses", "words"),
    [
        (
            np.zeros((2, 5, 3)),
            np.zeros((4, 3)),
            None,
            r"positions: expected shape \(T, 4, 3\), got \(2, 5, 3\)",
        ),
        (np.zeros((2, 5, 3)), np.zeros(3), None, "reference: expected shape"),
        (np.zeros((5,)), np.zeros((5, 3)), None, "positions: expected shape"),
        (np.full((5, 3), np.nan), np.zeros((5, 3)), None, "positions: must be finite"),
        ([["a"] * 3] * 5, np.zeros((5, 3)), None, "positions: must be an array of numbers"),
        (np.zeros((5, 3)), np.zeros((5, 3)), [1, 1, 1, 1, 0], "masses: expected 5 positive numbers"),
        (np.zeros((5, 3)), np.zeros((5, 3)), [1, 1], "masses: expected 5 positive numbers"),
    ],
)
def test_refused(positions, reference, masses, words):
    with pytest.raises(InputError, match=words):
        displacements(positions, reference, masses)


@pytest.mark.parametrize("displacement", [np.zeros(3), np.zeros((4, 0, 3)), np.zeros((4, 5, 2))])
def test_no_displacements(displacement):
    with pytest.raises(InputError, match="displacement: expected shape"):
        mean_squared_displacement(displacement)
