"""Moments of displacements over times and runs, and what a person sees of cages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from cage_oracles import made_up_cages
from vitreous.dynamics.cages import CageMoments, Plateau
from vitreous.errors import InputError


def moments_of(displacements):
    """(T, N, 3), time after time."""
    found = CageMoments.empty(displacements.shape[1])
    for moved in displacements:
        found = found.with_time(moved)
    return found


def some_displacements(seed, runs=3, times=4, n=5):
    rng = np.random.default_rng(seed)
    return rng.normal(size=3) + rng.normal(size=(runs, times, n, 3)) @ rng.normal(size=(3, 3))


@settings(max_examples=50)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(2, 5), st.integers(1, 6))
def test_the_covariance_over_all_runs_and_times(seed, runs, times, n):
    moved = some_displacements(seed, runs, times, n)
    found = CageMoments.total([moments_of(run) for run in moved])
    assert found.count == runs * times
    for i in range(n):
        everywhere = moved[:, :, i].reshape(-1, 3)
        np.testing.assert_allclose(found.covariance()[i], np.cov(everywhere.T, bias=True), atol=1e-12)
        spread = (everywhere**2).sum(axis=1).mean() - (everywhere.mean(axis=0) ** 2).sum()
        assert found.variance()[i] == pytest.approx(spread, rel=1e-9, abs=1e-12)
        np.testing.assert_allclose(found.displacement[i] / found.count, everywhere.mean(axis=0), atol=1e-12)
        last = np.linalg.norm(moved[:, -1, i], axis=1)
        assert found.last_distance[i] == pytest.approx(last.mean(), rel=1e-12)


def test_they_are_sums():
    moved = some_displacements(0, runs=1)[0]
    found = moments_of(moved)
    np.testing.assert_allclose(found.displacement, moved.sum(axis=0), rtol=1e-12)
    xx, xy, xz, yy, yz, zz = found.squared.T
    for column, (a, b) in zip((xx, xy, xz, yy, yz, zz), ("00", "01", "02", "11", "12", "22"), strict=True):
        np.testing.assert_allclose(column, (moved[..., int(a)] * moved[..., int(b)]).sum(axis=0), rtol=1e-12)


def test_a_total_leaves_its_parts_alone():
    parts = [moments_of(run) for run in some_displacements(1)]
    before = [np.copy(part.displacement) for part in parts]
    total = CageMoments.total(parts)
    again = CageMoments.total(parts)
    for part, old in zip(parts, before, strict=True):
        np.testing.assert_array_equal(part.displacement, old)
    np.testing.assert_array_equal(total.squared, again.squared)
    np.testing.assert_array_equal(total.last_distance, again.last_distance)


def test_halves_together_are_the_whole():
    """⟨v⟩ over the halves and what their means differ by."""
    parts = [moments_of(run) for run in some_displacements(2, runs=6)]
    first, second = CageMoments.total(parts[:3]), CageMoments.total(parts[3:])
    apart = ((first.displacement / first.count - second.displacement / second.count) ** 2).sum(axis=1)
    expected = 0.5 * (first.variance() + second.variance()) + 0.25 * apart
    np.testing.assert_allclose(CageMoments.total(parts).variance(), expected, rtol=1e-10)


@settings(max_examples=25)
@given(st.integers(0, 1000))
def test_turned_and_moved(seed):
    moved = some_displacements(seed, runs=1)[0]
    turn = Rotation.random(random_state=seed).as_matrix()
    plain, other = moments_of(moved), moments_of(moved @ turn.T + [3.0, -1.0, 2.0])
    np.testing.assert_allclose(other.covariance(), turn @ plain.covariance() @ turn.T, atol=1e-10)
    np.testing.assert_allclose(other.variance(), plain.variance(), atol=1e-10)


def test_a_covariance_is_symmetric_and_never_negative():
    found = CageMoments.total([moments_of(run) for run in some_displacements(3, n=200)]).covariance()
    np.testing.assert_array_equal(found, found.transpose(0, 2, 1))
    assert np.linalg.eigvalsh(found).min() > -1e-12


def test_who_stays_at_one_place_has_no_width():
    found = moments_of(np.full((10, 1, 3), 0.25))
    assert found.variance()[0] == 0.0
    assert found.last_distance[0] == pytest.approx(0.25 * np.sqrt(3), rel=1e-15)


# Cages


@pytest.fixture(scope="module", name="cages")
def _cages(hard_spheres):
    return made_up_cages(hard_spheres)


def test_the_snapshot_at_the_middles(cages, hard_spheres):
    found = cages.at_mean_positions
    np.testing.assert_array_equal(found.positions, cages.mean_positions)
    np.testing.assert_array_equal(found.species, hard_spheres.species)
    np.testing.assert_array_equal(found.diameters, hard_spheres.diameters)
    np.testing.assert_array_equal(found.box.vectors, hard_spheres.box.vectors)
    assert found.unwrapped
    assert not found.columns
    assert found.images is None


def test_logarithms(cages):
    np.testing.assert_array_equal(cages.log_variance(), np.log(cages.variance))
    for half in (0, 1):
        np.testing.assert_array_equal(cages.log_variance(half), np.log(cages.half_variances[half]))


@pytest.mark.parametrize("value", [0.0, -1e-18, np.nan])
def test_without_a_width_there_is_no_logarithm(cages, value):
    variance, halves = cages.variance.copy(), cages.half_variances.copy()
    variance[7] = halves[1, 7] = value
    stuck = replace(cages, variance=variance, half_variances=halves)
    for half in (None, 1):
        with pytest.raises(InputError, match="particle 7 did not move in the short runs") as caught:
            stuck.log_variance(half)
        assert "\n" not in str(caught.value)
    stuck.log_variance(0)


def test_what_is_seen(cages):
    assert repr(cages) == "Cages(N=2000, hard-spheres, 16 runs to 5, halves agree 0.80)"


def test_the_least_slope():
    times, square = np.array([1.0, 2.0, 4.0, 8.0]), np.ones(4)
    slope = np.array([np.nan, 0.3, 0.1, np.nan])
    assert Plateau(times, square, slope).least_slope == 0.1
    for unknown in ([], [np.nan], [np.nan, np.nan]):
        k = len(unknown)
        assert np.isnan(Plateau(times[:k], square[:k], np.array(unknown)).least_slope)
