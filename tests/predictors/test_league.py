"""The league: one state, the same particles, known answers, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr, t

import vitreous as vt
from cage_oracles import made_up_cages
from leagues import made_up_league, made_up_propensity, smooth, spheres
from vitreous.ensemble.result import Propensity
from vitreous.errors import InputError
from vitreous.glassformers import glass_former
from vitreous.structure.simple_descriptors import local_density

ENERGIES = ["energy_thermal", "energy_mean", "energy_inherent"]


@pytest.fixture(scope="module", name="found")
def _found(input):
    snapshots, propensities, cages = input
    return vt.league(snapshots, propensities, cages=cages, groups=["x", "y", "y"])


def at(found, name, kernel):
    return found.predictors.index(name), found.kernels.index(kernel)


# What it finds


def test_shape_and_order(found):
    assert found.liquid == "hard-spheres"
    assert found.temperature is None
    assert found.kernels == ("bare", "sphere", "exponential")
    assert found.species == ("A", "B")
    assert found.rho.shape == (3, len(found.predictors), 3, 2)
    assert list(found.absent) == ENERGIES
    assert "supervised" in found.predictors
    assert (len(found), found.independent) == (3, 2)
    assert found.particles.tolist() == [[150, 350]] * 3
    assert (found.radius, found.length) == (2.0, 0.8)


def test_a_correlation_is_that_of_scipy_times_the_sign(found, input):
    snapshots, propensities, _ = input
    for k, (one, dynamics) in enumerate(zip(snapshots, propensities, strict=True)):
        density = local_density(one, 2.0)
        fields = {
            "bare": density,
            "sphere": vt.local_average(one, density, radius=2.0),
            "exponential": vt.neighborhood_average(one, density),
        }
        for kernel, field in fields.items():
            for s, name in enumerate("AB"):
                mine = one.species == name
                expected = -spearmanr(field[mine], dynamics.mean[0, mine])[0]
                assert found.rho[(k, *at(found, "density", kernel), s)] == pytest.approx(expected, abs=1e-12)


def test_what_propensities_were_made_of_is_found(found):
    """They go with ln v, averaged."""
    rho = found.rho[(slice(None), *at(found, "log_variance", "exponential"))]
    assert (rho > 0.85).all()
    assert (found.better[at(found, "log_variance", "exponential")] == 3).all()


def test_a_wrong_way_is_told_with_its_sign(input):
    """Mobile where it is dense: the density points the wrong way, and says so."""
    (one, *_), _, (cages, *_) = input
    dense = vt.neighborhood_average(one, local_density(one, 2.0))
    found = vt.league([one], [made_up_propensity(one, 3 * dense)], cages=[cages])
    assert (found.rho[(0, *at(found, "density", "exponential"))] < -0.8).all()
    assert (found.correlation.high[at(found, "density", "exponential")] < 0.0).all()


def test_pairs(found):
    p, a = at(found, "p_red", "sphere")
    np.testing.assert_array_equal(found.differences, found.rho - found.rho[:, p : p + 1, a : a + 1])
    assert (found.differences[:, p, a] == 0.0).all()
    assert (found.better[p, a] == 0).all()
    np.testing.assert_array_equal(found.better, (found.differences > 0).sum(axis=0))


def test_means_go_over_groups_first(found):
    groups = np.array([found.rho[0], found.rho[1:].mean(axis=0)])
    np.testing.assert_allclose(found.correlation.value, groups.mean(axis=0))
    margin = t.ppf(0.975, 1) * groups.std(axis=0, ddof=1) / np.sqrt(2)
    np.testing.assert_allclose(found.correlation.high, groups.mean(axis=0) + margin)
    np.testing.assert_allclose(found.correlation.low, groups.mean(axis=0) - margin)


def test_correction_goes_by_the_ceiling_of_each_snapshot(found, input):
    _, propensities, _ = input
    for k, dynamics in enumerate(propensities):
        for s, name in enumerate("AB"):
            mine = dynamics.snapshot.species == name
            r = spearmanr(*dynamics.halves[:, 0, mine])[0]
            assert found.half[k, s] == pytest.approx(r, abs=1e-12)
            assert found.ceilings[k, s] == pytest.approx(np.sqrt(2 * r / (1 + r)))
    corrected = found.rho / found.ceilings[:, None, None]
    np.testing.assert_allclose(
        found.corrected.value, 0.5 * corrected[0] + 0.25 * (corrected[1] + corrected[2]), atol=1e-12
    )
    ceilings = found.ceilings
    np.testing.assert_allclose(found.ceiling, 0.5 * ceilings[0] + 0.25 * (ceilings[1] + ceilings[2]))


def test_correction_removes_the_noise(input):
    """With runs as noisy as the field itself, a predictor that knows the field is told to be near 1."""
    (one, *_), _, (cages, *_) = input
    known = vt.neighborhood_average(one, np.log(cages.variance))
    found = vt.league([one], [made_up_propensity(one, known / known.std(), 6, noise=1.0)], cages=[cages])
    index = at(found, "log_variance", "exponential")
    assert (found.rho[(0, *index)] < 0.87).all()
    np.testing.assert_allclose(found.corrected.value[index], 1.0, atol=0.06)


def test_one_snapshot_has_intervals_by_translations(input):
    (one, *_), (dynamics, *_), (cages, *_) = input
    found = vt.league([one], [dynamics], cages=[cages], random_state=3)
    curves = vt.correlate({"d": -local_density(one, 2.0)}, dynamics, seed=3)
    p, a = at(found, "density", "bare")
    np.testing.assert_allclose(found.correlation.low[p, a], curves.low[0, :, 0], atol=1e-12)
    np.testing.assert_allclose(found.correlation.high[p, a], curves.high[0, :, 0], atol=1e-12)
    np.testing.assert_array_equal(found.correlation.value, found.rho[0])
    np.testing.assert_array_equal(found.difference.low, found.difference_low[0])
    assert {"cage_positions", "supervised"} < set(found.absent)
    assert not {"cage_positions", "supervised"} & set(found.predictors)


def test_snapshots_of_one_run_have_no_interval(input):
    snapshots, propensities, cages = (part[:2] for part in input)
    found = vt.league(snapshots, propensities, cages=cages, groups=[1, 1])
    assert np.isfinite(found.correlation.value).all()
    assert np.isnan(found.correlation.low).all()
    assert "supervised" in found.absent


def test_nothing_leaks_from_a_run_into_what_is_said_of_it(input, found):
    """The propensities of one group made random: what is said of it stays, with what it correlates does not."""
    snapshots, propensities, cages = input
    random = [made_up_propensity(one, smooth(one, 90 + k), 7) for k, one in enumerate(snapshots[1:])]
    again = vt.league(snapshots, [propensities[0], *random], cages=cages, groups=["x", "y", "y"])
    index = at(found, "supervised", "bare")
    own = (slice(1, None), *index)
    assert (found.rho[own] > 0.3).all()
    assert (np.abs(again.rho[own]) < 0.3).all()
    np.testing.assert_array_equal(
        again.rho[(0, *at(found, "cage", "bare"))], found.rho[(0, *at(found, "cage", "bare"))]
    )
    assert again.rho[(0, *index, 1)] < found.rho[(0, *index, 1)] - 0.2  # it was taught nonsense


def test_the_same_again(input, found):
    snapshots, propensities, cages = input
    again = vt.league(snapshots, propensities, cages=cages, groups=["x", "y", "y"])
    assert again.as_dict() == found.as_dict()


def test_wrapped_and_unwrapped_are_the_same(input):
    (one, *_), (dynamics, *_), (cages, *_) = input
    images = np.random.default_rng(0).integers(-2, 3, one.positions.shape)
    moved = vt.Configuration(
        one.positions + images @ one.box.vectors, one.box, one.species, one.diameters, unwrapped=True
    )
    found = [
        vt.league([where], [replace(dynamics, snapshot=other)], cages=[cages])
        for where, other in ((one, one), (moved, one), (one, moved))
    ]
    for other in found[1:]:
        np.testing.assert_array_equal(other.rho, found[0].rho)


def test_cages_are_sampled_if_there_are_none():
    one, told = spheres(1, 600, 0.57), []
    dynamics = made_up_propensity(one, smooth(one, 1))
    found = vt.league([one], [dynamics], random_state=2, progress=told.append)
    assert [message for message in told if "short runs" in message]
    cages = vt.sample_cages(one, "hard-spheres", random_state=2)
    again = vt.league([one], [dynamics], cages=[cages], random_state=2)
    np.testing.assert_array_equal(found.rho, again.rho)
    assert found.about["cages"] == [
        {"runs": cages.runs, "duration": cages.duration, "agreement": cages.agreement}
    ]


# Which propensity


def known(one, times):
    """Propensities whose F_s falls to 1/e at 10."""
    dynamics = made_up_propensity(one, smooth(one, 3), times=times)
    scattering = np.exp(-np.array(times) / 10.0)[:, None] * np.ones(len(one))
    return replace(dynamics, self_scattering=scattering, about={"model": "hard-spheres", "wave_number": 7.2})


def test_the_time_nearest_to_the_relaxation_time(input):
    (one, *_), _, (cages, *_) = input
    dynamics = known(one, (1.0, 4.0, 11.0, 40.0))
    found = vt.league([one], [dynamics], cages=[cages])
    assert found.times.tolist() == [11.0]
    at_once = replace(
        dynamics, times=np.array([11.0]), mean=dynamics.mean[2:3], halves=dynamics.halves[:, 2:3]
    )
    np.testing.assert_array_equal(found.rho, vt.league([one], [at_once], cages=[cages]).rho)
    np.testing.assert_array_equal(found.half, vt.league([one], [at_once], cages=[cages]).half)


def test_a_time_of_ones_own(input):
    (one, *_), _, (cages, *_) = input
    found = vt.league([one], [known(one, (1.0, 4.0, 11.0, 40.0))], cages=[cages], at=30.0)
    assert found.times.tolist() == [40.0]


# What is refused


@pytest.fixture(name="whole")
def _whole(input):
    snapshots, propensities, cages = (part[:2] for part in input)
    return {"snapshots": snapshots, "propensities": propensities, "cages": cages}


def others(one):
    return vt.Configuration(one.positions + 0.01, one.box, one.species, one.diameters, unwrapped=True)


@pytest.mark.parametrize(
    ("changes", "saying"),
    [
        ({"snapshots": []}, "at least one snapshot"),
        ({"propensities": []}, "propensities: expected one for each of 2"),
        ({"cages": []}, "cages: expected one for each of 2"),
        ({"groups": [1]}, "groups: expected one for each of 2"),
        ({"liquid": "glass"}, "no such model"),
        ({"at": 3.0}, "not recorded at at = 3|not recorded at"),
    ],
)
def test_bad_input(whole, changes, saying):
    arguments = {**whole, **changes}
    with pytest.raises(InputError, match=saying):
        vt.league(arguments.pop("snapshots"), arguments.pop("propensities"), **arguments)


def test_a_snapshot_in_place_of_several(whole):
    with pytest.raises(InputError, match="sequence"):
        vt.league(whole["snapshots"][0], whole["propensities"])


def test_particles_of_others(whole):
    snapshots, propensities, cages = whole.values()
    with pytest.raises(InputError, match="propensity of snapshot 1: it is that of other particles"):
        vt.league(
            snapshots, [propensities[0], replace(propensities[1], snapshot=others(snapshots[1]))], cages=cages
        )
    with pytest.raises(InputError, match="cages of snapshot 0: it is that of other particles"):
        vt.league(snapshots, propensities, cages=[made_up_cages(others(snapshots[0])), cages[1]])
    with pytest.raises(InputError, match="propensity of snapshot 0"):
        vt.league(snapshots, propensities[::-1], cages=cages)
    wrong = replace(cages[0], liquid="wahnstrom")
    with pytest.raises(InputError, match="liquid wahnstrom, not hard-spheres"):
        vt.league(snapshots, propensities, cages=[wrong, cages[1]])


def test_a_liquid_that_nobody_told(whole):
    propensities = [replace(one, about={}) for one in whole["propensities"]]
    with pytest.raises(InputError, match="do not say of which liquid"):
        vt.league(whole["snapshots"], propensities)


def test_cages_tell_the_liquid(whole):
    propensities = [replace(one, about={}) for one in whole["propensities"]]
    assert vt.league(whole["snapshots"], propensities, cages=whole["cages"]).liquid == "hard-spheres"


def test_several_times_without_relaxation(whole):
    (one, *_), _, (cages, *_) = whole.values()
    with pytest.raises(InputError, match="τ_1e of propensity 0 is not known"):
        vt.league([one], [made_up_propensity(one, smooth(one, 1), times=(1.0, 10.0))], cages=[cages])


def test_different_states(whole):
    (one, *_), (dynamics, *_), (cages, *_) = whole.values()
    larger = vt.Configuration(
        one.positions * 1.03, one.box.vectors * 1.03, one.species, one.diameters, unwrapped=True
    )
    dilute = made_up_propensity(larger, smooth(larger, 1))
    with pytest.raises(InputError, match="number 1 has the number density"):
        vt.league([one, larger], [dynamics, dilute], cages=[cages, made_up_cages(larger)])


def test_different_temperatures():
    one = spheres(1)
    propensities = [
        made_up_propensity(one, smooth(one, 1), about={"temperature": heat}) for heat in (0.5, 0.6)
    ]
    with pytest.raises(InputError, match=r"0\.5, 0\.6; a league is of one state"):
        vt.league([one, one], propensities, liquid=glass_former("wahnstrom"))


# What it tells


@pytest.mark.parametrize("halves", [True, False])
def test_there_and_back_again(halves):
    league = made_up_league(groups=[1, 1, 2, 3], without=("energy_inherent",), halves=halves)
    text = json.dumps(league.as_dict(), allow_nan=False)
    back = vt.League.from_dict(json.loads(text))
    assert back.as_dict() == league.as_dict()
    for name in (
        "rho",
        "low",
        "high",
        "difference_low",
        "difference_high",
        "half",
        "particles",
        "times",
        "signs",
    ):
        np.testing.assert_array_equal(getattr(back, name), getattr(league, name))
    assert (back.predictors, back.groups, back.absent) == (league.predictors, league.groups, league.absent)


def test_a_file_of_something_else():
    tree = made_up_league().as_dict()
    with pytest.raises(KeyError):
        vt.League.from_dict({"results": []})
    tree["results"] = tree["results"][:-1]
    with pytest.raises(ValueError):
        vt.League.from_dict(tree)


def test_rows():
    league = made_up_league(groups=[1, 1, 2, 3])
    rows = league.table()
    assert len(rows) == len(league.predictors) * 3 * 2
    assert [row["predictor"] for row in rows[::6]] == list(league.predictors)
    assert [row["kernel"] for row in rows[:6:2]] == list(league.kernels)
    p, a = at(league, "cage", "exponential")
    (row,) = (
        row
        for row in rows
        if (row["predictor"], row["kernel"], row["species"]) == ("cage", "exponential", "B")
    )
    assert row["rho"] == league.correlation.value[p, a, 1]
    assert row["corrected_low"] == league.corrected.low[p, a, 1]
    assert row["difference_high"] == league.difference.high[p, a, 1]
    assert (row["better"], row["snapshots"], row["independent"]) == (league.better[p, a, 1], 4, 3)
    assert row["ceiling"] == league.ceiling[1]


def test_propensities_of_others(input):
    """One time that is not known, no halves, nothing told."""
    (one, *_), _, (cages, *_) = input
    dynamics = Propensity(one, np.array([np.nan]), np.exp(smooth(one, 1))[None])
    found = vt.league([one], [dynamics], liquid="hard-spheres", cages=[cages])
    assert np.isnan(found.times).all()
    assert np.isnan(found.corrected.value).all()
    assert np.isfinite(found.rho).all()
