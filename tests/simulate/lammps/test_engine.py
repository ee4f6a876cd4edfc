"""What the LAMMPS engine promises."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import vitreous as vt
from marks import needs_lammps
from simulate.lammps.models import KA, WAHNSTROM, same
from vitreous.errors import InputError
from vitreous.simulate.lammps import LammpsMD

pytestmark = needs_lammps


def test_fresh_velocities_are_maxwellian(case):
    start, model, temperature = case
    velocity = LammpsMD(start, model, temperature, seed=1).frame().columns["velocity"]
    assert np.abs(velocity.sum(axis=0)).max() < 1e-11
    assert (velocity**2).sum() == pytest.approx((3 * len(start) - 3) * temperature, rel=1e-13)
    assert stats.kstest(velocity.ravel() / math.sqrt(temperature), "norm").pvalue > 1e-3


def test_the_first_frame_is_the_start(case):
    start, model, temperature = case
    frame = LammpsMD(start, model, temperature).frame()
    np.testing.assert_allclose(frame.positions, start.positions, rtol=0, atol=1e-13)
    np.testing.assert_array_equal(frame.species, start.species)
    assert dict(zip(frame.species.tolist(), frame.diameters.tolist(), strict=True)) == model.diameter_of
    assert (frame.time, frame.step, frame.unwrapped) == (0.0, 0, True)


def test_particles_keep_their_order_and_cross_the_boundaries(liquids):
    start = liquids[WAHNSTROM.name]
    shuffle = np.random.default_rng(0).permutation(len(start))
    shuffled = vt.Configuration(
        start.positions[shuffle], start.box, species=start.species[shuffle], unwrapped=True
    )
    engine = LammpsMD(shuffled, WAHNSTROM, 2.0, seed=1)
    previous, crossed = engine.frame(), 0
    for k in range(1, 41):
        engine.advance(0.5 * k)
        frame = engine.frame()
        # No particle moves half a box in half a time unit, unless an image were lost.
        assert np.abs(frame.positions - previous.positions).max() < 3.0
        cells = np.floor(frame.positions / start.box.lengths)
        crossed += (cells != np.floor(previous.positions / start.box.lengths)).sum()
        previous = frame
    assert crossed > 100
    np.testing.assert_array_equal(frame.species, shuffled.species)
    # Without net momentum, the mean of the unwrapped positions stays.
    np.testing.assert_allclose(frame.positions.mean(axis=0), shuffled.positions.mean(axis=0), atol=1e-9)


def test_two_particles_through_the_walls():
    start = vt.Configuration([[9.9, 5, 5], [5, 9.95, 0.05]], 10.0, species=["A", "B"])
    engine = LammpsMD(start, WAHNSTROM, 1.0, seed=2)
    velocity = engine.frame().columns["velocity"]
    assert engine.advance(30.0).energy == 0.0  # they never meet
    moved = engine.frame().positions - start.positions
    assert np.abs(moved).max() > 10  # more than a box
    # They fly straight; the thermostat may only change how fast.
    along = (moved * velocity).sum() / np.linalg.norm(moved) / np.linalg.norm(velocity)
    assert along == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("form", ["wrapped", "images", "unwrapped", "moved"])
def test_every_form_of_the_same_start_is_the_same(liquids, form):
    start = liquids[KA.name]
    wrapped, images = start.box.wrap(start.positions)
    images = images + 3
    far = wrapped + images * start.box.lengths
    given = {
        "wrapped": lambda: vt.Configuration(wrapped, start.box, start.species),
        "images": lambda: vt.Configuration(wrapped, start.box, start.species, images=images),
        "unwrapped": lambda: vt.Configuration(far, start.box, start.species, unwrapped=True),
        "moved": lambda: vt.Configuration(
            wrapped - 2.0, vt.Box.of(start.box, origin=(-2, -2, -2)), start.species
        ),
    }[form]()
    engine = LammpsMD(given, KA, 0.6)
    expected = {"wrapped": wrapped, "moved": wrapped - 2.0}.get(form, far)
    np.testing.assert_allclose(engine.frame().positions, expected, rtol=0, atol=1e-13)
    energy = LammpsMD(start, KA, 0.6).advance(0.0).energy
    assert engine.advance(0.0).energy == pytest.approx(energy, rel=1e-12)


def test_the_thermostat_holds_the_temperature(case):
    start, model, temperature = case
    engine = LammpsMD(start, model, 1.3 * temperature, seed=1)
    engine.advance(2.0)
    sample = engine.advance(22.0)
    assert sample.temperature == pytest.approx(1.3 * temperature, rel=0.04)
    velocity = engine.frame().columns["velocity"]
    assert np.abs(velocity.mean(axis=0)).max() < 1e-12
    assert (sample.begin, sample.end) == (2.0, 22.0)


def test_the_same_seed_gives_the_same_run(case):
    start, model, temperature = case
    one, two, other = (LammpsMD(start, model, temperature, seed=seed) for seed in (7, 7, 8))
    assert one.advance(1.0) == two.advance(1.0)
    assert same(one, two)
    other.advance(1.0)
    assert not same(one, other)


def test_the_result_does_not_depend_on_how_the_run_is_cut(case, monkeypatch):
    start, model, temperature = case
    whole, cut, pieces = (LammpsMD(start, model, temperature, seed=2) for _ in range(3))
    expected = whole.advance(6.0)
    for time in (0.005, 0.02, 0.1, 0.33, 1.0, 1.5, 1.505, 3.0, 3.0, 5.99):
        cut.advance(time)
    cut.advance(6.0)
    assert same(whole, cut)
    monkeypatch.setattr("vitreous.simulate.lammps._PIECE", 7 * len(start))
    assert pieces.advance(6.0) == expected
    assert same(whole, pieces)


def test_samples_are_at_fixed_steps(liquids):
    start = liquids[WAHNSTROM.name]
    engine, other = (LammpsMD(start, WAHNSTROM, 0.8) for _ in range(2))
    instants = [other.advance(0.25 * k) for k in range(1, 5)]
    sample = engine.advance(1.0)
    for quantity in ("pressure", "temperature", "energy"):
        mean = sum(getattr(instant, quantity) for instant in instants) / 4
        assert getattr(sample, quantity) == pytest.approx(mean, rel=1e-14)
    # No multiple of 50 steps in between: the last step.
    assert other.advance(1.05).energy == other.advance(1.05).energy


def test_reset_is_as_good_as_new(case):
    start, model, temperature = case
    used = LammpsMD(start, model, temperature, seed=1)
    used.advance(1.0)
    used.rebase()
    elsewhere = used.frame()
    for begin, seed in ((start, 4), (elsewhere, 5)):
        used.reset(begin, seed)
        new = LammpsMD(begin, model, temperature, seed=seed)
        assert (used.time, used.work) == (0.0, 0)
        assert same(used, new)
        assert used.advance(2.0) == new.advance(2.0)
        assert same(used, new)


def test_time_and_work(liquids):
    engine = LammpsMD(liquids[KA.name], KA, 0.6, timestep=0.004)
    assert (engine.work_name, engine.time, engine.work) == ("steps", 0.0, 0)
    engine.advance(0.0999)
    assert (engine.work, engine.time) == (25, 25 * 0.004)
    assert repr(engine) == "LammpsMD(N=150, kob-andersen, T=0.6, time 0.1, 25 steps)"
    with pytest.raises(InputError, match=r"cannot go back from 0\.1 to 0\.05"):
        engine.advance(0.05)
    for time in (math.nan, math.inf):
        with pytest.raises(InputError, match="cannot advance until"):
            engine.advance(time)


def test_nothing_is_printed_and_no_log_is_written(tmp_path, monkeypatch, capfd, liquids):
    monkeypatch.chdir(tmp_path)
    engine = LammpsMD(liquids[KA.name], KA, 0.6)
    engine.advance(0.5)
    engine.rebase()
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []
