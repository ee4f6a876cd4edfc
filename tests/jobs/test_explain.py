"""What red and white particles are made of: bond order by colour, clusters and relevance joined."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

import vitreous as vt
from vitreous.errors import InputError
from vitreous.jobs.explain import Explanation


@pytest.fixture(scope="module", name="model")
def _model(hard_spheres):
    return vt.OrderParameter(reducer="pca").fit(hard_spheres)


@pytest.fixture(scope="module", name="clusters")
def _clusters(hard_spheres, model):
    """Types that are red, white, both at random, and none."""
    rng = np.random.default_rng(0)
    p_red = model.p_red(hard_spheres)
    membership = [p_red > 0.6, p_red < 0.3, rng.random(2000) < 0.4, np.zeros(2000, bool)]
    return SimpleNamespace(types=("red", "white", "any", "none"), membership=np.array(membership).T)


@pytest.fixture(autouse=True, scope="module")
def _quick(module_patch):
    """A rougher interval."""
    module_patch.setattr("vitreous.correlation.chance._TRANSLATIONS", 20)


@pytest.fixture(scope="module", name="found")
def _found(hard_spheres, model, clusters):
    return vt.explain(hard_spheres, model, clusters=clusters)


def test_bond_order_by_color(found, hard_spheres, model):
    assert isinstance(found, Explanation)
    assert found.groups == ("all", "A", "B")
    p_red = model.p_red(hard_spheres)
    q = vt.averaged_bond_order(vt.sann(hard_spheres))
    for g, mine in enumerate(
        (hard_spheres.species != "", hard_spheres.species == "A", hard_spheres.species == "B")
    ):
        for k, color in enumerate((p_red <= 0.5, p_red > 0.5)):
            assert found.particles[g, k] == (mine & color).sum()
            np.testing.assert_allclose(found.mean[g, k], q[mine & color].mean(axis=0))
            np.testing.assert_allclose(found.deviation[g, k], q[mine & color].std(axis=0))
    assert found.particles[0].sum() == 2000
    pooled = np.sqrt((found.deviation[0] ** 2).mean(axis=0))
    np.testing.assert_allclose(found.contrast[0], (found.mean[0, 1] - found.mean[0, 0]) / pooled)
    assert found.contrast[0].sum() > 0  # red has the higher overall bond order


def test_clusters_are_correlated_with_both_fields(found, hard_spheres):
    assert found.clusters.fields == ("p_red", "p_red_averaged")
    assert [found.clusters.types[k] for k in found.clusters.order()] == ["red", "any", "white"]
    rho, averaged = found.clusters.rho[:, 0]
    assert rho[0] > 0.7 > averaged[0] > 0.2
    assert rho[1] < -0.5
    assert found.clusters.resolved[0, 0].tolist() == [True, True, False, False]
    np.testing.assert_array_equal(
        found.revelation.p_red_averaged, vt.local_average(hard_spheres, found.revelation.p_red, 2.0)
    )


def test_the_model_is_applied_unchanged(found, model):
    assert found.revelation.model is model
    assert not found.revelation.trained_here
    assert tuple(found.relevance) == ("all species",)
    assert found.relevance["all species"].l == found.l == tuple(range(1, 9))


def test_the_same_seed_gives_the_same(found, hard_spheres, model, clusters):
    again = vt.explain(hard_spheres, model, clusters=clusters)
    assert again.as_dict() == found.as_dict()
    other = vt.explain(hard_spheres, model, clusters=clusters, seed=1)
    np.testing.assert_array_equal(other.clusters.rho, found.clusters.rho)
    assert not np.array_equal(other.clusters.low, found.clusters.low)


def test_a_cutoff_sees_its_own_bond_order(hard_spheres, clusters):
    found = vt.explain(
        hard_spheres, vt.OrderParameter(reducer="pca", neighbors=1.4), clusters=clusters, radius=1.5
    )
    assert found.revelation.trained_here
    assert found.revelation.radius == 1.5
    q = vt.averaged_bond_order(vt.within(hard_spheres, 1.4))
    mine = found.revelation.p_red > 0.5
    np.testing.assert_allclose(found.mean[0, 1], q[mine].mean(axis=0))


def test_particles_without_neighbours_have_no_color(hard_spheres, clusters):
    """A cutoff at which some particles are alone."""
    found = vt.explain(hard_spheres, vt.OrderParameter(reducer="pca", neighbors=0.95), clusters=clusters)
    known = np.isfinite(found.revelation.p_red)
    assert 0 < known.sum() < 2000
    assert found.particles[0].sum() == known.sum()
    assert found.clusters.particles[0] <= known.sum()
    assert np.isfinite(found.mean).all()


def test_defaults(hard_spheres, clusters, monkeypatch):
    """Without a model or clusters, SANN is trained and the clusters are found."""
    asked = []

    def classify(snapshot):
        asked.append(snapshot)
        return clusters

    monkeypatch.setattr("vitreous.structure.tcc.topological_clusters", classify)
    monkeypatch.setattr(
        "vitreous.jobs.explain.OrderParameter", lambda **said: vt.OrderParameter(reducer="pca", **said)
    )
    found = vt.explain(hard_spheres, seed=7)
    assert asked == [hard_spheres]
    assert found.revelation.model.neighbors == "sann"
    assert found.revelation.model.random_state == 7


def test_json_has_everything_but_the_particles(found):
    told = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert set(told) == {"order_parameter", "l", "bond_order", "cluster_correlations", "relevance"}
    assert [one["group"] for one in told["bond_order"]] == ["all", "A", "B"]
    assert told["bond_order"][1]["red"]["mean"] == found.mean[1, 1].tolist()
    assert len(told["cluster_correlations"]) == 4 * 3
    assert told["relevance"]["all species"]["l"] == list(range(1, 9))


def test_clusters_of_another_snapshot_are_refused(hard_spheres, model, clusters):
    fewer = SimpleNamespace(types=clusters.types, membership=clusters.membership[:-1])
    with pytest.raises(InputError, match="found in another snapshot"):
        vt.explain(hard_spheres, model, clusters=fewer)
