"""Tetrahedral order against its definition, and values that are known."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import oracles
import vitreous as vt
from strategies import configurations
from vitreous.errors import InputError

OPEN = (False, False, False)


def plain_order(configuration, i):
    """The definition, and how clear it is which others are the nearest four."""
    finite = not any(configuration.box.periodic)
    radius = 3.0 * float(np.linalg.norm(configuration.box.vectors)) if finite else 1e-3
    near = oracles.images_within(configuration, i, radius)
    while len(near) < 5 and not finite:
        radius = 1.3 * max(radius, 0.3 * float(configuration.box.heights.min()))
        near = oracles.images_within(configuration, i, radius)
    if len(near) < 4:
        return np.nan, 1.0
    bonds = [vector / distance for distance, _, vector in near[:4]]
    q = 1 - 3 / 8 * sum((a @ b + 1 / 3) ** 2 for a, b in combinations(bonds, 2))
    return q, (near[4][0] / near[3][0] - 1 if len(near) > 4 else 1.0)


@settings(max_examples=40)
@given(configurations(largest=20))
def test_it_is_the_definition(configuration):
    expected = np.array([plain_order(configuration, i) for i in range(len(configuration))])
    clear = expected[:, 1] > 1e-9
    assume(clear.any())
    found = vt.tetrahedral_order(configuration)
    np.testing.assert_allclose(found[clear], expected[clear, 0], atol=1e-9)


def test_diamond_is_perfect():
    fcc = np.array([[0, 0, 0], [0, 2, 2], [2, 0, 2], [2, 2, 0]])
    cubes = np.stack(np.meshgrid(*[np.arange(3)] * 3), axis=-1).reshape(-1, 1, 3)
    positions = (4 * cubes + np.vstack([fcc, fcc + 1])).reshape(-1, 3)
    np.testing.assert_allclose(vt.tetrahedral_order(vt.Configuration(positions, 12.0)), 1.0)


def test_independent_directions_give_zero():
    rng = np.random.default_rng(0)
    gas = vt.Configuration(rng.random((30_000, 3)), 1.0)
    q = vt.tetrahedral_order(gas)
    assert q.mean() == pytest.approx(0, abs=0.01)
    # Cosines of pairs are independent; c² has the variance 4/45 and 2c/3 has 4/27.
    assert q.var() == pytest.approx(9 / 64 * 6 * (4 / 45 + 4 / 27), rel=0.03)


def test_all_in_one_direction_is_the_least():
    line = vt.Configuration([[float(x), 0, 0] for x in range(5)], 9.0, periodic=OPEN)
    assert vt.tetrahedral_order(line)[0] == pytest.approx(1 - 3 / 8 * 6 * 16 / 9)


@pytest.mark.parametrize("n", [1, 2, 4])
def test_without_four_others_it_is_nan(n):
    few = vt.Configuration(np.eye(4)[:n, :3], 9.0, periodic=OPEN)
    assert np.isnan(vt.tetrahedral_order(few)).all()


def test_a_lone_particle_far_from_a_cluster_gets_its_answer():
    rng = np.random.default_rng(0)
    positions = np.vstack([rng.random((500, 3)), [[400.0, 3.0, 2.0]]])
    lonely = vt.Configuration(positions, 500.0)
    assert vt.tetrahedral_order(lonely)[500] == pytest.approx(plain_order(lonely, 500)[0])


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_what_must_not_matter_does_not(hard_spheres, seed):
    rng = np.random.default_rng(seed)
    order = rng.permutation(2000)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    unit = 10.0 ** rng.uniform(-9, 9)
    moved = vt.Configuration(
        unit * (hard_spheres.positions[order] + rng.normal(size=3)) @ turn,
        unit * hard_spheres.box.vectors @ turn,
        unwrapped=True,
    )
    np.testing.assert_allclose(
        vt.tetrahedral_order(moved), vt.tetrahedral_order(hard_spheres)[order], atol=1e-9
    )


def test_the_number_of_threads_changes_no_bit(monkeypatch):
    rng = np.random.default_rng(0)
    gas = vt.Configuration(rng.random((20_000, 3)), 1.0)
    answers = []
    for threads in ("1", "3"):
        monkeypatch.setenv("VITREOUS_NUM_THREADS", threads)
        answers.append(vt.tetrahedral_order(gas))
    np.testing.assert_array_equal(*answers)


def test_coinciding_particles_are_named():
    positions = np.random.default_rng(0).random((50, 3)) * 5
    positions[31] = positions[7]
    with pytest.raises(InputError, match=r"particle (7 and particle 31|31 and particle 7)"):
        vt.tetrahedral_order(vt.Configuration(positions, 5.0))
