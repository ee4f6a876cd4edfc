"""Relevance of inputs: inputs that are known to matter or not, and the chain's own numbers recovered."""

from __future__ import annotations

import json
from dataclasses import fields

import numpy as np
import pytest

import vitreous as vt
from vitreous.errors import InputError
from vitreous.order_parameter import relevance as module
from vitreous.order_parameter.relevance import input_relevance
from vitreous.records import to_json
from vitreous.structure.surroundings import Surroundings


def of(model, snapshot, **options):
    return input_relevance(model, snapshot, **options)["all species"]


@pytest.fixture(scope="module", name="found")
def _found(principal, hard_spheres):
    return of(principal, hard_spheres)


def test_shapes_and_ranges(found):
    assert found.l == tuple(range(1, 9))
    for name in ("explained", "shuffled_agreement", "shuffled_loss", "held_loss", "dropped_agreement"):
        assert getattr(found, name).shape == (8,)
        assert np.isfinite(getattr(found, name)).all()
    assert (found.explained < 1).all()
    assert (found.shuffled_agreement < 1).all()
    assert (found.shuffled_loss > 0).all()
    assert (found.held_loss > 0).all()
    assert found.held_share.sum() == pytest.approx(1)
    assert (found.shuffled_agreement_deviation > 0).all()


def test_the_error_is_that_of_the_chain(found, principal):
    chain = principal.pipelines_["all species"]
    assert found.explained.mean() == pytest.approx(chain.reducer.fve, abs=1e-12)  # each input has variance 1


def test_autoencoders_are_trained_anew_from_several_seeds():
    gas = vt.Configuration(np.random.default_rng(0).random((400, 3)) * 7, (7, 7, 7))
    network = vt.OrderParameter(l=(2, 4, 6), bottleneck=1, members=2).fit(gas)
    chain = network.pipelines_["all species"]
    found = of(network, gas)
    assert found.explained.mean() == pytest.approx(chain.reducer.fve, abs=1e-12)
    assert found.seeds == 2
    assert 0.95 < found.retrained_agreement < 1
    assert 0 < found.retrained_agreement_deviation < 0.05
    assert (found.dropped_agreement_deviation > 0).all()
    assert (found.dropped_agreement < found.retrained_agreement).all()


def test_principal_components_have_closed_forms(found, principal, hard_spheres):
    """The reconstruction of an input held at its mean differs by its value times a column of the projector."""
    chain = principal.pipelines_["all species"]
    projector = chain.reducer.axes.T @ chain.reducer.axes
    q = vt.averaged_bond_order(principal.neighbor_list(hard_spheres))
    z = (q - chain.mean) / chain.deviation
    for k in range(8):
        still = z.copy()
        still[:, k] = 0
        before, after = ((z - values @ projector) for values in (z, still))
        assert found.held_loss[k] == pytest.approx(((after**2).sum() - (before**2).sum()) / z.size, rel=1e-9)
    # A shuffled input differs from what it was by twice its variance, one held at the mean by once.
    np.testing.assert_allclose(found.shuffled_loss, 2 * found.held_loss, rtol=0.1)
    # Nothing is random in training them.
    assert found.seeds == 0
    assert found.retrained_agreement == pytest.approx(1, abs=1e-12)
    assert np.isnan(found.retrained_agreement_deviation)
    assert np.isnan(found.dropped_agreement_deviation).all()


def test_an_input_that_nothing_hangs_on_is_found(hard_spheres, monkeypatch):
    """With one input replaced by noise, the others decide the leading components, and so P_red."""
    real = module.averaged_bond_order

    def with_noise(neighbors, l):
        q = real(neighbors, l)
        q[:, 2] = np.random.default_rng(0).standard_normal(len(q))
        return q

    monkeypatch.setattr(
        "vitreous.order_parameter.neighborhood.surroundings",
        lambda snapshot, l, **rule: Surroundings(with_noise(vt.sann(snapshot), l), np.empty(0), 0.0),
    )
    monkeypatch.setattr(module, "averaged_bond_order", with_noise)
    model = vt.OrderParameter(reducer="pca").fit(hard_spheres)
    found = of(model, hard_spheres)
    others = np.arange(8) != 2
    assert found.shuffled_agreement[2] > found.shuffled_agreement[others].max()
    assert found.dropped_agreement[2] > 0.995
    assert found.dropped_agreement[2] > found.dropped_agreement[others].max()
    assert found.held_share[2] < 0.02
    assert found.explained[2] < 0.02


def test_each_species_has_its_own(hard_spheres):
    model = vt.OrderParameter(reducer="pca", per_species=True).fit(hard_spheres)
    found = input_relevance(model, hard_spheres)
    assert tuple(found) == hard_spheres.species_names
    for name in found:
        fve = model.pipelines_[name].reducer.fve
        assert found[name].explained.mean() == pytest.approx(fve, abs=1e-12)
    assert not np.allclose(found["A"].held_loss, found["B"].held_loss)


def test_only_two_degrees(hard_spheres):
    model = vt.OrderParameter(reducer="pca", l=(4, 6), bottleneck=1).fit(hard_spheres)
    found = of(model, hard_spheres)
    assert found.l == (4, 6)
    assert np.isnan(found.dropped_agreement).all()
    assert np.isfinite(found.held_loss).all()


def test_a_bottleneck_as_wide_as_the_inputs(hard_spheres):
    model = vt.OrderParameter(reducer="pca", l=(4, 5, 6), bottleneck=3).fit(hard_spheres)
    found = of(model, hard_spheres)
    np.testing.assert_allclose(found.explained, 1, atol=1e-12)
    assert np.isfinite(found.dropped_agreement).all()


def test_the_particles_order_does_not_matter_and_seeds_do_little(principal, other, found, hard_spheres):
    order = np.random.default_rng(1).permutation(len(hard_spheres))
    mixed = vt.Configuration(
        hard_spheres.positions[order], hard_spheres.box, species=hard_spheres.species[order]
    )
    again = of(principal, mixed, seed=1)
    for name in ("explained", "held_loss", "dropped_agreement"):
        np.testing.assert_allclose(getattr(again, name), getattr(found, name), rtol=1e-6, atol=1e-9)
    assert not np.array_equal(again.shuffled_loss, found.shuffled_loss)
    np.testing.assert_allclose(again.shuffled_agreement, found.shuffled_agreement, atol=0.01)
    # On a snapshot that the model was not trained on, training anew is a little different.
    assert 0.9 < of(principal, other).retrained_agreement < 1


def test_many_particles_are_sampled(principal, hard_spheres, monkeypatch, found):
    monkeypatch.setattr(module, "MOST_PARTICLES", 1000)
    sampled = of(principal, hard_spheres)
    assert not np.array_equal(sampled.explained, found.explained)
    np.testing.assert_allclose(sampled.explained, found.explained, atol=0.1)


def test_json_knows_every_number(found):
    told = json.loads(json.dumps(to_json(found), allow_nan=False))
    assert set(told) == {field.name for field in fields(found)} | {"held_share"}
    assert told["l"] == list(range(1, 9))
    assert told["held_loss"] == found.held_loss.tolist()
    assert told["dropped_agreement_deviation"] == [None] * 8


def test_what_is_refused(principal, hard_spheres):
    rng = np.random.default_rng(0)
    small = vt.Configuration(rng.random((50, 3)) * 5, (5, 5, 5), diameters=0.5)
    with pytest.raises(InputError, match="50 particles with neighbours are too few"):
        input_relevance(principal, small)
    grid = np.stack(np.meshgrid(*[np.arange(6.0)] * 3), axis=-1).reshape(-1, 3)
    with pytest.raises(InputError, match="perfect crystal"):
        input_relevance(principal, vt.Configuration(grid, (6, 6, 6)))
