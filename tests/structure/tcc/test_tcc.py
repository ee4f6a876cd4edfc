from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tcc_oracle as oracle
import vitreous as vt
from vitreous.structure.tcc._rings_kernel import rings
from vitreous.structure.tcc._sets_kernel import first_of_each
from vitreous.structure.tcc.bonds import Bonds
from vitreous.structure.tcc.rules import EXTENSION_RULES, PAIR_RULES, TYPES


def crystal(kind, repeats, noise, seed=0):
    """A shaken crystal of spheres that touch at distance 1, in an orthorhombic box."""
    root = np.sqrt
    cell, basis = {
        "fcc": ((root(2),) * 3, [(0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0)]),
        "bcc": ((2 / root(3),) * 3, [(0, 0, 0), (0.5, 0.5, 0.5)]),
        "hcp": (
            (1, root(3), root(8 / 3)),
            [(0, 0, 0), (0.5, 0.5, 0), (0.5, 1 / 6, 0.5), (0, 2 / 3, 0.5)],
        ),
    }[kind]
    corners = np.array(list(itertools.product(*map(range, repeats))))
    x = (corners[:, None] + np.array(basis)).reshape(-1, 3) * cell
    x += noise * np.random.default_rng(seed).standard_normal(x.shape)
    return vt.Configuration(x, np.array(cell) * repeats)


def glass(hard_spheres, kind):
    if kind == "liquid":
        return hard_spheres
    return crystal(kind, {"fcc": (5, 5, 5), "bcc": (6, 6, 6), "hcp": (7, 4, 4)}[kind], 0.06)


def same(first, second, order=None):
    order = np.arange(len(first.membership)) if order is None else order
    np.testing.assert_array_equal(second.counts, first.counts)
    np.testing.assert_array_equal(second.membership, first.membership[order])


@pytest.mark.parametrize("kind", ["liquid", "fcc", "bcc", "hcp"])
@settings(max_examples=4)
@given(seed=st.integers(0, 2**32 - 1))
def test_invariances(hard_spheres, kind, seed):
    """Renumbering, translation with and without wrapping, and turns of the box change nothing."""
    snapshot = glass(hard_spheres, kind)
    rng = np.random.default_rng(seed)
    before = vt.topological_clusters(snapshot, cutoff=1.6)
    assert before.counts.sum() > 1000
    x, edges = snapshot.positions, snapshot.box.lengths
    order = rng.permutation(len(x))
    same(before, vt.topological_clusters(vt.Configuration(x[order], edges), cutoff=1.6), order)
    moved = x + rng.uniform(-20, 20, 3)
    wrapped = moved - edges * np.floor(moved / edges)
    for positions in (moved, wrapped):
        same(before, vt.topological_clusters(vt.Configuration(positions, edges), cutoff=1.6))
    axes = rng.permutation(3)
    signs = rng.choice([-1.0, 1.0], 3)
    turned = vt.Configuration(x[:, axes] * signs, edges[axes])
    same(before, vt.topological_clusters(turned, cutoff=1.6))


@pytest.mark.parametrize("kind", ["liquid", "fcc", "bcc", "hcp"])
def test_eight_copies_have_eight_times_as_many(hard_spheres, kind):
    snapshot = glass(hard_spheres, kind)
    shifts = np.array(list(itertools.product((0, 1), repeat=3))) * snapshot.box.lengths
    copies = (snapshot.positions + shifts[:, None]).reshape(-1, 3)
    once = vt.topological_clusters(snapshot, cutoff=1.6)
    all_eight = vt.topological_clusters(vt.Configuration(copies, 2 * snapshot.box.lengths), cutoff=1.6)
    np.testing.assert_array_equal(all_eight.counts, 8 * once.counts)
    np.testing.assert_array_equal(all_eight.membership, np.tile(once.membership, (8, 1)))


def test_every_type_is_defined_once_and_found_somewhere():
    made = [f"sp{m}{letter}" for m in (3, 4, 5) for letter in "abc"] + ["6A"]
    made += [name for name in dict.fromkeys(rule.name for rule in PAIR_RULES) if " of " not in name]
    made += [name for rule in EXTENSION_RULES for name in rule.names]
    assert sorted(made) == sorted(TYPES)
    assert len(TYPES) == 41


def test_crystals_are_seen():
    for kind, name in (("fcc", "FCC"), ("hcp", "HCP"), ("bcc", "BCC_9")):
        found = vt.topological_clusters(glass(None, kind), cutoff=1.6)
        assert found.of(name).mean() > 0.9, kind
    with pytest.raises(KeyError):
        found.of("14A")


def icosahedron():
    golden = (1 + np.sqrt(5)) / 2
    corners = [np.roll((0, a, b), k) for k in range(3) for a in (-1, 1) for b in (-golden, golden)]
    return np.vstack([np.zeros(3), np.array(corners) / np.sqrt(1 + golden**2)])


def test_an_icosahedron():
    """Counts of an isolated 13A, as the published program has them."""
    snapshot = vt.Configuration(icosahedron(), (10.0,) * 3, periodic=(False,) * 3)
    found = vt.topological_clusters(snapshot)
    counts = {name: int(count) for name, count in zip(found.types, found.counts, strict=True) if count}
    expected = {"sp3b": 20, "sp3c": 30, "sp5c": 12, "6Z": 60, "7K": 60, "7T_a": 120, "7T_s": 60, "8B": 60}
    expected |= {"9B": 30, "10B": 20, "11C": 30, "12B": 12, "13A": 1}
    assert counts == expected
    assert found.of("13A").all()
    assert found.particles[TYPES.index("13A")] == 13
    assert found.fractions.max() == 1.0
    assert found.clusters["13A"].shape == (1, 13)
    assert repr(found) == "TopologicalClusters(N=13, 42 bonds)"


def graphs():
    """Bonds among few particles."""
    return st.integers(2, 9).flatmap(
        lambda n: st.tuples(
            st.just(n), st.sets(st.sampled_from(list(itertools.combinations(range(n), 2))), max_size=24)
        )
    )


def table_of(n, bonds):
    near = oracle.neighbors_of(n, bonds)
    offsets = np.concatenate([[0], np.cumsum([len(some) for some in near])])
    return Bonds(offsets, np.array([j for some in near for j in sorted(some)], np.int32)).table


@given(graphs())
def test_rings_of_any_graph(graph):
    n, bonds = graph
    expected = oracle.basic(oracle.neighbors_of(n, bonds))
    for m, rows in zip((3, 4, 5), rings(0, n, table_of(n, bonds)), strict=True):
        of_kind = {"a": [], "b": [], "c": []}
        for row in rows.tolist():
            spindles = sorted(p for p in row[m:] if p >= 0)
            of_kind["abc"[len(spindles)]].append((frozenset(row[:m]), tuple(spindles)))
            ring = row[:m]
            assert all(
                (min(p, q), max(p, q)) in bonds for p, q in zip(ring, ring[1:] + ring[:1], strict=True)
            )
        for letter, some in of_kind.items():
            wanted = [(frozenset(ring), spindles) for ring, spindles in expected[f"sp{m}{letter}"]]
            assert sorted(map(repr, map(sorted_pair, some))) == sorted(map(repr, map(sorted_pair, wanted)))


def sorted_pair(cluster):
    return sorted(cluster[0]), cluster[1]


def nearest_vectors(snapshot):
    vectors = snapshot.positions[None] - snapshot.positions[:, None]
    box = snapshot.box
    images = np.rint(vectors @ np.linalg.inv(box.vectors)) * np.array(box.periodic)
    return vectors - images @ box.vectors


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(1, 40),
    fc=st.sampled_from([0.3, 0.82, 1.0]),
    periodic=st.sampled_from([(True, True, True), (True, False, True), (False, False, False)]),
)
def test_voronoi_bonds(seed, n, fc, periodic):
    rng = np.random.default_rng(seed)
    snapshot = vt.Configuration(rng.uniform(0, 8, (n, 3)), (8.0, 8.5, 9.0), periodic=periodic)
    found = vt.topological_clusters(snapshot, cutoff=2.0, fc=fc)
    pairs = set(map(tuple, found.bonds.pairs.tolist()))
    assert pairs == oracle.voronoi_bonds(nearest_vectors(snapshot), 2.0, fc)


def test_simple_bonds_by_species():
    x = [(0.0, 0, 0), (1.2, 0, 0), (0, 1.2, 0), (0, 0, 1.2)]
    snapshot = vt.Configuration(x, (20.0,) * 3, species=["A", "A", "B", "B"])
    cutoffs = {("A", "A"): 1.5, ("A", "B"): 1.2, ("B", "B"): 1.0}
    found = vt.topological_clusters(snapshot, bonds="simple", cutoff=cutoffs)
    assert found.bonds.pairs.tolist() == [[0, 1]]  # 1.2 itself is not below 1.2
    found = vt.topological_clusters(snapshot, bonds="simple", cutoff=1.3)
    assert found.bonds.pairs.tolist() == [[0, 1], [0, 2], [0, 3]]


@pytest.mark.parametrize("n", range(1, 13))
def test_few_particles(n):
    """Nothing to find is an answer; a straight row has bonds but no rings."""
    row = np.arange(n)[:, None] * [1.0, 0, 0]
    for spacing in (1.0, 5.0):
        snapshot = vt.Configuration(row * spacing, (100.0,) * 3)
        found = vt.topological_clusters(snapshot)
        assert len(found.bonds.pairs) == (n - 1 if spacing == 1.0 else 0)
        assert not found.counts.any()
        assert found.membership.shape == (n, 41)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"fc": 0.0}, "fc: must be a number above 0"),
        ({"fc": -1}, "fc: must be"),
        ({"fc": 1.01}, "at most 1"),
        ({"fc": float("nan")}, "fc: must be"),
        ({"fc": "0.82"}, "fc: must be"),
        ({"fc": True}, "fc: must be"),
        ({"bonds": "delaunay"}, "expected 'voronoi' or 'simple', got 'delaunay'"),
        ({"cutoff": 0}, "cutoff: must be positive"),
        ({"cutoff": "far"}, "cutoff: expected numbers"),
        ({"cutoff": 5.5}, "longer than two cutoffs"),
        ({"cutoff": 2.7, "bonds": "simple"}, r"particle \d+ has \d+ bonds"),
    ],
)
def test_wrong_parameters(hard_spheres, options, words):
    with pytest.raises(vt.InputError, match=words):
        vt.topological_clusters(hard_spheres, **options)


def test_small_boxes(hard_spheres):
    with pytest.warns(UserWarning, match="less than four cutoffs"):
        vt.topological_clusters(hard_spheres, cutoff=2.8)
    snapshot = vt.Configuration(icosahedron() + 2.0, (4.0,) * 3)
    with pytest.raises(vt.InputError, match="longer than two cutoffs"):
        vt.topological_clusters(snapshot, cutoff=2.0)
    # Along an axis that is not periodic there is nothing to close around.
    flat = vt.Configuration(icosahedron() + 2.0, (10.0, 10.0, 3.0), periodic=(True, True, False))
    assert vt.topological_clusters(flat).of("13A").all()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 2), st.integers(0, 2**31 - 1)), max_size=60))
def test_rows_that_were_not_there_before(rows):
    array = np.array(rows, np.int32).reshape(-1, 3)
    assert first_of_each(array).tolist() == [k for k, row in enumerate(rows) if row not in rows[:k]]


def test_threads_change_nothing(hard_spheres, monkeypatch):
    once = vt.topological_clusters(hard_spheres)
    monkeypatch.setattr("vitreous.structure.tcc.rules._PER_RANGE", 300)
    monkeypatch.setenv("VITREOUS_NUM_THREADS", "3")
    again = vt.topological_clusters(hard_spheres)
    for name in TYPES:
        np.testing.assert_array_equal(again.clusters[name], once.clusters[name])
