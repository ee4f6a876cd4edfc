from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies import configurations
from vitreous.box import Box
from vitreous.density_modes import allowed_wave_vectors, density_modes
from vitreous.errors import InputError


def every_wave_vector(box, largest):
    """Whole numbers n with |k| ≤ largest, both of n and -n, found by looking far enough."""
    span = range(-9, 10)
    vectors = np.linalg.inv(box.vectors).T
    return {
        n
        for n in itertools.product(span, repeat=3)
        if any(n) and np.linalg.norm(2 * np.pi * np.array(n) @ vectors) <= largest
    }


@pytest.mark.parametrize("box", [Box.of((3.0, 4.0, 5.0)), Box.of((3.0, 4.0, 5.0, 1.1, -0.7, 1.9))])
def test_half_of_all_wave_vectors_in_a_sphere(box):
    numbers, lengths = allowed_wave_vectors(box, 0.0, 7.0)
    found = {tuple(n) for n in numbers.tolist()}
    assert len(found) == len(numbers) > 100
    opposite = {tuple(-k for k in n) for n in found}
    assert not found & opposite
    assert found | opposite == every_wave_vector(box, 7.0)
    # They fit: a period of the box changes no phase.
    k = 2 * np.pi * numbers @ np.linalg.inv(box.vectors).T
    np.testing.assert_allclose(np.exp(1j * k @ box.vectors.T), 1.0, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(k, axis=1), lengths, rtol=1e-12)
    inner, _ = allowed_wave_vectors(box, 3.0, 7.0)
    assert len(inner) == (lengths > 3.0).sum()


@settings(max_examples=30)
@given(configurations(periodic=(True,) * 3), st.integers(0, 2**32 - 1))
def test_it_is_the_direct_sum(configuration, seed):
    rng = np.random.default_rng(seed)
    box = Box(configuration.box.vectors, origin=rng.normal(size=3))
    images = rng.integers(-3, 4, (2, len(configuration), 3))
    positions = box.origin + configuration.positions + images @ box.vectors
    numbers = rng.integers(-12, 13, (40, 3))
    species = configuration.species_index
    found = density_modes(positions, box, numbers, species)
    k = 2 * np.pi * numbers @ np.linalg.inv(box.vectors).T
    phases = np.exp(-1j * configuration.positions @ k.T)
    for a in range(len(configuration.species_names)):
        expected = phases[species == a].sum(axis=0)
        np.testing.assert_allclose(found[0, a], expected, atol=1e-11 * len(configuration))
        np.testing.assert_allclose(found[1, a], expected, atol=1e-11 * len(configuration))


def test_refused():
    with pytest.raises(InputError, match="this one is open along y"):
        allowed_wave_vectors(Box.of(3.0, (True, False, True)), 0.0, 7.0)
    with pytest.raises(InputError, match="too many wave vectors"):
        allowed_wave_vectors(Box.of(3000.0), 0.0, 7.0)
