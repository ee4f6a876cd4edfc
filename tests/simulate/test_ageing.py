from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from trajectories import SIDE, WAVE_NUMBER, constant, particles, stage
from vitreous.configuration import Configuration
from vitreous.simulate.ageing import measure_ageing, relaxation_of
from vitreous.simulate.stage import Stage, stage_times

TIMES = stage_times(3.0, 6.0, 1e-3)


def slower_later(factor):
    """Particles that relax in one time unit until the middle of the stage, later in `factor`."""
    return lambda times: constant(times) / np.where(times < 6.0, 1.0, factor)


def test_brownian_particles():
    start = particles(1000)
    found = measure_ageing(stage(TIMES, start.positions, seed=1), start, WAVE_NUMBER)
    for half, waiting_time in ((found.first, 3.0), (found.second, 6.0)):
        assert half.waiting_time == pytest.approx(waiting_time)
        off = np.abs(half.value - np.exp(-half.time)) / half.error
        assert (off < 4.5).all()
        assert np.sqrt(np.mean(off**2)) < 2
        assert half.relaxation.value == pytest.approx(1.0, abs=4 * half.relaxation.error)
        assert half.relaxation.error < 0.05
    np.testing.assert_array_equal(found.first.time, found.second.time)
    assert found.relaxation.value == pytest.approx(1.0, abs=0.05)
    assert abs(found.significance) < 3


@pytest.mark.parametrize("factor", [0.5, 1.3, 2.0])
def test_the_factor_is_measured(factor):
    start = particles(1000)
    found = measure_ageing(stage(TIMES, start.positions, 2, slower_later(factor)), start, WAVE_NUMBER)
    assert found.factor == pytest.approx(factor, rel=0.1)
    assert abs(found.significance) > 3
    assert np.sign(found.significance) == np.sign(np.log(factor))
    assert found.second.relaxation.value / found.first.relaxation.value == pytest.approx(factor, rel=0.15)


def clusters(rng, start, spread):
    """Mobilities that 64 regions of the box share for one relaxation time each, some more than tenfold others."""
    cells = np.floor(start.positions / SIDE * 4).astype(int) @ [16, 4, 1]
    slots = np.floor(0.5 * (TIMES[1:] + TIMES[:-1])).astype(int)
    fields = np.exp(spread * rng.normal(size=(slots.max() + 1, 64)) - spread**2 / 2)
    return fields[slots][:, cells]


def test_false_alarms_where_particles_move_together():
    rng = np.random.default_rng(3)
    found = []
    for seed in range(12):
        start = particles(500, seed)
        together = stage(TIMES, start.positions, seed, mobilities=clusters(rng, start, 0.8))
        found.append(measure_ageing(together, start, WAVE_NUMBER))
    significance = np.array([ageing.significance for ageing in found])
    assert (np.abs(significance) > 3).sum() <= 1
    assert 0.6 < np.sqrt(np.mean(significance**2)) < 1.4
    # Independent particles would scatter by a third of this.
    assert np.std([ageing.log_ratio for ageing in found]) > 0.06


def test_ageing_is_seen_where_particles_move_together():
    rng = np.random.default_rng(4)
    for seed in range(4):
        start = particles(500, seed)
        mobilities = clusters(rng, start, 0.8)
        aged = stage(TIMES, start.positions, seed, slower_later(2.0), mobilities=mobilities)
        assert measure_ageing(aged, start, WAVE_NUMBER).significance > 3


def test_the_relaxation_time_needs_both_halves():
    start = particles(300)
    tau, both = relaxation_of(stage(TIMES, start.positions, 4), WAVE_NUMBER)
    assert tau == pytest.approx(1.0, rel=0.1)
    assert both
    tau, both = relaxation_of(stage(TIMES, start.positions, 4, slower_later(5.0)), WAVE_NUMBER)
    assert not both
    tau, both = relaxation_of(stage(TIMES, start.positions, 4, lambda t: constant(t) / 20), WAVE_NUMBER)
    assert np.isnan(tau)
    assert not both


def test_curves_that_do_not_fall_are_not_compared():
    start = particles(300)
    found = measure_ageing(stage(TIMES, start.positions, 5, lambda t: constant(t) / 100), start, WAVE_NUMBER)
    assert np.isnan([found.log_ratio, found.log_ratio_error, found.significance, found.factor]).all()
    assert "falls only to 0.9" in found.first.relaxation.reason


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_invariances(seed):
    """Neither a drift of the whole system, nor rotation, nor the order of the particles matters."""
    rng = np.random.default_rng(seed)
    start = particles(60, seed)
    original = stage(TIMES, start.positions, seed)
    rotation, order = Rotation.random(random_state=seed).as_matrix(), rng.permutation(60)
    drift = np.cumsum(rng.normal(size=(len(TIMES), 1, 3)), axis=0)
    drift[original.regular[32]] = 0.0  # the frame whose places tell who is close to whom
    moved = replace(original, positions=((original.positions + drift) @ rotation.T)[:, order])
    box = Configuration(start.positions, start.box.vectors @ rotation.T, unwrapped=True)
    one, other = measure_ageing(original, start, WAVE_NUMBER), measure_ageing(moved, box, WAVE_NUMBER)
    np.testing.assert_allclose(other.first.value, one.first.value, atol=1e-9)
    np.testing.assert_allclose(other.second.error, one.second.error, rtol=1e-5)
    assert other.log_ratio == pytest.approx(one.log_ratio, abs=1e-8)
    assert isinstance(moved, Stage)
