"""Short runs: their seeds, the slope of the mean squared displacement, and where its plateau is."""

from __future__ import annotations

import numpy as np
import pytest

import vitreous as vt
from cage_oracles import moving, rattling
from marks import needs_lammps
from vitreous.ensemble.short_runs import ShortRunStart, pilot_runs, short_run_seeds, short_runs_by
from vitreous.glassformers import glass_former


@pytest.fixture(scope="module", name="crowd")
def _crowd():
    """400 particles somewhere; engines that are made up move them."""
    return vt.Configuration(np.random.default_rng(0).random((400, 3)) * 7.0, 7.0)


def test_the_seed_of_a_run_depends_on_its_number_only():
    few, many = short_run_seeds(7, range(4)), short_run_seeds(7, range(64))
    assert many[:4] == few
    assert short_run_seeds(7, [3, 1]) == [few[3], few[1]]
    assert len(set(many)) == 64
    assert not set(many) & set(short_run_seeds(8, range(64)))
    assert all(0 <= seed < 2**63 for seed in many)


def power_law(exponents, corners):
    """Everybody along an own direction, so far that ⟨u²⟩ ~ t^p, with another p from corner to corner."""

    def where(time, seed, n):
        square, before = 1e-4, 1.0
        for p, corner in zip(exponents, [*corners, np.inf], strict=True):
            if time > before:
                square *= (min(time, corner) / before) ** p
                before = corner
            elif time < before == 1.0:
                square *= time**p
                break
        directions = np.random.default_rng([seed, 1]).normal(size=(n, 3))
        directions /= np.linalg.norm(directions, axis=1)[:, None]
        directions -= directions.mean(axis=0)
        return np.sqrt(square) * directions

    return where


def plateau_of(crowd, where, duration=None, pilots=10):
    start = ShortRunStart(crowd, None, None, 0.005, moving(where))
    return pilot_runs(start, 0, duration, pilots)


@pytest.mark.parametrize("exponent", [0.7, 1.0, 2.0])
def test_slopes_of_a_power_law(crowd, exponent):
    """Which is that of no plateau, so that it is looked for to the end."""
    runs, end, plateau = plateau_of(crowd, power_law([exponent], []))
    assert end == 100.0
    assert len(runs) == 10
    np.testing.assert_array_equal(plateau.times, [0.5, 1, 2, 5, 10, 20, 50, 100])
    assert np.isnan(plateau.slope[[0, -1]]).all()
    np.testing.assert_allclose(plateau.slope[1:-1], exponent, rtol=1e-9)
    grid = np.linspace(0.25, 0.5, 10)
    square = np.array([(t * grid / 0.5) ** exponent for t in plateau.times]).mean(axis=1)
    ratio = plateau.mean_squared_displacement / square
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-9)


@pytest.mark.parametrize(("least", "expected"), [((1.5, 7.0), 5.0), ((3.0, 14.0), 10.0), ((7.0, 30.0), 20.0)])
def test_the_plateau_is_where_the_mean_square_rises_least(crowd, least, expected):
    runs, end, plateau = plateau_of(crowd, power_law([1.2, 0.1, 0.9], least))
    assert end == expected
    assert plateau.slope[np.flatnonzero(plateau.times == end)[0]] == plateau.least_slope
    # It looked as far as it took to see the slope rise, and gives the runs of the window chosen.
    assert len(plateau.times) == np.flatnonzero(plateau.times == end)[0] + 3
    chosen = plateau.mean_squared_displacement[plateau.times == end][0]
    assert np.mean([run.mean_square for run in runs]) == pytest.approx(chosen, rel=1e-12)


def test_around_a_fixed_duration(crowd):
    runs, end, plateau = plateau_of(crowd, power_law([1.2, 0.1, 0.9], (1.5, 7.0)), duration=4.0)
    assert end == 4.0
    np.testing.assert_array_equal(plateau.times, [0.5, 1, 2, 4, 8])
    chosen = plateau.mean_squared_displacement[3]
    assert np.mean([run.mean_square for run in runs]) == pytest.approx(chosen, rel=1e-12)


@pytest.mark.parametrize(("n", "most", "expected"), [(400, 16, 10), (400, 4, 4), (2000, 16, 2)])
def test_so_many_pilots_that_their_mean_can_be_trusted(crowd, hard_spheres, n, most, expected):
    snapshot = crowd if n == 400 else hard_spheres
    assert len(plateau_of(snapshot, rattling(), 1.0, most)[0]) == expected


@needs_lammps
def test_an_engine_used_again_changes_no_bit():
    model = glass_former("kob-andersen")
    start = ShortRunStart(vt.LammpsMD.liquid(model, 100, 0.6, seed=2).frame(), model, 0.6, 0.005, None)
    seeds = short_run_seeds(0, range(3))
    with short_runs_by(1) as carry_out:
        together = carry_out(start, 0.5, seeds)
        for seed, run in zip(seeds, together, strict=True):
            alone = carry_out(start, 0.5, [seed])[0]
            np.testing.assert_array_equal(alone.moments.squared, run.moments.squared)
            np.testing.assert_array_equal(alone.moments.displacement, run.moments.displacement)
            assert (alone.energy, alone.mean_square) == (run.energy, run.mean_square)
