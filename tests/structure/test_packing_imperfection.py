"""Tong and Tanaka's Θ against its definition over sets of particles, and crystals whose Θ is known."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vitreous as vt
from strategies import configurations
from vitreous.errors import InputError

EDGE = 1.0 / np.sqrt(2.0)


def plain_imperfection(neighbors, contact_of):
    """Θ from the definition; a neighbour is a particle and a place, so that its images are others."""
    around = [
        [(int(neighbors.indices[e]), neighbors.vectors[e]) for e in range(*neighbors.offsets[i : i + 2])]
        for i in range(neighbors.n_particles)
    ]

    def has(a, b):
        """Whether b is a neighbour of a."""
        bond = b[1] - a[1]
        return any(k == b[0] and abs(bond - other).max() < 1e-9 for k, other in around[a[0]])

    found = []
    for i in range(neighbors.n_particles):
        nodes = [(i, np.zeros(3)), *around[i]]
        friends = {
            (a, b) for a, b in combinations(range(len(nodes)), 2)
            if has(nodes[a], nodes[b]) and has(nodes[b], nodes[a])
        }  # fmt: skip
        irregularities = []
        for three in combinations(range(1, len(nodes)), 3):
            edges = list(combinations((0, *three), 2))
            if friends.issuperset(edges):
                contacts = [contact_of(nodes[a][0], nodes[b][0]) for a, b in edges]
                lengths = [np.linalg.norm(nodes[b][1] - nodes[a][1]) for a, b in edges]
                irregularities.append(np.abs(np.subtract(lengths, contacts)).sum() / np.sum(contacts))
        found.append(np.mean(irregularities) if irregularities else np.nan)
    return found


def at_unit_density(configuration, diameters=None):
    unit = configuration.number_density ** (-1 / 3)
    return vt.Configuration(
        configuration.positions / unit,
        configuration.box.vectors / unit,
        configuration.species,
        diameters,
        periodic=configuration.periodic,
    )


@settings(max_examples=10)
@given(configurations(largest=6, periodic=(True, True, True)), st.integers(0, 2**32 - 1))
def test_it_is_the_definition_in_boxes_of_any_size(configuration, seed):
    sizes = np.random.default_rng(seed).uniform(0.5, 1.0, len(configuration))
    configuration = at_unit_density(configuration, sizes)
    expected = plain_imperfection(
        vt.voronoi_cells(configuration).neighbors, lambda i, j: (sizes[i] + sizes[j]) / 2
    )
    np.testing.assert_allclose(vt.packing_imperfection(configuration), expected, rtol=1e-9)


@settings(max_examples=20)
@given(configurations(largest=20), st.sampled_from(["mutual", "union", "none"]))
def test_only_mutual_neighbors_count(configuration, symmetry):
    configuration = at_unit_density(configuration)
    neighbors = vt.sann(configuration, symmetry)
    matrix = 1.0 + 0.1 * np.add.outer(*[np.arange(len(configuration.species_names))] * 2)
    kinds = configuration.species_index
    expected = plain_imperfection(neighbors, lambda i, j: matrix[kinds[i], kinds[j]])
    found = vt.packing_imperfection(configuration, matrix, neighbors)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def crystal(places, n=3):
    cubes = np.stack(np.meshgrid(*[np.arange(n)] * 3), axis=-1).reshape(-1, 1, 3)
    return (cubes + np.array(places) / 2).reshape(-1, 3), float(n)


@pytest.mark.parametrize("swelling", [0.0, 0.1, -0.1])
def test_fcc_of_touching_spheres_is_perfect(swelling):
    positions, box = crystal([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]])
    spheres = vt.Configuration(positions * (1 + swelling), box * (1 + swelling), diameters=EDGE)
    np.testing.assert_allclose(vt.packing_imperfection(spheres), abs(swelling), atol=1e-12)


def test_bcc_has_two_edges_in_six_that_are_too_long():
    positions, box = crystal([[0, 0, 0], [1, 1, 1]])
    spheres = vt.Configuration(positions, box, diameters=np.sqrt(0.75))
    np.testing.assert_allclose(vt.packing_imperfection(spheres), (2 / np.sqrt(3) - 1) / 3)


def test_simple_cubic_has_no_tetrahedra():
    positions, box = crystal([[0, 0, 0]])
    assert np.isnan(vt.packing_imperfection(vt.Configuration(positions, box, diameters=1.0))).all()


def test_four_spheres_of_their_own_contacts():
    """A large sphere on three small ones, all in touch as the mapping has it: no sizes would add up to that."""
    short, long = 0.88, 0.8
    flat = short / np.sqrt(3) * np.array([[1, 0], [-0.5, np.sqrt(0.75)], [-0.5, -np.sqrt(0.75)]])
    height = np.sqrt(long**2 - short**2 / 3)
    positions = np.vstack([[0, 0, height], np.column_stack([flat, np.zeros(3)])])
    four = vt.Configuration(
        positions, 9.0, ["A", "B", "B", "B"], {"A": 1.0, "B": 0.88}, periodic=(False, False, False)
    )
    contact = {("A", "A"): 1.0, ("A", "B"): long, ("B", "B"): short}
    neighbors = vt.within(four, 2.0)
    np.testing.assert_allclose(vt.packing_imperfection(four, contact, neighbors), 0.0, atol=1e-14)
    added = 3 * (0.94 - 0.8) / (3 * 0.94 + 3 * 0.88)
    np.testing.assert_allclose(vt.packing_imperfection(four, neighbors=neighbors), added)


def test_a_liquid(hard_spheres):
    found = vt.packing_imperfection(hard_spheres)
    assert not np.isnan(found).any()
    assert 0.1 < found.mean() < 0.16
    order = np.random.default_rng(0).permutation(2000)
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))
    moved = vt.Configuration(
        1e-9 * (hard_spheres.positions[order] + 3.0) @ turn,
        1e-9 * hard_spheres.box.vectors @ turn,
        hard_spheres.species[order],
        1e-9 * hard_spheres.diameters[order],
        unwrapped=True,
    )
    np.testing.assert_allclose(vt.packing_imperfection(moved), found[order], rtol=1e-9)
    same = vt.packing_imperfection(hard_spheres, {("A", "A"): 1.0, ("A", "B"): 0.925, ("B", "B"): 0.85})
    np.testing.assert_allclose(same, found, rtol=1e-12)


def test_the_number_of_threads_changes_no_bit(monkeypatch):
    rng = np.random.default_rng(0)
    gas = vt.Configuration(rng.random((20_000, 3)) * 27, 27.0)
    neighbors = vt.sann(gas)
    answers = []
    for threads in ("1", "3"):
        monkeypatch.setenv("VITREOUS_NUM_THREADS", threads)
        answers.append(vt.packing_imperfection(gas, 1.0, neighbors))
    np.testing.assert_array_equal(*answers)


def test_without_diameters():
    bare = vt.Configuration(np.eye(3), 4.0, species=["A", "B", "B"])
    with pytest.raises(InputError, match="diameters: the configuration has none, so nobody knows"):
        vt.packing_imperfection(bare)
    with pytest.raises(InputError, match="diameters: the radical Voronoi tessellation needs them"):
        vt.packing_imperfection(bare, 1.0)
    assert np.isnan(vt.packing_imperfection(bare, 1.0, vt.within(bare, 1.0))).all()


@pytest.mark.parametrize(
    ("contact", "message"),
    [
        (-1.0, "contact: must be positive"),
        ({("A", "A"): 1.0}, "contact: none given for the species pair"),
        (np.ones((3, 3)), "contact: expected one number or a 2 × 2 matrix"),
    ],
)
def test_wrong_contacts(contact, message):
    pair = vt.Configuration(np.eye(3), 4.0, species=["A", "B", "B"])
    with pytest.raises(InputError, match=message):
        vt.packing_imperfection(pair, contact)


def test_neighbors_of_another_configuration(hard_spheres):
    fewer = vt.Configuration(hard_spheres.positions[:10], hard_spheres.box)
    with pytest.raises(InputError, match="neighbors: of 10 particles, but the configuration has 2000"):
        vt.packing_imperfection(hard_spheres, neighbors=vt.sann(fewer))
