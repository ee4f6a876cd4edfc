"""What hard spheres keep, and what must not matter."""

from __future__ import annotations

import numpy as np
import pytest

from event_driven_oracle import engine_of, packed
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.simulate.event_driven import HardSphereMD
from vitreous.simulate.event_driven import _layout as layout
from vitreous.simulate.event_driven import flight as flight_module
from vitreous.simulate.velocities import maxwell_velocities


@pytest.fixture(scope="module")
def mixture():
    """300 large and heavy, 300 small and light spheres: a liquid's frame."""
    large = np.arange(600) % 2 == 0
    engine = packed(np.where(large, 1.0, 0.8), 0.45, masses=np.where(large, 10.0, 1.0), seed=5)
    return engine.frame()


@pytest.fixture(scope="module")
def equal():
    """400 equal spheres in an elongated box."""
    return packed(np.ones(400), 0.4, shape=(1.0, 1.4, 2.1), seed=3).frame()


def bits(engine):
    """Everything that may be seen, as bytes."""
    now = engine.configuration
    return (
        now.positions.tobytes(),
        now.images.tobytes(),
        now.columns["velocity"].tobytes(),
        now.time,
        engine.collisions,
    )


def with_velocities(frame, velocities, **changes):
    return frame.with_columns(velocity=velocities, **changes)


# What is kept


def test_velocities_become_and_stay_maxwellian(mixture):
    """All energy is in the heavy spheres at first, and all of these are equally fast."""
    heavy = mixture.columns["mass"] == 10.0
    rng = np.random.default_rng(0)
    directions = rng.normal(size=(600, 3))
    velocities = np.where(heavy[:, None], directions / np.linalg.norm(directions, axis=1)[:, None], 0.0)
    velocities[heavy] -= velocities[heavy].mean(axis=0)
    energy = 0.5 * 10.0 * (velocities**2).sum()
    velocities *= np.sqrt(1.5 * 599 / energy)
    engine = HardSphereMD.restore(with_velocities(mixture, velocities))
    engine.run(20.0)
    samples = []
    for _ in range(50):
        engine.run(1.0)
        samples.append(engine.configuration.columns["velocity"])
    v = np.array(samples)
    for chosen, mass in ((heavy, 10.0), (~heavy, 1.0)):
        speeds2 = (mass * v[:, chosen] ** 2).ravel()
        # Standard errors if all 45,000 numbers are independent: 0.7 % and 0.023.
        assert speeds2.mean() == pytest.approx(1.0, abs=0.03)
        assert (speeds2**2).mean() / speeds2.mean() ** 2 == pytest.approx(3.0, abs=0.1)
        assert np.abs(v[:, chosen].mean(axis=(0, 1))).max() < 0.03
    assert engine.temperature == pytest.approx(1.0, rel=1e-12)


def test_momentum_and_center_of_mass_stay(mixture):
    """That the centre of all unwrapped positions stays says that every crossing of a boundary is counted."""
    engine = HardSphereMD.restore(mixture)
    masses = mixture.columns["mass"][:, None]
    center = (masses * engine.configuration.unwrapped_positions).sum(axis=0)
    engine.run(30.0)
    now = engine.configuration
    assert np.abs(now.images).max() > 0
    assert ((now.positions >= 0) & (now.positions < now.box.lengths)).all()
    assert np.abs((masses * now.columns["velocity"]).sum(axis=0)).max() < 1e-11
    np.testing.assert_allclose((masses * now.unwrapped_positions).sum(axis=0), center, rtol=0, atol=1e-8)


def test_time_runs_backwards(equal):
    engine = HardSphereMD.restore(equal)
    engine.run(0.5)
    assert engine.collisions > 3 * 400
    there = engine.configuration
    back = HardSphereMD.restore(with_velocities(there, -there.columns["velocity"]))
    back.run(0.5)
    assert back.collisions == engine.collisions
    now = back.configuration
    np.testing.assert_allclose(now.unwrapped_positions, equal.unwrapped_positions, rtol=0, atol=1e-6)
    np.testing.assert_allclose(-now.columns["velocity"], equal.columns["velocity"], rtol=0, atol=1e-6)


def test_a_dilute_gas_flies_straight():
    engine = packed(np.ones(200), 0.002, seed=9)
    side = engine.configuration.box.lengths.max()
    for _ in range(20):
        before = engine.configuration
        engine.run(0.3 * side)  # many spheres cross a boundary, some more than one
        after = engine.configuration
        free = (before.columns["velocity"] == after.columns["velocity"]).all(axis=1)
        assert free.sum() > 20
        moved = after.unwrapped_positions - before.unwrapped_positions
        np.testing.assert_allclose(
            moved[free], 0.3 * side * before.columns["velocity"][free], rtol=0, atol=1e-9
        )
        assert np.abs(moved).max() <= 0.3 * side * np.sqrt(2 * engine.kinetic_energy)


def test_mean_squared_displacement_of_a_dilute_gas():
    """Ballistic before the first collisions, and by the persistence of velocities much less after them."""
    engine = packed(np.ones(1000), 0.01, seed=9)
    start = engine.configuration.unwrapped_positions
    squared = []
    for time in (0.01, 1.0, 400.0):
        engine.advance(time)
        moved = engine.configuration.unwrapped_positions - start
        squared.append((moved**2).sum(axis=1).mean())
    assert squared[0] == pytest.approx(3 * 0.01**2, rel=0.01)
    assert squared[1] == pytest.approx(3.0, rel=0.1)
    # Enskog: D = 3 / (8 n σ² sqrt(π) g(σ)) for kT = m = σ = 1, here with 1.019 for the first Sonine correction.
    diffusion = 1.019 * 3 / (8 * (0.01 * 6 / np.pi) * np.sqrt(np.pi) * 1.025)
    assert squared[2] == pytest.approx(6 * diffusion * 400, rel=0.15)


# What does not matter


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param((0.0, 0.0, 0.0), id="at zero"),
        pytest.param((-4.7, 0.3, 1e3), id="elsewhere"),
    ],
)
def test_rebase_and_restore_go_on_alike(mixture, origin):
    box = mixture.box
    start = Configuration(
        mixture.positions + np.array(origin),
        type(box)(box.vectors, origin=np.array(origin)),
        diameters=mixture.diameters,
        columns=mixture.columns,
        time=0.0,
    )
    engine = HardSphereMD.restore(start)
    engine.run(3.0)
    engine.rebase()
    again = HardSphereMD.restore(engine.frame(), engine.state())
    assert bits(again) == bits(engine)
    begun = engine.collisions
    while engine.collisions < begun + 100_000:
        engine.run(2.0)
        again.run(2.0)
        assert bits(again) == bits(engine)


def test_rebase_changes_nothing_but_rounding(equal):
    engine, rebased = HardSphereMD.restore(equal), HardSphereMD.restore(equal)
    for _ in range(5):
        engine.run(0.05)
        rebased.run(0.05)
        rebased.rebase()
    assert engine.collisions == rebased.collisions
    np.testing.assert_allclose(
        engine.configuration.positions, rebased.configuration.positions, rtol=0, atol=1e-7
    )


@pytest.mark.parametrize("thermostat", ["andersen", "rescaling"])
def test_thermostats_go_on_alike(mixture, thermostat):
    engine = HardSphereMD.restore(mixture, seed=(4, 2))
    engine.run(3.0, thermostat=thermostat)
    engine.rebase()
    again = HardSphereMD.restore(engine.frame(), engine.state(), seed=(4, 2))
    for each in (engine, again):
        each.run(2.0, thermostat=thermostat, interval=0.5)
        each.run(1.0)
    assert bits(again) == bits(engine)


def test_looking_does_not_disturb(equal):
    watched, alone = HardSphereMD.restore(equal), HardSphereMD.restore(equal)
    alone.advance(8.0)
    for k in range(80):
        watched.advance((k + 1) / 10)
        (
            watched.configuration,
            watched.state(),
            watched.kinetic_energy,
            watched.packing_fraction,
            repr(watched),
        )
    assert bits(watched) == bits(alone)
    assert watched.collisions > 20_000


def test_an_interrupt_does_not_disturb(equal, monkeypatch):
    monkeypatch.setattr(flight_module, "_CHUNK", 1000)
    calls = []

    def interrupt(time, collisions):
        calls.append((time, collisions))
        if len(calls) % 3 == 0:
            raise KeyboardInterrupt

    alone, interrupted = HardSphereMD.restore(equal), HardSphereMD.restore(equal)
    alone.advance(4.0)
    while interrupted.time < 4.0:
        try:
            interrupted.advance(4.0, interrupt)
        except KeyboardInterrupt:
            assert interrupted.time == calls[-1][0]
            assert interrupted.configuration.time == interrupted.time
    assert len(calls) > 10
    assert bits(interrupted) == bits(alone)


def test_the_same_seed_the_same_bits():
    def made(seed):
        engine = HardSphereMD.grow([1.0] * 20 + [0.85] * 30, 0.45, seed=seed)
        engine.run(3.0, thermostat="andersen", interval=0.5)
        return bits(engine)

    assert made(11) == made(11)
    assert made(11) != made(12)
    assert made((11, 3)) == made((11, 3))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_spheres_does_not_matter(mixture, seed):
    """To the last bit: two spheres see each other alike, and no two collisions are simultaneous here."""
    order = np.random.default_rng(seed).permutation(len(mixture))
    shuffled = Configuration(
        mixture.positions[order],
        mixture.box,
        diameters=mixture.diameters[order],
        columns={name: values[order] for name, values in mixture.columns.items()},
    )
    one, other = HardSphereMD.restore(mixture), HardSphereMD.restore(shuffled)
    for _ in range(3):
        one.run(2.0)
        other.run(2.0)
    assert one.collisions == other.collisions > 10_000
    assert np.array_equal(one.configuration.positions[order], other.configuration.positions)
    assert np.array_equal(
        one.configuration.columns["velocity"][order], other.configuration.columns["velocity"]
    )


def test_a_shift_by_whole_boxes_does_not_matter(equal):
    images = np.random.default_rng(1).integers(-3, 4, (len(equal), 3))
    far = Configuration(
        equal.positions,
        equal.box,
        diameters=equal.diameters,
        images=images,
        columns=equal.columns,
    )
    one, other = HardSphereMD.restore(equal), HardSphereMD.restore(far)
    one.run(3.0)
    other.run(3.0)
    assert np.array_equal(one.configuration.positions, other.configuration.positions)
    assert np.array_equal(other.configuration.images - one.configuration.images, images - equal.images)


def test_units_do_not_matter(equal):
    """Lengths in eighths, masses in quarters: velocities are halves, times 16ths, P / kT in 512ths."""
    scaled = engine_of(
        equal.positions * 8, equal.columns["velocity"] / 2, equal.box.lengths * 8, equal.diameters * 8, 4.0
    )
    one = HardSphereMD.restore(equal)
    sample, scaled_sample = one.run(0.5), scaled.run(8.0)
    assert one.collisions == scaled.collisions > 1000
    np.testing.assert_allclose(
        one.configuration.positions, scaled.configuration.positions / 8, rtol=0, atol=1e-6
    )
    assert scaled_sample.pressure == pytest.approx(sample.pressure / 512, rel=1e-6)
    assert scaled_sample.temperature == pytest.approx(sample.temperature, rel=1e-12)


def test_rows_become_longer_when_they_overflow(equal, monkeypatch):
    """In the middle of a run, and without a trace in the trajectory."""
    monkeypatch.setattr(flight_module, "_NEIGHBORS", 12.0)
    wide = HardSphereMD.restore(equal)
    wide.run(10.0)
    assert wide._flight.places == 2 * layout.LANES
    monkeypatch.setattr(flight_module, "_FIRST_ROW", layout.LANES)
    narrow = HardSphereMD.restore(equal)
    assert narrow._flight.places == layout.LANES
    narrow.run(10.0)
    assert narrow._flight.places == 2 * layout.LANES
    assert bits(narrow) == bits(wide)


def test_a_very_polydisperse_mixture():
    """A hundred small neighbours around the large spheres."""
    engine = packed([4.0] * 4 + [0.8] * 800, 0.35, seed=2)
    assert engine._flight.places > 32
    energy = engine.kinetic_energy
    engine.run(3.0)
    assert engine.collisions > 10_000
    assert engine.kinetic_energy == pytest.approx(energy, rel=1e-12)
    engine.rebase()
    engine._flight.check_overlaps()


@pytest.mark.parametrize("faster", [1e-3, 0.1, 10.0])
@pytest.mark.parametrize("bins", [16, 2048])
def test_the_calendar_does_not_matter(equal, monkeypatch, faster, bins):
    """Long slices overflow their buckets, short ones the calendar's end; the events are the same."""
    from vitreous.simulate.event_driven._calendar_kernel import fill

    plain = HardSphereMD.restore(equal)
    plain.run(3.0)
    monkeypatch.setattr(layout, "calendar_bins", lambda n: bins)
    engine = HardSphereMD.restore(equal)
    engine._flight.slices *= faster
    fill(engine._flight.system, 0.0, engine._flight.slices)
    engine.run(3.0)
    assert bits(engine) == bits(plain)


# Thermostats


@pytest.mark.parametrize("thermostat", ["andersen", "rescaling"])
def test_thermostats_hold_temperature_and_momentum(mixture, thermostat):
    hot = HardSphereMD.restore(with_velocities(mixture, 3.0 * mixture.columns["velocity"]), seed=1)
    assert hot.temperature == pytest.approx(9.0, rel=1e-9)
    hot.run(30.0, thermostat=thermostat, interval=0.25)
    temperatures = []
    for _ in range(40):
        hot.run(1.0, thermostat=thermostat, interval=0.25)
        temperatures.append(hot.temperature)
        velocities = hot.configuration.columns["velocity"]
        assert np.abs((mixture.columns["mass"][:, None] * velocities).sum(axis=0)).max() < 1e-10
    if thermostat == "rescaling":
        np.testing.assert_allclose(temperatures, 1.0, rtol=1e-12)
    else:  # fluctuates by sqrt(2 / 1797) = 0.033, remembered for some twenty intervals
        assert np.mean(temperatures) == pytest.approx(1.0, abs=0.05)
        assert 0.01 < np.std(temperatures) < 0.06


def test_a_thermostat_measures_the_pressure_of_all_intervals(equal):
    whole, parts = HardSphereMD.restore(equal), HardSphereMD.restore(equal)
    sample = parts.run(4.0, thermostat="rescaling", interval=0.5)
    assert (sample.begin, sample.end) == (0.0, 4.0)
    assert sample.pressure == parts.pressure
    assert sample.pressure == pytest.approx(whole.run(4.0).pressure, rel=0.05)


# Numbers told


def test_samples_and_counters(equal):
    engine = HardSphereMD.restore(equal)
    assert np.isnan(engine.pressure)
    first = engine.run(1.0)
    assert (first.begin, first.end, first.energy) == (0.0, 1.0, None)
    assert first.pressure == engine.pressure
    at_once = engine.run(0.0)
    assert (at_once.begin, at_once.end) == (1.0, 1.0)
    assert engine.work == engine.collisions > 1000
    assert engine.work_name == "collisions"
    assert engine.packing_fraction == pytest.approx(0.4, rel=1e-12)
    assert "N=400" in repr(engine)
    engine.restart(4)
    assert (engine.time, engine.collisions) == (0.0, 0)
    assert engine.temperature == pytest.approx(1.0, rel=1e-12)


def test_the_pressure_of_two_intervals_is_their_mean(equal):
    halves, whole = HardSphereMD.restore(equal), HardSphereMD.restore(equal)
    pressures = [halves.run(2.0).pressure, halves.run(2.0).pressure]
    assert whole.run(4.0).pressure == pytest.approx(np.mean(pressures), rel=1e-12)


def test_progress_is_told(equal, monkeypatch):
    monkeypatch.setattr(flight_module, "_CHUNK", 1000)
    told = []
    HardSphereMD.restore(equal).run(2.0, progress=lambda time, work: told.append((time, work)))
    assert len(told) > 5
    assert told == sorted(told)


def test_a_start_without_velocities_is_maxwellian(equal):
    start = Configuration(equal.positions, equal.box, diameters=equal.diameters)
    engine = HardSphereMD(start, seed=3)
    assert np.array_equal(engine.configuration.columns["velocity"], maxwell_velocities(np.ones(400), 3))
    assert engine.temperature == pytest.approx(1.0, rel=1e-13)
    assert "mass" not in engine.configuration.columns
    assert np.array_equal(engine.configuration.unwrapped_positions, equal.positions)


def test_masses_by_species(mixture):
    species = np.where(mixture.columns["mass"] == 10.0, "L", "S")
    start = Configuration(mixture.positions, mixture.box, species, mixture.diameters)
    engine = HardSphereMD(start, masses={"S": 1.0, "L": 10.0})
    assert np.array_equal(engine.configuration.columns["mass"], mixture.columns["mass"])
    with pytest.raises(InputError, match="masses: expected one for each species, L, S; got L"):
        HardSphereMD(start, masses={"L": 2.0})
