"""A cluster of n particles has n different ones, whatever its bonds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tcc_oracle as oracle
import vitreous as vt
from vitreous.structure.tcc.bonds import Bonds
from vitreous.structure.tcc.rules import TYPES, find_clusters, size_of

CASE = Path(__file__).parents[4] / "shared" / "cases" / "01-fcc-of-12-particles.xyz"

# The smallest sets of bonds found in which all parts of a cluster are there, and two of them are one particle: the
# outer spindles of the 6As of an 11F, a spindle of an FCC in a ring of it, the cap of a 13A, the two last of a 13K.
TWICE = {
    "11F": "03 04 05 07 08 09 12 15 16 19 25 27 28 29 34 36 38 39 47 49 56 58 59 68 69 78 79",
    "FCC": "02 03 04 06 07 0a 12 13 15 17 18 23 26 28 29 34 35 36 37 38 39 3a 47 4a 57 59 5a 89 9a",
    "13A": (
        "01 02 03 04 05 06 07 08 09 0a 0b 13 14 17 1b 23 24 25 2b 34 35 36 37 39 3b 49 56 57 59 6a 6b 89 8a 8b 9b ab"
    ),
    "13K": (
        "01 04 07 09 12 17 18 19 1b 24 26 27 28 29 34 35 36 37 38 3a 47 48 49 56 57 5a 5b 67 68 6b 79 7a 7b 8b ab"
    ),
}


def clusters_of(near):
    offsets = np.concatenate([[0], np.cumsum([len(some) for some in near])])
    return find_clusters(Bonds(offsets, np.array([j for some in near for j in sorted(some)], np.int32)))


def check(clusters):
    assert tuple(clusters) == TYPES
    for name, rows in clusters.items():
        assert rows.shape[1] == size_of(name)
        assert (np.diff(np.sort(rows, axis=1), axis=1) > 0).all(), name


@pytest.mark.parametrize("name", TWICE)
def test_no_particle_counts_twice(name):
    bonds = [(int(i, 16), int(j, 16)) for i, j in TWICE[name].split()]
    near = oracle.neighbors_of(1 + max(map(max, bonds)), bonds)
    found = clusters_of(near)
    check(found)
    assert len(found[name]) == 0


def test_sizes():
    assert [size_of(name) for name in ("sp3a", "sp5c", "6Z", "7T_a", "BCC_9", "12K", "FCC", "HCP")] == [
        *(3, 7, 6, 7, 9, 12, 13, 13)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_any_graph(seed):
    """Bonds that no geometry gives: where rules leave gaps, they find them."""
    rng = np.random.default_rng(seed)
    for _ in range(60):
        n, share = int(rng.integers(10, 22)), rng.uniform(0.25, 0.65)
        upper = np.triu(rng.random((n, n)) < share, 1)
        check(clusters_of([set(np.flatnonzero(row)) for row in upper | upper.T]))


def fluid(rng, n, density, pushes):
    """Random places, from which overlapping spheres push each other apart: a gas, or something like a liquid."""
    edge = max((n / density) ** (1 / 3), 4.3)
    x = rng.uniform(0, edge, (n, 3))
    for _ in range(pushes):
        vectors = x[None] - x[:, None]
        vectors -= edge * np.rint(vectors / edge)
        r = np.linalg.norm(vectors, axis=2) + 9 * np.eye(n)
        x = x - 0.45 * (np.clip(1 / np.maximum(r, 1e-9) - 1, 0, None)[..., None] * vectors).sum(axis=1)
    return vt.Configuration(x % edge, (edge,) * 3)


@pytest.mark.filterwarnings("ignore:.*less than four cutoffs:UserWarning")
@settings(max_examples=25)
@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(20, 300),
    density=st.floats(0.3, 2.0),
    pushes=st.sampled_from([0, 3, 10]),
    fc=st.floats(0.5, 1.0),
    cutoff=st.floats(1.2, 2.1),
)
def test_any_liquid_or_gas(seed, n, density, pushes, fc, cutoff):
    rng = np.random.default_rng(seed)
    check(vt.topological_clusters(fluid(rng, n, density, pushes), cutoff=cutoff, fc=fc).clusters)


@pytest.mark.filterwarnings("ignore:.*less than four cutoffs:UserWarning")
@pytest.mark.parametrize("fc", [0.5, 0.7, 0.82, 1.0])
def test_few_points_close_together(fc):
    """Like the twelve points below: in an open box, with many bonds."""
    rng = np.random.default_rng(7)
    for _ in range(60):
        x = rng.standard_normal((int(rng.integers(11, 20)), 3))
        snapshot = vt.Configuration(x, (10.0,) * 3, periodic=(False,) * 3)
        check(vt.topological_clusters(snapshot, cutoff=2.0, fc=fc).clusters)
        check(vt.topological_clusters(snapshot, bonds="simple", cutoff=1.6).clusters)


@pytest.mark.skipif(not CASE.exists(), reason="the cases (../shared/cases) are not here")
def test_twelve_particles_are_no_fcc():
    found = vt.topological_clusters(vt.read(CASE, periodic=(False,) * 3), cutoff=2, fc=1)
    check(found.clusters)
    assert len(found.clusters["FCC"]) == 0
