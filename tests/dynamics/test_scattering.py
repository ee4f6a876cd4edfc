from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from vitreous.configuration import Configuration
from vitreous.dynamics.displacement import displacements
from vitreous.dynamics.scattering import particle_scattering, self_intermediate_scattering
from vitreous.errors import InputError

Q = 7.2
N = 8_000


@pytest.fixture(scope="module")
def start():
    positions = np.random.default_rng(0).random((N, 3)) * 20
    return Configuration(positions, 20.0, species=np.where(np.arange(N) % 4 == 0, "B", "A"))


def test_brownian_motion(start):
    rng = np.random.default_rng(1)
    times, diffusion = np.array([0.0, 0.002, 0.01, 0.03]), 1.3
    steps = rng.normal(size=(4, N, 3)) * np.sqrt(2 * diffusion * np.diff(times, prepend=0.0))[:, None, None]
    x = start.positions + np.cumsum(steps, axis=0)
    found = self_intermediate_scattering(displacements(x, x[0]), Q, start)
    exact = np.exp(-(Q**2) * diffusion * times)
    assert found.value[0] == 1
    assert found.error[0] == 0
    assert (np.abs(found.value - exact)[1:] < 4 * found.error[1:]).all()
    assert (found.error < 0.02).all()
    assert (found.wave_number, found.particles) == (Q, N)


def test_free_flight(start):
    velocity = np.random.default_rng(2).normal(size=(N, 3))
    times = np.array([0.05, 0.1, 0.2, 0.4])
    found = self_intermediate_scattering(
        displacements(times[:, None, None] * velocity, np.zeros((N, 3))), Q, start
    )
    exact = np.exp(-((Q * times) ** 2) / 2)
    assert (np.abs(found.value - exact) < 4 * found.error).all()


def test_the_average_over_directions_is_exact():
    """sin(qr)/(qr) against the mean of cos(q · r) over many directions."""
    rng = np.random.default_rng(3)
    directions = rng.normal(size=(300_000, 3))
    directions *= Q / np.linalg.norm(directions, axis=1)[:, None]
    moved = rng.normal(size=(6, 3)) * 0.3
    expected = np.cos(moved @ directions.T).mean(axis=1)
    np.testing.assert_allclose(particle_scattering(moved, Q), expected, atol=4e-3)


def test_by_species(start):
    slow = start.species == "B"
    moved = np.random.default_rng(4).normal(size=(1, N, 3)) * np.where(slow, 0.02, 0.2)[:, None]
    found = {
        name: self_intermediate_scattering(moved, Q, start, species=name).value[0] for name in ("A", "B")
    }
    both = self_intermediate_scattering(moved, Q, start)
    assert found["B"] > 0.9 > 0.5 > found["A"]
    assert both.value[0] == pytest.approx(0.25 * found["B"] + 0.75 * found["A"], abs=1e-12)
    assert self_intermediate_scattering(moved, Q, start, species="B").particles == N // 4


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_invariances(seed):
    rng = np.random.default_rng(seed)
    reference = Configuration(rng.random((50, 3)) * 4, (4.0, 5.0, 6.0))
    moved = rng.normal(size=(3, 50, 3)) * 0.2
    found = self_intermediate_scattering(moved, Q, reference)
    rotation, order = Rotation.random(random_state=seed).as_matrix(), rng.permutation(50)
    images = rng.integers(-2, 3, (50, 3)) @ reference.box.vectors + rng.normal(size=3)
    other = Configuration(
        ((reference.positions + images) @ rotation.T)[order],
        reference.box.vectors @ rotation.T,
        unwrapped=True,
    )
    again = self_intermediate_scattering((moved @ rotation.T)[:, order], Q, other)
    np.testing.assert_allclose(again.value, found.value, atol=1e-12)
    np.testing.assert_allclose(again.error, found.error, rtol=1e-6)


def test_refused(start):
    with pytest.raises(InputError, match=r"displacement: expected shape \(T, 8000, 3\), got \(5, 3\)"):
        self_intermediate_scattering(np.zeros((5, 3)), Q, start)
    with pytest.raises(InputError, match="species: unknown 'C'; the configuration has A, B"):
        self_intermediate_scattering(np.zeros((1, N, 3)), Q, start, species="C")
    for q in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(InputError, match="wave number: must be positive"):
            particle_scattering(np.zeros((5, 3)), q)
    with pytest.raises(InputError, match="displacement: expected shape"):
        particle_scattering(np.zeros(3), Q)
