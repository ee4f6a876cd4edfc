"""Local pair entropy against the definition, summed and integrated slowly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracles
import vitreous as vt
from strategies import configurations
from vitreous.errors import InputError


def plain_entropy(configuration, i, limit, width, points):
    """The definition for particle i, by the trapezoidal rule with so many steps."""
    near = oracles.images_within(configuration, i, limit + 9 * width)
    r = np.linspace(0, limit, points + 1)[1:]
    total = 0.0
    for species in range(len(configuration.species_names)):
        density = configuration.number_density * np.mean(configuration.species_index == species)
        distances = np.array([d for d, j, _ in near if configuration.species_index[j] == species])
        gaussians = np.exp(-0.5 * ((r[:, None] - distances) / width) ** 2) / (np.sqrt(2 * np.pi) * width)
        g = gaussians.sum(axis=1) / (4 * np.pi * density * r**2)
        logarithm = np.log(np.where(g > 0, g, 1.0))
        integrand = (g * logarithm - g + 1) * 4 * np.pi * r**2
        total -= 0.5 * density * np.trapezoid([0.0, *integrand], [0.0, *r])
    return total


@settings(max_examples=40)
@given(configurations(largest=15), st.floats(0.3, 1.7), st.floats(0.03, 0.4))
def test_it_is_the_definition(configuration, reach, share):
    limit = reach * configuration.number_density ** (-1 / 3)
    limit = min(limit, 1.5 * float(configuration.box.heights.min()))
    width = share * limit
    expected = [
        plain_entropy(configuration, i, limit, width, int(np.ceil(8 * limit / width)))
        for i in range(len(configuration))
    ]
    np.testing.assert_allclose(vt.pair_entropy(configuration, limit, width), expected, rtol=1e-6)


def test_its_integral_is_fine_enough(hard_spheres):
    found = vt.pair_entropy(hard_spheres)
    for i in range(0, 2000, 700):
        assert found[i] == pytest.approx(plain_entropy(hard_spheres, i, 3.0, 0.1, 6000), abs=3e-4)
    assert found.std() > 1.0


def test_with_nothing_around_only_the_ideal_gas_is_missing():
    lonely = vt.Configuration([[1.0, 2.0, 3.0], [6.0, 7.0, 8.0]], 10.0, species=["A", "B"])
    expected = -2 * np.pi / 3 * (2 / 1000) * 3.0**3
    np.testing.assert_allclose(vt.pair_entropy(lonely, 3.0, 0.1), expected, rtol=2e-5)


def test_the_noise_of_an_ideal_gas():
    """Where g - 1 is small, s₂ is -ρ/4 ∫ (g - 1)² 4πr² dr, to which counting noise gives -1 / (8 √π w) for each r."""
    rng = np.random.default_rng(0)
    gas = vt.Configuration(rng.random((4000, 3)) * 10, 10.0)
    shell = vt.pair_entropy(gas, 2.0, 0.1) - vt.pair_entropy(gas, 1.0, 0.1)
    assert shell.mean() == pytest.approx(-1 / (8 * np.sqrt(np.pi) * 0.1), rel=0.05)


def test_order_lowers_it():
    cubes = np.stack(np.meshgrid(*[np.arange(5)] * 3), axis=-1).reshape(-1, 1, 3)
    crystal = ((cubes + 0.5 * np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]])) * 1.6).reshape(-1, 3)
    rng = np.random.default_rng(0)
    means = [
        vt.pair_entropy(
            vt.Configuration(crystal + shake * rng.normal(size=crystal.shape), 8.0), 3.0, 0.1
        ).mean()
        for shake in (0.0, 0.05, 0.1, 0.3)
    ]
    assert means == sorted(means)
    assert means[0] < -7


@settings(max_examples=20)
@given(configurations(smallest=3, largest=15), st.integers(0, 2**32 - 1))
def test_what_must_not_matter_does_not(configuration, seed):
    rng = np.random.default_rng(seed)
    limit = min(configuration.number_density ** (-1 / 3), float(configuration.box.heights.min()))
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    order = rng.permutation(len(configuration))
    shift = configuration.box.vectors.T @ rng.normal(size=3)
    unit = 10.0 ** rng.uniform(-9, 9)
    moved = vt.Configuration(
        (configuration.positions[order] + shift) @ turn * unit,
        vt.Box(configuration.box.vectors @ turn * unit, configuration.box.periodic, shift @ turn * unit),
        species=configuration.species[order],
        unwrapped=True,
    )
    np.testing.assert_allclose(
        vt.pair_entropy(moved, limit * unit, 0.1 * limit * unit),
        vt.pair_entropy(configuration, limit, 0.1 * limit)[order],
        rtol=1e-5,
    )


def test_lengths_are_those_of_the_large_particles(hard_spheres):
    np.testing.assert_array_equal(vt.pair_entropy(hard_spheres), vt.pair_entropy(hard_spheres, 3.0, 0.1))
    shrunk = vt.Configuration(
        hard_spheres.positions * 0.1,
        hard_spheres.box.vectors * 0.1,
        hard_spheres.species,
        hard_spheres.diameters * 0.1,
    )
    np.testing.assert_allclose(vt.pair_entropy(shrunk), vt.pair_entropy(hard_spheres), rtol=1e-9)


def test_the_number_of_threads_changes_no_bit(monkeypatch):
    rng = np.random.default_rng(0)
    gas = vt.Configuration(rng.random((20_000, 3)) * 27, 27.0, rng.choice(["A", "B"], 20_000))
    answers = []
    for threads in ("1", "3"):
        monkeypatch.setenv("VITREOUS_NUM_THREADS", threads)
        answers.append(vt.pair_entropy(gas, 1.5, 0.1))
    np.testing.assert_array_equal(*answers)


@pytest.mark.parametrize("name", ["limit", "width"])
@pytest.mark.parametrize("value", [0, -1, np.nan, np.inf])
def test_wrong_lengths(hard_spheres, name, value):
    with pytest.raises(InputError, match=f"{name}: must be positive and finite"):
        vt.pair_entropy(hard_spheres, **{name: value})


@pytest.mark.parametrize("width", [1e-6, 2.0])
def test_a_width_out_of_proportion(hard_spheres, width):
    with pytest.raises(InputError, match=r"width: .* is no sensible width"):
        vt.pair_entropy(hard_spheres, width=width)


def test_without_diameters():
    bare = vt.Configuration(np.eye(3), 4.0)
    with pytest.raises(InputError, match=r"limit: by default 3 large diameters, but .* no diameters"):
        vt.pair_entropy(bare)
    with pytest.raises(InputError, match=r"width: by default 0\.1 large diameters"):
        vt.pair_entropy(bare, 1.0)


def test_thousands_of_images_are_refused():
    with pytest.raises(InputError, match=r"limit: .* periodic images"):
        vt.pair_entropy(vt.Configuration([[0.0, 0.0, 0.0]], 0.01), 3.0, 0.1)


def test_coinciding_particles_are_named():
    positions = np.random.default_rng(0).random((50, 3)) * 5
    positions[31] = positions[7]
    with pytest.raises(InputError, match=r"particle (7 and particle 31|31 and particle 7)"):
        vt.pair_entropy(vt.Configuration(positions, 5.0), 2.0, 0.1)
