"""What predicts best, whether correlations fall after their peak, and whether snapshots are independent."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from study.synthetic import TIMES, study_results
from vitreous.configuration import Configuration
from vitreous.study.decline import decline
from vitreous.study.independence import independence
from vitreous.study.predictors import predictors


def with_curves(state, changed):
    """A state with other correlations, by snapshot and curves."""
    snapshots = [
        replace(one, curves={rule: changed(k, curves) for rule, curves in one.curves.items()})
        for k, one in enumerate(state.snapshots)
    ]
    return replace(state, snapshots=tuple(snapshots))


def test_differences_are_paired():
    """A difference that is the same in every snapshot is known exactly, however much the values differ."""
    shift = {
        "p_red": -0.1,
        "p_red_averaged": 0.0,
        "density": 0.05,
        "cage_averaged": 0.2,
        "supervised_averaged": 0.25,
    }
    levels = np.array([0.2, 0.5, 0.3])

    def changed(k, curves):
        rho = np.array([np.full_like(curves.rho[0], levels[k] + shift[name]) for name in curves.fields])
        return replace(curves, rho=rho)

    state = with_curves(study_results(states=1, snapshots=3).states[0], changed)
    found = {(one.field, one.species): one for one in predictors(state)}
    assert len(found) == 5 * 2
    against = {one.field: one.difference.value for one in predictors(state, "supervised_averaged")}
    assert against["cage_averaged"] == pytest.approx(-0.05)
    for (field, _), one in found.items():
        assert one.difference.value == pytest.approx(shift[field])
        assert one.difference.error == pytest.approx(0.0, abs=1e-12)
        assert one.raw.interval == pytest.approx(
            stats.t.interval(0.95, 2, (levels + shift[field]).mean(), stats.sem(levels))
        )
        assert one.ceiling == pytest.approx(math.sqrt(1.6 / 1.8))
        assert one.corrected.value == pytest.approx(one.raw.value / one.ceiling)
        assert one.snapshots == 3


def test_nothing_is_compared_beyond_what_was_followed():
    def shorter(_, curves):
        cut = {name: getattr(curves, name)[..., :20] for name in ("rho", "low", "high", "half")}
        return replace(curves, times=curves.times[:20], **cut)

    assert predictors(with_curves(study_results(states=1, snapshots=2).states[0], shorter)) == ()


def test_a_fall_is_measured_in_the_snapshots_that_go_on():
    results = study_results(states=1, snapshots=3)
    state = results.states[0]
    assert decline(state) is None  # all followed for the same time
    hill = 0.4 - 0.1 * np.linspace(-3.0, 1.0, TIMES) ** 2

    def changed(k, curves):
        values = replace(curves, rho=np.broadcast_to(hill, curves.rho.shape))
        cut = {
            name: getattr(values, name)[..., :-4]
            for name in ("rho", "low", "high", "half", "chance_low", "chance_high")
        }
        return values if k < 2 else replace(values, times=values.times[:-4], **cut)

    found = decline(with_curves(state, changed))
    ceiling = math.sqrt(1.6 / 1.8)
    assert found.snapshots == 2
    assert found.peak == pytest.approx(0.4 / ceiling, abs=1e-6)
    assert found.last == pytest.approx(0.3 / ceiling)
    assert found.difference.value == pytest.approx(-0.1 / ceiling, abs=1e-6)
    assert found.last_time > found.peak_time


def moved(state, distance, seed=0):
    """Snapshots in which every particle is so far from where it was, some across the edge of the box."""
    rng = np.random.default_rng(seed)
    snapshots = []
    positions = state.snapshots[0].revealed.configuration.positions
    for one in state.snapshots:
        before = one.revealed.configuration
        configuration = Configuration(positions, before.box, before.species, before.diameters)
        snapshots.append(replace(one, revealed=replace(one.revealed, configuration=configuration)))
        step = rng.standard_normal(positions.shape)
        length = before.box.lengths[0]
        positions = np.mod(positions + distance * step / np.linalg.norm(step, axis=1)[:, None], length)
    return replace(state, snapshots=tuple(snapshots))


def test_overlap_is_the_share_that_stayed():
    state = study_results(states=1, snapshots=3).states[0]
    assert independence(moved(state, 0.1)).overlap == 1.0
    assert independence(moved(state, 2.0)).overlap == 0.0


def test_independent_snapshots_are_within_the_limit_and_others_are_not():
    rng = np.random.default_rng(1)
    state = replace(study_results(states=1, snapshots=2).states[0], deepest=False)
    inside, found = 0, []
    for _ in range(500):
        one = independence(replace(state, mean_p_red=rng.standard_normal((1, 12))))
        inside += abs(one.correlation - one.expected) < one.limit
        found.append(one.correlation)
    assert np.mean(found) == pytest.approx(one.expected, abs=4.0 * np.std(found) / math.sqrt(500))
    assert 0.93 < inside / 500 < 1.0
    walk = independence(replace(state, mean_p_red=np.cumsum(np.ones((1, 12)), axis=1)))
    assert walk.correlation - walk.expected > walk.limit
    few = independence(replace(state, mean_p_red=rng.standard_normal((1, 3))))
    assert math.isnan(few.correlation)
