from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import get_tags

import vitreous as vt
from vitreous.errors import InputError, ModelError


def fitted(snapshot, **parameters):
    return vt.OrderParameter(**{"reducer": "pca", **parameters}).fit(snapshot)


def test_what_comes_out(variant, hard_spheres):
    n = len(hard_spheres)
    p_red, both, y = (
        method(hard_spheres) for method in (variant.p_red, variant.predict_proba, variant.transform)
    )
    assert p_red.shape == (n,)
    assert both.shape == (n, 2)
    assert y.shape == (n, next(iter(variant.reports_.values())).bottleneck)
    assert ((p_red >= 0) & (p_red <= 1)).all()
    np.testing.assert_array_equal(both[:, 1], p_red)
    np.testing.assert_allclose(both.sum(axis=1), 1)
    assert p_red.std() > 0.1


def test_red_has_the_higher_bond_order(variant, hard_spheres):
    q = vt.averaged_bond_order(variant.neighbor_list(hard_spheres), variant.l)
    order = ((q - q.mean(axis=0)) / q.std(axis=0)).sum(axis=1)
    p_red = variant.p_red(hard_spheres)
    assert np.average(order, weights=p_red) > np.average(order, weights=1 - p_red)


def test_crystal_and_disorder_are_told_apart_and_red_is_what_has_more_of_the_degrees():
    rng = np.random.default_rng(0)
    base = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    lattice = (np.array(list(np.ndindex(6, 6, 6)))[:, None] + base).reshape(-1, 3) + 0.25
    crystal = lattice[:, 0] < 3
    x = lattice + rng.normal(scale=np.where(crystal, 0.01, 0.15)[:, None], size=lattice.shape)
    snapshot = vt.Configuration(x, 6.0)
    inside = np.abs(lattice[:, 0] - 1.5) < 0.6
    outside = np.abs(lattice[:, 0] - 4.5) < 0.6
    p_red = fitted(snapshot, l=(4, 6, 8)).p_red(snapshot)
    assert p_red[inside].min() > 0.99
    assert p_red[outside].mean() < 0.1
    # All odd degrees vanish in a crystal with inversion symmetry: over 1 to 8 it has less order, not more.
    p_red = fitted(snapshot).p_red(snapshot)
    assert p_red[inside].max() < 0.01
    assert p_red[outside].mean() > 0.9


def test_permuted_particles_permute_the_answer(network, hard_spheres):
    order = np.random.default_rng(0).permutation(len(hard_spheres))
    shuffled = vt.Configuration(hard_spheres.positions[order], hard_spheres.box)
    np.testing.assert_allclose(network.p_red(shuffled), network.p_red(hard_spheres)[order], rtol=0, atol=1e-9)


def test_the_order_of_the_training_particles_does_not_matter_to_principal_components(hard_spheres, principal):
    order = np.random.default_rng(0).permutation(len(hard_spheres))
    shuffled = vt.Configuration(hard_spheres.positions[order], hard_spheres.box)
    np.testing.assert_allclose(
        fitted(shuffled).p_red(shuffled), principal.p_red(hard_spheres)[order], rtol=0, atol=1e-8
    )


def test_a_moved_and_turned_liquid_looks_the_same(network, hard_spheres):
    turn = Rotation.from_rotvec([0.3, -1.1, 0.7]).as_matrix()
    expected = network.p_red(hard_spheres)
    moved = vt.Configuration(hard_spheres.positions + np.array([3.3, -1.7, 20.0]), hard_spheres.box)
    turned = vt.Configuration(hard_spheres.positions @ turn, hard_spheres.box.vectors @ turn)
    mirrored = vt.Configuration(-hard_spheres.positions, hard_spheres.box)
    for snapshot in (moved, turned, mirrored):
        np.testing.assert_allclose(network.p_red(snapshot), expected, rtol=0, atol=1e-6)


def test_sann_knows_no_unit_of_length(network, hard_spheres):
    scaled = vt.Configuration(hard_spheres.positions * 1e-9, hard_spheres.box.vectors * 1e-9)
    np.testing.assert_allclose(network.p_red(scaled), network.p_red(hard_spheres), rtol=0, atol=1e-6)


def test_particles_without_neighbours_have_no_value(hard_spheres):
    x = hard_spheres.positions % hard_spheres.box.lengths
    far = hard_spheres.box.lengths * [1, 1, 3] - 0.5
    snapshot = vt.Configuration(
        np.vstack([x, far]), hard_spheres.box.lengths * [1, 1, 4], periodic=(True, True, False)
    )
    model = fitted(snapshot, neighbors=1.4)
    assert np.flatnonzero(np.isnan(model.p_red(snapshot))).tolist() == [2000]
    assert np.isnan(model.transform(snapshot)[2000]).all()
    assert model.reports_["all species"].training_particles == 2000


def test_alone_nobody_has_a_value(hard_spheres):
    model = fitted(hard_spheres)
    few = vt.Configuration(np.eye(3), 50.0, periodic=(False,) * 3)
    assert np.isnan(model.p_red(few)).all()
    assert model.transform(few).shape == (3, 2)


def test_each_species_has_its_own_model(hard_spheres):
    model = fitted(hard_spheres, per_species=True)
    assert list(model.pipelines_) == ["A", "B"]
    assert [report.training_particles for report in model.reports_.values()] == [600, 1400]
    q = vt.averaged_bond_order(vt.sann(hard_spheres))
    small = hard_spheres.species == "B"
    expected = model.pipelines_["B"].probabilities(q[small])[:, 1]
    np.testing.assert_array_equal(model.p_red(hard_spheres)[small], expected)


def test_a_species_too_rare_for_a_model_is_named(hard_spheres):
    species = np.where(np.arange(2000) < 50, "C", hard_spheres.species)
    rare = vt.Configuration(hard_spheres.positions, hard_spheres.box, species=species)
    with pytest.raises(InputError, match="species C: order parameter: 50 particles"):
        fitted(rare, per_species=True)


def test_the_same_seed_gives_the_same_bits(hard_spheres, network):
    again = vt.OrderParameter(members=2, random_state=1).fit(hard_spheres)
    np.testing.assert_array_equal(again.p_red(hard_spheres), network.p_red(hard_spheres))


def test_a_seed_that_was_drawn_is_kept(hard_spheres):
    first, second = (fitted(hard_spheres, random_state=None) for _ in range(2))
    assert first.random_state_ != second.random_state_
    assert first.random_state is None


def test_it_is_a_scikit_learn_estimator(principal):
    copy = clone(principal)
    assert copy.get_params() == principal.get_params()
    assert not hasattr(copy, "pipelines_")
    assert repr(copy) == "OrderParameter(reducer='pca')"
    assert repr(vt.OrderParameter()) == "OrderParameter()"
    assert copy.set_params(members=3) is copy
    assert copy.members == 3
    with pytest.raises(ValueError, match="Invalid parameter 'colour'"):
        copy.set_params(colour=1)
    assert get_tags(copy).estimator_type is None


@pytest.mark.parametrize("method", ["p_red", "predict_proba", "transform", "neighbor_list", "surroundings"])
def test_unfitted(method, hard_spheres):
    with pytest.raises(NotFittedError, match="not fitted yet"):
        getattr(vt.OrderParameter(), method)(hard_spheres)


def test_a_failed_fit_leaves_the_model_as_it_was(hard_spheres):
    model = fitted(hard_spheres)
    before = model.p_red(hard_spheres)
    with pytest.raises(InputError):
        model.fit(vt.Configuration(np.eye(3), 50.0))
    np.testing.assert_array_equal(model.p_red(hard_spheres), before)
    fresh = vt.OrderParameter()
    with pytest.raises(InputError):
        fresh.fit(vt.Configuration(np.eye(3), 50.0))
    with pytest.raises(NotFittedError):
        fresh.p_red(hard_spheres)


def test_progress_is_told(hard_spheres):
    told = []
    vt.OrderParameter(reducer="pca").fit(hard_spheres, told.append)
    assert told == ["neighbours and bond order", "mixture"]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"neighbors": "far"}, "neighbors: expected 'sann', 'cutoff'"),
        ({"neighbors": -1.0}, "cutoff: must be positive"),
        ({"neighbors": [[1, 2], [3, 4]]}, "symmetric"),
        ({"neighbors": np.ones((3, 3))}, "2 × 2 matrix for species A, B"),
        ({"neighbors": {("A", "A"): 1.0}}, "none given for the species pair A, B"),
        ({"neighbors": {("A", "C"): 1.0}}, "unknown species pair"),
        ({"neighbors": 6.0}, "more than half the box"),
        ({"symmetry": "both"}, "symmetry: expected 'mutual', 'union' or 'none'"),
        ({"reducer": "magic"}, "reducer: expected 'autoencoder' or 'pca'"),
        ({"l": 6}, "l: expected whole numbers"),
        ({"l": []}, "at least two different degrees"),
        ({"l": [6, 6]}, "at least two different degrees"),
        ({"l": [0, 6]}, "degrees from 1"),
        ({"l": [2, 51]}, "0 to 50"),
        ({"l": iter([2, 4])}, "a list or a range"),
        ({"bottleneck": 0}, "from 1 to 8, got 0"),
        ({"bottleneck": 9}, "from 1 to 8, got 9"),
        ({"bottleneck": 1.5}, "whole number"),
        ({"bottleneck": 3, "l": (4, 6)}, "from 1 to 2"),
        ({"members": 0}, "members"),
        ({"random_state": -1}, "random_state"),
        ({"random_state": "lucky"}, "random_state"),
    ],
)
def test_wrong_parameters(hard_spheres, parameters, words):
    with pytest.raises(InputError, match=words):
        fitted(hard_spheres, **parameters)


@pytest.mark.parametrize("n", [1, 2, 10, 99])
@pytest.mark.parametrize("neighbors", ["sann", "cutoff", 1.4])
def test_too_few_particles(n, neighbors):
    snapshot = vt.Configuration(np.random.default_rng(0).random((n, 3)) * 10, 10.0)
    with pytest.raises(InputError, match=f"{n} particles are too few to learn from"):
        fitted(snapshot, neighbors=neighbors)


def test_a_perfect_crystal_teaches_nothing():
    lattice = np.array(list(np.ndindex(6, 6, 6))) + 0.5
    with pytest.raises(InputError, match="as in a perfect crystal"):
        fitted(vt.Configuration(lattice, 6.0), neighbors=1.2)


def test_a_box_in_which_particles_see_themselves(principal, hard_spheres):
    rng = np.random.default_rng(0)
    thin = vt.Configuration(rng.random((400, 3)) * [2, 14, 14], (2.0, 14.0, 14.0))
    for use in (fitted, principal.p_red):
        with pytest.raises(InputError, match="half the box"):
            use(thin)


def test_coinciding_particles_are_named(hard_spheres):
    x = hard_spheres.positions.copy()
    x[7] = x[3]
    with pytest.raises(InputError, match=r"particle (3|7) and particle (3|7) are at the same place"):
        fitted(vt.Configuration(x, hard_spheres.box))


@pytest.mark.parametrize(
    ("trained", "wanted"),
    [
        ({}, {"neighbors": 1.4}),
        ({}, {"neighbors": "cutoff"}),
        ({}, {"neighbors": "far"}),
        ({}, {"symmetry": "union"}),
        ({}, {"l": (4, 6)}),
        ({}, {"l": range(8)}),
        ({"neighbors": 1.4}, {"neighbors": "sann"}),
        ({"neighbors": 1.4}, {"neighbors": "far"}),
        ({"neighbors": 1.4}, {"neighbors": 1.41}),
        ({"neighbors": 1.4}, {"neighbors": [[1.4, 1.3], [1.3, 1.4]]}),
        ({"neighbors": 1.4}, {"symmetry": "mutual"}),
        ({"neighbors": [[1.4, 1.3], [1.3, 1.4]]}, {"neighbors": 1.4}),
        ({"l": (4, 6)}, {"l": (6, 4)}),
    ],
)
def test_a_model_that_does_not_fit_the_wish_is_refused(hard_spheres, trained, wanted):
    with pytest.raises(ModelError, match=r"model: it was trained .*; train a new one"):
        fitted(hard_spheres, **trained).require(**wanted)


@pytest.mark.parametrize(
    ("trained", "wanted"),
    [
        ({}, {}),
        ({}, {"neighbors": "sann", "symmetry": "mutual", "l": range(1, 9)}),
        ({"symmetry": "none"}, {"symmetry": "none"}),
        ({"neighbors": 1.4}, {"neighbors": 1.4}),
        ({"neighbors": "cutoff"}, {"neighbors": "cutoff"}),
        (
            {"neighbors": [[1.4, 1.3], [1.3, 1.2]]},
            {"neighbors": {("A", "A"): 1.4, ("B", "A"): 1.3, ("B", "B"): 1.2}},
        ),
        ({"l": [4, 6]}, {"l": (degree for degree in (4, 6))}),
    ],
)
def test_a_model_that_fits_the_wish_is_not(hard_spheres, trained, wanted):
    fitted(hard_spheres, **trained).require(**wanted)


@pytest.mark.parametrize("parameters", [{"per_species": True}, {"neighbors": [[1.5, 1.4], [1.4, 1.3]]}])
def test_unknown_species_are_refused_where_species_count(hard_spheres, parameters):
    species = np.where(hard_spheres.species == "A", "A", "C")
    renamed = vt.Configuration(hard_spheres.positions, hard_spheres.box, species=species)
    with pytest.raises(ModelError, match="knows species A, B, the snapshot also has C"):
        fitted(hard_spheres, **parameters).p_red(renamed)


@pytest.mark.parametrize("parameters", [{}, {"neighbors": 1.4}])
def test_unknown_species_do_not_matter_elsewhere(hard_spheres, parameters):
    renamed = vt.Configuration(hard_spheres.positions, hard_spheres.box)
    model = fitted(hard_spheres, **parameters)
    np.testing.assert_array_equal(model.p_red(renamed), model.p_red(hard_spheres))


def test_a_matrix_model_serves_some_of_its_species(hard_spheres):
    model = fitted(hard_spheres, neighbors=[[1.5, 1.4], [1.4, 1.3]])
    alike = vt.Configuration(hard_spheres.positions, hard_spheres.box, species=["B"] * 2000)
    np.testing.assert_array_equal(model.neighbor_list(alike).indices, vt.within(alike, 1.3).indices)
    assert np.isfinite(model.p_red(alike)).all()


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_a_cutoff_in_another_unit_of_length_is_refused(hard_spheres, scale):
    scaled = vt.Configuration(hard_spheres.positions * scale, hard_spheres.box.vectors * scale)
    with pytest.raises(ModelError, match="are the length units the same"):
        fitted(hard_spheres, neighbors=1.4).p_red(scaled)
