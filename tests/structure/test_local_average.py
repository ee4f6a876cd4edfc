from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracles
from strategies import configurations
from vitreous import parallel
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.structure.local_average import local_average


def plain_average(configuration, values, radius):
    averaged = []
    for i in range(len(configuration)):
        near = [i, *(j for _, j, _ in oracles.images_within(configuration, i, radius))]
        known = [values[j] for j in near if not np.isnan(values[j])]
        averaged.append(np.mean(known) if known else np.nan)
    return np.array(averaged)


@settings(max_examples=150)
@given(configurations(), st.floats(0.05, 2.5), st.integers(0, 2**32 - 1))
def test_it_is_the_mean_over_the_sphere(configuration, scale, seed):
    rng = np.random.default_rng(seed)
    radius = scale * float(np.cbrt(configuration.box.volume / len(configuration)))
    radius = min(radius, 2.0 * float(configuration.box.heights.min()))
    values = rng.normal(size=len(configuration))
    values[rng.random(len(values)) < 0.2] = np.nan
    expected = plain_average(configuration, values, radius)
    np.testing.assert_allclose(local_average(configuration, values, radius), expected, atol=1e-10)


def random_liquid(n=30_000):
    rng = np.random.default_rng(0)
    return Configuration(rng.random((n, 3)) * n ** (1 / 3), n ** (1 / 3)), rng.normal(size=n)


def test_the_number_of_threads_changes_no_bit(monkeypatch):
    snapshot, values = random_liquid()
    answers = []
    for threads in (1, 4):
        monkeypatch.setattr(parallel, "thread_count", lambda threads=threads: threads)
        answers.append(local_average(snapshot, values, 1.5))
    np.testing.assert_array_equal(*answers)


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


@pytest.mark.parametrize("values", [np.zeros(9), np.zeros((10, 1)), 1.0])
def test_wrong_values(values):
    with pytest.raises(InputError, match="values: expected shape"):
        local_average(random_liquid(10)[0], values, 1.0)
