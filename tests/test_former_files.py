"""Files that were made before are read, and tell the same; tests/data/former/README.md says how they were made."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import vitreous as vt
from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.propensity import combine

FORMER = Path(__file__).parent / "data" / "former"
MEAN_P_RED = 0.5072910535411275  # as `reveal` printed it then


def test_a_model_of_bond_order():
    model = vt.OrderParameter.load(FORMER / "bond_order.vtm")
    snapshot = vt.read(FORMER / "propensity.gsd", frame=0)
    assert np.nanmean(model.p_red(snapshot)) == pytest.approx(MEAN_P_RED, rel=1e-12)
    assert model.reports_["all species"].training_particles == 150


def test_a_model_with_autoencoders(hard_spheres):
    model = vt.OrderParameter.load(FORMER / "autoencoder.vtm")
    report = model.reports_["all species"]
    assert set(report.fve) >= {model.bottleneck}
    p_red = model.p_red(hard_spheres)
    assert np.mean(p_red > 0.5) == pytest.approx(report.red_weight, abs=0.05)


def test_a_model_of_cages(hard_spheres):
    model = vt.CageOrderParameter.load(FORMER / "cage.vtm")
    assert (model.report_.runs, model.report_.duration) == (16, 1.0)
    assert np.isfinite(model.predict(hard_spheres)).all()


def test_a_campaign_and_its_propensity():
    campaign = Campaign.load(FORMER / "campaign")
    measured = vt.Propensity.load(FORMER / "propensity.gsd")
    assert measured.about["campaign"] == campaign.digest
    again = combine(campaign, FORMER / "campaign", 4)
    np.testing.assert_array_equal(again.mean, measured.mean)
    np.testing.assert_array_equal(again.times, measured.times)
    assert again.wave_number == measured.wave_number


def same_numbers(found, expected):
    """Sums over some thousand particles depend on the processor in the last digits: BLAS adds in its own order."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for name, value in expected.items():
            same_numbers(found[name], value)
    elif isinstance(expected, list):
        for one, other in zip(found, expected, strict=True):
            same_numbers(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-14)
    else:
        assert found == expected


def test_correlations_are_those_of_then():
    """The numbers that `correlate` printed, from the same files."""
    told = json.loads((FORMER / "correlation.json").read_text())
    model = vt.OrderParameter.load(FORMER / "bond_order.vtm")
    measured = vt.Propensity.load(FORMER / "propensity.gsd")
    fields, radius = vt.structural_fields(measured.snapshot, model, former=vt.glass_former("hard-spheres"))
    found = vt.correlate(fields, measured, radius=radius, seed=told["seed"]).as_dict()
    told["tau_1e"] = told.pop("relaxation_time")  # its former name
    for tree in (told, found):
        for one in tree["correlations"]:  # intervals are a little wider than they were then
            del one["low"], one["high"]
    same_numbers(found, {name: told[name] for name in found})
