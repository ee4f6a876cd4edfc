"""Correlation with membership in clusters: against scipy, what has no answer, and how honest the interval is."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.stats import spearmanr

import vitreous as vt
from vitreous.correlation.clusters import cluster_correlation
from vitreous.errors import InputError


def liquid(n=600, seed=0, species=None, periodic=(True, True, True)):
    edge = (n / 1.1) ** (1 / 3)
    positions = np.random.default_rng(seed).random((n, 3)) * edge
    return vt.Configuration(positions, (edge,) * 3, species=species, periodic=periodic)


def clusters(**membership):
    return SimpleNamespace(types=tuple(membership), membership=np.array(list(membership.values())).T)


@pytest.fixture(name="field")
def _field():
    return np.random.default_rng(5).standard_normal(600)


def test_values_are_those_of_scipy(field):
    species = np.array(["A", "B", "B"] * 200)
    rng = np.random.default_rng(1)
    values = np.round(field, 1)  # with ties
    member = field + rng.standard_normal(600) > 0.5
    found = cluster_correlation(
        liquid(species=species), {"a": values, "b": -values}, clusters(X=member, Y=~member)
    )
    assert (found.fields, found.groups, found.types) == (("a", "b"), ("all", "A", "B"), ("X", "Y"))
    assert found.rho.shape == found.low.shape == found.high.shape == (2, 3, 2)
    for g, mine in enumerate((species != "", species == "A", species == "B")):
        assert found.rho[0, g, 0] == pytest.approx(spearmanr(values[mine], member[mine])[0], abs=1e-12)
        assert found.members[g].tolist() == [member[mine].sum(), (~member[mine]).sum()]
        assert found.particles[g] == mine.sum()
    np.testing.assert_allclose(found.rho[0], -found.rho[1], atol=1e-15)
    np.testing.assert_allclose(found.rho[:, :, 0], -found.rho[:, :, 1], atol=1e-15)
    np.testing.assert_allclose(found.low[0], -found.high[1], atol=1e-15)
    assert (found.low < found.rho).all()
    assert (found.rho < found.high).all()
    assert found.resolved[:, 0].all()


def test_one_species_is_one_group(field):
    found = cluster_correlation(liquid(), {"a": field}, clusters(X=field > 0))
    assert found.groups == ("all",)
    assert found.rho[0, 0, 0] == pytest.approx(np.sqrt(3) / 2, abs=0.002)  # the most that membership allows


def test_types_are_sorted(field):
    rng = np.random.default_rng(2)
    noise = rng.standard_normal(600)
    found = cluster_correlation(
        liquid(),
        {"a": field, "b": noise},
        clusters(low=field + noise < 0, none=noise > 99, high=field > 0, b=noise > 0),
    )
    assert [found.types[k] for k in found.order()] == ["high", "b", "low"]
    assert [found.types[k] for k in found.order(1)] == ["b", "high", "low"]


def test_what_has_no_answer_is_said(field):
    rare = np.zeros(600, bool)
    rare[:9] = True
    one = np.zeros(600, bool)
    one[3] = True
    found = cluster_correlation(
        liquid(), {"a": field},
        clusters(none=field > 99, every=field < 99, rare=rare, nearly=~rare, one=one, known=field > 0),
    )  # fmt: skip
    assert np.isfinite(found.rho[0, 0]).tolist() == [False, False, True, True, True, True]
    assert np.isfinite(found.low[0, 0]).tolist() == [False, False, False, False, False, True]
    assert [found.remark(0, k) for k in range(6)] == [
        "in no particle",
        "in every particle",
        "in only 9 particles",
        "not in only 9 particles",
        "in only 1 particle",
        "",
    ]
    assert found.resolved[0, 0].tolist() == [False] * 5 + [True]
    entries = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert entries[0] == {
        "type": "none", "group": "all", "particles": 600, "members": 0,
        "a": {"rho": None, "low": None, "high": None}, "remark": "in no particle",
    }  # fmt: skip
    assert entries[-1]["a"]["rho"] == found.rho[0, 0, 5]


def test_particles_without_a_value_are_left_out(field):
    gone = field.copy()
    gone[:50] = np.nan
    member = field > 0
    found = cluster_correlation(liquid(), {"a": gone, "b": field}, clusters(X=member))
    assert found.particles[0] == 550
    np.testing.assert_allclose(found.rho[:, 0, 0], spearmanr(field[50:], member[50:])[0], atol=1e-12)


def test_open_boxes_have_no_interval(field):
    found = cluster_correlation(liquid(periodic=(True, False, True)), {"a": field}, clusters(X=field > 0))
    assert np.isfinite(found.rho).all()
    assert np.isnan(found.low).all()
    assert "box is open" in found.remark(0, 0)


def test_a_constant_quantity_has_no_correlation(field):
    found = cluster_correlation(liquid(), {"a": np.ones(600)}, clusters(X=field > 0))
    assert np.isnan(found.rho).all()
    assert not found.resolved.any()
    assert len(found.order()) == 0


def test_too_few_particles_of_a_species(field):
    species = np.array(["A"] * 595 + ["B"] * 5)
    found = cluster_correlation(liquid(species=species), {"a": field}, clusters(X=field > 0))
    assert np.isfinite(found.rho[0, :2]).all()
    assert np.isnan(found.rho[0, 2]).all()


def test_clumps_that_mean_nothing_do_not_look_as_if_they_did():
    """A smooth quantity and types made of a few random clumps: 95 % of the intervals hold 0, however few clumps."""
    snapshot = liquid(1200, seed=3)
    field = vt.local_average(snapshot, np.random.default_rng(0).standard_normal(1200), 1.8)
    edge = float(snapshot.box.lengths[0])
    tree = cKDTree(snapshot.positions, boxsize=edge)
    rng = np.random.default_rng(4)
    types = {}
    for count in (1, 3, 10, 40):
        for k in range(50):
            member = np.zeros(1200, bool)
            for centre in rng.random((count, 3)) * edge:
                member[tree.query(centre, 13)[1]] = True
            types[f"{count}-{k}"] = member
    found = cluster_correlation(snapshot, {"field": field}, clusters(**types))
    share = found.resolved[0, 0].reshape(4, 50).mean(axis=1)
    assert share.mean() < 0.085, share
    assert share.max() <= 0.14, share
    # Resampling single particles would have called far more of them significant.
    naive = np.abs(found.rho[0, 0]) > 1.96 / np.sqrt(1200)
    assert naive.mean() > 0.25


def test_the_interval_covers_what_is_true():
    """Two rough fields with a known correlation."""
    rng, held = np.random.default_rng(6), 0
    truth = spearmanr(*(lambda a, b: (a, a + b > 0))(*rng.standard_normal((2, 400_000))))[0]
    snapshot = liquid(150)
    for _ in range(40):
        a, b = rng.standard_normal((2, 150))
        found = cluster_correlation(snapshot, {"a": a}, clusters(X=a + b > 0))
        held += found.low[0, 0, 0] < truth < found.high[0, 0, 0]
    assert held >= 34


@pytest.mark.parametrize(
    ("fields", "found", "saying"),
    [
        ({"a": np.zeros(600)}, clusters(X=np.ones(599, bool)), r"600 particles in 1 types.*another snapshot"),
        ({"a": np.zeros(10)}, clusters(X=np.ones(600, bool)), "a: expected 600 values"),
    ],
)
def test_what_does_not_fit_is_refused(fields, found, saying):
    with pytest.raises(InputError, match=saying):
        cluster_correlation(liquid(), fields, found)
