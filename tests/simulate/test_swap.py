"""Swap moves keep the balance, hurt nobody, and go on where they were.

Detailed balance is held exactly, decision by decision, against energies and overlaps that are computed anew; that a
run samples the same liquid with and without them is measured besides.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from numba import njit

import vitreous as vt
from marks import needs_lammps
from vitreous.errors import InputError
from vitreous.glassformers import glass_former, local_energy
from vitreous.glassformers.diameters import DiameterDistribution
from vitreous.glassformers.sizes import split_by_size
from vitreous.simulate._swap_kernel import _energy, exchange_soft, exchange_spheres
from vitreous.simulate.engines import engine_of
from vitreous.simulate.event_driven import HardSphereMD
from vitreous.simulate.pair_energies import PairEnergies
from vitreous.simulate.swap import Swap, exchange_places
from vitreous.simulate.swapping import PATH, SwapMD, along_paths
from vitreous.structure.neighbors import within


def mixture(n=300, eta=0.45, seed=1, masses=None):
    return HardSphereMD.grow(
        np.repeat([1.0, 0.85], [3 * n // 10, n - 3 * n // 10]), eta, seed=seed, rate=0.1, masses=masses
    )


def polydisperse(n=300, eta=0.5, seed=1):
    return HardSphereMD.grow(
        DiameterDistribution("uniform", polydispersity=0.2).draw(n), eta, seed=seed, rate=0.1
    )


def overlaps(positions, sides, radius):
    """Whether any two overlap, by all pairs."""
    difference = positions[:, None] - positions
    difference -= sides * np.rint(difference / sides)
    distance = np.sqrt((difference**2).sum(axis=-1))
    np.fill_diagonal(distance, np.inf)
    return bool((distance < radius[:, None] + radius).any())


@pytest.mark.parametrize("make", [partial(mixture, eta=0.35), polydisperse], ids=["two sizes", "all sizes"])
def test_spheres_are_exchanged_if_and_only_if_none_overlap(make):
    snapshot = make().frame()
    sides, radius = snapshot.box.lengths, snapshot.diameters / 2
    near = within(snapshot, float(snapshot.diameters.max()))
    rng = np.random.default_rng(0)
    outcomes = []
    for i, j in rng.integers(0, len(snapshot), (600, 2)):
        mine, at = radius.copy(), np.arange(len(snapshot))
        tried, done = exchange_spheres(
            np.array([[i, j]]), np.inf, near.offsets, near.indices, near.distances, mine, at
        )
        exchanged = radius.copy()
        exchanged[[i, j]] = radius[[j, i]]
        allowed = radius[i] != radius[j] and not overlaps(snapshot.positions, sides, exchanged)
        assert (tried, done) == (radius[i] != radius[j], allowed)
        np.testing.assert_array_equal(mine, exchanged if allowed else radius)
        np.testing.assert_array_equal(mine, radius[at])
        outcomes.append(allowed)
    assert 20 < sum(outcomes) < 580


def test_a_round_is_the_sum_of_its_moves():
    """Many moves in a row, each seeing what the ones before it left: nobody overlaps, and everybody is still there."""
    snapshot = polydisperse().frame()
    round_ = exchange_places(snapshot, Swap(attempts=100, largest_difference=0.3), seed=3)
    assert round_.done > 500
    assert sorted(round_.places) == list(range(len(snapshot)))
    moved = snapshot.positions[round_.places]
    assert not overlaps(moved, snapshot.box.lengths, snapshot.diameters / 2)
    again = exchange_places(snapshot, Swap(attempts=100, largest_difference=0.3), seed=3)
    assert np.array_equal(round_.places, again.places)


def test_only_near_diameters_are_exchanged_where_that_is_asked_for():
    engine = polydisperse()
    snapshot, radius = engine.frame(), engine.frame().diameters / 2
    near = within(snapshot, float(snapshot.diameters.max()))
    for i, j in np.random.default_rng(0).integers(0, 300, (300, 2)):
        tried, _ = exchange_spheres(
            np.array([[i, j]]), 0.1, near.offsets, near.indices, near.distances, radius.copy(), np.arange(300)
        )
        assert tried == (i != j and 2 * abs(radius[i] - radius[j]) <= 0.1)
    assert Swap().reach(snapshot.diameters) == pytest.approx(0.1, rel=0.01)
    assert Swap().reach(np.array([1.0, 0.85, 0.85])) == np.inf
    assert Swap(largest_difference=0.3).reach(snapshot.diameters) == 0.3


IPL = """
name = "soft"
density = 1.0
[species.A]
fraction = 1.0
diameters = { distribution = "r^-3", minimum = 0.7246, maximum = 1.6131, levels = 8 }
[interaction]
kind = "inverse-power"
exponent = 18
cutoff = 1.25
nonadditivity = 0.2
"""
TWO_SHAPES = """
name = "two-shapes"
density = 1.0
[species.A]
fraction = 0.5
diameter = 1.0
[species.B]
fraction = 0.5
diameter = 1.3
[interaction]
kind = "yukawa"
kappa = 3.0
cutoff = 2.0
[[interaction.pairs]]
between = ["A", "B"]
kind = "harmonic"
"""


def model_named(name, folder):
    if name in ("soft", "two-shapes"):
        (folder / "model.toml").write_text(IPL if name == "soft" else TWO_SHAPES)
        return vt.liquid(folder / "model.toml")
    return vt.liquid(name)


def lattice_of(model, seed):
    spacing = model.density ** (-1 / 3)
    rng = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(*[np.arange(6.0)] * 3), axis=-1).reshape(-1, 3) * spacing
    species = rng.permutation(np.resize(list(model.species), 216))
    diameters = rng.permutation(model.diameters_of(species)) if model.is_polydisperse else None
    return vt.Configuration(grid + rng.normal(0, 0.05, grid.shape), 6 * spacing, species, diameters)


@pytest.mark.parametrize("name", ["wahnstrom", "kob-andersen", "soft", "two-shapes"])
def test_metropolis_decides_by_the_energy_of_the_whole(name, tmp_path):
    """Each decision turns where a random number is exp(-ΔE/kT), with ΔE from all particles anew."""
    model, temperature = model_named(name, tmp_path), 1.3
    snapshot = lattice_of(model, 4)
    before = local_energy(snapshot, model).sum()
    near = within(snapshot, max(pair.cutoff for _, _, pair in split_by_size(model).pair_potentials))
    table = PairEnergies.of(model, temperature)
    kinds = table.kinds_of(snapshot)
    uphill = 0
    for i, j in np.random.default_rng(5).integers(0, 216, (60, 2)):
        places = np.arange(216)
        places[[i, j]] = j, i
        moved = vt.Configuration(
            snapshot.positions[places], snapshot.box, snapshot.species, snapshot.diameters
        )
        change = local_energy(moved, model).sum() - before
        threshold = np.exp(min(0.0, -change / temperature))
        uphill += 1e-12 < threshold < 1.0
        if threshold < 1e-30:  # never, whatever is drawn
            continue
        for chance, accepted in ((threshold * (1 - 1e-7), True), (min(threshold * (1 + 1e-7), 1.0), False)):
            kind = kinds.copy()
            tried, done = exchange_soft(
                np.array([[i, j]]), np.array([chance]), 1 / temperature, np.inf,
                near.offsets, near.indices, near.distances**2, kind, np.arange(216),
                table.size, table.scale, table.strength, table.shape, table.value, table.slope,
            )  # fmt: skip
            assert tried == (kinds[i] != kinds[j])
            assert done == (tried and (accepted or threshold == 1.0))
            assert np.array_equal(kind, kinds[places] if done else kinds)
    assert uphill > 3


@njit
def energies_of(squares, a, b, scale, strength, shape, value, slope):
    return [_energy(square, a, b, scale, strength, shape, value, slope) for square in squares]


@pytest.mark.parametrize("name", ["wahnstrom", "kob-andersen", "soft", "two-shapes"])
def test_tables_have_the_energies_of_the_formulas(name, tmp_path):
    """Energies of a snapshot by the tables, all pairs one by one, are those of the formulas."""
    model = model_named(name, tmp_path)
    table, split = PairEnergies.of(model, 1.0), split_by_size(model)
    rng = np.random.default_rng(1)
    for a, b, pair in split.pair_potentials:
        i, j = table.kinds.index(a), table.kinds.index(b)
        r = np.concatenate([rng.uniform(0.75 * pair.sigma, 1.1 * pair.cutoff, 100), [pair.cutoff]])
        found = energies_of(r**2, i, j, table.scale, table.strength, table.shape, table.value, table.slope)
        expected = pair.energy_force(r)[0]
        np.testing.assert_allclose(found, expected, rtol=1e-8, atol=3e-9 * abs(pair.epsilon))


@pytest.mark.parametrize("masses", [None, {"A": 2.0, "B": 1.0}])
def test_energy_and_momentum_are_untouched(masses):
    engine = mixture(masses=masses)
    before = engine.frame()
    swap = SwapMD(engine, Swap(interval=0.1, attempts=30))
    swap.advance(2.0)
    after = swap.frame()
    assert swap.done > 20
    for frame in (before, after):
        velocity, mass = frame.columns["velocity"], engine.masses[:, None]
        assert (mass * velocity**2).sum() == pytest.approx(3 * (len(frame) - 1), rel=1e-12)
        np.testing.assert_allclose((mass * velocity).sum(axis=0), 0.0, atol=1e-9)
    assert np.array_equal(before.species, after.species)
    assert np.array_equal(before.diameters, after.diameters)
    assert not overlaps(after.positions, after.box.lengths, after.diameters / 2 * (1 - 1e-12))


def test_paths_go_on_where_particles_jump():
    swap = SwapMD(polydisperse(), Swap(interval=0.1, attempts=30))
    swap.advance(0.95)
    before = swap.frame()
    swap.advance(1.05)  # one round in between
    after = swap.frame()
    farthest = 6.0 * 0.1  # thermal velocities: six standard deviations
    jumped = np.linalg.norm(after.unwrapped_positions - before.unwrapped_positions, axis=1)
    moved = np.linalg.norm(along_paths(after) - along_paths(before), axis=1)
    assert jumped.max() > 2.0
    assert moved.max() < farthest
    assert sorted(after.columns[PATH]) == list(range(300))
    plain = mixture().frame()
    np.testing.assert_array_equal(along_paths(plain), plain.unwrapped_positions)


@pytest.mark.parametrize(
    ("name", "state", "n"),
    [
        ("hard-spheres", 0.45, 200),
        pytest.param("wahnstrom", 1.5, 300, marks=needs_lammps),
        pytest.param("kob-andersen", 2.0, 300, marks=needs_lammps),
    ],
)
def test_it_goes_on_bit_for_bit(name, state, n):
    model, swap = glass_former(name), Swap(interval=0.1, attempts=20)
    first = engine_of(model, n, state, seed=(3,), swap=swap)
    first.advance(0.55)
    first.rebase()
    second = engine_of(model, first.frame(), state, seed=(3,), swap=swap, state=first.state())
    samples = [engine.advance(1.3) for engine in (first, second)]
    assert samples[0] == samples[1]
    frames = [engine.frame() for engine in (first, second)]
    assert np.array_equal(frames[0].unwrapped_positions, frames[1].unwrapped_positions)
    assert np.array_equal(frames[0].columns["velocity"], frames[1].columns["velocity"])
    assert np.array_equal(frames[0].columns[PATH], frames[1].columns[PATH])
    for key, values in first.state().items():
        if key != "lammps_restart":
            assert np.array_equal(values, second.state()[key])
    assert (first.tried, first.done) == (second.tried, second.done)
    assert first.done > 10


def test_the_state_of_another_engine_is_refused():
    engine = mixture()
    with pytest.raises(InputError, match="no swap moves"):
        SwapMD(engine, Swap(), state=engine.state())


@pytest.mark.parametrize("name", ["interval", "attempts", "largest_difference"])
@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_numbers_that_cannot_be_are_refused(name, value):
    with pytest.raises(InputError, match=name.replace("_", " ")):
        Swap(**{name: value})


# The same liquid with and without


def blocks_of(engine, volume, kinds, blocks, duration, energies):
    """(blocks, Q): pressure, energy if there is one, and near pairs of each combination of kinds, per particle."""
    rows = []
    for _ in range(blocks):
        pressure, energy, pairs, frames = 0.0, 0.0, np.zeros(3), 4
        for _ in range(frames):
            sample = engine.advance(engine.time + duration / frames)
            frame = engine.frame()
            near = within(frame, 1.25)
            i = np.repeat(np.arange(len(frame)), near.counts)
            pairs += np.bincount(kinds[i] + kinds[near.indices], minlength=3) / len(frame) / frames
            pressure += sample.pressure / frames
            energy += (sample.energy or 0.0) / frames
        rows.append([pressure, *([energy] if energies else []), *pairs])
    return np.array(rows)


def compare(plain, swapping, kinds, blocks, duration, energies=False):
    measured = []
    for engine in (plain, swapping):
        volume = engine.frame().box.volume
        measured.append(blocks_of(engine, volume, kinds, blocks, duration, energies))
    difference = measured[1].mean(axis=0) - measured[0].mean(axis=0)
    error = np.sqrt(sum(rows.var(axis=0, ddof=1) / blocks for rows in measured))
    print(
        "without",
        measured[0].mean(axis=0),
        "with",
        measured[1].mean(axis=0),
        "difference / error",
        difference / error,
    )
    assert swapping.done > 0.2 * len(kinds)
    assert (np.abs(difference) < 4.0 * error).all()  # of four or five quantities: 3e-4 by chance
    assert (error < 0.03 * np.abs(measured[0].mean(axis=0))).all()


@pytest.mark.parametrize(
    ("eta", "n", "blocks", "duration"),
    [(0.45, 300, 20, 4.0), pytest.param(0.52, 2000, 40, 20.0, marks=pytest.mark.slow)],
)
def test_the_mixture_is_the_same_with_and_without(eta, n, blocks, duration):
    engines = [mixture(n, eta, seed) for seed in (1, 2)]
    for engine in engines:
        engine.run(5 * duration)
    kinds = (engines[0].frame().species == "B").astype(int)
    swapping = SwapMD(HardSphereMD(engines[1].frame(), seed=5), Swap(interval=0.2, attempts=30))
    compare(HardSphereMD(engines[0].frame(), seed=4), swapping, kinds, blocks, duration)


def test_polydisperse_spheres_are_the_same_with_and_without():
    engines = [polydisperse(300, 0.45, seed) for seed in (1, 2)]
    for engine in engines:
        engine.run(30.0)
    kinds = (engines[0].frame().diameters > 1.0).astype(int)
    swapping = SwapMD(HardSphereMD(engines[1].frame(), seed=5), Swap(interval=0.2, attempts=30))
    compare(HardSphereMD(engines[0].frame(), seed=4), swapping, kinds, 20, 4.0)


@needs_lammps
@pytest.mark.parametrize(
    ("name", "temperature", "n", "blocks", "duration"),
    [
        ("wahnstrom", 2.0, 300, 16, 4.0),
        pytest.param("wahnstrom", 1.0, 2000, 30, 10.0, marks=pytest.mark.slow),
        pytest.param("kob-andersen", 2.0, 1000, 30, 10.0, marks=pytest.mark.slow),
    ],
)
def test_mixtures_with_potentials_are_the_same_with_and_without(name, temperature, n, blocks, duration):
    model = glass_former(name)
    plain = engine_of(model, n, temperature, seed=1)
    swapping = engine_of(model, n, temperature, seed=2, swap=Swap(interval=0.25, attempts=50))
    for engine in (plain, swapping):
        engine.advance(2.0 * duration)
    kinds = (plain.frame().species == "B").astype(int)
    compare(plain, swapping, kinds, blocks, duration, energies=True)
