"""Tetrahedra of bonds, counted among all sets of four."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tcc_oracle as oracle
import vitreous as vt
from vitreous.errors import InputError
from vitreous.structure.tcc.bonds import bonds_of


def plain_count(n, bonds):
    """From bonds (i, j), i < j."""
    near = oracle.neighbors_of(n, bonds)
    numbers = np.zeros(n, int)
    for i in range(n):
        for three in combinations(near[i], 3):
            numbers[i] += all(b in near[a] for a, b in combinations(three, 2))
    return numbers


@pytest.mark.filterwarnings("ignore:the box is")
@settings(max_examples=30)
@given(st.integers(1, 25), st.floats(0.7, 1.0), st.integers(0, 2**32 - 1))
def test_it_is_the_definition(n, fc, seed):
    rng = np.random.default_rng(seed)
    box = rng.uniform(2.1, 2.6, 3)
    gas = vt.Configuration(rng.random((n, 3)) * box, box)
    vectors = gas.positions[None] - gas.positions[:, None]
    vectors -= box * np.rint(vectors / box)
    expected = plain_count(n, oracle.voronoi_bonds(vectors, 1.0, fc))
    np.testing.assert_array_equal(vt.tetrahedra_count(gas, cutoff=1.0, fc=fc), expected)
    r = np.linalg.norm(vectors, axis=2)
    simple = {(i, j) for i, j in combinations(range(n), 2) if r[i, j] < 1.0}
    np.testing.assert_array_equal(vt.tetrahedra_count(gas, "simple", 1.0), plain_count(n, simple))


def test_bonds_are_those_of_topological_clusters(hard_spheres):
    numbers = vt.tetrahedra_count(hard_spheres)
    bonds = bonds_of(hard_spheres, "voronoi", 1.8, 0.82)
    np.testing.assert_array_equal(numbers, plain_count(2000, set(map(tuple, bonds.pairs.tolist()))))
    assert numbers.sum() % 4 == 0
    assert 10 < numbers.mean() < 30


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (np.eye(4)[:, :3], 1),
        (np.vstack([np.eye(4)[:, :3], [[1.0, 1, 1]]]), [2, 2, 2, 1, 1]),  # two on one triangle
        (np.eye(3), 0),
    ],
)
def test_small_clusters(positions, expected):
    cluster = vt.Configuration(positions, 9.0, periodic=(False, False, False))
    np.testing.assert_array_equal(vt.tetrahedra_count(cluster, "simple", 1.5), expected)


def test_an_icosahedron_has_twenty():
    golden = (1 + 5**0.5) / 2
    corners = [np.roll((0, a, b * golden), k) for a in (-1, 1) for b in (-1, 1) for k in range(3)]
    positions = np.vstack([np.zeros(3), corners]) / np.linalg.norm(corners[0])
    cluster = vt.Configuration(positions, 9.0, periodic=(False, False, False))
    np.testing.assert_array_equal(vt.tetrahedra_count(cluster), [20, *[5] * 12])


def test_fcc_has_eight_around_each():
    cubes = np.stack(np.meshgrid(*[np.arange(5)] * 3), axis=-1).reshape(-1, 1, 3)
    positions = (cubes + 0.5 * np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]])).reshape(-1, 3) * 2**0.5
    crystal = vt.Configuration(positions, 5 * 2**0.5, diameters=1.0)
    np.testing.assert_array_equal(vt.tetrahedra_count(crystal, cutoff=1.7), 8)


def test_what_must_not_matter_does_not(hard_spheres):
    order = np.random.default_rng(0).permutation(2000)
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))
    moved = vt.Configuration(
        (hard_spheres.positions[order] + 3.0) @ turn, hard_spheres.box.vectors @ turn, unwrapped=True
    )
    np.testing.assert_array_equal(vt.tetrahedra_count(moved), vt.tetrahedra_count(hard_spheres)[order])


def test_a_small_box_is_told():
    gas = vt.Configuration(np.random.default_rng(0).random((20, 3)) * 3, 3.0)
    with pytest.warns(UserWarning, match="may close around the box"):
        vt.tetrahedra_count(gas, cutoff=1.0)


def test_bad_input(hard_spheres):
    with pytest.raises(InputError, match="bonds: expected 'voronoi' or 'simple'"):
        vt.tetrahedra_count(hard_spheres, "delaunay")
    with pytest.raises(InputError, match="cutoff: "):
        vt.tetrahedra_count(hard_spheres, cutoff=20.0)
