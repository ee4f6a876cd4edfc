"""Correlation with the propensity at every δt: against scipy, with known answers, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

import vitreous as vt
from vitreous.correlation.curves import pool
from vitreous.ensemble.result import Propensity
from vitreous.errors import InputError


def made_up(signal, noise=0.5, times=3, halves=True, seed=0, species=None):
    """Propensities `signal` plus noise of each half of the runs."""
    rng = np.random.default_rng(seed)
    n = len(signal)
    snapshot = vt.Configuration(rng.random((n, 3)) * (n / 1.2) ** (1 / 3), (n / 1.2) ** (1 / 3), species, 1.0)
    parts = signal + noise * rng.standard_normal((2, times, n))
    return Propensity(
        snapshot, np.geomspace(1, 100, times), parts.mean(axis=0), parts if halves else None, runs=32
    )


@pytest.fixture(name="field")
def _field():
    return np.random.default_rng(5).standard_normal(400)


@pytest.mark.parametrize(("method", "theirs"), [("spearman", spearmanr), ("pearson", pearsonr)])
def test_values_are_those_of_scipy(field, method, theirs):
    species = np.array(["A", "B"] * 200)
    dynamics = made_up(field, species=species)
    rough = np.round(field + np.random.default_rng(1).standard_normal(400))  # with ties
    found = vt.correlate({"rough": rough, "field": field}, dynamics, method=method)
    assert (found.fields, found.species, found.rho.shape) == (("rough", "field"), ("A", "B"), (2, 2, 3))
    for f, values in enumerate((rough, field)):
        for s, name in enumerate("AB"):
            mine = species == name
            for t in range(3):
                assert found.rho[f, s, t] == pytest.approx(
                    theirs(values[mine], dynamics.mean[t, mine])[0], abs=1e-12
                )
    assert found.half[0, 0] == pytest.approx(
        theirs(dynamics.halves[0, 0, ::2], dynamics.halves[1, 0, ::2])[0], abs=1e-12
    )
    assert found.particles.tolist() == [200, 200]


def test_the_sign_is_kept(field):
    found = vt.correlate({"up": field, "down": -field}, made_up(field))
    assert (found.rho[0] > 0.5).all()
    np.testing.assert_array_equal(found.rho[0], -found.rho[1])
    np.testing.assert_allclose(found.low[0], -found.high[1], atol=0.02)


def test_the_ceiling_is_what_a_perfect_predictor_reaches():
    field = np.random.default_rng(2).standard_normal(40_000)
    dynamics = made_up(field, noise=1.0)
    cut = vt.Configuration(dynamics.snapshot.positions, dynamics.snapshot.box, periodic=(False,) * 3)
    found = vt.correlate(
        {"truth": field}, replace(dynamics, snapshot=cut), method="pearson"
    )  # no interval, saves time
    # Halves: variance 1 of the signal, 1 of noise. All runs: 1 and 1/2.
    np.testing.assert_allclose(found.half, 0.5, atol=0.02)
    np.testing.assert_allclose(found.reliability, 2 / 3, atol=0.02)
    np.testing.assert_allclose(found.rho[0], np.sqrt(2 / 3), atol=0.01)
    np.testing.assert_allclose(found.ceiling, found.rho[0], atol=0.015)
    np.testing.assert_allclose(found.disattenuated[0], 1.0, atol=0.015)


def test_without_halves_there_is_no_ceiling(field):
    found = vt.correlate({"field": field}, made_up(field, halves=False))
    assert np.isnan(found.ceiling).all()
    assert np.isfinite(found.rho).all()


def test_halves_that_disagree_have_no_ceiling(field):
    dynamics = made_up(field)
    opposite = replace(dynamics, halves=np.array([dynamics.mean, -dynamics.mean]))
    assert np.isnan(vt.correlate({"field": field}, opposite).ceiling).all()


def test_the_interval_covers(field):
    """For independent particles translations change nothing: 95 % of intervals hold the true value."""
    truth, held = 1 / np.sqrt(1 + 1.0), 0
    for k in range(60):
        signal = np.random.default_rng(100 + k).standard_normal(500)
        dynamics = made_up(signal, noise=np.sqrt(2.0), times=1, seed=k)
        found = vt.correlate({"signal": signal}, dynamics, method="pearson")
        held += found.low[0, 0, 0] < truth < found.high[0, 0, 0]
    assert 51 <= held <= 60


def test_smooth_fields_that_have_nothing_in_common_are_told_so():
    """Averages of independent numbers over the same spheres: zero is in 95 % of the intervals."""
    n, held = 600, 0
    dynamics = made_up(np.zeros(n), times=1)
    rng = np.random.default_rng(5)
    for _ in range(24):
        x, y = (vt.local_average(dynamics.snapshot, rng.standard_normal(n), 2.0) for _ in range(2))
        found = vt.correlate({"x": x}, replace(dynamics, mean=y[None], halves=None))
        held += found.low[0, 0, 0] < 0.0 < found.high[0, 0, 0]
    assert 20 <= held <= 24  # 23 are due


def test_an_open_box_has_no_interval(field):
    dynamics = made_up(field)
    cut = vt.Configuration(dynamics.snapshot.positions, dynamics.snapshot.box, periodic=(True, True, False))
    found = vt.correlate({"field": field}, replace(dynamics, snapshot=cut))
    assert np.isfinite(found.rho).all()
    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()


def test_smooth_fields_have_wider_intervals(field):
    """Averages over neighbours are fewer independent numbers than particles, and translations know."""
    n = 2000
    rng = np.random.default_rng(3)
    dynamics = made_up(rng.standard_normal(n), times=1)
    smooth, other = (vt.local_average(dynamics.snapshot, rng.standard_normal(n), 2.0) for _ in range(2))
    found = vt.correlate({"smooth": smooth}, replace(dynamics, mean=other[None], halves=None))
    rough = vt.correlate({"rough": rng.standard_normal(n)}, dynamics)
    assert found.high[0, 0, 0] - found.low[0, 0, 0] > 2 * (rough.high[0, 0, 0] - rough.low[0, 0, 0])


def test_random_fields_show_what_averaging_alone_does():
    n = 1500
    rng = np.random.default_rng(3)
    dynamics = made_up(np.zeros(n), times=1)
    smooth = vt.local_average(dynamics.snapshot, rng.standard_normal(n), 2.0)
    rough = vt.correlate({"any": smooth}, dynamics, radius=2.0)
    found = vt.correlate({"any": smooth}, replace(dynamics, mean=smooth[None], halves=None), radius=2.0)
    width = found.chance_high - found.chance_low
    assert width[0, 0] > 3 * (rough.chance_high - rough.chance_low)[0, 0]
    assert width[0, 0] > 4 * 1.96 / np.sqrt(n)
    assert abs((found.chance_high + found.chance_low)[0, 0]) < 0.1
    assert np.isnan(vt.correlate({"any": smooth}, dynamics).chance_low).all()


def test_particles_without_a_value_are_left_out(field):
    holes = field.copy()
    holes[:50] = np.nan
    dynamics = made_up(field)
    found = vt.correlate({"holes": holes}, dynamics)
    assert found.rho[0, 0, 0] == pytest.approx(spearmanr(field[50:], dynamics.mean[0, 50:])[0], abs=1e-12)


def test_what_is_constant_has_no_correlation(field):
    dynamics = made_up(field, times=2)
    mean = dynamics.mean.copy()
    mean[1] = 0.7
    found = vt.correlate({"one": np.ones(400), "field": field}, replace(dynamics, mean=mean), radius=1.5)
    assert np.isnan(found.rho[0]).all()
    assert np.isnan(found.low[0]).all()
    assert np.isfinite(found.rho[1, 0, 0])
    assert np.isnan(found.rho[1, 0, 1])
    json.dumps(found.as_dict(), allow_nan=False)


def test_pooled(field):
    each = [vt.correlate({"field": field}, made_up(field, seed=k)) for k in range(4)]
    found = pool(each)
    rho = np.array([one.rho for one in each])
    np.testing.assert_allclose(found.rho, rho.mean(axis=0))
    np.testing.assert_allclose(found.high - found.rho, rho.std(axis=0, ddof=1) / 2)
    np.testing.assert_allclose(found.half, np.mean([one.half for one in each], axis=0))
    assert found.snapshots == 4
    assert pool(each[:1]) is each[0]
    with pytest.raises(InputError, match="none to pool"):
        pool([])
    with pytest.raises(InputError, match="fields: snapshot 1 has"):
        pool([each[0], vt.correlate({"other": field}, made_up(field))])
    with pytest.raises(InputError, match="times"):
        pool([each[0], vt.correlate({"field": field}, made_up(field, times=2))])


def test_the_nearest_time(field):
    found = vt.correlate({"field": field}, made_up(field, times=3))
    assert [found.at(t) for t in (1.0, 3.1, 3.2, 12.0, 99.0)] == [0, 0, 1, 1, 2]
    for time in (0.5, 200.0, -1.0, np.nan):
        with pytest.raises(InputError, match="time"):
            found.at(time)


def test_bad_input(field):
    dynamics = made_up(field)
    with pytest.raises(InputError, match="method"):
        vt.correlate({"field": field}, dynamics, method="kendall")
    with pytest.raises(InputError, match=r"short: expected 400 values"):
        vt.correlate({"short": field[:10]}, dynamics)
    with pytest.raises(InputError, match="there is none"):
        vt.correlate({}, dynamics)
    holes = np.full(400, np.nan)
    holes[:9] = 1.0
    with pytest.raises(InputError, match="9 particles of species A are too few"):
        vt.correlate({"holes": holes}, dynamics)


def test_structural_fields(hard_spheres):
    fields, radius = vt.structural_fields(hard_spheres, vt.OrderParameter(reducer="pca", random_state=1))
    assert radius == pytest.approx(2.0)
    assert list(fields) == ["p_red", "p_red_averaged", "density", "coordination", "coordination_averaged"]
    assert all(values.shape == (2000,) for values in fields.values())
    np.testing.assert_allclose(
        fields["p_red_averaged"], vt.local_average(hard_spheres, fields["p_red"], radius), atol=1e-12
    )


def test_six_snapshots_of_others(data_folder):
    """Split halves of the propensities of Shiba et al. (data/README.md): 0.74 (A) and 0.77 (B)."""
    half = []
    for k in range(1, 7):
        dynamics = Propensity.load(data_folder / f"ka_T0.44_N4096_{k}.extxyz")
        found = vt.correlate({"height": dynamics.snapshot.positions[:, 2]}, dynamics)
        half.append(found.half[:, 0])
    assert np.mean(half, axis=0) == pytest.approx([0.74, 0.77], abs=0.05)
