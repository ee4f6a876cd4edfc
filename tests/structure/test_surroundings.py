"""Bond order without a list of neighbours, against bond order with one, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

import vitreous as vt
from vitreous.errors import InputError
from vitreous.structure.neighbors import cutoff_matrix
from vitreous.structure.surroundings import surroundings


@pytest.fixture(scope="module", params=["one range", "several ranges"])
def liquid(request):
    """Positions at random, of two species; in 20,000 the search has three parts."""
    n = 300 if request.param == "one range" else 20_000
    length = (n / 1.2) ** (1 / 3)
    rng = np.random.default_rng(n)
    return vt.Configuration(
        rng.random((n, 3)) * length, box=(length, length, length), species=rng.choice(["A", "B"], n)
    )


def same(found, neighbors, l):
    np.testing.assert_array_equal(found.q, vt.averaged_bond_order(neighbors, l))
    np.testing.assert_array_equal(found.counts, neighbors.counts)
    assert found.farthest == neighbors.distances.max(initial=0.0)


@pytest.mark.parametrize("symmetry", ["mutual", "union", "none"])
def test_sann(liquid, symmetry):
    same(surroundings(liquid, (1, 4, 6), symmetry=symmetry), vt.sann(liquid, symmetry), (1, 4, 6))


@pytest.mark.parametrize("cutoff", [0.6, [[1.4, 1.2], [1.2, 0.5]]])
@pytest.mark.parametrize("symmetry", ["mutual", "union"])
def test_cutoffs(liquid, cutoff, symmetry):
    """Symmetry is of SANN and says nothing about cutoffs."""
    matrix = cutoff_matrix(cutoff, liquid.species_names)
    found = surroundings(liquid, range(1, 9), symmetry=symmetry, cutoff=matrix)
    same(found, vt.within(liquid, cutoff), range(1, 9))
    assert np.isnan(found.q).any()  # some particles have no neighbours


def test_an_open_box_and_threads(liquid, monkeypatch):
    cluster = vt.Configuration(liquid.positions, box=liquid.box, periodic=(False, True, False))
    monkeypatch.setenv("VITREOUS_NUM_THREADS", "3")
    same(surroundings(cluster, (2, 3)), vt.sann(cluster), (2, 3))


def test_nobody_has_neighbours():
    pair = vt.Configuration([[0.0, 0, 0], [1, 0, 0]], box=5.0, periodic=(False, False, False))
    found = surroundings(pair, (6,))
    assert np.isnan(found.q).all()
    assert found.counts.tolist() == [0, 0]
    assert found.farthest == 0.0


def test_particles_at_one_place_are_refused():
    with pytest.raises(InputError, match="at the same place"):
        surroundings(vt.Configuration(np.zeros((5, 3)), box=5.0), (6,))
