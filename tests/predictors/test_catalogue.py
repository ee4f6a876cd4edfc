"""The list of predictors: complete, in groups, with signs that are nobody's result."""

from __future__ import annotations

from itertools import groupby

import pytest

from leagues import SPHERES
from vitreous.glassformers import glass_former
from vitreous.predictors.across import NAMES
from vitreous.predictors.catalogue import GROUPS, KERNELS, PREDICTORS, REFERENCE, predictor
from vitreous.predictors.values import _VALUES, missing_without

# A copy, so that nobody changes a sign after having seen where the data point.
EXPECTED = {
    "density": -1, "coordination": -1, "voronoi_volume": 1, "asphericity": 1, "energy_thermal": 1, "energy_mean": 1,
    "energy_inherent": 1, "packing_imperfection": 1, "tetrahedra_count": -1, "tetrahedral_order": -1,
    "pair_entropy": 1, "p_red": 1, "p_red_learned": 1, "cage_positions": 1, "cage": 1, "log_variance": 1,
    "short_distance": 1, "supervised": 1,
}  # fmt: skip


def test_signs_and_order_are_fixed():
    assert {one.name: one.sign for one in PREDICTORS} == EXPECTED
    assert [one.name for one in PREDICTORS] == list(EXPECTED)


def test_every_predictor_can_be_had_somehow():
    assert {*_VALUES, *NAMES} == set(EXPECTED)


def test_groups_stand_together_in_their_order_with_the_supervised_last():
    assert [name for name, _ in groupby(one.group for one in PREDICTORS)] == list(GROUPS)
    assert list(GROUPS)[-1] == "supervised"
    assert [one.name for one in PREDICTORS if one.group == "supervised"] == ["supervised"]


def test_reference():
    assert REFERENCE[0] in EXPECTED
    assert REFERENCE[1] in KERNELS


def test_each_says_why_and_what_it_needs():
    for one in PREDICTORS:
        assert len(one.reason) > 10
        assert one.label
    needing = {one.name for one in PREDICTORS if one.needs_runs}
    assert needing == {"energy_mean", "p_red_learned", "cage", "log_variance", "short_distance", "supervised"}


def test_an_unknown_name():
    with pytest.raises(KeyError):
        predictor("luck")


def test_what_is_missing_where(monkeypatch):
    energies = {"energy_thermal", "energy_mean", "energy_inherent"}
    cells = {"voronoi_volume", "asphericity", "packing_imperfection"}
    monkeypatch.setattr("vitreous.predictors.values.find_spec", lambda name: object())
    assert set(missing_without(SPHERES)) == energies
    assert not missing_without(glass_former("wahnstrom"))
    monkeypatch.setattr("vitreous.predictors.values.find_spec", lambda name: None)
    assert set(missing_without(SPHERES)) == energies | cells
    found = missing_without(glass_former("kob-andersen"))
    assert set(found) == {"energy_inherent"} | cells
    assert "pip install" in found["energy_inherent"]
