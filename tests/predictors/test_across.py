"""Learning with other labels and from other snapshots: the same regression, and nothing leaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cage_oracles import made_up_cages
from vitreous.correlation.rank import scores
from vitreous.errors import InputError
from vitreous.order_parameter.cage import CageOrderParameter
from vitreous.order_parameter.regression import Lesson, learn, predicted
from vitreous.predictors.across import learned_from_others
from vitreous.structure.cage_descriptors import cage_descriptors
from vitreous.structure.neighborhood_average import standardized_within_species


@pytest.fixture(scope="module", name="dynamics")
def _dynamics(input):
    return [one.mean[0] for one in input[1]]


@pytest.fixture(scope="module", name="found")
def _found(subjects, dynamics):
    return learned_from_others(subjects, dynamics, ["x", "x", "y"])


# The regression


def test_it_is_that_of_the_cage_order_parameter(subjects):
    one = subjects[0]
    model = CageOrderParameter().fit(one.snapshot, one.cages)
    np.testing.assert_allclose(
        one.regression_to(one.cages.log_variance()), model.predict(one.snapshot, one.cages), atol=1e-10
    )


def test_so_it_is_on_several_snapshots(subjects):
    first, second, third = subjects
    model = CageOrderParameter().fit([first.snapshot, second.snapshot], [first.cages, second.cages])
    lessons = [
        Lesson(
            one.snapshot, one.features, standardized_within_species(one.snapshot, one.cages.log_variance())
        )
        for one in (first, second)
    ]
    mine = standardized_within_species(
        third.snapshot, predicted(learn(lessons, model.penalty), third.snapshot, third.features)
    )
    np.testing.assert_allclose(mine, model.predict(third.snapshot, third.cages), atol=1e-10)


def test_labels_that_are_not_known_are_left_out(subjects):
    one = subjects[0]
    label = standardized_within_species(one.snapshot, one.cages.log_variance())
    label[:20] = np.nan
    features = one.features.copy()
    features[20:40] = np.nan
    kept = learn([Lesson(one.snapshot, features, label)], 0.3)
    mine = (one.snapshot.species_index == 1) & (np.arange(len(label)) >= 40)
    assert kept["B"].mean == pytest.approx(features[mine].mean(axis=0))
    found = predicted(kept, one.snapshot, features)
    assert np.isnan(found[20:40]).all()
    assert np.isfinite(found[:20]).all()


# From other snapshots


def test_what_others_say(subjects, dynamics, found):
    """By hand: trained on the two of group x, applied to the one of group y."""
    first, second, third = subjects
    model = CageOrderParameter().fit([first.snapshot, second.snapshot], [first.cages, second.cages])
    np.testing.assert_array_equal(found[2]["cage_positions"], model.predict(third.snapshot))
    x = np.concatenate([one.features for one in (first, second)])
    y = np.concatenate(
        [
            standardized_within_species(one.snapshot, np.log(d))
            for one, d in zip(subjects[:2], dynamics[:2], strict=True)
        ]
    )
    species = np.concatenate([one.snapshot.species for one in (first, second)])
    for name in "AB":
        mine, here = species == name, third.snapshot.species == name
        mean, deviation = x[mine].mean(axis=0), x[mine].std(axis=0)
        z = (x[mine] - mean) / deviation
        weights = np.linalg.solve(
            z.T @ z + 0.3 * mine.sum() * np.eye(z.shape[1]), z.T @ (y[mine] - y[mine].mean())
        )
        expected = (third.features[here] - mean) / deviation @ weights
        expected = (expected - expected.mean()) / expected.std()
        np.testing.assert_allclose(found[2]["supervised"][here], expected, atol=1e-8)


def test_ones_own_propensity_has_no_influence(subjects, dynamics, found):
    """Not that of the snapshot, nor that of another of the same independent run."""
    noise = np.random.default_rng(0).uniform(0.1, 1.0, (2, len(dynamics[0])))
    scrambled = learned_from_others(subjects, [*noise, dynamics[2]], ["x", "x", "y"])
    for k in (0, 1):
        for name in ("cage_positions", "supervised"):
            np.testing.assert_array_equal(scrambled[k][name], found[k][name])
    np.testing.assert_array_equal(scrambled[2]["cage_positions"], found[2]["cage_positions"])
    assert abs(correlation(scrambled[2]["supervised"], found[2]["supervised"])) < 0.8


def test_a_random_propensity_cannot_be_learned_by_having_been_seen(subjects, dynamics):
    """The regression has 76 numbers for 150 particles: told its own label, it would remember a good deal of it."""
    noise = np.random.default_rng(1).uniform(0.1, 1.0, len(dynamics[0]))
    found = learned_from_others(subjects, [noise, *dynamics[1:]], ["x", "y", "z"])
    mine = subjects[0].snapshot.species == "A"
    honest = correlation(found[0]["supervised"][mine], noise[mine])
    seen = correlation(subjects[0].regression_to(noise)[mine], noise[mine])
    assert abs(honest) < 0.2
    assert seen > 0.4


def test_ones_own_cages_have_no_influence_on_positions_only(subjects, dynamics, found):
    others = [replace(one, cages=made_up_cages(one.snapshot, 50 + k)) for k, one in enumerate(subjects)]
    mixed = [others[0], others[1], subjects[2]]
    again = learned_from_others(mixed, dynamics, ["x", "x", "y"])
    for k in (0, 1):
        np.testing.assert_array_equal(again[k]["cage_positions"], found[k]["cage_positions"])
    assert not np.array_equal(again[2]["cage_positions"], found[2]["cage_positions"])


def test_positions_only_are_bare_positions(subjects, dynamics, found):
    moved = replace(subjects[2], cages=made_up_cages(subjects[2].snapshot, 77))
    again = learned_from_others([*subjects[:2], moved], dynamics, ["x", "x", "y"])
    np.testing.assert_array_equal(again[2]["cage_positions"], found[2]["cage_positions"])
    assert not np.array_equal(
        again[2]["supervised"], found[2]["supervised"]
    )  # from mean positions in the cages


def test_what_can_be_learned_is_learned(subjects, dynamics, found):
    for one, values, said in zip(subjects, dynamics, found, strict=True):
        for name in "AB":
            mine = one.snapshot.species == name
            assert correlation(said["supervised"][mine], values[mine]) > 0.2


def test_a_propensity_without_logarithm(subjects, dynamics):
    still = dynamics[1].copy()
    still[7] = 0.0
    with pytest.raises(InputError, match="particle 7 of snapshot 1 has 0"):
        learned_from_others(subjects, [dynamics[0], still, dynamics[2]], ["x", "y", "z"])


def test_features_are_those_of_the_mean_positions(subjects):
    one = subjects[0]
    np.testing.assert_array_equal(one.features, cage_descriptors(one.cages.at_mean_positions, 1.0))


def correlation(x, y):
    a, b = scores([x, y])
    return float(a @ b)
