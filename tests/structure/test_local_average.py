from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracles
import shell_oracles
from strategies import configurations, moved
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.structure.local_average import local_average, recursive_average


def plain_average(configuration, values, radius):
    averaged = []
    for i in range(len(configuration)):
        near = [i, *(j for _, j, _ in oracles.images_within(configuration, i, radius))]
        known = [values[j] for j in near if not np.isnan(values[j])]
        averaged.append(np.mean(known) if known else np.nan)
    return np.array(averaged)


def some_values(configuration, seed):
    """A number for each particle, of which a fifth are not known."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=len(configuration))
    values[rng.random(len(values)) < 0.2] = np.nan
    return values


@settings(max_examples=150)
@given(configurations(), st.floats(0.05, 2.5), st.integers(0, 2**32 - 1))
def test_it_is_the_mean_over_the_sphere(configuration, scale, seed):
    values = some_values(configuration, seed)
    radius = scale * float(np.cbrt(configuration.box.volume / len(configuration)))
    radius = min(radius, 2.0 * float(configuration.box.heights.min()))
    expected = plain_average(configuration, values, radius)
    np.testing.assert_allclose(local_average(configuration, values, radius), expected, atol=1e-10)


def random_liquid(n=30_000):
    rng = np.random.default_rng(0)
    return Configuration(rng.random((n, 3)) * n ** (1 / 3), n ** (1 / 3)), rng.normal(size=n)


def test_the_number_of_threads_changes_no_bit(by_threads):
    snapshot, values = random_liquid()
    np.testing.assert_array_equal(*by_threads(lambda: local_average(snapshot, values, 1.5)))


def test_alone_one_keeps_the_own_value():
    snapshot = Configuration([[1, 1, 1], [1, 1, 4]], 10.0)
    np.testing.assert_array_equal(local_average(snapshot, [2.0, np.nan], 1.0), [2.0, np.nan])
    np.testing.assert_array_equal(local_average(snapshot, [2.0, np.nan], 3.1), [2.0, 2.0])


def test_constants_stay():
    snapshot, _ = random_liquid(500)
    np.testing.assert_allclose(local_average(snapshot, np.full(500, 0.3), 2.0), 0.3)


@pytest.mark.parametrize("radius", [0, -1, np.nan, np.inf])
def test_wrong_radius(radius):
    with pytest.raises(InputError, match="radius: must be positive and finite"):
        local_average(random_liquid(10)[0], np.zeros(10), radius)


@pytest.mark.parametrize("values", [np.zeros(9), np.zeros((9, 2)), np.zeros((10, 1, 1)), 1.0])
def test_wrong_values(values):
    for kind in ({"radius": 1.0}, {"length": 1.0}):
        with pytest.raises(InputError, match="values: expected 10 rows"):
            local_average(random_liquid(10)[0], values, **kind)
    with pytest.raises(InputError, match="values: expected 10 rows"):
        recursive_average(random_liquid(10)[0], values, 1.0, 1)


@settings(max_examples=100)
@given(configurations(), st.floats(0.05, 0.6), st.integers(0, 2**32 - 1))
def test_exponential_weights(configuration, scale, seed):
    values = some_values(configuration, seed)
    length = scale * float(np.cbrt(configuration.box.volume / len(configuration)))
    length = min(length, 0.3 * float(configuration.box.heights.min()))
    expected = shell_oracles.exponential_average(configuration, values, length)
    np.testing.assert_allclose(local_average(configuration, values, length=length), expected, atol=1e-10)


def test_a_pair_with_exponential_weights():
    pair = Configuration([[1, 1, 1], [1, 1, 3]], 30.0)
    w = np.exp(-2 / 0.5)
    expected = [(1 + 4 * w) / (1 + w), (4 + w) / (1 + w)]
    np.testing.assert_allclose(local_average(pair, [1, 4], length=0.5), expected, rtol=1e-13)
    np.testing.assert_array_equal(local_average(pair, [1, 4], length=0.39), [1, 4])  # beyond five lengths
    np.testing.assert_array_equal(local_average(pair, [np.nan, 4], length=0.39), [np.nan, 4])
    np.testing.assert_array_equal(local_average(pair, [np.nan, 4], length=0.5), [4, 4])


@pytest.mark.parametrize("kind", [{"radius": 1.7}, {"length": 0.6}])
def test_columns_are_averaged_one_by_one(kind):
    snapshot, _ = random_liquid(800)
    rng = np.random.default_rng(3)
    values = rng.normal(size=(800, 5))
    values[rng.random(values.shape) < 0.1] = np.nan
    found = local_average(snapshot, values, **kind)
    assert found.shape == (800, 5)
    for column in range(5):
        np.testing.assert_array_equal(found[:, column], local_average(snapshot, values[:, column], **kind))
    assert local_average(snapshot, values[:, :0], **kind).shape == (800, 0)


def test_the_number_of_threads_changes_no_bit_of_the_exponential_average(by_threads):
    snapshot, values = random_liquid(20_000)
    np.testing.assert_array_equal(*by_threads(lambda: local_average(snapshot, values, length=0.5)))


def test_a_long_length_averages_over_everybody():
    open_space = Configuration(np.random.default_rng(0).random((50, 3)), 1.0, periodic=(False,) * 3)
    values = np.arange(50.0)
    np.testing.assert_allclose(local_average(open_space, values, length=1e6), 24.5, rtol=1e-5)


@settings(max_examples=40)
@given(configurations(smallest=2, periodic=(True,) * 3), st.integers(0, 2**32 - 1))
def test_the_exponential_average_knows_no_direction_place_unit_or_order(configuration, seed):
    rng = np.random.default_rng(seed)
    n = len(configuration)
    length = 0.25 * min(float(np.cbrt(configuration.box.volume / n)), float(configuration.box.heights.min()))
    values = rng.normal(size=n)
    elsewhere, order = moved(configuration, rng, 2.5)
    before = local_average(configuration, values, length=length)
    after = local_average(elsewhere, values[order], length=2.5 * length)
    # A pair at five lengths may fall on either side.
    wider = local_average(configuration, values, length=length * (1 + 1e-9))
    narrower = local_average(configuration, values, length=length * (1 - 1e-9))
    clear = np.isclose(wider, narrower, atol=1e-6)[order]
    np.testing.assert_allclose(after[clear], before[order][clear], atol=1e-9)


def test_generations():
    snapshot, values = random_liquid(300)
    values[:20] = np.nan
    found = recursive_average(snapshot, values, 0.4, 3)
    assert found.shape == (300, 4)
    np.testing.assert_array_equal(found[:, 0], values)
    for generation in range(1, 4):
        expected = local_average(snapshot, found[:, generation - 1], length=0.4)
        np.testing.assert_array_equal(found[:, generation], expected)
    both = recursive_average(snapshot, np.stack([values, values**2], axis=1), 0.4, 3)
    assert both.shape == (300, 2, 4)
    np.testing.assert_array_equal(both[:, 0], found)
    np.testing.assert_array_equal(recursive_average(snapshot, values, 0.4, 0)[:, 0], values)


def test_just_one_of_radius_and_length():
    snapshot, values = random_liquid(10)
    for kind in ({}, {"radius": 1.0, "length": 1.0}):
        with pytest.raises(InputError, match=r"give either radius .* or length"):
            local_average(snapshot, values, **kind)


@pytest.mark.parametrize("length", [0, -1, np.nan, np.inf])
def test_wrong_length(length):
    snapshot, values = random_liquid(10)
    with pytest.raises(InputError, match="length: must be positive and finite"):
        local_average(snapshot, values, length=length)
    with pytest.raises(InputError, match="length: must be positive and finite"):
        recursive_average(snapshot, values, length, 2)


def test_a_length_in_another_unit():
    snapshot, values = random_liquid(1000)
    with pytest.raises(InputError, match=r"length: neighbours up to 5e.09 .* are the length units the same"):
        local_average(snapshot, values, length=1e9)


@pytest.mark.parametrize("generations", [-1, 1.5, "two"])
def test_wrong_generations(generations):
    with pytest.raises(InputError, match="generations: expected a whole number"):
        recursive_average(*random_liquid(10), 1.0, generations)
