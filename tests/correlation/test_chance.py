"""Chance by translations: what independent and clumped fields give, and what it does not depend on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vitreous as vt
from strategies import boxes
from vitreous.correlation import chance as module
from vitreous.correlation.chance import chance_correlation, chance_interval, partners_elsewhere
from vitreous.errors import InputError


def scores(values):
    centered = values - values.mean(axis=-1, keepdims=True)
    return centered / np.sqrt((centered**2).sum(axis=-1, keepdims=True))


def rough(rng, count, n):
    return scores(rng.standard_normal((count, n)))


def smooth(snapshot, rng, count, radius=2.0):
    n = len(snapshot)
    return scores(
        np.array([vt.local_average(snapshot, rng.standard_normal(n), radius) for _ in range(count)])
    )


def random_liquid(n, seed=0, vectors=None):
    edge = (n / 1.1) ** (1 / 3)
    vectors = np.diag([edge] * 3) if vectors is None else vectors
    return vt.Configuration(np.random.default_rng(seed).random((n, 3)) @ vectors, box=vectors)


def test_independent_particles_have_one_over_root_n():
    snapshot = random_liquid(1500)
    rng = np.random.default_rng(1)
    found = chance_correlation(snapshot.box, snapshot.positions, rough(rng, 4, 1500), rough(rng, 5, 1500))
    assert found.shape == (4, 5)
    np.testing.assert_allclose(found, 1 / np.sqrt(1500), rtol=0.6)
    # Particles are the partner of others more than once, or never: the partners' scatter is 1.4 times as large.
    assert found.mean() == pytest.approx(1 / np.sqrt(1500), rel=0.35)


def test_fields_alike_over_some_distance_correlate_more_by_chance():
    """As strongly as two such fields really do."""
    snapshot = random_liquid(1500)
    rng = np.random.default_rng(1)
    x, y = smooth(snapshot, rng, 20), smooth(snapshot, rng, 20)
    found = chance_correlation(snapshot.box, snapshot.positions, x, y)
    really = np.sqrt(((x @ y.T) ** 2).mean())
    assert found.mean() > 3 / np.sqrt(1500)
    assert np.sqrt((found**2).mean()) == pytest.approx(really, rel=0.2)


def test_the_association_itself_does_not_count():
    snapshot = random_liquid(1500)
    x = smooth(snapshot, np.random.default_rng(1), 1)
    found = chance_correlation(snapshot.box, snapshot.positions, x, x)
    assert found[0, 0] < 0.35


@settings(max_examples=25)
@given(boxes(), st.integers(0, 100))
def test_what_does_not_matter(vectors, seed):
    """Where the origin is, in which image a particle, and the order of the particles; signs and seeds do little."""
    n = 60
    rng = np.random.default_rng(seed)
    fractional = rng.random((n, 3))
    snapshot = vt.Configuration(fractional @ vectors, box=vectors)
    x, y = rough(rng, 2, n), rough(rng, 3, n)
    found = chance_correlation(snapshot.box, snapshot.positions, x, y)
    assert (found >= 0).all()
    np.testing.assert_allclose(found, chance_correlation(snapshot.box, snapshot.positions, -x, y), rtol=1e-12)
    moved = (fractional + rng.integers(-2, 3, (n, 3))) @ vectors
    np.testing.assert_allclose(found, chance_correlation(snapshot.box, moved, x, y), rtol=1e-6)
    order = rng.permutation(n)
    again = chance_correlation(snapshot.box, snapshot.positions[order], x[:, order], y[:, order])
    np.testing.assert_allclose(found, again, rtol=1e-6)


def test_no_translation_is_short():
    """And they fill the rest of the box evenly."""
    snapshot = random_liquid(100, vectors=np.diag([8.0, 6.0, 4.0]))
    shifts = module._translations(snapshot.box, snapshot.box.heights, np.random.default_rng(0)) * [8, 6, 4]
    assert len(shifts) == 200
    assert np.sqrt((shifts**2).sum(axis=1)).min() >= 1.0
    assert (np.abs(shifts).max(axis=0) > [3.8, 2.8, 1.9]).all()
    np.testing.assert_allclose(shifts.mean(axis=0), 0, atol=0.6)


def test_seeds_are_seeds():
    snapshot = random_liquid(200)
    rng = np.random.default_rng(0)
    x, y = rough(rng, 1, 200), rough(rng, 1, 200)
    first, same, other = (chance_correlation(snapshot.box, snapshot.positions, x, y, s) for s in (1, 1, 2))
    assert first == same
    assert first != other
    assert first[0, 0] == pytest.approx(other[0, 0], rel=0.35)


def test_an_open_box_is_refused():
    snapshot = vt.Configuration(
        np.random.default_rng(0).random((50, 3)), (1, 1, 1), periodic=(True, True, False)
    )
    x = rough(np.random.default_rng(0), 1, 50)
    with pytest.raises(InputError, match="periodic along all axes"):
        chance_correlation(snapshot.box, snapshot.positions, x, x)


@pytest.mark.parametrize("n", [8, 15, 30, 100])
def test_the_interval_holds_zero_for_independent_pairs(n):
    """As often as it says, also for few: by normal numbers, whose correlation has the deviation 1/√(n - 1)."""
    rng = np.random.default_rng(n)
    rho = (rough(rng, 20_000, n) * rough(rng, 20_000, n)).sum(axis=1)
    low, high = chance_interval(rho, np.full(len(rho), 1.0 / np.sqrt(n - 1.0)))
    assert ((low <= 0.0) & (high >= 0.0)).mean() == pytest.approx(0.95, abs=0.006)


def test_an_interval_of_three_particles_says_nothing():
    rho, chance = np.array([0.0, 1.0, -1.0, np.nan, 0.5]), np.array([0.8, 0.1, 0.71, 0.1, np.nan])
    low, high = chance_interval(rho, chance)
    np.testing.assert_array_equal(low, [-1.0, 1.0, -1.0, np.nan, np.nan])
    np.testing.assert_array_equal(high, [1.0, 1.0, 1.0, np.nan, np.nan])


def test_partners_are_nearest_to_the_moved_place():
    snapshot = random_liquid(60)
    edge = snapshot.box.lengths[0]
    moved = list(partners_elsewhere(snapshot.box, snapshot.positions, 4))
    assert len(moved) == 200
    rng = np.random.default_rng(4)
    shifts = module._translations(snapshot.box, np.asarray(snapshot.box.heights), rng) * edge
    mirrors = rng.choice([-1.0, 1.0], shifts.shape)
    assert len({mirror.tobytes() for mirror in mirrors}) == 8
    for partner, shift, mirror in zip(moved, shifts, mirrors, strict=True):
        apart = (snapshot.positions * mirror)[:, None] + shift - snapshot.positions[None]
        apart -= edge * np.round(apart / edge)
        np.testing.assert_array_equal(partner, (apart**2).sum(axis=-1).argmin(axis=1))


def test_a_box_without_right_angles_is_not_mirrored():
    vectors = np.array([[6.0, 0, 0], [1.0, 6.5, 0], [-0.5, 1.0, 5.0]])
    snapshot = random_liquid(40, 1, vectors)
    heights = np.asarray(snapshot.box.heights)
    shifts = module._translations(snapshot.box, heights, np.random.default_rng(2))
    fractional = snapshot.box.fractional(snapshot.positions)
    for partner, shift in zip(partners_elsewhere(snapshot.box, snapshot.positions, 2), shifts, strict=True):
        apart = (fractional + shift)[:, None] - fractional[None]
        apart -= np.round(apart)
        np.testing.assert_array_equal(partner, ((apart * heights) ** 2).sum(axis=-1).argmin(axis=1))
