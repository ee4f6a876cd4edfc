from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracles
from strategies import configurations
from vitreous import parallel
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.structure.neighbors import sann, within


def as_sets(neighbors):
    lists = []
    for i in range(neighbors.n_particles):
        rows = slice(neighbors.offsets[i], neighbors.offsets[i + 1])
        lists.append(
            sorted(
                zip(
                    neighbors.indices[rows].tolist(),
                    np.round(neighbors.vectors[rows], 7).tolist(),
                    strict=True,
                )
            )
        )
    return lists


def as_expected(lists):
    return [sorted((j, np.round(vector, 7).tolist()) for j, vector in row) for row in lists]


def assert_same_neighbors(neighbors, expected):
    found = as_sets(neighbors)
    assert [[j for j, _ in row] for row in found] == [sorted(j for j, _ in row) for row in expected]
    for row, wanted in zip(found, as_expected(expected), strict=True):
        ours = np.array(sorted(v for _, v in row)).reshape(-1, 3)
        theirs = np.array(sorted(v for _, v in wanted)).reshape(-1, 3)
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(neighbors.vectors, axis=1), neighbors.distances, rtol=1e-14)


@settings(max_examples=80)
@given(configurations(), st.sampled_from(["mutual", "union", "none"]))
def test_sann_equals_the_definition(configuration, symmetry):
    neighbors = sann(configuration, symmetry)
    assert_same_neighbors(neighbors, oracles.sann_neighbors(configuration, symmetry))


@settings(max_examples=80)
@given(configurations(), st.floats(0.3, 1.6), st.randoms(use_true_random=False))
def test_cutoff_equals_brute_force(configuration, scale, random):
    spacing = configuration.number_density ** (-1 / 3)
    names = configuration.species_names
    matrix = np.zeros((len(names), len(names)))
    for a in range(len(names)):
        for b in range(a, len(names)):
            matrix[a, b] = matrix[b, a] = scale * spacing * random.uniform(0.7, 1.3)
    neighbors = within(configuration, matrix)
    species = configuration.species_index
    expected = [
        [
            (j, vector)
            for distance, j, vector in oracles.images_within(configuration, i, matrix.max() * 1.001)
            if distance < matrix[species[i], species[j]]
        ]
        for i in range(len(configuration))
    ]
    assert_same_neighbors(neighbors, expected)


@settings(max_examples=60)
@given(configurations(), st.sampled_from(["mutual", "union"]))
def test_symmetric_lists_are_symmetric_to_the_last_bit(configuration, symmetry):
    neighbors = sann(configuration, symmetry)
    owner = np.repeat(np.arange(len(configuration)), neighbors.counts)
    there = sorted(
        zip(
            owner.tolist(),
            neighbors.indices.tolist(),
            map(tuple, (neighbors.vectors + 0.0).tolist()),
            strict=True,
        )
    )
    back = sorted(
        zip(
            neighbors.indices.tolist(),
            owner.tolist(),
            map(tuple, (0.0 - neighbors.vectors).tolist()),
            strict=True,
        )
    )
    assert there == back


def test_result_does_not_depend_on_threads(monkeypatch):
    rng = np.random.default_rng(3)
    configuration = Configuration(rng.random((30_000, 3)) * 30, box=(30, 30, 30))
    results = []
    for threads in ("1", "3"):
        monkeypatch.setenv("VITREOUS_NUM_THREADS", threads)
        assert parallel.thread_count() == int(threads)
        results.append(sann(configuration))
    for name in ("offsets", "indices", "vectors", "distances"):
        assert np.array_equal(getattr(results[0], name), getattr(results[1], name))


@pytest.mark.parametrize(("n", "expected"), [(1, 0), (2, 0), (3, 0)])
def test_too_few_particles_are_reported(n, expected):
    configuration = Configuration(np.eye(3)[:n], box=(9, 9, 9), periodic=(False, False, False))
    neighbors = sann(configuration)
    assert neighbors.unresolved.tolist() == list(range(n))
    assert len(neighbors) == expected


def test_four_particles_in_the_open_find_each_other():
    positions = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    neighbors = sann(Configuration(positions, box=(5, 5, 5), periodic=(False,) * 3))
    assert neighbors.unresolved.size == 0
    assert neighbors.counts.tolist() == [3, 3, 3, 3]


def test_a_lone_particle_far_from_a_cluster_still_gets_its_answer():
    rng = np.random.default_rng(0)
    positions = np.vstack([rng.random((500, 3)), [[400.0, 3.0, 2.0]]])
    neighbors = sann(Configuration(positions, box=(500, 500, 500)), "none")
    assert neighbors.counts[500] >= 3
    assert neighbors.unresolved.size == 0


def test_hundreds_of_neighbors_are_not_truncated():
    rng = np.random.default_rng(1)
    positions = np.vstack([rng.normal(size=(800, 3)) * 0.01 + 5])
    neighbors = within(Configuration(positions, box=(10, 10, 10)), 4.9)
    assert (neighbors.counts == 799).all()


def test_one_particle_in_a_periodic_cube_is_a_simple_cubic_crystal():
    neighbors = sann(Configuration([[0.3, 0.2, 0.9]], box=(1, 1, 1)))
    assert neighbors.counts.tolist() == [18]
    assert (neighbors.indices == 0).all()


@pytest.mark.parametrize("search", [sann, lambda c: within(c, 1.0)])
def test_coinciding_particles_are_named(search):
    positions = np.random.default_rng(0).random((50, 3)) * 5
    positions[31] = positions[7]
    with pytest.raises(InputError, match=r"particle (7 and particle 31|31 and particle 7)"):
        search(Configuration(positions, box=(5, 5, 5)))


@pytest.mark.parametrize("n", [2, 100_000])
def test_all_particles_coinciding_is_told_at_once(n):
    with pytest.raises(InputError, match="same place"):
        sann(Configuration(np.ones((n, 3)), box=(5, 5, 5)))


def test_cutoff_matrix_by_labels():
    rng = np.random.default_rng(5)
    configuration = Configuration(rng.random((60, 3)) * 4, box=(4, 4, 4), species=["A", "B"] * 30)
    by_name = within(configuration, {("A", "A"): 1.0, ("B", "A"): 0.8, ("B", "B"): 1.2})
    by_matrix = within(configuration, [[1.0, 0.8], [0.8, 1.2]])
    assert np.array_equal(by_name.indices, by_matrix.indices)


@pytest.mark.parametrize(
    ("cutoff", "message"),
    [
        (-1.0, "positive"),
        (np.nan, "positive and finite"),
        ("far", "numbers"),
        ({("A", "A"): [1.0, 2.0]}, "expected one number for the pair A, A"),
        ([[1.0, 2.0], [1.0, 1.0]], "symmetric"),
        (np.ones((3, 3)), "2 × 2"),
        ({("A", "A"): 1.0}, "none given"),
        ({("A", "C"): 1.0}, "unknown species"),
    ],
)
def test_bad_cutoffs(cutoff, message):
    configuration = Configuration(np.eye(3), box=(4, 4, 4), species=["A", "B", "B"])
    with pytest.raises(InputError, match=message):
        within(configuration, cutoff)


def test_bad_symmetry():
    with pytest.raises(InputError, match="mutual"):
        sann(Configuration(np.eye(3), box=(4, 4, 4)), "both")


def test_hundreds_of_images_are_right_and_thousands_are_refused():
    thin = Configuration([[0.0, 0.0, 0.0]], box=(0.001, 1, 1))
    neighbors = within(thin, 0.4995)
    assert neighbors.counts.tolist() == [998]
    np.testing.assert_allclose(np.sort(neighbors.distances)[::2], np.arange(1, 500) * 0.001, rtol=1e-12)
    with pytest.raises(InputError, match="more than 500 periodic images"):
        within(thin, 0.6)
