from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

import shell_oracles as oracles
import vitreous as vt
from shell_oracles import unit_of
from strategies import configurations, moved
from vitreous.errors import InputError
from vitreous.structure._gaussian_kernel import CUTOFF, exponential
from vitreous.structure.radial_shells import radial_shells
from vitreous.structure.shells import RadialShells


def test_the_oracle_ends_where_the_kernel_does():
    assert oracles.CUTOFF == CUTOFF


@njit
def fill_exponentials(x, found):
    for k in range(x.size):
        found[k] = exponential(x[k])


def test_the_exponential():
    x = np.append(np.linspace(-700, 700, 10_000), np.linspace(-1, 1, 101))
    found = np.empty_like(x)
    fill_exponentials(x, found)
    np.testing.assert_allclose(found, np.exp(x), rtol=1e-15)
    assert found[x == 0].tolist() == [1.0]


@settings(max_examples=50)
@given(
    configurations(largest=25),
    st.lists(st.floats(0.0, 2.5), min_size=1, max_size=6),
    st.floats(0.01, 0.3),
)
def test_equals_a_plain_sum(configuration, centers, width):
    unit = unit_of(configuration, max(centers) + CUTOFF * width)
    found = radial_shells(configuration, centers, width, unit)
    expected = oracles.radial_shells(configuration, centers, width, unit)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@settings(max_examples=60)
@given(
    configurations(largest=25),
    st.floats(0.0, 1.5),
    st.floats(-0.5, 0.5),
    st.integers(2, 9),
    st.floats(0.02, 0.3),
)
def test_equidistant_centers(configuration, first, step, number, width):
    """Each Gaussian from the one before, unless one on the way would be nothing."""
    centers = np.abs(first + step * np.arange(number))
    unit = unit_of(configuration, centers.max() + CUTOFF * width)
    found = radial_shells(configuration, centers, width, unit)
    expected = oracles.radial_shells(configuration, centers, width, unit)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)


def test_which_centers_are_a_ladder():
    ladder = RadialShells.of(np.arange(0.8, 3.05, 0.1), 0.08, 1.0)
    assert ladder.step == pytest.approx(0.1)
    assert RadialShells.of([1.2, 1.1, 1.0], 0.08, 1.0).step == pytest.approx(-0.1)
    assert RadialShells.of(np.arange(0.8, 3.05, 0.1), 0.07, 1.0).step == 0.0  # would underflow
    assert RadialShells.of([1.0], 0.08, 1.0).step == 0.0
    assert RadialShells.of([1.0, 1.1, 1.3], 0.08, 1.0).step == 0.0


@pytest.mark.parametrize("centers", [[0.2, 0.3, 0.4], [0.2, 0.3, 0.5]])
def test_more_neighbours_than_a_batch_holds(centers):
    rng = np.random.default_rng(0)
    crowd = vt.Configuration(rng.random((280, 3)), 1.0, periodic=(False,) * 3)
    found = radial_shells(crowd, centers, 0.25)
    np.testing.assert_allclose(found, oracles.radial_shells(crowd, centers, 0.25), rtol=1e-12)


def test_narrow_shells_far_out_and_wide_ones(hard_spheres):
    some = vt.Configuration(hard_spheres.positions[:60], hard_spheres.box, hard_spheres.species[:60])
    for centers, width in (([4.0, 0.3, 4.01], 0.005), ([0.0, 1.0], 0.7)):
        found = radial_shells(some, centers, width)
        np.testing.assert_allclose(found, oracles.radial_shells(some, centers, width), rtol=1e-9, atol=1e-9)


@settings(max_examples=40)
@given(configurations(smallest=2, periodic=(True,) * 3), st.integers(0, 2**32 - 1))
def test_invariances(configuration, seed):
    """Rotation, reflection, translation, images and the unit change nothing; permutation permutes."""
    centers, width = [0.7, 1.0, 1.5], 0.1
    unit = unit_of(configuration, 2.05)
    elsewhere, order = moved(configuration, np.random.default_rng(seed), 3.7)
    before = radial_shells(configuration, centers, width, unit)
    # A pair just at the reach, where the last shell is 3e-7, may fall on either side.
    after = radial_shells(elsewhere, centers, width, 3.7 * unit)
    np.testing.assert_allclose(after, before[order], atol=1e-6)


def test_a_pair():
    pair = vt.Configuration([[1, 1, 1], [1, 1, 2.1]], 10.0, species=["B", "A"])
    gauss = np.exp(-0.5)
    expected = [[gauss, 1, 0, 0, 0, 0], [0, 0, 0, gauss, 1, 0]]
    np.testing.assert_allclose(radial_shells(pair, [1.0, 1.1, 3.0], 0.1), expected, atol=1e-12)


def test_a_particle_sees_its_images_but_never_itself():
    alone = vt.Configuration([[0.2, 0.3, 0.4]], 1.0)
    np.testing.assert_allclose(radial_shells(alone, [0.0, 1.0], 0.05), [[0, 6]], atol=1e-12)
    twins = vt.Configuration([[1, 1, 1], [1, 1, 1]], 10.0)
    np.testing.assert_allclose(radial_shells(twins, [0.0], 0.05), [[1], [1]], atol=1e-12)


def test_shells_of_width_w_count_everybody_once(hard_spheres):
    """Gaussians a width apart add up to sqrt(2 π) wherever there is somebody."""
    centers, width = np.arange(0, 3.0, 0.1), 0.1
    shells = radial_shells(hard_spheres, centers, width)
    assert shells.shape == (2000, 2 * len(centers))
    inside = vt.within(hard_spheres, 2.4).counts
    outside = vt.within(hard_spheres, 3.4).counts
    counted = shells.sum(axis=1) / np.sqrt(2 * np.pi)
    assert ((counted > inside) & (counted < outside)).all()


def test_the_number_of_threads_changes_no_bit(gas, by_threads):
    np.testing.assert_array_equal(*by_threads(lambda: radial_shells(gas, [1.0, 1.5], 0.1)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], 0.1), "centers: expected one or more"),
        (([[1.0]], 0.1), "centers: expected one or more"),
        ((["near"], 0.1), "centers: expected numbers"),
        (([1.0, -1.0], 0.1), "centers: must be finite and not negative"),
        (([np.nan], 0.1), "centers: must be finite"),
        (([1.0], 0.0), "width: must be positive"),
        (([1.0], np.inf), "width: must be positive"),
        (([1.0], 0.1, -1.0), "unit: must be positive"),
        (([1.0], 0.1, 1e9), r"shells: neighbours up to 1.55e.09 .* are the length units the same"),
    ],
)
def test_wrong_arguments(hard_spheres, arguments, message):
    with pytest.raises(InputError, match=message):
        radial_shells(hard_spheres, *arguments)
