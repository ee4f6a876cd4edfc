from __future__ import annotations

import json

import numpy as np
import pytest

import vitreous as vt
from vitreous.errors import InputError, ModelError
from vitreous.jobs.reveal import reveal


@pytest.fixture(scope="module")
def model(hard_spheres):
    return vt.OrderParameter(reducer="pca").fit(hard_spheres)


def changed(snapshot, **columns):
    return vt.Configuration(
        snapshot.positions,
        snapshot.box,
        species=snapshot.species,
        diameters=snapshot.diameters,
        columns=columns,
    )


def test_a_model_is_trained_here_or_applied(hard_spheres, model):
    here = reveal(hard_spheres, vt.OrderParameter(reducer="pca"))
    applied = reveal(hard_spheres, model)
    assert (here.trained_here, applied.trained_here) == (True, False)
    np.testing.assert_array_equal(here.p_red, applied.p_red)
    np.testing.assert_array_equal(applied.p_red, model.p_red(hard_spheres))
    np.testing.assert_array_equal(
        applied.p_red_averaged, vt.local_average(hard_spheres, applied.p_red, applied.radius)
    )
    assert applied.neighbor_counts.sum() == len(model.neighbor_list(hard_spheres))
    assert list(applied.configuration.columns) == ["p_red", "p_red_averaged"]


def test_the_radius(hard_spheres, model):
    bare = vt.Configuration(hard_spheres.positions, hard_spheres.box)
    found = {
        "two large diameters": reveal(hard_spheres, model).radius,
        "given": reveal(hard_spheres, model, radius=1.5).radius,
        "twice the first peak of g(r), for want of diameters": reveal(bare, model).radius,
    }
    assert list(found.values())[:2] == [2.0, 1.5]
    assert found.popitem()[1] == 2 * vt.radial_distribution(bare).first_peak
    assert reveal(bare, model).radius_origin.startswith("twice the first peak")


@pytest.mark.parametrize("radius", [0.0, -1.0, np.nan, np.inf, 5.6])
def test_a_wrong_radius_is_refused_before_the_training(hard_spheres, radius):
    told = []
    with pytest.raises(InputError, match="radius: "):
        reveal(hard_spheres, vt.OrderParameter(), radius=radius, progress=told.append)
    assert told == []


def test_open_boxes_have_no_half(hard_spheres, model):
    cut = vt.Configuration(
        hard_spheres.positions, hard_spheres.box, diameters=hard_spheres.diameters, periodic=(False,) * 3
    )
    averaged = reveal(cut, model, radius=100.0).p_red_averaged
    np.testing.assert_allclose(averaged, np.nanmean(model.p_red(cut)))


def test_correlations_with_the_propensity_of_the_file(hard_spheres, model):
    propensity = np.random.default_rng(0).random(2000)
    found = reveal(changed(hard_spheres, propensity=propensity), model)
    large = hard_spheres.species == "A"
    told = found.correlations["p_red", "A"]
    assert told.rho == pytest.approx(vt.spearman(found.p_red[large], propensity[large]).rho, abs=1e-14)
    measured = vt.Propensity(hard_spheres, np.ones(1), propensity[None])
    curves = vt.correlate({"p_red": found.p_red}, measured)  # whose interval it is
    np.testing.assert_allclose([told.low, told.high], [curves.low[0, 0, 0], curves.high[0, 0, 0]], atol=1e-12)
    assert set(found.correlations) == {(q, s) for q in ("p_red", "p_red_averaged") for s in "AB"}
    assert reveal(hard_spheres, model).correlations == {}


def test_the_propensity_changes_nothing_else(hard_spheres):
    told = changed(hard_spheres, propensity=np.arange(2000.0))
    for name in ("p_red", "p_red_averaged"):
        with_it, without = (
            getattr(reveal(each, vt.OrderParameter(reducer="pca")), name) for each in (told, hard_spheres)
        )
        np.testing.assert_array_equal(with_it, without)


@pytest.mark.parametrize("propensity", [["high"] * 2000, np.ones((2000, 3)), np.ones(2000, bool)])
def test_a_propensity_that_is_no_number_is_left_alone(hard_spheres, model, propensity):
    assert reveal(changed(hard_spheres, propensity=propensity), model).correlations == {}


def test_species_with_few_known_propensities_are_left_out(hard_spheres, model):
    propensity = np.random.default_rng(0).random(2000)
    propensity[np.flatnonzero(hard_spheres.species == "A")[9:]] = np.nan
    found = reveal(changed(hard_spheres, propensity=propensity), model)
    assert {species for _, species in found.correlations} == {"B"}


def test_the_summary_is_json(hard_spheres, model):
    summary = reveal(changed(hard_spheres, propensity=np.zeros(2000)), model).as_dict()
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    assert summary["model"]["trained_here"] is False
    assert summary["correlations"][0]["rho"] is None


def test_what_is_refused(hard_spheres):
    with pytest.raises(InputError, match="50 particles are too few to learn from"):
        reveal(vt.Configuration(np.random.default_rng(0).random((50, 3)), 1.0), vt.OrderParameter())
    far = vt.Configuration(hard_spheres.positions * 3, hard_spheres.box.vectors * 3)
    with pytest.raises(ModelError, match="length units"):
        reveal(far, vt.OrderParameter(reducer="pca", neighbors=1.4).fit(hard_spheres))


def test_progress_is_told(hard_spheres):
    told = []
    reveal(hard_spheres, vt.OrderParameter(reducer="pca"), progress=told.append)
    assert told == [
        "neighbours and bond order",
        "mixture",
        "order parameter of every particle",
        "local average",
    ]


def test_the_noise_ceiling_is_told_if_both_halves_came(hard_spheres, model):
    rng = np.random.default_rng(0)
    truth = rng.standard_normal(2000)
    halves = truth + rng.standard_normal((2, 2000))
    columns = {
        "propensity": halves.mean(axis=0),
        "propensity_half1": halves[0],
        "propensity_half2": halves[1],
    }
    found = reveal(hard_spheres.with_columns(**columns), model)
    assert set(found.noise_ceilings) == {"A", "B"}
    for ceiling in found.noise_ceilings.values():  # variances: 1 of the signal, 1/2 of noise
        assert ceiling == pytest.approx(np.sqrt(2 / 3), abs=0.04)
    assert found.as_dict()["noise_ceilings"] == found.noise_ceilings
    columns["propensity_half2"] = np.full(2000, np.nan)
    assert reveal(hard_spheres.with_columns(**columns), model).noise_ceilings == {}
    assert reveal(hard_spheres, model).noise_ceilings == {}
