from __future__ import annotations

import freud
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracles
from strategies import configurations, moved
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.structure.bond_order import averaged_bond_order, bond_order, lechner_dellago
from vitreous.structure.neighbors import NeighborList, sann, within

DEGREES = range(1, 9)


@settings(max_examples=50)
@given(configurations(), st.booleans())
def test_equals_spherical_harmonics(configuration, many):
    spacing = configuration.number_density ** (-1 / 3)
    neighbors = within(configuration, 2.2 * spacing) if many else sann(configuration)
    q = bond_order(neighbors, DEGREES)
    assert np.array_equal(np.isnan(q).all(axis=1), neighbors.counts == 0)
    np.testing.assert_allclose(q, oracles.bond_order(neighbors, DEGREES), rtol=0, atol=1e-12)


def test_more_bonds_than_the_pair_sum_takes():
    rng = np.random.default_rng(0)
    neighbors = within(Configuration(rng.random((400, 3)), box=(1, 1, 1)), 0.49)
    assert neighbors.counts.min() > 120
    np.testing.assert_allclose(
        bond_order(neighbors, [2, 6, 12]), oracles.bond_order(neighbors, [2, 6, 12]), rtol=0, atol=1e-12
    )


def cubic(basis, repeats=3):
    basis = np.array(basis, dtype=float)
    cells = np.array(list(np.ndindex(repeats, repeats, repeats)), dtype=float)
    positions = (cells[:, None] + basis[None]).reshape(-1, 3)
    return Configuration(positions, box=(repeats,) * 3)


def hcp():
    a, c = 1.0, np.sqrt(8 / 3)
    vectors = np.array([[a, 0, 0], [0, np.sqrt(3) * a, 0], [0, 0, c]])
    basis = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 5 / 6, 0.5], [0, 1 / 3, 0.5]])
    cells = np.array(list(np.ndindex(4, 3, 3)), dtype=float)
    positions = (cells[:, None] + basis[None]).reshape(-1, 3) @ vectors
    return Configuration(positions, box=vectors * np.array([[4], [3], [3]]))


def icosahedron():
    golden = (1 + np.sqrt(5)) / 2
    corners = [np.roll([0.0, s, t * golden], k) for k in range(3) for s in (-1, 1) for t in (-1, 1)]
    return Configuration(np.vstack([[0, 0, 0], *corners]), box=(20, 20, 20), periodic=(False,) * 3)


FCC = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
BCC = [[0, 0, 0], [0.5, 0.5, 0.5]]


@pytest.mark.parametrize(
    ("configuration", "count", "exact"),
    [
        # Closed forms: fcc q4² = 7/192, q6² = 169/512; hcp and bcc from the literature to 4 digits below.
        (cubic(FCC), 12, {4: np.sqrt(7 / 192), 6: np.sqrt(169 / 512)}),
        (cubic(BCC), 14, {}),
        (hcp(), 12, {}),
        (icosahedron(), 12, {6: np.sqrt(11 / 25)}),
    ],
    ids=["fcc", "bcc", "hcp", "icosahedron"],
)
def test_perfect_environments(configuration, count, exact):
    neighbors = sann(configuration)
    center = slice(0, 1) if count == 12 and len(configuration) == 13 else slice(None)
    assert (neighbors.counts[center] == count).all()
    q = bond_order(neighbors, DEGREES)[center]
    expected = oracles.bond_order(neighbors, DEGREES)[center]
    np.testing.assert_allclose(q, expected, rtol=0, atol=1e-9)
    for l, value in exact.items():
        np.testing.assert_allclose(q[:, l - 1], value, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("configuration", "published"),
    [
        (cubic(FCC), {4: 0.1909, 6: 0.5745}),
        (hcp(), {4: 0.0972, 6: 0.4848}),
        (cubic(BCC), {4: 0.0364, 6: 0.5107}),
        (icosahedron(), {4: 0.0, 6: 0.6633}),
    ],
    ids=["fcc", "hcp", "bcc", "icosahedron"],
)
def test_published_values(configuration, published):
    q = bond_order(sann(configuration), list(published))
    np.testing.assert_allclose(q[0], list(published.values()), rtol=0, atol=6e-5)


@pytest.mark.parametrize("configuration", [cubic(FCC), cubic(BCC), hcp()], ids=["fcc", "bcc", "hcp"])
def test_both_averages_change_nothing_where_all_particles_are_alike(configuration):
    neighbors = sann(configuration)
    q = bond_order(neighbors, DEGREES)
    np.testing.assert_allclose(averaged_bond_order(neighbors, DEGREES), q, atol=1e-9)
    even = [1, 3, 5, 7]  # hcp has no inversion symmetry, so its two sites have opposite odd q_lm
    np.testing.assert_allclose(lechner_dellago(neighbors, DEGREES)[:, 5], q[:, 5], atol=0.25)
    if configuration is not None and len(configuration) != 4 * 36:
        np.testing.assert_allclose(lechner_dellago(neighbors, DEGREES)[:, even], q[:, even], atol=1e-9)


@settings(max_examples=60)
@given(configurations(smallest=4, periodic=(True,) * 3), st.integers(0, 2**32 - 1))
def test_invariances(configuration, seed):
    """Rotation, reflection, translation and images change nothing; permutation permutes."""
    elsewhere, order = moved(configuration, np.random.default_rng(seed))
    for search in (sann, lambda c: within(c, 1.3 * configuration.number_density ** (-1 / 3))):
        before, after = search(configuration), search(elsewhere)
        if not np.array_equal(before.counts[order], after.counts):
            # A neighbour exactly at the limit may fall on either side; nothing else may.
            limits = np.sort(np.abs(np.diff(np.sort(before.distances))))
            assert limits.size == 0 or limits[0] < 1e-9 * configuration.box.lengths.max()
            continue
        for measure in (bond_order, averaged_bond_order, lechner_dellago):
            np.testing.assert_allclose(
                measure(before, DEGREES)[order], measure(after, DEGREES), rtol=0, atol=1e-9
            )


@pytest.fixture(scope="module")
def liquid():
    rng = np.random.default_rng(11)
    return Configuration(rng.random((3000, 3)) * 12, box=(12, 12, 12))


def freud_list(neighbors):
    owner = np.repeat(np.arange(neighbors.n_particles), neighbors.counts)
    return freud.locality.NeighborList.from_arrays(
        neighbors.n_particles,
        neighbors.n_particles,
        owner,
        neighbors.indices,
        neighbors.vectors.astype(np.float32),
    )


@pytest.mark.parametrize("search", [sann, lambda c: within(c, 1.5)], ids=["sann", "within"])
def test_freud_with_the_same_bonds(liquid, search):
    neighbors = search(liquid)
    box = freud.box.Box.cube(12)
    points = liquid.positions - 6
    steinhardt = freud.order.Steinhardt(list(DEGREES), average=False)
    steinhardt.compute((box, points), neighbors=freud_list(neighbors))
    np.testing.assert_allclose(bond_order(neighbors, DEGREES), steinhardt.particle_order, atol=2e-5)
    averaged = freud.order.Steinhardt(list(DEGREES), average=True)
    averaged.compute((box, points), neighbors=freud_list(neighbors))
    np.testing.assert_allclose(lechner_dellago(neighbors, DEGREES), averaged.particle_order, atol=2e-5)


def test_equation_5_is_the_plain_mean(liquid):
    neighbors = sann(liquid)
    q = bond_order(neighbors, DEGREES)
    expected = [np.vstack([q[i][None], q[neighbors.of(i)]]).mean(axis=0) for i in range(len(liquid))]
    np.testing.assert_allclose(averaged_bond_order(neighbors, DEGREES), expected, rtol=1e-13)
    np.testing.assert_array_equal(
        averaged_bond_order(neighbors, DEGREES), averaged_bond_order(neighbors, DEGREES, q=q)
    )


def test_a_particle_without_neighbors_is_nan_and_keeps_its_row():
    positions = [[0, 0, 0], [1, 0, 0], [5, 5, 5]]
    neighbors = within(Configuration(positions, box=(20, 20, 20)), 1.5)
    for measure in (bond_order, averaged_bond_order, lechner_dellago):
        q = measure(neighbors, DEGREES)
        assert q.shape == (3, 8)
        assert np.isnan(q[2]).all()
        assert np.isfinite(q[:2]).all()


@pytest.mark.parametrize("l", [[], [-1], [1.5], [51], [[1, 2]]])
def test_bad_degrees(l, liquid):
    with pytest.raises(InputError, match="l:"):
        bond_order(sann(liquid), l)


def test_bad_q(liquid):
    with pytest.raises(InputError, match="expected shape"):
        averaged_bond_order(sann(liquid), [6], q=np.zeros((3, 2)))


def test_bonds_made_by_hand():
    """Any list of bonds will do; two opposite bonds have q_l = 1 for even l and 0 for odd l."""
    vectors = np.array([[0.0, 0.0, 2.0], [0.0, 0.0, -1.0]])
    neighbors = NeighborList(
        np.array([0, 2]), np.array([0, 0]), vectors, np.array([2.0, 1.0]), np.empty(0, np.int64)
    )
    np.testing.assert_allclose(bond_order(neighbors, range(7)), [[1, 0, 1, 0, 1, 0, 1]], atol=1e-15)
