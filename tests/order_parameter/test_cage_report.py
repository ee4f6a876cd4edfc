"""What a cage order parameter says of itself: each number by hand, words that fit the numbers, there and back."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

import vitreous as vt
from cage_oracles import made_up_cages
from vitreous.order_parameter.cage import CageOrderParameter
from vitreous.order_parameter.cage_report import CageReport
from vitreous.order_parameter.cage_validation import blocks_of_space
from vitreous.order_parameter.ridge import Ridge
from vitreous.records import RecordError, from_json, to_json
from vitreous.structure.neighborhood_average import neighborhood_average, standardized_within_species

GOOD = CageReport(
    particles={"A": 600, "B": 1400},
    explained={"A": 0.5, "B": 0.62},
    explained_bare={"A": 0.2, "B": 0.31},
    label_agreement=0.8,
    learned_agreement=0.97,
    stability=0.95,
    runs=16,
    duration=5.0,
    snapshots=1,
)


@pytest.fixture(scope="module", name="report")
def _report(liquid, cages):
    return CageOrderParameter().fit(liquid, cages).report_


def learned(liquid, features, label, name, keep=True):
    """What the ridge of a species says of all of it, learned from those to keep."""
    mine = (liquid.species == name) & keep
    ridge = Ridge.fit(features[mine], label[mine] - label[mine].mean(), 0.3)
    return ridge.predict(features[liquid.species == name])


def test_explained_is_of_blocks_that_were_not_learned_from(liquid, cages, report):
    """Eight cubes, with the first random numbers of the seed as their corner."""
    corner = np.random.default_rng(0).random(3)
    x, y, z = (((liquid.positions / 7.3 + corner) % 1.0) >= 0.5).astype(int).T
    block = 4 * x + 2 * y + z
    label = standardized_within_species(liquid, np.log(cages.variance))
    for described, told in ((cages.at_mean_positions, report.explained), (liquid, report.explained_bare)):
        features = vt.cage_descriptors(described)
        for name in "AB":
            mine = liquid.species == name
            predicted = np.empty(mine.sum())
            for b in range(8):
                out = block[mine] == b
                predicted[out] = learned(liquid, features, label, name, block != b)[out]
            left = ((label[mine] - predicted) ** 2).sum()
            assert told[name] == pytest.approx(1.0 - left / (label[mine] ** 2).sum(), abs=1e-9)


def test_agreements_are_of_both_halves_of_the_runs(liquid, cages, report):
    features = vt.cage_descriptors(cages.at_mean_positions)
    fields = []
    for half in cages.half_variances:
        label = standardized_within_species(liquid, np.log(half))
        field = np.empty(len(liquid))
        for name in "AB":
            field[liquid.species == name] = learned(liquid, features, label, name)
        fields.append(neighborhood_average(liquid, field))
    expected = min(spearmanr(*(field[liquid.species == name] for field in fields))[0] for name in "AB")
    assert report.learned_agreement == pytest.approx(expected, abs=1e-9)
    assert report.label_agreement == cages.agreement
    assert (report.runs, report.duration, report.snapshots) == (16, 5.0, 1)
    assert report.particles == {name: (liquid.species == name).sum() for name in "AB"}


def test_noise_explains_nothing_and_is_not_converged(liquid, cages):
    rng = np.random.default_rng(0)
    halves = np.exp(rng.normal(size=(2, len(liquid))))
    noise = replace(cages, variance=halves.mean(axis=0), half_variances=halves, agreement=0.05)
    report = CageOrderParameter().fit(liquid, noise).report_
    assert max(report.explained.values()) < 0.05
    assert report.learned_agreement < 0.5
    assert report.stability < 0.7
    assert not report.converged


def test_a_label_that_structure_determines_is_explained(liquid, cages):
    features = vt.cage_descriptors(cages.at_mean_positions)
    features = (features - features.mean(axis=0)) / features.std(axis=0)
    variance = np.exp(0.1 * features[:, [2, 25, 50]].sum(axis=1))
    told = replace(cages, variance=variance, half_variances=np.array([variance, variance]))
    report = CageOrderParameter().fit(liquid, told).report_
    assert min(report.explained.values()) > 0.7
    assert report.learned_agreement == pytest.approx(1.0, abs=1e-12)
    assert report.stability > 0.8


def test_the_worst_of_several_snapshots(liquid, cages):
    other = made_up_cages(liquid, seed=3)
    other = replace(other, agreement=0.4, runs=8, duration=2.0, remarks=("one", "two"))
    report = CageOrderParameter().fit([liquid] * 2, [replace(cages, remarks=("one",)), other]).report_
    assert (report.label_agreement, report.runs, report.duration, report.snapshots) == (0.4, 8, 5.0, 2)
    assert report.remarks_of_cages == ("one", "two")
    assert report.remarks[-2:] == ("One.", "Two.")


def test_without_diameters_a_given_unit_is_enough(liquid, cages):
    bare = vt.Configuration(liquid.positions, liquid.box, liquid.species)
    report = CageOrderParameter(unit=1.0).fit(bare, replace(cages, snapshot=bare)).report_
    assert np.isfinite([report.learned_agreement, report.stability, *report.explained.values()]).all()


# Words


def said(**changes):
    return " ".join(replace(GOOD, **changes).remarks)


def test_all_is_well():
    first, *others = GOOD.remarks
    assert first == "Both halves of the 16 short runs to 5 tell the same (averaged ln v 0.80, learned 0.97)."
    assert "A 50 %, B 62 %" in others[0]
    assert len(others) == 2
    assert "NOT" not in said()
    assert "no propensity" in others[-1]
    assert GOOD.converged


@pytest.mark.parametrize(
    ("label", "learned", "converged"),
    [
        (0.65, 0.9, True),
        (0.6499, 0.95, False),
        (0.9, 0.8999, False),
        (np.nan, 0.99, False),
        (0.9, np.nan, False),
    ],
)
def test_converged(label, learned, converged):
    report = replace(GOOD, label_agreement=label, learned_agreement=learned)
    assert report.converged == converged
    assert report.remarks[0].startswith("Both halves" if converged else "NOT converged")
    assert ("unknown" in report.remarks[0]) == bool(np.isnan(label + learned))


@pytest.mark.parametrize(("stability", "stable"), [(0.9, True), (0.89, False), (np.nan, False)])
def test_stable(stability, stable):
    assert ("NOT stable" in said(stability=stability)) != stable


def test_nothing_was_learned():
    assert "NOTHING was learned" in said(explained={"A": -0.1, "B": 0.0})
    assert "NOTHING" not in said(explained={"A": -0.1, "B": 0.01})


# There and back


def test_there_and_back(report):
    for one in (report, GOOD, replace(GOOD, remarks_of_cages=("hot", "cold"))):
        text = json.dumps(to_json(one), allow_nan=False)
        assert from_json(CageReport, json.loads(text)) == one
        assert json.loads(text)["converged"] == one.converged
        assert tuple(json.loads(text)["remarks"]) == one.remarks


def test_unknown_numbers_there_and_back():
    unknown = replace(GOOD, stability=np.nan, label_agreement=np.nan, explained={"A": np.nan, "B": 0.1})
    text = json.dumps(to_json(unknown), allow_nan=False)
    back = from_json(CageReport, json.loads(text))
    assert np.isnan([back.stability, back.label_agreement, back.explained["A"]]).all()
    assert to_json(back) == to_json(unknown)


def test_what_is_no_report():
    values = to_json(GOOD)
    for name in ("particles", "explained", "stability", "runs"):
        with pytest.raises(RecordError, match=f"{name}: is missing"):
            from_json(CageReport, {key: value for key, value in values.items() if key != name})


def test_blocks_are_eight_equal_parts(liquid):
    blocks = blocks_of_space(liquid, np.random.default_rng(3))
    counts = np.bincount(blocks)
    assert len(counts) == 8
    assert counts.min() > 0.6 * len(liquid) / 8
    moved = vt.Configuration(
        liquid.positions + np.array([7.3, -14.6, 0.0]), liquid.box, liquid.species, unwrapped=True
    )
    np.testing.assert_array_equal(blocks_of_space(moved, np.random.default_rng(3)), blocks)
