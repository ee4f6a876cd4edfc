"""Scores within species, and their exponential average over a neighbourhood."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shell_oracles
from strategies import configurations
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.structure.local_average import local_average
from vitreous.structure.neighborhood_average import (
    AVERAGING_LENGTH,
    averaging_length,
    neighborhood_average,
    standardized_within_species,
)


def plain_scores(configuration, values):
    found = np.full(len(values), np.nan)
    for name in set(configuration.species.tolist()):
        known = [
            i for i in range(len(values)) if configuration.species[i] == name and not np.isnan(values[i])
        ]
        own = [values[i] for i in known]
        for i in known:
            found[i] = 0.0 if max(own) == min(own) else (values[i] - np.mean(own)) / np.std(own)
    return found


def some_values(configuration, seed, unknown=0.2):
    rng = np.random.default_rng(seed)
    values = 3.0 * rng.normal(size=len(configuration)) + 100.0 * configuration.species_index
    values[rng.random(len(values)) < unknown] = np.nan
    return values


@settings(max_examples=100)
@given(configurations(), st.integers(0, 2**32 - 1))
def test_scores(configuration, seed):
    values = some_values(configuration, seed)
    found = standardized_within_species(configuration, values)
    np.testing.assert_allclose(found, plain_scores(configuration, values), atol=1e-9)


@settings(max_examples=60)
@given(configurations(), st.floats(0.05, 0.6), st.integers(0, 2**32 - 1))
def test_the_average_of_scores(configuration, scale, seed):
    length = scale * float(np.cbrt(configuration.box.volume / len(configuration)))
    length = min(length, 0.3 * float(configuration.box.heights.min()))
    values = some_values(configuration, seed)
    expected = shell_oracles.exponential_average(configuration, plain_scores(configuration, values), length)
    np.testing.assert_allclose(
        neighborhood_average(configuration, values, length=length), expected, atol=1e-9
    )


def liquid(n=600, seed=0):
    rng = np.random.default_rng(seed)
    species = rng.choice(["A", "B"], n, p=[0.3, 0.7])
    edge = n ** (1 / 3)
    return Configuration(rng.random((n, 3)) * edge, edge, species, {"A": 1.25, "B": 1.0})


def test_the_length_is_eight_tenths_of_the_largest_diameter():
    snapshot = liquid()
    assert AVERAGING_LENGTH == 0.8
    assert averaging_length(snapshot) == 1.0
    values = some_values(snapshot, 1)
    np.testing.assert_array_equal(
        neighborhood_average(snapshot, values), neighborhood_average(snapshot, values, length=1.0)
    )
    scores = standardized_within_species(snapshot, values)
    np.testing.assert_array_equal(
        neighborhood_average(snapshot, values), local_average(snapshot, scores, length=1.0)
    )


@settings(max_examples=25)
@given(st.integers(0, 1000), st.floats(0.01, 50.0), st.floats(0.01, 50.0), st.floats(-9.0, 9.0))
def test_zero_and_unit_of_a_species_do_not_matter(seed, first, second, shift):
    snapshot = liquid(100)
    values = np.random.default_rng(seed).normal(size=100)
    scaled = np.where(snapshot.species == "A", first * values, second * values + shift)
    np.testing.assert_allclose(
        neighborhood_average(snapshot, scaled), neighborhood_average(snapshot, values), atol=1e-8
    )


def test_scores_have_mean_zero_and_deviation_one_in_each_species():
    snapshot = liquid()
    scores = standardized_within_species(snapshot, some_values(snapshot, 1, unknown=0.0))
    for name in "AB":
        mine = scores[snapshot.species == name]
        assert mine.mean() == pytest.approx(0.0, abs=1e-12)
        assert mine.std() == pytest.approx(1.0, rel=1e-12)


def test_a_larger_value_stays_larger():
    """The sign is never turned."""
    snapshot = liquid()
    values = np.random.default_rng(4).normal(size=len(snapshot))
    scores = standardized_within_species(snapshot, values)
    assert (np.diff(scores[snapshot.species == "A"][np.argsort(values[snapshot.species == "A"])]) > 0).all()
    averaged = neighborhood_average(snapshot, values)
    assert np.corrcoef(averaged, values)[0, 1] > 0.1


def test_columns_one_by_one():
    snapshot = liquid()
    values = np.stack([some_values(snapshot, seed) for seed in range(4)], axis=1)
    for function in (standardized_within_species, neighborhood_average):
        found = function(snapshot, values)
        assert found.shape == values.shape
        for column in range(4):
            alone = function(snapshot, values[:, column])
            np.testing.assert_allclose(found[:, column], alone, rtol=0, atol=1e-12)  # sums in another order


@pytest.mark.parametrize("constant", [0.0, 0.1, -1e100, 1e-300])
def test_where_all_values_of_a_species_are_the_same_the_scores_are_zero(constant):
    snapshot = liquid()
    values = np.where(snapshot.species == "A", constant, np.arange(600.0))
    scores = standardized_within_species(snapshot, values)
    assert (scores[snapshot.species == "A"] == 0.0).all()
    assert scores[snapshot.species == "B"].std() == pytest.approx(1.0)


def test_unknown_values():
    snapshot = liquid()
    values = some_values(snapshot, 2, unknown=0.0)
    values[snapshot.species == "A"] = np.nan
    scores = standardized_within_species(snapshot, values)
    assert np.isnan(scores[snapshot.species == "A"]).all()
    assert np.isfinite(scores[snapshot.species == "B"]).all()
    assert np.isfinite(neighborhood_average(snapshot, values)).all()
    assert np.isnan(neighborhood_average(snapshot, np.full(600, np.nan))).all()


def test_the_order_of_particles_does_not_matter():
    snapshot = liquid()
    values = some_values(snapshot, 3)
    order = np.random.default_rng(0).permutation(600)
    shuffled = Configuration(
        snapshot.positions[order], snapshot.box, snapshot.species[order], snapshot.diameters[order]
    )
    found = neighborhood_average(shuffled, values[order])
    np.testing.assert_allclose(found, neighborhood_average(snapshot, values)[order], atol=1e-12)


def test_the_number_of_threads_changes_no_bit(by_threads):
    snapshot = liquid(20_000)
    values = some_values(snapshot, 5)
    np.testing.assert_array_equal(*by_threads(lambda: neighborhood_average(snapshot, values)))


def refused(message, action, *arguments, **options):
    with pytest.raises(InputError, match=message) as caught:
        action(*arguments, **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("values", [np.zeros(599), np.zeros((599, 2)), np.zeros((600, 1, 1)), 1.0])
def test_wrong_values(values):
    refused("values: expected 600 rows", neighborhood_average, liquid(), values)
    refused("values: expected 600 rows", standardized_within_species, liquid(), values)


@pytest.mark.parametrize("length", [0.0, -1.0, np.nan, np.inf])
def test_wrong_length(length):
    refused(
        "length: must be positive and finite", neighborhood_average, liquid(), np.zeros(600), length=length
    )


def test_no_diameters_and_no_length():
    snapshot = liquid()
    bare = Configuration(snapshot.positions, snapshot.box, snapshot.species)
    refused("diameters: the snapshot has none, so the length", averaging_length, bare)
    refused("diameters: the snapshot has none, so the length", neighborhood_average, bare, np.zeros(600))
    values = some_values(snapshot, 6)
    np.testing.assert_array_equal(
        neighborhood_average(bare, values, length=1.0), neighborhood_average(snapshot, values)
    )
