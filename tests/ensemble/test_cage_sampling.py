"""Sampling cages: what it depends on and what not, what it finds for known motions, what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

import vitreous as vt
from cage_oracles import moving, rattling
from marks import needs_lammps
from vitreous.ensemble import cage_sampling
from vitreous.ensemble.cage_sampling import sample_cages
from vitreous.ensemble.short_runs import short_run_seeds
from vitreous.errors import InputError
from vitreous.glassformers import composition, glass_former, random_configuration
from vitreous.io.gsd_trajectory import TrajectoryFile

SPHERES, KA = glass_former("hard-spheres"), glass_former("kob-andersen")


@pytest.fixture(scope="module", name="crowd")
def _crowd():
    """400 crowded hard spheres."""
    counts = composition(SPHERES, 400)
    species = np.repeat(list(counts), list(counts.values()))
    md = vt.HardSphereMD.grow(np.where(species == "A", 1.0, 0.85), 0.57, seed=3, species=species)
    md.run(20.0, thermostat="andersen")
    frame = md.configuration
    return vt.Configuration(frame.positions, frame.box, species, frame.diameters)


@pytest.fixture(scope="module", name="kob_andersen")
def _kob_andersen():
    return vt.LammpsMD.liquid(KA, 300, 0.6, seed=2).frame()


@pytest.fixture
def as_asked(monkeypatch):
    """No more runs than asked for, however little they agree."""
    monkeypatch.setattr(cage_sampling, "_AGREEMENT", -2.0)


QUICK = {"runs": 4, "duration": 1.0}


def same(one, other):
    """To the last bit."""
    arrays = ("variance", "mean_positions", "covariance", "half_variances", "distance")
    numbers = (
        "duration",
        "recorded",
        "runs",
        "agreement",
        "liquid",
        "unit",
        "temperature",
        "seed",
        "remarks",
    )
    plateau = ("times", "mean_squared_displacement", "slope")
    return (
        all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)
        and all(getattr(one, name) == getattr(other, name) for name in numbers)
        and all(
            np.array_equal(getattr(one.plateau, name), getattr(other.plateau, name), equal_nan=True)
            for name in plateau
        )
    )


# What it depends on


def test_the_same_seed_gives_the_same_bits(crowd, as_asked):
    first, again, other = (sample_cages(crowd, "hard-spheres", random_state=s, **QUICK) for s in (3, 3, 4))
    assert same(first, again)
    assert not np.array_equal(first.variance, other.variance)
    assert (first.seed, other.seed, first.runs, first.recorded, first.liquid) == (3, 4, 4, 10, "hard-spheres")
    assert (first.temperature, first.unit, first.duration) == (None, 1.0, 1.0)


def test_a_drawn_seed_is_told(crowd, as_asked):
    first, second = (sample_cages(crowd, "hard-spheres", random_state=None, **QUICK) for _ in range(2))
    assert first.seed != second.seed
    assert same(first, sample_cages(crowd, "hard-spheres", random_state=first.seed, **QUICK))


def test_workers_share_the_runs_and_change_no_bit(crowd, as_asked):
    options = {"runs": 12, "duration": 1.0}
    alone, shared = (sample_cages(crowd, "hard-spheres", workers=w, **options) for w in (1, 2))
    assert same(alone, shared)


@pytest.mark.slow
@needs_lammps
def test_workers_change_no_bit_with_forces(kob_andersen, as_asked):
    options = {"temperature": 0.6, "runs": 20, "duration": 1.0}
    alone, shared = (sample_cages(kob_andersen, "kob-andersen", workers=w, **options) for w in (1, 2))
    assert same(alone, shared)


def test_columns_are_not_looked_at(crowd, as_asked):
    rng = np.random.default_rng(0)
    plain = sample_cages(crowd, "hard-spheres", **QUICK)
    propensity = rng.random(400)
    for columns in (
        {"propensity": propensity, "propensity_half1": propensity, "velocity": rng.normal(size=(400, 3))},
        {"propensity": rng.permutation(propensity)},
        {"propensity": np.full(400, np.nan), "p_red": propensity, "mass": 1.0 + propensity},
        {"propensity": rng.random((400, 3)), "label": np.full(400, "x")},
    ):
        found = sample_cages(crowd.with_columns(**columns), "hard-spheres", **QUICK)
        assert same(plain, found)
        assert not found.snapshot.columns


@needs_lammps
def test_columns_are_not_looked_at_with_forces(kob_andersen, as_asked):
    options = {"temperature": 0.6, "runs": 4, "duration": 1.0}
    rng = np.random.default_rng(0)
    plain = sample_cages(kob_andersen, "kob-andersen", **options)
    columns = {"propensity": rng.random(300), "mass": 1.0 + rng.random(300), "velocity": rng.random((300, 3))}
    assert same(plain, sample_cages(kob_andersen.with_columns(**columns), "kob-andersen", **options))


def test_later_frames_of_the_file_are_not_looked_at(crowd, as_asked, tmp_path):
    md = vt.HardSphereMD(crowd, seed=9)
    md.advance(5.0)
    frames = [crowd, md.configuration]
    found = []
    for count in (1, 2):
        file = TrajectoryFile(tmp_path / f"{count}.gsd")
        for frame in frames[:count]:
            file.append(frame)
        found.append(sample_cages(vt.read(file.path, frame=0), "hard-spheres", **QUICK))
    assert same(*found)


def test_the_first_runs_are_the_same_whatever_their_number(crowd, as_asked):
    four, eight = (sample_cages(crowd, "hard-spheres", runs=r, duration=1.0) for r in (4, 8))
    np.testing.assert_array_equal(eight.half_variances[0], four.variance)


def test_a_fixed_duration_changes_no_bit_of_one_that_was_found(crowd, as_asked):
    found = sample_cages(crowd, "hard-spheres", runs=6)
    given = sample_cages(crowd, "hard-spheres", runs=6, duration=found.duration)
    np.testing.assert_array_equal(found.variance, given.variance)
    np.testing.assert_array_equal(found.mean_positions, given.mean_positions)


def test_missing_diameters_are_those_of_the_model(crowd, as_asked):
    bare = vt.Configuration(crowd.positions, crowd.box, crowd.species)
    found = sample_cages(bare, "hard-spheres", **QUICK)
    assert same(found, sample_cages(crowd, "hard-spheres", **QUICK))
    np.testing.assert_array_equal(found.snapshot.diameters, crowd.diameters)


# What it finds


def test_it_is_the_covariance_over_runs_and_times_in_the_second_half(crowd, as_asked):
    """By hand, from the engine itself."""
    runs, end = 6, 0.8
    found = sample_cages(crowd, "hard-spheres", runs=runs, duration=end, random_state=5)
    moved = []
    for seed in short_run_seeds(5, range(runs)):
        md = vt.HardSphereMD(crowd, seed=seed)
        start = md.configuration.unwrapped_positions
        for time in np.linspace(end / 2, end, 10):
            md.advance(time)
            u = md.configuration.unwrapped_positions - start
            moved.append(u - u.mean(axis=0))
    u = np.array(moved)
    mean = u.mean(axis=0)
    np.testing.assert_allclose(found.variance, ((u - mean) ** 2).sum(axis=2).mean(axis=0), rtol=1e-9)
    np.testing.assert_allclose(
        found.covariance, np.einsum("tia,tib->iab", u - mean, u - mean) / len(u), atol=1e-14
    )
    np.testing.assert_allclose(found.mean_positions, crowd.positions + mean, rtol=1e-12)
    for half, part in enumerate((u[:30], u[30:])):
        expected = ((part - part.mean(axis=0)) ** 2).sum(axis=2).mean(axis=0)
        np.testing.assert_allclose(found.half_variances[half], expected, rtol=1e-9)
    last = np.linalg.norm(u[9::10], axis=2).mean(axis=0)
    np.testing.assert_allclose(found.distance, last, rtol=1e-9)
    assert found.snapshot.positions is not None
    assert 0.0 < found.plateau.least_slope < 0.5


def test_runs_that_disagree_are_doubled_and_in_the_end_it_is_told(crowd, monkeypatch):
    told = []
    monkeypatch.setattr(cage_sampling, "_AGREEMENT", 1.5)
    found = sample_cages(crowd, engine=moving(rattling()), runs=6, duration=1.0, progress=told.append)
    assert found.runs == 24
    assert told[1:] == ["6 short runs to 1", "12 short runs to 1", "24 short runs to 1"]
    assert [remark[:40] for remark in found.remarks] == ["the two halves of the 24 short runs agre"]
    monkeypatch.setattr(cage_sampling, "_AGREEMENT", 0.3)
    found = sample_cages(crowd, engine=moving(rattling()), runs=6, duration=1.0)
    assert (found.runs, found.remarks) == (6, ())


def test_a_hundred_particles_have_cages_too():
    species = np.repeat(["A", "B"], [30, 70])
    md = vt.HardSphereMD.grow(np.where(species == "A", 1.0, 0.85), 0.57, seed=1, species=species)
    md.run(20.0, thermostat="andersen")
    found = sample_cages(md.configuration, "hard-spheres", runs=4, duration=2.0)
    assert found.variance.shape == (100,)
    assert np.isfinite(found.log_variance()).all()


def test_agreement_is_that_of_the_averaged_logarithms(crowd, as_asked):
    from scipy.stats import spearmanr

    from vitreous.structure.neighborhood_average import neighborhood_average

    found = sample_cages(crowd, "hard-spheres", **QUICK)
    first, second = (neighborhood_average(crowd, found.log_variance(half)) for half in (0, 1))
    expected = min(spearmanr(first[m], second[m])[0] for m in (crowd.species == "A", crowd.species == "B"))
    assert found.agreement == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("images", [False, True])
def test_positions_are_continued_as_they_are_given(crowd, as_asked, images):
    """Wrapped, unwrapped or with images: middles of cages are next to the particles, the widths are the same."""
    box = crowd.box
    far = np.random.default_rng(0).integers(-3, 4, (400, 3))
    if images:
        other = vt.Configuration(crowd.positions, box, crowd.species, crowd.diameters, images=far)
    else:
        other = vt.Configuration(
            crowd.positions + far @ box.vectors, box, crowd.species, crowd.diameters, unwrapped=True
        )
    plain, found = (
        sample_cages(one, engine=moving(rattling()), runs=4, duration=1.0) for one in (crowd, other)
    )
    np.testing.assert_allclose(found.mean_positions, plain.mean_positions + far @ box.vectors, atol=1e-9)
    np.testing.assert_allclose(found.variance, plain.variance, rtol=1e-9)


# What it refuses


def refused(message, *arguments, **options):
    with pytest.raises(InputError, match=message) as caught:
        sample_cages(*arguments, **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"runs": 5}, "runs: expected an even number, for halves, got 5"),
        ({"runs": 2}, "runs: expected a whole number of at least 4"),
        ({"runs": 0}, "runs: expected a whole number of at least 4"),
        ({"runs": 16.0}, "runs: expected a whole number of at least 4"),
        ({"runs": "many"}, "runs: expected a whole number of at least 4"),
        ({"duration": -1.0}, "duration: must be positive and finite, got -1"),
        ({"duration": 0.0}, "duration: must be positive and finite"),
        ({"duration": np.nan}, "duration: must be positive and finite"),
        ({"duration": np.inf}, "duration: must be positive and finite"),
        ({"random_state": -1}, "random_state: expected a whole number of at least 0"),
        ({"random_state": 1.5}, "random_state: expected a whole number of at least 0"),
        ({"workers": 0}, "workers: expected a whole number of at least 1"),
        ({"temperature": 0.5}, "temperature: hard spheres have none"),
        ({"timestep": -0.1}, "timestep: must be positive and finite"),
        (
            {"liquid": None},
            "liquid: cages are seen by moving the particles, so their interactions must be known",
        ),
        ({"liquid": "argon"}, "liquid 'argon': there is no such model"),
        ({"liquid": "kob-andersen"}, "temperature: a snapshot does not show its temperature; give it"),
        ({"liquid": "kob-andersen", "temperature": 0.0}, "temperature: must be positive and finite"),
    ],
)
def test_options(crowd, options, message):
    refused(message, crowd, **{"liquid": "hard-spheres", **options})


def test_a_crystal(crowd):
    base = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    lattice = (np.array(list(np.ndindex(5, 5, 5)))[:, None] + base).reshape(-1, 3)
    species = np.random.default_rng(0).permutation(np.repeat(["A", "B"], [150, 350]))
    edge = (np.pi / 6 * (150 + 350 * 0.85**3) / 0.5) ** (1 / 3)
    crystal = vt.Configuration(lattice * edge / 5, edge, species)
    refused("positions: 100 % of the particles are crystalline", crystal, "hard-spheres")
    refused(
        "positions: 100 % of the particles are crystalline",
        crystal.with_diameters(1.0),
        engine=moving(rattling()),
    )


def test_overlaps(crowd):
    positions = crowd.positions.copy()
    positions[5] = positions[3] + [0.01, 0, 0]
    overlapping = vt.Configuration(positions, crowd.box, crowd.species)
    refused("positions: particles 3 and 5 overlap", overlapping, "hard-spheres")


def test_an_ideal_gas(crowd):
    gas = vt.Configuration(
        np.random.default_rng(0).random((400, 3)) * crowd.box.lengths,
        crowd.box,
        crowd.species,
        crowd.diameters,
    )
    refused("positions: particles .* overlap", gas, "hard-spheres")
    refused(
        "positions: particles .* overlap", random_configuration(KA, 500, 0), "kob-andersen", temperature=1.0
    )

    def flying(time, seed, n):
        return time * np.random.default_rng(seed).normal(size=(n, 3))

    refused(r"cages: there are none: .* t\^2.00 .* too hot or too dilute", gas, engine=moving(flying), runs=4)


def test_a_liquid_that_is_too_dilute(spheres):
    """At packing fraction 0.45."""
    refused(
        "cages: there are none: the mean squared displacement never", spheres, "hard-spheres", duration=5.0
    )


@needs_lammps
def test_a_liquid_that_is_too_hot():
    hot = vt.LammpsMD.liquid(KA, 100, 2.0, seed=1).frame()
    refused(r"cages: there are none: .* too hot", hot, "kob-andersen", temperature=2.0, runs=4, duration=2.0)


@pytest.mark.parametrize("duration", [0.05, 1e-6])
def test_runs_that_end_before_anybody_meets_the_cage(crowd, duration):
    message = rf"cages: there are none: .* or the duration {duration:g} too short"
    refused(message, crowd, "hard-spheres", runs=4, duration=duration)


@needs_lammps
def test_runs_that_end_within_a_time_step(kob_andersen):
    options = {"temperature": 0.6, "runs": 4}
    refused("or the duration 0.01 too short", kob_andersen, "kob-andersen", duration=0.01, **options)
    refused(
        "cages: no particle has moved by t = 0.002", kob_andersen, "kob-andersen", duration=0.001, **options
    )


def test_nobody_moves(crowd):
    refused("cages: no particle has moved", crowd, engine=moving(lambda time, seed, n: np.zeros((n, 3))))


@needs_lammps
def test_a_wrong_temperature_is_told(kob_andersen, as_asked):
    options = {"runs": 4, "duration": 2.0}
    told = {t: sample_cages(kob_andersen, KA, temperature=t, **options).remarks for t in (0.35, 0.6, 0.95)}
    assert told[0.6] == ()
    for wrong, place in ((0.35, "above"), (0.95, "below")):
        (remark,) = told[wrong]
        assert f"no equilibrium at temperature {wrong}: its potential energy is" in remark
        assert place in remark
        guess = float(remark.partition("more like one at ")[2].split(",")[0])
        assert guess == pytest.approx(0.6, abs=0.12)


def test_without_diameters_nobody_can_be_averaged(crowd):
    bare = vt.Configuration(crowd.positions, crowd.box, crowd.species)

    def never(snapshot, seed):
        pytest.fail("a run was begun")

    refused("diameters: the snapshot has none", bare, engine=never)


def test_the_motion_of_the_centre_of_mass_is_taken_out(crowd, as_asked):
    """Of masses only where somebody's own engine may have them."""

    def drifting(time, seed, n):
        return rattling()(time, seed, n) + np.array([0.1 * time, 0.0, 3.0])

    still, moved = (sample_cages(crowd, engine=moving(where), **QUICK) for where in (rattling(), drifting))
    np.testing.assert_allclose(moved.variance, still.variance, rtol=1e-9)
    np.testing.assert_allclose(moved.mean_positions, still.mean_positions, rtol=1e-9)
    np.testing.assert_allclose((still.mean_positions - crowd.positions).mean(axis=0), 0.0, atol=1e-12)
    mass = np.where(np.arange(400) == 7, 1.0, 1e-12)
    anchored = sample_cages(crowd.with_columns(mass=mass), engine=moving(drifting), **QUICK)
    assert anchored.variance[7] < 1e-18
